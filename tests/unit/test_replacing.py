"""A file is replaced all or nothing."""

import errno
import os
import resource
from pathlib import Path

import pytest

from resmem_gui.replacing import replacing


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with old content, alone in its folder."""
    made = tmp_path / "alone" / "scores.csv"
    made.parent.mkdir()
    made.write_bytes(b"old")
    return made


def write(path: Path, content: bytes = b"new") -> None:
    with replacing(path) as stream:
        stream.write(content)


def assert_untouched(file: Path) -> None:
    """The old content is there, and nothing else."""
    assert file.read_bytes() == b"old"
    assert list(file.parent.iterdir()) == [file]


def test_a_new_file_gets_the_content_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "naïve ☂.bin"
    write(file, b"\r\n\0\xff\n")
    assert file.read_bytes() == b"\r\n\0\xff\n"
    assert list(tmp_path.iterdir()) == [file]


def test_an_old_file_is_replaced_and_nothing_else_is_left(file: Path) -> None:
    write(file)
    assert file.read_bytes() == b"new"
    assert list(file.parent.iterdir()) == [file]


def test_until_all_is_written_the_old_file_stays(file: Path) -> None:
    with replacing(file) as stream:
        stream.write(b"new")
        stream.flush()
        assert file.read_bytes() == b"old"
        (beside,) = set(file.parent.iterdir()) - {file}
        assert beside.name.startswith(".")
        assert beside.suffix == ".part"


def test_who_has_the_old_file_open_reads_it_to_the_end(file: Path) -> None:
    with file.open("rb") as reader:
        write(file)
        assert reader.read() == b"old"


def test_of_two_at_the_same_time_the_last_to_end_counts(file: Path) -> None:
    with replacing(file) as first:
        first.write(b"first")
        write(file, b"second")
        assert file.read_bytes() == b"second"
    assert file.read_bytes() == b"first"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("error", [OSError(errno.EIO, "I/O error"), KeyboardInterrupt(), ValueError("bug")])
def test_who_fails_while_writing_leaves_the_old_file_and_no_trace(file: Path, error: BaseException) -> None:
    def write_half() -> None:
        with replacing(file) as stream:
            stream.write(b"half")
            raise error

    with pytest.raises(type(error)) as told:
        write_half()
    assert told.value is error
    assert_untouched(file)


def test_who_fails_while_writing_a_new_file_leaves_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="bug"), replacing(tmp_path / "scores.csv"):
        raise ValueError("bug")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("call", ["os.fsync", "shutil.copymode", "pathlib.Path.replace"])
def test_a_step_that_fails_leaves_the_old_file_and_no_trace(
    file: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def fail(*arguments: object) -> None:
        raise OSError(errno.EIO, "I/O error")

    monkeypatch.setattr(call, fail)
    with pytest.raises(OSError, match="I/O error"):
        write(file)
    assert_untouched(file)


def test_all_is_on_the_disk_before_the_old_file_goes(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[tuple[int, bytes]] = []
    monkeypatch.setattr(os, "fsync", lambda fd: written.append((os.fstat(fd).st_size, file.read_bytes())))
    write(file)
    assert written == [(3, b"old")]


@pytest.mark.parametrize("size", [6_000, 6_000_000], ids=["told at the end", "told while writing"])
def test_a_full_disk_leaves_the_old_file_and_no_trace(file: Path, size: int) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(
        resource.RLIMIT_FSIZE, (5_000, before[1])
    )  # no file may grow further: as if it were full
    try:
        with pytest.raises(OSError, match="File too large"):
            write(file, bytes(size))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert_untouched(file)


def test_the_first_failure_is_told_even_if_the_trace_cannot_be_removed(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*arguments: object) -> None:
        raise PermissionError(errno.EPERM, "not this one")

    monkeypatch.setattr(Path, "unlink", forbidden)
    with pytest.raises(ValueError, match="bug"), replacing(file):
        raise ValueError("bug")
    assert file.read_bytes() == b"old"


@pytest.mark.parametrize("chain", [False, True], ids=["link", "link to a link"])
def test_a_link_stays_a_link(file: Path, tmp_path: Path, chain: bool) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(file)
    if chain:
        link = tmp_path / "other.csv"
        link.symlink_to("link.csv")
    write(link)
    assert link.is_symlink()
    assert not file.is_symlink()
    assert file.read_bytes() == b"new"
    assert list(file.parent.iterdir()) == [file]


def test_a_link_that_leads_nowhere_yet_leads_to_the_file_then(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to("scores.csv")
    write(tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "scores.csv").read_bytes() == b"new"


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444, 0o755])
def test_the_mode_is_kept(file: Path, mode: int) -> None:
    file.chmod(mode)
    write(file)
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o7777 == mode


def test_a_new_file_gets_the_mode_that_any_new_file_gets(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write(tmp_path / "scores.csv")
    finally:
        os.umask(before)
    assert (tmp_path / "scores.csv").stat().st_mode & 0o7777 == 0o640


def test_a_missing_folder_is_told_by_the_system_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "missing" / "scores.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "scores.csv"
    folder.mkdir()
    with pytest.raises(IsADirectoryError):
        write(folder)
    assert list(tmp_path.iterdir()) == [folder]


def test_a_name_as_long_as_the_system_allows_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 251 + ".csv")
    with replacing(path) as stream:
        stream.write(b"a")
    assert path.read_bytes() == b"a"
    assert list(tmp_path.iterdir()) == [path]
