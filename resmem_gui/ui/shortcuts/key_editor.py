"""A field that takes the next key pressed, whatever it is."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QKeySequenceEdit, QWidget

_Key = Qt.Key
_CONFIRMING = frozenset({_Key.Key_Return, _Key.Key_Enter})
_LEAVING = frozenset({_Key.Key_Escape, _Key.Key_Tab, _Key.Key_Backtab})
_NOT_LEAVING = frozenset({Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason})


class KeyEditor(QKeySequenceEdit):
    """Takes one key with Ctrl, Alt and Shift. Enter confirms and Escape leaves: they are no shortcuts.

    Signals:
        pressed: A key was pressed (`QKeySequence`); another may follow.
        confirmed: Enter.
        left: Escape, Tab, or the focus went elsewhere.
    """

    pressed = Signal(QKeySequence)
    confirmed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaximumSequenceLength(1)
        self.setAccessibleName("Press a key")
        self.editingFinished.connect(self._tell)

    @Slot()
    def _tell(self) -> None:
        if not self.keySequence().isEmpty():
            self.pressed.emit(self.keySequence())

    def event(self, event: QEvent) -> bool:
        """Take Enter, Escape and Tab before Qt makes keys of them."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and event.key() in _CONFIRMING:
                self.confirmed.emit()
                return True
            if event.key() in _LEAVING and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
                self.left.emit()
                return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave, unless a menu or another window has the focus for a while."""
        super().focusOutEvent(event)
        if event.reason() not in _NOT_LEAVING:
            self.left.emit()
