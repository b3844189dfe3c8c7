"""CSV files and tab-separated text."""

import contextlib
import csv
import io
import os
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from resmem_gui.export.table import COLUMNS, Row


def write_csv(rows: Iterable[Row], stream: TextIO) -> None:
    """Write a header and the rows as RFC 4180 says, with a point in numbers whatever the locale."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)


def save_csv(rows: Iterable[Row], path: Path) -> None:
    """Write a CSV file, UTF-8, all or nothing: an existing file stays whole until the new one is complete.

    File names that are no valid text keep their bytes.

    Raises:
        OSError: The folder or the file cannot be written, or the disk is full.
    """
    path = path.resolve()  # a link stays a link, and what it leads to is written
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
            write_csv(rows, stream)  # a pipe or a device cannot be replaced
        return
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        with temporary.open("x", encoding="utf-8", errors="surrogateescape", newline="") as stream:
            write_csv(rows, stream)
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):  # the first failure is the one to tell
            temporary.unlink()
        raise


def as_tsv(rows: Iterable[Row]) -> str:
    """Return a header and the rows as tab-separated text, for pasting into a spreadsheet."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, dialect="excel-tab", lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return stream.getvalue()
