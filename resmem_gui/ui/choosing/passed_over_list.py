"""Images that were passed over, each beside the chosen one that it is like."""

import os
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from resmem_gui.library.records import readable

_MOST_LINES: Final = 6
#: Longer lists nobody reads.
_MOST_PAIRS: Final = 500


class PassedOverList(QTreeWidget):
    """A table of two columns; hidden while it is empty."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setHeaderLabels(["Passed over", "Like"])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.header().setSectionsClickable(False)
        self.setAccessibleName("Images passed over as near-duplicates")
        self.hide()

    def show_pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show paths of images that were passed over, each with that of the chosen one."""
        self.clear()
        for pair in pairs[:_MOST_PAIRS]:
            item = QTreeWidgetItem([readable(os.path.basename(path)) for path in pair])
            for column, path in enumerate(pair):
                item.setToolTip(column, readable(path))
            self.addTopLevelItem(item)
        lines = min(len(pairs), _MOST_LINES)
        row = max(1, self.sizeHintForRow(0))
        self.setFixedHeight(self.header().sizeHint().height() + lines * row + 2 * self.frameWidth() + 2)
        self.setVisible(bool(pairs))
