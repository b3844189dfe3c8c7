"""The commands about the library as a whole: what it follows, what is kept of it, and its end."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from resmem_gui.ui.controller import Controller
from resmem_gui.ui.marking.history import History
from resmem_gui.ui.sessions.watching import Watching
from resmem_gui.ui.window.actions import Actions
from resmem_gui.ui.window.storage_dialog import StorageDialog, kinds_of


class LibraryCommands(QObject):
    """Adds the actions."""

    def __init__(
        self,
        controller: Controller,
        watching: Watching,
        history: History,
        actions: Actions,
        window: QMainWindow,
    ) -> None:
        """Add the actions.

        Args:
            controller: Owns the library.
            watching: Follows its folders.
            history: What can be undone.
            actions: Of the window.
            window: Owner.
        """
        super().__init__(window)
        self._controller = controller
        self._history = history
        self._window = window
        actions.add(
            "watch",
            "&Watch Folders",
            watching.set_wanted,
            checked=False,
            hint="New images in the opened folders appear by themselves; removed ones are marked as missing.",
        )
        actions.add("storage", "S&torage…", self._show_storage)
        actions.add("clear", "C&lear Library", self._clear, icon="clear")

    def _show_storage(self) -> None:
        StorageDialog(kinds_of(self._controller), self._controller.jobs, self._window).open()

    def _clear(self) -> None:
        """Take all images out, which can be undone; an empty library forgets its folders, too."""
        controller = self._controller
        controller.end_all()
        self._history.remove(controller.library.present_ids().tolist())
