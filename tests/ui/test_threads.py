import sys
import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from resmem_gui.ui.threads.background import Jobs, Loader
from resmem_gui.ui.threads.portion_loader import PortionLoader
from tests.ui.conftest import WAIT_MS


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.stop()
    made.join()


@pytest.fixture
def busy_thread() -> Iterator[None]:
    """Let another thread run Python without rest, as decoding does: then threads are held up anywhere."""
    is_over = threading.Event()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)  # as in the program

    def work() -> None:
        while not is_over.is_set():
            sum(range(1000))

    thread = threading.Thread(target=work)
    thread.start()
    yield
    is_over.set()
    thread.join()
    sys.setswitchinterval(interval)


def test_a_job_runs_elsewhere_and_its_result_comes_back_here(qtbot: QtBot, jobs: Jobs) -> None:
    here = threading.current_thread()
    seen: list[tuple[threading.Thread, threading.Thread]] = []
    jobs.submit(
        threading.current_thread, lambda there: seen.append((there, threading.current_thread())), fail
    )
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0] is not here
    assert seen[0][1] is here


def test_a_failing_job_hands_over_its_exception_and_the_next_one_runs(qtbot: QtBot, jobs: Jobs) -> None:
    failures: list[Exception] = []
    results: list[int] = []
    jobs.submit(lambda: 1 // 0, lambda _: fail(), failures.append)
    jobs.submit(lambda: 7, results.append, lambda _: fail())
    qtbot.waitUntil(lambda: bool(results))
    assert isinstance(failures[0], ZeroDivisionError)
    assert results == [7]


def test_shutting_down_finishes_what_was_submitted(qtbot: QtBot) -> None:
    jobs, done = Jobs(), []
    for number in range(20):
        jobs.submit(lambda number=number: done.append(number), lambda _: None, lambda _: fail())  # type: ignore[misc]
    jobs.stop()
    jobs.join()
    assert done == list(range(20))


def test_what_a_job_holds_is_let_go_where_windows_may_be_destroyed(
    qapp: QApplication, jobs: Jobs, busy_thread: None
) -> None:
    where: list[threading.Thread] = []

    class Window:
        def __del__(self) -> None:
            where.append(threading.current_thread())

    def submit(window: Window) -> None:
        def told(_: object) -> None:
            assert window is not None

        jobs.submit(lambda: window, told, told)
        jobs.submit(lambda: int(str(window)), told, told)  # fails, with the window in its traceback

    for count in range(1, 301):
        submit(Window())
        deadline = time.monotonic() + WAIT_MS / 1000
        while len(where) < count and time.monotonic() < deadline:
            qapp.processEvents()
    assert where == [threading.current_thread()] * 300


def test_a_loader_drops_what_is_no_longer_wanted(qtbot: QtBot) -> None:
    gate, begun = threading.Event(), threading.Event()
    loaded: list[int] = []

    def load(wish: int) -> int:
        begun.set()
        gate.wait(5)
        return wish

    loader = Loader(load, threads=1, name="test")
    loader.loaded.connect(lambda wish, _: loaded.append(wish))
    loader.want([1, 2, 3])
    assert begun.wait(5)  # 1 is in the thread's hands
    loader.want([8, 9])
    gate.set()
    qtbot.waitUntil(lambda: len(loaded) == 3)
    loader.stop()
    assert loaded == [1, 8, 9]


def test_a_loader_hands_over_exceptions_as_values(qtbot: QtBot) -> None:
    results: list[object] = []
    loader = Loader(lambda wish: 1 // wish, threads=1, name="test")
    loader.loaded.connect(lambda _, result: results.append(result))
    loader.want([0, 1])
    qtbot.waitUntil(lambda: len(results) == 2)
    loader.stop()
    assert isinstance(results[0], ZeroDivisionError)
    assert results[1] == 1


def test_a_loader_has_no_thread_before_something_is_wanted(qtbot: QtBot) -> None:
    def threads() -> int:
        return sum(thread.name.startswith("patient") for thread in threading.enumerate())

    loader = Loader(lambda wish: wish, threads=3, name="patient")
    loader.want([])
    assert threads() == 0
    with qtbot.waitSignal(loader.loaded):
        loader.want([1])
    assert threads() == 3
    loader.stop()
    qtbot.waitUntil(lambda: loader.has_ended)
    never = Loader(lambda wish: wish, threads=1, name="patient")
    never.stop()
    never.want([1])
    assert never.has_ended
    assert threads() == 0


class Counting:
    """Takes numbers from a list, one a portion, as `PortionLoader` asks for them."""

    def __init__(self, *left: int, goes_on: bool = True) -> None:
        self.left, self.goes_on = list(left), goes_on
        self.taken: list[tuple[int, int]] = []
        self.threads: set[threading.Thread] = set()
        self.gate = threading.Event()
        self.gate.set()
        self.begun = threading.Event()
        self.owner = QObject()
        self.loader = PortionLoader(
            "counting", self.owner, choose=self.choose, load=self.load, take=self.take, look_ms=10
        )

    def choose(self) -> int | None:
        return self.left.pop(0) if self.left else None

    def load(self, wish: int) -> int:
        self.threads.add(threading.current_thread())
        self.begun.set()
        self.gate.wait(5)
        return 12 // wish

    def take(self, wish: int, result: int) -> bool:
        self.taken.append((wish, result))
        return self.goes_on


@pytest.fixture
def make_counting(qtbot: QtBot) -> Iterator[type[Counting]]:
    made: list[Counting] = []

    class Kept(Counting):
        def __init__(self, *left: int, goes_on: bool = True) -> None:
            super().__init__(*left, goes_on=goes_on)
            made.append(self)

    yield Kept
    for each in made:
        each.gate.set()
        each.loader.stop()
        qtbot.waitUntil(lambda each=each: each.loader.has_ended)  # type: ignore[misc]


def test_portions_are_loaded_elsewhere_until_there_is_none(
    qtbot: QtBot, make_counting: type[Counting]
) -> None:
    counting = make_counting(1, 2, 3)
    counting.loader.look()
    qtbot.waitUntil(lambda: len(counting.taken) == 3)
    assert counting.taken == [(1, 12), (2, 6), (3, 4)]
    assert len(counting.threads) == 1
    assert threading.current_thread() not in counting.threads
    counting.left.append(4)
    counting.loader.look()
    qtbot.waitUntil(lambda: counting.taken[-1] == (4, 3))


def test_the_next_portion_waits_for_a_look_if_it_is_not_to_be_chosen_at_once(
    qtbot: QtBot, make_counting: type[Counting]
) -> None:
    counting = make_counting(1, 2, goes_on=False)
    counting.loader.look()
    qtbot.waitUntil(lambda: len(counting.taken) == 1)
    qtbot.wait(50)
    assert counting.left == [2]
    counting.loader.look()
    qtbot.waitUntil(lambda: len(counting.taken) == 2)


def test_one_portion_at_a_time_is_under_way(qtbot: QtBot, make_counting: type[Counting]) -> None:
    counting = make_counting(1, 2, goes_on=False)
    counting.gate.clear()
    counting.loader.look()
    assert counting.loader.is_under_way
    counting.loader.look()
    qtbot.wait(50)
    assert counting.left == [2]
    counting.gate.set()
    qtbot.waitUntil(lambda: not counting.loader.is_under_way)


def test_what_is_loaded_when_it_is_stopped_is_not_taken(qtbot: QtBot, make_counting: type[Counting]) -> None:
    counting = make_counting(1, 2)
    counting.gate.clear()
    counting.loader.look()
    assert counting.begun.wait(5)
    counting.loader.stop()
    counting.gate.set()
    qtbot.waitUntil(lambda: counting.loader.has_ended and not counting.loader.is_under_way)
    counting.loader.look()
    assert counting.taken == []
    assert counting.left == [2]


def test_a_failure_of_a_portion_is_raised_where_it_is_taken(
    qtbot: QtBot, make_counting: type[Counting]
) -> None:
    counting = make_counting(0, 6)
    with capture_exceptions() as raised:
        counting.loader.look()
        qtbot.waitUntil(lambda: not counting.loader.is_under_way)
    assert [kind for kind, *_ in raised] == [ZeroDivisionError]
    counting.loader.look()
    qtbot.waitUntil(lambda: counting.taken == [(6, 2)])


def fail(*_: object) -> None:
    pytest.fail("must not be called")
