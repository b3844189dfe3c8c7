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
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.traits import Caution
from resmem_gui.ui.conditions.lists_dialog import ListsDialog, Sources
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


def test_lists_are_drawn_when_it_opens(dialog: ListsDialog) -> None:
    assert texts(dialog, 0) == ["A", "B"]
    assert texts(dialog, 1) == ["20", "20"]
    assert dialog.differences.rowCount() == 1
    assert dialog.message.text().startswith("The means differ by")
    assert dialog.save_button.isEnabled()


def test_another_seed_draws_others_and_the_same_seed_the_same(dialog: ListsDialog, qtbot: QtBot) -> None:
    def ids() -> list[list[int]]:
        made = dialog._made
        assert made is not None
        found: list[list[int]] = made.lists.image_ids.tolist()
        return found

    first = ids()
    QTest.mouseClick(dialog.form.another, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ids() != first)
    dialog.form.seed.setValue(1)
    qtbot.waitUntil(lambda: ids() == first)


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
    dialog.save_to(str(tmp_path / name))
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


def test_a_folder_that_is_not_there_is_told(dialog: ListsDialog, qtbot: QtBot, tmp_path: Path) -> None:
    dialog.save_to(str(tmp_path / "no" / "c.csv"))
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


def test_choices_are_remembered(dialog: ListsDialog, qtbot: QtBot, library: Library, jobs: Jobs) -> None:
    dialog.form.in_list.setValue(7)
    dialog.form.lists.setValue(3)
    dialog.form.seed.setValue(12)
    dialog.form.distinct.setChecked(False)
    dialog.form.without_floor.setChecked(True)
    sources = Sources({"All": np.arange(COUNT)}, library, np.zeros(COUNT), lambda _: "LaMem")
    again = ListsDialog(sources, dict, jobs, dialog._settings, dialog)
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
