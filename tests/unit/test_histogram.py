"""The histogram that grows with the scores."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resmem_gui.analysis.histogram import BIN_WIDTH, LiveHistogram

scores = st.floats(0, 1, width=32)


@given(st.lists(st.lists(scores, max_size=20), max_size=8))
def test_adding_in_pieces_equals_adding_all_at_once(pieces: list[list[float]]) -> None:
    piecewise, at_once = LiveHistogram(), LiveHistogram()
    for piece in pieces:
        piecewise.add(piece)
    everything = [score for piece in pieces for score in piece]
    at_once.add(everything)
    assert piecewise.n == at_once.n == len(everything)
    assert np.array_equal(piecewise.counts, at_once.counts)
    assert piecewise.mean == pytest.approx(at_once.mean, abs=1e-12, nan_ok=True)
    assert piecewise.sd == pytest.approx(at_once.sd, abs=1e-9, nan_ok=True)


@given(st.lists(scores, min_size=2, max_size=60))
def test_running_moments_equal_numpys(values: list[float]) -> None:
    histogram = LiveHistogram()
    for value in values:
        histogram.add([value])
    assert histogram.mean == pytest.approx(np.mean(values), abs=1e-12)
    assert histogram.sd == pytest.approx(np.std(values, ddof=1), abs=1e-8)


def test_the_spread_of_close_scores_keeps_its_digits() -> None:
    values = 0.7 + 1e-7 * np.random.default_rng(1).standard_normal(100_000)
    histogram = LiveHistogram()
    for piece in np.array_split(values, 1000):
        histogram.add(piece)
    assert histogram.sd == pytest.approx(values.std(ddof=1), rel=1e-6)


def test_nan_is_passed_over() -> None:
    histogram = LiveHistogram()
    histogram.add([math.nan, 0.5, math.nan])
    assert histogram.n == 1
    assert histogram.counts.sum() == 1


def test_every_score_from_0_to_1_has_a_bin() -> None:
    histogram = LiveHistogram()
    histogram.add([0.0, 1.0])
    assert histogram.counts[0] == 1
    assert histogram.counts[-1] == 1
    assert len(histogram.counts) == round(1 / BIN_WIDTH)


@pytest.mark.parametrize("values", [[], [math.nan]])
def test_an_empty_histogram_has_no_moments_and_no_density(values: list[float]) -> None:
    histogram = LiveHistogram()
    histogram.add(values)
    assert histogram.n == 0
    assert math.isnan(histogram.mean)
    assert math.isnan(histogram.sd)
    assert not histogram.density.any()


def test_one_score_has_a_mean_and_no_spread() -> None:
    histogram = LiveHistogram()
    histogram.add([0.75])
    assert histogram.mean == 0.75
    assert math.isnan(histogram.sd)


def test_the_density_has_area_one() -> None:
    histogram = LiveHistogram()
    histogram.add(np.random.default_rng(3).random(1000))
    assert float((histogram.density * np.diff(histogram.bin_edges)).sum()) == pytest.approx(1.0)


def test_clearing_forgets_everything() -> None:
    histogram = LiveHistogram()
    histogram.add([0.2, 0.4])
    histogram.clear()
    histogram.add([0.8])
    assert histogram.n == 1
    assert histogram.mean == 0.8
    assert histogram.counts.sum() == 1
