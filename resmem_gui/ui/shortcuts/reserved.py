"""Keys that no command may have: those by which the views themselves are used."""

from typing import Final

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

_Key = Qt.Key
_Modifier = Qt.KeyboardModifier

#: With Shift and Ctrl too: they extend the selection and move without selecting.
_MOVING: Final = frozenset(
    {
        *(_Key.Key_Left, _Key.Key_Right, _Key.Key_Up, _Key.Key_Down),
        *(_Key.Key_Home, _Key.Key_End, _Key.Key_PageUp, _Key.Key_PageDown),
        _Key.Key_Space,
    }
)
_LEAVING: Final = frozenset(
    {_Key.Key_Return, _Key.Key_Enter, _Key.Key_Escape, _Key.Key_Tab, _Key.Key_Backtab}
)


def native(key: QKeySequence) -> str:
    """Return a key as the platform writes it."""
    return key.toString(QKeySequence.SequenceFormat.NativeText)


def first_key(key: QKeySequence) -> QKeyCombination:
    """Return the first, and mostly only, key of a sequence with its modifiers; the sequence is not empty."""
    return key[0]  # type: ignore[index,no-any-return]  # PySide's stubs do not know that it is a sequence


def reserved_reason(key: QKeySequence) -> str:
    """Return why a key cannot be a shortcut, as a sentence; empty if it can be one."""
    if key.isEmpty() or first_key(key).key() == _Key.Key_unknown:
        return "This key cannot be used here. Press another."
    if key.count() > 1:
        return f"{native(key)} is more than one key. Press a single one, with Ctrl, Alt or Shift as you like."
    pressed = first_key(key)
    modifiers = pressed.keyboardModifiers() & ~_Modifier.KeypadModifier
    extending = _Modifier.ShiftModifier | _Modifier.ControlModifier
    moves = pressed.key() in _MOVING and not modifiers & ~extending
    leaves = pressed.key() in _LEAVING and not modifiers & ~_Modifier.ShiftModifier
    if moves or leaves:
        return f"{native(key)} is needed in the views themselves, to move, open or leave. Press another key."
    return ""


def is_common(key: QKeySequence) -> bool:
    """Return whether a key is on most keyboards: no "Copy", no F16."""
    return first_key(key).key() < _Key.Key_F13
