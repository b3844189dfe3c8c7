"""The window that lists references."""

import errno
import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QTreeWidget
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.references import References
from resmem_gui.ui.references.add_dialog import AddReferenceDialog
from resmem_gui.ui.references.references_dialog import ReferencesDialog
from resmem_gui.ui.rows.columns import Column
from tests.ui.conftest import WAIT_MS
from tests.ui.references.bench import Bench, fill, own, texts


def rows(dialog: ReferencesDialog) -> list[list[str]]:
    tree = dialog.findChild(QTreeWidget)
    assert tree is not None
    items = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    return [[item.text(column) for column in range(item.columnCount())] for item in items if item is not None]


@pytest.fixture
def dialog(bench: Bench, qtbot: QtBot) -> ReferencesDialog:
    bench.commands._open()
    qtbot.waitExposed(bench.dialog())
    return bench.dialog()


def table_file(folder: Path, count: int = 60) -> Path:
    file = folder / "Lab scores.csv"
    lines = [f"img{place}.jpg;0,{30 + place};0,{20 + place}" for place in range(count)]
    file.write_text("image;hits;hits_fa_corrected\n" + "\n".join(lines), encoding="utf-8")
    return file


def add_dialog(dialog: ReferencesDialog, qtbot: QtBot, file: Path) -> AddReferenceDialog:
    dialog.add_from(str(file))
    qtbot.waitUntil(lambda: bool(dialog.findChildren(AddReferenceDialog)), timeout=WAIT_MS)
    (asked,) = dialog.findChildren(AddReferenceDialog)
    qtbot.waitUntil(lambda: bool(asked._said.text()), timeout=WAIT_MS)
    return asked


def test_the_list_tells_numbers_and_provenance(bench: Bench, dialog: ReferencesDialog) -> None:
    fill(bench.model, [0.7, 0.8])
    assert rows(dialog)[0] == [
        "LaMem (the library’s)", "Ships with the program", "58,741", "0.756", "0.124", "2",
    ]  # fmt: skip
    assert len(rows(dialog)) == 7
    QTest.keyClick(dialog._list, Qt.Key.Key_Down)
    shown = dialog._details._text.toPlainText()
    assert "Goetschalckx, L., & Wagemans, J. (2019)" in shown
    assert "Quartiles" in shown
    assert "0.687, 0.786, 0.855" in shown


def test_enter_compares_the_library_with_a_reference(bench: Bench, dialog: ReferencesDialog) -> None:
    QTest.keyClick(dialog._list, Qt.Key.Key_End)
    QTest.keyClick(dialog._list, Qt.Key.Key_Return)
    assert bench.model.reference.id == "memcat-vehicle"
    assert rows(dialog)[-1][0] == "MemCat vehicles (the library’s)"
    assert bench.history.stack.undoText() == "Compare the Library with MemCat vehicles"
    assert not dialog._compare.isEnabled()


