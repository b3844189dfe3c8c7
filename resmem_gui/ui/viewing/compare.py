"""Two to four images side by side, moved and scaled together, and what differences of scores are worth."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails
from resmem_gui.ui.viewing.canvas import ImageCanvas
from resmem_gui.ui.viewing.captions import scale_text, verdicts
from resmem_gui.ui.viewing.compare_head import CompareHead
from resmem_gui.ui.viewing.compare_pane import ComparePane
from resmem_gui.ui.viewing.compare_panes import MOST, ComparePanes
from resmem_gui.ui.viewing.framing_verdicts import framing_verdicts
from resmem_gui.ui.viewing.page import Page
from resmem_gui.ui.viewing.pictures import Pictures, PictureWish

_LEAST: Final = 2
_AFTER_RESIZE_MS: Final = 200
_DROP_KEYS: Final = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_OWN_KEYS: Final = frozenset({*_DROP_KEYS, *_STEPS, Qt.Key.Key_F, Qt.Key.Key_L})


class Compare(Page):
    """Shows two to four images side by side.

    Tab and the arrow keys lead from image to image, Delete takes the one with the focus out of the
    comparison (it stays in the library) and the next of the list takes its place, L links and unlinks, F
    fits, Escape, Enter and G lead back.

    Attributes:
        panes: The four places for images, as many of them visible as there are images.
        head: The line above them, with `link` and `measure`.

    Signals:
        closed: The person wants to go back, or there are no two images left to compare.
        current_changed: Another image has the focus (its id).
        dropped: A person took an image out of the comparison (its id).
        measure_wanted: A person asks how the scores move with the framing (ids of the images).
    """

    dropped = Signal(int)
    measure_wanted = Signal(object)

    _own_keys = _OWN_KEYS

    def __init__(
        self, model: ImageModel, thumbnails: Thumbnails, pictures: Pictures, parent: QWidget | None = None
    ) -> None:
        """Build it, empty; arguments as those of `Page`."""
        super().__init__(model, thumbnails, pictures, parent)
        self._waiting: list[int] = []
        self.setAccessibleName("Comparison")
        self._build()
        self._after_resize = QTimer(self)
        self._after_resize.setSingleShot(True)
        self._after_resize.setInterval(_AFTER_RESIZE_MS)
        self._after_resize.timeout.connect(self._want)
        self._connect()

    def _build(self) -> None:
        self.head = CompareHead(self._model.library, self._back, self)
        self.link, self.measure = self.head.link, self.head.measure
        self._places = ComparePanes(self)
        self.panes = self._places.panes
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self._places, 1)

    def _connect(self) -> None:
        self.link.toggled.connect(self._link_toggled)
        self.head.measure_wanted.connect(self.measure_wanted)
        self._places.resized.connect(self._arrange)
        for pane in self.panes:
            pane.focused.connect(self._focus_moved)
            pane.moved.connect(self._moved)
            pane.canvas.scale_changed.connect(self._tell_scale)
            pane.canvas.resized.connect(self._load_soon)
        self._pictures.changed.connect(self._picture_changed)
        self._thumbnails.changed.connect(self._picture_changed)
        self._model.dataChanged.connect(self._rows_changed)
        self._model.images_came_or_went.connect(self._drop_removed)
        # Before ranks are told, which a removed image no longer has.
        self._model.rowsRemoved.connect(self._drop_removed)
        self._model.modelReset.connect(self._drop_removed)

    # What is compared

    @property
    def image_ids(self) -> list[int]:
        """The images side by side."""
        return self._places.image_ids

    def set_images(self, image_ids: Sequence[int]) -> None:
        """Compare images of the library: the first four side by side, others wait until one is dropped.

        Args:
            image_ids: Two or more; with fewer it closes.
        """
        ids = list(dict.fromkeys(image_ids))
        self.head.offer_again()
        self._waiting = ids[MOST:]
        for image_id in ids:
            self._pictures.forget_failure(image_id)
        for pane in self.panes:
            pane.canvas.show_picture(None)
            pane.canvas.fit()
        self._show(ids[:MOST])
        if self.image_ids:
            self._focus(self.panes[0])

    def drop(self, image_id: int) -> None:
        """Take an image out of the comparison; the next that waits takes its place."""
        ids = self.image_ids
        place = ids.index(image_id)
        self.dropped.emit(image_id)
        following = [self._waiting.pop(0)] if self._waiting else []
        self._show(ids[:place] + following + ids[place + 1 :])
        if self.image_ids:
            self._focus(self.panes[min(place, len(self.image_ids) - 1)])

    def _forget(self) -> None:
        self._places.clear()
        self._waiting, self._current = [], None
        self._after_resize.stop()
        self._pictures.clear()

    def _show(self, ids: Sequence[int]) -> None:
        """Put these images side by side."""
        view = self.panes[0].canvas.view
        self._places.put(ids)
        if len(ids) < _LEAST:
            if ids:
                self.current_changed.emit(ids[0])  # what the comparison came to
            self._forget()
            self.closed.emit()
            return
        self._arrange()
        for pane in self.panes:
            self._show_picture(pane)
            if self.link.isChecked():
                pane.canvas.set_view(view)
        if self.link.isChecked():
            self._places.follow(self.panes[0])
        self._tell()
        self._want()

    def _show_picture(self, pane: ComparePane) -> None:
        if pane.image_id is not None:
            self._show_best(pane.canvas, pane.image_id)

    @Slot()
    def _arrange(self) -> None:
        self._places.arrange([self._size_of(image_id) for image_id in self.image_ids])

    # Words

    def _tell(self) -> None:
        """Say what is known of each image, and what the differences are worth."""
        sentences = verdicts(self._model, self.image_ids)
        framings = framing_verdicts(self._model, self.image_ids)
        has_room = any(framing.full for framing in framings.values())
        for pane, image_id in self._places.filled:
            verdict, framing = sentences[image_id], framings[image_id]
            pane.tell(self._model, verdict, framing, has_room=has_room)
        self.head.tell(self.image_ids, len(self._waiting))
        self._tell_scale()

    @Slot()
    def _tell_scale(self) -> None:
        pane = self._places.pane_of(self._current)
        if pane is not None:
            self.head.tell_scale(scale_text(pane.canvas.scale, is_fitted=pane.canvas.is_fitted))

    # Together

    @Slot(object)
    def _moved(self, pane: ComparePane) -> None:
        if self.link.isChecked():
            self._places.follow(pane)
        if self._places.lack_pixels:
            self._want()

    @Slot(bool)
    def _link_toggled(self, linked: bool) -> None:
        pane = self._places.pane_of(self._current)
        if linked and pane is not None:
            self._places.follow(pane)

    # Focus

    def _focus(self, pane: ComparePane) -> None:
        pane.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self._take_current(pane.image_id)

    @Slot(object)
    def _focus_moved(self, pane: ComparePane) -> None:
        self._take_current(pane.image_id)

    def _take_current(self, image_id: int | None) -> None:
        if image_id is not None and image_id != self._current:
            self._current = image_id
            self._tell_scale()
            self.current_changed.emit(image_id)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's name
        """Lead Tab from image to image and round again."""
        return self._step(1 if next else -1)

    def _step(self, places: int) -> bool:
        ids = self.image_ids
        if self._current not in ids:
            return False
        self._focus(self.panes[(ids.index(self._current) + places) % len(ids)])
        return True

    # Loading

    @Slot()
    def _load_soon(self) -> None:
        """Have pictures loaded for the new sizes, when these have come to rest."""
        if self.image_ids:
            self._after_resize.start()

    @Slot()
    def _want(self) -> None:
        """Have the pictures loaded that are to be seen, in full where they are shown large, and the next."""
        if not self.isVisible():
            return
        paths = self._model.library.paths
        shown = self._places.filled
        wishes = [PictureWish(image_id, paths[image_id], pane.canvas.device_size) for pane, image_id in shown]
        wishes += [
            PictureWish(image_id, paths[image_id], None)
            for pane, image_id in shown
            if pane.canvas.lacks_pixels
        ]
        window = self.panes[0].canvas.device_size
        wishes += [PictureWish(image_id, paths[image_id], window) for image_id in self._waiting[:1]]
        self._pictures.want(wishes)

    @Slot(int)
    def _picture_changed(self, image_id: int) -> None:
        pane = self._places.pane_of(image_id)
        if pane is None:
            return
        self._show_picture(pane)
        leader = self._places.pane_of(self._current)
        if self.link.isChecked() and leader is not None and leader is not pane:
            self._places.follow(leader)
        if pane.canvas.lacks_pixels:
            self._want()

    # The model

    @Slot(QModelIndex, QModelIndex, list)
    def _rows_changed(self, first: QModelIndex, last: QModelIndex, roles: list[int]) -> None:
        rows = [self._model.row_of(image_id) for image_id in self.image_ids]
        only_pictures = list(roles) == [Qt.ItemDataRole.DecorationRole]
        if not only_pictures and any(row is not None and first.row() <= row <= last.row() for row in rows):
            self._tell()

    @Slot()
    def _drop_removed(self) -> None:
        """Go on without images that are no longer in the library."""
        present, before = self._model.library.present, self.image_ids
        self._waiting = [image_id for image_id in self._waiting if present[image_id]]
        ids = [image_id for image_id in before if present[image_id]]
        if ids == before:
            if ids:
                self._tell()  # one that is back has a rank again
            return
        while self._waiting and len(ids) < len(before):
            ids.append(self._waiting.pop(0))
        self._show(ids)
        if self.image_ids and self._current not in self.image_ids:
            self._focus(self.panes[0])

    # Events

    def _current_canvas(self) -> ImageCanvas | None:
        pane = self._places.pane_of(self._current)
        return pane.canvas if pane is not None else None

    def _press(self, key: int) -> None:
        pane = self._places.pane_of(self._current)
        assert self._current is not None
        if key in _DROP_KEYS:
            self.drop(self._current)
        elif key in _STEPS:
            self._step(_STEPS[Qt.Key(key)])
        elif key == Qt.Key.Key_L:
            self.link.toggle()
        elif pane is not None:
            pane.canvas.fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to load."""
        super().showEvent(event)
        self._after_resize.start()
