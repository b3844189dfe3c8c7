"""Says what forbids to make much of a comparison."""

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from resmem_gui.ui import theme

_ICON_SIZE: Final = 16


class WarningRow(QWidget):
    """A sign and a sentence; not there while there is nothing to warn of."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sign = QLabel(self)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence; empty while there is none."""
        return self._text.text()

    def warn(self, text: str) -> None:
        """Show a sentence; an empty one takes the row away."""
        self._text.setText(text)
        self.setVisible(bool(text))

    def showEvent(self, event: QShowEvent) -> None:
        """Have the sign in the colours of now."""
        super().showEvent(event)
        self._take_colors()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._take_colors()

    def _take_colors(self) -> None:
        icon = theme.tinted_icon("warning", self.palette())
        self._sign.setPixmap(icon.pixmap(_ICON_SIZE))
