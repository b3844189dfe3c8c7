"""Cells lie where arithmetic puts them."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize

from resmem_gui.ui.browsing.cell_layout import PADDING, CellLayout

CELLS = st.builds(QSize, st.integers(20, 300), st.integers(20, 300))
#: Wide enough for a cell; the window is never narrower.
ROOMS = st.tuples(CELLS, st.integers(0, 2000)).map(
    lambda pair: (pair[0], PADDING + pair[0].width() + pair[1])
)


def rows_of(layout: CellLayout, bottom: int) -> range:
    """Return all rows whose cells begin above a height, and some more."""
    lines = max(0, bottom) // layout.cell.height() + 3
    return range(lines * layout.columns)


def corners(rect: QRect) -> list[QPoint]:
    return [rect.topLeft(), rect.topRight(), rect.bottomLeft(), rect.bottomRight(), rect.center()]


@given(ROOMS, st.integers(0, 300))
def test_cells_lie_side_by_side_in_lines_and_do_not_overlap(room: tuple[QSize, int], row: int) -> None:
    layout = CellLayout(*room)
    here, right = layout.rect(row), layout.rect(row + 1)
    assert here.size() == room[0]
    if (row + 1) % layout.columns:
        assert right.top() == here.top()
        assert right.left() > here.right()
    else:
        assert right.top() == here.bottom() + 1
        assert right.left() == layout.rect(0).left()
    assert layout.rect(row + layout.columns) == here.translated(0, layout.cell.height())


@given(ROOMS)
def test_a_line_holds_as_many_cells_as_there_is_room_for(room: tuple[QSize, int]) -> None:
    cell, width = room
    layout = CellLayout(cell, width)
    assert layout.columns == (width - PADDING) // cell.width()
    line = [layout.rect(column) for column in range(layout.columns)]
    assert line[0].left() >= 0
    assert line[-1].right() < width
    assert abs(line[0].left() - (width - 1 - line[-1].right())) <= 1  # shared out to both sides alike


def test_gaps_differ_by_a_pixel_at_most() -> None:
    layout = CellLayout(QSize(176, 200), 820)
    line = [layout.rect(column) for column in range(layout.columns)]
    gaps = [right.left() - left.right() for left, right in pairwise(line)]
    assert max(gaps) - min(gaps) <= 1


@pytest.mark.parametrize("width", [-10, 0, 1, PADDING, PADDING + 1, 50, PADDING + 100])
def test_there_is_one_column_at_least(width: int) -> None:
    layout = CellLayout(QSize(100, 120), width)
    assert layout.columns == 1
    assert layout.rect(3).size() == QSize(100, 120)
    assert layout.rect(3).top() == PADDING + 3 * 120
    assert layout.rows_between(PADDING, PADDING + 120) == (0, 1)


@pytest.mark.parametrize(
    ("rows", "lines"), [(0, 0), (1, 1), (4, 1), (5, 2), (8, 2), (9, 3), (100_000, 25_000)]
)
def test_the_height_is_that_of_all_lines(rows: int, lines: int) -> None:
    layout = CellLayout(QSize(100, 120), PADDING + 400)
    assert layout.height(rows) == 2 * PADDING + lines * 120
    if rows:
        assert layout.rect(rows - 1).bottom() + 1 + PADDING == layout.height(rows)


# --- points --------------------------------------------------------------------------------------


def test_the_row_of_a_point_is_that_of_the_cell_around_it() -> None:
    layout = CellLayout(QSize(100, 120), PADDING + 430)
    for row in range(40):
        for point in corners(layout.rect(row)):
            assert layout.row_at(point) == row


@given(ROOMS, st.integers(0, 1_000_000))
def test_every_row_is_found_at_its_middle(room: tuple[QSize, int], row: int) -> None:
    layout = CellLayout(*room)
    assert layout.row_at(layout.rect(row).center()) == row


@example((QSize(200, 200), PADDING + 801), 1)
@given(ROOMS, st.integers(0, 1_000_000))
def test_every_row_is_found_at_its_corners(room: tuple[QSize, int], row: int) -> None:
    layout = CellLayout(*room)
    for point in corners(layout.rect(row)):
        assert layout.row_at(point) == row


@pytest.mark.parametrize("width", [50, PADDING + 50, PADDING + 99])
def test_a_cell_wider_than_the_room_is_found_wherever_it_is_seen(width: int) -> None:
    layout = CellLayout(QSize(100, 120), width)
    rect = layout.rect(2)
    for x in range(max(0, rect.left()), min(width - 1, rect.right()) + 1):
        assert layout.row_at(QPoint(x, rect.center().y())) == 2


def test_a_point_can_be_asked_for_in_a_room_without_width() -> None:
    CellLayout(QSize(100, 120), PADDING).row_at(QPoint(1, PADDING))


@given(ROOMS, st.integers(-50, 2500), st.integers(-50, 2500))
def test_a_point_is_in_the_cell_that_is_told_for_it(room: tuple[QSize, int], x: int, y: int) -> None:
    layout, point = CellLayout(*room), QPoint(x, y)
    row = layout.row_at(point)
    assert row is None or (row >= 0 and layout.rect(row).contains(point))


def test_there_is_no_row_between_cells_and_at_the_edges() -> None:
    layout = CellLayout(QSize(100, 120), PADDING + 460)  # 15 between two cells
    first, second = layout.rect(0), layout.rect(1)
    y = first.center().y()
    assert layout.row_at(QPoint(first.right() + 1, y)) is None
    assert layout.row_at(QPoint(second.left() - 1, y)) is None
    assert layout.row_at(QPoint(first.left() - 1, y)) is None
    assert layout.row_at(QPoint(layout.rect(3).right() + 1, y)) is None
    assert layout.row_at(QPoint(5000, y)) is None
    assert layout.row_at(QPoint(-5000, y)) is None
    assert layout.row_at(QPoint(first.center().x(), PADDING - 1)) is None
    assert layout.row_at(QPoint(first.center().x(), -200)) is None


# --- bands and rectangles ------------------------------------------------------------------------


@settings(deadline=None)  # looks at every cell
@given(ROOMS, st.integers(-500, 3000), st.integers(0, 1500))
def test_the_rows_between_two_heights_are_those_of_every_line_seen_there_and_no_other(
    room: tuple[QSize, int], top: int, height: int
) -> None:
    layout, bottom = CellLayout(*room), top + height
    first, last = layout.rows_between(top, bottom)
    seen = [
        row
        for row in rows_of(layout, bottom)
        if layout.rect(row).top() <= bottom and layout.rect(row).bottom() >= top
    ]
    assert [*range(first, last + 1)] == seen


@settings(deadline=None)  # looks at every cell
@given(
    ROOMS,
    st.integers(-300, 2500),
    st.integers(-300, 2500),
    st.integers(1, 2500),
    st.integers(1, 1500),
)
def test_a_rectangle_touches_the_cells_that_it_shares_a_pixel_with(
    room: tuple[QSize, int], left: int, top: int, width: int, height: int
) -> None:
    layout, rect = CellLayout(*room), QRect(left, top, width, height)
    ranges = list(layout.touched(rect))
    touched = [row for first, last in ranges for row in range(first, last + 1)]
    expected = [row for row in rows_of(layout, rect.bottom()) if layout.rect(row).intersects(rect)]
    assert touched == expected


@given(ROOMS, st.integers(0, 300), st.integers(0, 300))
def test_a_rectangle_from_one_cell_to_another_touches_both(
    room: tuple[QSize, int], one: int, other: int
) -> None:
    layout = CellLayout(*room)
    ranges = list(layout.touched(layout.rect(one).united(layout.rect(other))))
    for row in (one, other):
        assert any(first <= row <= last for first, last in ranges)


def test_a_rectangle_over_whole_lines_touches_one_range() -> None:
    layout = CellLayout(QSize(100, 120), PADDING + 430)
    assert list(layout.touched(QRect(0, PADDING + 130, 2000, 240))) == [(4, 15)]
    assert len(list(layout.touched(QRect(0, 0, 2000, 100_000_000)))) == 1


def test_a_rectangle_over_some_columns_touches_a_range_a_line() -> None:
    layout = CellLayout(QSize(100, 120), PADDING + 400)
    rect = layout.rect(1).united(layout.rect(6))
    assert list(layout.touched(rect)) == [(1, 2), (5, 6)]


def test_a_rectangle_beside_all_cells_touches_none() -> None:
    layout = CellLayout(QSize(100, 120), PADDING + 460)
    between = layout.rect(0).right() + 1
    assert list(layout.touched(QRect(between, 0, 5, 10_000))) == []
    assert list(layout.touched(QRect(-50, 0, 20, 10_000))) == []
    assert list(layout.touched(QRect(layout.rect(3).right() + 1, 0, 50, 10_000))) == []


@pytest.mark.parametrize("top", [0, -500])
def test_a_rectangle_above_all_cells_touches_none(top: int) -> None:
    layout = CellLayout(QSize(100, 120), PADDING + 400)
    assert list(layout.touched(QRect(0, top, 1000, PADDING))) == []


def test_a_hundred_thousand_rows_cost_no_layout() -> None:
    layout = CellLayout(QSize(100, 120), PADDING + 1000)
    point = layout.rect(99_999).center()
    assert layout.row_at(point) == 99_999
    assert layout.rows_between(point.y(), point.y()) == (99_990, 99_999)
