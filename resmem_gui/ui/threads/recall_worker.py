"""The worker that looks up which scores are known from before, on a thread of its own."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from resmem_gui.library.records import Provenance
from resmem_gui.outcomes import provenance_of
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring.pipeline import Request, Scored
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import Scorer, ScorerError

#: What is found by reading files is collected for so long before it crosses to the GUI thread.
_COLLECT_S: Final = 0.05


@dataclass(slots=True)
class Recalled:
    """What is known of some images.

    Attributes:
        run: The run that asked.
        made_by: What the scores are produced by; the device stands in each of them.
        found: Images with a score.
        unknown: Images that have to be scored.
    """

    run: int
    made_by: Provenance
    found: list[Scored] = field(default_factory=list)
    unknown: list[Request] = field(default_factory=list)


class RecallWorker(QObject):
    """Looks images up in the store before any network is loaded.

    Signals:
        recalled: What is known of some images (`Recalled`).
    """

    recalled = Signal(object)

    def __init__(
        self, create: Callable[[], Scorer], memory: ScoreMemory, give_way: Callable[[], None]
    ) -> None:
        """Make the worker; move it to its thread before any slot is called.

        Args:
            create: Makes a scorer; it is asked who it is, and not loaded.
            memory: Where scores are looked up.
            give_way: Waits while others should go first.
        """
        super().__init__()
        self._create = create
        self._memory = memory
        self._give_way = give_way
        self._scorer: Scorer | None = None
        self._cancelled_up_to = 0

    def cancel(self, run: int) -> None:
        """Look up no more for runs up to this one. To be called from any thread."""
        self._cancelled_up_to = run

    @Slot(int, object, object)
    def look_up(self, run: int, requests: list[Request], preprocessing: Preprocessing) -> None:
        """Tell of each of these images whether its score is known."""
        try:
            made_by = self._maker(preprocessing)
        except ScorerError:
            # The scoring thread meets the same and tells it.
            self.recalled.emit(Recalled(run, Provenance("", "", "", ""), unknown=requests))
            return
        collected, since = Recalled(run, made_by), time.monotonic()
        for found, unknown in self._memory.look_up(requests, made_by):
            if run <= self._cancelled_up_to:
                return
            collected.found += found
            collected.unknown += unknown
            if time.monotonic() - since > _COLLECT_S:
                self.recalled.emit(collected)
                collected, since = Recalled(run, made_by), time.monotonic()
            self._give_way()
        self.recalled.emit(collected)

    def _maker(self, preprocessing: Preprocessing) -> Provenance:
        if self._scorer is None:
            self._scorer = self._create()
        of_scorer = provenance_of(self._scorer)
        return Provenance(of_scorer.scorer, of_scorer.weights_sha256, preprocessing.id, device="")
