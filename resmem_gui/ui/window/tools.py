"""What people find, compare, mark and hand on images with."""

from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtWidgets import QDialog, QMainWindow, QStackedWidget

from resmem_gui.library.filtering import Filter
from resmem_gui.ui import wording
from resmem_gui.ui.browsing.grid_view import GridView
from resmem_gui.ui.browsing.selection_keeper import SelectionKeeper
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.marking.commands import MarkingCommands, Place
from resmem_gui.ui.marking.history import History
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.references.commands import ReferenceCommands
from resmem_gui.ui.shortcuts.fixed_keys import GRID_KEYS
from resmem_gui.ui.shortcuts.keymap import Keymap
from resmem_gui.ui.shortcuts.shortcut_sheet import show_shortcuts
from resmem_gui.ui.viewing.keys import COMPARE_KEYS, LOUPE_KEYS
from resmem_gui.ui.window.actions import Actions
from resmem_gui.ui.window.hand_on_commands import HandOnCommands
from resmem_gui.ui.window.image_commands import ImageCommands
from resmem_gui.ui.window.measure_commands import MeasureCommands
from resmem_gui.ui.window.stage import Stage


class Tools(QObject):
    """Adds their actions to the window.

    Attributes:
        stage: Loupe and comparison.
        keymap: The shortcuts of all actions.
        history: Ratings, picks and removals, which can be undone.
        comparing: The menu that chooses references.
        measuring: Commands about what scores mean.

    Signals:
        notice: Something to tell (`Notice`).
        said: What was done, in a few words, for the status line.
    """

    notice = Signal(object)
    said = Signal(str)

    def __init__(
        self,
        controller: Controller,
        grid: GridView,
        keeper: SelectionKeeper,
        pages: QStackedWidget,
        actions: Actions,
        settings: QSettings,
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._keeper = keeper
        self._settings = settings
        self._window = window
        self.stage = Stage(controller, grid, keeper, pages, actions)
        self.stage.notice.connect(self.notice)
        self.history = History(controller, self)
        self.history.stepped_back.connect(self._show_images)
        self._step = 0
        self.history.stack.indexChanged.connect(self._tell_step)
        marking = MarkingCommands(self.history, controller.model, self._place, actions, settings, window)
        marking.marked.connect(self.said)
        handing_on = HandOnCommands(controller, self._place, actions, settings, window)
        handing_on.notice.connect(self.notice)
        handing_on.chosen.connect(self._select)
        references = ReferenceCommands(
            self.history, controller.model, controller.jobs, self._place, actions, settings, window
        )
        references.done.connect(self.said)
        self.comparing = references.menu
        self.measuring = MeasureCommands(controller, self._place, actions, settings, window)
        self.measuring.notice.connect(self.notice)
        self.measuring.chosen.connect(self._select)
        images = ImageCommands(controller, self._place, actions, window)
        images.notice.connect(self.notice)
        images.done.connect(self.said)
        actions.add("shortcuts", "&Keyboard Shortcuts…", self._show_shortcuts, shortcut="?", icon="keyboard")
        self.keymap = Keymap(actions, settings, self)

    def _place(self) -> Place:
        return self.stage.place

    @Slot(int)
    def _tell_step(self, step: int) -> None:
        """Say what was undone or done; whoever does it for the first time says more a moment later."""
        is_back, self._step = step < self._step, step
        what = self.history.stack.text(step if is_back else step - 1)
        if what:  # nothing is left of a history that has ended
            self.said.emit(f"Undone: {what}" if is_back else what)

    @Slot(object)
    def _show_images(self, image_ids: list[int]) -> None:
        """Show what a step back or forth has changed, as far as it is shown."""
        shown = [i for i in image_ids if self._controller.model.row_of(i) is not None]
        if not shown:
            return
        if self.stage.page is None:
            self._keeper.select(shown, shown[0])
        elif not set(self.stage.place.marked_ids()) & set(shown):
            self.stage.place.go_on(shown[0])

    @Slot(object)
    def _select(self, image_ids: list[int]) -> None:
        """Show images that a person wants to see; say so where they are gone or the filter hides them."""
        model = self._controller.model
        there = [i for i in image_ids if model.library.present[i]]
        hidden = [i for i in there if model.row_of(i) is None]
        self._show_images(there)
        self._controller.notice_over.emit("wanted")
        if hidden:
            one = model.library.record(hidden[0]).name if len(hidden) == 1 else ""
            text = f"The filter hides {one or f'{len(hidden):,} of these images'}."
            self.notice.emit(
                Notice("wanted", Level.INFO, text, "Show All Images", lambda: self._show_all(there))
            )
        elif len(there) < len(image_ids):
            what = wording.count_text(len(image_ids) - len(there), "image")
            self.said.emit(f"No longer in the library: {what}")

    def _show_all(self, wanted: list[int]) -> None:
        self._controller.model.set_filter(Filter())
        self._select(wanted)

    def _show_shortcuts(self) -> None:
        show_shortcuts(self.keymap, (GRID_KEYS, LOUPE_KEYS, COMPARE_KEYS), self._window)

    def close(self) -> None:
        """Close all windows that belong to the main window; what they do is cancelled."""
        for dialog in self._window.findChildren(QDialog):
            dialog.close()
