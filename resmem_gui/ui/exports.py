"""Takes the scores out of the window: as a file, or for the clipboard."""

import logging
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from resmem_gui.export.delimited import as_tsv, save_csv
from resmem_gui.export.table import rows
from resmem_gui.library.records import readable
from resmem_gui.ui import wording
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.threads.background import Jobs
from resmem_gui.ui.window.notices import Level, Notice

_log = logging.getLogger(__name__)


class Exports(QObject):
    """Writes tables on another thread, from a copy of the library as it is at that moment.

    Signals:
        notice: What came of it (`Notice`).
        copied: A table for the clipboard (text).
    """

    notice = Signal(object)
    copied = Signal(str)

    def __init__(self, model: ImageModel, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._jobs = jobs

    def export_csv(self, path: Path, image_ids: Sequence[int]) -> None:
        """Write the scores of these images, in this order, as CSV."""
        library, reference = self._model.library.snapshot(), self._model.reference

        def succeeded(_: object) -> None:
            text = f"{wording.count_text(len(image_ids), 'row')} written to {readable(str(path))}"
            self.notice.emit(Notice("export", Level.SUCCESS, text))

        def failed(error: Exception) -> None:
            _log.warning("the export failed", exc_info=error)
            reason = getattr(error, "strerror", None) or str(error)
            text = (
                f"{readable(str(path))} could not be written: {reason}. Nothing is lost: export it elsewhere."
            )
            self.notice.emit(Notice("export", Level.ERROR, text))

        self._jobs.submit(lambda: save_csv(rows(library, reference, image_ids), path), succeeded, failed)

    def copy_table(self, image_ids: Sequence[int]) -> None:
        """Make the table of these images, in this order, ready for the clipboard."""
        library, reference = self._model.library.snapshot(), self._model.reference

        def failed(error: Exception) -> None:
            self.notice.emit(Notice("export", Level.ERROR, f"The table could not be copied: {error}"))

        def succeeded(table: str) -> None:
            self.copied.emit(table)
            text = f"{wording.count_text(len(image_ids), 'row')} copied; paste them into a spreadsheet."
            self.notice.emit(Notice("export", Level.SUCCESS, text))

        self._jobs.submit(lambda: as_tsv(rows(library, reference, image_ids)), succeeded, failed)
