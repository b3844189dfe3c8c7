"""In which order commands stand among the shortcuts: that in which a person knows them from the menus."""

from collections.abc import Iterator

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from resmem_gui.ui.window.actions import Actions


def in_menu_order(actions: Actions, window: QWidget) -> list[str]:
    """Return the names of all actions in the order of a window's menus; those in no menu follow as added."""
    bar = window.menuBar() if isinstance(window, QMainWindow) else None
    held = _held_by(bar.actions()) if bar is not None else iter(())
    places: dict[QAction, int] = {}
    for place, action in enumerate(held):
        places.setdefault(action, place)
    return sorted(actions.names, key=lambda name: places.get(actions[name], len(places)))


def _held_by(entries: list[QAction]) -> Iterator[QAction]:
    """Give the entries of a menu from top to bottom, and those of its submenus where these are."""
    for entry in entries:
        yield entry
        menu = entry.menu()
        if isinstance(menu, QMenu):
            yield from _held_by(menu.actions())
