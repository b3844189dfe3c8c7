"""Thumbnails that outlive the window: what was looked at once need not be decoded again."""

import io
import os
import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from PIL import Image
from platformdirs import user_cache_path

from resmem_gui.databases import DamagedError, Database, DatabaseError, Schema
from resmem_gui.file_state import FileState

_MAX_BYTES: Final = 512 * 2**20
_MAX_BYTES_IN_MEMORY: Final = 32 * 2**20

#: How much is left when room is made: with less, each further thumbnail would make room anew.
_LEFT_PERCENT: Final = 90
#: How many thumbnails go at a time: so few that others soon get their turn.
_PORTION: Final = 250
#: How many uses are noted before they are written.
_NOTES: Final = 500

# JPEG: WebP of the same quality takes two thirds of the space, but twice the time to decode and ten times the
# time to encode. Full colour resolution: halved, it shows at this size.
_FORMAT: Final = "JPEG"
_QUALITY: Final = 88
_FULL_COLOUR: Final = 0

_SCHEMA: Final = Schema(
    application_id=0x52657354,  # "ResT"
    migrations=(
        """
        CREATE TABLE thumbnails (
            id INTEGER PRIMARY KEY,
            path BLOB NOT NULL,         -- bytes: names need not be text
            edge INTEGER NOT NULL,
            state TEXT NOT NULL,        -- see FileState.text
            bytes INTEGER NOT NULL,     -- length of the content
            checksum INTEGER NOT NULL,  -- see _checksum
            used INTEGER NOT NULL,      -- the greater, the later
            UNIQUE (path, edge)
        );
        -- The lengths, too: to sum them up without reading the table.
        CREATE INDEX thumbnails_by_use ON thumbnails (used, bytes);
        -- Apart: a use rewrites the row above, and this one is large.
        CREATE TABLE contents (
            id INTEGER PRIMARY KEY REFERENCES thumbnails,
            content BLOB NOT NULL
        );
        """,
    ),
)

_FIND: Final = (
    "SELECT id, checksum, content FROM thumbnails JOIN contents USING (id) "
    "WHERE path = ? AND edge = ? AND state = ?"
)
_KEEP: Final = (
    "INSERT INTO thumbnails (path, edge, state, bytes, checksum, used) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (path, edge) DO UPDATE SET "
    "state = excluded.state, bytes = excluded.bytes, checksum = excluded.checksum, used = excluded.used"
)
_KEEP_CONTENT: Final = (
    "REPLACE INTO contents (id, content) SELECT id, ? FROM thumbnails WHERE path = ? AND edge = ?"
)
_LAST_USE: Final = "SELECT ifnull(max(used), 0) FROM thumbnails"
_USE: Final = "UPDATE thumbnails SET used = ? WHERE id = ?"
_TOTAL: Final = "SELECT ifnull(sum(bytes), 0) FROM thumbnails"
_LEAST_RECENT: Final = "SELECT id, bytes FROM thumbnails ORDER BY used LIMIT ?"
_FORGET: Final = "DELETE FROM thumbnails WHERE id = ?"
_FORGET_CONTENT: Final = "DELETE FROM contents WHERE id = ?"
# Unless another thread or process has replaced it meanwhile.
_FORGET_BAD: Final = (
    "DELETE FROM thumbnails WHERE id = ? AND checksum = ? "
    "AND id IN (SELECT id FROM contents WHERE id = ? AND content = ?)"
)
_FORGET_ORPHAN: Final = "DELETE FROM contents WHERE id = ? AND id NOT IN (SELECT id FROM thumbnails)"


def default_thumbnail_path() -> Path:
    """Return where the thumbnails of this user are kept: with the caches, for they can be made again."""
    return user_cache_path("resmem_gui") / "thumbnails.sqlite"


