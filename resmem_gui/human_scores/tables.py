"""Tables as people have them in text files: of any encoding, separator and decimal mark."""

import codecs
import csv
import hashlib
import io
import json
import math
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import _csv  # the only name of the reader's class before Python 3.13

#: Half a million long rows are smaller.
MAX_TABLE_BYTES: Final = 64 * 2**20
MAX_ROWS: Final = 1_000_000
MAX_COLUMNS: Final = 500

#: Only the last run of blanks parts cells, or each does.
_LAST_BLANK, _EACH_BLANK = " ", "  "
#: Where two fit equally well, the earlier one: commas stand in numbers, and blanks in names.
_SEPARATORS: Final = ("\t", ";", "|", ",")
_SEPARATOR_NAMES: Final = {
    "\t": "tab",
    ";": "semicolon",
    ",": "comma",
    "|": "vertical bar",
    _LAST_BLANK: "space",
    _EACH_BLANK: "space",
    "": "nothing",
}
_LOOKED_AT: Final = 50
#: A separator that gives so many of the first rows as many cells as the others is taken for it.
_ENOUGH_ALIKE: Final = 0.8
#: In a cell of scores: there is none.
MISSING: Final = frozenset({"", "na", "n/a", "nan", "none", "null", "-", ".", "missing"})
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_LONE_DECIMAL_COMMA: Final = re.compile(r"[01],\d+")
_NUMBER: Final = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?\s*%?")
_BEGINNINGS: Final = {
    b"PK\x03\x04": "This is a workbook or an archive, not a text table. Save the sheet as CSV and open that.",
    b"\xd0\xcf\x11\xe0": "This is an old workbook, not a text table. Save the sheet as CSV and open that.",
    b"%PDF": "This is a PDF, not a text table.",
    b"PAR1": "This is a Parquet file, not a text table. Save it as CSV and open that.",
}
#: Other threads go first after each so many rows.
_AT_ONCE: Final = 1000


class TableError(Exception):
    """A table that cannot be used. Its text is plain sentences that a person can act on."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table as it stands in its file, all cells as text.

    Attributes:
        name: Of the file.
        columns: Titles, each once; "Column 1" and so on where the file has none.
        rows: Of cells without blanks around them; as many as there are columns, missing ones are empty.
            There may be none.
        lines: Number of the line in the file on which each row ends.
        encoding: As people write it, such as "UTF-8".
        separator: In words, such as "semicolon".
        has_titles: Whether the first row held titles.
        uneven: Numbers of the lines with more or fewer cells than there are columns.
        sha256: Of the file's bytes, hexadecimal.
    """

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    lines: list[int]
    encoding: str
    separator: str
    has_titles: bool
    uneven: tuple[int, ...]
    sha256: str

    def column(self, title: str) -> list[str]:
        """Return the cells of a column.

        Raises:
            TableError: There is no such column.
        """
        if title not in self.columns:
            raise TableError(f"{self.name} has no column “{title}”. It has: {', '.join(self.columns)}.")
        place = self.columns.index(title)
        return [row[place] for row in self.rows]

    def preview(self, rows: int = 8) -> "TablePreview":
        """Return the first rows."""
        return TablePreview(self.columns, tuple(self.rows[:rows]), len(self.rows))


