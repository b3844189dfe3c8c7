"""A changed file has another state."""

import os
from pathlib import Path

import pytest

from resmem_gui.file_state import FileState, file_state

NOW = 1_700_000_000_000_000_000
SECOND = 1_000_000_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "a.jpg"
    made.write_bytes(b"picture")
    os.utime(made, ns=(NOW, NOW))
    return made


def test_the_state_is_what_the_file_system_says(file: Path) -> None:
    status = file.stat()
    assert file_state(str(file)) == FileState(7, status.st_mtime_ns, status.st_ino)
    assert FileState.from_stat(status) == file_state(str(file))


def test_a_file_left_alone_keeps_its_state(file: Path) -> None:
    before = file_state(str(file))
    file.read_bytes()
    assert file_state(str(file)) == before


def test_another_length_is_another_state(file: Path) -> None:
    before = file_state(str(file))
    file.write_bytes(b"longer picture")
    os.utime(file, ns=(NOW, NOW))
    assert file_state(str(file)) != before


def test_another_time_is_another_state(file: Path) -> None:
    before = file_state(str(file))
    os.utime(file, ns=(NOW, NOW + SECOND))
    assert file_state(str(file)) != before


def test_another_file_moved_into_its_place_is_another_state(file: Path) -> None:
    before = file_state(str(file))
    other = file.with_name("b.jpg")
    other.write_bytes(b"PICTURE")
    os.utime(other, ns=(NOW, NOW))
    other.replace(file)
    assert file_state(str(file)) != before


def test_a_link_has_the_state_of_its_file(file: Path) -> None:
    link = file.with_name("link.jpg")
    link.symlink_to(file)
    assert file_state(str(link)) == file_state(str(file))


def test_a_time_before_1970_is_told(file: Path) -> None:
    os.utime(file, ns=(-SECOND, -SECOND))
    state = file_state(str(file))
    assert state is not None
    assert state.mtime_ns == -SECOND


def test_different_states_have_different_texts() -> None:
    texts = [
        FileState(*numbers).text for numbers in [(1, 2, 3), (12, 2, 3), (1, 22, 3), (1, 2, 33), (12, -2, 3)]
    ]
    assert len(set(texts)) == len(texts)
    assert FileState(7, -SECOND, 2**64 - 1).text == "7 -1000000000 18446744073709551615"


@pytest.mark.parametrize("path", ["missing.jpg", "", "a.jpg/b.jpg", "x" * 5000, "nul\0.jpg", "\ud800.jpg"])
def test_what_cannot_be_asked_has_no_state(file: Path, path: str) -> None:
    assert file_state(f"{file.parent}/{path}") is None


def test_only_regular_files_have_a_state(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert file_state(str(tmp_path)) is None
    assert file_state(str(tmp_path / "pipe.jpg")) is None


@pytest.mark.parametrize(
    ("age_ns", "settled"),
    [(3600 * SECOND, True), (2 * SECOND, True), (2 * SECOND - 1, False), (0, False), (-3600 * SECOND, False)],
)
def test_a_file_is_settled_two_seconds_after_its_last_change(age_ns: int, settled: bool) -> None:
    assert FileState(7, NOW - age_ns, 1).is_settled(NOW) is settled
