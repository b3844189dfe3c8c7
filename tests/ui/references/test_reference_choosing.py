"""References are chosen for the library, for folders and for images, and chosen back."""

from pytestqt.qtbot import QtBot

from resmem_gui.ui.rows.columns import Column
from tests.ui.references.bench import Bench, fill, texts


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


def test_a_folder_is_chosen_with_those_below_but_for_the_ones_with_their_own(bench: Bench) -> None:
    model, stack = bench.model, bench.history.stack
    for folder in ("/sea", "/sea/food", "/sea/food/raw", "/sea/below", "/seaside"):
        fill(model, [0.7], folder)
    bench.choosing.for_folders(["/sea/food"], "memcat-food")
    bench.choosing.for_folders(["/sea"], "memcat-landscape")
    assert texts(model, Column.PERCENTILE) == ["76", "4", "4", "76", "30"]
    bench.choosing.for_folders(["/sea/food"], "")
    assert texts(model, Column.PERCENTILE) == ["76", "30", "30", "76", "30"], "the library's own"
    bench.choosing.as_above(["/sea/food"])
    assert texts(model, Column.PERCENTILE) == ["76", "76", "76", "76", "30"]
    assert stack.undoText() == "Compare 1 Folder with MemCat landscapes"
    assert model.choices.folders == {"/sea": "memcat-landscape"}
    stack.undo()
    stack.undo()
    assert texts(model, Column.PERCENTILE) == ["76", "4", "4", "76", "30"]
    stack.undo()
    assert texts(model, Column.PERCENTILE) == ["30", "4", "4", "30", "30"]
    for _ in range(3):
        stack.redo()
    assert texts(model, Column.PERCENTILE) == ["76", "76", "76", "76", "30"]


def test_several_folders_are_as_the_ones_above_them(bench: Bench) -> None:
    model = bench.model
    for folder in ("/sea/a", "/land/b"):
        fill(model, [0.7], folder)
    model.set_folder_references({"/sea": "memcat-landscape", "/land": "memcat-food"})
    bench.choosing.for_folders(["/sea/a", "/land/b"], "memcat")
    assert texts(model, Column.PERCENTILE) == ["27", "27"]
    bench.choosing.as_above(["/sea/a", "/land/b"])
    assert texts(model, Column.PERCENTILE) == ["76", "4"]
    assert bench.history.stack.undoText() == "Compare 2 Folders with What Is Chosen Above"


def test_images_that_came_later_lose_a_folder_s_reference_with_the_others(bench: Bench) -> None:
    model, stack = bench.model, bench.history.stack
    fill(model, [0.7], "/sea")
    bench.choosing.for_folders(["/sea"], "memcat-landscape")
    fill(model, [0.7], "/sea/later")
    bench.choosing.for_folders(["/sea/later"], "memcat-food")
    fill(model, [0.7], "/sea/later/still")
    assert texts(model, Column.PERCENTILE) == ["76", "4", "4"]
    stack.undo()
    assert texts(model, Column.PERCENTILE) == ["76", "76", "76"]
    stack.undo()
    assert texts(model, Column.PERCENTILE) == ["30", "30", "30"]
    fill(model, [0.7], "/sea/undone")
    stack.redo()
    assert texts(model, Column.PERCENTILE) == ["76", "76", "76", "76"], "also what came meanwhile"
    stack.redo()
    assert texts(model, Column.PERCENTILE) == ["76", "4", "4", "76"]


def test_what_came_later_keeps_a_choice_of_its_own_when_another_one_is_undone(bench: Bench) -> None:
    model, stack = bench.model, bench.history.stack
    bench.choosing.for_library("memcat")
    ids = fill(model, [0.7], "/sea")
    model.set_reference(ids, "memcat-food")  # by a session
    stack.undo()
    assert texts(model, Column.PERCENTILE) == ["4"]


def test_choosing_for_images_again_what_some_of_them_have_is_a_step(bench: Bench) -> None:
    ids = fill(bench.model, [0.7, 0.7])
    bench.choosing.for_images(ids[:1], "memcat-food")
    bench.choosing.for_images(ids, "memcat-food")
    bench.choosing.for_images(ids, "memcat-food")
    bench.choosing.for_images([], "memcat")
    assert bench.history.stack.count() == 2
    assert texts(bench.model, Column.PERCENTILE) == ["4", "4"]


def test_images_with_a_choice_of_their_own_in_a_nearer_folder_keep_it(bench: Bench) -> None:
    model = bench.model
    fill(model, [0.7], "/sea")
    ids = fill(model, [0.7, 0.7], "/sea/food")
    bench.choosing.for_folders(["/sea/food"], "memcat-food")
    bench.choosing.for_images(ids[:1], "memcat")
    bench.choosing.for_folders(["/sea"], "memcat-landscape")
    assert texts(model, Column.PERCENTILE) == ["76", "27", "4"]
