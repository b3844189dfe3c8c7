"""Rate and time left of a run."""

import pytest

from resmem_gui.scoring.progress import Progress


class Clock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def progress(clock: Clock) -> Progress:
    return Progress(clock)


def walk(progress: Progress, clock: Clock, steps: int, *, images: int, seconds: float) -> None:
    for _ in range(steps):
        clock.wait(seconds)
        progress.advance(images)


def test_nothing_is_claimed_before_it_can_be_told(progress: Progress, clock: Clock) -> None:
    assert progress.rate is None
    assert progress.seconds_left(10) is None
    walk(progress, clock, 1, images=4, seconds=30)  # the first batch also waits for the device to warm up
    assert progress.rate is None
    assert progress.done == 4


def test_the_rate_is_that_of_the_steps_after_the_first(progress: Progress, clock: Clock) -> None:
    walk(progress, clock, 1, images=4, seconds=10)
    walk(progress, clock, 3, images=4, seconds=2)
    assert progress.rate == pytest.approx(2.0)
    assert progress.seconds_left(10) == pytest.approx(5.0)
    assert progress.done == 16


def test_the_rate_follows_the_last_seconds(progress: Progress, clock: Clock) -> None:
    walk(progress, clock, 100, images=1, seconds=1)
    walk(progress, clock, 100, images=10, seconds=1)
    assert progress.rate == pytest.approx(10.0)


def test_steps_slower_than_the_window_still_have_a_rate(progress: Progress, clock: Clock) -> None:
    walk(progress, clock, 5, images=32, seconds=64)
    assert progress.rate == pytest.approx(0.5)


def test_pauses_do_not_count(progress: Progress, clock: Clock) -> None:
    walk(progress, clock, 3, images=2, seconds=1)
    progress.pause()
    clock.wait(3600)
    progress.resume()
    walk(progress, clock, 3, images=2, seconds=1)
    assert progress.rate == pytest.approx(2.0)


def test_outcomes_that_arrive_during_a_pause_do_not_start_the_clock(progress: Progress, clock: Clock) -> None:
    walk(progress, clock, 3, images=2, seconds=1)
    progress.pause()
    progress.advance(2)
    clock.wait(3600)
    progress.advance(2)
    progress.pause()
    progress.resume()
    walk(progress, clock, 2, images=2, seconds=1)
    # Four pairs in the four seconds since the first step, and two pairs during the pause.
    assert progress.rate == pytest.approx(12 / 4)
    assert progress.done == 14


def test_many_outcomes_in_no_time_give_no_rate(progress: Progress, clock: Clock) -> None:
    walk(progress, clock, 3, images=2, seconds=0)
    assert progress.rate is None
    assert progress.seconds_left(5) is None


def test_a_reset_begins_anew(progress: Progress, clock: Clock) -> None:
    walk(progress, clock, 5, images=1, seconds=1)
    progress.reset()
    assert progress.done == 0
    assert progress.rate is None
    walk(progress, clock, 3, images=3, seconds=1)
    assert progress.rate == pytest.approx(3.0)
