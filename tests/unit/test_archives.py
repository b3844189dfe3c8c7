"""Zip files, friendly and hostile: what comes out, where it lands, and what is said of the rest."""

import io
import os
import stat
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from resmem_gui.images import archives
from resmem_gui.images.archives import ArchiveError, Unpacked, unpack
from resmem_gui.images.clean_names import clean_name


def png(grey: int = 100) -> bytes:
    file = io.BytesIO()
    Image.new("L", (8, 8), grey).save(file, "PNG")
    return file.getvalue()


PNG = png()


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def make_zip(tmp_path: Path) -> Callable[..., str]:
    def make(*members: tuple[str | zipfile.ZipInfo, bytes], name: str = "photos.zip") -> str:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members:
                archive.writestr(member, content)
        return str(path)

    return make


MakeZip = Callable[..., str]


def unpacked_from(path: str, parent: Path) -> Unpacked:
    unpacked = unpack(path, parent)
    assert unpacked is not None
    return unpacked


def names_in(unpacked: Unpacked) -> list[str]:
    return [Path(path).relative_to(unpacked.folder).as_posix() for path in unpacked.paths]


def everything_below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_images_keep_their_folders_content_order_and_time(parent: Path, make_zip: MakeZip) -> None:
    dated = zipfile.ZipInfo("b.png", (2019, 7, 14, 12, 30, 10))
    path = make_zip((dated, PNG), ("sub/deep/a.JPG", b"broken, but its owner wants to see it"))
    unpacked = unpacked_from(path, parent)
    assert names_in(unpacked) == ["b.png", "sub/deep/a.JPG"]
    assert Path(unpacked.paths[0]).read_bytes() == PNG
    assert time.localtime(Path(unpacked.paths[0]).stat().st_mtime)[:6] == (2019, 7, 14, 12, 30, 10)
    assert unpacked.folder.parent == parent
    assert unpacked.folder.name.startswith("photos ")
    assert (unpacked.others, unpacked.problems) == (0, [])


def test_what_is_no_image_is_counted_and_what_is_hidden_is_passed_over(
    parent: Path, make_zip: MakeZip
) -> None:
    path = make_zip(
        ("a.png", PNG), ("read me.txt", b"x"), ("tool.exe", b"x"), ("__MACOSX/._a.png", b"x"), ("sub/", b""),
        (".hidden.png", PNG), (".thumbnails/b.png", PNG), ("sub/__MACOSX/c.png", PNG),
    )  # fmt: skip
    unpacked = unpacked_from(path, parent)
    assert names_in(unpacked) == ["a.png"]
    assert unpacked.others == 2
    assert everything_below(unpacked.folder) == [".unpacked.json", "a.png"]


def test_the_same_archive_is_unpacked_once(parent: Path, make_zip: MakeZip) -> None:
    path = make_zip(("a.png", PNG), ("b.txt", b""), ("locked.png", PNG))
    first = unpacked_from(path, parent)
    before = Path(first.paths[0]).stat()
    assert unpacked_from(path, parent) == first
    assert Path(first.paths[0]).stat() == before
    assert [folder.name for folder in parent.iterdir()] == [first.folder.name]


def test_an_archive_that_changed_is_another(parent: Path, make_zip: MakeZip) -> None:
    first = unpacked_from(make_zip(("a.png", PNG)), parent)
    second = unpacked_from(make_zip(("a.png", png(7)), ("b.png", PNG)), parent)
    assert second.folder != first.folder
    assert Path(first.paths[0]).read_bytes() == PNG


def test_what_was_taken_away_comes_back(parent: Path, make_zip: MakeZip) -> None:
    path = make_zip(("a.png", PNG), ("b.png", PNG))
    first = unpacked_from(path, parent)
    Path(first.paths[0]).unlink()
    assert unpacked_from(path, parent) == first
    assert Path(first.paths[0]).read_bytes() == PNG
    assert len(list(parent.iterdir())) == 1


