"""The window “Distribution” with real mouse and keys: what is compared, drawn, told, copied and followed."""

import itertools
import math
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPalette
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QPushButton,
    QRadioButton,
    QTextBrowser,
    QWidget,
)
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.comparison import compare, compare_groups
from resmem_gui.analysis.description import describe
from resmem_gui.analysis.reference import Reference, load_lamem
from resmem_gui.library.filtering import Filter, Range
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.ui import theme
from resmem_gui.ui.distribution import texts, work
from resmem_gui.ui.distribution.charts import Shown, bin_width, chart_of, looks_of
from resmem_gui.ui.distribution.figure import DistributionPicture, FigureView
from resmem_gui.ui.distribution.groups import Choice, Group, Kind, find_group, group_choices
from resmem_gui.ui.distribution.numbers_table import NumbersTable
from resmem_gui.ui.distribution.window import DistributionWindow
from resmem_gui.ui.distribution.work import Answer, Question
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails
from resmem_gui.ui.threads.background import Jobs
from tests.ui.conftest import WAIT_MS

MADE_BY = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")
SCORES = np.random.default_rng(3).normal(0.70, 0.08, 240).clip(0.41, 0.98).astype(np.float32)
INK = QColor(Qt.GlobalColor.black)
FIVE = [0.3, 0.5, 0.55, 0.6, 0.7]  # fewer would have lines
Left = Qt.MouseButton.LeftButton
Part = TypeVar("Part", bound=QWidget)


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.stop()
    made.join()


@pytest.fixture
def model(qtbot: QtBot) -> Iterator[ImageModel]:
    thumbnails = Thumbnails()
    made = ImageModel(Library(), load_lamem(), thumbnails)
    yield made
    made.stop()
    thumbnails.stop()


@pytest.fixture
def window(qtbot: QtBot, model: ImageModel, jobs: Jobs) -> Iterator[DistributionWindow]:
    fill(model, SCORES)
    made = DistributionWindow(model, jobs, None)
    yield made
    made.close()
    shiboken6.delete(made)


def fill(model: ImageModel, scores: NDArray[np.float32], folder: str = "/photos") -> list[int]:
    """Add one image a score; NaN stays waiting."""
    ids = model.add([f"{folder}/image{number}.jpg" for number in range(1, len(scores) + 1)])
    for image_id, score in zip(ids, scores.tolist(), strict=True):
        if not np.isnan(score):
            model.library.set_scored(image_id, score, (40, 30), "ab", MADE_BY)
    model.images_changed(ids)
    return ids


def part(window: QWidget, kind: type[Part], index: int = 0) -> Part:
    return window.findChildren(kind)[index]


def show(qtbot: QtBot, window: DistributionWindow) -> Answer:
    window.show()
    qtbot.waitExposed(window)
    return answered(qtbot, window)


def answered(qtbot: QtBot, window: DistributionWindow) -> Answer:
    """Wait until what is shown is what was asked for last."""

    def is_answered() -> bool:
        comparing, found = window._comparing, window._answer
        is_over = not comparing._is_under_way and not comparing._follow_soon.is_waiting
        has_all = bool(comparing._references) and found is not None and not found.is_preview
        return is_over and has_all and found is not None and found.question is comparing._asked

    qtbot.waitUntil(is_answered, timeout=WAIT_MS)
    assert window._answer is not None
    return window._answer


def choose(window: DistributionWindow, which: int, title: str) -> None:
    box = part(window, QComboBox, which)
    place = box.findText(title)
    assert place >= 0, [box.itemText(index) for index in range(box.count())]
    box.setCurrentIndex(place)


def table_texts(window: DistributionWindow) -> dict[str, list[str]]:
    """Return the numbers of each row, by its name."""
    table = part(window, NumbersTable).model()
    vertical = Qt.Orientation.Vertical
    return {
        table.headerData(row, vertical): [table.index(row, column).data() for column in range(3)]
        for row in range(table.rowCount())
    }


def told(window: DistributionWindow) -> str:
    return part(window, QTextBrowser).toPlainText().replace("\u00a0", " ")


def warned(window: DistributionWindow) -> str:
    return window._warning.text if window._warning.isVisible() else ""


def click(window: DistributionWindow, text: str) -> None:
    (button,) = [found for found in window.findChildren(QPushButton) if found.text() == text]
    QTest.mouseClick(button, Left)


