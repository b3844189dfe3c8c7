"""The colours of the plots of an evaluation."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette, QPen

from resmem_gui.ui import theme
from resmem_gui.ui.evaluation.charts import Ink, Line

_DATA: Final = {
    Ink.PREDICTED: theme.LIBRARY_COLOR,
    Ink.MEASURED: theme.REFERENCE_COLOR,
    Ink.FIT: theme.SELECTION_COLOR,
}
_AREA_ALPHA: Final = 70


def color_of(ink: Ink, palette: QPalette) -> QColor:
    """Return the colour of what is drawn: fixed for data, the palette's for guides."""
    return _DATA[ink] if ink in _DATA else theme.faint_text_color(palette)


def pen_of(ink: Ink, palette: QPalette, ratio: float = 1.0) -> QPen:
    """Return the pen of a line, which keeps its width whatever the axes.

    Args:
        ink: What the line stands for.
        palette: Of who draws.
        ratio: Dots to a pixel: Qt takes the width of such a pen in dots.
    """
    is_guide = ink is Ink.GUIDE
    pen = QPen(color_of(ink, palette), (1.3 if is_guide else 2.0) * ratio)
    pen.setCosmetic(True)
    if is_guide:
        pen.setStyle(Qt.PenStyle.DashLine)
    return pen


def fill_of(line: Line, palette: QPalette) -> QColor | None:
    """Return the colour of the area under a line, through which others are seen; None without one."""
    if not line.is_area:
        return None
    color = QColor(color_of(line.ink, palette))
    color.setAlpha(_AREA_ALPHA)
    return color


def point_color(count: int) -> QColor:
    """Return the colour of so many points: the more, the more can be seen through each."""
    color = QColor(theme.LIBRARY_COLOR)
    color.setAlpha(220 if count < 300 else 140 if count < 3000 else 70)
    return color


def point_size(count: int) -> float:
    """Return the diameter of so many points in pixels."""
    return 8.0 if count < 300 else 6.0 if count < 3000 else 4.0
