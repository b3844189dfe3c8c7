"""Reads tables back that this program has written, in every format, of this and of earlier releases."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from resmem_gui.export.columns import TABLE, Cell, Column, Kind
from resmem_gui.export.errors import ExportError
from resmem_gui.export.path_texts import as_valid_text, path_from_text
from resmem_gui.export.raw_tables import RawTable, raw_csv, raw_json, raw_parquet, raw_xlsx
from resmem_gui.export.run_record import RunRecord
from resmem_gui.export.saving import FORMATS
from resmem_gui.export.text_cells import from_text

_READERS: Final[dict[str, Callable[[Path], RawTable]]] = {
    ".csv": raw_csv,
    ".xlsx": raw_xlsx,
    ".json": raw_json,
    ".parquet": raw_parquet,
}
#: Columns of earlier releases: what they are called now, and the reference that they meant.
_EARLIER_PERCENTILE: Final = "lamem_percentile"
_EARLIER_REFERENCE: Final = "LaMem"
_NEEDED: Final = ("path", "status", "score")

#: One image: a cell for each of `COLUMNS`, None also where an earlier release had no such column.
Image = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table that was read back.

    Attributes:
        images: In the order of the file.
        record: The run record; None where there is none.
        remarks: Sentences on what is unusual: no run record, an earlier release, changed since.
        other_names: How many images had a file name in the table that is not that of their path. The images
            have the latter.
    """

    images: list[Image]
    record: RunRecord | None
    remarks: tuple[str, ...]
    other_names: int = 0


def read_table(path: Path) -> ReadTable:
    """Read a table.

    Args:
        path: Its ending names the format.

    Raises:
        ExportError: It is none of this program's, or damaged; the text is a sentence.
        OSError: The file cannot be read.
    """
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise ExportError(
            f"{path.name or path} does not end with one of {', '.join(FORMATS)}: it is no table of scores. "
            "Name a file that this program has exported."
        )
    raw = read(path)
    header = [name.strip() for name in raw.header]
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise ExportError(
            f"{path.name} is no table of scores of this program: it has no column “{missing[0]}”. Name a "
            "file as this program has exported it."
        )
    remarks = list(raw.remarks)
    if _EARLIER_PERCENTILE in header:
        remarks.append("The table is of an earlier release, whose ranks were those of sports (1, 2, 2, 4).")
    images = list(_images(raw, header))
    other_names = sum(not _is_name_of(str(image["file"] or ""), str(image["path"])) for image in images)
    record = _record(raw, remarks)
    return ReadTable([*map(_with_name, images)], record, tuple(remarks), other_names)


def _record(raw: RawTable, remarks: list[str]) -> RunRecord | None:
    if raw.run is None:
        remarks.append("There is no run record with the table; what is not in its rows is not known.")
        return None
    try:
        return RunRecord.from_fields(raw.run)
    except ValueError as error:
        remarks.append(str(error))
        return None


def _images(raw: RawTable, header: list[str]) -> Iterator[Image]:
    places = {name: place for place, name in enumerate(header)}
    if _EARLIER_PERCENTILE in places:
        places["percentile"] = places[_EARLIER_PERCENTILE]
    found = [(column, places[column.name]) for column in TABLE if column.name in places]
    nothing: dict[str, Cell] = dict.fromkeys(column.name for column in TABLE)
    for number, row in enumerate(raw.rows, 1):
        image = nothing.copy()
        for column, place in found:
            raw_cell = row[place] if place < len(row) else None
            try:
                image[column.name] = _cell(raw_cell, column, is_text=raw.is_text)
            except ValueError as error:
                raise ExportError(f"Image {number}, column “{column.name}”: {error}.") from error
        if _EARLIER_PERCENTILE in places and image["percentile"] is not None:
            image["reference"] = _EARLIER_REFERENCE
        path = str(image["path"] or "")
        image["path"] = path if raw.is_text else path_from_text(path)
        yield image


def _cell(raw: Any, column: Column, *, is_text: bool) -> Cell:  # noqa: ANN401 - whatever a file holds
    """Return a cell of the column's kind.

    Raises:
        ValueError: It cannot be one; the text says why and ends without a point.
    """
    if is_text:
        cell = from_text(raw or "", column)
    elif raw is None:
        cell = None
    elif column.kind is Kind.TEXT:
        cell = str(raw) or None
    elif isinstance(raw, str):  # somebody has edited a workbook
        cell = from_text(raw, column)
    elif isinstance(raw, bool) is not (column.kind is Kind.FLAG) or not isinstance(raw, int | float):
        raise ValueError(f"“{raw}” is no {column.kind.value}")
    else:
        cell = _whole(raw) if column.kind is Kind.WHOLE else raw
    if column.name == "score" and isinstance(cell, int | float) and not 0 <= cell <= 1:
        why = "; a spreadsheet may have taken the point for a separator of thousands" if cell > 1 else ""
        raise ValueError(f"{cell:g} is no score from 0 to 1{why}. Use the file as it was first written")
    return float(cell) if column.kind is Kind.NUMBER and isinstance(cell, int) else cell


def _whole(number: float) -> int:
    try:
        return int(number)
    except (OverflowError, ValueError):  # infinity and NaN, which Python reads in JSON
        raise ValueError(f"“{number}” is no whole number") from None


def _with_name(image: Image) -> Image:
    """Return an image with the exact name of its file, which not every format holds."""
    return {**image, "file": os.path.basename(str(image["path"])) or image["file"]}


def _is_name_of(name: str, path: str) -> bool:
    """Return whether a path ends with a name, in which a format may have replaced characters."""
    shown, its_end = as_valid_text(path, in_xml=True), as_valid_text(name, in_xml=True)
    before = shown.removesuffix(its_end)
    # Backslashes: the path may be of another system.
    return shown.endswith(its_end) and (not name or before[-1:] in ("", "/", "\\"))
