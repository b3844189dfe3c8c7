"""The commands around references: compare with another one, list them all."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from resmem_gui.ui.marking.commands import Place
from resmem_gui.ui.marking.history import History
from resmem_gui.ui.references.choosing import ReferenceChoosing
from resmem_gui.ui.references.compare_menu import CompareMenu
from resmem_gui.ui.references.references_dialog import ReferencesDialog
from resmem_gui.ui.references.remembered import remember_reference
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.threads.background import Jobs
from resmem_gui.ui.window.actions import Actions


class ReferenceCommands(QObject):
    """Adds the action that lists references, and makes the menu that chooses among them.

    Attributes:
        menu: "Compare With".

    Signals:
        done: What was chosen, in a few words, for the status line.
    """

    done = Signal(str)

    def __init__(
        self,
        history: History,
        model: ImageModel,
        jobs: Jobs,
        place: Callable[[], Place],
        actions: Actions,
        settings: QSettings,
        window: QMainWindow,
    ) -> None:
        """Add the action to the window.

        Args:
            history: Can undo each choice.
            model: Whose images are compared.
            jobs: Where references are read and written.
            place: Returns where the person is now.
            actions: Of the window.
            settings: Where the reference chosen last for the library and the size of the list are remembered.
            window: Owner.
        """
        super().__init__(window)
        self._model, self._jobs = model, jobs
        self._settings, self._window = settings, window
        self._choosing = ReferenceChoosing(history, model, partial(remember_reference, settings))
        self._dialog: ReferencesDialog | None = None
        action = actions.add("references", "&References…", self._open, group="Scoring")
        self.menu = CompareMenu(model, self._choosing, place, action, window)
        self.menu.chosen.connect(self.done)

    def _open(self) -> None:
        """Show the list, or bring it to the front."""
        if self._dialog is None:
            self._dialog = ReferencesDialog(self._model, self._jobs, self._settings, self._window)
            self._dialog.default_chosen.connect(self._choose_default)
            self._dialog.finished.connect(self._closed)
        self._dialog.show()
        self._dialog.activateWindow()

    @Slot()
    def _closed(self) -> None:
        self._dialog = None

    @Slot(str)
    def _choose_default(self, reference_id: str) -> None:
        self._choosing.for_library(reference_id)
        self.done.emit(f"Compared with {self._model.reference.name}: the library")
