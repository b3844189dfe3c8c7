"""Tables as they lie in files: what each format holds, not yet looked at closely."""

import csv
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from resmem_gui.export.delimited import sidecar_of
from resmem_gui.export.errors import ExportError
from resmem_gui.export.parquet import RUN_KEY
from resmem_gui.export.xlsx import RECORD_SHEET, SCORES_SHEET
from resmem_gui.heavy_imports import import_aside

_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
#: The sheets of this program unpack to some ten times their size.
_MOST_TIMES_UNPACKED: Final = 200
_ALWAYS_UNPACKED: Final = 64 * 2**20
_DAMAGED: Final = "It may be damaged or cut off: use the file as it was first written."
CHANGED: Final = "The table was changed since it was written: it is not the one that its run record names."


@dataclass(frozen=True, slots=True)
class RawTable:
    """What a file holds.

    Attributes:
        header: Names of the columns.
        rows: One an image: texts as in the file, or typed cells where the format has types.
        run: Fields of the run record; None where the file has none.
        remarks: Sentences on the file itself.
        is_text: Whether every cell is a text, as in CSV.
    """

    header: Sequence[str]
    rows: Iterable[Sequence[Any]]
    run: Mapping[str, Any] | None
    remarks: tuple[str, ...] = ()
    is_text: bool = False


def raw_csv(path: Path) -> RawTable:
    """Read CSV, also one that a spreadsheet has saved with semicolons or tabs, or in another encoding.

    Raises:
        ExportError: It cannot be read as such.
        OSError: The file cannot be read.
    """
    content = path.read_bytes()
    first_line = content[:10_000].split(b"\n", 1)[0]
    text = _decoded(content, is_resaved=b";" in first_line or b"\t" in first_line)
    lines = text.removeprefix("sep=;").removeprefix("sep=,").lstrip("\r\n") if text[:4] == "sep=" else text
    head = lines.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ExportError(f"{path.name} could not be read as CSV ({error}). {_DAMAGED}") from error
    if not rows:
        raise ExportError(f"{path.name} is empty. {_DAMAGED}")
    if len(rows[-1]) < len(rows[0]) and not text.endswith(("\n", "\r")):
        raise ExportError(f"{path.name} ends in the middle of row {len(rows):,}. {_DAMAGED}")
    run, remarks = _sidecar(path, content)
    return RawTable(rows[0], (row for row in rows[1:] if any(row)), run, remarks, is_text=True)


def raw_xlsx(path: Path) -> RawTable:
    """Read the sheets “Scores” and “Run record” of a workbook; the first sheet where there is no such one.

    Raises:
        ExportError: It is no workbook.
        OSError: The file cannot be read.
    """
    from openpyxl import load_workbook

    with path.open("rb") as file:
        _refuse_bomb(path, file)
        try:
            workbook = load_workbook(file, read_only=True, data_only=True)
            names = workbook.sheetnames
            sheet = workbook[SCORES_SHEET if SCORES_SHEET in names else names[0]]
            rows = [row for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row)]
            entries = (
                [*workbook[RECORD_SHEET].iter_rows(min_row=2, max_col=2, values_only=True)]
                if RECORD_SHEET in names
                else []
            )
        except Exception as error:  # a damaged workbook makes openpyxl raise whatever comes
            raise ExportError(
                f"{path.name} could not be read as an Excel workbook ({_why(error)}). {_DAMAGED}"
            ) from error
    if not rows:
        raise ExportError(f"{path.name} holds no table. {_DAMAGED}")
    run = nested({str(place): value for place, value in entries if place})
    return RawTable([str(name or "") for name in rows[0]], rows[1:], run or None)


def raw_json(path: Path) -> RawTable:
    """Read JSON as this program writes it.

    Raises:
        ExportError: It is something else.
        OSError: The file cannot be read.
    """
    try:
        content = json.loads(path.read_bytes())
        images, run = content["images"], content.get("run")
        header = list(dict.fromkeys(name for image in images for name in image)) or list(content["columns"])
        return RawTable(header, [[image.get(name) for name in header] for image in images], run)
    except (KeyError, TypeError, AttributeError) as error:
        raise ExportError(f"{path.name} is JSON, but no table of this program.") from error
    except (ValueError, RecursionError) as error:
        raise ExportError(f"{path.name} could not be read as JSON ({_why(error)}). {_DAMAGED}") from error


