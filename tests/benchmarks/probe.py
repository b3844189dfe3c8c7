"""Runs the real program in this process and notes when it reaches what: the child of the other benchmarks.

    python -m tests.benchmarks.probe --close-at MARK [--after S] [PATH...]   the program, closed at MARK
    python -m tests.benchmarks.probe --bare                                  an empty window of Qt
    python -m tests.benchmarks.probe --imports                               the window's imports, one by one

The program's code is not changed: `create_application` and `create_window` are wrapped. Marks are seconds
since the start of the process (`START` holds the parent's clock before it), printed as a line of JSON.
"""

import argparse
import importlib
import json
import os
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from resmem_gui.ui.controller import Controller
    from resmem_gui.ui.window.main_window import MainWindow
    from tests.benchmarks.watch import Watch

#: The environment variable with the clock before the start. `time.perf_counter` is the same in all processes.
START: Final = "RESMEM_GUI_BENCHMARK_START"
#: The environment variable with the folder that stands for the person's home meanwhile.
OWN_HOME: Final = "RESMEM_GUI_BENCHMARK_HOME"

IMPORTS: Final = {
    "PySide6": ("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets"),
    "NumPy": ("numpy",),
    "Pillow, pillow-heif": ("PIL.Image", "pillow_heif"),
    "SQLite, platformdirs": ("sqlite3", "platformdirs"),
    "command line with tqdm": ("resmem_gui.cli",),
    "the window's own modules": ("resmem_gui.ui.application",),
    "pyqtgraph (once the window is visible)": ("pyqtgraph",),
}


class Marks:
    """Notes when something happened first, in seconds since the start of the process."""

    def __init__(self) -> None:
        self._start = float(os.environ[START])
        self._times: dict[str, float] = {}

    def note(self, name: str) -> bool:
        """Note that `name` happens now; return whether for the first time."""
        if name in self._times:
            return False
        self._times[name] = time.perf_counter() - self._start
        return True

    def print(self, **facts: object) -> None:
        """Hand the marks to the parent."""
        print(json.dumps({"marks": self._times, **facts}), flush=True)


def main() -> int:
    """Run as the command line says."""
    marks = Marks()
    marks.note("python")
    parser = argparse.ArgumentParser()
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--imports", action="store_true")
    parser.add_argument("--close-at", default="visible")
    parser.add_argument("--after", type=float, default=0.0)
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args()
    if options.bare:
        return _bare_window(marks)
    if options.imports:
        return _imports(marks)
    return _program(marks, options)


def _imports(marks: Marks) -> int:
    for name, modules in IMPORTS.items():
        for module in modules:
            importlib.import_module(module)
        marks.note(name)
    marks.print()
    return 0


def _bare_window(marks: Marks) -> int:
    from PySide6.QtWidgets import QApplication, QMainWindow

    from tests.benchmarks.watch import Watch

    marks.note("modules")
    application = QApplication([])
    marks.note("application")
    window = QMainWindow()
    watch = Watch(marks, window, close_at="visible", after=0.0)
    marks.note("window")
    window.show()
    status = application.exec()
    del watch  # it had to live until here
    return status


def _program(marks: Marks, options: argparse.Namespace) -> int:
    from resmem_gui import cli

    marks.note("command line")
    from resmem_gui.ui import application

    marks.note("modules")
    create_application, create_window = application.create_application, application.create_window
    watches: list[Watch] = []  # the watch lives as long as the program

    def noting_application(arguments: list[str]) -> "QApplication":
        marks.note("checks")
        made = create_application(arguments)
        keep_settings_apart()
        marks.note("application")
        return made

    _forget()

    def noting_window() -> "tuple[MainWindow, Controller]":
        from tests.benchmarks.watch import Watch, timed_scorer

        window, controller = create_window(lambda: timed_scorer(watches[0].mark))
        watches.append(Watch(marks, window, close_at=options.close_at, after=options.after))
        watches[0].follow(controller)
        marks.note("window")
        return window, controller

    replacement: Any = application
    replacement.create_application, replacement.create_window = noting_application, noting_window
    return cli.main(options.paths)


def _forget() -> None:
    """Delete what earlier processes kept: the program is to meet its images for the first time."""
    from resmem_gui.images.thumbnail_store import default_thumbnail_path
    from resmem_gui.library.store import default_store_path

    home = os.environ[OWN_HOME]  # a home made for the benchmark: nobody's own scores are deleted
    for path in (default_thumbnail_path(), default_store_path()):
        if not path.is_relative_to(home):
            sys.exit(f"{path} is not the benchmark's own and was left alone; nothing was measured.")
        for file in path.parent.glob(f"{path.name}*"):  # SQLite keeps two more beside it
            file.unlink()


def keep_settings_apart() -> None:
    """Let Qt's settings lie in the temporary folder on every platform."""
    from PySide6.QtCore import QSettings

    folder = os.environ.get("XDG_CONFIG_HOME", tempfile.gettempdir())
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)


if __name__ == "__main__":
    sys.exit(main())
