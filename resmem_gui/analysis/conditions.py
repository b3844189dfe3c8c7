"""Lists of images for an experiment: matched in memorability, or high against low.

Matching is an assignment problem: each image of a first, random list is given one partner for each further
list so that the scores of partners differ as little as possible in sum
(`scipy.optimize.linear_sum_assignment`, after Crouse 2016, IEEE Transactions on Aerospace and Electronic
Systems 52, 1679-1696). Where there are images to spare, some more are drawn and those left out again whose
partners are farthest away: the most extreme images often have none. Chance then decides which of the
partners goes into which list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.comparison import describe
from resmem_gui.analysis.ranking import at_floor

#: So many pairs of images are weighed against each other at most, 200 MB of them; of more candidates only a
#: random part is.
_MOST_PAIRS: Final = 25_000_000
#: Fewer images in a list say nothing about its mean.
LEAST_IN_LIST: Final = 2
#: One in so many is drawn beyond what is wanted, if there are images for it.
_SPARE: Final = 4
#: Scores in single precision that vary less do not vary.
_LEAST_SD: Final = 1e-6
MOST_LISTS: Final = 12
#: Means of predicted scores that differ less are said to: a score has two digits that people see.
_HARDLY_APART: Final = 0.01


class Kind(Enum):
    """What lists are to each other."""

    MATCHED = "matched"
    APART = "apart"


class Mix(Enum):
    """How many images of each category a list has; all lists have the same numbers."""

    PROPORTIONAL = "proportional"
    EVEN = "even"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What lists a person wants.

    Attributes:
        lists: How many.
        in_list: How many images in each.
        kind: Matched, or as far apart in memorability as there are images for.
        mix: Numbers of the categories; as in all candidates, or as many of each.
        seed: Of the random choices: the same seed gives the same lists.
        without_floor: Leave images at the model's floor out, which are not told apart.
    """

    lists: int = 2
    in_list: int = 20
    kind: Kind = Kind.MATCHED
    mix: Mix = Mix.PROPORTIONAL
    seed: int = 1
    without_floor: bool = False


class TooFewError(ValueError):
    """There are not enough images. Its text is a sentence that says how many there are."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of images.

    Attributes:
        image_ids: Shape (lists, in_list). A column of matched lists holds partners; others are ordered from
            high to low.
        categories: By column and list as `image_ids`: the number of each image's category.
        candidates: From how many images they were taken.
    """

    image_ids: NDArray[np.int64]
    categories: NDArray[np.int64]
    candidates: int


def make_lists(
    wanted: Wanted,
    image_ids: NDArray[np.int64],
    scores: NDArray[np.floating],
    categories: NDArray[np.int64] | None = None,
) -> Lists:
    """Draw lists; no image comes twice.

    Args:
        wanted: What lists.
        image_ids: From which to draw, shape (n,), none twice.
        scores: By image id, NaN without a score; such images are not drawn.
        categories: By image id, a number for each image's category, 0 or more; None if there are none.

    Raises:
        TooFewError: There are too few images, in all or of a category.
        ValueError: Fewer than two lists or images in a list.
    """
    if not (2 <= wanted.lists <= MOST_LISTS and wanted.in_list >= LEAST_IN_LIST):
        raise ValueError("at least two lists of two images")
    generator = np.random.default_rng(wanted.seed)
    ids = np.sort(image_ids)  # the order in which images came must not matter
    ids = ids[~np.isnan(scores[ids])]
    if wanted.without_floor:
        ids = ids[~at_floor(scores[ids])]
    of_ids = np.zeros(len(ids), dtype=np.int64) if categories is None else categories[ids]
    quotas = _quotas(of_ids, wanted)
    draw = _matched if wanted.kind is Kind.MATCHED else _apart
    blocks = []
    for category, quota in quotas.items():
        pool = ids[of_ids == category]
        blocks.append(draw(pool, scores[pool].astype(np.float64), quota, wanted.lists, generator))
    drawn = np.concatenate(blocks, axis=1)
    order = generator.permutation(drawn.shape[1])  # experiments present in the order of the file
    drawn = drawn[:, order]
    shown = np.zeros_like(drawn) if categories is None else categories[drawn]
    return Lists(drawn, shown, len(ids))


def _quotas(categories: NDArray[np.int64], wanted: Wanted) -> dict[int, int]:
    """Return how many images of each category go into each list."""
    numbers, counts = np.unique(categories, return_counts=True)
    room = counts // wanted.lists
    if room.sum() < wanted.in_list:
        raise TooFewError(_too_few(len(categories), int(room.sum()), wanted, len(numbers)))
    weights = (
        counts / counts.sum() if wanted.mix is Mix.PROPORTIONAL else np.full(len(numbers), 1 / len(numbers))
    )
    if wanted.mix is Mix.EVEN and room.min() < wanted.in_list // len(numbers):
        raise TooFewError(
            f"The smallest category has {counts.min()} images; {wanted.lists} lists with as many of each "
            f"category need {wanted.lists * (wanted.in_list // len(numbers))}. Choose shorter lists, or the "
            "mix of all images."
        )
    quotas = np.minimum(np.floor(weights * wanted.in_list).astype(np.int64), room)
    while quotas.sum() < wanted.in_list:
        # The largest remainder that still has images, the first of equals.
        lacking = np.where(quotas < room, weights * wanted.in_list - quotas, -np.inf)
        quotas[int(np.argmax(lacking))] += 1
    return {int(number): int(quota) for number, quota in zip(numbers, quotas, strict=True) if quota}


