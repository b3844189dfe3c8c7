"""Draws a page of a contact sheet, on paper and on the screen alike; on any thread."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QTextOption

from resmem_gui.ui.contact_sheet.contents import Caption, SheetItem
from resmem_gui.ui.contact_sheet.sheet import Cell, Sheet
from resmem_gui.ui.documents.papers import EMPTY, FAINT_INK, INK, LINE, POINT

#: An image to be drawn, or the sentence that says why there is none.
Picture = QImage | str

_TITLEPOINTS: Final = 13.0
_DATEPOINTS: Final = 8.5
_FOOTERPOINTS: Final = 7.0
_HAIRLINE: Final = 0.35 * POINT
_PADDING: Final = 5 * POINT
_Alignment = Qt.AlignmentFlag


def paint_page(painter: QPainter, sheet: Sheet, page: int, pictures: Mapping[str, Picture]) -> None:
    """Draw one page.

    Args:
        painter: Its unit is a dot of the sheet.
        sheet: What is drawn.
        page: Counted from 0.
        pictures: By path; an empty frame is drawn where there is none.
    """
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing
        | QPainter.RenderHint.SmoothPixmapTransform
        | QPainter.RenderHint.TextAntialiasing
    )
    _paint_header(painter, sheet)
    for place, item in enumerate(sheet.items_on(page)):
        cell = sheet.cell(place)
        _paint_picture(painter, cell.frame, item, pictures.get(item.path), sheet)
        _paint_caption(painter, cell, item, sheet)
    _paint_footer(painter, sheet, page)


def _font(pixels: float, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(max(1, round(pixels)))
    font.setBold(bold)
    return font


def _paint_header(painter: QPainter, sheet: Sheet) -> None:
    rect = sheet.title_rect
    painter.setPen(QColor(FAINT_INK))
    painter.setFont(_font(_DATEPOINTS * POINT))
    right = _Alignment.AlignRight | _Alignment.AlignVCenter
    painter.drawText(rect, right, sheet.options.date)
    date_width = QFontMetricsF(painter.font(), painter.device()).horizontalAdvance(sheet.options.date)
    painter.setPen(QColor(INK))
    painter.setFont(_font(_TITLEPOINTS * POINT, bold=True))
    room = rect.adjusted(0, 0, -date_width - 2 * _PADDING, 0)
    _draw_line(painter, room, sheet.options.title, _Alignment.AlignLeft | _Alignment.AlignVCenter)
    painter.setPen(QPen(QColor(LINE), _HAIRLINE))
    painter.drawLine(QPointF(rect.left(), rect.bottom()), QPointF(rect.right(), rect.bottom()))


def _paint_footer(painter: QPainter, sheet: Sheet, page: int) -> None:
    rect = sheet.footer_rect
    painter.setPen(QColor(FAINT_INK))
    painter.setFont(_font(_FOOTERPOINTS * POINT))
    number = sheet.page_text(page)
    width = QFontMetricsF(painter.font(), painter.device()).horizontalAdvance(number)
    painter.drawText(rect, _Alignment.AlignRight | _Alignment.AlignBottom, number)
    _draw_paragraph(
        painter,
        rect.adjusted(0, 0, -width - 2 * _PADDING, 0),
        sheet.footer(),
        _Alignment.AlignLeft | _Alignment.AlignBottom,
    )


def _paint_picture(
    painter: QPainter, frame: QRectF, item: SheetItem, picture: Picture | None, sheet: Sheet
) -> None:
    if isinstance(picture, QImage):
        size = QSizeF(picture.size()).scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(QPointF(0, 0), size)
        target.moveCenter(frame.center())
        target.moveBottom(frame.bottom())  # close to its caption, and all of a line stand on one ground
        painter.drawImage(target, picture)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(LINE), _HAIRLINE))
        painter.drawRect(target)  # a white image has an edge too
        return
    painter.fillRect(frame, QColor(EMPTY))
    if picture is not None:
        painter.setPen(QColor(FAINT_INK))
        painter.setFont(_font(0.9 * sheet.caption_pixels))
        inner = frame.adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        named = Caption.NAME in sheet.options.captions
        text = picture if named else f"{item.name}\n{picture}"
        _draw_paragraph(painter, inner, text, _Alignment.AlignHCenter | _Alignment.AlignTop)


def _paint_caption(painter: QPainter, cell: Cell, item: SheetItem, sheet: Sheet) -> None:
    centre = _Alignment.AlignHCenter | _Alignment.AlignVCenter
    if Caption.NAME in sheet.options.captions:
        painter.setPen(QColor(INK))
        painter.setFont(_font(sheet.caption_pixels))
        _draw_line(painter, cell.name, item.name, centre)
    painter.setPen(QColor(FAINT_INK))
    painter.setFont(_font(sheet.caption_pixels))
    for number, text in enumerate(sheet.number_lines(item)):
        top = cell.numbers.top() + number * sheet.line_height
        line = QRectF(cell.numbers.left(), top, cell.numbers.width(), sheet.line_height)
        _draw_line(painter, line, text, centre)


def _draw_line(painter: QPainter, rect: QRectF, text: str, alignment: _Alignment) -> None:
    """Draw a text on one line, shortened in the middle if it has to be: the ends of names tell most."""
    single = " ".join(text.split())
    metrics = QFontMetricsF(painter.font(), painter.device())
    elided = metrics.elidedText(single, Qt.TextElideMode.ElideMiddle, rect.width())
    painter.drawText(rect, alignment | Qt.TextFlag.TextSingleLine, elided)


def _draw_paragraph(painter: QPainter, rect: QRectF, text: str, alignment: _Alignment) -> None:
    """Draw a text on as many lines as it needs; words that are too long are broken."""
    option = QTextOption(alignment)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    painter.save()
    painter.setClipRect(rect)
    painter.drawText(rect, text, option)
    painter.restore()
