"""Takes the scores out of the window: as a file, or for the clipboard."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import QObject, Signal

from resmem_gui.export.delimited import as_tsv
from resmem_gui.export.errors import ExportError
from resmem_gui.export.saving import FORMATS, save_table
from resmem_gui.export.table import Named, named, rows
from resmem_gui.library.records import readable
from resmem_gui.run_facts import RunTimes, run_record
from resmem_gui.ui import wording
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.threads.background import Jobs

_log = logging.getLogger(__name__)

_Item = TypeVar("_Item")

#: The endings of files by the names of their kinds, for a dialog that asks for one; the usual format first.
KINDS: Final = {f"{title} (*{ending})": ending.removeprefix(".") for ending, title in FORMATS.items()}


class Exports(QObject):
    """Writes tables on another thread, from a copy of the library as it is at that moment.

    Signals:
        notice: What came of it (`Notice`).
        copied: A table for the clipboard (text).
    """

    notice = Signal(object)
    copied = Signal(str)

    def __init__(
        self,
        model: ImageModel,
        jobs: Jobs,
        parent: QObject,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        """Make it.

        Args:
            model: Of the images.
            jobs: Where tables are made.
            parent: Of this object.
            give_way: Called with each row, so that a table of 100,000 does not hold up the window.
        """
        super().__init__(parent)
        self._model = model
        self._jobs = jobs
        self._give_way = give_way

    def export_table(self, path: Path, image_ids: Sequence[int], times: RunTimes | None = None) -> None:
        """Write the scores of these images, in this order, in the format that the file's ending names.

        Args:
            path: Of the file. A run record is in it, or beside it.
            image_ids: Which.
            times: Of the last run, as far as they are known.
        """
        library, find, ids = self._model.library.snapshot(), self._named(), list(image_ids)
        name = readable(str(path))

        def save() -> None:
            record = run_record(library, find, self._patiently(ids), times)
            save_table(rows(library, find, self._patiently(ids)), record, path)

        def succeeded(_: object) -> None:
            text = f"{wording.count_text(len(ids), 'row')} written to {name}"
            self.notice.emit(Notice("export", Level.SUCCESS, text))

        def failed(error: Exception) -> None:
            _log.warning("the export failed", exc_info=error)
            reason = getattr(error, "strerror", None) or str(error)
            end = "" if isinstance(error, ExportError) else ". Nothing is lost: export it elsewhere."
            text = f"{name} could not be written: {reason}{end}"
            self.notice.emit(Notice("export", Level.ERROR, text))

        self._jobs.submit(save, succeeded, failed)

    def copy_table(self, image_ids: Sequence[int]) -> None:
        """Make the table of these images, in this order, ready for the clipboard."""
        library, find, ids = self._model.library.snapshot(), self._named(), list(image_ids)

        def failed(error: Exception) -> None:
            self.notice.emit(Notice("export", Level.ERROR, f"The table could not be copied: {error}"))

        def succeeded(table: str) -> None:
            self.copied.emit(table)
            text = f"{wording.count_text(len(ids), 'row')} copied; paste them into a spreadsheet."
            self.notice.emit(Notice("export", Level.SUCCESS, text))

        self._jobs.submit(lambda: as_tsv(rows(library, find, self._patiently(ids))), succeeded, failed)

    def _named(self) -> Named:
        """Return what gives references by id, as percentiles are shown at this moment."""
        return named(self._model.references, self._model.reference)

    def _patiently(self, items: Iterable[_Item]) -> Iterator[_Item]:
        for item in items:
            self._give_way()
            yield item
