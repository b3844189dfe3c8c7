"""Finding images in what a person names."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from resmem_gui.images.discovery import Discovery, FolderProblem

GreyFile = Callable[[str, int], str]

needs_links = pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")


def found(folder: Path, **options: Any) -> list[str]:
    """Return what is found in a folder, relative to it."""
    return [os.path.relpath(path, folder) for path in Discovery([folder], **options)]


def test_files_come_in_natural_order_and_before_subfolders(tmp_path: Path, grey_file: GreyFile) -> None:
    for name in ("b/1.png", "a10/x.png", "a2/x.png", "img10.png", "img2.png", "Img1.png", "a2/deep/y.png"):
        grey_file(name, 0)
    expected = ["Img1.png", "img2.png", "img10.png", "a2/x.png", "a2/deep/y.png", "a10/x.png", "b/1.png"]
    assert found(tmp_path) == [str(Path(name)) for name in expected]


def test_without_recursion_subfolders_are_left_alone(tmp_path: Path, grey_file: GreyFile) -> None:
    grey_file("top.png", 0)
    grey_file("sub/inner.png", 0)
    assert found(tmp_path, recursive=False) == ["top.png"]


@pytest.mark.parametrize(
    "name", ["photo", "photo.txt", "photo.jpg.bak"], ids=["no extension", "txt", "unknown extension"]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "HEIF", "AVIF", "JPEG2000"])
def test_an_image_is_found_by_its_content_whatever_its_name(tmp_path: Path, name: str, kind: str) -> None:
    Image.new("RGB", (16, 16)).save(tmp_path / name, format=kind)
    assert found(tmp_path) == [name]


@pytest.mark.parametrize("name", ["broken.jpg", "EMPTY.JPEG", "x.HeIc", "x.tif", "x.pcx", "x.tga"])
def test_a_file_with_an_image_name_is_listed_even_when_it_is_none(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("no image at all")
    assert found(tmp_path) == [name]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", b"P1 of my plan, BM, GIF, JPEG"),
        ("notes", b""),
        ("script.py", b"import os\n" * 20),
        ("BMW.md", b"BMW " * 30),
        ("film.mp4", b"\0\0\0\x18ftypmp42" + bytes(60)),
        ("paper.pdf", b"%PDF-1.7\n" + bytes(60)),
        ("figure.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n" + bytes(60)),
        ("random", bytes(range(255, 155, -1))),
    ],
)
def test_what_neither_name_nor_content_calls_an_image_is_passed_over(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    walk = Discovery([tmp_path])
    assert list(walk) == []
    assert walk.files_seen == 1


def test_files_named_by_the_person_are_always_yielded(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no image")
    (tmp_path / ".hidden.png").write_text("hidden")
    named = [str(tmp_path / name) for name in ("notes.txt", ".hidden.png", "missing.jpg")]
    walk = Discovery(named)
    assert list(walk) == named
    assert walk.files_seen == 3


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path, grey_file: GreyFile) -> None:
    for name in (".a.png", "._b.png", ".thumbnails/c.png", "sub/.d.png", "e.png"):
        grey_file(name, 0)
    assert found(tmp_path) == ["e.png"]


def test_a_hidden_folder_that_is_named_is_looked_into(tmp_path: Path, grey_file: GreyFile) -> None:
    grey_file(".secret/a.png", 0)
    assert found(tmp_path / ".secret") == ["a.png"]


@needs_links
def test_a_loop_of_links_ends(tmp_path: Path, grey_file: GreyFile) -> None:
    grey_file("sub/a.png", 0)
    (tmp_path / "sub" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "sub" / "self").symlink_to("self")
    assert found(tmp_path) == [str(Path("sub/a.png"))]


@needs_links
def test_links_to_files_and_folders_are_followed_and_keep_their_own_path(
    tmp_path: Path, grey_file: GreyFile
) -> None:
    grey_file("elsewhere/a.png", 0)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "folder").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (inside / "link.png").symlink_to(tmp_path / "elsewhere" / "a.png")
    (inside / "dangling.png").symlink_to(tmp_path / "nowhere.png")
    assert found(inside) == ["link.png", str(Path("folder/a.png"))]


@needs_links
def test_a_folder_reached_twice_is_walked_once(tmp_path: Path, grey_file: GreyFile) -> None:
    image = grey_file("sub/a.png", 0)
    walk = Discovery([tmp_path, tmp_path / "sub", tmp_path])
    assert list(walk) == [image]


def test_a_folder_that_may_not_be_read_is_a_problem_and_the_walk_goes_on(
    tmp_path: Path, grey_file: GreyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    grey_file("closed/a.png", 0)
    open_image = grey_file("open/b.png", 0)
    real = os.scandir

    def scandir(folder: str) -> Any:
        if folder.endswith("closed"):
            raise PermissionError(13, "Permission denied", folder)
        return real(folder)

    monkeypatch.setattr("resmem_gui.images.discovery.os.scandir", scandir)
    walk = Discovery([tmp_path])
    assert list(walk) == [open_image]
    assert walk.problems == [
        FolderProblem(str(tmp_path / "closed"), "This folder could not be read: Permission denied.")
    ]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_real_permissions_are_a_problem_too(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    walk = Discovery([tmp_path])
    assert list(walk) == []
    assert [problem.path for problem in walk.problems] == [str(closed)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("name", ["pipe", "pipe.png"])
def test_a_pipe_inside_a_folder_is_never_opened(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)  # opening it would block until the time limit
    assert found(tmp_path) == []


def test_all_files_looked_at_are_counted(tmp_path: Path, grey_file: GreyFile) -> None:
    grey_file("a.png", 0)
    grey_file("sub/b.png", 0)
    (tmp_path / "notes.txt").write_text("text")
    walk = Discovery([tmp_path])
    assert len(list(walk)) == 2
    assert walk.files_seen == 3


def test_cancelling_stops_inside_a_folder(tmp_path: Path, grey_file: GreyFile) -> None:
    for number in range(5):
        grey_file(f"{number}.png", 0)
        grey_file(f"sub/{number}.png", 0)
    assert until_cancelled([tmp_path], after=2) == ["0.png", "1.png"]


def test_cancelling_stops_between_named_files(tmp_path: Path) -> None:
    named = [tmp_path / f"{number}.png" for number in range(5)]
    assert until_cancelled(named, after=3) == ["0.png", "1.png", "2.png"]


def until_cancelled(paths: list[Path], *, after: int) -> list[str]:
    """Return the names found when the walk is cancelled after some images."""
    names: list[str] = []
    walk: Iterator[str] = iter(Discovery(paths, is_cancelled=lambda: len(names) >= after))
    for path in walk:
        names.append(os.path.basename(path))  # noqa: PERF401 - the walk looks at them meanwhile
    return names


def test_relative_paths_become_absolute(
    tmp_path: Path, grey_file: GreyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = grey_file("sub/a.png", 0)
    monkeypatch.chdir(tmp_path)
    assert list(Discovery(["sub", Path("sub", "..", "sub", "a.png")])) == [image, image]


def test_awkward_names_come_through_unchanged(tmp_path: Path, awkward_names: list[str]) -> None:
    for name in awkward_names:
        # Bytes, as Pillow cannot write to every name.
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    assert found(tmp_path) == awkward_names
