"""What tests of the evaluation's windows share."""

from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resmem_gui.library.records import Provenance
from resmem_gui.ui.evaluation.truth_dialog import TruthDialog
from tests.ui.conftest import WAIT_MS

MADE_BY: Final = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")
PREDICTED: Final = (0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80, 0.85, 0.60, 0.72)
PEOPLE: Final = (0.45, 0.60, 0.58, 0.70, 0.66, 0.80, 0.85, 0.88, 0.95, 0.30)


def shown(kind: type[Any]) -> Any:
    found = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, kind)]
    return next((widget for widget in found if widget.isVisible()), None)


def offer(qtbot: QtBot, dialog: TruthDialog, path: Path) -> None:
    dialog.open_table(str(path))
    qtbot.waitUntil(dialog.compare_button.isEnabled, timeout=WAIT_MS)


def cells(table: Any) -> list[list[str]]:
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]
