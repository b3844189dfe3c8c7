"""Which of the images that could be in a list are near-duplicates of one another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from resmem_gui.images.likeness import ALIKE
from resmem_gui.library.library import Library
from resmem_gui.ui.rows.changing_groups import ChangingGroups

#: How many images are gone through before the window may go first.
_COLLECTED: Final = 500


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """What came of comparing images with each other.

    Attributes:
        image_ids: The images, ascending, shape (n,).
        groups: Shape (n,), equal for near-duplicates, -1 for an image like no other.
        unlooked: Shape (n,): true where nobody has looked at the pixels yet. Copies of the same content are
            found nevertheless.
        plain: Shape (n,): true where an image is plain all over: it is compared with copies of itself only.
    """

    image_ids: NDArray[np.int64]
    groups: NDArray[np.int64]
    unlooked: NDArray[np.bool_]
    plain: NDArray[np.bool_]

    def by_image_id(self, images: int) -> NDArray[np.int64]:
        """Return the groups by image id, for so many ids."""
        groups = np.full(images, -1, dtype=np.int64)
        groups[self.image_ids] = self.groups
        return groups

    def uncompared(self, image_ids: NDArray[np.int64]) -> int:
        """Return of how many of these images near-duplicates are not known."""
        return int(np.count_nonzero(np.isin(image_ids, self.image_ids[self.unlooked | self.plain])))

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many images each group has, shape (groups,)."""
        return np.unique(self.groups[self.groups >= 0], return_counts=True)[1]


class Alike:
    """Compares images of a snapshot. Each pair is compared once, whichever images are asked for.

    Not for several threads at once.
    """

    def __init__(self, library: Library, give_way: Callable[[], None]) -> None:
        """Prepare.

        Args:
            library: A snapshot.
            give_way: Called often: waits while the window should go first.
        """
        self._library = library
        self._give_way = give_way
        self._groups = ChangingGroups(ALIKE)
        self._fingerprints: dict[str, bytes] | None = None
        self._found: Found | None = None

    def find(self, image_ids: NDArray[np.int64], go_on: Callable[[], bool]) -> Found | None:
        """Return which images are near-duplicates; None if it was stopped.

        Args:
            image_ids: Ascending, shape (n,).
            go_on: Called often: False to stop.
        """
        if self._found is not None and np.array_equal(self._found.image_ids, image_ids):
            return self._found  # only how to draw has changed
        if self._fingerprints is None:
            self._fingerprints = self._by_content()
        contents, known = [], []
        for place, image_id in enumerate(image_ids.tolist()):
            if place % _COLLECTED == 0:
                self._give_way()
            contents.append(self._content(image_id))
            known.append(self._fingerprints.get(contents[-1]))
        groups = self._groups.find(image_ids, [bits or b"" for bits in known], self._going_on(go_on))
        if groups is None:
            return None
        plain = np.array([bits == b"" for bits in known], dtype=np.bool_)
        unlooked = np.array([bits is None for bits in known], dtype=np.bool_)
        together = _with_copies(groups.groups, contents, plain | unlooked)
        self._found = Found(image_ids, together, unlooked, plain)
        return self._found

    def _going_on(self, go_on: Callable[[], bool]) -> Callable[[], bool]:
        def polite() -> bool:
            self._give_way()
            return go_on()

        return polite

    def _by_content(self) -> dict[str, bytes]:
        """Return what is known of each content: a copy need not be looked at again."""
        library, found = self._library, {}
        for place, image_id in enumerate(np.flatnonzero(library.traits_known).tolist()):
            if place % _COLLECTED == 0:
                self._give_way()
            traits = library.traits(image_id)
            if traits is not None:
                found[self._content(image_id)] = traits.fingerprint
        return found

    def _content(self, image_id: int) -> str:
        """Return the hash of an image's file, or what no other image has."""
        return self._library.sha256(image_id) or f"image {image_id}"


def _with_copies(
    groups: NDArray[np.int64], contents: list[str], uncompared: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return groups where copies of one content are together that could not be compared by their looks."""
    places = np.flatnonzero(uncompared)
    if not len(places):
        return groups
    _, numbers, counts = np.unique(
        np.array(contents, dtype=object)[places].astype(str), return_inverse=True, return_counts=True
    )
    merged = groups.copy()
    merged[places] = np.where(counts[numbers] > 1, groups.max() + 1 + numbers, -1)
    return merged
