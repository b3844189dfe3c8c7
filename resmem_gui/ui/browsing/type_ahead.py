"""Typing the beginning of a name leads to the image."""

import time

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from resmem_gui.library.library import folded
from resmem_gui.ui.rows.image_model import ImageModel


class TypeAhead:
    """Collects what is typed without a long pause, and finds the image whose name begins with it.

    Qt's own search asks the model for the text of each row: a quarter of a second for 100,000.
    """

    def __init__(self) -> None:
        self._typed = ""
        self._last = 0.0

    def find(self, model: ImageModel, current_row: int, text: str) -> int | None:
        """Return the row to go to when `text` is typed, None if no name begins like that.

        The first letter leads to the next such image, the same letter again to the one after that; more
        letters stay where they are as long as the name fits.
        """
        if not self.is_under_way:
            self._typed = ""
        self._last = time.monotonic()
        self._typed += folded(text)
        if len(set(self._typed)) == 1:
            return model.row_named(self._typed[0], current_row + 1)
        return model.row_named(self._typed, max(0, current_row))

    @property
    def is_under_way(self) -> bool:
        """Whether the next letter belongs to the word that is being typed."""
        return time.monotonic() - self._last <= QApplication.keyboardInputInterval() / 1000

    def keeps(self, event: QEvent) -> bool:
        """Return whether an event is a letter of the word being typed, about to be taken for a shortcut.

        A view that accepts it gets the letter. The first letter of a word is a shortcut, if there is one.
        """
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        allowed = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        types = not event.modifiers() & ~allowed and event.text().isprintable() and event.text() != ""
        return types and self.is_under_way
