"""Which images of a library are near-duplicates of one another: copies of one file, frames of one burst.

Every image is compared with every other, and no pair is passed over: two fingerprints count as alike at up to
a sixth of their bits, and at that distance an index by bands would have to look into a quarter of all pairs
anyway. Most pairs fall at the first of three words, so a pair costs one exclusive or and one count of bits.

Alike is not transitive. A group is what hangs together by pairs, so the first and the last frame of a long
burst are of one group although they differ.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

#: A fingerprint: one word of frequencies, two words of steps (`images.likeness`).
_WORDS: Final = 3
#: Fingerprints compared at once, rows by columns: what they need fits into a processor's second cache.
_ROWS: Final = 16
_COLUMNS: Final = 4096
#: Pairs that are kept before their images are joined.
_MOST_PENDING: Final = 50_000

_Numbers = NDArray[np.int64]


def near_duplicate_groups(
    fingerprints: NDArray[np.uint8], has: NDArray[np.bool_], alike: int
) -> NDArray[np.int64]:
    """Return the group of each image, shape (n,): 0, 1 … by their first image, -1 for one that is alone.

    Args:
        fingerprints: Shape (n, 24).
        has: Shape (n,): which images have a fingerprint. One without is always alone.
        alike: The greatest distance of near-duplicates (`images.likeness.ALIKE`).
    """
    near = NearDuplicates(alike)
    near.add(fingerprints[has])
    groups = np.full(len(fingerprints), -1, dtype=np.int64)
    groups[has] = near.groups()
    return groups


class NearDuplicates:
    """Groups of near-duplicates in a library that grows. Not for several threads at once."""

    def __init__(self, alike: int) -> None:
        """Begin with no image.

        Args:
            alike: The greatest distance of near-duplicates (`images.likeness.ALIKE`).
        """
        self._alike = alike
        self._numbers: dict[bytes, int] = {}
        self._different: list[int] = []
        self._words = np.empty((0, _WORDS), dtype=np.uint64)
        self._roots = np.empty(0, dtype=np.int64)
        self._pairs: list[tuple[_Numbers, _Numbers]] = []
        self._pending = 0

    def __len__(self) -> int:
        """How many images were added."""
        return len(self._different)

    def add(self, fingerprints: NDArray[np.uint8]) -> None:
        """Add images and compare them with all others.

        Args:
            fingerprints: Shape (m, 24).
        """
        new = []
        for row in np.ascontiguousarray(fingerprints):
            before = len(self._numbers)
            number = self._numbers.setdefault(row.tobytes(), before)
            if number == before:
                new.append(row)
            self._different.append(number)
        if new:
            self._roots = np.concatenate([self._roots, np.arange(len(self._roots), len(self._numbers))])
            self._words = np.concatenate([self._words, np.stack(new).view(np.uint64)])
            self._compare(len(self._numbers) - len(new))

    def groups(self) -> NDArray[np.int64]:
        """Return the group of each image in order of adding: 0, 1 … by first image, -1 for one alone."""
        roots = self._roots[np.array(self._different, dtype=np.int64)]
        _, firsts, inverse, counts = np.unique(
            roots, return_index=True, return_inverse=True, return_counts=True
        )
        numbers = np.full(len(counts), -1, dtype=np.int64)
        together = np.flatnonzero(counts > 1)
        numbers[together[np.argsort(firsts[together])]] = np.arange(len(together))
        return numbers[inverse]

    def _compare(self, begin: int) -> None:
        """Compare all from `begin` with all before them."""
        frequencies = np.ascontiguousarray(self._words[:, 0])
        differing = np.empty((_ROWS, _COLUMNS), dtype=np.uint64)
        counts = np.empty((_ROWS, _COLUMNS), dtype=np.uint8)
        for top in range(begin, len(frequencies), _ROWS):
            rows = frequencies[top : top + _ROWS, None]
            end = top + len(rows)
            for left in range(0, end, _COLUMNS):
                columns = frequencies[left : min(left + _COLUMNS, end)]
                here = np.s_[: len(rows), : len(columns)]
                np.bitwise_xor(rows, columns, out=differing[here])
                np.bitwise_count(differing[here], out=counts[here])
                if counts[here].min() <= self._alike // 2:
                    self._note(counts[here] <= self._alike // 2, top, left)
        self._join()

    def _note(self, near: NDArray[np.bool_], top: int, left: int) -> None:
        """Keep the pairs whose steps are near as well, if they are not of one group already."""
        rows, columns = np.nonzero(near)
        rows, columns = rows + top, columns + left
        apart = self._roots[rows] != self._roots[columns]
        rows, columns = rows[apart], columns[apart]
        differing = self._words[rows, 1:] ^ self._words[columns, 1:]
        alike = np.bitwise_count(differing).sum(axis=1, dtype=np.int64) <= self._alike
        self._pairs.append((rows[alike], columns[alike]))
        self._pending += int(np.count_nonzero(alike))
        if self._pending > _MOST_PENDING:
            self._join()

    def _join(self) -> None:
        """Make one group of each pair that was kept."""
        if not self._pending:
            self._pairs.clear()
            return
        rows, columns = (np.concatenate(side) for side in zip(*self._pairs, strict=True))
        self._pairs.clear()
        self._pending = 0
        while True:
            one, other = self._roots[rows], self._roots[columns]
            apart = one != other
            if not apart.any():
                return
            # The lower of two roots becomes the root of the higher; who loses that race comes round again.
            np.minimum.at(self._roots, np.maximum(one, other)[apart], np.minimum(one, other)[apart])
            while not np.array_equal(above := self._roots[self._roots], self._roots):
                self._roots = above
