"""Two distributions side by side: their numbers, how far apart they are, and what that tells.

Distances come from SciPy, whose `stats` takes half a second to import: `compare` and `compare_groups` are not
for the GUI thread. What NumPy alone tells is there at once: `without_distances`, `groups_without_distances`.

No p-value is given. Among thousands of images any difference is significant, however small, and a small one
may be of no interest; so the distances themselves are told, with what chance alone would make of them.
"""

import math
from dataclasses import dataclass, replace
from functools import cache
from types import ModuleType
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from resmem_gui.analysis.description import (
    Description,
    describe,
    describe_reference,
    known_scores,
    share_below,
)
from resmem_gui.analysis.reference import Reference
from resmem_gui.heavy_imports import import_aside

#: Chance alone makes a Kolmogorov-Smirnov distance of less than `Comparison.chance` in this share of draws.
CHANCE_SHARE: Final = 0.95
#: With fewer images on one side the distance has so few values that this share cannot be said.
FEWEST_FOR_CHANCE: Final = 10
NO_P_VALUE: Final = (
    "No p-value is given: among thousands of images any difference is significant, however small. What "
    "counts is how large it is."
)
MATCH_MEANING: Final = (
    "A matching curve proves nothing: a model that gives the right scores to the wrong images has the same "
    "curve. A mismatched one disproves a model where people were measured on the very same images (Needell "
    "and Bainbridge 2022)."
)
MODEL_MEANING: Final = (
    "Part of a difference may be the model’s: no score of ResMem lies below about 0.41, and on three sets of "
    "scenes that it was not trained on its scores were about 0.10 below people’s on average."
)
GROUPS_MEANING: Final = (
    "Both are scores of the same model. How far apart people’s memory for the two groups is was not measured."
)

_NOTHING: Final = float("nan")
_Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Distance:
    """Kolmogorov-Smirnov distance: the greatest difference between the shares of both below one score.

    Attributes:
        value: 0 to 1.
        score: At which it is found.
        shares: Of the first and of the second up to that score, 0 to 1.
        is_below: Whether the shares are those below `score`, without what scores exactly that.
    """

    value: float = _NOTHING
    score: float = _NOTHING
    shares: tuple[float, float] = (_NOTHING, _NOTHING)
    is_below: bool = False


@dataclass(frozen=True)
class Comparison:
    """How far two distributions are apart.

    Distances are NaN where one of them has no scores, and as long as SciPy was not asked.

    The sentences take the names of both as they stand in the middle of a sentence, such as "the selected
    images" and "LaMem"; they are empty where there is nothing to compare.

    Attributes:
        first: The one that is asked about.
        second: What it is compared with.
        ks: Where the shares below a score differ most.
        wasserstein: How far scores would have to move on average for the one to become the other, 0 to 1.
        chance: What the value of `ks` stays under in 19 of 20 pairs of random draws, as large as these, from
            one and the same distribution; NaN below `FEWEST_FOR_CHANCE` images in one of them.
        is_with_people: Whether the second was measured on people.
    """

    first: Description
    second: Description
    ks: Distance
    wasserstein: float
    chance: float
    is_with_people: bool

    @property
    def is_possible(self) -> bool:
        """Whether both have scores."""
        return self.first.n > 0 and self.second.n > 0

    @property
    def has_distances(self) -> bool:
        """Whether the distances are known."""
        return not math.isnan(self.ks.value)

    @property
    def mean_difference(self) -> float:
        """Mean of the first less that of the second."""
        return self.first.mean - self.second.mean

    @property
    def sd_difference(self) -> float:
        """Standard deviation of the first less that of the second."""
        return self.first.sd - self.second.sd

    def mean_sentence(self, first: str, second: str) -> str:
        """Return how means and spreads differ."""
        if not self.is_possible:
            return ""
        difference = round(self.mean_difference, 3)
        way = "above" if difference > 0 else "below"
        text = f"The mean of {first} lies {abs(difference):.3f} {way} that of {second}"
        if difference == 0:
            text = f"The mean of {first} is that of {second}"
        if np.isnan(self.sd_difference):
            return f"{text}."
        widths = round(self.sd_difference, 3)
        spread = "equal" if widths == 0 else "wider" if widths > 0 else "narrower"
        return f"{text}, and the spread is {spread} (sd {self.first.sd:.3f} and {self.second.sd:.3f})."

    def ks_sentence(self, first: str, second: str) -> str:
        """Return what the Kolmogorov-Smirnov distance means here."""
        if not self.has_distances:
            return ""
        one, other = (f"{100 * share:.0f}\u00a0%" for share in self.ks.shares)
        where = "below" if self.ks.is_below else "up to"
        return (
            f"{one} of {first} have scores {where} {self.ks.score:.3f}, and {other} of {second}: at no other "
            "score do the two shares differ more."
        )

    def wasserstein_sentence(self, first: str, second: str) -> str:
        """Return what the Wasserstein distance means here."""
        if not self.has_distances:
            return ""
        return (
            f"The scores of {first} would have to move by {self.wasserstein:.3f} on average to be "
            f"distributed like those of {second}."
        )

    def chance_sentence(self) -> str:
        """Return how large a Kolmogorov-Smirnov distance chance alone makes."""
        if not self.has_distances:
            return ""
        if math.isnan(self.chance):
            return (
                f"With fewer than {FEWEST_FOR_CHANCE} images, chance alone may put them very far apart: this "
                "distance says nothing."
            )
        return (
            "Random draws of as many images from one and the same distribution are less than "
            f"{self.chance:.3f} apart in 19 of 20 cases."
        )

    def meaning(self, second: str) -> tuple[str, ...]:
        """Return what a match and a mismatch tell and what they do not, in sentences."""
        if not self.is_with_people:
            return (GROUPS_MEANING, NO_P_VALUE)
        selection = (
            f"Where the images are others than those of {second}, what they show, who took them and how they "
            "were chosen move the curve, and nothing is wrong with that."
        )
        return (MATCH_MEANING, selection, MODEL_MEANING, NO_P_VALUE)


