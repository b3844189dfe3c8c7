"""Writes a report as PDF, off the GUI thread: vector figures, embedded fonts, page numbers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPageLayout, QPainter

from resmem_gui.export.report.content import ReportContent
from resmem_gui.ui.documents.pages import paint_pages, pdf_writer
from resmem_gui.ui.documents.papers import MILLIMETRE, POINT, page_layout, page_size
from resmem_gui.ui.documents.pdf_files import replacing_pdf
from resmem_gui.ui.documents.progress import Progress
from resmem_gui.ui.report.pieces import Placed, paginate
from resmem_gui.ui.report.sections import report_pieces
from resmem_gui.ui.report.typography import RUNNING, draw_line, elided, text_width

_SIDE: Final = 18 * MILLIMETRE
_TOP: Final = 20 * MILLIMETRE
_BOTTOM: Final = 22 * MILLIMETRE
_RUNNING_TITLE: Final = 11 * MILLIMETRE
_FOOTER: Final = 13 * MILLIMETRE


def write_pdf(content: ReportContent, path: Path, progress: Progress) -> int:
    """Write a report, all or nothing: an existing file stays whole until the new one is complete.

    Args:
        content: With its pictures.
        path: Of the file.
        progress: Told how many pages are written, and of how many.

    Returns:
        How many pages it has.

    Raises:
        OSError: The folder or the file cannot be written, or the disk is full.
        CancelledError: It was cancelled; nothing was written.
    """
    layout = page_layout(content.options.paper)
    room = _room(layout)
    pages = paginate(report_pieces(content, room.width(), progress.check), room.height())

    def paint(painter: QPainter, number: int) -> None:
        draw_page(painter, content, pages[number], room, number, len(pages))
        progress.tell(number + 1, len(pages))

    with replacing_pdf(path) as file:
        paint_pages(pdf_writer(file, layout, content.options.title), len(pages), paint)
    return len(pages)


def _room(layout: QPageLayout) -> QRectF:
    """Return where text stands on a page, in dots."""
    size = page_size(layout)
    return QRectF(_SIDE, _TOP, size.width() - 2 * _SIDE, size.height() - _TOP - _BOTTOM)


def draw_page(
    painter: QPainter, content: ReportContent, page: Sequence[Placed], room: QRectF, number: int, count: int
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
