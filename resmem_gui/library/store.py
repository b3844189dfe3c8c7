"""Scores that outlive the window: what was scored once need not be scored again."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

from platformdirs import user_data_path

from resmem_gui.databases import DamagedError, Database
from resmem_gui.file_state import FileState
from resmem_gui.library.checked_rows import (
    ChecksumError,
    StoredScore,
    identity,
    score_of,
    score_row,
    sensitivity_of_row,
    sensitivity_row,
    traits_of_row,
    traits_row,
)
from resmem_gui.library.records import Provenance
from resmem_gui.library.store_schema import SCHEMA
from resmem_gui.traits import Traits

__all__ = ["Store", "StoredScore", "default_store_path"]

#: How many things are asked for at a time: few enough that others soon get their turn.
_CHUNK: Final = 500
_Answer = TypeVar("_Answer")

# Each asks for a chunk and is completed in `Store._rows`.
_BY_PATH: Final = (
    "SELECT path, state, {columns} FROM files JOIN scores USING (sha256) "
    "WHERE {made_by} AND path IN ({chunk})"
)
_BY_CONTENT: Final = "SELECT {columns} FROM scores WHERE {made_by} AND sha256 IN ({chunk})"
_BYTES: Final = "SELECT DISTINCT bytes FROM scores WHERE {made_by} AND bytes IN ({chunk})"
_TRAITS: Final = "SELECT * FROM traits WHERE version = ? AND sha256 IN ({chunk})"
_SENSITIVITIES: Final = (
    "SELECT sha256, recipe, scores, checksum FROM sensitivities "
    "WHERE {made_by} AND recipe = ? AND sha256 IN ({chunk})"
)
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
_FORGET_OLD_TRAITS: Final = "DELETE FROM traits WHERE version < ?"
_KEEP_TRAITS: Final = "REPLACE INTO traits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_KEEP_SENSITIVITY: Final = (
    "REPLACE INTO sensitivities (sha256, recipe, scores, checksum, maker) "
    "SELECT ?, ?, ?, ?, id FROM makers WHERE scorer = ? AND weights_sha256 = ? AND preprocessing = ?"
)


def default_store_path() -> Path:
    """Return where the scores of this user are kept: with the data, for a cache may be cleared any time."""
    return user_data_path("resmem_gui") / "scores.sqlite"


class Store(Database):
    """Scores by the content of files, which content was found in which file, and what else is known of it.

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
        super().__init__(path, SCHEMA)
        self._traits_version = 0

    # Finding

    def find_files(self, files: Mapping[str, FileState], made_by: Provenance) -> dict[str, StoredScore]:
        """Return, by path, the scores of those files that are in the state in which they were scored."""
        paths = {os.fsencode(path): path for path in files}
        found: dict[str, StoredScore] = {}
        for name, state, *row in self._rows(_BY_PATH, paths, identity(made_by)):
            path = paths.get(name)
            if path is None:  # not what was asked for: so does SQLite answer from a damaged index
                raise DamagedError(self.path)
            if state == files[path].text:
                found[path] = self._checked(score_of, row, made_by)
        return found

    def find_contents(self, sha256s: Iterable[str], made_by: Provenance) -> dict[str, StoredScore]:
        """Return, by hash, the scores of those contents that have one."""
        rows = self._rows(_BY_CONTENT, map(bytes.fromhex, sha256s), identity(made_by))
        stored = (self._checked(score_of, row, made_by) for row in rows)
        return {score.sha256: score for score in stored}

    def known_sizes(self, sizes: Iterable[int], made_by: Provenance) -> set[int]:
        """Return those lengths in bytes that any scored content has: no other file is worth hashing."""
        return {size for (size,) in self._rows(_BYTES, set(sizes), identity(made_by))}

    def find_traits(self, sha256s: Iterable[str], version: int) -> dict[str, Traits]:
        """Return, by hash, what the pixels of contents tell, as far as this version has looked at them."""
        rows = self._rows(_TRAITS, map(bytes.fromhex, sha256s), (version,))
        return dict(self._checked(traits_of_row, row) for row in rows)

    def find_sensitivities(
        self, sha256s: Iterable[str], made_by: Provenance, recipe: str
    ) -> dict[str, tuple[float, ...]]:
        """Return, by hash, the scores that contents got when they were framed by a recipe."""
        rows = self._rows(_SENSITIVITIES, map(bytes.fromhex, sha256s), (*identity(made_by), recipe))
        return dict(self._checked(sensitivity_of_row, row, made_by) for row in rows)

    # Keeping

    def keep(self, scores: Iterable[tuple[str, FileState | None, StoredScore]]) -> None:
        """Keep scores, all or none, in place of those kept before for the same content and maker.

        Args:
            scores: The path of each file, its state before it was read, and its score. Without a state
                only the content is remembered.
        """
        contents: list[tuple[object, ...]] = []
        files: list[tuple[object, ...]] = []
        makers: set[tuple[str, str, str]] = set()
        for path, state, score in scores:
            maker = identity(score.provenance)
            makers.add(maker)
            contents.append((*score_row(score), *maker))
            if state is not None:
                files.append((os.fsencode(path), state.text, bytes.fromhex(score.sha256)))
        self._write((_KEEP_MAKER, makers), (_KEEP_SCORE, contents), (_KEEP_FILE, files))

    def keep_traits(self, traits: Mapping[str, Traits], version: int) -> None:
        """Keep what pixels tell, by hash, all or none, in place of what was kept before.

        What older versions have found is forgotten: nobody asks for it any more.
        """
        rows = [traits_row(sha256, version, one) for sha256, one in traits.items()]
        # Once is enough: it looks through all of them.
        is_first = version > self._traits_version
        forget = (_FORGET_OLD_TRAITS, [(version,)] if is_first else [])
        self._write(forget, (_KEEP_TRAITS, rows))
        self._traits_version = max(version, self._traits_version)

    def keep_sensitivities(
        self, scores: Mapping[str, Sequence[float]], made_by: Provenance, recipe: str
    ) -> None:
        """Keep scores of several framings, by hash, all or none, in place of those kept before."""
        maker = identity(made_by)
        rows = [(*sensitivity_row(sha256, recipe, one, maker), *maker) for sha256, one in scores.items()]
        self._write((_KEEP_MAKER, [maker]), (_KEEP_SENSITIVITY, rows))

    def _write(self, *statements: tuple[str, Iterable[tuple[object, ...]]]) -> None:
        """Write rows, all or none."""
        with self._using() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            for statement, rows in statements:
                connection.executemany(statement, rows)

    # The whole

    def count(self) -> int:
        """Return how many scores there are, of all makers."""
        with self._using() as connection:
            (count,) = connection.execute("SELECT count(*) FROM scores").fetchone()
        return int(count)

    def clear(self) -> None:
        """Forget everything and give the disk space back."""
        with self._using():
            self._empty("files", "scores", "sensitivities", "traits", "makers")
            self._shrink()

    # Asking

    def _rows(
        self, query: str, asked: Iterable[object], conditions: tuple[object, ...]
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the answers to a question, chunk by chunk."""
        remaining = iter(asked)
        while chunk := list(islice(remaining, _CHUNK)):
            marks = ", ".join("?" * len(chunk))
            sql = query.format(columns=_COLUMNS, made_by=_MADE_BY, chunk=marks)
            with self._using() as connection:
                rows = connection.execute(sql, (*conditions, *chunk)).fetchall()
            yield from rows

    def _checked(self, read: Callable[..., _Answer], *row: Any) -> _Answer:  # noqa: ANN401 - what SQLite holds
        """Return what a row says.

        Raises:
            DamagedError: It is not what was written.
        """
        try:
            return read(*row)
        except ChecksumError as error:
            raise DamagedError(self.path) from error
