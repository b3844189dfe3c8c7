"""Notices: short messages above the images that ask for nothing and do not interrupt."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.ui import theme

_MOST_SHOWN: Final = 3


class Level(Enum):
    """How much a notice matters; the value is its icon's name."""

    INFO = "info"
    SUCCESS = "check"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Notice:
    """A message with at most one thing to do about it.

    Attributes:
        key: A newer notice with the same key takes the place of the older one.
    """

    key: str
    level: Level
    text: str
    action_text: str = ""
    action: Callable[[], None] | None = None


class NoticeArea(QWidget):
    """Shows notices below each other until they are closed or replaced; of many, the newest ones."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: dict[str, _NoticeBar] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show a notice in place of an older one with the same key."""
        self.dismiss(notice.key)
        bar = _NoticeBar(notice, self)
        bar.closed = lambda: self.dismiss(notice.key)
        self._bars[notice.key] = bar
        self._layout.addWidget(bar)
        self._show_newest()

    def dismiss(self, key: str) -> None:
        """Take a notice away, if it is there."""
        bar = self._bars.pop(key, None)
        if bar is not None:
            self._layout.removeWidget(bar)
            bar.hide()
            bar.deleteLater()
        self._show_newest()

    def _show_newest(self) -> None:
        """Leave room for the images: older notices come back when newer ones are closed."""
        bars = list(self._bars.values())
        for bar in bars[:-_MOST_SHOWN]:
            bar.hide()
        for bar in bars[-_MOST_SHOWN:]:
            bar.show()
        self.setVisible(bool(bars))

    def texts(self) -> list[str]:
        """Return what is being shown, oldest first."""
        return [bar.notice.text for bar in self._bars.values()]


class _NoticeBar(QFrame):
    """One notice: icon, text, perhaps a button, and a cross to close it."""

    def __init__(self, notice: Notice, parent: QWidget) -> None:
        super().__init__(parent)
        self.notice = notice
        self.closed: Callable[[], None] = self.hide
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.setSpacing(10)
        self._icon = QLabel(self)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        text = QLabel(notice.text, self)
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(text, 1)
        if notice.action is not None:
            button = QPushButton(notice.action_text, self)
            button.clicked.connect(self._act)
            layout.addWidget(button)
        self._cross = QToolButton(self)
        self._cross.setAutoRaise(True)
        self._cross.setToolTip("Close this notice")
        self._cross.setAccessibleName("Close this notice")
        self._cross.clicked.connect(self._close)
        layout.addWidget(self._cross)
        self.setAccessibleName(notice.text)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        self._take_colors()

    def _act(self) -> None:
        self.closed()  # first: the action may show another notice with this key
        if self.notice.action is not None:
            self.notice.action()

    def _close(self) -> None:
        self.closed()

    def _take_colors(self) -> None:
        color = self.palette().color(QPalette.ColorRole.Text)
        scale = self.devicePixelRatioF()
        self._icon.setPixmap(theme.tinted_pixmap(self.notice.level.value, color, 20, scale))
        self._cross.setIcon(theme.tinted_icon("close", self.palette()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_cross"):
            self._take_colors()
