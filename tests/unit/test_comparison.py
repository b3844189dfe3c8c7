"""Distributions in numbers and how far apart they are, against SciPy and cases whose answer is known."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from resmem_gui.analysis.comparison import (
    FEWEST_FOR_CHANCE,
    GROUPS_MEANING,
    MATCH_MEANING,
    NO_P_VALUE,
    Comparison,
    compare,
    compare_groups,
    groups_without_distances,
    without_distances,
)
from resmem_gui.analysis.description import FEW, describe, describe_reference
from resmem_gui.analysis.reference import Reference, load_lamem

scores = st.floats(0, 1, width=32)
samples = st.lists(scores, min_size=1, max_size=60)
LAMEM = load_lamem()


def normal(n: int, mean: float = 0.72, seed: int = 1) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(mean, 0.09, n).clip(0, 1)


def evenly(n: int, low: float = 0.0, high: float = 1.0) -> NDArray[np.float64]:
    """Return n scores, each in the middle of its share of the way."""
    return low + (np.arange(n) + 0.5) / n * (high - low)


def uniform_reference() -> Reference:
    """Return a reference whose scores are spread evenly from 0 to 1."""
    quantiles = np.linspace(0.0, 1.0, 1001)
    counts = np.full(100, 100, dtype=np.int64)
    return Reference("Even", 10_000, 0.5, math.sqrt(1 / 12), counts, quantiles, {})


def drawn_from(reference: Reference, n: int) -> NDArray[np.float64]:
    """Return scores that are distributed like a reference."""
    return np.interp(evenly(n), np.linspace(0.0, 1.0, len(reference.quantiles)), reference.quantiles)


# One distribution in numbers


@pytest.mark.filterwarnings("ignore:Precision loss")  # SciPy computes higher moments, which nobody asks for
@given(st.lists(scores, min_size=2, max_size=60))
def test_a_description_agrees_with_scipy_and_numpy(values: list[float]) -> None:
    found, expected = describe(values), stats.describe(np.asarray(values, dtype=np.float64))
    assert found.n == expected.nobs
    assert (found.minimum, found.maximum) == expected.minmax
    assert found.mean == pytest.approx(expected.mean)
    assert found.sd**2 == pytest.approx(expected.variance, abs=1e-12)
    quantiles = np.quantile(np.asarray(values, dtype=np.float64), [0.05, 0.25, 0.5, 0.75, 0.95])
    assert (found.p5, found.q1, found.median, found.q3, found.p95) == pytest.approx(tuple(quantiles))


def test_nan_is_passed_over() -> None:
    assert describe([math.nan, 0.5, 0.7, math.nan]) == describe([0.5, 0.7])
    with_gaps = [math.nan, 0.5, 0.7, math.nan]
    assert compare(with_gaps, LAMEM) == compare([0.5, 0.7], LAMEM)
    assert compare_groups(with_gaps, with_gaps[:2]) == compare_groups([0.5, 0.7], [0.5])


@pytest.mark.parametrize("values", [[], [math.nan]])
def test_no_scores_have_no_numbers(values: list[float]) -> None:
    nothing = describe(values)
    assert nothing.n == 0
    assert math.isnan(nothing.mean)
    assert math.isnan(nothing.median)
    assert math.isnan(nothing.share_at_floor)


def test_one_score_has_no_spread() -> None:
    one = describe([0.7])
    assert math.isnan(one.sd)
    assert (one.n, one.mean, one.q1, one.maximum) == (1, 0.7, 0.7, 0.7)


def test_two_scores_have_all_numbers() -> None:
    two = describe([0.5, 0.7])
    assert two.sd == pytest.approx(math.sqrt(0.02))
    assert two.median == pytest.approx(0.6)


def test_scores_at_the_floor_are_counted() -> None:
    assert describe([0.411, 0.415, 0.419, 0.42]).share_at_floor == 0.75
    assert describe([0.41] * 5).share_at_floor == 1.0


@pytest.mark.parametrize(("n", "is_few"), [(0, True), (FEW - 1, True), (FEW, False)])
def test_few_scores_are_told(n: int, is_few: bool) -> None:
    assert describe(normal(n)).is_few is is_few


def test_a_reference_is_described_by_its_summary() -> None:
    found = describe_reference(LAMEM)
    assert (found.n, found.mean, found.sd) == (58_741, LAMEM.mean, LAMEM.sd)
    assert (found.minimum, found.median, found.maximum) == tuple(LAMEM.quantiles[[0, 500, 1000]])
    assert found.q1 == pytest.approx(LAMEM.quantiles[250])
    # Of all of LaMem's scores 0.69 % lie below 0.411, so a little more below 0.42.
    assert 0.006 < found.share_at_floor < 0.012


# Two groups


@given(st.lists(scores, min_size=2, max_size=60), samples)
def test_the_distances_of_groups_are_scipys(one: list[float], other: list[float]) -> None:
    found = compare_groups(one, other)
    first, second = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    assert found.ks.value == pytest.approx(stats.ks_2samp(first, second, method="asymp").statistic)
    assert found.wasserstein == pytest.approx(stats.wasserstein_distance(first, second), abs=1e-12)


@given(samples, samples)
def test_the_shares_are_found_at_the_score_that_is_told(one: list[float], other: list[float]) -> None:
    ks = compare_groups(one, other).ks
    shares = [float((np.asarray(group, dtype=np.float64) <= ks.score).mean()) for group in (one, other)]
    assert ks.shares == pytest.approx(tuple(shares))
    assert abs(ks.shares[0] - ks.shares[1]) == pytest.approx(ks.value)


@given(samples)
def test_a_group_does_not_differ_from_itself(values: list[float]) -> None:
    found = compare_groups(values, values)
    assert (found.ks.value, found.wasserstein, found.mean_difference) == (0.0, 0.0, 0.0)


@given(samples, samples)
def test_distances_are_the_same_in_both_directions(one: list[float], other: list[float]) -> None:
    there, back = compare_groups(one, other), compare_groups(other, one)
    assert there.ks.value == pytest.approx(back.ks.value)
    assert there.wasserstein == pytest.approx(back.wasserstein, abs=1e-12)
    assert there.mean_difference == pytest.approx(-back.mean_difference)


def test_groups_that_do_not_overlap_are_as_far_apart_as_can_be() -> None:
    found = compare_groups([0.5] * 10, [0.8] * 10)
    assert found.ks.value == 1.0
    assert found.wasserstein == pytest.approx(0.3)
    assert found.ks.shares == (1.0, 0.0)


# Against a reference


@given(samples)
def test_the_distance_is_the_greatest_gap_to_the_references_line(values: list[float]) -> None:
    found = compare(values, LAMEM)
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    line = LAMEM.percentile(ordered) / 100
    places = np.arange(len(ordered))
    gaps = np.maximum(np.abs((places + 1) / len(ordered) - line), np.abs(places / len(ordered) - line))
    assert found.ks.value == pytest.approx(gaps.max())
    assert abs(found.ks.shares[0] - found.ks.shares[1]) == pytest.approx(found.ks.value)
    assert all(-1e-9 <= share <= 1 + 1e-9 for share in found.ks.shares)


def test_scores_like_the_reference_are_nearly_no_distance_from_it() -> None:
    found = compare(drawn_from(LAMEM, 5000), LAMEM)
    assert found.ks.value < 0.011, "half of LaMem's largest tie is 0.9 %"
    assert found.wasserstein < 0.001
    assert found.mean_difference == pytest.approx(0.0, abs=0.001)


def test_the_summary_gives_what_all_scores_would() -> None:
    people = np.random.default_rng(5).beta(9, 4, 20_000)
    reference = Reference.from_scores(people, "People", {})
    values = normal(800)
    found, exact = compare(values, reference), compare_groups(values, people)
    assert found.ks.value == pytest.approx(exact.ks.value, abs=0.001)
    assert found.wasserstein == pytest.approx(exact.wasserstein, abs=0.0005)
    assert found.chance == exact.chance


@given(samples, st.lists(scores, min_size=2, max_size=60))
def test_a_reference_that_has_all_scores_is_compared_exactly(
    values: list[float], people: list[float]
) -> None:
    reference = Reference.from_scores(people, "Own", {})
    found, exact = compare(values, reference), compare_groups(values, reference.quantiles)
    assert (found.ks, found.wasserstein) == (exact.ks, exact.wasserstein)


@pytest.mark.parametrize("shift", [-0.2, -0.05, 0.1])
def test_shifted_scores_are_as_far_as_they_were_shifted(shift: float) -> None:
    reference = uniform_reference()
    low, high = 0.25 + shift, 0.75 + shift
    found = compare(evenly(4000, low, high), reference)
    # The line of 0 to 1 against one of half that width: the greater gap is at the end that was shifted away.
    assert found.ks.value == pytest.approx(max(low, 1 - high), abs=0.001)
    # The area between the two lines: two triangles at the ends, two at the middle where they cross.
    crossing = np.abs(np.interp(evenly(100_000), [low, high], [0.0, 1.0]) - evenly(100_000)).mean()
    assert found.wasserstein == pytest.approx(crossing, abs=0.001)


@given(samples)
def test_the_share_is_that_below_or_up_to_the_score(values: list[float]) -> None:
    scores, reference = np.asarray(values, dtype=np.float64), uniform_reference()
    ks = compare(values, reference).ks
    share = (scores < ks.score).mean() if ks.is_below else (scores <= ks.score).mean()
    assert ks.shares == pytest.approx((share, ks.score), abs=1e-3)
    assert abs(ks.shares[0] - ks.shares[1]) == pytest.approx(ks.value)


def test_the_outer_quantiles_stand_for_half_as_much() -> None:
    quantiles = np.linspace(0.0, 1.0, 11)
    coarse = Reference("Even", 1000, 0.5, math.sqrt(1 / 12), np.full(100, 1, dtype=np.int64), quantiles, {})
    assert compare([0.5], coarse).wasserstein == pytest.approx(0.25)


def test_one_score_is_compared() -> None:
    found = compare([0.5], uniform_reference())
    assert found.ks.value == pytest.approx(0.5)
    assert found.wasserstein == pytest.approx(0.25, abs=0.001)
    assert math.isnan(found.sd_difference)


def test_scores_that_are_all_at_the_floor_are_below_nearly_all_people() -> None:
    found = compare([0.411] * 40, LAMEM)
    assert found.ks.value > 0.99
    assert found.first.share_at_floor == 1.0
    assert found.wasserstein == pytest.approx(LAMEM.mean - 0.411, abs=0.002)


@pytest.mark.parametrize("found", [compare([], LAMEM), compare_groups([], [0.5]), compare_groups([0.5], [])])
def test_nothing_is_not_compared(found: Comparison) -> None:
    assert not found.is_possible
    assert math.isnan(found.ks.value)
    assert math.isnan(found.wasserstein)
    assert math.isnan(found.chance)
    for sentence in sentences(found)[:4]:
        assert sentence == ""


def test_without_distances_all_else_is_the_same() -> None:
    values, others = normal(50), normal(60, seed=2)
    for alone, whole in (
        (without_distances(values, LAMEM), compare(values, LAMEM)),
        (groups_without_distances(values, others), compare_groups(values, others)),
    ):
        assert (alone.first, alone.second) == (whole.first, whole.second)
        assert alone.is_with_people == whole.is_with_people
        assert (alone.has_distances, whole.has_distances) == (False, True)
        told, all_told = sentences(alone), sentences(whole)
        assert told[0] == all_told[0] != ""
        assert told[1:4] == ["", "", ""]


# Chance


def test_chance_is_what_random_draws_make_of_it() -> None:
    random = np.random.default_rng(7)
    drawn = [compare_groups(random.random(40), random.random(60)) for _ in range(400)]
    within = np.mean([found.ks.value < found.chance for found in drawn])
    assert within == pytest.approx(0.95, abs=0.03)
    assert drawn[0].chance == stats.kstwo.ppf(0.95, 24)


@pytest.mark.parametrize(("n", "m"), [(1, 1), (2, 40), (9, 5000)])
def test_of_few_images_chance_is_not_said_to_keep_a_distance(n: int, m: int) -> None:
    """Two images are always 1 apart, and three and three are so in one of ten draws."""
    for found in (compare_groups(normal(n), normal(m)), compare(normal(n), LAMEM)):
        assert math.isnan(found.chance)
        assert "19 of 20" not in found.chance_sentence()
        assert str(FEWEST_FOR_CHANCE) in found.chance_sentence()


def test_chance_makes_less_of_many_images() -> None:
    sizes = (10, 20, 100, 10_000)
    chances = [compare(normal(n), LAMEM).chance for n in sizes]
    assert all(more > less for more, less in itertools.pairwise(chances))
    assert chances[-1] < 0.02


# Sentences


def sentences(found: Comparison) -> list[str]:
    names = ("the selected images", "LaMem")
    return [
        found.mean_sentence(*names),
        found.ks_sentence(*names),
        found.wasserstein_sentence(*names),
        found.chance_sentence(),
        *found.meaning(names[1]),
    ]


def test_sentences_say_what_the_numbers_are() -> None:
    found = compare_groups([0.5, 0.6, 0.7, 0.7], [0.6, 0.7, 0.8, 0.8])
    mean, ks, wasserstein, chance, *_ = [text.replace("\u00a0", " ") for text in sentences(found)]
    assert mean == (
        "The mean of the selected images lies 0.100 below that of LaMem, and the spread is equal (sd 0.096 "
        "and 0.096)."
    )
    assert ks == (
        "100 % of the selected images have scores up to 0.700, and 50 % of LaMem: at no other score do the "
        "two shares differ more."
    )
    assert "would have to move by 0.100 on average to be distributed like those of LaMem." in wasserstein
    assert chance.startswith("With fewer than 10 images, chance alone may put them very far apart")
    many = compare_groups(normal(40), normal(40, seed=2))
    assert f"are less than {many.chance:.3f} apart in 19 of 20 cases." in many.chance_sentence()


def test_a_score_at_which_shares_differ_most_is_not_counted_before_it_is_reached() -> None:
    reference = uniform_reference()
    one, two = (sentences(compare(values, reference))[1].replace("\u00a0", " ") for values in ([0.9], [0.1]))
    assert one.startswith("0 % of the selected images have scores below 0.900, and 90 % of LaMem:")
    assert two.startswith("100 % of the selected images have scores up to 0.100, and 10 % of LaMem:")


@pytest.mark.parametrize(
    ("values", "beginning"),
    [
        ([0.6], "The mean of the selected images lies 0.100 above that of LaMem."),
        ([0.5], "The mean of the selected images is that of LaMem."),
        (
            [0.1, 0.9],
            "The mean of the selected images is that of LaMem, and the spread is wider (sd 0.566 and",
        ),
        (
            [0.5, 0.5],
            "The mean of the selected images is that of LaMem, and the spread is narrower (sd 0.000",
        ),
    ],
)
def test_the_means_are_put_into_words(values: list[float], beginning: str) -> None:
    assert sentences(compare(values, uniform_reference()))[0].startswith(beginning)


def test_a_comparison_with_people_says_what_a_match_proves() -> None:
    told = compare(normal(50), LAMEM).meaning("LaMem")
    assert told[0] == MATCH_MEANING
    assert told[0].startswith("A matching curve proves nothing")
    assert "disproves" in told[0]
    assert told[1].startswith("Where the images are others than those of LaMem, what they show")
    assert told[-1] == NO_P_VALUE


def test_a_comparison_of_groups_claims_nothing_of_people() -> None:
    assert compare_groups(normal(50), normal(60)).meaning("the rest") == (GROUPS_MEANING, NO_P_VALUE)
