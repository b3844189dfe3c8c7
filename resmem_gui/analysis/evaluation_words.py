"""An evaluation in plain words: what agrees, what does not, and how far to trust it."""

import math
from dataclasses import dataclass
from typing import Final

from resmem_gui.analysis.evaluation_figures import Evaluation, Figure
from resmem_gui.analysis.ranking import FLOOR
from resmem_gui.analysis.reference import Reference
from resmem_gui.analysis.resampling import FEWEST_FOR_INTERVALS

#: Agreement of one half of the people with the other (Spearman), as published.
_SPLIT_HALF: Final = {
    "LaMem": "0.67 (Needell and Bainbridge 2022) or 0.68 (Squalli-Houssaini et al. 2018)",
    "MemCat": "0.78 (Needell and Bainbridge 2022)",
}
_FEW: Final = 30
_NOT_MANY: Final = 100
#: Measured scores that spread less than this share of the reference's restrict the range.
_NARROW: Final = 0.6
#: Fewer images at the floor change nothing that could be seen.
_MANY_AT_FLOOR: Final = 0.02
_NO_BIAS: Final = 0.02
#: A ratio whose whole interval is nearer to 1 than this, or its inverse, is taken for 1.
_ALIKE: Final = 0.9


@dataclass(frozen=True, slots=True)
class Words:
    """What there is to say.

    Attributes:
        headline: The result in one or two sentences.
        findings: What else the figures show.
        caveats: What to keep in mind before they are believed or quoted.
    """

    headline: str
    findings: tuple[str, ...]
    caveats: tuple[str, ...]


def words(evaluation: Evaluation, usual: Reference, *, trained_on: str = "") -> Words:
    """Put an evaluation into words.

    Args:
        evaluation: The figures.
        usual: A reference whose spread is what photographs usually have.
        trained_on: "LaMem" or "MemCat" if the images come from there, empty otherwise.
    """
    findings = [_distance(evaluation), _spread(evaluation), _calibrated(evaluation)]
    caveats = [
        *_contamination(trained_on),
        *_size(evaluation),
        *_range(evaluation, usual),
        *_floor(evaluation),
        *_people(evaluation),
        _DISTRIBUTIONS,
    ]
    return Words(_headline(evaluation), tuple(text for text in findings if text), tuple(caveats))


_DISTRIBUTIONS: Final = (
    "Alike distributions prove nothing about single images (Needell and Bainbridge 2022); unlike ones show "
    "that scores cannot be read as shares of people."
)


def interval_text(figure: Figure) -> str:
    """Return the confidence interval of a figure, such as "0.41 to 0.56"; empty without one."""
    return range_text(figure.low, figure.high)


def range_text(low: float, high: float) -> str:
    """Return the ends of an interval, both with as many digits; empty for none."""
    if not math.isfinite(low):
        return ""
    digits = _digits(max(abs(low), abs(high)))
    return f"{_rounded(low, digits)} to {_rounded(high, digits)}"


def number_text(value: float) -> str:
    """Return a number with as many digits as mean something; a dash for none."""
    return _rounded(value, _digits(value)) if math.isfinite(value) else "–"


def _digits(value: float) -> int:
    return 4 if 0.00005 <= abs(value) < 0.02 else 3


def _rounded(value: float, digits: int) -> str:
    value = round(value, digits) + 0.0  # no -0.0
    return f"{value:.{digits}f}".replace("-", "−")


def _headline(evaluation: Evaluation) -> str:
    rho = evaluation.figures["spearman"]
    if not math.isfinite(rho.value):
        return (
            f"No correlation can be told from these {evaluation.n:,} images: all predicted or all measured "
            "scores are equal."
        )
    interval = interval_text(rho)
    limits = f" (95\u00a0% confidence interval {interval})" if interval else ""
    return f"Spearman’s rho = {number_text(rho.value)}{limits}, n = {evaluation.n:,} images."


def _distance(evaluation: Evaluation) -> str:
    mae, bias = evaluation.figures["mae"].value, evaluation.figures["bias"]
    text = f"A predicted score is {mae:.2f} from the measured one on average (mean absolute error). "
    if max(abs(bias.low), abs(bias.high)) < _NO_BIAS:
        return text + "On the whole predictions are neither too high nor too low."
    if not math.isfinite(bias.low) or bias.low <= 0 <= bias.high:
        numbers = ", ".join(filter(None, (number_text(bias.value), interval_text(bias))))
        return (
            f"{text}Whether predictions are too high or too low on the whole cannot be told from these "
            f"images (bias {numbers})."
        )
    side = "lower" if bias.value < 0 else "higher"
    return text + f"On the whole predictions are {abs(bias.value):.2f} {side} than what people remembered."


