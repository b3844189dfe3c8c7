"""Asks before scores go with the window."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask_before_closing(window: QWidget, *, export: Callable[[], None], close: Callable[[], None]) -> None:
    """Ask whether scores that cannot be kept shall be exported first.

    Args:
        window: That is about to be closed, and stays open.
        export: Called if they shall.
        close: Called if they need not be kept.
    """
    text = "Some scores may be in this window only, because the store could not be used. Export them?"
    box = QMessageBox(QMessageBox.Icon.Warning, "Close", text, parent=window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    roles = QMessageBox.ButtonRole
    first = box.addButton("Export…", roles.AcceptRole)
    box.addButton("Close Without", roles.DestructiveRole).clicked.connect(close)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(first)
    first.clicked.connect(export)
    box.open()
