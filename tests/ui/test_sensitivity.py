"""Sensitivities as people see them: the inspector's section, the question before, the notice after."""

from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance, Sensitivity
from resmem_gui.scoring.framings import RECIPES, SMALL_SHIFTS, TEN_CROP, FramingRecipe
from resmem_gui.scoring.sensitivity import FramingRequest, Unmeasured
from resmem_gui.ui.notice import Level
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails
from resmem_gui.ui.running.measuring_run import MeasuringEnd
from resmem_gui.ui.sensitivity.commands import SensitivityCommands
from resmem_gui.ui.sensitivity.dialog import SensitivityDialog
from resmem_gui.ui.sensitivity.interval_strip import axis_range
from resmem_gui.ui.sensitivity.section import SensitivitySection
from resmem_gui.ui.sensitivity.sentences import end_notice, estimate_text, ranks_text

MADE_BY = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")
SCORES = [0.90, 0.80, 0.70, 0.60, 0.41, 0.415]


@pytest.fixture
def model(thumbnails: Thumbnails) -> Iterator[ImageModel]:
    made = ImageModel(Library(), load_lamem(), thumbnails)
    ids = made.add([f"/photos/image{number}.jpg" for number in range(len(SCORES) + 1)])
    for image_id, score in zip(ids, SCORES, strict=False):  # the last one waits
        made.library.set_scored(image_id, score, (300, 200), "0" * 64, MADE_BY)
    made.images_changed(ids)
    yield made
    made.stop()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QMainWindow]:
    made = QMainWindow()
    made.resize(300, 500)
    made.show()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def section(model: ImageModel, window: QMainWindow) -> SensitivitySection:
    made = SensitivitySection(model, window)
    window.setCentralWidget(made)
    return made


def show(section: SensitivitySection, model: ImageModel, image_id: int) -> None:
    assert section.describe(model.library.record(image_id))


# The section


def test_the_interval_is_shown_with_what_it_means(section: SensitivitySection, model: ImageModel) -> None:
    model.library.set_sensitivity(2, Sensitivity(TEN_CROP.id, (0.66, 0.70, 0.81)))
    show(section, model, 2)
    assert section.spread.text() == "0.66–0.81 over ten crops (sd\u00a00.078)"
    assert section.ranks.text() == (
        "Ranks 2 to 3 cannot be told apart by framing alone: 1 other image scores within this interval."
    )
    assert "not an error bar against people" in section.remark.text()
    assert "mean error is 0.05 to 0.13" in section.remark.text()
    assert section.strip.accessibleDescription() == "Score 0.70, in other framings 0.66–0.81"
    assert section.button.isHidden()


def test_the_drawing_shows_dots_where_the_scores_are(
    section: SensitivitySection, model: ImageModel, window: QMainWindow
) -> None:
    model.library.set_sensitivity(2, Sensitivity(TEN_CROP.id, (0.62, 0.70, 0.78)))
    show(section, model, 2)
    picture = section.strip.grab().toImage()
    middle = picture.height() * 10 // section.strip.height()
    coloured = [x for x in range(picture.width()) if picture.pixelColor(x, middle).hsvSaturation() > 60]
    share = [x / picture.width() for x in (coloured[0], coloured[-1])]
    assert share == pytest.approx([0.1, 0.9], abs=0.04)  # of an axis from 0.6 to 0.8


@pytest.mark.parametrize(
    ("low", "high", "axis"),
    [
        (0.66, 0.74, (0.6, 0.8)),
        (0.71, 0.74, (0.6, 0.8)),
        (0.76, 0.79, (0.7, 0.9)),
        (0.98, 0.99, (0.8, 1.0)),
        (0.0, 0.01, (0.0, 0.2)),
        (0.41, 0.86, (0.4, 0.9)),
        (0.7, 0.8, (0.6, 0.8)),
        (1.0, 1.0, (0.8, 1.0)),
    ],
)
def test_the_axis_is_zoomed_to_whole_tenths(low: float, high: float, axis: tuple[float, float]) -> None:
    assert axis_range(low, high) == pytest.approx(axis)


def test_images_at_the_floor_are_ties(section: SensitivitySection, model: ImageModel) -> None:
    model.library.set_sensitivity(4, Sensitivity(TEN_CROP.id, (0.41, 0.411)))
    show(section, model, 4)
    assert section.ranks.text().startswith("Ranks 5 to 6 cannot be told apart")


def test_an_image_without_a_score_has_no_section(section: SensitivitySection, model: ImageModel) -> None:
    assert not section.describe(model.library.record(6))


