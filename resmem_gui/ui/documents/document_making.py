"""How a window makes a document: where it goes, how far it is, how it is cancelled, what came of it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import QObject, QSettings, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QProgressBar, QPushButton

from resmem_gui.library.records import readable
from resmem_gui.ui.documents.progress import CancelledError, Progress
from resmem_gui.ui.documents.widgets import button
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.save_dialog import SaveDialog
from resmem_gui.ui.saving import not_written
from resmem_gui.ui.sentence_label import SentenceLabel
from resmem_gui.ui.threads.background import Jobs

_log = logging.getLogger(__name__)
_CANCELLED: Final = "Cancelled. No file was changed."
#: What no file name may have on one platform or another.
_NOT_IN_NAMES: Final = '<>:"/\\|?*'

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Kind:
    """What kind of document a window makes.

    Attributes:
        name: "contact sheet", "report".
        key: Under "files/", where the folder chosen last is remembered.
        open_text: Of the button that opens it.
    """

    name: str
    key: str
    open_text: str

    @property
    def folder_key(self) -> str:
        """Where the folder chosen last is remembered."""
        return f"files/{self.key}"


class _Teller(QObject):
    """Carries progress from the working thread, also when the window is gone.

    Signals:
        told: How many steps are done, and of how many.
    """

    told = Signal(int, int)


class DocumentMaking(QObject):
    """Makes documents for a window on another thread, one at a time.

    The window lays out the widgets, and hands over its key presses and its end.

    Attributes:
        message: What came of it; between whiles the window's own.
        bar: How far it is; hidden while nothing is made.
        open_button: Opens what was saved last; hidden before.
        close_button: Closes the window; cancels while something is made.

    Signals:
        busy_changed: Making began or ended (whether it is under way).
        saved: A document was written (its path).
    """

    busy_changed = Signal(bool)
    saved = Signal(str)

    def __init__(self, kind: Kind, jobs: Jobs, settings: QSettings, window: QDialog) -> None:
        """Prepare.

        Args:
            kind: What is made.
            jobs: Where.
            settings: Where the folder chosen last is remembered.
            window: Owner of this and of the widgets.
        """
        super().__init__(window)
        self._kind, self._jobs, self._settings = kind, jobs, settings
        self._progress: Progress | None = None
        self._teller: _Teller | None = None
        self._saved_path = ""
        self._is_open = True
        self.message = SentenceLabel(window)
        self.bar = QProgressBar(window)
        self.bar.setAccessibleName("Progress")
        self.bar.hide()
        self.open_button = button(kind.open_text, self._open_saved, window)
        self.open_button.hide()
        self.close_button = button("Close", self._cancel_or_close, window)

    @property
    def _window(self) -> QDialog:
        window = self.parent()  # asked each time: who held it would keep it alive
        assert isinstance(window, QDialog)
        return window

    def button_row(self, default: QPushButton, *others: QPushButton) -> QHBoxLayout:
        """Return all buttons of the window, in the order of the platform."""
        roles = QDialogButtonBox.ButtonRole
        box = QDialogButtonBox(self._window)
        box.addButton(default, roles.AcceptRole)
        for other in others:
            box.addButton(other, roles.ActionRole)
        box.addButton(self.close_button, roles.RejectRole)
        default.setDefault(True)
        row = QHBoxLayout()
        row.addWidget(self.open_button)
        row.addWidget(box, 1)
        return row

    # Making

    @property
    def is_busy(self) -> bool:
        """Whether something is being made."""
        return self._progress is not None

    def ask_where(self, title: str, ending: str, chosen: Callable[[str], None]) -> None:
        """Ask for a file.

        Args:
            title: Of the document; a name is made of it.
            ending: Of the file's name: "pdf".
            chosen: Called with its path.
        """
        folder = Path(str(self._settings.value(self._kind.folder_key, str(Path.home()))))
        proposed = folder / f"{file_stem(title, self._kind.name)}.{ending}"
        kinds = {f"{ending.upper()} (*.{ending})": ending}
        dialog = SaveDialog(self._window, f"Save {self._kind.name.title()}", proposed, kinds)
        dialog.fileSelected.connect(chosen)
        dialog.open()

    def save(self, path: Path, write: Callable[[Progress], _Made], said: Callable[[_Made], str]) -> None:
        """Write a file.

        Args:
            path: Of the file.
            write: Writes it, on the other thread.
            said: Says what `write` returned, as a sentence.
        """
        self._settings.setValue(self._kind.folder_key, str(path.parent))

        def succeeded(made: _Made) -> None:
            if not self._is_open:
                return
            self._end(f"{said(made)} saved to {readable(str(path))}.")
            self._saved_path = str(path)
            self.open_button.show()
            self.saved.emit(str(path))

        self._submit(write, succeeded, lambda error: not_written(path, error))

    def send(
        self, send: Callable[[Progress], object], said: str, refused: Callable[[Exception], str]
    ) -> None:
        """Do something that leaves no file, such as printing.

        Args:
            send: Does it, on the other thread.
            said: A sentence for when it is done.
            refused: Says why it could not be done.
        """

        def succeeded(_: object) -> None:
            if self._is_open:
                self._end(said)

        self._submit(send, succeeded, refused)

    def _submit(
        self,
        make: Callable[[Progress], _Made],
        succeeded: Callable[[_Made], None],
        refused: Callable[[Exception], str],
    ) -> None:
        progress = self._begin()

        def failed(error: Exception) -> None:
            is_cancelled = isinstance(error, CancelledError)
            if not is_cancelled:
                _log.warning("the %s failed", self._kind.name, exc_info=error)
            if self._is_open:
                self._end(_CANCELLED if is_cancelled else refused(error))
            elif not is_cancelled:  # who closed the window takes the file for written
                self._jobs.notice.emit(Notice(f"written {self._kind.name}", Level.ERROR, refused(error)))

        self._jobs.submit(lambda: make(progress), succeeded, failed)

    def _begin(self) -> Progress:
        self._teller = _Teller()
        self._teller.told.connect(self._show_progress)
        self._progress = Progress(self._teller.told.emit)
        self.bar.setRange(0, 0)
        self.bar.show()
        self.message.setText(f"The {self._kind.name} is being made…")
        self.open_button.hide()
        self._tell_busy(busy=True)
        return self._progress

    @Slot(int, int)
    def _show_progress(self, done: int, steps: int) -> None:
        self.bar.setRange(0, steps)
        self.bar.setValue(done)

    def _end(self, sentence: str) -> None:
        self._progress = self._teller = None
        self.bar.hide()
        self.message.setText(sentence)
        self._tell_busy(busy=False)

    def _tell_busy(self, *, busy: bool) -> None:
        self.close_button.setText("Cancel" if busy else "Close")
        self.busy_changed.emit(busy)

    # The window

    def takes_key(self, event: QKeyEvent) -> bool:
        """Return whether a key press of the window is used up: Escape cancels before it closes."""
        if event.key() != Qt.Key.Key_Escape or not self.is_busy:
            return False
        self._cancel()
        return True

    def leave(self) -> bool:
        """Cancel what is under way, because the window closes; return whether it was open so far."""
        was_open, self._is_open = self._is_open, False
        self._cancel()
        return was_open

    def _cancel(self) -> None:
        if self._progress is not None:
            self._progress.cancel()

    @Slot()
    def _cancel_or_close(self) -> None:
        if self.is_busy:
            self._cancel()
        else:
            self._window.close()

    @Slot()
    def _open_saved(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._saved_path))


def file_stem(title: str, default: str) -> str:
    """Return a title as a file name without ending, fit for every platform.

    Args:
        title: Whatever somebody wrote.
        default: Where nothing of it can stand in a name.
    """
    kept = "".join(" " if letter in _NOT_IN_NAMES or not letter.isprintable() else letter for letter in title)
    return " ".join(kept.split()).strip(". ") or default
