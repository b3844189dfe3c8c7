"""Thumbnails: a bounded cache of pixmaps, and the loader that fills it for what is visible."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from resmem_gui.images.errors import NO_FILE, ImageError
from resmem_gui.images.thumbnail_source import NewThumbnail, ThumbnailSource
from resmem_gui.ui.threads.background import Jobs, Loader

#: Sides at which thumbnails are made, in device pixels: the next one that is large enough for the cell.
EDGES: Final = (256, 512, 1024)
_MAX_BYTES: Final = 192 * 2**20
#: Batches of thumbnails that wait to be written; a disk that is slower than the GPU keeps some of them only.
_MOST_WRITING: Final = 16


def edge_for(device_pixels: float) -> int:
    """Return the side of the thumbnails for a cell whose picture has this side."""
    return next((edge for edge in EDGES if edge >= device_pixels), EDGES[-1])


def to_qimage(pixels: Image.Image) -> QImage:
    """Return a copy of an RGB image that Qt owns."""
    content = pixels.tobytes()
    shared = QImage(content, pixels.width, pixels.height, 3 * pixels.width, QImage.Format.Format_RGB888)
    return shared.convertToFormat(QImage.Format.Format_RGB32)  # another format: always a copy


@dataclass(frozen=True, slots=True)
class ThumbnailWish:
    """An image whose thumbnail is wanted with this side at most, in device pixels."""

    image_id: int
    path: str
    edge: int


@dataclass(slots=True)
class _Entry:
    pixmap: QPixmap | None
    edge: int
    size: int


class Thumbnails(QObject):
    """The thumbnails in memory, the most recently used ones up to a limit. Lives on the GUI thread.

    Signals:
        changed: An image (its id) got a thumbnail.
        not_kept: Thumbnails cannot be kept on disk (a sentence that says why).
    """

    changed = Signal(int)
    not_kept = Signal(str)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        store: Path | None = None,
        give_way: Callable[[], None] = lambda: None,
        max_bytes: int = _MAX_BYTES,
    ) -> None:
        """Start the threads.

        Args:
            parent: Owner.
            store: The file that thumbnails are kept in; None to keep them in memory only.
            give_way: Called on the loading threads: waits while the window should go first.
            max_bytes: What all of them may take in memory.
        """
        super().__init__(parent)
        self._give_way = give_way
        self.source = ThumbnailSource(store, self.not_kept.emit)
        self._entries: OrderedDict[int, _Entry] = OrderedDict()
        self._bytes = 0
        self._wanted: frozenset[int] = frozenset()
        self._max_bytes = max_bytes
        self._loader = Loader(self._load, threads=2, name="thumbnails", parent=self)
        self._loader.loaded.connect(self._take)
        self._writer = Jobs(self)
        self._writing = 0

    def pixmap(self, image_id: int) -> QPixmap | None:
        """Return the thumbnail of an image, None while there is none. A look-up, nothing more."""
        entry = self._entries.get(image_id)
        if entry is None:
            return None
        self._entries.move_to_end(image_id)
        return entry.pixmap

    def want(self, wishes: Iterable[ThumbnailWish]) -> None:
        """Load these thumbnails, unless they are here, and stop loading others."""
        wishes = list(wishes)
        self._wanted = frozenset(wish.image_id for wish in wishes)
        self._loader.want(wish for wish in wishes if self._lacks(wish))

    def offer(self, image_id: int, pixels: Image.Image, edge: int) -> None:
        """Take a thumbnail that came along with a score, if it is wanted and not here."""
        entry = self._entries.get(image_id)
        if image_id in self._wanted and (entry is None or entry.pixmap is None):
            self._put(image_id, QPixmap.fromImage(to_qimage(pixels)), edge)

    def keep(self, thumbnails: Sequence[NewThumbnail]) -> None:
        """Keep thumbnails that came along with scores on disk, as long as the disk keeps up."""
        if thumbnails and self._writing < _MOST_WRITING:
            self._writing += 1
            self._writer.submit(lambda: self.source.keep(thumbnails), self._written, self._written)

    def _written(self, _: object) -> None:
        self._writing -= 1

    def forget(self, image_ids: Iterable[int] | None = None) -> None:
        """Drop the thumbnails of some images, or of all."""
        for image_id in list(self._entries) if image_ids is None else image_ids:
            entry = self._entries.pop(image_id, None)
            if entry:
                self._bytes -= entry.size

    def stop(self) -> None:
        """Load no more; the threads end when what is to be kept is written."""
        self._loader.stop()
        self._writer.submit(self.source.close, lambda _: None, lambda _: None)
        self._writer.stop()

    @property
    def has_ended(self) -> bool:
        """Whether the threads have ended, after `stop`."""
        return self._loader.has_ended and self._writer.has_ended

    def _lacks(self, wish: ThumbnailWish) -> bool:
        entry = self._entries.get(wish.image_id)
        return entry is None or entry.edge < wish.edge

    def _load(self, wish: ThumbnailWish) -> QImage:
        """Load one thumbnail; runs on a loader's thread."""
        try:
            self._give_way()
            pixels = self.source.load(wish.path, wish.edge)
            self._give_way()
            return to_qimage(pixels)
        except MemoryError as error:
            raise ImageError("There is not enough memory for a thumbnail.") from error

    @Slot(object, object)
    def _take(self, wish: ThumbnailWish, result: QImage | Exception) -> None:
        if isinstance(result, QImage):
            self._put(wish.image_id, QPixmap.fromImage(result), wish.edge)
            return
        if str(result) == NO_FILE:
            return  # it may come back with its drive
        # An image that cannot be decoded is remembered, so that it is not tried again and again.
        entry = self._entries.get(wish.image_id)
        self._put(wish.image_id, entry.pixmap if entry else None, wish.edge)

    def _put(self, image_id: int, pixmap: QPixmap | None, edge: int) -> None:
        self.forget([image_id])
        size = pixmap.width() * pixmap.height() * 4 if pixmap else 0
        self._entries[image_id] = _Entry(pixmap, edge, size)
        self._bytes += size
        while self._bytes > self._max_bytes and len(self._entries) > 1:
            self._bytes -= self._entries.popitem(last=False)[1].size
        self.changed.emit(image_id)
