"""The best of many: enough, no two alike, none left out without a reason."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from resmem_gui.analysis.choosing import Choice, Closeness, choose, choosing
from resmem_gui.analysis.ranking import FLOOR, comparable

_SCORES = st.one_of(st.floats(0.25, 1.0, width=32), st.sampled_from([float("nan"), 0.3, 0.41, 0.6, 0.6]))


def by_groups(groups: NDArray[np.int64]) -> Closeness:
    """Return a closeness in which images of one group are 5 apart and all others 100."""

    def distances(image_id: int, chosen: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.where(groups[chosen] == groups[image_id], 5.0, 100.0)

    return Closeness(distances, 10, 20)


def all_of(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    return np.arange(len(scores), dtype=np.int64)


def scores_of(*values: float) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


def test_the_best_come_first() -> None:
    assert choose(np.array([0, 1, 2, 3]), scores_of(0.6, 0.9, 0.7, 0.8), 3) == Choice([1, 3, 2])


def test_only_the_given_images_are_chosen_and_none_without_a_score() -> None:
    assert choose(np.array([3, 0, 2]), scores_of(0.6, 0.9, float("nan"), 0.8), 3).image_ids == [3, 0]


def test_nothing_is_chosen_from_nothing() -> None:
    nothing = np.array([], dtype=np.int64)
    assert choose(nothing, scores_of(), 3, folders=nothing) == Choice([])


def test_nothing_is_chosen_when_nothing_is_wanted() -> None:
    assert choose(np.array([0, 1]), scores_of(0.6, 0.6), 0) == Choice([])


def test_scores_at_the_floor_keep_their_order_and_it_is_told_that_they_are_equal() -> None:
    scores = scores_of(0.40, 0.41, 0.9, 0.415, 0.39)
    assert choose(np.array([4, 3, 2, 1, 0]), scores, 3) == Choice([2, 0, 1], {}, tied=2, tied_out=2)


def test_equal_scores_that_are_all_chosen_are_no_matter() -> None:
    assert choose(np.array([0, 1, 2]), scores_of(0.6, 0.6, 0.5), 2) == Choice([0, 1])


def test_an_image_like_a_chosen_one_is_passed_over_for_the_next() -> None:
    closeness = by_groups(np.array([7, 7, 8, 9]))
    choice = choose(np.arange(4), scores_of(0.9, 0.8, 0.7, 0.6), 2, closeness=closeness)
    assert choice == Choice([0, 2], {1: 0})


def test_the_chosen_one_that_an_image_is_most_like_is_named() -> None:
    places = np.array([0.0, 30.0, 18.0])
    closeness = Closeness(lambda one, others: np.abs(places[others] - places[one]), 20, 20)
    choice = choose(np.arange(3), scores_of(0.9, 0.8, 0.7), 3, closeness=closeness)
    assert choice == Choice([0, 1], {2: 1})


def test_only_images_whose_turn_comes_are_compared() -> None:
    asked = set()

    def distances(image_id: int, chosen: NDArray[np.int64]) -> NDArray[np.float64]:
        asked.update([image_id, *chosen.tolist()])
        return np.full(len(chosen), 100.0)

    scores = np.linspace(1.0, 0.5, 100_000, dtype=np.float32)
    choose(np.arange(100_000), scores, 12, closeness=Closeness(distances, 10, 20))
    assert asked == set(range(12))


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(10.0, Choice([0], {1: 0})), (10.1, Choice([0, 1])), (float("nan"), Choice([0, 1]))],
)
def test_images_of_one_burst_need_be_less_alike(seconds: float, expected: Choice) -> None:
    closeness = Closeness(
        lambda _, chosen: np.full(len(chosen), 15.0), 10, 20, taken=np.array([1e9, 1e9 + seconds]), burst_s=10
    )
    assert choose(np.arange(2), scores_of(0.9, 0.8), 2, closeness=closeness) == expected


@pytest.mark.parametrize(("apart", "expected"), [(10.0, [0]), (10.5, [0, 1]), (np.inf, [0, 1])])
def test_images_within_the_threshold_are_alike(apart: float, expected: list[int]) -> None:
    closeness = Closeness(lambda _, chosen: np.full(len(chosen), apart), 10, 20)
    assert choose(np.arange(2), scores_of(0.9, 0.8), 2, closeness=closeness).image_ids == expected


def test_images_of_one_moment_that_look_different_are_both_chosen() -> None:
    closeness = Closeness(lambda _, chosen: np.full(len(chosen), 21.0), 10, 20, taken=np.array([5.0, 5.0]))
    assert choose(np.arange(2), scores_of(0.9, 0.8), 2, closeness=closeness).image_ids == [0, 1]


def test_folders_give_in_turn_and_one_that_has_no_more_leaves_its_places() -> None:
    scores = scores_of(0.9, 0.89, 0.88, 0.87, 0.6, 0.5, 0.7)
    folders = np.array([1, 1, 1, 1, 2, 2, 3])
    picked = [choose(np.arange(7), scores, count, folders=folders).image_ids for count in (2, 3, 5, 6)]
    assert picked == [[0, 6], [0, 6, 4], [0, 1, 6, 4, 5], [0, 1, 2, 6, 4, 5]]


def test_a_folder_keeps_its_turn_when_its_best_is_passed_over() -> None:
    scores = scores_of(0.9, 0.8, 0.7, 0.6)
    closeness = by_groups(np.array([1, 2, 1, 3]))
    choice = choose(np.arange(4), scores, 2, closeness=closeness, folders=np.array([1, 1, 2, 2]))
    assert choice == Choice([0, 3], {2: 0})


def test_progress_is_told_after_each_image() -> None:
    steps = choosing(
        np.arange(4), scores_of(0.9, 0.8, 0.7, 0.6), 3, closeness=by_groups(np.array([1, 1, 2, 3]))
    )
    assert [(step.chosen, step.looked_at) for step in steps] == [(1, 1), (1, 2), (2, 3), (3, 4)]


@given(
    st.lists(st.tuples(_SCORES, st.integers(0, 4), st.integers(0, 3)), max_size=30),
    st.integers(1, 12),
    st.booleans(),
)
def test_no_better_image_is_left_out_without_a_reason(
    images: list[tuple[float, int, int]], count: int, alike: bool
) -> None:
    scores = scores_of(*(image[0] for image in images))
    groups = np.array([image[1] for image in images], dtype=np.int64)
    closeness = by_groups(groups) if alike else None
    choice = choose(all_of(scores), scores, count, closeness=closeness)
    check(choice, scores, groups if alike else all_of(scores), count)
    values, left = comparable(scores), left_out(choice, scores)
    worst = min((values[one] for one in choice.image_ids), default=0.0)
    if len(choice.image_ids) < count:
        assert not left
    assert all(values[one] <= worst for one in left)
    assert choice.tied_out == sum(values[one] == worst for one in left if choice.image_ids)
    for one, model in choice.passed_over.items():
        assert (-values[model], model) < (-values[one], one)


@given(
    st.lists(st.tuples(_SCORES, st.integers(0, 4), st.integers(0, 3)), max_size=30),
    st.integers(1, 12),
    st.booleans(),
)
def test_folders_are_treated_fairly(images: list[tuple[float, int, int]], count: int, alike: bool) -> None:
    scores = scores_of(*(image[0] for image in images))
    groups = np.array([image[1] for image in images], dtype=np.int64)
    folders = np.array([image[2] for image in images], dtype=np.int64)
    choice = choose(
        all_of(scores), scores, count, closeness=by_groups(groups) if alike else None, folders=folders
    )
    check(choice, scores, groups if alike else all_of(scores), count)
    values, left = comparable(scores), left_out(choice, scores)
    given_by = Counter(folders[choice.image_ids].tolist())
    for one in left:
        # A folder that has some left got its share, with its best.
        assert given_by[folders[one]] >= max(given_by.values()) - 1
        own = [other for other in choice.image_ids if folders[other] == folders[one]]
        assert all(values[one] <= values[other] for other in own)
    if len(choice.image_ids) < count:
        assert not left


def check(choice: Choice, scores: NDArray[np.float32], groups: NDArray[np.int64], count: int) -> None:
    """Assert what holds of every choice."""
    chosen, values = choice.image_ids, comparable(scores)
    assert len(chosen) == len(set(chosen)) <= count
    assert not np.isnan(scores[chosen]).any()
    assert chosen == sorted(chosen, key=lambda one: (-values[one], one))
    assert len({groups[one] for one in chosen}) == len(chosen)
    assert not set(chosen) & choice.passed_over.keys()
    for one, model in choice.passed_over.items():
        assert model in chosen
        assert groups[one] == groups[model]


def left_out(choice: Choice, scores: NDArray[np.float32]) -> set[int]:
    """Return the images with a score that were neither chosen nor passed over for likeness."""
    known = np.flatnonzero(~np.isnan(scores)).tolist()
    return set(known) - set(choice.image_ids) - choice.passed_over.keys()


@given(st.lists(_SCORES, max_size=30), st.integers(0, 12))
def test_the_order_of_the_rows_changes_nothing(scores: list[float], count: int) -> None:
    values = scores_of(*scores)
    ids = all_of(values)
    shuffled = np.random.default_rng(len(scores)).permutation(ids)
    assert choose(ids, values, count) == choose(shuffled, values, count)


def test_the_floor_is_where_ranks_have_it() -> None:
    just_below = np.nextafter(np.float32(FLOOR), np.float32(0))
    assert choose(np.arange(2), scores_of(0.3, float(just_below)), 1).image_ids == [0]
