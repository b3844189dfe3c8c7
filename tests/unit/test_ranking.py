"""Ranks and the floor."""

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from resmem_gui.analysis.ranking import FLOOR, at_floor, average_ranks, ranks

NAN = math.nan


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([], []),
        ([0.5], [1]),
        ([0.9, 0.7, 0.8], [1, 3, 2]),
        ([0.9, 0.8, 0.8, 0.7], [1, 2, 2, 4]),
        ([0.8, 0.8, 0.8], [1, 1, 1]),
        ([NAN], [0]),
        ([NAN, 0.9, NAN, 0.7], [0, 1, 0, 2]),
        ([0.9, 0.41, 0.415, 0.0], [1, 2, 2, 2]),
        ([FLOOR, 0.41], [1, 2]),
        ([0.41, NAN, 0.4], [1, 0, 1]),
    ],
)
def test_ranks(scores: list[float], expected: list[int]) -> None:
    assert ranks(scores).tolist() == expected


def test_ranks_are_integers_and_leave_the_scores_alone() -> None:
    scores = np.array([0.9, np.nan, 0.3], dtype=np.float32)
    before = scores.copy()
    assert ranks(scores).dtype == np.int64
    assert np.array_equal(scores, before, equal_nan=True)


@given(st.lists(st.one_of(st.floats(0, 1, width=32), st.just(NAN)), max_size=40))
def test_a_rank_is_one_more_than_the_number_of_better_images(scores: list[float]) -> None:
    told_apart = [0.0 if score < FLOOR else score for score in scores]
    expected = [
        0 if math.isnan(score) else 1 + sum(other > score for other in told_apart) for score in told_apart
    ]
    assert ranks(scores).tolist() == expected


def test_the_floor_holds_what_is_below_its_line_only() -> None:
    assert at_floor([0.0, 0.4199, FLOOR, 0.9, NAN]).tolist() == [True, True, False, False, False]


# --- average ranks -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([], []),
        ([0.5], [1]),
        ([0.9, 0.8, 0.8, 0.7], [1, 2.5, 2.5, 4]),
        ([NAN, 0.9, NAN, 0.7], [NAN, 1, NAN, 2]),
        ([0.9, 0.41, 0.415, 0.0], [1, 3, 3, 3]),
        ([FLOOR, 0.41], [1, 2]),
    ],
)
def test_average_ranks(scores: list[float], expected: list[float]) -> None:
    assert np.array_equal(average_ranks(scores), expected, equal_nan=True)


@given(st.lists(st.one_of(st.floats(0, 1, width=32), st.sampled_from([0.3, 0.5, 0.5, NAN])), max_size=60))
def test_average_ranks_are_those_of_scipy(scores: list[float]) -> None:
    values = np.array(scores)
    known = ~np.isnan(values)
    told_apart = np.where(values < FLOOR, 0.0, values)
    expected = np.full(len(values), np.nan)
    expected[known] = scipy.stats.rankdata(-told_apart[known], method="average")
    found = average_ranks(scores)
    assert found.dtype == np.float64
    assert np.array_equal(found, expected, equal_nan=True)
