"""What scores are compared with: model, menu, list, history, sessions."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QMenu, QMessageBox, QTreeWidget
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.reference import Reference, load_lamem
from resmem_gui.analysis.references import References, own_reference
from resmem_gui.analysis.score_table import ScoreTable
from resmem_gui.library.filtering import Filter, Range
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance, Sensitivity
from resmem_gui.traits import Caution, Traits
from resmem_gui.ui import wording
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.marking.history import History
from resmem_gui.ui.references.add_dialog import AddReferenceDialog
from resmem_gui.ui.references.choosing import ReferenceChoosing
from resmem_gui.ui.references.commands import ReferenceCommands
from resmem_gui.ui.references.references_dialog import ReferencesDialog
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails
from resmem_gui.ui.sessions.sessions import Sessions, unknown_references_sentence
from resmem_gui.ui.window.actions import Actions
from tests.ui.conftest import WAIT_MS, BrightnessScorer

MADE_BY = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")
ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
SPOKEN, TIP = Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole
ORIENTATION = Qt.Orientation.Horizontal


@pytest.fixture
def references(tmp_path: Path) -> References:
    return References(tmp_path / "references")


@pytest.fixture
def model(qtbot: QtBot, references: References) -> Iterator[ImageModel]:
    thumbnails = Thumbnails()
    made = ImageModel(Library(), load_lamem(), thumbnails, references=references)
    yield made
    made.stop()
    thumbnails.stop()


def fill(model: ImageModel, scores: list[float], folder: str = "/photos") -> list[int]:
    ids = model.add([f"{folder}/image{number}.jpg" for number in range(1, len(scores) + 1)])
    for image_id, score in zip(ids, scores, strict=True):
        model.library.set_scored(image_id, score, (40, 30), "ab", MADE_BY)
    model.images_changed(ids)
    return ids


def texts(model: ImageModel, column: Column) -> list[str]:
    return [model.index(row, column).data() for row in range(model.rowCount())]


def title(model: ImageModel) -> str:
    return str(model.headerData(Column.PERCENTILE, ORIENTATION))


# --- the model -----------------------------------------------------------------------------------


def test_each_image_has_its_own_reference(model: ImageModel, qtbot: QtBot) -> None:
    ids = fill(model, [0.7, 0.7, 0.7])
    assert texts(model, Column.PERCENTILE) == ["30", "30", "30"]
    assert texts(model, Column.REFERENCE) == ["LaMem"] * 3
    with qtbot.waitSignals(
        [model.reference_changed, model.dataChanged, model.headerDataChanged], timeout=1000
    ):
        model.set_reference([ids[1]], "memcat-landscape")
    model.set_reference([ids[2]], "memcat-food")
    assert texts(model, Column.PERCENTILE) == ["30", "76", "4"]
    assert texts(model, Column.REFERENCE) == ["LaMem", "MemCat landscapes", "MemCat food"]
    assert [model.reference_of(image_id).id for image_id in ids] == [
        "lamem",
        "memcat-landscape",
        "memcat-food",
    ]
    assert model.reference.id == "lamem"
    model.set_reference(ids, "")
    assert texts(model, Column.PERCENTILE) == ["30", "30", "30"]


def test_the_header_names_the_reference_while_there_is_one(model: ImageModel) -> None:
    assert title(model) == "LaMem percentile"
    ids = fill(model, [0.7, 0.8])
    model.set_reference(ids[:1], "memcat-food")
    assert title(model) == "Percentile"
    assert "its reference’s images" in model.headerData(Column.PERCENTILE, ORIENTATION, TIP)
    model.set_reference(ids, "memcat-food")
    assert title(model) == "MemCat food percentile"
    assert "the 2,000 images of MemCat food" in model.headerData(Column.PERCENTILE, ORIENTATION, TIP)
    model.set_reference(ids[:1], "")
    model.remove(ids[:1])
    assert title(model) == "MemCat food percentile"
    model.set_reference(ids[1:], "")
    model.set_default_reference("memcat")
    assert title(model) == "MemCat percentile"


def test_the_default_counts_for_images_without_another(model: ImageModel) -> None:
    ids = fill(model, [0.7, 0.7])
    model.set_reference(ids[:1], "memcat-food")
    model.set_default_reference("memcat-landscape")
    assert texts(model, Column.PERCENTILE) == ["4", "76"]
    assert fill(model, [0.7], "/other") == [2]
    assert texts(model, Column.PERCENTILE) == ["4", "76", "76"]
    assert model.reference.name == "MemCat landscapes"
    assert model.choices.in_use() == {"memcat-food": 1, "memcat-landscape": 2}


def test_a_folder_has_a_reference_for_images_that_are_added_later(model: ImageModel) -> None:
    model.set_folder_references({"/sea": "memcat-landscape"})
    fill(model, [0.7], "/photos")
    fill(model, [0.7], "/sea")
    fill(model, [0.7], "/sea/below")
    assert texts(model, Column.PERCENTILE) == ["30", "76", "30"]
    assert title(model) == "Percentile"
    assert model.choices.folders == {"/sea": "memcat-landscape"}


def test_a_cleared_library_forgets_the_choices(model: ImageModel) -> None:
    ids = fill(model, [0.7])
    model.set_reference(ids, "memcat")
    model.set_default_reference("memcat-food")
    model.set_folder_references({"/photos": "memcat"})
    model.clear()
    assert (model.reference.id, model.choices.folders) == ("lamem", {})
    fill(model, [0.7])
    assert texts(model, Column.PERCENTILE) == ["30"]


def test_removed_images_come_back_with_their_reference(model: ImageModel) -> None:
    ids = fill(model, [0.7, 0.8])
    model.set_reference(ids[:1], "memcat-food")
    model.remove(ids)
    assert model.choices.in_use() == {}
    model.restore(ids)
    assert model.reference_of(ids[0]).id == "memcat-food"


def test_an_unknown_reference_stays_chosen_and_lamem_stands_in(model: ImageModel) -> None:
    ids = fill(model, [0.7, 0.7])
    model.set_default_reference("memcat-food")
    model.set_reference(ids[:1], "user-my-lab")
    assert texts(model, Column.PERCENTILE) == ["30", "4"]
    assert texts(model, Column.REFERENCE) == ["LaMem", "MemCat food"]
    assert model.library.reference(ids[0]) == "user-my-lab"
    assert model.choices.unknown() == ["user-my-lab"]
    model.references.add(own("My lab"))
    model.compare_again()
    assert texts(model, Column.REFERENCE) == ["My lab", "MemCat food"]
    assert model.choices.unknown() == []


def own(name: str, count: int = 40) -> Reference:
    cells = tuple((f"{0.3 + 0.01 * place:.2f}",) for place in range(count))
    return own_reference(ScoreTable("lab.csv", ("hits",), cells, range(count)), 0, name)


def test_rows_are_sorted_by_the_percentiles_of_their_own_references(model: ImageModel) -> None:
    ids = fill(model, [0.9, 0.7, 0.6])
    model.sort(Column.PERCENTILE, DESCENDING)
    assert model.order.tolist() == ids
    model.set_reference([ids[0]], "memcat-food")
    model.set_reference([ids[1]], "memcat-landscape")
    assert texts(model, Column.PERCENTILE) == ["76", "70", "12"]
    assert model.order.tolist() == [ids[1], ids[0], ids[2]]
    model.sort(Column.REFERENCE, ASCENDING)
    assert texts(model, Column.REFERENCE) == ["LaMem", "MemCat food", "MemCat landscapes"]


def test_beyond_a_whole_reference_scores_decide(model: ImageModel) -> None:
    model.set_default_reference("memcat-landscape")
    ids = fill(model, [0.99, 0.999, 0.98])
    model.sort(Column.PERCENTILE, DESCENDING)
    assert model.order.tolist() == [ids[1], ids[0], ids[2]]


def test_a_filter_of_percentiles_follows_the_references(model: ImageModel) -> None:
    ids = fill(model, [0.7, 0.7, 0.9])
    model.set_filter(Filter(percentiles=Range(50, 100)))
    assert model.order.tolist() == [ids[2]]
    model.set_reference([ids[0]], "memcat-landscape")
    assert sorted(model.order.tolist()) == [ids[0], ids[2]]
    model.set_default_reference("memcat-landscape")
    assert sorted(model.order.tolist()) == ids


def test_percentiles_are_named_wherever_they_are_told(model: ImageModel) -> None:
    ids = fill(model, [0.7])
    assert model.cell(0).detail == "#1 · 30th percentile"  # histogram and table name the one that there is
    model.set_reference(ids, "memcat-landscape")
    assert model.cell(0).detail == "#1 · 76th of MemCat landscapes"
    told = "76th percentile of MemCat landscapes, n = 2,000"
    assert told in model.index(0, Column.NAME).data(TIP).replace("\u00a0", " ")
    assert model.index(0, Column.PERCENTILE).data(SPOKEN).replace("\u00a0", " ") == told
    assert "76th percentile of MemCat landscapes" in model.index(0, Column.NAME).data(SPOKEN)


# --- cautions and sensitivity --------------------------------------------------------------------

TRAITS = Traits(1, 0.5, 0.0, False, 1, bytes(24))


def test_cautions_and_sensitivities_have_columns(model: ImageModel) -> None:
    ids = fill(model, [0.7, 0.8, 0.9])
    library = model.library
    for image_id in ids[:2]:
        library.set_traits(image_id, TRAITS)
    library.set_cautions(ids[0], Caution.FACE | Caution.NEAR_DUPLICATE)
    library.set_sensitivity(ids[0], Sensitivity("ten-crop", (0.66, 0.74, 0.7)))
    library.set_sensitivity(ids[2], Sensitivity("ten-crop", (0.88, 0.9)))
    model.images_changed(ids)
    assert texts(model, Column.CAUTIONS) == ["Face; Near-duplicate", "None", ""]
    assert texts(model, Column.SENSITIVITY) == ["0.66–0.74", "", "0.88–0.90"]
    assert model.index(0, Column.NAME).data(SPOKEN).endswith(", cautions: Face; Near-duplicate")
    tip = model.index(0, Column.CAUTIONS).data(TIP)
    assert "<br>Face: " in tip
    assert "<br>Near-duplicate: " in tip
    tip = model.index(0, Column.SENSITIVITY).data(TIP)
    assert "Framed in 3 ways it scores from 0.66 to 0.74: sensitivity to framing, not an error" in tip
    model.sort(Column.SENSITIVITY, DESCENDING)
    assert model.order.tolist() == [ids[0], ids[2], ids[1]]
    model.sort(Column.CAUTIONS, ASCENDING)
    assert model.order.tolist() == [ids[1], ids[0], ids[2]]
    model.sort(Column.CAUTIONS, DESCENDING)
    assert model.order.tolist() == [ids[0], ids[1], ids[2]]


def test_cautions_sort_by_how_many_there_are(model: ImageModel) -> None:
    ids = fill(model, [0.7, 0.8, 0.9])
    for image_id in ids:
        model.library.set_traits(image_id, TRAITS)
    model.library.set_cautions(ids, [Caution.NEAR_DUPLICATE, Caution.FACE | Caution.TEXT, 0])
    model.sort(Column.CAUTIONS, DESCENDING)
    assert model.order.tolist() == [ids[1], ids[0], ids[2]]


def test_words_for_what_nobody_has_asked() -> None:
    assert wording.cautions_text(None) == wording.sensitivity_text(None) == ""


# --- choosing, and undoing it --------------------------------------------------------------------


class Place:
    """A selection."""

    def __init__(self) -> None:
        self.ids: list[int] = []

    def marked_ids(self) -> list[int]:
        return self.ids

    def go_on(self, image_id: int) -> None: ...


class Bench:
    """The parts of a window that references need."""

    def __init__(self, controller: Controller, settings: QSettings, qtbot: QtBot) -> None:
        self.controller, self.model = controller, controller.model
        self.history = History(controller, controller)
        self.choosing = ReferenceChoosing(self.history, self.model)
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.window.resize(700, 500)
        self.place = Place()
        self.said: list[str] = []
        self.commands = ReferenceCommands(
            self.history,
            self.model,
            controller.jobs,
            lambda: self.place,
            Actions(self.window),
            settings,
            self.window,
        )
        self.commands.done.connect(self.said.append)
        self.window.menuBar().addMenu(self.commands.menu)
        self.window.show()

    def menu(self, name: str) -> QMenu:
        """Open the menu and return the list of one target."""
        self.commands.menu.aboutToShow.emit()
        for action in self.commands.menu.actions():
            menu = action.menu()
            if isinstance(menu, QMenu) and menu.title().replace("&", "").startswith(name):
                return menu
        raise AssertionError(name)

    def action(self, target: str, reference: str) -> QAction:
        return next(action for action in self.menu(target).actions() if action.text() == reference)

    def checked(self, target: str) -> list[str]:
        return [action.text() for action in self.menu(target).actions() if action.isChecked()]

    def dialog(self) -> ReferencesDialog:
        dialog = self.commands._dialog
        assert dialog is not None
        return dialog


@pytest.fixture
def bench(controller: Controller, references: References, tmp_path: Path, qtbot: QtBot) -> Iterator[Bench]:
    controller.model.references = references
    controller.model.choices._references = references
    made = Bench(controller, QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat), qtbot)
    yield made
    if made.commands._dialog is not None:
        made.commands._dialog.close()


def test_each_choice_can_be_undone_and_done_again(bench: Bench) -> None:
    model, stack = bench.model, bench.history.stack
    ids = fill(model, [0.7, 0.7, 0.7])
    bench.choosing.for_images(ids[:1], "memcat-food")
    bench.choosing.for_images(ids, "memcat-landscape")
    bench.choosing.for_library("memcat")
    bench.choosing.for_images(ids[2:], "")
    assert texts(model, Column.PERCENTILE) == ["76", "76", "27"]
    assert stack.undoText() == "Compare 1 Image with MemCat"
    stack.undo()
    assert texts(model, Column.PERCENTILE) == ["76", "76", "76"]
    assert stack.undoText() == "Compare the Library with MemCat"
    stack.undo()
    stack.undo()
    assert texts(model, Column.PERCENTILE) == ["4", "30", "30"]
    stack.undo()
    assert texts(model, Column.PERCENTILE) == ["30", "30", "30"]
    for _ in range(4):
        stack.redo()
    assert texts(model, Column.PERCENTILE) == ["76", "76", "27"]


def test_a_folder_is_chosen_with_its_images_and_undone_with_them(bench: Bench, qtbot: QtBot) -> None:
    model, stack = bench.model, bench.history.stack
    ids = fill(model, [0.7, 0.7], "/sea")
    fill(model, [0.7], "/other")
    bench.choosing.for_images(ids[:1], "memcat-food")
    bench.choosing.for_folders(["/sea"], "memcat-landscape")
    assert texts(model, Column.PERCENTILE) == ["76", "76", "30"]
    assert model.choices.folders == {"/sea": "memcat-landscape"}
    with qtbot.waitSignal(bench.history.stepped_back, timeout=1000) as shown:
        stack.undo()
    assert shown.args is not None
    assert sorted(shown.args[0]) == ids
    assert texts(model, Column.PERCENTILE) == ["4", "30", "30"]
    assert model.choices.folders == {}


def test_choosing_what_is_chosen_is_no_step(bench: Bench) -> None:
    ids = fill(bench.model, [0.7])
    bench.choosing.for_library("lamem")
    bench.choosing.for_images(ids, "")
    bench.choosing.for_folders(["/photos"], "")
    assert bench.history.stack.count() == 0


# --- the menu ------------------------------------------------------------------------------------


def test_the_menu_compares_library_selection_and_folder(bench: Bench) -> None:
    model = bench.model
    ids = fill(model, [0.7, 0.7], "/sea & sand")
    fill(model, [0.7], "/other")
    assert bench.checked("Library") == ["LaMem"]
    bench.action("Library", "MemCat").trigger()
    assert bench.checked("Library") == ["MemCat"]
    bench.place.ids = ids[:1]
    assert bench.checked("Selection (1 Image)") == ["The Library’s (MemCat)"]
    bench.action("Selection", "MemCat food").trigger()
    assert bench.checked("Selection") == ["MemCat food"]
    bench.place.ids = ids
    assert bench.checked("Selection") == []  # several
    bench.action("Folder", "MemCat landscapes").trigger()
    assert texts(model, Column.PERCENTILE) == ["76", "76", "27"]
    assert bench.said[-1] == "Compared with MemCat landscapes: Folder “sea & sand”"


def test_the_menu_offers_only_what_is_there(bench: Bench) -> None:
    bench.commands.menu.aboutToShow.emit()
    assert not bench.menu("Selection").menuAction().isEnabled()
    assert not bench.menu("Folder").menuAction().isEnabled()
    assert not bench.menu("Filter Result").menuAction().isEnabled()
    ids = fill(bench.model, [0.7, 0.9])
    bench.model.set_filter(Filter(scores=Range(0.8, 1.0)))
    assert bench.menu("Filter Result").title() == "&Filter Result (1 Image)"
    bench.action("Filter Result", "MemCat food").trigger()
    assert [bench.model.reference_of(image_id).id for image_id in ids] == ["lamem", "memcat-food"]


def test_the_menu_shows_own_references_and_those_that_are_missing(bench: Bench) -> None:
    bench.model.references.add(own("R&D"))
    bench.place.ids = fill(bench.model, [0.7])
    bench.action("Library", "R&&D").trigger()
    assert bench.model.reference.name == "R&D"
    bench.model.set_reference(bench.place.ids, "user-gone")
    missing = bench.action("Selection", "gone (not on this computer)")
    assert missing.isChecked()
    assert not missing.isEnabled()


# --- the list ------------------------------------------------------------------------------------


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
        "LaMem (the library’s)", "58,741", "0.756", "0.124", "2", "Ships with the program",
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
    assert rows(dialog)[-1] == ["My lab", "60", "0.595", "0.175", "1", "Yours"]
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
    qtbot.waitUntil(lambda: "No such file" in dialog._said.text())


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


# --- sessions ------------------------------------------------------------------------------------


def test_a_session_brings_all_choices_back(
    controller: Controller,
    scorer: BrightnessScorer,
    make_images: Callable[..., list[Path]],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    sessions = Sessions(controller, lambda: scorer, None, controller)
    model = controller.model
    with qtbot.waitSignal(controller.run_ended, timeout=WAIT_MS):
        controller.add_paths([str(path) for path in [*make_images(2, "sea"), *make_images(2, "land")]])
    by_name = {Path(model.library.paths[i]).parent.name + str(i % 2): i for i in range(4)}
    sea = sorted(i for name, i in by_name.items() if name.startswith("sea"))
    model.set_reference(sea[:1], "user-gone")
    model.library.set_sensitivity(sea[1], Sensitivity("ten-crop", (0.4, 0.5)))
    model.set_folder_references({str(tmp_path / "sea"): "memcat-food"})
    model.set_default_reference("memcat-landscape")
    sessions.save(tmp_path / "a.resmem")
    qtbot.waitUntil(lambda: sessions.path is not None and not sessions.is_modified, timeout=WAIT_MS)
    model.set_default_reference("memcat")
    assert sessions.is_modified

    notices: list[str] = []
    sessions.notice.connect(lambda notice: notices.append(notice.text))
    with qtbot.waitSignal(sessions.opened, timeout=WAIT_MS):
        sessions.open(tmp_path / "a.resmem")
    assert model.choices.default_id == "memcat-landscape"
    assert model.choices.folders == {str(tmp_path / "sea"): "memcat-food"}
    back = model.library.present_ids().tolist()
    assert [model.library.reference(i) for i in back].count("user-gone") == 1
    assert sorted(model.reference_of(i).id for i in back) == ["lamem", *["memcat-landscape"] * 3]
    assert [model.library.sensitivity(i) for i in back].count(Sensitivity("ten-crop", (0.4, 0.5))) == 1
    assert unknown_references_sentence(["user-gone"]) in notices
    assert not sessions.is_modified


def test_one_and_several_missing_references_are_told() -> None:
    assert unknown_references_sentence(["user-a"]).startswith(
        "A reference of this session is not on this computer: “a”."
    )
    assert "are not on this computer: “a”, “b”." in unknown_references_sentence(["user-a", "user-b"])
