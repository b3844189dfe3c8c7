"""Figures and plots are saved, and a failure is told."""

import json
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from resmem_gui.ui.evaluation.evaluation_window import EvaluationWindow
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.threads.background import Jobs
from tests.ui.conftest import WAIT_MS
from tests.ui.evaluation.helpers import PREDICTED


@pytest.mark.parametrize("name", ["figures.json", "figures.csv"])
def test_figures_are_saved(qtbot: QtBot, window: EvaluationWindow, name: str, tmp_path: Path) -> None:
    _save(qtbot, window, "Save &Figures…", tmp_path / name)
    text = (tmp_path / name).read_text("utf-8-sig")
    if name.endswith("json"):
        fields = json.loads(text)
        assert fields["evaluation"]["n"] == 10
        assert fields["run"] == {"images": 12}
    else:
        assert text.startswith("group,figure,value")


@pytest.mark.parametrize("name", ["plot.png", "plot.svg"])
def test_the_plot_is_saved(qtbot: QtBot, window: EvaluationWindow, name: str, tmp_path: Path) -> None:
    window.charts.setCurrentIndex(1)
    _save(qtbot, window, "Save &Plot…", tmp_path / name)
    content = (tmp_path / name).read_bytes()
    if name.endswith("png"):
        image = QImage.fromData(content)
        assert (image.width(), image.height()) == (1600, 1200)
    else:
        assert b"<svg" in content
        assert content.count(b"<circle") == len(PREDICTED)


def test_a_plot_that_cannot_be_saved_is_told(qtbot: QtBot, window: EvaluationWindow, tmp_path: Path) -> None:
    _save(qtbot, window, "Save &Plot…", tmp_path / "plot.gif", until="ends in .png or .svg")
    _save(qtbot, window, "Save &Plot…", tmp_path / "none" / "plot.png", until="could not be written")


def test_what_is_saved_while_the_window_closes_is_told_by_notices(
    qtbot: QtBot, window: EvaluationWindow, jobs: Jobs, tmp_path: Path
) -> None:
    notices: list[Notice] = []
    jobs.notice.connect(notices.append)
    gate = threading.Event()
    jobs.submit(lambda: gate.wait(WAIT_MS / 1000), lambda _: None, lambda _: None)
    window._save_figures()
    there, nowhere = tmp_path / "figures.csv", tmp_path / "none" / "figures.csv"
    window._saving.save(str(there))
    window._saving.save(str(nowhere))
    with qtbot.waitSignal(window.destroyed, timeout=WAIT_MS):
        window.close()
    gate.set()
    qtbot.waitUntil(lambda: len(notices) == 2, timeout=WAIT_MS)
    assert there.exists()
    assert [notice.level for notice in notices] == [Level.SUCCESS, Level.ERROR]
    assert notices[1].text.startswith(f"{nowhere} could not be written")


def _save(qtbot: QtBot, window: EvaluationWindow, button: str, path: Path, until: str = "Written to") -> None:
    pressed = next(each for each in window.findChildren(QPushButton) if each.text() == button)
    QTest.mouseClick(pressed, Qt.MouseButton.LeftButton)
    dialog = window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()
    dialog.deleteLater()
    qtbot.waitUntil(
        lambda: any(until in label.text() for label in window.findChildren(QLabel)), timeout=WAIT_MS
    )
    qtbot.waitUntil(lambda: window.findChild(QFileDialog) is None, timeout=WAIT_MS)
