"""What can be compared with what: groups of images, and references."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.reference import Reference
from resmem_gui.library.library import Library
from resmem_gui.library.records import readable
from resmem_gui.natural_order import natural_key

#: More folders than these make no list that anybody reads.
_MOST_FOLDERS: Final = 200


class Kind(Enum):
    """What a choice stands for; the value is its title."""

    ALL = "All images"
    SHOWN = "Images shown"
    SELECTED = "Selected images"
    FOLDER = ""
    OTHERS = "Other images"
    OWN_REFERENCE = "Their own reference"
    REFERENCE = "Reference"


_IN_SENTENCES: Final = {
    Kind.ALL: "all images",
    Kind.SHOWN: "the images shown",
    Kind.SELECTED: "the selected images",
    Kind.OTHERS: "the other images",
}


@dataclass(frozen=True)
class Choice:
    """An entry of one of the two lists.

    Attributes:
        kind: What it stands for.
        key: Path of the folder, or id of the reference.
        title: As it is listed.
    """

    kind: Kind
    key: str = ""
    title: str = ""

    @property
    def is_reference(self) -> bool:
        """Whether it was measured on people."""
        return self.kind in (Kind.OWN_REFERENCE, Kind.REFERENCE)

    @property
    def identity(self) -> tuple[Kind, str]:
        """What it stands for, whatever it is called."""
        return self.kind, self.key


@dataclass(frozen=True, eq=False)
class Group:
    """Some images.

    Attributes:
        title: As a legend calls them.
        name: As a sentence calls them, in its middle.
        image_ids: Shape (n,).
        scores: Shape (n,), NaN without a score.
    """

    title: str
    name: str
    image_ids: NDArray[np.int64]
    scores: NDArray[np.float32]

    def is_same(self, other: object) -> bool:
        """Whether this is a group of the same images with the same scores."""
        return (
            isinstance(other, Group)
            and self.title == other.title
            and np.array_equal(self.image_ids, other.image_ids)
            and np.array_equal(self.scores, other.scores, equal_nan=True)
        )


def group_choices(library: Library) -> list[Choice]:
    """Return the groups that can be chosen; folders if there are several with images."""
    choices = [Choice(kind, title=kind.value) for kind in (Kind.ALL, Kind.SHOWN, Kind.SELECTED)]
    used = np.unique(library.folder_numbers[library.present]).tolist()
    if not 1 < len(used) <= _MOST_FOLDERS:
        return choices
    folders = sorted((library.folders[number] for number in used), key=natural_key)
    return choices + [
        Choice(Kind.FOLDER, folder, title) for folder, title in zip(folders, _titles(folders), strict=True)
    ]


def reference_choices(references: Sequence[Reference], default: Reference) -> list[Choice]:
    """Return the references that can be chosen; first the one that images have of themselves."""
    own = Choice(Kind.OWN_REFERENCE, title=f"Their own reference ({default.name})")
    return [own, *(Choice(Kind.REFERENCE, reference.id, reference.name) for reference in references)]


def _titles(folders: list[str]) -> list[str]:
    """Return the last parts of paths, with the part before where they would be equal."""
    names = [os.path.basename(folder) or folder for folder in folders]
    counts = Counter(names)
    return [
        readable(name if counts[name] == 1 else f"{os.path.basename(os.path.dirname(folder))}{os.sep}{name}")
        for name, folder in zip(names, folders, strict=True)
    ]


def find_group(
    choice: Choice, library: Library, shown: NDArray[np.int64], selected: NDArray[np.int64], first: Choice
) -> Group:
    """Return the images that a choice stands for, with their scores as they are now.

    Args:
        choice: Of a group.
        library: Of the images.
        shown: Ids of those that a filter lets through.
        selected: Ids of those that are selected.
        first: What the other images are others than.
    """
    ids = _ids_of(choice, library, shown, selected)
    if choice.kind is Kind.OTHERS:
        is_other = library.present.copy()
        is_other[_ids_of(first, library, shown, selected)] = False
        ids = np.flatnonzero(is_other)
    name = _IN_SENTENCES.get(choice.kind) or f"the images in “{choice.title}”"
    return Group(choice.title, name, ids, library.scores[ids])


def _ids_of(
    choice: Choice, library: Library, shown: NDArray[np.int64], selected: NDArray[np.int64]
) -> NDArray[np.int64]:
    if choice.kind is Kind.SHOWN:
        return _ascending(shown, library)
    if choice.kind is Kind.SELECTED:
        return _ascending(selected[library.present[selected]], library)
    present = library.present_ids()
    if choice.kind is Kind.FOLDER:
        folders = library.folders
        number = folders.index(choice.key) if choice.key in folders else -1
        return np.compress(library.folder_numbers[present] == number, present)
    return present


def _ascending(image_ids: NDArray[np.int64], library: Library) -> NDArray[np.int64]:
    """Return ids in one order, in which they are the same images; sorting 100,000 takes ten times as long."""
    chosen = np.zeros(len(library), dtype=np.bool_)
    chosen[image_ids] = True
    return np.flatnonzero(chosen)
