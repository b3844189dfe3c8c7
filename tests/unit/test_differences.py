"""What a difference between two scores is worth."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resmem_gui.analysis.differences import LEAST_ERROR, MOST_ERROR, Worth, difference
from resmem_gui.analysis.ranking import FLOOR

scores = st.floats(0, 1)


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
