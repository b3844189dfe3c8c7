"""Numbers as people read them. One place, so that window, table and screen reader say the same."""

import math
from datetime import UTC, datetime, timedelta
from typing import Final

from resmem_gui.analysis.ranking import FLOOR
from resmem_gui.analysis.reference import Reference
from resmem_gui.library.records import MOST_STARS, Pick
from resmem_gui.scoring.preprocessing import FAST_DECODING_ERROR

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


def percentile_text(percentile: float) -> str:
    """Return a percentile as a short label, such as "83rd percentile"."""
    whole = whole_percentile(percentile)
    return f"{whole}{_ordinal_suffix(whole)} percentile"


def whole_percentile(percentile: float) -> int:
    """Return a percentile without false precision; 100 and 0 stay for those beyond the whole reference."""
    return round(percentile) if percentile in (0.0, 100.0) else min(99, max(1, round(percentile)))


def percentile_sentence(percentile: float, reference: Reference) -> str:
    """Return what a percentile means, in words that name the reference and its size."""
    whole = whole_percentile(percentile)
    return f"More memorable than {whole}\u00a0% of {reference.name}’s images (n\u00a0=\u00a0{reference.n:,})"


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


def _ordinal_suffix(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
