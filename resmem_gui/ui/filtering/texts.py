"""Texts of people and file systems, as the parts of the interface take them."""

import html

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics


def label(text: str) -> str:
    """Return a text for a button or a menu: “&” would underline the next letter, a tab begin the shortcut."""
    return text.replace("&", "&&").replace("\t", " ").replace("\n", " ")


def tip(text: str) -> str:
    """Return a text for a tool tip, which Qt would take for HTML if it looked like it."""
    return f"<span>{html.escape(text)}</span>" if "<" in text else text


def shortened(text: str, metrics: QFontMetrics, width: int) -> str:
    """Return as much of a text as has room, without its middle: names and folders differ at their ends."""
    return metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width)
