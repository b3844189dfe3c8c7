"""Where thumbnails come from: the store on disk, or the files themselves."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from PIL import Image

from resmem_gui.databases import DatabaseError, ForeignError, NewerError
from resmem_gui.file_state import FileState, file_state
from resmem_gui.images.decoding import decode_reduced
from resmem_gui.images.thumbnail_store import ThumbnailStore

_log = logging.getLogger(__name__)

#: New thumbnails are written so many at a time: a transaction costs more than a thumbnail.
_WRITTEN_TOGETHER: Final = 16

#: Path, state of the file before it was read, edge in pixels, and the thumbnail.
NewThumbnail = tuple[str, FileState, int, Image.Image]


class ThumbnailSource:
    """Makes thumbnails, and keeps them for the next time where there is a store. Any thread may call it.

    A store that fails is used no more: thumbnails can be made again.
    """

    def __init__(self, path: Path | None, tell: Callable[[str], None]) -> None:
        """Prepare; the first use opens the store.

        Args:
            path: Of the store; None to keep nothing on disk.
            tell: Called with a sentence when the store cannot be used.
        """
        self._path = path
        self._tell = tell
        self._lock = threading.Lock()
        self._opened: ThumbnailStore | None = None
        self._has_failed = path is None
        self._is_ours = path is not None
        self._new: list[NewThumbnail] = []

    def load(self, path: str, edge: int) -> Image.Image:
        """Return an image's thumbnail with both sides at most `edge` pixels.

        Raises:
            ImageError: The file cannot be read or decoded.
        """
        state, now = file_state(path), time.time_ns()
        stored = self._find(path, state, edge) if state else None
        if stored is not None:
            return stored
        made = decode_reduced(path, edge)
        if state is not None and state.is_settled(now):
            self._keep_later((path, state, edge, made))
        return made

    def keep(self, thumbnails: Iterable[NewThumbnail]) -> None:
        """Keep thumbnails that were made elsewhere."""
        store = self._store()
        if store is not None:
            try:
                store.keep(thumbnails)
            except DatabaseError as error:
                self._fail(error)

    def file_bytes(self) -> int:
        """Return how much of the disk the store takes, in bytes, also where it cannot be used.

        Raises:
            OSError: The disk does not say.
        """
        return sum(file.stat().st_size for file in self._files() if file.exists())

    def clear(self) -> None:
        """Forget all thumbnails on disk. A store of ours that cannot be used is removed, and made anew.

        Raises:
            DatabaseError: They cannot be removed.
            OSError: Likewise.
        """
        with self._lock:
            self._new.clear()
        store = self._store()
        if store is not None:
            store.clear()
            return
        for file in self._files():
            file.unlink(missing_ok=True)
        with self._lock:
            self._has_failed = not self._is_ours

    def _files(self) -> list[Path]:
        if self._path is None or not self._is_ours:
            return []
        return [self._path, *(self._path.with_name(self._path.name + end) for end in ("-wal", "-shm"))]

    def close(self) -> None:
        """Write what is new and close the store; nothing may be asked afterwards."""
        self._write_new(at_least=1)
        with self._lock:
            self._has_failed = True
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    def _store(self) -> ThumbnailStore | None:
        with self._lock:
            if self._opened is None and not self._has_failed:
                try:
                    self._opened = ThumbnailStore(self._path)
                except DatabaseError as error:
                    self._has_failed = True
                    self._is_ours = not isinstance(error, ForeignError | NewerError)
                    self._say(error)
            return self._opened

    def _find(self, path: str, state: FileState, edge: int) -> Image.Image | None:
        store = self._store()
        try:
            return store.find(path, state, edge) if store is not None else None
        except DatabaseError as error:
            self._fail(error)
            return None

    def _keep_later(self, thumbnail: NewThumbnail) -> None:
        with self._lock:
            if self._has_failed:
                return
            self._new.append(thumbnail)
        self._write_new(at_least=_WRITTEN_TOGETHER)

    def _write_new(self, at_least: int) -> None:
        with self._lock:
            if len(self._new) < at_least:
                return
            new, self._new = self._new, []
        self.keep(new)

    def _fail(self, error: DatabaseError) -> None:
        with self._lock:
            if self._has_failed:
                return
            self._has_failed = True
            self._opened = None  # another thread may be using it: it is closed when the last one lets it go
            self._new.clear()
            self._say(error)

    def _say(self, error: DatabaseError) -> None:
        _log.warning("%s", error)
        self._tell(f"{error} Thumbnails are made anew each time.")
