"""The numbers below the histogram, in a small table whose first column explains the colours."""

import html
from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from resmem_gui.analysis.histogram import Distribution
from resmem_gui.ui import theme
from resmem_gui.ui.histogram.content import Content
from resmem_gui.ui.histogram.options import Options, View

_NONE: Final = "–"
_CUT: Final = Qt.TextElideMode.ElideMiddle
_LEAST_NAME_LETTERS: Final = 10
_BANDWIDTH_HINT: Final = (
    "Bandwidth: how far the curve spreads each score (standard deviation of the Gaussian; Silverman’s rule)"
)


def numbers(distribution: Distribution) -> list[str]:
    """Return n, mean, standard deviation and bandwidth of the curve, as they are written."""
    bandwidth = distribution.bandwidth if distribution.n else float("nan")
    values = (distribution.mean, distribution.sd, bandwidth)
    texts = [_NONE if np.isnan(value) else f"{value:.3f}" for value in values]
    return [f"{distribution.n:,}" if distribution.n else _NONE, *texts]


class Legend(QWidget):
    """n, mean and standard deviation of library, reference and selection; the bandwidth beside a curve."""

    def __init__(self, reference_name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self._titles = [_number(title) for title in ("", "n", "mean", "sd", "bandw.")]
        for column, title in enumerate(self._titles):
            self._grid.addWidget(title, 0, column)
        self._titles[-1].setToolTip(_BANDWIDTH_HINT)
        self._reference_name = _Name(theme.REFERENCE_COLOR, f"{reference_name} (people)")
        self._library = self._row(1, _Name(theme.LIBRARY_COLOR, "Your images"))
        self._reference = self._row(2, self._reference_name)
        self._selection = self._row(3, _Name(theme.SELECTION_COLOR, "Selected"))

    def set_reference_name(self, name: str) -> None:
        """Call the reference by another name."""
        self._reference_name.set_name(f"{name} (people)")

    def _row(self, row: int, name: "_Name") -> list[QLabel]:
        labels = [name, *(_number() for _ in range(4))]
        labels[-1].setToolTip(_BANDWIDTH_HINT)
        for column, label in enumerate(labels):
            self._grid.addWidget(label, row, column)
        return labels

    def show_content(self, content: Content, options: Options) -> None:
        """Show the numbers of what is drawn."""
        is_curve = options.view is View.CURVE
        self._titles[-1].setVisible(is_curve)
        rows = (
            (self._library, content.library, True),
            (self._reference, content.reference, options.shows_reference),
            (self._selection, content.selection, True),
        )
        for labels, distribution, is_shown in rows:
            for label, text in zip(labels[1:], numbers(distribution), strict=True):
                label.setText(text)
            for label in labels:
                label.setVisible(is_shown)
            labels[-1].setVisible(is_shown and is_curve)


class _Name(QLabel):
    """A square of its colour and a name, which is cut short where there is no room for it."""

    def __init__(self, color: QColor, name: str) -> None:
        super().__init__()
        self._square = f'<span style="color:{color.name()}">■</span> '
        self._name = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(_LEAST_NAME_LETTERS * self.fontMetrics().averageCharWidth())
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Stand for something else."""
        self._name = name
        self.setToolTip(html.escape(name))
        self.setAccessibleName(name)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of the name as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        room = self.width() - metrics.horizontalAdvance("■ ")
        self.setText(self._square + html.escape(metrics.elidedText(self._name, _CUT, room)))


def _number(text: str = "") -> QLabel:
    label = QLabel(text)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label
