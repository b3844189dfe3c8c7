"""The window that shows all shortcuts and lets them be changed."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.ui import theme
from resmem_gui.ui.fitting import fitted
from resmem_gui.ui.shortcuts.fixed_keys import FixedKeys
from resmem_gui.ui.shortcuts.keymap import Keymap
from resmem_gui.ui.shortcuts.menu_order import in_menu_order
from resmem_gui.ui.shortcuts.reserved import is_common, native
from resmem_gui.ui.shortcuts.shortcut_list import Row, ShortcutList
from resmem_gui.ui.shortcuts.shortcut_search import ShortcutSearch

_SIZE: Final = QSize(720, 720)
_HOW: Final = "Enter or a double click changes a shortcut."


class ShortcutSheet(QDialog):
    """Shows each command with its keys, finds them by name or by key, and changes them in place.

    Attributes:
        rows: The list.
        search: Finds commands.
        message: Says what is being waited for, or why a key cannot be taken.
        take_over: Takes the key that was pressed from the command that has it.
    """

    def __init__(self, keymap: Keymap, fixed: Sequence[FixedKeys], parent: QWidget) -> None:
        """Build the window.

        Args:
            keymap: The shortcuts shown and changed.
            fixed: The keys of the views, shown below them.
            parent: The window that has the actions.
        """
        super().__init__(parent)
        self._keymap = keymap
        self._window = parent
        self._fixed = fixed
        self._name = ""
        self._adds = False
        self._pending: QKeySequence | None = None
        self.setWindowTitle("Keyboard Shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.search = ShortcutSearch(self)
        self.rows = ShortcutList(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 12)
        layout.setSpacing(10)
        layout.addWidget(self.search)
        layout.addWidget(self.rows, 1)
        layout.addLayout(self._make_message())
        layout.addLayout(self._make_buttons())
        self._connect()
        self._fill()
        self.rows.go_to_first()
        self.rows.scrollToTop()
        self.search.setFocus()
        self.resize(fitted(_SIZE, self))

    # Building

    def _make_message(self) -> QHBoxLayout:
        self.message = QLabel(_HOW, self)
        self.message.setWordWrap(True)
        self.message.setMinimumHeight(2 * self.fontMetrics().lineSpacing() + 4)
        self.take_over = self._button("&Take Over", "Take the key from the command that has it (Enter)")
        # A click must leave the focus in the row, where the key was pressed.
        self.take_over.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.take_over.hide()
        row = QHBoxLayout()
        row.addWidget(self.message, 1)
        row.addWidget(self.take_over)
        return row

    def _make_buttons(self) -> QHBoxLayout:
        self.change = self._button("&Change…", "Give the command another key (Enter)")
        self.add = self._button("&Add…", "Give the command one more key (Insert)")
        self.remove = self._button("Re&move", "Take the command's keys away (Delete)")
        self.reset = self._button("&Reset", "Give the command the keys it came with")
        self.reset_all = self._button("Reset A&ll", "Give all commands the keys they came with")
        self.close_button = self._button("Close", "")
        row = QHBoxLayout()
        for button in (self.change, self.add, self.remove, self.reset):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.reset_all)
        row.addWidget(self.close_button)
        return row

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setAutoDefault(False)  # Enter belongs to the list
        return button

    def _connect(self) -> None:
        self.search.changed.connect(self._find)
        self.search.left.connect(self.rows.setFocus)
        self.rows.currentItemChanged.connect(self._row_changed)
        self.rows.change_asked.connect(self._change)
        self.rows.add_asked.connect(self._add)
        self.rows.removal_asked.connect(self._remove)
        self.rows.key_pressed.connect(self._key_pressed)
        self.rows.confirmed.connect(self._take_over)
        self.rows.editing_ended.connect(self._editing_ended)
        self.take_over.clicked.connect(self._take_over)
        for button, command in (
            (self.change, self._change),
            (self.add, self._add),
            (self.remove, self._remove),
            (self.reset, self._reset),
        ):
            button.clicked.connect(lambda _checked, command=command: command(self._current_name()))
        self.reset_all.clicked.connect(self._reset_all)
        self.close_button.clicked.connect(self.close)
        self._keymap.changed.connect(self._fill)

    # Rows

    @Slot()
    def _fill(self) -> None:
        """Show the shortcuts as they are now."""
        actions = self._keymap.actions
        sections: dict[str, list[Row]] = {}
        for name in in_menu_order(actions, self._window):
            sections.setdefault(actions.group(name), []).append(self._row(name))
        shown = list(sections.items())
        for view in self._fixed:
            fixed = [Row(key.meaning, key.native_keys(), key.sequences()) for key in view.rows]
            shown.append((view.view, fixed))
        self.rows.set_rows(shown)
        self._find()
        self._row_changed()
        self.reset_all.setEnabled(self._keymap.any_changed)

    def _row(self, name: str) -> Row:
        actions, keys = self._keymap.actions, self._keymap.keys(name)
        default = ""
        if self._keymap.is_changed(name):
            default = " or ".join(_shown(actions.default_keys(name))) or "none"
        icon = actions.icon_name(name)
        drawn = theme.tinted_icon(icon, self.palette()) if icon else None
        return Row(self._keymap.title(name), _shown(keys), keys, name, default, drawn)

    def _current_name(self) -> str:
        row = self.rows.current_row()
        return row.name if row is not None else ""

    @Slot()
    def _row_changed(self) -> None:
        name = self._current_name()
        for button in (self.change, self.add):
            button.setEnabled(bool(name))
        self.remove.setEnabled(bool(name and self._keymap.keys(name)))
        self.reset.setEnabled(bool(name) and self._keymap.is_changed(name))
        if not self.rows.is_editing:
            row = self.rows.current_row()
            fixed = row is not None and not row.name
            self._say("The keys of the views themselves cannot be changed." if fixed else _HOW)

    @Slot()
    def _find(self) -> None:
        shown = self.rows.show_only(self.search.wants)
        self._row_changed()
        if not shown:
            self._say(self.search.nothing_sentence())

    # Changing

    @Slot(str)
    def _change(self, name: str) -> None:
        self._wait_for_key(name, adds=False)

    @Slot(str)
    def _add(self, name: str) -> None:
        self._wait_for_key(name, adds=True)

    def _wait_for_key(self, name: str, *, adds: bool) -> None:
        if not name:
            return
        self.rows.end_editing()
        self._name, self._adds = name, adds
        self.rows.go_to(name)
        self.rows.edit_current()
        title = self._keymap.title(name)
        which = "one more key" if adds else "the new key"
        self._say(f"Press {which} for “{title}”. Escape leaves it as it is.")

    @Slot(QKeySequence)
    def _key_pressed(self, key: QKeySequence) -> None:
        """Take a key that is free; else say why not, and wait for another."""
        self._pending = None
        self.take_over.hide()
        reason = self._keymap.refusal(key)
        holder = self._keymap.holder(key)
        if reason:
            self._say(reason)
        elif holder is not None and holder != self._name:
            self._pending = key
            title = self._keymap.title(holder)
            self._say(f"{native(key)} belongs to “{title}”. Enter takes it over; or press another key.")
            self.take_over.show()
        else:
            self._finish(key)

    @Slot()
    def _take_over(self) -> None:
        """Take the key that was pressed last from its command."""
        if self._pending is None:
            return
        loser = self._keymap.holder(self._pending)
        key = native(self._pending)
        self._finish(self._pending)
        if loser is not None:
            self._say(f"{key} is taken from “{self._keymap.title(loser)}”.")

    def _finish(self, key: QKeySequence) -> None:
        name, adds = self._name, self._adds
        self.rows.end_editing()
        if adds:
            self._keymap.add_key(name, key)
        else:
            self._keymap.set_keys(name, [key])

    @Slot()
    def _editing_ended(self) -> None:
        self._pending = None
        self.take_over.hide()
        self._say(_HOW)

    @Slot(str)
    def _remove(self, name: str) -> None:
        if name:
            self._keymap.set_keys(name, [])

    def _reset(self, name: str) -> None:
        if name:
            self._keymap.reset(name)

    @Slot()
    def _reset_all(self) -> None:
        self._keymap.reset_all()

    def _say(self, sentence: str) -> None:
        if sentence != self.message.text():
            self.message.setText(sentence)

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down leads from the search to the list; Escape empties the search before it closes the window."""
        if self.search.name.hasFocus() and event.key() in (
            Qt.Key.Key_Down,
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
        ):
            self.rows.setFocus()
        elif event.key() == Qt.Key.Key_Escape and self.search.name.text():
            self.search.name.clear()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icons in the palette's colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "close_button"):
            self._fill()


def _shown(keys: Sequence[QKeySequence]) -> list[str]:
    """Return keys as the platform writes them, without those that few keyboards have."""
    return [native(key) for key in keys if is_common(key)] or [native(key) for key in keys]


def show_shortcuts(keymap: Keymap, fixed: Sequence[FixedKeys], parent: QWidget) -> ShortcutSheet:
    """Open the window, or bring it to the front if it is open."""
    sheet = parent.findChild(ShortcutSheet)
    if not isinstance(sheet, ShortcutSheet) or not sheet.isVisible():
        sheet = ShortcutSheet(keymap, fixed, parent)
    sheet.show()
    sheet.activateWindow()
    return sheet
