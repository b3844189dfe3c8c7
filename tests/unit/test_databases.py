"""Databases are opened, made and brought up to date; what is not ours stays as it is."""

import contextlib
import errno
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from resmem_gui import databases
from resmem_gui.databases import (
    DamagedError,
    Database,
    DatabaseError,
    ForeignError,
    NewerError,
    Schema,
    connect,
    translate,
)
from tests.unit.processes import run_together

FIRST = """
-- Things; a comment with a semicolon and an apostrophe doesn't matter.
CREATE TABLE things (
    name TEXT PRIMARY KEY  -- unique;
);
INSERT INTO things VALUES ('first');
"""
SECOND = """
ALTER TABLE things ADD COLUMN weight REAL;
INSERT INTO things VALUES ('second', 2.5);
"""
BROKEN = """
ALTER TABLE things ADD COLUMN weight REAL;
INSERT INTO nowhere VALUES (1);
"""
OLD = Schema(0x54455354, (FIRST,))
NEW = Schema(0x54455354, (FIRST, SECOND))
FAILING = Schema(0x54455354, (FIRST, BROKEN))

#: A user without rights.
NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is going to be. Its folder holds nothing else."""
    return tmp_path / "own" / "things.sqlite"


def make(path: Path, schema: Schema = OLD) -> None:
    connect(path, schema).close()


def names(path: Path | None, schema: Schema) -> list[str]:
    """The things in a database, opened and closed again."""
    with contextlib.closing(connect(path, schema)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM things ORDER BY name")]


def version(path: Path) -> int:
    """The version as the file has it."""
    return int.from_bytes(path.read_bytes()[60:64], "big")


def folder_content(path: Path) -> dict[str, bytes]:
    """Every file in the database's folder."""
    return {file.name: file.read_bytes() for file in path.parent.iterdir()}


# --- opening -------------------------------------------------------------------------------------


def test_a_missing_database_is_made_with_its_folder(path: Path) -> None:
    assert names(path, OLD) == ["first"]
    assert list(folder_content(path)) == ["things.sqlite"]


