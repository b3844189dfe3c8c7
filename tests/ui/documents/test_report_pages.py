"""How the pages of a report are filled."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication

from resmem_gui.ui.documents.papers import POINT
from resmem_gui.ui.report.flow import Flow
from resmem_gui.ui.report.pieces import Piece, Placed, paginate, together
from resmem_gui.ui.report.sections import report_pieces
from resmem_gui.ui.report.tables import TableColumn, TableLook, fitted_column, table_pieces
from resmem_gui.ui.report.typography import BODY, lines_of
from tests.ui.documents.reports import content


def nothing(painter: QPainter, top: float) -> None:
    """Paint nothing."""


def tops(pages: list[list[Placed]]) -> list[list[float]]:
    return [[placed.top for placed in page] for page in pages]


def test_pieces_fill_a_page_and_go_on_with_the_next() -> None:
    assert tops(paginate([Piece(40, nothing)] * 5, 100)) == [[0, 40], [0, 40], [0]]


def test_what_keeps_together_is_moved_together() -> None:
    group = together([Piece(30, nothing), Piece(10), Piece(30, nothing)])
    assert tops(paginate([Piece(40, nothing), *group, Piece(20, nothing)], 100)) == [[0], [0, 40, 70]]


def test_a_group_that_is_taller_than_a_page_is_torn() -> None:
    group = together([Piece(40, nothing)] * 4)
    assert tops(paginate([Piece(30, nothing), *group], 100)) == [[0, 30], [0, 40], [0]]


def test_a_gap_vanishes_at_the_top_of_a_page() -> None:
    assert tops(paginate([Piece(10), Piece(95, nothing), Piece(20), Piece(10, nothing)], 100)) == [[0], [0]]


def test_the_head_of_a_table_is_repeated() -> None:
    drawn: list[str] = []
    head = Piece(20, lambda _painter, _top: drawn.append("head"))
    rows = [Piece(30, lambda _painter, _top: drawn.append("row"), head=head) for _ in range(4)]
    pages = paginate([head, *rows], 100)
    assert tops(pages) == [[0, 20, 50], [0, 20, 50]]
    pages[1][0].paint(QPainter(), 0)
    assert drawn == ["head"]


@pytest.mark.parametrize(("before", "expected"), [(70, [[0], [0]]), (40, [[0, 40]])])
def test_a_piece_can_begin_a_page_where_the_page_before_is_full_enough(
    before: float, expected: list[list[float]]
) -> None:
    assert tops(paginate([Piece(before, nothing), Piece(10, nothing, breaks=True)], 100)) == expected


@pytest.mark.parametrize("count", range(1, 12))
def test_neither_the_first_nor_the_last_row_of_a_table_stands_alone(qapp: QApplication, count: int) -> None:
    columns = (TableColumn("A", 0.5), TableColumn("B", 0.5, right=True))
    rows = table_pieces(columns, [("a", "b")] * count, 3000, TableLook(), lambda: None)
    height = rows[1].height
    for filled in range(7):
        before = [Piece(height, nothing)] * filled
        pages = paginate([*before, *rows], 7 * height)
        on_pages = [len(page) for page in pages]
        on_pages[0] -= filled
        shown = [found - 1 for found in on_pages if found > 0]  # the head stands on each
        assert sum(shown) == count
        assert min(shown) >= min(2, count)


def test_a_column_is_as_wide_as_its_texts(qapp: QApplication) -> None:
    texts = ["1", "22", "1,800 × 1,200", "333"]
    column = fitted_column("Pixels", texts, 4000, right=True, most=0.5)
    (head, *rows) = table_pieces(
        (column, TableColumn("Rest", 1 - column.share)),
        [(text, "") for text in texts],
        4000,
        TableLook(),
        lambda: None,
    )
    assert {row.height for row in rows} == {head.height}, "no text is broken"
    assert fitted_column("Pixels", ["1"], 4000, right=True, most=0.5).share < column.share
    assert fitted_column("Pixels", texts * 50, 4000, right=True, most=0.05).share == 0.05


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13, 21, 34, 55])
@pytest.mark.parametrize("height", [5800.0, 6050.0])
def test_only_the_last_page_is_mostly_empty_and_no_heading_ends_one(
    qapp: QApplication, count: int, height: float
) -> None:
    paths = [f"/nowhere/{n}.jpg" for n in range(count)]
    for pictures in (0, 4, 12, 30):
        pieces = report_pieces(content(paths, loads=False, pictures=pictures), 4000)
        by_paint = {id(piece.paint): piece for piece in pieces}
        for page in paginate(pieces, height)[:-1]:
            last = by_paint[id(page[-1].paint)]
            assert page[-1].top + last.height > 0.5 * height
            assert not last.keeps


def test_no_page_is_empty_and_nothing_is_lost() -> None:
    pieces = [Piece(float(n % 37 + 1), nothing if n % 5 else None, keeps=n % 3 == 0) for n in range(500)]
    pages = paginate(pieces, 90)
    assert all(pages)
    assert sum(map(len, pages)) == sum(piece.paint is not None for piece in pieces)


@pytest.mark.parametrize(
    "text", ["word " * 60, "x" * 300, "海" * 200, "😀" * 100, "شاطئ البحر " * 30, "a\nb\n\nc", ""]
)
def test_text_is_broken_into_lines_that_fit(qapp: QApplication, text: str) -> None:
    width = 1500.0
    lines = lines_of(text, BODY, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    metrics = QFontMetricsF(BODY.font())
    assert all(metrics.horizontalAdvance(line) <= width * 1.02 for line in lines)
    if "\n" in text:
        assert lines == ["a", "b", "", "c"]


def test_two_columns_stand_beside_each_other(qapp: QApplication) -> None:
    flow, left, right = Flow(1000), Flow(600), Flow(300)
    found: list[tuple[str, float, float]] = []

    def note(name: str) -> Callable[[QPainter, float], None]:
        def paint(painter: QPainter, top: float) -> None:
            found.append((name, painter.transform().dx(), painter.transform().dy() + top))

        return paint

    left.block(40, note("left"))
    right.block(10, note("above"))
    right.gap(1)
    right.block(50, note("below"))
    flow.beside(left, right)
    (piece,) = flow.pieces
    assert piece.height == right.height == pytest.approx(60 + POINT)
    assert piece.paint is not None
    canvas = QImage(10, 10, QImage.Format.Format_RGB32)
    painter = QPainter(canvas)
    piece.paint(painter, 5)
    assert painter.transform().isIdentity()
    painter.end()
    assert [name for name, _, _ in found] == ["left", "above", "below"]
    assert [place for _, *place in found] == [[0, 5], [700, 5], [700, pytest.approx(15 + POINT)]]