def uniform(n: int = 500) -> Reference:
    return Reference.from_scores(
        (np.arange(n) + 0.5) / n, "Even ones", {"citation": "Own data: even.csv"}, "user-even"
    )


# What is compared


def test_the_library_is_compared_with_its_reference(qtbot: QtBot, window: DistributionWindow) -> None:
    show(qtbot, window)
    rows = table_texts(window)
    expected = describe(SCORES)
    assert rows["Scores (n)"] == ["240", "58,741", ""]
    assert rows["Mean"][0] == f"{expected.mean:.3f}"
    assert rows["Mean"][1:] == ["0.756", f"\u2212{0.756077 - expected.mean:.3f}"]
    assert rows["First quartile"][:2] == [f"{expected.q1:.3f}", "0.676"]
    assert rows["Below 0.42"][:2] == [f"{100 * expected.share_at_floor:.1f}\u00a0%", "0.8\u00a0%"]
    distances = compare(SCORES, load_lamem())
    assert f"Kolmogorov–Smirnov distance {distances.ks.value:.3f}" in told(window)
    assert f"Wasserstein distance {distances.wasserstein:.3f}" in told(window)
    assert "A matching curve proves nothing" in told(window)
    assert "LaMem: 58,741 images measured on people. Khosla" in told(window)
    assert warned(window) == ""


def test_any_reference_can_be_chosen(qtbot: QtBot, model: ImageModel, window: DistributionWindow) -> None:
    model.references.add(uniform())
    show(qtbot, window)
    for title, n in (("MemCat landscapes", "2,000"), ("Even ones", "500")):
        choose(window, 1, title)
        answered(qtbot, window)
        assert table_texts(window)["Scores (n)"] == ["240", n, ""]
        assert title in told(window)


def test_a_reference_that_is_removed_gives_way_to_the_librarys(
    qtbot: QtBot, model: ImageModel, window: DistributionWindow
) -> None:
    model.references.add(uniform())
    show(qtbot, window)
    choose(window, 1, "Even ones")
    answered(qtbot, window)
    model.references.remove("user-even")
    model.images_changed([0])  # asks again before the references were read
    window._comparing.refresh()
    model.compare_again()
    qtbot.waitUntil(lambda: part(window, QComboBox, 1).findText("Even ones") < 0, timeout=WAIT_MS)
    answered(qtbot, window)
    assert table_texts(window)["Scores (n)"] == ["240", "58,741", ""]


def test_the_selection_is_compared_with_the_others(
    qtbot: QtBot, model: ImageModel, window: DistributionWindow
) -> None:
    window.show_selected(np.arange(40))
    window.compare(Kind.SELECTED, Kind.OTHERS)
    found = show(qtbot, window)
    expected = compare_groups(SCORES[:40], SCORES[40:])
    assert found.comparison == expected
    assert "Both are scores of the same model." in told(window)
    assert "of the selected images have scores up to" in told(window)
    assert "measured on people" not in told(window)
    window.show_selected([0, 1, 2])
    found = answered(qtbot, window)
    assert (found.comparison.first.n, found.comparison.second.n) == (3, 237)
    assert warned(window).startswith("The selected images: only 3 scores. With fewer than 30")


def test_what_is_in_both_groups_is_told(qtbot: QtBot, window: DistributionWindow) -> None:
    window.show_selected(np.arange(40))
    window.compare(Kind.SELECTED, Kind.ALL)
    show(qtbot, window)
    assert "40 images in both groups: that makes them more alike." in told(window)
    assert "19 of 20" not in told(window), "chance is another where groups overlap"


def test_what_the_filter_shows_is_followed(
    qtbot: QtBot, model: ImageModel, window: DistributionWindow
) -> None:
    window.compare(Kind.SHOWN)
    assert show(qtbot, window).comparison.first.n == 240
    wanted = Range(0.7, 1.0)
    model.set_filter(Filter(scores=wanted))
    count = wanted.contains(SCORES, 1.0).sum()
    qtbot.waitUntil(lambda: table_texts(window)["Scores (n)"][0] == str(count))


