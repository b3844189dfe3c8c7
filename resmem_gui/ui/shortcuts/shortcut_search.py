"""Finds shortcuts by the name of the command, or by the key."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QStackedWidget, QWidget

from resmem_gui.ui.shortcuts.key_editor import KeyEditor
from resmem_gui.ui.shortcuts.reserved import native
from resmem_gui.ui.shortcuts.shortcut_list import Row


class ShortcutSearch(QWidget):
    """A field for a name, and in its place, when asked for, one that takes a key.

    Attributes:
        name: The field for a name or a part of it, or of what a key is called.
        key: The field that takes a key.
        by_key: Chooses between them.

    Signals:
        changed: Something else is looked for.
        left: Enter, in the field for a key.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = QLineEdit(self)
        self.name.setPlaceholderText("Search commands and keys")
        self.name.setAccessibleName("Search commands and keys")
        self.name.setClearButtonEnabled(True)
        self.key = KeyEditor(self)
        self.key.setAccessibleName("Press the key to look for")
        self._fields = QStackedWidget(self)
        self._fields.addWidget(self.name)
        self._fields.addWidget(self.key)
        self._fields.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.by_key = QPushButton("By &Key", self)
        self.by_key.setToolTip("Press a key to see what it does")
        self.by_key.setAutoDefault(False)
        self.by_key.setCheckable(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._fields, 1)
        row.addWidget(self.by_key)
        self.setFocusProxy(self.name)
        self.name.textChanged.connect(self.changed)
        self.by_key.toggled.connect(self._change_field)
        self.key.pressed.connect(self.changed)
        self.key.confirmed.connect(self.left)
        self.key.left.connect(self._leave_key)

    def wants(self, row: Row) -> bool:
        """Return whether a row is what is looked for; all are while nothing is."""
        if self.by_key.isChecked():
            key = self.key.keySequence()
            return key.isEmpty() or key in row.sequences
        wanted = self.name.text().strip().casefold()
        return wanted in row.meaning.casefold() or any(wanted in key.casefold() for key in row.keys)

    def nothing_sentence(self) -> str:
        """Return what to say when nothing was found."""
        if self.by_key.isChecked():
            return f"Nothing has the key {native(self.key.keySequence())}."
        return f"No command “{self.name.text().strip()}”."

    @Slot(bool)
    def _change_field(self, by_key: bool) -> None:
        field = self.key if by_key else self.name
        self.key.clear()
        self._fields.setCurrentWidget(field)
        self.setFocusProxy(field)
        field.setFocus()
        self.changed.emit()

    @Slot()
    def _leave_key(self) -> None:
        """Return to the field for names, unless the key found something that is being looked at."""
        if self.by_key.isChecked() and (self.key.hasFocus() or self.key.keySequence().isEmpty()):
            self.by_key.setChecked(False)