def test_an_empty_file_is_a_new_database(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    assert names(path, OLD) == ["first"]


def test_what_was_written_is_there_when_it_is_opened_again(path: Path) -> None:
    with contextlib.closing(connect(path, OLD)) as connection:
        connection.execute("INSERT INTO things VALUES ('mine')")
    assert names(path, OLD) == ["first", "mine"]


def test_opening_a_database_that_is_up_to_date_changes_nothing(path: Path) -> None:
    make(path)
    before = folder_content(path)
    make(path)
    assert folder_content(path) == before


def test_a_database_in_memory_is_new_every_time() -> None:
    with contextlib.closing(connect(None, OLD)) as connection:
        connection.execute("INSERT INTO things VALUES ('mine')")
    assert names(None, NEW) == ["first", "second"]


def test_a_reader_does_not_wait_for_a_writer(path: Path) -> None:
    with contextlib.closing(connect(path, OLD)) as writer, contextlib.closing(connect(path, OLD)) as reader:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO things VALUES ('half done')")
        assert reader.execute("SELECT name FROM things").fetchall() == [("first",)]
        writer.execute("ROLLBACK")


def test_an_awkward_name_is_a_name(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"file:a?b=%20\xff\n'\".sqlite")
    assert names(path, OLD) == ["first"]
    assert path.is_file()


# --- migrations ----------------------------------------------------------------------------------


def test_an_older_database_is_brought_up_to_date(path: Path) -> None:
    with contextlib.closing(connect(path, OLD)) as connection:
        connection.execute("INSERT INTO things VALUES ('mine')")
    assert names(path, NEW) == ["first", "mine", "second"]
    assert names(path, NEW) == ["first", "mine", "second"]
    assert version(path) == 2


def test_a_failing_migration_leaves_the_older_database_whole(path: Path) -> None:
    make(path)
    before = folder_content(path)
    with pytest.raises(DatabaseError, match="no such table: nowhere"):
        connect(path, FAILING)
    assert folder_content(path) == before
    assert names(path, OLD) == ["first"]


def test_a_failing_beginning_leaves_no_tables(path: Path) -> None:
    with pytest.raises(DatabaseError):
        connect(path, FAILING)
    assert names(path, NEW) == ["first", "second"]


OPEN = """
import sys
from pathlib import Path
from resmem_gui.databases import connect
from tests.unit.test_databases import NEW
print("ready", flush=True)
sys.stdin.readline()
connection = connect(Path(sys.argv[1]), NEW)
print(connection.execute("SELECT count(*) FROM things").fetchone()[0])
connection.close()
"""


@pytest.mark.parametrize("before", [None, OLD], ids=["new", "older"])
def test_processes_that_open_at_the_same_time_all_succeed(path: Path, before: Schema | None) -> None:
    if before is not None:
        make(path, before)
    assert run_together(OPEN, *[[path]] * 4) == [("2\n", "")] * 4


def test_two_processes_at_the_same_migration_apply_it_once(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(path)
    look = databases._refuse_what_is_not_ours

    def look_and_be_overtaken(path: Path, schema: Schema) -> None:
        look(path, schema)
        monkeypatch.undo()
        make(path, NEW)

    monkeypatch.setattr(databases, "_refuse_what_is_not_ours", look_and_be_overtaken)
    assert names(path, NEW) == ["first", "second"]


def test_a_newer_program_that_comes_first_is_noticed(path: Path) -> None:
    make(path)
    with contextlib.closing(connect(path, NEW)):  # its change is in the -wal file, not yet in the header
        assert version(path) == 1
        with pytest.raises(NewerError):
            connect(path, OLD)


def test_write_ahead_mode_waits_for_another_process(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate = databases._migrate
    waits: list[float] = []

    def migrate_and_be_overtaken(*arguments: Any) -> None:
        migrate(*arguments)
        other.execute("BEGIN IMMEDIATE")

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            other.execute("COMMIT")

    path.parent.mkdir()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        monkeypatch.setattr(databases, "_migrate", migrate_and_be_overtaken)
        monkeypatch.setattr(time, "sleep", sleep)
        assert names(path, OLD) == ["first"]
    assert len(waits) == 3


def test_a_database_in_use_for_too_long_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(path)
    monkeypatch.setattr(databases, "_PATIENCE_S", 0.05)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="another program has been using it for too long; try again"):
            connect(path, OLD)


# --- what is left as it is -----------------------------------------------------------------------


def text_file(path: Path) -> None:
    path.write_text("Dear diary, this is no database at all. " * 200)


def short_text_file(path: Path) -> None:
    path.write_text("!")


def zeros(path: Path) -> None:
    path.write_bytes(bytes(8192))


def other_program(path: Path) -> None:
    make(path, Schema(0x4F544852, (FIRST,)))


def unmarked_database(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE precious (everything)")


def unmarked_database_in_write_ahead_mode(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE precious (everything)")


def newer(path: Path) -> None:
    make(path, NEW)


def newer_and_left_by_a_crash(path: Path) -> None:
    """What is not yet in the main file stays in the -wal file: it is not for us to bring it there."""
    with contextlib.closing(connect(path, NEW)) as connection:
        connection.execute("PRAGMA wal_checkpoint")
        connection.execute("INSERT INTO things VALUES ('mine', 1)")
        content = folder_content(path)
    for name, left in content.items():
        path.with_name(name).write_bytes(left)


def other_beginning(path: Path) -> None:
    make(path)
    with path.open("r+b") as file:
        file.write(b"Not SQLite at all")


def garbled_names(path: Path) -> None:
    make(path)
    path.write_bytes(path.read_bytes().replace(b"things", b"th\x8fngs", 2))


def truncated(path: Path) -> None:
    make(path)
    os.truncate(path, path.stat().st_size - 4096)


def garbage_after_the_header(path: Path) -> None:
    make(path)
    with path.open("r+b") as file:
        file.seek(100)
        file.write(Random(1).randbytes(path.stat().st_size - 100))


def garbage_in_the_header(path: Path) -> None:
    make(path)
    with path.open("r+b") as file:
        file.seek(16)
        file.write(b"\xff" * 8)


@pytest.mark.parametrize(
    ("prepare", "error"),
    [
        (text_file, ForeignError),
        (short_text_file, ForeignError),
        (zeros, ForeignError),
        (other_program, ForeignError),
        (unmarked_database, ForeignError),
        (unmarked_database_in_write_ahead_mode, ForeignError),
        (newer, NewerError),
        (newer_and_left_by_a_crash, NewerError),
        (other_beginning, ForeignError),
        (garbled_names, DamagedError),
        (truncated, DamagedError),
        (garbage_after_the_header, DamagedError),
        (garbage_in_the_header, DamagedError),
    ],
)
def test_what_cannot_be_used_is_told_and_left_as_it_is(
    path: Path, prepare: Callable[[Path], None], error: type[DatabaseError]
) -> None:
    path.parent.mkdir()
    prepare(path)
    before = folder_content(path)
    for _ in range(2):
        with pytest.raises(error) as refused:
            connect(path, OLD)
        assert type(refused.value) is error
        assert str(path) in str(refused.value)
        assert str(refused.value).endswith(".")
        assert folder_content(path) == before


def test_a_foreign_database_in_use_is_left_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE precious (everything)")
        before = folder_content(path)
        with pytest.raises(ForeignError):
            connect(path, OLD)
        assert folder_content(path) == before


# --- a database that is kept open ----------------------------------------------------------------


def test_the_bytes_on_the_disk_are_counted_and_what_has_gone_takes_none(path: Path) -> None:
    with contextlib.closing(Database(path, OLD)) as database:
        with database._using() as connection:
            connection.execute("INSERT INTO things VALUES ('mine')")
        files = [path, path.with_name(f"{path.name}-wal")]
        assert database.file_bytes() == sum(file.stat().st_size for file in files) > files[0].stat().st_size
        files[1].unlink()
        assert database.file_bytes() == files[0].stat().st_size


def test_a_database_in_memory_takes_no_disk() -> None:
    with contextlib.closing(Database(None, OLD)) as database:
        assert database.file_bytes() == 0


def test_errors_in_use_become_sentences_and_the_next_user_goes_on(path: Path) -> None:
    with contextlib.closing(Database(path, OLD)) as database:
        with (
            pytest.raises(DatabaseError, match="no such table: nowhere") as told,
            database._using() as connection,
        ):
            connection.execute("SELECT * FROM nowhere")
        assert str(path) in str(told.value)
        with database._using() as connection:
            assert connection.execute("SELECT name FROM things").fetchall() == [("first",)]


def test_tables_are_emptied_all_or_none(path: Path) -> None:
    with contextlib.closing(Database(path, OLD)) as database:
        with pytest.raises(DatabaseError, match="no such table: nowhere"), database._using():
            database._empty("things", "nowhere")
        with database._using() as connection:
            assert connection.execute("SELECT count(*) FROM things").fetchone() == (1,)
            database._empty("things")
    assert names(path, OLD) == []


# --- what stands in the way ----------------------------------------------------------------------


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file where a folder should be")
    with pytest.raises(DatabaseError, match=r"cannot be used: .*blocked\)\.$"):
        connect(tmp_path / "blocked" / "things.sqlite", OLD)


def test_a_folder_in_place_of_the_file_is_told(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(DatabaseError, match="Is a directory"):
        connect(path, OLD)


@pytest.fixture
def no_root() -> Iterator[Path]:
    """A folder of somebody who is not root, and who runs the test: root may write anywhere."""
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if root:
            os.chown(folder, NOBODY, -1)
            os.seteuid(NOBODY)
        try:
            yield Path(folder)
        finally:
            if root:
                os.seteuid(0)
            Path(folder).chmod(0o700)


def test_a_read_only_file_is_told_when_it_is_opened(no_root: Path) -> None:
    path = no_root / "things.sqlite"
    make(path)
    path.chmod(0o400)
    before = folder_content(path)
    with pytest.raises(DatabaseError, match="Permission denied"):
        connect(path, OLD)
    assert folder_content(path) == before


@pytest.mark.parametrize("exists", [True, False], ids=["with-database", "empty"])
def test_a_read_only_folder_is_told(no_root: Path, exists: bool) -> None:
    path = no_root / "things.sqlite"
    if exists:
        make(path)
    no_root.chmod(0o500)
    before = folder_content(path)
    with pytest.raises(DatabaseError, match="read-only"):
        connect(path, OLD)
    assert folder_content(path) == before


def test_a_forbidden_folder_is_told(no_root: Path) -> None:
    no_root.chmod(0o500)
    with pytest.raises(DatabaseError, match="Permission denied"):
        connect(no_root / "own" / "things.sqlite", OLD)


def test_a_disk_full_from_the_beginning_is_told(path: Path) -> None:
    full = Schema(OLD.application_id, ("PRAGMA max_page_count = 1;\n" + FIRST,))
    with pytest.raises(DatabaseError, match="the disk is full; make room and try again"):
        connect(path, full)
    assert names(path, OLD) == ["first"]


# --- errors in use -------------------------------------------------------------------------------


def sqlite_error(code: int, text: str = "text of SQLite") -> sqlite3.Error:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (sqlite_error(sqlite3.SQLITE_CORRUPT), DamagedError, "is damaged"),
        (sqlite_error(sqlite3.SQLITE_CORRUPT_INDEX), DamagedError, "is damaged"),
        (sqlite_error(sqlite3.SQLITE_NOTADB), DamagedError, "is damaged"),
        (sqlite3.OperationalError("Could not decode to UTF-8 column"), DamagedError, "is damaged"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), DamagedError, "is damaged"),
        (sqlite_error(sqlite3.SQLITE_FULL), DatabaseError, "the disk is full"),
        (sqlite_error(sqlite3.SQLITE_IOERR_WRITE), DatabaseError, "could not be read or written"),
        (sqlite_error(sqlite3.SQLITE_READONLY_DBMOVED), DatabaseError, "read-only"),
        (sqlite_error(sqlite3.SQLITE_CANTOPEN), DatabaseError, "cannot be opened"),
        (sqlite_error(sqlite3.SQLITE_TOOBIG), DatabaseError, "text of SQLite"),
        (sqlite3.ProgrammingError("It is closed."), DatabaseError, "cannot be used: It is closed."),
        (OSError(errno.ENOSPC, "No space left on device"), DatabaseError, "No space left on device"),
    ],
)
@pytest.mark.parametrize("path", [Path("/data/things.sqlite"), None], ids=["file", "memory"])
def test_errors_become_sentences(
    error: sqlite3.Error | OSError | UnicodeDecodeError,
    kind: type[DatabaseError],
    reason: str,
    path: Path | None,
) -> None:
    told = translate(error, path)
    assert type(told) is kind
    assert reason in str(told)
    assert str(path or "in memory") in str(told)
    assert not str(told).endswith("..")


def test_a_path_that_is_no_text_can_be_shown() -> None:
    told = translate(sqlite_error(sqlite3.SQLITE_FULL), Path(os.fsdecode(b"/data/\xff.sqlite")))
    assert "/data/�.sqlite" in str(told)
