"""Chooses what is drawn of two distributions."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QRadioButton, QWidget

from resmem_gui.ui.distribution.charts import Shown


class ViewRow(QWidget):
    """Densities or shares; bars, curves and means.

    Signals:
        changed: Something else is to be drawn.
    """

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._density = QRadioButton("&Density", self)
        self._density.setToolTip("How often scores are found, in areas of size 1")
        self._cumulative = QRadioButton("C&umulative", self)
        self._cumulative.setToolTip("Share of images up to each score, and where the two are farthest apart")
        self._bars = QCheckBox("&Histograms", self)
        self._curves = QCheckBox("Smooth &curves", self)
        self._means = QCheckBox("M&eans", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        for button in (self._density, self._cumulative, self._bars, self._curves, self._means):
            row.addWidget(button)
        row.addStretch(1)
        self.set_shown(Shown())
        for button in (self._cumulative, self._bars, self._curves, self._means):
            button.toggled.connect(self._toggled)

    @property
    def shown(self) -> Shown:
        """What is to be drawn."""
        return Shown(
            self._cumulative.isChecked(),
            self._bars.isChecked(),
            self._curves.isChecked(),
            self._means.isChecked(),
        )

    def set_shown(self, shown: Shown) -> None:
        """Check what is to be drawn."""
        (self._cumulative if shown.is_cumulative else self._density).setChecked(True)
        self._bars.setChecked(shown.bars)
        self._curves.setChecked(shown.curves)
        self._means.setChecked(shown.means)
        self._enable()

    def _enable(self) -> None:
        for box in (self._bars, self._curves):
            box.setEnabled(self._density.isChecked())

    @Slot()
    def _toggled(self) -> None:
        self._enable()
        self.changed.emit()
