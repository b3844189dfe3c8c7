"""The histogram with real mouse and keys: ranges, clicks, hovering, choices, pictures, words."""

import html
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pyqtgraph
import pytest
import shiboken6
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QEvent, QIODevice, QObject, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QImage,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPalette,
    QShortcut,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.analysis import histogram as curves
from resmem_gui.analysis.histogram import CELLS, LiveHistogram, prepare_curves
from resmem_gui.analysis.reference import Reference, load_lamem
from resmem_gui.library.filtering import Range
from resmem_gui.ui import theme
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.histogram import curve_library
from resmem_gui.ui.histogram.brush import Brush, Grip
from resmem_gui.ui.histogram.chart import LIBRARY, REFERENCE, SELECTION, Chart
from resmem_gui.ui.histogram.chart_painting import height_ticks
from resmem_gui.ui.histogram.chosen_range import ChosenRange
from resmem_gui.ui.histogram.content import Content, limit_text, percent
from resmem_gui.ui.histogram.options import Options, View
from resmem_gui.ui.histogram.panel import HistogramPanel
from resmem_gui.ui.histogram.picture import Picture
from resmem_gui.ui.histogram.plot import HistogramPlot
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.threads.background import Jobs
from resmem_gui.ui.window.main_window import MainWindow

SCORES = np.random.default_rng(3).normal(0.72, 0.08, 500).clip(0.4, 0.98).astype(np.float32)
Left = Qt.MouseButton.LeftButton
Key = Qt.Key
Modifier = Qt.KeyboardModifier


def in_range(scores: NDArray[np.float32], low: float, high: float) -> NDArray[np.bool_]:
    """Return what the filter lets through, which must be what the histogram counts."""
    return Range(low, high).contains(scores, 1.0)


@pytest.fixture
def histogram() -> LiveHistogram:
    made = LiveHistogram()
    made.add(SCORES)
    return made


@pytest.fixture(autouse=True)
def prepared() -> None:
    """Let curves be drawn at once, but in tests that say otherwise."""
    prepare_curves()


@pytest.fixture
def panel(qtbot: QtBot, jobs: Jobs, histogram: LiveHistogram) -> Iterator[HistogramPanel]:
    made = HistogramPanel(histogram, load_lamem(), jobs)
    made.resize(330, 300)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: made.plot is not None)
    QApplication.processEvents()
    yield made
    made.close()
    shiboken6.delete(made)  # nobody need wait for its throttles


@pytest.fixture
def plot(panel: HistogramPanel) -> HistogramPlot:
    assert panel.plot is not None
    return panel.plot


@pytest.fixture
def told(panel: HistogramPanel) -> list[object]:
    """Return the ranges that the panel tells."""
    ranges: list[object] = []
    panel.range_chosen.connect(ranges.append)
    return ranges


def place(plot: HistogramPlot, score: float, height: float = 0.5) -> QPoint:
    area = plot.frame.area
    return QPoint(round(plot.frame.x_of(score)), round(area.bottom() - height * area.height()))


def lay_out(plot: HistogramPlot) -> None:
    """Let pyqtgraph find out how wide its axis is: it knows when it has painted it."""
    for _ in range(2):
        plot.grab()
        QApplication.processEvents()


def drag(plot: HistogramPlot, begin: float, *way: float) -> None:
    lay_out(plot)
    QTest.mousePress(plot.viewport(), Left, Modifier.NoModifier, place(plot, begin))
    for score in way:
        QTest.mouseMove(plot.viewport(), place(plot, score))
    QTest.mouseRelease(plot.viewport(), Left, Modifier.NoModifier, place(plot, way[-1]))


def move_with(plot: HistogramPlot, score: float, modifiers: Qt.KeyboardModifier) -> None:
    here = QPointF(place(plot, score))
    there = QPointF(plot.viewport().mapToGlobal(here.toPoint()))
    QApplication.sendEvent(
        plot.viewport(), QMouseEvent(QEvent.Type.MouseMove, here, there, Left, Left, modifiers)
    )


def press_key(
    plot: HistogramPlot, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = Modifier.NoModifier
) -> None:
    for key in keys:
        QTest.keyClick(plot, key, modifiers)


def hover(plot: HistogramPlot, score: float, height: float = 0.5) -> None:
    lay_out(plot)
    there = place(plot, score, height)
    QTest.mouseMove(plot.viewport(), there + QPoint(1, 1))  # Qt drops a move to where the pointer was last
    QTest.mouseMove(plot.viewport(), there)


def hovered(plot: HistogramPlot) -> str:
    label = plot.viewport().findChild(QLabel)
    assert label is not None
    return label.text() if label.isVisible() else ""


# Choosing a range with the mouse


def test_a_drag_chooses_the_bars_between(
    qtbot: QtBot, panel: HistogramPanel, plot: HistogramPlot, told: list[object]
) -> None:
    drag(plot, 0.703, 0.75, 0.822)
    assert panel.chosen_range == (0.70, 0.82)
    assert told[-1] == (0.70, 0.82)
    count = in_range(SCORES, 0.70, 0.82).sum()
    assert f"Range 0.70 to 0.82: {count} images" in panel.summary()


