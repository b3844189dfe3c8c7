"""Sentences on as many lines as they need."""

import re
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QWidget

#: So many letters without a place to break a line make no window wider than a small screen.
_LONGEST: Final = 48
_TOO_LONG: Final = re.compile(rf"[^\s/\\]{{{_LONGEST + 1},}}")
_KEPT: Final = (_LONGEST - 1) // 2


class SentenceLabel(QLabel):
    """Plain text, in which a file name is no markup, and no long one makes the window wider than the screen.

    A name that no line can hold is shortened in its middle: its ends tell most. The tool tip is then the
    whole text.
    """

    def __init__(self, parent: QWidget, text: str = "") -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    @Slot(str)
    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show a text; its tool tip is the old one's no more."""
        short = _TOO_LONG.sub(lambda found: f"{found[0][:_KEPT]}…{found[0][-_KEPT:]}", text)
        super().setText(short)
        self.setToolTip(text if short != text else "")

    @Slot()
    def clear(self) -> None:
        """Show nothing."""
        self.setText("")
