"""The window that hands images on to a folder."""

import errno
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import shiboken6
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.export import carrying_out, copying
from resmem_gui.export.handing_on import Collision, NameRule, Way
from resmem_gui.ui.handing_on.hand_on_dialog import HandOnDialog
from resmem_gui.ui.handing_on.work import IsCancelled, Work
from resmem_gui.ui.handing_on.work_dialog import State
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.threads.background import Jobs
from tests.ui.conftest import WAIT_MS


@pytest.fixture
def settings(settings: QSettings, tmp_path: Path) -> QSettings:
    settings.setValue("handing-on/folder", str(tmp_path / "target"))
    return settings


@pytest.fixture
def sources(tmp_path: Path) -> list[str]:
    """Three images of some hundred bytes."""
    (tmp_path / "photos").mkdir()
    paths = [tmp_path / "photos" / f"{name}.jpg" for name in "abc"]
    for path in paths:
        path.write_bytes(path.name.encode() * 100)
    return [str(path) for path in paths]


@pytest.fixture
def shown() -> list[str]:
    """Folders that were shown to the user."""
    return []


@pytest.fixture
def open_dialog(
    qtbot: QtBot, jobs: Jobs, settings: QSettings, parent: QWidget, shown: list[str]
) -> Iterator[Callable[[list[str]], HandOnDialog]]:
    """Return a maker of windows that wait until the summary is there."""
    made: list[HandOnDialog] = []

    def make(paths: list[str]) -> HandOnDialog:
        dialog = HandOnDialog(paths, jobs, settings, parent, show_folder=shown.append)
        made.append(dialog)
        dialog.show()
        wait_for_summary(qtbot, dialog)
        return dialog

    yield make
    for dialog in made:
        if shiboken6.isValid(dialog) and dialog.isVisible():
            dialog.close()


def wait_for_summary(qtbot: QtBot, dialog: HandOnDialog) -> None:
    qtbot.waitUntil(lambda: dialog.summary.text() not in {"", "Looking…"} and not is_looking(dialog))


def is_looking(dialog: HandOnDialog) -> bool:
    return dialog._patience.isActive() or dialog.looking.is_running


def wait_for_end(qtbot: QtBot, dialog: HandOnDialog) -> None:
    qtbot.waitUntil(lambda: dialog.state is State.DONE, timeout=WAIT_MS)


def button(dialog: HandOnDialog, text: str) -> QPushButton:
    found = [one for one in dialog.findChildren(QPushButton) if one.text().replace("&", "") == text]
    return found[0]


def click(widget: QWidget) -> None:
    assert widget.isVisible()
    assert widget.isEnabled()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


OpenDialog = Callable[[list[str]], HandOnDialog]


def test_images_are_copied_and_taken_back(
    qtbot: QtBot, open_dialog: OpenDialog, sources: list[str], tmp_path: Path, shown: list[str]
) -> None:
    dialog = open_dialog(sources)
    assert not dialog.isModal()
    assert dialog.windowTitle() == "Hand On 3 Images"
    assert dialog.summary.text().startswith("3 images, 1.5 kB; ")
    assert not (tmp_path / "target").exists()
    click(button(dialog, "Copy 3 Images"))
    wait_for_end(qtbot, dialog)
    assert dialog.summary.text() == f"3 images copied to {tmp_path / 'target'}."
    assert names(tmp_path / "target") == ["a.jpg", "b.jpg", "c.jpg"]
    click(button(dialog, "Show in Folder"))
    assert shown == [str(tmp_path / "target")]
    click(button(dialog, "Undo"))
    qtbot.waitUntil(lambda: dialog.summary.text() == "3 files removed again.", timeout=WAIT_MS)
    assert not (tmp_path / "target").exists()
    assert all(Path(source).exists() for source in sources)
    assert not button(dialog, "Undo").isVisible()


