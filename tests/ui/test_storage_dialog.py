"""What is kept on disk is shown, and removed when somebody asks for it."""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.databases import DatabaseError
from resmem_gui.library.records import Status
from resmem_gui.scoring.framings import TEN_CROP
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.sessions.sessions import Sessions
from resmem_gui.ui.threads.background import Jobs
from resmem_gui.ui.window.main_window import MainWindow
from resmem_gui.ui.window.storage_dialog import Kept, StorageDialog
from tests.ui.conftest import WAIT_MS, BrightnessScorer
from tests.ui.test_window import MakeImages, drop, files


@dataclass
class Shelf:
    """Something that is kept."""

    size: int
    error: Exception | None = None
    gate: threading.Event = field(default_factory=threading.Event)
    cleared: int = 0

    def measure(self) -> int:
        assert self.gate.wait(WAIT_MS / 1000)
        return self.size

    def clear(self) -> None:
        if self.error is not None:
            raise self.error
        self.cleared += 1
        self.size = 1000


@pytest.fixture
def thumbnails() -> Shelf:
    made = Shelf(51_000)
    made.gate.set()
    return made


@pytest.fixture
def scores() -> Shelf:
    made = Shelf(2_500_000)
    made.gate.set()
    return made


@pytest.fixture
def dialog(jobs: Jobs, parent: QWidget, thumbnails: Shelf, scores: Shelf) -> Iterator[StorageDialog]:
    made = StorageDialog(
        [
            Kept("Thumbnails", "They come back.", "", thumbnails.measure, thumbnails.clear),
            Kept("Scores", "They do not.", "Are they to go?", scores.measure, scores.clear),
        ],
        jobs,
        parent,
    )
    made.open()
    yield made
    if parent.findChildren(StorageDialog):
        made.close()


def button(dialog: StorageDialog, beginning: str) -> QPushButton:
    found = [one for one in dialog.findChildren(QPushButton) if one.accessibleName().startswith(beginning)]
    return found[0]


def labels(dialog: StorageDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel) if label.text()]


def question(dialog: StorageDialog) -> QMessageBox:
    (box,) = [box for box in dialog.findChildren(QMessageBox) if box.isVisible()]
    return box


def answer(dialog: StorageDialog, text: str) -> None:
    buttons = question(dialog).buttons()
    next(one for one in buttons if one.text().replace("&", "") == text).click()


def wait_for_sizes(qtbot: QtBot, dialog: StorageDialog) -> None:
    qtbot.waitUntil(lambda: all(one.isEnabled() for one in dialog.findChildren(QPushButton)))


def test_sizes_are_shown_when_they_are_known(
    qtbot: QtBot, jobs: Jobs, parent: QWidget, thumbnails: Shelf
) -> None:
    thumbnails.gate.clear()
    kept = Kept("Thumbnails", "They come back.", "", thumbnails.measure, thumbnails.clear)
    dialog = StorageDialog([kept], jobs, parent)
    dialog.open()
    (clear,) = [one for one in dialog.findChildren(QPushButton) if one.text().startswith("Clear")]
    assert clear.text() == "Clear"
    assert not clear.isEnabled()
    thumbnails.gate.set()
    qtbot.waitUntil(clear.isEnabled)
    assert clear.text() == "Clear (51.0 kB)"
    assert clear.accessibleName() == "Clear thumbnails, frees 51.0 kB"
    assert labels(dialog) == ["<b>Thumbnails</b>", "They come back."]
    dialog.close()


def test_what_comes_back_by_itself_is_cleared_at_once_and_how_much_is_said(
    qtbot: QtBot, dialog: StorageDialog, thumbnails: Shelf, scores: Shelf
) -> None:
    wait_for_sizes(qtbot, dialog)
    clear = button(dialog, "Clear thumbnails")
    clear.click()
    assert not clear.isEnabled(), "not twice"
    qtbot.waitUntil(lambda: "50.0 kB freed." in labels(dialog))
    assert (thumbnails.cleared, scores.cleared) == (1, 0)
    assert clear.text() == "Clear (1.0 kB)"


def test_scores_go_only_after_a_question(qtbot: QtBot, dialog: StorageDialog, scores: Shelf) -> None:
    wait_for_sizes(qtbot, dialog)
    clear = button(dialog, "Clear scores")
    assert clear.text() == "Clear… (2.5 MB)"
    clear.click()
    assert question(dialog).text() == "Are they to go?"
    default = question(dialog).defaultButton()
    assert default is not None
    assert question(dialog).buttonRole(default) == QMessageBox.ButtonRole.RejectRole
    answer(dialog, "Cancel")
    qtbot.wait(50)
    assert scores.cleared == 0
    assert clear.isEnabled()
    clear.click()
    answer(dialog, "Clear")
    qtbot.waitUntil(lambda: "2.5 MB freed." in labels(dialog))
    assert scores.cleared == 1


def test_nothing_to_clear_cannot_be_cleared(qtbot: QtBot, jobs: Jobs, parent: QWidget) -> None:
    shelf = Shelf(0)
    shelf.gate.set()
    dialog = StorageDialog([Kept("Scores", "", "Sure?", shelf.measure, shelf.clear)], jobs, parent)
    dialog.open()
    qtbot.waitUntil(lambda: bool(dialog.findChildren(QPushButton)[0].accessibleName()))
    clear = button(dialog, "Clear scores")
    assert clear.text() == "Clear… (0 bytes)"
    assert not clear.isEnabled()
    dialog.close()


