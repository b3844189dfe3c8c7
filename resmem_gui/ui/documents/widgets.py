"""Buttons and forms of the windows that make documents."""

from collections.abc import Callable

from PySide6.QtWidgets import QFormLayout, QPushButton, QWidget


def button(text: str, handler: Callable[[], None], parent: QWidget) -> QPushButton:
    """Return a button that Enter in a field beside it does not press."""
    made = QPushButton(text, parent)
    made.setAutoDefault(False)
    made.clicked.connect(handler)
    return made


def form_layout(parent: QWidget) -> QFormLayout:
    """Return a layout for choices, with fields as wide as the window."""
    form = QFormLayout(parent)
    form.setContentsMargins(0, 0, 0, 0)
    form.setVerticalSpacing(10)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form