def test_a_table_becomes_a_reference_of_ones_own(
    bench: Bench, dialog: ReferencesDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    ids = fill(bench.model, [0.595])
    bench.model.set_reference(ids, "user-my-lab")  # a session has asked for it
    asked = add_dialog(dialog, qtbot, table_file(tmp_path))
    assert asked._column.currentText() == "hits"
    assert asked._said.text().replace("\u00a0", " ") == "n = 60 images, mean 0.595, sd 0.175"
    assert asked._warning.isHidden()
    asked._name.setText("My lab")
    QTest.mouseClick(asked._add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "was added" in dialog._said.text(), timeout=WAIT_MS)
    assert rows(dialog)[-1] == ["My lab", "Yours", "60", "0.595", "0.175", "1"]
    assert dialog._chosen_id() == "user-my-lab"
    assert texts(bench.model, Column.PERCENTILE) == ["50"]
    again = References(tmp_path / "references")
    assert again.get("user-my-lab").provenance["column"] == "hits"


def test_a_click_in_the_preview_chooses_a_column_and_warns(
    dialog: ReferencesDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    asked = add_dialog(dialog, qtbot, table_file(tmp_path))
    preview = asked._preview
    item = preview.item(2, 2)
    assert item is not None
    place = preview.visualItemRect(item).center()
    QTest.mouseClick(preview.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked._column.currentText() == "hits_fa_corrected"
    qtbot.waitUntil(lambda: "mean 0.495" in asked._said.text(), timeout=WAIT_MS)
    assert not asked._warning.isHidden()
    asked._column.setCurrentIndex(0)
    qtbot.waitUntil(lambda: "which is no number" in asked._said.text(), timeout=WAIT_MS)
    assert not asked._add.isEnabled()
    QTest.keyClick(asked, Qt.Key.Key_Escape)


@pytest.mark.parametrize("name", ["", "lamem", "MemCat food"])
def test_a_name_that_cannot_be_is_told(
    dialog: ReferencesDialog, tmp_path: Path, qtbot: QtBot, name: str
) -> None:
    asked = add_dialog(dialog, qtbot, table_file(tmp_path))
    assert asked._add.isEnabled()
    asked._name.setText(name)
    assert not asked._add.isEnabled()
    assert asked._name_said.text()
    asked.reject()


def test_a_file_that_is_no_table_is_told(dialog: ReferencesDialog, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    dialog.add_from(str(tmp_path / "empty.csv"))
    qtbot.waitUntil(lambda: "empty.csv could not be read. The file is empty" in dialog._said.text())
    dialog.add_from(str(tmp_path / "missing.csv"))
    qtbot.waitUntil(lambda: dialog._said.text().endswith("could not be read. No such file or directory."))


def test_what_was_added_is_chosen_though_another_name_begins_alike(
    bench: Bench, dialog: ReferencesDialog, qtbot: QtBot
) -> None:
    dialog._keep(own("Mem"))
    qtbot.waitUntil(lambda: dialog._said.text() == "Mem was added.", timeout=WAIT_MS)
    QTest.mouseClick(dialog._compare, Qt.MouseButton.LeftButton)
    assert bench.model.reference.name == "Mem"


def test_a_long_name_leaves_the_scores_in_sight(
    dialog: ReferencesDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "long.csv"
    file.write_text("image,memorability\n" + "\n".join(f"{'x' * 400}{row}.jpg,0.{row}" for row in range(9)))
    asked = add_dialog(dialog, qtbot, file)
    item = asked._preview.item(0, 1)
    assert item is not None
    shown = asked._preview.viewport().rect()
    assert shown.contains(asked._preview.visualItemRect(item).center())
    name = asked._preview.item(0, 0)
    assert name is not None
    assert name.toolTip().startswith("xxx")
    asked.reject()


def test_a_reference_of_ones_own_is_removed_after_a_yes(bench: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    bench.model.references.add(own("My lab"))
    ids = fill(bench.model, [0.7])
    bench.model.set_reference(ids, "user-my-lab")
    bench.commands._open()
    dialog = bench.dialog()
    QTest.keyClick(dialog._list, Qt.Key.Key_Delete)  # LaMem stays
    assert not dialog.findChildren(QMessageBox)
    assert not dialog._remove.isEnabled()
    QTest.keyClick(dialog._list, Qt.Key.Key_End)
    QTest.mouseClick(dialog._remove, Qt.MouseButton.LeftButton)
    (box,) = dialog.findChildren(QMessageBox)
    assert "1 image will be compared with LaMem instead" in box.text()
    next(button for button in box.buttons() if button.text() == "Remove").click()
    qtbot.waitUntil(lambda: dialog._said.text() == "My lab was removed.", timeout=WAIT_MS)
    assert len(rows(dialog)) == 7
    assert texts(bench.model, Column.REFERENCE) == ["LaMem"]
    assert bench.model.library.reference(ids[0]) == "user-my-lab"
    assert list((tmp_path / "references").iterdir()) == []


def test_what_cannot_be_kept_is_told_without_numbers_and_paths(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_reference: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/secret/place.json")

    monkeypatch.setattr(bench.model.references, "add", full)
    bench.commands._open()
    dialog = bench.dialog()
    dialog._keep(own("My lab"))
    expected = f"The reference could not be kept: {os.strerror(errno.ENOSPC)}."
    qtbot.waitUntil(lambda: dialog._said.text() == expected, timeout=WAIT_MS)


def test_the_list_opens_once_and_again_after_escape(bench: Bench, qtbot: QtBot) -> None:
    bench.commands._open()
    first = bench.dialog()
    bench.commands._open()
    assert bench.dialog() is first
    with qtbot.waitSignal(first.destroyed, timeout=1000):
        QTest.keyClick(first._list, Qt.Key.Key_Escape)
    bench.commands._open()
    assert bench.dialog() is not first


def test_jobs_that_end_after_the_window_was_closed_are_harmless(
    bench: Bench, tmp_path: Path, qtbot: QtBot
) -> None:
    bench.commands._open()
    dialog = bench.dialog()
    dialog.add_from(str(table_file(tmp_path)))
    dialog.close()
    done: list[object] = []
    bench.controller.jobs.submit(lambda: None, done.append, done.append)
    qtbot.waitUntil(lambda: bool(done), timeout=WAIT_MS)
