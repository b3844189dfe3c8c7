"""A histogram that grows with the scores, and their running mean and spread."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

BIN_WIDTH: Final = 0.02


class LiveHistogram:
    """Counts of scores in bins of `BIN_WIDTH` from 0 to 1, with mean and standard deviation.

    Adding costs as much as what is added, however many scores are in it.

    Attributes:
        bin_edges: Shape (b + 1,).
        counts: Shape (b,).
        n: How many scores are in it.
    """

    def __init__(self) -> None:
        self.bin_edges: NDArray[np.float64] = np.linspace(0.0, 1.0, round(1 / BIN_WIDTH) + 1)
        self.clear()

    def clear(self) -> None:
        """Forget all scores."""
        self.counts: NDArray[np.int64] = np.zeros(len(self.bin_edges) - 1, dtype=np.int64)
        self.n = 0
        self._mean = 0.0
        self._squares = 0.0

    def add(self, scores: ArrayLike) -> None:
        """Take scores in; NaN is passed over."""
        values = np.asarray(scores, dtype=np.float64)
        values = values[~np.isnan(values)]
        if values.size == 0:
            return
        self.counts += np.histogram(values, self.bin_edges)[0]
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

    @property
    def density(self) -> NDArray[np.float64]:
        """Density in each bin, shape (b,), of area 1; all zero if there are no scores."""
        return self.counts / (max(self.n, 1) * np.diff(self.bin_edges))
