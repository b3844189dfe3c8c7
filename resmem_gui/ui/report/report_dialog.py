"""The window in which a report is put together and saved."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from resmem_gui.export.report.content import ReportSource
from resmem_gui.ui import wording
from resmem_gui.ui.documents.document_making import DocumentMaking, Kind
from resmem_gui.ui.documents.widgets import button
from resmem_gui.ui.fitting import fitted
from resmem_gui.ui.report import making
from resmem_gui.ui.report.choices_form import ChoicesForm, Scope
from resmem_gui.ui.report.making import Made
from resmem_gui.ui.sentence_label import SentenceLabel
from resmem_gui.ui.threads.background import Jobs

_SIZE: Final = QSize(560, 440)
_SIZE_KEY: Final = "report/size"
_KIND: Final = Kind("report", "report", "&Open Report")
_EXPLANATION: Final = (
    "A report says what the scores mean and what they do not, with pictures, distribution, table, method, "
    "citations and run record. PDF is for paper; HTML is one file for the screen, and can be copied from."
)

#: Takes a copy of what the library knows of some images, on the GUI thread; what it returns is called on
#: another thread and gives the source of the report.
Take = Callable[[Scope], Callable[[], ReportSource]]


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
        self._settings = settings
        self.setWindowTitle("Report")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.form = ChoicesForm(counts, settings, self)
        self._making = DocumentMaking(_KIND, jobs, settings, self)
        self._making.busy_changed.connect(self._enable)
        self._making.saved.connect(self.saved)
        self.message = self._making.message
        self._build()
        self.form.changed.connect(self._show_choice)
        self._show_choice()
        size = settings.value(_SIZE_KEY)
        self.resize(fitted((size if isinstance(size, QSize) else _SIZE), self))

    def _build(self) -> None:
        self.pdf_button = button("Save &PDF…", self.save_pdf, self)
        self.html_button = button("Save &HTML…", self.save_html, self)
        self.open_button, self.close_button = self._making.open_button, self._making.close_button
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(SentenceLabel(self, _EXPLANATION))
        layout.addWidget(self.form)
        layout.addStretch(1)
        layout.addWidget(self.message)
        layout.addWidget(self._making.bar)
        layout.addLayout(self._making.button_row(self.pdf_button, self.html_button))

    @Slot()
    def _show_choice(self) -> None:
        if not self.is_busy:
            pictures = min(self.form.pictures.value(), self.form.count)
            shown = f"the {pictures:,} best of them as pictures" if pictures else "without pictures"
            self.message.setText(f"{wording.count_text(self.form.count, 'image')}, {shown}.")

    # Saving

    @property
    def is_busy(self) -> bool:
        """Whether a report is being made."""
        return self._making.is_busy

    @Slot()
    def save_pdf(self) -> None:
        """Ask for a PDF file, and write the report to it."""
        self._making.ask_where(self.form.options().title, "pdf", self.save_to)

    @Slot()
    def save_html(self) -> None:
        """Ask for an HTML file, and write the report to it."""
        self._making.ask_where(self.form.options().title, "html", self.save_to)

    @Slot(str)
    def save_to(self, chosen: str) -> None:
        """Write the report on the other thread: HTML if the name ends like that, else PDF."""
        path, options = Path(chosen), self.form.options()
        self.form.remember()
        collect = self._take(self.form.chosen_scope)

        def said(made: Made) -> str:
            pages = "" if made.pages is None else f" on {wording.count_text(made.pages, 'page')}"
            return f"Report of {wording.count_text(made.images, 'image')}{pages}"

        self._making.save(path, lambda progress: making.make_report(collect, options, path, progress), said)

    @Slot(bool)
    def _enable(self, busy: bool) -> None:
        for widget in (self.form, self.pdf_button, self.html_button):
            widget.setEnabled(not busy)

    # Closing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape cancels what is under way before it closes the window."""
        if not self._making.takes_key(event):
            super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Close, cancel what is under way, and remember what was chosen."""
        if self._making.leave():
            self.form.remember()
            self._settings.setValue(_SIZE_KEY, self.size())
        super().done(result)


def show_report(
    counts: Mapping[Scope, int], take: Take, jobs: Jobs, settings: QSettings, parent: QWidget
) -> ReportDialog:
    """Open the window."""
    dialog = ReportDialog(counts, take, jobs, settings, parent)
    dialog.show()
    return dialog
