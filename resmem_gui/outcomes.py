"""Carries the pipeline's outcomes into the library, for the window and the terminal alike."""

from collections.abc import Iterable
from dataclasses import replace

from resmem_gui.images.errors import NO_FILE
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.scoring.pipeline import Failed, Outcome, Scored
from resmem_gui.scoring.scorer import Scorer


def provenance_of(scorer: Scorer) -> Provenance:
    """Return what a scorer's scores are produced by; the device is empty before it is loaded."""
    return Provenance(
        scorer=scorer.name,
        weights_sha256=scorer.weights_sha256,
        preprocessing=scorer.preprocessing.id,
        device=scorer.device,
    )


def record_outcomes(library: Library, outcomes: Iterable[Outcome], made_by: Provenance) -> None:
    """Note scores and failures in the library. Each score has come from the device that it names."""
    for outcome in outcomes:
        image_id = outcome.request.image_id
        if isinstance(outcome, Scored):
            provenance = replace(made_by, device=outcome.device)
            library.set_scored(
                image_id,
                outcome.score,
                outcome.size,
                outcome.sha256,
                provenance,
                outcome.state,
            )
        else:
            library.set_failed(image_id, outcome.reason)
        library.set_missing([image_id], missing=isinstance(outcome, Failed) and outcome.reason == NO_FILE)