def test_lines_are_as_wide_on_a_screen_of_finer_dots(
    plot: HistogramPlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def widths() -> list[float]:
        items = plot.getPlotItem().items
        return [item.opts["pen"].widthF() for item in items if isinstance(item, pyqtgraph.PlotCurveItem)]

    before = widths()
    assert min(before) >= 1
    monkeypatch.setattr(plot, "devicePixelRatioF", lambda: 2.0)
    QApplication.sendEvent(plot, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert widths() == [2 * width for width in before]


def test_a_drag_to_the_left_chooses_the_same(panel: HistogramPanel, plot: HistogramPlot) -> None:
    drag(plot, 0.822, 0.75, 0.703)
    assert panel.chosen_range == (0.70, 0.82)


def test_a_drag_beyond_the_axis_ends_where_scores_end(panel: HistogramPanel, plot: HistogramPlot) -> None:
    drag(plot, 0.9, 0.95, 1.2)
    assert panel.chosen_range == (0.90, 1.0)


def test_a_drag_within_one_bar_chooses_that_bar(panel: HistogramPanel, plot: HistogramPlot) -> None:
    panel.set_options({"bin_width": 0.10})
    drag(plot, 0.71, 0.76, 0.745)
    assert panel.chosen_range == (0.70, 0.80)


def test_with_alt_a_range_ends_where_the_pointer_is(panel: HistogramPanel, plot: HistogramPlot) -> None:
    panel.set_options({"bin_width": 0.10})
    lay_out(plot)
    begin = place(plot, 0.70)
    QTest.mousePress(plot.viewport(), Left, Modifier.NoModifier, begin)
    move_with(plot, 0.8, Modifier.AltModifier)
    move_with(plot, 0.837, Modifier.AltModifier)
    QTest.mouseRelease(plot.viewport(), Left, Modifier.AltModifier, place(plot, 0.837))
    assert panel.chosen_range is not None
    assert panel.chosen_range[1] == pytest.approx(0.837, abs=0.002)
    assert panel.chosen_range[1] != 0.84


def test_an_end_can_be_taken_hold_of(panel: HistogramPanel, plot: HistogramPlot) -> None:
    panel.show_range((0.60, 0.80))
    drag(plot, 0.80, 0.85, 0.90)
    assert panel.chosen_range == (0.60, 0.90)
    drag(plot, 0.60, 0.55, 0.50)
    assert panel.chosen_range == (0.50, 0.90)


def test_the_pointer_tells_what_can_be_dragged(panel: HistogramPanel, plot: HistogramPlot) -> None:
    panel.show_range((0.60, 0.80))
    shapes = []
    for score in (0.40, 0.60, 0.70):
        hover(plot, score)
        shapes.append(plot.viewport().cursor().shape())
    shape = Qt.CursorShape
    assert shapes == [shape.CrossCursor, shape.SplitHCursor, shape.OpenHandCursor]


def test_a_range_is_moved_by_its_inside_and_keeps_its_width(
    panel: HistogramPanel, plot: HistogramPlot
) -> None:
    panel.show_range((0.60, 0.80))
    drag(plot, 0.70, 0.75, 0.78)
    assert panel.chosen_range == (0.68, 0.88)
    drag(plot, 0.78, 0.9, 1.3)
    assert panel.chosen_range == (0.80, 1.0)


def test_dragging_an_end_onto_the_other_clears(
    panel: HistogramPanel, plot: HistogramPlot, told: list[object]
) -> None:
    panel.show_range((0.60, 0.80))
    drag(plot, 0.80, 0.70, 0.602)
    assert panel.chosen_range is None
    assert told[-1] is None


def test_a_double_click_clears(panel: HistogramPanel, plot: HistogramPlot, told: list[object]) -> None:
    panel.show_range((0.60, 0.80))
    QTest.mouseDClick(plot.viewport(), Left, Modifier.NoModifier, place(plot, 0.7))
    assert panel.chosen_range is None
    assert told == [None]


def test_escape_takes_a_drag_back(panel: HistogramPanel, plot: HistogramPlot) -> None:
    panel.show_range((0.60, 0.80))
    QTest.mousePress(plot.viewport(), Left, Modifier.NoModifier, place(plot, 0.80))
    QTest.mouseMove(plot.viewport(), place(plot, 0.85))
    QTest.mouseMove(plot.viewport(), place(plot, 0.90))
    assert panel.chosen_range == (0.60, 0.90)
    press_key(plot, Key.Key_Escape)
    QTest.mouseMove(plot.viewport(), place(plot, 0.95))
    QTest.mouseRelease(plot.viewport(), Left, Modifier.NoModifier, place(plot, 0.95))
    assert panel.chosen_range == (0.60, 0.80)


def test_a_long_drag_is_told_now_and_then_and_at_its_end(
    panel: HistogramPanel, plot: HistogramPlot, told: list[object]
) -> None:
    way = [0.5 + number / 100 for number in range(2, 41)]
    drag(plot, 0.5, *way)
    assert told[0] in [(0.50, 0.52), (0.50, 0.54)]
    assert told[-1] == (0.50, 0.90)
    assert len(told) < len(way) / 2


def test_nothing_is_told_twice(panel: HistogramPanel, plot: HistogramPlot, told: list[object]) -> None:
    panel.show_range((0.60, 0.80))
    drag(plot, 0.80, 0.85, 0.80)
    assert told in ([], [(0.60, 0.84), (0.60, 0.80)])
    told.clear()
    panel.show_range(None)
    panel.show_range((0.50, 0.70))
    assert panel.chosen_range == (0.50, 0.70)
    assert told == []


def test_a_range_that_is_still_to_be_told_is_not_replaced(qtbot: QtBot) -> None:
    parent = QObject()
    kept = ChosenRange(parent)
    told: list[object] = []
    kept.chosen.connect(told.append)
    kept.choose((0.60, 0.70), True)
    kept.choose((0.60, 0.80), True)
    kept.show((0.60, 0.70))  # the filter's answer to the first
    assert kept.score_range == (0.60, 0.80)
    qtbot.waitUntil(lambda: told == [(0.60, 0.70), (0.60, 0.80)])
    kept.show(None)
    assert kept.score_range is None


def test_the_filters_late_answer_does_not_disturb_a_drag(
    qtbot: QtBot, panel: HistogramPanel, plot: HistogramPlot, told: list[object]
) -> None:
    QTest.mousePress(plot.viewport(), Left, Modifier.NoModifier, place(plot, 0.60))
    QTest.mouseMove(plot.viewport(), place(plot, 0.70))
    QTest.mouseMove(plot.viewport(), place(plot, 0.80))
    qtbot.waitUntil(lambda: told[-1:] == [(0.60, 0.80)])
    qtbot.waitUntil(lambda: not panel._range._tell_soon.is_waiting)
    panel.show_range((0.60, 0.70))
    panel.redraw()
    QTest.mouseRelease(plot.viewport(), Left, Modifier.NoModifier, place(plot, 0.80))
    assert panel.chosen_range == (0.60, 0.80)
    qtbot.waitUntil(lambda: told[-2:] == [(0.60, 0.80), (0.60, 0.80)])


def test_a_range_shown_before_the_plot_is_made_is_on_it(
    qtbot: QtBot, jobs: Jobs, histogram: LiveHistogram
) -> None:
    panel = HistogramPanel(histogram, load_lamem(), jobs)
    qtbot.addWidget(panel)
    panel.resize(330, 300)
    panel.show_range((0.60, 0.80))
    panel.show()
    qtbot.waitUntil(lambda: panel.plot is not None)
    QApplication.processEvents()
    assert panel.plot is not None
    drag(panel.plot, 0.80, 0.85, 0.90)
    assert panel.chosen_range == (0.60, 0.90)


def test_the_range_is_drawn(panel: HistogramPanel, plot: HistogramPlot) -> None:
    def color(score: float) -> QColor:
        image: QImage = plot.grab().toImage()
        return image.pixelColor(place(plot, score, 0.02))

    before = color(0.61), color(0.75)
    panel.show_range((0.70, 0.82))
    assert color(0.61).lightness() > before[0].lightness(), "what is outside is veiled"
    assert color(0.75) == before[1]


# Clicks


@pytest.mark.parametrize("modifiers", [Modifier.NoModifier, Modifier.ControlModifier])
def test_a_click_tells_the_bar(
    panel: HistogramPanel, plot: HistogramPlot, told: list[object], modifiers: Qt.KeyboardModifier
) -> None:
    clicks: list[tuple[float, float, object]] = []
    panel.bar_clicked.connect(lambda low, high, keys: clicks.append((low, high, keys)))
    QTest.mouseClick(plot.viewport(), Left, modifiers, place(plot, 0.731))
    assert clicks == [(0.72, 0.74, modifiers)]
    assert told == []
    assert panel.chosen_range is None


def test_a_click_inside_a_range_leaves_the_range(panel: HistogramPanel, plot: HistogramPlot) -> None:
    clicks: list[float] = []
    panel.bar_clicked.connect(lambda low, _high, _keys: clicks.append(low))
    panel.show_range((0.60, 0.80))
    QTest.mouseClick(plot.viewport(), Left, Modifier.NoModifier, place(plot, 0.731))
    assert clicks == [0.72]
    assert panel.chosen_range == (0.60, 0.80)


def test_a_click_beside_the_plot_tells_nothing(panel: HistogramPanel, plot: HistogramPlot) -> None:
    clicks: list[float] = []
    panel.bar_clicked.connect(lambda low, _high, _keys: clicks.append(low))
    QTest.mouseClick(plot.viewport(), Left, Modifier.NoModifier, QPoint(3, 3))
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.MiddleButton, Modifier.NoModifier, place(plot, 0.7))
    assert clicks == []


def test_the_other_button_offers_the_menu(
    panel: HistogramPanel, plot: HistogramPlot, told: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    places: list[QPoint] = []
    monkeypatch.setattr(panel._menu, "popup", places.append)
    where = place(plot, 0.7)
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.RightButton, Modifier.NoModifier, where)
    on_screen = plot.viewport().mapToGlobal(where)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, on_screen)
    QApplication.sendEvent(plot.viewport(), event)
    assert places == [on_screen]
    assert told == []


