import os
import subprocess
import sys
from pathlib import Path

import pytest

from resmem_gui.scoring.load_order import set_up_threads

_SCRIPT = """
import sys
sys.path.insert(0, sys.argv[2])
from resmem_gui.scoring.load_order import import_torch_before_qt
sys.platform = sys.argv[1]
import_torch_before_qt()
print("torch" in sys.modules, "PySide6" in sys.modules)
"""


@pytest.mark.parametrize(
    ("platform", "expected"), [("win32", "True False"), ("darwin", "False False"), ("linux", "False False")]
)
def test_torch_comes_before_qt_on_windows_only(platform: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "torch.py").touch()  # the real one does not load under another platform's name
    command = [sys.executable, "-c", _SCRIPT, platform, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.strip() == expected, done.stderr


@pytest.mark.parametrize(
    ("already_set", "spins"),
    [({}, "1000"), ({"GOMP_SPINCOUNT": "7"}, "7"), ({"OMP_WAIT_POLICY": "ACTIVE"}, None)],
)
def test_torchs_threads_share_the_cores_unless_the_user_decided(
    already_set: dict[str, str], spins: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in already_set.items():
        monkeypatch.setenv(name, value)
    set_up_threads()
    assert os.environ.get("GOMP_SPINCOUNT") == spins
    monkeypatch.delenv("GOMP_SPINCOUNT", raising=False)


_LOAD = """
import gc, sys, threading, time
from resmem_gui.scoring.load_order import load_torch
gaps, done, last = [], False, time.perf_counter()
def tick():
    global last
    while not done:
        now = time.perf_counter()
        gaps.append(now - last)
        last = now
        time.sleep(0.002)
thread = threading.Thread(target=tick)
thread.start()
load_torch()
done = True
thread.join()
load_torch()
print("torch" in sys.modules, gc.isenabled(), gc.get_freeze_count() > 100_000, len(gaps) > 20)
"""


def test_torch_is_loaded_while_other_threads_go_on() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOAD], capture_output=True, text=True, check=False, timeout=100
    )
    assert done.stdout.strip() == "True True True True", done.stderr


_WITHOUT_LIBRARIES = """
import ctypes, sys
from resmem_gui.scoring import load_order
load_order._LIBRARIES = (("libnothere.so", 2),)
load_order._load_libraries()
print("torch" in sys.modules)
"""


def test_another_build_of_torch_is_no_reason_to_fail() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_LIBRARIES], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout.strip() == "False", done.stderr