def test_folders_are_compared(qtbot: QtBot, model: ImageModel, window: DistributionWindow) -> None:
    fill(model, SCORES[:50] - np.float32(0.1), "/photos/Norway")
    fill(model, SCORES[:60] + np.float32(0.01), "/old/Norway")
    show(qtbot, window)
    choose(window, 0, "photos/Norway")
    choose(window, 1, "old/Norway")
    found = answered(qtbot, window)
    assert (found.comparison.first.n, found.comparison.second.n) == (50, 60)
    assert "The mean of the images in “photos/Norway” lies 0.1" in told(window)
    model.remove(
        [image_id for image_id in range(len(model.library)) if "old" in model.library.paths[image_id]]
    )
    found = answered(qtbot, window)
    assert found.titles[1] == "LaMem", "what has gone is no longer compared with"
    assert part(window, QComboBox, 0).currentText() == "Norway", "one of the name is left"


def test_images_that_share_a_reference_have_it_here(
    qtbot: QtBot, model: ImageModel, window: DistributionWindow
) -> None:
    window.show_selected(np.arange(40))
    window.compare(Kind.SELECTED, Kind.OWN_REFERENCE)
    show(qtbot, window)
    model.set_reference(list(range(40)), "memcat-food")
    qtbot.waitUntil(lambda: "MemCat food: 2,000 images measured" in told(window))
    model.set_reference(list(range(20)), "memcat-animal")
    qtbot.waitUntil(
        lambda: "These images have several references; LaMem, the library’s own, is" in told(window)
    )


def test_the_librarys_own_reference_is_followed(
    qtbot: QtBot, model: ImageModel, window: DistributionWindow
) -> None:
    show(qtbot, window)
    model.set_default_reference("memcat")
    qtbot.waitUntil(lambda: table_texts(window)["Scores (n)"][1] == "10,000")
    assert part(window, QComboBox, 1).currentText() == "Their own reference (MemCat)"


def test_another_reference_is_followed_while_a_filter_hides_all(
    qtbot: QtBot, model: ImageModel, window: DistributionWindow
) -> None:
    model.set_filter(Filter(scores=Range(0.0, 0.1)))
    show(qtbot, window)
    model.set_default_reference("memcat")
    qtbot.waitUntil(lambda: table_texts(window)["Scores (n)"][1] == "10,000")


# Following


def test_images_that_a_filter_hides_are_followed(
    qtbot: QtBot, model: ImageModel, window: DistributionWindow
) -> None:
    model.set_filter(Filter(scores=Range(0.9, 1.0)))
    show(qtbot, window)
    hidden = model.add(["/photos/hidden1.jpg", "/photos/hidden2.jpg"])
    qtbot.waitUntil(lambda: "Left out: 2 images without a score." in told(window))
    model.remove(hidden)
    qtbot.waitUntil(lambda: "Left out" not in told(window))


def test_new_scores_are_followed(qtbot: QtBot, model: ImageModel, window: DistributionWindow) -> None:
    show(qtbot, window)
    fill(model, SCORES[:10], "/photos/more")
    qtbot.waitUntil(lambda: table_texts(window)["Scores (n)"][0] == "250")


