"""The commands about what scores mean: distribution, sensitivity, evaluation, lists, report, help."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow

from resmem_gui.ui.browsing.inspector import Inspector
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.help.help_window import show_help
from resmem_gui.ui.marking.commands import Place
from resmem_gui.ui.sensitivity.commands import SensitivityCommands
from resmem_gui.ui.sensitivity.section import SensitivitySection
from resmem_gui.ui.window.actions import Actions
from resmem_gui.ui.window.measure_windows import MeasureWindows


class MeasureCommands(QObject):
    """Adds the actions.

    Attributes:
        sensitivity: Measures how scores move with the framing.

    Signals:
        notice: What came of it (`Notice`).
        chosen: Ids of images that a person wants to see.
    """

    notice = Signal(object)
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
        self._controller, self._place, self._window = controller, place, window
        self._section: SensitivitySection
        self.sensitivity = SensitivityCommands(controller.runs, lambda: window, self)
        self._windows = MeasureWindows(controller, place, settings, window)
        self._windows.notice.connect(self.notice)
        self._windows.chosen.connect(self.chosen)
        self._add_actions(actions)

    def _add_actions(self, actions: Actions) -> None:
        windows, window = self._windows, self._window
        actions.add(
            "distribution",
            "Distri&bution…",
            windows.show_distribution,
            shortcut="Ctrl+Shift+D",
            icon="histogram",
        )
        actions.add("network_view", "What the &Network Sees…", windows.show_network, shortcut="Ctrl+Shift+N")
        actions.add("sensitivity", "Measure Se&nsitivity…", self._ask_for_sensitivity)
        actions.add("evaluate", "Eval&uate Against People…", windows.evaluate)
        actions.add("lists", "L&ists for an Experiment…", windows.make_lists)
        actions.add("report", "Re&port…", windows.make_report)
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
        self._windows.follow_selection(image_ids)

    @Slot()
    def follow_place(self) -> None:
        """Let open windows know where the person is."""
        self._windows.follow_place()

    @Slot()
    def follow_scores(self) -> None:
        """Let open windows know that there are other scores."""
        self._windows.follow_scores()

    def _ask_for_sensitivity(self) -> None:
        self.sensitivity.ask(self._place().marked_ids())
