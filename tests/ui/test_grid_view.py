from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPalette, QPixmap, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.ui.browsing import grid_cells
from resmem_gui.ui.browsing.grid_cells import CellPainter, Labels
from resmem_gui.ui.browsing.grid_view import GridView
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails

MADE_BY = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")
NO_KEYS = Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def model(qtbot: QtBot) -> Iterator[ImageModel]:
    thumbnails = Thumbnails()
    made = ImageModel(Library(), load_lamem(), thumbnails)
    made.add([f"/photos/image{number}.jpg" for number in range(103)])
    yield made
    thumbnails.stop()


@pytest.fixture
def grid(qtbot: QtBot, model: ImageModel) -> Iterator[GridView]:
    made = GridView()
    made.setModel(model)
    made.resize(700, 600)  # four columns of 160 pixels
    made.show()
    qtbot.waitExposed(made)
    made.setFocus()
    yield made
    made.close()


def columns(grid: GridView) -> int:
    top = grid.visualRect(grid.model().index(0, 0)).top()
    return sum(grid.visualRect(grid.model().index(row, 0)).top() == top for row in range(20))


def selected_rows(grid: GridView) -> list[int]:
    return sorted(index.row() for index in grid.selectionModel().selectedRows())


def click(grid: GridView, row: int, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    centre = grid.visualRect(grid.model().index(row, 0)).center()
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, keys, centre)


def press_key(grid: GridView, key: Qt.Key, keys: Qt.KeyboardModifier = NO_KEYS) -> int:
    QTest.keyClick(grid, key, keys)
    return grid.currentIndex().row()


def test_each_cell_is_found_where_it_is_drawn(grid: GridView) -> None:
    for row in range(grid.model().rowCount()):
        index = grid.model().index(row, 0)
        grid.scrollTo(index)
        rect = grid.visualRect(index)
        assert grid.viewport().rect().intersects(rect)
        for point in (rect.center(), rect.topLeft(), rect.bottomRight()):
            assert grid.indexAt(point).row() == row


def test_cells_do_not_overlap_and_stay_inside_the_width(grid: GridView) -> None:
    rects = [grid.visualRect(grid.model().index(row, 0)) for row in range(12)]
    for first in range(12):
        assert rects[first].left() >= 0
        assert rects[first].right() <= grid.viewport().width()
        for second in range(first + 1, 12):
            assert not rects[first].intersects(rects[second])


def test_nothing_is_found_between_and_after_the_cells(grid: GridView) -> None:
    last = grid.model().index(grid.model().rowCount() - 1, 0)
    grid.scrollToBottom()
    beyond = grid.visualRect(last).center() + QPoint(grid.cell_size().width(), 0)
    assert not grid.indexAt(beyond).isValid()
    assert not grid.indexAt(QPoint(-5, -5)).isValid()


def test_arrows_home_end_and_page_move_the_current_image(grid: GridView) -> None:
    click(grid, 0)
    per_line, last = columns(grid), grid.model().rowCount() - 1
    assert press_key(grid, Qt.Key.Key_Right) == 1
    assert press_key(grid, Qt.Key.Key_Down) == 1 + per_line
    assert press_key(grid, Qt.Key.Key_Left) == per_line
    assert press_key(grid, Qt.Key.Key_Up) == 0
    assert press_key(grid, Qt.Key.Key_Up) == 0
    assert press_key(grid, Qt.Key.Key_End) == last
    assert press_key(grid, Qt.Key.Key_Down) == last
    page_up = press_key(grid, Qt.Key.Key_PageUp)
    assert page_up < last - per_line
    assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()).center())
    assert press_key(grid, Qt.Key.Key_Home) == 0


def test_down_from_the_last_full_line_reaches_the_last_image(grid: GridView) -> None:
    per_line, rows = columns(grid), grid.model().rowCount()
    assert rows % per_line, "the last line must not be full for this test"
    above_the_gap = rows - rows % per_line - 1
    grid.setCurrentIndex(grid.model().index(above_the_gap, 0))
    assert press_key(grid, Qt.Key.Key_Down) == rows - 1


def test_shift_selects_in_reading_order(grid: GridView) -> None:
    click(grid, 2)
    click(grid, 9, SHIFT)
    assert selected_rows(grid) == list(range(2, 10))
    press_key(grid, Qt.Key.Key_Right, SHIFT)
    assert selected_rows(grid) == list(range(2, 11))


