"""Sizes that fit the screen, and why no window is asked for its screen."""

import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import resmem_gui
from resmem_gui.ui.fitting import fitted


def test_a_size_is_bounded_by_the_screen(qtbot: QtBot) -> None:
    available = QGuiApplication.primaryScreen().availableSize()
    window = QWidget()
    qtbot.addWidget(window)
    for asked in (window, QWidget(window)):
        assert fitted(QSize(20, 10), asked) == QSize(20, 10)
        assert fitted(QSize(99_999, 99_999), asked) == available * 0.95


def test_a_window_beyond_all_screens_has_the_first_one(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.move(90_000, 90_000)
    available = QGuiApplication.primaryScreen().availableSize()
    assert fitted(QSize(99_999, 10), window) == QSize(round(available.width() * 0.95), 10)


def test_the_screen_outlives_a_window_that_only_the_collector_takes() -> None:
    code = (
        "import gc\n"
        "from PySide6.QtCore import QPoint, QSize\n"
        "from PySide6.QtGui import QGuiApplication\n"
        "from PySide6.QtWidgets import QApplication, QWidget\n"
        "from resmem_gui.ui.fitting import fitted\n"
        "app = QApplication([])\n"
        "first, second = QWidget(), QWidget()\n"
        "fitted(QSize(9, 9), first)\n"
        "second = QWidget()\n"
        "fitted(QSize(9, 9), second)\n"
        "second.itself = second\n"
        "del second\n"
        "gc.collect()\n"
        "QGuiApplication.screenAt(QPoint(3, 3)).availableSize()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_no_window_is_asked_for_its_screen() -> None:
    folder = Path(resmem_gui.__file__).parent
    asking = [path.name for path in folder.rglob("*.py") if ".screen()." in path.read_text("utf-8")]
    assert asking == []
