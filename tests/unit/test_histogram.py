"""Counting scores: in cells, in bars, in ranges, as densities and curves, and as they come in."""

import itertools
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from resmem_gui.analysis import histogram
from resmem_gui.analysis.histogram import (
    BIN_WIDTHS,
    CELLS,
    LEAST_BANDWIDTH,
    Distribution,
    LiveHistogram,
    bin_at,
    bin_edges,
    cells_of,
)
from resmem_gui.analysis.reference import load_lamem
from resmem_gui.library.filtering import Range

scores = st.floats(0, 1, width=32)
samples = st.lists(scores, min_size=1, max_size=60)
widths = st.sampled_from(BIN_WIDTHS)
MIDDLES = (np.arange(CELLS) + 0.5) / CELLS
edges = [number / CELLS for number in range(CELLS + 1)]


def in_range(values: ArrayLike, low: float, high: float) -> NDArray[np.bool_]:
    """Return what the filter lets through, which must be what the histogram counts."""
    return Range(low, high).contains(np.asarray(values, dtype=np.float32), 1.0)


def normal(n: int, seed: int = 1) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0.72, 0.09, n).clip(0, 1).astype(np.float32)


# Cells, bars and ranges


@pytest.mark.parametrize("values", [np.array(edges), np.array(edges, dtype=np.float32)])
def test_a_score_at_an_edge_belongs_to_what_begins_there(values: NDArray[np.floating]) -> None:
    assert cells_of(values).tolist() == [min(number, CELLS - 1) for number in range(CELLS + 1)]


def test_a_score_just_below_an_edge_belongs_to_what_ends_there() -> None:
    below = np.nextafter(np.array(edges[1:], dtype=np.float32), np.float32(0))
    assert cells_of(below).tolist() == list(range(CELLS))


def test_limits_that_were_reached_by_adding_mean_what_they_should() -> None:
    assert 0.1 + 0.2 > 0.3
    assert in_range([0.3], 0.1 + 0.2, 0.4).all()
    assert in_range(np.array([0.7], dtype=np.float32), 0.7, 0.72).all()
    assert not in_range(np.array([0.7], dtype=np.float32), 0.6, 0.7).any()


def test_a_range_contains_its_low_end_and_1_but_no_other_high_end() -> None:
    values = [0.0, 0.29, 0.5, 1.0, math.nan]
    assert in_range(values, 0.29, 0.5).tolist() == [False, True, False, False, False]
    assert in_range(values, 0.5, 1.0).tolist() == [False, False, True, True, False]
    assert in_range(values, 0.0, 1.0).tolist() == [True, True, True, True, False]


@given(samples, st.integers(0, CELLS), st.integers(0, CELLS))
def test_the_histogram_counts_what_the_range_lets_through(values: list[float], one: int, other: int) -> None:
    low, high = min(one, other) / CELLS, max(one, other) / CELLS
    if low < high:
        assert Distribution.of(values).count_in(low, high) == in_range(values, low, high).sum()


@given(samples, widths)
def test_each_score_is_in_exactly_one_bar(values: list[float], width: float) -> None:
    bars = Distribution.of(values).bars(width)
    assert bars.sum() == len(values)
    counted = [in_range(values, low, high).sum() for low, high in itertools.pairwise(bin_edges(width))]
    assert bars.tolist() == counted


@given(scores, widths)
def test_the_bar_at_a_score_contains_it(score: float, width: float) -> None:
    low, high = bin_at(score, width)
    assert in_range([score], low, high).all()
    assert high - low == pytest.approx(width)
    assert low in bin_edges(width)


def test_bars_must_fill_the_way_from_0_to_1() -> None:
    with pytest.raises(ValueError, match=r"0\.03"):
        bin_edges(0.03)


# Distributions


@given(samples, widths)
def test_the_density_has_area_one(values: list[float], width: float) -> None:
    assert Distribution.of(values).density(width).sum() * width == pytest.approx(1.0)


@given(samples)
def test_the_curve_has_area_one_within_0_to_1(values: list[float]) -> None:
    curve = Distribution.of(values).curve()
    assert curve.shape == (CELLS,)
    assert curve.min() >= 0
    assert curve.mean() == pytest.approx(1.0)


@pytest.mark.parametrize("n", [40, 400, 20_000])
def test_the_curve_is_scipys_kernel_density(n: int) -> None:
    values = normal(n)
    distribution = Distribution.of(values)
    kernel = stats.gaussian_kde(
        values.astype(float), distribution.bandwidth / values.std(ddof=1, dtype=float)
    )
    exact = kernel(MIDDLES)
    inside = slice(150, 850)  # at 1 the curve is reflected
    assert distribution.curve()[inside] == pytest.approx(exact[inside], abs=0.01)