def test_shift_click_above_selects_backwards(grid: GridView) -> None:
    click(grid, 9)
    click(grid, 3, SHIFT)
    assert selected_rows(grid) == list(range(3, 10))


def test_control_click_adds_and_takes_away(grid: GridView) -> None:
    click(grid, 1)
    click(grid, 6, CONTROL)
    assert selected_rows(grid) == [1, 6]
    click(grid, 1, CONTROL)
    assert selected_rows(grid) == [6]


def test_a_rubber_band_selects_what_it_touches(grid: GridView) -> None:
    per_line = columns(grid)
    first, across = (grid.visualRect(grid.model().index(row, 0)) for row in (0, per_line + 1))
    start = QPoint(1, 1)  # in the margin, on no image
    assert not grid.indexAt(start).isValid()
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(grid.viewport(), left, NO_KEYS, start)
    QTest.mouseMove(grid.viewport(), first.center())
    QTest.mouseMove(grid.viewport(), across.center())
    QTest.mouseRelease(grid.viewport(), left, NO_KEYS, across.center())
    assert selected_rows(grid) == [0, 1, per_line, per_line + 1]


def test_a_rubber_band_may_end_on_empty_ground_and_selects_live(grid: GridView, model: ImageModel) -> None:
    model.remove(list(range(6, 103)))  # six images are left, and much empty ground
    left = Qt.MouseButton.LeftButton
    bottom = grid.viewport().rect().bottomRight() - QPoint(20, 20)
    QTest.mousePress(grid.viewport(), left, NO_KEYS, bottom)
    middle = grid.visualRect(model.index(5, Column.NAME)).center()
    QTest.mouseMove(grid.viewport(), middle)
    assert 5 in selected_rows(grid)
    QTest.mouseMove(grid.viewport(), QPoint(2, 2))
    assert selected_rows(grid) == list(range(6))
    QTest.mouseMove(grid.viewport(), bottom - QPoint(30, 30))
    assert selected_rows(grid) == []
    QTest.mouseRelease(grid.viewport(), left, NO_KEYS, bottom)


def test_a_resized_window_keeps_its_place(grid: GridView) -> None:
    grid.verticalScrollBar().setValue(1500)
    first = grid.visible_rows()[0]
    grid.resize(380, 600)
    assert columns(grid) == 2
    moved = grid.visualRect(grid.model().index(first, Column.NAME))
    assert abs(moved.top()) < grid.cell_size().height()


def test_typing_a_name_works_without_a_current_image(grid: GridView) -> None:
    grid.selectionModel().clear()
    QTest.keyClicks(grid, "image7")
    assert grid.currentIndex().siblingAtColumn(Column.NAME).data() == "image7.jpg"


