"""What is said about sensitivities: one place, so that inspector, dialog, comparison and notices agree."""

import os
from collections import Counter
from typing import Final

from resmem_gui.analysis.differences import LEAST_ERROR, MOST_ERROR
from resmem_gui.library.records import ImageRecord, Sensitivity, readable
from resmem_gui.scoring.framings import framings_text
from resmem_gui.ui import wording
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.running.measuring_run import MeasuringEnd

NOT_AGAINST_PEOPLE: Final = (
    "This is sensitivity to framing, not an error bar against people. Against people, ResMem’s mean error "
    f"is {LEAST_ERROR} to {MOST_ERROR}, depending on the source of images."
)
_NOTICE: Final = "sensitivity"


def range_text(sensitivity: Sensitivity) -> str:
    """Return the interval with two digits, from the least to the greatest."""
    return f"{wording.score_text(sensitivity.low)}–{wording.score_text(sensitivity.high)}"


def spread_text(sensitivity: Sensitivity) -> str:
    """Return the interval with what it was taken over."""
    over = framings_text(sensitivity.recipe, len(sensitivity.scores))
    return f"{range_text(sensitivity)} over {over} (sd\u00a0{sensitivity.sd:.3f})"


def ranks_text(best: int, worst: int) -> str:
    """Return which images cannot be told from this one by framing alone.

    Args:
        best: The best rank that the image may have, from 1.
        worst: The worst.
    """
    others = worst - best
    if not others:
        return "No other image scores within this interval."
    score = "scores" if others == 1 else "score"
    return (
        f"Ranks {best:,} to {worst:,} cannot be told apart by framing alone: "
        f"{wording.count_text(others, 'other image')} {score} within this interval."
    )


def estimate_text(images: int, framings: int, seconds: float | None) -> str:
    """Return how much there is to measure, and how long that takes on this machine.

    Args:
        images: How many are to be measured.
        framings: How often each goes through the network.
        seconds: For all of them; None while the speed is not known.
    """
    if not images:
        return "All of them are measured in this way already."
    amount = f"{framings} framings × {wording.count_text(images, 'image')}"
    if seconds is None:
        return f"{amount}. How long that takes is known after the first images."
    return f"{amount}, about {wording.duration_text(seconds)} on this machine."


def end_notice(end: MeasuringEnd) -> Notice | None:
    """Return what there is to tell when measuring is over; None where what is shown says it all."""
    measured = wording.count_text(end.measured, "image")
    if not end.failures:
        if end.measured < 2:
            return None
        return Notice(_NOTICE, Level.SUCCESS, f"The sensitivity to framing of {measured} was measured.")
    ((reason, count),) = Counter(failure.reason for failure in end.failures).most_common(1)
    first = next(failure for failure in end.failures if failure.reason == reason)
    name = readable(os.path.basename(first.request.path))
    failed = wording.count_text(len(end.failures), "image")
    text = f"The sensitivity of {failed} could not be measured; that of {measured} was. {name}: {reason}"
    others = len(end.failures) - count
    if count > 1:
        text += f" The same goes for {wording.count_text(count - 1, 'other image')}."
    if others:
        text += f" {wording.count_text(others, 'image')} failed for other reasons."
    return Notice(_NOTICE, Level.WARNING, text)


def can_be_measured(record: ImageRecord) -> bool:
    """Return whether an image has a score and a file."""
    return record.score is not None and not record.missing
