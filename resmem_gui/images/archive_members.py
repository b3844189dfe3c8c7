"""What is in a zip file: which members are images that can be unpacked, and under which names."""

import itertools
import os
import stat
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from resmem_gui.images.clean_names import clean_name, numbered
from resmem_gui.images.decoding import MAX_FILE_BYTES
from resmem_gui.images.formats import extensions

#: Images are compressed already. What unpacks to so many times its size is a drawing, or made to fill the
#: disk: allowed up to the amount below.
MOST_TIMES: Final = 200
HARMLESS_BYTES: Final = 256 * 2**20
#: The others fill the memory before they can be stopped: their output cannot be asked for in portions.
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x1
_NAME_IS_UTF_8: Final = 0x800
_MOST_FOLDERS: Final = 8


@dataclass(frozen=True, slots=True)
class Member:
    """An image in an archive.

    Attributes:
        info: Where it is.
        parts: Its clean name, folders first.
        reason: Why it is not unpacked; empty otherwise.
    """

    info: zipfile.ZipInfo
    parts: tuple[str, ...]
    reason: str


def images_in(archive: zipfile.ZipFile) -> tuple[list[Member], int]:
    """Return the images in an archive, and how many visible files of other kinds there are."""
    images: list[Member] = []
    others = 0
    for info in archive.infolist():
        # "." and ".." are no names: nothing leads out of the folder.
        parts = [part for part in _name(info).replace("\\", "/").split("/") if part not in ("", ".", "..")]
        if info.is_dir() or not parts or any(part.startswith(".") or part == "__MACOSX" for part in parts):
            continue
        if os.path.splitext(parts[-1])[1].lower() not in extensions():
            others += 1
            continue
        folders = tuple(clean_name(part, "folder") for part in parts[:-1][-_MOST_FOLDERS:])
        name = clean_name(parts[-1], "image" + os.path.splitext(parts[-1])[1].lower())
        images.append(Member(info, (*folders, name), _reason_against(info)))
    return images, others


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name. Many programs write UTF-8 and do not say so."""
    if not info.flag_bits & _NAME_IS_UTF_8:
        with suppress(UnicodeError):
            return info.filename.encode("cp437").decode("utf-8")
    return info.filename


def _reason_against(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    reasons = {
        "It is a link and no file.": kind not in (0, stat.S_IFREG),
        "It is locked with a password. Unpack the archive yourself, then open the folder.": (
            info.flag_bits & _ENCRYPTED
        ),
        "It is compressed in a way that this program does not unpack.": info.compress_type not in _METHODS,
        "It is larger than 1 GiB.": info.file_size > MAX_FILE_BYTES,
        "It would take far more room than its compressed size promises.": (
            info.file_size > max(HARMLESS_BYTES, MOST_TIMES * info.compress_size)
        ),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


class Names:
    """Gives each member a name of its own, also where the file system does not tell `A` from `a`."""

    def __init__(self, members: Iterator[tuple[str, ...]]) -> None:
        # A folder's name is taken as well: an archive may have a file and a folder of one name.
        self._taken = {
            str(PurePosixPath(*parts[:depth])).casefold()
            for parts in members
            for depth in range(1, len(parts))
        }
        self._next: dict[str, int] = {}

    def take(self, parts: tuple[str, ...]) -> str:
        """Return a name below the folder, with `/` between its parts."""
        wanted = str(PurePosixPath(*parts)).casefold()
        for number in itertools.count(self._next.get(wanted, 1)):
            name = str(PurePosixPath(*parts[:-1], numbered(parts[-1], number)))
            if name.casefold() not in self._taken:
                self._next[wanted] = number + 1
                self._taken.add(name.casefold())
                return name
        raise AssertionError("count() does not end")


def set_time(path: Path, info: zipfile.ZipInfo) -> None:
    """Give an image the time of its change that the archive notes, if that is one."""
    with suppress(ValueError, OverflowError, OSError):
        seconds = time.mktime((*info.date_time, 0, 0, -1))
        os.utime(path, (seconds, seconds))
