"""Numbers as people read them. One place, so that window, table and screen reader say the same."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from resmem_gui.analysis.cautions import title
from resmem_gui.analysis.ranking import FLOOR
from resmem_gui.analysis.reference import Reference
from resmem_gui.library.records import MOST_STARS, Pick, Sensitivity
from resmem_gui.scoring.preprocessing import FAST_DECODING_ERROR
from resmem_gui.traits import Caution

FAST_DECODING_SENTENCE = (
    "Photographs from cameras decode in half the time. Their scores change "
    f"{FAST_DECODING_ERROR}; exports say so."
)
_PICK_SIGNS: Final = {-1: "✗", 0: "", 1: "✓"}
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - a camera's clock has no time zone
_TIME: Final = "%Y-%m-%d %H:%M"
FLOOR_SENTENCE = f"At the model’s floor: under {FLOOR:.2f} ResMem does not tell images apart."


def score_text(score: float) -> str:
    """Return a score for a thumbnail or a heading."""
    return f"{score:.2f}"


def references_text(references: Sequence[Reference]) -> str:
    """Return what percentiles of some images are of: a reference, or each its own of several.

    Args:
        references: One or more, each once.
    """
    names = [reference.name for reference in references]
    return names[0] if len(names) == 1 else f"their references ({', '.join(names)})"


def cautions_text(cautions: Caution | None) -> str:
    """Return why a score may not mean what it says, a title each; empty while nobody has looked."""
    if cautions is None:
        return ""
    return "; ".join(title(caution) for caution in cautions) or "None"  # a title may have commas


def sensitivity_text(sensitivity: Sensitivity | None) -> str:
    """Return least and greatest score over framings; empty while nobody has asked."""
    if sensitivity is None:
        return ""
    return f"{score_text(sensitivity.low)}–{score_text(sensitivity.high)}"


def sensitivity_sentence(sensitivity: Sensitivity) -> str:
    """Return what such a range means."""
    return (
        f"Framed in {len(sensitivity.scores)} ways it scores from {score_text(sensitivity.low)} to "
        f"{score_text(sensitivity.high)}: sensitivity to framing, not an error against people."
    )


def rank_sentence(rank: int, scored: int) -> str:
    """Return a rank among all scored images."""
    return f"Rank {rank:,} of {scored:,} scored"


def dimensions_text(width: int, height: int) -> str:
    """Return the size of an image in pixels, or an empty text while it is unknown."""
    return f"{width:,} × {height:,}" if width and height else ""


def aspect_text(width: int, height: int) -> str:
    """Return width by height as one number, or an empty text while they are unknown."""
    return f"{width / height:.2f} : 1" if width and height else ""


def stars_text(rating: int) -> str:
    """Return a rating as stars, filled and empty; an empty text without one."""
    return "★" * rating + "☆" * (MOST_STARS - rating) if rating else ""


def marks_text(rating: int, pick: int) -> str:
    """Return pick and stars as short as they can be read; an empty text without both."""
    sign = _PICK_SIGNS[pick]
    return f"{sign} {'★' * rating}".strip()


def marks_sentence(rating: int, pick: int) -> str:
    """Return pick and stars as a screen reader says them after other things; empty without both."""
    stars = f", {count_text(rating, 'star')}" if rating else ""
    return stars + (f", {Pick(pick).word}" if pick else "")


def camera_time_text(seconds: float) -> str:
    """Return a time by the camera's clock, given in seconds since 1970; empty for NaN."""
    if math.isnan(seconds):
        return ""
    return (_EPOCH + timedelta(seconds=seconds)).strftime(_TIME)


def time_text(nanoseconds: int) -> str:
    """Return a time by this computer's clock, given in nanoseconds since 1970; empty for 0."""
    if not nanoseconds:
        return ""
    return (
        (_EPOCH.replace(tzinfo=UTC) + timedelta(microseconds=nanoseconds // 1000))
        .astimezone()
        .strftime(_TIME)
    )


def capital(text: str) -> str:
    """Return a text as a line of its own begins: with a capital."""
    return text[:1].upper() + text[1:]


def count_text(count: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{count:,} {noun if count == 1 else noun + 's'}"


def bytes_text(count: int) -> str:
    """Return an amount of memory, as file managers write it (1 MB is a million bytes)."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.1f} {unit}" if count < 100 * size else f"{count / size:,.0f} {unit}"
    return f"{count} bytes"


def duration_text(seconds: float) -> str:
    """Return a duration, coarser the longer it is."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s" if whole < 600 else f"{round(whole / 60)} min"
    minutes = round(whole / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min"
