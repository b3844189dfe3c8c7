"""What rows tell of the references that images are compared with."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from resmem_gui.library.filtering import Filter, Range
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.rows.image_model import ImageModel
from tests.ui.references.bench import fill, own, texts

ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
SPOKEN, TIP = Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole
ORIENTATION = Qt.Orientation.Horizontal


def title(model: ImageModel) -> str:
    return str(model.headerData(Column.PERCENTILE, ORIENTATION))


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
    fill(model, [0.7], "/seaside")
    assert texts(model, Column.PERCENTILE) == ["30", "76", "30"]
    assert title(model) == "Percentile"
    assert model.choices.folders == {"/sea": "memcat-landscape"}


def test_the_nearest_folder_with_a_reference_counts(model: ImageModel) -> None:
    folders = {"/sea": "memcat-landscape", "/sea/food": "memcat-food", "/sea/food/raw": ""}
    model.set_folder_references(folders)
    fill(model, [0.7], "/sea/below/deep")
    fill(model, [0.7], "/sea/food/fish")
    fill(model, [0.7], "/sea/food/raw/oysters")
    fill(model, [0.7], "/")
    assert texts(model, Column.PERCENTILE) == ["76", "4", "30", "30"]
    assert model.choices.folders == folders
    model.set_folder_references({"/sea": "", "/sea/food/raw": "", "/sea/food": "memcat-food"})
    expected = {"/sea/food": "memcat-food", "/sea/food/raw": ""}
    assert model.choices.folders == expected, "nothing need be said of the library's own where it holds"


def test_a_root_has_a_reference(model: ImageModel) -> None:
    model.set_folder_references({"/": "memcat-food"})
    fill(model, [0.7], "/photos/sea")
    assert texts(model, Column.PERCENTILE) == ["4"]


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
