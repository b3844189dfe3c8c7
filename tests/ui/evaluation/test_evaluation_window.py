"""Figures, plots and tables of an evaluation; points are clicked."""

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSettings, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QTabWidget
from pytestqt.qtbot import QtBot

from resmem_gui.ui.evaluation.commands import EvaluationCommands
from resmem_gui.ui.evaluation.evaluation_window import EvaluationWindow
from resmem_gui.ui.evaluation.plot import EvaluationPlot
from resmem_gui.ui.evaluation.tables import CategoriesTable, FiguresTable, LeftOutTable
from resmem_gui.ui.hover_label import HoverLabel
from tests.ui.conftest import WAIT_MS
from tests.ui.evaluation.helpers import PEOPLE, PREDICTED, cells, shown


def plot_of(window: EvaluationWindow) -> EvaluationPlot:
    assert window.plot is not None
    return window.plot


def pixel(plot: EvaluationPlot, place: int) -> QPoint:
    x, y = plot.pixels()[place].round().astype(int).tolist()
    return QPoint(x, y)


def test_headline_and_tables_show_the_figures(window: EvaluationWindow) -> None:
    texts = " ".join(label.text() for label in window.findChildren(QLabel))
    assert "Spearman’s rho = " in texts
    assert "n = 10 images" in texts
    figures = {row[0]: row[1] for row in cells(window.findChild(FiguresTable))}
    bias = np.mean(PREDICTED) - np.mean(PEOPLE)
    assert figures["Bias"] == f"{bias:.4f}".replace("-", "−")
    categories = cells(window.findChild(CategoriesTable))
    assert [(row[0], row[1]) for row in categories] == [("food", "5"), ("sea", "5")]
    left_out = cells(window.findChild(LeftOutTable))
    assert ["waiting.jpg", "Has no score"] in left_out
    assert ["Line 13: gone.jpg", "No such image here"] in left_out
    notes = window.findChild(QPlainTextEdit)
    assert isinstance(notes, QPlainTextEdit)
    assert "11 matched" in notes.toPlainText()
    assert "1 matched image has no score: left out." in notes.toPlainText()
    assert "1 matched image has no score: left out." in texts


def test_a_click_on_a_point_wants_its_image(window: EvaluationWindow, commands: EvaluationCommands) -> None:
    spy = QSignalSpy(commands.image_wanted)
    plot = plot_of(window)
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel(plot, 8))
    assert [spy.at(number) for number in range(spy.count())] == [[8]]
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert spy.count() == 1


def test_pointing_at_a_point_names_its_image(window: EvaluationWindow) -> None:
    plot = plot_of(window)
    QTest.mouseMove(plot.viewport(), pixel(plot, 9) + QPoint(2, 1))
    assert any(
        "9.jpg: predicted 0.720, people 0.300, sea" in label.text() for label in window.findChildren(QLabel)
    )
    assert "9.jpg" in plot.accessibleDescription()


def test_a_long_name_stays_within_the_plot(window: EvaluationWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    plot = plot_of(window)
    monkeypatch.setattr(plot, "_name_of", lambda _: f"{'x' * 400}.jpg\npredicted 0.720")
    QTest.mouseMove(plot.viewport(), pixel(plot, 9))
    label = plot.findChild(HoverLabel)
    assert isinstance(label, HoverLabel)
    assert label.isVisible()
    assert plot.viewport().rect().contains(label.geometry())
    assert label.text().endswith("xxx.jpg\npredicted 0.720")


def test_points_are_walked_by_keys(window: EvaluationWindow, commands: EvaluationCommands) -> None:
    spy = QSignalSpy(commands.image_wanted)
    plot = plot_of(window)
    plot.setFocus()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Return, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_End):
        QTest.keyClick(plot, key)
    QTest.keyClick(plot, Qt.Key.Key_Right)  # nothing is beyond the last one
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(plot, key)
    QTest.keyClick(plot, Qt.Key.Key_Return)
    # By predicted score 0, 1 and 7 at the end; above 7 (0.88) is 8 (0.95), two below that is 6 (0.85).
    assert [spy.at(number)[0] for number in range(spy.count())] == [0, 1, 7, 8, 6]
    assert shown(EvaluationWindow) is window  # Enter closes nothing


def test_tab_goes_from_the_tabs_to_their_plot_and_on_to_the_tables(
    qtbot: QtBot, window: EvaluationWindow
) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT_MS)
    window.charts.setFocus()
    met = []
    for _ in range(2):
        QTest.keyClick(window, Qt.Key.Key_Tab)
        widget = window.focusWidget()
        assert widget is not None
        met.append(widget.accessibleName())
    assert met == ["Plot: Scatter", "Tables"]


def test_the_worst_are_listed_and_a_click_wants_the_image(
    window: EvaluationWindow, commands: EvaluationCommands
) -> None:
    spy = QSignalSpy(commands.image_wanted)
    tabs = window.findChild(QTabWidget)
    assert isinstance(tabs, QTabWidget)
    tabs.setCurrentWidget(window.worst)
    rows = cells(window.worst)
    assert rows[0] == ["9.jpg", "0.720", "0.300", "−0.420"]
    assert rows[1][0] == "8.jpg"
    place = window.worst.visualRect(window.worst.model().index(1, 0)).center()
    QTest.mouseClick(window.worst.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.keyClick(window.worst, Qt.Key.Key_Up)
    assert [spy.at(number)[0] for number in range(spy.count())] == [8, 9]


def test_each_tab_shows_its_plot(window: EvaluationWindow) -> None:
    plot = plot_of(window)
    titles = [window.charts.tabText(number) for number in range(window.charts.count())]
    assert titles == ["Scatter", "Residuals", "Calibration", "Distributions"]
    with_images = []
    for number in range(4):
        window.charts.setCurrentIndex(number)
        assert plot.accessibleName() == f"Plot: {titles[number]}"
        with_images.append(len(plot.pixels()) == 10)
    assert with_images == [True, True, False, False]


def test_colours_follow_the_palette(qtbot: QtBot, window: EvaluationWindow) -> None:
    dark = QPalette(QColor("#303030"), QColor("#202020"))
    dark.setColor(QPalette.ColorRole.Base, QColor("#101010"))
    window.setPalette(dark)
    qtbot.waitUntil(lambda: plot_of(window).backgroundBrush().color() == QColor("#101010"), timeout=WAIT_MS)


def test_lines_are_as_wide_on_a_screen_of_finer_dots(
    window: EvaluationWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def widths() -> list[float]:
        return [curve.opts["pen"].widthF() for curve in plot.getPlotItem().listDataItems()[:2]]

    plot = plot_of(window)
    assert widths() == [1.3, 2.0]
    monkeypatch.setattr(plot, "devicePixelRatioF", lambda: 2.0)
    QCoreApplication.sendEvent(plot, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert widths() == [2.6, 4.0]


def test_escape_closes_the_window_and_its_size_is_kept(
    qtbot: QtBot, window: EvaluationWindow, settings: QSettings
) -> None:
    window.resize(800, 560)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert shown(EvaluationWindow) is None
    assert settings.value("evaluation/geometry")
