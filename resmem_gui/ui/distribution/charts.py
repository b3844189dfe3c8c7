"""The charts of two distributions: densities of area 1, and the shares up to each score."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from resmem_gui.analysis.histogram import Distribution
from resmem_gui.analysis.reference import Reference
from resmem_gui.ui import theme
from resmem_gui.ui.distribution.groups import Group
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

#: Fewer images have a line each: a bar or a curve of one score would stand as high as all else is low.
LINES_BELOW: Final = 5
#: So far up the chart.
_LINE_SHARE: Final = 0.4
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


@dataclass(frozen=True, eq=False)
class Part:
    """One of the two, as it is drawn.

    Attributes:
        distribution: Of its scores.
        look: How it is drawn.
        lines: Its scores if each has a line, else empty.
    """

    distribution: Distribution
    look: Look
    lines: tuple[float, ...]


def parts_of(answer: Answer) -> tuple[Part, Part]:
    """Return both as they are drawn; of a reference no scores are known that could have lines."""
    question = answer.question
    first, second = looks_of(answer)
    return (
        Part(answer.first, first, _few_scores(question.first)),
        Part(answer.second, second, _few_scores(question.second)),
    )


def _few_scores(source: Group | Reference) -> tuple[float, ...]:
    if isinstance(source, Reference):
        return ()
    scores = source.scores[~np.isnan(source.scores)]
    return tuple(scores.tolist()) if len(scores) < LINES_BELOW else ()


def bin_width(answer: Answer) -> float:
    """Return how wide the bars are."""
    counts = [part.distribution.n for part in parts_of(answer) if not part.lines]
    return _NARROW if min(counts, default=0) >= _NARROW_FROM else _WIDE


def chart_of(answer: Answer, shown: Shown, ink: QColor) -> Chart:
    """Return the chart; an empty distribution has no line.

    Args:
        answer: The two distributions.
        shown: What is wanted of them.
        ink: Of the line at the greatest distance.
    """
    parts = [part for part in parts_of(answer) if part.distribution.n]
    parts.reverse()  # the first one is in front
    means = [Upright(part.look.mean, part.distribution.mean) for part in parts if shown.means]
    if shown.is_cumulative:
        return _cumulative(answer, parts, means, ink)
    return _densities(answer, shown, parts, means)


def _densities(answer: Answer, shown: Shown, parts: list[Part], means: list[Upright]) -> Chart:
    curves, uprights = [], []
    spread = [part for part in parts if not part.lines]
    if shown.bars:
        options = Options(View.BARS, bin_width(answer))
        curves += [_curve(part.look.bars, part.distribution, options, is_area=True) for part in spread]
    if shown.curves and not answer.is_preview:
        options = Options(View.CURVE)
        curves += [_curve(part.look.curve, part.distribution, options, is_area=False) for part in spread]
    top = HEADROOM * max((float(curve.y.max()) for curve in curves), default=1.0)
    if shown.bars or shown.curves:
        high = _LINE_SHARE * top
        uprights = [Upright(part.look.curve, score, high=high) for part in parts for score in part.lines]
    name = f"Density (bars of {bin_width(answer):.2f})" if shown.bars else "Density"
    first = first_score(answer.first, answer.second)
    return Chart(tuple(curves), (*uprights, *means), first, top, name if curves else "")


def _curve(style: Style, distribution: Distribution, options: Options, *, is_area: bool) -> Curve:
    return Curve(style, *where_there_is_something(*line_of(distribution, options)), is_area)


def _cumulative(answer: Answer, parts: list[Part], means: list[Upright], ink: QColor) -> Chart:
    options = Options(View.CUMULATIVE)
    curves = [Curve(part.look.curve, *line_of(part.distribution, options), False) for part in parts]
    ks, uprights = answer.comparison.ks, list(means)
    if answer.comparison.has_distances:
        low, high = (100 * float(share) for share in np.sort(ks.shares))
        uprights.append(Upright(gap_style(ink), ks.score, low, high))
    first = first_score(answer.first, answer.second)
    return Chart(tuple(curves), tuple(uprights), first, HEADROOM * 100.0, "Share of images (%)")


def gap_style(ink: QColor) -> Style:
    """Return how the greatest distance is drawn."""
    return Style(ink, 1.6, 0, Qt.PenStyle.DotLine)
