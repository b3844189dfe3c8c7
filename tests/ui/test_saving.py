"""What comes of a file is told in the window that asked for it, or by a notice if that was closed."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.saving import not_written, save_file
from resmem_gui.ui.threads.background import Jobs


class Desk:
    """A window that asks for a file, which is written when the gate opens."""

    def __init__(self, folder: Path) -> None:
        self.jobs = Jobs()
        self.notices: list[Notice] = []
        self.jobs.notice.connect(self.notices.append)
        self.window = QDialog()
        self.window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.window.show()
        self.path = folder / "figures.csv"
        self.gate = threading.Event()
        self.saved: list[int] = []
        self.failed: list[str] = []

    def save(self) -> None:
        def write() -> int:
            self.gate.wait(5)
            return self.path.write_bytes(b"figures")

        save_file(self.jobs, self.window, self.path, write, self.saved.append, self.failed.append)

    @property
    def is_told(self) -> bool:
        return bool(self.notices or self.saved or self.failed)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.gate.set()
    if shiboken6.isValid(made.window):
        made.window.close()
    made.jobs.stop()
    made.jobs.join()


def test_a_window_is_told_what_came_of_it(qtbot: QtBot, desk: Desk) -> None:
    desk.gate.set()
    desk.save()
    qtbot.waitUntil(lambda: desk.is_told)
    assert (desk.saved, desk.failed, desk.notices) == ([7], [], [])


def test_a_window_is_told_why_it_failed_and_what_to_do(qtbot: QtBot, desk: Desk) -> None:
    desk.path = desk.path / "below a file that is not there"
    desk.gate.set()
    desk.save()
    qtbot.waitUntil(lambda: desk.is_told)
    assert desk.failed == [f"{desk.path} could not be written: No such file or directory. Save it elsewhere."]
    assert (desk.saved, desk.notices) == ([], [])


def test_a_minimised_window_is_told(qtbot: QtBot, desk: Desk) -> None:
    desk.window.showMinimized()
    desk.gate.set()
    desk.save()
    qtbot.waitUntil(lambda: desk.is_told)
    assert desk.saved == [7]


@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_failure_after_the_window_was_closed_is_a_notice_that_stays(
    qtbot: QtBot, desk: Desk, caplog: pytest.LogCaptureFixture, is_deleted: bool
) -> None:
    desk.window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, is_deleted)
    desk.path = desk.path / "below a file that is not there"
    desk.save()
    desk.window.close()
    if is_deleted:
        qtbot.waitUntil(lambda: not shiboken6.isValid(desk.window))
    with caplog.at_level(logging.WARNING):
        desk.gate.set()
        qtbot.waitUntil(lambda: desk.is_told)
    (notice,) = desk.notices
    assert notice.text.startswith(f"{desk.path} could not be written")
    assert notice.level is Level.ERROR
    assert not notice.goes_by_itself
    assert (desk.saved, desk.failed) == ([], [])
    assert "was not written" in caplog.text
    if not is_deleted:
        desk.window.deleteLater()


def test_a_success_after_the_window_was_closed_is_a_notice(qtbot: QtBot, desk: Desk) -> None:
    desk.save()
    desk.window.close()
    desk.gate.set()
    qtbot.waitUntil(lambda: desk.is_told)
    assert [notice.text for notice in desk.notices] == [f"{desk.path} was written."]
    assert desk.notices[0].goes_by_itself


def test_notices_of_two_files_do_not_take_each_others_place(qtbot: QtBot, desk: Desk) -> None:
    desk.path = desk.path / "none"
    desk.save()
    desk.path = desk.path.with_name("another")
    desk.save()
    desk.window.close()
    desk.gate.set()
    qtbot.waitUntil(lambda: len(desk.notices) == 2)
    assert desk.notices[0].key != desk.notices[1].key


def test_an_error_without_words_is_named() -> None:
    assert not_written(Path("a.csv"), MemoryError()) == (
        "a.csv could not be written: MemoryError. Save it elsewhere."
    )
