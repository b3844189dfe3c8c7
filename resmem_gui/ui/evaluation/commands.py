"""The command that compares scores with what people were measured to remember."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from resmem_gui.analysis.reference import Reference
from resmem_gui.export.evaluation import Predictions
from resmem_gui.library.library import Library
from resmem_gui.ui.evaluation.evaluation_window import EvaluationWindow
from resmem_gui.ui.evaluation.truth_dialog import TruthDialog
from resmem_gui.ui.evaluation.work import Compared
from resmem_gui.ui.threads.background import Jobs


class EvaluationCommands(QObject):
    """Opens the dialog, then the window with what came of it.

    Signals:
        image_wanted: Id of an image that a person wants to see.
    """

    image_wanted = Signal(int)

    def __init__(
        self,
        library: Library,
        usual: Callable[[], Reference],
        jobs: Jobs,
        settings: QSettings,
        window: QMainWindow,
        give_way: Callable[[], None] = lambda: None,
        run: Callable[[Library], dict[str, Any]] | None = None,
    ) -> None:
        """Prepare; nothing is opened.

        Args:
            library: Whose scores are compared.
            usual: Returns the reference that people's scores are usually like.
            jobs: Runs what takes long.
            settings: Where folders and sizes are remembered.
            window: Owner.
            give_way: Called on the other thread now and then.
            run: Returns the fields of the run record of a snapshot of the library, on another thread.
        """
        super().__init__(window)
        self._library, self._usual = library, usual
        self._jobs, self._settings, self._window = jobs, settings, window
        self._give_way, self._run = give_way, run

    @Slot()
    def evaluate(self) -> None:
        """Ask for a table of human scores."""
        dialog = TruthDialog(
            self._predictions, self._usual(), self._jobs, self._settings, self._window, self._give_way
        )
        dialog.compared.connect(self._show)
        dialog.show()

    def _predictions(self) -> Predictions:
        return Predictions.of(self._library, hashes=True)

    @Slot(object)
    def _show(self, result: Compared) -> None:
        record = None
        if self._run is not None:
            make, snapshot = self._run, self._library.snapshot()

            def record() -> dict[str, Any]:
                return make(snapshot)

        shown = EvaluationWindow(
            result.comparison, result.charts, self._jobs, self._settings, self._window, record
        )
        shown.image_wanted.connect(self.image_wanted)
        shown.show()
