"""Finds images again whose files have been moved or renamed."""

import contextlib
import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from resmem_gui.file_state import file_state
from resmem_gui.library.library import Library

# A session may come from another platform.
_SEPARATORS = re.compile(r"[/\\]")


@dataclass(frozen=True, slots=True)
class Lost:
    """An image whose file is not where it was.

    Attributes:
        key: The caller's number for it.
        path: Where it was, in the writing of any platform.
        size: Of the file in bytes; 0 while unknown.
        sha256: Of the file's bytes, hexadecimal; empty while unknown.
    """

    key: int
    path: str
    size: int
    sha256: str


def lost_images(library: Library, image_ids: Iterable[int]) -> list[Lost]:
    """Return what is known of images whose files are not where they were; their ids are the keys."""
    sizes = library.file_bytes
    return [
        Lost(image_id, library.paths[image_id], int(sizes[image_id]), library.sha256(image_id))
        for image_id in image_ids
    ]


def relink(
    lost: Sequence[Lost], files: Iterable[str], is_cancelled: Callable[[], bool] = lambda: False
) -> dict[int, str]:
    """Return the new paths of lost images by their keys. What remains doubtful remains lost.

    Three rules, each for all images that those before have left:

    1. By place: of the files with the image's name and size, it is the one that shares the most of the path's
       end. An image whose hash is known must share the folder's name too, and then need not be read.
    2. By content: it is a file of the same size with the same hash, whatever its name. Of several copies it
       is the one that shares the most of the path's end.
    3. Changed: of the files with the image's name in a folder of the same name, whatever their sizes, it is
       the one that shares the most of the path's end.

    Rules 1 and 3 decide nothing where two files are equally near or two images want the same file. Names that
    differ only in case, or in how accents are encoded, count as the same if none is exactly the same. No file
    is given to two images, and files that cannot be read are passed over.

    Args:
        lost: The images, with different keys.
        files: Absolute paths, none of them of an image that is not lost.
        is_cancelled: Asked before each file is looked at or read. After a yes the result is what has been
            found so far.
    """
    search = _Search(files, is_cancelled)
    search.give(lost, search.by_place)
    search.by_content(lost)
    search.give(lost, search.changed)
    return search.found


class _Search:
    """One relinking.

    Attributes:
        found: Paths by keys of lost images.
    """

    def __init__(self, files: Iterable[str], is_cancelled: Callable[[], bool]) -> None:
        self.found: dict[int, str] = {}
        self._is_cancelled = is_cancelled
        self._given: set[str] = set()
        self._sizes: dict[str, int] = {}
        self._ends: dict[str, list[str]] = {}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for file in files:
            if is_cancelled():
                break
            if file not in self._ends:
                self._ends[file] = _from_end(file)
                self._by_name[self._ends[file][0]].append(file)

    def give(self, lost: Sequence[Lost], choose: Callable[[Lost], str | None]) -> None:
        """Give images the files chosen for them, except where two images want the same."""
        wanting: dict[str, list[int]] = defaultdict(list)
        for image in lost:
            if self._is_cancelled():
                return  # another image might want the same file
            if image.key not in self.found:
                file = choose(image)
                if file is not None:
                    wanting[file].append(image.key)
        for file, keys in wanting.items():
            if len(keys) == 1:
                self._give(keys[0], file)

    def by_place(self, image: Lost) -> str | None:
        """Choose by name, size and folders."""
        same_size = [file for file in self._namesakes(image) if image.size in (0, self._size(file))]
        return self._nearest(image, same_size, shared=2 if image.sha256 else 1)

    def changed(self, image: Lost) -> str | None:
        """Choose by name and folders."""
        return self._nearest(image, self._namesakes(image), shared=2)

    def by_content(self, lost: Sequence[Lost]) -> None:
        """Give images the files that have their bytes."""
        wanted = [image for image in lost if image.size and image.sha256 and image.key not in self.found]
        copies = self._by_hash({image.size for image in wanted})
        for image in wanted:
            left = [file for file in copies[image.sha256] if file not in self._given]
            if left:
                nearness = self._nearness(image, left)
                self._give(image.key, left[nearness.index(max(nearness))])

    def _by_hash(self, sizes: set[int]) -> dict[str, list[str]]:
        """Read the files of these sizes that are not given, and return them by their hashes."""
        copies: dict[str, list[str]] = defaultdict(list)
        for file in self._ends if sizes else ():
            if self._is_cancelled():
                break
            if file not in self._given and self._size(file) in sizes:
                with contextlib.suppress(OSError), open(file, "rb") as stream:
                    copies[hashlib.file_digest(stream, "sha256").hexdigest()].append(file)
        return copies

    def _namesakes(self, image: Lost) -> list[str]:
        """Return the files with the image's name that are there and are not given."""
        alike = [
            file
            for file in self._by_name.get(_from_end(image.path)[0], ())
            if file not in self._given and self._size(file) >= 0
        ]
        name = _SEPARATORS.split(image.path)[-1]
        return [file for file in alike if file.endswith(name)] or alike

    def _nearest(self, image: Lost, files: list[str], shared: int) -> str | None:
        """Return the file that shares most of the path's end, at least so many parts; None if two do."""
        nearness = self._nearness(image, files)
        best = max(nearness, default=0)
        return files[nearness.index(best)] if best >= shared and nearness.count(best) == 1 else None

    def _nearness(self, image: Lost, files: list[str]) -> list[int]:
        """Return how many parts at its path's end each file shares: 1 for the name, 2 with its folder's."""
        end = _from_end(image.path)
        return [_count_equal(end, self._ends[file]) for file in files]

    def _size(self, file: str) -> int:
        """Return a file's size in bytes, -1 if it cannot be asked."""
        size = self._sizes.get(file)
        if size is None:
            state = file_state(file)
            size = self._sizes[file] = -1 if state is None else state.size
        return size

    def _give(self, key: int, file: str) -> None:
        self.found[key] = file
        self._given.add(file)


def _count_equal(parts: list[str], others: list[str]) -> int:
    """Return how many parts at the start of two lists are the same."""
    count = 0
    for part, other in zip(parts, others, strict=False):
        if part != other:
            break
        count += 1
    return count


def _from_end(path: str) -> list[str]:
    """Return the name and the folders upwards in a path of any platform, without differences of case."""
    # macOS may write an accented letter as a letter and an accent.
    return _SEPARATORS.split(unicodedata.normalize("NFC", path).casefold())[::-1]
