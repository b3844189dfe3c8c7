"""Folders are watched: what comes, goes and changes there is seen in the window."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from resmem_gui.library.records import Status
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.threads.watch_worker import FolderChange, WatchWorker
from resmem_gui.ui.window.main_window import MainWindow
from tests.ui.conftest import BrightnessScorer
from tests.ui.test_window import MakeImages, Settle, drop, files

#: A change is looked at 0.7 s after it, and a file is taken when it has rested for 1 s.
NOTICED_MS = 8_000
QUIET_MS = 1_500
LONG_AGO_NS = 1_600_000_000_000_000_000


def aged(path: Path) -> Path:
    os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS))
    return path


@pytest.fixture
def folder(qtbot: QtBot, window: MainWindow, make_images: MakeImages, settle: Settle) -> Iterator[Path]:
    """A watched folder with two images that are scored."""
    paths = [aged(path) for path in make_images(2)]
    drop(window, files(paths[0].parent))
    settle()
    watch = window.actions_by_name["watch"]
    watch.trigger()
    qtbot.wait(1_000)  # it has looked at all folders
    yield paths[0].parent
    watch.setChecked(False)
    qtbot.wait(1_000)  # see test_a_window_that_watches_ends_without_a_word_of_qt


@pytest.fixture
def wait_for(qtbot: QtBot) -> Callable[[Callable[[], bool]], None]:
    def wait(wanted: Callable[[], bool]) -> None:
        qtbot.waitUntil(wanted, timeout=NOTICED_MS)

    return wait


WaitFor = Callable[[Callable[[], bool]], None]


def id_of(controller: Controller, path: Path) -> int:
    image_id = controller.library.id_of(str(path))
    assert image_id is not None
    return image_id


def is_missing(controller: Controller, path: Path) -> bool:
    return bool(controller.library.missing[id_of(controller, path)])


def test_a_new_image_appears_and_is_scored(
    folder: Path, window: MainWindow, controller: Controller, wait_for: WaitFor, make_images: MakeImages
) -> None:
    shutil.copy(make_images(1, "elsewhere", first_grey=250)[0], folder / "new.png")
    (folder / "notes.txt").write_text("no image")
    wait_for(lambda: controller.library.count(Status.SCORED) == 3)
    assert controller.library.id_of(str(folder / "new.png")) is not None
    assert controller.model.rowCount() == 3
    assert controller.folders == [str(folder)]


def test_a_new_folder_with_images_appears_with_what_is_below_it(
    folder: Path, controller: Controller, wait_for: WaitFor, make_images: MakeImages
) -> None:
    made = make_images(2, "elsewhere/deep/deeper")
    for path in made:
        aged(path)
    shutil.move(made[0].parents[1], folder / "deep")
    wait_for(lambda: controller.library.count(Status.SCORED) == 4)
    shutil.copy2(aged(make_images(1, "again")[0]), folder / "deep" / "deeper" / "later.png")
    wait_for(lambda: controller.library.count(Status.SCORED) == 5)


def test_what_is_hidden_is_not_looked_at(
    qtbot: QtBot, folder: Path, controller: Controller, make_images: MakeImages
) -> None:
    shutil.copytree(aged(make_images(1, "elsewhere")[0]).parent, folder / ".thumbnails")
    qtbot.wait(QUIET_MS)
    assert controller.library.present_count == 2


def test_a_removed_image_is_marked_and_keeps_its_score_until_it_is_back(
    folder: Path, window: MainWindow, controller: Controller, scorer: BrightnessScorer, wait_for: WaitFor
) -> None:
    path = folder / "image1.png"
    record = controller.library.record(id_of(controller, path))
    kept = path.rename(folder.parent / "kept.png")
    wait_for(lambda: is_missing(controller, path))
    after = controller.library.record(id_of(controller, path))
    assert (after.score, after.status) == (record.score, Status.SCORED)
    assert "1 missing" in window.status_line.text()
    assert window.actions_by_name["find_missing"].isEnabled()
    assert sum(scorer.batches) == 2
    kept.rename(path)
    wait_for(lambda: not is_missing(controller, path))
    assert sum(scorer.batches) == 2, "it is the same as before"
    assert "missing" not in window.status_line.text()


def test_a_replaced_image_is_scored_again(
    folder: Path, controller: Controller, scorer: BrightnessScorer, wait_for: WaitFor, make_images: MakeImages
) -> None:
    path = folder / "image1.png"
    before = controller.library.record(id_of(controller, path)).score
    brighter = make_images(1, "elsewhere", first_grey=250)[0]
    brighter.replace(path)  # as editors save
    wait_for(lambda: controller.library.record(id_of(controller, path)).score not in (before, None))
    assert controller.library.record(id_of(controller, path)).score == pytest.approx(250 / 255, abs=1e-3)
    assert controller.model.rowCount() == 2
    assert sum(scorer.batches) == 3, "the other one is as it was"
    assert controller.histogram.n == 2


def test_an_image_that_came_while_watching_and_is_replaced_is_scored_again(
    qtbot: QtBot, folder: Path, controller: Controller, make_images: MakeImages, wait_for: WaitFor
) -> None:
    dark, bright = make_images(2, "elsewhere", first_grey=50)
    path = folder / "new.png"
    shutil.copy(dark, path)
    wait_for(lambda: controller.library.count(Status.SCORED) == 3)
    before = controller.library.record(id_of(controller, path)).score
    qtbot.wait(2_500)
    os.utime(bright)
    bright.replace(path)
    wait_for(lambda: controller.library.record(id_of(controller, path)).score not in (before, None))


def test_a_failed_image_that_is_replaced_by_a_whole_one_is_scored(
    folder: Path, controller: Controller, make_images: MakeImages, wait_for: WaitFor
) -> None:
    broken = folder / "broken.png"
    broken.write_text("no image")
    wait_for(lambda: controller.library.count(Status.FAILED) == 1)
    aged(make_images(1, "elsewhere")[0]).replace(broken)
    wait_for(lambda: controller.library.count(Status.SCORED) == 3)


def test_a_file_that_is_being_written_is_taken_when_it_rests(
    qtbot: QtBot, folder: Path, controller: Controller, make_images: MakeImages, wait_for: WaitFor
) -> None:
    content = make_images(1, "elsewhere", first_grey=200)[0].read_bytes()
    path, written = folder / "slow.png", threading.Event()

    def write() -> None:
        with path.open("wb") as file:
            for place in range(0, len(content), len(content) // 7):
                file.write(content[place : place + len(content) // 7])
                file.flush()
                time.sleep(0.25)
        written.set()

    thread = threading.Thread(target=write, name="slow disk")
    thread.start()
    while not written.is_set():
        qtbot.wait(20)
        assert written.is_set() or controller.library.present_count == 2, "it was taken too early"
    thread.join()
    wait_for(lambda: controller.library.count(Status.SCORED) == 3)
    assert controller.library.count(Status.FAILED) == 0


def test_an_image_removed_from_the_library_does_not_come_back_by_itself(
    folder: Path, controller: Controller, make_images: MakeImages, wait_for: WaitFor
) -> None:
    controller.remove([id_of(controller, folder / "image1.png")])
    shutil.copy2(aged(make_images(1, "elsewhere")[0]), folder / "new.png")
    wait_for(lambda: controller.library.id_of(str(folder / "new.png")) is not None)
    assert controller.library.id_of(str(folder / "image1.png")) is None


def test_when_watching_ends_nothing_comes_any_more(
    qtbot: QtBot, folder: Path, window: MainWindow, controller: Controller, make_images: MakeImages,
    wait_for: WaitFor,
) -> None:  # fmt: skip
    watch = window.actions_by_name["watch"]
    watch.trigger()
    shutil.copy2(aged(make_images(1, "elsewhere")[0]), folder / "new.png")
    (folder / "image1.png").unlink()
    qtbot.wait(QUIET_MS)
    assert controller.library.present_count == 2
    assert not is_missing(controller, folder / "image1.png")
    watch.trigger()
    wait_for(lambda: controller.library.count(Status.SCORED) == 3)
    assert is_missing(controller, folder / "image1.png"), "what happened meanwhile is seen then"


def test_a_folder_that_is_added_later_is_watched_too(
    qtbot: QtBot, folder: Path, window: MainWindow, controller: Controller, make_images: MakeImages,
    settle: Settle, wait_for: WaitFor,
) -> None:  # fmt: skip
    other = aged(make_images(1, "other")[0]).parent
    drop(window, files(other))
    settle()
    assert controller.folders == [str(folder), str(other)]
    for number, place in enumerate((folder, other)):
        shutil.copy2(aged(make_images(1, f"elsewhere {number}")[0]), place / "new.png")
    wait_for(lambda: controller.library.count(Status.SCORED) == 5)


def test_a_folder_that_is_removed_altogether_leaves_its_images_missing(
    folder: Path, controller: Controller, make_images: MakeImages, wait_for: WaitFor
) -> None:
    made = [aged(path) for path in make_images(2, "photos/deeper")]
    wait_for(lambda: controller.library.count(Status.SCORED) == 4)
    shutil.rmtree(folder)
    wait_for(lambda: len(controller.library.missing_ids()) == 4)
    assert controller.library.count(Status.SCORED) == 4
    assert made[0].parent.parent == folder


def test_a_subfolder_that_is_moved_away_leaves_its_images_missing(
    folder: Path, controller: Controller, make_images: MakeImages, wait_for: WaitFor, tmp_path: Path
) -> None:
    for path in make_images(2, "photos/deeper"):
        aged(path)
    wait_for(lambda: controller.library.count(Status.SCORED) == 4)
    (folder / "deeper").rename(tmp_path / "trash")
    wait_for(lambda: len(controller.library.missing_ids()) == 2)


def test_a_cleared_library_stays_empty(
    qtbot: QtBot, folder: Path, window: MainWindow, controller: Controller, make_images: MakeImages
) -> None:
    window.actions_by_name["clear"].trigger()
    assert controller.folders == []
    shutil.copy2(aged(make_images(1, "elsewhere")[0]), folder / "new.png")
    qtbot.wait(QUIET_MS)
    assert controller.library.present_count == 0
    assert window.actions_by_name["watch"].isChecked(), "the next folder is watched"


def test_what_was_noticed_before_the_library_was_cleared_does_not_come_into_the_empty_one(
    qtbot: QtBot, folder: Path, window: MainWindow, controller: Controller, make_images: MakeImages,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    noticed = threading.Event()
    real = WatchWorker._compare

    def compare(self: WatchWorker, folders: set[str]) -> FolderChange:
        change = real(self, folders)
        if change.new:
            noticed.set()
        return change

    monkeypatch.setattr(WatchWorker, "_compare", compare)
    shutil.copy2(aged(make_images(1, "elsewhere")[0]), folder / "new.png")
    assert noticed.wait(5)  # while the window does nothing else
    time.sleep(0.1)
    controller.clear()
    qtbot.wait(QUIET_MS)
    assert controller.library.present_count == 0


def test_folders_that_cannot_be_watched_are_counted_and_told(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    refused: list[str] = []

    class Refusing:
        def addPaths(self, paths: list[str]) -> list[str]:  # noqa: N802 - Qt's name
            refused.extend(paths)
            return paths

        def directories(self) -> list[str]:
            return []

    real = WatchWorker.__init__

    def init(self: WatchWorker, known: Callable[[], list[str]], give_way: Callable[[], None]) -> None:
        real(self, known, give_way)
        self._watcher = Refusing()  # type: ignore[assignment]

    monkeypatch.setattr(WatchWorker, "__init__", init)
    paths = make_images(1, "photos/deeper")
    drop(window, files(paths[0].parents[1]))
    settle()
    window.actions_by_name["watch"].trigger()
    qtbot.waitUntil(lambda: bool(window.notices.texts()))
    assert window.notices.texts()[0].startswith("2 folders cannot be watched: ")
    window.actions_by_name["watch"].trigger()
    qtbot.wait(1_000)


def test_no_thread_is_started_before_watching_is_wanted(window: MainWindow, make_images: MakeImages) -> None:
    assert "watch" not in {thread.objectName() for thread in window.findChildren(QThread)}


ENDING = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication
application = QApplication(sys.argv[:1])
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.sessions.watching import Watching
controller = Controller(lambda: None)
watching = Watching(controller)
controller.set_folders([sys.argv[1]])
watching.set_wanted(True)
loop = QEventLoop()
from PySide6.QtCore import QTimer
QTimer.singleShot(200, loop.quit)
loop.exec()
assert controller.shut_down()
del watching, controller
import gc
gc.collect()
"""


def test_a_window_that_watches_ends_without_a_word_of_qt(make_images: MakeImages) -> None:
    folder = make_images(1)[0].parent
    ended = subprocess.run(
        [sys.executable, "-c", ENDING, str(folder)], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "Timers cannot be stopped from another thread" not in ended.stderr
