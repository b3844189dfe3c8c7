"""Lists for experiments, drawn from the real window."""

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QFileDialog,
)

from resmem_gui.library.filtering import Filter
from resmem_gui.ui.conditions.lists_dialog import ListsDialog
from tests.ui.measure_commands.desk import (
    LEFT,
    Desk,
    MakePictures,
    choose,
    click,
    entry,
)

# The offscreen platform says of every menu that it can neither raise it nor give it all keys.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_lists_are_drawn_and_one_is_shown_in_the_window(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(12))
    desk.select(*ids[:8])
    desk.do("lists")
    dialog = desk.opened(ListsDialog)
    assert [dialog.form.source.itemText(n) for n in range(dialog.form.source.count())] == [
        "All scored images (12)",
        "Selected images (8)",
    ]
    dialog.form.in_list.setValue(3)
    desk.wait(lambda: dialog.summaries.rowCount() == 2)
    menu = dialog._show_menu
    menu.popup(dialog.mapToGlobal(dialog.rect().center()))
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(entry(menu, "List B")).center())
    made = dialog._made
    assert made is not None
    assert set(desk.window.selected_ids()) == set(made.lists.image_ids[1].tolist())
    click(dialog.save_button)
    target = dialog.findChildren(QFileDialog)[-1]
    folder = Path(desk.controller.library.paths[ids[0]]).parent
    target.selectFile(str(folder / "trials.csv"))
    target.accept()
    desk.wait((folder / "trials.csv").exists)
    desk.wait(lambda: dialog.message.text().startswith("Written to"))
    assert "Brightness 1" in "".join(path.read_text() for path in folder.glob("*.json"))
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    desk.wait(lambda: desk.is_closed(ListsDialog))


def test_lists_name_the_reference_that_their_percentiles_were_taken_from(
    desk: Desk, make_pictures: MakePictures, tmp_path: Path
) -> None:
    ids = desk.add(*make_pictures(6))
    percentiles = {round(desk.controller.model.standing.percentile(i) or 0, 1) for i in ids}
    desk.do("lists")
    dialog = desk.opened(ListsDialog)
    dialog.form.in_list.setValue(3)
    desk.wait(lambda: dialog.summaries.rowCount() == 2)
    choose(desk, "Library", "MemCat food")
    made = dialog._made
    assert made is not None
    dialog.saving.save(tmp_path / "trials.csv", made)
    desk.wait(lambda: dialog.message.text().startswith("Written to"))
    with (tmp_path / "trials.csv").open(encoding="utf-8-sig", newline="") as file:
        trials = list(csv.DictReader(file))
    assert {trial["reference"] for trial in trials} == {"LaMem"}
    assert {float(trial["percentile"]) for trial in trials} == percentiles
    record = "".join(path.read_text() for path in tmp_path.glob("trials*.json"))
    assert "LaMem" in record
    assert "MemCat food" not in record


def test_a_filter_offers_what_is_shown_first(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(6))
    desk.controller.model.set_filter(Filter(text="picture1"))
    desk.do("lists")
    dialog = desk.opened(ListsDialog)
    assert dialog.form.source.currentText() == "Images shown (1)"
    assert len(ids) == 6
