"""The state of scoring as the window sees it: which images are under way, in which run."""

from collections.abc import Iterable
from enum import Enum, auto

from resmem_gui.scoring.progress import Progress


class RunState(Enum):
    """What the scoring thread is doing."""

    IDLE = auto()
    LOADING = auto()
    SCORING = auto()
    PAUSED = auto()


class Run:
    """The run under way, or none. Pure bookkeeping: it knows no thread.

    Each run has a number, which travels with requests and outcomes; what comes back with another number is
    of no interest any more.

    Attributes:
        number: Of the run under way, or of the last one.
        progress: How fast it goes.
    """

    def __init__(self) -> None:
        self.number = 0
        self.progress = Progress()
        self._outstanding: set[int] = set()
        self._total = 0
        self._paused = False
        self._loading = False

    @property
    def state(self) -> RunState:
        """What is going on, derived from the rest."""
        if not self._outstanding:
            return RunState.IDLE
        if self._paused:
            return RunState.PAUSED
        return RunState.LOADING if self._loading else RunState.SCORING

    @property
    def total(self) -> int:
        """How many images the run has, those withdrawn not counted."""
        return self._total

    @property
    def remaining(self) -> int:
        """How many of them have no outcome yet."""
        return len(self._outstanding)

    @property
    def done(self) -> int:
        """How many of them have their outcome."""
        return self._total - len(self._outstanding)

    def add(self, image_ids: Iterable[int]) -> list[int]:
        """Take images into the run, or begin a new one; return those that are not under way already."""
        new = [image_id for image_id in image_ids if image_id not in self._outstanding]
        if new and self.state is RunState.IDLE:
            self._begin()
        self._outstanding.update(new)
        self._total += len(new)
        return new

    def _begin(self) -> None:
        self.number += 1
        self._total = 0
        self._paused = False
        self.progress.reset()

    def withdraw(self, image_ids: Iterable[int]) -> list[int]:
        """Take images out of the run and return those that were under way."""
        withdrawn = [image_id for image_id in image_ids if image_id in self._outstanding]
        self._outstanding.difference_update(withdrawn)
        self._total -= len(withdrawn)
        return withdrawn

    def is_under_way(self, image_id: int) -> bool:
        """Tell whether an image is in the run and has no outcome yet."""
        return image_id in self._outstanding

    def take(self, number: int, image_ids: Iterable[int]) -> set[int]:
        """Note that images have their outcome; return those of them that belong to the run under way."""
        if number != self.number:
            return set()
        taken = self._outstanding.intersection(image_ids)
        self._outstanding -= taken
        self.progress.advance(len(taken))
        return taken

    def stop(self) -> None:
        """End the run with what it has; its number is over."""
        self._outstanding.clear()
        self._total = 0
        self._paused = False
        self.number += 1

    def set_paused(self, *, paused: bool) -> None:
        """Hold, or go on."""
        self._paused = paused
        if paused:
            self.progress.pause()
        else:
            self.progress.resume()

    def set_loading(self, *, loading: bool) -> None:
        """Note that the scorer is being loaded, or is there."""
        self._loading = loading
        if not loading and not self._paused:
            self.progress.reset()  # loading says nothing about the speed of scoring
