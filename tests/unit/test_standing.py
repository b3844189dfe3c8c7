"""Ranks and percentiles that follow the scores."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from resmem_gui.analysis import standing as module
from resmem_gui.analysis.ranking import FLOOR, comparable, ranks
from resmem_gui.analysis.reference import Reference, load_lamem
from resmem_gui.analysis.references import References
from resmem_gui.analysis.standing import Standing

Scores = NDArray[np.float32]
REFERENCE = load_lamem()
NAN = float("nan")
#: Many equal ones, many at the floor, and none at all.
SCORES = st.one_of(
    st.sampled_from([NAN, 0.3, 0.41, 0.42, 0.5, 0.5, 0.9]), st.floats(0, 1, width=32), st.just(NAN)
)


def array(*scores: float) -> Scores:
    return np.array(scores, dtype=np.float32)


def ids(*image_ids: int) -> NDArray[np.int64]:
    return np.array(image_ids, dtype=np.int64)


def many(count: int, seed: int = 1) -> Scores:
    """Scores of which many are equal, some are at the floor and some are missing."""
    random = np.random.default_rng(seed)
    scores = np.round(random.uniform(0.35, 1.0, count), 2).astype(np.float32)
    scores[random.random(count) < 0.1] = np.nan
    return scores


def percentiles(standing: Standing, count: int) -> list[float]:
    return [standing.percentile(image_id) for image_id in range(count)]


def assert_is_exact(standing: Standing, scores: Scores) -> None:
    """Make sure that ranks and percentiles are those of these scores."""
    assert standing.ranks.dtype == np.int64
    assert standing.ranks.tolist() == ranks(scores).tolist()
    assert [standing.rank(image_id) for image_id in range(len(scores))] == standing.ranks.tolist()
    np.testing.assert_array_equal(percentiles(standing, len(scores)), REFERENCE.percentile(scores))


@pytest.fixture
def standing() -> Standing:
    return Standing(REFERENCE)


@pytest.fixture
def large(standing: Standing) -> tuple[Standing, Scores]:
    """So many images that one that changes does not rank all anew."""
    scores = many(module._FEW + 500)
    standing.refresh(scores)
    return standing, scores


def test_nobody_stands_anywhere_at_first(standing: Standing) -> None:
    assert standing.ranks.shape == (0,)
    assert standing.ranks.dtype == np.int64
    assert standing.reference is REFERENCE


@pytest.mark.parametrize("count", [0, 1, 2, 100])
def test_a_refresh_ranks_all(standing: Standing, count: int) -> None:
    scores = many(count)
    standing.refresh(scores)
    assert_is_exact(standing, scores)


def test_ranks_and_percentiles_of_a_few(standing: Standing) -> None:
    standing.refresh(array(0.5, NAN, 0.9, 0.3, 0.41, 0.5))
    assert standing.ranks.tolist() == [2, 0, 1, 4, 4, 2]
    assert np.isnan(standing.percentile(1))
    assert standing.percentile(2) > standing.percentile(0) > standing.percentile(3)


def test_among_few_images_following_is_exact_at_once(standing: Standing) -> None:
    scores = many(50)
    standing.follow(scores, np.arange(50))
    scores[7], scores[8], scores[9] = 0.99, 0.1, np.nan
    standing.follow(scores, ids(7, 8, 9))
    assert_is_exact(standing, scores)


def test_the_last_that_count_as_few_and_the_first_that_do_not(standing: Standing) -> None:
    """One image more, and the others keep their ranks until the next refresh."""
    scores = np.linspace(0.5, 0.8, module._FEW, dtype=np.float32)
    standing.refresh(scores)
    scores[0] = 0.9
    standing.follow(scores, ids(0))
    assert_is_exact(standing, scores)
    scores = np.append(scores, np.float32(0.95))
    standing.follow(scores, ids(module._FEW))
    assert standing.rank(module._FEW) == 1
    assert standing.rank(0) == 1
    standing.refresh(scores)
    assert_is_exact(standing, scores)


# --- many ----------------------------------------------------------------------------------------


def rank_among(scores: Scores, score: float) -> int:
    """Return the rank of a score among others, one by one."""
    if np.isnan(score):
        return 0
    told_apart: list[float] = [
        0.0 if other < FLOOR else other for other in scores.tolist() if not np.isnan(other)
    ]
    here = 0.0 if score < FLOOR else score
    return 1 + sum(other > here for other in told_apart)


def test_among_many_what_changed_is_ranked_as_of_the_last_refresh(large: tuple[Standing, Scores]) -> None:
    standing, before = large
    after = before.copy()
    changed = {3: 0.99, 70: 0.1, 71: FLOOR, 500: float(before[499]), 501: 0.0, 502: 1.0, 900: NAN}
    for image_id, score in changed.items():
        after[image_id] = score
    standing.follow(after, ids(*changed))
    for image_id in changed:
        assert standing.rank(image_id) == rank_among(before, float(after[image_id]))
    others = np.setdiff1d(np.arange(len(before)), list(changed))
    assert standing.ranks[others].tolist() == ranks(before)[others].tolist()
    np.testing.assert_array_equal(percentiles(standing, len(after)), REFERENCE.percentile(after))
    standing.refresh(after)
    assert_is_exact(standing, after)


def test_among_many_an_unchanged_score_keeps_its_rank(large: tuple[Standing, Scores]) -> None:
    standing, scores = large
    standing.follow(scores, np.arange(len(scores)))
    assert_is_exact(standing, scores)


def test_among_many_only_those_named_are_looked_at(large: tuple[Standing, Scores]) -> None:
    standing, before = large
    first, second = (int(image_id) for image_id in np.flatnonzero(~np.isnan(before))[:2])
    after = before.copy()
    after[[first, second]] = 0.99
    standing.follow(after, ids(first))
    assert standing.rank(second) == ranks(before)[second]
    assert standing.percentile(second) == REFERENCE.percentile(before[second])
    standing.refresh(after)  # and a refresh finds out by itself
    assert_is_exact(standing, after)


def test_among_many_naming_none_changes_nothing(large: tuple[Standing, Scores]) -> None:
    standing, scores = large
    standing.follow(scores, ids())
    assert_is_exact(standing, scores)


def test_a_score_that_goes_away_leaves_no_rank_and_no_percentile(large: tuple[Standing, Scores]) -> None:
    standing, scores = large
    image_id = int(np.flatnonzero(~np.isnan(scores))[0])
    scores = scores.copy()
    scores[image_id] = np.nan
    standing.follow(scores, ids(image_id))
    assert standing.rank(image_id) == 0
    assert np.isnan(standing.percentile(image_id))
    standing.refresh(scores)
    assert_is_exact(standing, scores)


def test_new_images_have_no_rank_until_they_have_a_score(large: tuple[Standing, Scores]) -> None:
    standing, scores = large
    first = len(scores)
    larger = np.concatenate([scores, array(NAN, 1.0, NAN)])
    standing.follow(larger, np.arange(first, first + 3))
    assert standing.ranks[first:].tolist() == [0, 1, 0]
    assert standing.ranks[:first].tolist() == ranks(scores).tolist()
    assert np.isnan(percentiles(standing, first + 3)[-3::2]).all()
    assert standing.percentile(first + 1) == REFERENCE.percentile(1.0)
    standing.refresh(larger)
    assert_is_exact(standing, larger)


def test_a_library_of_many_at_once_follows_without_a_refresh_before(standing: Standing) -> None:
    scores = many(module._FEW + 1)
    standing.follow(scores, np.arange(len(scores)))
    assert len(standing.ranks) == len(scores)
    np.testing.assert_array_equal(percentiles(standing, len(scores)), REFERENCE.percentile(scores))
    standing.refresh(scores)
    assert_is_exact(standing, scores)


def test_scores_handed_over_are_neither_changed_nor_kept(large: tuple[Standing, Scores]) -> None:
    standing, scores = large
    before = scores.copy()
    standing.follow(scores, ids(0, 1))
    np.testing.assert_array_equal(scores, before)
    scores[:] = np.nan  # the caller goes on with its array
    standing.refresh(before)
    assert_is_exact(standing, before)


def test_percentiles_are_worked_out_for_changes_only(
    large: tuple[Standing, Scores], monkeypatch: pytest.MonkeyPatch
) -> None:
    """100,000 of them would hold up the window at every score."""
    standing, scores = large
    asked: list[int] = []
    real = Reference.percentile

    def percentile(self: Reference, wanted: Scores) -> NDArray[np.float64]:
        asked.append(int(np.count_nonzero(~np.isnan(wanted))))
        return real(self, wanted)

    monkeypatch.setattr(Reference, "percentile", percentile)
    scores = scores.copy()
    scores[4] = 0.777
    standing.follow(scores, ids(4))
    scores[5] = 0.777
    standing.refresh(scores)
    assert asked == [1, 1]


# --- any sequence --------------------------------------------------------------------------------


class Model:
    """What `Standing` is to know, worked out the plain way."""

    def __init__(self, few: int) -> None:
        self.few = few
        self.scores = array()
        self.at_refresh = array()
        self.ranks: dict[int, int] = {}

    def add(self, scores: list[float]) -> NDArray[np.int64]:
        new = np.arange(len(self.scores), len(self.scores) + len(scores))
        self.scores = np.concatenate([self.scores, array(*scores)])
        return new

    def refresh(self) -> None:
        self.at_refresh = self.scores.copy()
        self.ranks = dict(enumerate(ranks(self.scores).tolist()))

    def follow(self, image_ids: NDArray[np.int64]) -> None:
        if len(self.scores) <= self.few:
            self.refresh()
        for image_id in image_ids.tolist():
            self.ranks[image_id] = rank_among(self.at_refresh, float(self.scores[image_id]))


@settings(max_examples=200)
@given(st.data())
def test_any_changes_in_any_order_are_followed(data: st.DataObject) -> None:
    few = 5
    model, standing = Model(few), Standing(REFERENCE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_FEW", few)
        for _ in range(data.draw(st.integers(1, 12))):
            kind = data.draw(st.sampled_from(["add", "change", "remove", "refresh"]))
            if kind == "add":
                changed = model.add(data.draw(st.lists(SCORES, max_size=6)))
            else:
                every = st.integers(0, len(model.scores) - 1)
                some = st.lists(every, unique=True, max_size=5) if len(model.scores) else st.just([])
                changed = np.array(data.draw(some), dtype=np.int64)
                new = SCORES if kind == "change" else st.just(NAN)
                model.scores[changed] = [data.draw(new) for _ in changed]
            if kind == "refresh":
                model.refresh()
                standing.refresh(model.scores.copy())
            else:
                model.follow(changed)
                standing.follow(model.scores.copy(), changed)
            assert dict(enumerate(standing.ranks.tolist())) == model.ranks
            np.testing.assert_array_equal(
                percentiles(standing, len(model.scores)), REFERENCE.percentile(model.scores)
            )


def test_the_plain_way_is_the_right_one() -> None:
    scores = many(200)
    assert [rank_among(scores, score) for score in scores.tolist()] == ranks(scores).tolist()
    assert comparable(0.41) == 0.0


# --- several references --------------------------------------------------------------------------

LANDSCAPES, FOOD = (References().get(f"memcat-{category}") for category in ("landscape", "food"))
ALL = (REFERENCE, LANDSCAPES, FOOD)


def numbers(*places: int) -> NDArray[np.int32]:
    return np.array(places, dtype=np.int32)


def expected_percentiles(scores: Scores, chosen: NDArray[np.int32]) -> NDArray[np.float64]:
    return np.array([ALL[n].percentile(score) for score, n in zip(scores, chosen, strict=True)]).reshape(-1)


def test_each_image_is_compared_with_its_own_reference(standing: Standing) -> None:
    scores = array(0.7, 0.7, 0.7, NAN)
    standing.refresh(scores)
    assert standing.compare_with(ALL, numbers(0, 1, 2, 1))
    assert [round(standing.percentile(image_id)) for image_id in range(3)] == [30, 76, 4]
    assert np.isnan(standing.percentile(3))
    assert [standing.reference_of(image_id) for image_id in range(4)] == [*ALL, LANDSCAPES]
    assert standing.reference is REFERENCE
    assert standing.ranks.tolist() == [1, 1, 1, 0]


def test_the_librarys_own_reference_can_be_another(standing: Standing) -> None:
    standing.refresh(array(0.7, 0.7))
    assert standing.compare_with((FOOD, LANDSCAPES), numbers(0, 1))
    assert standing.reference is FOOD
    assert [round(value) for value in standing.percentiles] == [4, 76]
    assert standing.compare_with((REFERENCE,), numbers(0, 0))
    assert [round(value) for value in standing.percentiles] == [30, 30]


def test_a_reference_that_only_comes_to_be_known_changes_nothing(standing: Standing) -> None:
    standing.refresh(array(0.7))
    assert not standing.compare_with((REFERENCE, FOOD), numbers(0))
    assert not standing.compare_with((REFERENCE, FOOD), numbers(0))
    assert standing.compare_with((REFERENCE, FOOD), numbers(1))


def test_numbers_handed_over_are_not_kept(standing: Standing) -> None:
    chosen = numbers(1, 0)
    standing.refresh(array(0.7, 0.7))
    standing.compare_with(ALL, chosen)
    chosen[:] = 0  # the library goes on with its column
    assert standing.reference_of(0) is LANDSCAPES
    assert standing.compare_with(ALL, chosen)
    assert standing.reference_of(0) is REFERENCE


@pytest.mark.parametrize("count", [40, module._FEW + 40])
def test_new_and_changed_scores_are_compared_with_their_references(standing: Standing, count: int) -> None:
    scores = many(count)
    chosen = np.random.default_rng(3).integers(0, 3, count).astype(np.int32)
    standing.refresh(scores[:20])
    standing.compare_with(ALL, chosen[:20])
    standing.compare_with(ALL, chosen)
    standing.follow(scores, np.arange(20, count))
    np.testing.assert_allclose(standing.percentiles, expected_percentiles(scores, chosen))
    scores[[3, 7]] = 0.66, np.nan
    standing.follow(scores, ids(3, 7))
    np.testing.assert_allclose(standing.percentiles, expected_percentiles(scores, chosen))


@given(st.lists(st.tuples(SCORES, st.tuples(st.integers(0, 2), st.integers(0, 2))), max_size=20))
def test_any_choice_after_another(images: list[tuple[float, tuple[int, int]]]) -> None:
    scores = array(*(image[0] for image in images))
    standing = Standing(REFERENCE)
    standing.refresh(scores)
    for turn in (0, 1):
        chosen = numbers(*(image[1][turn] for image in images))
        before = [standing.reference_of(image_id) for image_id in range(len(images))]
        has_changed = standing.compare_with(ALL, chosen)
        assert has_changed == any(ALL[n] is not old for n, old in zip(chosen, before, strict=True))
        np.testing.assert_array_equal(standing.percentiles, expected_percentiles(scores, chosen))