def test_the_curve_is_scipys_kernel_density_of_scores_and_their_reflection() -> None:
    values = np.concatenate([normal(300) + 0.2, normal(100) - 0.65]).clip(0, 1)
    distribution = Distribution.of(values)
    mirrored = np.concatenate([values, -values, 2 - values]).astype(float)
    kernel = stats.gaussian_kde(mirrored, distribution.bandwidth / mirrored.std(ddof=1))
    assert distribution.curve() == pytest.approx(3 * kernel(MIDDLES), abs=0.02)


def test_the_widest_curve_has_area_one() -> None:
    widest = Distribution.of([0.0, 1.0])
    assert widest.bandwidth > 0.5, "it reaches beyond the whole scale"
    assert widest.curve().mean() == pytest.approx(1.0)


def test_curves_are_prepared_aside() -> None:
    histogram._smoothing.cache_clear()
    assert not histogram.curves_are_prepared()
    histogram.prepare_curves()
    assert histogram.curves_are_prepared()


def test_counting_imports_no_scipy() -> None:
    code = (
        "import sys; from resmem_gui.analysis.histogram import Distribution;"
        "Distribution.of([0.5]).density(0.02);"
        "assert 'scipy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_curve_is_reflected_where_scores_end() -> None:
    curve = Distribution.of([1.0] * 50 + [0.97] * 50).curve()
    assert curve[-1] > curve[-31], "without a reflection half of the mass at 1 would be lost"


def test_the_bandwidth_follows_silverman() -> None:
    values = normal(2000)
    spread = min(values.std(ddof=1), float(np.subtract(*np.quantile(values, [0.75, 0.25]))) / 1.34)
    assert Distribution.of(values).bandwidth == pytest.approx(0.9 * spread * 2000**-0.2, rel=0.01)


@pytest.mark.parametrize("values", [[], [0.7], [0.7] * 9])
def test_the_bandwidth_of_scores_without_spread_is_the_least(values: list[float]) -> None:
    assert Distribution.of(values).bandwidth == LEAST_BANDWIDTH


def test_the_share_grows_from_0_to_1() -> None:
    share = Distribution.of(normal(500)).cumulative
    assert share[0] == 0
    assert share[-1] == pytest.approx(1.0)
    assert (np.diff(share) >= 0).all()


@given(samples, st.floats(0.01, 0.99))
def test_quantiles_are_right_to_a_cell(values: list[float], probability: float) -> None:
    found = Distribution.of(values).quantile(probability)
    exact = float(np.quantile(values, probability, method="inverted_cdf"))
    assert found == pytest.approx(exact, abs=1.01 / CELLS)


def test_the_reference_has_the_same_bars_as_its_summary() -> None:
    lamem = load_lamem()
    distribution = Distribution.of_reference(lamem)
    assert distribution.bars(0.01) == pytest.approx(lamem.counts)
    assert distribution.density(0.02) == pytest.approx(lamem.density(50))
    assert distribution.quantile(0.5) == pytest.approx(lamem.quantiles[500], abs=0.01)


def test_no_scores_have_no_numbers() -> None:
    nothing = Distribution.of([math.nan])
    assert nothing.n == 0
    assert math.isnan(nothing.mean)
    assert math.isnan(nothing.sd)
    assert math.isnan(nothing.quantile(0.5))
    assert nothing.share_in(0.0, 1.0) == 0
    assert not nothing.density(0.02).any()
    assert not nothing.curve().any()
    assert not nothing.cumulative.any()


# The histogram that grows


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


def test_every_score_from_0_to_1_has_a_cell() -> None:
    histogram = LiveHistogram()
    histogram.add([0.0, 1.0])
    assert histogram.counts[0] == 1
    assert histogram.counts[-1] == 1
    assert len(histogram.counts) == CELLS


@pytest.mark.parametrize("values", [[], [math.nan]])
def test_an_empty_histogram_has_no_moments(values: list[float]) -> None:
    histogram = LiveHistogram()
    histogram.add(values)
    assert histogram.n == 0
    assert math.isnan(histogram.mean)
    assert math.isnan(histogram.sd)


def test_one_score_has_a_mean_and_no_spread() -> None:
    histogram = LiveHistogram()
    histogram.add([0.75])
    assert histogram.mean == 0.75
    assert math.isnan(histogram.sd)


def test_a_distribution_stays_as_it_was_taken() -> None:
    histogram = LiveHistogram()
    histogram.add([0.2])
    taken = histogram.distribution()
    histogram.add([0.4, 0.6])
    assert (taken.n, taken.counts.sum()) == (1, 1)


def test_clearing_forgets_everything() -> None:
    histogram = LiveHistogram()
    histogram.add([0.2, 0.4])
    histogram.clear()
    histogram.add([0.8])
    assert histogram.n == 1
    assert histogram.mean == 0.8
    assert histogram.counts.sum() == 1
