"""Zip files: the images in them, unpacked once into a folder of the program's own."""

import hashlib
import json
import os
import shutil
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from resmem_gui.file_state import FileState, file_state
from resmem_gui.images.archive_members import (
    HARMLESS_BYTES,
    MOST_TIMES,
    Member,
    Names,
    images_in,
    set_time,
)
from resmem_gui.images.clean_names import clean_name

#: More than a hard disk of photographs comes in one file only by mistake or malice.
MAX_TOTAL_BYTES: Final = 100 * 2**30
MAX_IMAGES: Final = 100_000
#: Left free on the disk: scores and thumbnails have to be written, too.
_SPARE_BYTES: Final = 256 * 2**20
_PORTION: Final = 2**18
_NOTE: Final = ".unpacked.json"
_UNFINISHED: Final = ".unpacking-"
_STALE_S: Final = 86_400


class ArchiveError(Exception):
    """An archive that cannot be unpacked. Its text is one plain sentence that a person can act on."""


@dataclass(frozen=True, slots=True)
class MemberProblem:
    """An image in an archive that could not be unpacked, and why, as a plain sentence."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What came out of an archive.

    Attributes:
        folder: Where it is.
        paths: The images, absolute paths, in the order of the archive.
        others: How many files of other kinds are in the archive; they were not unpacked.
        problems: The images that could not be unpacked.
    """

    folder: Path
    paths: list[str]
    others: int
    problems: list[MemberProblem]


def unpack(
    path: str,
    parent: Path,
    *,
    is_cancelled: Callable[[], bool] = lambda: False,
    give_way: Callable[[], None] = lambda: None,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> Unpacked | None:
    """Unpack the images of a zip file into a folder below `parent`, all or none of it.

    The folder belongs to the archive's path, size and time of change: the same archive is unpacked once, and
    its images keep their paths. Names inside are data: they are cleaned, and no file is ever written outside.
    Hidden files, those that macOS adds, and files that are no images by their name are passed over.

    Args:
        path: The archive.
        parent: A folder of the program's own; made where it is not there.
        is_cancelled: Asked often.
        give_way: Called often: waits while others should go first.
        tell: Called with how many images are unpacked and how many there are.

    Returns:
        What came out; None if it was cancelled.

    Raises:
        ArchiveError: It cannot be read, would fill the disk, or cannot be written.
    """
    state = file_state(path)
    if state is None:
        raise ArchiveError("There is no file at this path (any more).")
    folder = parent / _folder_name(path, state)
    known = _note_in(folder)
    if known is not None:
        return known
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _remove_stale(parent)
        with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=parent, ignore_cleanup_errors=True) as made:
            unfinished = Path(made) / "images"
            unfinished.mkdir()
            work = _Unpacking(unfinished, is_cancelled, give_way, tell)
            return _put_in_place(unfinished, folder) if work.run(path) else None
    except OSError as error:
        raise ArchiveError(f"This archive could not be unpacked: {error.strerror or error}.") from error


def _folder_name(path: str, state: FileState) -> str:
    absolute = os.path.abspath(path)
    identity = b"\0".join([os.fsencode(absolute), b"%d" % state.size, b"%d" % state.mtime_ns])
    stem = clean_name(os.path.splitext(os.path.basename(absolute))[0], "archive")
    return f"{stem} {hashlib.sha256(identity).hexdigest()[:12]}"


def _put_in_place(unfinished: Path, folder: Path) -> Unpacked | None:
    """Give an unpacked folder its name, in the place of one that files have been taken from."""
    with suppress(FileNotFoundError):
        folder.rename(unfinished.parent / "damaged")
    try:
        unfinished.rename(folder)
    except OSError:
        if _note_in(folder) is None:  # else another window has just done the same
            raise
    return _note_in(folder)


def _remove_stale(parent: Path) -> None:
    """Remove what was left by programs that ended in the middle."""
    for left in parent.glob(f"{_UNFINISHED}*"):
        with suppress(FileNotFoundError):  # another window is at it
            if time.time() - left.stat().st_mtime > _STALE_S:
                shutil.rmtree(left, ignore_errors=True)


