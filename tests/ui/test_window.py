"""The window with a small scorer in ResMem's place: every way a person uses it."""

import csv
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QMenu, QTextBrowser, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui import __version__
from resmem_gui.analysis import percentile_texts
from resmem_gui.images.discovery import FolderProblem
from resmem_gui.images.errors import ImageError
from resmem_gui.library.records import Status
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import ScorerError, create_scorer
from resmem_gui.ui import theme
from resmem_gui.ui.bringing_in.host_question import HostQuestion
from resmem_gui.ui.browsing.picture_label import PictureLabel
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.histogram import panel as histogram_panel
from resmem_gui.ui.network_view.network_view import NetworkView
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.running.run import RunState
from resmem_gui.ui.sessions.sessions import Sessions
from resmem_gui.ui.threads.discovery_worker import DiscoveryResult
from resmem_gui.ui.window.main_window import MainWindow
from tests.ui.conftest import WAIT_MS, BrightnessScorer

Settle = Callable[[], None]
MakeImages = Callable[..., list[Path]]


def drop(window: MainWindow, data: QMimeData) -> None:
    """Send the events that a drop from another program makes."""
    point = QPoint(window.width() // 2, window.height() // 2)
    actions, none = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.KeyboardModifier.NoModifier
    left = Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(point, actions, data, left, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(point), actions, data, left, none)
    QApplication.sendEvent(window, event)
    assert event.isAccepted()
    assert event.dropAction() == Qt.DropAction.CopyAction, "a move would let the file manager delete files"


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def names(controller: Controller) -> list[str]:
    model = controller.model
    return [model.index(row, Column.NAME).data() for row in range(model.rowCount())]


def click_row(view: QWidget, rect: object) -> None:
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, rect.center())  # type: ignore[attr-defined]


# Beginning


def test_the_empty_window_says_what_to_do(window: MainWindow) -> None:
    assert window.empty_state.isVisible()
    assert not window.grid.isVisible()
    assert not window.ranking.isVisible()
    assert not window.actions_by_name["export"].isEnabled()
    assert window.status_line.text() == "No images yet"


