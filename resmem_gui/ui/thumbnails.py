"""Thumbnails: a bounded cache of pixmaps, and the loader that fills it for what is visible."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from PIL import Image
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from resmem_gui.images.decoding import decode_reduced
from resmem_gui.images.errors import ImageError
from resmem_gui.ui.threads.background import Loader

#: Sides at which thumbnails are made, in device pixels: the next one that is large enough for the cell.
EDGES: Final = (256, 512, 1024)
_MAX_BYTES: Final = 256 * 2**20


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
    """

    changed = Signal(int)

    def __init__(self, parent: QObject | None = None, *, max_bytes: int = _MAX_BYTES) -> None:
        super().__init__(parent)
        self._entries: OrderedDict[int, _Entry] = OrderedDict()
        self._bytes = 0
        self._max_bytes = max_bytes
        self._loader = Loader(_load, threads=2, name="thumbnails", parent=self)
        self._loader.loaded.connect(self._take)

    def pixmap(self, image_id: int) -> QPixmap | None:
        """Return the thumbnail of an image, None while there is none. A look-up, nothing more."""
        entry = self._entries.get(image_id)
        if entry is None:
            return None
        self._entries.move_to_end(image_id)
        return entry.pixmap

    def want(self, wishes: Iterable[ThumbnailWish]) -> None:
        """Load these thumbnails, unless they are here, and stop loading others."""
        self._loader.want(wish for wish in wishes if self._lacks(wish))

    def offer(self, image_id: int, pixels: Image.Image, edge: int) -> None:
        """Take a thumbnail that came along with a score, if there is none and there is room."""
        entry = self._entries.get(image_id)
        if (entry is None or entry.pixmap is None) and self._bytes < self._max_bytes:
            self._put(image_id, QPixmap.fromImage(to_qimage(pixels)), edge)

    def forget(self, image_ids: Iterable[int] | None = None) -> None:
        """Drop the thumbnails of some images, or of all."""
        for image_id in list(self._entries) if image_ids is None else image_ids:
            entry = self._entries.pop(image_id, None)
            if entry:
                self._bytes -= entry.size

    def stop(self) -> None:
        """Load no more; the threads end."""
        self._loader.stop()

    @property
    def has_ended(self) -> bool:
        """Whether the threads have ended, after `stop`."""
        return self._loader.has_ended

    def _lacks(self, wish: ThumbnailWish) -> bool:
        entry = self._entries.get(wish.image_id)
        return entry is None or entry.edge < wish.edge

    @Slot(object, object)
    def _take(self, wish: ThumbnailWish, result: QImage | Exception) -> None:
        if isinstance(result, QImage):
            self._put(wish.image_id, QPixmap.fromImage(result), wish.edge)
            return
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


def _load(wish: ThumbnailWish) -> QImage:
    """Make one thumbnail; runs on a loader's thread."""
    try:
        return to_qimage(decode_reduced(wish.path, wish.edge))
    except MemoryError as error:
        raise ImageError("There is not enough memory for a thumbnail.") from error
