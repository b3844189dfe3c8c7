"""The places of the images that are compared, arranged so that pictures are large."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from resmem_gui.ui.viewing.arrangement import best_columns
from resmem_gui.ui.viewing.compare_pane import ComparePane
from resmem_gui.ui.viewing.geometry import Size

#: More than so many pictures side by side are too small to judge.
MOST: Final = 4


class ComparePanes(QWidget):
    """Up to four panes, as many of them visible as there are images.

    Attributes:
        panes: All of them; those with an image come first.

    Signals:
        resized: There is more or less room; another arrangement may be better.
    """

    resized = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.panes = [ComparePane(self) for _ in range(MOST)]
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)

    @property
    def image_ids(self) -> list[int]:
        """The images side by side."""
        return [pane.image_id for pane in self.panes if pane.image_id is not None]

    @property
    def filled(self) -> list[tuple[ComparePane, int]]:
        """The panes that have an image, each with its id."""
        return [(pane, pane.image_id) for pane in self.panes if pane.image_id is not None]

    @property
    def lack_pixels(self) -> bool:
        """Whether some picture is shown larger than it was loaded."""
        return any(pane.canvas.lacks_pixels for pane in self.panes)

    def pane_of(self, image_id: int | None) -> ComparePane | None:
        """Return where an image is; None where it is not, or for none."""
        return next((pane for pane, held in self.filled if held == image_id), None)

    def put(self, image_ids: Sequence[int]) -> None:
        """Put these images side by side, four at most; who got another image shows nothing yet."""
        for pane, image_id in zip(self.panes, [*image_ids, *[None] * (MOST - len(image_ids))], strict=True):
            if pane.image_id != image_id and image_id is not None:
                pane.canvas.show_picture(None)
            pane.image_id = image_id
            pane.setVisible(image_id is not None)

    def clear(self) -> None:
        """Hold no images and no pictures."""
        for pane in self.panes:
            pane.image_id = None
            pane.canvas.show_picture(None)

    def arrange(self, sizes: Sequence[Size]) -> None:
        """Use as many columns as give the largest pictures.

        Args:
            sizes: Of the images, in their order.
        """
        columns = self._best_columns(sizes) if sizes else self._columns
        if not sizes or (columns == self._columns and self._grid.count() == len(sizes)):
            return
        for pane in self.panes:
            self._grid.removeWidget(pane)
        for line in range(MOST):
            self._grid.setColumnStretch(line, int(line < columns))
            self._grid.setRowStretch(line, int(line < -(-len(sizes) // columns)))
        for place, pane in enumerate(self.panes[: len(sizes)]):
            self._grid.addWidget(pane, place // columns, place % columns)
        self._columns = columns
        self._grid.activate()

    def _best_columns(self, sizes: Sequence[Size]) -> int:
        return best_columns(sizes, (self.width(), self.height()), self.panes[0].words_height)

    def follow(self, leader: ComparePane) -> None:
        """Show the same part of all other images."""
        for pane in self.panes:
            if pane is not leader:
                pane.follow(leader)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell it."""
        super().resizeEvent(event)
        self.resized.emit()
