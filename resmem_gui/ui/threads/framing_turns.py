"""Measures sensitivities on the scoring thread, an image a turn, while there is nothing to score."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from resmem_gui.library.records import Provenance
from resmem_gui.measuring import keep_framings, known_framings, sensitivity_pipeline
from resmem_gui.outcomes import provenance_of
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring.scorer import Scorer
from resmem_gui.scoring.sensitivity import FramingOutcome, FramingRequest, SensitivityPipeline

#: Outcomes are collected this long before they cross to the GUI thread.
_COLLECT_S: Final = 0.15
#: So many are looked up in the store at a time.
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class FramingBatch:
    """Outcomes on their way to the window.

    Attributes:
        run: The run they belong to; the window drops those of an old one.
        outcomes: Some images have theirs.
        current: The path of the image that comes next; empty at the end.
        is_known: Whether they were measured before, so that they say nothing of the speed.
    """

    run: int
    outcomes: list[FramingOutcome]
    current: str = ""
    is_known: bool = False


class FramingTurns:
    """What the scoring worker does about sensitivities; all methods are called on its thread."""

    def __init__(self, memory: ScoreMemory, hand_over: Callable[[FramingBatch], None]) -> None:
        """Begin with nothing to do.

        Args:
            memory: Where measurements are looked up and kept.
            hand_over: Called with outcomes.
        """
        self._memory = memory
        self._emit = hand_over
        self._pipeline: SensitivityPipeline | None = None
        self._run = 0
        self._waiting: list[FramingRequest] = []
        self._collected: list[FramingOutcome] = []
        self._collected_since = 0.0

    @property
    def run(self) -> int:
        """The run under way, or the last one."""
        return self._run

    @property
    def pending(self) -> int:
        """How many images have no outcome yet."""
        return len(self._waiting) + (self._pipeline.pending if self._pipeline is not None else 0)

    def submit(self, run: int, requests: Sequence[FramingRequest], made_by: Provenance) -> None:
        """Add images to a run, and hand over at once what is known of them."""
        self._run = run
        for begin in range(0, len(requests), _CHUNK):
            known, unknown = known_framings(self._memory, requests[begin : begin + _CHUNK], made_by)
            self._waiting += unknown
            if known:
                self._emit(FramingBatch(run, known, is_known=True))

    def step(self, scorer: Scorer, patience: float) -> None:
        """Measure an image.

        Args:
            scorer: Loaded.
            patience: How long to wait for a decoded one, in seconds.

        Raises:
            DeviceLostError: The GPU does not work any more; after `fall_back` it goes on.
        """
        if self._pipeline is None:
            self._pipeline = sensitivity_pipeline(scorer, self._memory)
        if self._waiting:
            self._pipeline.submit(self._waiting)
            self._waiting = []
        if not self._collected:
            self._collected_since = time.monotonic()
        outcomes = self._pipeline.step(patience)
        keep_framings(self._memory, outcomes, provenance_of(scorer))
        self._collected += outcomes
        if not self.pending or time.monotonic() - self._collected_since >= _COLLECT_S:
            self.hand_over()

    def hand_over(self) -> None:
        """Give away what is collected."""
        if self._collected:
            current = self._pipeline.current if self._pipeline is not None else None
            self._emit(FramingBatch(self._run, self._collected, current.path if current else ""))
            self._collected = []

    def fall_back(self) -> None:
        """Note that the scorer was loaded on another device."""
        if self._pipeline is not None:
            self._pipeline.fall_back()

    def cancel(self) -> None:
        """Drop all that is pending, and what is not handed over."""
        self._waiting.clear()
        self._collected.clear()
        if self._pipeline is not None:
            self._pipeline.cancel()

    def withdraw(self, image_ids: Collection[int]) -> None:
        """Drop some images, as far as they are pending."""
        self._waiting = [request for request in self._waiting if request.image_id not in image_ids]
        if self._pipeline is not None:
            self._pipeline.withdraw(image_ids)

    def close(self) -> None:
        """Cancel, and let the scorer go."""
        self.cancel()
        if self._pipeline is not None:
            self._pipeline.close()
        self._pipeline = None
