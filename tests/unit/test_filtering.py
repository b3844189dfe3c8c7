"""Which images are shown."""

from collections.abc import Callable
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resmem_gui.library.filtering import Count, Filter, Orientation, Range, count_criteria
from resmem_gui.library.library import Library
from resmem_gui.library.records import ImageRecord, Pick, Provenance, Status
from resmem_gui.traits import NO_CAUTION, Caution, Traits

MADE_BY = Provenance("Fake 1.0", "f" * 64, "recipe-1", "cpu")
NAMES = ["Beach.JPG", "beach house.png", "Straße.jpg", "ÉTÉ.png", "10% off [a*].png", "plain"]


@pytest.fixture
def library() -> Library:
    """Every status, with the file there and missing, and names of all kinds."""
    made = Library()
    made.add(f"/photos/jpg/{number} {name}" for number, name in enumerate(NAMES * 2))
    states = [*product((False, True), Status)]
    for image_id, (missing, status) in enumerate(states + states[::-1]):  # no name has its state twice
        if status is Status.SCORED:
            made.set_scored(image_id, 0.5, (4, 3), "0" * 64, MADE_BY)
        if status is Status.FAILED:
            made.set_failed(image_id, "The file is empty (0 bytes).")
        made.set_missing([image_id], missing=missing)
    return made


def passing(wanted: Filter, library: Library) -> list[int]:
    return [int(image_id) for image_id in wanted.passing(library, library.present_ids())]


def records(wanted: Filter, library: Library) -> list[ImageRecord]:
    return [library.record(image_id) for image_id in passing(wanted, library)]


def test_an_open_filter_lets_all_through(library: Library) -> None:
    assert Filter().is_open
    assert passing(Filter(), library) == list(range(len(library)))


@pytest.mark.parametrize(
    "wanted",
    [Filter(text="a"), Filter(statuses=frozenset()), Filter(missing=True), Filter(missing=False)],
)
def test_a_filter_that_asks_for_something_is_not_open(wanted: Filter) -> None:
    assert not wanted.is_open


@pytest.mark.parametrize("status", Status)
def test_a_status_lets_through_its_images_only(library: Library, status: Status) -> None:
    found = records(Filter(statuses=frozenset({status})), library)
    assert {record.status for record in found} == {status}
    assert len(found) == library.count(status) == 4


def test_several_statuses_let_through_the_images_of_each(library: Library) -> None:
    statuses = frozenset({Status.SCORED, Status.FAILED})
    found = records(Filter(statuses=statuses), library)
    assert {record.status for record in found} == statuses
    assert len(found) == 8


def test_no_status_at_all_lets_none_through(library: Library) -> None:
    assert passing(Filter(statuses=frozenset()), library) == []


@pytest.mark.parametrize("missing", [True, False])
def test_missing_files_and_the_others_can_be_told_apart(library: Library, missing: bool) -> None:
    found = records(Filter(missing=missing), library)
    assert {record.missing for record in found} == {missing}
    assert len(found) == 6


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("beach", {"Beach.JPG", "beach house.png"}),
        ("BEACH", {"Beach.JPG", "beach house.png"}),
        (".jpg", {"Beach.JPG", "Straße.jpg"}),
        ("STRASSE", {"Straße.jpg"}),
        ("straße", {"Straße.jpg"}),
        ("été", {"ÉTÉ.png"}),
        ("h h", {"beach house.png"}),
        ("[a*]", {"10% off [a*].png"}),
        ("%", {"10% off [a*].png"}),
        (".", {"Beach.JPG", "beach house.png", "Straße.jpg", "ÉTÉ.png", "10% off [a*].png"}),
        ("nowhere", set()),
    ],
)
def test_a_text_is_looked_for_in_names_whatever_its_letters(
    library: Library, text: str, names: set[str]
) -> None:
    found = [record.name.split(" ", 1)[1] for record in records(Filter(text=text), library)]
    assert set(found) == names
    assert len(found) == 2 * len(names)