def test_a_sideways_wheel_does_not_change_the_size(grid: GridView) -> None:
    before = grid.edge
    for angle in (QPoint(120, 0), QPoint(0, 15)):
        wheel = QWheelEvent(
            QPointF(50, 50), grid.viewport().mapToGlobal(QPointF(50, 50)), QPoint(), angle,
            Qt.MouseButton.NoButton, CONTROL, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(grid.viewport(), wheel)
    assert grid.edge == before


def test_select_all_and_the_region_drawn_for_it(grid: GridView) -> None:
    grid.selectAll()
    assert len(selected_rows(grid)) == grid.model().rowCount()
    assert [index.row() for index in grid.selectedIndexes()] == list(range(grid.model().rowCount()))
    region = grid.visualRegionForSelection(grid.selectionModel().selection())
    assert region.contains(grid.visualRect(grid.model().index(0, 0)).center())


def test_typing_a_name_goes_there(grid: GridView) -> None:
    click(grid, 0)
    QTest.keyClicks(grid, "image4")
    assert grid.currentIndex().siblingAtColumn(Column.NAME).data() == "image4.jpg"


def test_the_current_image_stays_in_place_when_rows_are_sorted(grid: GridView, model: ImageModel) -> None:
    click(grid, 1)
    top = grid.visualRect(grid.currentIndex()).top()
    for image_id in range(103):
        model.library.set_scored(image_id, 0.42 + image_id / 200, (4, 3), "ab", MADE_BY)
    model.images_changed(list(range(103)))
    model.sort_again()
    assert model.image_id(grid.currentIndex().row()) == 1
    assert grid.currentIndex().row() == 101
    # At the very end the bar may not reach far enough for the same place; it must be in sight.
    moved = grid.visualRect(grid.currentIndex())
    at_end = grid.verticalScrollBar().value() == grid.verticalScrollBar().maximum()
    assert moved.top() == top or (at_end and grid.viewport().rect().contains(moved.center()))


def test_without_a_current_image_sorting_does_not_scroll(grid: GridView, model: ImageModel) -> None:
    grid.clearSelection()
    grid.setCurrentIndex(model.index(-1, -1))
    grid.verticalScrollBar().setValue(500)
    model.sort(Column.NAME, Qt.SortOrder.DescendingOrder)
    assert grid.verticalScrollBar().value() == 500


def test_an_image_that_is_current_by_focus_alone_is_not_followed(grid: GridView, model: ImageModel) -> None:
    grid.selectionModel().setCurrentIndex(
        model.index(0, Column.NAME), QItemSelectionModel.SelectionFlag.NoUpdate
    )
    for image_id in range(103):
        model.library.set_scored(image_id, 0.42 + image_id / 200, (4, 3), "ab", MADE_BY)
    model.images_changed(list(range(103)))
    model.sort_again()
    assert grid.currentIndex().row() == 102
    assert grid.verticalScrollBar().value() == 0, "the best images stay in sight"


def test_control_and_wheel_change_the_size(grid: GridView) -> None:
    before = grid.edge
    wheel = QWheelEvent(
        QPointF(50, 50), grid.viewport().mapToGlobal(QPointF(50, 50)), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, CONTROL, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(grid.viewport(), wheel)
    assert grid.edge > before
    assert grid.verticalScrollBar().value() == 0


def test_larger_thumbnails_keep_the_current_image_in_sight(grid: GridView) -> None:
    grid.setCurrentIndex(grid.model().index(60, 0))
    grid.scrollTo(grid.currentIndex())
    grid.set_edge(300)
    assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()).center())


def test_tells_which_rows_are_to_be_seen(qtbot: QtBot, grid: GridView) -> None:
    with qtbot.waitSignal(grid.visible_rows_changed, timeout=2000) as told:
        grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    assert told.args is not None
    first, last = told.args
    assert last == grid.model().rowCount() - 1
    assert grid.viewport().rect().intersects(grid.visualRect(grid.model().index(first, 0)))


def test_visible_rows_cover_every_cell_in_sight(grid: GridView) -> None:
    grid.verticalScrollBar().setValue(777)
    first, last = grid.visible_rows()
    inside = [
        row
        for row in range(grid.model().rowCount())
        if grid.viewport().rect().intersects(grid.visualRect(grid.model().index(row, 0)))
    ]
    assert first <= min(inside)
    assert last >= max(inside)


def test_an_empty_model_is_no_trouble(qtbot: QtBot, grid: GridView, model: ImageModel) -> None:
    model.clear()
    grid.viewport().repaint()
    assert grid.visible_rows() == (0, -1)
    assert press_key(grid, Qt.Key.Key_Down) == -1
    assert grid.visualRect(model.index(0, 0)) == QRect()


def test_a_narrow_window_still_has_one_column(grid: GridView) -> None:
    grid.resize(90, 400)
    assert columns(grid) == 1
    assert grid.indexAt(grid.visualRect(grid.model().index(1, 0)).center()).row() == 1


def test_the_palette_and_the_states_are_drawn(grid: GridView) -> None:
    click(grid, 0)
    picture = grid.viewport().grab().toImage()
    selected = picture.pixelColor(grid.visualRect(grid.model().index(0, 0)).topLeft() + QPoint(6, 6))
    plain = picture.pixelColor(grid.visualRect(grid.model().index(3, 0)).topLeft() + QPoint(6, 6))
    assert selected != plain
    QApplication.sendEvent(grid, QEvent(QEvent.Type.PaletteChange))


# --- drawing -------------------------------------------------------------------------------------


