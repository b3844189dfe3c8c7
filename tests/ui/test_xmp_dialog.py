"""The window that writes sidecars."""

import math
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.export import sidecar_writing
from resmem_gui.export.sidecars import Naming
from resmem_gui.export.xmp import Marks, merge, read_marks
from resmem_gui.library.records import Pick
from resmem_gui.ui.handing_on.work_dialog import State
from resmem_gui.ui.handing_on.xmp_dialog import Judged, XmpDialog
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.threads.background import Jobs
from tests.ui.conftest import WAIT_MS


@pytest.fixture
def images(tmp_path: Path) -> list[Judged]:
    """Four images: five stars, rejected, neither, and one with a sidecar that says two stars."""
    judged = []
    for name, rating, pick, percentile in (
        ("a", 5, Pick.NONE, 95.0),
        ("b", 0, Pick.REJECTED, 10.0),
        ("c", 0, Pick.NONE, math.nan),
        ("d", 4, Pick.PICKED, 60.0),
    ):
        path = tmp_path / f"{name}.jpg"
        path.write_bytes(b"pixels")
        judged.append(Judged(str(path), rating, pick, percentile))
    (tmp_path / "d.jpg.xmp").write_bytes(merge(None, Marks(2)))
    return judged


@pytest.fixture
def dialog(
    qtbot: QtBot, jobs: Jobs, settings: QSettings, parent: QWidget, images: list[Judged]
) -> Iterator[XmpDialog]:
    made = XmpDialog(images, "LaMem", jobs, settings, parent)
    made.show()
    wait_for_summary(qtbot, made)
    yield made
    if shiboken6.isValid(made) and made.isVisible():
        made.close()


def wait_for_summary(qtbot: QtBot, dialog: XmpDialog) -> None:
    qtbot.waitUntil(lambda: dialog.summary.text() not in {"", "Looking…"} and not is_looking(dialog))


def is_looking(dialog: XmpDialog) -> bool:
    return dialog._patience.isActive() or dialog.looking.is_running


def write(qtbot: QtBot, dialog: XmpDialog) -> None:
    QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.state is State.DONE, timeout=WAIT_MS)


def radio(dialog: XmpDialog, beginning: str) -> QRadioButton:
    found = [one for one in dialog.findChildren(QRadioButton) if one.text().startswith(beginning)]
    return found[0]


def choose(dialog: XmpDialog, naming: Naming) -> None:
    (box,) = [box for box in dialog.findChildren(QComboBox) if isinstance(box.itemData(0), Naming)]
    box.setCurrentIndex(box.findData(naming))


def marks_in(path: Path) -> Marks:
    return read_marks(path.read_bytes())


def test_nothing_is_written_before_it_is_asked_for(dialog: XmpDialog, tmp_path: Path) -> None:
    assert not dialog.isModal()
    assert dialog.summary.text() == (
        "2 new sidecars. 1 says something else and is left alone. 1 image has neither rating nor pick."
    )
    assert dialog.details.toPlainText() == "d.jpg: The sidecar says 2 stars, here it is 4 stars."
    assert dialog.start.text() == "&Write 2 Sidecars"
    assert sorted(path.name for path in tmp_path.glob("*.xmp")) == ["d.jpg.xmp"]


def test_ratings_are_written(qtbot: QtBot, dialog: XmpDialog, tmp_path: Path) -> None:
    write(qtbot, dialog)
    assert dialog.summary.text().startswith("2 sidecars written. 1 says something else")
    assert marks_in(tmp_path / "a.jpg.xmp") == Marks(5)
    assert marks_in(tmp_path / "b.jpg.xmp") == Marks(0, Pick.REJECTED)
    assert marks_in(tmp_path / "d.jpg.xmp") == Marks(2)
    assert not (tmp_path / "c.jpg.xmp").exists()


def test_other_ratings_are_overwritten_if_asked(qtbot: QtBot, dialog: XmpDialog, tmp_path: Path) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(dialog.findChildren(QCheckBox)[0].isChecked)
    assert not dialog.start.isEnabled()
    wait_for_summary(qtbot, dialog)
    assert dialog.summary.text().startswith("2 new sidecars, 1 sidecar to be changed.")
    assert dialog.details.toPlainText() == ""
    write(qtbot, dialog)
    assert marks_in(tmp_path / "d.jpg.xmp") == Marks(4, Pick.PICKED)


def test_scores_become_stars(qtbot: QtBot, dialog: XmpDialog, tmp_path: Path) -> None:
    bands = next(box for box in dialog.findChildren(QComboBox) if box.accessibleName() == "Score bands")
    assert not bands.isEnabled()
    radio(dialog, "&Stars").click()
    assert bands.isEnabled()
    choose(dialog, Naming.REPLACED)
    wait_for_summary(qtbot, dialog)
    assert dialog.summary.text() == "3 new sidecars. 1 image has no score."
    write(qtbot, dialog)
    assert marks_in(tmp_path / "a.xmp") == Marks(5)
    assert marks_in(tmp_path / "b.xmp") == Marks(1)
    assert marks_in(tmp_path / "d.xmp") == Marks(3)


def test_choices_are_remembered_but_never_to_overwrite(
    qtbot: QtBot,
    dialog: XmpDialog,
    jobs: Jobs,
    settings: QSettings,
    parent: QWidget,
    images: list[Judged],
) -> None:
    radio(dialog, "&Stars").click()
    dialog.findChildren(QCheckBox)[0].click()
    choose(dialog, Naming.REPLACED)
    wait_for_summary(qtbot, dialog)
    write(qtbot, dialog)
    again = XmpDialog(images, "LaMem", jobs, settings, parent)
    again.show()
    wait_for_summary(qtbot, again)
    assert again.rated() == dialog.rated()
    assert again.summary.text() == "There is nothing to write. 3 say so already. 1 image has no score."
    assert not again.findChildren(QCheckBox)[0].isChecked()
    again.close()


def test_closed_in_mid_work_it_tells_what_was_written(
    qtbot: QtBot, dialog: XmpDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    notices: list[Notice] = []

    def keep(notice: object) -> None:
        assert isinstance(notice, Notice)
        notices.append(notice)

    dialog.notice.connect(keep)
    QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(held.reached.is_set, timeout=WAIT_MS)
    dialog.close()
    held.open.set()
    qtbot.waitUntil(lambda: bool(notices), timeout=WAIT_MS)
    assert notices[0].level is Level.WARNING
    assert notices[0].text.startswith("Cancelled. 1 sidecar written.")
    assert notices[0].action is not None
    notices[0].action()
    (close,) = [one for one in dialog.findChildren(QPushButton) if one.text() == "&Close"]
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))


class Held:
    """Holds writing back at the first sidecar."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.open = threading.Event(), threading.Event()
        real: Callable[[str, bytes], None] = sidecar_writing._write_new

        def write_new(sidecar: str, content: bytes) -> None:
            self.reached.set()
            assert self.open.wait(WAIT_MS / 1000)
            real(sidecar, content)

        monkeypatch.setattr(sidecar_writing, "_write_new", write_new)
