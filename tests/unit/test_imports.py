"""Heavy libraries are loaded only where they are needed, so that the program starts at once."""

import json
import os
import subprocess
import sys

import pytest


def loaded_by(module: str) -> set[str]:
    """Return the names of the top-level modules that importing one loads, in a Python of its own."""
    script = (
        f"import {module}, json, sys; print(json.dumps(sorted({{n.partition('.')[0] for n in sys.modules}})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("module", "needless"),
    [
        ("resmem_gui.cli", {"torch", "torchvision", "resmem", "PySide6", "pyqtgraph"}),
        ("resmem_gui.terminal", {"torch", "torchvision", "resmem", "PySide6", "pyqtgraph"}),
        ("resmem_gui.scoring.resmem", {"torch", "torchvision", "resmem", "PySide6"}),
        ("resmem_gui.ui.application", {"torch", "torchvision", "resmem"}),
    ],
)
def test_importing_is_light(module: str, needless: set[str]) -> None:
    loaded = loaded_by(module)
    assert "resmem_gui" in loaded
    assert not loaded & needless
