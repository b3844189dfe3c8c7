"""Connects the histogram with the images: what is chosen there, and what it shows of them."""

import numpy as np
from PySide6.QtCore import QObject, Qt, Slot

from resmem_gui.library.filtering import Range
from resmem_gui.ui.browsing.selection_keeper import SelectionKeeper
from resmem_gui.ui.histogram.panel import HistogramPanel
from resmem_gui.ui.rows.image_model import ImageModel


class HistogramLink(QObject):
    """A range brushed on the histogram filters the images, a bar selects them; selected ones are marked."""

    def __init__(self, panel: HistogramPanel, model: ImageModel, keeper: SelectionKeeper) -> None:
        """Connect them.

        Args:
            panel: The histogram.
            model: The rows.
            keeper: Selects.
        """
        super().__init__(panel)
        self._panel = panel
        self._model = model
        self._keeper = keeper
        self._marked = np.empty(0, dtype=np.int64)
        panel.range_chosen.connect(self._choose_range)
        panel.bar_clicked.connect(self._select_bar)
        model.reference_changed.connect(self._reference_changed)
        model.filter_changed.connect(self._filter_changed)

    @Slot(object)
    def mark(self, image_ids: list[int]) -> None:
        """Mark the scores of these images."""
        self._marked = np.array(image_ids, dtype=np.int64)
        self._mark_again()

    @Slot()
    def scores_changed(self) -> None:
        """Draw the scores that there are now."""
        self._panel.refresh()
        self._mark_again()

    def _mark_again(self) -> None:
        scores = self._model.library.scores[self._marked]
        self._panel.mark(scores[~np.isnan(scores)])

    @Slot()
    def _reference_changed(self) -> None:
        self._panel.set_reference(self._model.reference)

    @Slot()
    def _filter_changed(self) -> None:
        self._panel.show_range(self._model.filter.scores)

    @Slot(object)
    def _choose_range(self, chosen: tuple[float, float] | None) -> None:
        """Show only what a person has brushed on the histogram."""
        model = self._model
        model.set_filter(model.filter.where("scores", None if chosen is None else Range(*chosen)))

    @Slot(float, float, object)
    def _select_bar(self, low: float, high: float, modifiers: Qt.KeyboardModifier) -> None:
        """Select the images of a bar, as far as they are shown."""
        model = self._model
        inside = Range(low, high).contains(model.library.scores[model.order], 1.0)
        ids: list[int] = model.order[inside].tolist()
        before = self._keeper.selected_ids() if modifiers & Qt.KeyboardModifier.ControlModifier else []
        if ids:
            self._keeper.select([*before, *ids], ids[0])
