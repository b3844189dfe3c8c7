"""Typing the beginning of a name leads to the image."""

import time

from PySide6.QtWidgets import QApplication

from resmem_gui.library.library import folded
from resmem_gui.ui.image_model import ImageModel


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
        now = time.monotonic()
        if now - self._last > QApplication.keyboardInputInterval() / 1000:
            self._typed = ""
        self._last = now
        self._typed += folded(text)
        if len(set(self._typed)) == 1:
            return model.row_named(self._typed[0], current_row + 1)
        return model.row_named(self._typed, max(0, current_row))
