"""Threads give way to the window, and garbage is looked for when nobody sees it."""

import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from resmem_gui.ui import garbage
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.garbage import GarbageCollection
from resmem_gui.ui.threads.courtesy import Courtesy
from tests.ui.conftest import BrightnessScorer

PATIENCE_S = 0.03


@pytest.fixture
def courtesy(qtbot: QtBot) -> Iterator[Courtesy]:
    made = Courtesy()
    yield made
    made.deleteLater()


def worker(courtesy: Courtesy, calls: int, waits: list[float], apart: float = 0.0015) -> threading.Thread:
    """Return a thread that gives way so many times and notes how long each time took."""

    def work() -> None:
        for _ in range(calls):
            time.sleep(apart)  # calls within a millisecond are one
            began = time.monotonic()
            courtesy.give_way()
            waits.append(time.monotonic() - began)

    return threading.Thread(target=work, name="polite")


def is_ticking(courtesy: Courtesy) -> bool:
    return any(timer.isActive() for timer in courtesy.findChildren(QTimer))


def test_with_an_idle_window_nobody_waits_long(qtbot: QtBot, courtesy: Courtesy) -> None:
    waits: list[float] = []
    thread = worker(courtesy, 100, waits)
    thread.start()
    qtbot.waitUntil(lambda: not thread.is_alive(), timeout=10_000)
    assert sorted(waits)[50] < 0.002
    assert sum(waits) < 0.5


def test_with_a_busy_window_each_waits_but_not_for_ever(qtbot: QtBot, courtesy: Courtesy) -> None:
    waits: list[float] = []
    thread = worker(courtesy, 12, waits, apart=0.008)
    thread.start()
    while not waits:
        pass
    end = time.monotonic() + 5
    while thread.is_alive() and time.monotonic() < end:
        pass  # the event loop gets no turn
    assert not thread.is_alive(), "who waits for a window that never rests goes on nevertheless"
    held = waits[1:]  # with the first call it begins to want to know
    assert sorted(held)[len(held) // 2] >= 0.8 * PATIENCE_S
    assert max(held) < PATIENCE_S + 0.1


def test_the_first_rest_of_the_window_lets_who_waits_go_on(qtbot: QtBot, courtesy: Courtesy) -> None:
    """Waiting ends with the tick and not with the patience."""
    waits: list[float] = []
    thread = worker(courtesy, 200, waits, apart=0.001)
    thread.start()
    turns = QTimer()
    turns.timeout.connect(lambda: time.sleep(0.010))  # busy, with short rests between
    turns.start(0)
    qtbot.waitUntil(lambda: not thread.is_alive(), timeout=10_000)
    turns.stop()
    long = [wait for wait in waits if wait >= PATIENCE_S]
    assert len(long) < len(waits) / 4


def test_calls_that_follow_each_other_closely_cost_nothing(qtbot: QtBot, courtesy: Courtesy) -> None:
    courtesy.give_way()
    time.sleep(0.01)
    courtesy.give_way()  # waits: this is the GUI thread
    began = time.monotonic()
    for _ in range(50):
        courtesy.give_way()
    assert time.monotonic() - began < 0.02


def test_it_does_not_tick_before_or_long_after_somebody_asks(qtbot: QtBot, courtesy: Courtesy) -> None:
    qtbot.wait(20)
    assert not is_ticking(courtesy)
    for _ in range(2):
        thread = worker(courtesy, 5, [])
        thread.start()
        qtbot.waitUntil(lambda: is_ticking(courtesy))
        thread.join()
        qtbot.waitUntil(lambda: not is_ticking(courtesy), timeout=2_000)


def test_a_program_that_ends_lets_nobody_wait_for_its_window(qtbot: QtBot) -> None:
    """The GUI thread then waits itself until the last job is done: it gives no sign any more."""
    controller = Controller(BrightnessScorer)
    seconds: list[float] = []

    def save() -> None:
        began = time.monotonic()
        for _ in range(100):
            time.sleep(0.002)
            controller.give_way()
        seconds.append(time.monotonic() - began)

    controller.jobs.submit(save, lambda _: None, lambda _: None)
    assert controller.shut_down()
    controller.deleteLater()
    assert seconds[0] < 1.5


# Garbage


class Ring:
    """Refers to itself: only a collection frees it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def owner() -> Iterator[QObject]:
    """Owns collections, which find Python collecting by itself."""
    gc.enable()
    made = QObject()
    yield made
    for timer in made.findChildren(QTimer):
        timer.stop()
    made.deleteLater()
    gc.unfreeze()
    gc.disable()


@pytest.fixture
def generations(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What was collected: 1 for young objects, 2 for all."""
    seen: list[int] = []
    real: Callable[..., int] = gc.collect

    def collect(generation: int = 2) -> int:
        seen.append(generation)
        return real(generation)

    monkeypatch.setattr(gc, "collect", collect)
    return seen


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "_YOUNG_MS", 20)
    monkeypatch.setattr(garbage, "_ALL_S", 0.1)


def test_python_does_not_collect_by_itself_any_more(qtbot: QtBot, owner: QObject) -> None:
    assert gc.isenabled()
    GarbageCollection(lambda: True, owner)
    assert not gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_young_garbage_goes_also_while_something_is_under_way(
    qtbot: QtBot, owner: QObject, often: None, generations: list[int]
) -> None:
    GarbageCollection(lambda: True, owner)
    gone = weakref.ref(Ring())
    assert gone() is not None
    qtbot.waitUntil(lambda: gone() is None)
    qtbot.wait(200)
    assert set(generations) == {1}


def test_all_is_looked_through_only_while_nothing_is_under_way(
    qtbot: QtBot, owner: QObject, often: None, generations: list[int]
) -> None:
    busy = [True]
    GarbageCollection(lambda: busy[0], owner)
    old = Ring()
    gone = weakref.ref(old)
    gc.collect(0)
    gc.collect(1)  # it is old now
    del old
    qtbot.wait(250)
    assert gone() is not None
    assert 2 not in generations
    busy[0] = False
    qtbot.waitUntil(lambda: gone() is None)
    assert 2 in generations


def test_what_survived_is_looked_at_again_when_asked(qtbot: QtBot, owner: QObject, often: None) -> None:
    ring = Ring()
    gone = weakref.ref(ring)
    collection = GarbageCollection(lambda: False, owner)  # freezes all that there is
    del ring
    qtbot.wait(250)
    assert gone() is not None
    collection.look_again()
    qtbot.waitUntil(lambda: gone() is None)


def test_nothing_is_collected_while_a_library_is_imported(
    qtbot: QtBot, owner: QObject, often: None, generations: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garbage, "is_import_under_way", lambda: True)
    GarbageCollection(lambda: False, owner)
    qtbot.wait(150)
    assert generations == []
