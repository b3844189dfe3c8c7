"""The charts of two distributions: densities of area 1, and the shares up to each score."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from resmem_gui.analysis.histogram import Distribution
from resmem_gui.ui import theme
from resmem_gui.ui.distribution.work import Answer
from resmem_gui.ui.histogram.chart import (
    HEADROOM,
    Chart,
    Curve,
    Style,
    Upright,
    first_score,
    line_of,
    where_there_is_something,
)
from resmem_gui.ui.histogram.options import Options, View

#: With fewer scores narrow bars are a comb.
_NARROW_FROM: Final = 200
_NARROW, _WIDE = 0.02, 0.05


@dataclass(frozen=True)
class Shown:
    """What a person wants to see.

    Attributes:
        is_cumulative: Shares up to each score instead of densities.
        bars: The histograms, of the densities.
        curves: The smooth densities.
        means: A line at each mean.
    """

    is_cumulative: bool = False
    bars: bool = True
    curves: bool = True
    means: bool = False


@dataclass(frozen=True, eq=False)
class Look:
    """How one of the two is drawn: told by its colour and by its line.

    Attributes:
        bars: Of the histogram.
        curve: Of the smooth density, and of the shares.
        mean: Of the line at the mean.
    """

    bars: Style
    curve: Style
    mean: Style

    @classmethod
    def of(cls, color: QColor, alpha: int, dash: Qt.PenStyle) -> "Look":
        """Return a look of one colour and one kind of line."""
        return cls(Style(color, 0.6, alpha), Style(color, 2.4, 0, dash), Style(color, 1.4, 0, dash))


_FIRST: Final = Look.of(theme.LIBRARY_COLOR, 80, Qt.PenStyle.SolidLine)
_PEOPLE: Final = Look.of(theme.REFERENCE_COLOR, 80, Qt.PenStyle.DashLine)
_GROUP: Final = Look.of(theme.SELECTION_COLOR, 70, Qt.PenStyle.DashLine)


def looks_of(answer: Answer) -> tuple[Look, Look]:
    """Return how the two are drawn; what was measured on people is blue everywhere in the program."""
    return _FIRST, _PEOPLE if answer.comparison.is_with_people else _GROUP


def bin_width(answer: Answer) -> float:
    """Return how wide the bars are."""
    return _NARROW if min(answer.first.n, answer.second.n) >= _NARROW_FROM else _WIDE


def chart_of(answer: Answer, shown: Shown, ink: QColor) -> Chart:
    """Return the chart; an empty distribution has no line.

    Args:
        answer: The two distributions.
        shown: What is wanted of them.
        ink: Of the line at the greatest distance.
    """
    pairs = [
        (distribution, look)
        for distribution, look in zip((answer.first, answer.second), looks_of(answer), strict=True)
        if distribution.n
    ]
    pairs.reverse()  # the first one is in front
    means = [Upright(look.mean, found.mean) for found, look in pairs] if shown.means else []
    if shown.is_cumulative:
        return _cumulative(answer, pairs, means, ink)
    curves = []
    if shown.bars:
        options = Options(View.BARS, bin_width(answer))
        curves += [_curve(look.bars, found, options, is_area=True) for found, look in pairs]
    if shown.curves:
        options = Options(View.CURVE)
        curves += [_curve(look.curve, found, options, is_area=False) for found, look in pairs]
    top = HEADROOM * max((float(curve.y.max()) for curve in curves), default=1.0)
    name = f"Density (bars of {bin_width(answer):.2f})" if shown.bars else "Density"
    return Chart(tuple(curves), tuple(means), first_score(answer.first, answer.second), top, name)


def _curve(style: Style, distribution: Distribution, options: Options, *, is_area: bool) -> Curve:
    return Curve(style, *where_there_is_something(*line_of(distribution, options)), is_area)


def _cumulative(
    answer: Answer, pairs: list[tuple[Distribution, Look]], means: list[Upright], ink: QColor
) -> Chart:
    curves = [Curve(look.curve, *line_of(found, Options(View.CUMULATIVE)), False) for found, look in pairs]
    ks, uprights = answer.comparison.ks, list(means)
    if answer.comparison.is_possible:
        low, high = (100 * float(share) for share in np.sort(ks.shares))
        uprights.append(Upright(gap_style(ink), ks.score, low, high))
    first = first_score(answer.first, answer.second)
    return Chart(tuple(curves), tuple(uprights), first, HEADROOM * 100.0, "Share of images (%)")


def gap_style(ink: QColor) -> Style:
    """Return how the greatest distance is drawn."""
    return Style(ink, 1.6, 0, Qt.PenStyle.DotLine)
