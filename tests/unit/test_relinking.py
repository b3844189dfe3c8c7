"""Finding images again whose files have been moved or renamed."""

import builtins
import hashlib
import itertools
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resmem_gui.file_state import FileState
from resmem_gui.library import relinking
from resmem_gui.library.relinking import Lost, relink


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, str], str]:
    """Return a maker of files: path below the folder that was pointed at and content in, full path out."""

    def make(name: str, content: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return str(path)

    return make


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that relinking has opened."""
    opened: list[str] = []

    def noting(path: str, *arguments: Any) -> Any:
        opened.append(path)
        return builtins.open(path, *arguments)

    monkeypatch.setattr(relinking, "open", noting, raising=False)
    return opened


def lost(path: str, content: str, key: int = 0) -> Lost:
    """Return a lost image that was scored when its file had this content."""
    return Lost(key, path, len(content), hashlib.sha256(content.encode()).hexdigest())


def unscored(path: str, size: int = 0, key: int = 0) -> Lost:
    return Lost(key, path, size, "")


Make = Callable[[str, str], str]


# By place


def test_a_moved_folder_is_found_without_reading_it(file: Make, read: list[str]) -> None:
    files = [file("sea/a.png", "aa"), file("sea/b.png", "bb"), file("sea/c.png", "cc")]
    images = [lost("/old/sea/a.png", "aa", 5), lost("/old/sea/b.png", "bb", 7)]
    assert relink(images, files) == {5: files[0], 7: files[1]}
    assert not read


def test_a_moved_tree_with_equal_names_in_its_folders_is_found_without_reading_it(
    file: Make, read: list[str]
) -> None:
    names = [f"{year}/{day}/{name}.png" for year in (2019, 2020) for day in (1, 2) for name in "ab"]
    files = [file(f"new/{name}", "same size") for name in names]
    images = [lost(f"/old/photos/{name}", "same SIZE", key) for key, name in enumerate(names)]
    assert relink(images, reversed(files)) == dict(enumerate(files))
    assert not read


def test_a_namesake_of_the_same_size_in_another_folder_is_not_taken(file: Make) -> None:
    files = [file("set2/001.bmp", "BBBB")]
    assert relink([lost("/old/set1/001.bmp", "AAAA")], files) == {}


def test_what_two_images_want_is_decided_by_its_content(file: Make) -> None:
    files = [file("a/images/1.bmp", "AAAA")]
    images = [lost("/old/b/images/1.bmp", "BBBB", 1), lost("/old/a/images/1.bmp", "AAAA", 2)]
    assert relink(images, files) == {2: files[0]}


def test_what_two_images_without_a_hash_want_goes_to_neither(file: Make) -> None:
    files = [file("a.png", "aa")]
    assert relink([unscored("/x/a.png", key=1), unscored("/y/a.png", key=2)], files) == {}


@pytest.mark.parametrize("size", [0, 2])
def test_without_a_hash_the_name_is_enough(file: Make, size: int) -> None:
    files = [file("new/a.png", "aa"), file("new/b.png", "bb")]
    assert relink([unscored("/old/b.png", size)], files) == {0: files[1]}


def test_without_a_hash_the_nearest_is_taken(file: Make) -> None:
    files = [file("x/sea/a.png", "aa"), file("y/sea/a.png", "bb"), file("sea/x/a.png", "cc")]
    assert relink([unscored("/old/y/sea/a.png")], files) == {0: files[1]}


def test_without_a_hash_equally_near_files_are_not_taken(file: Make) -> None:
    files = [file("x/a.png", "aa"), file("y/a.png", "bb")]
    assert relink([unscored("/old/z/a.png")], files) == {}


def test_the_size_tells_namesakes_apart(file: Make, read: list[str]) -> None:
    files = [file("x/a.png", "aa"), file("y/a.png", "bbb")]
    assert relink([unscored("/old/z/a.png", 3)], files) == {0: files[1]}
    assert not read


@pytest.mark.parametrize("name", ["IMG_1.JPG", "img_1.jpg", "Img_1.Jpg"])
def test_the_case_of_a_name_may_differ(file: Make, read: list[str], name: str) -> None:
    files = [file(f"Sea/{name}", "aa")]
    assert relink([lost("/old/sea/Img_1.JPG", "aa")], files) == {0: files[0]}
    assert not read


def test_an_exact_name_comes_before_one_of_another_case(file: Make, tmp_path: Path) -> None:
    files = [file("sea/A.png", "aa"), file("sea/a.png", "aa")]
    if len(list((tmp_path / "sea").iterdir())) < 2:
        pytest.skip("this file system knows no case")
    assert relink([lost("/old/sea/a.png", "aa")], files) == {0: files[1]}


def test_accents_may_be_encoded_differently(file: Make, read: list[str]) -> None:
    files = [file("e\u0301te\u0301/nai\u0308ve.png", "aa")]
    assert relink([lost("/old/\u00e9t\u00e9/na\u00efve.png", "aa")], files) == {0: files[0]}
    assert not read


def test_a_path_of_windows_is_understood(file: Make, read: list[str]) -> None:
    files = [file("sea/a.png", "aa")]
    assert relink([lost("C:\\Photos\\Sea\\a.png", "aa")], files) == {0: files[0]}
    assert not read


# By content


def test_a_renamed_file_is_found(file: Make, read: list[str]) -> None:
    files = [file("x.png", "bb"), file("y.png", "aa"), file("z.png", "of another size")]
    assert relink([lost("/old/a.png", "aa")], files) == {0: files[1]}
    assert sorted(read) == files[:2], "a file of another size cannot be it"


def test_a_file_that_was_found_by_place_is_not_read_for_another(file: Make, read: list[str]) -> None:
    files = [file("sea/a.png", "aa"), file("x.png", "bb")]
    images = [lost("/old/sea/a.png", "aa", 1), lost("/old/sea/b.png", "bb", 2)]
    assert relink(images, files) == {1: files[0], 2: files[1]}
    assert read == [files[1]]


def test_a_renamed_folder_is_found(file: Make) -> None:
    files = [file(f"pictures/{name}.png", name) for name in "abc"]
    images = [lost(f"/old/photos/{name}.png", name, key) for key, name in enumerate("abc")]
    assert relink(images, files) == dict(enumerate(files))


def test_names_that_were_exchanged_follow_the_content(file: Make) -> None:
    files = [file("new/a.png", "bb"), file("new/b.png", "aa")]
    images = [lost("/old/a.png", "aa", 1), lost("/old/b.png", "bb", 2)]
    assert relink(images, files) == {1: files[1], 2: files[0]}


def test_of_several_copies_the_nearest_is_taken(file: Make) -> None:
    files = [file("x/b.png", "aa"), file("y/a.png", "aa"), file("z/c.png", "aa")]
    assert relink([lost("/old/a.png", "aa")], files) == {0: files[1]}


def test_copies_go_to_one_image_each(file: Make) -> None:
    files = [file("x/a.png", "aa"), file("y/a.png", "aa")]
    found = relink([lost(f"/old/{key}.png", "aa", key) for key in range(3)], files)
    assert len(found) == 2
    assert set(found.values()) == set(files)


def test_without_a_hash_a_renamed_file_stays_lost(file: Make, read: list[str]) -> None:
    assert relink([unscored("/old/a.png", 2)], [file("b.png", "aa")]) == {}
    assert not read


def test_a_file_that_is_named_twice_is_one_file(file: Make) -> None:
    files = [file("sea/a.png", "changed")]
    assert relink([lost("/old/sea/a.png", "aa")], files * 2) == {0: files[0]}


# Changed files


def test_a_changed_file_in_a_folder_of_the_same_name_is_taken(file: Make) -> None:
    files = [file("sea/a.png", "changed")]
    assert relink([lost("/old/sea/a.png", "aa")], files) == {0: files[0]}


def test_a_changed_file_in_another_folder_is_not_taken(file: Make) -> None:
    assert relink([lost("/old/sea/a.png", "aa")], [file("lake/a.png", "changed")]) == {}


def test_of_two_changed_files_as_near_none_is_taken(file: Make) -> None:
    files = [file("x/sea/a.png", "changed"), file("y/sea/a.png", "changed too")]
    assert relink([lost("/old/sea/a.png", "aa")], files) == {}


def test_the_same_content_comes_before_a_changed_file_in_place(file: Make) -> None:
    files = [file("sea/a.png", "edited"), file("sea/a original.png", "aa")]
    assert relink([lost("/old/sea/a.png", "aa")], files) == {0: files[1]}


def test_a_file_that_another_image_has_by_content_counts_as_no_changed_file(file: Make) -> None:
    files = [file("sea/a.png", "bbb")]
    images = [lost("/old/sea/a.png", "aa", 1), lost("/old/b.png", "bbb", 2)]
    assert relink(images, files) == {2: files[0]}


# What goes wrong


def test_nothing_is_found_among_nothing() -> None:
    assert relink([lost("/old/a.png", "aa")], []) == {}
    assert relink([], ["/a.png"]) == {}


def test_files_that_are_gone_again_are_passed_over(tmp_path: Path) -> None:
    gone = str(tmp_path / "sea" / "a.png")
    assert relink([lost("/old/sea/a.png", "aa"), unscored("/old/sea/a.png", key=1)], [gone]) == {}


def test_files_that_cannot_be_read_are_passed_over(file: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [file("x.png", "aa"), file("y.png", "aa")]

    def refusing(path: str, *arguments: Any) -> Any:
        if path == files[0]:
            raise PermissionError(13, "Permission denied")
        return builtins.open(path, *arguments)

    monkeypatch.setattr(relinking, "open", refusing, raising=False)
    assert relink([lost("/old/x.png", "aa")], files) == {0: files[1]}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")
    assert relink([unscored("/old/a.png")], [str(tmp_path / "a.png")]) == {}


@pytest.mark.skipif(os.name != "posix", reason="elsewhere names are text")
def test_names_that_are_no_text_are_found(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/z\xff.png")
    Path(path).write_text("aa")
    assert relink([unscored(os.fsdecode(b"/old/z\xff.png"))], [path]) == {0: path}


def test_a_cancelled_search_ends_at_every_place_with_what_is_certain(file: Make) -> None:
    files = [file("a/1.png", "11"), file("a/2.png", "22"), file("x/3.png", "33"), file("a/4.png", "edited")]
    images = [lost(f"/old/a/{key}.png", str(key) * 2, key) for key in (1, 2, 3, 4)]
    whole = dict(zip((1, 2, 3, 4), files, strict=True))
    assert relink(images, files) == whole
    ends = []
    for asked in range(30):
        count = itertools.count()
        found = relink(images, files, lambda: next(count) >= asked)  # noqa: B023 called at once
        assert found.items() <= whole.items()
        ends.append(len(found))
    assert ends == sorted(ends)
    assert set(ends) == {0, 2, 3, 4}


def test_files_are_taken_one_by_one() -> None:
    """A walk over a slow disk ends soon after it is cancelled."""
    taken = []

    def walk() -> Any:
        for number in range(1000):
            taken.append(number)
            yield f"/{number}.png"

    assert relink([unscored("/x/5.png")], walk(), lambda: len(taken) >= 10) == {}
    assert len(taken) == 10


_FOLDERS = st.sampled_from(["a", "b", "a/b", "b/a", "A"])
_PLACES = st.tuples(_FOLDERS, st.sampled_from(["1.png", "2.png", "1.PNG"]), st.sampled_from(["x", "y", "zz"]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(_PLACES, max_size=8), st.lists(st.tuples(_PLACES, st.booleans()), max_size=8))
def test_no_file_is_given_twice_and_none_is_left_whose_bytes_are_wanted(
    tmp_path_factory: pytest.TempPathFactory,
    places: list[tuple[str, str, str]],
    wanted: list[tuple[tuple[str, str, str], bool]],
) -> None:
    folder = tmp_path_factory.mktemp("new")
    contents: dict[str, str] = {}
    for parent, name, content in places:
        path = folder / parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        contents[str(path)] = content
    images = [
        lost(f"/old/{parent}/{name}", content, key) if scored else unscored(f"/old/{parent}/{name}", key=key)
        for key, ((parent, name, content), scored) in enumerate(wanted)
    ]
    found = relink(images, contents)
    assert len(set(found.values())) == len(found)
    left = {
        hashlib.sha256(contents[path].encode()).hexdigest() for path in set(contents) - set(found.values())
    }
    assert not left & {image.sha256 for image in images if image.key not in found}


def test_many_images_take_no_long_time(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [f"{folder}/IMG_{number}.jpg" for folder in range(100) for number in range(100)]
    monkeypatch.setattr(relinking, "file_state", lambda path: FileState(len(path) - len("/new/"), 0, 0))
    images = [Lost(key, f"/old/{path}", len(path), "0" * 64) for key, path in enumerate(paths)]
    start = time.perf_counter()
    found = relink(images, [f"/new/{path}" for path in paths])
    assert found == {key: f"/new/{path}" for key, path in enumerate(paths)}
    assert time.perf_counter() - start < 30
