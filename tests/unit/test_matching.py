"""Rows find their images by hash, path or name; what is ambiguous is listed, not guessed."""

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resmem_gui.library.matching import Ambiguity, Images, Matching, Rule, Why, match


def find(keys: Sequence[str], paths: Sequence[str], sha256s: Sequence[str] = ()) -> Matching:
    return match(keys, Images(range(len(paths)), paths, sha256s))


def pairs(matching: Matching) -> dict[int, tuple[int, Rule]]:
    return {pair.row: (pair.image_id, pair.rule) for pair in matching.pairs}


@pytest.mark.parametrize(
    ("key", "path", "rule"),
    [
        ("a.jpg", "/photos/a.jpg", Rule.NAME),
        ("A.JPG", "/photos/a.jpg", Rule.NAME),
        ("caf\u00e9.jpg", "/photos/cafe\u0301.jpg", Rule.NAME),
        ("cats/a.jpg", "/photos/cats/a.jpg", Rule.PATH),
        ("cats\\a.jpg", "/photos/cats/a.jpg", Rule.PATH),
        ("./cats/a.jpg", "/photos/cats/a.jpg", Rule.PATH),
        ("/home/other/cats/a.jpg", "/photos/cats/a.jpg", Rule.PATH),
        ("dogs/a.jpg", "/photos/cats/a.jpg", Rule.OTHER_FOLDER),
        ("a", "/photos/a.jpg", Rule.STEM),
        ("a.jpg", "/photos/a.png", Rule.STEM),
        ("v1.2", "/photos/v1.2.jpg", Rule.STEM),
        ("a" * 64, "/photos/" + "a" * 64 + ".jpg", Rule.STEM),
    ],
)
def test_one_row_finds_its_image(key: str, path: str, rule: Rule) -> None:
    matching = find([key], ["/photos/zzz.jpg", path])
    assert pairs(matching) == {0: (1, rule)}
    assert matching.unmatched_ids == (0,)
    assert matching.unmatched_rows == ()


def test_a_hash_finds_its_image_whatever_its_name() -> None:
    hashes = ["1" * 64, "ab" * 32]
    matching = find(["AB" * 32, "3" * 64], ["/a.jpg", "/b.jpg"], hashes)
    assert pairs(matching) == {0: (1, Rule.HASH)}
    assert matching.unmatched_rows == (1,)


def test_the_longest_path_decides() -> None:
    paths = ["/x/train/cats/1.jpg", "/x/test/cats/1.jpg", "/x/test/dogs/1.jpg"]
    keys = ["test/cats/1.jpg", "train/cats/1.jpg", "dogs/1.jpg"]
    assert pairs(find(keys, paths)) == {0: (1, Rule.PATH), 1: (0, Rule.PATH), 2: (2, Rule.PATH)}


def test_a_name_in_two_folders_is_not_guessed() -> None:
    matching = find(["1.jpg", "2.jpg", "1.jpg"], ["/a/1.jpg", "/b/1.jpg", "/a/2.jpg"])
    assert pairs(matching) == {1: (2, Rule.NAME)}
    assert matching.ambiguous == (Ambiguity(Why.SEVERAL_IMAGES, (0, 2), (0, 1)),)
    assert matching.unmatched_rows == matching.unmatched_ids == ()


def test_an_image_that_two_rows_name_is_not_guessed() -> None:
    matching = find(["1.jpg", "1.jpg", "2.jpg"], ["/a/1.jpg", "/a/2.jpg"])
    assert pairs(matching) == {2: (1, Rule.NAME)}
    assert matching.ambiguous == (Ambiguity(Why.SEVERAL_ROWS, (0, 1), (0,)),)


def test_the_row_that_names_an_image_best_has_it() -> None:
    matching = find(["cats/1.jpg", "dogs/1.jpg", "1"], ["/x/dogs/1.jpg"])
    assert pairs(matching) == {1: (0, Rule.PATH)}
    assert matching.unmatched_rows == (0, 2)


def test_letters_decide_where_names_differ_in_nothing_else() -> None:
    matching = find(["a.jpg", "A.jpg"], ["/x/A.jpg", "/x/a.jpg"])
    assert pairs(matching) == {0: (1, Rule.NAME), 1: (0, Rule.NAME)}


