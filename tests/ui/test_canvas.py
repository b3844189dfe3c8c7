"""The canvas: where a picture lies, what is drawn of it, and what mouse, wheel and keys do."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QNativeGestureEvent,
    QPaintEvent,
    QPalette,
    QPixmap,
    QPointingDevice,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.ui.viewing.canvas import ImageCanvas, ground_color, ink_color
from resmem_gui.ui.viewing.geometry import MOST_ENLARGED, Placement, Size, ViewState, fitted_size
from resmem_gui.ui.viewing.pictures import Picture, from_thumbnail

LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
RED, GREEN, BLUE, WHITE = (QColor(name) for name in ("#ff0000", "#00ff00", "#0000ff", "#ffffff"))

sizes = st.tuples(st.integers(1, 6000), st.integers(1, 6000))
windows = st.tuples(st.integers(1, 2000), st.integers(1, 2000))
shares = st.floats(0, 1)


def quartered(width: int = 1600, height: int = 1200) -> Picture:
    """Return a picture of four colours, one in each quarter, with all its pixels."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    for number, color in enumerate((RED, GREEN, BLUE, WHITE)):
        for_quarter = QRectF(number % 2 * width / 2, number // 2 * height / 2, width / 2, height / 2)
        _fill(image, for_quarter, color)
    return Picture((width, height), (QPixmap.fromImage(image),), is_full=True)


def _fill(image: QImage, rect: QRectF, color: QColor) -> None:
    from PySide6.QtGui import QPainter

    painter = QPainter(image)
    painter.fillRect(rect, color)
    painter.end()


class Parent(QWidget):
    """Notes the keys that the canvas leaves to it."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[int] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keys.append(event.key())


@pytest.fixture
def parent(qtbot: QtBot) -> Iterator[Parent]:
    made = Parent()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    made.resize(400, 300)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def canvas(qtbot: QtBot, parent: Parent) -> ImageCanvas:
    made = ImageCanvas(parent)
    layout = parent.layout()
    assert layout is not None
    layout.addWidget(made)
    parent.show()
    qtbot.waitExposed(parent)
    made.setFocus()
    made.show_picture(quartered())
    return made


def wheel(canvas: QWidget, place: QPoint, angle: int, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    event = QWheelEvent(
        QPointF(place),
        QPointF(canvas.mapToGlobal(place)),
        QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def drawn(canvas: ImageCanvas) -> QImage:
    return canvas.grab().toImage()


# Geometry


@given(sizes, windows)
def test_a_fitted_picture_is_whole_and_touches_the_window_unless_it_is_small(
    picture: Size, window: Size
) -> None:
    width, height = fitted_size(picture, window)
    assert 1 <= width <= max(1, window[0])
    assert 1 <= height <= max(1, window[1])
    touches = width == window[0] or height == window[1]
    assert touches or width == round(picture[0] * MOST_ENLARGED)


@given(sizes, windows, shares, shares, st.floats(0.01, 64), st.floats(-3000, 3000), st.floats(-3000, 3000))
def test_there_is_never_empty_ground_beside_a_picture_that_is_cut_off(
    picture: Size, window: Size, x: float, y: float, scale: float, dx: float, dy: float
) -> None:
    placement = Placement()
    placement.set_picture(picture)
    placement.set_window(window)
    placement.zoom_about((x * window[0], y * window[1]), scale)
    placement.pan(dx, dy)
    assert placement.scale >= placement.least_scale * (1 - 1e-9)
    for start, length, room in zip(placement.origin, placement.size, window, strict=True):
        if length <= room:
            assert abs(start - (room - length) / 2) <= 1  # in the middle
        else:
            assert start <= 1
            assert start + length >= room - 1


@given(st.tuples(st.integers(200, 6000), st.integers(200, 6000)), windows, shares, shares, st.floats(0.1, 20))
def test_what_is_under_a_point_stays_under_it_or_the_picture_is_at_its_end(
    picture: Size, window: Size, x: float, y: float, scale: float
) -> None:
    placement = Placement()
    placement.set_picture(picture)
    placement.set_window(window)
    point = (x * window[0], y * window[1])
    before = placement.to_picture(point)
    placement.zoom_about(point, scale)
    after = placement.to_window(before)
    for i in (0, 1):
        start, length = placement.origin[i], placement.size[i]
        at_end = length <= window[i] or abs(start) <= 1 or abs(start + length - window[i]) <= 1
        assert at_end or abs(after[i] - point[i]) <= 1


@given(sizes, windows, windows)
def test_a_scale_that_was_chosen_stays_when_the_window_changes(
    picture: Size, window: Size, other: Size
) -> None:
    placement = Placement()
    placement.set_picture(picture)
    placement.set_window(window)
    placement.zoom_about((0, 0), 1.0)
    was = placement.scale
    placement.set_window(other)
    assert placement.scale == was or placement.is_fitted


def test_a_view_shows_the_same_part_of_a_picture_of_another_size() -> None:
    small, large = Placement(), Placement()
    small.set_picture((1000, 750))
    large.set_picture((4000, 3000))
    for placement in (small, large):
        placement.set_window((500, 375))
    small.zoom_about((400, 100), 1.0)
    large.show(small.state)
    corner = small.to_picture((0, 0))
    assert large.to_picture((0, 0)) == pytest.approx((4 * corner[0], 4 * corner[1]), abs=4)
    assert large.state.zoom == pytest.approx(small.state.zoom)


# Drawing


def test_the_whole_picture_is_drawn_in_the_middle(canvas: ImageCanvas, parent: Parent) -> None:
    parent.resize(500, 300)  # 4:3 leaves 50 pixels on either side
    image = drawn(canvas)
    ground = ground_color(canvas.palette())
    assert image.pixelColor(48, 150) == image.pixelColor(451, 150) == ground
    colors = [image.pixelColor(*place) for place in ((51, 1), (449, 1), (51, 298), (449, 298))]
    assert colors == [RED, GREEN, BLUE, WHITE]


def test_one_hundred_per_cent_is_one_pixel_for_each_and_nothing_is_blurred(canvas: ImageCanvas) -> None:
    stripes = QImage(1001, 801, QImage.Format.Format_RGB32)  # odd, so that the middle lies between pixels
    for x in range(stripes.width()):
        for y in range(stripes.height()):
            stripes.setPixelColor(x, y, QColor(x % 256, y % 256, (x // 256) * 16 + y // 256))
    canvas.show_picture(Picture((1001, 801), (QPixmap.fromImage(stripes),), is_full=True))
    canvas.toggle_zoom(QPointF(123, 77))
    assert canvas.scale == 1
    image = drawn(canvas)
    corner = canvas.to_picture(QPointF(0, 0))
    assert corner == QPointF(round(corner.x()), round(corner.y()))
    for place in (QPoint(0, 0), QPoint(123, 77), QPoint(399, 299)):
        source = place + corner.toPoint()
        assert image.pixelColor(place) == stripes.pixelColor(source)


def test_beyond_two_hundred_per_cent_pixels_are_seen_as_they_are(canvas: ImageCanvas) -> None:
    chess = QImage(300, 300, QImage.Format.Format_RGB32)
    for x in range(300):
        for y in range(300):
            chess.setPixelColor(x, y, QColor("white") if (x + y) % 2 else QColor("black"))
    canvas.show_picture(Picture((300, 300), (QPixmap.fromImage(chess),), is_full=True))
    canvas.zoom_to(8.0)
    shades = {drawn(canvas).pixelColor(x, 150).red() for x in range(canvas.width())}
    assert shades == {0, 255}
    canvas.zoom_to(1.5)
    shades = {drawn(canvas).pixelColor(x, 150).red() for x in range(canvas.width())}
    assert not shades & {0, 255}


def test_a_picture_drawn_smaller_takes_the_level_that_has_just_enough_pixels(canvas: ImageCanvas) -> None:
    levels = []
    for side, color in ((1600, "red"), (800, "lime"), (400, "blue")):
        pixmap = QPixmap(side, side * 3 // 4)
        pixmap.fill(QColor(color))
        levels.append(pixmap)
    canvas.show_picture(Picture((1600, 1200), tuple(levels), is_full=True))
    seen = []
    for scale in (0.25, 0.26, 0.5, 0.51):
        canvas.zoom_to(scale)
        seen.append(drawn(canvas).pixelColor(200, 150).name())
    assert seen == ["#0000ff", "#00ff00", "#00ff00", "#ff0000"]


def test_a_very_long_picture_is_drawn_to_its_end(canvas: ImageCanvas) -> None:
    image = QImage(40_000, 40, QImage.Format.Format_RGB32)
    image.fill(RED)
    _fill(image, QRectF(39_990, 0, 10, 40), GREEN)
    canvas.show_picture(Picture((40_000, 40), (QPixmap.fromImage(image),), is_full=True))
    canvas.zoom_to(4.0)
    for _ in range(100):
        canvas._pan(-4000, 0)
    seen = drawn(canvas)
    assert seen.pixelColor(399, 150) == seen.pixelColor(361, 150) == GREEN
    assert seen.pixelColor(358, 150) == RED


def test_a_thumbnail_stands_where_the_picture_will_be(canvas: ImageCanvas, parent: Parent) -> None:
    parent.resize(500, 300)
    full = quartered()
    before = drawn(canvas)
    thumbnail = full.levels[0].scaled(160, 120)
    canvas.show_picture(from_thumbnail(thumbnail, full.size))
    after = drawn(canvas)
    for place in ((52, 2), (448, 2), (52, 297), (448, 297), (48, 150), (451, 150)):
        assert after.pixelColor(*place) == before.pixelColor(*place)
    # A picture whose size is not known yet stands in the same place.
    canvas.show_picture(from_thumbnail(thumbnail, (0, 0)))
    assert drawn(canvas).pixelColor(52, 2) == RED
    assert drawn(canvas).pixelColor(48, 150) == ground_color(canvas.palette())


def test_the_full_picture_comes_without_moving_what_is_shown(canvas: ImageCanvas) -> None:
    full = quartered()
    canvas.show_picture(from_thumbnail(full.levels[0].scaled(160, 120), full.size))
    canvas.toggle_zoom(QPointF(60, 70))
    assert canvas.lacks_pixels
    view = canvas.view
    canvas.show_picture(full)
    assert canvas.view == view
    assert not canvas.lacks_pixels


def test_a_failure_is_a_sentence_in_place_of_the_picture(canvas: ImageCanvas) -> None:
    canvas.show_failure("The file is cut off: part of the image is missing.")
    image, ground = drawn(canvas), ground_color(canvas.palette())
    inked = [
        (x, y) for x in range(400) for y in range(100, 200) if image.pixelColor(x, y).name() != ground.name()
    ]
    assert len(inked) > 100
    canvas.show_picture(quartered())
    assert drawn(canvas).pixelColor(1, 1) == RED
    assert canvas.failure == ""


@pytest.mark.parametrize("window", ["#202020", "#f0f0f0"])
def test_the_ground_is_neutral_and_words_on_it_can_be_read(window: str) -> None:
    palette = QPalette(QColor(window), QColor(window))
    ground, ink = ground_color(palette), ink_color(palette)
    assert ground.saturation() == 0
    assert (ground.lightness() < 128) == (QColor(window).lightness() < 128)
    lighter, darker = sorted((_luminance(ground), _luminance(ink)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) > 7


def _luminance(grey: QColor) -> float:
    share = grey.redF()
    return float(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)


# Mouse, wheel, fingers


@pytest.mark.parametrize("place", [QPoint(100, 75), QPoint(200, 150), QPoint(333, 222)])
def test_a_click_shows_one_hundred_per_cent_under_the_pointer_and_another_all(
    canvas: ImageCanvas, place: QPoint
) -> None:
    before = canvas.to_picture(QPointF(place))
    QTest.mouseClick(canvas, LEFT, NO_KEYS, place)
    assert canvas.scale == 1
    after = canvas.to_canvas(before)
    assert abs(after.x() - place.x()) <= 1
    assert abs(after.y() - place.y()) <= 1
    QTest.mouseClick(canvas, LEFT, NO_KEYS, place)
    assert canvas.is_fitted


@pytest.mark.parametrize("size", [(100, 75), (301, 149)])
def test_a_click_shows_a_small_picture_pixel_for_pixel_too(
    canvas: ImageCanvas, parent: Parent, size: Size
) -> None:
    canvas.show_picture(quartered(*size))
    fitted = canvas.scale
    assert 1 < fitted <= MOST_ENLARGED
    QTest.mouseClick(canvas, LEFT, NO_KEYS, QPoint(210, 160))
    assert canvas.scale == 1
    corner = canvas.to_canvas(QPointF(0, 0))
    assert (corner.x(), corner.y()) == (round((400 - size[0]) / 2), round((300 - size[1]) / 2))
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    assert parent.keys == [Qt.Key.Key_Left], "there is nothing to move"
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    QTest.mouseClick(canvas, LEFT)
    assert canvas.scale == fitted
    for _ in range(20):
        wheel(canvas, QPoint(50, 50), -120)
    assert canvas.scale == 1


def test_small_pictures_of_one_size_are_shown_pixel_for_pixel_together() -> None:
    leader, follower = Placement(), Placement()
    for placement in (leader, follower):
        placement.set_window((500, 375))
        placement.set_picture((300, 200))
    leader.zoom_about((250, 200), 1.0)
    follower.show(leader.state, same_scale=True)
    assert (leader.scale, follower.scale) == (1, 1)
    leader.fit()
    follower.show(leader.state, same_scale=True)
    assert follower.is_fitted


def test_the_wheel_scales_about_the_pointer_and_never_below_fitted(canvas: ImageCanvas) -> None:
    place = QPoint(320, 60)
    before = canvas.to_picture(QPointF(place))
    for keys in (NO_KEYS, Qt.KeyboardModifier.ControlModifier):
        for _ in range(3):
            was = canvas.scale
            wheel(canvas, place, 120, keys)
            assert canvas.scale > was
            after = canvas.to_canvas(before)
            assert abs(after.x() - 320) <= 1
            assert abs(after.y() - 60) <= 1
    for _ in range(40):
        wheel(canvas, place, -120)
    assert canvas.is_fitted
    for _ in range(100):
        wheel(canvas, place, 120)
    assert canvas.scale == 32


def test_two_fingers_on_a_trackpad_scale_about_their_middle(canvas: ImageCanvas) -> None:
    place = QPointF(100, 200)
    before = canvas.to_picture(place)
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        place,
        place,
        QPointF(canvas.mapToGlobal(place)),
        1.0,
        QPointF(),
    )
    was = canvas.scale
    QApplication.sendEvent(canvas, event)
    assert canvas.scale == pytest.approx(2 * was)
    after = canvas.to_canvas(before)
    assert abs(after.x() - 100) <= 1
    assert abs(after.y() - 200) <= 1


def test_a_drag_moves_the_picture_with_the_pointer_and_is_no_click(canvas: ImageCanvas) -> None:
    canvas.toggle_zoom(QPointF(200, 150))
    held = canvas.to_picture(QPointF(250, 200))
    QTest.mousePress(canvas, LEFT, NO_KEYS, QPoint(250, 200))
    for place in (QPoint(240, 190), QPoint(180, 160)):
        QTest.mouseMove(canvas, place)
    assert canvas.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, QPoint(180, 160))
    now = canvas.to_canvas(held)
    assert (round(now.x()), round(now.y())) == (180, 160)
    assert canvas.scale == 1
    assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor


def test_a_drag_ends_at_the_picture_s_end(canvas: ImageCanvas) -> None:
    canvas.toggle_zoom(QPointF(200, 150))
    for _ in range(30):
        QTest.mousePress(canvas, LEFT, NO_KEYS, QPoint(10, 10))
        QTest.mouseMove(canvas, QPoint(200, 150))
        QTest.mouseMove(canvas, QPoint(390, 290))
        QTest.mouseRelease(canvas, LEFT, NO_KEYS, QPoint(390, 290))
    assert canvas.to_picture(QPointF(0, 0)) == QPointF(0, 0)


# Keys


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Z])
def test_space_and_z_show_one_hundred_per_cent_and_all_again(canvas: ImageCanvas, key: Qt.Key) -> None:
    QTest.keyClick(canvas, key)
    assert canvas.scale == 1
    QTest.keyClick(canvas, key)
    assert canvas.is_fitted


def test_plus_and_minus_scale(canvas: ImageCanvas) -> None:
    was = canvas.scale
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.scale == pytest.approx(1.5 * was)
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.is_fitted


def test_arrows_move_a_large_picture_and_are_the_parent_s_while_it_is_whole(
    canvas: ImageCanvas, parent: Parent
) -> None:
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert parent.keys == [Qt.Key.Key_Right]
    canvas.toggle_zoom(QPointF(200, 150))
    was = canvas.to_picture(QPointF(0, 0))
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    now = canvas.to_picture(QPointF(0, 0))
    assert now.x() > was.x()
    assert now.y() > was.y()
    assert parent.keys == [Qt.Key.Key_Right]


@pytest.mark.parametrize("key", [Qt.Key.Key_3, Qt.Key.Key_P, Qt.Key.Key_X, Qt.Key.Key_U, Qt.Key.Key_C])
def test_keys_that_rate_go_on_to_the_parent(canvas: ImageCanvas, parent: Parent, key: Qt.Key) -> None:
    QTest.keyClick(canvas, key)
    assert parent.keys == [key]


# Views


def test_what_a_person_does_is_told_and_what_is_set_is_not(canvas: ImageCanvas) -> None:
    told: list[ViewState] = []
    canvas.view_changed.connect(told.append)
    canvas.set_view(ViewState(0.25, 0.5, 4.0, 1.0))
    assert told == []
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert told == [canvas.view]


def test_a_resize_keeps_fitted_fitted_and_one_hundred_per_cent_at_one_hundred(
    canvas: ImageCanvas, parent: Parent
) -> None:
    parent.resize(320, 240)
    assert canvas.is_fitted
    assert canvas.scale == 0.2
    canvas.toggle_zoom()
    parent.resize(640, 400)
    assert canvas.scale == 1


class DenseCanvas(ImageCanvas):
    """A canvas on a screen with two device pixels for each pixel of the layout."""

    def devicePixelRatioF(self) -> float:  # noqa: N802
        return 2.0

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)


def test_on_a_dense_screen_one_hundred_per_cent_is_one_device_pixel(qtbot: QtBot) -> None:
    canvas = DenseCanvas()
    canvas.resize(400, 300)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.show_picture(quartered())
    assert canvas.device_size == (800, 600)
    assert canvas.scale == 0.5
    place = QPoint(300, 100)
    before = canvas.to_picture(QPointF(place))
    assert before == QPointF(1200, 400)
    QTest.mouseClick(canvas, LEFT, NO_KEYS, place)
    assert canvas.scale == 1
    after = canvas.to_canvas(before)
    assert abs(after.x() - place.x()) <= 0.5
    assert abs(after.y() - place.y()) <= 0.5
    # What 800 device pixels show is 800 pixels of the picture.
    assert canvas.to_picture(QPointF(400, 300)) - canvas.to_picture(QPointF(0, 0)) == QPointF(800, 600)
    dense = QImage(800, 600, QImage.Format.Format_RGB32)
    dense.setDevicePixelRatio(2.0)
    canvas.render(dense)
    middle = canvas.to_canvas(QPointF(800, 600)) * 2  # where the four colours meet
    x, y = round(middle.x()), round(middle.y())
    colors = [dense.pixelColor(x - 1, y - 1), dense.pixelColor(x, y - 1)]
    assert colors == [RED, GREEN]
    canvas.close()
    canvas.deleteLater()


def test_a_screen_of_another_density_keeps_the_scale(canvas: ImageCanvas) -> None:
    canvas.toggle_zoom()
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert canvas.scale == 1
