"""Puts pages on a PDF file or a printer, off the GUI thread."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QFile
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPainter, QPdfWriter

from resmem_gui.ui.documents.papers import DOTS_PER_INCH

_CREATOR: Final = "resmem_gui"
_NO_PAGE: Final = "a page could not be begun; the disk may be full, or the printer gone"


def pdf_writer(file: QFile, layout: QPageLayout, title: str) -> QPdfWriter:
    """Return what paints into a PDF file, in dots."""
    writer = QPdfWriter(file)
    writer.setResolution(DOTS_PER_INCH)
    writer.setPageLayout(layout)
    writer.setTitle(title)
    writer.setCreator(_CREATOR)
    return writer


def paint_pages(
    device: QPagedPaintDevice, count: int, paint: Callable[[QPainter, int], None], scale: float = 1.0
) -> None:
    """Paint pages, one after the other.

    Args:
        device: A PDF file or a printer.
        count: How many.
        paint: Paints the page with a number from 0, in dots.
        scale: Units of the device for each dot.

    Raises:
        OSError: The device takes nothing.
    """
    painter = QPainter()
    if not painter.begin(device):
        raise OSError(_NO_PAGE)
    try:
        painter.scale(scale, scale)
        for number in range(count):
            if number and not device.newPage():
                raise OSError(_NO_PAGE)
            paint(painter, number)
    finally:
        painter.end()
