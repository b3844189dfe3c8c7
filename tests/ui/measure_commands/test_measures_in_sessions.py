"""What sessions keep of references and sensitivities, and what open windows make of another library."""

from pathlib import Path

import pytest

from resmem_gui.scoring.framings import TEN_CROP
from resmem_gui.ui.conditions.lists_dialog import ListsDialog
from resmem_gui.ui.evaluation.evaluation_window import EvaluationWindow
from resmem_gui.ui.report.report_dialog import ReportDialog
from resmem_gui.ui.sensitivity.dialog import SensitivityDialog
from tests.ui.conftest import WAIT_MS
from tests.ui.measure_commands.desk import Desk, MakePictures, choose, click_worst

# The offscreen platform says of every menu that it can neither raise it nor give it all keys.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_a_session_keeps_references_and_sensitivities(
    desk: Desk, make_pictures: MakePictures, tmp_path: Path
) -> None:
    ids = desk.add(*make_pictures(4))
    desk.select(ids[0])
    choose(desk, "Library", "MemCat food")
    choose(desk, "Selection (1 Image)", "MemCat sports")
    desk.controller.runs.measure_sensitivity(ids[:2], TEN_CROP)
    desk.settle()
    library = desk.controller.library
    before = {library.paths[i]: library.sensitivity(i) for i in ids}
    sessions = desk.window._sessions
    sessions.save(tmp_path / "kept.resmem")
    desk.wait_for_jobs()
    desk.do("undo")
    desk.do("undo")
    assert desk.controller.model.reference.name == "LaMem"
    for _ in range(2):  # also over itself
        with desk.qtbot.waitSignal(sessions.opened, timeout=WAIT_MS):
            sessions.open(tmp_path / "kept.resmem")
        desk.settle()
        assert desk.controller.model.reference.name == "MemCat food"
        assert "MemCat food" in desk.window.histogram.summary()
        after = {library.paths[i]: library.sensitivity(i) for i in desk.rows()}
        assert after == before
        (chosen,) = [i for i in desk.rows() if desk.controller.model.reference_of(i).id == "memcat-sports"]
        assert desk.window.selected_ids() == [chosen]
        desk.wait(lambda: "MemCat sports" in desk.labels())
        assert "over ten crops" in desk.section().spread.text()


def test_windows_that_stay_open_know_nothing_of_another_library(
    desk: Desk, evaluation: EvaluationWindow, make_pictures: MakePictures, tmp_path: Path
) -> None:
    """What was there before a session was opened is gone: none of its images is shown or measured."""
    desk.do("lists")
    desk.do("sensitivity")
    desk.do("report")
    desk.do("network_view")
    lists, sensitivity = desk.opened(ListsDialog), desk.opened(SensitivityDialog)
    lists.form.in_list.setValue(3)
    desk.wait(lambda: lists.summaries.rowCount() == 2)
    sessions = desk.window._sessions
    sessions.save(tmp_path / "kept.resmem")
    desk.wait_for_jobs()
    with desk.qtbot.waitSignal(sessions.opened, timeout=WAIT_MS):
        sessions.open(tmp_path / "kept.resmem")
    desk.settle()
    click_worst(evaluation, 0)
    assert "No longer in the library: 1 image" in desk.window.status_line.text()
    lists._show_menu.actions()[0].trigger()
    assert "No longer in the library: 3 images" in desk.window.status_line.text()
    sensitivity.accept()
    desk.settle()
    assert not any(desk.controller.library.sensitivity(i) for i in desk.rows())
    report = desk.opened(ReportDialog)
    report.save_to(str(tmp_path / "old.html"))
    desk.wait(lambda: not report.is_busy)
