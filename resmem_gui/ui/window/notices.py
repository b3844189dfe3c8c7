"""Notices: short messages above the images that ask for nothing and do not interrupt."""

from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QHideEvent,
    QPalette,
    QShowEvent,
)
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
from resmem_gui.ui.notice import Level, Notice

_MOST_SHOWN: Final = 3
#: Long enough to read a file's path twice.
_SUCCESS_MS: Final = 6000


class NoticeArea(QWidget):
    """Shows notices below each other; of many, the newest ones.

    They stay until they are closed or replaced. Those that tell of a success and offer nothing go after a
    while in which they could be read: not under the pointer, nor with the focus, nor while another window is
    used.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: dict[str, _NoticeBar] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self.hide()

    @Slot(object)
    def show_notice(self, notice: Notice) -> None:
        """Show a notice in place of an older one with the same key."""
        bar = self._bars.get(notice.key)
        if bar is not None and not bar.isHidden() and bar.notice.is_like(notice):
            bar.show_notice(notice)  # a new bar would lose a click that is under way
            if notice.level is not Level.INFO:  # progress would be told without end
                self._announce(notice)
            return
        self.dismiss(notice.key)
        bar = _NoticeBar(notice, self)
        bar.closed.connect(lambda: self.dismiss(notice.key))
        self._bars[notice.key] = bar
        self._layout.addWidget(bar)
        self._show_newest()
        self._announce(notice)

    @Slot(str)
    def dismiss(self, key: str) -> None:
        """Take a notice away, if it is there."""
        bar = self._bars.pop(key, None)
        if bar is not None:
            self._layout.removeWidget(bar)
            bar.hide()
            bar.deleteLater()
        self._show_newest()

    def _announce(self, notice: Notice) -> None:
        """Have a screen reader tell it, which does not look here by itself."""
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, notice.text))

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
    """One notice: icon, text, perhaps a button, and a cross to close it; perhaps it closes itself.

    Signals:
        closed: It wants to go.
    """

    closed = Signal()

    def __init__(self, notice: Notice, parent: QWidget) -> None:
        super().__init__(parent)
        self.notice = notice
        self._time = QTimer(self, singleShot=True, interval=_SUCCESS_MS)
        self._time.timeout.connect(self._go)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.setSpacing(10)
        self._icon = QLabel(self)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(self._text, 1)
        if notice.action is not None:
            button = QPushButton(notice.action_text, self)
            button.clicked.connect(self._act)
            layout.addWidget(button)
        self._cross = QToolButton(self)
        self._cross.setAutoRaise(True)
        self._cross.setToolTip("Close this notice")
        self._cross.setAccessibleName("Close this notice")
        self._cross.clicked.connect(self.closed)
        layout.addWidget(self._cross)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        self._take_colors()
        self.show_notice(notice)

    def show_notice(self, notice: Notice) -> None:
        """Show a notice that is like the one before but for its words; its time begins anew."""
        self.notice = notice
        if self._text.text() != notice.text:
            self._text.setText(notice.text)
            self.setAccessibleName(notice.text)
        self._begin_time()

    def _begin_time(self) -> None:
        if self.notice.goes_by_itself and self.isVisible():
            self._time.start()

    @Slot()
    def _go(self) -> None:
        """Close it, unless a person may be reading it, or be elsewhere and not have seen it."""
        has_focus = any(part.hasFocus() for part in self.findChildren(QWidget))
        if self.underMouse() or has_focus or not self.isActiveWindow():
            self._begin_time()
        else:
            self.closed.emit()

    def _act(self) -> None:
        self.closed.emit()  # first: the action may show another notice with this key
        if self.notice.action is not None:
            self.notice.action()

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

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to count the time in which it can be read."""
        super().showEvent(event)
        self._begin_time()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop counting: it comes back later, or never."""
        super().hideEvent(event)
        self._time.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """Give it its time anew after the pointer was on it."""
        super().leaveEvent(event)
        self._begin_time()
