"""What is said about an image beside it: one place, so that loupe, comparison and screen reader agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from resmem_gui.analysis import percentile_texts
from resmem_gui.analysis.differences import LEAST_SHOWN, Difference, Worth, difference
from resmem_gui.analysis.ranking import at_floor
from resmem_gui.library.records import ImageRecord, Pick, Status
from resmem_gui.ui import wording
from resmem_gui.ui.rows.image_model import ImageModel

_SHORT_FLOOR: Final = "at the model’s floor"


@dataclass(frozen=True, slots=True)
class CaptionPart:
    """A piece of a caption.

    Attributes:
        text: As people read it.
        importance: Where room is short, the least important pieces go first.
        loud: Whether it is what people look for.
    """

    text: str
    importance: int
    loud: bool = False


def caption_parts(model: ImageModel, image_id: int, *, is_short: bool = False) -> list[CaptionPart]:
    """Return all that a caption says about an image besides its name, in order of reading.

    Args:
        model: Where the image is.
        image_id: Which image.
        is_short: Whether several captions share the width, so that marks take the same little room in each.
    """
    record = model.library.record(image_id)
    parts = _standing_parts(model, record)
    marks = (short_marks if is_short else wording.marks_text)(record.rating, record.pick)
    parts += [CaptionPart(marks, 8)] if marks else []
    parts += [CaptionPart("File missing", 7)] if record.missing else []
    size = wording.dimensions_text(record.width, record.height)
    return parts + ([CaptionPart(size, 1)] if size else [])


def short_marks(rating: int, pick: int) -> str:
    """Return pick and stars in a few characters, such as "✓ 5★"; an empty text without both."""
    return f"{wording.marks_text(0, pick)} {f'{rating}★' if rating else ''}".strip()


def _standing_parts(model: ImageModel, record: ImageRecord) -> list[CaptionPart]:
    """Return score, rank and percentile, or why there are none."""
    if record.status is Status.FAILED:
        return [CaptionPart(f"Not scored. {record.error}", 9)]
    if record.score is None:
        return [CaptionPart("Waiting for its score", 9)]
    rank, scored = model.standing.rank(record.image_id), model.library.count(Status.SCORED)
    parts = [
        CaptionPart(f"Score {wording.score_text(record.score)}", 9, loud=True),
        CaptionPart(f"Rank {rank:,} of {scored:,}", 3),
        CaptionPart(percentile_text(model, record.image_id), 4),
    ]
    return parts + ([CaptionPart(_SHORT_FLOOR.capitalize(), 6)] if at_floor(record.score) else [])


def percentile_text(model: ImageModel, image_id: int) -> str:
    """Return an image's percentile with the reference that it belongs to."""
    percentile = model.standing.percentile(image_id)
    return f"{percentile_texts.percentile_text(percentile)} of {model.reference_of(image_id).name}"


def scale_text(scale: float, *, is_fitted: bool) -> str:
    """Return how large a picture is shown; 100 % is one of its pixels on one of the screen."""
    return f"{'Fit, ' if is_fitted else ''}{100 * scale:.0f}\u00a0%"


def position_text(row: int, rows: int) -> str:
    """Return which of the images shown this is."""
    return f"{row + 1:,} of {rows:,}"


def spoken(model: ImageModel, image_id: int) -> str:
    """Return what a screen reader says about an image: name, position, score, what a person has decided."""
    record, row = model.library.record(image_id), model.row_of(image_id)
    parts = [record.name]
    parts += [position_text(row, model.rowCount())] if row is not None else []
    parts += [part.text for part in _standing_parts(model, record)]
    parts += [wording.count_text(record.rating, "star")] if record.rating else []
    parts += [record.pick.word] if record.pick is not Pick.NONE else []
    return ", ".join([*parts, *(["file missing"] if record.missing else [])])


@dataclass(frozen=True, slots=True)
class CompareVerdict:
    """How an image stands against the best of a comparison; empty without a score.

    Attributes:
        full: With the reason.
        short: The same where room is short.
    """

    full: str = ""
    short: str = ""


def verdicts(model: ImageModel, image_ids: Sequence[int]) -> dict[int, CompareVerdict]:
    """Return for each image how its score stands against the best of them, and what that is worth.

    Nothing is said of an image without a score, nor of any with fewer than two scores.
    """
    scores = {image_id: float(model.library.scores[image_id]) for image_id in image_ids}
    scored = [image_id for image_id in image_ids if np.isfinite(scores[image_id])]
    said = dict.fromkeys(image_ids, CompareVerdict())
    if len(scored) < 2:
        return said
    best = max(scored, key=lambda image_id: scores[image_id])
    name = model.library.record(best).name
    for image_id in scored:
        said[image_id] = _against(name, difference(scores[best], scores[image_id]))
    highest = "The highest score here."
    if at_floor(scores[best]):
        highest = "No score here is above the model’s floor."
    return said | {best: CompareVerdict(highest, highest)}


def _against(best: str, found: Difference) -> CompareVerdict:
    if found.worth is Worth.AT_FLOOR:
        return CompareVerdict(found.sentence, found.short)
    if found.is_none:
        return CompareVerdict(f"The same score as {best}.", "The same score.")
    below = f"{-found.value:.3f} below" if found.value else f"Less than {LEAST_SHOWN:.3f} below"
    return CompareVerdict(f"{below} {best}. {found.sentence}", f"{below} the best: {found.short}")
