"""Keeps the selection and the place in the grid when the model starts anew, as it does for another filter."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, Slot

from resmem_gui.ui.browsing.grid_view import GridView, ranges
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.rows.image_model import ImageModel


class SelectionKeeper(QObject):
    """Remembers selected images by their ids while rows come and go as a whole.

    What a filter hides is not selected any more, but it is again when the filter lets it through: whoever
    brushes a range passes many on the way to the one that is wanted.
    """

    def __init__(self, model: ImageModel, grid: GridView) -> None:
        super().__init__(grid)
        self._model = model
        self._grid = grid
        self._selected: list[int] = []
        self._hidden: list[int] = []
        self._is_restoring = False
        self._current: int | None = None
        self._was_seen = False
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        grid.selectionModel().selectionChanged.connect(self._forget_hidden)

    def select(self, image_ids: Iterable[int], current: int | None, *, scroll: bool = True) -> None:
        """Select images as far as they are shown; the current one comes into sight if it shall."""
        rows = sorted(row for image_id in image_ids if (row := self._model.row_of(image_id)) is not None)
        selection, model = QItemSelection(), self._model
        for run in np.split(np.array(rows), np.flatnonzero(np.diff(rows) > 1) + 1) if rows else []:
            first, last = model.index(int(run[0]), 0), model.index(int(run[-1]), len(Column) - 1)
            selection.select(first, last)
        flags = QItemSelectionModel.SelectionFlag
        self._grid.selectionModel().select(selection, flags.ClearAndSelect)
        row = None if current is None else model.row_of(current)
        if row is not None:
            index = model.index(row, Column.NAME)
            self._grid.selectionModel().setCurrentIndex(index, flags.NoUpdate)
            if scroll:
                self._grid.scrollTo(index)

    def selected_ids(self) -> list[int]:
        """Return the ids of the selected images in the order of the rows."""
        order = self._model.order
        shown = np.zeros(len(order), dtype=np.bool_)
        for part in ranges(self._grid.selectionModel().selection()):
            shown[part.top() : part.bottom() + 1] = True
        selected: list[int] = order[shown].tolist()
        return selected

    @Slot()
    def _remember(self) -> None:
        order = self._model.order
        self._selected = [*self.selected_ids(), *self._hidden]
        current = self._grid.currentIndex()
        self._current = int(order[current.row()]) if 0 <= current.row() < len(order) else None
        first, last = self._grid.visible_rows()
        # Qt makes some image the current one by itself: only a selected one is where somebody was.
        chosen = current.isValid() and self._grid.selectionModel().isSelected(current)
        self._was_seen = chosen and first <= current.row() <= last

    @Slot()
    def _restore(self) -> None:
        if self._selected or self._current is not None:
            self._is_restoring = True
            self.select(self._selected, self._current, scroll=self._was_seen)
            self._is_restoring = False
        self._hidden = [i for i in self._selected if self._model.row_of(i) is None]

    @Slot()
    def _forget_hidden(self) -> None:
        """Forget what a filter hides as soon as a person selects anything else."""
        if not self._is_restoring:
            self._hidden = []
