"""The window, and how a person gets about in it."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMenu, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.scoring.framings import TEN_CROP
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.evaluation.evaluation_window import EvaluationWindow
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.running.run import RunState
from resmem_gui.ui.sensitivity.section import SensitivitySection
from resmem_gui.ui.window.main_window import MainWindow
from tests.ui.conftest import WAIT_MS, BrightnessScorer
from tests.ui.test_window import Settle, drop, files

LEFT = Qt.MouseButton.LeftButton
Part = TypeVar("Part", bound=QWidget)
MakePictures = Callable[..., list[Path]]


class Desk:
    """The window, and how a person gets about in it."""

    def __init__(
        self,
        qtbot: QtBot,
        window: MainWindow,
        controller: Controller,
        scorer: BrightnessScorer,
        settle: Settle,
    ) -> None:
        self.qtbot, self.window, self.controller = qtbot, window, controller
        self.scorer, self.settle = scorer, settle

    def add(self, *paths: Path) -> list[int]:
        """Add files and wait for their scores; return their ids in the order of the rows."""
        drop(self.window, files(*paths))
        self.settle()
        return self.rows()

    def rows(self) -> list[int]:
        return [int(image_id) for image_id in self.controller.model.order]

    def select(self, *image_ids: int) -> None:
        """Select images, and wait until the inspector shows them."""
        self.window.selection_keeper.select(list(image_ids), image_ids[-1] if image_ids else None)
        self.wait(lambda: self.window.selection.shown_ids.tolist() == self.window.selected_ids())

    def wait(self, is_so: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(is_so, timeout=WAIT_MS)

    def do(self, name: str) -> None:
        action = self.window.actions_by_name[name]
        assert action.isEnabled()
        action.trigger()

    def find(self, kind: type[Part]) -> Part | None:
        return next((part for part in self.window.findChildren(kind) if part.isVisible()), None)

    def opened(self, kind: type[Part]) -> Part:
        """Return the window of a kind, as soon as it is open."""
        self.wait(lambda: self.find(kind) is not None)
        found = self.find(kind)
        assert found is not None
        return found

    def is_closed(self, kind: type[QWidget]) -> bool:
        return self.find(kind) is None

    def labels(self) -> str:
        """Return all that the inspector says."""
        labels = self.window.inspector.findChildren(QLabel)
        return "\n".join(label.text().replace("\u200b", "") for label in labels if label.isVisible())

    def section(self) -> SensitivitySection:
        (found,) = self.window.inspector.findChildren(SensitivitySection)
        return found

    def press_measure(self) -> None:
        """Click on the button of the inspector's section about sensitivity, as soon as it is laid out."""
        button = self.section().button
        self.wait(lambda: button.isVisible() and button.height() > 10)
        self.window.inspector.ensureWidgetVisible(button)
        click(button)

    def cell(self, image_id: int, column: Column) -> str:
        model = self.controller.model
        row = model.row_of(image_id)
        assert row is not None
        return str(model.index(row, column).data())

    def wait_for_jobs(self) -> None:
        for jobs in (self.controller.jobs, self.controller.long_jobs):
            done: list[object] = []
            jobs.submit(lambda: None, done.append, done.append)
            self.wait(lambda done=done: bool(done))  # type: ignore[misc]

    def notices(self) -> str:
        return "\n".join(self.window.notices.texts())


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, LEFT)


def entry(menu: QMenu, beginning: str) -> QAction:
    (found,) = [one for one in menu.actions() if one.text().replace("&", "").startswith(beginning)]
    return found


def choose(desk: Desk, target: str, reference: str) -> None:
    """Choose in the menu "Compare With", with the mouse."""
    menu = desk.window.tools.comparing
    menu.popup(desk.window.mapToGlobal(desk.window.rect().center()))
    inner = entry(menu, target).menu()
    assert isinstance(inner, QMenu)
    inner.popup(desk.window.mapToGlobal(desk.window.rect().center()))
    place = inner.actionGeometry(entry(inner, reference)).center()
    QTest.mouseClick(inner, LEFT, Qt.KeyboardModifier.NoModifier, place)
    menu.close()


def title(desk: Desk, column: Column) -> str:
    return str(desk.controller.model.headerData(column, Qt.Orientation.Horizontal))


def save_as(desk: Desk, over: QWidget, path: Path, name_filter: str = "") -> None:
    """Answer the question for a file that is open above a window."""
    desk.wait(lambda: bool(over.findChildren(QFileDialog)))
    dialog = over.findChildren(QFileDialog)[-1]
    if name_filter:
        dialog.selectNameFilter(name_filter)
        dialog.filterSelected.emit(name_filter)
    dialog.selectFile(str(path))
    dialog.accept()


def measure(desk: Desk, ids: list[int]) -> None:
    """Begin to measure, held at the gate."""
    desk.scorer.gate.clear()
    desk.controller.runs.measure_sensitivity(ids, TEN_CROP)
    desk.wait(lambda: desk.controller.state is RunState.SCORING)


def write_truth(path: Path, names: list[str], scores: list[float]) -> Path:
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["image", "score"])
        writer.writerows(zip(names, scores, strict=True))
    return path


def click_worst(evaluation: EvaluationWindow, row: int) -> int:
    """Click one of those predicted worst; return the id of the image."""
    worst = evaluation.worst
    (tabs,) = evaluation.findChildren(QTabWidget)
    tabs.setCurrentWidget(worst)
    QApplication.processEvents()
    QTest.mouseClick(worst.viewport(), LEFT, pos=worst.visualRect(worst.model().index(row, 0)).center())
    comparison = evaluation._comparison
    return int(comparison.image_ids[worst._places[row]])
