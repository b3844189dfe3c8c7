"""Makes pieces of texts, tables, figures and pictures, one under the other."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtSvg import QSvgRenderer

from resmem_gui.ui.documents.papers import LINE, POINT
from resmem_gui.ui.report.pieces import Piece, together
from resmem_gui.ui.report.tables import TableColumn, TableLook, table_pieces
from resmem_gui.ui.report.typography import (
    BODY,
    CODE,
    HEADING,
    SMALL,
    SUBHEADING,
    TextStyle,
    draw_line,
    lines_of,
)

_HAIRLINE: Final = 0.4 * POINT
_INDENT: Final = 10 * POINT
#: A paragraph is not torn so that fewer lines than this stand alone.
_LEAST_LINES: Final = 2


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
        """Write the heading of a section, with a line above it.

        Args:
            text: The heading.
            breaks: Whether it begins a page, unless much of the page before would stay empty.
        """
        self.gap(16)

        def rule(painter: QPainter, top: float) -> None:
            painter.setPen(QPen(QColor(LINE), _HAIRLINE))
            painter.drawLine(QPointF(0, top), QPointF(self.width, top))

        self.pieces.append(Piece(7 * POINT, rule, keeps=True, breaks=breaks))
        self._lines(text, HEADING, keeps=True)
        self.pieces.append(Piece(4 * POINT, keeps=True))

    def subheading(self, text: str) -> None:
        """Write the heading of a part of a section."""
        self.gap(8)
        self._lines(text, SUBHEADING, keeps=True)
        self.pieces.append(Piece(2 * POINT, keeps=True))

    def paragraph(self, text: str, style: TextStyle = BODY, *, keeps: bool = False, gap: float = 4) -> None:
        """Write a paragraph.

        Args:
            text: Line breaks are kept.
            style: How.
            keeps: Whether it stays with what follows.
            gap: Points after it.
        """
        self._lines(text, style, keeps=keeps)
        self.pieces.append(Piece(gap * POINT, keeps=keeps))

    def bullets(self, texts: Sequence[str], style: TextStyle = BODY, *, whole: bool = False) -> None:
        """Write a list.

        Args:
            texts: Of its points.
            style: How.
            whole: Whether it stands on one page; for short ones.
        """
        begin = len(self.pieces)
        for text in texts:
            self._lines(text, style, indent=_INDENT, bullet="•")
            self.gap(2.5)
        if whole:
            self.pieces[begin:-1] = together(self.pieces[begin:-1])  # the last gap keeps with nothing
        self.gap(2)

    def code(self, text: str) -> None:
        """Write lines that keep their spaces, on one page."""
        begin = len(self.pieces)
        self._lines(text, CODE)
        self.pieces[begin:] = together(self.pieces[begin:])
        self.gap(6)

    def _lines(
        self, text: str, style: TextStyle, *, keeps: bool = False, indent: float = 0.0, bullet: str = ""
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
        self, line: str, style: TextStyle, indent: float, mark: str
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
        """Draw an SVG figure, as lines and letters, in the full width of the text.

        Args:
            text: The figure.
            size: In units of its own.
        """
        height = self.width * size.height() / size.width()
        data = QByteArray(text.encode("utf-8"))

        def paint(painter: QPainter, top: float) -> None:
            painter.setFont(BODY.font())  # what the figure writes with
            QSvgRenderer(data).render(painter, QRectF(0, top, self.width, height))

        self.pieces.append(Piece(height, paint, keeps=True))
        self.gap(4)

    def table(
        self, columns: Sequence[TableColumn], rows: Sequence[Sequence[str]], look: TableLook | None = None
    ) -> None:
        """Write a table whose head is repeated on each page.

        Args:
            columns: Their shares add up to 1.
            rows: A text for each column.
            look: How it is written.
        """
        self.pieces += table_pieces(columns, rows, self.width, look or TableLook(), self._check)
        self.gap(6)

    def beside(self, left: "Flow", right: "Flow") -> None:
        """Write two columns on one page, the second at the right edge."""
        offsets = ((left, 0.0), (right, self.width - right.width))

        def paint(painter: QPainter, top: float) -> None:
            for flow, offset in offsets:
                painter.save()
                painter.translate(offset, top)
                flow.paint(painter)
                painter.restore()

        self.pieces.append(Piece(max(left.height, right.height), paint))

    @property
    def height(self) -> float:
        """From the first piece to the last, in dots."""
        return sum(piece.height for piece in self.pieces)

    def paint(self, painter: QPainter) -> None:
        """Paint all pieces, as if a page had room for them."""
        top = 0.0
        for piece in self.pieces:
            if piece.paint is not None:
                piece.paint(painter, top)
            top += piece.height

    def small(self, text: str, *, keeps: bool = False) -> None:
        """Write a paragraph of small print."""
        self.paragraph(text, SMALL, keeps=keeps)
