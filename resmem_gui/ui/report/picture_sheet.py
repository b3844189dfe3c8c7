"""The ranked pictures of a report, in lines of four."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from resmem_gui.export.report import listing, sentences
from resmem_gui.export.report.content import ReportImage
from resmem_gui.ui.documents.papers import EMPTY, LINE, POINT
from resmem_gui.ui.report.flow import Flow
from resmem_gui.ui.report.pieces import Paint
from resmem_gui.ui.report.typography import (
    CAPTION,
    CAPTION_FAINT,
    CAPTION_MARK,
    draw_line,
    elided,
    lines_of,
)

_COLUMNS: Final = 4
_GAP: Final = 9 * POINT
_FRAME_RATIO: Final = 0.74
_NO_PICTURE: Final = "The picture cannot be read now."
_MOST_MARK_LINES: Final = 2


def add_pictures(
    flow: Flow, images: Sequence[ReportImage], pictures: Mapping[str, bytes], *, name_references: bool
) -> None:
    """Add lines of pictures with their captions.

    Args:
        flow: Where to.
        images: Best first.
        pictures: JPEG files by path.
        name_references: Whether each caption names the reference of its percentile.
    """
    width = (flow.width - (_COLUMNS - 1) * _GAP) / _COLUMNS
    for begin in range(0, len(images), _COLUMNS):
        line = [
            _Cell(image, pictures.get(image.path), width, name_references)
            for image in images[begin : begin + _COLUMNS]
        ]
        flow.block(max(cell.height for cell in line), _line_painter(line, width))
        flow.gap(9)


class _Cell:
    """One picture with its caption."""

    def __init__(self, image: ReportImage, jpeg: bytes | None, width: float, name_reference: bool) -> None:
        self._image = image
        self._jpeg = jpeg
        self._width = width
        self._frame_height = width * _FRAME_RATIO
        numbers = (
            f"{sentences.rank_text(image.rank)} · {image.score:.2f} · "
            f"{sentences.standing_text(image, name_reference=name_reference)}"
        )
        self._numbers = lines_of(numbers, CAPTION_FAINT, width)
        marks = listing.marks(image)
        self._marks = lines_of(f"▲ {marks}", CAPTION_MARK, width)[:_MOST_MARK_LINES] if marks else []

    @property
    def height(self) -> float:
        lines = 1 + len(self._numbers) + len(self._marks)
        return self._frame_height + 2 * POINT + lines * CAPTION.line_height

    def paint(self, painter: QPainter, left: float, top: float) -> None:
        self._paint_picture(painter, QRectF(left, top, self._width, self._frame_height))
        y = top + self._frame_height + 2 * POINT
        name = elided(self._image.file, CAPTION, self._width)
        texts = [(name, CAPTION), *((text, CAPTION_FAINT) for text in self._numbers)]
        texts += [(text, CAPTION_MARK) for text in self._marks]
        for text, style in texts:
            draw_line(painter, QPointF(left, y), self._width, text, style)
            y += style.line_height

    def _paint_picture(self, painter: QPainter, frame: QRectF) -> None:
        image = QImage() if self._jpeg is None else QImage.fromData(self._jpeg)
        if image.isNull():
            painter.fillRect(frame, QColor(EMPTY))
            inner = frame.adjusted(6 * POINT, 6 * POINT, -6 * POINT, -6 * POINT)
            for number, text in enumerate(lines_of(_NO_PICTURE, CAPTION_FAINT, inner.width())):
                at = QPointF(inner.left(), inner.top() + number * CAPTION_FAINT.line_height)
                draw_line(painter, at, inner.width(), text, CAPTION_FAINT)
            return
        size = QSizeF(image.size()).scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(QPointF(frame.left(), frame.bottom() - size.height()), size)
        painter.drawImage(target, image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(LINE), 0.4 * POINT))
        painter.drawRect(target)  # a white image has an edge too


def _line_painter(cells: Sequence[_Cell], width: float) -> Paint:
    def paint(painter: QPainter, top: float) -> None:
        for number, cell in enumerate(cells):
            cell.paint(painter, number * (width + _GAP), top)

    return paint