@pytest.mark.parametrize("text", ["photos", "/", "jpg/", "photos/jpg"])
def test_folders_are_not_looked_through(library: Library, text: str) -> None:
    assert passing(Filter(text=text), library) == []


def test_all_that_is_asked_for_must_hold(library: Library) -> None:
    wanted = Filter("beach", frozenset({Status.SCORED, Status.WAITING}), missing=False)
    found = records(wanted, library)
    assert found
    for record in found:
        assert "beach" in record.name.casefold()
        assert record.status in {Status.SCORED, Status.WAITING}
        assert not record.missing
    assert len(found) < len(passing(Filter("beach"), library))


def test_images_stay_in_the_order_in_which_they_were_named(library: Library) -> None:
    backwards = library.present_ids()[::-1]
    found = Filter(text="beach", missing=False).passing(library, backwards).tolist()
    assert found == passing(Filter(text="beach", missing=False), library)[::-1]
    assert len(found) > 1


def test_only_images_that_were_named_can_pass(library: Library) -> None:
    some = np.array([3, 1, 9], dtype=np.int64)
    assert Filter().passing(library, some).tolist() == [3, 1, 9]
    assert Filter(statuses=frozenset(Status)).passing(library, some).tolist() == [3, 1, 9]
    library.remove([1])
    assert passing(Filter(statuses=frozenset(Status)), library) == [0, *range(2, len(library))]


@pytest.mark.parametrize(
    "wanted", [Filter(), Filter("a"), Filter(statuses=frozenset(Status)), Filter(missing=False)]
)
def test_of_no_images_none_pass(wanted: Filter, library: Library) -> None:
    for of in (library, Library()):
        found = wanted.passing(of, np.empty(0, dtype=np.int64))
        assert found.tolist() == []
        assert found.dtype == np.int64


def test_the_ids_handed_over_are_left_alone(library: Library) -> None:
    image_ids = library.present_ids()
    Filter("beach", frozenset({Status.FAILED}), missing=True).passing(library, image_ids)
    assert image_ids.tolist() == list(range(len(library)))


def test_a_renamed_image_is_found_by_its_new_name(library: Library) -> None:
    (image_id, *_) = passing(Filter("plain"), library)
    library.relink({image_id: "/photos/Zebra.jpg"})
    assert image_id not in passing(Filter("plain"), library)
    assert passing(Filter("zebra"), library) == [image_id]


def test_names_that_are_no_text_can_be_looked_through(awkward_names: list[str]) -> None:
    library = Library()
    library.add(f"/photos/{name}" for name in awkward_names)
    assert passing(Filter(".png"), library) == list(range(len(awkward_names)))
    assert passing(Filter("☂"), library) == [awkward_names.index("naïve ☂ 🐈.png")]


Keep = Callable[[ImageRecord], bool]


@given(
    names=st.lists(st.text(st.sampled_from("aAbß1."), min_size=1, max_size=5), max_size=15),
    states=st.lists(st.tuples(st.sampled_from(Status), st.booleans()), min_size=15, max_size=15),
    text=st.text(st.sampled_from("aAbsß1."), max_size=2),
    statuses=st.one_of(st.none(), st.frozensets(st.sampled_from(Status))),
    missing=st.sampled_from([None, True, False]),
)
def test_a_filter_does_what_its_parts_say(
    names: list[str],
    states: list[tuple[Status, bool]],
    text: str,
    statuses: frozenset[Status] | None,
    missing: bool | None,
) -> None:
    library = Library()
    library.add(f"/{number}/{name}" for number, name in enumerate(names))
    for image_id, (status, is_missing) in zip(range(len(library)), states, strict=False):
        if status is Status.SCORED:
            library.set_scored(image_id, 0.5, (4, 3), "0" * 64, MADE_BY)
        if status is Status.FAILED:
            library.set_failed(image_id, "The file is empty (0 bytes).")
        library.set_missing([image_id], missing=is_missing)
    keeps: list[Keep] = [lambda record: text.casefold() in record.name.casefold()]
    if statuses is not None:
        keeps.append(lambda record: record.status in statuses)
    if missing is not None:
        keeps.append(lambda record: record.missing == missing)
    expected = [
        image_id for image_id in range(len(library)) if all(keep(library.record(image_id)) for keep in keeps)
    ]
    wanted = Filter(text, statuses, missing)
    assert passing(wanted, library) == expected
    assert wanted.is_open == (text == "" and statuses is None and missing is None)


