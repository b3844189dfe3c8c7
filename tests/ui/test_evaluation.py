"""Evaluation against people in windows: a table is chosen, compared, and its points are clicked."""

import csv
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QColor, QHideEvent, QImage, QPalette
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMainWindow, QPushButton, QTabWidget
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.ui.evaluation.charts import charts_of, ticks
from resmem_gui.ui.evaluation.commands import EvaluationCommands
from resmem_gui.ui.evaluation.evaluation_window import EvaluationWindow
from resmem_gui.ui.evaluation.picture import ChartPicture
from resmem_gui.ui.evaluation.plot import EvaluationPlot
from resmem_gui.ui.evaluation.tables import CategoriesTable, FiguresTable, LeftOutTable
from resmem_gui.ui.evaluation.truth_dialog import TruthDialog
from resmem_gui.ui.threads.background import Jobs
from tests.ui.conftest import WAIT_MS

MADE_BY: Final = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")
PREDICTED: Final = (0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80, 0.85, 0.60, 0.72)
PEOPLE: Final = (0.45, 0.60, 0.58, 0.70, 0.66, 0.80, 0.85, 0.88, 0.95, 0.30)


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.stop()
    made.join()


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def library() -> Library:
    made = Library()
    ids = made.add([f"/photos/{number}.jpg" for number in range(len(PREDICTED))])
    for image_id, score in zip(ids, PREDICTED, strict=True):
        made.set_scored(image_id, score, (40, 30), f"{image_id:064x}", MADE_BY)
    made.add(["/photos/waiting.jpg", "/photos/other.jpg"])
    return made


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["image_file", "category", "n_resp", "plain", "fa_corrected"])
        for number, score in enumerate(PEOPLE):
            writer.writerow([f"{number}.jpg", "sea" if number % 2 else "food", 99, score, score / 2])
        writer.writerow(["waiting.jpg", "sea", 99, 0.5, 0.4])
        writer.writerow(["gone.jpg", "sea", 99, 0.5, 0.4])
    return file


@pytest.fixture
def commands(qtbot: QtBot, library: Library, jobs: Jobs, settings: QSettings) -> Iterator[EvaluationCommands]:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.show()
    made = EvaluationCommands(library, load_lamem, jobs, settings, window, run=_run_fields)
    yield made
    for shown in QApplication.topLevelWidgets():
        shown.close()


def _run_fields(library: Library) -> dict[str, Any]:
    assert threading.current_thread() is not threading.main_thread()
    return {"images": len(library)}


def shown(kind: type[Any]) -> Any:
    found = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, kind)]
    return next((widget for widget in found if widget.isVisible()), None)


@pytest.fixture
def dialog(commands: EvaluationCommands) -> TruthDialog:
    commands.evaluate()
    made = shown(TruthDialog)
    assert isinstance(made, TruthDialog)
    return made


def offer(qtbot: QtBot, dialog: TruthDialog, path: Path) -> None:
    dialog.open_table(str(path))
    qtbot.waitUntil(dialog.compare_button.isEnabled, timeout=WAIT_MS)


@pytest.fixture
def window(qtbot: QtBot, dialog: TruthDialog, truth: Path) -> EvaluationWindow:
    offer(qtbot, dialog, truth)
    dialog.form.score.setCurrentText("plain")
    qtbot.waitUntil(dialog.compare_button.isEnabled, timeout=WAIT_MS)
    QTest.mouseClick(dialog.compare_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(EvaluationWindow) is not None, timeout=WAIT_MS)
    made = shown(EvaluationWindow)
    assert isinstance(made, EvaluationWindow)
    qtbot.waitExposed(made)
    QApplication.processEvents()
    return made


def plot_of(window: EvaluationWindow) -> EvaluationPlot:
    assert window.plot is not None
    return window.plot


def pixel(plot: EvaluationPlot, place: int) -> QPoint:
    x, y = plot.pixels()[place].round().astype(int).tolist()
    return QPoint(x, y)


def cells(table: Any) -> list[list[str]]:
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


# --- the dialog ----------------------------------------------------------------------------------


