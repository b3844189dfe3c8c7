"""All commands of the window, with their texts, shortcuts and icons, and the menus made of them."""

import re
from collections.abc import Callable, Iterator, Sequence

import shiboken6
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QAction, QHelpEvent, QKeySequence, QPalette
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from resmem_gui.ui import theme

Shortcut = QKeySequence.StandardKey | str | None


class Actions(QObject):
    """Every action by name. Their icons follow the palette; their shortcuts stand in their tool tips.

    Signals:
        added: An action is there now (its name).
    """

    added = Signal(str)

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._by_name: dict[str, QAction] = {}
        self._icons: dict[str, str] = {}
        self._hints: dict[str, str] = {}
        self._reasons: dict[str, str] = {}
        self._groups: dict[str, str] = {}
        self._default_keys: dict[str, list[QKeySequence]] = {}
        self._taught: dict[str, list[tuple[QWidget, str]]] = {}

    def __getitem__(self, name: str) -> QAction:
        """Return an action by its name."""
        return self._by_name[name]

    def add(
        self,
        name: str,
        text: str,
        handler: Callable[..., object] | None = None,
        *,
        shortcut: Shortcut = None,
        icon: str = "",
        checked: bool | None = None,
        role: QAction.MenuRole = QAction.MenuRole.NoRole,
        hint: str = "",
        group: str = "",
    ) -> QAction:
        """Make an action.

        Args:
            name: For `self[name]`.
            text: In the menu, with its mnemonic.
            handler: What it does; called with the new state if it can be checked.
            shortcut: A standard key of the platform, or its text.
            icon: Name of an icon, empty for none.
            checked: None for an action that cannot be checked.
            role: Where macOS puts it.
            hint: What a person should know before choosing it; a tool tip, also in the menu.
            group: Under which heading it stands among the shortcuts; by default the menu that holds it.
        """
        action = QAction(text, self._window)
        action.setMenuRole(role)
        if shortcut is not None:
            if isinstance(shortcut, QKeySequence.StandardKey):
                action.setShortcuts(shortcut)  # all of the platform's, such as Shift+Ins for pasting
            else:
                action.setShortcut(QKeySequence(shortcut))
        if hint:
            self._hints[name] = hint
        if group:
            self._groups[name] = group
        if checked is not None:
            action.setCheckable(True)
            action.setChecked(checked)
            if handler is not None:
                action.toggled.connect(handler)
        elif handler is not None:
            # triggered(checked) would hand a bool to handlers that want nothing
            action.triggered.connect(lambda _checked: handler())
        self.adopt(name, action, icon)
        return action

    def adopt(self, name: str, action: QAction, icon: str = "") -> None:
        """Take over an action that Qt made, such as a dock's."""
        self._by_name[name] = action
        if icon:
            self._icons[name] = icon
        self._default_keys[name] = action.shortcuts()
        self._window.addAction(action)
        self._describe(name)
        self.added.emit(name)

    def set_icon(self, name: str, icon: str) -> None:
        """Give an action another icon."""
        if self._icons.get(name) == icon:
            return
        self._icons[name] = icon
        self._by_name[name].setIcon(theme.tinted_icon(icon, self._window.palette()))

    def set_text(self, name: str, text: str) -> None:
        """Give an action another text."""
        self._by_name[name].setText(text)
        self._describe(name)

    def enable(self, name: str, *, unless: str = "") -> None:
        """Let an action be chosen, unless there is a reason why not: a sentence for its tool tip."""
        self._by_name[name].setEnabled(not unless)
        if self._reasons.get(name, "") != unless:
            self._reasons[name] = unless
            self._describe(name)

    # Shortcuts

    @property
    def names(self) -> list[str]:
        """The names of all actions, in the order in which they were added."""
        return list(self._by_name)

    def title(self, name: str) -> str:
        """Return what an action does, without its mnemonic: "Export CSV"."""
        return re.sub(r"&(.)", r"\1", self._by_name[name].text()).rstrip("…")

    def icon_name(self, name: str) -> str:
        """Return the name of an action's icon, empty for none."""
        return self._icons.get(name, "")

    def group(self, name: str) -> str:
        """Return the heading an action belongs under: that given with it, or the title of its menu."""
        if name in self._groups:
            return self._groups[name]
        action = self._by_name[name]
        for entry in self._window.menuBar().actions():
            if any(held is action for held in _held_by(entry)):
                return entry.text().replace("&", "")
        return "Other"

    def default_keys(self, name: str) -> list[QKeySequence]:
        """Return the shortcuts that an action was added with."""
        return list(self._default_keys[name])

    def set_keys(self, name: str, keys: Sequence[QKeySequence]) -> None:
        """Give an action these shortcuts and no others; the first stands in menus and tool tips."""
        action = self._by_name[name]
        if action.shortcuts() != list(keys):
            action.setShortcuts(list(keys))
            self._describe(name)

    def menu_keys(self) -> dict[QKeySequence, str]:
        """Return the keys that open the menus of the menu bar, such as Alt+F, each with its menu's title."""
        titles = [entry.text() for entry in self._window.menuBar().actions()]
        keys = {QKeySequence.mnemonic(title): title.replace("&", "") for title in titles}
        return {key: title for key, title in keys.items() if not key.isEmpty()}

    def teach(self, name: str, widget: QWidget, text: str) -> None:
        """Give a widget a tool tip that ends with an action's shortcut, whatever that is at the time."""
        self._taught.setdefault(name, []).append((widget, text))
        self._describe(name)

    # Look and menus

    def take_colors(self, palette: QPalette) -> None:
        """Draw all icons in the palette's colours."""
        for name, icon in self._icons.items():
            self._by_name[name].setIcon(theme.tinted_icon(icon, palette))

    def menu(self, title: str, names: Sequence[str | QMenu | None]) -> QMenu:
        """Add a menu to the menu bar: names of actions, submenus, and None for a line between."""
        menu = self._window.menuBar().addMenu(title)
        self.fill(menu, names)
        return menu

    def fill(self, menu: QMenu, names: Sequence[str | QMenu | None]) -> None:
        """Add actions, submenus and lines to a menu."""
        for name in names:
            if name is None:
                menu.addSeparator()
            elif isinstance(name, QMenu):
                menu.addMenu(name)
            else:
                menu.addAction(self._by_name[name])
        menu.setToolTipsVisible(True)
        menu.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let a menu show only those tool tips that say more than its entry does."""
        if not (isinstance(event, QHelpEvent) and isinstance(watched, QMenu)):
            return super().eventFilter(watched, event)
        under = watched.actionAt(event.pos())
        name = next((name for name, action in self._by_name.items() if action is under), "")
        says_more = bool(self._hints.get(name) or self._reasons.get(name))
        return event.type() == QEvent.Type.ToolTip and name != "" and not says_more

    def _describe(self, name: str) -> None:
        action = self._by_name[name]
        key = action.shortcut()
        tip = _with_key(self._hints.get(name) or self.title(name), key)
        reason = self._reasons.get(name, "")
        action.setToolTip(f"{tip}\n{reason}" if reason else tip)
        taught = [(widget, text) for widget, text in self._taught.get(name, ()) if shiboken6.isValid(widget)]
        for widget, text in taught:
            widget.setToolTip(_with_key(text, key))


def key_or(key: QKeySequence.StandardKey, otherwise: str) -> Shortcut:
    """Return a standard key, or another one on platforms that have none, as small desktops for X11."""
    return key if QKeySequence.keyBindings(key) else otherwise


def _with_key(text: str, key: QKeySequence) -> str:
    keys = key.toString(QKeySequence.SequenceFormat.NativeText)
    return f"{text} ({keys})" if keys else text


def _held_by(entry: QAction) -> Iterator[QAction]:
    """Give an entry of a menu and, if it opens a menu, all that is in there."""
    yield entry
    menu = entry.menu()
    if isinstance(menu, QMenu):
        for inner in menu.actions():
            yield from _held_by(inner)
