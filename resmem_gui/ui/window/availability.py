"""Which commands make sense, by what is in the window and what is selected."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final

from PySide6.QtCore import QItemSelectionModel, QObject, Slot

from resmem_gui.library.records import MOST_STARS, Status
from resmem_gui.ui.bringing_in.permissions import HostPermissions
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.filtering.filter_bar import FilterBar
from resmem_gui.ui.sessions.last_library import LastLibrary
from resmem_gui.ui.window.actions import Actions
from resmem_gui.ui.window.stage import Stage


class Need(Enum):
    """What a command needs; the value says why it cannot be chosen without."""

    IMAGES = "There are no images yet."
    GRID = "Leave the loupe or the comparison first (Esc)."
    SCORES = "No image has a score yet."
    SHOWN = "The filter hides all images."
    SELECTED = "No image is selected."
    MISSING = "No image is missing."
    LAST_LIBRARY = "No library has been closed or replaced by another one yet."
    HOSTS = "There is no host that images are fetched from without a question."


_MARKS: Final = ("pick", "reject", "unmark", *(f"rate_{stars}" for stars in range(MOST_STARS + 1)))
#: The commands by what all of them need, the plainest reason first. Loupe and comparison cover the grid and
#: what is around it; they have an image of their own, which counts as selected.
_COMMANDS: Final[Mapping[tuple[Need, ...], tuple[str, ...]]] = {
    (Need.IMAGES,): ("clear", "save", "save_as", "network_view", "compare"),
    (Need.IMAGES, Need.SHOWN): ("export", "copy", "hand_on", "write_xmp", "contact_sheet"),
    (Need.IMAGES, Need.SCORES): ("report", "evaluate", "lists", "distribution", "sensitivity"),
    (Need.IMAGES, Need.GRID): (
        "zoom_in", "zoom_out", "find", "filter", "show_inspector", "show_histogram", "show_ranking",
    ),
    (Need.IMAGES, Need.GRID, Need.SHOWN): ("select_all", "loupe"),
    (Need.IMAGES, Need.GRID, Need.SCORES): ("choose_best",),
    (Need.IMAGES, Need.SELECTED): (
        *_MARKS, "remove", "open_outside", "reveal", "copy_image", "copy_path", "copy_score",
    ),
    (Need.MISSING,): ("find_missing",),
    (Need.LAST_LIBRARY,): ("reopen",),
    (Need.HOSTS,): ("forget_hosts",),
}  # fmt: skip


class Availability(QObject):
    """Enables commands and disables them, so that each can be chosen where it does something."""

    def __init__(
        self,
        actions: Actions,
        controller: Controller,
        selection: QItemSelectionModel,
        stage: Stage,
        filter_bar: FilterBar,
        last_library: LastLibrary,
        permissions: HostPermissions,
    ) -> None:
        """Follow selection and scores; whoever knows that rows or pages have changed calls `follow`.

        Args:
            actions: Of the window.
            controller: Knows images and scores.
            selection: Of the grid.
            stage: Loupe and comparison, which have an image of their own.
            filter_bar: Whose menu stands in the menu bar, too.
            last_library: Whether there is one to be opened again.
            permissions: The hosts that can be forgotten.
        """
        super().__init__(actions)
        self._actions = actions
        self._filter_bar = filter_bar
        self._lacking: frozenset[Need] | None = None
        model = controller.model
        library = model.library
        self._is_met: Mapping[Need, Callable[[], bool]] = {
            Need.IMAGES: lambda: library.present_count > 0,
            Need.GRID: lambda: stage.page is None,
            Need.SCORES: lambda: library.count(Status.SCORED) > 0,
            Need.SHOWN: lambda: len(model.order) > 0,
            Need.SELECTED: lambda: stage.page is not None or selection.hasSelection(),
            Need.MISSING: lambda: len(library.missing_ids()) > 0,
            Need.LAST_LIBRARY: lambda: last_library.is_there,
            Need.HOSTS: lambda: bool(permissions.hosts),
        }
        selection.selectionChanged.connect(self._follow_selection)
        controller.scores_changed.connect(self._follow_scores)
        last_library.changed.connect(self.follow)
        actions["forget_hosts"].triggered.connect(self.follow)

    @Slot()
    def follow(self) -> None:
        """Look at everything."""
        self._take(frozenset(need for need in Need if not self._is_met[need]()))

    @Slot()
    def _follow_selection(self) -> None:
        self._look_at(Need.SELECTED)

    @Slot()
    def _follow_scores(self) -> None:
        self._look_at(Need.SCORES)

    def _look_at(self, need: Need) -> None:
        """Look at one thing only: selections and scores change often."""
        others = (self._lacking or frozenset()) - {need}
        self._take(others if self._is_met[need]() else others | {need})

    def _take(self, lacking: frozenset[Need]) -> None:
        if lacking == self._lacking:
            return
        self._lacking = lacking
        for needs, names in _COMMANDS.items():
            reason = next((need.value for need in needs if need in lacking), "")
            for name in names:
                self._actions.enable(name, unless=reason)
        self._filter_bar.menu.menuAction().setEnabled(self._actions["filter"].isEnabled())
