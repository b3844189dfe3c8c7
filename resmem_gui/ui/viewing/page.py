"""What loupe and comparison have in common: pages that show images large in place of the grid."""

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails
from resmem_gui.ui.viewing.canvas import ImageCanvas, ground_color
from resmem_gui.ui.viewing.geometry import Size
from resmem_gui.ui.viewing.head_line import back_button, take_colors
from resmem_gui.ui.viewing.pictures import Pictures, from_thumbnail

#: Keys that do the same whatever they are pressed with, but for Ctrl, Alt and Meta.
_HARMLESS: Final = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
_CLOSE_KEYS: Final = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_G)


class Page(QWidget):
    """Shows images of a model large, takes its own keys before the window's shortcuts do, and leads back.

    Signals:
        closed: The person wants to go back, or there is nothing left to show.
        current_changed: Keys are for another image now (its id).
    """

    closed = Signal()
    current_changed = Signal(int)

    #: Beside those that lead back.
    _own_keys: frozenset[Qt.Key]

    def __init__(
        self, model: ImageModel, thumbnails: Thumbnails, pictures: Pictures, parent: QWidget | None = None
    ) -> None:
        """Build it, empty.

        Args:
            model: Whose images are shown.
            thumbnails: What is shown until the picture is there.
            pictures: Loads pictures; may be shared with others that are not visible at the same time.
            parent: Owner.
        """
        super().__init__(parent)
        self._model = model
        self._thumbnails = thumbnails
        self._pictures = pictures
        self._current: int | None = None
        self._back = back_button(self)
        self._back.clicked.connect(self.leave)
        self._take_colors()

    @property
    def current_id(self) -> int | None:
        """The image that keys are for, None while the page is closed."""
        return self._current

    @Slot()
    def leave(self) -> None:
        """Close: show nothing, load nothing, and say so."""
        if self._current is not None:
            self._forget()
            self.closed.emit()

    def _forget(self) -> None:
        """Show nothing and load nothing any more."""
        raise NotImplementedError

    def _press(self, key: int) -> None:
        """Do what one of the page's own keys does."""
        raise NotImplementedError

    def _current_canvas(self) -> ImageCanvas | None:
        """Return where the current image is shown."""
        raise NotImplementedError

    # Pictures

    def _size_of(self, image_id: int) -> Size:
        width, height = self._model.library.sizes[image_id]
        return int(width), int(height)

    def _show_best(self, canvas: ImageCanvas, image_id: int) -> None:
        """Show the best that there is of an image now."""
        picture, failure = self._pictures.picture(image_id), self._pictures.failure(image_id)
        thumbnail = self._thumbnails.pixmap(image_id)
        if picture is None and failure:
            canvas.show_failure(failure)
        elif picture is None and thumbnail is not None:
            canvas.show_picture(from_thumbnail(thumbnail, self._size_of(image_id)))
        else:
            canvas.show_picture(picture)

    # Events

    def event(self, event: QEvent) -> bool:
        """Keep the window's shortcuts from taking the page's keys."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            canvas = self._current_canvas()
            is_plain = not event.modifiers() & ~_HARMLESS
            is_own = event.key() in _CLOSE_KEYS or event.key() in self._own_keys
            if is_plain and (is_own or (canvas is not None and canvas.wants_key(event))):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back, or do what the page's own key does."""
        if event.modifiers() & ~_HARMLESS or self._current is None:
            event.ignore()
        elif event.key() in _CLOSE_KEYS:
            self.leave()
        elif event.key() in self._own_keys:
            self._press(event.key())
        else:
            event.ignore()

    def hideEvent(self, event: QHideEvent) -> None:
        """Close without a word when another page takes the place; a minimised window changes nothing."""
        super().hideEvent(event)
        if not event.spontaneous() and self._current is not None:
            self._forget()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground that pictures lie on."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), ground_color(self.palette()))
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_back"):
            self._take_colors()

    def _take_colors(self) -> None:
        take_colors(self._back, self.palette())
