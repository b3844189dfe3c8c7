"""Keys and gestures that belong to the views and cannot be changed: shown below the shortcuts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from resmem_gui.ui.shortcuts.reserved import first_key, native


@dataclass(frozen=True, slots=True)
class FixedKey:
    """What some keys do in a view.

    Attributes:
        keys: Each as Qt writes it ("Shift+Home", "T"), or in words where it is no single key ("Ctrl+Wheel").
        meaning: What they do.
    """

    keys: Sequence[str]
    meaning: str

    def native_keys(self) -> list[str]:
        """Return the keys as the platform writes them."""
        return [native(QKeySequence(key)) if _is_key(key) else key for key in self.keys]

    def sequences(self) -> list[QKeySequence]:
        """Return those that are single keys."""
        return [QKeySequence(key) for key in self.keys if _is_key(key)]


@dataclass(frozen=True, slots=True)
class FixedKeys:
    """The keys of one view.

    Attributes:
        view: Its name, a heading.
        rows: What its keys do.
    """

    view: str
    rows: Sequence[FixedKey]


def _is_key(text: str) -> bool:
    key = QKeySequence(text)
    return key.count() == 1 and first_key(key).key() != Qt.Key.Key_unknown


GRID_KEYS: Final = FixedKeys(
    "In the grid and the table",
    (
        FixedKey(("Left", "Right", "Up", "Down"), "Go to the next image"),
        FixedKey(("Home", "End"), "Go to the first or the last image"),
        FixedKey(("PgUp", "PgDown"), "Go one page up or down"),
        FixedKey(("Shift+Arrows",), "Extend the selection"),
        FixedKey(("Ctrl+Space",), "Select or deselect the image"),
        FixedKey(("A word",), "Go to the image whose name begins like that"),
        FixedKey(("Ctrl+Wheel",), "Larger or smaller thumbnails"),
        FixedKey(("Tab", "Shift+Tab"), "Go to the next or the previous part of the window"),
    ),
)
