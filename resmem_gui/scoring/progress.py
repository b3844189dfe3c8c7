"""How fast scoring goes and how long it will take."""

import time
from collections import deque
from collections.abc import Callable
from typing import Final

_WINDOW_S: Final = 20.0


class Progress:
    """The rate of a run over its last seconds. Pauses do not count.

    Attributes:
        done: Images that have an outcome.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        """Begin a run."""
        self.done = 0
        self._steps: deque[tuple[float, int]] = deque()
        self._last: float | None = self._clock()
        self._busy_s = 0.0

    def pause(self) -> None:
        """Stop the clock of the run."""
        self._tick()
        self._last = None

    def resume(self) -> None:
        """Let the clock of the run go on."""
        self._last = self._clock()

    def advance(self, images: int) -> None:
        """Note that some more images have their outcome."""
        self._tick()
        self.done += images
        self._steps.append((self._busy_s, images))
        # Two steps always stay: batches slower than the window have a rate too.
        while len(self._steps) > 2 and self._busy_s - self._steps[0][0] > _WINDOW_S:
            self._steps.popleft()

    @property
    def rate(self) -> float | None:
        """Images a second over the last seconds; None before it can be told."""
        if len(self._steps) < 2:
            return None
        # The first step only marks where the time of the others begins.
        seconds = self._steps[-1][0] - self._steps[0][0]
        images = sum(count for _, count in self._steps) - self._steps[0][1]
        return images / seconds if seconds > 0 else None

    def seconds_left(self, remaining: int) -> float | None:
        """Return how long `remaining` images will take; None before it can be told."""
        rate = self.rate
        return remaining / rate if rate else None

    def _tick(self) -> None:
        now = self._clock()
        if self._last is not None:
            self._busy_s += now - self._last
            self._last = now