class ThumbnailStore(Database):
    """Thumbnails by path, state of the file, and side; bounded: those used least recently make room.

    Pictures come back almost as they were kept: they are compressed with a loss that is not seen.
    Any thread may call any method; nothing is encoded or decoded while others wait. Other processes may use
    the same file. Every method but `close` raises `databases.DatabaseError` when the database cannot be used,
    and has changed nothing then.
    """

    def __init__(self, path: Path | None, *, max_bytes: int = _MAX_BYTES) -> None:
        """Open the store.

        Args:
            path: Its file, made where it is missing; open only once in a process. None: in memory.
            max_bytes: How much the thumbnails may take, as they are stored; at most 32 MiB in memory. On the
                disk some more is needed for their paths, and until changes have moved into the file.

        Raises:
            DatabaseError: It cannot be used.
        """
        super().__init__(path, _SCHEMA)
        self._max_bytes = max_bytes if path is not None else min(max_bytes, _MAX_BYTES_IN_MEMORY)
        self._uses: dict[int, None] = {}  # ids, the last used last, not written yet

    def find(self, path: str, state: FileState, edge: int) -> Image.Image | None:
        """Return the thumbnail that was kept of a file in this state, made with this side, in RGB.

        One that cannot be decoded any more is forgotten.

        Returns:
            None: There is none.
        """
        name, state_text = os.fsencode(path), state.text
        with self._using() as connection:
            row = connection.execute(_FIND, (name, edge, state_text)).fetchone()
            if row is None:
                return None
            self._note(row[0])
        identity, checksum, content = row
        if checksum == _checksum(name, edge, state_text, content):
            with suppress(OSError, SyntaxError, ValueError):  # what Pillow says of bytes that are no picture
                return _decode(content)
        self._forget(identity, checksum, content)
        return None

    def keep(self, thumbnails: Iterable[tuple[str, FileState, int, Image.Image]]) -> None:
        """Keep thumbnails, all or none, in place of those kept before for the same path and side.

        Then make room, if they are too many: until nine tenths of the bound are taken, but step by step.

        Args:
            thumbnails: The path of each file, its state before it was read, the side that was asked for, and
                the picture. The last is taken for the one used last.
        """
        kept: list[tuple[bytes, int, str, bytes]] = []
        for path, state, edge, pixels in thumbnails:
            kept.append((os.fsencode(path), edge, state.text, _encode(pixels)))
        if not kept:
            return
        with self._using() as connection:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                last = self._write_uses()
                for used, (name, edge, state_text, content) in enumerate(kept, last + 1):
                    checksum = _checksum(name, edge, state_text, content)
                    connection.execute(_KEEP, (name, edge, state_text, len(content), checksum, used))
                    connection.execute(_KEEP_CONTENT, (content, name, edge))
                self._make_room()
            self._uses.clear()

    def count(self) -> int:
        """Return how many thumbnails there are."""
        with self._using() as connection:
            (count,) = connection.execute("SELECT count(*) FROM thumbnails").fetchone()
        return int(count)

    def clear(self) -> None:
        """Forget everything and give the disk space back."""
        with self._using():
            self._empty("contents", "thumbnails")
            self._uses.clear()
            self._shrink()

    def close(self) -> None:
        """Write the last uses, as far as possible, and close the file. Nothing can be found or kept then."""
        with suppress(DatabaseError), self._using():
            self._save_uses()
        super().close()

    def _note(self, identity: int) -> None:
        """Note that a thumbnail was used. The connection is ours."""
        self._uses.pop(identity, None)
        self._uses[identity] = None
        if len(self._uses) > _NOTES:
            # The thumbnail was found: it is not withheld because a full disk cannot remember its use.
            with suppress(sqlite3.Error, DatabaseError):
                self._save_uses()
            self._uses.clear()

    def _save_uses(self) -> None:
        """Write the uses in a transaction of their own. The connection is ours."""
        if not self._uses:
            return
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._write_uses()
        self._uses.clear()

    def _write_uses(self) -> int:
        """Write the uses noted, within a transaction, and return the number of the last of all uses."""
        (last,) = self._connection.execute(_LAST_USE).fetchone()
        if not isinstance(last, int) or abs(last) > 2**62:  # no number of ours, and we have to go on counting
            raise DamagedError(self.path)
        self._connection.executemany(_USE, enumerate(self._uses, last + 1))
        return last + len(self._uses)

    def _make_room(self) -> None:
        """Forget what was used least recently, within a transaction, if there is too much.

        Each call takes about the same time: beyond what the bound demands, no more than a portion goes.
        """
        connection = self._connection
        (total,) = connection.execute(_TOTAL).fetchone()
        while total > self._max_bytes:
            doomed: list[tuple[int]] = []
            for identity, size in connection.execute(_LEAST_RECENT, (_PORTION,)):
                if total * 100 <= self._max_bytes * _LEFT_PERCENT:
                    break
                total -= size
                doomed.append((identity,))
            if not doomed:  # the table and its index contradict each other
                raise DamagedError(self.path)
            connection.executemany(_FORGET_CONTENT, doomed)
            connection.executemany(_FORGET, doomed)

    def _forget(self, identity: int, checksum: object, content: object) -> None:
        """Forget one thumbnail, unless it has been replaced since it was read."""
        with self._using() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_FORGET_BAD, (identity, checksum, identity, content))
            connection.execute(_FORGET_ORPHAN, (identity,))


def _encode(pixels: Image.Image) -> bytes:
    """Return a picture as it is stored: without what its file said beside, which may be long and private."""
    bare = pixels.convert("RGB")  # always a copy
    bare.info.clear()
    content = io.BytesIO()
    bare.save(content, _FORMAT, quality=_QUALITY, subsampling=_FULL_COLOUR)
    return content.getvalue()


def _decode(content: bytes) -> Image.Image:
    image: Image.Image = Image.open(io.BytesIO(content), formats=[_FORMAT])
    image.load()
    return image


def _checksum(name: bytes, edge: int, state_text: str, content: object) -> int:
    """Return a checksum of a thumbnail and what it shows: neither SQLite nor JPEG notices a flipped bit."""
    start = zlib.crc32(ascii((name, edge, state_text)).encode("ascii"))
    return zlib.crc32(content, start) if isinstance(content, bytes) else -1
