import subprocess
import sys
from pathlib import Path

import pytest

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
