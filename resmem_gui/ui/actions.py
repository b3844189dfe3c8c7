"""All commands of the window, with their texts, shortcuts and icons, and the menus made of them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence, QPalette
from PySide6.QtWidgets import QMainWindow, QMenu

from resmem_gui.ui import theme

Shortcut = QKeySequence.StandardKey | str | None


class Actions(QObject):
    """Every action by name. Their icons follow the palette; their shortcuts stand in their tool tips."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._by_name: dict[str, QAction] = {}
        self._icons: dict[str, str] = {}
        self._with_hints: set[str] = set()

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
        """
        action = QAction(text, self._window)
        action.setMenuRole(role)
        if shortcut is not None:
            if isinstance(shortcut, QKeySequence.StandardKey):
                action.setShortcuts(shortcut)  # all of the platform's, such as Shift+Ins for pasting
            else:
                action.setShortcut(QKeySequence(shortcut))
        self.adopt(name, action, icon)
        if hint:
            self._with_hints.add(name)
            action.setToolTip(hint)
        if checked is not None:
            action.setCheckable(True)
            action.setChecked(checked)
            if handler is not None:
                action.toggled.connect(handler)
        elif handler is not None:
            # triggered(checked) would hand a bool to handlers that want nothing
            action.triggered.connect(lambda _checked: handler())
        return action

    def adopt(self, name: str, action: QAction, icon: str = "") -> None:
        """Take over an action that Qt made, such as a dock's."""
        self._by_name[name] = action
        if icon:
            self._icons[name] = icon
        self._window.addAction(action)
        self._describe(action)

    def set_icon(self, name: str, icon: str) -> None:
        """Give an action another icon."""
        if self._icons.get(name) == icon:
            return
        self._icons[name] = icon
        self._by_name[name].setIcon(theme.tinted_icon(icon, self._window.palette()))

    def set_text(self, name: str, text: str) -> None:
        """Give an action another text."""
        self._by_name[name].setText(text)
        self._describe(self._by_name[name])

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
                action = self._by_name[name]
                menu.addAction(action)
                if name in self._with_hints:
                    menu.setToolTipsVisible(True)

    @staticmethod
    def _describe(action: QAction) -> None:
        plain = action.text().replace("&", "").rstrip("…")
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{plain} ({keys})" if keys else plain)
