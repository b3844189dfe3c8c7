"""What the window's start does not import: nobody has opened these windows yet."""

import os
import subprocess
import sys

_LATER = (
    "resmem_gui.ui.distribution",
    "resmem_gui.ui.evaluation",
    "resmem_gui.ui.conditions",
    "resmem_gui.ui.report",
    "resmem_gui.ui.network_view.network_window",
    "resmem_gui.export.evaluation",
    "resmem_gui.export.report",
    "resmem_gui.analysis.evaluation",
    "resmem_gui.analysis.conditions",
)


def test_windows_are_imported_when_they_are_first_opened() -> None:
    code = "import sys, resmem_gui.ui.window.main_window; print(*sys.modules)"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    ).stdout.split()
    assert "resmem_gui.ui.window.measure_windows" in loaded
    assert [name for name in loaded if name.startswith(_LATER)] == []
