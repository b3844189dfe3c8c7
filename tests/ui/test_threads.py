import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from resmem_gui.ui.threads.background import Jobs, Loader


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.stop()
    made.join()


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


def fail(*_: object) -> None:
    pytest.fail("must not be called")
