"""Shows the selected images where more is told of them."""

from typing import Final

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from resmem_gui.ui.browsing.grid_view import GridView
from resmem_gui.ui.browsing.selection_keeper import SelectionKeeper
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.kept_order import KeptOrder
from resmem_gui.ui.throttle import Throttle

#: Sorting moves a selection of ten thousand images in a tenth of a second: too long for once a second.
_MOST_MOVED: Final = 5000
_SELECTION_MS: Final = 60


class SelectionFollower(QObject):
    """Tells what is selected, when the selection has come to rest.

    A key held down leads through 30 images a second: only the one where it ends is worth showing.

    Attributes:
        shown_ids: The images that were told last, in the order of the rows.

    Signals:
        came_to_rest: These images are selected (list of ids, in the order of the rows).
    """

    came_to_rest = Signal(object)

    def __init__(
        self, model: ImageModel, order: KeptOrder, grid: GridView, keeper: SelectionKeeper, parent: QWidget
    ) -> None:
        """Follow the selection of the grid.

        Args:
            model: The rows.
            order: Keeps them sorted; held while too many are selected.
            grid: Where images are selected.
            keeper: Knows which.
            parent: Owner.
        """
        super().__init__(parent)
        self.shown_ids = np.empty(0, dtype=np.int64)
        self._order = order
        self._keeper = keeper
        self._soon = Throttle(_SELECTION_MS, self._tell, self, waits_for_rest=True)
        grid.selectionModel().selectionChanged.connect(self._ask)
        # A reset tells of no selection. Later, in a turn of its own: rows come first.
        model.modelReset.connect(self._ask, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def _ask(self) -> None:
        self._soon.ask()

    def _tell(self) -> None:
        selected = self._keeper.selected_ids()
        self.shown_ids = np.array(selected, dtype=np.int64)
        self._order.is_held = len(selected) > _MOST_MOVED
        self.came_to_rest.emit(selected)
