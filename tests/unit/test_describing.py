"""The filter in words, and as a session keeps it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resmem_gui.analysis.reference import Reference, load_lamem
from resmem_gui.library.filtering import Filter, Orientation, Range
from resmem_gui.library.records import MOST_STARS, Pick, Status
from resmem_gui.traits import NO_CAUTION, Caution
from resmem_gui.ui.filtering.describing import describe, filter_of, plain, stars_words, value_words


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_lamem()


def some(values: list[Any]) -> st.SearchStrategy[frozenset[Any] | None]:
    return st.none() | st.frozensets(st.sampled_from(values), min_size=1)


def ranges(most: float) -> st.SearchStrategy[Range | None]:
    ends = st.tuples(st.floats(0, most), st.floats(0, most))
    return st.none() | ends.map(lambda pair: Range(*sorted(pair)))


texts = st.none() | st.frozensets(st.text(), min_size=1)
filters = st.builds(
    Filter,
    text=st.text(),
    statuses=some(list(Status)),
    missing=st.none() | st.booleans(),
    scores=ranges(1.0),
    percentiles=ranges(100.0),
    ratings=some(list(range(MOST_STARS + 1))),
    picks=some(list(Pick)),
    folders=texts,
    kinds=texts,
    orientations=some(list(Orientation)),
    cautions=some([NO_CAUTION, *Caution]),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
criteria = Filter.__dataclass_fields__


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Filter(text="<b> & 🦭"), "Name has “<b> & 🦭”"),
        (Filter(statuses=frozenset({Status.SCORED})), "Scored"),
        (Filter(statuses=frozenset({Status.FAILED, Status.SCORED})), "Scored or failed"),
        (Filter(missing=True), "File missing"),
        (Filter(missing=False), "File there"),
        (Filter(scores=Range(0.7, 1.0)), "Score 0.70 to 1.00"),
        (Filter(scores=Range(0.703, 0.85)), "Score 0.703 to 0.85"),
        (Filter(percentiles=Range(90.0, 100.0)), "LaMem percentile 90 to 100"),
        (Filter(ratings=frozenset({3})), "★★★"),
        (Filter(ratings=frozenset({5})), "★★★★★"),
        (Filter(ratings=frozenset({3, 4, 5})), "★★★ or more"),
        (Filter(ratings=frozenset({0})), "No stars"),
        (Filter(ratings=frozenset({0, 2})), "No stars or ★★"),
        (Filter(ratings=frozenset({1, 2, 4})), "★, ★★ or ★★★★"),
        (Filter(picks=frozenset({Pick.PICKED})), "Picked"),
        (Filter(picks=frozenset({Pick.PICKED, Pick.NONE})), "Picked or undecided"),
        (Filter(picks=frozenset(Pick)), "Picked, undecided or rejected"),
        (Filter(folders=frozenset({"/home/ada/sea"})), "In “sea”"),
        (Filter(folders=frozenset({"/b/sea", "/a/Hills & <i>"})), "In “Hills & <i>” or “sea”"),
        (Filter(folders=frozenset({"/a", "/b", "/c"})), "In 3 folders"),
        (Filter(folders=frozenset({"/"})), "In “/”"),
        (Filter(folders=frozenset({"/a/caf\udce9"})), "In “caf\ufffd”"),
        (Filter(kinds=frozenset({"png", "jpg"})), "JPG or PNG"),
        (Filter(kinds=frozenset({""})), "No ending"),
        (Filter(orientations=frozenset({Orientation.SQUARE})), "Square"),
        (Filter(orientations=frozenset(Orientation)), "Landscape, portrait or square"),
        (Filter(cautions=frozenset({NO_CAUTION})), "No caution"),
        (Filter(cautions=frozenset({Caution.FACE})), "Caution: face"),
        (Filter(cautions=frozenset({NO_CAUTION, Caution.TEXT, Caution.FACE})), "Caution: face, text or none"),
    ],
)
def test_each_criterion_has_words(reference: Reference, wanted: Filter, words: str) -> None:
    (criterion,) = wanted.criteria
    assert describe(wanted, criterion, reference) == words


def test_where_percentiles_come_from_several_references_none_is_named() -> None:
    assert describe(Filter(percentiles=Range(90.0, 100.0)), "percentiles", None) == "Percentile 90 to 100"


def test_values_have_words() -> None:
    assert [value_words(pick) for pick in Pick] == ["rejected", "undecided", "picked"]
    assert [value_words(status) for status in Status] == ["scored", "waiting", "failed"]
    assert stars_words([1, 2, 3, 4, 5]) == "★ or more"


@given(filters)
def test_every_criterion_of_any_filter_is_said_in_one_line_with_a_capital(wanted: Filter) -> None:
    reference = load_lamem()
    for criterion in wanted.criteria:
        words = describe(wanted, criterion, reference)
        assert words
        assert words[0] == words[0].upper()


@given(filters)
def test_what_a_session_keeps_is_the_same_filter(wanted: Filter) -> None:
    kept = plain(wanted)
    assert set(kept) == set(wanted.criteria)
    assert filter_of(json.loads(json.dumps(kept))) == wanted


@given(json_values)
def test_garbage_in_a_session_is_passed_over(value: Any) -> None:
    assert filter_of(value) == Filter() or isinstance(value, dict)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(criteria, json_values)))
def test_garbage_in_the_place_of_any_criterion_is_passed_over(values: Any) -> None:
    wanted = filter_of(values)
    assert set(wanted.criteria) <= set(values)
    assert filter_of(plain(wanted)) == wanted, "what was understood is a filter that can be kept"


@given(filters, st.sampled_from(list(criteria)), json_values)
def test_garbage_in_one_criterion_leaves_the_others(wanted: Filter, spoilt: str, value: Any) -> None:
    read = filter_of({**plain(wanted), spoilt: value})
    assert read.without(spoilt) == wanted.without(spoilt)


@pytest.mark.parametrize(
    ("criterion", "value"),
    [
        ("scores", [0.2, 10**400]),
        ("scores", [float("nan"), 0.5]),
        ("scores", [0.5, 0.2]),
        ("scores", [0.2]),
        ("scores", ["a", 0.2, 0.5]),
        ("percentiles", [0, 101]),
        ("ratings", [6, "3", None]),
        ("ratings", 3),
        ("statuses", ["SCORED", 0]),
        ("picks", [[]]),
        ("folders", [1]),
        ("folders", "/a"),
        ("missing", 1),
        ("text", 5),
    ],
)
def test_what_is_no_value_of_a_criterion_does_not_matter(criterion: str, value: Any) -> None:
    assert filter_of({criterion: value}) == Filter()


def test_a_session_of_an_older_version_has_no_filter() -> None:
    assert filter_of(None) == Filter()
    assert filter_of({}) == Filter()
    assert filter_of({"a later criterion": 1, "ratings": [5]}) == Filter(ratings=frozenset({5}))


def test_numbers_are_kept_as_words_that_people_can_read() -> None:
    wanted = Filter(
        statuses=frozenset({Status.FAILED}),
        scores=Range(0.25, 0.5),
        picks=frozenset({Pick.PICKED, Pick.NONE}),
        orientations=frozenset({Orientation.SQUARE}),
    )
    assert plain(wanted) == {
        "statuses": ["failed"],
        "scores": [0.25, 0.5],
        "picks": ["neither", "picked"],
        "orientations": ["square"],
    }
