"""Makes pieces of texts, tables, figures and pictures, one under the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtSvg import QSvgRenderer

from resmem_gui.ui.report.pieces import Piece, together
from resmem_gui.ui.report.typography import (
    BODY,
    CELL,
    CELL_HEAD,
    CODE,
    HEADING,
    LINE,
    POINT,
    SMALL,
    SUBHEADING,
    Style,
    draw_line,
    lines_of,
)

_HAIRLINE: Final = 0.4 * POINT
_CELL_PADDING: Final = 2.2 * POINT
_COLUMN_GAP: Final = 9 * POINT
_INDENT: Final = 10 * POINT
#: A paragraph is not torn so that fewer lines than this stand alone.
_LEAST_LINES: Final = 2
#: So many lines of a cell are shown; nothing that is worth reading in a table is longer.
_MOST_CELL_LINES: Final = 24
#: Of figures, in dots: letters of 11 are 6.6 points high.
_SVG_UNIT: Final = 0.6 * POINT
#: Between two calls of `check`.
_CHECKED_ROWS: Final = 50


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        title: At its head.
        share: Of the width of the table, 0 to 1.
        right: Whether its cells end at the right, as numbers do.
    """

    title: str
    share: float
    right: bool = False


class Flow:
    """Collects pieces from top to bottom.

    Attributes:
        pieces: So far.
        width: Of the room for text, in dots.
    """

    def __init__(self, width: float, check: Callable[[], None] = lambda: None) -> None:
        """Begin.

        Args:
            width: Of the room for text, in dots.
            check: Called often while tables are laid out; may raise to give up.
        """
        self.pieces: list[Piece] = []
        self.width = width
        self._check = check

    def gap(self, points: float) -> None:
        """Leave room; none at the top of a page. It stays with what stands before it."""
        self.pieces.append(Piece(points * POINT, keeps=bool(self.pieces) and self.pieces[-1].keeps))

    def heading(self, text: str, *, breaks: bool = False) -> None:
        """Write the heading of a section, with a line above it."""
        self.gap(16)

        def rule(painter: QPainter, top: float) -> None:
            painter.setPen(QPen(LINE, _HAIRLINE))
            painter.drawLine(QPointF(0, top), QPointF(self.width, top))

        self.pieces.append(Piece(7 * POINT, rule, keeps=True, breaks=breaks))
        self._lines(text, HEADING, keeps=True)
        self.pieces.append(Piece(4 * POINT, keeps=True))

    def subheading(self, text: str) -> None:
        """Write the heading of a part of a section."""
        self.gap(8)
        self._lines(text, SUBHEADING, keeps=True)
        self.pieces.append(Piece(2 * POINT, keeps=True))

    def paragraph(self, text: str, style: Style = BODY, *, keeps: bool = False, gap: float = 4) -> None:
        """Write a paragraph.

        Args:
            text: Line breaks are kept.
            style: How.
            keeps: Whether it stays with what follows.
            gap: Points after it.
        """
        self._lines(text, style, keeps=keeps)
        self.pieces.append(Piece(gap * POINT, keeps=keeps))

    def bullets(self, texts: Sequence[str], style: Style = BODY) -> None:
        """Write a list."""
        for text in texts:
            self._lines(text, style, indent=_INDENT, bullet="•")
            self.gap(2.5)
        self.gap(2)

    def code(self, text: str) -> None:
        """Write lines that keep their spaces, on one page."""
        begin = len(self.pieces)
        self._lines(text, CODE)
        self.pieces[begin:] = together(self.pieces[begin:])
        self.gap(6)

    def _lines(
        self, text: str, style: Style, *, keeps: bool = False, indent: float = 0.0, bullet: str = ""
    ) -> None:
        lines = lines_of(text, style, self.width - indent)
        last = len(lines) - 1
        for number, line in enumerate(lines):
            first_part = number < _LEAST_LINES - 1
            last_part = last - _LEAST_LINES < number < last
            together_with_next = keeps if number == last else keeps or first_part or last_part
            mark = bullet if number == 0 else ""
            paint = self._line_painter(line, style, indent, mark)
            self.pieces.append(Piece(style.line_height, paint, keeps=together_with_next))

    def _line_painter(
        self, line: str, style: Style, indent: float, mark: str
    ) -> Callable[[QPainter, float], None]:
        def paint(painter: QPainter, top: float) -> None:
            if mark:
                draw_line(painter, QPointF(0, top), indent, mark, style)
            draw_line(painter, QPointF(indent, top), self.width - indent, line, style)

        return paint

    def block(self, height: float, paint: Callable[[QPainter, float], None], *, keeps: bool = False) -> None:
        """Add something of its own making that is not torn apart."""
        self.pieces.append(Piece(height, paint, keeps=keeps))

    def svg(self, text: str, size: QSizeF) -> None:
        """Draw an SVG figure, as lines and letters, in the full width of the text or less.

        Args:
            text: The figure.
            size: In units of its own; one is `_SVG_UNIT` at most.
        """
        width = min(self.width, size.width() * _SVG_UNIT)
        height = width * size.height() / size.width()
        data = QByteArray(text.encode("utf-8"))

        def paint(painter: QPainter, top: float) -> None:
            painter.setFont(BODY.font())  # what the figure writes with
            QSvgRenderer(data).render(painter, QRectF(0, top, width, height))

        self.pieces.append(Piece(height, paint, keeps=True))
        self.gap(4)

    # Tables

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        width: float | None = None,
        *,
        whole: bool = False,
    ) -> None:
        """Write a table whose head is repeated on each page.

        Args:
            columns: Their shares add up to 1.
            rows: A text for each column.
            width: In dots; None for that of the text.
            whole: Whether it stands on one page; for short ones.
        """
        extent = self.width if width is None else width
        begin = len(self.pieces)
        titles = [column.title for column in columns]
        head = self._row(columns, titles, extent, CELL_HEAD, line=1.0)
        self.pieces.append(replace(head, keeps=True))
        for number, row in enumerate(rows):
            if number % _CHECKED_ROWS == 0:
                self._check()
            self.pieces.append(replace(self._row(columns, row, extent, CELL), head=head))
        if whole:
            self.pieces[begin:] = together(self.pieces[begin:])
        self.gap(6)

    def _row(
        self,
        columns: Sequence[Column],
        texts: Sequence[str],
        width: float,
        style: Style,
        line: float = 0.4,
    ) -> Piece:
        rooms = [column.share * width - _COLUMN_GAP for column in columns]
        rooms[-1] += _COLUMN_GAP
        cells = [
            lines_of(text, style, room)[:_MOST_CELL_LINES] for text, room in zip(texts, rooms, strict=True)
        ]
        height = max(map(len, cells)) * style.line_height + 2 * _CELL_PADDING

        def paint(painter: QPainter, top: float) -> None:
            left = 0.0
            for column, room, cell in zip(columns, rooms, cells, strict=True):
                for number, text in enumerate(cell):
                    at = QPointF(left, top + _CELL_PADDING + number * style.line_height)
                    draw_line(painter, at, room, text, style, right=column.right)
                left += column.share * width
            painter.setPen(QPen(LINE, line * POINT))
            painter.drawLine(QPointF(0, top + height), QPointF(width, top + height))

        return Piece(height, paint)

    def small(self, text: str, *, keeps: bool = False) -> None:
        """Write a paragraph of small print."""
        self.paragraph(text, SMALL, keeps=keeps)
