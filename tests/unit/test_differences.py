"""What a difference between two scores is worth."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resmem_gui.analysis.differences import (
    LEAST_ERROR,
    MOST_ERROR,
    Worth,
    difference,
    overlap,
    rank_range,
)
from resmem_gui.analysis.ranking import FLOOR, ranks

scores = st.floats(0, 1)
intervals = st.tuples(scores, scores).map(sorted)


@pytest.mark.parametrize(
    ("first", "second", "worth"),
    [
        (0.41, 0.4199, Worth.AT_FLOOR),
        (0.0, 0.41, Worth.AT_FLOOR),  # however far apart: below the floor there is nothing to tell apart
        (0.41, 0.45, Worth.NOTHING),
        (0.60, 0.60, Worth.NOTHING),
        (0.60, 0.6494, Worth.NOTHING),
        (0.60, 0.65, Worth.MAYBE_CHANCE),
        (0.60, 0.73, Worth.MAYBE_CHANCE),
        (0.60, 0.731, Worth.LARGER),
        (0.41, 0.90, Worth.LARGER),
    ],
)
def test_a_difference_is_compared_with_the_typical_error(first: float, second: float, worth: Worth) -> None:
    assert difference(first, second).worth is worth
    assert difference(second, first).worth is worth


def test_it_is_judged_as_it_is_shown() -> None:
    """A difference that is written 0.050 is not called smaller than 0.05."""
    found = difference(0.6, 0.6497)
    assert (f"{found.value:.3f}", found.worth) == ("0.050", Worth.MAYBE_CHANCE)


def test_a_difference_too_small_to_be_shown_is_not_called_none() -> None:
    found = difference(0.91251, 0.91249)
    assert (found.value, found.is_none) == (0, False)
    assert difference(0.9125, 0.9125).is_none


def test_the_sentences_name_the_error_that_they_speak_of() -> None:
    for worth in set(Worth) - {Worth.AT_FLOOR}:
        assert "typical error (0.05 to 0.13" in worth.value
    assert "does not tell them apart" in difference(0.41, 0.411).sentence


def test_only_framing_and_the_floor_are_said_not_to_tell_images_apart() -> None:
    """The error of single scores is no test of two: how often their order is right was not measured."""
    small = difference(0.60, 0.62)
    assert small.sentence.endswith("too small to tell which of them people remember better.")
    assert "apart" not in small.sentence + small.short


@given(scores, scores)
def test_the_order_of_the_two_changes_the_sign_only(first: float, second: float) -> None:
    there, back = difference(first, second), difference(second, first)
    assert there.value == -back.value
    assert math.copysign(1, difference(first, first).value) == 1
    assert there.worth is back.worth


@given(scores, scores)
def test_what_is_called_larger_is_larger_and_not_all_at_the_floor(first: float, second: float) -> None:
    found = difference(first, second)
    assert (found.worth is Worth.AT_FLOOR) == (first < FLOOR and second < FLOOR)
    if found.worth is Worth.LARGER:
        assert abs(second - first) > MOST_ERROR
    if found.worth is Worth.NOTHING:
        assert abs(second - first) < LEAST_ERROR


@pytest.mark.parametrize("wrong", [float("nan"), -0.1, 1.1, float("inf")])
def test_what_is_no_score_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="not both scores"):
        difference(0.5, wrong)


@pytest.mark.parametrize(
    ("first", "second", "cannot_be_told_apart"),
    [
        ((0.60, 0.70), (0.65, 0.80), True),
        ((0.60, 0.70), (0.62, 0.64), True),  # one within the other
        ((0.60, 0.70), (0.70, 0.80), True),  # they touch
        ((0.60, 0.70), (0.701, 0.80), False),
        ((0.411, 0.412), (0.418, 0.60), True),  # both reach down to the floor, where nothing is told apart
        ((0.411, 0.412), (0.42, 0.60), False),
    ],
)
def test_intervals_that_overlap_cannot_be_told_apart(
    first: tuple[float, float], second: tuple[float, float], *, cannot_be_told_apart: bool
) -> None:
    assert overlap(first, second) is cannot_be_told_apart
    assert overlap(second, first) is cannot_be_told_apart


@pytest.mark.parametrize("wrong", [(0.5, 0.4), (0.5, math.nan), (-0.1, 0.5), (0.5, 1.1), (0.5, 0.6, 0.7)])
def test_what_is_no_interval_is_refused(wrong: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=r"not both intervals|inhomogeneous"):
        overlap(wrong, (0.4, 0.5))


def test_ranks_within_an_interval_are_counted() -> None:
    known = [0.9, 0.8, 0.7, 0.6, math.nan, 0.41, 0.415]
    assert rank_range(known, 0.65, 0.85) == (2, 3)
    assert rank_range(known, 0.41, 0.62) == (4, 6)
    assert rank_range(known, 0.41, 0.412) == (5, 6)  # those at the floor are ties, whatever the interval


@given(st.lists(st.tuples(scores, intervals), max_size=30))
def test_an_image_has_a_rank_within_its_range(images: list[tuple[float, list[float]]]) -> None:
    known = np.array([score for score, _ in images])
    for own, (score, interval) in zip(ranks(known), images, strict=True):
        # the least and greatest always include the score itself
        ends = min(score, interval[0]), max(score, interval[1])
        best, worst = rank_range(known, *ends)
        assert 1 <= best <= own <= worst <= len(images)
        low, high = (0.0 if end < FLOOR else end for end in ends)
        level = np.where(known < FLOOR, 0.0, known)
        assert worst - best == ((level >= low) & (level <= high)).sum() - 1
