"""Puts a contact sheet on paper or into a PDF, off the GUI thread."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Final

from PySide6.QtGui import QPagedPaintDevice, QPainter, QPdfWriter

from resmem_gui.images.decoding import decode_reduced
from resmem_gui.images.errors import ImageError
from resmem_gui.ui.contact_sheet.contents import DOTS_PER_INCH
from resmem_gui.ui.contact_sheet.page_painter import Picture, paint_page
from resmem_gui.ui.contact_sheet.sheet import Sheet
from resmem_gui.ui.pdf_files import replacing_pdf
from resmem_gui.ui.rows.thumbnails import to_qimage

_MOST_THREADS: Final = 4
_CREATOR: Final = "resmem_gui"
_NO_PAGE: Final = "a page could not be begun; the disk may be full, or the printer gone"


class CancelledError(Exception):
    """The work was given up because somebody asked for that."""


class Progress:
    """What the working thread and the window tell each other."""

    def __init__(self, told: Callable[[int], None] = lambda _done: None) -> None:
        """Make one.

        Args:
            told: Called on the working thread with the number of images that are ready.
        """
        self._told = told
        self._cancelled = Event()
        self._done = 0

    def cancel(self) -> None:
        """Give up at the next image."""
        self._cancelled.set()

    def one_more(self) -> None:
        """Count an image.

        Raises:
            CancelledError: Somebody has called `cancel`.
        """
        if self._cancelled.is_set():
            raise CancelledError
        self._done += 1
        self._told(self._done)


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
        writer = QPdfWriter(file)
        writer.setResolution(DOTS_PER_INCH)
        writer.setPageLayout(sheet.options.page_layout())
        writer.setTitle(sheet.options.title or path.stem)
        writer.setCreator(_CREATOR)
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
    painter = QPainter()
    try:
        if not painter.begin(device):
            raise OSError(_NO_PAGE)
        painter.scale(scale, scale)
        ahead = _ask_for(sheet, pages[0], pool) if pages else {}
        for number, page in enumerate(pages):
            asked = ahead
            ahead = _ask_for(sheet, pages[number + 1], pool) if number + 1 < len(pages) else {}
            if number and not device.newPage():
                raise OSError(_NO_PAGE)
            paint_page(painter, sheet, page, _wait_for(asked, progress))
    finally:
        pool.shutdown(cancel_futures=True)
        painter.end()


def _ask_for(sheet: Sheet, page: int, pool: ThreadPoolExecutor) -> dict[str, "Future[Picture]"]:
    edge = sheet.picture_edge(sheet.options.dpi)
    return {item.path: pool.submit(load_picture, item.path, edge) for item in sheet.items_on(page)}


def _wait_for(asked: dict[str, "Future[Picture]"], progress: Progress) -> dict[str, Picture]:
    pictures = {}
    for path, future in asked.items():
        pictures[path] = future.result()
        progress.one_more()
    return pictures