def test_columns_are_guessed_and_what_matches_is_shown(
    qtbot: QtBot, dialog: TruthDialog, truth: Path
) -> None:
    assert not dialog.compare_button.isEnabled()
    offer(qtbot, dialog, truth)
    columns = dialog.form.columns()
    assert columns is not None
    assert (columns.key, columns.category, columns.count) == ("image_file", "category", "n_resp")
    assert columns.score == "plain"
    assert "11 matched (11 by file name)" in dialog.state.text()
    assert ["gone.jpg (line 13)", "No such image here"] in cells(dialog.left_out)
    assert ["/photos/other.jpg", "Not in the table"] in cells(dialog.left_out)


def test_the_corrected_column_is_warned_of(qtbot: QtBot, dialog: TruthDialog, truth: Path) -> None:
    offer(qtbot, dialog, truth)
    assert not dialog.form.warning.isVisible()
    dialog.form.score.setCurrentText("fa_corrected")
    assert dialog.form.warning.isVisible()
    assert "false alarms" in dialog.form.warning.text()


def test_a_column_that_names_nothing_cannot_be_compared(
    qtbot: QtBot, dialog: TruthDialog, truth: Path
) -> None:
    offer(qtbot, dialog, truth)
    dialog.form.key.setCurrentText("category")
    assert not dialog.compare_button.isEnabled()
    qtbot.waitUntil(lambda: "At least 3" in dialog.state.text(), timeout=WAIT_MS)
    assert not dialog.compare_button.isEnabled()
    dialog.form.score.setCurrentIndex(0)
    assert "Choose the column" in dialog.state.text()