# Hovering


def test_hovering_tells_count_and_share(panel: HistogramPanel, plot: HistogramPlot) -> None:
    hover(plot, 0.731)
    count = int(in_range(SCORES, 0.72, 0.74).sum())
    lines = hovered(plot).replace("\u00a0", " ").split("\n")
    assert lines[0] == "0.72 to 0.74"
    assert lines[1] == f"{count} of your 500 images ({count / 5:.1f} %)"
    assert re.fullmatch(r"LaMem: \d\.\d %", lines[2])


def test_hovering_follows_new_scores_and_ends_with_the_pointer(
    panel: HistogramPanel, plot: HistogramPlot, histogram: LiveHistogram, qtbot: QtBot
) -> None:
    hover(plot, 0.731)
    histogram.add(np.full(500, 0.73))
    panel.refresh()
    qtbot.waitUntil(lambda: "of your 1,000 images" in hovered(plot))
    QApplication.sendEvent(plot.viewport(), QEvent(QEvent.Type.Leave))
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))
    assert hovered(plot) == ""


def test_hovering_over_the_cumulative_view_tells_the_share_below(
    panel: HistogramPanel, plot: HistogramPlot
) -> None:
    panel.set_options({"view": "cumulative", "shows_reference": False})
    hover(plot, 0.731)
    share = in_range(SCORES, 0.0, 0.74).mean()
    assert hovered(plot).replace("\u00a0", " ") == f"Below 0.74\n{100 * share:.1f} % of your 500 images"


