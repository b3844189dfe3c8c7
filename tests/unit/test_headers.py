"""What a file says of its image before the pixels."""

import math
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from resmem_gui.file_state import file_state
from resmem_gui.images.headers import read_header

_EXIF_IFD, _ORIGINAL, _DIGITIZED, _FRACTION = 0x8769, 0x9003, 0x9004, 0x9291
NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC).timestamp()


def photograph(path: Path, fields: dict[int, object], orientation: int = 1) -> Path:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif.get_ifd(_EXIF_IFD).update(fields)
    Image.new("RGB", (40, 30)).save(path, exif=exif)
    return path


@pytest.mark.parametrize("ending", ["jpg", "png", "webp"])
def test_the_time_of_taking_is_the_cameras(tmp_path: Path, ending: str) -> None:
    path = photograph(tmp_path / f"a.{ending}", {_ORIGINAL: "2026:03:01 12:00:00"})
    header = read_header(str(path))
    assert header.taken == NOON
    assert header.size == (40, 30)
    assert header.state == file_state(str(path))


def test_frames_of_a_burst_differ_by_fractions(tmp_path: Path) -> None:
    path = photograph(tmp_path / "a.jpg", {_ORIGINAL: "2026:03:01 12:00:00", _FRACTION: "25"})
    assert read_header(str(path)).taken == NOON + 0.25


def test_a_scan_tells_when_it_was_scanned(tmp_path: Path) -> None:
    path = photograph(tmp_path / "a.jpg", {_DIGITIZED: "2026:03:01 12:00:00"})
    assert read_header(str(path)).taken == NOON


@pytest.mark.parametrize(
    "text", ["", "0000:00:00 00:00:00", "yesterday", "2026:13:40 25:61:61", "    :  :     :  :  "]
)
def test_a_time_that_is_none_is_unknown(tmp_path: Path, text: str) -> None:
    path = photograph(tmp_path / "a.jpg", {_ORIGINAL: text})
    assert math.isnan(read_header(str(path)).taken)


def test_an_image_on_its_side_has_the_size_that_people_see(tmp_path: Path) -> None:
    path = photograph(tmp_path / "a.jpg", {}, orientation=6)
    header = read_header(str(path))
    assert header.size == (30, 40)
    assert math.isnan(header.taken)


def test_what_is_no_image_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("no image")
    header = read_header(str(tmp_path / "a.jpg"))
    assert header.size is None
    assert math.isnan(header.taken)
    assert header.state is not None
    assert read_header(str(tmp_path / "nothing.jpg")).state is None


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # as the program does, see resmem_gui.cli
def test_damaged_metadata_do_not_hide_the_size(tmp_path: Path) -> None:
    path = photograph(tmp_path / "a.jpg", {_ORIGINAL: "2026:03:01 12:00:00"})
    content = path.read_bytes()
    at = content.index(b"Exif\0\0")
    path.write_bytes(content[: at + 14] + b"\xff" * 12 + content[at + 26 :])
    assert read_header(str(path)).size == (40, 30)
