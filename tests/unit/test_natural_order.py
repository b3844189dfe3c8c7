"""Names stand in the order in which people count."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resmem_gui import natural_order as module
from resmem_gui.natural_order import in_natural_order, natural_key, natural_places

#: What names are made of, often equal, nearly equal, or numbers. A file's name has no NUL.
NAMES = st.one_of(
    st.text(st.sampled_from("0123456789aAbBß ._-é"), max_size=8),
    st.text(st.characters(exclude_characters="\0"), max_size=8),
)
NUMBERS = st.one_of(st.integers(0, 200), st.integers(0, 10**40))


@dataclass(frozen=True, eq=False)
class Item:
    """Something with a name that can be told from others, and neither compared nor hashed."""

    text: str

    def __eq__(self, other: object) -> bool:
        pytest.fail("items are not to be compared")

    def __lt__(self, other: object) -> bool:
        pytest.fail("items are not to be compared")

    __gt__ = __le__ = __ge__ = __lt__
    __hash__ = None  # type: ignore[assignment]


def texts_of(items: Iterator[Item]) -> list[str]:
    return [item.text for item in items]


def ordered(*names: str) -> None:
    """Make sure that names sort as they are written here."""
    for first, second in pairwise(names):
        assert natural_key(first) < natural_key(second), f"{first!r} stands before {second!r}"


# --- keys ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [
        ("image1.jpg", "Image2.jpg", "image10.jpg", "IMAGE11.jpg", "image100.jpg"),
        ("1", "2", "10", "a"),
        ("a", "a0", "a1", "a1b", "a01c", "a2"),
        ("2024-1-9", "2024-1-10", "2024-2-1", "2024-10-1"),
        ("0", "1", "9", "10", "99", "100"),
        ("DSC_0001", "DSC_0002", "dsc_3", "DSC_00010"),
        ("", "0", "x"),
        ("a.jpg", "a1.jpg", "ab.jpg"),
        ("v1.2", "v1.10", "v1.10.1", "v2.0"),
        ("é1", "É2", "é10"),
    ],
)
def test_names_stand_as_people_put_them(names: tuple[str, ...]) -> None:
    ordered(*names)


def test_the_smaller_number_comes_first_however_long_both_are() -> None:
    million_digits = "9" * 999_999
    ordered(
        "a9b",
        "a10a",
        f"a{10**20 - 1}",
        f"a{10**20}",
        f"a{10**200}",
        f"a{million_digits}",
        f"a{million_digits}0",
    )


@given(st.text("ab. -", max_size=3), NUMBERS, NUMBERS, st.text("ab. -", max_size=3), st.integers(0, 5))
def test_numbers_go_by_value_whatever_stands_around_them(
    before: str, one: int, other: int, after: str, zeros: int
) -> None:
    one_key = natural_key(f"{before}{'0' * zeros}{one}{after}")
    other_key = natural_key(f"{before}{other}{after}")
    if one != other:
        assert (one_key < other_key) == (one < other)


@given(NUMBERS, st.integers(1, 9))
def test_leading_zeros_only_decide_between_names_that_are_equal_without_them(value: int, zeros: int) -> None:
    padded = "0" * zeros + str(value)
    ordered(f"a{padded}b", f"a{value}c")
    ordered(f"a{value}b", f"a{padded}c")
    assert natural_key(f"a{padded}") != natural_key(f"a{value}")


@given(NAMES, NAMES)
def test_keys_are_equal_for_equal_texts_only(one: str, other: str) -> None:
    assert (natural_key(one) == natural_key(other)) == (one == other)


@given(NAMES, NAMES, NAMES)
def test_the_order_is_total(one: str, two: str, three: str) -> None:
    first, second, third = sorted((one, two, three), key=natural_key)
    assert natural_key(first) <= natural_key(second) <= natural_key(third)
    assert (natural_key(one) < natural_key(two)) + (natural_key(two) < natural_key(one)) == (one != two)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Nd"]), max_size=8), NAMES)
def test_large_and_small_letters_only_decide_between_names_that_are_else_equal(one: str, other: str) -> None:
    if one.casefold() == other.casefold():
        return
    swapped = one.swapcase()
    if swapped.casefold() == one.casefold():
        assert (natural_key(one) < natural_key(other)) == (natural_key(swapped) < natural_key(other))


def test_names_that_are_no_text_have_a_place(awkward_names: list[str]) -> None:
    mixed = list(awkward_names)
    Random(3).shuffle(mixed)
    assert sorted(mixed, key=natural_key) == awkward_names


# --- many ----------------------------------------------------------------------------------------


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PART", 7)


@given(st.lists(NAMES, max_size=60))
def test_items_come_in_the_order_of_their_keys(names: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PART", 7)
        found = texts_of(in_natural_order(map(Item, names), lambda item: item.text))
    assert found == sorted(names, key=natural_key)


@given(st.lists(st.sampled_from(["a1", "a01", "A1", "b"]), max_size=60))
def test_equal_texts_stay_in_the_order_in_which_they_came(names: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PART", 7)
        found = list(in_natural_order(enumerate(names), lambda pair: pair[1]))
    expected = sorted(enumerate(names), key=lambda pair: natural_key(pair[1]))  # sorted() is stable
    assert found == expected


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("count", [0, 1, 6, 7, 8, 13, 14, 15, 50])
def test_nothing_is_lost_where_one_part_ends_and_the_next_begins(count: int) -> None:
    numbers = list(range(count))
    Random(count).shuffle(numbers)
    items = [Item(f"image{number}.jpg") for number in numbers]
    found = texts_of(in_natural_order(items, lambda item: item.text))
    assert found == [f"image{number}.jpg" for number in range(count)]


def test_a_large_folder_is_put_in_order() -> None:
    count = 2 * module._PART + 1234
    numbers = list(range(count))
    Random(1).shuffle(numbers)
    names = [f"IMG_{number}.jpg" for number in numbers]
    found = texts_of(in_natural_order(map(Item, names), lambda item: item.text))
    assert found == [f"IMG_{number}.jpg" for number in range(count)]


def test_each_text_is_asked_for_once() -> None:
    asked: list[str] = []

    def text(item: Item) -> str:
        asked.append(item.text)
        return item.text

    names = [f"{number % 10}" for number in range(5000)]
    assert len(list(in_natural_order(map(Item, names), text))) == 5000
    assert asked == names


def test_the_first_items_are_there_before_the_last_ones_are_merged() -> None:
    ordered_items = in_natural_order([Item(f"{number}") for number in range(10_000)], lambda item: item.text)
    assert texts_of(islice(ordered_items, 3)) == ["0", "1", "2"]


def test_no_part_is_larger_than_a_millisecond_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sorting all at once would keep other threads from running meanwhile."""
    sizes: list[int] = []

    def noted(part: Iterator[object]) -> list[object]:
        whole = sorted(part)  # type: ignore[type-var]
        sizes.append(len(whole))
        return whole

    monkeypatch.setattr(module, "sorted", noted, raising=False)
    names = [f"{number}" for number in range(3 * module._PART)]
    assert list(in_natural_order(names, str)) == names
    assert sizes == [module._PART] * 3 + [0]


# --- places --------------------------------------------------------------------------------------


@given(st.lists(NAMES, max_size=60))
def test_places_number_all_texts_in_their_order(names: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PART", 7)
        places = natural_places(names)
    assert places.dtype == np.int64
    in_order = sorted(set(names), key=natural_key)
    assert places.tolist() == [in_order.index(name) for name in names]


def test_places_are_by_text_not_by_order() -> None:
    assert natural_places(["b", "a10", "A9", "c"]).tolist() == [2, 1, 0, 3]
    assert natural_places(iter(["2", "1"])).tolist() == [1, 0]
    assert natural_places([]).tolist() == []


def test_equal_texts_share_a_place() -> None:
    assert natural_places(["x", "a", "x", "a"]).tolist() == [1, 0, 1, 0]


def test_a_hundred_thousand_names_take_no_time_to_speak_of() -> None:
    numbers = list(range(100_000))
    Random(5).shuffle(numbers)
    names = [f"holiday {number % 12} - image{number}.jpg" for number in numbers]
    began = time.perf_counter()
    places = natural_places(names)
    assert time.perf_counter() - began < 5  # half a second alone on a machine; natsort takes longer
    assert len(np.unique(places)) == 100_000
