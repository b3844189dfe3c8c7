"""The title of the window, and so what the taskbar says."""

from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow

from resmem_gui.library.records import readable
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.running.run_progress import RunProgress
from resmem_gui.ui.sessions.sessions import Sessions

_PROGRAM: Final = "resmem_gui"


class WindowTitle(QObject):
    """Tells which session it is and how far the run is."""

    def __init__(self, controller: Controller, sessions: Sessions, window: QMainWindow) -> None:
        """Begin with the name of the program.

        Args:
            controller: Whose runs are told.
            sessions: Know the session's file.
            window: Gets the title.
        """
        super().__init__(window)
        self._controller = controller
        self._sessions = sessions
        self._window = window
        self._headline = ""
        window.setWindowTitle(_PROGRAM)
        controller.progress_changed.connect(self._show_progress)
        sessions.changed.connect(self._show)

    @Slot(object)
    def _show_progress(self, progress: RunProgress) -> None:
        empty = self._controller.library.present_count == 0 and not self._controller.is_busy
        self._headline = "" if empty else progress.headline
        self._show()

    @Slot()
    def _show(self) -> None:
        sessions = self._sessions
        path = sessions.path
        session = f"{readable(path.stem)}{' *' if sessions.is_modified else ''}" if path else ""
        title = " – ".join(filter(None, (session, self._headline, _PROGRAM)))
        if title != self._window.windowTitle():
            self._window.setWindowTitle(title)
