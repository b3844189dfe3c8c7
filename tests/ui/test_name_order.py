"""Names are sorted at once where they are few, and elsewhere where they are many."""

import threading
from collections.abc import Callable, Iterator
from random import Random

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.analysis.standing import Standing
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.natural_order import natural_places
from resmem_gui.ui.rows import name_order as module
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.rows.name_order import NameOrder
from resmem_gui.ui.rows.row_order import RowOrder
from tests.ui.conftest import WAIT_MS

MADE_BY = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")
MANY = module._FEW + 1
NAN = float("nan")


@pytest.fixture
def library() -> Library:
    return Library()


class Gate:
    """Holds the other thread back where it gives way."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.opened.set()
        self.threads: set[threading.Thread] = set()

    def __call__(self) -> None:
        self.threads.add(threading.current_thread())
        assert self.opened.wait(WAIT_MS / 1000)


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def names(qtbot: QtBot, library: Library, gate: Gate) -> Iterator[NameOrder]:
    made = NameOrder(library, gate)
    yield made
    gate.opened.set()
    made.stop()
    qtbot.waitUntil(lambda: made.has_ended, timeout=WAIT_MS)


def add(library: Library, count: int, seed: int = 1) -> list[str]:
    """Add images whose names and folders are in no order."""
    numbers = list(range(len(library), len(library) + count))
    Random(seed).shuffle(numbers)
    paths = [f"/photos/{number % 7}/IMG_{number}.jpg" for number in numbers]
    library.add(paths)
    return paths


def expected(library: Library, *, by_path: bool) -> list[int]:
    texts = library.paths if by_path else library.folded_names
    return [int(place) for place in natural_places(texts)]


# --- few -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_path", [False, True])
@pytest.mark.parametrize("count", [0, 1, 30, module._FEW])
def test_few_names_are_in_order_at_once(
    qtbot: QtBot, library: Library, names: NameOrder, count: int, by_path: bool
) -> None:
    add(library, count)
    with qtbot.assertNotEmitted(names.ready, wait=20):
        places = names.places(by_path=by_path)
    assert places is not None
    assert places.tolist() == expected(library, by_path=by_path)


def test_names_and_paths_have_orders_of_their_own(library: Library, names: NameOrder) -> None:
    library.add(["/b/1.jpg", "/a/2.jpg", "/a/10.jpg"])
    by_name, by_path = names.places(by_path=False), names.places(by_path=True)
    assert by_name is not None
    assert by_path is not None
    assert by_name.tolist() == [0, 1, 2]
    assert by_path.tolist() == [2, 0, 1]


def test_what_is_known_is_not_sorted_again_until_names_change(
    library: Library, names: NameOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    sorted_: list[int] = []

    def places(texts: list[str]) -> object:
        sorted_.append(len(texts))
        return natural_places(texts)

    monkeypatch.setattr(module, "natural_places", places)
    add(library, 10)
    first = names.places(by_path=False)
    library.remove([3])
    library.set_failed(4, "It is gone.")
    assert names.places(by_path=False) is first
    library.relink({5: "/photos/aaa.jpg"})
    again = names.places(by_path=False)
    assert again is not None
    assert again[5] == 0
    add(library, 1)
    assert names.places(by_path=False) is not again
    assert sorted_ == [10, 10, 11]


def test_without_many_names_there_is_no_other_thread(library: Library, names: NameOrder, gate: Gate) -> None:
    add(library, module._FEW)
    before = threading.active_count()
    names.places(by_path=False)
    assert threading.active_count() == before
    assert gate.threads == set()
    names.stop()
    assert names.has_ended


# --- many ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_path", [False, True])
def test_many_names_are_in_order_a_little_later(
    qtbot: QtBot, library: Library, names: NameOrder, gate: Gate, by_path: bool
) -> None:
    add(library, MANY)
    with qtbot.waitSignal(names.ready, timeout=WAIT_MS):
        assert names.places(by_path=by_path) is None
    places = names.places(by_path=by_path)
    assert places is not None
    assert places.tolist() == expected(library, by_path=by_path)
    assert threading.current_thread() not in gate.threads
    assert len(gate.threads) == 1


def test_the_other_thread_gives_way_at_every_name(qtbot: QtBot, library: Library, qapp: object) -> None:
    calls: list[int] = []
    names = NameOrder(library, lambda: calls.append(1))
    add(library, MANY)
    with qtbot.waitSignal(names.ready, timeout=WAIT_MS):
        names.places(by_path=False)
    names.stop()
    qtbot.waitUntil(lambda: names.has_ended, timeout=WAIT_MS)
    assert len(calls) == MANY


def test_nothing_is_ready_before_it_is(qtbot: QtBot, library: Library, names: NameOrder, gate: Gate) -> None:
    gate.opened.clear()
    add(library, MANY)
    with qtbot.assertNotEmitted(names.ready, wait=50):
        assert names.places(by_path=False) is None
        assert names.places(by_path=False) is None
    with qtbot.waitSignal(names.ready, timeout=WAIT_MS):
        gate.opened.set()
    assert names.places(by_path=False) is not None
    with qtbot.assertNotEmitted(names.ready, wait=50):  # asked for thrice, sorted once
        assert names.places(by_path=False) is not None


def after_change(
    qtbot: QtBot, library: Library, names: NameOrder, gate: Gate, change: Callable[[], object]
) -> list[int]:
    """Ask for places, let something change while they are worked out, and return what comes of it."""
    add(library, MANY)
    gate.opened.clear()
    assert names.places(by_path=False) is None
    qtbot.waitUntil(lambda: bool(gate.threads), timeout=WAIT_MS)
    change()
    with qtbot.waitSignal(names.ready, timeout=WAIT_MS):
        gate.opened.set()
    with qtbot.waitSignal(names.ready, timeout=WAIT_MS):
        assert names.places(by_path=False) is None  # what is ready is of names as they were
    places = names.places(by_path=False)
    assert places is not None
    return [int(place) for place in places]


def test_images_added_meanwhile_get_a_place(
    qtbot: QtBot, library: Library, names: NameOrder, gate: Gate
) -> None:
    places = after_change(
        qtbot, library, names, gate, lambda: library.add(["/photos/0/first.jpg", "/photos/z.jpg"])
    )
    assert len(places) == MANY + 2
    assert places == expected(library, by_path=False)


def test_paths_changed_meanwhile_get_their_place(
    qtbot: QtBot, library: Library, names: NameOrder, gate: Gate
) -> None:
    places = after_change(qtbot, library, names, gate, lambda: library.relink({9: "/photos/aaa.jpg"}))
    assert places[9] == 0
    assert places == expected(library, by_path=False)


def test_images_taken_out_meanwhile_harm_nothing(
    qtbot: QtBot, library: Library, names: NameOrder, gate: Gate
) -> None:
    assert after_change(qtbot, library, names, gate, library.clear) == [0] * MANY


def test_a_new_path_makes_many_names_be_sorted_again(
    qtbot: QtBot, library: Library, names: NameOrder
) -> None:
    add(library, MANY)
    with qtbot.waitSignal(names.ready, timeout=WAIT_MS):
        names.places(by_path=True)
    library.relink({4: "/a.jpg"})
    with qtbot.waitSignal(names.ready, timeout=WAIT_MS):
        assert names.places(by_path=True) is None
    places = names.places(by_path=True)
    assert places is not None
    assert places[4] == 0


def test_few_that_become_many_are_sorted_elsewhere(qtbot: QtBot, library: Library, names: NameOrder) -> None:
    add(library, module._FEW)
    assert names.places(by_path=False) is not None
    add(library, 1, seed=2)
    with qtbot.waitSignal(names.ready, timeout=WAIT_MS):
        assert names.places(by_path=False) is None
    places = names.places(by_path=False)
    assert places is not None
    assert places.tolist() == expected(library, by_path=False)


def test_stopping_ends_the_thread_in_the_midst_of_its_work(
    qtbot: QtBot, library: Library, gate: Gate
) -> None:
    names = NameOrder(library, gate)
    add(library, MANY)
    gate.opened.clear()
    names.places(by_path=False)
    qtbot.waitUntil(lambda: bool(gate.threads), timeout=WAIT_MS)
    names.stop()
    assert not names.has_ended
    gate.opened.set()
    qtbot.waitUntil(lambda: names.has_ended, timeout=WAIT_MS)


def test_after_stopping_no_thread_is_started(qtbot: QtBot, library: Library, gate: Gate) -> None:
    names = NameOrder(library, gate)
    names.stop()
    add(library, MANY)
    try:
        with qtbot.assertNotEmitted(names.ready, wait=100):
            assert names.places(by_path=False) is None
        assert names.has_ended
    finally:
        names.stop()


# --- rows ----------------------------------------------------------------------------------------


@pytest.fixture
def standing() -> Standing:
    return Standing(load_lamem())


@pytest.fixture
def row_order(library: Library, standing: Standing, names: NameOrder) -> RowOrder:
    return RowOrder(library, standing, names)


@pytest.fixture
def five(library: Library, standing: Standing) -> list[int]:
    """Images of all kinds; 1 and 3 share score and size, 2 failed, 4 waits and is missing."""
    ids = library.add(["/b/x10.jpg", "/a/X2.jpg", "/c/x1.jpg", "/a/x3.jpg", "/b/x1.png"])
    library.set_scored(0, 0.9, (10, 10), "0" * 64, MADE_BY)
    library.set_scored(1, 0.6, (40, 30), "1" * 64, MADE_BY)
    library.set_failed(2, "The file is empty (0 bytes).")
    library.set_scored(3, 0.6, (30, 40), "3" * 64, MADE_BY)
    library.set_missing([1, 4], missing=True)
    standing.refresh(library.present_scores())
    return ids


@pytest.mark.parametrize(
    ("column", "ascending", "descending"),
    [
        (Column.RANK, [0, 1, 3, 2, 4], [1, 3, 0, 2, 4]),
        (Column.SCORE, [1, 3, 0, 2, 4], [0, 1, 3, 2, 4]),
        (Column.PERCENTILE, [1, 3, 0, 2, 4], [0, 1, 3, 2, 4]),
        (Column.DIMENSIONS, [0, 1, 3, 2, 4], [1, 3, 0, 2, 4]),
        (Column.STATUS, [0, 3, 1, 4, 2], [2, 4, 1, 0, 3]),
        (Column.NAME, [2, 4, 1, 3, 0], [0, 3, 1, 4, 2]),
        (Column.FOLDER, [1, 3, 4, 0, 2], [2, 0, 4, 3, 1]),
        (Column.THUMBNAIL, [0, 1, 2, 3, 4], [4, 3, 2, 1, 0]),
    ],
)
def test_rows_stand_by_a_column(
    row_order: RowOrder, five: list[int], column: Column, ascending: list[int], descending: list[int]
) -> None:
    ids = np.array(five)
    for is_descending, wanted in ((False, ascending), (True, descending)):
        found = row_order.sorted(ids, column, descending=is_descending)
        assert found is not None
        assert found.tolist() == wanted
    assert ids.tolist() == five


@pytest.mark.parametrize("column", Column)
@pytest.mark.parametrize("some", [[], [3], [0, 2, 4]])
def test_only_images_asked_for_stand_in_rows(
    row_order: RowOrder, five: list[int], column: Column, some: list[int]
) -> None:
    every = row_order.sorted(np.array(five), column, descending=False)
    found = row_order.sorted(np.array(some, dtype=np.int64), column, descending=False)
    assert every is not None
    assert found is not None
    assert found.tolist() == [image_id for image_id in every.tolist() if image_id in some]


@pytest.mark.parametrize(
    "descending",
    [False, True],
)
def test_images_of_the_same_name_stay_in_the_order_of_their_adding(
    row_order: RowOrder, library: Library, descending: bool
) -> None:
    library.add(["/b/photo.jpg", "/a/photo.jpg", "/c/photo.jpg"])
    found = row_order.sorted(np.arange(3), Column.NAME, descending=descending)
    assert found is not None
    assert found.tolist() == [0, 1, 2]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("column", [Column.RANK, Column.SCORE, Column.DIMENSIONS, Column.STATUS])
def test_equal_images_stay_in_the_order_of_their_adding(
    row_order: RowOrder, library: Library, standing: Standing, column: Column, descending: bool
) -> None:
    ids = library.add(f"/{number}.jpg" for number in range(300))
    for image_id in ids[::2]:
        library.set_scored(image_id, 0.6, (40, 30), "1" * 64, MADE_BY)
    standing.refresh(library.present_scores())
    found = row_order.sorted(np.array(ids), column, descending=descending)
    assert found is not None
    backwards = column is Column.STATUS and descending
    assert found.tolist() == (ids[1::2] + ids[::2] if backwards else ids[::2] + ids[1::2])


def test_many_rows_by_name_come_later(
    qtbot: QtBot, row_order: RowOrder, library: Library, names: NameOrder
) -> None:
    add(library, MANY)
    with qtbot.waitSignal(names.ready, timeout=WAIT_MS):
        assert row_order.sorted(library.present_ids(), Column.NAME, descending=False) is None
    found = row_order.sorted(library.present_ids(), Column.NAME, descending=False)
    assert found is not None
    assert [library.record(int(image_id)).name for image_id in found] == [
        f"IMG_{number}.jpg" for number in range(MANY)
    ]