def test_many_changes_are_computed_a_few_times(
    qtbot: QtBot, model: ImageModel, window: DistributionWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(qtbot, window)
    asked: list[Question] = []

    def count(question: Question) -> Answer:
        asked.append(question)
        return answer(question)

    answer = work.answer
    monkeypatch.setattr(work, "answer", count)
    for number in range(30):
        fill(model, SCORES[:1], f"/photos/{number}")
    qtbot.waitUntil(lambda: table_texts(window)["Scores (n)"][0] == "270")
    assert len(asked) <= 2


def test_what_did_not_change_is_not_computed_again(
    qtbot: QtBot, model: ImageModel, window: DistributionWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(qtbot, window)
    monkeypatch.setattr(work, "answer", lambda question: pytest.fail("computed again"))
    model.marks_changed(list(range(240)))
    window._comparing.refresh()
    assert not window._comparing._is_under_way


def test_a_hidden_window_computes_nothing(
    qtbot: QtBot, model: ImageModel, window: DistributionWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(qtbot, window)
    window.hide()
    fill(model, SCORES[:10], "/photos/more")
    window.show_selected([1, 2])
    window._comparing.refresh()
    assert not window._comparing._is_under_way
    window.show()
    qtbot.waitUntil(lambda: table_texts(window)["Scores (n)"][0] == "250")


def test_a_window_that_has_gone_is_told_nothing(qtbot: QtBot, model: ImageModel, jobs: Jobs) -> None:
    go_on = threading.Event()
    jobs.submit(lambda: go_on.wait(10), lambda _: None, lambda _: None)
    gone = DistributionWindow(model, jobs, None)
    gone.show()
    gone.close()
    shiboken6.delete(gone)
    done: list[object] = []
    jobs.submit(lambda: None, done.append, done.append)
    go_on.set()
    qtbot.waitUntil(lambda: bool(done))


def test_a_failure_is_told_and_the_next_refresh_tries_again(
    qtbot: QtBot, model: ImageModel, window: DistributionWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(question: Question) -> Answer:
        raise ImportError("No module named scipy")

    with monkeypatch.context() as broken:
        broken.setattr(work, "answer", fail)
        window.show()
        sentence = "The distributions cannot be compared: No module named scipy."
        qtbot.waitUntil(lambda: told(window) == sentence and bool(window._comparing._references))
        qtbot.waitUntil(lambda: not window._comparing._is_under_way)
    window._comparing.refresh()
    qtbot.waitUntil(lambda: "Wasserstein" in told(window))


# Before SciPy is there


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let answers wait for a gate, as they wait for SciPy the first time."""
    made, answer = threading.Event(), work.answer
    monkeypatch.setattr(work, "is_prepared", made.is_set)
    monkeypatch.setattr(work, "answer", lambda question: answer(question) if made.wait(10) else None)
    yield made
    made.set()


@pytest.mark.parametrize("second", [Kind.OWN_REFERENCE, Kind.OTHERS])
def test_numbers_are_there_at_once(
    qtbot: QtBot, window: DistributionWindow, gate: threading.Event, second: Kind
) -> None:
    window.show_selected(np.arange(40))
    window.compare(Kind.SELECTED, second)
    window.show()
    expected = describe(SCORES[:40])
    assert table_texts(window)["Mean"][0] == f"{expected.mean:.3f}"
    assert told(window).startswith("Means\nThe mean of the selected images lies")
    assert told(window).endswith("Distances\nComputing…")
    assert not any(button.isEnabled() for button in window._leaving._actions)
    rows, sizes = table_texts(window), (window._numbers.size(), window._sentences.size())
    gate.set()
    answered(qtbot, window)
    assert table_texts(window) == rows
    assert (window._numbers.size(), window._sentences.size()) == sizes
    assert "Wasserstein distance" in told(window)
    assert all(button.isEnabled() for button in window._leaving._actions)


def test_numbers_follow_while_scipy_is_imported(
    qtbot: QtBot, model: ImageModel, window: DistributionWindow, gate: threading.Event
) -> None:
    window.show()
    fill(model, SCORES[:10], "/photos/more")
    qtbot.waitUntil(lambda: table_texts(window)["Scores (n)"][0] == "250")
    assert told(window).endswith("Computing…")
    for title, count in (("more", 10), ("All images", 250), ("more", 10)):
        choose(window, 0, title)
        assert table_texts(window)["Scores (n)"][0] == str(count)
    gate.set()
    assert answered(qtbot, window).comparison.first.n == 10


def test_numbers_do_not_wait_for_other_work(qtbot: QtBot, jobs: Jobs, window: DistributionWindow) -> None:
    show(qtbot, window)
    go_on = threading.Event()
    jobs.submit(lambda: go_on.wait(10), lambda _: None, lambda _: None)
    window.show_selected([1, 2, 3])
    window.compare(Kind.SELECTED, Kind.OTHERS)
    qtbot.waitUntil(lambda: table_texts(window)["Scores (n)"][:2] == ["3", "237"])
    assert told(window).endswith("Computing…")
    go_on.set()
    answered(qtbot, window)
    assert "Wasserstein distance" in told(window)


def test_where_scipy_is_broken_the_numbers_stay(
    qtbot: QtBot, window: DistributionWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(question: Question) -> Answer:
        raise ImportError("No module named scipy")

    monkeypatch.setattr(work, "is_prepared", lambda: False)
    monkeypatch.setattr(work, "answer", fail)
    window.show()
    qtbot.waitUntil(lambda: "cannot be compared: No module named scipy." in told(window))
    assert table_texts(window)["Scores (n)"][:2] == ["240", "58,741"]
    qtbot.waitUntil(lambda: bool(window._comparing._references) and not window._comparing._is_under_way)


@pytest.mark.parametrize("is_cumulative", [False, True])
def test_a_preview_lacks_only_what_scipy_tells(qtbot: QtBot, is_cumulative: bool) -> None:
    for second in (load_lamem(), group(SCORES[:50].tolist()), group([])):
        question = Question(group(SCORES.tolist()), second)
        before, after = work.preview(question), work.answer(question)
        assert texts.table(before) == texts.table(after)
        assert texts.warning(before) == texts.warning(after)
        shown = Shown(is_cumulative=is_cumulative)
        chart, whole = chart_of(before, shown, INK), chart_of(after, shown, INK)
        assert len(chart.curves) == len(whole.curves) if is_cumulative else bool(chart.curves)
        assert chart.axis_name == whole.axis_name
        assert chart.uprights == ()
        assert not DistributionPicture(before, shown, QApplication.font()).as_image().isNull()


def test_a_preview_needs_no_scipy() -> None:
    code = (
        "import sys, numpy as np\n"
        "from resmem_gui.analysis.reference import load_lamem\n"
        "from resmem_gui.ui.distribution import charts, groups, texts, work\n"
        "some = groups.Group('Some', 'some', np.arange(9), np.full(9, 0.7, dtype=np.float32))\n"
        "for second in (load_lamem(), some):\n"
        "    found = work.preview(work.Question(some, second))\n"
        "    assert texts.as_text(found)\n"
        "    for is_cumulative in (False, True):\n"
        "        charts.chart_of(found, charts.Shown(is_cumulative), charts.theme.LIBRARY_COLOR)\n"
        "assert not work.is_prepared()\n"
        "assert not [name for name in sys.modules if name.partition('.')[0] == 'scipy']\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# Nothing, and little


@pytest.mark.parametrize("second", [Kind.OWN_REFERENCE, Kind.OTHERS, Kind.SELECTED])
def test_nothing_is_told_as_nothing(qtbot: QtBot, window: DistributionWindow, second: Kind) -> None:
    window.compare(Kind.SELECTED, second)
    show(qtbot, window)
    assert warned(window) == "There is nothing to compare: none of the selected images has a score."
    assert table_texts(window)["Mean"][0] == "–"
    assert "distance" not in told(window)
    window.grab()
    click(window, "Copy &Text")
    assert "nothing to compare" in QGuiApplication.clipboard().text()


@pytest.mark.parametrize("scores", [[0.7], [0.7, 0.7], [0.41] * 40, [1.0, 0.0], [np.nan, 0.5]])
@pytest.mark.parametrize("is_cumulative", [False, True])
def test_few_and_equal_scores_can_be_drawn(qtbot: QtBot, scores: list[float], is_cumulative: bool) -> None:
    for second in (load_lamem(), group(scores), group([0.3, 0.5, 0.9])):
        found = work.answer(Question(group(scores), second))
        shown = Shown(is_cumulative=is_cumulative, means=True)
        image = DistributionPicture(found, shown, QApplication.font()).as_image()
        assert not image.isNull()
        assert texts.as_text(found)


def group(scores: list[float]) -> Group:
    return Group("Some", "some", np.arange(len(scores)), np.asarray(scores, dtype=np.float32))


def test_images_without_a_score_are_told(qtbot: QtBot, model: ImageModel, window: DistributionWindow) -> None:
    fill(model, np.array([np.nan, np.nan]), "/photos/waiting")
    show(qtbot, window)
    assert "Left out: 2 images without a score." in told(window)


def test_names_are_shown_as_they_are(qtbot: QtBot, model: ImageModel, window: DistributionWindow) -> None:
    fill(model, SCORES[:40], "/photos/<b>=1&2")
    show(qtbot, window)
    choose(window, 0, "<b>=1&2")
    answered(qtbot, window)
    assert "the images in “<b>=1&2”" in told(window)


# What is drawn


def both(shown: Shown, second: object = None) -> tuple[Answer, list[tuple[str, Qt.PenStyle, float]]]:
    """Return an answer, and colour, line and area of the curves of its chart."""
    found = work.answer(Question(group(SCORES.tolist()), second or load_lamem()))  # type: ignore[arg-type]
    chart = chart_of(found, shown, INK)
    areas = []
    for curve in chart.curves:
        widths = np.diff(curve.x) if curve.is_bars else np.full(len(curve.y), curve.x[1] - curve.x[0])
        areas.append((curve.style.color.name(), curve.style.dash, float((curve.y * widths).sum())))
    return found, areas


def test_histograms_and_curves_have_area_one() -> None:
    _, areas = both(Shown())
    assert len(areas) == 4
    assert [area for *_, area in areas] == pytest.approx([1.0] * 4, abs=0.01)


def test_the_two_are_told_by_colour_and_by_line() -> None:
    for second in (load_lamem(), group(FIVE)):
        found, areas = both(Shown(bars=False), second)
        assert len({color for color, *_ in areas}) == 2
        assert {dash for _, dash, _ in areas} == {Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine}
        first, other = looks_of(found)
        assert (first.curve.color, first.curve.dash) != (other.curve.color, other.curve.dash)


@pytest.mark.parametrize("n", [1, 2, 4])
def test_each_of_a_few_images_has_a_line(n: int) -> None:
    few = group([*FIVE[:n], math.nan])
    for first, second in ((few, group(FIVE)), (group(FIVE), few)):
        found = work.answer(Question(first, second))
        chart = chart_of(found, Shown(), INK)
        index = 0 if first is few else 1
        assert [line.score for line in chart.uprights] == pytest.approx(FIVE[:n])
        assert {line.style.color.name() for line in chart.uprights} == {
            looks_of(found)[index].curve.color.name()
        }
        assert all(line.high is not None and line.high < chart.top for line in chart.uprights)
        assert {curve.style.color.name() for curve in chart.curves} == {
            looks_of(found)[1 - index].curve.color.name()
        }
        assert chart_of(found, Shown(bars=False, curves=False), INK).uprights == ()
        assert len(chart_of(found, Shown(is_cumulative=True), INK).curves) == 2


def test_a_few_images_against_people_leave_them_their_shape() -> None:
    found = work.answer(Question(group([0.7]), load_lamem()))
    alone = work.answer(Question(group([]), load_lamem()))
    assert chart_of(found, Shown(bars=False), INK).top == chart_of(alone, Shown(bars=False), INK).top


def test_where_nothing_has_a_height_there_is_no_axis_of_heights() -> None:
    found = work.answer(Question(group([0.7]), group([0.6, 0.65])))
    assert chart_of(found, Shown(), INK).axis_name == ""
    picture = DistributionPicture(found, Shown(), QApplication.font()).as_svg().decode()
    assert "Density" not in picture
    assert ">0</text>" not in picture
    usual = DistributionPicture(work.answer(Question(group(FIVE), group(FIVE))), Shown(), QApplication.font())
    assert ">0</text>" in usual.as_svg().decode()
    assert "each image a line" in picture
    assert "bandwidth" not in picture


def test_where_no_curve_is_drawn_no_bandwidth_is_told() -> None:
    found = work.answer(Question(group([0.7, 0.8]), load_lamem()))
    one, other = next(row[1:3] for row in texts.table(found) if row[0] == "Bandwidth")
    assert one == "–"
    assert float(other) == pytest.approx(found.second.bandwidth, abs=5e-4)
    row = next(line for line in texts.as_tsv(found).splitlines() if line.startswith("bandwidth"))
    assert row.split("\t")[1:] == ["", repr(found.second.bandwidth)]


def test_people_of_whom_only_a_summary_is_known_are_drawn_as_bars() -> None:
    found = work.answer(Question(group(FIVE), uniform(3)))
    chart = chart_of(found, Shown(), INK)
    assert len(chart.curves) == 4
    assert chart.uprights == ()


def test_people_are_blue_and_other_images_are_not() -> None:
    for second, color in ((load_lamem(), theme.REFERENCE_COLOR), (group([0.3, 0.5]), theme.SELECTION_COLOR)):
        found, _ = both(Shown(), second)
        assert looks_of(found)[1].curve.color == color


def test_means_are_lines_at_the_means() -> None:
    found, _ = both(Shown())
    assert chart_of(found, Shown(), INK).uprights == ()
    places = sorted(upright.score for upright in chart_of(found, Shown(means=True), INK).uprights)
    assert places == pytest.approx(sorted([found.first.mean, found.second.mean]))


def test_the_shares_are_drawn_with_their_greatest_distance() -> None:
    found, _ = both(Shown())
    chart = chart_of(found, Shown(is_cumulative=True), INK)
    (gap,) = chart.uprights
    ks = found.comparison.ks
    assert gap.score == ks.score
    assert (gap.low, gap.high) == pytest.approx(tuple(100 * share for share in sorted(ks.shares)))
    for curve, share in zip(chart.curves, reversed(ks.shares), strict=True):
        assert np.interp(ks.score, curve.x, curve.y) == pytest.approx(100 * share, abs=1.5)


@pytest.mark.parametrize(("n", "width"), [(199, 0.05), (200, 0.02)])
def test_bars_of_few_scores_are_wide(n: int, width: float) -> None:
    found = work.answer(Question(group(SCORES[:n].tolist()), load_lamem()))
    assert bin_width(found) == width
    assert chart_of(found, Shown(), INK).axis_name == f"Density (bars of {width:.2f})"


def test_a_reference_below_all_usual_scores_is_not_cut_off() -> None:
    found = work.answer(Question(group([0.7] * 40), uniform()))
    assert chart_of(found, Shown(), INK).first == 0.0


def test_what_is_drawn_can_be_chosen(qtbot: QtBot, window: DistributionWindow) -> None:
    show(qtbot, window)
    figure = part(window, FigureView)
    pictures = [figure.grab().toImage()]
    for button in [*window.findChildren(QCheckBox), window.findChildren(QRadioButton)[1]]:
        QTest.mouseClick(button, Left, pos=QPoint(8, button.height() // 2))
        pictures.append(figure.grab().toImage())
    assert all(one != other for one, other in itertools.pairwise(pictures))
    assert not any(box.isEnabled() for box in window.findChildren(QCheckBox)[:2]), "shares have no bars"


@pytest.mark.parametrize("is_dark", [False, True])
def test_the_figure_follows_the_palette(qtbot: QtBot, window: DistributionWindow, is_dark: bool) -> None:
    palette = QPalette(QColor("#353535"), QColor("#2b2b2b")) if is_dark else QPalette(QColor("#efefef"))
    palette.setColor(QPalette.ColorRole.Base, QColor("#1e1e1e" if is_dark else "#ffffff"))
    window.setPalette(palette)
    show(qtbot, window)
    figure = part(window, FigureView)
    image = figure.grab().toImage()
    assert image.pixelColor(3, 3) == palette.color(QPalette.ColorRole.Base)
    found = {image.pixelColor(x, y).name() for x in range(10, 40) for y in range(8, 40)}
    assert {theme.LIBRARY_COLOR.name(), theme.REFERENCE_COLOR.name()} <= found, "the legend has its colours"


# What leaves the window


def test_everything_can_be_copied_as_text(qtbot: QtBot, window: DistributionWindow) -> None:
    show(qtbot, window)
    click(window, "Copy &Text")
    text = QGuiApplication.clipboard().text()
    assert text.startswith("All images against LaMem\n")
    for words in ("Scores (n)", "240", "58,741", "Kolmogorov–Smirnov distance", "Wasserstein distance",
                  "A matching curve proves nothing", "No p-value is given", "Khosla"):  # fmt: skip
        assert words in text


def test_the_numbers_can_be_copied_as_a_table(qtbot: QtBot, window: DistributionWindow) -> None:
    found = show(qtbot, window)
    click(window, "Copy Ta&ble")
    copied = QGuiApplication.clipboard().text()
    rows = {name: values for name, *values in (line.split("\t") for line in copied.splitlines())}
    assert rows[""] == ["All images", "LaMem"]
    assert rows["n"] == ["240", "58741"]
    assert float(rows["mean"][0]) == found.comparison.first.mean, "nothing is rounded"
    assert float(rows["kolmogorov_smirnov_distance"][0]) == found.comparison.ks.value
    assert {len(values) for values in rows.values()} == {2}
    QGuiApplication.clipboard().clear()
    table = part(window, NumbersTable)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == copied


def test_a_name_is_no_formula_and_stays_in_its_cell() -> None:
    first = Group("=1+1\t\n", "it", np.arange(3), np.array([0.5, 0.6, 0.7], dtype=np.float32))
    copied = texts.as_tsv(work.answer(Question(first, load_lamem())))
    assert copied.splitlines()[0] == "\t'=1+1\tLaMem"


def test_pictures_can_be_saved_and_copied(qtbot: QtBot, window: DistributionWindow, tmp_path: Path) -> None:
    window.setPalette(QPalette(QColor("#353535"), QColor("#2b2b2b")))
    found = show(qtbot, window)
    click(window, "&Save Picture…")
    dialog = part(window, QFileDialog)
    for name in ("one.png", "one.svg"):
        with qtbot.waitSignal(window.notice) as signal:
            window._leaving._saving.save(tmp_path / name, DistributionPicture(found, Shown(), window.font()))
        assert isinstance(signal.args[0], Notice)
        assert signal.args[0].level is Level.SUCCESS
    with qtbot.waitSignal(window.notice):
        dialog.fileSelected.emit(str(tmp_path / "asked.png"))
    dialog.reject()
    image = QImage(str(tmp_path / "asked.png"))
    assert (image.width(), image.height()) == (1600, 1120)
    assert image.pixelColor(2, 2) == QColor(Qt.GlobalColor.white), "on paper it is light"
    text = (tmp_path / "one.svg").read_text(encoding="utf-8")
    assert QSvgRenderer(str(tmp_path / "one.svg")).isValid()
    for words in ("All images against LaMem", "LaMem, measured on people: n = 58,741", "bandwidth",
                  "Kolmogorov–Smirnov distance", "Khosla", "Density (bars of 0.02)"):  # fmt: skip
        assert words in text
    click(window, "Copy &Picture")
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().image().width() == 1600)
    QGuiApplication.clipboard().clear()


def test_nothing_can_be_copied_before_there_is_something(window: DistributionWindow) -> None:
    assert not any(button.isEnabled() for button in window._leaving._actions)


# The window


def test_escape_closes_and_the_size_is_remembered(
    qtbot: QtBot, model: ImageModel, jobs: Jobs, tmp_path: Path
) -> None:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    first = DistributionWindow(model, jobs, None, settings)
    qtbot.addWidget(first)
    assert not first.isModal()
    first.show()
    first.resize(700, 620)
    QTest.keyClick(first, Qt.Key.Key_Escape)
    assert not first.isVisible()
    again = DistributionWindow(model, jobs, None, settings)
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (700, 620)


def test_it_fits_a_small_screen(qtbot: QtBot, window: DistributionWindow) -> None:
    window.show_selected([1])
    window.compare(Kind.SELECTED)
    show(qtbot, window)
    assert warned(window)
    least = window.minimumSizeHint()
    assert least.width() <= 780
    assert least.height() <= 560


def test_all_parts_have_names_and_are_reached_by_keys(qtbot: QtBot, window: DistributionWindow) -> None:
    show(qtbot, window)
    for kind in (QComboBox, NumbersTable, QTextBrowser, FigureView):
        assert part(window, kind).accessibleName()
    assert "240" in part(window, FigureView).accessibleDescription()
    reached = set()
    part(window, QComboBox).setFocus()
    for _ in range(20):
        reached.add(type(window.focusWidget()).__name__)
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert {"QComboBox", "QCheckBox", "NumbersTable", "Sentences", "QPushButton"} <= reached
    labels = [label for label in window.findChildren(QLabel) if label.buddy() is not None]
    assert len(labels) == 2


# Groups


def test_a_single_folder_is_not_offered(model: ImageModel) -> None:
    fill(model, SCORES[:3])
    assert [choice.kind for choice in group_choices(model.library)] == [Kind.ALL, Kind.SHOWN, Kind.SELECTED]


def test_removed_images_are_in_no_group(model: ImageModel) -> None:
    ids = fill(model, SCORES[:10])
    model.remove(ids[:4])
    selected = np.array(ids)
    for kind in (Kind.ALL, Kind.SHOWN, Kind.SELECTED):
        choice = Choice(kind, title=kind.value)
        found = find_group(choice, model.library, model.order, selected, choice)
        assert found.image_ids.tolist() == ids[4:]


def test_another_order_is_the_same_group(model: ImageModel) -> None:
    fill(model, SCORES[:10])
    shown = Choice(Kind.SHOWN, title="Images shown")
    nobody = np.empty(0, dtype=np.int64)
    before = find_group(shown, model.library, model.order, nobody, shown)
    after = find_group(shown, model.library, model.order[::-1].copy(), nobody, shown)
    assert before.is_same(after)
