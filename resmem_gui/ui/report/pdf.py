"""Writes a report as PDF, off the GUI thread: vector figures, embedded fonts, page numbers."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QFile, QPointF, QRectF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from resmem_gui.export.report.content import CancelledError, ReportContent
from resmem_gui.ui.pdf_files import replacing_pdf
from resmem_gui.ui.report.pieces import Placed, paginate
from resmem_gui.ui.report.sections import report_pieces
from resmem_gui.ui.report.typography import (
    DOTS_PER_INCH,
    MILLIMETRE,
    POINT,
    RUNNING,
    draw_line,
    elided,
    text_width,
)

#: By `ReportOptions.paper`.
PAPERS: Final = {"A4": QPageSize.PageSizeId.A4, "Letter": QPageSize.PageSizeId.Letter}
_SIDE: Final = 18 * MILLIMETRE
_TOP: Final = 20 * MILLIMETRE
_BOTTOM: Final = 22 * MILLIMETRE
_RUNNING_TITLE: Final = 11 * MILLIMETRE
_FOOTER: Final = 13 * MILLIMETRE
_CREATOR: Final = "resmem_gui"
_NO_PAGE: Final = "a page could not be begun; the disk may be full"


def write_pdf(
    content: ReportContent,
    path: Path,
    told: Callable[[int, int], None] = lambda _done, _pages: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Write a report, all or nothing: an existing file stays whole until the new one is complete.

    Args:
        content: With its pictures.
        path: Of the file.
        told: Called with how many pages are written, and of how many.
        is_cancelled: Asked often.

    Returns:
        How many pages it has.

    Raises:
        OSError: The folder or the file cannot be written, or the disk is full.
        CancelledError: It was cancelled; nothing was written.
    """

    def check() -> None:
        if is_cancelled():
            raise CancelledError

    layout = _page_layout(content.options.paper)
    room = _room(layout)
    pages = paginate(report_pieces(content, room.width(), check), room.height())
    with replacing_pdf(path) as file:
        _draw(content, pages, _writer(content, file, layout), room, told, check)
    return len(pages)


def _page_layout(paper: str) -> QPageLayout:
    layout = QPageLayout()
    layout.setMode(QPageLayout.Mode.FullPageMode)
    layout.setPageSize(QPageSize(PAPERS[paper]))
    layout.setOrientation(QPageLayout.Orientation.Portrait)
    return layout


def _room(layout: QPageLayout) -> QRectF:
    """Return where text stands on a page, in dots."""
    size = QSizeF(layout.fullRect(QPageLayout.Unit.Point).size()) * POINT
    return QRectF(_SIDE, _TOP, size.width() - 2 * _SIDE, size.height() - _TOP - _BOTTOM)


def _writer(content: ReportContent, file: QFile, layout: QPageLayout) -> QPdfWriter:
    writer = QPdfWriter(file)
    writer.setResolution(DOTS_PER_INCH)
    writer.setPageLayout(layout)
    writer.setTitle(content.options.title)
    writer.setCreator(_CREATOR)
    return writer


def _draw(
    content: ReportContent,
    pages: list[list[Placed]],
    writer: QPdfWriter,
    room: QRectF,
    told: Callable[[int, int], None],
    check: Callable[[], None],
) -> None:
    painter = QPainter()
    try:
        if not painter.begin(writer):
            raise OSError(_NO_PAGE)
        for number, page in enumerate(pages):
            check()
            if number and not writer.newPage():
                raise OSError(_NO_PAGE)
            draw_page(painter, content, page, room, number, len(pages))
            told(number + 1, len(pages))
    finally:
        painter.end()


def draw_page(
    painter: QPainter, content: ReportContent, page: list[Placed], room: QRectF, number: int, count: int
) -> None:
    """Draw one page.

    Args:
        painter: In dots, from the corner of the paper.
        content: For title and date.
        page: What stands on it.
        room: Where that stands.
        number: Of the page, from 0.
        count: Of all pages.
    """
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing
        | QPainter.RenderHint.SmoothPixmapTransform
        | QPainter.RenderHint.TextAntialiasing
    )
    _draw_margins(painter, content, room, number, count)
    painter.save()
    painter.translate(room.topLeft())
    for placed in page:
        placed.paint(painter, placed.top)
    painter.restore()


def _draw_margins(painter: QPainter, content: ReportContent, room: QRectF, number: int, count: int) -> None:
    """Draw the running title, not on the first page, and the page's number."""
    if number:
        title = elided(content.options.title, RUNNING, room.width())
        draw_line(painter, QPointF(room.left(), _RUNNING_TITLE), room.width(), title, RUNNING)
    y = room.bottom() + _BOTTOM - _FOOTER
    numbered = f"Page {number + 1} of {count}"
    draw_line(painter, QPointF(room.left(), y), room.width(), numbered, RUNNING, right=True)
    left = room.width() - text_width(numbered, RUNNING) - 10 * POINT
    draw_line(painter, QPointF(room.left(), y), left, content.options.date, RUNNING)
