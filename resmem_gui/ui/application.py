"""Starts and ends the window."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Final

from platformdirs import user_data_path
from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtWidgets import QApplication

from resmem_gui import __version__
from resmem_gui.analysis.references import References, default_references_folder
from resmem_gui.images.thumbnail_store import default_thumbnail_path
from resmem_gui.library.store import default_store_path
from resmem_gui.scoring.scorer import Scorer, create_scorer
from resmem_gui.ui import theme
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.garbage import GarbageCollection
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.references.remembered import compare_as_last
from resmem_gui.ui.sessions.sessions import Sessions
from resmem_gui.ui.window.main_window import MainWindow

#: Whoever closes the window wants to be rid of the program.
_SHUT_DOWN_S: Final = 2.0
#: For so long a thread may keep Python's lock from another one. Drawing gives the lock away and takes it back
#: hundreds of times for a picture of the window; with Python's own 5 ms it waits that long too often.
_LOCK_HELD_S: Final = 0.0005

_log = logging.getLogger(__name__)


class UnexpectedErrors(QObject):
    """Logs exceptions that nobody caught and tells the window, from whatever thread they come.

    Signals:
        happened: What went wrong, as a sentence.
    """

    happened = Signal(str)

    def install(self) -> None:
        """Take the place of Python's own hooks."""
        sys.excepthook = self._take
        threading.excepthook = lambda arguments: self._take(
            arguments.exc_type, arguments.exc_value, arguments.exc_traceback
        )

    def _take(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error or kind(), trace)
            return
        _log.critical("unexpected error", exc_info=(kind, error or kind(), trace))
        self.happened.emit(
            f"Something went wrong inside the program ({kind.__name__}: {error}). Your scores are still "
            "here; export them. The terminal shows the details."
        )


def create_application(arguments: Sequence[str]) -> QApplication:
    """Return the application with its name, style and icon."""
    sys.setswitchinterval(_LOCK_HELD_S)
    application = QApplication(list(arguments))
    application.setApplicationName("resmem_gui")
    application.setOrganizationName("resmem_gui")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("resmem_gui")
    # Fusion follows the system's palette, dark or light, on every platform alike.
    application.setStyle("Fusion")
    application.setWindowIcon(theme.application_icon())
    return application


def create_window(create: Callable[[], Scorer] = create_scorer) -> tuple[MainWindow, Controller]:
    """Return the window and what it steers, connected and not yet shown."""
    controller = Controller(
        create,
        store=default_store_path(),
        thumbnail_store=default_thumbnail_path(),
        references=References(default_references_folder()),
    )
    garbage = GarbageCollection(lambda: controller.is_busy, controller)
    controller.cleared.connect(garbage.look_again)
    settings = QSettings()
    try:
        # Before anyone follows the library: what is only remembered is no change of it.
        lost_reference = compare_as_last(controller.model, settings)
        sessions = Sessions(controller, create, user_data_path("resmem_gui") / "autosave", controller)
        window = MainWindow(controller, sessions, settings)
    except BaseException:
        controller.shut_down()  # its threads must not be destroyed while they run
        raise
    sessions.offer_left()
    if lost_reference is not None:
        window.notices.show_notice(lost_reference)
    return window, controller


def run(paths: Sequence[str]) -> int:
    """Open the window, with these files and folders in it, and return the exit status when it is closed."""
    application = create_application(sys.argv[:1])
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in the terminal ends the program
    errors = UnexpectedErrors()
    errors.install()
    window, controller = create_window()
    teller = _ErrorTeller(window)
    errors.happened.connect(teller.tell)
    window.show()
    window.add_paths(list(paths))
    status = application.exec()
    if not controller.shut_down(_SHUT_DOWN_S):
        # A thread is importing torch or waits for a dead network drive. Exports are written, settings are
        # saved: nothing is lost by leaving without it, and destroying a running QThread would abort.
        logging.shutdown()
        os._exit(status)
    return status


class _ErrorTeller(QObject):
    """Shows unexpected errors in the window, on the GUI thread."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    @Slot(str)
    def tell(self, text: str) -> None:
        """Show an error as a notice."""
        self._window.notices.show_notice(Notice("unexpected", Level.ERROR, text))
