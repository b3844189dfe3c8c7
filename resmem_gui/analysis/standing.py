"""Ranks and percentiles of many scores that change a few at a time."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.ranking import comparable, ranks
from resmem_gui.analysis.reference import Reference

#: So few scores are ranked anew at each change.
_FEW: Final = 2000


class Standing:
    """Where each image stands: its rank among all scores, its percentile within its reference.

    Ranking 100,000 scores takes some 10 ms, and one new score may change the rank of all others. So the
    images that changed get the rank that they have among the scores of the last `refresh`, which costs next
    to nothing, and whoever shows ranks refreshes all from time to time.
    """

    def __init__(self, reference: Reference) -> None:
        """Begin without scores.

        Args:
            reference: The library's own: where percentiles come from unless `compare_with` says otherwise.
        """
        self._references: tuple[Reference, ...] = (reference,)
        self._numbers: NDArray[np.int32] = np.empty(0, dtype=np.int32)
        self._scores: NDArray[np.float32] = np.empty(0, dtype=np.float32)
        self._percentiles: NDArray[np.float64] = np.empty(0)
        self._ranks: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self.refresh(self._scores)

    @property
    def reference(self) -> Reference:
        """The library's own reference: that of all images without another."""
        return self._references[0]

    @property
    def references(self) -> tuple[Reference, ...]:
        """All that images are compared with, the library's own first."""
        return self._references

    @property
    def reference_numbers(self) -> NDArray[np.int32]:
        """By image id, shape (n,): which of `references` each image is compared with."""
        return self._numbers

    def reference_of(self, image_id: int) -> Reference:
        """Return the reference that an image's percentile is taken from."""
        return self._references[int(self._numbers[image_id])]

    def compare_with(self, references: Sequence[Reference], numbers: NDArray[np.int32]) -> bool:
        """Take the percentiles of images from several references.

        Args:
            references: The first is the library's own.
            numbers: By image id, shape (n,), which of them each image is compared with. Never fewer than
                before.

        Returns:
            Whether any image is compared with another one than before.
        """
        self._make_room(len(numbers))
        known = self._references[: len(references)]
        is_same = all(old is new for old, new in zip(known, references, strict=False))
        if is_same and len(references) >= len(self._references) and np.array_equal(self._numbers, numbers):
            self._references = tuple(references)
            return False
        before = np.array([id(reference) for reference in self._references])[self._numbers]
        self._references, self._numbers = tuple(references), numbers.copy()
        after = np.array([id(reference) for reference in self._references])[self._numbers]
        changed = np.flatnonzero(before != after)
        self._percentiles[changed] = self._percentiles_of(self._scores[changed], changed)
        return bool(len(changed)) or not is_same

    def refresh(self, scores: NDArray[np.float32]) -> None:
        """Rank all.

        Args:
            scores: By image id, shape (n,); NaN without a score. Never fewer than before.
        """
        self._make_room(len(scores))
        self._take(scores, np.flatnonzero(self._scores != scores))  # NaN differs from NaN: no matter
        self._ranks = ranks(scores)
        self._ascending = np.sort(comparable(scores[~np.isnan(scores)]))

    def follow(self, scores: NDArray[np.float32], image_ids: NDArray[np.int64]) -> None:
        """Take in new images, and the new scores of some.

        Args:
            scores: Of all, as in `refresh`.
            image_ids: Whose score may be another.
        """
        if len(scores) <= _FEW:
            self.refresh(scores)
            return
        self._make_room(len(scores))
        self._take(scores, image_ids)
        changed = scores[image_ids]
        better = len(self._ascending) - np.searchsorted(self._ascending, comparable(changed), side="right")
        self._ranks[image_ids] = np.where(np.isnan(changed), 0, better + 1)

    def _make_room(self, size: int) -> None:
        new = (0, size - len(self._scores))
        if new == (0, 0):
            return
        self._scores = np.pad(self._scores, new, constant_values=np.nan)
        self._percentiles = np.pad(self._percentiles, new, constant_values=np.nan)
        self._ranks = np.pad(self._ranks, new)
        self._numbers = np.pad(self._numbers, new)

    def _take(self, scores: NDArray[np.float32], image_ids: NDArray[np.int64]) -> None:
        """Note scores and their percentiles, which do not depend on other images."""
        self._scores[image_ids] = scores[image_ids]
        self._percentiles[image_ids] = self._percentiles_of(scores[image_ids], image_ids)

    def _percentiles_of(
        self, scores: NDArray[np.float32], image_ids: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        numbers = self._numbers[image_ids]
        if not numbers.any():  # most libraries have one reference
            return self.reference.percentile(scores)
        result = np.empty(len(scores))
        for number in np.unique(numbers):
            chosen = numbers == number
            result[chosen] = self._references[number].percentile(scores[chosen])
        return result

    @property
    def ranks(self) -> NDArray[np.int64]:
        """By image id, shape (n,); 0 without a score."""
        return self._ranks

    @property
    def percentiles(self) -> NDArray[np.float64]:
        """By image id, shape (n,), 0 to 100, each within its own reference; NaN without a score."""
        return self._percentiles

    def rank(self, image_id: int) -> int:
        """Return an image's rank among all scored ones, 0 without a score."""
        return int(self._ranks[image_id])

    def percentile(self, image_id: int) -> float:
        """Return an image's percentile within its reference, NaN without a score."""
        return float(self._percentiles[image_id])