# Scores, marks, places, shapes


@pytest.fixture
def marked() -> Library:
    """Six images that differ in all that a filter can ask for."""
    made = Library()
    made.add(["/a/1.jpg", "/a/2.JPG", "/a/b/3.png", "/a/b/4.tar.gz", "/c/5", "/c/.hidden"])
    for image_id, score in enumerate((0.70, 0.71, 0.75, 0.80, 1.0)):
        made.set_scored(image_id, score, (4 + image_id, 6), "0" * 64, MADE_BY)
    made.set_rating([0, 1, 2], [5, 3, 3])
    made.set_pick([0, 3], [Pick.PICKED, Pick.REJECTED])
    return made


PERCENTILES = np.array([10.0, 20.0, 30.0, 99.0, 100.0, np.nan])


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(scores=Range(0.70, 0.75)), [0, 1]),
        (Filter(scores=Range(0.71, 0.71)), [1]),
        (Filter(scores=Range(0.72, 0.72)), []),
        (Filter(scores=Range(0.75, 1.0)), [2, 3, 4]),
        (Filter(scores=Range(0.0, 1.0)), [0, 1, 2, 3, 4]),
        (Filter(percentiles=Range(20.0, 30.0)), [1]),
        (Filter(percentiles=Range(99.0, 100.0)), [3, 4]),
        (Filter(ratings=frozenset({3})), [1, 2]),
        (Filter(ratings=frozenset({0, 5})), [0, 3, 4, 5]),
        (Filter(picks=frozenset({Pick.REJECTED})), [3]),
        (Filter(picks=frozenset({Pick.NONE})), [1, 2, 4, 5]),
        (Filter(folders=frozenset({"/a"})), [0, 1]),
        (Filter(folders=frozenset({"/a/b", "/c"})), [2, 3, 4, 5]),
        (Filter(folders=frozenset({"/nowhere"})), []),
        (Filter(kinds=frozenset({"jpg"})), [0, 1]),
        (Filter(kinds=frozenset({"gz", "png"})), [2, 3]),
        (Filter(kinds=frozenset({""})), [4]),
        (Filter(orientations=frozenset({Orientation.PORTRAIT})), [0, 1]),
        (Filter(orientations=frozenset({Orientation.SQUARE})), [2]),
        (Filter(orientations=frozenset({Orientation.LANDSCAPE, Orientation.SQUARE})), [2, 3, 4]),
        (Filter(orientations=frozenset(Orientation)), [0, 1, 2, 3, 4]),
        (Filter(ratings=frozenset({3}), kinds=frozenset({"png"})), [2]),
    ],
)
def test_each_criterion_lets_its_images_through(marked: Library, wanted: Filter, expected: list[int]) -> None:
    assert wanted.passing(marked, marked.present_ids(), PERCENTILES).tolist() == expected
    assert not wanted.is_open


def test_a_filter_names_what_matters_and_can_go_without_it() -> None:
    wanted = Filter("sea", scores=Range(0.5, 1.0), ratings=frozenset({5}))
    assert wanted.criteria == ["text", "scores", "ratings"]
    assert wanted.without("scores").criteria == ["text", "ratings"]
    assert wanted.without("text").without("scores").without("ratings") == Filter()