def test_two_endings_of_one_name_are_not_guessed() -> None:
    matching = find(["a"], ["/x/a.jpg", "/x/a.png"])
    assert matching.pairs == ()
    assert matching.ambiguous[0].why is Why.SEVERAL_IMAGES


def test_nothing_matches_nothing() -> None:
    matching = find(["", "/", "b.jpg"], ["/x/a.jpg"])
    assert matching.pairs == ()
    assert matching.unmatched_rows == (0, 1, 2)
    assert matching.unmatched_ids == (0,)


def test_counts_are_told_in_words() -> None:
    matching = find(["a.jpg", "b", "no.jpg", "c.jpg"], ["/a.jpg", "/b.jpg", "/d.jpg", "/1/c.jpg", "/2/c.jpg"])
    assert matching.counts() == {Rule.NAME: 1, Rule.STEM: 1}
    assert matching.sentence() == (
        "2 matched (1 by file name, 1 by file name without its ending). 1 row has no image here. "
        "1 image has no usable row in the table. 1 case is ambiguous and left out."
    )


_NAMES = st.lists(
    st.sampled_from(["a.jpg", "A.jpg", "a", "a.png", "b.jpg", "x/a.jpg", "y/a.jpg", "y\\b.jpg"])
)


@given(_NAMES, _NAMES)
def test_nothing_is_lost_and_nothing_comes_twice(keys: list[str], names: list[str]) -> None:
    paths = [f"/{number}/{name}" for number, name in enumerate(names)]
    matching = find(keys, paths)
    rows = [pair.row for pair in matching.pairs]
    ids = [pair.image_id for pair in matching.pairs]
    ambiguous_rows = [row for case in matching.ambiguous for row in case.rows]
    assert sorted([*rows, *matching.unmatched_rows, *ambiguous_rows]) == list(range(len(keys)))
    assert len(set(ids)) == len(ids)
    in_cases = {image_id for case in matching.ambiguous for image_id in case.image_ids}
    assert set(ids) | set(matching.unmatched_ids) | in_cases == set(range(len(paths)))


@given(st.permutations(["a.jpg", "b.jpg", "cats/c.jpg", "d"]))
def test_the_order_of_rows_changes_no_pair(keys: list[str]) -> None:
    found = find(keys, ["/1/a.jpg", "/1/b.jpg", "/cats/c.jpg", "/1/d.png"])
    assert {keys[pair.row]: pair.image_id for pair in found.pairs} == {
        "a.jpg": 0,
        "b.jpg": 1,
        "cats/c.jpg": 2,
        "d": 3,
    }


def test_a_name_in_each_of_many_folders_is_quick() -> None:
    count = 60_000
    paths = [f"/photos/{number}/image.jpg" for number in range(count)]
    begin = time.thread_time()
    matching = find([f"{number}/image.jpg" for number in range(count)] + ["image.jpg"] * count, paths)
    assert len(matching.pairs) == count
    assert len(matching.ambiguous) == 1
    assert time.thread_time() - begin < 6  # 1.1 s here; hashing all images for each row took 14 s


def test_rows_that_fit_the_same_images_are_one_case_however_they_are_written() -> None:
    matching = find(["a.jpg", "x/a.jpg", "A.JPG", "a"], ["/1/a.jpg", "/2/a.jpg"])
    (case,) = matching.ambiguous
    assert case.rows == (0, 1, 2, 3)
    assert case.image_ids == (0, 1)


def test_one_name_in_very_many_folders_is_quick() -> None:
    folders = 5_000
    paths = [f"/a/{number}/image.jpg" for number in range(folders)]
    keys = [f"{number} elsewhere/image.jpg" for number in range(folders)]
    stems = [f"{number}/image" for number in range(folders)]
    images = Images(list(range(folders)), paths)
    began = time.thread_time()
    nowhere, by_stem = match(keys, images), match(stems, images)
    assert time.thread_time() - began < 10  # looking at each image for each row took 150 s
    assert not nowhere.pairs
    assert len(nowhere.ambiguous) == 1
    assert by_stem.counts() == {Rule.STEM: folders}
