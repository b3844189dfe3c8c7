"""The window in which a report is put together and saved."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QSettings, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QKeyEvent
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

from resmem_gui.export.report.content import CancelledError, ReportSource
from resmem_gui.library.records import readable
from resmem_gui.ui import wording
from resmem_gui.ui.contact_sheet.contact_sheet_dialog import file_stem
from resmem_gui.ui.report import making
from resmem_gui.ui.report.choices_form import ChoicesForm, Scope
from resmem_gui.ui.report.making import Made, Progress
from resmem_gui.ui.threads.background import Jobs

_log = logging.getLogger(__name__)
_SIZE: Final = QSize(560, 440)
_SIZE_KEY: Final = "report/size"
_FOLDER_KEY: Final = "files/report"
_EXPLANATION: Final = (
    "A report says what the scores mean and what they do not, with pictures, distribution, table, method, "
    "citations and run record. PDF is for paper; HTML is one file for the screen, and can be copied from."
)

#: Takes a copy of what the library knows of some images, on the GUI thread; what it returns is called on
#: another thread and gives the source of the report.
Take = Callable[[Scope], Callable[[], ReportSource]]


class _Teller(QObject):
    """Carries progress from the working thread, also when the window is gone.

    Signals:
        told: How many steps are done, and of how many.
    """

    told = Signal(int, int)


class ReportDialog(QDialog):
    """Asks what the report is to hold, and writes it on another thread.

    Attributes:
        form: The choices.
        message: What is chosen, and what came of saving.

    Signals:
        saved: A report was written (its path).
    """

    saved = Signal(str)

    def __init__(
        self, counts: Mapping[Scope, int], take: Take, jobs: Jobs, settings: QSettings, parent: QWidget
    ) -> None:
        """Build the window.

        Args:
            counts: How many images each scope has; one at least has some.
            take: Gives what the report is made of.
            jobs: Where it is made.
            settings: Where choices are remembered.
            parent: The window that it belongs to.
        """
        super().__init__(parent)
        self._take = take
        self._jobs = jobs
        self._settings = settings
        self._progress: Progress | None = None
        self._teller: _Teller | None = None
        self._saved_path = ""
        self._is_open = True
        self.setWindowTitle("Report")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.form = ChoicesForm(counts, settings, self)
        self.message = _label(self)
        self._build()
        self.form.changed.connect(self._show_choice)
        self._show_choice()
        size = settings.value(_SIZE_KEY)
        self.resize(
            (size if isinstance(size, QSize) else _SIZE).boundedTo(self.screen().availableSize() * 0.9)
        )

    # Building

    def _build(self) -> None:
        explanation = _label(self)
        explanation.setText(_EXPLANATION)
        self._bar = QProgressBar(self)
        self._bar.setAccessibleName("Progress")
        self._bar.hide()
        self.pdf_button = self._button("Save &PDF…", self.save_pdf)
        self.pdf_button.setDefault(True)
        self.html_button = self._button("Save &HTML…", self.save_html)
        self.open_button = self._button("&Open Report", self._open_saved)
        self.open_button.hide()
        self.close_button = self._button("Close", self._cancel_or_close)
        roles = QDialogButtonBox.ButtonRole
        box = QDialogButtonBox(self)
        box.addButton(self.pdf_button, roles.AcceptRole)
        box.addButton(self.html_button, roles.ActionRole)
        box.addButton(self.close_button, roles.RejectRole)
        buttons = QHBoxLayout()
        buttons.addWidget(self.open_button)
        buttons.addWidget(box, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(explanation)
        layout.addWidget(self.form)
        layout.addStretch(1)
        layout.addWidget(self.message)
        layout.addWidget(self._bar)
        layout.addLayout(buttons)

    def _button(self, text: str, handler: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(handler)
        return button

    @Slot()
    def _show_choice(self) -> None:
        if self._progress is None:
            pictures = min(self.form.pictures.value(), self.form.count)
            shown = f"the {pictures:,} best of them as pictures" if pictures else "without pictures"
            self.message.setText(f"{wording.count_text(self.form.count, 'image')}, {shown}.")

    # Saving

    @Slot()
    def save_pdf(self) -> None:
        """Ask for a PDF file, and write the report to it."""
        self._ask("PDF (*.pdf)", "pdf")

    @Slot()
    def save_html(self) -> None:
        """Ask for an HTML file, and write the report to it."""
        self._ask("HTML (*.html)", "html")

    def _ask(self, kind: str, ending: str) -> None:
        folder = str(self._settings.value(_FOLDER_KEY, str(Path.home())))
        dialog = QFileDialog(self, "Save Report", folder, kind)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # The dialog adds it itself, so that it asks before it takes the place of an existing file.
        dialog.setDefaultSuffix(ending)
        dialog.selectFile(f"{file_stem(self.form.options().title)}.{ending}")
        dialog.fileSelected.connect(self.save_to)
        dialog.open()

    @Slot(str)
    def save_to(self, chosen: str) -> None:
        """Write the report on the other thread: HTML if the name ends like that, else PDF."""
        path, options = Path(chosen), self.form.options()
        self._settings.setValue(_FOLDER_KEY, str(path.parent))
        collect = self._take(self.form.chosen_scope)
        progress = self._begin()

        def succeeded(made: Made) -> None:
            if not self._is_open:
                return
            pages = "" if made.pages is None else f" on {wording.count_text(made.pages, 'page')}"
            images = wording.count_text(made.images, "image")
            self._end(f"Report of {images}{pages} saved to {readable(str(path))}.")
            self._saved_path = str(path)
            self.open_button.show()
            self.saved.emit(str(path))

        def failed(error: Exception) -> None:
            reason = getattr(error, "strerror", None) or str(error)
            self._fail(error, f"{readable(str(path))} could not be written: {reason}. Save it elsewhere.")

        self._jobs.submit(lambda: making.make_report(collect, options, path, progress), succeeded, failed)

    @Slot()
    def _open_saved(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._saved_path))

    # Work under way

    @property
    def is_busy(self) -> bool:
        """Whether a report is being made."""
        return self._progress is not None

    def _begin(self) -> Progress:
        """Show that something is under way; what is chosen then counts for the next time."""
        self.form.remember()
        self._teller = _Teller()
        self._teller.told.connect(self._show_progress)
        self._progress = Progress(self._teller.told.emit)
        self._bar.setRange(0, 0)
        self._bar.show()
        self.message.setText("The report is being made…")
        self.open_button.hide()
        self._show_busy(busy=True)
        return self._progress

    @Slot(int, int)
    def _show_progress(self, done: int, steps: int) -> None:
        self._bar.setRange(0, steps)
        self._bar.setValue(done)

    def _end(self, sentence: str) -> None:
        self._progress = self._teller = None
        self._bar.hide()
        self._show_busy(busy=False)
        self.message.setText(sentence)

    def _fail(self, error: Exception, sentence: str) -> None:
        if isinstance(error, CancelledError):
            sentence = "Cancelled. No file was changed."
        else:
            _log.warning("the report failed", exc_info=error)
        if self._is_open:
            self._end(sentence)

    def _show_busy(self, *, busy: bool) -> None:
        self.form.setEnabled(not busy)
        self.pdf_button.setEnabled(not busy)
        self.html_button.setEnabled(not busy)
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
            self.form.remember()
            self._settings.setValue(_SIZE_KEY, self.size())
        super().done(result)


def _label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def show_report(
    counts: Mapping[Scope, int], take: Take, jobs: Jobs, settings: QSettings, parent: QWidget
) -> ReportDialog:
    """Open the window."""
    dialog = ReportDialog(counts, take, jobs, settings, parent)
    dialog.show()
    return dialog
