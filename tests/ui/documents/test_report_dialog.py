"""The window of reports."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMainWindow
from pytestqt.qtbot import QtBot

from resmem_gui.export.report.content import TableKind
from resmem_gui.ui.report.choices_form import Scope
from resmem_gui.ui.report.report_dialog import ReportDialog, show_report
from resmem_gui.ui.threads.background import Jobs
from tests.ui.conftest import WAIT_MS
from tests.ui.documents.files import pages_in
from tests.ui.documents.reports import COUNTS


@pytest.fixture
def dialog(
    qtbot: QtBot, take: Any, jobs: Jobs, settings: QSettings, window: QMainWindow
) -> Iterator[ReportDialog]:
    made = show_report(COUNTS, take, jobs, settings, window)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # so that tests can look at it afterwards
    qtbot.waitExposed(made)
    yield made
    made.close()
    made.deleteLater()


@pytest.mark.parametrize("name", ["out.pdf", "out.html", "OUT.HTM"])
def test_a_report_is_saved_and_told(qtbot: QtBot, dialog: ReportDialog, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with qtbot.waitSignal(dialog.saved, timeout=WAIT_MS) as saved:
        dialog.save_to(str(path))
        assert dialog.is_busy
        assert not dialog.form.isEnabled()
    assert saved.args == [str(path)]
    assert path.read_bytes().startswith(b"%PDF-" if name.endswith("pdf") else b"<!DOCTYPE html>")
    pages = f" on {pages_in(path)} pages" if name.endswith("pdf") else ""
    assert f"Report of 9 images{pages} saved to" in dialog.message.text()
    assert dialog.form.isEnabled()
    assert dialog.open_button.isVisible()


def test_it_is_driven_by_keys(qtbot: QtBot, dialog: ReportDialog, taken: list[Scope], tmp_path: Path) -> None:
    alt = Qt.KeyboardModifier.AltModifier
    dialog.activateWindow()
    QTest.keyClick(dialog, Qt.Key.Key_I, alt)
    QTest.keyClick(dialog.form.scope, Qt.Key.Key_Down)
    QTest.keyClick(dialog, Qt.Key.Key_T, alt)
    QTest.keyClick(dialog.form.title, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(dialog.form.title, "Sea: May/June")
    QTest.keyClick(dialog, Qt.Key.Key_N, alt)
    assert dialog.form.note.hasFocus()
    QTest.keyClicks(dialog.form.note, "For the committee.")
    QTest.keyClick(dialog.form.note, Qt.Key.Key_Tab)
    assert dialog.form.pictures.hasFocus()
    QTest.keyClicks(dialog.form.pictures, "3")
    chosen = dialog.form.options()
    assert (chosen.title, chosen.note, chosen.pictures) == ("Sea: May/June", "For the committee.", 3)
    assert chosen.covers == "the images shown by the filter"
    assert "5 images, the 3 best of them as pictures" in dialog.message.text()
    QTest.keyClick(dialog, Qt.Key.Key_H, alt)
    qtbot.waitUntil(lambda: dialog.findChild(QFileDialog) is not None)  # the button is seen to go down
    asked = dialog.findChild(QFileDialog)
    assert isinstance(asked, QFileDialog)
    assert [Path(name).name for name in asked.selectedFiles()] == ["Sea May June.html"]
    asked.reject()
    with qtbot.waitSignal(dialog.saved, timeout=WAIT_MS):
        dialog.save_to(str(tmp_path / "out.html"))
    assert taken == [Scope.SHOWN]
    text = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "Sea: May/June" in text
    assert text.count("data:image/jpeg") == 3


def test_only_scopes_with_images_are_offered(
    qtbot: QtBot, take: Any, jobs: Jobs, settings: QSettings, window: QMainWindow
) -> None:
    dialog = show_report({Scope.ALL: 8, Scope.SELECTED: 0}, take, jobs, settings, window)
    assert [dialog.form.scope.itemText(n) for n in range(dialog.form.scope.count())] == ["All images (8)"]
    dialog.close()


def test_choices_are_remembered(
    qtbot: QtBot, dialog: ReportDialog, take: Any, settings: QSettings, jobs: Jobs, window: QMainWindow
) -> None:
    form = dialog.form
    form.paper.setCurrentText("Letter")
    form.pictures.setValue(0)
    form.table.setCurrentIndex(2)
    dialog.close()
    settings.sync()
    again = show_report(COUNTS, take, jobs, settings, window)
    chosen = again.form.options()
    assert (chosen.paper, chosen.pictures, chosen.table) == ("Letter", 0, TableKind.NONE)
    assert "without pictures" in again.message.text()
    again.close()


def test_damaged_settings_give_the_defaults(
    qtbot: QtBot, take: Any, settings: QSettings, jobs: Jobs, window: QMainWindow
) -> None:
    for name in ("paper", "pictures", "table", "size"):
        settings.setValue(f"report/{name}", "nonsense")
    dialog = show_report(COUNTS, take, jobs, settings, window)
    chosen = dialog.form.options()
    assert chosen.paper in ("A4", "Letter")
    assert (chosen.pictures, chosen.table) == (12, TableKind.FULL)
    dialog.close()
