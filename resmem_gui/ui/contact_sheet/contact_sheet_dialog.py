"""The window in which a contact sheet is put together, saved and printed."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QSettings, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.library.records import readable
from resmem_gui.ui import wording
from resmem_gui.ui.contact_sheet import printing
from resmem_gui.ui.contact_sheet.contents import SheetFacts, SheetItem
from resmem_gui.ui.contact_sheet.options_form import OptionsForm
from resmem_gui.ui.contact_sheet.preview import PagePreview
from resmem_gui.ui.contact_sheet.sheet import Sheet
from resmem_gui.ui.contact_sheet.writing import CancelledError, Progress, write_pdf
from resmem_gui.ui.threads.background import Jobs

_log = logging.getLogger(__name__)
_SIZE: Final = QSize(900, 680)
_FOLDER_KEY: Final = "files/contact_sheet"
#: What no file name may have on one platform or another.
_NOT_IN_NAMES: Final = '<>:"/\\|?*'


class _Teller(QObject):
    """Carries progress from the working thread, also when the window is gone.

    Signals:
        told: So many images are ready.
    """

    told = Signal(int)


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
        self._jobs = jobs
        self._settings = settings
        self._progress: Progress | None = None
        self._teller: _Teller | None = None
        self._printer: QPrinter | None = None
        self._saved_path = ""
        self._is_open = True
        self.setWindowTitle("Contact Sheet")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.form = OptionsForm(settings, self)
        self.preview = PagePreview(self)
        self.message = QLabel(self)
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self._build()
        self.form.changed.connect(self._show_sheet)
        self._show_sheet()
        self.resize(_SIZE.boundedTo(self.screen().availableSize() * 0.9))

    # Building

    def _build(self) -> None:
        self._bar = QProgressBar(self)
        self._bar.setRange(0, len(self._items))
        self._bar.setAccessibleName("Progress")
        self._bar.hide()
        self.save_button = self._button("&Save PDF…", self.save)
        self.save_button.setDefault(True)
        self.print_button = self._button("Pr&int…", self.ask_for_printer)
        self.open_button = self._button("Open PD&F", self._open_saved)
        self.open_button.hide()
        self.close_button = self._button("Close", self._cancel_or_close)
        left = QVBoxLayout()
        left.setSpacing(14)
        left.addWidget(self.form)
        left.addStretch(1)
        left.addWidget(self.message)
        left.addWidget(self._bar)
        side = QWidget(self)
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        side.setFixedWidth(max(300, self.form.sizeHint().width()))
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(side)
        middle.addWidget(self.preview, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.open_button)
        buttons.addWidget(self._make_buttons(), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addLayout(middle, 1)
        layout.addLayout(buttons)

    def _make_buttons(self) -> QDialogButtonBox:
        """Return the buttons in the order of the platform."""
        roles = QDialogButtonBox.ButtonRole
        box = QDialogButtonBox(self)
        box.addButton(self.save_button, roles.AcceptRole)
        box.addButton(self.print_button, roles.ActionRole)
        box.addButton(self.close_button, roles.RejectRole)
        return box

    def _button(self, text: str, handler: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(handler)
        return button

    # The sheet

    def sheet(self) -> Sheet:
        """Return the sheet as it is chosen now."""
        return Sheet(self._items, self._facts, self.form.options())

    @Slot()
    def _show_sheet(self) -> None:
        sheet = self.sheet()
        self.preview.set_sheet(sheet)
        if self._progress is None:
            images = wording.count_text(len(self._items), "image")
            pages = wording.count_text(sheet.page_count, "page")
            self.message.setText(f"{images} on {pages}, {sheet.per_page:,} to a page.")

    # Saving

    @Slot()
    def save(self) -> None:
        """Ask for a file, and write all pages to it."""
        folder = str(self._settings.value(_FOLDER_KEY, str(Path.home())))
        dialog = QFileDialog(self, "Save Contact Sheet", folder, "PDF (*.pdf)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # The dialog adds it itself, so that it asks before it takes the place of an existing file.
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(f"{file_stem(self.form.options().title)}.pdf")
        dialog.fileSelected.connect(self.save_to)
        dialog.open()

    @Slot(str)
    def save_to(self, chosen: str) -> None:
        """Write all pages to a PDF file, on the other thread."""
        path, sheet = Path(chosen), self.sheet()
        self._settings.setValue(_FOLDER_KEY, str(path.parent))
        progress = self._begin(sheet)

        def succeeded(_: object) -> None:
            if not self._is_open:
                return
            pages = wording.count_text(sheet.page_count, "page")
            self._end(f"{pages} saved to {readable(str(path))}.")
            self._saved_path = str(path)
            self.open_button.show()
            self.saved.emit(str(path))

        def failed(error: Exception) -> None:
            reason = getattr(error, "strerror", None) or str(error)
            self._fail(error, f"{readable(str(path))} could not be written: {reason}. Save it elsewhere.")

        self._jobs.submit(lambda: write_pdf(sheet, path, progress), succeeded, failed)

    @Slot()
    def _open_saved(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._saved_path))

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
        progress = self._begin(sheet)
        pages = wording.count_text(len(printing.wanted_pages(sheet, printer)), "page")

        def succeeded(_: object) -> None:
            if self._is_open:
                self._end(f"{pages} sent to the printer.")

        def failed(error: Exception) -> None:
            self._fail(error, f"The sheet could not be printed: {error}. Save it as PDF, and print that.")

        self._jobs.submit(lambda: printing.print_sheet(sheet, printer, progress), succeeded, failed)

    # Work under way

    @property
    def is_busy(self) -> bool:
        """Whether pages are being saved or printed."""
        return self._progress is not None

    def _begin(self, sheet: Sheet) -> Progress:
        """Show that something is under way; what is chosen then counts for the next time."""
        self.form.remember()
        self._teller = _Teller()
        self._teller.told.connect(self._bar.setValue)
        self._progress = Progress(self._teller.told.emit)
        self._bar.setRange(0, len(sheet.items))
        self._bar.setValue(0)
        self._bar.show()
        self.message.setText("Pages are being made…")
        self.open_button.hide()
        self._show_busy(busy=True)
        return self._progress

    def _end(self, sentence: str) -> None:
        self._progress = self._teller = None
        self._bar.hide()
        self._show_busy(busy=False)
        self.message.setText(sentence)

    def _fail(self, error: Exception, sentence: str) -> None:
        if isinstance(error, CancelledError):
            sentence = "Cancelled. No file was changed."
        else:
            _log.warning("the contact sheet failed", exc_info=error)
        if self._is_open:
            self._end(sentence)

    def _show_busy(self, *, busy: bool) -> None:
        self.form.setEnabled(not busy)
        self.save_button.setEnabled(not busy)
        self.print_button.setEnabled(not busy)
        self.close_button.setText("Cancel" if busy else "Close")

    def _cancel(self) -> None:
        if self._progress is not None:
            self._progress.cancel()

    @Slot()
    def _cancel_or_close(self) -> None:
        if self.is_busy:
            self._cancel()
        else:
            self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape cancels what is under way before it closes the window."""
        if event.key() == Qt.Key.Key_Escape and self.is_busy:
            self._cancel()
        else:
            super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Close, cancel what is under way, and remember what was chosen."""
        if self._is_open:
            self._is_open = False
            self._cancel()
            self.preview.stop()
            self.form.remember()
        super().done(result)


def file_stem(title: str) -> str:
    """Return a title as a file name without ending, fit for every platform."""
    kept = "".join(" " if letter in _NOT_IN_NAMES or not letter.isprintable() else letter for letter in title)
    return " ".join(kept.split()).strip(". ") or "contact sheet"


def show_contact_sheet(
    items: Sequence[SheetItem], facts: SheetFacts, jobs: Jobs, settings: QSettings, parent: QWidget
) -> ContactSheetDialog:
    """Open the window."""
    dialog = ContactSheetDialog(items, facts, jobs, settings, parent)
    dialog.show()
    return dialog