class Painted(GridView):
    """Notes which rows are drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: set[int] = set()

    def paintEvent(self, event: QPaintEvent) -> None:
        first, last = self.visible_rows()
        self.rows |= {
            row
            for row in range(first, last + 1)
            if event.region().intersects(self.visualRect(self.model().index(row, 0)))
        }
        super().paintEvent(event)


@pytest.fixture
def painted(qtbot: QtBot, model: ImageModel) -> Iterator[Painted]:
    made = Painted()
    made.setModel(model)
    made.resize(700, 600)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: bool(made.rows))
    QApplication.processEvents()
    made.rows.clear()
    yield made
    made.close()


def test_a_new_score_draws_its_own_cell_again_and_no_other(
    qtbot: QtBot, painted: Painted, model: ImageModel
) -> None:
    for image_id in (2, 6, 99):  # the last one is out of sight
        model.library.set_scored(image_id, 0.7, (4, 3), "ab", MADE_BY)
    model.images_changed([2, 6, 99])
    qtbot.waitUntil(lambda: bool(painted.rows))
    assert painted.rows == {2, 6}


def test_ranks_are_drawn_again_in_all_cells_in_sight(
    qtbot: QtBot, painted: Painted, model: ImageModel
) -> None:
    first, last = painted.visible_rows()
    model.tell_ranks()
    qtbot.waitUntil(lambda: bool(painted.rows))
    assert painted.rows == set(range(first, last + 1))


def drawn(grid: GridView, row: int) -> QImage:
    return grid.viewport().grab(grid.visualRect(grid.model().index(row, 0))).toImage()


def test_a_cell_shows_what_is_known_now(grid: GridView, model: ImageModel) -> None:
    waiting = drawn(grid, 5)
    model.library.set_scored(5, 0.7, (4, 3), "ab", MADE_BY)
    model.images_changed([5])
    scored = drawn(grid, 5)
    assert scored != waiting
    model.library.set_scored(5, 0.72, (4, 3), "ab", MADE_BY)
    model.images_changed([5])
    assert drawn(grid, 5) != scored
    model.library.set_scored(5, 0.7, (4, 3), "ab", MADE_BY)
    model.images_changed([5])
    assert drawn(grid, 5) == scored


def test_texts_follow_palette_and_font(grid: GridView) -> None:
    before = drawn(grid, 5)
    palette = QPalette(grid.palette())
    palette.setColor(QPalette.ColorRole.Text, QColor("magenta"))
    grid.setPalette(palette)
    coloured = drawn(grid, 5)
    assert coloured != before
    font = QFont(grid.font())
    font.setItalic(True)
    grid.setFont(font)
    assert drawn(grid, 5) != coloured


def test_drawn_texts_are_kept_but_not_for_ever() -> None:
    labels = Labels(3)
    made: list[int] = []

    def draw(number: int) -> QPixmap:
        made.append(number)
        return QPixmap(1, 1)

    for number in (1, 2, 3, 1, 4, 1, 2):
        labels.get((number,), partial(draw, number))
    assert made == [1, 2, 3, 4, 2], "the one that was not used for longest is drawn anew"


def drawn_cell(painter: CellPainter, cautions: int) -> QImage:
    """Draw a cell with a white picture and these cautions."""
    picture = QPixmap(200, 200)
    picture.fill(QColor("white"))
    cell = SimpleNamespace(
        picture=picture, name="a.jpg", score="", detail="", warned=False, marks="", rejected=False
    )
    cell.cautions = cautions
    image = QImage(240, 280, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    canvas = QPainter(image)
    painter.paint(canvas, image.rect(), cell, selected=False, hovered=False, focused=False)  # type: ignore[arg-type]
    canvas.end()
    return image


def test_cautions_are_a_sign_on_the_picture_drawn_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    real = grid_cells._caution_badge

    def note(cautions: int, look: grid_cells.CellLook) -> QPixmap:
        drawn.append(cautions)
        return real(cautions, look)

    monkeypatch.setattr(grid_cells, "_caution_badge", note)
    painter = CellPainter()
    painter.take_look(QFont(), QPalette(), 1.0)
    without, one, again, two = (drawn_cell(painter, cautions) for cautions in (0, 1, 1, 1 | 8))
    assert one != without
    assert one == again
    assert two != one, "how many there are is said, too"
    assert drawn == [1, 9]
    dark = [
        (x, y) for x in range(240) for y in range(280) if one.pixelColor(x, y) != without.pixelColor(x, y)
    ]
    assert min(x for x, _ in dark) > 120, "at the right"
    assert max(y for _, y in dark) < 60, "and above, where no score is"