@pytest.mark.parametrize("score", [0.3, 0.7, 0.99])
@pytest.mark.parametrize("height", [0.02, 0.98])
def test_the_label_stays_within_the_plot(
    panel: HistogramPanel, plot: HistogramPlot, score: float, height: float
) -> None:
    hover(plot, score, height)
    label = plot.viewport().findChild(QLabel)
    assert label is not None
    assert plot.viewport().rect().contains(label.geometry())


# Keys


def test_keys_choose_move_and_adjust(
    qtbot: QtBot, panel: HistogramPanel, plot: HistogramPlot, told: list[object]
) -> None:
    plot.setFocus()
    press_key(plot, Key.Key_Left)
    assert "Range" not in panel.summary()
    press_key(plot, Key.Key_Return)
    begun = panel.chosen_range
    assert begun is not None
    bars = panel._content().library.bars(0.02)
    assert round(begun[0] / 0.02) == bars.argmax(), "it begins at the highest bar"
    low, high = begun
    press_key(plot, Key.Key_Right, Key.Key_Right, Key.Key_Left)
    assert panel.chosen_range == pytest.approx((low + 0.02, high + 0.02))
    press_key(plot, Key.Key_Right, Key.Key_Right, modifiers=Modifier.ShiftModifier)
    assert panel.chosen_range == pytest.approx((low + 0.02, high + 0.06))
    press_key(plot, Key.Key_Left, modifiers=Modifier.ShiftModifier)
    press_key(plot, Key.Key_Left, Key.Key_Left, modifiers=Modifier.ControlModifier)
    assert panel.chosen_range == pytest.approx((low - 0.02, high + 0.04))
    press_key(plot, Key.Key_End)
    assert panel.chosen_range == pytest.approx((low - 0.02, 1.0))
    press_key(plot, Key.Key_Home)
    qtbot.waitUntil(lambda: told[-1] == (0.0, 1.0))
    press_key(plot, Key.Key_Escape)
    qtbot.waitUntil(lambda: told[-1] is None)


def test_without_scores_a_range_begins_at_the_references_highest_bar(
    panel: HistogramPanel, plot: HistogramPlot, histogram: LiveHistogram
) -> None:
    histogram.clear()
    panel.set_options({})
    press_key(plot, Key.Key_Return)
    assert panel.chosen_range == (0.80, 0.82)


