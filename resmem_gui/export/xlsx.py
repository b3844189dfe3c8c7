"""Excel workbooks: numbers are numbers, texts are texts, and nothing is a formula."""

import contextlib
import errno
import io
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from resmem_gui.export.columns import TABLE, Cell, Column, Kind, Row
from resmem_gui.export.errors import ExportError
from resmem_gui.export.path_texts import as_valid_text, path_as_text
from resmem_gui.export.run_record import RunRecord
from resmem_gui.export.text_cells import inert

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell as SheetCell

SCORES_SHEET: Final = "Scores"
RECORD_SHEET: Final = "Run record"
#: A sheet has 1,048,576 rows; the first is the header.
MOST_ROWS: Final = 1_048_575
#: In characters of the standard font.
_WIDTHS: Final = {
    "path": 48, "file": 26, "score": 9, "reference": 20, "cautions": 22, "error": 30, "sha256": 20,
    "scorer": 16, "weights_sha256": 20, "preprocessing": 36,
}  # fmt: skip
_STANDARD_WIDTH: Final = 12


def write_xlsx(rows: Iterable[Row], record: RunRecord, stream: BinaryIO) -> None:
    """Write a workbook of two sheets, “Scores” and “Run record”; rows go to a temporary file as they come.

    Each cell's type is set: a name such as `=1+1` is a text. Paths that XML cannot hold are written as
    `path_texts` says, and other such characters are replaced.

    Raises:
        ExportError: There are more rows than a sheet has, or the folder of temporary files is full.
        OSError: The stream is full, or there is no folder of temporary files.
    """
    from lxml.etree import SerialisationError
    from openpyxl import Workbook  # takes a moment, and only those who want a workbook need it

    workbook = Workbook(write_only=True)
    workbook.properties.creator = " ".join(record.program.values())
    workbook.properties.title = "Memorability scores"
    packed = io.BytesIO()
    try:
        try:
            _write_scores(workbook, rows)
            _write_record(workbook, record)
        finally:
            # Also after an error: this is how openpyxl ends its writers and removes its temporary files.
            workbook.save(packed)
    except SerialisationError as error:  # what the system said, as lxml tells it: no OSError
        _remove_temporary_files(workbook)
        raise ExportError(_temporary_folder_sentence(str(error))) from error
    stream.write(packed.getbuffer())


def _remove_temporary_files(workbook: "Workbook") -> None:
    """Remove what `save` leaves behind where it fails: the folder is full already."""
    for sheet in workbook.worksheets:
        with contextlib.suppress(OSError, ValueError, AttributeError):  # there may be none
            sheet._writer.cleanup()  # noqa: SLF001 - openpyxl does it itself, when the program ends


def _temporary_folder_sentence(name: str) -> str:
    """Return what is wrong with the folder of temporary files, by the name of the system's error in lxml."""
    number = getattr(errno, name.removeprefix("IO_"), errno.EIO)
    return (
        f"An Excel workbook is first written to {tempfile.gettempdir()}, and that failed: "
        f"{os.strerror(number)}. Make room there, or save as CSV."
    )


def flat(value: Any, place: str = "") -> Iterator[tuple[str, Cell]]:  # noqa: ANN401 - whatever JSON holds
    """Yield each single value inside nested JSON and where it is, such as `counts.scored`.

    Entries of a list are counted from 1. A point inside a name is written with a backslash before it.
    """
    if isinstance(value, Mapping):
        for key, inner in value.items():
            name = key.replace("\\", "\\\\").replace(".", "\\.")
            yield from flat(inner, f"{place}.{name}" if place else name)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, inner in enumerate(value, 1):
            yield from flat(inner, f"{place}.{number}")
    else:
        yield place, value


def _write_scores(workbook: "Workbook", rows: Iterable[Row]) -> None:
    sheet = workbook.create_sheet(SCORES_SHEET)
    sheet.freeze_panes = "A2"
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(TABLE, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(column.name, _STANDARD_WIDTH)
    make = _CellMaker(sheet)
    sheet.append([make.heading(column.name) for column in TABLE])
    count = 0
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            raise ExportError(
                f"An Excel sheet holds {MOST_ROWS:,} images at most. Export them as CSV or Parquet instead."
            )
        sheet.append([make.cell(cell, column) for cell, column in zip(row, TABLE, strict=True)])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(TABLE))}{count + 1}"


def _write_record(workbook: "Workbook", record: RunRecord) -> None:
    sheet = workbook.create_sheet(RECORD_SHEET)
    sheet.freeze_panes = "A2"
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 44, 110
    make = _CellMaker(sheet)
    sheet.append([make.heading("field"), make.heading("value")])
    meanings = {"columns": {column.name: column.meaning for column in TABLE}}
    for place, value in [*flat(record.fields()), *flat(meanings)]:
        sheet.append([make.text(place), make.plain(value)])


class _CellMaker:
    """Makes cells of one sheet, each with its type."""

    def __init__(self, sheet: Any) -> None:  # noqa: ANN401 - openpyxl has no types
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Alignment, Font

        self._make: Any = WriteOnlyCell
        self._sheet = sheet
        self._bold, self._wrapped = Font(bold=True), Alignment(wrap_text=True, vertical="top")

    def heading(self, text: str) -> "SheetCell":
        cell = self.text(text)
        cell.font = self._bold
        return cell

    def text(self, text: str) -> "SheetCell":
        valid = as_valid_text(text, in_xml=True)
        cell = self._make(self._sheet, valid)
        cell.data_type = "s"  # openpyxl takes “=…” for a formula and “#N/A” for an error
        if inert(valid) != valid:
            cell.quotePrefix = True  # it stays a text when somebody edits the cell
        return cell

    def cell(self, value: Cell, column: Column) -> "SheetCell | Cell":
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self.text(path_as_text(value, in_xml=True) if column.name == "path" else value)
        if column.is_plain or column.kind is Kind.WHOLE:
            return value
        cell = self._make(self._sheet, value)
        cell.number_format = f"0.{'0' * min(column.decimals, 4)}"
        return cell

    def plain(self, value: Cell) -> "SheetCell | Cell":
        if value == "":
            return None
        if not isinstance(value, str):
            return value
        cell = self.text(value)
        cell.alignment = self._wrapped
        return cell
