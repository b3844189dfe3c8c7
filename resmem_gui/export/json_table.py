"""JSON: one object with the run record, the columns' meanings, and the images."""

import json
from collections.abc import Iterable
from typing import BinaryIO

from resmem_gui.export.columns import COLUMNS, TABLE, Row
from resmem_gui.export.path_texts import as_valid_text, path_as_text
from resmem_gui.export.run_record import RunRecord


def write_json(rows: Iterable[Row], record: RunRecord, stream: BinaryIO) -> None:
    """Write the table, an image a line and row by row, so that no second copy of it is made.

    Paths that are no valid text are written as `path_texts` says.

    Raises:
        OSError: The stream is full.
    """
    meanings = {column.name: column.meaning for column in TABLE}
    head = json.dumps({"run": record.fields(), "columns": meanings}, indent=2, ensure_ascii=False)
    stream.write(f'{head.removesuffix("}").rstrip()},\n  "images": ['.encode("utf-8", "replace"))
    separator = "\n"
    for row in rows:
        stream.write(f"{separator}    {_object(row)}".encode())
        separator = ",\n"
    stream.write(b"\n  ]\n}\n")


def _object(row: Row) -> str:
    cells = {
        name: as_valid_text(cell) if isinstance(cell, str) else cell
        for name, cell in zip(COLUMNS, row, strict=True)
    }
    cells["path"] = path_as_text(str(row[0]))
    return json.dumps(cells, ensure_ascii=False, allow_nan=False)
