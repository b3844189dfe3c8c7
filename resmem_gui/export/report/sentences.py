"""What a report says in words: headlines, limits, method, citations, licences."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from resmem_gui.analysis import percentile_texts
from resmem_gui.analysis.cautions import UNCHANGED
from resmem_gui.analysis.differences import LEAST_ERROR, MOST_ERROR
from resmem_gui.analysis.ranking import FLOOR
from resmem_gui.export.report.content import ReportContent, ReportImage
from resmem_gui.export.report.statistics import ReferenceGroup, at_floor, caution_groups, groups

_FEW_IMAGES: Final = 20

LICENCE: Final = (
    "The weights of ResMem are licensed for non-commercial use by their authors; scores made with them are "
    "for research, teaching and private use. Ask the University of Chicago before any commercial use."
)
_MEANING: Final = (
    "A score is a network’s estimate of how likely people are, on average, to recognise an image when they "
    "see it again some minutes later. It tells nothing about how good, beautiful or interesting an image is, "
    "nor what one person will remember, be it a patient, a student or a customer."
)
_ERROR: Final = (
    f"Scores differ from what people were measured to remember by {LEAST_ERROR:.2f} to {MOST_ERROR:.2f} on "
    "average, by source of the images (mean absolute error). A smaller difference does not show which of two "
    "images people remember better, and percentiles, which compare estimated with measured scores, share "
    "this error."
)
_AGREEMENT: Final = (
    "Their order agrees with that measured on people to a rank correlation of 0.64–0.68 on images like those "
    "that the network was trained on, about 0.45–0.65 on other everyday photographs, and about 0.2 on "
    "isolated objects (Needell & Bainbridge 2022, the authors’ own reports, and independent sets of images)."
)
_SCOPE: Final = (
    "The network is not made for faces, text, charts, screenshots, drawings or single frames of films, and "
    "knows nothing of personal meaning."
)
#: What every report says of its numbers, whatever they are.
LIMITS: Final = (_MEANING, _ERROR, _AGREEMENT, _SCOPE)
#: What all cautions have in common.
CAUTIONS: Final = (
    f"A caution says why a score may not mean what it says. {UNCHANGED} Rank correlations that cautions name "
    "are from: Squalli-Houssaini, H., Duong, N. Q. K., Marquant, G., & Demarty, C.-H. (2018). Deep learning "
    "for predicting image memorability. IEEE International Conference on Acoustics, Speech and Signal "
    "Processing (ICASSP), 2371–2375."
)
CURVES: Final = (
    "A curve that matches the reference proves nothing. One that does not match shows that these images "
    "differ from those that people were tested with, or that the network fails on them."
)


def count_text(count: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{count:,} {noun if count == 1 else noun + 's'}"


def rank_text(rank: float | None) -> str:
    """Return an average rank; ties have halves."""
    if rank is None:
        return "–"
    return f"{rank:,.0f}" if rank == round(rank) else f"{rank:,.1f}"


def percentile_cell(percentile: float | None) -> str:
    """Return a percentile for a table."""
    return "–" if percentile is None else percentile_texts.percentile_cell(percentile)


def standing_text(image: ReportImage, *, name_reference: bool) -> str:
    """Return the percentile of an image for a caption; the reference is named if wanted or needed."""
    if image.percentile is None:
        return "–"
    text = percentile_texts.percentile_text(image.percentile)
    needs_name = name_reference or image.percentile in (0.0, 100.0)
    return f"{text} of {image.reference}" if needs_name and image.reference else text


def reference_text(group: ReferenceGroup) -> str:
    """Return a reference with its size, as percentiles name it."""
    return f"{group.reference.name}, n = {group.reference.n:,}"


def scope_text(content: ReportContent) -> str:
    """Return which images the report covers, and how many."""
    images = len(content.images) + len(content.unscored)
    failed = f", {len(content.unscored):,} without a score" if content.unscored else ""
    return f"{count_text(images, 'image')}{failed}: {content.options.covers}"


def headlines(content: ReportContent) -> tuple[str, ...]:
    """Return what the numbers say, the most important first; limits stand in `LIMITS`."""
    if not content.images:
        return ("No image of this report has a score.",)
    said = [_of_group(group) for group in groups(content)]
    floor = at_floor(content.images)
    if floor:
        said.append(_of_floor(len(floor)))
    cautious = sum(bool(image.cautions) for image in content.images)
    if cautious:
        kinds = "; ".join(group.title.lower() for group in caution_groups(content))
        carry = "carries a caution" if cautious == 1 else "carry cautions"
        said.append(
            f"{count_text(cautious, 'scored image')} {carry} ({kinds}): read these scores as doubtful."
        )
    unexamined = sum(not image.is_examined for image in content.images)
    if unexamined:
        were = "was" if unexamined == 1 else "were"
        said.append(f"{count_text(unexamined, 'scored image')} {were} not examined for cautions.")
    if len(content.images) < _FEW_IMAGES:
        said.append("With so few images, mean and distribution say little about others of their kind.")
    return tuple(said)


def _of_floor(count: int) -> str:
    if count == 1:
        return f"1 image lies at the model’s floor (below {FLOOR:.2f}): its score says no more than that."
    return (
        f"{count:,} images lie at the model’s floor (below {FLOOR:.2f}): it does not tell such images apart, "
        "so they share one rank, and their order means nothing."
    )


def _of_group(group: ReferenceGroup) -> str:
    scores = group.scores
    if len(scores) == 1:
        text = f"The image has a score of {scores[0]:.2f}."
    else:
        text = (
            f"{count_text(len(scores), 'image')} score from {scores.min():.2f} to {scores.max():.2f}, with a "
            f"mean of {scores.mean():.2f}."
        )
    middle = float(group.reference.percentile(float(np.median(scores))))
    what = "It" if len(scores) == 1 else "The median"
    where = percentile_texts.percentile_text(middle)
    lies = f"stands at the {where}" if 0 < middle < 100 else f"is {where}"
    return (
        f"{text} {what} {lies} of {group.reference.name} (n = {group.reference.n:,}, measured on people), "
        "where the 50th percentile would be typical."
    )


def rank_note(content: ReportContent) -> str:
    """Return what the ranks are among."""
    among = count_text(content.ranked_among, "scored image")
    whole = content.ranked_among == len(content.images)
    return f"Ranks are among the {among}{' of this report' if whole else ' of the whole library'}."


def pictures_note(content: ReportContent) -> str:
    """Return what stands under the pictures."""
    drawn = groups(content)
    within = f" of {reference_text(drawn[0])}" if len(drawn) == 1 else ""
    return (
        f"{rank_note(content)} Under each picture: rank, score, percentile{within}. ▲ marks images at the "
        "model’s floor or with a caution."
    )


def method(content: ReportContent) -> str:
    """Return the method paragraph, as it can stand in a paper's supplement."""
    names = " and ".join(f"{group.reference.name} (n = {group.reference.n:,})" for group in groups(content))
    percentiles = (
        f" Percentiles are mid-rank percentiles within {names}: the share of the reference’s images with a "
        "lower measured score, ties counted half."
        if names
        else ""
    )
    return (
        f"{_scorer_text(content.run_record)}{percentiles} Ranks run from 1, the most memorable; equal "
        f"scores share their average rank, and all scores below {FLOOR:.2f}, the model’s floor, count as "
        "equal."
        f"{_sensitivity_text(content.images)}"
    )


def _scorer_text(record: Mapping[str, Any]) -> str:
    """Return what made the scores, from the run record."""
    said = []
    for producer in record.get("scores_made_by") or ():
        number = producer.get("n")
        many = f" ({number:,} of the scores)" if isinstance(number, int) else ""
        said.append(
            f"{producer.get('scorer', 'an unknown scorer')} (weights SHA-256 "
            f"{producer.get('weights_sha256', '?')}), preprocessing "
            f"{producer.get('preprocessing', '?')}, on {producer.get('device', '?')}{many}"
        )
    if not said:
        return "What made the scores is not recorded."
    program = record.get("program") or {}
    by = " ".join(str(program[key]) for key in ("name", "version") if program.get(key))
    tail = f" The program was {by}." if by else ""
    return f"Scores were made with {'; and with '.join(said)}.{tail}"


def _sensitivity_text(images: Iterable[ReportImage]) -> str:
    if not any(image.sensitivity for image in images):
        return ""
    return (
        " A range beside a score is its sensitivity to framing: the least and greatest score of the image "
        "under the small changes that the run record names. It is no error bar against people."
    )