def test_delete_clears_the_range_and_removes_no_image(
    qtbot: QtBot, panel: HistogramPanel, plot: HistogramPlot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(panel)
    removals: list[str] = []
    for keys in ("Delete", "Left", "Escape"):
        QShortcut(QKeySequence(keys), window).activated.connect(partial(removals.append, keys))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    plot.setFocus()
    panel.show_range((0.60, 0.80))
    press_key(plot, Key.Key_Left, Key.Key_Delete, Key.Key_Delete)
    assert removals == []
    assert panel.chosen_range is None
    press_key(plot, Key.Key_Escape)
    assert removals == ["Escape"], "without a range Escape means what it means elsewhere"
    panel.setParent(None)


def test_the_plot_is_reached_by_tab_and_framed(
    qtbot: QtBot, panel: HistogramPanel, plot: HistogramPlot
) -> None:
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    button = panel.findChild(QToolButton)
    assert button is not None
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert button.hasFocus()
    corner = plot.grab().toImage().pixelColor(0, 0)
    QTest.keyClick(button, Key.Key_Tab)
    assert plot.hasFocus()
    assert plot.grab().toImage().pixelColor(0, 0) != corner


# What is shown


def test_few_selected_images_are_lines_and_many_a_distribution(panel: HistogramPanel) -> None:
    panel.mark(SCORES[:20])
    assert panel.marks == [pytest.approx(score) for score in SCORES[:20]]
    assert not panel._content().draws_selection
    panel.mark(SCORES[:21])
    assert panel.marks == []
    content = panel._content()
    assert content.draws_selection
    assert content.selection.n == 21
    assert [curve.style for curve in Chart.of(content, Options()).curves] == [REFERENCE, LIBRARY, SELECTION]


def test_the_legend_tells_the_numbers(qtbot: QtBot, panel: HistogramPanel) -> None:
    panel.mark(SCORES[:40])
    texts: list[str] = []

    def shown() -> list[str]:
        texts[:] = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
        return texts

    qtbot.waitUntil(lambda: "40" in shown())
    assert {"500", "58,741", f"{SCORES.mean():.3f}", f"{SCORES[:40].mean():.3f}"} <= set(texts)
    assert "bandw." not in texts
    panel.set_options({"view": "curve"})
    assert {"bandw.", f"{panel._content().library.bandwidth:.3f}"} <= set(shown())


def test_a_selection_of_one_bar_does_not_press_all_else_to_the_ground(panel: HistogramPanel) -> None:
    alone = Chart.of(panel._content(), Options())
    panel.mark(np.full(30, 0.75, dtype=np.float32))
    with_selection = Chart.of(panel._content(), Options())
    assert alone.top < with_selection.top <= 2 * alone.top
    assert with_selection.curves[-1].y.max() == with_selection.top


@pytest.mark.parametrize("view", list(View))
def test_each_view_without_the_reference_and_without_scores(
    panel: HistogramPanel, histogram: LiveHistogram, view: View
) -> None:
    panel.set_options({"view": view.value, "shows_reference": False})
    assert [curve.style for curve in Chart.of(panel._content(), panel._options).curves] == [LIBRARY]
    histogram.clear()
    panel.set_options({"view": view.value, "shows_reference": False})
    assert Chart.of(panel._content(), panel._options).curves == ()
    assert panel.grab().width() == 330


def test_the_axis_reaches_as_far_down_as_the_scores(
    panel: HistogramPanel, plot: HistogramPlot, histogram: LiveHistogram
) -> None:
    assert plot.frame.scores[0] == pytest.approx(0.18)
    histogram.add([0.1])
    panel.set_options({})
    assert plot.frame.scores[0] < 0


def test_the_colours_follow_the_palette(qtbot: QtBot, panel: HistogramPanel, plot: HistogramPlot) -> None:
    dark = QPalette(QColor("#353535"), QColor("#2b2b2b"))
    dark.setColor(QPalette.ColorRole.Base, QColor("#101010"))
    panel.setPalette(dark)
    assert plot.grab().toImage().pixelColor(1, 1) == QColor("#101010")


@pytest.mark.parametrize("ground", ["#ffffff", "#1e1e1e"])
def test_the_colour_of_the_selection_stands_out_from_the_ground(ground: str) -> None:
    def luminance(color: QColor) -> float:
        parts = np.array(color.getRgbF()[:3])  # type: ignore[index]
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    darker, lighter = sorted((luminance(theme.SELECTION_COLOR), luminance(QColor(ground))))
    assert (lighter + 0.05) / (darker + 0.05) >= 3.0


# Choices


def test_choices_are_made_in_the_menu_and_remembered(
    qtbot: QtBot, panel: HistogramPanel, tmp_path: Path
) -> None:
    def choose(text: str) -> None:
        menu = panel._menu
        actions = [*menu.actions(), *menu._widths.actions()]
        next(action for action in actions if action.text().replace("&", "").startswith(text)).trigger()

    changes: list[str] = []
    panel.options_changed.connect(lambda: changes.append("changed"))
    choose("Density Curve")
    choose("0.05")
    choose("Show Reference")
    assert len(changes) == 3
    assert panel.options() == {"view": "curve", "bin_width": 0.05, "shows_reference": False}
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    for name, value in panel.options().items():
        settings.setValue(name, value)
    settings.sync()
    again = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    panel.set_options({})
    assert panel.options() == Options().plain()
    panel.set_options({name: again.value(name) for name in panel.options()})
    assert panel.options() == {"view": "curve", "bin_width": 0.05, "shows_reference": False}
    assert [action.data() for action in panel._menu._widths.actions() if action.isChecked()] == [0.05]


def test_unknown_choices_are_passed_over() -> None:
    assert Options.of_plain({"view": "pie", "bin_width": "0.03", "colour": 1}) == Options()


def test_the_menu_clears_the_range(panel: HistogramPanel, told: list[object]) -> None:
    panel._menu.aboutToShow.emit()
    assert not panel._menu.clear_range.isEnabled()
    panel.show_range((0.60, 0.80))
    panel._menu.aboutToShow.emit()
    panel._menu.clear_range.trigger()
    assert told == [None]
    assert panel.chosen_range is None


# Words


def test_the_summary_says_what_there_is_to_see(panel: HistogramPanel) -> None:
    panel.mark(np.array([0.8, 0.9], dtype=np.float32))
    panel.show_range((0.60, 0.80))
    summary = panel.summary().replace("\u00a0", " ")
    lower, median, upper = np.quantile(SCORES, [0.25, 0.5, 0.75])
    assert summary.startswith(f"Your images: 500, mean {SCORES.mean():.2f}, sd {SCORES.std(ddof=1):.2f}")
    assert f"quartiles {lower:.2f}, {median:.2f}, {upper:.2f}." in summary
    assert re.search(r"Above the median of LaMem: \d+ \(\d+\.\d %\)\.", summary)
    assert "LaMem, 58,741 images measured on people: mean 0.76, sd 0.12." in summary
    assert f"Range 0.60 to 0.80: {in_range(SCORES, 0.6, 0.8).sum()} images" in summary
    assert summary.endswith("Selected: 2, mean 0.85.")


def test_the_summary_of_few_scores_claims_no_spread(histogram: LiveHistogram, panel: HistogramPanel) -> None:
    histogram.clear()
    assert panel.summary().startswith("No scores yet.")
    histogram.add([0.7])
    assert panel.summary().startswith("Your images: 1, mean 0.70. Above")


def test_screen_readers_hear_the_summary(qtbot: QtBot, panel: HistogramPanel, plot: HistogramPlot) -> None:
    assert plot.accessibleName() == "Histogram of memorability scores"
    assert plot.accessibleDescription() == panel.summary()
    panel.show_range((0.60, 0.80))
    qtbot.waitUntil(lambda: "Range 0.60 to 0.80" in plot.accessibleDescription())


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (0.00001, "0.1 %"), (0.0664, "6.6 %"), (0.99999, "99.9 %"), (1.0, "100 %")],
)
def test_only_none_is_0_and_only_all_is_100(share: float, text: str) -> None:
    assert percent(share).replace("\u00a0", " ") == text


