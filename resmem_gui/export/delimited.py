"""CSV files and tab-separated text."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from resmem_gui.export.table import COLUMNS, Row
from resmem_gui.replacing import replacing


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
    with replacing(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", errors="surrogateescape", newline="")
        write_csv(rows, text)
        text.detach()  # the file gets all that is written, and is not closed yet


def as_tsv(rows: Iterable[Row]) -> str:
    """Return a header and the rows as tab-separated text, for pasting into a spreadsheet."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, dialect="excel-tab", lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return stream.getvalue()
