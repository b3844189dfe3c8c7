"""Near-duplicates are those that a comparison of all with all finds, whatever has come and gone before."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from resmem_gui.images.likeness import ALIKE, BYTES, distances
from resmem_gui.ui.rows.changing_groups import NO_GROUPS, ChangingGroups, Groups

Pixels = dict[int, bytes]


def fingerprint(changes: int, seed: int = 0) -> bytes:
    """Return one that differs from the first of its seed by so many steps."""
    bits = np.unpackbits(np.random.default_rng(seed).integers(0, 256, BYTES, dtype=np.uint8))
    bits[64 : 64 + changes] ^= 1
    return np.packbits(bits).tobytes()


def found(changing: ChangingGroups, images: Pixels) -> Groups:
    ids = np.array(sorted(images), dtype=np.int64)
    groups = changing.find(ids, [images[image_id] for image_id in ids.tolist()], lambda: True)
    assert groups is not None
    return groups


def sets(groups: Groups) -> set[frozenset[int]]:
    """Return which images are together."""
    return {
        frozenset(groups.image_ids[groups.groups == number].tolist())
        for number in set(groups.groups.tolist()) - {-1}
    }


def expected(images: Pixels) -> set[frozenset[int]]:
    """Compare all with all, slowly."""
    together = {image_id: {image_id} for image_id, bits in images.items() if bits}
    for one, other in product(together, together):
        first, second = (np.frombuffer(images[i], dtype=np.uint8) for i in (one, other))
        if together[one] is not together[other] and distances(first, second[np.newaxis])[0] <= ALIKE:
            together[one] |= together[other]
            for member in together[one]:
                together[member] = together[one]
    return {frozenset(group) for group in together.values() if len(group) > 1}


#: Steps of 20 along a line: neighbours are alike, others are not.
chains = st.dictionaries(
    st.integers(0, 9),
    st.just(b"") | st.builds(fingerprint, st.sampled_from([0, 20, 40, 60, 80, 100]), st.integers(0, 1)),
)


@given(st.lists(chains, min_size=1, max_size=6))
def test_groups_are_those_of_the_images_that_there_are_now(steps: list[Pixels]) -> None:
    changing = ChangingGroups(ALIKE)
    for images in steps:
        assert sets(found(changing, images)) == expected(images)


def test_images_of_libraries_that_are_gone_are_not_compared_for_ever() -> None:
    changing = ChangingGroups(ALIKE)
    for library in range(8):
        images = {number: fingerprint(0, 100 * library + number) for number in range(20)}
        images[50] = fingerprint(10, 100 * library)
        assert sets(found(changing, images)) == {frozenset({0, 50})}
        assert len(changing._near) <= 3 * len(images)


def test_copies_are_alike_and_plain_images_are_not() -> None:
    groups = found(ChangingGroups(ALIKE), {3: fingerprint(0), 5: fingerprint(0), 7: b"", 9: b""})
    assert sets(groups) == {frozenset({3, 5})}
    assert groups.alike_ids.tolist() == [3, 5]


def test_an_image_between_two_others_takes_their_likeness_with_it() -> None:
    changing = ChangingGroups(ALIKE)
    assert sets(found(changing, {1: fingerprint(0), 2: fingerprint(20), 3: fingerprint(40)})) == {
        frozenset({1, 2, 3})
    }
    assert sets(found(changing, {1: fingerprint(0), 3: fingerprint(40)})) == set()


def test_the_nearest_is_named() -> None:
    images = {1: fingerprint(0), 4: fingerprint(25), 6: fingerprint(30), 8: fingerprint(0, seed=1), 9: b""}
    groups = found(ChangingGroups(ALIKE), images)
    assert [groups.nearest(image_id) for image_id in (1, 4, 6, 8, 9, 5, 100)] == [
        4, 6, 4, None, None, None, None,
    ]  # fmt: skip
    assert NO_GROUPS.nearest(1) is None


def test_the_search_can_be_stopped_and_goes_on_where_it_was() -> None:
    rng = np.random.default_rng(3)
    bits = [one.tobytes() for one in rng.integers(0, 256, (500, BYTES), dtype=np.uint8)]
    images = dict(enumerate([*bits, *bits[:10]]))
    ids, changing, calls = np.arange(len(images)), ChangingGroups(ALIKE), 0
    while (groups := changing.find(ids, list(images.values()), lambda: False)) is None:
        calls += 1
    assert calls == 3
    assert sets(groups) == {frozenset({number, 500 + number}) for number in range(10)}


def test_images_that_come_while_it_was_stopped_are_found_as_well() -> None:
    rng = np.random.default_rng(3)
    bits = [one.tobytes() for one in rng.integers(0, 256, (300, BYTES), dtype=np.uint8)]
    changing = ChangingGroups(ALIKE)
    assert changing.find(np.arange(300), bits, lambda: False) is None
    images = dict(enumerate([*bits[50:], *bits[:60]]))
    more = rng.integers(0, 256, BYTES, dtype=np.uint8).tobytes()
    images |= {400: more, 401: more, 402: bits[299]}
    assert sets(found(changing, images)) == {
        *(frozenset({number, 250 + 50 + number}) for number in range(10)),
        frozenset({400, 401}),
        frozenset({249, 402}),
    }
