"""The commands about what scores mean: distribution, sensitivity, evaluation, lists, report, help."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QMainWindow

from resmem_gui.export.report.building import report_source
from resmem_gui.export.report.content import ReportSource
from resmem_gui.export.table import named, rows
from resmem_gui.library.library import Library
from resmem_gui.library.records import Status
from resmem_gui.run_facts import run_record
from resmem_gui.ui.browsing.inspector import Inspector
from resmem_gui.ui.conditions.lists_dialog import ListsDialog, Sources
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.distribution.window import DistributionWindow
from resmem_gui.ui.evaluation.commands import EvaluationCommands
from resmem_gui.ui.help.help_window import show_help
from resmem_gui.ui.marking.commands import Place
from resmem_gui.ui.network_view.network_window import NetworkWindow
from resmem_gui.ui.report.choices_form import Scope
from resmem_gui.ui.report.report_dialog import show_report
from resmem_gui.ui.sensitivity.commands import SensitivityCommands
from resmem_gui.ui.sensitivity.section import SensitivitySection
from resmem_gui.ui.window.actions import Actions


class MeasureCommands(QObject):
    """Adds the actions. Each opens a window that leaves the main window usable.

    Attributes:
        sensitivity: Measures how scores move with the framing.

    Signals:
        notice: What came of it (`Notice`).
        said: What there is to say in a few words, for the status line.
        chosen: Ids of images that a person wants to see.
    """

    notice = Signal(object)
    said = Signal(str)
    chosen = Signal(object)

    def __init__(
        self,
        controller: Controller,
        place: Callable[[], Place],
        actions: Actions,
        settings: QSettings,
        window: QMainWindow,
    ) -> None:
        """Add the actions to the window.

        Args:
            controller: Of the window.
            place: Returns where the person is now.
            actions: Of the window.
            settings: Where choices are remembered.
            window: Owner.
        """
        super().__init__(window)
        self._controller, self._place = controller, place
        self._settings, self._window = settings, window
        self._distribution: DistributionWindow | None = None
        self._network: NetworkWindow | None = None
        self._section: SensitivitySection
        self.sensitivity = SensitivityCommands(controller, lambda: window, self)
        evaluation = EvaluationCommands(
            controller.library,
            lambda: controller.model.reference,
            controller.long_jobs,
            settings,
            window,
            controller.give_way,
            self._run_fields,
        )
        evaluation.image_wanted.connect(self._show_image)
        actions.add(
            "distribution",
            "Distri&bution…",
            self._show_distribution,
            shortcut="Ctrl+Shift+D",
            icon="histogram",
        )
        actions.add("network_view", "What the &Network Sees…", self._show_network, shortcut="Ctrl+Shift+N")
        actions.add("sensitivity", "Measure Se&nsitivity…", self._ask_for_sensitivity)
        actions.add("evaluate", "Eval&uate Against People…", evaluation.evaluate)
        actions.add("lists", "L&ists for an Experiment…", self._make_lists)
        actions.add("report", "Re&port…", self._make_report)
        help_key = QKeySequence.StandardKey.HelpContents
        actions.add(
            "reading", "How to &Read a Score", lambda: show_help(window), shortcut=help_key, icon="info"
        )
        actions.add("limits", "What the &Model Cannot Do", lambda: show_help(window, "limits"))

    def serve(self, inspector: Inspector) -> None:
        """Let the inspector tell how sensitive a score is, and how the image is like another."""
        controller = self._controller
        inspector.cautions.near_duplicate_of = controller.near_duplicates.near_duplicate_of
        self._section = SensitivitySection(controller.model, inspector)
        self._section.measure_wanted.connect(self.sensitivity.measure_one)
        inspector.add_section(self._section)
        controller.state_changed.connect(self._forget_asking)

    @Slot()
    def _forget_asking(self) -> None:
        if not self._controller.is_busy:
            self._section.forget_asking()

    def follow_selection(self, image_ids: list[int]) -> None:
        """Let open windows know which images are selected."""
        if self._distribution is not None:
            self._distribution.show_selected(np.array(image_ids, dtype=np.int64))
        self.follow_place()

    @Slot()
    def follow_place(self) -> None:
        """Show what the network sees of the image that the person looks at now, in whichever view."""
        if self._network is not None and self._network.isVisible():
            self._network.show_images(self._place().marked_ids())

    @Slot()
    def follow_scores(self) -> None:
        """Let open windows know that there are other scores."""
        if self._distribution is not None:
            self._distribution.refresh_soon()

    @Slot(int)
    def _show_image(self, image_id: int) -> None:
        self.chosen.emit([image_id])

    def _run_fields(self, library: Library) -> dict[str, Any]:
        """Return how the scores of a snapshot came about; takes a second for 100,000 images."""
        model = self._controller.model
        find = named(model.references, model.reference)
        return run_record(library, find, times=self._controller.run_times).fields()

    def _ask_for_sensitivity(self) -> None:
        self.sensitivity.ask(self._place().marked_ids())

    def _show_distribution(self) -> None:
        if self._distribution is None:
            controller = self._controller
            self._distribution = DistributionWindow(
                controller.model, controller.long_jobs, self._window, self._settings
            )
            self._distribution.notice.connect(self.notice)
        self._distribution.show_selected(np.array(self._place().marked_ids(), dtype=np.int64))
        _open(self._distribution)

    def _show_network(self) -> None:
        if self._network is None:
            self._network = NetworkWindow(self._controller, self._settings, self._window)
        self._network.show_images(self._place().marked_ids())
        _open(self._network)

    def _make_lists(self) -> None:
        controller = self._controller
        model, library = controller.model, controller.library.snapshot()
        scored = library.with_status(Status.SCORED)
        shown = model.order[library.statuses[model.order] == Status.SCORED]
        marked = np.array(self._place().marked_ids(), dtype=np.int64)
        marked = marked[library.statuses[marked] == Status.SCORED]
        sources = {"All scored images": scored}
        if len(shown) != len(scored):
            sources = {"Images shown": shown, **sources}
        if len(marked) > 1:
            sources["Selected images"] = marked
        # References as they are now, like the percentiles: another one may be chosen while it is open.
        find, times = named(model.references, model.reference), controller.run_times
        percentiles = model.standing.percentiles.copy()
        dialog = ListsDialog(
            Sources(sources, library, percentiles, lambda i: find(library.reference(i)).name),
            lambda: run_record(library, find, times=times).fields(),
            controller.long_jobs,
            self._settings,
            self._window,
        )
        dialog.chosen.connect(self.chosen)
        _open(dialog)

    def _make_report(self) -> None:
        model, library = self._controller.model, self._controller.library
        ids = {
            Scope.ALL: library.present_ids().tolist(),
            Scope.SHOWN: model.order.tolist(),
            Scope.SELECTED: self._place().marked_ids(),
        }

        def take(scope: Scope) -> Callable[[], ReportSource]:
            snapshot = library.snapshot()
            wanted = [i for i in ids[scope] if snapshot.present[i]]  # some may be removed meanwhile
            own, times = model.reference, self._controller.run_times
            find = named(model.references, own)
            used = list({id(each): each for each in (own, *map(find, snapshot.references))}.values())
            return lambda: report_source(
                rows(snapshot, find, wanted), used, run_record(snapshot, find, wanted, times)
            )

        counts = {scope: len(found) for scope, found in ids.items()}
        show_report(counts, take, self._controller.long_jobs, self._settings, self._window)


def _open(window: QDialog) -> None:
    if not window.isVisible():  # what was remembered of a large screen may be too large for this one
        window.resize(window.size().boundedTo(window.screen().availableSize() * 0.95))
    window.show()
    window.activateWindow()