def _spread(evaluation: Evaluation) -> str:
    ratio = evaluation.figures["sd_ratio"]
    if not math.isfinite(ratio.low):
        return ""
    numbers = (
        f"sd {evaluation.predicted_sample.sd:.3f} against {evaluation.measured_sample.sd:.3f}, ratio "
        f"{ratio.value:.2f}, {interval_text(ratio)}"
    )
    if ratio.high < 1:
        return (
            f"Predictions spread less than people’s scores ({numbers}): regression to the mean. Images that "
            "people remember unusually well or badly are predicted nearer to the middle. Some of that is to "
            "be expected: no careful guess spreads as much as what it guesses, and scores from few people "
            "spread by chance."
        )
    if ratio.low > 1:
        return f"Predictions spread more than people’s scores ({numbers})."
    if min(ratio.low, 1 / ratio.high) > _ALIKE:
        return f"Predictions spread as much as people’s scores ({numbers})."
    return (
        f"Whether predictions spread less than people’s scores cannot be told from these images ({numbers})."
    )


def _calibrated(evaluation: Evaluation) -> str:
    slope = evaluation.figures["slope"]
    if not math.isfinite(slope.low):
        return ""
    where = f"The calibration line has slope {number_text(slope.value)} ({interval_text(slope)}): "
    if slope.high < 0:
        return where + "higher predicted scores go with lower ones of people."
    if slope.low <= 0:
        return where + "it cannot be told that higher predicted scores go with higher ones of people."
    if slope.low > 1:
        return where + "differences between predicted scores stand for larger ones between people’s."
    if slope.high < 1:
        return where + "differences between predicted scores stand for smaller ones between people’s."
    if min(slope.low, 1 / slope.high) > _ALIKE:
        return where + "on average, differences between predicted scores can be taken as they are."
    return where + (
        "it cannot be told from these images whether differences between predicted scores stand for smaller "
        "or larger ones between people’s."
    )


def _contamination(trained_on: str) -> list[str]:
    if not trained_on:
        return []
    text = (
        f"ResMem was trained on {trained_on}: agreement on its images is flattered, and says little of other "
        "images."
    )
    if trained_on in _SPLIT_HALF:
        text += f" People agree with people to {_SPLIT_HALF[trained_on]} there (split-half Spearman)."
    return [text]


def _size(evaluation: Evaluation) -> list[str]:
    n = evaluation.n
    if n < FEWEST_FOR_INTERVALS:
        text = (
            f"Only {n} images: the figures may be quite different with others. Confidence intervals are "
            f"given from {FEWEST_FOR_INTERVALS} images on."
        )
        return [text]
    if n < _FEW:
        text = (
            f"Only {n} images: the figures may change much with others, and bootstrap intervals are too "
            "narrow for so few."
        )
        return [text]
    if n < _NOT_MANY:
        return [f"{n} images are not many: look at the confidence intervals, not at the figures."]
    return []


def _range(evaluation: Evaluation, usual: Reference) -> list[str]:
    spread = evaluation.measured_sample.sd
    if spread >= _NARROW * usual.sd:
        return []
    text = (
        f"People’s scores spread little here (sd {spread:.3f}; {usual.name} {usual.sd:.3f}). In a narrow "
        "range correlations are lower: compare errors rather than correlations with other studies."
    )
    return [text]


def _floor(evaluation: Evaluation) -> list[str]:
    if evaluation.floor_share < _MANY_AT_FLOOR:
        return []
    text = (
        f"{evaluation.floor_count:,} predicted scores ({100 * evaluation.floor_share:.1f}\u00a0%) are at the "
        f"model’s floor, under {FLOOR:.2f}, where their order means nothing. With these as ties rho is "
        f"{number_text(evaluation.spearman_at_floor)}."
    )
    return [text]


def _people(evaluation: Evaluation) -> list[str]:
    people, mean = evaluation.people, evaluation.measured_sample.mean
    if not math.isfinite(people):
        text = (
            "Measured scores have an error too: one from 99 people at 0.75 has a standard error of 0.044, so "
            "even a perfect model would not reach 1."
        )
        return [text]
    text = (
        f"A measured score rests on {people:,.0f} people (median): at {mean:.2f} its standard error is "
        f"{math.sqrt(mean * (1 - mean) / people):.3f}."
    )
    if evaluation.ceiling == 0:
        text += " Their scores differ no more than such errors alone make them differ: little can be shown."
        return [text]
    if math.isfinite(evaluation.ceiling):
        text += (
            " With such errors alone even a perfect model would reach a correlation of about "
            f"{evaluation.ceiling:.2f} at most."
        )
    return [text]
