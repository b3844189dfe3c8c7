"""Labels for texts that are longer than the place for them is wide."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


def wrapped_label(parent: QWidget) -> QLabel:
    """Return a label that breaks its text into lines."""
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)  # a file may be called <b>
    return label


def selectable_label(parent: QWidget) -> QLabel:
    """Return such a label whose text can be selected and copied."""
    label = wrapped_label(parent)
    flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    label.setTextInteractionFlags(flags)
    policy = label.sizePolicy()  # keep that its height follows from its width
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    label.setSizePolicy(policy)
    return label


def breakable(path: str) -> str:
    """Return a path that a label may break after each separator and hyphen."""
    return "".join(f"{letter}\u200b" if letter in "/\\_-." else letter for letter in path)


def larger(font: QFont, factor: float) -> QFont:
    """Return a bold font, larger by a factor."""
    made = QFont(font)
    made.setPointSizeF(font.pointSizeF() * factor)
    made.setBold(True)
    return made