def without_distances(scores: ArrayLike, reference: Reference) -> Comparison:
    """Describe scores, shape (n,), and a reference without comparing them: milliseconds, without SciPy."""
    first, second = describe(scores), describe_reference(reference)
    return Comparison(first, second, Distance(), _NOTHING, _NOTHING, is_with_people=True)


def groups_without_distances(first: ArrayLike, second: ArrayLike) -> Comparison:
    """Describe the scores of two groups, shapes (n,) and (m,), without comparing them."""
    return Comparison(describe(first), describe(second), Distance(), _NOTHING, _NOTHING, is_with_people=False)


def compare(scores: ArrayLike, reference: Reference) -> Comparison:
    """Compare scores, shape (n,), with a reference; NaN is passed over.

    The Kolmogorov-Smirnov distance is `scipy.stats.ks_1samp` against `Reference.percentile`, which is the
    reference's cumulative distribution as a line through its quantiles. With 1,001 of them it is right to
    0.001, and to half the share of the reference's images that have one and the same score (1 % of LaMem's).

    The Wasserstein distance is `scipy.stats.wasserstein_distance` to the quantiles, each of which stands for
    as much of the reference as lies around it: the first and the last for half as much as the others.

    A reference that has all of its scores is compared like a second group, exactly.
    """
    values = known_scores(scores)
    told = without_distances(values, reference)
    if not told.is_possible:
        return told
    people = reference.quantiles
    if reference.has_all_scores:
        return _with_distances(told, _between_scores(values, people), values, people)
    weights = np.ones(len(people))
    weights[[0, -1]] = 0.5
    return _with_distances(told, _from_line(values, reference), values, people, weights)


def compare_groups(first: ArrayLike, second: ArrayLike) -> Comparison:
    """Compare the scores of two groups, shapes (n,) and (m,), by `ks_2samp` and `wasserstein_distance`.

    NaN is passed over. What is in both groups makes them more alike than chance does.
    """
    values, others = known_scores(first), known_scores(second)
    told = groups_without_distances(values, others)
    if not told.is_possible:
        return told
    return _with_distances(told, _between_scores(values, others), values, others)


def distances_are_prepared() -> bool:
    """Tell whether a comparison costs no import any more."""
    return _stats.cache_info().currsize > 0


@cache
def _stats() -> ModuleType:
    import_aside("scipy.stats")
    from scipy import stats

    module: ModuleType = stats
    return module


def _from_line(values: _Scores, reference: Reference) -> Distance:
    found = _stats().ks_1samp(values, lambda at: reference.percentile(at) / 100, method="asymp")
    score, sign = float(found.statistic_location), int(found.statistic_sign)
    # Where the scores' steps lie below the reference's line they do so most just before they rise.
    return _distance(float(found.statistic), score, sign, share_below(reference, score), is_below=sign < 0)


def _between_scores(values: _Scores, others: _Scores) -> Distance:
    # How the p-value, which nobody wants, is computed; "asymp" divides by zero where there is one score each.
    method = "exact" if len(values) == len(others) == 1 else "asymp"
    found = _stats().ks_2samp(values, others, method=method)
    score = float(found.statistic_location)
    share = float((others <= score).mean())
    return _distance(float(found.statistic), score, int(found.statistic_sign), share, is_below=False)


def _distance(value: float, score: float, sign: int, second_share: float, *, is_below: bool) -> Distance:
    return Distance(value, score, (second_share + sign * value, second_share), is_below)


def _with_distances(
    told: Comparison, ks: Distance, values: _Scores, others: _Scores, weights: _Scores | None = None
) -> Comparison:
    wasserstein = float(_stats().wasserstein_distance(values, others, v_weights=weights))
    return replace(told, ks=ks, wasserstein=wasserstein, chance=_chance(told))


def _chance(told: Comparison) -> float:
    """Return a quantile of the distance between random draws, by one size for both, as `ks_2samp` has it.

    The distance between few images has few values, 1 / n apart, and this is a line through them: from
    `FEWEST_FOR_CHANCE` on each side 92 to 98 of 100 draws stay under it, with fewer it may be none.
    """
    n, m = told.first.n, told.second.n
    if min(n, m) < FEWEST_FOR_CHANCE:
        return _NOTHING
    return float(_stats().kstwo.ppf(CHANCE_SHARE, round(n * m / (n + m))))
