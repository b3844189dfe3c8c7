"""Scores that outlive the window: what was scored once need not be scored again."""

import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

from platformdirs import user_data_path

from resmem_gui.databases import DamagedError, Database, Schema
from resmem_gui.file_state import FileState
from resmem_gui.library.records import Provenance

#: How many things are asked for at a time: few enough that others soon get their turn.
_CHUNK: Final = 500

_SCHEMA: Final = Schema(
    application_id=0x5265734D,  # "ResM"
    migrations=(
        """
        -- What is equal for scores to be equal. The device is not: its differences are rounding.
        CREATE TABLE makers (
            id INTEGER PRIMARY KEY,
            scorer TEXT NOT NULL,
            weights_sha256 TEXT NOT NULL,
            preprocessing TEXT NOT NULL,
            UNIQUE (scorer, weights_sha256, preprocessing)
        );
        CREATE TABLE scores (
            sha256 BLOB NOT NULL,       -- of the file's bytes
            maker INTEGER NOT NULL REFERENCES makers,
            bytes INTEGER NOT NULL,     -- length of the file
            score NOT NULL,             -- untyped: REAL would make 0.0 of -0.0
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            device TEXT NOT NULL,
            checksum INTEGER NOT NULL,  -- see _checksum
            PRIMARY KEY (sha256, maker)
        ) WITHOUT ROWID;
        CREATE INDEX scores_by_bytes ON scores (maker, bytes);
        CREATE TABLE files (
            path BLOB PRIMARY KEY NOT NULL,  -- bytes: names need not be text
            state TEXT NOT NULL,             -- see FileState.text
            sha256 BLOB NOT NULL
        ) WITHOUT ROWID;
        """,
    ),
)

# Each asks for a chunk and is completed in `Store._rows`.
_BY_PATH: Final = (
    "SELECT path, state, {columns} FROM files JOIN scores USING (sha256) "
    "WHERE {made_by} AND path IN ({chunk})"
)
_BY_CONTENT: Final = "SELECT {columns} FROM scores WHERE {made_by} AND sha256 IN ({chunk})"
_BYTES: Final = "SELECT DISTINCT bytes FROM scores WHERE {made_by} AND bytes IN ({chunk})"
_COLUMNS: Final = "sha256, bytes, score, width, height, device, checksum"
_MADE_BY: Final = (
    "maker = (SELECT id FROM makers WHERE scorer = ? AND weights_sha256 = ? AND preprocessing = ?)"
)

_KEEP_MAKER: Final = (
    "INSERT INTO makers (scorer, weights_sha256, preprocessing) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
)
_KEEP_SCORE: Final = (
    "REPLACE INTO scores (sha256, bytes, score, width, height, device, checksum, maker) "
    "SELECT ?, ?, ?, ?, ?, ?, ?, id FROM makers WHERE scorer = ? AND weights_sha256 = ? AND preprocessing = ?"
)
_KEEP_FILE: Final = "REPLACE INTO files (path, state, sha256) VALUES (?, ?, ?)"


def default_store_path() -> Path:
    """Return where the scores of this user are kept: with the data, for a cache may be cleared any time."""
    return user_data_path("resmem_gui") / "scores.sqlite"


@dataclass(frozen=True, slots=True)
class StoredScore:
    """The score of a file's content.

    Attributes:
        sha256: Of the file's bytes, hexadecimal.
        score: Memorability, 0 to 1.
        size: Width and height in pixels, after orientation.
        file_bytes: Length of the file.
        provenance: What produced the score.
    """

    sha256: str
    score: float
    size: tuple[int, int]
    file_bytes: int
    provenance: Provenance


