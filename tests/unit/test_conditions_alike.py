"""Lists for experiments and near-duplicates: at most one of each group, and chance decides which."""

from dataclasses import replace
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from resmem_gui.analysis.conditions import Kind, Mix, TooFewError, Wanted, make_lists
from resmem_gui.analysis.near_duplicates import near_duplicate_groups
from resmem_gui.images.likeness import ALIKE, BYTES, distances

SCORES = np.random.default_rng(5).beta(6, 3, 200)
IDS = np.arange(200)
#: Fifty groups of two, the other hundred images are like no other.
PAIRS = np.where(IDS < 100, IDS // 2, -1)

wishes = st.builds(
    Wanted,
    lists=st.integers(2, 4),
    in_list=st.integers(2, 8),
    kind=st.sampled_from(Kind),
    mix=st.sampled_from(Mix),
    seed=st.integers(0, 1000),
)


@st.composite
def pictures(draw: st.DrawFn) -> NDArray[np.uint8]:
    """Fingerprints, shape (n, 24): some scenes, each with copies that differ in some bits."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    prints = []
    for _ in range(draw(st.integers(1, 25))):
        scene = generator.integers(0, 256, BYTES, dtype=np.uint8)
        for _ in range(draw(st.integers(1, 5))):
            flipped = generator.choice(8 * BYTES, draw(st.integers(0, 25)), replace=False)
            bits = np.unpackbits(scene)
            bits[flipped] ^= 1
            prints.append(np.packbits(bits))
    return generator.permutation(np.stack(prints))


def groups_of(prints: NDArray[np.uint8]) -> NDArray[np.int64]:
    return near_duplicate_groups(prints, np.ones(len(prints), np.bool_), ALIKE)


def scenes(groups: NDArray[np.int64]) -> int:
    return int(np.count_nonzero(groups < 0)) + len(np.unique(groups[groups >= 0]))


@settings(max_examples=120, deadline=None)
@given(prints=pictures(), wanted=wishes)
def test_no_two_images_of_any_lists_are_alike_and_enough_scenes_are_enough(
    prints: NDArray[np.uint8], wanted: Wanted
) -> None:
    groups = groups_of(prints)
    scores = np.random.default_rng(1).beta(6, 3, len(prints))
    try:
        made = make_lists(wanted, np.arange(len(prints)), scores, groups=groups)
    except TooFewError:
        assert scenes(groups) < wanted.lists * wanted.in_list
        return
    drawn = made.image_ids.ravel()
    for one, other in combinations(drawn.tolist(), 2):
        assert distances(prints[one], prints[other][None])[0] > ALIKE
    assert made.set_aside == len(prints) - scenes(groups)
    assert len(made.drawn_from) == scenes(groups) >= len(drawn)


@settings(max_examples=60, deadline=None)
@given(prints=pictures(), wanted=wishes, data=st.data())
def test_enough_scenes_of_each_category_are_enough(
    prints: NDArray[np.uint8], wanted: Wanted, data: st.DataObject
) -> None:
    """As long as near-duplicates are of one category; else chance decides which one loses an image."""
    groups = groups_of(prints)
    of = data.draw(st.lists(st.integers(0, 2), min_size=len(prints), max_size=len(prints)))
    categories = np.where(groups >= 0, groups % 3, of)
    _, numbers = np.unique(categories, return_inverse=True)
    room = np.array([scenes(groups[numbers == each]) // wanted.lists for each in range(numbers.max() + 1)])
    enough = room.sum() >= wanted.in_list
    if wanted.mix is Mix.EVEN:
        enough = enough and room.min() >= wanted.in_list // len(room)
    scores = np.random.default_rng(1).beta(6, 3, len(prints))
    if not enough:
        with pytest.raises(TooFewError):
            make_lists(wanted, np.arange(len(prints)), scores, numbers, groups=groups)
        return
    made = make_lists(wanted, np.arange(len(prints)), scores, numbers, groups=groups)
    assert (np.sort(made.categories, axis=1) == np.sort(made.categories[0])).all()
    assert made.available.tolist() == [scenes(groups[numbers == each]) for each in range(len(room))]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 999_999),
    other=st.integers(0, 999_999),
    kind=st.sampled_from(Kind),
    order=st.randoms(use_true_random=False),
)
def test_the_same_seed_draws_the_same_and_another_one_others(
    seed: int, other: int, kind: Kind, order: Random
) -> None:
    assume(seed != other)
    wanted = Wanted(lists=2, in_list=20, kind=kind, seed=seed)
    shuffled = IDS.tolist()
    order.shuffle(shuffled)
    once = make_lists(wanted, IDS, SCORES, groups=PAIRS)
    again = make_lists(wanted, np.array(shuffled), SCORES, groups=PAIRS)
    another = make_lists(replace(wanted, seed=other), IDS, SCORES, groups=PAIRS)
    np.testing.assert_array_equal(once.image_ids, again.image_ids)
    assert not np.array_equal(once.image_ids, another.image_ids)
    assert not np.array_equal(once.drawn_from, another.drawn_from)


def test_which_one_stays_is_chance_whatever_its_score() -> None:
    """Three copies, the second with the best score: each stays in a third of the cases, 5 sd allowed."""
    groups = np.array([0, 0, 0, *[-1] * 9])
    scores = np.linspace(0.5, 0.9, 12)
    scores[1] = 0.99
    stayed = np.zeros(3)
    for seed in range(900):
        wanted = Wanted(lists=2, in_list=3, kind=Kind.APART, seed=seed)
        made = make_lists(wanted, np.arange(12), scores, groups=groups)
        (kept,) = made.drawn_from[made.drawn_from < 3]
        reversed_scores = make_lists(wanted, np.arange(12), scores[::-1].copy(), groups=groups)
        np.testing.assert_array_equal(made.drawn_from, reversed_scores.drawn_from)
        stayed[kept] += 1
    assert np.abs(stayed - 300).max() < 5 * np.sqrt(900 * 2 / 9)


def test_nothing_changes_where_no_two_are_alike_or_they_may_be() -> None:
    wanted = Wanted(lists=3, in_list=10, seed=4)
    plainly = make_lists(wanted, IDS, SCORES)
    alone = make_lists(wanted, IDS, SCORES, groups=np.full(200, -1))
    allowed = make_lists(replace(wanted, distinct=False), IDS, SCORES, groups=PAIRS)
    for other in (alone, allowed):
        np.testing.assert_array_equal(plainly.image_ids, other.image_ids)
        assert other.set_aside == 0


def test_an_image_that_cannot_be_drawn_keeps_no_other_from_it() -> None:
    """Of three near-duplicates one is at the floor and one has no score: the third is not set aside."""
    scores = np.array([0.413, np.nan, 0.8, 0.6, 0.7, 0.65])
    groups = np.array([0, 0, 0, -1, -1, -1])
    for seed in range(20):
        wanted = Wanted(lists=2, in_list=2, seed=seed, without_floor=True)
        made = make_lists(wanted, np.arange(6), scores, groups=groups)
        assert made.drawn_from.tolist() == [2, 3, 4, 5]
        assert made.set_aside == 0


def test_too_few_images_are_told_with_how_many_were_set_aside() -> None:
    with pytest.raises(
        TooFewError, match=r"150 images .* near-duplicates \(50 are\), enough for lists of 75\."
    ):
        make_lists(Wanted(lists=2, in_list=80), IDS, SCORES, groups=PAIRS)


def test_no_category_is_passed_over_for_its_name() -> None:
    """Sixty folders of four images, lists of twenty: over some seeds each folder has its turn."""
    categories = np.arange(240) // 4
    scores = np.random.default_rng(2).beta(6, 3, 240)
    seen: set[int] = set()
    for seed in range(12):
        made = make_lists(Wanted(lists=2, in_list=20, seed=seed), np.arange(240), scores, categories)
        seen.update(made.categories.ravel().tolist())
    assert seen == set(range(60))