@pytest.mark.parametrize(
    "name",
    ["../evil.png", "../../../evil.png", "/etc/evil.png", "C:\\evil.png", "..\\evil.png", "a/../../evil.png",
     "sub/./../..//evil.png"],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder(tmp_path: Path, parent: Path, make_zip: MakeZip, name: str) -> None:
    unpacked = unpacked_from(make_zip((name, PNG)), parent)
    assert len(unpacked.paths) == 1
    assert unpacked.paths[0].endswith("evil.png")
    assert Path(unpacked.paths[0]).resolve().is_relative_to(unpacked.folder.resolve())
    assert len(everything_below(tmp_path)) == 3  # the archive, the image, the note


def test_links_are_not_followed(tmp_path: Path, parent: Path, make_zip: MakeZip) -> None:
    link = zipfile.ZipInfo("link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    folder = zipfile.ZipInfo("out")
    folder.external_attr = (stat.S_IFLNK | 0o777) << 16
    unpacked = unpacked_from(make_zip((link, b"/etc/passwd"), (folder, b"/tmp"), ("out/a.png", PNG)), parent)
    assert names_in(unpacked) == ["out/a.png"]
    assert [(problem.name, problem.reason) for problem in unpacked.problems] == [
        ("link.png", "It is a link and no file.")
    ]
    assert not any(path.is_symlink() for path in unpacked.folder.rglob("*"))


def test_a_locked_image_says_so(parent: Path, make_zip: MakeZip) -> None:
    path = Path(make_zip(("a.png", PNG), ("b.png", png(5))))
    content = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + place] |= 1
    path.write_bytes(content)
    unpacked = unpacked_from(str(path), parent)
    assert names_in(unpacked) == ["b.png"]
    assert unpacked.problems[0].name == "a.png"
    assert "password" in unpacked.problems[0].reason


def test_a_damaged_image_says_so_and_the_others_come(parent: Path, make_zip: MakeZip) -> None:
    path = Path(make_zip(("a.png", PNG), ("b.png", png(5))))
    content = bytearray(path.read_bytes())
    content[content.index(b"a.png") + 5 + 20] ^= 0xFF
    path.write_bytes(content)
    unpacked = unpacked_from(str(path), parent)
    assert names_in(unpacked) == ["b.png"]
    assert [(problem.name, problem.reason) for problem in unpacked.problems] == [("a.png", "It is damaged.")]
    assert everything_below(unpacked.folder) == [".unpacked.json", "b.png"]


def test_an_unusual_compression_is_not_begun(tmp_path: Path, parent: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.png", PNG, zipfile.ZIP_BZIP2)
    unpacked = unpacked_from(str(tmp_path / "a.zip"), parent)
    assert unpacked.paths == []
    assert "compressed in a way" in unpacked.problems[0].reason


def test_a_member_that_swells_is_left_out(
    parent: Path, make_zip: MakeZip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resmem_gui.images.archive_members.HARMLESS_BYTES", 2**20)
    path = make_zip(("bomb.png", bytes(2 * 2**20)), ("a.png", PNG), ("large.png", os.urandom(2 * 2**20)))
    unpacked = unpacked_from(path, parent)
    assert names_in(unpacked) == ["a.png", "large.png"]
    assert "far more room" in unpacked.problems[0].reason


def test_many_members_that_swell_together_are_refused(
    parent: Path, make_zip: MakeZip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "HARMLESS_BYTES", 2**20)
    path = make_zip(*((f"{number}.png", bytes(2**18)) for number in range(10)))
    with pytest.raises(ArchiveError, match="made to fill disks"):
        unpack(path, parent)
    assert list(parent.iterdir()) == []


def test_a_member_never_takes_more_than_its_header_says(parent: Path, make_zip: MakeZip) -> None:
    path = Path(make_zip(("liar.png", bytes(2**20))))
    content = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.index(signature) + place, 100)
    path.write_bytes(content)
    unpacked = unpacked_from(str(path), parent)
    assert unpacked.paths == []
    assert unpacked.problems[0].reason == "It is damaged."


@pytest.mark.parametrize(
    ("limit", "words"), [("MAX_TOTAL_BYTES", "Unpack it yourself"), ("MAX_IMAGES", "limit")]
)
def test_there_are_limits(
    parent: Path, make_zip: MakeZip, monkeypatch: pytest.MonkeyPatch, limit: str, words: str
) -> None:
    monkeypatch.setattr(archives, limit, 1)
    with pytest.raises(ArchiveError, match=words):
        unpack(make_zip(("a.png", PNG), ("b.png", PNG)), parent)


def test_a_disk_without_room_is_not_filled(
    parent: Path, make_zip: MakeZip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_SPARE_BYTES", 2**62)
    with pytest.raises(ArchiveError, match="Make room"):
        unpack(make_zip(("a.png", PNG)), parent)
    assert list(parent.iterdir()) == []


def test_equal_names_get_a_number(parent: Path, make_zip: MakeZip) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = make_zip(
            ("a.png", png(1)), ("a.png", png(2)), ("A.PNG", png(3)), ("a (2).png", png(4)),
            ("x.png", png(5)), ("x.png/y.png", png(6)), ("a:.png", png(7)), ("a?.png", png(8)),
        )  # fmt: skip
    unpacked = unpacked_from(path, parent)
    assert [Path(path).read_bytes() for path in unpacked.paths] == [png(number) for number in range(1, 9)]
    names = names_in(unpacked)
    assert names[:4] == ["a.png", "a (2).png", "A (3).PNG", "a (2) (2).png"]
    assert names[4:] == ["x (2).png", "x.png/y.png", "a_.png", "a_ (2).png"]


@pytest.mark.parametrize("says_so", [True, False])
def test_names_in_utf_8_are_read_whether_the_archive_says_so_or_not(
    parent: Path, make_zip: MakeZip, says_so: bool
) -> None:
    path = Path(make_zip(("Bäume 桜.png", PNG)))
    content = bytearray(path.read_bytes())
    if not says_so:
        for signature, place in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
            content[content.index(signature) + place] &= ~0x08
    path.write_bytes(content)
    assert names_in(unpacked_from(str(path), parent)) == ["Bäume 桜.png"]


def test_names_in_code_page_437_are_read(parent: Path, make_zip: MakeZip) -> None:
    path = Path(make_zip(("BAUME.png", PNG)))
    path.write_bytes(path.read_bytes().replace(b"BAUME", "BÄUME".encode("cp437")))
    assert names_in(unpacked_from(str(path), parent)) == ["BÄUME.png"]


@pytest.mark.parametrize(
    "content", [b"", b"no archive", b"PK\x03\x04" + bytes(100), b"PK\x05\x06" + b"\xff" * 18]
)
def test_what_is_no_archive_is_refused(tmp_path: Path, parent: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(ArchiveError, match="no zip archive, or is damaged"):
        unpack(str(tmp_path / "a.zip"), parent)


def test_half_an_archive_is_refused(parent: Path, make_zip: MakeZip) -> None:
    path = Path(make_zip(("a.png", PNG)))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ArchiveError, match="damaged"):
        unpack(str(path), parent)


def test_an_archive_that_is_gone_or_a_folder_says_so(tmp_path: Path, parent: Path) -> None:
    for path in (tmp_path / "gone.zip", tmp_path):
        with pytest.raises(ArchiveError, match="no file"):
            unpack(str(path), parent)


def test_a_folder_that_cannot_be_made_says_so(parent: Path, make_zip: MakeZip) -> None:
    parent.write_text("a file in its place")
    with pytest.raises(ArchiveError, match="could not be unpacked: File exists"):
        unpack(make_zip(("a.png", PNG)), parent)


def test_a_full_disk_ends_it_and_leaves_nothing(
    parent: Path, make_zip: MakeZip, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: object, _portion: bytes) -> None:
        raise archives._WriteError(OSError(28, "No space left on device"))

    monkeypatch.setattr(archives, "_write_portion", full)
    with pytest.raises(ArchiveError, match="No space left on device"):
        unpack(make_zip(("a.png", PNG)), parent)
    assert list(parent.iterdir()) == []


def test_cancelling_leaves_nothing_behind(parent: Path, make_zip: MakeZip) -> None:
    path = make_zip(*((f"{number}.png", PNG) for number in range(20)))
    told: list[tuple[int, int]] = []
    ways: list[int] = []
    unpacked = unpack(
        path,
        parent,
        is_cancelled=lambda: len(told) == 5,
        give_way=lambda: ways.append(1),
        tell=lambda done, count: told.append((done, count)),
    )
    assert unpacked is None
    assert told == [(number, 20) for number in range(5)]
    assert ways
    assert list(parent.iterdir()) == []


def test_what_a_killed_program_left_is_removed_after_a_day(parent: Path, make_zip: MakeZip) -> None:
    for name, age in ((".unpacking-old", 2 * 86_400), (".unpacking-new", 60)):
        (parent / name / "images").mkdir(parents=True)
        os.utime(parent / name, (time.time() - age,) * 2)
    unpacked_from(make_zip(("a.png", PNG)), parent)
    assert min(path.name for path in parent.iterdir()) == ".unpacking-new"
    assert len(list(parent.iterdir())) == 2


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60) | st.lists(
    st.sampled_from(["..", ".", "", "con", "a", "A", " ", "a.", "~", "C:", "x" * 300, "ä" * 200,
                     "\u202egpj.exe"]),
    min_size=1, max_size=12,
).map("/".join)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(names=st.lists(NAMES, min_size=1, max_size=6, unique=True))
def test_any_names_are_unpacked_inside_the_folder_or_passed_over(tmp_path: Path, names: list[str]) -> None:
    path, parent = tmp_path / "a.zip", tmp_path / "own"
    with zipfile.ZipFile(path, "w") as archive:
        members = {name + ".png": png(number) for number, name in enumerate(names)}
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    unpacked = unpacked_from(str(path), parent)
    assert unpacked.problems == []
    inside = unpacked.folder.resolve()
    assert all(Path(found).resolve().is_relative_to(inside) for found in unpacked.paths)
    assert len(set(unpacked.paths)) == len(unpacked.paths)
    contents = {Path(found).read_bytes() for found in unpacked.paths}
    assert len(contents) == len(unpacked.paths) <= len(members)
    assert {path.name for path in tmp_path.iterdir()} == {"a.zip", "own"}


@given(st.text(max_size=400))
def test_a_clean_name_is_one_visible_name(name: str) -> None:
    clean = clean_name(name, "image")
    assert clean
    assert not set(clean) & set('/\\:*?"<>|\0\n')
    assert not clean.startswith((".", " "))
    assert not clean.endswith((".", " "))
    assert len(clean.encode()) <= 125
    assert clean_name(clean, "image") == clean


@pytest.mark.parametrize(
    ("name", "clean"),
    [("a.jpg", "a.jpg"), ("..", "image"),
     ("con.jpg", "_con.jpg"), ("a/b.jpg", "a_b.jpg"), (" .x.jpg ", "x.jpg"),
     ("Bäume.jpg", "Bäume.jpg"), ("a\u202egpj.exe", "a_gpj.exe"), ("???", "image"), ("\ud800.jpg", "_.jpg")],
)  # fmt: skip
def test_clean_names(name: str, clean: str) -> None:
    assert clean_name(name, "image") == clean
