"""Carries the pipeline's outcomes into the library, for the window and the terminal alike."""

from collections.abc import Iterable
from dataclasses import replace

from resmem_gui.analysis.cautions import cautions_of
from resmem_gui.images.errors import NO_FILE
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.scoring.pipeline import Failed, Outcome, Scored
from resmem_gui.scoring.scorer import Scorer
from resmem_gui.traits import Caution, Traits


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
            note_traits(library, image_id, outcome.traits)
        else:
            library.set_failed(image_id, outcome.reason)
        library.set_missing([image_id], missing=isinstance(outcome, Failed) and outcome.reason == NO_FILE)


def note_traits(library: Library, image_id: int, traits: Traits | None) -> None:
    """Note what a scored image's pixels tell, and what to be careful about.

    Some of that follows from the size alone: it is noted even if nobody has looked at the pixels (None).
    Whether the image is like another one depends on the others: that stays as it is.
    """
    if traits is not None:
        library.set_traits(image_id, traits)
    width, height = library.sizes[image_id]
    alike = Caution(int(library.cautions[image_id])) & Caution.NEAR_DUPLICATE
    found = cautions_of(library.traits(image_id), (int(width), int(height)))
    library.set_cautions(image_id, int(found | alike))
