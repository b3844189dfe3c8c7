"""Groups of near-duplicates among images that come, go and change."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.near_duplicates import NearDuplicates, near_duplicate_groups
from resmem_gui.images.likeness import BYTES, distances


@dataclass(frozen=True, eq=False, slots=True)
class Groups:
    """Which images are near-duplicates.

    Attributes:
        image_ids: Shape (n,), ascending.
        fingerprints: Shape (n, 24); zeros where there is none.
        groups: Shape (n,), equal for images of one group, -1 for an image like no other.
    """

    image_ids: NDArray[np.int64]
    fingerprints: NDArray[np.uint8]
    groups: NDArray[np.int64]

    @property
    def alike_ids(self) -> NDArray[np.int64]:
        """The images that are in a group."""
        return self.image_ids[self.groups >= 0]

    def nearest(self, image_id: int) -> int | None:
        """Return the image of the same group that is most like this one, the first of several, if any."""
        place = int(np.searchsorted(self.image_ids, image_id))
        if place == len(self.image_ids) or self.image_ids[place] != image_id or self.groups[place] < 0:
            return None
        others = np.flatnonzero(self.groups == self.groups[place])
        others = others[others != place]
        apart = distances(self.fingerprints[place], self.fingerprints[others])
        return int(self.image_ids[others[np.argmin(apart)]])


NO_GROUPS: Final = Groups(np.empty(0, np.int64), np.empty((0, BYTES), np.uint8), np.empty(0, np.int64))


#: With more known fingerprints than so many times those that are there, most are of images that are gone:
#: comparing all that are there anew is less work then than comparing the new ones with all that are known.
_MOST_KNOWN: Final = 2


class ChangingGroups:
    """Compares each new fingerprint with all others once. Not for several threads at once."""

    def __init__(self, alike: int) -> None:
        """Begin with no image.

        Args:
            alike: The greatest distance of near-duplicates.
        """
        self._alike = alike
        self._near = NearDuplicates(alike)
        self._items: dict[bytes, int] = {}
        self._under_way: Iterator[None] = iter(())

    def find(
        self, image_ids: NDArray[np.int64], fingerprints: Sequence[bytes], go_on: Callable[[], bool]
    ) -> Groups | None:
        """Return the groups that images are in now; None if it was stopped: the next call goes on there.

        Args:
            image_ids: Shape (n,), ascending.
            fingerprints: n of them; empty for an image that cannot be compared.
            go_on: Called every few milliseconds: False to stop.
        """
        while True:
            for _ in self._under_way:
                if not go_on():
                    return None
            there = dict.fromkeys(filter(None, fingerprints))
            new = [one for one in there if one not in self._items]
            if not new:
                break
            if len(self._items) > _MOST_KNOWN * len(there):
                self._items, self._near, new = {}, NearDuplicates(self._alike), list(there)
            self._items.update(zip(new, count(len(self._items)), strict=False))
            self._under_way = self._near.adding(_array(new))
        empty = bytes(BYTES)
        return Groups(image_ids, _array([one or empty for one in fingerprints]), self._groups(fingerprints))

    def _groups(self, fingerprints: Sequence[bytes]) -> NDArray[np.int64]:
        """Return the group of each image, shape (n,), -1 for one that is alone."""
        items = np.array([self._items.get(one, -1) for one in fingerprints], dtype=np.int64)
        known = np.flatnonzero(items >= 0)
        _, labels, counts = np.unique(
            self._labels(np.unique(items[known]))[items[known]], return_inverse=True, return_counts=True
        )
        groups = np.full(len(items), -1, dtype=np.int64)
        groups[known] = np.where(counts[labels] > 1, labels, -1)
        return groups

    def _labels(self, used: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return a label for each fingerprint that there ever was, equal for those in use that are alike."""
        groups = self._near.groups()
        alone = np.arange(len(groups)) + len(groups)
        labels = np.where(groups >= 0, groups, alone)
        is_used = np.zeros(len(groups), dtype=np.bool_)
        is_used[used] = True
        # What hung together by an image that is gone may not hang together any more.
        incomplete = np.unique(groups[~is_used & (groups >= 0)])
        doubtful = used[np.isin(groups[used], incomplete)]
        if len(doubtful):
            bits = list(self._items)
            there = _array([bits[item] for item in doubtful.tolist()])
            again = near_duplicate_groups(there, np.ones(len(there), np.bool_), self._alike)
            labels[doubtful] = np.where(again >= 0, again + 2 * len(groups), alone[doubtful])
        return labels


def _array(fingerprints: Sequence[bytes]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(fingerprints), dtype=np.uint8).reshape(-1, BYTES)