@dataclass(frozen=True, slots=True)
class TablePreview:
    """The beginning of a table.

    Attributes:
        columns: Titles.
        rows: The first rows.
        count: How many rows there are in all.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    count: int


def read_table(path: Path, give_way: Callable[[], None] = lambda: None) -> TextTable:
    """Read a table: CSV, TSV, semicolons, lines `name score` as LaMem has them, or one column alone.

    Args:
        path: Of the file.
        give_way: Called often: lets other threads go first.

    Raises:
        TableError: The file is too large, or holds no table.
        OSError: It cannot be read.
    """
    content = _content(path)
    text, encoding = _decoded(content)
    if not any(map(str.isalnum, text)):
        raise TableError("The file is empty: no table was found in it. Choose another one.")
    separator = _separator(text)
    rows, lines = _rows(text, separator, give_way)
    # One long row among 100,000 must not make 100,000 long rows.
    width = min(max(len(rows[0]), Counter(map(len, rows)).most_common(1)[0][0]), MAX_COLUMNS)
    has_titles = not any(is_number(cell) or (cell and cell.casefold() in MISSING) for cell in rows[0])
    titles = _unique(rows[0] if has_titles else [""] * width, width)
    if has_titles:
        rows, lines = rows[1:], lines[1:]
    uneven = tuple(line for row, line in zip(rows, lines, strict=True) if len(row) != width)
    if uneven:
        rows = [(*row, *[""] * width)[:width] for row in rows]
    separated_by, sha256 = _SEPARATOR_NAMES[separator], hashlib.sha256(content).hexdigest()
    return TextTable(path.name, titles, rows, lines, encoding, separated_by, has_titles, uneven, sha256)


def number(cell: str) -> float | None:
    """Return the number in a cell, with decimal point or comma; NaN for none, None for other texts."""
    text = cell.strip()
    if text.casefold() in MISSING:
        return math.nan
    if not is_number(text) or text.endswith("%"):
        return None
    value = float(text.replace(",", "."))
    return value if math.isfinite(value) else None


def is_number(cell: str) -> bool:
    """Return whether a cell holds a number, with a decimal point or comma, or one in per cent."""
    return _NUMBER.fullmatch(cell) is not None


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(MAX_TABLE_BYTES + 1)
    if len(content) > MAX_TABLE_BYTES:
        raise TableError(
            f"This file is larger than {MAX_TABLE_BYTES // 2**20} MiB, too large for a table of scores. "
            "Leave out the columns that are not needed, or split it."
        )
    for beginning, sentence in _BEGINNINGS.items():
        if content.startswith(beginning):
            raise TableError(sentence)
    if _is_json(content):
        raise TableError("This is JSON, not a text table. Save the table as CSV and open that.")
    return content


def _is_json(content: bytes) -> bool:
    if content.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def _decoded(content: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace"), "UTF-16"
    head = content[:4096]
    if b"\0" in head:
        for name, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
            if zeros.count(0) > len(zeros) // 2:  # mostly Latin letters
                return content.decode(name, "replace"), "UTF-16"
    if b"\0" in content:
        raise TableError("This is no text file. Save the table as CSV and open that.")
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "Latin-1"


def _separator(text: str) -> str:
    """Return what stands between the cells, empty for a single column."""
    beginning = _beginning(text)
    lines = [line for line in beginning.splitlines() if line.strip()]
    lines = lines[1:] or lines  # the first may be titles
    able = [one for one in _SEPARATORS if one != "," or not _has_decimal_commas(lines)]
    fits = {separator: _fit(beginning, separator) for separator in able}
    best = max(fits, key=lambda separator: fits[separator])  # the first of equals
    if fits[best] >= _ENOUGH_ALIKE:
        return best
    return _blanks(lines) or (best if fits[best] > 0 else "")


def _blanks(lines: Sequence[str]) -> str:
    """Return which blanks part cells, empty for none: names may have blanks, numbers have not."""
    words = [line.split() for line in lines]
    usual = Counter(map(len, words)).most_common(1)[0][0] if words else 0
    regular = [len(parts) == usual > 2 and all(map(is_number, parts[1:])) for parts in words]
    if regular and sum(regular) >= _ENOUGH_ALIKE * len(lines):
        return _EACH_BLANK
    named = [len(parts) > 1 and is_number(parts[-1]) for parts in words]
    return _LAST_BLANK if named and sum(named) >= _ENOUGH_ALIKE * len(lines) else ""


def _beginning(text: str) -> str:
    end = 0
    for _ in range(_LOOKED_AT):
        found = _LINE_END.search(text, end)
        if found is None:
            return text
        end = found.end()
    return text[:end]


def _has_decimal_commas(lines: Sequence[str]) -> bool:
    """Return whether each line has commas, and all of them within scores that stand by themselves."""
    for line in lines:
        with_commas = [word for word in line.split() if "," in word]
        if not with_commas or not all(_LONE_DECIMAL_COMMA.fullmatch(word) for word in with_commas):
            return False
    return bool(lines)


def _fit(text: str, separator: str) -> float:
    """Return the share of the rows that have the usual number of cells, 0 if that is one."""
    try:
        lengths = [len(row) for row in _reader(text, separator) if any(cell.strip() for cell in row)]
    except csv.Error:
        return 0.0
    if not lengths:
        return 0.0
    usual, count = Counter(lengths).most_common(1)[0]
    return count / len(lengths) if usual > 1 else 0.0


def _reader(text: str, separator: str) -> "_csv.Reader":
    # Lines may end in any of three ways; the reader knows line ends within quotes itself.
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)


def _rows(text: str, separator: str, give_way: Callable[[], None]) -> tuple[list[tuple[str, ...]], list[int]]:
    """Return the cells of all rows that are not blank, and the number of the line on which each ends."""
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    for line, row in _read_rows(text, separator):
        if line % _AT_ONCE == 0:
            give_way()
        cells = tuple(cell.strip() for cell in row)
        if not any(cells):
            continue
        if len(rows) == MAX_ROWS + 1:  # the first may be titles
            raise TableError(f"This table has more than {MAX_ROWS:,} rows. Split it.")
        rows.append(cells)
        lines.append(line)
    return rows, lines


def _read_rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    if not separator:
        yield from enumerate(([line] for line in _LINE_END.split(text)), 1)
        return
    if separator in (_LAST_BLANK, _EACH_BLANK):
        most = 1 if separator == _LAST_BLANK else -1
        yield from enumerate((line.rsplit(None, most) for line in _LINE_END.split(text)), 1)
        return
    reader = _reader(text, separator)
    began = ended = 0
    try:
        for row in reader:
            began, ended = ended, reader.line_num
            yield ended, row
    except csv.Error as error:
        raise TableError(
            f"Line {reader.line_num} cannot be read: {error}. Is a quotation mark missing?"
        ) from error
    if _is_open(text, separator, began):
        raise TableError(
            f"Line {began + 1}: a quotation mark opens here and is never closed, so all that follows would "
            "be one cell. Close it, or remove it."
        )


def _is_open(text: str, separator: str, lines_before: int) -> bool:
    """Return whether the last row, which begins after so many lines, ends within quotation marks."""
    last = islice(io.StringIO(text, newline=""), lines_before, None)
    try:
        deque(csv.reader(last, delimiter=separator, skipinitialspace=True, strict=True), maxlen=0)
    except csv.Error as error:
        return "end of data" in str(error)  # other errors are a matter of taste
    return False


def _unique(titles: Sequence[str], width: int) -> tuple[str, ...]:
    """Return as many titles as there are columns, each once."""
    seen: dict[str, None] = {}
    for place in range(width):
        title = titles[place] if place < len(titles) and titles[place] else f"Column {place + 1}"
        wanted, again = title, 2
        while wanted in seen:
            wanted, again = f"{title} ({again})", again + 1
        seen[wanted] = None
    return tuple(seen)