def raw_parquet(path: Path) -> RawTable:
    """Read a Parquet file.

    Raises:
        ExportError: It is none.
        OSError: The file cannot be read.
    """
    import_aside("pyarrow.parquet")
    import pyarrow as pa
    from pyarrow import parquet

    with path.open("rb") as file:
        try:
            # With threads of its own, Arrow aborted one process in 25 that ended soon after (26.0.1).
            table = parquet.ParquetFile(file, pre_buffer=False).read(use_threads=False)
            columns = [column.to_pylist() for column in table.columns]
            run = json.loads((table.schema.metadata or {}).get(RUN_KEY, b"null"))
        except (pa.ArrowException, OSError, ValueError, RecursionError) as error:
            raise ExportError(
                f"{path.name} could not be read as Parquet ({_why(error)}). {_DAMAGED}"
            ) from error
    return RawTable(table.column_names, zip(*columns, strict=True), run)


def _refuse_bomb(path: Path, file: BinaryIO) -> None:
    """Refuse a workbook that unpacks to a thousand times its size: it was made to fill the memory.

    Raises:
        ExportError: It does.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        unpacked = 0  # openpyxl says what is wrong with it
    if unpacked > max(_ALWAYS_UNPACKED, _MOST_TIMES_UNPACKED * path.stat().st_size):
        raise ExportError(
            f"{path.name} is not read: it would unpack to {unpacked / 2**20:,.0f} MiB, far more than a "
            "workbook of its size holds."
        )
    file.seek(0)


def _why(error: BaseException) -> str:
    """Return what an error says in words that people know, its kind where it says nothing."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return str(error) or type(error).__name__


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Return JSON from its single values and their places, as `xlsx.flat` tells them."""
    root: dict[str, Any] = {}
    for place, value in flat.items():
        *above, last = _names(place)
        inner = root
        for name in above:
            inner = inner.setdefault(name, {})
            if not isinstance(inner, dict):
                break  # somebody has edited the sheet
        else:
            inner[last] = value
    result = _with_lists(root)
    return result if isinstance(result, dict) else {}


def _names(place: str) -> list[str]:
    marked = place.replace("\\\\", "\0").replace("\\.", "\1")
    return [name.replace("\1", ".").replace("\0", "\\") for name in marked.split(".")]


def _with_lists(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(part) for name, part in value.items()}
    if inner and list(inner) == [str(number) for number in range(1, len(inner) + 1)]:
        return list(inner.values())
    return inner


def _decoded(content: bytes, *, is_resaved: bool) -> str:
    if content.startswith(_UTF_16):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # A spreadsheet of a western system writes its own code page; this program writes the bytes of names.
        if is_resaved:
            return content.decode("cp1252", "replace")
        return _with_names(content)


def _with_names(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig", sys.getfilesystemencodeerrors())
    except UnicodeDecodeError:  # names of another system
        return content.decode("utf-8-sig", "surrogateescape")


def _sidecar(path: Path, content: bytes) -> tuple[Mapping[str, Any] | None, tuple[str, ...]]:
    """Return the run record beside a CSV file, and what is to be said of it."""
    sidecar = sidecar_of(path)
    try:
        found = json.loads(sidecar.read_bytes())
        run, sha256 = found["run"], found["table"]["sha256"]
    except FileNotFoundError:
        return None, ()
    except (KeyError, TypeError):
        return None, (f"{sidecar.name} holds no run record of this program.",)
    except (OSError, ValueError, RecursionError) as error:
        return None, (f"The run record {sidecar.name} could not be read ({_why(error)}).",)
    is_same = hashlib.sha256(content).hexdigest() == sha256
    return run, () if is_same else (CHANGED,)
