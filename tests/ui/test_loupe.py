"""The loupe: going through images, what it says, and what happens when images come and go."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QPalette, QPixmap, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStackedWidget
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.library.filtering import Filter
from resmem_gui.library.library import Library
from resmem_gui.library.records import Pick, Provenance
from resmem_gui.ui import theme
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails
from resmem_gui.ui.viewing.canvas import ink_color
from resmem_gui.ui.viewing.geometry import fitted_size
from resmem_gui.ui.viewing.loupe import Loupe
from resmem_gui.ui.viewing.pictures import Pictures
from tests.ui.key_window import KeyWindow

MADE_BY = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")
SIZE = (900, 600)
COUNT = 12


@pytest.fixture
def photographs(tmp_path: Path) -> list[str]:
    paths = [tmp_path / f"image{number:02}.jpg" for number in range(1, COUNT + 1)]
    for number, path in enumerate(paths):
        pixels = np.full((SIZE[1], SIZE[0], 3), 20 * number, dtype=np.uint8)
        Image.fromarray(pixels).save(path, quality=90)
    return [str(path) for path in paths]


@pytest.fixture
def model(thumbnails: Thumbnails, photographs: list[str]) -> Iterator[ImageModel]:
    made = ImageModel(Library(), load_lamem(), thumbnails)
    ids = made.add(photographs)
    for image_id in ids:
        score = 0.41 if image_id == 0 else 0.45 + image_id / 30
        made.library.set_scored(image_id, score, SIZE, "0" * 64, MADE_BY)
    made.images_changed(ids)
    made.sort(Column.NAME)
    yield made
    made.stop()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[KeyWindow]:
    made = KeyWindow()
    made.resize(500, 500)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def loupe(
    qtbot: QtBot, model: ImageModel, thumbnails: Thumbnails, pictures: Pictures, window: KeyWindow
) -> Loupe:
    made = Loupe(model, thumbnails, pictures)
    window.setCentralWidget(made)
    window.show()
    qtbot.waitExposed(window)
    made.show_image(3)
    made.setFocus()
    qtbot.waitUntil(lambda: made.canvas.picture is not None)
    return made


@pytest.fixture
def press(loupe: Loupe) -> Callable[[Qt.Key], int | None]:
    """Return a press of a key that says which image is shown after it."""

    def click(key: Qt.Key) -> int | None:
        QTest.keyClick(loupe.canvas, key)
        return loupe.current_id

    return click


def shade(loupe: Loupe) -> int:
    """Return what is drawn in the middle of the canvas."""
    canvas = loupe.canvas
    return canvas.grab().toImage().pixelColor(canvas.rect().center()).red()


# Going through images


def test_keys_lead_through_the_images_in_the_model_s_order(press: Callable[[Qt.Key], int | None]) -> None:
    keys = Qt.Key
    assert press(keys.Key_Right) == 4
    assert press(keys.Key_PageDown) == 5
    assert press(keys.Key_Left) == 4
    assert press(keys.Key_PageUp) == 3
    assert press(keys.Key_End) == COUNT - 1
    assert press(keys.Key_Right) == COUNT - 1, "the last one has no next"
    assert press(keys.Key_Home) == 0
    assert press(keys.Key_Left) == 0


def test_each_image_is_told_once(qtbot: QtBot, loupe: Loupe) -> None:
    told: list[int] = []
    loupe.current_changed.connect(told.append)
    QTest.keyClick(loupe.canvas, Qt.Key.Key_Right)
    loupe.show_image(4)
    QTest.keyClick(loupe.canvas, Qt.Key.Key_End)
    assert told == [4, COUNT - 1]


def test_the_picture_is_shown_and_the_next_one_is_there_before_it_is_asked_for(
    qtbot: QtBot, loupe: Loupe, pictures: Pictures
) -> None:
    qtbot.waitUntil(lambda: pictures.picture(3) is not None)
    assert abs(shade(loupe) - 60) <= 3
    qtbot.waitUntil(lambda: pictures.picture(4) is not None and pictures.picture(2) is not None)
    QTest.keyClick(loupe.canvas, Qt.Key.Key_Right)
    assert loupe.canvas.picture is pictures.picture(4)
    assert abs(shade(loupe) - 80) <= 3


def test_a_thumbnail_is_shown_until_the_picture_is_there(
    qtbot: QtBot, loupe: Loupe, thumbnails: Thumbnails
) -> None:
    pixmap = QPixmap(90, 60)
    pixmap.fill("magenta")
    thumbnails._put(9, pixmap, 256)
    loupe.show_image(9)
    shown = loupe.canvas.picture
    assert shown is not None
    assert shown.levels[0] is pixmap
    assert shown.size == SIZE
    view = loupe.canvas.view
    qtbot.waitUntil(lambda: shade(loupe) == pytest.approx(180, abs=3))
    assert loupe.canvas.view == view


def test_all_pixels_are_loaded_when_they_are_looked_at(
    qtbot: QtBot, loupe: Loupe, pictures: Pictures
) -> None:
    qtbot.waitUntil(lambda: pictures.picture(3) is not None)
    picture = pictures.picture(3)
    assert picture is not None
    assert not picture.is_full
    QTest.keyClick(loupe.canvas, Qt.Key.Key_Space)
    assert loupe.canvas.lacks_pixels
    qtbot.waitUntil(lambda: not loupe.canvas.lacks_pixels)
    assert loupe.canvas.scale == 1


def test_all_pixels_are_loaded_when_a_person_rests(qtbot: QtBot, loupe: Loupe) -> None:
    qtbot.waitUntil(lambda: (picture := loupe.canvas.picture) is not None and picture.is_full)
    assert loupe.canvas.is_fitted


def test_another_size_of_the_window_loads_the_picture_for_it(
    qtbot: QtBot, loupe: Loupe, pictures: Pictures, window: KeyWindow
) -> None:
    qtbot.waitUntil(lambda: pictures.picture(4) is not None and not loupe._idle.isActive())
    window.resize(800, 600)
    before = _width(pictures, 4)
    wanted = fitted_size(SIZE, loupe.canvas.device_size)[0]
    assert wanted > before
    qtbot.waitUntil(lambda: _width(pictures, 4) == wanted)


def _width(pictures: Pictures, image_id: int) -> int:
    picture = pictures.picture(image_id)
    return 0 if picture is None else picture.levels[-1].width()


def test_place_and_scale_stay_from_image_to_image(
    loupe: Loupe, press: Callable[[Qt.Key], int | None]
) -> None:
    loupe.canvas.zoom_to(1.0, loupe.canvas.rect().topLeft().toPointF())
    view = loupe.canvas.view
    assert press(Qt.Key.Key_Right) == 3, "an arrow moves a large picture"
    loupe.canvas.set_view(view)
    assert press(Qt.Key.Key_PageDown) == 4
    assert loupe.canvas.view == view
    assert press(Qt.Key.Key_F) == 4
    assert loupe.canvas.is_fitted


def test_a_broken_file_is_a_sentence_and_the_others_can_be_reached(
    qtbot: QtBot, loupe: Loupe, photographs: list[str], press: Callable[[Qt.Key], int | None]
) -> None:
    Path(photographs[8]).write_bytes(b"nothing that could be an image")
    loupe.show_image(8)
    qtbot.waitUntil(lambda: loupe.canvas.failure != "")
    assert "not an image" in loupe.canvas.failure
    assert press(Qt.Key.Key_Right) == 9
    qtbot.waitUntil(lambda: loupe.canvas.picture is not None)
    assert loupe.canvas.failure == ""


def test_a_file_that_is_back_is_shown(qtbot: QtBot, loupe: Loupe, photographs: list[str]) -> None:
    away = Path(photographs[8]).rename(photographs[8] + ".away")
    loupe.show_image(8)
    qtbot.waitUntil(lambda: loupe.canvas.failure != "")
    away.rename(photographs[8])
    loupe.show_image(7)
    loupe.show_image(8)
    qtbot.waitUntil(lambda: loupe.canvas.picture is not None and abs(shade(loupe) - 160) <= 3)


# What it says


def test_the_caption_says_name_place_score_rank_and_percentile(loupe: Loupe, model: ImageModel) -> None:
    model.library.set_rating([3], [4])
    model.images_changed([3])
    said = loupe.caption.accessibleDescription()
    for words in ("image04.jpg", "4 of 12", "Score 0.55", "Rank 9 of 12", "of LaMem", "★★★★", "900 × 600"):
        assert words in said
    assert "floor" not in said
    loupe.show_image(0)
    assert "model’s floor" in loupe.caption.accessibleDescription()


def test_the_percentile_is_of_the_image_s_own_reference(loupe: Loupe, model: ImageModel) -> None:
    model.set_reference([3], "memcat-landscape")
    assert "percentile of MemCat landscapes" in loupe.caption.accessibleDescription()
    loupe.show_image(4)
    assert "percentile of LaMem" in loupe.caption.accessibleDescription()


def test_a_narrow_line_leaves_out_what_matters_least(loupe: Loupe, window: KeyWindow) -> None:
    window.resize(1200, 500)
    assert len(loupe.caption.shown) == 5
    window.resize(330, 500)
    assert "Score 0.55" in loupe.caption.shown
    assert "900 × 600" not in loupe.caption.shown
    loupe.grab()


def test_images_without_a_score_say_why(loupe: Loupe, model: ImageModel) -> None:
    model.library.set_waiting([3])
    model.images_changed([3])
    assert "Waiting for its score" in loupe.caption.accessibleDescription()
    model.library.set_failed(3, "The file is empty (0 bytes).")
    model.images_changed([3])
    assert "Not scored. The file is empty (0 bytes)." in loupe.caption.accessibleDescription()


def test_a_screen_reader_hears_name_place_score_and_decisions(loupe: Loupe, model: ImageModel) -> None:
    model.library.set_rating([3], [2])
    model.library.picks[3] = Pick.PICKED
    model.images_changed([3])
    said = loupe.canvas.accessibleName()
    assert said.startswith("image04.jpg, 4 of 12, Score 0.55, ")
    assert said.endswith("2 stars, picked")
    assert loupe.filmstrip.accessibleDescription() == "4 of 12"


def test_the_scale_is_said(qtbot: QtBot, loupe: Loupe) -> None:
    QTest.keyClick(loupe.canvas, Qt.Key.Key_Space)
    assert loupe._scale.text() == "100\u00a0%"
    QTest.keyClick(loupe.canvas, Qt.Key.Key_Space)
    assert loupe._scale.text().startswith("Fit, ")


# Other keys, mouse


@pytest.mark.parametrize(
    "key",
    [Qt.Key.Key_0, Qt.Key.Key_5, Qt.Key.Key_P, Qt.Key.Key_X, Qt.Key.Key_U, Qt.Key.Key_C, Qt.Key.Key_Question],
)
def test_keys_that_rate_reach_the_window(loupe: Loupe, window: KeyWindow, key: Qt.Key) -> None:
    QTest.keyClick(loupe.canvas, key)
    assert window.keys == [key]
    assert loupe.current_id == 3


def test_control_and_a_key_reach_the_window(loupe: Loupe, window: KeyWindow) -> None:
    QTest.keyClick(loupe.canvas, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.keys[-1] == Qt.Key.Key_F


def test_shortcuts_of_the_window_do_not_take_the_loupe_s_keys(
    qtbot: QtBot, loupe: Loupe, window: KeyWindow
) -> None:
    taken: list[str] = []
    for keys in ("F", "Space", "Right", "Return", "3"):
        shortcut = QShortcut(QKeySequence(keys), window)
        shortcut.activated.connect(lambda keys=keys: taken.append(keys))
    for key in (Qt.Key.Key_Space, Qt.Key.Key_F, Qt.Key.Key_Right, Qt.Key.Key_3):
        QTest.keyClick(loupe.canvas, key)
    assert taken == ["3"]
    assert loupe.current_id == 4


def test_t_hides_the_filmstrip_and_shows_it_again(loupe: Loupe) -> None:
    height = loupe.canvas.height()
    QTest.keyClick(loupe.canvas, Qt.Key.Key_T)
    assert loupe.filmstrip.isHidden()
    QTest.keyClick(loupe.canvas, Qt.Key.Key_T)
    assert not loupe.filmstrip.isHidden()
    assert loupe.canvas.height() == height


def test_a_click_in_the_filmstrip_goes_there(loupe: Loupe) -> None:
    strip = loupe.filmstrip
    centre = strip.row_rect(5).center()
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, centre)
    assert loupe.current_id == 5
    QTest.keyClick(loupe.canvas, Qt.Key.Key_Right)
    assert loupe.current_id == 6


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_G])
def test_it_closes_by_key(qtbot: QtBot, loupe: Loupe, pictures: Pictures, key: Qt.Key) -> None:
    qtbot.waitUntil(lambda: pictures.memory > 0)
    with qtbot.waitSignal(loupe.closed):
        QTest.keyClick(loupe.canvas, key)
    assert loupe.current_id is None
    assert pictures.memory == 0
    with qtbot.assertNotEmitted(loupe.closed):
        QTest.keyClick(loupe.canvas, key)


def test_it_closes_by_its_button(qtbot: QtBot, loupe: Loupe) -> None:
    with qtbot.waitSignal(loupe.closed):
        QTest.mouseClick(loupe._back, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))


# The model changes


def test_a_sort_keeps_the_image_and_its_new_neighbours_are_next(
    loupe: Loupe, model: ImageModel, press: Callable[[Qt.Key], int | None]
) -> None:
    model.sort(Column.NAME, Qt.SortOrder.DescendingOrder)
    assert loupe.current_id == 3
    assert "9 of 12" in loupe.caption.accessibleDescription()
    assert press(Qt.Key.Key_Right) == 2


def test_when_the_image_is_removed_the_one_after_it_is_shown(loupe: Loupe, model: ImageModel) -> None:
    told: list[int] = []
    loupe.current_changed.connect(told.append)
    model.remove([3])
    assert loupe.current_id == 4
    assert "4 of 11" in loupe.caption.accessibleDescription()
    model.remove([1, 4, 9])
    assert loupe.current_id == 5
    assert "3 of 8" in loupe.caption.accessibleDescription()
    model.remove([10, 11])
    loupe.show_image(8)
    model.remove([8])
    assert loupe.current_id == 7, "after the last one there is none: the one before"
    assert told == [4, 5, 8, 7]


def test_when_it_is_removed_with_its_neighbours_the_first_one_after_them_is_shown(
    loupe: Loupe, model: ImageModel
) -> None:
    model.remove([1, 2, 3])
    assert loupe.current_id == 4


def test_images_removed_before_it_leave_it_where_it_is(loupe: Loupe, model: ImageModel) -> None:
    model.remove([0, 2])
    assert loupe.current_id == 3
    assert "2 of 10" in loupe.caption.accessibleDescription()


def test_a_filter_that_lets_it_through_leaves_it_and_another_goes_to_what_stands_there(
    loupe: Loupe, model: ImageModel
) -> None:
    model.set_filter(Filter("image0"))
    assert loupe.current_id == 3
    assert "4 of 9" in loupe.caption.accessibleDescription()
    model.set_filter(Filter("image1"))
    assert loupe.current_id == 11, "three are left, the fourth was shown"
    assert "3 of 3" in loupe.caption.accessibleDescription()


def test_an_emptied_model_closes_it(qtbot: QtBot, loupe: Loupe, model: ImageModel) -> None:
    with qtbot.waitSignal(loupe.closed):
        model.clear()
    assert loupe.current_id is None
    assert loupe.canvas.picture is None


def test_removing_the_last_image_closes_it(qtbot: QtBot, loupe: Loupe, model: ImageModel) -> None:
    with qtbot.waitSignal(loupe.closed):
        model.remove(list(range(COUNT)))


def test_images_that_come_are_counted(loupe: Loupe, model: ImageModel) -> None:
    model.add(["/photos/later.jpg"])
    assert "4 of 13" in loupe.caption.accessibleDescription()


def test_another_page_in_its_place_closes_it_without_a_word(
    qtbot: QtBot, loupe: Loupe, pictures: Pictures, window: KeyWindow
) -> None:
    told: list[str] = []
    loupe.closed.connect(lambda: told.append("closed"))
    loupe.hide()
    assert loupe.current_id is None
    assert pictures.memory == 0
    assert told == []
    loupe.show()
    loupe.show_image(5)
    assert loupe.canvas.is_fitted
    qtbot.waitUntil(lambda: pictures.picture(5) is not None)


def test_a_hidden_loupe_loads_nothing_and_goes_on_when_shown(
    qtbot: QtBot, loupe: Loupe, pictures: Pictures, window: KeyWindow
) -> None:
    stack = QStackedWidget()
    other = KeyWindow()
    window.takeCentralWidget()
    stack.addWidget(loupe)
    stack.addWidget(other)
    window.setCentralWidget(stack)
    stack.setCurrentWidget(other)
    pictures.clear()
    loupe.show_image(6)
    assert pictures.picture(6) is None
    stack.setCurrentWidget(loupe)
    qtbot.waitUntil(lambda: pictures.picture(6) is not None)


@pytest.mark.parametrize("name", ["Dark", "Light"])
def test_the_way_back_is_seen_when_the_appearance_changes(loupe: Loupe, name: str) -> None:
    before = QPalette(QApplication.palette())
    try:
        theme.set_appearance("Light" if name == "Dark" else "Dark")
        QApplication.processEvents()
        theme.set_appearance(name)
        QApplication.processEvents()
        icon = loupe._back.icon().pixmap(32).toImage()
        places = [(x, y) for x in range(icon.width()) for y in range(icon.height())]
        ink = {icon.pixelColor(*place).name() for place in places if icon.pixelColor(*place).alpha() == 255}
        assert ink == {ink_color(loupe.palette()).name()}
        assert theme.is_dark(loupe.palette()) == (name == "Dark")
    finally:
        theme.set_appearance("System")
        QApplication.setPalette(before)