def _too_few(available: int, most: int, wanted: Wanted, categories: int) -> str:
    needed = wanted.lists * wanted.in_list
    why = " with the same mix of categories" if categories > 1 and available >= needed else ""
    text = (
        f"{wanted.lists} lists of {wanted.in_list} images{why} need more than there are: {available} images "
        "have a score that counts"
    )
    if most < LEAST_IN_LIST:
        return f"{text}. Take fewer lists, or add images."
    return f"{text}, enough for lists of {most}."


def _matched(
    pool: NDArray[np.int64],
    scores: NDArray[np.float64],
    quota: int,
    lists: int,
    generator: np.random.Generator,
) -> NDArray[np.int64]:
    """Return partners in columns, shape (lists, quota)."""
    from scipy.optimize import linear_sum_assignment  # slow to import

    places = generator.permutation(len(pool))
    most = max(quota * lists, _MOST_PAIRS // quota)
    places = places[:most]
    first = min(quota + max(1, quota // _SPARE), len(places) // lists)
    rows = [places[:first]]
    free = places[first:]
    for _ in range(lists - 1):
        apart = np.abs(scores[rows[0]][:, None] - scores[free][None, :])
        _, partners = linear_sum_assignment(apart)
        rows.append(free[partners])
        free = np.delete(free, partners)
    drawn = np.stack(rows)
    closest = np.sort(np.argsort(np.ptp(scores[drawn], axis=0), kind="stable")[:quota])
    return generator.permuted(pool[drawn[:, closest]], axis=0)


def _apart(
    pool: NDArray[np.int64],
    scores: NDArray[np.float64],
    quota: int,
    lists: int,
    generator: np.random.Generator,
) -> NDArray[np.int64]:
    """Return blocks of images as far from each other as there are, the best in the first row."""
    shuffled = generator.permutation(len(pool))  # chance decides among equals
    best_first = pool[shuffled[np.argsort(-scores[shuffled], kind="stable")]]
    starts = np.round(np.linspace(0, len(pool) - quota, lists)).astype(np.int64)
    return np.stack([best_first[start : start + quota] for start in starts])


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
        ks_p: Its p, by the asymptotic distribution.
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
    """

    summaries: list[ListSummary]
    differences: list[Difference]
    partners_apart: float
    counts: NDArray[np.int64] = field(repr=False)

    def sentence(self, names: Sequence[str]) -> str:
        """Return the most important of it, in plain words; lists have these names."""
        is_matched = not np.isnan(self.partners_apart)
        # Of lists that match the worst counts, of lists that are to be apart the nearest.
        told = (max if is_matched else min)(self.differences, key=lambda difference: abs(difference.means))
        text = (
            f"The means differ by {abs(told.means):.4f} at {'most' if is_matched else 'least'} (lists "
            f"{names[told.first]} and {names[told.second]}"
        )
        if not np.isnan(told.cohens_d):
            text += f", {abs(told.cohens_d):.2f} standard deviations"
        text += ")"
        if is_matched:
            text += f"; partners by {self.partners_apart:.4f} at most"
        elif abs(told.means) < _HARDLY_APART:
            text += ": these lists are hardly apart. Take fewer images a list, or more images to draw from"
        return f"{text}. This is about predicted memorability: people may differ."


def balance(lists: Lists, scores: NDArray[np.floating], kind: Kind) -> Balance:
    """Compare lists.

    Args:
        lists: To be compared.
        scores: By image id.
        kind: What they are to each other.
    """
    values = scores[lists.image_ids].astype(np.float64)
    summaries = [_summary(row) for row in values]
    pairs = [(i, j) for i in range(len(values)) for j in range(i + 1, len(values))]
    apart = float(np.ptp(values, axis=0).max()) if kind is Kind.MATCHED else float("nan")
    most = int(lists.categories.max()) + 1
    counts = np.stack([np.bincount(row, minlength=most) for row in lists.categories])
    return Balance(summaries, [_difference(values, i, j) for i, j in pairs], apart, counts)


def _summary(scores: NDArray[np.float64]) -> ListSummary:
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
    ks = stats.ks_2samp(one, other, method="asymp")  # the exact way gives up on some samples, with a warning
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


def category_numbers(labels: Sequence[str]) -> tuple[NDArray[np.int64], list[str]]:
    """Return a number for each label, and the labels by number, in alphabetical order."""
    names, numbers = np.unique(np.asarray(labels, dtype=object).astype(str), return_inverse=True)
    return numbers.astype(np.int64), [str(name) for name in names]
