"""Prints a contact sheet on a printer that a person has chosen."""

from PySide6.QtPrintSupport import QPrinter

from resmem_gui.ui.contact_sheet.sheet import Sheet
from resmem_gui.ui.contact_sheet.writing import draw_pages
from resmem_gui.ui.documents.papers import DOTS_PER_INCH, page_size
from resmem_gui.ui.documents.progress import Progress


def make_printer(sheet: Sheet) -> QPrinter:
    """Return a printer with the sheet's paper, for a print dialog to begin with."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageLayout(sheet.options.page_layout())
    printer.setFullPage(True)  # the sheet has margins of its own
    printer.setDocName(sheet.options.title or "Contact sheet")
    printer.setCreator("resmem_gui")
    printer.setFromTo(0, 0)
    return printer


def for_printer(sheet: Sheet, printer: QPrinter) -> Sheet:
    """Return a sheet laid out for the paper that a printer has now."""
    return sheet.with_page(page_size(printer.pageLayout()))


def wanted_pages(sheet: Sheet, printer: QPrinter) -> range:
    """Return the pages that were chosen in the print dialog, counted from 0."""
    if printer.printRange() != QPrinter.PrintRange.PageRange or printer.fromPage() < 1:
        return range(sheet.page_count)
    return range(printer.fromPage() - 1, min(printer.toPage(), sheet.page_count))


def print_sheet(sheet: Sheet, printer: QPrinter, progress: Progress) -> None:
    """Print; runs on a thread.

    Args:
        sheet: As `for_printer` returns it.
        printer: With what was chosen in the print dialog.
        progress: Told of each image.

    Raises:
        OSError: The printer takes nothing.
        CancelledError: It was cancelled; pages before that may be printed.
    """
    scale = printer.resolution() / DOTS_PER_INCH
    draw_pages(sheet, printer, wanted_pages(sheet, printer), progress, scale)
