"""What keys do to the range of the histogram."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from resmem_gui.ui.histogram.brush import Brush, Grip
from resmem_gui.ui.histogram.content import ScoreRange

#: For a tool tip: keys first, then what they do.
KEYS_HINT = (
    "Drag to choose a range, with Alt between the edges of bars; click a bar to select its images.\n"
    "Double-click: clear\n"
    "Enter: choose the highest bar\n"
    "Left, Right: move the range\n"
    "Shift+Left, Right: its upper end\n"
    "Ctrl+Left, Right: its lower end\n"
    "Home, End: down to 0, up to 1\n"
    "Escape: clear"
)

_key = Qt.Key
_DIRECTIONS = {_key.Key_Left: -1, _key.Key_Right: 1}
_CLEARING = (_key.Key_Escape, _key.Key_Delete, _key.Key_Backspace)
_STRETCHING = (_key.Key_Home, _key.Key_End)
#: The keys that mean something while there is a range.
RANGE_KEYS = frozenset({*_DIRECTIONS, *_CLEARING, *_STRETCHING})


def act_on_key(event: QKeyEvent, brush: Brush, step: float, beginning: Callable[[], ScoreRange]) -> bool:
    """Change the range as a key says.

    Args:
        event: The key.
        brush: Whose range is changed.
        step: How far a key leads: the width of a bar.
        beginning: Returns the range to begin with.

    Returns:
        Whether the key means something here.
    """
    key = Qt.Key(event.key())
    if brush.range is None:
        if key not in (_key.Key_Return, _key.Key_Enter):
            return False
        brush.set_range(beginning())
        return True
    if key in _DIRECTIONS:
        _lead(brush, event.modifiers(), _DIRECTIONS[key], step)
    elif key in _CLEARING:
        brush.set_range(None)
    elif key in _STRETCHING:
        low, high = brush.range
        brush.set_range((0.0, high) if key == _key.Key_Home else (low, 1.0))
    else:
        return False
    return True


def _lead(brush: Brush, modifiers: Qt.KeyboardModifier, direction: int, step: float) -> None:
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        brush.move_end(Grip.HIGH, direction, step)
    elif modifiers & Qt.KeyboardModifier.ControlModifier:
        brush.move_end(Grip.LOW, direction, step)
    else:
        brush.move(direction, step)
