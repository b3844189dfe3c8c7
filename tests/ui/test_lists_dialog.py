"""The window that draws lists for an experiment."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QTableWidgetItem, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.traits import Caution
from resmem_gui.ui.conditions.lists_dialog import ListsDialog, Sources
from resmem_gui.ui.conditions.results import _p, _signed, table_text
from resmem_gui.ui.conditions.work import Categories
from resmem_gui.ui.threads.background import Jobs

COUNT = 60


@pytest.fixture
def library() -> Library:
    library = Library()
    scores = np.random.default_rng(3).beta(8, 4, COUNT)
    for image_id in library.add(
        [f"/p/{'ab'[i % 2]}/{'sea' if i < 20 else 'hill'}_{i}.jpg" for i in range(COUNT)]
    ):
        made_by = Provenance("resmem 1.1.6", "cd" * 32, "p", "cpu")
        library.set_scored(image_id, float(scores[image_id]), (640, 480), f"{image_id:064x}", made_by)
    return library


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    jobs.stop()
    jobs.join()


@pytest.fixture
def dialog(qtbot: QtBot, library: Library, jobs: Jobs, tmp_path: Path) -> Iterator[ListsDialog]:
    parent = QWidget()
    sources = Sources(
        {"All scored images": np.arange(COUNT), "Selected images": np.arange(6)},
        library,
        np.full(COUNT, 41.0),
        lambda _: "LaMem",
    )
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    dialog = ListsDialog(sources, lambda: {"program": "x"}, jobs, settings, parent)
    qtbot.addWidget(parent)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.summaries.rowCount() == 2)
    yield dialog
    parent.close()
    if isValid(dialog):
        dialog.close()


def texts(dialog: ListsDialog, column: int) -> list[str]:
    items = [dialog.summaries.item(row, column) for row in range(dialog.summaries.rowCount())]
    return [item.text() for item in items if item is not None]


def drawn(dialog: ListsDialog) -> list[list[int]]:
    made = dialog._made
    assert made is not None
    found: list[list[int]] = made.lists.image_ids.tolist()
    return found


def save(dialog: ListsDialog, path: Path) -> None:
    made = dialog._made
    assert made is not None
    dialog.saving.save(path, made)


def asked_where(dialog: ListsDialog) -> QFileDialog:
    QTest.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    (asked,) = dialog.findChildren(QFileDialog)
    return asked


def test_lists_are_drawn_when_it_opens(dialog: ListsDialog) -> None:
    assert texts(dialog, 0) == ["A", "B"]
    assert texts(dialog, 1) == ["20", "20"]
    assert dialog.differences.rowCount() == 1
    assert dialog.message.text().startswith("The means differ by")
    assert dialog.save_button.isEnabled()


def test_another_seed_draws_others_and_the_same_seed_the_same(dialog: ListsDialog, qtbot: QtBot) -> None:
    first = drawn(dialog)
    QTest.mouseClick(dialog.form.another, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: drawn(dialog) != first)
    dialog.form.seed.setValue(1)
    qtbot.waitUntil(lambda: drawn(dialog) == first)


def test_categories_appear_as_columns(dialog: ListsDialog, qtbot: QtBot) -> None:
    dialog.form.categories.setCurrentIndex(list(Categories).index(Categories.NAMES))
    qtbot.waitUntil(lambda: dialog.summaries.columnCount() == 9)
    titles = [dialog.summaries.horizontalHeaderItem(column) for column in (7, 8)]
    assert [item.text() for item in titles if item is not None] == ["hill (of 40)", "sea (of 20)"]
    assert "Each list has 13 hill and 7 sea." in dialog.facts.text()
    dialog.form.mix.setCurrentIndex(1)
    dialog.form.in_list.setValue(19)
    qtbot.waitUntil(lambda: "19 images cannot be divided evenly among 2 cat" in dialog.facts.text())
    assert dialog.form.mix.isEnabled()


def test_categories_that_lists_lack_are_counted(dialog: ListsDialog, library: Library, qtbot: QtBot) -> None:
    names = ["lake", "wood", "sea", *["hill"] * 17]
    library.relink({image_id: f"/p/a/{name}_{image_id}.png" for image_id, name in enumerate(names)})
    dialog.form.categories.setCurrentIndex(list(Categories).index(Categories.NAMES))
    told = "Each list has 20 hill, and no image of 3 other categories."
    qtbot.waitUntil(lambda: told in dialog.facts.text())


def test_too_few_images_are_told_and_nothing_can_be_saved(dialog: ListsDialog, qtbot: QtBot) -> None:
    dialog.form.source.setCurrentIndex(1)
    qtbot.waitUntil(lambda: "6 images have a score that counts" in dialog.message.text())
    assert not dialog.save_button.isEnabled()
    assert dialog.summaries.rowCount() == 0
    dialog.form.in_list.setValue(3)
    qtbot.waitUntil(dialog.save_button.isEnabled)
    assert texts(dialog, 1) == ["3", "3"]


def test_images_with_cautions_can_be_left_out(dialog: ListsDialog, library: Library, qtbot: QtBot) -> None:
    library.set_cautions(range(10), int(Caution.FACE))
    dialog.form.without_cautions.setChecked(True)
    qtbot.waitUntil(lambda: "10 images left out by choice" in dialog.facts.text())
    assert "near-duplicates and cautions are not known" in dialog.facts.text()
    made = dialog._made
    assert made is not None
    assert not set(range(10)) & set(made.lists.image_ids.ravel().tolist())


@pytest.mark.parametrize("name", ["c.csv", "c.js"])
def test_lists_are_saved_with_how_they_were_made(
    dialog: ListsDialog, qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    save(dialog, tmp_path / name)
    qtbot.waitUntil(lambda: dialog.message.text().startswith("Written to"))
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert text.count("/p/") == 40
    notes = json.loads((tmp_path / "c.lists.json").read_text(encoding="utf-8"))
    assert notes["run"] == {"program": "x"}
    assert notes["made"]["candidates"] == COUNT
    if name == "c.csv":
        rows = list(csv.DictReader(text.splitlines()))
        assert {row["list_name"] for row in rows} == {"A", "B"}
        assert rows[0]["reference"] == "LaMem"


def test_what_is_saved_is_what_was_shown_when_save_was_pressed(
    dialog: ListsDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    first = drawn(dialog)
    asked = asked_where(dialog)
    dialog.form.seed.setValue(2)  # as a change does that was made just before
    qtbot.waitUntil(lambda: drawn(dialog) != first)
    asked.fileSelected.emit(str(tmp_path / "c.csv"))
    asked.close()
    qtbot.waitUntil(lambda: dialog.message.text().startswith("Written to"))
    with (tmp_path / "c.csv").open(encoding="utf-8-sig", newline="") as file:
        names = [Path(row["image_file"]).name for row in csv.DictReader(file)]
    paths = dialog._sources.library.paths
    assert names == [Path(paths[image_id]).name for row in first for image_id in row]


def test_the_kind_of_file_gives_it_its_ending(dialog: ListsDialog) -> None:
    asked = asked_where(dialog)
    asked.filterSelected.emit("Stimuli for jsPsych (*.js)")
    assert asked.defaultSuffix() == "js"
    assert Path(asked.selectedFiles()[0]).name == "conditions.js"
    asked.close()


def test_enter_ends_a_number_and_closes_or_saves_nothing(dialog: ListsDialog, qtbot: QtBot) -> None:
    dialog.form.in_list.setFocus()
    dialog.form.in_list.selectAll()
    QTest.keyClicks(dialog.form.in_list, "12")
    QTest.keyClick(dialog.form.in_list, Qt.Key.Key_Return)
    assert not dialog.findChildren(QFileDialog)
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: texts(dialog, 1) == ["12", "12"])


def test_tab_goes_down_the_form_and_the_seed_has_its_key(dialog: ListsDialog, qtbot: QtBot) -> None:
    form = dialog.form
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    form.categories.setCurrentIndex(1)
    form.source.setFocus()
    expected = [
        form.kind, form.lists, form.in_list, form.categories, form.mix, form.without_floor,
        form.without_cautions, form.distinct, form.seed, form.another,
    ]  # fmt: skip
    for widget in expected:
        QTest.keyClick(dialog, Qt.Key.Key_Tab)
        assert dialog.focusWidget() is widget
    QTest.keyClick(dialog, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    assert dialog.focusWidget() is form.seed


def test_numbers_have_no_negative_zero_and_all_p_one_form() -> None:
    assert [_signed(value, 2) for value in (-0.001, 0.001, -0.01, float("nan"))] == [
        "0.00", "0.00", "−0.01", "–",
    ]  # fmt: skip
    assert [_p(value) for value in (1.0, 0.9996, 0.989, 0.05, 0.0004)] == [
        "> .999", "> .999", ".989", ".050", "< .001",
    ]  # fmt: skip


def test_a_folder_that_is_not_there_is_told(dialog: ListsDialog, qtbot: QtBot, tmp_path: Path) -> None:
    save(dialog, tmp_path / "no" / "c.csv")
    qtbot.waitUntil(lambda: "could not be written: No such file" in dialog.message.text())
    assert dialog.message.text().endswith("Save it elsewhere.")


def test_a_list_can_be_shown_in_the_window(dialog: ListsDialog, qtbot: QtBot) -> None:
    made = dialog._made
    assert made is not None
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog._show_menu.actions()[1].trigger()
    assert chosen.args == [made.lists.image_ids[1].tolist()]


def test_tables_are_copied(dialog: ListsDialog) -> None:
    QTest.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    assert text.startswith("List\tImages\tMean")
    assert "A – B\t" in text


def test_what_is_copied_is_numbers_and_no_formulas(dialog: ListsDialog) -> None:
    table = dialog.summaries
    table.setHorizontalHeaderItem(1, QTableWidgetItem("=1+1 (of 3)"))
    for column, text in enumerate(("−0.50", "1,234.5", ".989", "< .001", "@sea\there", "–")):
        table.setItem(0, column, QTableWidgetItem(text))
    header, first, *_ = table_text(table).splitlines()
    assert header.split("\t")[1] == "'=1+1 (of 3)"
    assert first.split("\t")[:6] == ["-0.50", "1234.5", ".989", "< .001", "'@sea here", "–"]


def test_choices_are_remembered(dialog: ListsDialog, qtbot: QtBot, library: Library, jobs: Jobs) -> None:
    dialog.form.in_list.setValue(7)
    dialog.form.lists.setValue(3)
    dialog.form.seed.setValue(12)
    dialog.form.distinct.setChecked(False)
    dialog.form.without_floor.setChecked(True)
    sources = Sources({"All": np.arange(COUNT)}, library, np.zeros(COUNT), lambda _: "LaMem")
    settings = dialog.form._settings
    again = ListsDialog(sources, dict, jobs, settings, dialog)
    assert not again.save_button.isEnabled()
    wanted = again.form.wanted
    assert (wanted.in_list, wanted.lists, wanted.seed) == (7, 3, 12)
    assert (wanted.distinct, wanted.without_floor) == (False, True)
    assert not again.form.without_cautions.isChecked()
    qtbot.waitUntil(lambda: again.summaries.rowCount() == 3)
    again.close()


def test_it_can_be_closed_while_lists_are_made(dialog: ListsDialog, qtbot: QtBot) -> None:
    for seed in range(2, 9):
        dialog.form.seed.setValue(seed)
    with qtbot.waitSignal(dialog.finished):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
