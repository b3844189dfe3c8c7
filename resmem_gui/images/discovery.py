"""Finds the images in files and folders that a person named."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from natsort import natsort_keygen, ns

from resmem_gui.images.formats import HEAD_BYTES, extensions, sniff

_natural_key = natsort_keygen(key=lambda entry: entry.name, alg=ns.IGNORECASE)


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
    ) -> None:
        self._named = [os.path.abspath(path) for path in paths]
        self._recursive = recursive
        self._is_cancelled = is_cancelled
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
            files, folders = self._list(folder)
            for entry in files:
                if self._is_cancelled():
                    return
                self.files_seen += 1
                if is_image_file(entry):
                    yield entry.path
            if self._recursive:
                pending.extend(entry.path for entry in reversed(folders))

    def _list(self, folder: str) -> tuple[list[os.DirEntry[str]], list[os.DirEntry[str]]]:
        """Return the visible files and folders inside `folder`, each in natural order."""
        files: list[os.DirEntry[str]] = []
        folders: list[os.DirEntry[str]] = []
        try:
            if not self._first_visit(folder):
                return files, folders
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    (folders if _is_folder(entry) else files).append(entry)
        except OSError as error:
            self.problems.append(FolderProblem(folder, f"This folder could not be read: {error.strerror}."))
        files.sort(key=_natural_key)
        folders.sort(key=_natural_key)
        return files, folders

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
        if not stat.S_ISREG(entry.stat().st_mode):
            return False  # a pipe or a device would block whoever reads it
        if Path(entry.name).suffix.lower() in extensions():
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
