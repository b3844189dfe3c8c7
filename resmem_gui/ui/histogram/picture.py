"""The histogram as a picture that explains itself: title, numbers and reference are in it.

It is painted without the window's plot: on any thread, as pixels or as a drawing.
"""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette

from resmem_gui.analysis.reference import Reference
from resmem_gui.ui import theme
from resmem_gui.ui.histogram.chart import LIBRARY, REFERENCE, SELECTION, Chart, Style
from resmem_gui.ui.histogram.chart_painting import paint_chart
from resmem_gui.ui.histogram.content import Content, caption
from resmem_gui.ui.histogram.legend import numbers
from resmem_gui.ui.histogram.options import Options, View
from resmem_gui.ui.histogram.paper import (
    SMALL_PX,
    TEXT_PX,
    TITLE_PX,
    Paper,
    sized,
    write_below,
    write_line,
)
from resmem_gui.ui.wording import count_text

_NAME_WIDTH: Final = 260.0
_COLUMN_WIDTHS: Final = {"n": 90.0, "mean": 70.0, "sd": 60.0, "bandwidth": 90.0}


def source_text(reference: Reference) -> str:
    """Return where a reference comes from, as it is written below a picture."""
    return f"{reference.name}, n = {reference.n:,}: {reference.provenance.get('citation', '')}"


@dataclass(frozen=True)
class Picture(Paper):
    """Everything that a picture needs, taken at one moment.

    Attributes:
        content: What is drawn.
        options: How.
        source: Where the reference comes from; written below.
        font: To write with.
    """

    content: Content
    options: Options
    source: str
    font: QFont

    @property
    def title(self) -> str:
        """How many images it is of."""
        return f"Memorability of {count_text(self.content.library.n, 'image')}"

    @property
    def description(self) -> str:
        """What there is to see, in words."""
        return self.content.summary()

    def paint(self, painter: QPainter, place: QRectF, palette: QPalette) -> None:
        """Paint title, numbers, chart and source."""
        text, faint = palette.color(QPalette.ColorRole.Text), theme.faint_text_color(palette)
        left = write_line(painter, place, self.title, sized(self.font, TITLE_PX), text)
        left = write_line(painter, left, caption(self.options), sized(self.font, TEXT_PX), faint)
        left = self._write_numbers(painter, left.adjusted(0, 8, 0, 0), text)
        left = left.adjusted(0, 10, 0, 0)
        if self.options.shows_reference:
            left = write_below(painter, left, self.source, sized(self.font, SMALL_PX), faint)
        painter.setFont(sized(self.font, TEXT_PX))
        paint_chart(painter, left, Chart.of(self.content, self.options), self.content, palette)

    def _write_numbers(self, painter: QPainter, place: QRectF, color: QColor) -> QRectF:
        """Write the table of numbers and return what is left below it."""
        rows: list[tuple[Style | None, str, list[str]]] = [(None, "", list(_COLUMN_WIDTHS))]
        rows.append((LIBRARY, "Your images", numbers(self.content.library)))
        if self.options.shows_reference:
            name = f"{self.content.reference_name} (measured on people)"
            rows.append((REFERENCE, name, numbers(self.content.reference)))
        if self.content.selection.n:
            rows.append((SELECTION, "Selected", numbers(self.content.selection)))
        columns = len(_COLUMN_WIDTHS) if self.options.view is View.CURVE else len(_COLUMN_WIDTHS) - 1
        for style, name, texts in rows:
            painter.setFont(sized(self.font, TEXT_PX))
            place = _write_row(painter, place, style, [name, *texts[:columns]], color)
        return place


def _write_row(
    painter: QPainter, place: QRectF, style: Style | None, texts: list[str], color: QColor
) -> QRectF:
    """Write a row of the table, its numbers to the right, and return what is left below it."""
    metrics = QFontMetricsF(painter.font())
    base = place.top() + metrics.ascent()
    if style is not None:
        painter.fillRect(QRectF(place.left(), base - 10, 10, 10), style.color)
    painter.setPen(color)
    name = metrics.elidedText(texts[0], Qt.TextElideMode.ElideRight, _NAME_WIDTH)
    painter.drawText(QPointF(place.left() + 18, base), name)
    right = place.left() + _NAME_WIDTH
    for width, text in zip(_COLUMN_WIDTHS.values(), texts[1:], strict=False):
        right += width
        painter.drawText(QPointF(right - metrics.horizontalAdvance(text), base), text)
    return place.adjusted(0, metrics.height() + 2, 0, 0)
