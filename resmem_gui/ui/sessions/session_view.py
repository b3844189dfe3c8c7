"""What a session remembers of how the window shows the library."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, Qt, Slot

from resmem_gui.library.session import JSON
from resmem_gui.ui.browsing.grid_view import GridView
from resmem_gui.ui.browsing.ranking_view import RankingView
from resmem_gui.ui.browsing.selection_keeper import SelectionKeeper
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.filtering.describing import filter_of, plain
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.sessions.sessions import Sessions, preprocessing_of, preprocessing_view
from resmem_gui.ui.window.actions import Actions


class SessionView(QObject):
    """Tells a session how the window shows the library, and shows it so again."""

    def __init__(
        self,
        sessions: Sessions,
        controller: Controller,
        grid: GridView,
        ranking: RankingView,
        actions: Actions,
        keeper: SelectionKeeper,
    ) -> None:
        super().__init__(grid)
        self._controller = controller
        self._grid = grid
        self._ranking = ranking
        self._actions = actions
        self._keeper = keeper
        sessions.view = self.values
        sessions.opened.connect(self.show_again)

    def values(self) -> dict[str, JSON]:
        """Return it as plain values."""
        model = self._controller.model
        return {
            "sort": model.sort_column.name.lower(),
            "descending": model.sort_order == Qt.SortOrder.DescendingOrder,
            "filter": plain(model.filter),
            "thumbnail_edge": self._grid.edge,
            "current": self._current_place(),
            "watch": self._actions["watch"].isChecked(),
            **preprocessing_view(self._controller.preprocessing),
        }

    def _current_place(self) -> int | None:
        """Return the place of the current image among those of the session."""
        current = self._grid.currentIndex()
        # Qt makes some image the current one by itself: only a selected one is where somebody was.
        if not current.isValid() or not self._grid.selectionModel().isSelected(current):
            return None
        present = self._controller.library.present_ids()
        return int(np.searchsorted(present, self._controller.model.image_id(current.row())))

    @Slot(object, object)
    def show_again(self, view: dict[str, JSON], selected: Sequence[int]) -> None:
        """Show the library as the session says; what it does not say, or says wrongly, stays as it is."""
        model, actions = self._controller.model, self._actions
        name = str(view.get("sort", Column.RANK.name)).upper()
        orders = Qt.SortOrder
        if name in Column.__members__:
            descending = view.get("descending") is True
            self._ranking.sort_by(
                Column[name], orders.DescendingOrder if descending else orders.AscendingOrder
            )
        model.set_filter(filter_of(view.get("filter")))
        edge = view.get("thumbnail_edge")
        if isinstance(edge, int):
            self._grid.set_edge(edge)
        recipe = preprocessing_of(view)
        actions["as_stored"].setChecked(not recipe.upright)
        actions["fast_decoding"].setChecked(recipe.fast_decoding)
        actions["watch"].setChecked(view.get("watch") is True)
        place, present = view.get("current"), self._controller.library.present_ids()
        current = int(present[place]) if isinstance(place, int) and 0 <= place < len(present) else None
        self._keeper.select(selected, current)
