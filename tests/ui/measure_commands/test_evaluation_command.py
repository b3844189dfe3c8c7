"""An evaluation in the real window."""

import json
import threading
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import (
    QPushButton,
)

from resmem_gui.library.filtering import Filter
from resmem_gui.ui.evaluation.evaluation_window import EvaluationWindow
from tests.ui.measure_commands.desk import Desk, click, click_worst, save_as

# The offscreen platform says of every menu that it can neither raise it nor give it all keys.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_a_click_on_an_outlier_selects_its_image(desk: Desk, evaluation: EvaluationWindow) -> None:
    for row in (0, 2):
        wanted = click_worst(evaluation, row)
        assert desk.window.selected_ids() == [wanted]
    plot = evaluation.plot
    assert plot is not None
    plot.chosen.emit(4)
    assert desk.window.selected_ids() == [int(evaluation._comparison.image_ids[4])]


def test_an_outlier_that_was_removed_is_said_to_be_gone(desk: Desk, evaluation: EvaluationWindow) -> None:
    wanted = click_worst(evaluation, 0)
    desk.do("remove")
    other = click_worst(evaluation, 1)
    assert desk.window.selected_ids() == [other]
    assert click_worst(evaluation, 0) == wanted
    assert "No longer in the library: 1 image" in desk.window.status_line.text()
    assert desk.window.selected_ids() == [other]


def test_an_outlier_that_the_filter_hides_is_offered(desk: Desk, evaluation: EvaluationWindow) -> None:
    model = desk.controller.model
    wanted = click_worst(evaluation, 0)
    other = click_worst(evaluation, 1)
    name = desk.controller.library.record(other).name
    model.set_filter(Filter(text=name))
    assert click_worst(evaluation, 0) == wanted
    hidden = desk.controller.library.record(wanted).name
    assert f"The filter hides {hidden}." in desk.notices()
    assert desk.rows() == [other], "nobody has asked for another filter"
    button = next(one for one in desk.window.notices.findChildren(QPushButton) if "Show All" in one.text())
    click(button)
    assert model.filter.is_open
    assert desk.window.selected_ids() == [wanted]
    assert "hides" not in desk.notices()


def test_figures_of_an_evaluation_carry_the_run_record(
    desk: Desk, evaluation: EvaluationWindow, tmp_path: Path
) -> None:
    click(next(one for one in evaluation.findChildren(QPushButton) if "Figures" in one.text()))
    save_as(desk, evaluation, tmp_path / "figures.json", "JSON, everything (*.json)")
    desk.wait((tmp_path / "figures.json").exists)
    text = json.dumps(json.loads((tmp_path / "figures.json").read_text()))
    assert "Brightness 1" in text
    assert "began" in text


def test_a_save_that_fails_after_the_window_was_closed_is_a_notice(
    desk: Desk, evaluation: EvaluationWindow, tmp_path: Path
) -> None:
    gate = threading.Event()
    desk.controller.long_jobs.submit(lambda: gate.wait(5), lambda _: None, lambda _: None)
    folder = tmp_path / "taken away"
    folder.mkdir()
    click(next(one for one in evaluation.findChildren(QPushButton) if "Figures" in one.text()))
    save_as(desk, evaluation, folder / "figures.json", "JSON, everything (*.json)")
    evaluation.close()
    desk.wait(lambda: not shiboken6.isValid(evaluation))
    folder.rmdir()
    gate.set()
    desk.wait(lambda: "figures.json could not be written: No such file or directory" in desk.notices())
