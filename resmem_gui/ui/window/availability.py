"""Which commands make sense, by what is in the window and what is selected."""

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QObject, Slot

from resmem_gui.library.records import MOST_STARS
from resmem_gui.ui.filtering.filter_bar import FilterBar
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.window.actions import Actions
from resmem_gui.ui.window.stage import Stage

_NEED_IMAGES: Final = (
    "export", "copy", "clear", "save", "save_as", "hand_on", "report", "evaluate", "lists", "distribution",
    "sensitivity", "network_view", "write_xmp", "contact_sheet", "compare",
)  # fmt: skip
#: These mean the grid and what is around it, which loupe and comparison cover.
_NEED_GRID: Final = (
    "select_all", "zoom_in", "zoom_out", "find", "filter", "choose_best", "loupe",
    "show_inspector", "show_histogram", "show_ranking",
)  # fmt: skip
#: These mean the selected images, or that of the loupe.
_NEED_SELECTED: Final = (
    "pick", "reject", "unmark", *(f"rate_{stars}" for stars in range(MOST_STARS + 1)), "remove",
    "open_outside", "reveal", "copy_image", "copy_path", "copy_score",
)  # fmt: skip


class Availability(QObject):
    """Enables commands and disables them, so that each can be chosen where it does something."""

    def __init__(
        self,
        actions: Actions,
        model: ImageModel,
        selection: QItemSelectionModel,
        stage: Stage,
        filter_bar: FilterBar,
    ) -> None:
        """Follow the selection; whoever knows that rows or pages have changed calls `follow`.

        Args:
            actions: Of the window.
            model: The rows.
            selection: Of the grid.
            stage: Loupe and comparison, which have an image of their own.
            filter_bar: Whose menu stands in the menu bar, too.
        """
        super().__init__(actions)
        self._actions = actions
        self._model = model
        self._selection = selection
        self._stage = stage
        self._filter_bar = filter_bar
        selection.selectionChanged.connect(self._follow_selection)

    def follow(self) -> None:
        """Look at everything."""
        actions, library = self._actions, self._model.library
        has_images = library.present_count > 0
        is_grid = self._stage.page is None
        for name in _NEED_IMAGES:
            actions[name].setEnabled(has_images)
        for name in _NEED_GRID:
            actions[name].setEnabled(has_images and is_grid)
        self._filter_bar.menu.menuAction().setEnabled(has_images and is_grid)
        actions["find_missing"].setEnabled(len(library.missing_ids()) > 0)
        self._follow_selection()

    @Slot()
    def _follow_selection(self) -> None:
        is_any = self._stage.page is not None or self._selection.hasSelection()
        if self._actions[_NEED_SELECTED[0]].isEnabled() != is_any:
            for name in _NEED_SELECTED:
                self._actions[name].setEnabled(is_any)
