"""Writes PDF files whole or not at all."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from PySide6.QtCore import QFile, QIODevice

from resmem_gui.replacing import replacing

_END_BYTES: Final = 1024
_NOT_WHOLE: Final = "only a part could be written; the disk may be full"


@contextmanager
def replacing_pdf(path: Path) -> Iterator[QFile]:
    """Give a file for a PDF writer; what was at the path stays until the new one is complete.

    On an exception, and if not all of it came onto the disk, nothing is left of the new one.

    Raises:
        OSError: The folder or the file cannot be written, or the disk is full.
    """
    with replacing(path) as stream:
        file = QFile()
        if not file.open(stream.fileno(), QIODevice.OpenModeFlag.WriteOnly):
            raise OSError(file.errorString())
        try:
            yield file
            flushed = file.flush()
        finally:
            file.close()
        if not (flushed and _is_whole(Path(stream.name))):
            raise OSError(_NOT_WHOLE)


def _is_whole(path: Path) -> bool:
    """Return whether nothing of a PDF file is lacking: Qt does not tell when a disk takes only a part.

    The end of the file says where its table of contents begins, counted in bytes that should be there.
    """
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _END_BYTES))
        end = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", file.read())
        if end is None:
            return False
        file.seek(int(end[1]))
        return file.read(4) == b"xref"
