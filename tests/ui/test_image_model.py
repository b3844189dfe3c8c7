from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.ui.columns import Column
from resmem_gui.ui.image_model import ImageModel
from resmem_gui.ui.thumbnails import Thumbnails

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
    assert model.cell(0).failed
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
