"""Where the scores in the window come from: the store, or the network."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np

from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance, Status
from resmem_gui.run_facts import RunTimes
from resmem_gui.scoring.pipeline import Outcome, Scored


class ScoreOrigins:
    """When the runs of a library began and ended, and which scores they recalled.

    Plain bookkeeping on the GUI thread. A score is recalled if the store knew it before the first run of this
    library: another image with the content of one that was computed here counts as computed.
    """

    def __init__(self) -> None:
        self._recalled: set[int] = set()
        self._computed: set[int] = set()
        self._contents: defaultdict[str, set[bytes]] = defaultdict(set)
        self._began: datetime | None = None
        self._ended: datetime | None = None

    def run_began(self) -> None:
        """Note that images are being scored."""
        self._began = self._began or datetime.now(UTC)
        self._ended = None

    def run_ended(self) -> None:
        """Note that all images have their outcome."""
        self._ended = datetime.now(UTC)

    def note(self, outcomes: Iterable[Outcome], made_by: Provenance, *, recalled: bool) -> None:
        """Note where scores come from.

        Args:
            outcomes: Of some images; failures have no origin.
            made_by: What the scores were produced by.
            recalled: Whether the store gave these scores, and not the network.
        """
        computed_before = self._contents[made_by.preprocessing]
        for outcome in outcomes:
            if not isinstance(outcome, Scored):
                continue
            image_id = outcome.request.image_id
            content = bytes.fromhex(outcome.sha256)
            is_recalled = recalled and content not in computed_before
            if not is_recalled:
                computed_before.add(content)
            (self._recalled if is_recalled else self._computed).add(image_id)
            (self._computed if is_recalled else self._recalled).discard(image_id)

    def recalled(self, library: Library) -> int:
        """Return how many of the library's scores the store gave."""
        return _count_scored(library, self._recalled)

    def computed(self, library: Library) -> int:
        """Return how many of the library's scores the network gave, in this window."""
        return _count_scored(library, self._computed)

    def times(self, library: Library) -> RunTimes:
        """Return what the run record shall say of the library's scores."""
        recalled = self.recalled(library)
        # The scores of an opened session were neither computed here nor recalled.
        is_known = recalled + self.computed(library) == library.count(Status.SCORED)
        return RunTimes(self._began, self._ended, recalled if is_known else None)


def _count_scored(library: Library, image_ids: set[int]) -> int:
    """Return how many of these images have a score and were not removed."""
    ids = np.fromiter(image_ids, np.int64, len(image_ids))
    return int(np.count_nonzero(library.present[ids] & (library.statuses[ids] == Status.SCORED)))