def test_what_is_no_table_is_told(qtbot: QtBot, dialog: TruthDialog, tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    file.write_bytes(b"PK\x03\x04")
    dialog.open_table(str(file))
    qtbot.waitUntil(lambda: "workbook" in dialog.state.text(), timeout=WAIT_MS)
    assert not dialog.compare_button.isEnabled()


def test_the_newest_table_counts(qtbot: QtBot, dialog: TruthDialog, truth: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("image,memorability\n0.jpg,0.5\n1.jpg,0.6\n2.jpg,0.7\n")
    dialog.open_table(str(truth))
    offer(qtbot, dialog, other)
    columns = dialog.form.columns()
    assert columns is not None
    assert columns.key == "image"
    assert "3 matched" in dialog.state.text()


def test_escape_gives_up_a_comparison(
    qtbot: QtBot, dialog: TruthDialog, truth: Path, jobs: Jobs, commands: EvaluationCommands
) -> None:
    offer(qtbot, dialog, truth)
    gate = threading.Event()
    held: list[bool] = []
    jobs.submit(lambda: held.append(gate.wait(WAIT_MS / 1000)), lambda _: None, lambda _: None)
    QTest.mouseClick(dialog.compare_button, Qt.MouseButton.LeftButton)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    gate.set()
    ended: list[object] = []
    jobs.submit(lambda: None, ended.append, ended.append)
    qtbot.waitUntil(lambda: bool(ended), timeout=WAIT_MS)
    assert held == [True]
    assert shown(EvaluationWindow) is None
    assert shown(TruthDialog) is None


def test_a_minimised_dialog_goes_on(qtbot: QtBot, dialog: TruthDialog, truth: Path, jobs: Jobs) -> None:
    offer(qtbot, dialog, truth)
    gate = threading.Event()
    jobs.submit(lambda: gate.wait(WAIT_MS / 1000), lambda _: None, lambda _: None)
    QTest.mouseClick(dialog.compare_button, Qt.MouseButton.LeftButton)
    hidden = QHideEvent()
    hidden.spontaneous = lambda: True  # type: ignore[method-assign] # as the system hides what is minimised
    dialog.hideEvent(hidden)
    gate.set()
    qtbot.waitUntil(lambda: shown(EvaluationWindow) is not None, timeout=WAIT_MS)


# --- the window ----------------------------------------------------------------------------------


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
    assert ["/photos/waiting.jpg", "Has no score"] in left_out
    assert ["gone.jpg (line 13)", "No such image here"] in left_out


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


@pytest.mark.parametrize("name", ["figures.json", "figures.csv"])
def test_figures_are_saved(qtbot: QtBot, window: EvaluationWindow, name: str, tmp_path: Path) -> None:
    _save(qtbot, window, "Save &Figures…", tmp_path / name)
    text = (tmp_path / name).read_text("utf-8-sig")
    if name.endswith("json"):
        fields = json.loads(text)
        assert fields["evaluation"]["n"] == 10
        assert fields["run"] == {"images": 12}
    else:
        assert text.startswith("group,figure,value")


@pytest.mark.parametrize("name", ["plot.png", "plot.svg"])
def test_the_plot_is_saved(qtbot: QtBot, window: EvaluationWindow, name: str, tmp_path: Path) -> None:
    window.charts.setCurrentIndex(1)
    _save(qtbot, window, "Save &Plot…", tmp_path / name)
    content = (tmp_path / name).read_bytes()
    if name.endswith("png"):
        image = QImage.fromData(content)
        assert (image.width(), image.height()) == (1600, 1200)
    else:
        assert b"<svg" in content
        assert content.count(b"<circle") == len(PREDICTED)


def test_a_plot_that_cannot_be_saved_is_told(qtbot: QtBot, window: EvaluationWindow, tmp_path: Path) -> None:
    _save(qtbot, window, "Save &Plot…", tmp_path / "plot.gif", until="ends in .png or .svg")
    _save(qtbot, window, "Save &Plot…", tmp_path / "none" / "plot.png", until="could not be written")


def test_what_is_saved_while_the_window_closes_is_written_and_harmless(
    qtbot: QtBot, window: EvaluationWindow, jobs: Jobs, tmp_path: Path
) -> None:
    gate = threading.Event()
    jobs.submit(lambda: gate.wait(WAIT_MS / 1000), lambda _: None, lambda _: None)
    window._save_figures()
    window._saving.save(str(tmp_path / "figures.csv"))
    window._saving.save(str(tmp_path / "none" / "figures.csv"))
    with qtbot.waitSignal(window.destroyed, timeout=WAIT_MS):
        window.close()
    gate.set()
    ended: list[object] = []
    jobs.submit(lambda: None, ended.append, ended.append)
    qtbot.waitUntil(lambda: bool(ended), timeout=WAIT_MS)
    assert (tmp_path / "figures.csv").exists()


def _save(qtbot: QtBot, window: EvaluationWindow, button: str, path: Path, until: str = "Written to") -> None:
    pressed = next(each for each in window.findChildren(QPushButton) if each.text() == button)
    QTest.mouseClick(pressed, Qt.MouseButton.LeftButton)
    dialog = window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()
    dialog.deleteLater()
    qtbot.waitUntil(
        lambda: any(until in label.text() for label in window.findChildren(QLabel)), timeout=WAIT_MS
    )
    qtbot.waitUntil(lambda: window.findChild(QFileDialog) is None, timeout=WAIT_MS)


def test_escape_closes_the_window_and_its_size_is_kept(
    qtbot: QtBot, window: EvaluationWindow, settings: QSettings
) -> None:
    window.resize(800, 560)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert shown(EvaluationWindow) is None
    assert settings.value("evaluation/geometry")


# --- charts --------------------------------------------------------------------------------------


def test_densities_have_area_one() -> None:
    from resmem_gui.analysis.evaluation import evaluate

    chance = np.random.default_rng(0)
    chart = charts_of(evaluate(chance.uniform(0.5, 0.8, 300), chance.uniform(0.4, 0.9, 300)))[3]
    for line in chart.lines:
        assert np.trapezoid(line.y, line.x) == pytest.approx(1.0, abs=0.01)


def test_equal_scores_can_be_drawn(qtbot: QtBot) -> None:
    from resmem_gui.analysis.evaluation import evaluate

    for chart in charts_of(evaluate([0.7, 0.7, 0.7], [0.7, 0.7, 0.7])):
        picture = ChartPicture(chart, "headline", "source", QApplication.font())
        assert QImage.fromData(picture.as_png()).width() == 1600


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.0, 1.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]), (-0.1, 0.1, [-0.1, -0.05, 0.0, 0.05, 0.1])],
)
def test_ticks_are_round_numbers(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high) == expected
