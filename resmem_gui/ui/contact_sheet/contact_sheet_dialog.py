"""The window in which a contact sheet is put together, saved and printed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from resmem_gui.ui import wording
from resmem_gui.ui.contact_sheet import printing
from resmem_gui.ui.contact_sheet.contents import SheetFacts, SheetItem
from resmem_gui.ui.contact_sheet.options_form import OptionsForm
from resmem_gui.ui.contact_sheet.preview import PagePreview
from resmem_gui.ui.contact_sheet.sheet import Sheet
from resmem_gui.ui.contact_sheet.writing import write_pdf
from resmem_gui.ui.documents.document_making import DocumentMaking, Kind
from resmem_gui.ui.documents.widgets import button
from resmem_gui.ui.fitting import fitted
from resmem_gui.ui.threads.background import Jobs

_SIZE: Final = QSize(900, 680)
_KIND: Final = Kind("contact sheet", "contact_sheet", "Open PD&F")


class ContactSheetDialog(QDialog):
    """Shows the first page as it will be, and saves or prints all pages on another thread.

    Attributes:
        form: The choices.
        preview: The first page.
        message: How many pages there are, and what came of saving and printing.

    Signals:
        saved: A PDF was written (its path).
    """

    saved = Signal(str)

    def __init__(
        self,
        items: Sequence[SheetItem],
        facts: SheetFacts,
        jobs: Jobs,
        settings: QSettings,
        parent: QWidget,
    ) -> None:
        """Build the window.

        Args:
            items: The images, in the order of the sheet; one at least.
            facts: What their numbers refer to.
            jobs: Where saving and printing run.
            settings: Where choices are remembered.
            parent: The window that it belongs to.
        """
        super().__init__(parent)
        self._items = tuple(items)
        self._facts = facts
        self._printer: QPrinter | None = None
        self.setWindowTitle("Contact Sheet")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.form = OptionsForm(settings, self)
        self.preview = PagePreview(self)
        self._making = DocumentMaking(_KIND, jobs, settings, self)
        self._making.busy_changed.connect(self._enable)
        self._making.saved.connect(self.saved)
        self.message = self._making.message
        self._build()
        self.form.changed.connect(self._show_sheet)
        self._show_sheet()
        self.resize(fitted(_SIZE, self))

    # Building

    def _build(self) -> None:
        self.save_button = button("&Save PDF…", self.save, self)
        self.print_button = button("Pr&int…", self.ask_for_printer, self)
        self.open_button, self.close_button = self._making.open_button, self._making.close_button
        side = QWidget(self)
        left = QVBoxLayout(side)
        left.setSpacing(14)
        left.addWidget(self.form)
        left.addStretch(1)
        left.addWidget(self.message)
        left.addWidget(self._making.bar)
        left.setContentsMargins(0, 0, 0, 0)
        side.setFixedWidth(max(300, self.form.sizeHint().width()))
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(side)
        middle.addWidget(self.preview, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addLayout(middle, 1)
        layout.addLayout(self._making.button_row(self.save_button, self.print_button))

    # The sheet

    def sheet(self) -> Sheet:
        """Return the sheet as it is chosen now."""
        return Sheet(self._items, self._facts, self.form.options())

    @Slot()
    def _show_sheet(self) -> None:
        sheet = self.sheet()
        self.preview.set_sheet(sheet)
        if not self.is_busy:
            images = wording.count_text(len(self._items), "image")
            pages = wording.count_text(sheet.page_count, "page")
            self.message.setText(f"{images} on {pages}, {sheet.per_page:,} to a page.")

    # Saving

    @property
    def is_busy(self) -> bool:
        """Whether pages are being saved or printed."""
        return self._making.is_busy

    @Slot()
    def save(self) -> None:
        """Ask for a file, and write all pages to it."""
        self._making.ask_where(self.form.options().title, "pdf", self.save_to)

    @Slot(str)
    def save_to(self, chosen: str) -> None:
        """Write all pages to a PDF file, on the other thread."""
        path, sheet = Path(chosen), self.sheet()
        self.form.remember()
        pages = wording.count_text(sheet.page_count, "page")
        self._making.save(path, lambda progress: write_pdf(sheet, path, progress), lambda _: pages)

    # Printing

    @Slot()
    def ask_for_printer(self) -> None:
        """Open the platform's print dialog, and print when it is accepted."""
        self._printer = printing.make_printer(self.sheet())
        dialog = QPrintDialog(self._printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setMinMax(1, self.sheet().page_count)
        dialog.accepted.connect(self._print)
        QDialog.open(dialog)  # QPrintDialog's own wants a receiver

    @Slot()
    def _print(self) -> None:
        if self._printer is not None:
            self.print_on(self._printer)

    def print_on(self, printer: QPrinter) -> None:
        """Print on a printer, on the other thread."""
        sheet = printing.for_printer(self.sheet(), printer)
        self.form.remember()
        pages = wording.count_text(len(printing.wanted_pages(sheet, printer)), "page")
        self._making.send(
            lambda progress: printing.print_sheet(sheet, printer, progress),
            f"{pages} sent to the printer.",
            lambda error: f"The sheet could not be printed: {error}. Save it as PDF, and print that.",
        )

    @Slot(bool)
    def _enable(self, busy: bool) -> None:
        for widget in (self.form, self.save_button, self.print_button):
            widget.setEnabled(not busy)

    # Closing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape cancels what is under way before it closes the window."""
        if not self._making.takes_key(event):
            super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Close, cancel what is under way, and remember what was chosen."""
        if self._making.leave():
            self.preview.stop()
            self.form.remember()
        super().done(result)


def show_contact_sheet(
    items: Sequence[SheetItem], facts: SheetFacts, jobs: Jobs, settings: QSettings, parent: QWidget
) -> ContactSheetDialog:
    """Open the window."""
    dialog = ContactSheetDialog(items, facts, jobs, settings, parent)
    dialog.show()
    return dialog
