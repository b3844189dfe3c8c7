"""Pictures in full: loaded off the GUI thread, those that come next before anyone asks, a bounded cache."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from PIL import Image
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from resmem_gui.images.decoding import decode
from resmem_gui.images.errors import ImageError
from resmem_gui.ui.rows.thumbnails import to_qimage
from resmem_gui.ui.threads.background import Loader
from resmem_gui.ui.viewing.colour import for_screen
from resmem_gui.ui.viewing.geometry import Size, fitted_size

_MAX_BYTES: Final = 512 * 2**20
#: One picture may fill the memory alone; those beside it keep this share: the next one shall still be there.
_SHARE_OF_OTHERS: Final = 0.25
#: Half-size copies are made down to this side: smaller than any window in which they would be seen.
_LEAST_LEVEL: Final = 1024
#: So many times larger than its thumbnail is a picture of unknown size.
_LARGE: Final = 16


@dataclass(frozen=True, slots=True)
class PictureWish:
    """A picture that is wanted.

    Attributes:
        image_id: Of the image.
        path: Of its file.
        window: The window that it shall be fitted into, in device pixels; None for all its pixels.
    """

    image_id: int
    path: str
    window: Size | None


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as it is drawn.

    Attributes:
        size: Width and height of the image in pixels.
        levels: The image at falling sizes, one at least; the first one need not be the image's own size.
        is_full: Whether the first level has all its pixels.
    """

    size: Size
    levels: tuple[QPixmap, ...]
    is_full: bool = False

    @property
    def memory(self) -> int:
        """Bytes that the levels take."""
        return sum(4 * level.width() * level.height() for level in self.levels)


def from_thumbnail(thumbnail: QPixmap, size: Size) -> Picture:
    """Return a thumbnail as a picture, to be shown where the picture will be until that is there.

    Args:
        thumbnail: Of the image.
        size: Of the image in pixels; (0, 0) while unknown: then it is taken for a large one.
    """
    if 0 in size:
        size = thumbnail.width() * _LARGE, thumbnail.height() * _LARGE
    return Picture(size, (thumbnail,))


@dataclass(frozen=True, slots=True)
class LoadedPicture:
    """A picture as it comes from a thread; meaning as in `Picture`."""

    size: Size
    levels: tuple[QImage, ...]
    is_full: bool


def load_picture(wish: PictureWish) -> LoadedPicture:
    """Decode a picture; runs on a loader's thread.

    Raises:
        ImageError: The image cannot be decoded.
    """
    try:
        # The shorter side of a fitted picture is never longer than that of its window.
        image = decode(wish.path, least_edge=None if wish.window is None else min(wish.window))
        if wish.window is None:
            levels = _halved(for_screen(image.pixels))
            return LoadedPicture(image.size, tuple(map(to_qimage, levels)), is_full=True)
        pixels, wanted = image.pixels, fitted_size(image.size, wish.window)
        if wanted[0] < pixels.width:
            pixels = pixels.resize(wanted, Image.Resampling.BICUBIC, reducing_gap=2.0)
        return LoadedPicture(image.size, (to_qimage(for_screen(pixels)),), is_full=pixels.size == image.size)
    except MemoryError as error:
        raise ImageError("There is not enough memory to show this image.") from error


def _halved(pixels: Image.Image) -> list[Image.Image]:
    """Return an image and its halves, so that drawing it smaller never has to skip pixels."""
    levels = [pixels]
    while max(levels[-1].size) > 2 * _LEAST_LEVEL:
        levels.append(levels[-1].reduce(2))
    return levels


@dataclass(slots=True)
class _Entry:
    picture: Picture | None
    failure: str
    window: Size | None


