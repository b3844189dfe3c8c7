"""Whether images that are compared can be told apart by framing alone."""

from collections.abc import Sequence

import numpy as np

from resmem_gui.analysis.differences import overlap
from resmem_gui.library.records import Sensitivity
from resmem_gui.scoring.framings import framings_text
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.sensitivity.sentences import range_text
from resmem_gui.ui.viewing.captions import CompareVerdict


def framing_verdicts(model: ImageModel, image_ids: Sequence[int]) -> dict[int, CompareVerdict]:
    """Return for each image its interval, and whether that overlaps the interval of the highest score.

    Nothing is said of images that are not measured, nor of any with fewer than two scores.
    """
    library = model.library
    said = dict.fromkeys(image_ids, CompareVerdict())
    scored = [image_id for image_id in image_ids if np.isfinite(library.scores[image_id])]
    if len(scored) < 2:
        return said
    best = max(scored, key=lambda image_id: float(library.scores[image_id]))
    of_best = library.sensitivity(best)
    for image_id in scored:
        known = library.sensitivity(image_id)
        if known is not None:
            said[image_id] = _alone(known) if image_id == best else _against(known, of_best)
    return said


def _alone(known: Sensitivity) -> CompareVerdict:
    over = framings_text(known.recipe, len(known.scores))
    return CompareVerdict(f"{range_text(known)} over {over}.", f"{range_text(known)} over {over}.")


def _against(known: Sensitivity, of_best: Sensitivity | None) -> CompareVerdict:
    if of_best is None:
        return CompareVerdict(f"{_alone(known).full} The highest is not measured.", _alone(known).short)
    if of_best.recipe != known.recipe:
        return CompareVerdict(
            f"{_alone(known).full} The highest was framed in another way: the two cannot be compared.",
            f"{range_text(known)}, framed in another way than the highest.",
        )
    begin = f"{_alone(known).full[:-1]}, the highest {range_text(of_best)}:"
    if overlap((known.low, known.high), (of_best.low, of_best.high)):
        return CompareVerdict(
            f"{begin} these overlap. By framing alone they cannot be told apart.",
            f"{range_text(known)} overlaps {range_text(of_best)}: not told apart by framing.",
        )
    return CompareVerdict(
        f"{begin} these do not overlap. Framing alone does not explain the difference.",
        f"{range_text(known)} does not overlap {range_text(of_best)}.",
    )
