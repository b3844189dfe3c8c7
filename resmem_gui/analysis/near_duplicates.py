"""Which images of a library are near-duplicates of one another: copies of one file, frames of one burst.

No pair of images that are alike is passed over. Most pairs fall at the first of three words, so a pair costs
one exclusive or and one count of bits. Few new images are compared with all others. Many are sorted into
boxes first, by a sixth of the bits of that word at a time: where two words differ in 15 bits at most, they
differ in two bits at most of one of four sixths, or in one at most of one of the two others, and only boxes
so near to each other need comparing. That leaves a sixth of the pairs.

Alike is not transitive. A group is what hangs together by pairs, so the first and the last frame of a long
burst are of one group although they differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: A fingerprint: one word of frequencies, two words of steps (`images.likeness`).
_WORDS: Final = 3
#: Pairs compared at once, and with how many columns at most: what they need fits into a second cache.
_TILE: Final = 2**17
_COLUMNS: Final = 4096
#: Fingerprints that are compared with all others before anybody may ask to stop.
_PIECE: Final = 128
#: Pairs that are kept before the rest of their words is compared and their images are joined.
_MOST_PENDING: Final = 50_000
#: Into so many parts the bits of a word are divided to sort words into boxes.
_PARTS: Final = 6
#: Fewer pairs than these are compared sooner than words are sorted into boxes.
_MANY_PAIRS: Final = 300_000_000
#: So many pairs are compared in the time that it takes to see which boxes are near to one.
_PAIRS_A_BOX: Final = 40_000

_Numbers = NDArray[np.int64]
_Words = NDArray[np.uint64]


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
        for _ in self.adding(fingerprints):
            pass

    def adding(self, fingerprints: NDArray[np.uint8]) -> Iterator[None]:
        """Add images and compare them with all others, a piece of the work at a time.

        `groups` holds, and more can be added, once all is done.

        Args:
            fingerprints: Shape (m, 24).

        Yields:
            Between two pieces, each a few milliseconds long at most.
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
            yield from self._compare(len(self._numbers) - len(new))

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

    def _compare(self, begin: int) -> Iterator[None]:
        """Compare all from `begin` with all before them; yields between pieces of the work."""
        frequencies = np.ascontiguousarray(self._words[:, 0])
        for number, (rows, columns) in enumerate(_pieces(frequencies, begin, self._alike // 2)):
            if number:
                yield
            self._compare_piece(frequencies, rows, columns)
        self._join()

    def _compare_piece(self, frequencies: _Words, rows: _Numbers, columns: _Numbers) -> None:
        """Compare some with others, so many at once as fit into the cache."""
        limit = self._alike // 2
        for left in range(0, len(columns), _COLUMNS):
            beside = columns[left : left + _COLUMNS]
            words, height = frequencies[beside], max(1, _TILE // len(beside))
            for top in range(0, len(rows), height):
                these = rows[top : top + height]
                differing = np.bitwise_count(frequencies[these, None] ^ words)
                if differing.min() <= limit:
                    # Of two dimensions `nonzero` would take twice as long as all comparing.
                    places = np.flatnonzero(differing <= limit)
                    self._note(these[places // len(beside)], beside[places % len(beside)])

    def _note(self, rows: _Numbers, columns: _Numbers) -> None:
        """Keep pairs whose frequencies are near, if they are not of one group already."""
        apart = self._roots[rows] != self._roots[columns]
        self._pairs.append((rows[apart], columns[apart]))
        self._pending += len(self._pairs[-1][0])
        if self._pending > _MOST_PENDING:
            self._join()

    def _join(self) -> None:
        """Make one group of each pair that was kept and whose steps are near as well."""
        if not self._pending:
            self._pairs.clear()
            return
        rows, columns = (np.concatenate(side) for side in zip(*self._pairs, strict=True))
        self._pairs.clear()
        self._pending = 0
        differing = self._words[rows, 1:] ^ self._words[columns, 1:]
        alike = np.bitwise_count(differing).sum(axis=1, dtype=np.int64) <= self._alike
        rows, columns = rows[alike], columns[alike]
        while True:
            one, other = self._roots[rows], self._roots[columns]
            apart = one != other
            if not apart.any():
                return
            # The lower of two roots becomes the root of the higher; who loses that race comes round again.
            np.minimum.at(self._roots, np.maximum(one, other)[apart], np.minimum(one, other)[apart])
            while not np.array_equal(above := self._roots[self._roots], self._roots):
                self._roots = above


def _pieces(words: _Words, begin: int, limit: int) -> Iterator[tuple[_Numbers, _Numbers]]:
    """Yield numbers of words to be compared with others, so that no pair within a limit is passed over.

    Args:
        words: Shape (n,).
        begin: Those before were compared among themselves.
        limit: How many bits of a pair may differ.
    """
    every = np.arange(len(words))
    pairs = (len(words) - begin) * (len(words) + begin) // 2
    if pairs > _MANY_PAIRS:
        parts = [_Boxes.of(words, part, limit) for part in range(_PARTS)]
        if sum(boxes.cost() for boxes in parts) < pairs:
            for boxes in parts:
                yield from boxes.pieces()
            return
    for top in range(begin, len(words), _PIECE):
        yield every[top : top + _PIECE], every[: top + _PIECE]


@dataclass(frozen=True)
class _Boxes:
    """Words sorted into boxes by one part of their bits.

    Two words that differ in no more bits than the limit are, for one of the parts at least, in boxes that are
    near: if they differed in more bits of each part than what is near there, they would differ in more than
    the limit altogether.

    Attributes:
        order: Numbers of the words, shape (n,), those of a box side by side.
        starts: Where each box begins in that order, shape (boxes + 1,).
        near: What a box's number differs by from that of each near one (exclusive or), its own among them.
    """

    order: _Numbers
    starts: _Numbers
    near: _Numbers

    @classmethod
    def of(cls, words: _Words, part: int, limit: int) -> "_Boxes":
        """Sort words.

        Args:
            words: Shape (n,).
            part: Which, 0 to `_PARTS` less 1. Its bits lie far apart, because neighbours are often alike.
            limit: How many bits of words may differ.
        """
        bits = np.unpackbits(words.view(np.uint8).reshape(-1, 8), axis=1)[:, part::_PARTS]
        size = bits.shape[1]
        boxes = bits @ (1 << np.arange(size))
        order = np.argsort(boxes, kind="stable")
        starts = np.searchsorted(boxes[order], np.arange(2**size + 1))
        # One more than what is near, summed over all parts, is one more than the limit.
        most = (limit + 1 + _PARTS - 1 - part) // _PARTS - 1
        near = [
            sum(1 << bit for bit in some)
            for few in range(most + 1)
            for some in combinations(range(size), few)
        ]
        return cls(order, starts, np.array(near, dtype=np.int64))

    def cost(self) -> int:
        """Return how long comparing near boxes takes, in pairs compared one after the other."""
        sizes = np.diff(self.starts)
        full = np.flatnonzero(sizes)
        pairs = sum(int(sizes[full] @ sizes[full ^ differing]) for differing in self.near.tolist())
        return pairs // 2 + _PAIRS_A_BOX * len(full)

    def pieces(self) -> Iterator[tuple[_Numbers, _Numbers]]:
        """Yield numbers of words to be compared with others; each pair of near boxes comes once."""
        if not len(self.near):
            return
        for box in np.flatnonzero(np.diff(self.starts)).tolist():
            beside = box ^ self.near
            beside = beside[beside >= box]
            firsts, counts = self.starts[beside], self.starts[beside + 1] - self.starts[beside]
            ends = np.cumsum(counts)
            places = np.arange(ends[-1]) + np.repeat(firsts - ends + counts, counts)
            yield self.order[self.starts[box] : self.starts[box + 1]], self.order[places]
