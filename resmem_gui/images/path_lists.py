"""Text files that name images: one path a line, a column of a table, or what `find -print0` writes."""

import codecs
import csv
import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote_to_bytes, urlsplit

from resmem_gui.file_state import file_state
from resmem_gui.images.formats import HEAD_BYTES, extensions, sniff

#: Files with these endings are taken for lists.
LIST_ENDINGS: Final = frozenset({".txt", ".csv", ".tsv", ".lst", ".list", ".m3u", ".m3u8"})
#: A list of half a million long paths is smaller.
MAX_LIST_BYTES: Final = 64 * 2**20

_TABLES: Final = frozenset({".csv", ".tsv"})
_COLUMNS: Final = ("path", "file", "filename", "file_path", "filepath", "image")
_SEPARATORS: Final = ",;\t"
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_LONE_SURROGATE: Final = re.compile("[\udc80-\udcff]")
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: How much of a line is shown.
_SHOWN: Final = 120


class PathListError(Exception):
    """A list that cannot be read. Its text is one plain sentence that a person can act on."""


@dataclass(frozen=True, slots=True)
class PathList:
    """What a list names.

    Attributes:
        paths: Absolute paths of the images that are there, in the order of the list, each once.
        others: How many lines name a folder, or a file that is no image.
        lost: How many lines lead to nothing.
        first_lost: The first of these as it can be shown; empty if there is none.
    """

    paths: list[str]
    others: int
    lost: int
    first_lost: str


def read_path_list(
    path: str,
    *,
    is_cancelled: Callable[[], bool] = lambda: False,
    give_way: Callable[[], None] = lambda: None,
) -> PathList | None:
    """Read a list and look which of its images are there. Paths are relative to the folder of the list.

    Lines may be quoted or be `file://` addresses; blank lines and comments (`#`) count for nothing. Names of
    files are bytes: a list in UTF-8, in UTF-16 with a byte order mark, or in whatever the names themselves
    are written in, finds them; what is no UTF-8 is also tried as Latin-1.

    Args:
        path: The list.
        is_cancelled: Asked at every line.
        give_way: Called at every line: waits while others should go first.

    Returns:
        What it names; None if it was cancelled.

    Raises:
        PathListError: It cannot be read, or is too large to be a list.
    """
    folder = os.path.dirname(os.path.abspath(path))
    paths: dict[str, None] = {}
    others = lost = 0
    first_lost = ""
    for line in _lines(_read(path), os.path.splitext(path)[1].lower()):
        give_way()
        if is_cancelled():
            return None
        found = _find(line, folder)
        if found is None:
            if not line.startswith("#"):
                first_lost = first_lost or _shown(line)
                lost += 1
        elif _is_image(found):
            paths[found] = None
        else:
            others += 1
    return PathList(list(paths), others, lost, first_lost)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_LIST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: no path at all, such as one with a NUL
        raise PathListError(f"This list could not be read: {getattr(error, 'strerror', error)}.") from error
    if len(content) > MAX_LIST_BYTES:
        raise PathListError(
            f"This list is larger than {MAX_LIST_BYTES // 2**20} MiB, too large for a list of files. "
            "Split it, or open the folder."
        )
    return content


def _lines(content: bytes, ending: str) -> Iterator[str]:
    """Yield what may be a path; bytes that are no UTF-8 are kept as lone surrogates, as in names of files."""
    if not content.startswith(_UTF_16) and b"\0" in content:
        # Names as `find -print0` writes them are exact, spaces and line ends included.
        yield from (os.fsdecode(name) for name in content.split(b"\0") if name.strip())
        return
    text = _decode(content)
    lines = _column(text) if ending in _TABLES else _LINE_END.split(text)
    yield from (line.strip() for line in lines if line.strip())


def _decode(content: bytes) -> str:
    if content.startswith(_UTF_16):
        return content.decode("utf-16", "replace")
    return content.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")


def _column(text: str) -> list[str]:
    """Return the cells of a table that name files.

    Those of the first column with a fitting title, or of the only column. Else each line is a path: commas
    occur in names.
    """
    lines = _LINE_END.split(text)
    head = next((line for line in lines if line.strip()), "")
    separator = max(_SEPARATORS, key=head.count)
    titles = [cell.strip().lower() for cell in next(csv.reader([head], delimiter=separator), [])]
    place = next((titles.index(name) for name in _COLUMNS if name in titles), None)
    if place is None:
        return lines
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise PathListError(f"This table could not be read: {error}.") from error
    start = next(number for number, row in enumerate(rows) if any(cell.strip() for cell in row))
    return [row[place] for row in rows[start + 1 :] if len(row) > place]


def _find(line: str, folder: str) -> str | None:
    """Return the absolute path of what a line names, None if nothing is there."""
    for candidate in _candidates(line):
        path = os.path.abspath(os.path.join(folder, candidate))  # noqa: PTH118 - a name of bytes, and many of them
        if file_state(path) is not None or os.path.isdir(path):
            return path
    return None


def _candidates(line: str) -> Iterator[str]:
    """Yield what a line may mean, the most literal first."""
    texts = [line]
    if len(line) > 2 and line[0] == line[-1] and line[0] in "\"'":
        texts.append(line[1:-1])
    if texts[-1].lower().startswith("file:"):
        texts.append(_path_of(texts[-1]))
    for text in texts:
        yield text
        if _LONE_SURROGATE.search(text):
            yield text.encode("utf-8", "surrogateescape").decode("latin-1")
        if os.sep == "/" and "\\" in text:
            yield text.replace("\\", "/")


def _path_of(address: str) -> str:
    """Return the path in a `file://` address of this machine, or an empty text."""
    try:
        parts = urlsplit(address)
    except ValueError:  # such as a bracket that is not closed
        return ""
    if parts.netloc not in ("", "localhost"):
        return ""
    path = os.fsdecode(unquote_to_bytes(parts.path))
    # file:///C:/photos/a.jpg
    return path[1:] if os.name == "nt" and re.match(r"/[A-Za-z]:", path) else path


def _is_image(path: str) -> bool:
    if os.path.isdir(path):
        return False
    if os.path.splitext(path)[1].lower() in extensions():
        return True
    try:
        with Path(path).open("rb") as file:
            return sniff(file.read(HEAD_BYTES)) is not None
    except OSError:
        return False  # unreadable and without an image's name: nothing says that it is an image


def _shown(line: str) -> str:
    text = line.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    text = "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
