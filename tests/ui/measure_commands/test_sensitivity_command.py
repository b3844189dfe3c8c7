"""Sensitivities are measured from the real window."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from resmem_gui.library.records import Status
from resmem_gui.scoring.framings import TEN_CROP
from resmem_gui.scoring.scorer import ScorerError
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.running.run import RunState
from resmem_gui.ui.sensitivity.dialog import SensitivityDialog
from resmem_gui.ui.sessions.sessions import Sessions
from tests.ui.conftest import WAIT_MS, BrightnessScorer
from tests.ui.measure_commands.desk import Desk, MakePictures, click, measure

# The offscreen platform says of every menu that it can neither raise it nor give it all keys.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_one_is_measured_from_the_inspector(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(3))
    desk.select(ids[1])
    section = desk.section()
    assert "not measured yet" in section.spread.text()
    desk.scorer.gate.clear()
    desk.press_measure()
    assert section.spread.text() == "Being measured."
    assert not section.button.isEnabled()
    desk.scorer.gate.set()
    desk.settle()
    desk.wait(lambda: "over ten crops" in section.spread.text())
    known = desk.controller.library.sensitivity(ids[1])
    assert known is not None
    assert len(known.scores) == 10
    assert known.low < known.high
    assert desk.cell(ids[1], Column.SENSITIVITY) == f"{known.low:.2f}–{known.high:.2f}"
    assert desk.cell(ids[0], Column.SENSITIVITY) in ("", "None")
    assert f"{known.low:.2f}–{known.high:.2f}" in section.spread.text()
    assert "not an error bar against people" in desk.labels()
    assert not section.button.isVisible()


def test_many_are_measured_after_a_question_with_progress(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(6))
    desk.select(*ids[:4])
    desk.do("sensitivity")
    dialog = desk.opened(SensitivityDialog)
    assert dialog.scope.title == "Selected images"
    assert dialog.estimate.text().startswith("10 framings × 4 images")
    desk.scorer.gate.clear()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    desk.wait(lambda: desk.is_closed(SensitivityDialog))
    assert desk.controller.state is RunState.SCORING
    assert desk.window.windowTitle().startswith("Measuring sensitivity 0 of 4")
    assert "Measuring sensitivity · 0 of 4" in desk.window.status_line.text()
    desk.scorer.gate.set()
    desk.settle()
    assert [i for i in ids if desk.controller.library.sensitivity(i)] == ids[:4]
    desk.wait(lambda: "The sensitivity to framing of 4 images was measured." in desk.notices())
    desk.do("sensitivity")
    again = desk.opened(SensitivityDialog)
    assert not again.measure.isEnabled(), "all of them are measured"
    again._scope_buttons.button(1).click()
    assert again.estimate.text().startswith("10 framings × 2 images")
    again._recipe_buttons.button(1).click()
    assert "6 images" in again.estimate.text()
    QTest.keyClick(again, Qt.Key.Key_Escape)
    desk.wait(lambda: desk.is_closed(SensitivityDialog))


def test_measuring_can_be_paused_and_resumed_from_the_toolbar(
    desk: Desk, make_pictures: MakePictures
) -> None:
    ids = desk.add(*make_pictures(4))
    actions, controller = desk.window.actions_by_name, desk.controller
    assert not actions["pause"].isEnabled()
    assert not actions["cancel"].isEnabled()
    measure(desk, ids)
    assert actions["pause"].text() == "&Pause"
    assert actions["cancel"].isEnabled()
    QTest.keyClick(desk.window, Qt.Key.Key_F8)
    assert controller.state is RunState.PAUSED
    assert controller.is_busy
    assert actions["pause"].text() == "&Resume"
    assert desk.window.windowTitle().startswith("Measuring sensitivity, paused")
    desk.scorer.gate.set()
    desk.qtbot.wait(100)
    assert controller.state is RunState.PAUSED
    QTest.keyClick(desk.window, Qt.Key.Key_F8)
    assert actions["pause"].text() == "&Pause"
    desk.settle()
    assert all(controller.library.sensitivity(i) for i in ids)
    assert not actions["pause"].isEnabled()
    assert not actions["cancel"].isEnabled()


def test_measuring_is_cancelled_in_the_middle_and_what_is_there_stays(
    desk: Desk, make_pictures: MakePictures
) -> None:
    ids = desk.add(*make_pictures(6))
    desk.select(ids[-1])
    measured = desk.controller.library.sensitivity
    desk.scorer.seconds = 0.02
    desk.press_measure()
    desk.controller.runs.measure_sensitivity(ids, TEN_CROP)
    desk.wait(lambda: any(measured(i) for i in ids))
    desk.scorer.gate.clear()
    QTest.keyClick(desk.window, Qt.Key.Key_Period, CONTROL)
    desk.scorer.gate.set()
    desk.settle()
    kept = [i for i in ids if measured(i)]
    assert 0 < len(kept) < len(ids)
    assert desk.controller.library.count(Status.SCORED) == 6
    desk.qtbot.wait(100)
    assert [i for i in ids if measured(i)] == kept
    assert "without a score" not in desk.notices()
    unmeasured = next(i for i in ids if i not in kept)
    desk.select(unmeasured)
    assert desk.section().button.isEnabled(), "it can be asked for again"
    desk.controller.runs.measure_sensitivity(ids, TEN_CROP)
    desk.settle()
    assert all(measured(i) for i in ids)


def test_removing_and_clearing_while_sensitivities_are_measured(
    desk: Desk, make_pictures: MakePictures
) -> None:
    ids = desk.add(*make_pictures(4))
    desk.select(ids[0])
    measure(desk, ids)
    desk.do("remove")
    desk.do("clear")
    desk.scorer.gate.set()
    desk.settle()
    assert desk.window.empty_state.isVisible()
    for _ in range(2):
        desk.do("undo")
    assert set(desk.rows()) == set(ids)


def test_an_image_that_cannot_be_measured_is_told(desk: Desk, make_pictures: MakePictures) -> None:
    pictures = make_pictures(2)
    ids = desk.add(*pictures)
    Path(desk.controller.library.paths[ids[0]]).unlink()
    desk.select(ids[0])
    desk.press_measure()
    desk.settle()
    desk.wait(lambda: "could not be measured" in desk.notices())
    assert desk.controller.library.sensitivity(ids[0]) is None
    assert desk.section().spread.text() != "Being measured."


def test_measuring_without_a_scorer_can_be_tried_again(desk: Desk, make_pictures: MakePictures) -> None:
    """Scores come from a session: the scorer is first needed for the sensitivity."""
    ids = desk.add(*make_pictures(2))
    sessions, library = desk.window._sessions, desk.controller.library
    path = Path(library.paths[ids[0]]).with_name("kept.resmem")
    sessions.save(path)
    desk.wait_for_jobs()
    scorer = BrightnessScorer()
    other = Controller(lambda: scorer)
    with_scores = Sessions(other, lambda: scorer, None, other)
    with desk.qtbot.waitSignal(with_scores.opened, timeout=WAIT_MS):
        with_scores.open(path)
    scorer.load_error = ScorerError("torch cannot be imported.")
    notices: list[Any] = []
    other.notice.connect(notices.append)
    known = other.library.with_status(Status.SCORED).tolist()
    assert len(known) == 2
    other.runs.measure_sensitivity(known, TEN_CROP)
    desk.wait(lambda: bool(notices))
    assert notices[-1].text.startswith("torch cannot be imported.")
    assert not other.is_busy
    scorer.load_error = None
    notices[-1].action()
    desk.wait(lambda: all(other.library.sensitivity(i) for i in known))
    assert other.shut_down()
    other.deleteLater()


def test_compare_measures_what_it_shows(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(4))
    desk.select(ids[0], ids[1])
    QTest.keyClick(desk.window.grid, Qt.Key.Key_C)
    compare = desk.window.tools.stage.compare
    desk.wait(compare.isVisible)
    click(compare.measure)
    desk.settle()
    assert [i for i in ids if desk.controller.library.sensitivity(i)] == ids[:2]
    desk.wait(lambda: "over ten crops" in compare.panes[0].framing.accessibleDescription())
    assert "overlap" in compare.panes[1].framing.accessibleDescription()
