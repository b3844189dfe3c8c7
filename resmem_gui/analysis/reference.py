"""Reference distributions: memorability as measured on people, summarised."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from resmem_gui.resources import resource


@dataclass(frozen=True)
class Reference:
    """A human-measured distribution of memorability scores, as counts and quantiles.

    Attributes:
        name: As people write it, such as "LaMem".
        n: How many images were measured.
        mean: Of their scores.
        sd: Sample standard deviation of their scores.
        counts: Shape (b,), images in each of b equal bins from 0 to 1.
        quantiles: Shape (q,), scores at q evenly spaced probabilities from 0 to 1.
        provenance: Where the scores come from: source, citation, column, licence.
    """

    name: str
    n: int
    mean: float
    sd: float
    counts: NDArray[np.int64]
    quantiles: NDArray[np.float64]
    provenance: dict[str, str]

    @classmethod
    def from_file(cls, path: Path) -> "Reference":
        """Read a summary made by `resources/references/summarise.py`.

        Raises:
            OSError: The file cannot be read.
            ValueError: It is not such a summary.
        """
        try:
            fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                name=fields["name"],
                n=fields["n"],
                mean=fields["mean"],
                sd=fields["sd"],
                counts=np.asarray(fields["counts"], dtype=np.int64),
                quantiles=np.asarray(fields["quantiles"], dtype=np.float64),
                provenance=fields["provenance"],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path.name} is not a reference distribution: {error}") from error

    def density(self, bins: int) -> NDArray[np.float64]:
        """Return the density in this many equal bins from 0 to 1, shape (bins,); its area is 1.

        Raises:
            ValueError: The summary's bins cannot be joined into so many.
        """
        if len(self.counts) % bins:
            raise ValueError(f"{len(self.counts)} bins cannot be joined into {bins}")
        joined = self.counts.reshape(bins, -1).sum(axis=1)
        density: NDArray[np.float64] = joined * (bins / joined.sum())
        return density

    @cached_property
    def _steps(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Distinct quantiles and the middle of the probabilities at which each stands (mid-rank)."""
        probabilities = np.linspace(0.0, 100.0, len(self.quantiles))
        scores, first, count = np.unique(self.quantiles, return_index=True, return_counts=True)
        return scores, (probabilities[first] + probabilities[first + count - 1]) / 2

    def percentile(self, scores: ArrayLike) -> NDArray[np.float64]:
        """Return how many of the reference's images lie below each score, in per cent, ties counted half.

        Args:
            scores: Any shape; NaN where there is no score.

        Returns:
            The same shape, 0 to 100, NaN where the score is. The summary's quantiles limit the precision to
            about 0.1.
        """
        values, percentiles = self._steps
        wanted = np.asarray(scores, dtype=np.float64)
        found = np.interp(wanted, values, percentiles, left=0.0, right=100.0)
        return np.where(np.isnan(wanted), np.nan, found)


def load_lamem() -> Reference:
    """Return LaMem's distribution: 58,741 images measured on people (Khosla et al. 2015)."""
    return Reference.from_file(resource("resources/references/lamem.json"))
