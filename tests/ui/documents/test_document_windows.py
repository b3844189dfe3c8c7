"""What the windows of contact sheets and reports have in common."""

import errno
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from resmem_gui.export.report.content import ReportSource
from resmem_gui.ui.contact_sheet import writing
from resmem_gui.ui.contact_sheet.contact_sheet_dialog import ContactSheetDialog, show_contact_sheet
from resmem_gui.ui.contact_sheet.contents import SheetItem
from resmem_gui.ui.contact_sheet.page_painter import Picture
from resmem_gui.ui.documents.progress import Progress
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.report import making
from resmem_gui.ui.report.choices_form import Scope
from resmem_gui.ui.report.report_dialog import ReportDialog, show_report
from resmem_gui.ui.threads.background import Jobs
from tests.ui.conftest import WAIT_MS
from tests.ui.documents.reports import COUNTS
from tests.ui.documents.sheets import FACTS

Window = ContactSheetDialog | ReportDialog
Open = Callable[[Jobs, QMainWindow], Window]


@pytest.fixture(params=["contact sheet", "report"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def open_window(
    kind: str,
    pictured: list[SheetItem],
    take: Callable[[Scope], Callable[[], ReportSource]],
    settings: QSettings,
) -> Open:
    """Return what opens one of the two windows."""
    if kind == "report":
        return lambda jobs, window: show_report(COUNTS, take, jobs, settings, window)
    return lambda jobs, window: show_contact_sheet(pictured, FACTS, jobs, settings, window)


@pytest.fixture
def dialog(qtbot: QtBot, open_window: Open, jobs: Jobs, window: QMainWindow) -> Iterator[Window]:
    made = open_window(jobs, window)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # so that tests can look at it afterwards
    qtbot.waitExposed(made)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Hold decoding for contact sheets and the making of reports back until it is opened."""
    opened = threading.Event()
    load, make = writing.load_picture, making.make_report

    def wait_and_load(path: str, edge: int) -> Picture:
        assert opened.wait(WAIT_MS / 1000)
        return load(path, edge)

    def wait_and_make(*arguments: Any) -> making.Made:
        assert opened.wait(WAIT_MS / 1000)
        return make(*arguments)

    monkeypatch.setattr(writing, "load_picture", wait_and_load)
    monkeypatch.setattr(making, "make_report", wait_and_make)
    yield opened
    opened.set()


def test_what_cannot_be_written_is_told(qtbot: QtBot, dialog: Window, tmp_path: Path) -> None:
    dialog.save_to(str(tmp_path / "no folder" / "out.pdf"))
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=WAIT_MS)
    assert "could not be written: No such file" in dialog.message.text()
    assert "Save it elsewhere." in dialog.message.text()
    assert dialog.open_button.isHidden()


def test_what_is_chosen_cannot_change_while_it_is_made(
    qtbot: QtBot, dialog: Window, kind: str, gate: threading.Event, tmp_path: Path
) -> None:
    dialog.save_to(str(tmp_path / "out.pdf"))
    assert dialog.message.text() == f"The {kind} is being made…"
    enabled = [button for button in dialog.findChildren(QAbstractButton) if button.isEnabled()]
    assert [button for button in enabled if button.isVisible()] == [dialog.close_button]
    assert not dialog.form.isEnabled()
    with qtbot.waitSignal(dialog.saved, timeout=WAIT_MS):
        gate.set()
    assert dialog.form.isEnabled()
    assert dialog.open_button.isVisible()
    assert dialog.close_button.text() == "Close"


def test_escape_cancels_and_the_window_stays(
    qtbot: QtBot, dialog: Window, gate: threading.Event, tmp_path: Path
) -> None:
    dialog.save_to(str(tmp_path / "out.pdf"))
    assert dialog.close_button.text() == "Cancel"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    gate.set()
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=WAIT_MS)
    assert dialog.isVisible()
    assert "Cancelled" in dialog.message.text()
    assert not (tmp_path / "out.pdf").exists()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_button_cancels_and_then_closes(
    qtbot: QtBot, dialog: Window, gate: threading.Event, tmp_path: Path
) -> None:
    dialog.save_to(str(tmp_path / "out.pdf"))
    QTest.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)
    gate.set()
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=WAIT_MS)
    assert dialog.isVisible()
    QTest.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()


def test_closing_while_saving_leaves_nothing_behind(
    qtbot: QtBot, open_window: Open, gate: threading.Event, tmp_path: Path
) -> None:
    jobs, window = Jobs(), QMainWindow()
    qtbot.addWidget(window)
    dialog = open_window(jobs, window)
    dialog.save_to(str(tmp_path / "out.pdf"))
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    gate.set()
    jobs.stop()
    qtbot.waitUntil(lambda: jobs.has_ended, timeout=WAIT_MS)
    qtbot.wait(20)  # what the job still answers arrives
    assert not [file for file in tmp_path.iterdir() if file.suffix in (".part", ".pdf")]


def test_a_failure_after_closing_is_a_notice(
    qtbot: QtBot, dialog: Window, jobs: Jobs, kind: str, tmp_path: Path
) -> None:
    opened, told = threading.Event(), list[Notice]()
    jobs.notice.connect(told.append)

    def fail(_progress: Progress) -> None:
        assert opened.wait(WAIT_MS / 1000)
        raise OSError(errno.ENOSPC, "No space left on device")

    dialog._making.save(tmp_path / "out.pdf", fail, lambda _: "Nothing")
    dialog.close()
    opened.set()
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT_MS)
    assert [(notice.key, notice.level) for notice in told] == [(f"written {kind}", Level.ERROR)]
    assert "out.pdf could not be written: No space left on device" in told[0].text


def test_the_file_dialog_proposes_the_title_in_the_folder_chosen_last(
    qtbot: QtBot, dialog: Window, tmp_path: Path
) -> None:
    folder = tmp_path / "chosen"
    folder.mkdir()
    with qtbot.waitSignal(dialog.saved, timeout=WAIT_MS):
        dialog.save_to(str(folder / "out.pdf"))
    dialog.form.title.setText("Sea: May/June")
    ask = dialog.save_pdf if isinstance(dialog, ReportDialog) else dialog.save
    ask()
    asked = dialog.findChild(QFileDialog)
    assert isinstance(asked, QFileDialog)
    assert asked.selectedFiles() == [str(folder / "Sea May June.pdf")]
    asked.reject()


def test_no_two_fields_or_buttons_share_a_letter(dialog: Window) -> None:
    labels = [label.text() for label in dialog.findChildren(QLabel) if label is not dialog.message]
    buttons = [button.text() for button in dialog.findChildren(QAbstractButton)]
    keys = [QKeySequence.mnemonic(text).toString() for text in (*labels, *buttons)]
    used = sorted(filter(None, keys))
    assert used == sorted(set(used))
    assert len(used) >= 8
