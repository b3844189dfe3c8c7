"""The commands about scoring: pause, cancel, try again, and how images are prepared."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from resmem_gui.library.records import Status
from resmem_gui.ui import wording
from resmem_gui.ui.bringing_in.bring_in import BringIn
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.running.run import RunState
from resmem_gui.ui.window.actions import Actions


class RunCommands(QObject):
    """Adds the actions.

    Signals:
        preprocessing_chosen: Images are prepared by another recipe (`Preprocessing`).
    """

    preprocessing_chosen = Signal(object)

    def __init__(self, controller: Controller, bring_in: BringIn, actions: Actions, parent: QObject) -> None:
        """Add the actions.

        Args:
            controller: Whose runs they steer.
            bring_in: What is cancelled, too.
            actions: Of the window.
            parent: Owner.
        """
        super().__init__(parent)
        self._controller = controller
        self._bring_in = bring_in
        self._actions = actions
        actions.add("pause", "&Pause", self._pause_or_go_on, shortcut="F8", icon="pause")
        actions.add("cancel", "&Cancel", self.cancel, shortcut="Ctrl+.", icon="cancel")
        actions.add("retry", "Try &Failed Images Again", controller.runs.retry_failed, icon="retry")
        actions.add(
            "as_stored",
            "&Ignore Orientation, as the Package resmem Does",
            lambda checked: self._prepare(upright=not checked),
            checked=False,
        )
        actions.add(
            "fast_decoding",
            "&Decode Large JPEG Files Faster",
            lambda checked: self._prepare(fast_decoding=checked),
            checked=False,
            hint=wording.FAST_DECODING_SENTENCE,
        )

    def follow_state(self) -> None:
        """Enable what makes sense now; one action pauses, goes on and begins."""
        controller, actions = self._controller, self._actions
        paused = controller.state is RunState.PAUSED
        waiting = controller.state is RunState.IDLE and controller.library.count(Status.WAITING) > 0
        actions.set_text("pause", "&Resume" if paused else "&Score" if waiting else "&Pause")
        actions.set_icon("pause", "play" if paused or waiting else "pause")
        is_running = controller.state is not RunState.IDLE
        is_busy = controller.is_busy or self._bring_in.is_busy
        has_failed = controller.library.count(Status.FAILED) > 0
        actions.enable("pause", unless="" if is_running or waiting else "No image waits for a score.")
        actions.enable("cancel", unless="" if is_busy else "Nothing is under way.")
        actions.enable("retry", unless="" if has_failed else "No image has failed.")

    def cancel(self) -> None:
        """End all that is under way; what was done stays."""
        self._bring_in.cancel()
        self._controller.cancel()

    def _pause_or_go_on(self) -> None:
        runs = self._controller.runs
        match self._controller.state:
            case RunState.PAUSED:
                runs.resume()
            case RunState.IDLE:
                runs.score_waiting()
            case _:
                runs.pause()

    def _prepare(self, **changes: bool) -> None:
        preprocessing = replace(self._controller.preprocessing, **changes)
        self._controller.runs.set_preprocessing(preprocessing)
        self.preprocessing_chosen.emit(preprocessing)
