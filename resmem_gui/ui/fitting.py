"""Sizes that fit the screen."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_SHARE: Final = 0.95


def fitted(size: QSize, window: QWidget) -> QSize:
    """Return a size, bounded by the screen on which a window is or will open.

    `window.screen()` must not be asked: PySide 6.11 makes the window the parent of what it returns. When
    Python's garbage collector takes a window without a parent, it may take the screen first, and deletes it:
    Qt crashes where it next looks for a screen.
    """
    is_placed = window.testAttribute(Qt.WidgetAttribute.WA_Moved) or window.isVisible()
    owner = window.parentWidget()
    place = window if is_placed or owner is None else owner.window()
    screen = QGuiApplication.screenAt(place.frameGeometry().center()) or QGuiApplication.primaryScreen()
    return size.boundedTo(screen.availableSize() * _SHARE)
