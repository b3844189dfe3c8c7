"""The window is closed while others are open and at work."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QApplication,
)

from resmem_gui.ui.conditions.lists_dialog import ListsDialog
from resmem_gui.ui.distribution.window import DistributionWindow
from resmem_gui.ui.evaluation.evaluation_window import EvaluationWindow
from resmem_gui.ui.evaluation.truth_dialog import TruthDialog
from resmem_gui.ui.help.help_window import HelpWindow
from resmem_gui.ui.network_view.network_window import NetworkWindow
from resmem_gui.ui.references.references_dialog import ReferencesDialog
from resmem_gui.ui.report.report_dialog import ReportDialog
from resmem_gui.ui.sensitivity.dialog import SensitivityDialog
from tests.ui.measure_commands.desk import Desk, MakePictures, measure, write_truth

# The offscreen platform says of every menu that it can neither raise it nor give it all keys.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

DIALOGS = (
    DistributionWindow,
    NetworkWindow,
    ReferencesDialog,
    SensitivityDialog,
    TruthDialog,
    EvaluationWindow,
    ListsDialog,
    ReportDialog,
    HelpWindow,
)


@pytest.mark.parametrize(
    "name",
    ["distribution", "network_view", "sensitivity", "evaluate", "lists", "report", "references", "reading"],
)
def test_closing_the_window_closes_what_is_open_and_at_work(
    desk: Desk, make_pictures: MakePictures, tmp_path: Path, name: str
) -> None:
    ids = desk.add(*make_pictures(6))
    desk.select(ids[0])
    desk.do(name)
    dialog = next(desk.opened(kind) for kind in DIALOGS if desk.find(kind) is not None)
    if isinstance(dialog, ReportDialog):
        dialog.save_to(str(tmp_path / "report.pdf"))
    elif isinstance(dialog, SensitivityDialog):
        dialog.accept()
    elif isinstance(dialog, TruthDialog):
        truth = write_truth(tmp_path / "truth.csv", [f"picture{n}.png" for n in range(6)], [0.5] * 6)
        dialog.open_table(str(truth))
    desk.window.close_without_asking()
    assert not any(widget.isVisible() for widget in QApplication.topLevelWidgets())


def test_closing_while_many_are_open(desk: Desk, evaluation: EvaluationWindow, tmp_path: Path) -> None:
    for name in ("distribution", "network_view", "lists", "report", "references", "reading", "sensitivity"):
        desk.do(name)
    measure(desk, desk.rows())
    desk.opened(ReportDialog).save_to(str(tmp_path / "report.html"))
    desk.window.close_without_asking()
    desk.scorer.gate.set()
    assert not any(widget.isVisible() for widget in QApplication.topLevelWidgets())
    assert evaluation is not None