def test_the_summary_follows_the_choices(
    qtbot: QtBot, open_dialog: OpenDialog, sources: list[str], tmp_path: Path
) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "a.jpg").write_bytes(b"theirs")
    dialog = open_dialog([*sources, str(tmp_path / "gone.jpg")])
    assert "3 images, 1.5 kB, 1 gets another name; " in dialog.summary.text()
    assert "1 image cannot be handed on." in dialog.summary.text()
    assert dialog.details.toPlainText() == "gone.jpg: It is not there any more."
    (collision,) = [box for box in dialog.findChildren(QComboBox) if isinstance(box.itemData(0), Collision)]
    collision.setFocus()
    QTest.keyClick(collision, Qt.Key.Key_Down)
    assert not dialog.start.isEnabled()
    wait_for_summary(qtbot, dialog)
    assert dialog.summary.text().startswith("2 images, 1.0 kB; ")
    assert "1 image is skipped." in dialog.summary.text()
    assert dialog.start.text() == "Copy 2 Images"
    folder = dialog.findChildren(QLineEdit)[0]
    folder.clear()
    wait_for_summary(qtbot, dialog)
    assert dialog.summary.text() == "Choose a folder."
    assert not dialog.start.isEnabled()
    assert not dialog.details.isVisible()


def test_the_window_is_used_by_keyboard_alone(
    qtbot: QtBot, open_dialog: OpenDialog, sources: list[str], tmp_path: Path
) -> None:
    dialog = open_dialog(sources)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(dialog, Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier)
    folder = dialog.findChildren(QLineEdit)[0]
    assert folder.hasFocus()
    folder.selectAll()
    QTest.keyClicks(folder, str(tmp_path / "typed"))
    QTest.keyClick(dialog, Qt.Key.Key_M, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: dialog.request().way is Way.MOVE and dialog.request().with_sidecars)
    wait_for_summary(qtbot, dialog)
    folder.setFocus()
    QTest.keyClick(folder, Qt.Key.Key_Return)
    wait_for_end(qtbot, dialog)
    assert names(tmp_path / "typed") == ["a.jpg", "b.jpg", "c.jpg"]
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))


def test_moves_tell_where_images_are_now(
    qtbot: QtBot, open_dialog: OpenDialog, sources: list[str], settings: QSettings, tmp_path: Path
) -> None:
    settings.setValue("handing-on/way", "move")
    dialog = open_dialog(sources)
    told: list[dict[str, str]] = []
    dialog.relocated.connect(told.append)
    click(button(dialog, "Move 3 Images"))
    wait_for_end(qtbot, dialog)
    moved = {source: str(tmp_path / "target" / Path(source).name) for source in sources}
    assert told == [moved]
    click(button(dialog, "Undo"))
    qtbot.waitUntil(lambda: len(told) == 2, timeout=WAIT_MS)
    assert told[1] == {new: old for old, new in moved.items()}
    assert dialog.summary.text() == "3 files moved back."


def test_choices_are_remembered(
    qtbot: QtBot, open_dialog: OpenDialog, sources: list[str], settings: QSettings, tmp_path: Path
) -> None:
    settings.setValue("handing-on/way", "teleport")  # of another version
    settings.setValue("handing-on/names", "numbered")
    dialog = open_dialog(sources)
    assert dialog.request().way is Way.COPY
    assert dialog.request().names is NameRule.NUMBERED
    dialog.findChildren(QCheckBox)[0].click()
    dialog.findChildren(QLineEdit)[0].setText(str(tmp_path / "other"))
    wait_for_summary(qtbot, dialog)
    click(button(dialog, "Copy 3 Images"))
    wait_for_end(qtbot, dialog)
    assert names(tmp_path / "other") == ["001 a.jpg", "002 b.jpg", "003 c.jpg"]
    again = open_dialog(sources)
    assert again.request() == dialog.request()


def test_a_folder_can_be_chosen(
    qtbot: QtBot, open_dialog: OpenDialog, sources: list[str], tmp_path: Path
) -> None:
    (tmp_path / "chosen").mkdir()
    dialog = open_dialog(sources)
    click(button(dialog, "Browse…"))
    (chooser,) = dialog.findChildren(QFileDialog)
    assert not chooser.testAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    chooser.fileSelected.emit(str(tmp_path / "chosen"))
    chooser.reject()
    assert dialog.request().folder == str(tmp_path / "chosen")
    wait_for_summary(qtbot, dialog)


