"""Lists of images for an experiment: matched in memorability, or high against low.

Matching is an assignment problem: each image of a first, random list is given one partner for each further
list so that the scores of partners differ as little as possible in sum
(`scipy.optimize.linear_sum_assignment`, after Crouse 2016, IEEE Transactions on Aerospace and Electronic
Systems 52, 1679-1696). Where there are images to spare, some more are drawn and those left out again whose
partners are farthest away: the most extreme images often have none. Which of the partners goes into which
list is drawn by chance, many times; of these ways the one is taken whose means differ least.

Of near-duplicates one image is enough: who has seen one of them answers the other from memory of the first,
whichever lists they are in. Which one stays is drawn by the seed alone, each with the same probability,
before any score is looked at. So every scene counts once, and its score is that of any of its images. Taking
the one that fits best would choose the network's errors along with it: lists would look better matched, or
farther apart, than what they show.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.ranking import at_floor

#: So many pairs of images are weighed against each other at most, 200 MB of them; of more candidates only a
#: random part is.
_MOST_PAIRS: Final = 25_000_000
#: Fewer images in a list say nothing about its mean.
LEAST_IN_LIST: Final = 2
#: One in so many is drawn beyond what is wanted, if there are images for it.
_SPARE: Final = 4
MOST_LISTS: Final = 12
#: So many ways are drawn to spread partners over lists; fewer of very many, whose means are near anyway.
_WAYS: Final = 200
_MOST_WAYS: Final = 2_000_000
#: Random numbers for these come from streams of their own: lists stay as they are where nothing is set aside.
_KEEPING_STREAM: Final = 1
_QUOTA_STREAM: Final = 2
#: Remainders of numbers of images that differ less are equal but for rounding.
_DECIMALS: Final = 9


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
        distinct: Draw at most one of each group of near-duplicates.
    """

    lists: int = 2
    in_list: int = 20
    kind: Kind = Kind.MATCHED
    mix: Mix = Mix.PROPORTIONAL
    seed: int = 1
    without_floor: bool = False
    distinct: bool = True


class TooFewError(ValueError):
    """There are not enough images. Its text is a sentence that says how many there are."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of images.

    Attributes:
        image_ids: Shape (lists, in_list). A column of matched lists holds partners; others are ordered from
            high to low.
        categories: By column and list as `image_ids`: the number of each image's category.
        drawn_from: The images that they were taken from, ascending, shape (n,).
        set_aside: How many near-duplicates were kept from being drawn.
        available: Shape (categories,): how many images of each category they were taken from.
    """

    image_ids: NDArray[np.int64]
    categories: NDArray[np.int64]
    drawn_from: NDArray[np.int64]
    set_aside: int
    available: NDArray[np.int64]


def candidates(
    wanted: Wanted, image_ids: NDArray[np.int64], scores: NDArray[np.floating]
) -> NDArray[np.int64]:
    """Return the images that can be in a list, ascending: those with a score that counts.

    Args:
        wanted: What lists.
        image_ids: From which to draw, shape (n,), none twice.
        scores: By image id, NaN without a score.
    """
    ids: NDArray[np.int64] = np.sort(image_ids)  # the order in which images came must not matter
    ids = ids[~np.isnan(scores[ids])]
    if wanted.without_floor:
        ids = ids[~at_floor(scores[ids])]
    return ids


def make_lists(
    wanted: Wanted,
    image_ids: NDArray[np.int64],
    scores: NDArray[np.floating],
    categories: NDArray[np.int64] | None = None,
    *,
    names: Sequence[str] = (),
    groups: NDArray[np.int64] | None = None,
) -> Lists:
    """Draw lists; no image comes twice, and no two images of a group where they shall be distinct.

    Args:
        wanted: What lists.
        image_ids: From which to draw, shape (n,), none twice.
        scores: By image id, NaN without a score; such images are not drawn.
        categories: By image id, a number for each image's category, 0 or more; None if there are none.
        names: Of the categories by number, for errors; empty if there are none.
        groups: By image id, equal for near-duplicates, -1 for an image like no other; None if none are alike.

    Raises:
        TooFewError: There are too few images, in all or of a category.
        ValueError: Fewer than two lists or images in a list.
    """
    if not (2 <= wanted.lists <= MOST_LISTS and wanted.in_list >= LEAST_IN_LIST):
        raise ValueError("at least two lists of two images")
    every = candidates(wanted, image_ids, scores)
    ids = every
    if wanted.distinct and groups is not None:
        ids = _one_of_each_group(every, groups[every], wanted.seed)
    of_ids = np.zeros(len(ids), dtype=np.int64) if categories is None else categories[ids]
    quotas = _quotas(of_ids, wanted, len(every) - len(ids), names)
    draw = _matched if wanted.kind is Kind.MATCHED else _apart
    generator = np.random.default_rng(wanted.seed)
    blocks = []
    for category, quota in quotas.items():
        pool = ids[of_ids == category]
        blocks.append(draw(pool, scores[pool].astype(np.float64), quota, wanted.lists, generator))
    drawn = np.concatenate(blocks, axis=1)
    if wanted.kind is Kind.MATCHED:
        drawn = _with_like_means(drawn, scores, generator)
    order = generator.permutation(drawn.shape[1])  # experiments present in the order of the file
    drawn = drawn[:, order]
    shown = np.zeros_like(drawn) if categories is None else categories[drawn]
    return Lists(drawn, shown, ids, len(every) - len(ids), np.bincount(of_ids, minlength=len(names)))


