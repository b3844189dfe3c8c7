from collections.abc import Iterator
from random import Random

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.ranking import ranks
from resmem_gui.analysis.reference import load_lamem
from resmem_gui.library.filtering import Filter
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance, Status
from resmem_gui.ui.rows import name_order
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails
from tests.ui.conftest import WAIT_MS

MADE_BY = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")
ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


@pytest.fixture
def model(qtbot: QtBot) -> Iterator[ImageModel]:
    thumbnails = Thumbnails()
    made = ImageModel(Library(), load_lamem(), thumbnails)
    yield made
    made.stop()
    thumbnails.stop()


def fill(model: ImageModel, scores: list[float | None]) -> list[int]:
    """Add one image a score; None stays waiting."""
    ids = model.add([f"/photos/image{number}.jpg" for number in range(1, len(scores) + 1)])
    for image_id, score in zip(ids, scores, strict=True):
        if score is not None:
            model.library.set_scored(image_id, score, (40 + image_id, 30), "ab", MADE_BY)
    model.images_changed(ids)
    return ids


def column_texts(model: ImageModel, column: Column) -> list[str]:
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_keeps_qts_rules_through_all_changes(model: ImageModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    ids = fill(model, [0.5, None, 0.9, 0.41, 0.7])
    model.library.set_failed(ids[1], "The file is empty (0 bytes).")
    model.images_changed(ids)
    for column in Column:
        model.sort(column, DESCENDING)
    model.remove([ids[0], ids[2], ids[3]])
    model.add(["/photos/image1.jpg", "/photos/new.jpg"])
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.clear()
    assert model.rowCount() == 0


def test_shows_what_the_library_knows(model: ImageModel) -> None:
    fill(model, [0.7])
    row = {column: model.index(0, column).data() for column in Column}
    assert row[Column.RANK] == "1"
    assert row[Column.NAME] == "image1.jpg"
    assert row[Column.SCORE] == "0.700"
    assert row[Column.PERCENTILE] == "30"
    assert row[Column.DIMENSIONS] == "40 × 30"
    assert row[Column.FOLDER] == "/photos"
    assert row[Column.STATUS] == "Scored"


def test_says_why_an_image_failed(model: ImageModel) -> None:
    (image_id,) = fill(model, [None])
    model.library.set_failed(image_id, "The file is empty (0 bytes).")
    model.images_changed([image_id])
    assert model.index(0, Column.STATUS).data() == "Failed: The file is empty (0 bytes)."
    assert model.index(0, Column.NAME).data(Qt.ItemDataRole.ToolTipRole) == "The file is empty (0 bytes)."
    assert model.cell(0).warned
    assert model.cell(0).detail == "Not scored"


@pytest.mark.parametrize("order", [ASCENDING, DESCENDING])
@pytest.mark.parametrize("column", [Column.RANK, Column.SCORE, Column.PERCENTILE])
def test_images_without_a_score_stay_at_the_end(
    model: ImageModel, column: Column, order: Qt.SortOrder
) -> None:
    fill(model, [None, 0.5, None, 0.9])
    model.sort(column, order)
    assert column_texts(model, Column.NAME)[2:] == ["image1.jpg", "image3.jpg"]


def test_sorts_by_score_both_ways(model: ImageModel) -> None:
    fill(model, [0.5, 0.9, 0.7])
    model.sort(Column.RANK, ASCENDING)
    assert column_texts(model, Column.SCORE) == ["0.900", "0.700", "0.500"]
    model.sort(Column.SCORE, ASCENDING)
    assert column_texts(model, Column.SCORE) == ["0.500", "0.700", "0.900"]


def test_sorts_names_as_people_count(model: ImageModel) -> None:
    model.add(["/p/image10.jpg", "/p/Image2.jpg", "/p/image1.jpg"])
    model.sort(Column.NAME, ASCENDING)
    assert column_texts(model, Column.NAME) == ["image1.jpg", "Image2.jpg", "image10.jpg"]


def test_equal_images_stay_in_the_order_of_their_adding(model: ImageModel) -> None:
    fill(model, [0.5, 0.5, 0.5])
    model.sort(Column.SCORE, DESCENDING)
    assert column_texts(model, Column.NAME) == ["image1.jpg", "image2.jpg", "image3.jpg"]


def test_selection_follows_its_image_when_rows_are_sorted(model: ImageModel) -> None:
    ids = fill(model, [0.5, 0.9, 0.7])
    followed = QPersistentModelIndex(model.index(0, Column.NAME))
    model.sort(Column.RANK, ASCENDING)
    assert followed.row() == 2
    assert model.image_id(followed.row()) == ids[0]
    assert followed.column() == Column.NAME


def test_scores_at_the_floor_share_a_rank_and_are_marked(model: ImageModel) -> None:
    fill(model, [0.412, 0.418, 0.6])
    assert column_texts(model, Column.RANK) == ["2", "2", "1"]
    assert [model.cell(row).score for row in range(3)] == ["0.41 floor", "0.42 floor", "0.60"]
    assert model.index(0, Column.STATUS).data() == "Scored, at the model’s floor"


def test_adding_the_same_image_again_changes_nothing(model: ImageModel) -> None:
    fill(model, [0.5, 0.6])
    assert model.add(["/photos/image2.jpg"]) == []
    assert model.rowCount() == 2


def test_removed_images_leave_ranks_and_rows(model: ImageModel) -> None:
    ids = fill(model, [0.5, 0.9, 0.7, 0.8])
    model.remove([ids[1], ids[3]])
    assert column_texts(model, Column.NAME) == ["image1.jpg", "image3.jpg"]
    assert column_texts(model, Column.RANK) == ["2", "1"]
    assert model.row_of(ids[1]) is None
    assert model.row_of(ids[2]) == 1


def test_many_scattered_images_can_be_removed(model: ImageModel) -> None:
    ids = fill(model, [0.5] * 300)
    model.remove(ids[::2])
    assert model.order.tolist() == ids[1::2]
    assert model.row_of(ids[1]) == 0


def test_a_file_name_is_never_taken_for_html(model: ImageModel) -> None:
    model.add(["/photos/<b>bold.jpg"])
    tip = model.index(0, Column.NAME).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "<span>/photos/&lt;b&gt;bold.jpg</span>"


def test_a_screen_reader_hears_the_whole_image_with_its_name(model: ImageModel) -> None:
    fill(model, [0.7, None])
    spoken = model.index(0, Column.NAME).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "image1.jpg, rank 1, score 0.70, 30th percentile of LaMem"
    assert model.index(1, Column.NAME).data(Qt.ItemDataRole.AccessibleTextRole) == "image2.jpg, Waiting"


def test_a_drag_carries_the_files(model: ImageModel) -> None:
    fill(model, [0.5, 0.9])
    indexes = [model.index(row, column) for row in (0, 1) for column in Column]
    urls = model.mimeData(indexes).urls()
    assert [url.toLocalFile() for url in urls] == ["/photos/image1.jpg", "/photos/image2.jpg"]


def test_the_percentile_column_names_its_reference(model: ImageModel) -> None:
    title = model.headerData(Column.PERCENTILE, Qt.Orientation.Horizontal)
    tip = model.headerData(Column.PERCENTILE, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert title == "LaMem percentile"
    assert "58,741" in tip


def test_a_stale_index_answers_nothing(model: ImageModel) -> None:
    fill(model, [0.5])
    stale = model.index(0, Column.NAME)
    model.clear()
    assert model.data(stale) is None
    assert model.data(QModelIndex()) is None


def test_order_holds_each_present_image_once(model: ImageModel) -> None:
    ids = fill(model, [float(score) for score in np.linspace(0.4, 0.9, 50)])
    model.remove(ids[10:20])
    model.sort(Column.SCORE, DESCENDING)
    assert sorted(model.order.tolist()) == ids[:10] + ids[20:]


# --- a filter ------------------------------------------------------------------------------------

SCORED, WAITING, FAILED = (Filter(statuses=frozenset({status})) for status in Status)


def names(model: ImageModel) -> list[str]:
    return column_texts(model, Column.NAME)


def assert_rows_fit(model: ImageModel) -> None:
    """Make sure that each image shown has one row, and the others have none."""
    assert model.rowCount() == len(model.order) == len(set(model.order.tolist()))
    rows = {int(image_id): row for row, image_id in enumerate(model.order)}
    for image_id in range(-1, len(model.library) + 1):
        assert model.row_of(image_id) == rows.get(image_id)


def test_a_filter_shows_some_images_in_their_order(model: ImageModel, qtbot: QtBot) -> None:
    ids = fill(model, [0.5, None, 0.9, None, 0.7])
    with qtbot.waitSignals([model.modelReset, model.filter_changed], timeout=1000):
        model.set_filter(SCORED)
    assert model.filter == SCORED
    assert names(model) == ["image3.jpg", "image5.jpg", "image1.jpg"]
    assert_rows_fit(model)
    model.set_filter(WAITING)
    assert names(model) == ["image2.jpg", "image4.jpg"]
    model.set_filter(Filter("IMAGE5"))
    assert names(model) == ["image5.jpg"]
    model.set_filter(FAILED)
    assert names(model) == []
    model.set_filter(Filter())
    assert names(model) == ["image3.jpg", "image5.jpg", "image1.jpg", "image2.jpg", "image4.jpg"]
    assert sorted(model.order.tolist()) == ids
    assert_rows_fit(model)


def test_the_same_filter_again_changes_nothing(model: ImageModel, qtbot: QtBot) -> None:
    fill(model, [0.5, None])
    model.set_filter(SCORED)
    with qtbot.assertNotEmitted(model.modelReset), qtbot.assertNotEmitted(model.filter_changed):
        model.set_filter(Filter(statuses=frozenset({Status.SCORED})))


def test_ranks_are_among_all_images_whatever_is_shown(model: ImageModel) -> None:
    fill(model, [0.5, 0.9, 0.7])
    model.set_filter(Filter("image1"))
    assert column_texts(model, Column.RANK) == ["3"]
    assert model.cell(0).detail.startswith("#3 ")


def test_new_images_are_shown_if_the_filter_lets_them_through(model: ImageModel, qtbot: QtBot) -> None:
    model.set_filter(Filter("cat"))
    with qtbot.assertNotEmitted(model.rowsInserted):
        assert model.add(["/p/dog1.jpg", "/p/dog2.jpg"]) == [0, 1]
    assert model.rowCount() == 0
    with qtbot.waitSignal(model.rowsInserted, timeout=1000) as inserted:
        assert model.add(["/p/dog3.jpg", "/p/Cat1.jpg", "/p/dog4.jpg", "/p/cat2.jpg"]) == [2, 3, 4, 5]
    assert inserted.args is not None
    assert inserted.args[1:] == [0, 1]
    assert names(model) == ["Cat1.jpg", "cat2.jpg"]
    assert_rows_fit(model)
    model.set_filter(Filter())
    assert model.rowCount() == 6


def test_images_stay_shown_while_scores_come_in_until_rows_are_sorted(
    model: ImageModel, qtbot: QtBot
) -> None:
    ids = fill(model, [None] * 4)
    model.set_filter(WAITING)
    model.library.set_scored(ids[1], 0.8, (4, 3), "ab", MADE_BY)
    model.library.set_scored(ids[3], 0.9, (4, 3), "ab", MADE_BY)
    with qtbot.assertNotEmitted(model.filter_changed):
        model.images_changed(ids)
    assert model.rowCount() == 4
    with qtbot.waitSignal(model.filter_changed, timeout=1000):
        model.sort_again()
    assert names(model) == ["image1.jpg", "image3.jpg"]
    assert_rows_fit(model)
    model.library.set_waiting([ids[3]])
    model.images_changed([ids[3]])  # has no row
    model.sort_again()
    assert names(model) == ["image1.jpg", "image3.jpg", "image4.jpg"]
    assert_rows_fit(model)


def test_scores_that_keep_all_images_shown_only_sort_them(model: ImageModel, qtbot: QtBot) -> None:
    ids = fill(model, [0.5, 0.6, 0.7, None])
    model.set_filter(SCORED)
    model.library.set_scored(ids[0], 0.9, (4, 3), "ab", MADE_BY)
    model.images_changed([ids[0]])
    with qtbot.assertNotEmitted(model.modelReset), qtbot.assertNotEmitted(model.filter_changed):
        model.sort_again()
    assert names(model) == ["image1.jpg", "image3.jpg", "image2.jpg"]


def swap_one(model: ImageModel) -> list[int]:
    """Show two of three images, then let one of them go and the third come."""
    ids = fill(model, [None, None, 0.5])
    model.set_filter(WAITING)
    model.library.set_scored(ids[0], 0.8, (4, 3), "ab", MADE_BY)
    model.library.set_waiting([ids[2]])
    model.images_changed(ids)
    return ids


def test_as_many_images_as_before_can_be_other_ones(model: ImageModel) -> None:
    ids = swap_one(model)
    gone = QPersistentModelIndex(model.index(0, Column.NAME))
    stays = QPersistentModelIndex(model.index(1, Column.NAME))
    model.sort_again()
    assert names(model) == ["image2.jpg", "image3.jpg"]
    assert_rows_fit(model)
    assert not gone.isValid()
    assert not stays.isValid() or model.image_id(stays.row()) == ids[1]


def test_other_images_are_told_even_if_they_are_as_many_as_before(model: ImageModel, qtbot: QtBot) -> None:
    swap_one(model)
    with qtbot.waitSignal(model.filter_changed, timeout=200):
        model.sort_again()


def test_hidden_images_can_be_removed(model: ImageModel, qtbot: QtBot) -> None:
    ids = fill(model, [0.5, None, 0.9, None, 0.7])
    model.set_filter(SCORED)
    with qtbot.assertNotEmitted(model.rowsRemoved):
        model.remove([ids[1]])
    model.remove([ids[3], ids[4], ids[2]])
    assert names(model) == ["image1.jpg"]
    assert column_texts(model, Column.RANK) == ["1"]
    assert_rows_fit(model)
    model.set_filter(Filter())
    assert model.order.tolist() == [ids[0]]


def test_many_scattered_images_can_be_removed_under_a_filter(model: ImageModel) -> None:
    ids = fill(model, [0.5, None] * 200)
    model.set_filter(SCORED)
    model.remove(ids[::3])
    expected = [image_id for image_id in ids[::2] if image_id not in ids[::3]]
    assert model.order.tolist() == expected
    assert_rows_fit(model)


def test_a_filter_outlives_what_it_showed(model: ImageModel) -> None:
    fill(model, [0.5, None])
    model.set_filter(WAITING)
    model.clear()
    assert model.rowCount() == 0
    assert model.filter == WAITING
    fill(model, [0.5, None, None])
    model.sort_again()
    assert names(model) == ["image2.jpg", "image3.jpg"]
    assert_rows_fit(model)


def test_missing_files_can_be_shown_by_themselves(model: ImageModel) -> None:
    ids = fill(model, [0.5, None, 0.9])
    model.library.set_missing([ids[0], ids[1]], missing=True)
    model.set_filter(Filter(missing=True))
    assert names(model) == ["image1.jpg", "image2.jpg"]
    model.library.relink({ids[0]: "/photos/found.jpg"})
    model.images_changed([ids[0]])
    model.sort_again()
    assert names(model) == ["image2.jpg"]


def test_keeps_qts_rules_under_a_filter(model: ImageModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    ids = fill(model, [0.5, None, 0.9, 0.41, 0.7, None, None])
    for wanted in (SCORED, Filter("image"), WAITING, FAILED, Filter(missing=False), SCORED):
        model.set_filter(wanted)
        for column in Column:
            model.sort(column, DESCENDING)
            model.sort(column, ASCENDING)
        assert_rows_fit(model)
    model.library.set_waiting([ids[0]])
    model.library.set_scored(ids[1], 0.8, (4, 3), "ab", MADE_BY)
    model.images_changed(ids)
    model.sort_again()
    model.remove([ids[0], ids[2], ids[3]])
    model.add(["/photos/image1.jpg", "/photos/new.jpg"])
    model.sort_again()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    assert_rows_fit(model)
    model.clear()
    assert model.rowCount() == 0


# --- many names ----------------------------------------------------------------------------------

MANY = name_order._FEW + 200


def add_many(model: ImageModel, count: int = MANY) -> list[str]:
    """Add so many images, in no order, that sorting their names takes a while; return the right order."""
    numbers = list(range(count))
    Random(1).shuffle(numbers)
    model.add(f"/photos/IMG_{number}.jpg" for number in numbers)
    return [f"IMG_{number}.jpg" for number in range(count)]


def test_many_names_are_sorted_a_little_later(model: ImageModel, qtbot: QtBot) -> None:
    wanted = add_many(model)
    before = model.order.tolist()
    followed = QPersistentModelIndex(model.index(0, Column.NAME))
    with qtbot.waitSignal(model.layoutChanged, timeout=WAIT_MS), qtbot.assertNotEmitted(model.modelReset):
        model.sort(Column.NAME, DESCENDING)
        assert model.order.tolist() == before
        assert (model.sort_column, model.sort_order) == (Column.NAME, DESCENDING)
    assert names(model) == wanted[::-1]
    assert model.image_id(followed.row()) == 0
    with qtbot.waitSignal(model.layoutChanged, timeout=WAIT_MS):
        model.sort(Column.NAME, ASCENDING)  # known by now
        assert names(model) == wanted
    assert_rows_fit(model)


def test_another_column_chosen_meanwhile_is_the_one_that_counts(model: ImageModel, qtbot: QtBot) -> None:
    add_many(model)
    model.library.set_scored(5, 0.9, (4, 3), "ab", MADE_BY)
    model.images_changed([5])
    with qtbot.waitSignal(model._names.ready, timeout=WAIT_MS):
        model.sort(Column.NAME, ASCENDING)
        model.sort(Column.SCORE, ASCENDING)
    assert model.order.tolist() == [5, *range(5), *range(6, MANY)]


def test_images_that_come_and_go_meanwhile_are_sorted_in(model: ImageModel, qtbot: QtBot) -> None:
    wanted = add_many(model)
    model.sort(Column.NAME, ASCENDING)
    model.add(["/photos/IMG_5b.jpg", "/photos/a.jpg"])
    model.remove([0])
    wanted.remove(model.library.record(0).name)
    wanted = ["a.jpg", *wanted]
    wanted.insert(wanted.index("IMG_6.jpg"), "IMG_5b.jpg")
    model.sort_again()
    qtbot.waitUntil(lambda: names(model) == wanted, timeout=WAIT_MS)
    assert_rows_fit(model)


def test_a_filter_among_many_names_shows_its_images_at_once_and_in_order_later(
    model: ImageModel, qtbot: QtBot
) -> None:
    add_many(model)
    model.sort(Column.NAME, ASCENDING)
    with qtbot.waitSignal(model.layoutChanged, timeout=WAIT_MS):
        model.set_filter(Filter("img_11"))
        assert {name[:6] for name in names(model)} == {"IMG_11"}
        assert_rows_fit(model)
    assert names(model) == [
        "IMG_11.jpg",
        *(f"IMG_11{n}.jpg" for n in range(10)),
        *(f"IMG_{n}.jpg" for n in range(1100, 1200)),
    ]
    assert_rows_fit(model)


def test_keeps_qts_rules_with_many_names(model: ImageModel, qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    wanted = add_many(model)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    with qtbot.waitSignal(model.layoutChanged, timeout=WAIT_MS):
        model.sort(Column.NAME, ASCENDING)
    model.set_filter(Filter("7"))
    assert names(model) == [name for name in wanted if "7" in name]
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


def test_a_renamed_image_moves_to_its_new_place(model: ImageModel, qtbot: QtBot) -> None:
    add_many(model)
    with qtbot.waitSignal(model.layoutChanged, timeout=WAIT_MS):
        model.sort(Column.FOLDER, ASCENDING)
    last = model.image_id(MANY - 1)
    model.library.relink({last: "/a/first.jpg"})
    with qtbot.waitSignal(model.layoutChanged, timeout=WAIT_MS):
        model.sort_again()
    assert model.row_of(last) == 0


def test_ranks_among_many_are_exact_when_they_are_told(model: ImageModel) -> None:
    count = 2500
    scores = [round(0.3 + number % 700 / 1000, 3) for number in range(count)]
    ids = fill(model, [*scores])
    model.library.set_scored(ids[7], 1.0, (4, 3), "ab", MADE_BY)
    model.images_changed([ids[7]])
    assert model.standing.rank(ids[7]) == 1
    model.tell_ranks()
    assert model.standing.ranks.tolist() == ranks(model.library.present_scores()).tolist()
    model.remove([ids[7]])
    assert model.standing.ranks.tolist() == ranks(model.library.present_scores()).tolist()
