"""Finds the images in files and folders that a person named."""

import math
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Final

from resmem_gui.images.formats import HEAD_BYTES, extensions, sniff
from resmem_gui.natural_order import in_natural_order

#: While a folder is listed and sorted: a look at each entry would take as long as the listing.
_ENTRIES_A_LOOK: Final = 50
_name_of: Callable[[os.DirEntry[str]], str] = attrgetter("name")


@dataclass(frozen=True, slots=True)
class FolderProblem:
    """A folder or file that could not be looked at, and why, as a plain sentence."""

    path: str
    reason: str


class Discovery:
    """One walk over the named files and folders. Iterate it once to get the absolute paths of images.

    A file named by the person is always an image to us: if it is none, decoding says so in its row. Inside
    folders a file counts when its name or its first bytes say that it is an image. Hidden files and folders
    (a leading dot: `.thumbnails`, macOS' `._` files) are passed over. Links to folders are followed, each
    folder once, so a loop ends.

    Attributes:
        files_seen: How many files have been looked at so far.
        problems: Folders that could not be read.
    """

    def __init__(
        self,
        paths: Iterable[str | os.PathLike[str]],
        *,
        recursive: bool = True,
        is_cancelled: Callable[[], bool] = lambda: False,
        patience: float = math.inf,
    ) -> None:
        """Prepare a walk.

        Args:
            paths: Files and folders.
            recursive: Whether to look into subfolders.
            is_cancelled: Asked often; the walk ends when it says so.
            patience: Seconds after which what a folder has told of itself is yielded, though it goes on: the
                images of a slow drive come in several natural orders behind each other.
        """
        self._named = [os.path.abspath(path) for path in paths]
        self._recursive = recursive
        self._is_cancelled = is_cancelled
        self._patience = patience
        self._visited: set[tuple[int, int]] = set()
        self.files_seen = 0
        self.problems: list[FolderProblem] = []

    def __iter__(self) -> Iterator[str]:
        """Yield image paths in natural order, files of a folder before its subfolders."""
        for path in self._named:
            if self._is_cancelled():
                return
            if os.path.isdir(path):
                yield from self._walk(path)
            else:
                self.files_seen += 1
                yield path

    def _walk(self, top: str) -> Iterator[str]:
        pending = [top]
        while pending and not self._is_cancelled():
            folder = pending.pop()
            folders: list[os.DirEntry[str]] = []
            for entry in self._files(folder, folders):
                if self._is_cancelled():
                    return
                self.files_seen += 1
                if is_image_file(entry):
                    yield entry.path
            if self._recursive:
                pending.extend(reversed([entry.path for entry in in_natural_order(folders, _name_of)]))

    def _files(self, folder: str, folders: list[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
        """Yield the visible files inside `folder`, and add the folders there to `folders`."""
        try:
            if not self._first_visit(folder):
                return
            with os.scandir(folder) as entries:
                for part in self._parts(entries):
                    folders += (entry for entry in part if _is_folder(entry))
                    files = (entry for entry in self._until_cancelled(part) if not _is_folder(entry))
                    yield from in_natural_order(files, _name_of)
        except OSError as error:
            self.problems.append(FolderProblem(folder, f"This folder could not be read: {error.strerror}."))

    def _parts(self, entries: Iterable[os.DirEntry[str]]) -> Iterator[list[os.DirEntry[str]]]:
        """Yield the visible ones of a folder's entries, all at once unless patience ends before."""
        part: list[os.DirEntry[str]] = []
        began = time.monotonic()
        for entry in self._until_cancelled(entries):
            if not entry.name.startswith("."):
                part.append(entry)
            if time.monotonic() - began > self._patience:
                yield part
                part, began = [], time.monotonic()
        yield part

    def _until_cancelled(self, entries: Iterable[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
        for number, entry in enumerate(entries):
            if number % _ENTRIES_A_LOOK == 0 and self._is_cancelled():
                return
            yield entry

    def _first_visit(self, folder: str) -> bool:
        status = Path(folder).stat()
        # Some Windows file systems give no inode; there a loop ends at the limit on path length.
        if status.st_ino == 0:
            return True
        identity = (status.st_dev, status.st_ino)
        if identity in self._visited:
            return False
        self._visited.add(identity)
        return True


def is_image_file(entry: os.DirEntry[str]) -> bool:
    """Return whether a file in a folder is to be taken for an image.

    A well-known extension is enough, also for a broken file: its owner wants to see that it is broken.
    Other files are known by their first bytes.
    """
    try:
        if not entry.is_file():
            return False  # a pipe or a device would block whoever reads it
        if os.path.splitext(entry.name)[1].lower() in extensions():
            return True
        with open(entry.path, "rb", buffering=0) as file:
            return sniff(file.read(HEAD_BYTES)) is not None
    except OSError:
        return False  # unreadable and without an image's name: nothing says that it is an image


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link that leads nowhere is looked at, and passed over, as a file
