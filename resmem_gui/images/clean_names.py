"""Names from elsewhere, made fit for files of the program's own on any system."""

import itertools
import os
import re
import unicodedata
from pathlib import Path
from typing import Final

#: Longer names are cut: file systems take 255 bytes, and a number may have to follow.
_MOST_BYTES: Final = 120
#: What Windows refuses, separators of any system, and characters that are not seen or turn text around.
_UNFIT: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]')
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s+")


def clean_name(name: str, otherwise: str) -> str:
    """Return a name without its unfit characters; it is a single visible name in whatever folder it is put.

    Args:
        name: Any text.
        otherwise: What to return where nothing is left.
    """
    valid = name.encode("utf-8", "replace").decode("utf-8")
    one_line = _SPACE.sub(" ", _UNFIT.sub("_", unicodedata.normalize("NFC", valid)))
    stem, ending = os.path.splitext(one_line.strip(" ").lstrip(". ").rstrip(". "))
    ending = _cut(ending, _MOST_BYTES // 4)
    cut = (_cut(stem, _MOST_BYTES - len(ending.encode())) + ending).rstrip(". ")
    if not cut.strip("_"):
        return otherwise
    return f"_{cut}" if _RESERVED.fullmatch(cut) else cut


def numbered(name: str, number: int) -> str:
    """Return a name for the first, second, third of that name: `a.jpg`, `a (2).jpg`, `a (3).jpg`."""
    stem, ending = os.path.splitext(name)
    return name if number == 1 else f"{stem} ({number}){ending}"


def take_name(folder: Path, name: str) -> Path:
    """Make an empty file under a name that was not taken, and return its path; the folder is made, too.

    Args:
        folder: Where.
        name: A clean one.

    Raises:
        OSError: It cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        path = folder / numbered(name, number)
        try:
            path.touch(exist_ok=False)
        except FileExistsError:
            continue
        return path
    raise AssertionError("count() does not end")


def _cut(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode("utf-8", "ignore")
