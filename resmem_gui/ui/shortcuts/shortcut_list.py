"""The list of commands and their keys, under headings, with a field in the row that is being changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeyEvent, QKeySequence, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from resmem_gui.ui.shortcuts.key_editor import KeyEditor
from resmem_gui.ui.shortcuts.row_delegate import DEFAULT_ROLE, KEYS_ROLE, RowDelegate

_Index = QModelIndex | QPersistentModelIndex
_Flag = Qt.ItemFlag
_KEYS_WIDTH: Final = 0.46
_ICON: Final = QSize(18, 18)


class ListColumn(IntEnum):
    """The columns: what a command does, and its keys."""

    MEANING = 0
    KEYS = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list.

    Attributes:
        meaning: What the keys do.
        keys: As the platform writes them.
        sequences: The same as keys, for finding them by pressing one.
        name: Of the action; empty if the keys are fixed.
        default: What the keys would be by default, if they are others.
        icon: Of the action.
    """

    meaning: str
    keys: Sequence[str]
    sequences: Sequence[QKeySequence]
    name: str = ""
    default: str = ""
    icon: QIcon | None = None


class ShortcutList(QTreeWidget):
    """Shows rows under headings, finds some of them, and takes keys in the row being changed.

    Signals:
        change_asked: Enter, F2 or a double click on a command (its name).
        add_asked: Insert (likewise).
        removal_asked: Delete (likewise).
        key_pressed: In the row being changed (`QKeySequence`).
        confirmed: Enter, there.
        editing_ended: The field in the row is gone.
    """

    change_asked = Signal(str)
    add_asked = Signal(str)
    removal_asked = Signal(str)
    key_pressed = Signal(QKeySequence)
    confirmed = Signal()
    editing_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sections: list[tuple[QTreeWidgetItem, list[tuple[QTreeWidgetItem, Row]]]] = []
        self._editor: KeyEditor | None = None
        room = QPixmap(_ICON)
        room.fill(Qt.GlobalColor.transparent)
        self._no_icon = QIcon(room)  # so that all texts begin at the same place
        self._delegate = _EditingDelegate(self._make_editor, self)
        self.setItemDelegate(self._delegate)
        self.setColumnCount(len(ListColumn))
        self.setHeaderLabels(["Command", "Keys"])
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(False)
        self.setIconSize(_ICON)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAllColumnsShowFocus(True)
        self.setAccessibleName("Shortcuts")
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(ListColumn.MEANING, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(ListColumn.KEYS, QHeaderView.ResizeMode.Fixed)
        self.itemDoubleClicked.connect(self._ask_to_change)

    # Rows

    def set_rows(self, sections: Sequence[tuple[str, Sequence[Row]]]) -> None:
        """Show other rows, each section under its heading; the current row stays, if it is still there."""
        self.end_editing()
        current = self.current_row()
        place = self.verticalScrollBar().value()
        self.clear()
        self._sections = [(self._add_heading(title), self._add_rows(rows)) for title, rows in sections]
        for item, row in self._items():
            if current is not None and (row.name, row.meaning) == (current.name, current.meaning):
                self.setCurrentItem(item)
        self.doItemsLayout()
        self.verticalScrollBar().setValue(place)

    def _add_heading(self, title: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self, [title, ""])
        item.setFlags(_Flag.NoItemFlags)  # the arrow keys pass over it
        item.setFirstColumnSpanned(True)
        return item

    def _add_rows(self, rows: Sequence[Row]) -> list[tuple[QTreeWidgetItem, Row]]:
        made = []
        for row in rows:
            item = QTreeWidgetItem(self, [row.meaning, " or ".join(row.keys)])
            editable = _Flag.ItemIsEditable if row.name else _Flag.NoItemFlags
            item.setFlags(_Flag.ItemIsEnabled | _Flag.ItemIsSelectable | editable)
            item.setData(ListColumn.KEYS, KEYS_ROLE, list(row.keys))
            item.setData(ListColumn.KEYS, DEFAULT_ROLE, row.default)
            item.setIcon(ListColumn.MEANING, row.icon or self._no_icon)
            made.append((item, row))
        return made

    def _items(self) -> list[tuple[QTreeWidgetItem, Row]]:
        return [pair for _heading, rows in self._sections for pair in rows]

    def _row(self, item: QTreeWidgetItem | None) -> Row | None:
        return next((row for other, row in self._items() if other is item), None)

    def current_row(self) -> Row | None:
        """Return the row that is current and shown."""
        item = self.currentItem()
        return None if item is None or item.isHidden() else self._row(item)

    def show_only(self, wanted: Callable[[Row], bool]) -> int:
        """Hide the rows that are not wanted, and headings without rows; return how many are shown."""
        count = 0
        for heading, rows in self._sections:
            shown = 0
            for item, row in rows:
                item.setHidden(not wanted(row))
                shown += not item.isHidden()
            heading.setHidden(not shown)
            count += shown
        if count and self.current_row() is None:
            self.go_to_first()
        return count

    def go_to_first(self) -> None:
        """Make the first row that is shown the current one."""
        first = next((item for item, _row in self._items() if not item.isHidden()), None)
        if first is not None:
            self.setCurrentItem(first)

    def go_to(self, name: str) -> None:
        """Make a command's row the current one."""
        for item, row in self._items():
            if row.name == name:
                self.setCurrentItem(item)

    # Changing

    @property
    def is_editing(self) -> bool:
        """Whether a key is being waited for in a row."""
        return self._editor is not None

    def edit_current(self) -> None:
        """Wait for a key in the current row."""
        item = self.currentItem()
        if item is not None:
            self.scrollToItem(item)
            self.editItem(item, ListColumn.KEYS)

    @Slot()
    def end_editing(self) -> None:
        """Take the field out of the row."""
        editor, self._editor = self._editor, None
        if editor is None:
            return  # closing takes the focus from it, and it says once more that it is left
        had_focus = editor.hasFocus()
        self._delegate.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        if had_focus:
            self.setFocus()
        self.editing_ended.emit()

    def _make_editor(self, parent: QWidget) -> KeyEditor:
        self._editor = KeyEditor(parent)
        self._editor.pressed.connect(self.key_pressed)
        self._editor.confirmed.connect(self.confirmed)
        self._editor.left.connect(self.end_editing)
        return self._editor

    # Events

    @Slot()
    def _ask_to_change(self) -> None:
        row = self.current_row()
        if row is not None and row.name:
            self.change_asked.emit(row.name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and F2 change the current row's keys, Insert adds one, Delete takes them away."""
        row = self.current_row()
        signals = {
            Qt.Key.Key_Return: self.change_asked,
            Qt.Key.Key_Enter: self.change_asked,
            Qt.Key.Key_F2: self.change_asked,
            Qt.Key.Key_Insert: self.add_asked,
            Qt.Key.Key_Delete: self.removal_asked,
        }
        asked = signals.get(Qt.Key(event.key()))
        if asked is None:
            super().keyPressEvent(event)
        elif row is not None and row.name:
            asked.emit(row.name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the keys in the right part."""
        super().resizeEvent(event)
        self.setColumnWidth(ListColumn.KEYS, round(self.viewport().width() * _KEYS_WIDTH))


class _EditingDelegate(RowDelegate):
    """Draws rows, and puts the field into the one being changed."""

    def __init__(self, make_editor: Callable[[QWidget], KeyEditor], parent: QObject) -> None:
        super().__init__(parent)
        self._make_editor = make_editor

    def createEditor(self, parent: QWidget, option: object, index: _Index) -> QWidget:  # noqa: ARG002, N802
        """Return a field for the key."""
        return self._make_editor(parent)

    def setEditorData(self, editor: QWidget, index: _Index) -> None:  # noqa: N802 - Qt's name
        """Begin with an empty field."""

    def setModelData(self, editor: QWidget, model: object, index: _Index) -> None:  # noqa: N802
        """Put nothing in the model: the keymap is told, and the rows are made anew."""

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:  # noqa: ARG002 - Qt's signature
        """Let all keys through to the field, Tab and Enter too."""
        return False
