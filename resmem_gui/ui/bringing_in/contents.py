"""What a file that is no image brings: the images that a list names, or those in an archive."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from resmem_gui.images.formats import HEAD_BYTES, sniff
from resmem_gui.images.path_lists import LIST_ENDINGS, PathList, PathListError, read_path_list
from resmem_gui.library.records import readable
from resmem_gui.ui import wording

if TYPE_CHECKING:
    from resmem_gui.images.archives import Unpacked

#: Files with these endings are taken for archives.
ARCHIVE_ENDINGS: Final = frozenset({".zip", ".cbz"})


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file brings.

    Attributes:
        paths: Images.
        problem: What is wrong, as sentences for a person; empty if nothing is.
    """

    paths: list[str]
    problem: str = ""


def is_container(path: str) -> bool:
    """Return whether a file may be a list or an archive by its name, without looking at it."""
    return _ending(path) in ARCHIVE_ENDINGS | LIST_ENDINGS


def contents_of(
    path: str,
    folder: Path,
    is_cancelled: Callable[[], bool],
    give_way: Callable[[], None],
    tell: Callable[[int, int], None],
) -> Contents | None:
    """Return what a file brings; None if it was cancelled. To be called on a thread.

    A folder or an image that has the name of a list or of an archive brings itself.

    Args:
        path: The file.
        folder: Where archives are unpacked.
        is_cancelled: Asked often.
        give_way: Called often: waits while others should go first.
        tell: Called with how many images are unpacked and how many there are.
    """
    from resmem_gui.images.archives import ArchiveError, unpack  # with all that compresses: not at the start

    if os.path.isdir(path) or _is_image(path):
        return Contents([path])
    name = readable(os.path.basename(path))
    try:
        if _ending(path) in ARCHIVE_ENDINGS:
            unpacked = unpack(path, folder, is_cancelled=is_cancelled, give_way=give_way, tell=tell)
            return Contents(unpacked.paths, _problem_of_archive(name, unpacked)) if unpacked else None
        named = read_path_list(path, is_cancelled=is_cancelled, give_way=give_way)
        return Contents(named.paths, _problem_of_list(name, named)) if named else None
    except (ArchiveError, PathListError) as error:
        return Contents([], f"{name}: {error}")


def _ending(path: str) -> str:
    return os.path.splitext(path)[1].lower()


def _is_image(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return sniff(file.read(HEAD_BYTES)) is not None
    except (OSError, ValueError):  # whoever reads it says why
        return False


def _problem_of_list(name: str, named: PathList) -> str:
    if not named.paths and not named.lost:
        others = " Its lines lead to folders or to files of other kinds." if named.others else " It is empty."
        return f"{name} names no images.{others}"
    if not named.lost:
        return ""
    lost = f"{named.lost:,} of its lines lead" if named.lost > 1 else "one of its lines leads"
    first = f"the first is “{named.first_lost}”" if named.lost > 1 else f"“{named.first_lost}”"
    if named.paths:
        return (
            f"{wording.count_text(len(named.paths), 'image')} added from {name}; {lost} to nothing: {first}."
        )
    return (
        f"{name} names no image that is there: {lost} to nothing, {first}. A list has one path in each line, "
        "in full or from the folder of the list on."
    )


def _problem_of_archive(name: str, unpacked: "Unpacked") -> str:
    if unpacked.problems:
        first = unpacked.problems[0]
        count = len(unpacked.problems) + len(unpacked.paths)
        return (
            f"{len(unpacked.problems):,} of {wording.count_text(count, 'image')} in {name} could not be "
            f"unpacked. {first.name}: {first.reason}"
        )
    if unpacked.paths:
        return ""
    others = f"; {wording.count_text(unpacked.others, 'file')} of other kinds" if unpacked.others else ""
    return f"{name} has no images in it{others}."
