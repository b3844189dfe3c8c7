"""Lists for experiments: drawn as asked, the same for the same seed, and compared as SciPy compares."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from resmem_gui.analysis.condition_balance import balance
from resmem_gui.analysis.conditions import (
    Kind,
    Lists,
    Mix,
    TooFewError,
    Wanted,
    category_numbers,
    make_lists,
)

SCORES = np.random.default_rng(5).beta(6, 3, 400).astype(np.float32)
IDS = np.arange(400)
FIVE = IDS % 5


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("lists", [2, 3, 5])
def test_lists_have_their_size_and_no_image_comes_twice(kind: Kind, lists: int) -> None:
    made = make_lists(Wanted(lists=lists, in_list=17, kind=kind), IDS, SCORES)
    assert made.image_ids.shape == (lists, 17)
    assert len(np.unique(made.image_ids)) == lists * 17
    assert len(made.drawn_from) == 400


def test_matched_lists_are_far_closer_than_lists_by_chance() -> None:
    wanted = Wanted(lists=2, in_list=40)
    apart = [
        balance(make_lists(wanted_of(wanted, seed), IDS, SCORES), SCORES, Kind.MATCHED) for seed in range(10)
    ]
    generator = np.random.default_rng(0)
    by_chance = []
    for _ in range(200):
        drawn = generator.choice(SCORES, 80, replace=False)
        by_chance.append(abs(drawn[:40].mean() - drawn[40:].mean()))
    assert max(abs(each.differences[0].means) for each in apart) < np.quantile(by_chance, 0.05)
    assert max(each.partners_apart for each in apart) < 0.05


def test_partners_are_spread_over_lists_so_that_means_are_near() -> None:
    """Three lists of fifteen of sixty images: partners are far apart, the means are not."""
    for seed in range(10):
        made = make_lists(Wanted(lists=3, in_list=15, seed=seed), np.arange(60), SCORES)
        found = balance(made, SCORES, Kind.MATCHED)
        assert max(abs(each.means) for each in found.differences) < 0.003


def test_partners_of_many_lists_are_near() -> None:
    """Twelve lists from 400 images: the last list must not get what the others left."""
    made = make_lists(Wanted(lists=12, in_list=30), IDS, SCORES)
    spreads = np.ptp(SCORES[made.image_ids], axis=0)
    drawn = np.sort(SCORES[made.image_ids].ravel()).reshape(30, 12)
    assert np.sort(spreads) == pytest.approx(np.sort(np.ptp(drawn, axis=1)))


def test_each_partner_can_come_into_each_list() -> None:
    first = {
        int(image_id)
        for seed in range(40)
        for image_id in make_lists(Wanted(in_list=3, seed=seed), np.arange(6), SCORES).image_ids[0]
    }
    assert first == set(range(6))


def wanted_of(wanted: Wanted, seed: int) -> Wanted:
    return Wanted(wanted.lists, wanted.in_list, wanted.kind, wanted.mix, seed)


def test_the_assignment_is_the_best_there_is() -> None:
    """Six images, two lists of three: no other way to pair the first list has a smaller sum."""
    scores = np.array([0.50, 0.51, 0.60, 0.62, 0.90, 0.95])
    made = make_lists(Wanted(lists=2, in_list=3, seed=3), np.arange(6), scores)
    pairs = {frozenset(column) for column in made.image_ids.T.tolist()}
    cost = sum(abs(scores[a] - scores[b]) for a, b in map(tuple, pairs))
    first = [min(pair) for pair in pairs]
    rest = [i for i in range(6) if i not in first]
    best = min(
        sum(abs(scores[a] - scores[b]) for a, b in zip(first, order, strict=True))
        for order in itertools.permutations(rest)
    )
    assert cost <= best + 1e-12


def test_the_same_seed_gives_the_same_lists_whatever_the_order_of_images() -> None:
    wanted = Wanted(in_list=30, seed=11)
    one = make_lists(wanted, IDS, SCORES, FIVE)
    other = make_lists(wanted, IDS[::-1].copy(), SCORES, FIVE)
    another = make_lists(wanted_of(wanted, 12), IDS, SCORES, FIVE)
    np.testing.assert_array_equal(one.image_ids, other.image_ids)
    assert not np.array_equal(one.image_ids, another.image_ids)


def test_high_and_low_do_not_overlap() -> None:
    made = make_lists(Wanted(lists=2, in_list=100, kind=Kind.APART), IDS, SCORES)
    high, low = SCORES[made.image_ids]
    assert high.min() >= np.sort(SCORES)[-100]
    assert low.max() <= np.sort(SCORES)[99]
    assert balance(made, SCORES, Kind.APART).differences[0].means > 0.2


def test_three_lists_apart_stand_in_order() -> None:
    made = make_lists(Wanted(lists=3, in_list=50, kind=Kind.APART), IDS, SCORES)
    means = SCORES[made.image_ids].mean(axis=1)
    assert means[0] > means[1] > means[2]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("mix", Mix)
def test_every_list_has_the_same_mix(kind: Kind, mix: Mix) -> None:
    categories = np.where(IDS < 200, 0, np.where(IDS < 320, 1, 2))
    made = make_lists(Wanted(lists=2, in_list=30, kind=kind, mix=mix), IDS, SCORES, categories)
    counts = balance(made, SCORES, kind).counts
    assert (counts == counts[0]).all()
    expected = [10, 10, 10] if mix is Mix.EVEN else [15, 9, 6]
    assert counts[0].tolist() == expected
    np.testing.assert_array_equal(made.categories, categories[made.image_ids])


def test_images_without_a_score_or_at_the_floor_are_not_drawn() -> None:
    scores = SCORES.copy()
    scores[:100] = np.nan
    scores[100:200] = 0.413
    made = make_lists(Wanted(lists=2, in_list=60, without_floor=True), IDS, scores)
    assert len(made.drawn_from) == np.count_nonzero(scores >= 0.42)
    assert (scores[made.image_ids] >= 0.42).all()


def test_too_few_images_are_told_with_what_there_is() -> None:
    with pytest.raises(TooFewError, match="10 images have a score that counts, enough for lists of 5"):
        make_lists(Wanted(lists=2, in_list=6), IDS[:10], SCORES)
    with pytest.raises(TooFewError, match="0 images"):
        make_lists(Wanted(), IDS[:0], SCORES)
    categories = (IDS >= 3).astype(np.int64)
    with pytest.raises(
        TooFewError, match=r"smallest category, “sea”, has 3 images.* lists of 2 images at most"
    ):
        make_lists(Wanted(in_list=20, mix=Mix.EVEN), IDS, SCORES, categories, names=["sea", "hill"])
    with pytest.raises(
        TooFewError, match=r"has 3 images.* mix of all images, or add some of that category\."
    ):
        make_lists(Wanted(lists=4, in_list=20, mix=Mix.EVEN), IDS, SCORES, categories)


def test_senseless_wishes_are_refused() -> None:
    for wanted in (Wanted(lists=1), Wanted(in_list=1), Wanted(lists=99)):
        with pytest.raises(ValueError, match="at least two"):
            make_lists(wanted, IDS, SCORES)


def test_the_statistics_are_those_of_scipy() -> None:
    ids = np.random.default_rng(2).choice(IDS, (2, 20), replace=False)
    made = Lists(ids, np.zeros_like(ids), np.sort(ids.ravel()), 0, np.array([40]))
    one, other = SCORES[made.image_ids].astype(float)
    result = balance(made, SCORES, Kind.MATCHED)
    difference = result.differences[0]
    t = stats.ttest_ind(one, other, equal_var=False)
    u = stats.mannwhitneyu(one, other)
    ks = stats.ks_2samp(one, other)  # exact, as R's ks.test is for so few: asymptotically p is a fifth less
    assert 0.1 < ks.pvalue < 0.9
    assert (difference.t, difference.t_p) == pytest.approx((t.statistic, t.pvalue))
    assert (difference.u, difference.u_p) == pytest.approx((u.statistic, u.pvalue))
    assert (difference.ks, difference.ks_p) == pytest.approx((ks.statistic, ks.pvalue))
    assert result.summaries[0].sd == pytest.approx(np.std(one, ddof=1))
    assert difference.cohens_d == pytest.approx(
        (one.mean() - other.mean()) / np.sqrt((one.var(ddof=1) + other.var(ddof=1)) / 2)
    )


def test_equal_scores_give_no_t_and_no_warning() -> None:
    scores = np.full(20, 0.7)
    made = make_lists(Wanted(in_list=5), np.arange(20), scores)
    result = balance(made, scores, Kind.MATCHED)
    assert result.partners_apart == 0
    assert np.isnan(result.differences[0].t)
    assert "0.0000" in result.sentence(["A", "B"])


@pytest.mark.parametrize("n", [2, 3, 5, 7, 13, 14, 40])
def test_the_p_of_lists_that_are_nearly_alike_is_told_without_a_warning(n: int) -> None:
    scores = np.linspace(0.5, 0.9, 2 * n)
    ids = np.arange(2 * n).reshape(n, 2).T
    lists = Lists(ids, np.zeros_like(ids), np.arange(2 * n), 0, np.array([2 * n]))
    found = balance(lists, scores, Kind.MATCHED).differences[0]
    assert found.ks == pytest.approx(1 / n)
    assert 0.9 < found.ks_p <= 1


def test_p_values_of_lists_are_said_to_describe_only() -> None:
    made = make_lists(Wanted(lists=3, in_list=5), IDS, SCORES)
    told = balance(made, SCORES, Kind.MATCHED).sentence(["A", "B", "C"])
    assert "no random samples" in told
    assert "not corrected" in told


def test_a_mix_of_one_category_is_no_mix() -> None:
    numbers, names = category_numbers(["b", "a", "b"])
    assert numbers.tolist() == [1, 0, 1]
    assert names == ["a", "b"]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_wish_is_met_or_refused_in_words(data: st.DataObject) -> None:
    n = data.draw(st.integers(0, 60))
    scores = np.array(
        data.draw(st.lists(st.floats(0.4, 1.0) | st.just(float("nan")), min_size=n, max_size=n)),
        dtype=np.float32,
    )
    categories = np.array(data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)), dtype=np.int64)
    wanted = Wanted(
        lists=data.draw(st.integers(2, 4)),
        in_list=data.draw(st.integers(2, 12)),
        kind=data.draw(st.sampled_from(Kind)),
        mix=data.draw(st.sampled_from(Mix)),
        seed=data.draw(st.integers(0, 5)),
    )
    try:
        made: Lists = make_lists(wanted, np.arange(n), scores, categories)
    except TooFewError as error:
        assert str(error).endswith(".")  # noqa: PT017 - either way is right
        return
    assert made.image_ids.shape == (wanted.lists, wanted.in_list)
    assert len(np.unique(made.image_ids)) == made.image_ids.size
    assert not np.isnan(scores[made.image_ids]).any()
    counts = balance(made, scores, wanted.kind).counts
    assert (counts == counts[0]).all()


def test_lists_that_shall_be_apart_are_told_by_the_two_that_are_nearest() -> None:
    scores = np.repeat([0.5, 0.51, 0.9], 5)
    wanted = Wanted(lists=3, in_list=5, kind=Kind.APART)
    text = balance(make_lists(wanted, np.arange(15), scores), scores, Kind.APART).sentence(["h", "m", "l"])
    assert "differ by 0.0100 at least (lists m and l" in text


def test_lists_of_equal_scores_are_said_to_be_hardly_apart() -> None:
    scores = np.full(10, 0.7)
    wanted = Wanted(lists=2, in_list=5, kind=Kind.APART)
    found = balance(make_lists(wanted, np.arange(10), scores), scores, Kind.APART)
    assert "hardly apart" in found.sentence(["high", "low"])
    matched = Wanted(lists=2, in_list=5)
    found = balance(make_lists(matched, np.arange(10), scores), scores, Kind.MATCHED)
    assert "hardly" not in found.sentence(["A", "B"])


def test_one_image_is_spoken_of_as_one() -> None:
    with pytest.raises(TooFewError, match=r": 1 image has a score that counts\. Take fewer lists"):
        make_lists(Wanted(lists=2, in_list=5), np.arange(1), np.array([0.7]))


def test_no_lists_of_none_are_offered() -> None:
    with pytest.raises(TooFewError, match=r"0 images have a score that counts\. Take fewer lists"):
        make_lists(Wanted(), np.arange(5), np.full(5, np.nan))