@pytest.mark.parametrize(("score", "text"), [(0.7, "0.70"), (1.0, "1.00"), (0.705, "0.705")])
def test_limits_have_two_decimals_or_three(score: float, text: str) -> None:
    assert limit_text(score) == text


# The library of the curve


def test_bars_are_drawn_until_the_curve_is_ready(qtbot: QtBot, jobs: Jobs, panel: HistogramPanel) -> None:
    go_on = hold(jobs)
    curves._smoothing.cache_clear()
    panel.set_options({"view": "curve"})
    (shown,) = [label for label in panel.findChildren(QLabel) if label.text().startswith("Density")]
    assert shown.text() == "Density in bars of 0.02"
    assert panel.options()["view"] == "curve", "what was chosen is remembered"
    go_on.set()
    qtbot.waitUntil(lambda: shown.text() == "Density, smoothed (Gaussian kernel)")


def test_a_curve_that_cannot_be_drawn_says_why_once(
    qtbot: QtBot, panel: HistogramPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ImportError("No module named scipy")

    monkeypatch.setattr(curve_library, "prepare_curves", fail)
    curves._smoothing.cache_clear()
    told: list[Notice] = []
    panel.notice.connect(told.append)
    panel.set_options({"view": "curve"})
    qtbot.waitUntil(lambda: bool(told))
    panel.redraw()
    panel.redraw()
    qtbot.wait(50)
    assert [notice.text for notice in told] == [
        "The density curve cannot be drawn: No module named scipy. Bars are shown in its place."
    ]


def test_a_panel_that_has_gone_is_told_nothing(qtbot: QtBot, jobs: Jobs, histogram: LiveHistogram) -> None:
    go_on = hold(jobs)
    curves._smoothing.cache_clear()
    gone = HistogramPanel(histogram, load_lamem(), jobs)
    gone.set_options({"view": "curve"})
    shiboken6.delete(gone)
    done: list[object] = []
    jobs.submit(lambda: None, done.append, done.append)
    go_on.set()
    qtbot.waitUntil(lambda: bool(done))
    assert curves.curves_are_prepared()


def hold(jobs: Jobs) -> threading.Event:
    """Let jobs wait until the event is set."""
    go_on = threading.Event()
    jobs.submit(lambda: go_on.wait(10), lambda _: None, lambda _: None)
    return go_on


# Another reference


def test_the_reference_can_be_changed(
    qtbot: QtBot, panel: HistogramPanel, plot: HistogramPlot, tmp_path: Path
) -> None:
    before = plot.grab().toImage()
    people = np.random.default_rng(1).beta(40, 30, 321)
    own = Reference.from_scores(people, "Tom & Ann", {"citation": "Own data: <me>.csv"}, "user-tom-ann")
    panel.set_reference(own)
    assert plot.grab().toImage() != before
    assert "Tom & Ann, 321 images measured on people: mean 0.5" in panel.summary()
    texts = [label.text() for label in panel.findChildren(QLabel)]
    assert any("Tom &amp; Ann (people)" in text for text in texts)
    assert "321" in texts
    assert "Show &Reference (Tom && Ann)" in [action.text() for action in panel._menu.actions()]
    save(qtbot, panel, tmp_path / "histogram.svg")
    text = html.unescape((tmp_path / "histogram.svg").read_text(encoding="utf-8"))
    assert "Tom & Ann (measured on people)" in text
    assert "Tom & Ann, n = 321: Own data: <me>.csv" in text
    assert "LaMem" not in text


def test_a_long_name_does_not_widen_the_panel(panel: HistogramPanel) -> None:
    panel.set_options({"view": "curve"})
    before = panel.minimumSizeHint().width()
    name = "Photographs of the second year, all sessions"
    panel.set_reference(Reference.from_scores([0.2, 0.9], name, {}, "user-long"))
    assert panel.minimumSizeHint().width() <= before
    QApplication.processEvents()
    shown = [label for label in panel.findChildren(QLabel) if label.accessibleName() == f"{name} (people)"]
    assert len(shown) == 1
    assert "…" in shown[0].text()
    assert name in shown[0].toolTip()


def test_the_reference_can_be_changed_before_there_is_a_plot(
    qtbot: QtBot, jobs: Jobs, histogram: LiveHistogram
) -> None:
    panel = HistogramPanel(histogram, load_lamem(), jobs)
    qtbot.addWidget(panel)
    panel.set_reference(Reference.from_scores([0.2, 0.9], "Two", {}, "user-two"))
    assert "Two, 2 images measured on people: mean 0.55" in panel.summary()
    panel.show()
    qtbot.waitUntil(lambda: panel.plot is not None)


# Pictures


def test_a_png_has_twice_the_pixels_and_is_light(qtbot: QtBot, panel: HistogramPanel, tmp_path: Path) -> None:
    panel.setPalette(QPalette(QColor("#353535"), QColor("#2b2b2b")))
    notice = save(qtbot, panel, tmp_path / "histogram.png")
    assert notice.level is Level.SUCCESS
    image = QImage(str(tmp_path / "histogram.png"))
    assert (image.width(), image.height()) == (1600, 1120)
    assert image.pixelColor(2, 2) == QColor(Qt.GlobalColor.white)
    found = {image.pixelColor(x, 110 + y).name() for x in range(48, 68) for y in range(160)}
    assert {theme.LIBRARY_COLOR.name(), theme.REFERENCE_COLOR.name()} <= found, "the legend has its colours"


def test_an_svg_says_what_it_shows(qtbot: QtBot, panel: HistogramPanel, tmp_path: Path) -> None:
    panel.set_options({"view": "curve"})
    panel.mark(SCORES[:40])
    panel.show_range((0.60, 0.80))
    save(qtbot, panel, tmp_path / "histogram.SVG")
    text = (tmp_path / "histogram.SVG").read_text(encoding="utf-8")
    for words in ("Memorability of 500 images", "LaMem (measured on people)", "58,741", "Selected",
                  "bandwidth", "Khosla", "0.60 to 0.80", "Memorability score"):  # fmt: skip
        assert words in text
    renderer = QSvgRenderer(str(tmp_path / "histogram.SVG"))
    assert renderer.isValid()
    image = QImage(800, 560, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    assert image.pixelColor(2, 2) == QColor(Qt.GlobalColor.white)


def test_another_ending_and_a_folder_that_is_not_there_are_told(
    qtbot: QtBot, panel: HistogramPanel, tmp_path: Path
) -> None:
    notice = save(qtbot, panel, tmp_path / "histogram.gif")
    assert notice.level is Level.ERROR
    assert ".png or .svg" in notice.text
    notice = save(qtbot, panel, tmp_path / "nowhere" / "histogram.png")
    assert notice.level is Level.ERROR
    assert "could not be written: No such file or directory" in notice.text
    assert list(tmp_path.iterdir()) == []


def save(qtbot: QtBot, panel: HistogramPanel, path: Path) -> Notice:
    with qtbot.waitSignal(panel.notice) as told:
        panel._leaving._saving.save(path, panel._picture())
    notice = told.args[0]
    assert isinstance(notice, Notice)
    return notice


def test_the_menu_asks_where_to_save(qtbot: QtBot, panel: HistogramPanel, tmp_path: Path) -> None:
    panel._menu.save_picture.trigger()
    dialog = panel.findChild(QFileDialog)
    assert dialog is not None
    dialog.filterSelected.emit("SVG drawing (*.svg)")
    assert dialog.defaultSuffix() == "svg"
    with qtbot.waitSignal(panel.notice):
        dialog.fileSelected.emit(str(tmp_path / "chosen.svg"))
    dialog.reject()
    assert (tmp_path / "chosen.svg").stat().st_size > 1000


def test_picture_and_summary_can_be_copied(qtbot: QtBot, panel: HistogramPanel) -> None:
    clipboard = QGuiApplication.clipboard()
    panel._menu.copy_summary.trigger()
    assert clipboard.text() == panel.summary()
    panel._menu.copy_picture.trigger()
    qtbot.waitUntil(lambda: clipboard.image().width() == 1600)
    clipboard.clear()


@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize("count", [0, 1, 30])
def test_each_view_of_few_scores_can_be_painted(
    qtbot: QtBot, panel: HistogramPanel, view: View, count: int
) -> None:
    content = panel._content()
    few = LiveHistogram()
    few.add(SCORES[:count])
    content = Content(few.distribution(), content.reference, "LaMem", content.selection)
    image = Picture(content, Options(view), "Source", panel.font()).as_image()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "PNG")  # type: ignore[call-overload]


@given(st.floats(1e-3, 1e4))
def test_the_ticks_of_the_axis_are_few_and_within(top: float) -> None:
    ticks = height_ticks(top)
    assert ticks[0] == 0
    assert 2 <= len(ticks) <= 8
    assert ticks[-1] <= top * 1.0001
    assert ticks[-1] > top / 3


# In the window


def test_a_brush_filters_the_images_and_a_click_selects_them(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: Callable[..., list[Path]],
    settle: Callable[[], None],
) -> None:  # fmt: skip
    controller.add_paths([str(make_images(8)[0].parent)])
    settle()
    qtbot.waitUntil(lambda: window.histogram.plot is not None)
    plot, scores = window.histogram.plot, controller.library.present_scores()
    assert plot is not None
    lay_out(plot)
    drag(plot, 0.5, 0.7, 0.8)
    chosen = window.histogram.chosen_range
    assert chosen == (0.5, 0.8)
    wanted = int(in_range(scores, *chosen).sum())
    assert 0 < wanted < 8
    qtbot.waitUntil(lambda: controller.model.rowCount() == wanted)
    inside = float(scores[in_range(scores, *chosen)][0])
    QTest.mouseClick(plot.viewport(), Left, Modifier.NoModifier, place(plot, inside))
    qtbot.waitUntil(lambda: len(window.histogram.marks) == 1)
    controller.model.set_filter(controller.model.filter.without("scores"))
    assert window.histogram.chosen_range is None, "the range follows the filter"


# The brush by itself


@given(
    st.lists(st.tuples(st.floats(-0.2, 1.2), st.floats(-0.2, 1.2)), max_size=6),
    st.sampled_from([0.001, 0.01, 0.02, 0.05, 0.10]),
)
def test_whatever_is_dragged_the_range_is_one(drags: list[tuple[float, float]], step: float) -> None:
    brush = Brush()
    for begin, end in drags:
        brush.press(begin, 0.01)
        brush.drag((begin + end) / 2, step)
        brush.drag(end, step)
        brush.release()
        for direction in (-1, 1, 1):
            brush.move(direction, step)
            brush.move_end(Grip.LOW, direction, step)
            brush.move_end(Grip.HIGH, direction, step)
            if brush.range is not None:
                low, high = brush.range
                assert 0 <= low < high <= 1
                assert low * CELLS == pytest.approx(round(low * CELLS))


@pytest.mark.parametrize(
    ("before", "end", "direction", "after"),
    [
        ((0.703, 0.80), Grip.LOW, 1, (0.72, 0.80)),
        ((0.703, 0.80), Grip.LOW, -1, (0.70, 0.80)),
        ((0.78, 0.80), Grip.LOW, 1, (0.78, 0.80)),
        ((0.78, 0.80), Grip.HIGH, -1, (0.78, 0.80)),
        ((0.78, 1.0), Grip.HIGH, 1, (0.78, 1.0)),
        ((0.0, 0.50), Grip.LOW, -1, (0.0, 0.50)),
    ],
)
def test_ends_go_to_where_bars_begin_and_keep_one_between_them(
    before: tuple[float, float], end: Grip, direction: int, after: tuple[float, float]
) -> None:
    brush = Brush()
    brush.set_range(before)
    brush.move_end(end, direction, 0.02)
    assert brush.range == after


@pytest.mark.parametrize("wanted", [(0.5, 0.5), (0.8, 0.6), (1.2, 1.4)])
def test_a_range_with_nothing_in_it_is_none(wanted: tuple[float, float]) -> None:
    brush = Brush()
    brush.set_range(wanted)
    assert brush.range is None
