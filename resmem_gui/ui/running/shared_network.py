"""How scoring and measuring share the network: scoring goes first."""

from collections.abc import Sequence
from typing import Final

from resmem_gui.ui.running.measuring_run import MeasuringRun
from resmem_gui.ui.running.run import Run, RunState
from resmem_gui.ui.running.run_progress import RunProgress

_SCORING_WORDS: Final = {
    RunState.LOADING: "Loading ResMem",
    RunState.SCORING: "Scoring",
    RunState.PAUSED: "Paused",
}
_MEASURING_WORDS: Final = {
    RunState.LOADING: "Measuring sensitivity: loading ResMem",
    RunState.SCORING: "Measuring sensitivity",
    RunState.PAUSED: "Measuring sensitivity, paused",
}
_LOOKING_UP: Final = "Looking up scores"


class SharedNetwork:
    """The run that scores and the run that measures. Pure bookkeeping: it knows no thread.

    What holds the network or ends work goes for both runs; while there is anything to score, the clock of
    measuring stands.

    Attributes:
        scoring: The run that scores.
        measuring: The run that measures sensitivities.
        is_looking_up: Whether the run that scores has nothing for the network yet: its images are being
            looked up in the store.
    """

    def __init__(self) -> None:
        self.is_looking_up = False
        self.scoring = Run()
        self.measuring = MeasuringRun()

    @property
    def leading(self) -> Run:
        """The run that has the network."""
        return self.measuring if self.scoring.state is RunState.IDLE else self.scoring

    @property
    def state(self) -> RunState:
        """What is going on."""
        return self.leading.state

    def progress(self) -> RunProgress:
        """Return how far the leading run is; which image comes next, and where, is for others to say."""
        run = self.leading
        goes_on = run.state is RunState.SCORING
        return RunProgress(
            state=self._words(run),
            done=run.done,
            total=run.total,
            rate=run.progress.rate if goes_on else None,
            seconds_left=run.progress.seconds_left(run.remaining) if goes_on else None,
            busy=run.state is RunState.LOADING,
        )

    def _words(self, run: Run) -> str:
        if run is self.measuring:
            return _MEASURING_WORDS[run.state]
        if run.state is RunState.SCORING and self.is_looking_up:
            return _LOOKING_UP
        return _SCORING_WORDS[run.state]

    def begin(self, run: Run, before: RunState) -> None:
        """Begin one of the runs: held if the other one is.

        Args:
            run: Has images now, and had none.
            before: What was going on before it got them.
        """
        if before is RunState.PAUSED:
            run.set_paused(paused=True)
        self.share()

    def share(self) -> None:
        """Let the clock of measuring go or stand."""
        self.measuring.let_scoring_go_first(scoring=self.scoring.state is not RunState.IDLE)

    def withdraw(self, image_ids: Sequence[int]) -> set[int]:
        """Take images out of both runs; return those that were under way."""
        under_way = {*self.scoring.withdraw(image_ids), *self.measuring.withdraw(image_ids)}
        self.share()
        return under_way

    def stop(self) -> None:
        """End both runs with what they have."""
        self.scoring.stop()
        self.measuring.stop()

    def set_paused(self, *, paused: bool) -> None:
        """Hold what is under way, or go on."""
        for run in (self.scoring, self.measuring):
            if run.state is not RunState.IDLE:
                run.set_paused(paused=paused)
        self.share()

    def set_loading(self, *, loading: bool) -> None:
        """Note that the scorer is being loaded, or is there."""
        for run in (self.scoring, self.measuring):
            run.set_loading(loading=loading)
        self.share()
