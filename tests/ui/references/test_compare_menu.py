"""The menu that chooses references."""

from resmem_gui.library.filtering import Filter, Range
from resmem_gui.ui.rows.columns import Column
from tests.ui.references.bench import Bench, fill, own, texts


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
    assert bench.said[-1] == "Compared with MemCat landscapes: Folder “sea & sand” and Below"


def test_the_menu_says_what_a_folder_has_from_above(bench: Bench) -> None:
    model = bench.model
    fill(model, [0.7], "/sea")
    bench.place.ids = ids = fill(model, [0.7], "/sea/food")
    assert bench.checked("Folder") == ["The Library’s (LaMem)"]
    assert not any(action.text().startswith("As ") for action in bench.menu("Folder").actions())
    model.set_folder_references({"/sea": "memcat-landscape"})
    above = "As “sea” (MemCat landscapes)"
    assert bench.checked("Folder") == [above]
    bench.action("Folder", "MemCat food").trigger()
    assert bench.checked("Folder") == ["MemCat food"]
    bench.action("Folder", "The Library’s (LaMem)").trigger()
    assert bench.checked("Folder") == ["The Library’s (LaMem)"]
    assert model.reference_of(ids[0]).name == "LaMem"
    bench.action("Folder", above).trigger()
    assert bench.checked("Folder") == [above]
    assert model.reference_of(ids[0]).name == "MemCat landscapes"
    assert bench.said[-1] == "Compared as “sea” (MemCat landscapes): Folder “food” and Below"


def test_folders_below_different_ones_are_as_the_folders_above(bench: Bench) -> None:
    ids = [*fill(bench.model, [0.7], "/sea/a"), *fill(bench.model, [0.7], "/land/b")]
    bench.model.set_folder_references({"/sea": "memcat-landscape", "/land": "memcat-food"})
    bench.place.ids = ids
    assert bench.menu("Folders of the Selection").title() == "F&olders of the Selection (2) and Below"
    assert bench.checked("Folders") == ["As the Folders Above"]
    bench.action("Folders", "MemCat").trigger()
    assert bench.checked("Folders") == ["MemCat"]
    assert texts(bench.model, Column.PERCENTILE) == ["27", "27"]


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
