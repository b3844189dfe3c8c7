"""Lists of images in text files: what they may look like, and what is said of lines that lead to nothing."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from resmem_gui.export.table import COLUMNS
from resmem_gui.images import path_lists
from resmem_gui.images.path_lists import PathListError, read_path_list

Photo = Callable[[str], str]
bytes_in_names = pytest.mark.skipif(sys.platform != "linux", reason="names of files are not bytes here")


@pytest.fixture
def photo(tmp_path: Path) -> Photo:
    def make(name: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (4, 4)).save(path, "PNG")
        return str(path)

    return make


def found_in(tmp_path: Path, content: bytes | str, name: str = "list.txt") -> list[str]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    named = read_path_list(str(path))
    assert named is not None
    return named.paths


def test_absolute_and_relative_paths_and_addresses_are_found_in_order(tmp_path: Path, photo: Photo) -> None:
    b, a, c = photo("b.png"), photo("sub folder/a.png"), photo("c ä.png")
    text = f"{b}\nsub folder/a.png\n{Path(c).as_uri()}\n"
    assert found_in(tmp_path, text) == [b, a, c]


@pytest.mark.parametrize("line", ['"a b.png"', "'a b.png'", "  a b.png  ", "./a b.png", "x/../a b.png"])
def test_a_line_may_be_quoted_or_indented(tmp_path: Path, photo: Photo, line: str) -> None:
    (tmp_path / "x").mkdir()
    path = photo("a b.png")
    assert found_in(tmp_path, line + "\n") == [path]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends_are_known(tmp_path: Path, photo: Photo, end: str) -> None:
    paths = [photo("a.png"), photo("b.png")]
    assert found_in(tmp_path, end.join(["a.png", "", "b.png"])) == paths


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_and_without_a_mark(tmp_path: Path, photo: Photo, encoding: str) -> None:
    path = photo("Bäume 桜.png")
    assert found_in(tmp_path, "Bäume 桜.png\r\n".encode(encoding)) == [path]


def test_both_orders_of_utf_16_are_known(tmp_path: Path, photo: Photo) -> None:
    path = photo("ä.png")
    assert found_in(tmp_path, b"\xfe\xff" + "ä.png".encode("utf-16-be")) == [path]


def test_a_list_in_latin_1_finds_names_in_utf_8(tmp_path: Path, photo: Photo) -> None:
    path = photo("Bäume.png")
    assert found_in(tmp_path, "Bäume.png".encode("latin-1")) == [path]


@bytes_in_names
def test_names_that_are_no_text_are_found(tmp_path: Path, photo: Photo) -> None:
    path = photo(os.fsdecode(b"B\xe4ume \xff.png"))
    assert found_in(tmp_path, b"B\xe4ume \xff.png\n") == [path]
    assert found_in(tmp_path, b"B\xe4ume \xff.png\0") == [path]
    assert found_in(tmp_path, Path(path).as_uri().encode()) == [path]


@bytes_in_names
def test_what_find_writes_with_print0_is_exact(tmp_path: Path, photo: Photo) -> None:
    paths = [photo(" a\nb.png"), photo("#c.png"), photo('"d".png')]
    listed = b"".join(f"./{Path(path).name}".encode() + b"\0" for path in paths)
    assert found_in(tmp_path, listed) == paths


def test_comments_and_blank_lines_count_for_nothing(tmp_path: Path, photo: Photo) -> None:
    path = photo("a.png")
    (tmp_path / "list.m3u8").write_text("#EXTM3U\n\n# my favourites\na.png\n   \n")
    named = read_path_list(str(tmp_path / "list.m3u8"))
    assert named is not None
    assert (named.paths, named.lost, named.others) == ([path], 0, 0)


def test_a_name_that_begins_like_a_comment_is_found(tmp_path: Path, photo: Photo) -> None:
    path = photo("#1.png")
    assert found_in(tmp_path, "#1.png\n#2.png\n") == [path]


def test_each_image_is_named_once(tmp_path: Path, photo: Photo) -> None:
    path = photo("a.png")
    assert found_in(tmp_path, f"a.png\n{path}\n./a.png\n") == [path]


def test_lines_that_lead_to_nothing_are_counted_and_the_first_is_told(tmp_path: Path, photo: Photo) -> None:
    photo("a.png")
    (tmp_path / "list.txt").write_text("a.png\ngone\x07.png\nalso gone.png\nhttps://example.org/a.png\n")
    named = read_path_list(str(tmp_path / "list.txt"))
    assert named is not None
    assert named.lost == 3
    assert named.first_lost == "gone\ufffd.png"


def test_a_long_line_is_told_in_part(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("x" * 100_000)
    named = read_path_list(str(tmp_path / "list.txt"))
    assert named is not None
    assert named.first_lost == "x" * 119 + "…"


def test_folders_and_other_files_are_no_images(tmp_path: Path, photo: Photo) -> None:
    picture = photo("without ending")
    (tmp_path / "text.doc").write_text("no image")
    (tmp_path / "list.txt").write_text(".\ntext.doc\nwithout ending\nlist.txt\n")
    named = read_path_list(str(tmp_path / "list.txt"))
    assert named is not None
    assert (named.paths, named.others, named.lost) == ([picture], 3, 0)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_column_of_a_table_is_found_by_its_title(tmp_path: Path, photo: Photo, separator: str) -> None:
    paths = [photo("a, b; c.png"), photo("d.png")]
    rows = [["rating", "Filename"], ["3", '"a, b; c.png"'], ["5", "d.png"], ["1"]]
    text = "\ufeff" + "\r\n".join(separator.join(row) for row in rows)
    assert found_in(tmp_path, text, "table.csv") == paths


def test_what_this_program_exports_is_such_a_table(tmp_path: Path, photo: Photo) -> None:
    path = photo("a.png")
    row = [path, "a.png"] + [""] * (len(COLUMNS) - 2)
    assert found_in(tmp_path, f"{','.join(COLUMNS)}\r\n{','.join(row)}\r\n", "scores.csv") == [path]


def test_a_table_of_one_column_needs_no_title(tmp_path: Path, photo: Photo) -> None:
    paths = [photo("a, b.png"), photo("c.png")]
    assert found_in(tmp_path, 'a, b.png\n"c.png"\n', "table.csv") == paths


def test_backslashes_separate_folders_too(tmp_path: Path, photo: Photo) -> None:
    path = photo("sub/deep/a.png")
    assert found_in(tmp_path, "sub\\deep\\a.png") == [path]


def test_addresses_of_other_machines_lead_to_nothing(tmp_path: Path, photo: Photo) -> None:
    path = photo("a.png")
    assert found_in(tmp_path, f"file://elsewhere{path}\nfile://[bad\n") == []
    assert found_in(tmp_path, f"file://localhost{path}\n") == [path]


def test_a_list_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(path_lists, "MAX_LIST_BYTES", 2**20)
    (tmp_path / "list.txt").write_bytes(b"a" * (2**20 + 1))
    with pytest.raises(PathListError, match="larger than 1 MiB"):
        read_path_list(str(tmp_path / "list.txt"))


@pytest.mark.parametrize("name", ["gone.txt", "with\0nul.txt"])
def test_a_list_that_cannot_be_read_says_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(PathListError, match="could not be read"):
        read_path_list(str(tmp_path / name))


def test_it_can_be_cancelled_and_gives_way(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("a\n" * 1000)
    ways: list[int] = []
    named = read_path_list(
        str(tmp_path / "list.txt"), is_cancelled=lambda: len(ways) == 10, give_way=lambda: ways.append(1)
    )
    assert named is None
    assert len(ways) == 10


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=300), ending=st.sampled_from([".txt", ".csv", ".tsv"]))
def test_any_bytes_are_read_or_refused_with_a_sentence(tmp_path: Path, content: bytes, ending: str) -> None:
    path = tmp_path / f"list{ending}"
    path.write_bytes(content)
    with suppress(PathListError):  # such as a table that is none
        named = read_path_list(str(path))
        assert named is not None
        assert named.paths == []
        named.first_lost.encode()