class Gate:
    """Holds copying back after the first block of the second image."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()
        real = copying.copy_verified

        def held(source: str, target: str, on_block: Callable[[int], None]) -> object:
            if source.endswith("b.jpg"):
                self.reached.set()
                assert self.open.wait(WAIT_MS / 1000)
            return real(source, target, on_block)

        monkeypatch.setattr(carrying_out, "copy_verified", held)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate(monkeypatch)
    yield made
    made.open.set()


def test_cancelling_stops_and_leaves_nothing_half_done(
    qtbot: QtBot, open_dialog: OpenDialog, sources: list[str], gate: Gate, tmp_path: Path
) -> None:
    dialog = open_dialog(sources)
    click(button(dialog, "Copy 3 Images"))
    qtbot.waitUntil(gate.reached.is_set, timeout=WAIT_MS)
    assert not dialog.form.isEnabled()
    assert dialog.progress.isVisible()
    cancel = button(dialog, "Cancel")
    click(cancel)
    assert not cancel.isEnabled()
    gate.open.set()
    wait_for_end(qtbot, dialog)
    assert dialog.summary.text() == f"Cancelled. 1 of 3 images copied to {tmp_path / 'target'}."
    assert names(tmp_path / "target") == ["a.jpg"]
    assert button(dialog, "Undo").isVisible()
    assert button(dialog, "Close").isEnabled()


def test_progress_says_which_image(
    qtbot: QtBot, open_dialog: OpenDialog, sources: list[str], gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resmem_gui.ui.handing_on.work._PAUSE_S", 0.0)
    dialog = open_dialog(sources)
    click(button(dialog, "Copy 3 Images"))
    qtbot.waitUntil(lambda: dialog.current.text() == "2 of 3: b.jpg", timeout=WAIT_MS)
    assert dialog.progress.value() == 333
    gate.open.set()
    wait_for_end(qtbot, dialog)


def test_closed_in_mid_work_it_cancels_and_tells_what_was_done(
    qtbot: QtBot, open_dialog: OpenDialog, sources: list[str], gate: Gate, tmp_path: Path
) -> None:
    dialog = open_dialog(sources)
    notices: list[Notice] = []
    dialog.notice.connect(notices.append)
    click(button(dialog, "Copy 3 Images"))
    qtbot.waitUntil(gate.reached.is_set, timeout=WAIT_MS)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    gate.open.set()
    qtbot.waitUntil(lambda: bool(notices), timeout=WAIT_MS)
    (notice,) = notices
    assert notice.level is Level.WARNING
    assert notice.text.startswith("Cancelled. 1 of 3 images copied")
    assert names(tmp_path / "target") == ["a.jpg"]
    assert notice.action is not None
    notice.action()
    assert dialog.isVisible()
    click(button(dialog, "Undo"))
    qtbot.waitUntil(lambda: dialog.summary.text() == "1 file removed again.", timeout=WAIT_MS)
    assert not (tmp_path / "target").exists()
    click(button(dialog, "Close"))
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))


def test_failures_are_listed(
    qtbot: QtBot, open_dialog: OpenDialog, sources: list[str], tmp_path: Path
) -> None:
    dialog = open_dialog(sources)
    Path(sources[1]).unlink()
    click(button(dialog, "Copy 3 Images"))
    wait_for_end(qtbot, dialog)
    assert dialog.summary.text() == f"2 images copied to {tmp_path / 'target'}. 1 could not be copied."
    assert dialog.details.toPlainText() == "b.jpg: It is not there any more."


def test_what_does_not_fit_is_not_begun(
    open_dialog: OpenDialog, sources: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=1400))
    dialog = open_dialog(sources)
    assert dialog.summary.text() == (
        "3 images, 1.5 kB. They do not fit: 1.5 kB are needed, and 1.4 kB are free on that disk."
    )
    assert not dialog.start.isEnabled()


def test_a_full_disk_is_told(
    qtbot: QtBot, open_dialog: OpenDialog, sources: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = copying.copy_verified

    def full(source: str, target: str, on_block: Callable[[int], None]) -> object:
        if source.endswith("b.jpg"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(source, target, on_block)

    monkeypatch.setattr(carrying_out, "copy_verified", full)
    dialog = open_dialog(sources)
    click(button(dialog, "Copy 3 Images"))
    wait_for_end(qtbot, dialog)
    where = f"1 of 3 images copied to {tmp_path / 'target'}."
    assert dialog.summary.text() == f"The disk is full. {where} 1 could not be copied."
    assert dialog.details.toPlainText() == "b.jpg: The disk is full."


def test_what_nobody_foresaw_is_told(
    qtbot: QtBot, open_dialog: OpenDialog, sources: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the disk caught fire")

    monkeypatch.setattr(carrying_out, "copy_verified", fail)
    dialog = open_dialog(sources)
    click(button(dialog, "Copy 3 Images"))
    wait_for_end(qtbot, dialog)
    assert dialog.summary.text() == "It could not be finished: the disk caught fire"


def test_closing_while_looking_is_quiet(
    qtbot: QtBot, jobs: Jobs, settings: QSettings, parent: QWidget, sources: list[str]
) -> None:
    held = threading.Event()
    jobs.submit(lambda: held.wait(WAIT_MS / 1000), lambda _: None, lambda _: None)
    dialog = HandOnDialog(sources, jobs, settings, parent)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.summary.text() == "Looking…", timeout=WAIT_MS)
    dialog.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))
    over: list[object] = []
    jobs.submit(lambda: None, over.append, over.append)
    held.set()
    qtbot.waitUntil(lambda: over == [None], timeout=WAIT_MS)


def test_only_the_newest_job_is_of_interest(qtbot: QtBot, jobs: Jobs, parent: QWidget) -> None:
    work = Work(jobs, lambda: None, parent)
    gates = [threading.Event(), threading.Event()]
    ended: list[object] = []

    def job(number: int) -> Callable[[object, IsCancelled], tuple[int, bool]]:
        def wait(_: object, is_cancelled: IsCancelled) -> tuple[int, bool]:
            assert gates[number].wait(WAIT_MS / 1000)
            return number, is_cancelled()

        return wait

    over: list[object] = []
    work.start(job(0), ended.append, ended.append)
    jobs.submit(lambda: None, over.append, over.append)
    work.start(job(1), ended.append, ended.append)
    gates[0].set()
    qtbot.waitUntil(lambda: over == [None], timeout=WAIT_MS)
    assert work.is_running
    gates[1].set()
    qtbot.waitUntil(lambda: not work.is_running, timeout=WAIT_MS)
    assert ended == [(1, False)]


def test_nothing_is_heard_of_a_job_that_was_dropped(qtbot: QtBot, jobs: Jobs, parent: QWidget) -> None:
    work = Work(jobs, lambda: None, parent)
    ended: list[object] = []
    over: list[object] = []
    work.start(lambda *_: None, ended.append, ended.append)
    work.drop()
    assert not work.is_running
    jobs.submit(lambda: None, over.append, over.append)
    qtbot.waitUntil(lambda: over == [None], timeout=WAIT_MS)
    assert ended == []


def test_everything_has_a_name_for_screen_readers(open_dialog: OpenDialog, sources: list[str]) -> None:
    dialog = open_dialog(sources)
    for widget in dialog.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            text = getattr(widget, "text", str)()
            labelled = any(label.buddy() is widget for label in dialog.findChildren(type(dialog.summary)))
            assert text or labelled or widget.accessibleName(), widget


def test_the_first_time_a_person_has_to_say_where(
    qtbot: QtBot, jobs: Jobs, parent: QWidget, sources: list[str], tmp_path: Path
) -> None:
    settings = QSettings(str(tmp_path / "new.ini"), QSettings.Format.IniFormat)
    dialog = HandOnDialog(sources, jobs, settings, parent)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.waitUntil(lambda: dialog.summary.text() == "Choose a folder.")
    assert not dialog.start.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClicks(dialog.focusWidget(), str(tmp_path / "target"))
    qtbot.waitUntil(dialog.start.isEnabled)
    assert dialog.request().folder == str(tmp_path / "target")
    dialog.close()
