"""Reference distributions: memorability as measured on people, summarised."""

import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from resmem_gui.resources import resource

#: Equal bins from 0 to 1 in which a summary counts scores.
BINS: Final = 100
#: So many quantiles tell a percentile to 0.1. A reference of fewer images keeps all of its scores.
MOST_QUANTILES: Final = 1001
#: Decimals that a summary keeps.
_DECIMALS: Final = 6
#: For `numpy.searchsorted`: how many lie below, and how many lie below or are equal.
_SIDES: Final[tuple[Literal["left", "right"], ...]] = ("left", "right")


@dataclass(frozen=True, eq=False)
class Reference:
    """A human-measured distribution of memorability scores, as counts and quantiles.

    Attributes:
        name: As people write it, such as "MemCat landscapes".
        n: How many images were measured.
        mean: Of their scores.
        sd: Sample standard deviation of their scores.
        counts: Shape (b,), images in each of b equal bins from 0 to 1.
        quantiles: Shape (q,), scores at q evenly spaced probabilities from 0 to 1.
        provenance: Where the scores come from: dataset, citation, column, licence, date and more.
        id: By which sessions and exports name it, such as "memcat-landscape"; a person's own ones begin with
            "user-". Empty for one that is in no catalogue.
    """

    name: str
    n: int
    mean: float
    sd: float
    counts: NDArray[np.int64]
    quantiles: NDArray[np.float64]
    provenance: dict[str, str]
    id: str = ""

    @classmethod
    def from_scores(
        cls, scores: ArrayLike, name: str, provenance: dict[str, str], reference_id: str = ""
    ) -> "Reference":
        """Summarise scores.

        Args:
            scores: Shape (n,), at least two, each from 0 to 1.
            name: As people write it.
            provenance: Where the scores come from.
            reference_id: See `id`.

        Raises:
            ValueError: There are fewer than two scores, or some lie outside 0 to 1.
        """
        values = np.asarray(scores, dtype=np.float64)
        if len(values) < 2 or not ((values >= 0) & (values <= 1)).all():
            raise ValueError("a reference needs two scores or more, from 0 to 1")
        # Edges made by division: those that NumPy makes of a range put a score of 0.7 into the bin below.
        counts, _ = np.histogram(values, bins=np.arange(BINS + 1) / BINS)
        quantiles = np.quantile(values, np.linspace(0.0, 1.0, min(len(values), MOST_QUANTILES)))
        return cls(
            name=name,
            n=len(values),
            mean=round(float(values.mean()), _DECIMALS),
            sd=round(float(values.std(ddof=1)), _DECIMALS),
            counts=counts.astype(np.int64),
            quantiles=quantiles.round(_DECIMALS),
            provenance=provenance,
            id=reference_id,
        )

    @classmethod
    def from_file(cls, path: Path) -> "Reference":
        """Read a summary made by `resources/references/summarise.py` or kept by `References`.

        Raises:
            OSError: The file cannot be read.
            ValueError: It is not such a summary.
        """
        try:
            fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            found = cls(
                name=fields["name"],
                n=fields["n"],
                mean=fields["mean"],
                sd=fields["sd"],
                counts=np.asarray(fields["counts"], dtype=np.int64),
                quantiles=np.asarray(fields["quantiles"], dtype=np.float64),
                provenance=fields["provenance"],
                id=fields["id"],
            )
        except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
            raise ValueError(f"{path.name} is not a reference distribution: {error}") from error
        if not found._is_sound():
            raise ValueError(f"{path.name} is not a reference distribution: its numbers do not fit together")
        return found

    def _is_sound(self) -> bool:
        """Return whether this can be a distribution of scores: people edit files, and files are damaged."""
        numbers: list[object] = [self.mean, self.sd]
        texts: list[object] = [self.name, self.id]
        size: object = self.n
        facts: object = self.provenance
        return (
            all(isinstance(text, str) and text for text in texts)
            and isinstance(size, int)
            and size >= 2
            and all(isinstance(number, int | float) and 0 <= number <= 1 for number in numbers)
            and isinstance(facts, dict)
            and self.counts.shape == (BINS,)
            and bool((self.counts >= 0).all() and self.counts.sum() > 0)
            and _are_quantiles(self.quantiles)
        )

    def renamed(self, name: str, reference_id: str) -> "Reference":
        """Return the same distribution under another name and id."""
        provenance = {**self.provenance, "dataset": name}
        return replace(self, name=name, id=reference_id, provenance=provenance)

    def quantile(self, share: float) -> float:
        """Return the score below which this share of the images lies, 0 to 1."""
        shares = np.linspace(0.0, 1.0, len(self.quantiles))
        return float(np.interp(share, shares, self.quantiles))

    def as_json(self) -> str:
        """Return the summary as `from_file` reads it."""
        fields = {
            "id": self.id,
            "name": self.name,
            "n": self.n,
            "mean": self.mean,
            "sd": self.sd,
            "counts": self.counts.tolist(),
            "quantiles": self.quantiles.tolist(),
            "provenance": self.provenance,
        }
        return json.dumps(fields, indent=1, ensure_ascii=False) + "\n"

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

    @property
    def has_all_scores(self) -> bool:
        """Whether the quantiles are the scores of all images, and not a summary of them."""
        return len(self.quantiles) == self.n

    @cached_property
    def _steps(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Distinct quantiles, each with its neighbours among floats, and the mid-rank of all, in per cent.

        The quantile at probability p is the score at place p (n - 1) of n, counted from 0. The share below
        jumps by all images that have this very score, a fiftieth of LaMem at 0.75: what lies just above must
        not be taken for what lies there.
        """
        places = np.linspace(0.0, 1.0, len(self.quantiles)) * (self.n - 1)
        scores, first, count = np.unique(self.quantiles, return_index=True, return_counts=True)
        below, up_to = places[first], places[first + count - 1] + 1
        around = np.stack([np.nextafter(scores, -1), scores, np.nextafter(scores, 2)], axis=1)
        ranks = 100 / self.n * np.stack([below, (below + up_to) / 2, up_to], axis=1)
        return around.ravel(), ranks.ravel()

    def percentile(self, scores: ArrayLike) -> NDArray[np.float64]:
        """Return how many of the reference's images lie below each score, in per cent, ties counted half.

        Args:
            scores: Any shape; NaN where there is no score.

        Returns:
            The same shape, 0 to 100, NaN where the score is. Scores are equal when six decimals are. Exact
            where `has_all_scores`; otherwise the summary's quantiles limit the precision to 0.1.
        """
        wanted = np.asarray(scores, dtype=np.float64).round(_DECIMALS)
        if self.has_all_scores:
            below, up_to = (np.searchsorted(self.quantiles, wanted, side) for side in _SIDES)
            found = 100 * (below + up_to) / (2 * self.n)
        else:
            found = np.interp(wanted, *self._steps, left=0.0, right=100.0)
        return np.where(np.isnan(wanted), np.nan, found)


def _are_quantiles(values: NDArray[np.float64]) -> bool:
    is_in_range = bool(((values >= 0) & (values <= 1)).all())  # NaN is not
    return values.ndim == 1 and len(values) >= 2 and is_in_range and bool((np.diff(values) >= 0).all())


def load_lamem() -> Reference:
    """Return LaMem's distribution: 58,741 images measured on people (Khosla et al. 2015)."""
    return Reference.from_file(resource("resources/references/lamem.json"))