def test_measuring_is_asked_for_once(section: SensitivitySection, model: ImageModel) -> None:
    wanted: list[int] = []
    section.measure_wanted.connect(wanted.append)
    show(section, model, 1)
    QTest.mouseClick(section.button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(section.button, Qt.MouseButton.LeftButton)
    assert wanted == [1]
    assert section.spread.text() == "Being measured."
    show(section, model, 2)
    assert section.button.isEnabled()
    show(section, model, 1)
    assert not section.button.isEnabled()
    section.forget_asking()  # it could not be measured
    assert section.button.isEnabled()


def test_a_missing_file_cannot_be_measured(section: SensitivitySection, model: ImageModel) -> None:
    model.library.set_missing([1], missing=True)
    show(section, model, 1)
    assert not section.button.isEnabled()


# The question


def question(commands: SensitivityCommands) -> SensitivityDialog | None:
    """Ask anew each time: a type checker would take the first answer for the last."""
    return commands.dialog


class Measurer:
    """Stands for the controller."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.asked: list[tuple[list[int], FramingRecipe]] = []
        self.seconds: float | None = None

    def measure_sensitivity(self, image_ids: Sequence[int], recipe: FramingRecipe) -> None:
        self.asked.append((list(image_ids), recipe))

    def seconds_to_measure(self, framings: int) -> float | None:
        return None if self.seconds is None else framings * self.seconds


@pytest.fixture
def measurer(model: ImageModel) -> Measurer:
    return Measurer(model.library)


@pytest.fixture
def commands(measurer: Measurer, window: QMainWindow) -> Iterator[SensitivityCommands]:
    made = SensitivityCommands(measurer, lambda: window)
    yield made
    if made.dialog is not None:
        made.dialog.close()


def test_a_few_are_measured_at_once_and_many_after_a_question(
    commands: SensitivityCommands, measurer: Measurer
) -> None:
    commands.measure_one(2)
    assert measurer.asked == [([2], TEN_CROP)]
    commands.measure([0, 1, 2, 3])
    assert commands.dialog is not None
    assert len(measurer.asked) == 1
    commands.dialog.close()
    measurer.seconds = 0.1
    commands.measure([0, 1, 2, 3])
    assert question(commands) is None, "four seconds need no question"
    measurer.seconds = 1.0
    commands.measure([0, 1, 2, 3])
    assert question(commands) is not None


def test_the_question_says_how_long_it_takes_and_holds_up_nothing(
    commands: SensitivityCommands, measurer: Measurer, model: ImageModel
) -> None:
    measurer.seconds = 0.3
    model.library.set_sensitivity(0, Sensitivity(TEN_CROP.id, (0.9, 0.8)))
    commands.ask([1, 2, 6])
    dialog = commands.dialog
    assert dialog is not None
    assert not dialog.isModal()
    assert dialog.scope.image_ids == [1, 2]
    assert dialog.estimate.text() == "10 framings × 2 images, about 6 s on this machine."
    dialog._scope_buttons.button(1).click()
    assert dialog.estimate.text() == "10 framings × 5 images, about 15 s on this machine."
    dialog._recipe_buttons.button(1).click()
    assert dialog.estimate.text() == "14 framings × 6 images, about 25 s on this machine."
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert measurer.asked == [([0, 1, 2, 3, 4, 5], SMALL_SHIFTS)]
    assert question(commands) is None


def test_escape_measures_nothing(commands: SensitivityCommands, measurer: Measurer) -> None:
    commands.ask([])
    assert commands.dialog is not None
    assert len(commands.dialog._scopes) == 1
    QTest.keyClick(commands.dialog, Qt.Key.Key_Escape)
    assert question(commands) is None
    assert measurer.asked == []


def test_where_all_is_measured_there_is_nothing_to_do(
    commands: SensitivityCommands, measurer: Measurer, model: ImageModel
) -> None:
    for image_id in range(len(SCORES)):
        model.library.set_sensitivity(image_id, Sensitivity(TEN_CROP.id, (0.5, 0.6)))
    commands.ask([])
    assert commands.dialog is not None
    assert not commands.dialog.measure.isEnabled()
    assert "measured in this way already" in commands.dialog.estimate.text()


def test_the_question_says_what_each_recipe_does(commands: SensitivityCommands) -> None:
    commands.ask([])
    assert commands.dialog is not None
    words = " ".join(label.text() for label in commands.dialog.findChildren(type(commands.dialog.estimate)))
    for recipe in RECIPES:
        assert recipe.meaning in words
    assert "not an error bar against people" in words
    QApplication.processEvents()
    assert commands.dialog.height() <= 560, "it must fit on a small screen"


# Sentences


def failure(path: str, reason: str) -> Unmeasured:
    return Unmeasured(FramingRequest(0, path, "0" * 64, 0.5, TEN_CROP.id), reason)


def test_the_notice_tells_failures_with_their_reason() -> None:
    gone, changed = "There is no such file.", "The file has changed."
    end = MeasuringEnd(
        7, (failure("/a/one.png", changed), failure("/a/two.png", gone), failure("/a/three.png", gone))
    )
    notice = end_notice(end)
    assert notice is not None
    assert notice.level is Level.WARNING
    assert notice.text == (
        "The sensitivity of 3 images could not be measured; that of 7 images was. "
        "two.png: There is no such file. The same goes for 1 other image. 1 image failed for other reasons."
    )


def test_success_is_told_of_several_only() -> None:
    assert end_notice(MeasuringEnd(1, ())) is None
    notice = end_notice(MeasuringEnd(1200, ()))
    assert notice is not None
    assert (notice.level, notice.text) == (
        Level.SUCCESS,
        "The sensitivity to framing of 1,200 images was measured.",
    )


def test_numbers_are_told_in_words() -> None:
    assert ranks_text(9, 31).endswith("22 other images score within this interval.")
    assert ranks_text(4, 4) == "No other image scores within this interval."
    assert estimate_text(300, 10, None).startswith("10 framings × 300 images. How long")
