"""The commands around sessions: open, save, go on with the last one, look for missing files."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QSettings, Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMenu

from resmem_gui.library.records import readable
from resmem_gui.ui.sessions.sessions import Sessions
from resmem_gui.ui.window.actions import Actions

ENDING: Final = ".resmem"
_FILTER: Final = f"Sessions (*{ENDING})"
_MOST_RECENT: Final = 8
_RECENT_KEY: Final = "sessions/recent"


class SessionCommands(QObject):
    """Adds the actions, with their dialogs and the list of recent sessions."""

    def __init__(
        self, sessions: Sessions, actions: Actions, settings: QSettings, window: QMainWindow
    ) -> None:
        super().__init__(window)
        self._sessions = sessions
        self._settings = settings
        self._window = window
        keys = QKeySequence.StandardKey
        actions.add("open_session", "Open &Session…", self._choose_to_open)
        actions.add("reopen", "Reopen &Last Library", sessions.reopen_last)
        actions.add("save", "Sa&ve Session", self._save, shortcut=keys.Save)
        actions.add("save_as", "Save Session &As…", self._choose_to_save, shortcut="Ctrl+Shift+S")
        actions.add("find_missing", "Find &Missing Files…", self._choose_where_to_find)
        self.recent_menu = QMenu("Open &Recent", window)
        self.recent_menu.aboutToShow.connect(self._list_recent)
        sessions.missing_files.wanted.connect(self._choose_where_to_find)
        sessions.changed.connect(self._note_recent)

    def open(self, path: str, beside: Sequence[str] = ()) -> None:
        """Open a session file, and add files and folders when that is done."""
        self._sessions.open(Path(path), beside)

    def _choose_to_open(self) -> None:
        dialog = self._dialog("Open Session", QFileDialog.AcceptMode.AcceptOpen, self.open)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.open()

    def _save(self) -> None:
        if self._sessions.path is None:
            self._choose_to_save()
        else:
            self._sessions.save(self._sessions.path)

    def _choose_to_save(self) -> None:
        dialog = self._dialog("Save Session", QFileDialog.AcceptMode.AcceptSave, self._save_to)
        dialog.setDefaultSuffix(ENDING.removeprefix("."))
        dialog.selectFile(self._sessions.path.name if self._sessions.path else f"library{ENDING}")
        dialog.open()

    def _save_to(self, chosen: str) -> None:
        self._sessions.save(Path(chosen))

    @Slot()
    def _choose_where_to_find(self) -> None:
        dialog = QFileDialog(self._window, "Find Missing Files", self._folder())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._sessions.missing_files.find_below)
        dialog.open()

    def _dialog(self, title: str, mode: QFileDialog.AcceptMode, then: Callable[[str], None]) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self._folder(), _FILTER)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(mode)
        dialog.fileSelected.connect(then)
        return dialog

    def _folder(self) -> str:
        recent = self._recent()
        return os.path.dirname(recent[0]) if recent else str(Path.home())

    # Recent ones

    def _recent(self) -> list[str]:
        value = self._settings.value(_RECENT_KEY)
        # An INI file does not tell a list of one from a text.
        return [value] if isinstance(value, str) else value if isinstance(value, list) else []

    @Slot()
    def _note_recent(self) -> None:
        if self._sessions.path is not None:
            path = str(self._sessions.path)
            recent = [path, *(other for other in self._recent() if other != path)]
            self._settings.setValue(_RECENT_KEY, recent[:_MOST_RECENT])

    @Slot()
    def _list_recent(self) -> None:
        self.recent_menu.clear()
        recent = self._recent()
        for path in recent:
            name = f"{readable(os.path.basename(path))}   ({readable(os.path.dirname(path))})"
            action = self.recent_menu.addAction(name.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, path=path: self.open(path))
        if not recent:
            self.recent_menu.addAction("No session was saved yet").setEnabled(False)
