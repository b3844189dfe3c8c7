"""A choice under way: a slice at a time, so that it ends as soon as nobody asks for the next one."""

import os
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.choosing import Choice, Closeness, Progress, choosing
from resmem_gui.images.likeness import ALIKE, ALIKE_IN_BURST
from resmem_gui.ui.choosing.fingerprints import Fingerprints

#: Exports wait no longer behind a choice than this and one image more.
_SLICE_S: Final = 0.15


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be chosen.

    Attributes:
        count: How many images.
        is_distinct: At most one of near-duplicates.
        is_spread: From many folders.
    """

    count: int
    is_distinct: bool = False
    is_spread: bool = False


@dataclass(frozen=True, slots=True)
class Images:
    """What it is chosen from: copies, because another thread reads them.

    Attributes:
        ids: Of the images shown.
        scores: By image id, NaN without a score.
        taken: By image id, in seconds, NaN if unknown; None if no date is known.
        paths: By image id.
    """

    ids: NDArray[np.int64]
    scores: NDArray[np.float32]
    taken: NDArray[np.float64] | None
    paths: Sequence[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        choice: The images.
        unreadable: How many were compared with none because they cannot be read.
    """

    choice: Choice
    unreadable: int


class Work:
    """Chooses. All on the thread that calls `go_on`."""

    def __init__(self, wish: Wish, images: Images, fingerprints: Fingerprints) -> None:
        self._wish = wish
        self._images = images
        self._fingerprints = fingerprints
        self._steps: Generator[Progress, None, Choice] | None = None

    def go_on(self) -> Progress | Outcome:
        """Work for a moment; return how far it has come, or what came of it."""
        if self._steps is None:
            self._steps = self._begin()
        until = time.monotonic() + _SLICE_S
        while True:
            try:
                progress = next(self._steps)
            except StopIteration as end:
                return Outcome(end.value, len(self._fingerprints.unreadable))
            if time.monotonic() > until:
                return progress

    def _begin(self) -> Generator[Progress, None, Choice]:
        wish, images, closeness = self._wish, self._images, None
        self._fingerprints.prepare(images.paths)
        if wish.is_distinct:
            closeness = Closeness(self._fingerprints.distances, ALIKE, ALIKE_IN_BURST, images.taken)
        folders = _folders(images.paths) if wish.is_spread else None
        return choosing(images.ids, images.scores, wish.count, closeness=closeness, folders=folders)


def _folders(paths: Sequence[str]) -> NDArray[np.int64]:
    """Return a number for the folder of each path, shape (n,)."""
    numbers: dict[str, int] = {}
    of_paths = (numbers.setdefault(os.path.dirname(path), len(numbers)) for path in paths)
    return np.fromiter(of_paths, dtype=np.int64, count=len(paths))