class Store(Database):
    """Scores by the content of files, and which content was found in which file.

    Scores are found for a maker: scorer, weights and preprocessing. The device does not matter, but is kept.
    Any thread may call any method; long questions let the others in between. Every method raises
    `databases.DatabaseError` when the database cannot be used, and has changed nothing then.
    """

    def __init__(self, path: Path | None) -> None:
        """Open the store.

        Args:
            path: Its file, made where it is missing; open only once in a process. None: in memory.

        Raises:
            DatabaseError: It cannot be used.
        """
        super().__init__(path, _SCHEMA)

    def find_files(self, files: Mapping[str, FileState], made_by: Provenance) -> dict[str, StoredScore]:
        """Return, by path, the scores of those files that are in the state in which they were scored."""
        paths = {os.fsencode(path): path for path in files}
        found: dict[str, StoredScore] = {}
        for name, state, *row in self._rows(_BY_PATH, paths, made_by):
            path = paths.get(name)
            if path is None:  # not what was asked for: so does SQLite answer from a damaged index
                raise DamagedError(self.path)
            if state == files[path].text:
                found[path] = self._stored_score(row, made_by)
        return found

    def find_contents(self, sha256s: Iterable[str], made_by: Provenance) -> dict[str, StoredScore]:
        """Return, by hash, the scores of those contents that have one."""
        rows = self._rows(_BY_CONTENT, map(bytes.fromhex, sha256s), made_by)
        stored = (self._stored_score(row, made_by) for row in rows)
        return {score.sha256: score for score in stored}

    def known_sizes(self, sizes: Iterable[int], made_by: Provenance) -> set[int]:
        """Return those lengths in bytes that any scored content has: no other file is worth hashing."""
        return {size for (size,) in self._rows(_BYTES, set(sizes), made_by)}

    def keep(self, scores: Iterable[tuple[str, FileState | None, StoredScore]]) -> None:
        """Keep scores, all or none, in place of those kept before for the same content and maker.

        Args:
            scores: The path of each file, its state before it was read, and its score. Without a state
                only the content is remembered.
        """
        contents: list[tuple[object, ...]] = []
        files: list[tuple[bytes, str, bytes]] = []
        makers: set[tuple[str, str, str]] = set()
        for path, state, score in scores:
            maker = _identity(score.provenance)
            makers.add(maker)
            contents.append((*_row(score), *maker))
            if state is not None:
                files.append((os.fsencode(path), state.text, bytes.fromhex(score.sha256)))
        with self._using() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(_KEEP_MAKER, makers)
            connection.executemany(_KEEP_SCORE, contents)
            connection.executemany(_KEEP_FILE, files)

    def count(self) -> int:
        """Return how many scores there are, of all makers."""
        with self._using() as connection:
            (count,) = connection.execute("SELECT count(*) FROM scores").fetchone()
        return int(count)

    def clear(self) -> None:
        """Forget everything and give the disk space back."""
        with self._using():
            self._empty("files", "scores", "makers")
            self._shrink()

    def _rows(self, query: str, asked: Iterable[object], made_by: Provenance) -> Iterator[tuple[Any, ...]]:
        """Yield the answers to a question, chunk by chunk."""
        remaining = iter(asked)
        while chunk := list(islice(remaining, _CHUNK)):
            marks = ", ".join("?" * len(chunk))
            sql = query.format(columns=_COLUMNS, made_by=_MADE_BY, chunk=marks)
            with self._using() as connection:
                rows = connection.execute(sql, (*_identity(made_by), *chunk)).fetchall()
            yield from rows

    def _stored_score(self, row: Iterable[Any], made_by: Provenance) -> StoredScore:
        *content, device, checksum = row
        provenance = _on_device(made_by, device)
        if checksum != _checksum(content, provenance):
            raise DamagedError(self.path)
        sha256, file_bytes, score, width, height = content
        return StoredScore(sha256.hex(), score, (width, height), file_bytes, provenance)


def _identity(provenance: Provenance) -> tuple[str, str, str]:
    """Return what makes scores comparable."""
    return provenance.scorer, provenance.weights_sha256, provenance.preprocessing


@lru_cache(maxsize=16)
def _on_device(made_by: Provenance, device: str) -> Provenance:
    """Return one object for all scores from a device: there may be 100,000 of them."""
    return replace(made_by, device=device)


def _row(score: StoredScore) -> tuple[object, ...]:
    """Return the values of `_COLUMNS`."""
    # float: a NumPy double is one too, but writes itself otherwise.
    content = (bytes.fromhex(score.sha256), score.file_bytes, float(score.score), *score.size)
    return *content, score.provenance.device, _checksum(content, score.provenance)


def _checksum(content: Iterable[object], provenance: Provenance) -> int:
    """Return a checksum of all that a score says: SQLite itself does not notice a flipped bit in a number."""
    return zlib.crc32(ascii((*content, *_identity(provenance), provenance.device)).encode("ascii"))
