"""The loupe: one image as large as the window, with the next one a key away."""

from typing import Final

from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails
from resmem_gui.ui.viewing.canvas import ImageCanvas
from resmem_gui.ui.viewing.caption_line import CaptionLine
from resmem_gui.ui.viewing.captions import CaptionPart, caption_parts, position_text, scale_text, spoken
from resmem_gui.ui.viewing.filmstrip import Filmstrip
from resmem_gui.ui.viewing.page import Page
from resmem_gui.ui.viewing.pictures import Pictures, PictureWish

#: Whoever rests on an image for so long may want to look closer: then all its pixels are loaded.
_IDLE_MS: Final = 400
_STEPS: Final = {
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageDown: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageUp: -1,
}
_OWN_KEYS: Final = frozenset({*_STEPS, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_F, Qt.Key.Key_T})


class Loupe(Page):
    """Shows the model's images one by one, in the model's order as it is.

    Left and Right (Page Up and Page Down also while a part is shown large) lead to the previous and the next
    image, Home and End to the first and the last, F fits, T hides the filmstrip, Escape, Enter and G lead
    back. A place and scale that were chosen stay from image to image, so that sharpness can be compared.

    Attributes:
        canvas: The image.
        filmstrip: Those around it.
        caption: What is said about it.

    Signals:
        closed: The person wants to go back, or there is no image left.
        current_changed: Another image is shown (its id).
    """

    _own_keys = _OWN_KEYS

    def __init__(
        self, model: ImageModel, thumbnails: Thumbnails, pictures: Pictures, parent: QWidget | None = None
    ) -> None:
        """Build it, empty; arguments as those of `Page`."""
        super().__init__(model, thumbnails, pictures, parent)
        self._row = 0
        self._direction = 1
        self._is_idle = False
        self.setAccessibleName("Loupe")
        self._build()
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._rested)
        self._connect()

    def _build(self) -> None:
        self.canvas = ImageCanvas(self)
        self.caption = CaptionLine(self)
        self.filmstrip = Filmstrip(self._model, self)
        self._scale = QLabel(self)
        self._scale.setAccessibleName("Scale")
        self._scale.setToolTip("Size of the image on the screen: 100 % is pixel for pixel (Space)")
        line = QHBoxLayout()
        line.setContentsMargins(6, 3, 12, 3)
        line.setSpacing(8)
        line.addWidget(self._back)
        line.addWidget(self.caption, 1)
        line.addWidget(self._scale)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.filmstrip)
        self.setFocusProxy(self.canvas)

    def _connect(self) -> None:
        self.filmstrip.image_chosen.connect(self.show_image)
        self.canvas.view_changed.connect(self._view_changed)
        self.canvas.scale_changed.connect(self._scale_changed)
        self.canvas.resized.connect(self._resized)
        self._pictures.changed.connect(self._picture_changed)
        self._thumbnails.changed.connect(self._thumbnail_changed)
        model = self._model
        model.dataChanged.connect(self._rows_changed)
        model.layoutChanged.connect(self._order_changed)
        model.rowsInserted.connect(self._order_changed)
        model.rowsRemoved.connect(self._rows_removed)
        model.modelReset.connect(self._order_changed)

    # What is shown

    @Slot(int)
    def show_image(self, image_id: int) -> None:
        """Show an image of the model. One that the model does not show is passed over."""
        row = self._model.row_of(image_id)
        if row is None or image_id == self._current:
            return
        if self._current is None:
            self.canvas.show_picture(None)
            self.canvas.fit()
        self._direction = -1 if self._current is not None and row < self._row else 1
        self._current, self._row = image_id, row
        self._pictures.forget_failure(image_id)
        self._is_idle = False
        self._idle.start()
        self.filmstrip.set_current(image_id)
        self._show_picture()
        self._tell()
        self._want()
        self._announce(image_id)
        self.current_changed.emit(image_id)

    def step(self, rows: int) -> None:
        """Go on by so many images, as far as there are any."""
        self._go_to(self._row + rows)

    def _go_to(self, row: int) -> None:
        last = self._model.rowCount() - 1
        if self._current is not None and last >= 0:
            self.show_image(self._model.image_id(max(0, min(row, last))))

    def _forget(self) -> None:
        self._idle.stop()
        self._current = None
        self._pictures.clear()
        self.canvas.show_picture(None)
        self.filmstrip.set_current(None)

    def _show_picture(self) -> None:
        assert self._current is not None
        self._show_best(self.canvas, self._current)

    def _tell(self) -> None:
        """Say what is known of the current image."""
        assert self._current is not None
        position = CaptionPart(position_text(self._row, self._model.rowCount()), 5)
        name = self._model.library.record(self._current).name
        self.caption.tell(name, [position, *caption_parts(self._model, self._current)])
        self.canvas.setAccessibleName(spoken(self._model, self._current))

    def _announce(self, image_id: int) -> None:
        if QAccessible.isActive():
            event = QAccessibleAnnouncementEvent(self.canvas, spoken(self._model, image_id))
            QAccessible.updateAccessibility(event)

    # Loading

    def _want(self) -> None:
        """Have the pictures loaded that are to be seen now and next."""
        if self._current is None or not self.isVisible():
            return
        paths, window = self._model.library.paths, self.canvas.device_size
        is_awaited = self._pictures.picture(self._current) is None and not self._pictures.failure(
            self._current
        )
        # Somebody waits for this picture: the next ones begin when it is there.
        around = [] if is_awaited else [self._row + rows * self._direction for rows in (1, -1, 2)]
        ids = [self._model.image_id(row) for row in around if 0 <= row < self._model.rowCount()]
        wishes = [PictureWish(image_id, paths[image_id], window) for image_id in [self._current, *ids]]
        own = PictureWish(self._current, paths[self._current], None)
        if not self.canvas.is_fitted:
            wishes.insert(1, own)
            near = [image_id for image_id in ids[:2] if self._pictures.affords(self._size_of(image_id))]
            wishes += [PictureWish(image_id, paths[image_id], None) for image_id in near]
        elif self._is_idle:
            wishes.append(own)
        self._pictures.want(wishes)

    @Slot()
    def _rested(self) -> None:
        self._is_idle = True
        self._want()

    @Slot()
    def _resized(self) -> None:
        """Have pictures loaded for the new size, when it has come to rest."""
        if self._current is not None:
            self._idle.start()

    @Slot(object)
    def _view_changed(self, _view: object) -> None:
        if self.canvas.lacks_pixels:
            self._want()

    @Slot()
    def _scale_changed(self) -> None:
        self._scale.setText(scale_text(self.canvas.scale, is_fitted=self.canvas.is_fitted))

    @Slot(int)
    def _picture_changed(self, image_id: int) -> None:
        if image_id != self._current:
            return
        self._show_picture()
        self._want()

    @Slot(int)
    def _thumbnail_changed(self, image_id: int) -> None:
        if image_id == self._current and self._pictures.picture(image_id) is None:
            self._show_picture()

    # The model

    @Slot(QModelIndex, QModelIndex, list)
    def _rows_changed(self, first: QModelIndex, last: QModelIndex, roles: list[int]) -> None:
        only_pictures = list(roles) == [Qt.ItemDataRole.DecorationRole]
        if self._current is not None and first.row() <= self._row <= last.row() and not only_pictures:
            self._tell()

    @Slot()
    def _order_changed(self) -> None:
        """Follow the image to its new place; if it is gone, go to the one that stands there now."""
        if self._current is None:
            return
        row = self._model.row_of(self._current)
        if row is not None:
            self._row = row
            self._tell()
            self._want()
        elif self._model.rowCount():
            self._go_to(self._row)
        else:
            self.leave()

    @Slot(QModelIndex, int, int)
    def _rows_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        if first <= self._row <= last:
            self._row = first  # where the image after the gap stands now
        self._order_changed()

    # Events

    def _current_canvas(self) -> ImageCanvas:
        return self.canvas

    def _press(self, key: int) -> None:
        if key in _STEPS:
            self.step(_STEPS[Qt.Key(key)])
        elif key == Qt.Key.Key_F:
            self.canvas.fit()
        elif key == Qt.Key.Key_T:
            self.filmstrip.setVisible(self.filmstrip.isHidden())
        else:
            self._go_to(0 if key == Qt.Key.Key_Home else self._model.rowCount() - 1)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to load."""
        super().showEvent(event)
        self._want()
