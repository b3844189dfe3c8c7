"""Heavy libraries are imported without the garbage collector, which comes back whatever happens."""

import gc
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from resmem_gui.heavy_imports import import_aside


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_no_garbage_is_collected_meanwhile(folder: Path) -> None:
    (folder / "heavy_one.py").write_text("import gc\ncollects = gc.isenabled()\n", encoding="utf-8")
    import_aside("heavy_one")
    assert sys.modules["heavy_one"].collects is False
    assert gc.isenabled()


def test_a_broken_library_leaves_the_collector_as_it_was(folder: Path) -> None:
    (folder / "heavy_broken.py").write_text("raise ImportError('no such part')\n", encoding="utf-8")
    with pytest.raises(ImportError, match="no such part"):
        import_aside("heavy_broken")
    assert gc.isenabled()


def test_a_collector_that_somebody_switched_off_stays_off(folder: Path) -> None:
    (folder / "heavy_two.py").touch()
    gc.disable()
    try:
        import_aside("heavy_two")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_of_two_imports_the_last_one_ends_it(folder: Path) -> None:
    (folder / "heavy_slow.py").write_text(
        "import gc, time\ntime.sleep(0.3)\ncollects = gc.isenabled()\n", encoding="utf-8"
    )
    (folder / "heavy_quick.py").touch()
    slow = threading.Thread(target=import_aside, args=("heavy_slow",))
    slow.start()
    import_aside("heavy_quick")
    slow.join()
    assert sys.modules["heavy_slow"].collects is False
    assert gc.isenabled()


_OPEN = """
import sys
import resmem_gui.ui.window.main_window
print("pyqtgraph" in sys.modules, "torch" in sys.modules)
"""


def test_a_window_needs_no_heavy_library_to_open() -> None:
    command = [sys.executable, "-c", _OPEN]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["False", "False"]