class Pictures(QObject):
    """The pictures in memory, those that are wanted and those used last, up to a limit. On the GUI thread.

    Signals:
        changed: There is more of an image (its id) than before, or a reason why it cannot be shown.
    """

    changed = Signal(int)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        give_way: Callable[[], None] = lambda: None,
        max_bytes: int = _MAX_BYTES,
    ) -> None:
        """Start the threads.

        Args:
            parent: Owner.
            give_way: Called on the loading threads: waits while the window should go first.
            max_bytes: What all pictures may take in memory; the first one wanted is kept, however large.
        """
        super().__init__(parent)
        self.max_bytes = max_bytes
        self._give_way = give_way
        self._entries: OrderedDict[int, _Entry] = OrderedDict()
        self._wanted: list[int] = []
        self._loader = Loader(self._load, threads=2, name="pictures", parent=self)
        self._loader.loaded.connect(self._take)

    def picture(self, image_id: int) -> Picture | None:
        """Return what there is of an image, None while there is nothing. A look-up, nothing more."""
        entry = self._entries.get(image_id)
        return entry.picture if entry else None

    def failure(self, image_id: int) -> str:
        """Return why an image cannot be shown, or an empty text."""
        entry = self._entries.get(image_id)
        return entry.failure if entry else ""

    def want(self, wishes: Iterable[PictureWish]) -> None:
        """Load these pictures, in this order, unless they are here, and stop loading others."""
        wishes = list(wishes)
        self._wanted = list(dict.fromkeys(wish.image_id for wish in wishes))
        self._loader.want(wish for wish in wishes if self._lacks(wish))

    def forget_failure(self, image_id: int) -> None:
        """Let an image that could not be shown be tried again: its file may be back."""
        if self.failure(image_id):
            del self._entries[image_id]

    def clear(self) -> None:
        """Want nothing and give all memory back."""
        self.want([])
        self._entries.clear()

    def stop(self) -> None:
        """Load no more; the threads end."""
        self._loader.stop()

    @property
    def has_ended(self) -> bool:
        """Whether the threads have ended, after `stop`."""
        return self._loader.has_ended

    @property
    def memory(self) -> int:
        """Bytes that all pictures take now."""
        return sum(map(_memory, self._entries.values()))

    def affords(self, size: Size) -> bool:
        """Whether there is room for a picture of this size in full beside the one in sight."""
        return 0 < size[0] * size[1] * 4 * 4 // 3 <= self.max_bytes // 4

    def _lacks(self, wish: PictureWish) -> bool:
        entry = self._entries.get(wish.image_id)
        if entry is None:
            return True
        if entry.failure or entry.picture is None or entry.picture.is_full:
            return False
        return wish.window is None or entry.window != wish.window

    def _load(self, wish: PictureWish) -> LoadedPicture:
        self._give_way()
        return load_picture(wish)

    @Slot(object, object)
    def _take(self, wish: PictureWish, result: LoadedPicture | Exception) -> None:
        if not self._wanted:
            return  # nobody looks at pictures any more
        before = self._entries.pop(wish.image_id, None)
        known = before.picture if before is not None else None
        if isinstance(result, Exception):
            entry = _Entry(known, str(result), wish.window)
        else:
            levels = tuple(map(QPixmap.fromImage, result.levels))
            picture = _joined(known, Picture(result.size, levels, result.is_full))
            window = before.window if wish.window is None and before is not None else wish.window
            entry = _Entry(picture, "", window)
        self._entries[wish.image_id] = entry
        self._shrink()
        self.changed.emit(wish.image_id)

    def _shrink(self) -> None:
        """Drop pictures until the rest has room: first those that nobody wants, never the one in sight."""
        in_sight = self._wanted[0]
        sizes = {image_id: _memory(entry) for image_id, entry in self._entries.items()}
        own = sizes.pop(in_sight, 0)
        room = max(self.max_bytes - own, self.max_bytes * _SHARE_OF_OTHERS)
        unwanted = [image_id for image_id in sizes if image_id not in self._wanted]
        wanted = [image_id for image_id in reversed(self._wanted) if image_id in sizes]
        taken = sum(sizes.values())
        for image_id in unwanted + wanted:
            if taken <= room:
                return
            taken -= sizes[image_id]
            del self._entries[image_id]


def _joined(known: Picture | None, new: Picture) -> Picture:
    """Return a picture with all its pixels and the level that was made for the window, if both are there."""
    if known is None or known.is_full == new.is_full:
        return new
    full, fitted = (known, new) if known.is_full else (new, known)
    halves = [level for level in full.levels if level.width() != fitted.levels[0].width()]
    # The one that fits the window exactly is sharper in it than any half.
    levels = sorted([*halves, fitted.levels[0]], key=QPixmap.width, reverse=True)
    return Picture(new.size, tuple(levels), is_full=True)


def _memory(entry: _Entry) -> int:
    return entry.picture.memory if entry.picture is not None else 0
