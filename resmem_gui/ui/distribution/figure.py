"""Paints two distributions with their legend: in the window, and on paper."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from resmem_gui.analysis.reference import Reference
from resmem_gui.ui import theme
from resmem_gui.ui.distribution import texts
from resmem_gui.ui.distribution.charts import Look, Part, Shown, chart_of, gap_style, parts_of
from resmem_gui.ui.distribution.work import Answer
from resmem_gui.ui.histogram.chart import Chart, Style
from resmem_gui.ui.histogram.chart_painting import paint_chart
from resmem_gui.ui.histogram.paper import (
    SMALL_PX,
    TEXT_PX,
    TITLE_PX,
    Paper,
    sized,
    write_below,
    write_line,
)
from resmem_gui.ui.histogram.picture import source_text
from resmem_gui.ui.wording import count_text

_SAMPLE: Final = 30.0
_GAP: Final = 8.0
_LEAST: Final = QSize(360, 190)


def paint_figure(
    painter: QPainter, place: QRectF, answer: Answer, shown: Shown, chart: Chart, palette: QPalette
) -> None:
    """Paint legend and chart into a place; the painter's font is used."""
    people = (False, answer.comparison.is_with_people)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for title, part, is_people in zip(answer.titles, parts_of(answer), people, strict=True):
        rest = f"{', measured on people' if is_people else ''}: {', '.join(_numbers(part, shown))}"
        is_area = shown.bars and not shown.is_cumulative and not part.lines
        place = _paint_entry(painter, place, part.look, title, rest, palette, is_area=is_area)
    if shown.is_cumulative and answer.comparison.has_distances:
        text = f"{answer.comparison.ks.value:.3f} at {answer.comparison.ks.score:.3f}"
        style = gap_style(palette.color(QPalette.ColorRole.Text))
        look = Look(style, style, style)
        name = "Kolmogorov–Smirnov distance"
        place = _paint_entry(painter, place, look, name, f": {text}", palette, is_area=False)
    paint_chart(painter, place.adjusted(0, 4, 0, 0), chart, None, palette)


def _numbers(part: Part, shown: Shown) -> list[str]:
    """Return what the legend says of one of the two."""
    found = part.distribution
    numbers = [f"n = {found.n:,}"]
    if found.n:
        numbers.append(f"mean {found.mean:.3f}")
    if part.lines and not shown.is_cumulative:
        numbers.append("each image a line")
    elif found.n and shown.curves and not shown.is_cumulative:
        numbers.append(f"bandwidth {found.bandwidth:.3f}")
    return numbers


def _paint_entry(
    painter: QPainter,
    place: QRectF,
    look: Look,
    title: str,
    rest: str,
    palette: QPalette,
    *,
    is_area: bool,
) -> QRectF:
    """Paint a sample of line and area with what it stands for, and return what is left below it."""
    metrics = QFontMetricsF(painter.font())
    line = QRectF(place.left(), place.top(), _SAMPLE, metrics.height())
    if is_area:
        painter.fillRect(line.adjusted(0, 2, 0, -2), look.bars.fill)
    _paint_sample(painter, line, look.curve)
    painter.setPen(palette.color(QPalette.ColorRole.Text))
    room = place.width() - _SAMPLE - _GAP - metrics.horizontalAdvance(rest)
    text = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room) + rest
    painter.drawText(QPointF(line.right() + _GAP, line.top() + metrics.ascent()), text)
    return place.adjusted(0, metrics.height() + 2, 0, 0)


def _paint_sample(painter: QPainter, line: QRectF, style: Style) -> None:
    painter.setPen(style.pen)
    painter.drawLine(QPointF(line.left(), line.center().y()), QPointF(line.right(), line.center().y()))


class FigureView(QWidget):
    """Shows an answer; nothing while there is none."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._answer: Answer | None = None
        self._shown = Shown()
        self._chart: Chart | None = None
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(_LEAST)
        self.setAccessibleName("Distributions")

    def show_answer(self, answer: Answer, shown: Shown) -> None:
        """Paint this."""
        self._answer, self._shown = answer, shown
        self._make_chart()
        self.setAccessibleDescription(texts.as_text(answer))

    def _make_chart(self) -> None:
        if self._answer is not None:
            self._chart = chart_of(self._answer, self._shown, self.palette().color(QPalette.ColorRole.Text))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint legend and chart."""
        super().paintEvent(event)
        if self._answer is None or self._chart is None:
            return
        painter = QPainter(self)
        place = QRectF(self.rect()).adjusted(10, 8, -8, -6)
        paint_figure(painter, place, self._answer, self._shown, self._chart, self.palette())
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._make_chart()


@dataclass(frozen=True)
class DistributionPicture(Paper):
    """The figure as a picture that explains itself.

    Attributes:
        answer: What is shown.
        shown: What is wanted of it.
        font: To write with.
    """

    answer: Answer
    shown: Shown
    font: QFont

    @property
    def title(self) -> str:
        """Which images, against what."""
        first, second = self.answer.titles
        return f"Memorability: {first} against {second}"

    @property
    def description(self) -> str:
        """Everything in words and numbers."""
        return texts.as_text(self.answer)

    def paint(self, painter: QPainter, place: QRectF, palette: QPalette) -> None:
        """Paint title, distances, figure and source."""
        text, faint = palette.color(QPalette.ColorRole.Text), theme.faint_text_color(palette)
        comparison, second = self.answer.comparison, self.answer.question.second
        left = write_line(painter, place, self.title, sized(self.font, TITLE_PX), text)
        line = f"{count_text(comparison.first.n, 'image')} scored"
        if comparison.has_distances:
            line += (
                f"; Kolmogorov–Smirnov distance {comparison.ks.value:.3f}, "
                f"Wasserstein distance {comparison.wasserstein:.3f}"
            )
        left = write_line(painter, left, line, sized(self.font, TEXT_PX), faint).adjusted(0, 8, 0, 0)
        if isinstance(second, Reference):
            left = write_below(painter, left, source_text(second), sized(self.font, SMALL_PX), faint)
        painter.setFont(sized(self.font, TEXT_PX))
        chart = chart_of(self.answer, self.shown, text)
        paint_figure(painter, left, self.answer, self.shown, chart, palette)
