"""What was found by breaking the program: nothing is lost, nothing claimed that does not hold."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from resmem_gui.library.records import Status
from resmem_gui.library.session import load_session
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.sessions import sessions as sessions_module
from resmem_gui.ui.threads import watch_worker
from resmem_gui.ui.window.main_window import MainWindow
from resmem_gui.ui.window.notices import NoticeArea
from tests.ui.conftest import WAIT_MS, BrightnessScorer
from tests.ui.test_sessions import Desk, MakeDesk, aged, desk, make_desk
from tests.ui.test_window import MakeImages, Settle, drop, files

__all__ = ["desk", "make_desk"]


@pytest.fixture
def foreign_store(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "scores.sqlite"
    path.parent.mkdir()
    path.write_bytes(b"what another program has written" * 100)
    return path


# Scores that only the window has


def question(window: MainWindow) -> QMessageBox | None:
    return next((box for box in window.findChildren(QMessageBox) if box.isVisible()), None)


def test_a_window_whose_scores_are_kept_closes_without_a_question(
    make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path
) -> None:
    kept = make_desk(store=tmp_path / "scores.sqlite")
    kept.add(*make_images(2))
    kept.window.close()
    assert not kept.window.isVisible()


def test_a_window_with_scores_of_its_own_asks_before_it_closes(
    make_desk: MakeDesk, make_images: MakeImages, foreign_store: Path
) -> None:
    only_here = make_desk(store=foreign_store)
    only_here.add(*make_images(2))
    only_here.window.close()
    box = question(only_here.window)
    assert only_here.window.isVisible()
    assert box is not None
    assert "in this window only" in box.text()
    cancel = box.button(QMessageBox.StandardButton.Cancel)
    cancel.click()
    assert only_here.window.isVisible()
    only_here.window.close()
    box = question(only_here.window)
    assert box is not None
    next(button for button in box.buttons() if button.text() == "Close Without").click()
    assert not only_here.window.isVisible()


def test_without_a_store_the_scores_are_saved_with_the_library(
    make_desk: MakeDesk,
    make_images: MakeImages,
    foreign_store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sessions_module, "_AUTOSAVE_MS", 50)
    folder = tmp_path / "autosave"
    desk = make_desk(store=foreign_store, autosave=folder)
    desk.scorer.seconds = 0.3
    drop(desk.window, files(*aged(*make_images(12))))

    def saved() -> int:
        sessions = list(folder.glob("*.resmem"))
        return sum(i.status is Status.SCORED for i in load_session(sessions[0]).images) if sessions else 0

    desk.qtbot.waitUntil(lambda: 0 < saved() < 12, timeout=WAIT_MS)  # in mid-run
    desk.settle()
    desk.window.close_without_asking()


def test_a_damaged_library_left_by_a_crash_makes_way_for_an_older_one(
    make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path
) -> None:
    first = make_desk()
    first.add(*aged(*make_images(3)))
    folder = tmp_path / "autosave"
    folder.mkdir()
    older = first.save(folder / "aaaa.resmem")
    newer = Path(shutil.copy(older, folder / "bbbb.resmem"))
    newer.write_bytes(newer.read_bytes()[:-40])
    os.utime(older, (1, 1))
    second = make_desk(autosave=folder)
    second.sessions.offer_left()
    second.wait_for_jobs()
    second.press("Go On")
    second.wait_for_jobs()
    assert "bbbb.resmem could not be opened." in second.texts()
    assert newer.with_suffix(".damaged").exists()
    second.sessions.offer_left()
    second.wait_for_jobs()
    second.press("Go On")
    second.qtbot.waitUntil(lambda: second.controller.model.rowCount() == 3, timeout=WAIT_MS)


# Files that go in mid-run


def test_files_that_go_while_scoring_are_missing_and_can_be_found(
    desk: Desk, make_images: MakeImages, tmp_path: Path
) -> None:
    paths = aged(*make_images(8))
    desk.scorer.gate.clear()
    drop(desk.window, files(*paths))
    desk.qtbot.waitUntil(lambda: desk.controller.model.rowCount() == 8)
    moved = paths[0].parent.rename(tmp_path / "moved")
    desk.scorer.gate.set()
    desk.settle()
    assert desk.controller.library.count(Status.FAILED) > 0
    assert len(desk.controller.library.missing_ids()) == desk.controller.library.count(Status.FAILED)
    assert desk.window.actions_by_name["find_missing"].isEnabled()
    desk.sessions.missing_files.find_below(str(moved))
    desk.wait_for_jobs()
    desk.settle()
    missing = len(desk.controller.library.missing_ids())
    assert missing == 0 or desk.controller.library.count(Status.SCORED) + missing == 8
    assert desk.controller.library.count(Status.FAILED) == 0
    assert "missing" not in desk.window.status_line.text() or missing


# Watched folders


@pytest.fixture
def watch(
    qtbot: QtBot, window: MainWindow, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Path], None]]:
    """Return what adds a folder and watches it, until the test ends."""
    monkeypatch.setattr(watch_worker, "_LOOK_AT_ALL_MS", 1_000)

    def start(folder: Path) -> None:
        drop(window, files(folder))
        settle()
        window.actions_by_name["watch"].trigger()
        qtbot.wait(1_000)

    yield start
    window.actions_by_name["watch"].setChecked(False)


def test_what_is_written_into_a_file_is_noticed_after_a_while(
    qtbot: QtBot, controller: Controller, make_images: MakeImages, watch: Callable[[Path], None]
) -> None:
    paths, (white,) = make_images(2), make_images(1, "white", first_grey=250)
    watch(paths[0].parent)
    with paths[0].open("r+b") as file:  # the name stays, and the folder knows nothing of it
        file.write(white.read_bytes())
        file.truncate()
    os.utime(paths[0], (2_000_000, 2_000_000))
    image_id = controller.library.id_of(str(paths[0]))
    assert image_id is not None
    qtbot.waitUntil(lambda: float(controller.library.scores[image_id]) > 0.9, timeout=WAIT_MS)


def test_a_renamed_file_keeps_its_score_and_is_one_image(
    qtbot: QtBot,
    controller: Controller,
    scorer: BrightnessScorer,
    make_images: MakeImages,
    watch: Callable[[Path], None],
) -> None:
    paths = aged(*make_images(2))
    watch(paths[0].parent)
    batches = len(scorer.batches)
    renamed = paths[0].rename(paths[0].with_name("renamed.png"))
    qtbot.waitUntil(lambda: controller.library.id_of(str(renamed)) == 0, timeout=WAIT_MS)
    qtbot.wait(500)
    assert controller.library.present_count == 2
    assert len(controller.library.missing_ids()) == 0
    assert len(scorer.batches) == batches


# Notices


def test_many_notices_leave_room_and_none_is_lost(qtbot: QtBot) -> None:
    area = NoticeArea()
    qtbot.addWidget(area)
    for number in range(5):
        area.show_notice(Notice(str(number), Level.INFO, f"Notice {number}"))
    area.show()

    def shown() -> list[str]:
        return [bar.notice.text for bar in area._bars.values() if bar.isVisibleTo(area)]

    assert shown() == ["Notice 2", "Notice 3", "Notice 4"]
    area.dismiss("3")
    assert shown() == ["Notice 1", "Notice 2", "Notice 4"]
    assert len(area.texts()) == 4
