"""Which sensitivities are being measured, and how long that takes."""

from collections.abc import Iterable
from dataclasses import dataclass

from resmem_gui.scoring.framings import recipe
from resmem_gui.scoring.sensitivity import FramingOutcome, FramingRequest, Measured, Unmeasured
from resmem_gui.ui.running.run import Run, RunState
from resmem_gui.ui.threads.framing_turns import FramingBatch


@dataclass(frozen=True, slots=True)
class MeasuringEnd:
    """What came of measuring.

    Attributes:
        measured: How many images have a sensitivity now.
        failures: Those that could not be measured.
    """

    measured: int
    failures: tuple[Unmeasured, ...]


class MeasuringRun(Run):
    """A run that measures sensitivities. Scoring goes first; its time does not count.

    Attributes:
        seconds_per_framing: How long the network took for one framing of late; None before that is known.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seconds_per_framing: float | None = None
        self._measured = 0
        self._failures: list[Unmeasured] = []
        self._waits_for_scoring = False

    def add_requests(self, requests: Iterable[FramingRequest]) -> list[FramingRequest]:
        """Take images into the run, or begin a new one; return those that are not under way already."""
        asked = list(requests)
        if self.state is RunState.IDLE:
            self._measured, self._failures = 0, []
            self._waits_for_scoring = False
        new = set(self.add([request.image_id for request in asked]))
        return [request for request in asked if request.image_id in new]

    def take_batch(self, batch: FramingBatch) -> list[FramingOutcome]:
        """Note outcomes; return those that belong to the run under way."""
        if batch.run != self.number:
            return []
        ids = [outcome.request.image_id for outcome in batch.outcomes]
        taken = set(self.withdraw(ids)) if batch.is_known else self.take(batch.run, ids)
        outcomes = [outcome for outcome in batch.outcomes if outcome.request.image_id in taken]
        self._failures += [outcome for outcome in outcomes if isinstance(outcome, Unmeasured)]
        self._measured += sum(isinstance(outcome, Measured) for outcome in outcomes)
        if outcomes and self.progress.rate and not batch.is_known:
            count = len(recipe(outcomes[-1].request.recipe).framings)
            self.seconds_per_framing = 1 / (self.progress.rate * count)
        return outcomes

    def end(self) -> MeasuringEnd:
        """Return what came of the run."""
        return MeasuringEnd(self._measured, tuple(self._failures))

    def let_scoring_go_first(self, *, scoring: bool) -> None:
        """Stop the clock while images are scored."""
        if scoring:
            self.progress.pause()
        elif self._waits_for_scoring and self.state is not RunState.PAUSED:
            self.progress.resume()
        self._waits_for_scoring = scoring
