"""A library with scores, a table of human scores, and the windows that compare them."""

import csv
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.library.library import Library
from resmem_gui.ui.evaluation.commands import EvaluationCommands
from resmem_gui.ui.evaluation.evaluation_window import EvaluationWindow
from resmem_gui.ui.evaluation.truth_dialog import TruthDialog
from resmem_gui.ui.threads.background import Jobs
from tests.ui.conftest import WAIT_MS
from tests.ui.evaluation.helpers import MADE_BY, PEOPLE, PREDICTED, offer, shown


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.stop()
    made.join()


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def library() -> Library:
    made = Library()
    ids = made.add([f"/photos/{number}.jpg" for number in range(len(PREDICTED))])
    for image_id, score in zip(ids, PREDICTED, strict=True):
        made.set_scored(image_id, score, (40, 30), f"{image_id:064x}", MADE_BY)
    made.add(["/photos/waiting.jpg", "/photos/other.jpg"])
    return made


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["image_file", "category", "n_resp", "plain", "fa_corrected"])
        for number, score in enumerate(PEOPLE):
            writer.writerow([f"{number}.jpg", "sea" if number % 2 else "food", 99, score, score / 2])
        writer.writerow(["waiting.jpg", "sea", 99, 0.5, 0.4])
        writer.writerow(["gone.jpg", "sea", 99, 0.5, 0.4])
    return file


@pytest.fixture
def commands(qtbot: QtBot, library: Library, jobs: Jobs, settings: QSettings) -> Iterator[EvaluationCommands]:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.show()
    made = EvaluationCommands(library, load_lamem, jobs, settings, window, run=_run_fields)
    yield made
    for widget in QApplication.topLevelWidgets():
        widget.close()


def _run_fields(library: Library) -> dict[str, Any]:
    assert threading.current_thread() is not threading.main_thread()
    return {"images": len(library)}


@pytest.fixture
def dialog(commands: EvaluationCommands) -> TruthDialog:
    commands.evaluate()
    made = shown(TruthDialog)
    assert isinstance(made, TruthDialog)
    return made


@pytest.fixture
def window(qtbot: QtBot, dialog: TruthDialog, truth: Path) -> EvaluationWindow:
    offer(qtbot, dialog, truth)
    dialog.form.score.setCurrentText("plain")
    qtbot.waitUntil(dialog.compare_button.isEnabled, timeout=WAIT_MS)
    QTest.mouseClick(dialog.compare_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(EvaluationWindow) is not None, timeout=WAIT_MS)
    made = shown(EvaluationWindow)
    assert isinstance(made, EvaluationWindow)
    qtbot.waitExposed(made)
    QApplication.processEvents()
    return made
