"""Carries the pipeline's outcomes into the library, for the window and the terminal alike."""

import logging
from collections.abc import Iterable
from dataclasses import replace

from resmem_gui.analysis.cautions import cautions_of
from resmem_gui.images.decoding import decode
from resmem_gui.images.errors import NO_FILE, ImageError
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.scoring.pipeline import Failed, FindTraits, Outcome, Scored
from resmem_gui.scoring.scorer import Scorer
from resmem_gui.traits import Caution, Traits

_log = logging.getLogger(__name__)


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


def look_at(path: str, find_traits: FindTraits) -> tuple[str, Traits] | None:
    """Return the hash of a file, whose content may not be what was scored, and what its pixels tell.

    All pixels are decoded, as they are for a score: the same file has the same cautions, whenever and by
    whomever it is looked at. None if it cannot be read: its score stands; only its cautions stay unknown.
    """
    try:
        image = decode(path)
        return image.sha256, find_traits(image.pixels, image.frames)
    except ImageError:
        return None
    except Exception as error:  # noqa: BLE001 - whatever a detector does, the next image has its turn
        _log.error("nothing could be found out about %s besides its score", path, exc_info=error)
        return None


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
