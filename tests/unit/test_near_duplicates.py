"""Groups of near-duplicates are those that comparing every pair gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from resmem_gui.analysis import near_duplicates
from resmem_gui.analysis.near_duplicates import NearDuplicates, near_duplicate_groups
from resmem_gui.images.likeness import ALIKE, ALIKE_IN_BURST, BYTES, distances


def by_every_pair(fingerprints: NDArray[np.uint8], has: NDArray[np.bool_], alike: int) -> list[int]:
    """Groups by looking at every pair and following them, the plain way."""
    count = len(fingerprints)
    near = [distances(fingerprints[image], fingerprints) <= alike for image in range(count)]
    groups = [-1] * count
    number = 0
    for first in range(count):
        if groups[first] >= 0 or not has[first]:
            continue
        reached, waiting = {first}, [first]
        while waiting:
            image = waiting.pop()
            new = {int(other) for other in np.flatnonzero(near[image] & has)} - reached
            reached |= new
            waiting += new
        if len(reached) > 1:
            for image in reached:
                groups[image] = number
            number += 1
    return groups


@st.composite
def libraries(draw: st.DrawFn) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Fingerprints of which some are others with a few bits changed, so that many lie about the limit."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = draw(st.integers(0, 60))
    bits = random.integers(0, 2, (count, BYTES * 8), dtype=np.uint8)
    for image in range(1, count):
        if random.random() < 0.7:
            bits[image] = bits[random.integers(image)]
            bits[image, random.permutation(64)[: random.integers(0, 20)]] ^= 1
            bits[image, 64 + random.permutation(128)[: random.integers(0, 40)]] ^= 1
    return np.packbits(bits, axis=1).reshape(count, BYTES), random.random(count) < 0.9


@given(libraries(), st.sampled_from([0, 1, ALIKE, ALIKE_IN_BURST]))
def test_groups_are_those_of_every_pair(
    library: tuple[NDArray[np.uint8], NDArray[np.bool_]], alike: int
) -> None:
    fingerprints, has = library
    assert near_duplicate_groups(fingerprints, has, alike).tolist() == by_every_pair(fingerprints, has, alike)


@given(libraries(), st.lists(st.integers(0, 60), max_size=4))
def test_a_library_that_grows_has_the_same_groups(
    library: tuple[NDArray[np.uint8], NDArray[np.bool_]], cuts: list[int]
) -> None:
    fingerprints, _ = library
    everything = np.ones(len(fingerprints), dtype=np.bool_)
    near = NearDuplicates(ALIKE)
    for part in np.split(fingerprints, sorted(min(cut, len(fingerprints)) for cut in cuts)):
        near.add(part)
        assert near.groups().tolist() == by_every_pair(
            fingerprints[: len(near)], everything[: len(near)], ALIKE
        )
    assert len(near) == len(fingerprints)


@pytest.mark.parametrize(("rows", "columns", "pending"), [(1, 1, 0), (3, 7, 1), (16, 5, 10), (5, 16, 1000)])
def test_no_pair_is_lost_between_tiles(
    monkeypatch: pytest.MonkeyPatch, rows: int, columns: int, pending: int
) -> None:
    monkeypatch.setattr(near_duplicates, "_ROWS", rows)
    monkeypatch.setattr(near_duplicates, "_COLUMNS", columns)
    monkeypatch.setattr(near_duplicates, "_MOST_PENDING", pending)
    random = np.random.default_rng(5)
    fingerprints = random.integers(0, 256, (90, BYTES), dtype=np.uint8)
    fingerprints[random.permutation(90)[:40]] = fingerprints[random.integers(0, 90, 40)]
    fingerprints[:, 9] ^= random.integers(0, 256, 90, dtype=np.uint8)
    has = np.ones(90, dtype=np.bool_)
    found = near_duplicate_groups(fingerprints, has, ALIKE).tolist()
    assert found == by_every_pair(fingerprints, has, ALIKE)
    assert max(found) > 3


def test_a_long_burst_is_one_group() -> None:
    """Each frame is like the one before, the last not like the first."""
    bits = np.zeros((40, BYTES * 8), dtype=np.uint8)
    for frame in range(1, 40):
        bits[frame] = bits[frame - 1]
        bits[frame, frame] = 1
    frames = np.packbits(bits, axis=1)
    assert distances(frames[0], frames[-1:])[0] > ALIKE
    assert set(near_duplicate_groups(frames, np.ones(40, np.bool_), ALIKE).tolist()) == {0}


def test_images_without_a_fingerprint_are_alone_even_if_their_bytes_are_equal() -> None:
    fingerprints = np.zeros((4, BYTES), dtype=np.uint8)
    has = np.array([True, False, True, False])
    assert near_duplicate_groups(fingerprints, has, ALIKE).tolist() == [0, -1, 0, -1]
    assert near_duplicate_groups(fingerprints[:0], has[:0], ALIKE).tolist() == []