def test_counts_say_what_each_criterion_does_alone_and_what_taking_it_away_would_show(
    marked: Library,
) -> None:
    wanted = Filter(ratings=frozenset({3}), folders=frozenset({"/a"}), scores=Range(0.9, 1.0))
    assert count_criteria(wanted, marked, PERCENTILES) == {
        "scores": Count(alone=1, without=1),
        "ratings": Count(alone=2, without=0),
        "folders": Count(alone=2, without=0),
    }


def test_removed_images_are_not_counted(marked: Library) -> None:
    marked.remove([1])
    wanted = Filter(ratings=frozenset({3}), kinds=frozenset({"jpg"}))
    assert count_criteria(wanted, marked, PERCENTILES) == {"ratings": Count(1, 1), "kinds": Count(1, 1)}


def test_counts_agree_with_filters_that_go_without(marked: Library) -> None:
    wanted = Filter("1", scores=Range(0.7, 0.8), picks=frozenset({Pick.PICKED}), kinds=frozenset({"jpg"}))
    ids = marked.present_ids()
    for criterion, count in count_criteria(wanted, marked, PERCENTILES).items():
        assert count.without == len(wanted.without(criterion).passing(marked, ids, PERCENTILES))
        alone = Filter().where(criterion, getattr(wanted, criterion))
        assert count.alone == len(alone.passing(marked, ids, PERCENTILES))


def test_a_relinked_image_is_in_its_new_folder(marked: Library) -> None:
    marked.relink({0: "/new/1.webp"})
    assert passing(Filter(folders=frozenset({"/new"})), marked) == [0]
    assert passing(Filter(kinds=frozenset({"webp"})), marked) == [0]
    assert passing(Filter(folders=frozenset({"/a"})), marked) == [1]


@given(
    st.lists(st.integers(0, 1000).map(lambda n: n / 1000), max_size=30),
    st.integers(0, 100),
    st.integers(0, 100),
)
def test_ranges_that_meet_share_no_score(scores: list[float], first: int, second: int) -> None:
    low, high = sorted((first, second))
    edges = [0.0, low / 100, high / 100, 1.0]
    values = np.array(scores, dtype=np.float32)
    inside = [Range(a, b).contains(values, 1.0) for a, b in pairwise(edges)]
    if 0 < low < high < 100:
        assert np.array_equal(sum(mask.astype(int) for mask in inside), np.ones(len(values), dtype=int))


@pytest.fixture
def cautious(library: Library) -> Library:
    """Some images with cautions, one without, the others not looked at; of one of these the size tells."""
    for image_id in range(4):
        library.set_traits(image_id, Traits(0, 0.0, 0.0, 0.0, 1, b""))
    library.set_cautions(
        [0, 1, 2, 4], [Caution.FACE, Caution.FACE | Caution.TEXT, Caution.NEAR_DUPLICATE, Caution.SMALL]
    )
    return library


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({Caution.FACE}, [0, 1]),
        ({Caution.TEXT}, [1]),
        ({Caution.TEXT, Caution.NEAR_DUPLICATE}, [1, 2]),
        ({Caution.ANIMATION}, []),
        ({Caution.SMALL}, [4]),
        ({NO_CAUTION}, [3]),
        ({NO_CAUTION, Caution.FACE}, [0, 1, 3]),
    ],
)
def test_a_caution_lets_through_its_images_and_none_only_what_was_looked_at(
    cautious: Library, wanted: set[Caution], expected: list[int]
) -> None:
    assert passing(Filter(cautions=frozenset(wanted)), cautious) == expected


def test_cautions_are_counted(cautious: Library) -> None:
    wanted = Filter(text="beach", cautions=frozenset({Caution.FACE}))
    percentiles = np.full(len(cautious), np.nan)
    assert count_criteria(wanted, cautious, percentiles)["cautions"] == Count(
        2, len(passing(Filter(text="beach"), cautious))
    )
