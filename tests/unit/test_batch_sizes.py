"""How many images go through the network at once."""

import pytest

from resmem_gui.scoring.batch_sizes import BatchSizes


def run(sizes: BatchSizes, image_s: float, batches: int = 12) -> list[int]:
    """Return the sizes of batches on a machine that takes so long for an image."""
    wanted = []
    for _ in range(batches):
        wanted.append(sizes.wanted)
        sizes.note(sizes.wanted, sizes.wanted * image_s)
    return wanted


def test_the_first_scores_come_early_then_batches_grow() -> None:
    assert run(BatchSizes(32), 0.001, 6) == [2, 4, 8, 16, 32, 32]


@pytest.mark.parametrize(("image_s", "largest"), [(0.2, 6), (0.3, 4), (0.6, 2), (5.0, 1), (0.15, 8)])
def test_a_batch_takes_about_a_second_at_most(image_s: float, largest: int) -> None:
    assert run(BatchSizes(8), image_s)[-1] == largest


def test_one_slow_batch_does_not_make_all_others_small() -> None:
    sizes = BatchSizes(8)
    run(sizes, 0.05)
    sizes.note(8, 4.0)
    assert run(sizes, 0.05)[-1] == 8


def test_each_run_begins_small() -> None:
    sizes = BatchSizes(8)
    run(sizes, 0.01)
    sizes.begin()
    assert sizes.wanted == 2


def test_a_size_that_somebody_asked_for_is_kept() -> None:
    assert set(run(BatchSizes(8, fixed=5), 2.0)) == {5}


def test_out_of_memory_limits_every_kind() -> None:
    for sizes in (BatchSizes(32), BatchSizes(32, fixed=32)):
        sizes.limit(3)
        assert run(sizes, 0.001)[-1] == 3
        sizes.limit(0)
        assert sizes.wanted == 1


def test_a_clock_that_stands_still_is_no_reason_to_fail() -> None:
    assert run(BatchSizes(8), 0.0)[-1] == 8