def _note_in(folder: Path) -> Unpacked | None:
    """Return what was unpacked before; None if it is not there as a whole."""
    try:
        note = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
        paths = [str(folder / name) for name in note["images"]]
        problems = [MemberProblem(**problem) for problem in note["problems"]]
        others = int(note["others"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Unpacked(folder, paths, others, problems) if all(map(os.path.isfile, paths)) else None


class _Unpacking:
    """Unpacks one archive into an empty folder."""

    def __init__(
        self,
        folder: Path,
        is_cancelled: Callable[[], bool],
        give_way: Callable[[], None],
        tell: Callable[[int, int], None],
    ) -> None:
        self._folder = folder
        self._is_cancelled = is_cancelled
        self._give_way = give_way
        self._tell = tell
        self._images: list[str] = []
        self._problems: list[MemberProblem] = []

    def run(self, path: str) -> bool:
        """Unpack, and write a note of it; return False if it was cancelled."""
        try:
            with zipfile.ZipFile(path) as archive:
                members, others = images_in(archive)
                self._check(members, Path(path).stat().st_size)
                if not self._write_all(archive, members):
                    return False
        except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError) as error:
            raise ArchiveError("This file is no zip archive, or is damaged.") from error
        note = {
            "images": self._images,
            "others": others,
            "problems": [asdict(problem) for problem in self._problems],
        }
        (self._folder / _NOTE).write_text(json.dumps(note, ensure_ascii=True), encoding="utf-8")
        return True

    def _check(self, members: list[Member], archive_bytes: int) -> None:
        total = sum(member.info.file_size for member in members if not member.reason)
        if len(members) > MAX_IMAGES:
            raise ArchiveError(
                f"This archive has {len(members):,} images; the limit is {MAX_IMAGES:,}. "
                "Unpack it yourself, then open the folder."
            )
        if total > MAX_TOTAL_BYTES:
            raise ArchiveError(
                f"The images in this archive take {total / 1e9:,.0f} GB. Unpack it yourself, then open "
                "the folder."
            )
        if total > max(HARMLESS_BYTES, MOST_TIMES * archive_bytes):
            raise ArchiveError(
                f"This archive of {archive_bytes / 1e6:,.1f} MB would take {total / 1e9:,.1f} GB unpacked. "
                "Such files are made to fill disks: nothing was unpacked."
            )
        free = shutil.disk_usage(self._folder).free
        if total + _SPARE_BYTES > free:
            raise ArchiveError(
                f"The images in this archive take {total / 1e9:,.1f} GB, and the disk of the program’s own "
                f"folder has {free / 1e9:,.1f} GB left. Make room, or unpack the archive elsewhere and open "
                "that folder."
            )

    def _write_all(self, archive: zipfile.ZipFile, members: list[Member]) -> bool:
        names = Names(member.parts for member in members)
        for number, member in enumerate(members):
            self._tell(number, len(members))
            name = names.take(member.parts)
            reason = member.reason or self._write(archive, member.info, self._folder / name)
            if self._is_cancelled():
                return False
            if reason:
                self._problems.append(MemberProblem(str(PurePosixPath(*member.parts)), reason))
            else:
                self._images.append(name)
        return True

    def _write(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> str:
        """Write one member; return why it could not be, or an empty text."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            reason = self._copy(archive, info, file)
        if reason:
            path.unlink()
        else:
            set_time(path, info)
        return reason

    def _copy(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: IO[bytes]) -> str:
        try:
            with archive.open(info) as member:
                # No longer than its header says: `ZipFile` stops there, and compares the checksum.
                while not self._is_cancelled():
                    self._give_way()
                    portion = member.read(_PORTION)
                    if not portion:
                        break
                    _write_portion(file, portion)
        except _WriteError as error:
            raise OSError(error.errno, error.strerror) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
            return "It is damaged."
        except ValueError:  # such as a place before the beginning of the file
            return "It is damaged."
        return ""


class _WriteError(Exception):
    """The disk does not take it; an `OSError` would be taken for one of the archive."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.errno, self.strerror = error.errno or 0, error.strerror or str(error)


def _write_portion(file: IO[bytes], portion: bytes) -> None:
    try:
        file.write(portion)
        file.flush()
    except OSError as error:
        raise _WriteError(error) from error
