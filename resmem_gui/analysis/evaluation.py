"""How well predicted scores agree with what people were measured to remember."""

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from resmem_gui.analysis.evaluation_figures import (
    CalibrationBin,
    CategoryAgreement,
    Evaluation,
    Figure,
    Sample,
)
from resmem_gui.analysis.ranking import at_floor, comparable
from resmem_gui.analysis.resampling import (
    CONFIDENCE,
    FEWEST_FOR_INTERVALS,
    RESAMPLES,
    Floats,
    Moments,
    intervals,
    sample_moments,
)

FEWEST: Final = 3
#: Of a category with fewer images no correlation is told.
FEWEST_OF_CATEGORY: Final = FEWEST_FOR_INTERVALS
BIN_WIDTH: Final = 0.05
#: Said in every export, so that the interval can be computed again.
BOOTSTRAP: Final = (
    f"percentile bootstrap, {100 * CONFIDENCE:g}\u00a0%, {RESAMPLES:,} resamples of pairs "
    "(numpy.random.default_rng)"
)

_MEANINGS: Final = {
    "spearman": (
        "Spearman’s rho",
        "Agreement of the two orders: 1 is the same order, 0 is chance, −1 the opposite order.",
    ),
    "pearson": (
        "Pearson’s r",
        "Agreement along a straight line: 1 is a perfect line, 0 is chance, −1 a falling line.",
    ),
    "mae": ("Mean absolute error", "How far a predicted score is from the measured one, on average."),
    "mse": (
        "Mean squared error",
        "Mean of these distances squared: large ones weigh more. Its square root compares with scores.",
    ),
    "bias": ("Bias", "Mean of predicted less measured: negative means that scores are too low."),
    "slope": ("Calibration slope", "Of the line from predicted to measured scores: 1 is calibrated."),
    "intercept": ("Calibration intercept", "Of the same line: 0 is calibrated, if the slope is 1."),
    "sd_ratio": (
        "SD ratio",
        "Spread of predicted over spread of measured: below 1 is regression to the mean.",
    ),
}


class EvaluationError(Exception):
    """Scores that cannot be compared. Its text is a plain sentence."""


def evaluate(
    predicted: ArrayLike,
    measured: ArrayLike,
    *,
    categories: Sequence[str] | None = None,
    people: ArrayLike | None = None,
    seed: int = 0,
    pause: Callable[[], None] = lambda: None,
) -> Evaluation:
    """Compare predicted with measured scores, pair by pair.

    Args:
        predicted: Shape (n,), 0 to 1.
        measured: Shape (n,), 0 to 1.
        categories: Of each image; None for none.
        people: Shape (n,), how many people answered for each image, NaN where unknown; None if unknown.
        seed: Of the bootstrap: the same seed gives the same intervals.
        pause: Called between blocks of work; may wait, or raise to give up.

    Raises:
        EvaluationError: There are too few images, or something that is no score.
    """
    x, y = np.asarray(predicted, dtype=np.float64), np.asarray(measured, dtype=np.float64)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"shapes {x.shape} and {y.shape} are not pairs")
    if len(x) < FEWEST:
        raise EvaluationError(
            f"At least {FEWEST} images with both scores are needed to compare them; there are {len(x)}."
        )
    for values in (x, y):
        if not np.all((values >= 0) & (values <= 1)):  # NaN is not
            raise EvaluationError("Scores outside 0 to 1 cannot be compared.")
    generator = np.random.default_rng(seed)
    limits = intervals(x, y, generator, pause=pause)
    counts = None if people is None else np.asarray(people, dtype=np.float64)
    return Evaluation(
        predicted=x,
        measured=y,
        figures=_figures(sample_moments(x, y), limits),
        predicted_sample=Sample.of(x),
        measured_sample=Sample.of(y),
        spearman_at_floor=float(sample_moments(comparable(x), y).spearman),
        ks=_ks(x, y),
        floor_count=int(at_floor(x).sum()),
        calibration=tuple(_calibration(x, y)),
        categories=_by_category(x, y, categories, generator, pause) if categories is not None else (),
        seed=seed,
        people=_median(counts),
        ceiling=_ceiling(y, counts),
    )


def _figures(moments: Moments, limits: dict[str, tuple[float, float]]) -> dict[str, Figure]:
    return {
        key: Figure(key, name, float(getattr(moments, key)), *limits[key], meaning)
        for key, (name, meaning) in _MEANINGS.items()
    }


def _ks(x: Floats, y: Floats) -> float:
    """Return the largest distance between the two shares of scores up to any score.

    As `scipy.stats.ks_2samp`, importing which takes a second. Its p value is left out: it wants two
    independent samples, and these are pairs.
    """
    scores = np.concatenate([x, y])
    shares = [np.searchsorted(np.sort(each), scores, side="right") / len(each) for each in (x, y)]
    return float(np.abs(shares[0] - shares[1]).max())


def _calibration(x: Floats, y: Floats) -> list[CalibrationBin]:
    count = round(1 / BIN_WIDTH)
    # To nine digits, because 0.15 / 0.05 is 2.999…; single precision has seven.
    places = np.minimum(np.floor(np.round(x.astype(np.float32) / BIN_WIDTH, 5)).astype(np.int64), count - 1)
    bins = []
    for place in np.unique(places):
        inside = places == place
        n = int(inside.sum())
        error = float(y[inside].std(ddof=1) / math.sqrt(n)) if n > 1 else math.nan
        low, high = place / count, (place + 1) / count
        bins.append(CalibrationBin(low, high, n, float(x[inside].mean()), float(y[inside].mean()), error))
    return bins


def _by_category(
    x: Floats,
    y: Floats,
    categories: Sequence[str],
    generator: np.random.Generator,
    pause: Callable[[], None],
) -> tuple[CategoryAgreement, ...]:
    names, places = np.unique(np.asarray(categories, dtype=str), return_inverse=True)
    found = []
    for number, name in enumerate(names):
        inside = places == number
        p, m = x[inside], y[inside]
        rho, low, high = math.nan, math.nan, math.nan
        if len(p) >= FEWEST_OF_CATEGORY:
            rho = float(sample_moments(p, m).spearman)
            low, high = intervals(p, m, generator, pause=pause)["spearman"]
        errors = p - m
        mae, bias = float(np.abs(errors).mean()), float(errors.mean())
        found.append(CategoryAgreement(str(name), len(p), rho, low, high, mae, bias))
    return tuple(sorted(found, key=lambda each: (-each.n, each.name)))


def _median(counts: Floats | None) -> float:
    if counts is None or np.isnan(counts).all():
        return math.nan
    return float(np.nanmedian(counts))


def _ceiling(y: Floats, counts: Floats | None) -> float:
    """Return the square root of the reliability that binomial sampling leaves of the measured scores."""
    if counts is None:
        return math.nan
    usable = counts > 1
    if usable.sum() < FEWEST:
        return math.nan
    y, n = y[usable], counts[usable]
    spread = float(y.var(ddof=1))
    if spread <= 0:
        return math.nan
    noise = float((y * (1 - y) / (n - 1)).mean())
    return math.sqrt(max(0.0, 1 - noise / spread))
