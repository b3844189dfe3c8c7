"""Asks for the thumbnails of what can be seen, newest wishes first."""

import itertools
from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal, Slot

from resmem_gui.ui.browsing.grid_view import GridView
from resmem_gui.ui.browsing.ranking_view import RankingView
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails, ThumbnailWish, edge_for
from resmem_gui.ui.viewing.filmstrip import Filmstrip


class ThumbnailWishes(QObject):
    """Follows grid, table and filmstrip.

    Signals:
        visible_changed: Ids of the images that can be seen.
    """

    visible_changed = Signal(object)

    def __init__(
        self,
        model: ImageModel,
        thumbnails: Thumbnails,
        grid: GridView,
        ranking: RankingView,
        filmstrip: Filmstrip,
    ) -> None:
        super().__init__(grid)
        self._model = model
        self._thumbnails = thumbnails
        self._grid = grid
        self._ranking = ranking
        self._filmstrip = filmstrip
        grid.visible_rows_changed.connect(self.ask)
        filmstrip.visible_rows_changed.connect(self.ask)
        ranking.verticalScrollBar().valueChanged.connect(self.ask)

    @Slot()
    def ask(self) -> None:
        """Ask for what is visible, then for a page after and before it."""
        model = self._model
        edge = edge_for(self._grid.edge * self._grid.devicePixelRatioF())
        visible = [view.visible_rows() for view in self._visible_views()]
        margin = [_page_around(first, last, model.rowCount()) for first, last in visible]
        seen = dict.fromkeys(itertools.chain(*(range(first, last + 1) for first, last in visible)))
        rows = dict.fromkeys(itertools.chain(seen, *margin))
        ids = [model.image_id(row) for row in rows]
        self.visible_changed.emit(ids[: len(seen)])
        paths = model.library.paths
        self._thumbnails.want(ThumbnailWish(image_id, paths[image_id], edge) for image_id in ids)

    def _visible_views(self) -> list[GridView | RankingView | Filmstrip]:
        """Return what shows thumbnails now, the most important first."""
        if self._filmstrip.isVisible():
            return [self._filmstrip]
        return [self._grid, self._ranking]


def _page_around(first: int, last: int, rows: int) -> Iterable[int]:
    """Return the rows that come into sight when someone scrolls a page down, or up."""
    page = last - first + 1
    return itertools.chain(
        range(last + 1, min(rows, last + 1 + page)), range(first - 1, max(-1, first - 1 - page), -1)
    )
