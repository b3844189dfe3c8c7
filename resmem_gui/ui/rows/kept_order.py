"""Keeps the rows in order, and their ranks up to date, while scores come in."""

from typing import Final

from PySide6.QtCore import QObject

from resmem_gui.ui.rows.columns import SCORE_COLUMNS
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.throttle import Throttle

_SORT_MS: Final = 1000


class KeptOrder(QObject):
    """Sorts a model again and tells its ranks, not more often than once a second.

    Attributes:
        is_wanted: Whether rows are sorted again while scores come in.
        is_held: Whether that has to wait until the run ends, though.
    """

    def __init__(self, model: ImageModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_wanted = True
        self.is_held = False
        self._model = model
        self._sort_soon = Throttle(_SORT_MS, model.sort_again, self)
        self._filter_soon = Throttle(_SORT_MS, model.filter_again, self)
        self._ranks_soon = Throttle(_SORT_MS, model.tell_ranks, self)

    def tell_ranks_soon(self) -> None:
        """Tell the ranks, which scores have changed."""
        self._ranks_soon.ask()

    def scores_came(self) -> None:
        """Follow some scores soon."""
        self.tell_ranks_soon()
        if self.is_wanted and not self.is_held and self._model.sort_column in SCORE_COLUMNS:
            self._sort_soon.ask()
        elif not self._model.filter.is_open:
            self._filter_soon.ask()

    def images_came(self) -> None:
        """Follow the last image of a walk."""
        if self.is_wanted and self._model.sort_column not in SCORE_COLUMNS:
            self._model.sort_again()

    def run_ended(self) -> None:
        """Follow the last score of a run at once."""
        self.stop()
        self._model.tell_ranks()
        if self.is_wanted:
            self._model.sort_again()
        else:
            self._model.filter_again()

    def stop(self) -> None:
        """Forget what was to be done soon."""
        self._sort_soon.stop()
        self._filter_soon.stop()
        self._ranks_soon.stop()
