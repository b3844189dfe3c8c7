"""Puts a contact sheet on paper or into a PDF, off the GUI thread."""

import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

from PySide6.QtGui import QPagedPaintDevice, QPainter

from resmem_gui.images.decoding import decode_reduced
from resmem_gui.images.errors import ImageError
from resmem_gui.ui.contact_sheet.page_painter import Picture, paint_page
from resmem_gui.ui.contact_sheet.sheet import Sheet
from resmem_gui.ui.documents.pages import paint_pages, pdf_writer
from resmem_gui.ui.documents.pdf_files import replacing_pdf
from resmem_gui.ui.documents.progress import Progress
from resmem_gui.ui.rows.thumbnails import to_qimage

_MOST_THREADS: Final = 4

_Asked = dict[str, "Future[Picture]"]


def load_picture(path: str, edge: int) -> Picture:
    """Return an image with both sides at most `edge` pixels, or the sentence that says why there is none."""
    try:
        return to_qimage(decode_reduced(path, edge))
    except ImageError as error:
        return str(error)
    except MemoryError:
        return "There is not enough memory to decode this image."


def write_pdf(sheet: Sheet, path: Path, progress: Progress) -> None:
    """Write a PDF file, all or nothing: an existing file stays whole until the new one is complete.

    Raises:
        OSError: The folder or the file cannot be written, or the disk is full.
        CancelledError: It was cancelled; nothing was written.
    """
    with replacing_pdf(path) as file:
        writer = pdf_writer(file, sheet.options.page_layout(), sheet.options.title or path.stem)
        draw_pages(sheet, writer, range(sheet.page_count), progress)


def draw_pages(
    sheet: Sheet, device: QPagedPaintDevice, pages: Sequence[int], progress: Progress, scale: float = 1.0
) -> None:
    """Draw pages on a device; images are decoded one page ahead, on threads.

    Args:
        sheet: What is drawn.
        device: A PDF or a printer.
        pages: Which, counted from 0.
        progress: Told of each image.
        scale: Units of the device for each dot of the sheet.

    Raises:
        OSError: The device takes nothing.
        CancelledError: It was cancelled.
    """
    pool = ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1), "contact-sheet")
    pictures = _Pictures(sheet, pages, pool, progress)

    def paint(painter: QPainter, number: int) -> None:
        paint_page(painter, sheet, pages[number], pictures.take(number))

    try:
        paint_pages(device, len(pages), paint, scale)
    finally:
        pool.shutdown(cancel_futures=True)


class _Pictures:
    """The pictures of pages that are drawn one after the other: those of the next are decoded meanwhile."""

    def __init__(
        self, sheet: Sheet, pages: Sequence[int], pool: ThreadPoolExecutor, progress: Progress
    ) -> None:
        self._sheet, self._pages, self._pool, self._progress = sheet, pages, pool, progress
        self._edge = sheet.picture_edge(sheet.options.dpi)
        self._steps = sum(len(sheet.items_on(page)) for page in pages)
        self._done = 0
        self._ahead = self._ask_for(0)

    def take(self, number: int) -> dict[str, Picture]:
        """Return the pictures of a page, by path."""
        asked, self._ahead = self._ahead, self._ask_for(number + 1)
        pictures = {}
        for path, future in asked.items():
            pictures[path] = future.result()
            self._done += 1
            self._progress.tell(self._done, self._steps)
        return pictures

    def _ask_for(self, number: int) -> _Asked:
        shown = self._sheet.items_on(self._pages[number]) if number < len(self._pages) else ()
        return {item.path: self._pool.submit(load_picture, item.path, self._edge) for item in shown}
