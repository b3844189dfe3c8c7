"""The window that shows large what the network sees of the selected image."""

import os
from typing import Final

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt, Slot
from PySide6.QtGui import QHideEvent, QPixmap
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from resmem_gui.library.records import readable
from resmem_gui.ui.browsing.previews import Preview, PreviewWish
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.fitting import fitted
from resmem_gui.ui.network_view.network_view import NetworkView, sentence

_SIZE: Final = QSize(900, 560)
_GEOMETRY_KEY: Final = "network_view/geometry"
_TITLE: Final = "What the Network Sees"
_SIDES: Final = "Left the image, with what is scored of it marked; right what the network gets."
_NONE: Final = "Select one image to see what the network sees of it."


class NetworkWindow(QDialog):
    """Follows the selection, and nobody is kept from going on working.

    Attributes:
        view: Both pictures.
        message: What happens to the image on its way to the network.
    """

    def __init__(self, controller: Controller, settings: QSettings, parent: QWidget) -> None:
        """Build the window.

        Args:
            controller: Whose images are shown, prepared as it prepares them.
            settings: Where its size is remembered.
            parent: Over which it opens.
        """
        super().__init__(parent)
        self._controller, self._settings = controller, settings
        self._shown: int | None = None
        self.setWindowTitle(_TITLE)
        self.setWindowFlag(Qt.WindowType.WindowMinMaxButtonsHint)
        self.view = NetworkView(self)
        self.message = QLabel(self)
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(12)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.message)
        layout.addWidget(buttons)
        self.resize(fitted(_SIZE, self))
        kept = settings.value(_GEOMETRY_KEY)
        if isinstance(kept, QByteArray):
            self.restoreGeometry(kept)
        controller.previews.loaded.connect(self._take)

    def show_images(self, image_ids: list[int]) -> None:
        """Show what the network sees of an image, if it is one."""
        self._shown = image_ids[0] if len(image_ids) == 1 else None
        if self._shown is None:
            self.view.clear_pictures()
            self.message.setText(_NONE)
            self.setWindowTitle(_TITLE)
        else:
            path = self._controller.library.paths[self._shown]
            self._controller.previews.want([PreviewWish(self._shown, path, self._controller.preprocessing)])

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember the size."""
        super().hideEvent(event)
        self._settings.setValue(_GEOMETRY_KEY, self.saveGeometry())

    @Slot(object, object)
    def _take(self, wish: PreviewWish, result: Preview | Exception) -> None:
        if wish.image_id != self._shown or wish.preprocessing != self._controller.preprocessing:
            return
        self.setWindowTitle(f"{_TITLE} – {readable(os.path.basename(wish.path))}")
        if isinstance(result, Exception):
            self.view.clear_pictures()
            self.message.setText(str(result))
        else:
            self.view.set_pictures(
                QPixmap.fromImage(result.as_prepared), QPixmap.fromImage(result.network_input)
            )
            size = result.as_prepared.size()
            self.message.setText(f"{_SIDES} {sentence(size.width(), size.height())}")
