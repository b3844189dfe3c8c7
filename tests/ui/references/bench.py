"""The parts of a window that references need."""

from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.reference import Reference
from resmem_gui.analysis.references import own_reference
from resmem_gui.analysis.score_table import ScoreTable
from resmem_gui.library.records import Provenance
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.marking.history import History
from resmem_gui.ui.references.commands import ReferenceCommands
from resmem_gui.ui.references.references_dialog import ReferencesDialog
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.window.actions import Actions

MADE_BY = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")


def fill(model: ImageModel, scores: list[float], folder: str = "/photos") -> list[int]:
    ids = model.add([f"{folder}/image{number}.jpg" for number in range(1, len(scores) + 1)])
    for image_id, score in zip(ids, scores, strict=True):
        model.library.set_scored(image_id, score, (40, 30), "ab", MADE_BY)
    model.images_changed(ids)
    return ids


def texts(model: ImageModel, column: Column) -> list[str]:
    return [model.index(row, column).data() for row in range(model.rowCount())]


def own(name: str, count: int = 40) -> Reference:
    cells = tuple((f"{0.3 + 0.01 * place:.2f}",) for place in range(count))
    return own_reference(ScoreTable("lab.csv", ("hits",), cells, range(count)), 0, name)


class Place:
    """A selection."""

    def __init__(self) -> None:
        self.ids: list[int] = []

    def marked_ids(self) -> list[int]:
        return self.ids

    def go_on(self, image_id: int) -> None: ...


class Bench:
    """The parts of a window that references need."""

    def __init__(self, controller: Controller, settings: QSettings, qtbot: QtBot) -> None:
        self.controller, self.model = controller, controller.model
        self.history = History(controller, controller)
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.window.resize(700, 500)
        self.place = Place()
        self.said: list[str] = []
        self.commands = ReferenceCommands(
            self.history,
            self.model,
            controller.jobs,
            lambda: self.place,
            Actions(self.window),
            settings,
            self.window,
        )
        self.choosing = self.commands._choosing
        self.commands.done.connect(self.said.append)
        self.window.menuBar().addMenu(self.commands.menu)
        self.window.show()

    def menu(self, name: str) -> QMenu:
        """Open the menu and return the list of one target."""
        self.commands.menu.aboutToShow.emit()
        for action in self.commands.menu.actions():
            menu = action.menu()
            if isinstance(menu, QMenu) and menu.title().replace("&", "").startswith(name):
                return menu
        raise AssertionError(name)

    def action(self, target: str, reference: str) -> QAction:
        return next(action for action in self.menu(target).actions() if action.text() == reference)

    def checked(self, target: str) -> list[str]:
        return [action.text() for action in self.menu(target).actions() if action.isChecked()]

    def dialog(self) -> ReferencesDialog:
        dialog = self.commands._dialog
        assert dialog is not None
        return dialog
