"""Tables of a report: cells in lines, a head that is repeated on each page."""

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from resmem_gui.ui.documents.papers import LINE, POINT
from resmem_gui.ui.report.pieces import Piece
from resmem_gui.ui.report.typography import CELL, CELL_HEAD, TextStyle, draw_line, lines_of, text_width

_GAP: Final = 10 * POINT
#: So many lines of a cell are shown; nothing that is worth reading in a table is longer.
_MOST_LINES: Final = 24
#: Between two calls of `check`.
_CHECKED_ROWS: Final = 50
#: Of the texts with the most letters, so many are measured to find the widest.
_MEASURED: Final = 8


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table.

    Attributes:
        title: At its head.
        share: Of the width of the table, 0 to 1.
        right: Whether its cells end at the right, as numbers do.
    """

    title: str
    share: float
    right: bool = False


@dataclass(frozen=True, slots=True)
class TableLook:
    """How a table is written.

    Attributes:
        cell: Its letters.
        padding: Above and below the text of a row, in dots.
    """

    cell: TextStyle = CELL
    padding: float = 2.2 * POINT


def fitted_column(title: str, texts: Iterable[str], width: float, *, right: bool, most: float) -> TableColumn:
    """Return a column that is as wide as its texts need.

    Args:
        title: At its head.
        texts: Of its cells.
        width: Of the table, in dots.
        right: Whether its cells end at the right.
        most: Share of the table that it has at most; longer texts are broken.
    """
    longest = heapq.nlargest(_MEASURED, set(texts), key=len)
    needed = max(text_width(title, CELL_HEAD), *(text_width(text, CELL) for text in longest))
    return TableColumn(title, min(most, (1.02 * needed + _GAP) / width), right)


def table_pieces(
    columns: Sequence[TableColumn],
    rows: Sequence[Sequence[str]],
    width: float,
    look: TableLook,
    check: Callable[[], None],
) -> list[Piece]:
    """Return head and rows. Neither the first row nor the last stands alone on its page.

    Args:
        columns: Their shares add up to 1.
        rows: A text for each column.
        width: Of the table, in dots.
        look: How it is written.
        check: Called often; may raise to give up.
    """
    head = _row(columns, [column.title for column in columns], width, TableLook(CELL_HEAD), line=1.0)
    pieces = [replace(head, keeps=True)]
    for number, row in enumerate(rows):
        if number % _CHECKED_ROWS == 0:
            check()
        keeps = len(rows) > 1 and number in (0, len(rows) - 2)
        pieces.append(replace(_row(columns, row, width, look), head=head, keeps=keeps))
    return pieces


def _row(
    columns: Sequence[TableColumn], texts: Sequence[str], width: float, look: TableLook, line: float = 0.4
) -> Piece:
    rooms = [column.share * width - _GAP for column in columns]
    rooms[-1] += _GAP
    cells = [lines_of(text, look.cell, room)[:_MOST_LINES] for text, room in zip(texts, rooms, strict=True)]
    height = max(map(len, cells)) * look.cell.line_height + 2 * look.padding

    def paint(painter: QPainter, top: float) -> None:
        left = 0.0
        for column, room, cell in zip(columns, rooms, cells, strict=True):
            for number, text in enumerate(cell):
                at = QPointF(left, top + look.padding + number * look.cell.line_height)
                draw_line(painter, at, room, text, look.cell, right=column.right)
            left += column.share * width
        painter.setPen(QPen(QColor(LINE), line * POINT))
        painter.drawLine(QPointF(0, top + height), QPointF(width, top + height))

    return Piece(height, paint)
