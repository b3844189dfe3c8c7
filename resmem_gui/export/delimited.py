"""CSV files with their run record beside them, and tab-separated text."""

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from resmem_gui.export.columns import COLUMNS, TABLE, Row
from resmem_gui.export.errors import ExportError
from resmem_gui.export.path_texts import NAME_BYTES
from resmem_gui.export.run_record import RunRecord
from resmem_gui.export.text_cells import as_text
from resmem_gui.replacing import replacing

_SIDECAR_ENDING: Final = ".run.json"
_ROWS_A_PART: Final = 500


def write_csv(rows: Iterable[Row], stream: TextIO) -> None:
    """Write a header and the rows as RFC 4180 says, with a point in numbers whatever the locale."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_texts, rows))


def save_csv(rows: Iterable[Row], record: RunRecord, path: Path) -> None:
    """Write a CSV file, UTF-8, and beside it the run record; both or none of them.

    File names that are no valid text keep their bytes. The record names the table's SHA-256, so that a table
    that was changed afterwards, or that is not the record's, can be told.

    Args:
        rows: Of the table.
        record: Of the run.
        path: A pipe or a device is written to, and gets no record.

    Raises:
        ExportError: A file that is no run record has the record's name.
        OSError: The folder or the file cannot be written, or the disk is full.
    """
    if path.exists() and not path.is_file():  # before links are followed: some lead to pipes without a path
        with path.open("wb") as pipe:  # it cannot be replaced
            _write(rows, pipe)
        return
    path = path.resolve()  # a link stays a link, and what it leads to is written
    problem = sidecar_problem(path)
    if problem:
        raise ExportError(problem)
    sidecar = sidecar_of(path)
    with replacing(sidecar) as beside, replacing(path) as file:
        digest = _write(rows, file)
        beside.write(sidecar_content(record, path.name, digest))
        for stream in (file, beside):  # a full disk shows now, while both old files are there
            stream.flush()
            os.fsync(stream.fileno())


def sidecar_of(path: Path) -> Path:
    """Return where the run record of a CSV file is: `scores.run.json` for `scores.csv`."""
    return path.with_name(path.stem + _SIDECAR_ENDING)


def sidecar_problem(path: Path) -> str | None:
    """Return a sentence if a file that is no run record has the name of that of a CSV file.

    Raises:
        OSError: That file cannot be read, or its name would be too long.
    """
    sidecar = sidecar_of(path)
    if not sidecar.exists():
        return None
    try:
        found = json.loads(sidecar.read_bytes())
    except (ValueError, RecursionError, IsADirectoryError):
        found = None
    # A table saved as JSON has a run record inside.
    if isinstance(found, dict) and "run" in found and "images" not in found:
        return None
    return (
        f"The run record goes beside the table into {sidecar.name}, and there is a file of this name "
        "that is no run record. Give the table another name, or move that file."
    )


def sidecar_content(record: RunRecord, table_name: str, table_sha256: str) -> bytes:
    """Return the run record of a CSV file as JSON: the run, what it belongs to, what the columns mean."""
    content = {
        "run": record.fields(),
        "table": {"file": table_name, "sha256": table_sha256},
        "columns": {column.name: column.meaning for column in TABLE},
    }
    return as_json(content)


def as_json(content: object) -> bytes:
    """Return JSON in UTF-8, for people too. What is no valid text stays what it was, as an escape."""
    return json.dumps(content, indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def as_tsv(rows: Iterable[Row]) -> str:
    """Return a header and the rows as tab-separated text, for pasting into a spreadsheet."""
    stream = io.StringIO(newline="")
    # A name may hold either half of this line end, and is quoted then.
    writer = csv.writer(stream, dialect="excel-tab", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_texts, rows))
    return stream.getvalue()


def _texts(row: Row) -> list[str]:
    return [as_text(cell, column) for cell, column in zip(row, TABLE, strict=True)]


def _write(rows: Iterable[Row], stream: BinaryIO) -> str:
    """Write CSV and return its SHA-256."""
    digest = hashlib.sha256()
    for part in _parts(rows):
        stream.write(part)
        digest.update(part)
    return digest.hexdigest()


def _parts(rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield the CSV, some rows at a time."""
    remaining, is_first = iter(rows), True
    while (some := list(islice(remaining, _ROWS_A_PART))) or is_first:
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        if is_first:
            writer.writerow(COLUMNS)
        writer.writerows(map(_texts, some))
        yield text.getvalue().encode("utf-8", NAME_BYTES)
        is_first = False
