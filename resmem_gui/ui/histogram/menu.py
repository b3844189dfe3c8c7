"""The menu of the histogram: how it is drawn, and what leaves it."""

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from resmem_gui.analysis.histogram import BIN_WIDTHS
from resmem_gui.ui.histogram.options import Options, View

_VIEWS: Final = {
    View.BARS: "&Bars",
    View.CURVE: "&Density Curve",
    View.CUMULATIVE: "C&umulative",
}


class HistogramMenu(QMenu):
    """Offers all choices; it shows what it is told and decides nothing.

    Attributes:
        clear_range: Clears the chosen range.
        save_picture: Asks where to write a picture.
        copy_picture: Puts a picture on the clipboard.
        copy_summary: Puts the numbers in words on the clipboard.

    Signals:
        chosen: Other `Options`.
    """

    chosen = Signal(object)

    def __init__(self, reference_name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._views = QActionGroup(self)
        for view, text in _VIEWS.items():
            self._offer(self._views, text, view)
        self.addActions(self._views.actions())
        self.addSeparator()
        self._widths = QActionGroup(self)
        for width in BIN_WIDTHS:
            self._offer(self._widths, f"{width:.2f}", width)
        self.addMenu("Bin &Width").addActions(self._widths.actions())
        self._reference = self.addAction("")
        self._reference.setCheckable(True)
        self.set_reference_name(reference_name)
        self.addSeparator()
        self.clear_range = self.addAction("&Clear Range")
        self.addSeparator()
        self.save_picture = self.addAction("&Save Picture…")
        self.copy_picture = self.addAction("Copy &Picture")
        self.copy_summary = self.addAction("Copy Su&mmary")
        self._views.triggered.connect(self._choose)
        self._widths.triggered.connect(self._choose)
        self._reference.triggered.connect(self._choose)

    def set_reference_name(self, name: str) -> None:
        """Call the reference by another name."""
        self._reference.setText(f"Show &Reference ({name.replace('&', '&&')})")

    @staticmethod
    def _offer(group: QActionGroup, text: str, value: object) -> None:
        action = group.addAction(text)
        action.setCheckable(True)
        action.setData(value)

    def show_options(self, options: Options) -> None:
        """Check what is chosen."""
        for action in self._views.actions():
            action.setChecked(action.data() is options.view)
        for action in self._widths.actions():
            action.setChecked(action.data() == options.bin_width)
        self._reference.setChecked(options.shows_reference)

    @Slot()
    def _choose(self) -> None:
        view, width = _checked(self._views), _checked(self._widths)
        self.chosen.emit(Options(view.data(), width.data(), self._reference.isChecked()))


def _checked(group: QActionGroup) -> QAction:
    action = group.checkedAction()
    assert action is not None, "show_options checks one of each group"
    return action
