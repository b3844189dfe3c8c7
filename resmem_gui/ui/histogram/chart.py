"""What is drawn of the distributions: lines, their styles and the ends of the axes. No drawing yet."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from resmem_gui.analysis.histogram import CELLS, Distribution, bin_edges
from resmem_gui.ui import theme
from resmem_gui.ui.histogram.content import Content
from resmem_gui.ui.histogram.options import Options, View

#: The axis begins here, unless images score lower.
_FIRST_SCORE: Final = 0.2
#: The highest bar or curve leaves this much room above it.
HEADROOM: Final = 1.08
#: A selection raises the top at most so far above all else.
_MOST_OF_SELECTION: Final = 2.0
#: A density below this cannot be seen.
_NOTHING: Final = 1e-3
#: Of so many cells one is drawn: finer than a pixel of the usual panel, and half the work.
_EVERY: Final = 2
_CELL_EDGES: Final = np.arange(CELLS + 1)[::_EVERY] / CELLS
_CELL_MIDDLES: Final = (np.arange(CELLS)[::_EVERY] + 0.5) / CELLS
_AXIS_NAMES: Final = {View.BARS: "Density", View.CURVE: "Density", View.CUMULATIVE: "Share of images (%)"}

Line = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, eq=False)  # there is one of each; colours cannot be hashed
class Style:
    """How a distribution is drawn.

    Attributes:
        color: Of line and area.
        width: Of the line, in pixels.
        alpha: Of the area, 0 to 255.
        dash: Whether the line is whole.
    """

    color: QColor
    width: float
    alpha: int
    dash: Qt.PenStyle = Qt.PenStyle.SolidLine

    @property
    def fill(self) -> QColor:
        """The colour of the area, through which others can be seen."""
        color = QColor(self.color)
        color.setAlpha(self.alpha)
        return color

    @property
    def pen(self) -> QPen:
        """What lines are drawn with."""
        return QPen(self.color, self.width, self.dash)


REFERENCE: Final = Style(theme.REFERENCE_COLOR, 1.2, 110)
LIBRARY: Final = Style(theme.LIBRARY_COLOR, 2.0, 60)
SELECTION: Final = Style(theme.SELECTION_COLOR, 2.0, 50)
MARK: Final = Style(theme.SELECTION_COLOR, 1.5, 0, Qt.PenStyle.DashLine)


@dataclass(frozen=True)
class Curve:
    """A line in the chart.

    Attributes:
        style: Whose it is.
        x: Scores.
        y: Heights, one for each score; of bars one less, each from a score to the next.
        is_area: Whether it bounds an area above the axis.
    """

    style: Style
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    is_area: bool = True

    @property
    def is_bars(self) -> bool:
        """Whether it goes in steps."""
        return len(self.y) < len(self.x)


@dataclass(frozen=True)
class Upright:
    """A straight line at a score, such as a mean.

    Attributes:
        style: Whose it is.
        score: Where it stands.
        low: Where it begins; None at the axis.
        high: Where it ends; None at the top.
    """

    style: Style
    score: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Chart:
    """All lines, from the one behind to the one in front.

    Attributes:
        curves: Of those distributions that are shown.
        uprights: Lines at scores, over the curves.
        first: Score at the left end; 1 is at the right.
        top: Where the vertical axis ends.
        axis_name: Of the vertical axis; empty where nothing has a height.
    """

    curves: tuple[Curve, ...]
    uprights: tuple[Upright, ...]
    first: float
    top: float
    axis_name: str

    @classmethod
    def of(cls, content: Content, options: Options) -> "Chart":
        """Return the chart of what there is now."""
        is_area = options.view is not View.CUMULATIVE
        lines: dict[Style, Line] = {}
        if options.shows_reference:
            lines[REFERENCE] = line_of(content.reference, options)
        if content.library.n:
            lines[LIBRARY] = line_of(content.library, options)
        if content.draws_selection:
            lines[SELECTION] = line_of(content.selection, options)
        top = _top(lines) if is_area else HEADROOM * 100.0
        curves = []
        for style, line in lines.items():
            x, y = where_there_is_something(*line) if is_area else line
            curves.append(Curve(style, x, np.minimum(y, top), is_area))
        return cls(
            curves=tuple(curves),
            uprights=tuple(Upright(MARK, score) for score in content.marks),
            first=first_score(content.library),
            top=top,
            axis_name=_AXIS_NAMES[options.view],
        )

    @property
    def score_ticks(self) -> list[float]:
        """Where the horizontal axis has numbers."""
        return [tick / 10 for tick in range(round(self.first * 10), 11, 2)]


def first_score(*distributions: Distribution) -> float:
    """Return where the axis of scores begins."""
    return 0.0 if any(shown.share_in(0.0, _FIRST_SCORE) > 0 for shown in distributions) else _FIRST_SCORE


def line_of(distribution: Distribution, options: Options) -> Line:
    """Return scores and heights of one distribution; of bars one height less."""
    if options.view is View.BARS:
        return bin_edges(options.bin_width), distribution.density(options.bin_width)
    if options.view is View.CURVE:
        return _CELL_MIDDLES, distribution.curve()[::_EVERY]
    share = distribution.cumulative[::_EVERY]
    begin = max(int(np.argmax(share > 0)) - 1, 0)
    return _CELL_EDGES[begin:], 100 * share[begin:]


def _top(lines: dict[Style, Line]) -> float:
    """Return where the axis ends.

    A selection that lies in one bar would press all else to the ground: it runs out at the top.
    """
    heights = {style: float(line[1].max()) for style, line in lines.items()}
    selection = heights.pop(SELECTION, 0.0)
    all_else = max(heights.values(), default=0.0) or 1.0
    return HEADROOM * max(all_else, min(selection, _MOST_OF_SELECTION * all_else))


def where_there_is_something(x: NDArray[np.float64], y: NDArray[np.float64]) -> Line:
    """Cut off the flat ends, but for one value on each side that leads down to the axis."""
    places = np.flatnonzero(y > _NOTHING)
    first, last = max(int(places[0]) - 1, 0), min(int(places[-1]) + 1, len(y) - 1)
    return x[first : last + 1 + len(x) - len(y)], y[first : last + 1]
