"""Opens the program's own SQLite files, and changes no others."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: How long to wait for another process that writes, in seconds.
_PATIENCE_S: Final = 5.0

#: The first bytes of every SQLite file: https://www.sqlite.org/fileformat.html#the_database_header
_MAGIC: Final = b"SQLite format 3\0"
_HEADER_BYTES: Final = 100
_USER_VERSION: Final = slice(60, 64)
_APPLICATION_ID: Final = slice(68, 72)

#: What SQLite's errors mean to people, by primary result code.
_REASONS: Final = {
    sqlite3.SQLITE_FULL: "the disk is full; make room and try again",
    sqlite3.SQLITE_READONLY: "the file or its folder is read-only",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened or created; its folder may be read-only",
    sqlite3.SQLITE_PERM: "permission denied",
    sqlite3.SQLITE_BUSY: "another program has been using it for too long; try again",
    sqlite3.SQLITE_IOERR: "the disk could not be read or written",
}


@dataclass(frozen=True)
class Schema:
    """A kind of database and how its tables came about.

    Attributes:
        application_id: Marks files of this kind; positive, 31 bits.
        migrations: Script n brings version n to n + 1, from the empty version 0 on. Each statement ends with
            a semicolon at the end of a line.
    """

    application_id: int
    migrations: tuple[str, ...]

    @property
    def version(self) -> int:
        """The newest version, kept in the file as SQLite's `user_version`."""
        return len(self.migrations)


class DatabaseError(Exception):
    """A database cannot be used. The text is a sentence for people that names the file and says why."""


class DamagedError(DatabaseError):
    """The content is no longer what was written."""

    def __init__(self, path: Path | None) -> None:
        super().__init__(
            f"The database {_readable(path)} is damaged. Move it away or delete it: "
            "a new, empty one is then made in its place."
        )


class ForeignError(DatabaseError):
    """The file is another program's or no database at all."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The file {_readable(path)} is not a database of this program and is left as it is. "
            "Move it away: a new, empty database is then made in its place."
        )


class NewerError(DatabaseError):
    """The database was made by a newer version of this program."""

    def __init__(self, path: Path | None) -> None:
        super().__init__(
            f"The database {_readable(path)} was made by a newer version of this program and is left as it "
            "is. Install that version, or move the database away: a new, empty one is then made in its place."
        )


class Database:
    """An open database; what is kept in it is up to the class that is derived from this one.

    Any thread may call any method.

    Attributes:
        path: Its file; None in memory.
    """

    def __init__(self, path: Path | None, schema: Schema) -> None:
        """Open the database.

        Args:
            path: Its file, made where it is missing; open only once in a process. None: in memory.
            schema: What the database has to be.

        Raises:
            DatabaseError: It cannot be used.
        """
        self.path = path
        self._connection = connect(path, schema)
        self._lock = threading.Lock()

    def file_bytes(self) -> int:
        """Return how much of the disk the database takes, in bytes; 0 in memory."""
        if self.path is None:
            return 0
        total = 0
        for file in (self.path, self.path.with_name(f"{self.path.name}-wal")):
            with suppress(FileNotFoundError):  # another process may just have closed it
                total += file.stat().st_size
        return total

    def close(self) -> None:
        """Close the file. Nothing can be asked or kept any more."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection to one thread at a time.

        Raises:
            DatabaseError: It cannot be used: in place of SQLite's errors.
        """
        with self._lock:
            try:
                yield self._connection
            except (sqlite3.Error, UnicodeDecodeError) as error:
                raise translate(error, self.path) from error

    def _empty(self, *tables: str) -> None:
        """Delete all that is in these tables, or nothing. The connection is ours."""
        with self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            for table in tables:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - a name that the caller wrote

    def _shrink(self) -> None:
        """Give the disk space of what was deleted back. The connection is ours."""
        self._connection.execute("VACUUM")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def connect(path: Path | None, schema: Schema) -> sqlite3.Connection:
    """Open a database, made or brought to the newest version first where needed.

    A file that is not ours, or is newer, is only looked at: nothing is written to it or beside it. Other
    processes may open the same file at the same time, but one process only once: on POSIX, our look at the
    file would end the locks that an earlier connection holds (https://www.sqlite.org/howtocorrupt.html).
    Transactions are begun explicitly, and any thread may use the connection, one at a time.

    Args:
        path: Its folder is made where it is missing. None: in memory.
        schema: What the database has to be.

    Raises:
        DatabaseError: It cannot be used.
    """
    try:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            _refuse_what_is_not_ours(path, schema)
        connection = sqlite3.connect(
            path or ":memory:", timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False
        )
        try:
            _migrate(connection, path, schema)
            _log_ahead(connection)
        except BaseException:
            connection.close()
            raise
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
        raise translate(error, path) from error
    return connection


def translate(error: sqlite3.Error | OSError | UnicodeDecodeError, path: Path | None) -> DatabaseError:
    """Return what an error in the use of this database means to people; the path is None in memory.

    `sqlite3` raises UnicodeDecodeError where damaged names would be part of its message.
    """
    if isinstance(error, UnicodeDecodeError):
        return DamagedError(path)
    if isinstance(error, OSError):
        reason = f"{error.strerror} ({_readable(path if error.filename is None else error.filename)})"
        return DatabaseError(f"The database {_readable(path)} cannot be used: {reason}.")
    code = _primary_code(error)
    # Damaged text is noticed by Python, which gives no code.
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "decode to UTF-8" in str(error):
        return DamagedError(path)
    reason = _REASONS.get(code, str(error).rstrip("."))
    return DatabaseError(f"The database {_readable(path)} cannot be used: {reason}.")


def _refuse_what_is_not_ours(path: Path, schema: Schema) -> None:
    """Look at the header only, without SQLite: to read more it may have to write."""
    try:
        with path.open("r+b") as file:  # r+: SQLite itself is content with a file that it may only read
            header = file.read(_HEADER_BYTES)
    except FileNotFoundError:
        return
    if not header:  # new to SQLite, too
        return
    application_id = int.from_bytes(header[_APPLICATION_ID], "big")
    if not header.startswith(_MAGIC) or application_id != schema.application_id:
        raise ForeignError(path)
    if int.from_bytes(header[_USER_VERSION], "big") > schema.version:
        raise NewerError(path)


def _migrate(connection: sqlite3.Connection, path: Path | None, schema: Schema) -> None:
    with connection:
        connection.execute("BEGIN IMMEDIATE")  # first: another process may be at the same work
        connection.execute("SELECT count(*) FROM sqlite_master")  # damaged beginnings are noticed here
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > schema.version:  # the header knows nothing yet of changes still in the -wal file
            raise NewerError(path)
        if version == schema.version:
            return
        for script in schema.migrations[version:]:
            for statement in _statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {schema.application_id}")
        connection.execute(f"PRAGMA user_version = {schema.version}")


def _statements(script: str) -> Iterator[str]:
    """Split a script. `executescript` would end the transaction that is under way."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Let readers and a writer work side by side: https://www.sqlite.org/wal.html."""
    give_up_at = time.monotonic() + _PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            # In this one case SQLite does not wait for another process that writes.
            if _primary_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at:
                raise
            time.sleep(0.01)
    connection.execute("PRAGMA synchronous = NORMAL")


def _primary_code(error: sqlite3.Error) -> int:
    """Return SQLite's result code without its details; -1 for errors of Python's own."""
    code: int = getattr(error, "sqlite_errorcode", -1)
    return code & 0xFF if code >= 0 else code


def _readable(path: Path | str | None) -> str:
    return "in memory" if path is None else os.fsencode(path).decode("utf-8", "replace")
