"""Measures the sensitivity of the scores in a library: one engine for the window and the terminal.

What the same scorer measured of the same content before is not measured again.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import ArrayLike, NDArray

from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance, Sensitivity, Status
from resmem_gui.outcomes import provenance_of
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring.framings import FramingRecipe
from resmem_gui.scoring.scorer import DeviceLostError, Scorer, ScorerError, device_lost_sentence, load_scorer
from resmem_gui.scoring.sensitivity import (
    FramingOutcome,
    FramingRequest,
    Measured,
    SensitivityPipeline,
    judged,
)


def ids_to_measure(library: Library, image_ids: ArrayLike, recipe: FramingRecipe) -> NDArray[np.int64]:
    """Return which of some images have a score and a file, and are not measured by this recipe yet."""
    ids = np.asarray(image_ids, dtype=np.int64)
    can_be = (library.statuses[ids] == Status.SCORED) & library.present[ids] & ~library.missing[ids]
    is_wanted = can_be & np.isnan(library.sensitivity_ranges[ids, 0])
    for place in np.flatnonzero(can_be & ~is_wanted):
        known = library.sensitivity(int(ids[place]))
        is_wanted[place] = known is None or known.recipe != recipe.id
    wanted: NDArray[np.int64] = ids[is_wanted]
    return wanted


def framing_requests(library: Library, image_ids: ArrayLike, recipe: FramingRecipe) -> list[FramingRequest]:
    """Return what is to be measured of some images, as `ids_to_measure`."""
    paths, scores = library.paths, library.scores
    return [
        FramingRequest(
            image_id, paths[image_id], library.sha256(image_id), float(scores[image_id]), recipe.id
        )
        for image_id in ids_to_measure(library, image_ids, recipe).tolist()
    ]


def known_framings(
    memory: ScoreMemory, requests: Sequence[FramingRequest], made_by: Provenance
) -> tuple[list[FramingOutcome], list[FramingRequest]]:
    """Return the outcomes of those that were measured before, and the others."""
    outcomes: list[FramingOutcome] = []
    unknown: list[FramingRequest] = []
    for recipe, group in groupby(requests, key=lambda request: request.recipe):
        asked = list(group)
        known = memory.find_sensitivities([request.sha256 for request in asked], made_by, recipe)
        outcomes += [judged(request, known[request.sha256]) for request in asked if request.sha256 in known]
        unknown += [request for request in asked if request.sha256 not in known]
    return outcomes, unknown


def sensitivity_pipeline(scorer: Scorer, memory: ScoreMemory) -> SensitivityPipeline:
    """Return a pipeline that looks into the memory before it asks the network."""

    def recall(sha256s: Collection[str], recipe: str) -> dict[str, tuple[float, ...]]:
        return memory.find_sensitivities(list(sha256s), provenance_of(scorer), recipe)

    return SensitivityPipeline(scorer, recall)


def keep_framings(memory: ScoreMemory, outcomes: Iterable[FramingOutcome], made_by: Provenance) -> None:
    """Keep what was measured for the next time."""
    for outcome in outcomes:
        if isinstance(outcome, Measured):
            request = outcome.request
            memory.keep_sensitivities({request.sha256: outcome.scores}, made_by, request.recipe)


def take_framings(library: Library, outcomes: Iterable[FramingOutcome]) -> list[int]:
    """Note what was measured, for images that still have the score it belongs to; return their ids."""
    taken = []
    for outcome in outcomes:
        request = outcome.request
        if not isinstance(outcome, Measured) or not _has_score(library, request):
            continue
        library.set_sensitivity(request.image_id, Sensitivity(request.recipe, outcome.scores))
        taken.append(request.image_id)
    return taken


def _has_score(library: Library, request: FramingRequest) -> bool:
    if request.image_id >= len(library) or not library.present[request.image_id]:
        return False
    # While it waits for another score its score is NaN, which equals nothing.
    same_score = float(library.scores[request.image_id]) == request.score
    return same_score and library.sha256(request.image_id) == request.sha256


def measure_library(
    library: Library,
    scorer: Scorer,
    memory: ScoreMemory,
    recipe: FramingRecipe,
    *,
    device: str = "auto",
    tell: Callable[[str], None],
) -> Iterator[list[FramingOutcome]]:
    """Measure all images of a library that have a score; yield outcomes as they come, already noted in it.

    Args:
        library: Scored.
        scorer: That gave the scores; it is loaded if it is not and has to be.
        memory: Where measurements are looked up and kept.
        recipe: The ways of framing.
        device: Where the scorer is loaded: one of `DEVICES`.
        tell: Called with a sentence when the CPU takes over.

    Raises:
        ScorerError: The scorer cannot be loaded. What was measured until then stays.
    """
    requests = framing_requests(library, library.present_ids(), recipe)
    outcomes, unknown = known_framings(memory, requests, provenance_of(scorer))
    take_framings(library, outcomes)
    if outcomes:
        yield outcomes
    if not unknown:
        return
    if not scorer.device:
        load_scorer(scorer, device, tell)
    pipeline = sensitivity_pipeline(scorer, memory)
    try:
        pipeline.submit(unknown)
        while pipeline.pending:
            outcomes = _step(pipeline, scorer, tell)
            keep_framings(memory, outcomes, provenance_of(scorer))
            take_framings(library, outcomes)
            yield outcomes
    finally:
        pipeline.close()


def _step(pipeline: SensitivityPipeline, scorer: Scorer, tell: Callable[[str], None]) -> list[FramingOutcome]:
    """Measure an image; if the GPU is lost, go on with the CPU, or give up with a reason for each image."""
    try:
        return pipeline.step()
    except DeviceLostError:
        tell(device_lost_sentence(scorer))
    try:
        load_scorer(scorer, "cpu", tell)
    except ScorerError as error:
        return pipeline.give_up(str(error))
    pipeline.fall_back()
    return []
