from resmem_gui.ui.running.run import Run, RunState


def state(run: Run) -> RunState:
    """Ask anew each time: a type checker would take the first answer for the last."""
    return run.state


def test_a_run_begins_with_its_first_image_and_ends_with_its_last_outcome() -> None:
    run = Run()
    assert state(run) is RunState.IDLE
    assert run.add([1, 2, 3]) == [1, 2, 3]
    assert state(run) is RunState.SCORING
    assert run.take(run.number, [1, 2]) == {1, 2}
    assert (run.done, run.remaining, run.total) == (2, 1, 3)
    assert run.take(run.number, [3]) == {3}
    assert state(run) is RunState.IDLE


def test_images_under_way_are_not_added_again() -> None:
    run = Run()
    run.add([1, 2])
    assert run.add([2, 3]) == [3]
    assert run.total == 3


def test_a_new_run_has_a_new_number_and_counts_anew() -> None:
    run = Run()
    run.add([1])
    first = run.number
    run.take(first, [1])
    run.add([2, 3])
    assert run.number > first
    assert run.total == 2


def test_outcomes_of_an_old_run_are_of_no_interest() -> None:
    run = Run()
    run.add([1, 2])
    old = run.number
    run.stop()
    assert run.take(old, [1]) == set()
    run.add([1, 2])
    assert run.take(old, [1]) == set()
    assert run.remaining == 2


def test_withdrawn_images_count_neither_as_done_nor_as_left() -> None:
    run = Run()
    run.add(range(10))
    run.take(run.number, [0, 1])
    assert run.withdraw([1, 2, 3, 99]) == [2, 3]
    assert (run.done, run.remaining, run.total) == (2, 6, 8)
    assert run.take(run.number, [2]) == set()


def test_pausing_while_loading_comes_back_to_loading() -> None:
    run = Run()
    run.add([1])
    run.set_loading(loading=True)
    assert state(run) is RunState.LOADING
    run.set_paused(paused=True)
    assert state(run) is RunState.PAUSED
    run.set_paused(paused=False)
    assert state(run) is RunState.LOADING
    run.set_loading(loading=False)
    assert state(run) is RunState.SCORING


def test_a_pause_ends_with_its_run() -> None:
    run = Run()
    run.add([1])
    run.set_paused(paused=True)
    run.take(run.number, [1])
    assert state(run) is RunState.IDLE
    run.add([2])
    assert state(run) is RunState.SCORING