def test_a_dropped_folder_is_shown_scored_and_ranked(
    window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    folder = make_images(5)[0].parent
    make_images(2, "photos/deeper", first_grey=120)
    drop(window, files(folder))
    settle()
    assert window.grid.isVisible()
    assert window.ranking.isVisible()
    assert not window.empty_state.isVisible()
    assert controller.library.count(Status.SCORED) == 7
    scores = [controller.model.record(row).score or 0 for row in range(7)]
    assert scores == sorted(scores, reverse=True)
    assert controller.histogram.n == 7
    assert window.status_line.text() == "7 images · 7 scored · Test CPU"


def test_dropped_files_and_folders_mix(
    window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    first, second = make_images(2, "a")[0], make_images(3, "b")[0].parent
    drop(window, files(first, second))
    settle()
    assert controller.model.rowCount() == 4


def test_images_are_shown_before_they_are_scored(
    qtbot: QtBot,
    window: MainWindow,
    controller: Controller,
    scorer: BrightnessScorer,
    make_images: MakeImages,
) -> None:
    scorer.gate.clear()
    drop(window, files(*make_images(4)))
    qtbot.waitUntil(lambda: controller.model.rowCount() == 4)
    thumbnails = controller.thumbnails
    qtbot.waitUntil(lambda: all(thumbnails.pixmap(image_id) for image_id in range(4)), timeout=WAIT_MS)
    assert controller.library.count(Status.WAITING) == 4
    scorer.gate.set()
    qtbot.waitUntil(lambda: controller.library.count(Status.SCORED) == 4, timeout=WAIT_MS)


def test_zero_images_says_how_many_files_were_looked_at(
    window: MainWindow, tmp_path: Path, settle: Settle
) -> None:
    (tmp_path / "texts").mkdir()
    for number in range(3):
        (tmp_path / "texts" / f"{number}.txt").write_text("no image")
    drop(window, files(tmp_path / "texts"))
    settle()
    what_to_do = "Open or drop image files, such as JPEG or PNG, or folders that hold some."
    assert window.notices.texts() == [f"No images were found among 3 files. {what_to_do}"]
    assert window.empty_state.isVisible()


def test_an_address_of_another_machine_is_asked_about_and_not_fetched_before(
    qtbot: QtBot, window: MainWindow, controller: Controller
) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/photo.jpg")])
    drop(window, data)
    (question,) = window.findChildren(HostQuestion)
    qtbot.waitUntil(question.isVisible)
    assert "example.org" in question.text()
    QTest.keyClick(question, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.file_commands.bring_in.is_busy)
    assert controller.model.rowCount() == 0


def test_pasted_files_are_added(
    window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    QGuiApplication.clipboard().setMimeData(files(*make_images(2)))
    window.actions_by_name["paste"].trigger()
    settle()
    assert controller.library.count(Status.SCORED) == 2


def test_a_pasted_picture_is_kept_and_scored(
    qtbot: QtBot, window: MainWindow, controller: Controller, home: Path
) -> None:
    picture = QImage(60, 40, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    QGuiApplication.clipboard().setImage(picture)
    window.actions_by_name["paste"].trigger()
    qtbot.waitUntil(lambda: controller.library.count(Status.SCORED) == 1, timeout=WAIT_MS)
    record = controller.model.record(0)
    assert record.name.startswith("Pasted ")
    assert record.score == pytest.approx(1.0)
    assert Path(record.path).is_relative_to(home)


def test_an_empty_clipboard_says_so(window: MainWindow) -> None:
    QGuiApplication.clipboard().clear()
    window.actions_by_name["paste"].trigger()
    assert window.notices.texts() == ["There are no files and no picture on the clipboard."]


def test_open_files_and_open_folder(
    window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    chosen, folder = make_images(2, "a"), make_images(3, "b")[0].parent
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path) for path in chosen], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    window.actions_by_name["open_files"].trigger()
    window.empty_state.open_folder.click()
    settle()
    assert controller.library.count(Status.SCORED) == 5


# Selecting


def test_one_selection_in_grid_table_histogram_and_inspector(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    drop(window, files(*make_images(6)))
    settle()
    row = 2
    click_row(window.ranking.viewport(), window.ranking.visualRect(controller.model.index(row, Column.NAME)))
    assert window.selected_ids() == [controller.model.image_id(row)]
    assert [index.row() for index in window.grid.selectionModel().selectedRows()] == [row]
    shown = inspector_text(window)
    record = controller.model.record(row)
    assert record.name in shown
    assert "Rank 3 of 6 scored" in shown
    percentile = controller.model.standing.percentile(record.image_id)
    assert f"{percentile_texts.percentile_text(percentile)} of LaMem" in shown
    assert "percentile of LaMem, n = 58,741" in shown
    assert "40 × 30" in shown
    assert record.path in shown
    assert window.histogram.marks == [pytest.approx(record.score)]
    click_row(window.grid.viewport(), window.grid.visualRect(controller.model.index(0, 0)))
    assert window.ranking.currentIndex().row() == 0
    qtbot.waitUntil(lambda: "Rank 1 of 6 scored" in inspector_text(window))


def test_the_inspector_shows_what_the_network_saw(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    drop(window, files(*make_images(1)))
    settle()
    window.grid.setCurrentIndex(controller.model.index(0, 0))
    qtbot.waitUntil(lambda: network_input_size(window) == (227, 227), timeout=WAIT_MS)
    assert picture_size(window, "Preview") == (40, 30)


def test_several_images_are_counted(
    window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    drop(window, files(*make_images(4)))
    settle()
    window.grid.selectAll()
    assert "4 images are selected." in inspector_text(window)
    assert len(window.histogram.marks) == 4


def inspector_text(window: MainWindow) -> str:
    """Return all visible words of the inspector, without the places where a path may break."""
    labels = [label.text() for label in window.inspector.findChildren(QLabel) if label.isVisible()]
    return "\n".join(labels).replace("\u200b", "").replace("\u00a0", " ")


def picture_size(window: MainWindow, name: str) -> tuple[int, int] | None:
    """Return the size of one of the inspector's pictures, None while there is none."""
    labels = window.inspector.findChildren(PictureLabel)
    picture = next(label for label in labels if label.accessibleName() == name).picture
    return None if picture is None else (picture.width(), picture.height())


def network_input_size(window: MainWindow) -> tuple[int, int] | None:
    """Return the size of the picture of what the network saw, None while there is none."""
    view = window.inspector.findChildren(NetworkView)[0]
    seen = view.pictures[1]
    return None if seen is None else (seen.width(), seen.height())


# Running


def test_pause_holds_and_resume_goes_on(
    qtbot: QtBot, window: MainWindow, controller: Controller, scorer: BrightnessScorer,
    make_images: MakeImages, settle: Settle,
) -> None:  # fmt: skip
    scorer.gate.clear()
    drop(window, files(*make_images(12)))
    qtbot.waitUntil(lambda: controller.state is RunState.SCORING and controller.model.rowCount() == 12)
    window.actions_by_name["pause"].trigger()
    assert controller.state is RunState.PAUSED
    scorer.gate.set()  # the batch under way may end
    qtbot.wait(300)
    held_at = controller.library.count(Status.SCORED)
    assert held_at <= scorer.batch_size
    assert "Paused" in window.status_line.text()
    assert window.actions_by_name["pause"].text() == "&Resume"
    window.actions_by_name["pause"].trigger()
    settle()
    assert controller.library.count(Status.SCORED) == 12


def test_cancel_keeps_the_scores_and_offers_the_rest(
    qtbot: QtBot, window: MainWindow, controller: Controller, scorer: BrightnessScorer,
    make_images: MakeImages, settle: Settle,
) -> None:  # fmt: skip
    drop(window, files(*make_images(2)))
    settle()
    scorer.gate.clear()
    drop(window, files(*make_images(9, "more")))
    qtbot.waitUntil(lambda: controller.model.rowCount() == 11)
    window.actions_by_name["cancel"].trigger()
    assert controller.state is RunState.IDLE
    scorer.gate.set()
    qtbot.wait(200)
    assert controller.library.count(Status.SCORED) == 2, "results of the old run must be dropped"
    assert window.notices.texts() == ["Cancelled. 9 images without a score; the scores so far stay."]
    assert window.actions_by_name["pause"].text() == "&Score"
    window.actions_by_name["pause"].trigger()
    settle()
    assert controller.library.count(Status.SCORED) == 11


def test_more_images_can_be_added_while_running(
    qtbot: QtBot, window: MainWindow, controller: Controller, scorer: BrightnessScorer,
    make_images: MakeImages, settle: Settle,
) -> None:  # fmt: skip
    scorer.gate.clear()
    drop(window, files(*make_images(3, "a")))
    qtbot.waitUntil(lambda: controller.model.rowCount() == 3)
    drop(window, files(*make_images(4, "b")))
    qtbot.waitUntil(lambda: controller.model.rowCount() == 7)
    assert "0 of 7" in window.status_line.text()
    scorer.gate.set()
    settle()
    assert controller.library.count(Status.SCORED) == 7


def test_images_added_while_paused_wait_for_resume(
    qtbot: QtBot, window: MainWindow, controller: Controller, scorer: BrightnessScorer,
    make_images: MakeImages, settle: Settle,
) -> None:  # fmt: skip
    scorer.gate.clear()
    drop(window, files(*make_images(4, "a")))
    qtbot.waitUntil(lambda: controller.state is RunState.SCORING and controller.model.rowCount() == 4)
    controller.runs.pause()
    scorer.gate.set()
    drop(window, files(*make_images(4, "b")))
    qtbot.waitUntil(lambda: controller.model.rowCount() == 8)
    qtbot.wait(200)
    assert controller.library.count(Status.SCORED) <= scorer.batch_size
    controller.runs.resume()
    settle()
    assert controller.library.count(Status.SCORED) == 8


def test_the_progress_line_counts_and_names_the_device(
    window: MainWindow,
    controller: Controller,
    scorer: BrightnessScorer,
    make_images: MakeImages,
    settle: Settle,
) -> None:
    scorer.seconds = 0.15
    texts: list[str] = []
    controller.progress_changed.connect(lambda _: texts.append(window.status_line.text()))
    drop(window, files(*make_images(8)))
    settle()
    running = [text for text in texts if text.startswith("Scoring") and "images/s" in text]
    assert running, texts
    assert "of 8" in running[-1]
    assert "left" in running[-1]
    assert running[-1].endswith("Test CPU")
    assert any(f"image{number}.png" in text for text in running for number in range(1, 9))


def test_closing_in_mid_run_ends_at_once(
    qtbot: QtBot,
    window: MainWindow,
    controller: Controller,
    scorer: BrightnessScorer,
    make_images: MakeImages,
) -> None:
    scorer.gate.clear()
    drop(window, files(*make_images(30)))
    qtbot.waitUntil(lambda: controller.model.rowCount() == 30)
    window.close()
    scorer.gate.set()
    assert controller.shut_down()
    assert sum(scorer.batches) <= scorer.batch_size, "only the batch under way may be finished"


# Failing


def test_failed_files_are_rows_with_reasons_and_the_run_goes_on(
    window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    good = make_images(3)
    folder = good[0].parent
    (folder / "empty.jpg").touch()
    (folder / "text.png").write_text("this is not an image")
    whole = good[0].read_bytes()
    (folder / "cut.png").write_bytes(whole[: len(whole) // 2])
    drop(window, files(folder))
    settle()
    assert controller.library.count(Status.SCORED) == 3
    statuses = {
        name: controller.model.index(row, Column.STATUS).data() for row, name in enumerate(names(controller))
    }
    assert statuses["empty.jpg"] == "Failed: The file is empty (0 bytes)."
    assert statuses["text.png"].startswith("Failed: The content is not an image")
    assert statuses["cut.png"].startswith("Failed: The")
    assert window.notices.texts() == ["3 images could not be scored; the table says why."]
    assert window.status_line.text() == "6 images · 3 scored · 3 failed · Test CPU"


def test_a_mended_file_can_be_tried_again(
    window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    good, broken = make_images(2)
    content = broken.read_bytes()
    broken.write_bytes(b"")
    drop(window, files(good, broken))
    settle()
    broken.write_bytes(content)
    window.actions_by_name["retry"].trigger()
    settle()
    assert controller.library.count(Status.SCORED) == 2
    assert controller.histogram.n == 2
    assert window.notices.texts() == []


@pytest.mark.parametrize(
    "error", [ScorerError("The weights are missing. Install them."), RuntimeError("boom")]
)
def test_a_scorer_that_cannot_load_says_so_and_can_be_tried_again(
    window: MainWindow, controller: Controller, scorer: BrightnessScorer, make_images: MakeImages,
    settle: Settle, error: Exception, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    scorer.load_error = error
    drop(window, files(*make_images(3)))
    settle()
    assert str(error) in window.notices.texts()[0]
    assert controller.library.count(Status.WAITING) == 3
    scorer.load_error = None
    window.actions_by_name["pause"].trigger()
    settle()
    assert controller.library.count(Status.SCORED) == 3


# Changing the library


def test_removing_takes_images_out_and_leaves_their_files(
    window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    paths = make_images(4)
    drop(window, files(*paths))
    settle()
    window.grid.setCurrentIndex(controller.model.index(0, 0))
    window.actions_by_name["remove"].trigger()
    assert controller.model.rowCount() == 3
    assert controller.histogram.n == 3
    assert all(path.exists() for path in paths)
    drop(window, files(*paths))
    settle()
    assert controller.library.count(Status.SCORED) == 4


def test_removing_what_waits_lets_the_run_end(
    qtbot: QtBot, window: MainWindow, controller: Controller, scorer: BrightnessScorer,
    make_images: MakeImages, settle: Settle,
) -> None:  # fmt: skip
    scorer.gate.clear()
    drop(window, files(*make_images(6)))
    qtbot.waitUntil(lambda: controller.model.rowCount() == 6)
    window.grid.selectAll()
    window.actions_by_name["remove"].trigger()
    scorer.gate.set()
    settle()
    assert controller.model.rowCount() == 0
    assert controller.histogram.n == 0
    assert window.empty_state.isVisible()


def test_clearing_while_running_shows_the_empty_state(
    qtbot: QtBot, window: MainWindow, controller: Controller, scorer: BrightnessScorer,
    make_images: MakeImages, settle: Settle,
) -> None:  # fmt: skip
    scorer.gate.clear()
    drop(window, files(*make_images(6)))
    qtbot.waitUntil(lambda: controller.model.rowCount() == 6)
    window.actions_by_name["clear"].trigger()
    scorer.gate.set()
    assert window.empty_state.isVisible()
    qtbot.wait(200)
    assert controller.model.rowCount() == 0
    drop(window, files(*make_images(2, "new")))
    settle()
    assert controller.library.count(Status.SCORED) == 2


def test_orientation_as_upstream_scores_again_and_is_recorded(
    window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    drop(window, files(*make_images(2)))
    settle()
    before = controller.model.record(0).provenance
    window.actions_by_name["as_stored"].trigger()
    settle()
    after = controller.model.record(0).provenance
    assert before is not None
    assert after is not None
    assert "upright" in before.preprocessing
    assert "as-stored" in after.preprocessing
    assert controller.library.count(Status.SCORED) == 2
    assert controller.histogram.n == 2


# Taking out


def test_export_writes_the_rows_in_the_order_shown(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    drop(window, files(*make_images(5)))
    settle()
    window.actions_by_name["export"].trigger()
    (dialog,) = window.findChildren(QFileDialog)
    written = tmp_path / "chosen.csv"
    dialog.selectFile(str(tmp_path / "chosen"))
    dialog.accept()
    qtbot.waitUntil(written.exists, timeout=WAIT_MS)
    with written.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["file"] for row in table] == names(controller)
    assert [row["rank"] for row in table] == ["1", "2", "3", "4", "5"]
    assert {row["scorer"] for row in table} == {"Brightness 1"}
    qtbot.waitUntil(lambda: bool(window.notices.texts()))
    assert window.notices.texts() == [f"5 rows written to {written}"]


def test_an_export_that_fails_says_why(
    qtbot: QtBot, window: MainWindow, make_images: MakeImages, settle: Settle, tmp_path: Path,
    controller: Controller,
) -> None:  # fmt: skip
    drop(window, files(*make_images(1)))
    settle()
    controller.exports.export_table(tmp_path / "missing" / "scores.csv", [0])
    qtbot.waitUntil(lambda: bool(window.notices.texts()), timeout=WAIT_MS)
    assert "could not be written: No such file or directory." in window.notices.texts()[0]


def test_copy_puts_the_selected_rows_on_the_clipboard(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    drop(window, files(*make_images(4)))
    settle()
    QGuiApplication.clipboard().clear()
    window.grid.setCurrentIndex(controller.model.index(1, 0))
    window.actions_by_name["copy"].trigger()
    qtbot.waitUntil(lambda: "\t" in QGuiApplication.clipboard().text(), timeout=WAIT_MS)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 2
    assert lines[0].split("\t")[:3] == ["path", "file", "score"]
    assert names(controller)[1] in lines[1]


# Looks and memory


def test_size_and_panels_are_remembered(
    window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle, tmp_path: Path
) -> None:
    drop(window, files(*make_images(2)))
    settle()
    window.resize(721, 603)  # the offscreen platform's screen has 800 x 800
    window.grid.set_edge(208)
    window.actions_by_name["show_histogram"].trigger()
    assert not window.histogram.isVisible()
    window.close()
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    again = MainWindow(controller, Sessions(controller, create_scorer, None, controller), settings)
    again.show()
    assert again.size() == window.size()
    assert again.grid.edge == 208
    assert not again.histogram.isVisible()
    assert again.ranking.isVisible()
    again.close()
    again.deleteLater()


def test_the_first_start_tells_the_licence_once(qtbot: QtBot, controller: Controller, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "fresh.ini"), QSettings.Format.IniFormat)
    for expected in (1, 0):
        window = MainWindow(controller, Sessions(controller, create_scorer, None, controller), settings)
        assert len(window.notices.texts()) == expected
        window.close()
        window.deleteLater()


@pytest.mark.parametrize("appearance", ["Dark", "Light"])
def test_appearances(qtbot: QtBot, window: MainWindow, appearance: str) -> None:
    submenu = next(menu for menu in window.findChildren(QMenu) if menu.title() == "&Appearance")
    choices = {action.text(): action for action in submenu.actions()}
    system = window.palette().window().color()
    other = "Light" if appearance == "Dark" else "Dark"
    for name in (other, appearance):
        choices[name].trigger()
        qtbot.waitUntil(lambda name=name: theme.is_dark(window.palette()) == (name == "Dark"))  # type: ignore[misc]
        icon = window.actions_by_name["open_files"].icon().pixmap(24, 24).toImage()
        drawn = [
            icon.pixelColor(x, y) for x in range(24) for y in range(24) if icon.pixelColor(x, y).alpha() > 200
        ]
        assert all((color.lightness() > 128) == (name == "Dark") for color in drawn)
        assert drawn
    choices["System"].trigger()
    qtbot.waitUntil(lambda: window.palette().window().color() == system)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (
            "about",
            [
                __version__,
                "BSD 3-Clause",
                "non-commercial",
                "Needell",
                "Bainbridge",
                "10.1007/s42113-022-00126-5",
            ],
        ),
        ("reading", ["58,741", "percentile", "not valid for faces", "does not mean that 71 % of people"]),
    ],
)
def test_help_says_what_it_must(window: MainWindow, action: str, words: list[str]) -> None:
    window.actions_by_name[action].trigger()
    (dialog,) = window.findChildren(QDialog)
    text = dialog.findChildren(QTextBrowser)[0].toPlainText().replace("\n", " ")
    for word in words:
        assert word in text
    dialog.close()


def test_a_late_thumbnail_of_a_cleared_library_is_not_shown_for_another_image(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    drop(window, files(*make_images(2)))
    settle()
    old = controller.model.order.tolist()
    controller.clear()
    drop(window, files(*make_images(2, "new")))
    settle()
    assert not set(old) & set(controller.model.order.tolist())


# What a reviewer found


def test_a_pause_does_not_outlive_its_run(
    qtbot: QtBot, window: MainWindow, controller: Controller, scorer: BrightnessScorer,
    make_images: MakeImages, settle: Settle,
) -> None:  # fmt: skip
    scorer.gate.clear()
    drop(window, files(*make_images(2)))
    qtbot.waitUntil(lambda: controller.state is RunState.SCORING and controller.model.rowCount() == 2)
    controller.runs.pause()
    window.grid.selectAll()
    window.actions_by_name["remove"].trigger()
    assert controller.state is RunState.IDLE
    scorer.gate.set()
    drop(window, files(*make_images(3, "more")))
    settle()
    assert controller.library.count(Status.SCORED) == 3


def test_what_is_removed_is_not_scored(
    qtbot: QtBot, window: MainWindow, controller: Controller, scorer: BrightnessScorer,
    make_images: MakeImages, settle: Settle,
) -> None:  # fmt: skip
    scorer.gate.clear()
    drop(window, files(*make_images(40)))
    qtbot.waitUntil(lambda: controller.model.rowCount() == 40)
    controller.remove(list(range(5, 40)))
    assert "0 of 5" in window.status_line.text()
    scorer.gate.set()
    settle()
    assert controller.library.count(Status.SCORED) == 5
    assert sum(scorer.batches) <= 5 + scorer.batch_size


def test_nothing_is_scored_twice(
    qtbot: QtBot, window: MainWindow, controller: Controller, scorer: BrightnessScorer,
    make_images: MakeImages, settle: Settle,
) -> None:  # fmt: skip
    scorer.gate.clear()
    drop(window, files(*make_images(6)))
    qtbot.waitUntil(lambda: controller.model.rowCount() == 6)
    controller.runs.score_waiting()
    controller.runs.score_waiting()
    assert "0 of 6" in window.status_line.text()
    scorer.gate.set()
    settle()
    assert sum(scorer.batches) == 6


def test_images_found_for_a_cleared_library_do_not_come_back(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    controller.add_paths([str(path) for path in make_images(5)])
    time.sleep(0.3)  # found by now, and told to a window that is busy
    controller.clear()
    settle()
    qtbot.wait(100)
    assert controller.model.rowCount() == 0


def test_cancel_ends_the_walks_that_have_not_begun_too(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    first, second = make_images(3, "a")[0].parent, make_images(50, "b")[0].parent
    controller.add_paths([str(first)])
    controller.add_paths([str(second)])
    controller.cancel()
    settle()
    assert controller.model.rowCount() == 0


def test_ignoring_the_orientation_while_images_are_found_loses_none(
    window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    drop(window, files(make_images(50)[0].parent))
    window.actions_by_name["as_stored"].trigger()
    settle()
    assert controller.library.count(Status.SCORED) == 50
    assert {
        record.provenance.preprocessing for record in controller.library.records() if record.provenance
    } == {Preprocessing(upright=False).id}


def test_the_histogram_is_drawn_when_its_library_is_there(
    qtbot: QtBot, window: MainWindow, make_images: MakeImages, settle: Settle
) -> None:
    drop(window, files(make_images(3)[0].parent))
    settle()
    qtbot.waitUntil(lambda: window.histogram.plot is not None)
    plot = window.histogram.plot
    window.histogram.ask_for_plot()
    QApplication.processEvents()
    assert window.histogram.plot is plot, "there is one plot, however often it is asked for"


def test_a_histogram_that_cannot_be_drawn_says_why(
    qtbot: QtBot, controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str) -> None:
        raise ImportError(f"No module named {name}")

    monkeypatch.setattr(histogram_panel, "import_in_one_go", fail)
    panel = histogram_panel.HistogramPanel(controller.histogram, controller.model.reference, controller.jobs)
    qtbot.addWidget(panel)
    panel.show()
    sentence = "The histogram cannot be drawn: No module named pyqtgraph."
    qtbot.waitUntil(lambda: sentence in [label.text() for label in panel.findChildren(QLabel)])
    assert panel.plot is None


def test_a_lost_gpu_is_told_and_no_image_is_lost(
    window: MainWindow, controller: Controller, scorer: BrightnessScorer, make_images: MakeImages,
    settle: Settle,
) -> None:  # fmt: skip
    scorer.device, scorer.device_label, scorer.lost_after = "cuda", "Test GPU", 2
    drop(window, files(make_images(9)[0].parent))
    settle()
    assert controller.library.count(Status.SCORED) == 9
    devices = [record.provenance.device for record in controller.library.records() if record.provenance]
    assert sorted(set(devices)) == ["cpu", "cuda"], "each score names the device that made it"
    assert devices.count("cuda") == sum(scorer.batches[:2])
    (notice,) = window.notices.texts()
    assert "The GPU (Test GPU) failed. Scoring goes on with the CPU" in notice
    assert "Test CPU" in window.status_line.text()


def test_a_lost_gpu_without_a_cpu_to_go_on_with_is_told_and_can_be_tried_again(
    window: MainWindow, controller: Controller, scorer: BrightnessScorer, make_images: MakeImages,
    settle: Settle, qtbot: QtBot,
) -> None:  # fmt: skip
    scorer.device, scorer.lost_after = "cuda", 1
    scorer.gate.clear()
    drop(window, files(make_images(5)[0].parent))
    qtbot.waitUntil(lambda: scorer.loads == ["auto"] and controller.state is RunState.SCORING)
    scorer.load_error = ScorerError("The weights are gone.")
    scorer.gate.set()
    settle()
    assert "The weights are gone." in window.notices.texts()
    assert controller.library.count(Status.SCORED) == sum(scorer.batches)
    scorer.load_error = None
    scorer.lost_after = None
    controller.runs.score_waiting()
    settle()
    assert controller.library.count(Status.SCORED) == 5
    assert scorer.loads == ["auto", "cpu", "auto"], "nothing is scored with half a scorer"


def test_fast_decoding_is_a_choice_that_scores_again_and_is_named(
    window: MainWindow, controller: Controller, scorer: BrightnessScorer, make_images: MakeImages,
    settle: Settle,
) -> None:  # fmt: skip
    drop(window, files(make_images(3)[0].parent))
    settle()
    action = window.actions_by_name["fast_decoding"]
    assert not action.isChecked()
    action.trigger()
    settle()
    window.actions_by_name["as_stored"].trigger()
    settle()
    assert sum(scorer.batches) == 9
    recipe = Preprocessing(upright=False, fast_decoding=True)
    assert {
        record.provenance.preprocessing for record in controller.library.records() if record.provenance
    } == {recipe.id}
    assert "0.00" in action.toolTip(), "its error stands where it is chosen"


def test_one_failure_to_load_is_told_once_and_a_retry_works(
    qtbot: QtBot, window: MainWindow, controller: Controller, scorer: BrightnessScorer,
    make_images: MakeImages, settle: Settle,
) -> None:  # fmt: skip
    scorer.load_error = ScorerError("The weights are missing.")
    for number in range(4):
        drop(window, files(*make_images(2, f"folder {number}")))
    settle()
    assert window.notices.texts() == ["The weights are missing."]
    assert controller.library.count(Status.WAITING) == 8
    scorer.load_error = None
    controller.runs.score_waiting()
    settle()
    assert controller.library.count(Status.SCORED) == 8
    assert window.notices.texts() == []


def test_a_selected_image_stays_described_while_its_score_arrives(
    qtbot: QtBot, window: MainWindow, controller: Controller, scorer: BrightnessScorer,
    make_images: MakeImages, settle: Settle,
) -> None:  # fmt: skip
    scorer.gate.clear()
    controller.thumbnails.stop()  # so that thumbnails come with the scores alone
    drop(window, files(*make_images(30)))
    qtbot.waitUntil(lambda: controller.model.rowCount() == 30)
    window.grid.setCurrentIndex(controller.model.index(29, Column.NAME))
    assert "Waiting for its score." in inspector_text(window)
    scorer.gate.set()
    settle()
    assert "of 30 scored" in inspector_text(window)


def test_the_window_goes_at_once_though_a_preview_is_being_made(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    drop(window, files(*make_images(1)))
    settle()
    begun, gate = threading.Event(), threading.Event()

    def slow(_: object) -> None:
        begun.set()
        gate.wait(WAIT_MS / 1000)
        raise ImageError("The drive is gone.")

    monkeypatch.setattr(controller.previews, "_load", slow)
    window.grid.setCurrentIndex(controller.model.index(0, Column.NAME))
    assert begun.wait(5)
    window.close()
    assert not window.isVisible()
    assert controller.shut_down(0.2) is False, "a thread that hangs is noticed, not waited for"
    gate.set()


def test_two_pictures_pasted_within_a_second_are_two(
    qtbot: QtBot, window: MainWindow, controller: Controller
) -> None:
    for color in (Qt.GlobalColor.white, Qt.GlobalColor.black):
        picture = QImage(60, 40, QImage.Format.Format_RGB32)
        picture.fill(color)
        QGuiApplication.clipboard().setImage(picture)
        window.actions_by_name["paste"].trigger()
    qtbot.waitUntil(lambda: controller.library.count(Status.SCORED) == 2, timeout=WAIT_MS)
    assert sorted(record.score or 0 for record in controller.library.records()) == [0.0, pytest.approx(1.0)]


def test_many_unreadable_folders_are_one_notice(window: MainWindow, controller: Controller) -> None:
    problems = [
        FolderProblem(f"/secret/{number}", "This folder could not be read: Permission denied.")
        for number in range(60)
    ]
    controller._walks.ended.emit(DiscoveryResult(3, 3, problems, [], cancelled=False))
    assert window.notices.texts() == [
        "/secret/0: This folder could not be read: Permission denied. The same goes for 59 other folders."
    ]


def test_settings_that_make_no_sense_are_passed_over(controller: Controller, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "odd.ini"), QSettings.Format.IniFormat)
    settings.setValue("grid/edge", "abc")
    settings.setValue("window/geometry", "no geometry")
    settings.setValue("window/appearance", "Purple")
    made = MainWindow(controller, Sessions(controller, create_scorer, None, controller), settings)
    assert made.grid.edge == 144
    made.close()
    made.deleteLater()


def test_copy_takes_the_text_selected_in_the_inspector(
    window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    drop(window, files(*make_images(1)))
    settle()
    window.grid.setCurrentIndex(controller.model.index(0, Column.NAME))
    label = next(found for found in window.inspector.findChildren(QLabel) if found.text() == "40 × 30 pixels")
    window.activateWindow()
    label.setFocus()
    label.setSelection(0, 2)
    window.actions_by_name["copy"].trigger()
    assert QGuiApplication.clipboard().text() == "40"


def test_the_table_follows_the_image_selected_in_the_grid_and_no_other(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    drop(window, files(*make_images(60)))
    settle()
    model, grid, bar = controller.model, window.grid, window.ranking.verticalScrollBar()
    assert bar.maximum() > 0
    flags = QItemSelectionModel.SelectionFlag
    grid.selectionModel().setCurrentIndex(model.index(59, Column.NAME), flags.NoUpdate)
    qtbot.wait(400)
    assert bar.value() == 0, "it became the current one, but nobody has selected it"
    grid.selectionModel().setCurrentIndex(model.index(40, Column.NAME), flags.ClearAndSelect | flags.Rows)
    qtbot.waitUntil(lambda: window.ranking.visible_rows()[0] <= 40 <= window.ranking.visible_rows()[1])
