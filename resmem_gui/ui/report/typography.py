"""Letters of the report on paper, and how lines of them are broken and drawn, in dots."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPainter, QTextLayout, QTextOption

from resmem_gui.ui.documents.papers import FAINT_INK, INK, POINT

#: Of what is to be noticed in a caption.
MARK: Final = "#7a4300"
_LEADING: Final = 1.32
_LIGATURES: Final = QFont.Tag("liga")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a text is written.

    Attributes:
        points: Size of its letters.
        bold: Whether they are bold.
        ink: Their colour.
        fixed: Whether all letters are equally wide.
    """

    points: float
    bold: bool = False
    ink: str = INK
    fixed: bool = False

    def font(self) -> QFont:
        """Return the font, sized in dots."""
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont) if self.fixed else QFont()
        font.setPixelSize(max(1, round(self.points * POINT)))
        font.setBold(self.bold)
        # A ligature is copied from a PDF as one character: no name with an "fl" could be found by it.
        font.setFeature(_LIGATURES, 0)
        return font

    @property
    def line_height(self) -> float:
        """From one line to the next, in dots."""
        return self.points * POINT * _LEADING


TITLE: Final = TextStyle(20, bold=True)
HEADING: Final = TextStyle(13, bold=True)
SUBHEADING: Final = TextStyle(10, bold=True)
LEAD: Final = TextStyle(10.5)
BODY: Final = TextStyle(9.5)
SMALL: Final = TextStyle(8, ink=FAINT_INK)
CELL: Final = TextStyle(8)
CELL_HEAD: Final = TextStyle(8, bold=True)
CAPTION: Final = TextStyle(7.5)
CAPTION_FAINT: Final = TextStyle(7.5, ink=FAINT_INK)
CAPTION_MARK: Final = TextStyle(7.5, ink=MARK)
CODE: Final = TextStyle(7.5, fixed=True)
RUNNING: Final = TextStyle(7.5, ink=FAINT_INK)


def lines_of(text: str, style: TextStyle, width: float) -> list[str]:
    """Return a text broken into lines that fit into a width in dots; words that are too long are broken."""
    broken: list[str] = []
    for part in text.split("\n"):
        layout = _laid_out(part, style, width)
        units = part.encode("utf-16-le")  # Qt counts in UTF-16
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            piece = units[2 * line.textStart() : 2 * (line.textStart() + line.textLength())]
            broken.append(piece.decode("utf-16-le", "replace").rstrip(" "))
        if not layout.lineCount():
            broken.append("")
    return broken


def _laid_out(text: str, style: TextStyle, width: float) -> QTextLayout:
    layout = QTextLayout(text, style.font())
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setTextDirection(Qt.LayoutDirection.LeftToRight)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
    layout.endLayout()
    return layout


def text_width(text: str, style: TextStyle) -> float:
    """Return how wide a text on one line is, in dots."""
    return QFontMetricsF(style.font()).horizontalAdvance(text)


def elided(text: str, style: TextStyle, width: float) -> str:
    """Return a text shortened in the middle to fit into a width: the ends of names tell most."""
    return QFontMetricsF(style.font()).elidedText(text, Qt.TextElideMode.ElideMiddle, width)


def draw_line(
    painter: QPainter, at: QPointF, width: float, text: str, style: TextStyle, *, right: bool = False
) -> None:
    """Draw one line of text.

    Args:
        painter: In dots.
        at: Left top corner of the line.
        width: Of the room for it.
        text: What fits into it.
        style: How.
        right: Whether it ends at the right.
    """
    painter.setFont(style.font())
    painter.setPen(QColor(style.ink))
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    rect = QRectF(at.x(), at.y(), width, style.line_height)
    option = QTextOption(side | Qt.AlignmentFlag.AlignVCenter)
    option.setTextDirection(Qt.LayoutDirection.LeftToRight)
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    painter.drawText(rect, text, option)
