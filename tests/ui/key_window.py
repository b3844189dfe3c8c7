"""A window that stands for the main one in tests of pages."""

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMainWindow


class KeyWindow(QMainWindow):
    """Notes the keys that reach it.

    Attributes:
        keys: In the order in which they came.
    """

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[int] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Note a key that nobody within has taken."""
        self.keys.append(event.key())