def _one_of_each_group(
    image_ids: NDArray[np.int64], groups: NDArray[np.int64], seed: int
) -> NDArray[np.int64]:
    """Return images without those that are like one that stays: of each group any, all equally probable."""
    order = np.random.default_rng((seed, _KEEPING_STREAM)).permutation(len(image_ids))
    shuffled = groups[order]
    stays = shuffled < 0
    stays[np.unique(shuffled, return_index=True)[1]] = True
    return image_ids[np.sort(order[stays])]


def _quotas(
    categories: NDArray[np.int64], wanted: Wanted, set_aside: int, names: Sequence[str]
) -> dict[int, int]:
    """Return how many images of each category go into each list."""
    numbers, counts = np.unique(categories, return_counts=True)
    room = counts // wanted.lists
    if room.sum() < wanted.in_list:
        raise TooFewError(_too_few(len(categories), int(room.sum()), wanted, len(numbers), set_aside))
    if wanted.mix is Mix.EVEN and room.min() < wanted.in_list // len(numbers):
        fewest = int(np.argmin(counts))
        raise TooFewError(_too_few_of_one(counts, wanted, names[numbers[fewest]] if names else ""))
    weights = (
        counts / counts.sum() if wanted.mix is Mix.PROPORTIONAL else np.full(len(numbers), 1 / len(numbers))
    )
    quotas = np.minimum(np.floor(weights * wanted.in_list).astype(np.int64), room)
    # Chance decides among equal remainders: in order of names the last categories would never have a turn.
    turns = np.random.default_rng((wanted.seed, _QUOTA_STREAM)).permutation(len(numbers))
    while quotas.sum() < wanted.in_list:
        lacking = np.where(quotas < room, weights * wanted.in_list - quotas, -np.inf)
        quotas[turns[np.argmax(np.round(lacking[turns], _DECIMALS))]] += 1
    return {int(number): int(quota) for number, quota in zip(numbers, quotas, strict=True) if quota}


def _too_few(available: int, most: int, wanted: Wanted, categories: int, set_aside: int) -> str:
    needed = wanted.lists * wanted.in_list
    why = " with the same mix of categories" if categories > 1 and available >= needed else ""
    have = "1 image has" if available == 1 else f"{available:,} images have"
    text = (
        f"{wanted.lists} lists of {wanted.in_list:,} images{why} need more than there are: {have} a score "
        "that counts"
    )
    if set_aside:
        are = "is" if available == 1 else "are"
        text += f" and {are} not set aside as near-duplicates ({set_aside:,} are)"
    if most < LEAST_IN_LIST:
        return f"{text}. Take fewer lists, or add images."
    return f"{text}, enough for lists of {most:,}."


def _too_few_of_one(counts: NDArray[np.int64], wanted: Wanted, name: str) -> str:
    """Return why lists cannot have as many images of each category."""
    least = int(counts.min())
    called = f", “{name}”," if name else ""
    text = (
        f"The smallest category{called} has {least:,} images to draw from; {wanted.lists} lists with as many "
        f"of each category need {wanted.lists * (wanted.in_list // len(counts)):,}."
    )
    most = least // wanted.lists * len(counts)
    if most >= LEAST_IN_LIST:
        text += f" Choose lists of {most:,} images at most, or the mix of all images."
    else:
        text += " Choose the mix of all images, or add some of that category."
    return text


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
    # Further lists had what was left: among all that were drawn, neighbours are the best partners there are.
    together = np.concatenate(rows)
    drawn = together[np.argsort(scores[together], kind="stable")].reshape(first, lists).T
    closest = np.sort(np.argsort(np.ptp(scores[drawn], axis=0), kind="stable")[:quota])
    return pool[drawn[:, closest]]


def _with_like_means(
    drawn: NDArray[np.int64], scores: NDArray[np.floating], generator: np.random.Generator
) -> NDArray[np.int64]:
    """Return partners in columns, each in a list by chance: of several ways that with the nearest means."""
    ways = (generator.permuted(drawn, axis=0) for _ in range(max(1, min(_WAYS, _MOST_WAYS // drawn.size))))
    return min(ways, key=lambda way: float(np.ptp(scores[way].mean(axis=1, dtype=np.float64))))


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


def category_numbers(labels: Sequence[str]) -> tuple[NDArray[np.int64], list[str]]:
    """Return a number for each label, and the labels by number, in alphabetical order."""
    names, numbers = np.unique(np.asarray(labels, dtype=object).astype(str), return_inverse=True)
    return numbers.astype(np.int64), [str(name) for name in names]