def test_a_failure_is_a_sentence(qtbot: QtBot, dialog: StorageDialog, thumbnails: Shelf) -> None:
    wait_for_sizes(qtbot, dialog)
    thumbnails.error = DatabaseError("The database cannot be used: the disk is full.")
    button(dialog, "Clear thumbnails").click()
    qtbot.waitUntil(lambda: "The database cannot be used: the disk is full." in labels(dialog))
    assert thumbnails.cleared == 0


def test_after_a_failure_it_can_be_tried_again(
    qtbot: QtBot, dialog: StorageDialog, thumbnails: Shelf
) -> None:
    wait_for_sizes(qtbot, dialog)
    thumbnails.error = DatabaseError("The database is in use.")
    clear = button(dialog, "Clear thumbnails")
    clear.click()
    qtbot.waitUntil(lambda: "The database is in use." in labels(dialog))
    assert clear.isEnabled()


@pytest.mark.parametrize("how", ["close", "reject", "escape"])
def test_closing_while_a_job_runs_is_harmless(
    qtbot: QtBot, dialog: StorageDialog, parent: QWidget, jobs: Jobs, thumbnails: Shelf, how: str
) -> None:
    wait_for_sizes(qtbot, dialog)
    thumbnails.gate.clear()
    button(dialog, "Clear thumbnails").click()
    if how == "escape":
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    else:
        getattr(dialog, how)()
    qtbot.waitUntil(lambda: not parent.findChildren(StorageDialog))
    thumbnails.gate.set()
    done: list[object] = []
    jobs.submit(lambda: None, done.append, done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert thumbnails.cleared == 1, "what was asked for is done"


# In the window, with the real stores


@pytest.fixture
def stored(
    qtbot: QtBot, tmp_path: Path, scorer: BrightnessScorer, make_images: MakeImages
) -> Iterator[tuple[MainWindow, Controller, list[Path]]]:
    """A window with both stores on disk and three images scored."""
    controller = Controller(
        lambda: scorer, store=tmp_path / "scores.sqlite", thumbnail_store=tmp_path / "thumbnails.sqlite"
    )
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    settings.setValue("licence/told", "yes")
    window = MainWindow(controller, Sessions(controller, lambda: scorer, None, controller), settings)
    window.show()
    paths = make_images(3)
    for path in paths:
        os.utime(path, (1_600_000_000, 1_600_000_000))
    drop(window, files(*paths))
    qtbot.waitUntil(lambda: controller.library.count(Status.SCORED) == 3, timeout=WAIT_MS)
    yield window, controller, paths
    window.close()
    assert controller.shut_down()
    window.deleteLater()
    controller.deleteLater()


def storage(qtbot: QtBot, window: MainWindow) -> StorageDialog:
    window.actions_by_name["storage"].trigger()
    (dialog,) = window.findChildren(StorageDialog)
    wait_for_sizes(qtbot, dialog)
    return dialog


def cleared(qtbot: QtBot, dialog: StorageDialog, done: Callable[[], bool]) -> None:
    qtbot.waitUntil(lambda: any(text.endswith(" freed.") for text in labels(dialog)), timeout=WAIT_MS)
    assert done()


def test_clearing_scores_keeps_those_in_the_window(
    qtbot: QtBot, stored: tuple[MainWindow, Controller, list[Path]]
) -> None:
    window, controller, _ = stored
    assert controller.memory.store.count() == 3
    dialog = storage(qtbot, window)
    button(dialog, "Clear scores").click()
    assert "have to be scored again" in question(dialog).text()
    answer(dialog, "Clear")
    cleared(qtbot, dialog, lambda: controller.memory.store.count() == 0)
    assert not button(dialog, "Clear scores").isEnabled()
    assert controller.library.count(Status.SCORED) == 3
    dialog.close()
    QApplication.processEvents()


def test_cautions_and_sensitivities_are_kept_and_go_with_the_scores(
    qtbot: QtBot, stored: tuple[MainWindow, Controller, list[Path]]
) -> None:
    window, controller, _ = stored
    library, memory = controller.library, controller.memory
    sha256s, made_by = [library.sha256(i) for i in range(3)], library.record(0).provenance
    assert made_by is not None

    def known() -> tuple[int, int]:
        framings = memory.store.find_sensitivities(sha256s, made_by, TEN_CROP.id)
        return len(framings), len(memory.find_traits(sha256s))

    controller.runs.measure_sensitivity(range(3), TEN_CROP)
    qtbot.waitUntil(lambda: known() == (3, 3), timeout=WAIT_MS)
    dialog = storage(qtbot, window)
    assert any("Cautions and sensitivities are kept with them." in text for text in labels(dialog))
    button(dialog, "Clear scores").click()
    assert "with cautions and sensitivities" in question(dialog).text()
    answer(dialog, "Clear")
    cleared(qtbot, dialog, lambda: known() == (0, 0))
    assert library.sensitivity(0) is not None, "those in the window stay"
    dialog.close()
    QApplication.processEvents()


def test_clearing_thumbnails_keeps_those_that_are_seen(
    qtbot: QtBot, stored: tuple[MainWindow, Controller, list[Path]], tmp_path: Path
) -> None:
    window, controller, _ = stored
    qtbot.waitUntil(lambda: all(controller.thumbnails.pixmap(i) for i in range(3)), timeout=WAIT_MS)
    before = controller.thumbnails.source.file_bytes()
    dialog = storage(qtbot, window)
    button(dialog, "Clear thumbnails").click()
    cleared(qtbot, dialog, lambda: controller.thumbnails.source.file_bytes() < before)
    assert all(controller.thumbnails.pixmap(image_id) for image_id in range(3))
    dialog.close()
    QApplication.processEvents()
