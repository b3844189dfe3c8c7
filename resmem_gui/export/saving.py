"""Saves a table in the format that its file's ending names."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO, Final

from resmem_gui.export.columns import Row
from resmem_gui.export.delimited import save_csv
from resmem_gui.export.errors import ExportError
from resmem_gui.export.json_table import write_json
from resmem_gui.export.parquet import write_parquet
from resmem_gui.export.run_record import RunRecord
from resmem_gui.export.xlsx import write_xlsx
from resmem_gui.replacing import replacing

_Write = Callable[[Iterable[Row], RunRecord, BinaryIO], None]

_WRITERS: Final[dict[str, _Write]] = {".xlsx": write_xlsx, ".json": write_json, ".parquet": write_parquet}
#: What a table can be saved as: the file's ending and the format's name, the usual one first.
FORMATS: Final = {
    ".csv": "CSV table with its run record beside it",
    ".xlsx": "Excel workbook",
    ".json": "JSON",
    ".parquet": "Parquet",
}


def format_problem(path: Path) -> str | None:
    """Return a sentence if a file's ending names no format of a table."""
    if path.suffix.lower() in FORMATS or _is_stream(path):
        return None
    endings = ", ".join(FORMATS)
    return f"{path.name} does not end with one of {endings}. The ending says how to write the table."


def save_table(rows: Iterable[Row], record: RunRecord, path: Path) -> None:
    """Save a table and its run record, all or nothing: an existing file stays whole until then.

    Args:
        rows: Of the table; consumed as they are written.
        record: Of the run.
        path: Its ending names the format. A pipe or a device is written to, as CSV if it has no ending.

    Raises:
        ExportError: The ending names no format, or the format cannot hold the table.
        OSError: The folder or the file cannot be written, or the disk is full.
    """
    problem = format_problem(path)
    if problem:
        raise ExportError(problem)
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        save_csv(rows, record, path)
    elif _is_stream(path):
        with path.open("wb") as stream:
            write(rows, record, stream)
    else:
        with replacing(path) as file:
            write(rows, record, file)


def _is_stream(path: Path) -> bool:
    """Tell whether something is there that cannot be replaced: a pipe or a device."""
    return path.exists() and not path.is_file()
