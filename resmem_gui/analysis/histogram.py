"""Scores counted in small cells: bars of any width, density, share up to a score, and a smooth curve.

Scores are single precision, so limits are compared in single precision too: a score of 0.70, which is stored
as 0.699999988, belongs to the bar that begins at 0.70, and 0.1 + 0.2 means the same limit as 0.3.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from resmem_gui.analysis.reference import Reference
from resmem_gui.heavy_imports import import_aside

#: Cells between 0 and 1. A range whose limits have three decimals is counted exactly.
CELLS: Final = 1000
#: Bars that can be chosen, from 0.01, the width of the reference's own bins.
BIN_WIDTHS: Final = (0.01, 0.02, 0.05, 0.10)
BIN_WIDTH: Final = 0.02
#: A curve is never smoothed less than this: the reference's bins tell nothing finer.
LEAST_BANDWIDTH: Final = 0.01

_EDGES: Final = (np.arange(CELLS + 1) / CELLS).astype(np.float32)
#: Beyond so many bandwidths a Gaussian is nothing (6e-5 of its mass).
_KERNEL_REACH: Final = 4.0


def prepare_curves() -> None:
    """Import what `Distribution.curve` computes with, for a thread that nobody waits for: 0.2 s, once.

    Raises:
        ImportError: SciPy is not there, or it is broken.
    """
    _smoothing()


def curves_are_prepared() -> bool:
    """Tell whether a curve costs no import any more."""
    return _smoothing.cache_info().currsize > 0


@cache
def _smoothing() -> Callable[..., Any]:
    import_aside("scipy.ndimage")
    from scipy.ndimage import gaussian_filter1d

    smoothing: Callable[..., Any] = gaussian_filter1d
    return smoothing


def cells_of(scores: ArrayLike) -> NDArray[np.int64]:
    """Return the cell of each score, 0 to `CELLS` - 1, shape (n,); 1.0 is in the last one.

    Args:
        scores: Shape (n,), no NaN. What lies outside 0 to 1 is in the nearest cell.
    """
    values = np.asarray(scores, dtype=np.float32).clip(0.0, 1.0)
    cells = np.minimum((values * CELLS).astype(np.int64), CELLS - 1)
    cells -= values < _EDGES[cells]  # rounding may have led into a neighbour
    cells += (values >= _EDGES[cells + 1]) & (cells < CELLS - 1)
    return cells


def bin_edges(width: float) -> NDArray[np.float64]:
    """Return the edges of bars of this width, one of `BIN_WIDTHS`, shape (b + 1,), from 0 to 1."""
    edges: NDArray[np.float64] = np.arange(0, CELLS + 1, _cells_in(width)) / CELLS
    return edges


def bin_at(score: float, width: float) -> tuple[float, float]:
    """Return the edges of the bar in which a score is counted."""
    step = _cells_in(width)
    first = int(cells_of([score])[0]) // step * step
    return first / CELLS, (first + step) / CELLS


def _cells_in(width: float) -> int:
    step = round(width * CELLS)
    if step < 1 or CELLS % step:
        raise ValueError(f"bars of {width} do not fill the way from 0 to 1")
    return step


@dataclass(frozen=True)
class Distribution:
    """How scores are distributed: counts in cells, and the moments of the scores themselves.

    Attributes:
        counts: Shape (`CELLS`,).
        n: How many scores.
        mean: NaN if there are none.
        sd: Sample standard deviation; NaN below two scores.
    """

    counts: NDArray[np.float64]
    n: int
    mean: float
    sd: float

    @classmethod
    def of(cls, scores: ArrayLike) -> "Distribution":
        """Return the distribution of scores, shape (n,); NaN is passed over."""
        histogram = LiveHistogram()
        histogram.add(scores)
        return histogram.distribution()

    @classmethod
    def of_reference(cls, reference: Reference) -> "Distribution":
        """Return the reference's; within each of its bins its images are spread evenly over the cells."""
        spread = CELLS // len(reference.counts)
        counts = np.repeat(reference.counts / spread, spread)
        return cls(counts, reference.n, reference.mean, reference.sd)

    def bars(self, width: float) -> NDArray[np.float64]:
        """Return how many scores are in each bar of this width, shape (b,)."""
        bars: NDArray[np.float64] = self.counts.reshape(-1, _cells_in(width)).sum(axis=1)
        return bars

    def density(self, width: float) -> NDArray[np.float64]:
        """Return the density in each bar, shape (b,), of area 1; all zero if there are no scores."""
        return self.bars(width) / (max(self.n, 1) * width)

    @cached_property
    def cumulative(self) -> NDArray[np.float64]:
        """Share of the scores below each edge of the cells, shape (`CELLS` + 1,), 0 to 1."""
        return np.concatenate([[0.0], np.cumsum(self.counts) / max(self.n, 1)])

    def count_in(self, low: float, high: float) -> float:
        """Return how many scores lie in a range; limits count to three decimals.

        Args:
            low: Belongs to the range.
            high: Does not belong to it, except 1.0.
        """
        first, after = (round(min(max(limit, 0.0), 1.0) * CELLS) for limit in (low, high))
        return float(self.counts[first:after].sum())

    def share_in(self, low: float, high: float) -> float:
        """Return the same as a share of all, 0 to 1; 0 if there are no scores."""
        return self.count_in(low, high) / max(self.n, 1)

    def share_below(self, score: float) -> float:
        """Return the share of the scores below one, 0 to 1."""
        return float(np.interp(score * CELLS, np.arange(CELLS + 1), self.cumulative))

    def quantile(self, probability: float) -> float:
        """Return the score below which this share lies, to a cell; NaN if there are no scores."""
        if self.n == 0:
            return float("nan")
        place = int(np.searchsorted(self.cumulative, probability, side="left"))
        place = min(max(place, 1), CELLS)
        before, here = self.cumulative[place - 1], self.cumulative[place]
        within = (probability - before) / (here - before) if here > before else 0.5
        return float(place - 1 + min(max(within, 0.0), 1.0)) / CELLS

    @cached_property
    def bandwidth(self) -> float:
        """Standard deviation of the Gaussian that `curve` smooths with, by Silverman's rule of thumb.

        0.9 min(sd, interquartile range / 1.34) n^(-1/5): Silverman (1986), Density Estimation for Statistics
        and Data Analysis, equation 3.31. At least `LEAST_BANDWIDTH`.
        """
        if self.n < 2:
            return LEAST_BANDWIDTH
        robust = (self.quantile(0.75) - self.quantile(0.25)) / 1.34
        spread = min(self.sd, robust) if robust > 0 else self.sd
        return max(LEAST_BANDWIDTH, 0.9 * spread * math.pow(self.n, -0.2))

    def curve(self) -> NDArray[np.float64]:
        """Return the Gaussian kernel density at the middle of each cell, shape (`CELLS`,), of area 1.

        SciPy smooths the counts, so it costs the same for any number of scores. What would lie beyond 0 or 1
        is reflected (Silverman 1986, section 2.10): there are no scores. The first curve of all imports
        SciPy; `prepare_curves` does that before anybody waits for it.
        """
        sigma = self.bandwidth * CELLS
        smooth = _smoothing()(self.counts, sigma, mode="reflect", truncate=_KERNEL_REACH)
        density: NDArray[np.float64] = smooth * (CELLS / max(self.n, 1))
        return density


