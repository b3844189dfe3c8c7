"""Chooses the best of many images, on request no two near-duplicates and not all from one folder."""

import heapq
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.ranking import comparable

#: Returns how far an image is from each of some others, shape (n,), infinite where that is unknown.
Distances = Callable[[int, NDArray[np.int64]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Closeness:
    """When two images are near-duplicates, of which one is enough.

    Attributes:
        distances: Asked as late as possible: for each image that would be chosen next.
        alike: Images at most so far apart are near-duplicates.
        alike_in_burst: So are images that are at most so far apart and were taken within `burst_s`.
        taken: By image id: when it was taken, in seconds, NaN if unknown; None if no date is known.
        burst_s: Seconds between frames of one burst at most.
    """

    distances: Distances
    alike: float
    alike_in_burst: float
    taken: NDArray[np.float64] | None = None
    burst_s: float = 10.0

    def model_of(self, image_id: int, chosen: NDArray[np.int64]) -> int | None:
        """Return the one of the chosen images, shape (n,), that an image is most like; None if like none."""
        if not len(chosen):
            return None
        apart = self.distances(image_id, chosen)
        allowed = np.full(len(chosen), self.alike, dtype=np.float64)
        if self.taken is not None:
            together = np.abs(self.taken[chosen] - self.taken[image_id]) <= self.burst_s
            allowed[together] = max(self.alike, self.alike_in_burst)
        close = np.flatnonzero(apart <= allowed)
        return int(chosen[close[np.argmin(apart[close])]]) if len(close) else None


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, and why others were not.

    Attributes:
        image_ids: The chosen images, the best first.
        passed_over: Images that were left out for likeness, each with the chosen one that it is like.
        tied: How many of the chosen are no better than the best images left out for want of places.
        tied_out: How many images those are: which of them was chosen says nothing.
    """

    image_ids: list[int]
    passed_over: dict[int, int] = field(default_factory=dict)
    tied: int = 0
    tied_out: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a choice has come: so many images chosen, after looking at so many."""

    chosen: int
    looked_at: int


def choose(
    image_ids: NDArray[np.int64],
    scores: NDArray[np.floating],
    count: int,
    *,
    closeness: Closeness | None = None,
    folders: NDArray[np.int64] | None = None,
) -> Choice:
    """Choose at once what `choosing` chooses step by step, with the same arguments."""
    steps = choosing(image_ids, scores, count, closeness=closeness, folders=folders)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            choice: Choice = end.value
            return choice


def choosing(
    image_ids: NDArray[np.int64],
    scores: NDArray[np.floating],
    count: int,
    *,
    closeness: Closeness | None = None,
    folders: NDArray[np.int64] | None = None,
) -> Generator[Progress, None, Choice]:
    """Choose the best images, from the best downwards; stop wherever the caller likes.

    Scores at the model's floor are all equal; equal ones keep the order of their ids. An image that is like
    one already chosen is passed over, and the next takes its place. Spread over folders, the next image
    always comes from a folder that has given fewest so far, of these the one with the best left: no folder
    gives two more than another that has any left, and one that has none leaves its places to the others.

    Args:
        image_ids: From which to choose, shape (n,), none twice.
        scores: By image id, NaN without a score; such images are not chosen.
        count: How many at most.
        closeness: Choose no two near-duplicates; None to take them as they come.
        folders: By image id, a number for its folder: spread the choice over folders. None to disregard them.

    Yields:
        How far it has come, after each image looked at.

    Returns:
        The choice.
    """
    values = comparable(scores)
    candidates = _best_first(image_ids, values)
    chosen = np.empty(min(count, len(candidates)), dtype=np.int64)
    passed_over: dict[int, int] = {}
    size = 0
    queue = _Queue(candidates, values, folders)
    while size < len(chosen) and queue:
        image_id = queue.first()
        model = closeness.model_of(image_id, chosen[:size]) if closeness is not None else None
        if model is None:
            chosen[size] = image_id
            size += 1
        else:
            passed_over[image_id] = model
        queue.advance(was_chosen=model is None)
        yield Progress(size, size + len(passed_over))
    best_first = _best_first(chosen[:size], values)
    return Choice(best_first.tolist(), passed_over, *_ties(best_first, candidates, passed_over, values))


def _best_first(image_ids: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the images that have a score, the best first, equal ones by id."""
    known = np.sort(image_ids[~np.isnan(values[image_ids])])
    return known[np.argsort(-values[known], kind="stable")]


def _ties(
    chosen: NDArray[np.int64],
    candidates: NDArray[np.int64],
    passed_over: dict[int, int],
    values: NDArray[np.float64],
) -> tuple[int, int]:
    """Return how many of the chosen images equal the last of them, and how many left out do; 0 if none do."""
    if not len(chosen):
        return 0, 0
    last = values[chosen[-1]]
    equal = candidates[values[candidates] == last]
    tied = int(np.count_nonzero(values[chosen] == last))
    tied_out = len(equal) - tied - sum(1 for image_id in passed_over if values[image_id] == last)
    return (tied, tied_out) if tied_out else (0, 0)


class _Queue:
    """Candidates in the order of their turns, folder by folder; without folders, all are in one."""

    def __init__(
        self, candidates: NDArray[np.int64], values: NDArray[np.float64], folders: NDArray[np.int64] | None
    ) -> None:
        """Take candidates, the best first."""
        self._values = values
        if folders is None:
            self._groups = [candidates] if len(candidates) else []
        else:
            of_candidates = folders[candidates]
            order = np.argsort(of_candidates, kind="stable")
            starts = np.flatnonzero(np.diff(of_candidates[order])) + 1
            self._groups = np.split(candidates[order], starts) if len(candidates) else []
        # So many chosen, then the best left, then the order of ids; group and place come along.
        self._heap = [self._entry(0, group, 0) for group in range(len(self._groups))]
        heapq.heapify(self._heap)

    def __bool__(self) -> bool:
        return bool(self._heap)

    def first(self) -> int:
        """Return the image whose turn it is."""
        return self._heap[0][2]

    def advance(self, *, was_chosen: bool) -> None:
        """Go on to the next image."""
        given, _, _, group, place = self._heap[0]
        if place + 1 < len(self._groups[group]):
            heapq.heapreplace(self._heap, self._entry(given + was_chosen, group, place + 1))
        else:
            heapq.heappop(self._heap)

    def _entry(self, given: int, group: int, place: int) -> tuple[int, float, int, int, int]:
        image_id = int(self._groups[group][place])
        return given, -float(self._values[image_id]), image_id, group, place
