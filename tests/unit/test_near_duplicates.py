"""Groups of near-duplicates are those that comparing every pair gives."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from resmem_gui.analysis import near_duplicates
from resmem_gui.analysis.near_duplicates import NearDuplicates, near_duplicate_groups
from resmem_gui.images.likeness import ALIKE, ALIKE_IN_BURST, BYTES, distances

WAYS: Final = ("few", "boxes", "all")


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


@contextmanager
def comparing(way: str) -> Iterator[None]:
    """Have few images compared like many: by boxes, or by all pairs although they are many."""
    with pytest.MonkeyPatch.context() as patch:
        if way != "few":
            patch.setattr(near_duplicates, "_MANY_PAIRS", -1)
            patch.setattr(near_duplicates, "_PAIRS_A_BOX", -(10**9) if way == "boxes" else 10**9)
        yield


@pytest.mark.parametrize("way", WAYS)
@given(libraries(), st.sampled_from([0, 1, 9, ALIKE, 36, ALIKE_IN_BURST]))
def test_groups_are_those_of_every_pair(
    way: str, library: tuple[NDArray[np.uint8], NDArray[np.bool_]], alike: int
) -> None:
    fingerprints, has = library
    with comparing(way):
        groups = near_duplicate_groups(fingerprints, has, alike)
    assert groups.tolist() == by_every_pair(fingerprints, has, alike)


@pytest.mark.parametrize("way", WAYS)
@given(libraries(), st.lists(st.integers(0, 60), max_size=4))
def test_a_library_that_grows_has_the_same_groups(
    way: str, library: tuple[NDArray[np.uint8], NDArray[np.bool_]], cuts: list[int]
) -> None:
    fingerprints, _ = library
    everything = np.ones(len(fingerprints), dtype=np.bool_)
    near = NearDuplicates(ALIKE)
    for part in np.split(fingerprints, sorted(min(cut, len(fingerprints)) for cut in cuts)):
        with comparing(way):
            near.add(part)
        assert near.groups().tolist() == by_every_pair(
            fingerprints[: len(near)], everything[: len(near)], ALIKE
        )
    assert len(near) == len(fingerprints)


@given(st.sets(st.integers(0, 63), max_size=22), st.integers(0, 21), st.integers(0, 2**32 - 1))
def test_boxes_pass_over_no_two_words_within_the_limit(changed: set[int], limit: int, seed: int) -> None:
    """The boxes are what is new; all else would find the pair if it is looked at."""
    one = np.random.default_rng(seed).integers(0, 2**64, dtype=np.uint64)
    other = one ^ np.uint64(sum(1 << bit for bit in changed))
    with comparing("boxes"):
        pieces = list(near_duplicates._pieces(np.array([one, other]), 0, limit))
    together = any({0, 1} <= {*rows.tolist(), *columns.tolist()} for rows, columns in pieces)
    assert together or len(changed) > limit


def test_many_images_are_compared_with_few_of_the_others() -> None:
    words = np.random.default_rng(2).integers(0, 2**64, 20_000, dtype=np.uint64)
    with comparing("boxes"):
        pieces = list(near_duplicates._pieces(words, 0, ALIKE // 2))
    pairs = sum(len(rows) * len(columns) for rows, columns in pieces)
    assert pairs < 0.18 * len(words) ** 2 / 2


def test_many_images_that_are_all_in_one_box_are_compared_once() -> None:
    words = np.zeros(30_000, dtype=np.uint64)
    pairs = sum(len(rows) * len(columns) for rows, columns in near_duplicates._pieces(words, 0, ALIKE // 2))
    assert pairs < 0.51 * len(words) ** 2


def test_work_is_done_in_pieces() -> None:
    fingerprints = np.random.default_rng(4).integers(0, 256, (500, BYTES), dtype=np.uint8)
    fingerprints[400:] = fingerprints[:100]
    near = NearDuplicates(ALIKE)
    assert sum(1 for _ in near.adding(fingerprints)) == 3
    assert near.groups()[:100].tolist() == near.groups()[400:].tolist() == list(range(100))


@pytest.mark.parametrize(("tile", "columns", "pending"), [(1, 1, 0), (21, 7, 1), (80, 5, 10), (80, 16, 1000)])
@pytest.mark.parametrize("piece", [1, 20, 1000])
def test_no_pair_is_lost_between_tiles(
    monkeypatch: pytest.MonkeyPatch, tile: int, columns: int, pending: int, piece: int
) -> None:
    monkeypatch.setattr(near_duplicates, "_TILE", tile)
    monkeypatch.setattr(near_duplicates, "_PIECE", piece)
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