class LiveHistogram:
    """A distribution that grows: counts in cells, with running mean and standard deviation.

    Adding costs as much as what is added, however many scores are in it.

    Attributes:
        counts: Shape (`CELLS`,).
        n: How many scores are in it.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget all scores."""
        self.counts: NDArray[np.int64] = np.zeros(CELLS, dtype=np.int64)
        self.n = 0
        self._mean = 0.0
        self._squares = 0.0

    def add(self, scores: ArrayLike) -> None:
        """Take scores in; NaN is passed over."""
        values = np.asarray(scores, dtype=np.float64)
        values = values[~np.isnan(values)]
        if values.size == 0:
            return
        self.counts += np.bincount(cells_of(values), minlength=CELLS)
        # Chan, Golub and LeVeque (1983): merging the moments of two samples without losing digits.
        difference = float(values.mean()) - self._mean
        total = self.n + values.size
        self._squares += float(((values - values.mean()) ** 2).sum())
        self._squares += difference**2 * self.n * values.size / total
        self._mean += difference * values.size / total
        self.n = total

    @property
    def mean(self) -> float:
        """Of all scores; NaN if there are none."""
        return self._mean if self.n else float("nan")

    @property
    def sd(self) -> float:
        """Sample standard deviation; NaN below two scores."""
        return float(np.sqrt(self._squares / (self.n - 1))) if self.n > 1 else float("nan")

    def distribution(self) -> Distribution:
        """Return what it holds now; it goes on growing by itself."""
        return Distribution(self.counts.astype(np.float64), self.n, self.mean, self.sd)
