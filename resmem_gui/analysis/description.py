"""One distribution in numbers."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from resmem_gui.analysis.ranking import FLOOR, at_floor
from resmem_gui.analysis.reference import Reference

#: Below so many images curve and numbers may change with a few more.
FEW: Final = 30

_PROBABILITIES: Final = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


@dataclass(frozen=True)
class Description:
    """A distribution in numbers. All but `n` are NaN where there are no scores.

    Attributes:
        n: How many scores.
        mean: Of all scores.
        sd: Sample standard deviation; NaN below two scores.
        minimum: The least score.
        p5: The 5th percentile.
        q1: The first quartile.
        median: The second quartile.
        q3: The third quartile.
        p95: The 95th percentile.
        maximum: The greatest score.
        share_at_floor: Share of the scores below `ranking.FLOOR`, 0 to 1.
    """

    n: int
    mean: float
    sd: float
    minimum: float
    p5: float
    q1: float
    median: float
    q3: float
    p95: float
    maximum: float
    share_at_floor: float

    @property
    def is_few(self) -> bool:
        """Whether there are so few scores that little can be said of their distribution."""
        return self.n < FEW


def describe(scores: ArrayLike) -> Description:
    """Describe scores, shape (n,); NaN is passed over. Quantiles lie between scores, as NumPy's do."""
    values = known_scores(scores)
    if values.size == 0:
        return _description(0, math.nan, math.nan, np.full(len(_PROBABILITIES), math.nan), math.nan)
    sd = float(values.std(ddof=1)) if values.size > 1 else math.nan
    share = float(at_floor(values).mean())
    return _description(values.size, float(values.mean()), sd, np.quantile(values, _PROBABILITIES), share)


def describe_reference(reference: Reference) -> Description:
    """Describe a reference by its summary, whose quantiles are those of all its scores."""
    probabilities = np.linspace(0.0, 1.0, len(reference.quantiles))
    quantiles = np.interp(_PROBABILITIES, probabilities, reference.quantiles)
    return _description(reference.n, reference.mean, reference.sd, quantiles, share_below(reference, FLOOR))


def _description(n: int, mean: float, sd: float, quantiles: NDArray[np.float64], share: float) -> Description:
    minimum, p5, q1, median, q3, p95, maximum = quantiles.tolist()
    return Description(n, mean, sd, minimum, p5, q1, median, q3, p95, maximum, share)


def share_below(reference: Reference, score: float) -> float:
    """Return the share of a reference's images below a score, equal ones counted half, 0 to 1."""
    return float(reference.percentile(score)) / 100


def known_scores(scores: ArrayLike) -> NDArray[np.float64]:
    """Return scores, shape (n,), without NaN."""
    values = np.asarray(scores, dtype=np.float64)
    return values[~np.isnan(values)]
