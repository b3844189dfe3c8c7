"""The windows about what scores mean. Each is imported when first opened: a start has no time for all."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtWidgets import QDialog, QMainWindow

from resmem_gui.export.table import named, rows
from resmem_gui.library.library import Library
from resmem_gui.library.records import Status
from resmem_gui.run_facts import run_record
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.fitting import fitted
from resmem_gui.ui.marking.commands import Place

if TYPE_CHECKING:
    from resmem_gui.export.report.content import ReportSource
    from resmem_gui.ui.distribution.window import DistributionWindow
    from resmem_gui.ui.evaluation.commands import EvaluationCommands
    from resmem_gui.ui.network_view.network_window import NetworkWindow


class MeasureWindows(QObject):
    """Opens them; each leaves the main window usable.

    Signals:
        notice: What came of it (`Notice`).
        chosen: Ids of images that a person wants to see.
    """

    notice = Signal(object)
    chosen = Signal(object)

    def __init__(
        self, controller: Controller, place: Callable[[], Place], settings: QSettings, window: QMainWindow
    ) -> None:
        """Begin without a window.

        Args:
            controller: Of the window.
            place: Returns where the person is now.
            settings: Where choices are remembered.
            window: Owner of all.
        """
        super().__init__(window)
        self._controller, self._place = controller, place
        self._settings, self._window = settings, window
        self._distribution: DistributionWindow | None = None
        self._network: NetworkWindow | None = None
        self._evaluation: EvaluationCommands | None = None

    # What stays open and follows

    def show_distribution(self) -> None:
        """Show the scores' distribution beside a reference's."""
        if self._distribution is None:
            from resmem_gui.ui.distribution.window import DistributionWindow

            controller = self._controller
            self._distribution = DistributionWindow(
                controller.model, controller.long_jobs, self._window, self._settings
            )
            self._distribution.notice.connect(self.notice)
        self._distribution.show_selected(self._marked())
        _open(self._distribution)

    def show_network(self) -> None:
        """Show what the network sees of the image that a person looks at."""
        if self._network is None:
            from resmem_gui.ui.network_view.network_window import NetworkWindow

            self._network = NetworkWindow(self._controller, self._settings, self._window)
        self._network.show_images(self._place().marked_ids())
        _open(self._network)

    def follow_selection(self, image_ids: list[int]) -> None:
        """Let open windows know which images are selected."""
        if self._distribution is not None:
            self._distribution.show_selected(np.array(image_ids, dtype=np.int64))
        self.follow_place()

    def follow_place(self) -> None:
        """Show what the network sees of the image that the person looks at now, in whichever view."""
        if self._network is not None and self._network.isVisible():
            self._network.show_images(self._place().marked_ids())

    def follow_scores(self) -> None:
        """Let open windows know that there are other scores."""
        if self._distribution is not None:
            self._distribution.refresh_soon()

    # What is made of the library as it is

    def evaluate(self) -> None:
        """Compare scores with what people were measured to remember."""
        if self._evaluation is None:
            from resmem_gui.ui.evaluation.commands import EvaluationCommands

            controller = self._controller
            self._evaluation = EvaluationCommands(
                controller.library,
                lambda: controller.model.reference,
                controller.long_jobs,
                self._settings,
                self._window,
                controller.give_way,
                self._run_fields,
            )
            self._evaluation.image_wanted.connect(self._show_image)
        self._evaluation.evaluate()

    def make_lists(self) -> None:
        """Draw lists of images for an experiment."""
        from resmem_gui.ui.conditions.lists_dialog import ListsDialog, Sources

        controller = self._controller
        model, library = controller.model, controller.library.snapshot()
        # References as they are now, like the percentiles: another one may be chosen while it is open.
        find, times = named(model.references, model.reference), controller.run_times
        percentiles = model.standing.percentiles.copy()
        dialog = ListsDialog(
            Sources(self._groups(library), library, percentiles, lambda i: find(library.reference(i)).name),
            lambda: run_record(library, find, times=times).fields(),
            controller.long_jobs,
            self._settings,
            self._window,
            controller.give_way,
        )
        dialog.chosen.connect(self.chosen)
        _open(dialog)

    def make_report(self) -> None:
        """Write a report to hand on."""
        from resmem_gui.ui.report.choices_form import Scope
        from resmem_gui.ui.report.report_dialog import show_report

        library = self._controller.library
        ids: dict[Scope, list[int]] = {
            Scope.ALL: library.present_ids().tolist(),
            Scope.SHOWN: self._controller.model.order.tolist(),
            Scope.SELECTED: self._place().marked_ids(),
        }
        counts = {scope: len(found) for scope, found in ids.items()}

        def take(scope: Scope) -> "Callable[[], ReportSource]":
            return self._report_of(ids[scope])

        show_report(counts, take, self._controller.long_jobs, self._settings, self._window)

    def _report_of(self, image_ids: list[int]) -> "Callable[[], ReportSource]":
        """Return what gathers a report about images as they are now; to be called on another thread."""
        from resmem_gui.export.report.building import report_source

        model, snapshot = self._controller.model, self._controller.library.snapshot()
        wanted = [i for i in image_ids if snapshot.present[i]]  # some may be removed meanwhile
        own, times = model.reference, self._controller.run_times
        find = named(model.references, own)
        used = list({id(each): each for each in (own, *map(find, snapshot.references))}.values())
        return lambda: report_source(
            rows(snapshot, find, wanted), used, run_record(snapshot, find, wanted, times)
        )

    def _groups(self, library: Library) -> dict[str, NDArray[np.int64]]:
        """Return the scored images that lists can be drawn from: shown, all, selected."""
        scored, shown = (
            library.with_status(Status.SCORED),
            self._scored(library, self._controller.model.order),
        )
        groups = {"All scored images": scored}
        if len(shown) != len(scored):
            groups = {"Images shown": shown, **groups}
        marked = self._scored(library, self._marked())
        return groups | ({"Selected images": marked} if len(marked) > 1 else {})

    @staticmethod
    def _scored(library: Library, image_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        scored: NDArray[np.int64] = image_ids[library.statuses[image_ids] == Status.SCORED]
        return scored

    def _marked(self) -> NDArray[np.int64]:
        return np.array(self._place().marked_ids(), dtype=np.int64)

    def _run_fields(self, library: Library) -> dict[str, Any]:
        """Return how the scores of a snapshot came about; takes a second for 100,000 images."""
        model = self._controller.model
        find = named(model.references, model.reference)
        return run_record(library, find, times=self._controller.run_times).fields()

    @Slot(int)
    def _show_image(self, image_id: int) -> None:
        self.chosen.emit([image_id])


def _open(window: QDialog) -> None:
    if not window.isVisible():  # what was remembered of a large screen may be too large for this one
        window.resize(fitted(window.size(), window))
    window.show()
    window.activateWindow()
