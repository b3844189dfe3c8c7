"""How lists for an experiment match, or how far they are apart: what shows it, and what it means in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.conditions import Kind, Lists
from resmem_gui.analysis.description import describe
from resmem_gui.analysis.ranking import at_floor

#: Scores in single precision that vary less do not vary.
_LEAST_SD: Final = 1e-6
#: Means of predicted scores that differ less are said to: a score has two digits that people see.
_HARDLY_APART: Final = 0.01
#: With a greater p SciPy's exact sum may end above 1 by rounding, and it warns.
_SURELY_ALIKE: Final = 0.9
#: Goes for all p-values of lists.
P_VALUES: Final = (
    "The p-values only describe: lists that were made by score are no random samples, and the p-values of "
    "several lists are not corrected for their number."
)


@dataclass(frozen=True, slots=True)
class ListSummary:
    """The scores of one list: count, mean, sample standard deviation, least, median and greatest."""

    n: int
    mean: float
    sd: float
    least: float
    median: float
    greatest: float


@dataclass(frozen=True, slots=True)
class Difference:
    """How the scores of two lists differ.

    Attributes:
        first: Number of a list, from 0.
        second: Of another.
        means: Mean of the first minus mean of the second.
        cohens_d: The same in units of the pooled standard deviation; NaN where that is 0.
        t: Welch's t; NaN where the scores of one list are all equal.
        t_p: Its two-sided p.
        u: Mann and Whitney's U of the first.
        u_p: Its two-sided p.
        ks: Kolmogorov-Smirnov distance, 0 to 1.
        ks_p: Its two-sided p, exact but for values near 1.
    """

    first: int
    second: int
    means: float
    cohens_d: float
    t: float
    t_p: float
    u: float
    u_p: float
    ks: float
    ks_p: float


@dataclass(frozen=True, slots=True)
class Balance:
    """What shows how well lists match, or how far they are apart.

    Attributes:
        summaries: Of each list.
        differences: Of each two lists.
        partners_apart: In matched lists, the greatest difference between two partners' scores; NaN otherwise.
        counts: Shape (lists, categories): images of each category.
        drawn_from: The scores of all images that could have been drawn: lists that match each other may still
            lie above or below them.
        at_floor: How many images of the lists are at the model's floor, where it does not tell images apart.
    """

    summaries: list[ListSummary]
    differences: list[Difference]
    partners_apart: float
    counts: NDArray[np.int64] = field(repr=False)
    drawn_from: ListSummary
    at_floor: int

    def sentence(self, names: Sequence[str]) -> str:
        """Return the most important of it, in plain words; lists have these names."""
        is_matched = not np.isnan(self.partners_apart)
        # Of lists that match the worst counts, of lists that are to be apart the nearest.
        told = (max if is_matched else min)(self.differences, key=lambda difference: abs(difference.means))
        text = f"The means differ by {abs(told.means):.4f}"
        facts = []
        if len(self.differences) > 1:
            text += f" at {'most' if is_matched else 'least'}"
            facts.append(f"lists {names[told.first]} and {names[told.second]}")
        if not np.isnan(told.cohens_d):
            facts.append(f"{abs(told.cohens_d):.2f} standard deviations")
        if facts:
            text += f" ({', '.join(facts)})"
        if is_matched:
            text += f"; partners by {self.partners_apart:.4f} at most"
        elif abs(told.means) < _HARDLY_APART:
            text += ": these lists are hardly apart. Take fewer images a list, or more images to draw from"
        return f"{text}. This is about predicted memorability: people may differ. {P_VALUES}"


def balance(lists: Lists, scores: NDArray[np.floating], kind: Kind) -> Balance:
    """Compare lists.

    Args:
        lists: To be compared.
        scores: By image id.
        kind: What they are to each other.
    """
    values = scores[lists.image_ids].astype(np.float64)
    summaries = [summary_of(row) for row in values]
    pairs = [(i, j) for i in range(len(values)) for j in range(i + 1, len(values))]
    apart = float(np.ptp(values, axis=0).max()) if kind is Kind.MATCHED else float("nan")
    counts = np.stack([np.bincount(row, minlength=len(lists.available)) for row in lists.categories])
    differences = [_difference(values, i, j) for i, j in pairs]
    floored = int(np.count_nonzero(at_floor(values)))
    return Balance(summaries, differences, apart, counts, summary_of(scores[lists.drawn_from]), floored)


def summary_of(scores: NDArray[np.floating]) -> ListSummary:
    """Return the figures of some scores, shape (n,), at least two."""
    found = describe(scores)
    return ListSummary(found.n, found.mean, found.sd, found.minimum, found.median, found.maximum)


def _difference(values: NDArray[np.float64], i: int, j: int) -> Difference:
    from scipy import stats  # slow to import

    one, other = values[i], values[j]
    pooled = float(np.sqrt((one.var(ddof=1) + other.var(ddof=1)) / 2))
    means = float(one.mean() - other.mean())
    varies = min(one.std(ddof=1), other.std(ddof=1)) > _LEAST_SD
    t = stats.ttest_ind(one, other, equal_var=False) if varies else None
    u = stats.mannwhitneyu(one, other, alternative="two-sided")
    ks = stats.ks_2samp(one, other, method="asymp")
    if ks.pvalue < _SURELY_ALIKE:
        ks = stats.ks_2samp(one, other, method="exact")
    nan = float("nan")
    return Difference(
        first=i,
        second=j,
        means=means,
        cohens_d=means / pooled if pooled > _LEAST_SD else nan,
        t=float(t.statistic) if t is not None else nan,
        t_p=float(t.pvalue) if t is not None else nan,
        u=float(u.statistic),
        u_p=float(u.pvalue),
        ks=float(ks.statistic),
        ks_p=float(ks.pvalue),
    )
