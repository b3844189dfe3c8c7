"""What stands above pictures, in loupe and comparison alike: the way back."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QToolButton, QWidget

from resmem_gui.ui import theme
from resmem_gui.ui.viewing.canvas import ink_color


def back_button(parent: QWidget) -> QToolButton:
    """Return the button that leads back to all images."""
    button = QToolButton(parent)
    button.setAutoRaise(True)
    button.setIconSize(QSize(18, 18))
    button.setToolTip("Back to all images (Esc)")
    button.setAccessibleName("Back to all images")
    # The picture keeps the focus, and its keys with it; Escape is the button's key.
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button


def take_colors(button: QToolButton, ground: QPalette) -> None:
    """Draw the button's icon in the ink of the ground that it stands on.

    Args:
        button: To be given an icon.
        ground: Palette of the view around it: when that changes, the button's own is still the old one.
    """
    palette = QPalette(ground)
    palette.setColor(QPalette.ColorRole.ButtonText, ink_color(palette))
    button.setIcon(theme.tinted_icon("grid", palette))
