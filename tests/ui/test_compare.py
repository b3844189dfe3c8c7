"""The comparison: what stands side by side, moves together, and what is said about differences."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.library.library import Library
from resmem_gui.library.records import Pick, Provenance, Sensitivity
from resmem_gui.scoring.framings import SMALL_SHIFTS, TEN_CROP
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails
from resmem_gui.ui.viewing import pictures as pictures_module
from resmem_gui.ui.viewing.arrangement import best_columns
from resmem_gui.ui.viewing.compare import Compare
from resmem_gui.ui.viewing.compare_pane import ComparePane
from resmem_gui.ui.viewing.geometry import fitted_size
from resmem_gui.ui.viewing.pictures import LoadedPicture, Pictures, PictureWish, load_picture
from tests.ui.key_window import KeyWindow

MADE_BY = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")
SIZES = [(1200, 800), (1200, 800), (600, 400), (1200, 800), (1200, 800), (1200, 800), (1200, 800)]
SCORES = [0.60, 0.70, 0.68, 0.41, 0.415, 0.55, None]


@pytest.fixture
def model(thumbnails: Thumbnails, tmp_path: Path) -> Iterator[ImageModel]:
    paths = [str(tmp_path / f"image{number}.jpg") for number in range(len(SIZES))]
    for number, (path, (width, height)) in enumerate(zip(paths, SIZES, strict=True)):
        pixels = np.full((height, width, 3), 30 * number, dtype=np.uint8)
        Image.fromarray(pixels).save(path, quality=90)
    made = ImageModel(Library(), load_lamem(), thumbnails)
    ids = made.add(paths)
    for image_id, size, score in zip(ids, SIZES, SCORES, strict=True):
        if score is not None:
            made.library.set_scored(image_id, score, size, "0" * 64, MADE_BY)
    made.images_changed(ids)
    made.sort(Column.NAME)
    yield made
    made.stop()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[KeyWindow]:
    made = KeyWindow()
    made.resize(900, 600)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def compare(
    qtbot: QtBot, model: ImageModel, thumbnails: Thumbnails, pictures: Pictures, window: KeyWindow
) -> Compare:
    made = Compare(model, thumbnails, pictures)
    window.setCentralWidget(made)
    window.show()
    qtbot.waitExposed(window)
    return made


def show(qtbot: QtBot, compare: Compare, ids: list[int]) -> None:
    compare.set_images(ids)
    qtbot.waitUntil(lambda: all(_is_there(compare, place) for place in range(len(compare.image_ids))))


def _is_there(compare: Compare, place: int) -> bool:
    canvas = compare.panes[place].canvas
    return canvas.picture is not None and canvas.picture.levels[0].width() >= canvas.width() / 2


def verdict(compare: Compare, place: int) -> str:
    return compare.panes[place].verdict.accessibleDescription()


# What stands side by side


@pytest.mark.parametrize(
    ("count", "room", "columns"),
    [(2, (900, 500), 2), (2, (400, 900), 1), (3, (1600, 500), 3), (4, (900, 600), 2), (4, (2000, 400), 4)],
)
def test_pictures_stand_where_they_are_largest(count: int, room: tuple[int, int], columns: int) -> None:
    assert best_columns([(1200, 800)] * count, room, 40) == columns
    assert best_columns([(0, 0)] * count, room, 40) == columns


def test_four_are_shown_and_others_wait(qtbot: QtBot, compare: Compare) -> None:
    show(qtbot, compare, [0, 1, 2, 3, 4, 5])
    assert compare.image_ids == [0, 1, 2, 3]
    assert compare.head.text == "Comparing 4 images, 2 more wait"
    tops = {pane.y() for pane in compare.panes}
    assert len(tops) == 2, "two rows of two"
    areas = [pane.canvas.width() * pane.canvas.height() for pane in compare.panes]
    assert max(areas) <= 1.05 * min(areas)


def test_two_fill_the_room(qtbot: QtBot, compare: Compare) -> None:
    show(qtbot, compare, [0, 1])
    assert [pane.isVisible() for pane in compare.panes] == [True, True, False, False]
    assert compare.panes[0].y() == compare.panes[1].y()
    assert compare.panes[1].geometry().right() == compare.width() - 1


def test_another_shape_of_the_window_is_another_arrangement(
    qtbot: QtBot, compare: Compare, window: KeyWindow
) -> None:
    show(qtbot, compare, [0, 1])
    window.resize(400, 900)
    qtbot.waitUntil(lambda: compare.panes[0].x() == compare.panes[1].x())


def test_each_picture_is_loaded_once(qtbot: QtBot, compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[PictureWish] = []

    def load(wish: PictureWish) -> LoadedPicture:
        asked.append(wish)
        return load_picture(wish)

    monkeypatch.setattr(pictures_module, "load_picture", load)
    show(qtbot, compare, [0, 1, 2])
    qtbot.waitUntil(lambda: not compare._after_resize.isActive())
    assert sorted(wish.image_id for wish in asked) == [0, 1, 2]


def test_pictures_are_loaded_for_the_size_that_the_window_gives_them(
    qtbot: QtBot, compare: Compare, window: KeyWindow
) -> None:
    show(qtbot, compare, [0, 1])
    qtbot.waitUntil(lambda: not compare._after_resize.isActive())
    window.resize(1300, 700)
    for pane in compare.panes[:2]:
        qtbot.waitUntil(partial(_is_sharp, pane))


def _is_sharp(pane: ComparePane) -> bool:
    picture = pane.canvas.picture
    wanted = fitted_size(SIZES[0], pane.canvas.device_size)
    return picture is not None and wanted[0] in [level.width() for level in picture.levels]


def test_a_broken_file_is_a_sentence_beside_the_other_picture(
    qtbot: QtBot, compare: Compare, model: ImageModel
) -> None:
    Path(model.library.paths[1]).write_bytes(b"nothing")
    compare.set_images([0, 1])
    qtbot.waitUntil(lambda: compare.panes[1].canvas.failure != "")
    qtbot.waitUntil(lambda: _is_there(compare, 0))


# Together


def test_images_of_one_size_move_and_scale_together(qtbot: QtBot, compare: Compare) -> None:
    show(qtbot, compare, [0, 1])
    first, second = (compare.panes[place].canvas for place in (0, 1))
    QTest.mouseClick(first, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(50, 60))
    assert first.scale == second.scale == 1
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert second.to_picture(QPointF(0, 0)) == first.to_picture(QPointF(0, 0))
    qtbot.waitUntil(lambda: not first.lacks_pixels and not second.lacks_pixels)
    QTest.keyClick(second, Qt.Key.Key_F)
    assert first.is_fitted


def test_images_of_different_sizes_show_the_same_part(qtbot: QtBot, compare: Compare) -> None:
    show(qtbot, compare, [0, 2])  # 1200 x 800 and 600 x 400
    large, small = (compare.panes[place].canvas for place in (0, 1))
    large.toggle_zoom(QPointF(100, 100))
    for place in (QPointF(10, 10), QPointF(200, 150)):
        in_large, in_small = large.to_picture(place), small.to_picture(place)
        assert abs(in_large.x() / 2 - in_small.x()) <= 1.5
        assert abs(in_large.y() / 2 - in_small.y()) <= 1.5


def test_unlinked_they_move_alone_and_come_together_when_linked(qtbot: QtBot, compare: Compare) -> None:
    show(qtbot, compare, [0, 1])
    first, second = (compare.panes[place].canvas for place in (0, 1))
    QTest.keyClick(first, Qt.Key.Key_L)
    assert not compare.link.isChecked()
    QTest.keyClick(first, Qt.Key.Key_Space)
    assert second.is_fitted
    QTest.mouseClick(compare.link, Qt.MouseButton.LeftButton, pos=QPoint(8, compare.link.height() // 2))
    assert compare.link.isChecked()
    assert second.scale == first.scale == 1


# Words


def test_each_image_is_compared_with_the_best_and_told_what_that_is_worth(
    qtbot: QtBot, compare: Compare
) -> None:
    show(qtbot, compare, [0, 1, 2, 3])
    assert verdict(compare, 0).startswith("0.100 below image1.jpg. Within the network’s typical error")
    assert verdict(compare, 1) == "The highest score here."
    assert verdict(compare, 2).startswith("0.020 below image1.jpg. Smaller than the network’s typical error")
    assert verdict(compare, 3).startswith("0.290 below image1.jpg. Larger than the network’s typical error")
    caption = compare.panes[0].caption.accessibleDescription()
    for words in ("image0.jpg", "Score 0.60", "Rank 3 of 6", "of LaMem"):
        assert words in caption


def test_a_difference_too_small_to_be_shown_is_not_called_the_same(
    qtbot: QtBot, compare: Compare, model: ImageModel
) -> None:
    for image_id, score in ((0, 0.91249), (1, 0.91251)):  # 0.912 and 0.913 in the table
        model.library.set_scored(image_id, score, SIZES[image_id], "0" * 64, MADE_BY)
    model.images_changed([0, 1])
    show(qtbot, compare, [0, 1])
    assert verdict(compare, 0).startswith("Less than 0.001 below image1.jpg. Smaller than")


def test_images_at_the_floor_are_not_told_apart(qtbot: QtBot, compare: Compare) -> None:
    show(qtbot, compare, [3, 4])
    assert verdict(compare, 0) == "Both are at the model’s floor: it does not tell them apart."
    assert verdict(compare, 1) == "No score here is above the model’s floor."


def framing(compare: Compare, place: int) -> str:
    return compare.panes[place].framing.accessibleDescription()


def measure(model: ImageModel, image_id: int, *scores: float, recipe: str = TEN_CROP.id) -> None:
    model.library.set_sensitivity(image_id, Sensitivity(recipe, scores))
    model.images_changed([image_id])


def test_what_framing_alone_explains_is_told_beside_the_error_against_people(
    qtbot: QtBot, compare: Compare, model: ImageModel
) -> None:
    show(qtbot, compare, [0, 1, 2, 5])
    assert compare.panes[0].framing.isHidden()
    room = compare.panes[0].words_height
    measure(model, 0, 0.58, 0.60, 0.66)
    measure(model, 1, 0.68, 0.70, 0.75)
    measure(model, 2, 0.65, 0.68, 0.70)
    assert framing(compare, 1) == "0.68–0.75 over ten crops."
    assert framing(compare, 0) == (
        "0.58–0.66 over ten crops, the highest 0.68–0.75: these do not overlap. "
        "Framing alone does not explain the difference."
    )
    assert framing(compare, 2).endswith("these overlap. By framing alone they cannot be told apart.")
    assert framing(compare, 3) == "", "it is not measured"
    assert verdict(compare, 2).startswith("0.020 below image1.jpg. Smaller than the network’s typical error")
    assert all(pane.framing.isVisible() for pane in compare.panes), "all pictures keep one size"
    assert compare.panes[0].words_height > room
    assert "cannot be told apart" in compare.panes[2].canvas.accessibleName()


def test_intervals_of_different_recipes_are_not_compared(
    qtbot: QtBot, compare: Compare, model: ImageModel
) -> None:
    show(qtbot, compare, [0, 1, 2])
    measure(model, 0, 0.58, 0.66)
    assert framing(compare, 0) == "0.58–0.66 over ten crops. The highest is not measured."
    measure(model, 1, 0.58, 0.75, recipe=SMALL_SHIFTS.id)
    assert "framed in another way: the two cannot be compared" in framing(compare, 0)


def test_measuring_is_offered_for_those_that_are_not_measured(
    qtbot: QtBot, compare: Compare, model: ImageModel
) -> None:
    wanted: list[list[int]] = []
    compare.measure_wanted.connect(wanted.append)
    measure(model, 1, 0.68, 0.75)
    show(qtbot, compare, [0, 1, 2, 6])
    QTest.mouseClick(compare.measure, Qt.MouseButton.LeftButton)
    QTest.mouseClick(compare.measure, Qt.MouseButton.LeftButton)
    assert wanted == [[0, 2]], "once, and without the one that has no score"
    measure(model, 0, 0.58, 0.66)
    assert compare.measure.isVisible()
    measure(model, 2, 0.58, 0.66)
    assert compare.measure.isHidden()


def test_an_image_without_a_score_is_not_compared(qtbot: QtBot, compare: Compare, model: ImageModel) -> None:
    show(qtbot, compare, [0, 6])
    assert [verdict(compare, place) for place in (0, 1)] == ["", ""]
    assert "Waiting for its score" in compare.panes[1].caption.accessibleDescription()
    model.library.set_scored(6, 0.6, SIZES[6], "0" * 64, MADE_BY)
    model.images_changed([6])
    assert verdict(compare, 1) == "The same score as image0.jpg."


def test_a_narrow_pane_says_it_in_short(qtbot: QtBot, compare: Compare, window: KeyWindow) -> None:
    show(qtbot, compare, [0, 1, 2])
    window.resize(1500, 600)
    qtbot.waitUntil(lambda: "typical error (0.05 to 0.13" in compare.panes[0].verdict.text())
    window.resize(560, 400)
    qtbot.waitUntil(lambda: compare.panes[0].verdict.text() == "0.100 below the best: may be chance.")
    assert "typical error" in compare.panes[0].verdict.toolTip()


def test_a_screen_reader_hears_the_difference(qtbot: QtBot, compare: Compare) -> None:
    show(qtbot, compare, [0, 1])
    said = compare.panes[0].canvas.accessibleName()
    assert said.startswith("image0.jpg, 1 of 7, Score 0.60")
    assert "0.100 below image1.jpg. Within" in said


def test_a_narrow_pane_has_room_for_pick_and_five_stars(
    qtbot: QtBot, compare: Compare, model: ImageModel, window: KeyWindow
) -> None:
    window.resize(800, 600)
    show(qtbot, compare, [0, 1, 2, 3])
    model.library.set_rating([0, 1], [5, 4])
    model.library.set_pick([0], [Pick.PICKED])
    model.images_changed([0, 1])
    assert "✓ 5★" in compare.panes[0].caption.shown
    assert "4★" in compare.panes[1].caption.shown


# Focus and keys


def test_tab_and_arrows_lead_from_image_to_image_and_round(qtbot: QtBot, compare: Compare) -> None:
    show(qtbot, compare, [5, 3, 1])
    told: list[int] = []
    compare.current_changed.connect(told.append)
    assert compare.current_id == 5
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Right, Qt.Key.Key_Tab, Qt.Key.Key_Left):
        focus = compare.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)
    assert told == [3, 1, 5, 1]
    focus = compare.focusWidget()
    assert focus is compare.panes[2].canvas
    QTest.keyClick(focus, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert compare.current_id == 3


def test_a_click_takes_the_focus(qtbot: QtBot, compare: Compare) -> None:
    show(qtbot, compare, [0, 1])
    QTest.mouseClick(compare.panes[1].canvas, Qt.MouseButton.LeftButton)
    assert compare.current_id == 1


@pytest.mark.parametrize("key", [Qt.Key.Key_Backspace, Qt.Key.Key_Delete])
def test_an_image_is_dropped_from_the_comparison_only_and_the_next_takes_its_place(
    qtbot: QtBot, compare: Compare, model: ImageModel, window: KeyWindow, key: Qt.Key
) -> None:
    removed: list[str] = []
    QShortcut(QKeySequence(key), window).activated.connect(lambda: removed.append("library"))
    show(qtbot, compare, [0, 1, 2, 3, 4, 5])
    QTest.keyClick(compare.panes[0].canvas, Qt.Key.Key_Tab)
    with qtbot.waitSignal(compare.dropped) as dropped:
        QTest.keyClick(compare.panes[1].canvas, key)
    assert dropped.args == [1]
    assert compare.image_ids == [0, 4, 2, 3]
    assert compare.current_id == 4
    assert model.rowCount() == len(SIZES)
    assert not removed
    qtbot.waitUntil(lambda: _is_there(compare, 1))


def test_dropping_down_to_one_closes_and_tells_which_is_left(qtbot: QtBot, compare: Compare) -> None:
    show(qtbot, compare, [0, 1])
    told: list[int] = []
    compare.current_changed.connect(told.append)
    with qtbot.waitSignal(compare.closed):
        QTest.keyClick(compare.panes[0].canvas, Qt.Key.Key_Delete)
    assert told == [1]
    assert compare.image_ids == []


@pytest.mark.parametrize("key", [Qt.Key.Key_1, Qt.Key.Key_4, Qt.Key.Key_P, Qt.Key.Key_U, Qt.Key.Key_C])
def test_keys_that_rate_reach_the_window(
    qtbot: QtBot, compare: Compare, window: KeyWindow, key: Qt.Key
) -> None:
    show(qtbot, compare, [0, 1])
    QTest.keyClick(compare.panes[0].canvas, key)
    assert window.keys == [key]


def test_escape_closes_it_and_gives_the_memory_back(
    qtbot: QtBot, compare: Compare, pictures: Pictures
) -> None:
    show(qtbot, compare, [0, 1])
    with qtbot.waitSignal(compare.closed):
        QTest.keyClick(compare.panes[0].canvas, Qt.Key.Key_Escape)
    assert pictures.memory == 0
    assert compare.current_id is None


def test_another_page_in_its_place_closes_it_without_a_word(
    qtbot: QtBot, compare: Compare, pictures: Pictures
) -> None:
    show(qtbot, compare, [0, 1])
    with qtbot.assertNotEmitted(compare.closed):
        compare.hide()
    assert compare.image_ids == []
    assert pictures.memory == 0
    compare.show()
    show(qtbot, compare, [2, 3])
    assert compare.current_id == 2


# The library changes


def test_an_image_that_leaves_the_library_leaves_the_comparison(
    qtbot: QtBot, compare: Compare, model: ImageModel
) -> None:
    show(qtbot, compare, [0, 1, 2, 3, 4])
    model.remove([0, 3])
    assert compare.image_ids == [1, 2, 4]
    assert compare.current_id in compare.image_ids
    with qtbot.waitSignal(compare.closed):
        model.clear()


def test_stars_that_are_given_are_shown(qtbot: QtBot, compare: Compare, model: ImageModel) -> None:
    show(qtbot, compare, [0, 1])
    model.library.set_rating([1], [5])
    model.images_changed([1])
    assert "5★" in compare.panes[1].caption.accessibleDescription()
