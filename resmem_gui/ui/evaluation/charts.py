"""What the plots of an evaluation show, as plain data: made on any thread, drawn on screen or on paper."""

import math
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.evaluation import BIN_WIDTH
from resmem_gui.analysis.evaluation_figures import Evaluation
from resmem_gui.analysis.evaluation_words import number_text
from resmem_gui.analysis.histogram import CELLS, Distribution, prepare_curves
from resmem_gui.ui.wording import count_text

Floats = NDArray[np.float64]

_MARGIN: Final = 0.02
#: Half the width of a 95 % interval, in standard errors.
_ERRORS: Final = 1.96
_CELL_MIDDLES: Final = (np.arange(CELLS) + 0.5) / CELLS
_NOTHING: Final = 1e-3
_MOST_TICKS: Final = 6
#: Densities end that much below the top, so that the legend lies over none of them.
_ROOM_FOR_LEGEND: Final = 1.25


class Ink(Enum):
    """What a line or point stands for; whoever draws gives it a colour."""

    PREDICTED = auto()
    MEASURED = auto()
    FIT = auto()
    GUIDE = auto()


@dataclass(frozen=True)
class Line:
    """A line.

    Attributes:
        ink: What it stands for.
        x: Shape (n,).
        y: Shape (n,).
        name: In the legend; empty to leave it out there.
        is_area: Whether it is filled down to 0.
    """

    ink: Ink
    x: Floats
    y: Floats
    name: str = ""
    is_area: bool = False


@dataclass(frozen=True)
class Points:
    """Points.

    Attributes:
        x: Shape (n,).
        y: Shape (n,).
        name: In the legend.
        places: Shape (n,), of the image in the evaluation; None if points are no images.
        errors: Shape (n,), half the length of a bar at each, 0 for none; None for no bars.
    """

    x: Floats
    y: Floats
    name: str
    places: NDArray[np.int64] | None = None
    errors: Floats | None = None


@dataclass(frozen=True)
class Chart:
    """A plot.

    Attributes:
        title: In a few words.
        meaning: What it shows and how to read it.
        x_name: Of the horizontal axis.
        y_name: Of the vertical axis.
        x_range: Where the axis begins and ends.
        y_range: Likewise.
        lines: From behind to in front.
        points: In front of the lines.
    """

    title: str
    meaning: str
    x_name: str
    y_name: str
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    lines: tuple[Line, ...]
    points: Points | None = None


def charts_of(evaluation: Evaluation) -> tuple[Chart, ...]:
    """Return all plots of an evaluation; not on the GUI thread: curves need SciPy."""
    prepare_curves()
    return (
        _scatter(evaluation),
        _residuals(evaluation),
        _calibration(evaluation),
        _distributions(evaluation),
    )


def ticks(low: float, high: float) -> list[float]:
    """Return round numbers from `low` to `high`, seven at most."""
    raw = (high - low) / _MOST_TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(number * step, 10) + 0.0 for number in range(first, last + 1)]


def tick_text(value: float) -> str:
    """Return what stands beside a tick."""
    return f"{value:g}".replace("-", "−")


def _scatter(evaluation: Evaluation) -> Chart:
    x, y = evaluation.predicted, evaluation.measured
    limits = _limits(np.concatenate([x, y]))
    ends = np.array(limits)
    lines = [Line(Ink.GUIDE, ends, ends, "Predicted = measured")]
    slope = evaluation.figures["slope"].value
    if math.isfinite(slope):
        intercept = evaluation.figures["intercept"].value
        fit = _within(x, intercept, slope, limits)
        name = f"Regression, slope {number_text(slope)}"
        lines.append(Line(Ink.FIT, fit, intercept + slope * fit, name))
    return Chart(
        "Scatter",
        "Each point is an image. Above the dashed line people remember it better than predicted.",
        "Predicted score",
        "Measured on people",
        limits,
        limits,
        tuple(lines),
        Points(x, y, "Image", np.arange(evaluation.n)),
    )


def _residuals(evaluation: Evaluation) -> Chart:
    residuals = evaluation.residuals
    x_limits = _limits(evaluation.predicted)
    reach = max(0.1, float(np.abs(residuals).max()) * 1.05)
    bias = -evaluation.figures["bias"].value
    ends = np.array(x_limits)
    mean = Line(Ink.FIT, ends, np.full(2, bias), f"Mean {number_text(bias)}")
    return Chart(
        "Residuals",
        "How far people’s scores are above or below the predicted ones. Points that rise or fall with the "
        "prediction show that the calibration slope is not 1.",
        "Predicted score",
        "Measured − predicted",
        x_limits,
        (-reach, reach),
        (Line(Ink.GUIDE, ends, np.zeros(2)), mean),
        Points(evaluation.predicted, residuals, "Image", np.arange(evaluation.n)),
    )


def _calibration(evaluation: Evaluation) -> Chart:
    bins = evaluation.calibration
    x = np.array([each.predicted for each in bins])
    y = np.array([each.measured for each in bins])
    errors = np.nan_to_num(np.array([each.standard_error for each in bins])) * _ERRORS
    limits = _limits(np.concatenate([x, np.clip(y - errors, 0, 1), np.clip(y + errors, 0, 1)]))
    ends = np.array(limits)
    fewest, most = min(each.n for each in bins), max(each.n for each in bins)
    images = count_text(most, "image") if fewest == most else f"{fewest:,} to {count_text(most, 'image')}"
    return Chart(
        "Calibration",
        f"Each point: the mean of {images} in {BIN_WIDTH:g} of predicted score. Bars: 95\u00a0% "
        "of the mean’s sampling error; one image has none. On the dashed line a score can be read as a share "
        "of people.",
        "Mean predicted score",
        "Mean measured on people",
        limits,
        limits,
        (Line(Ink.GUIDE, ends, ends, "Predicted = measured"), Line(Ink.PREDICTED, x, y)),
        Points(x, y, "Images alike in prediction", None, errors),
    )


def _distributions(evaluation: Evaluation) -> Chart:
    lines = []
    for ink, name, scores in (
        (Ink.MEASURED, "Measured on people", evaluation.measured),
        (Ink.PREDICTED, "Predicted", evaluation.predicted),
    ):
        distribution = Distribution.of(scores)
        x, y = _where_there_is_something(distribution.curve())
        lines.append(Line(ink, x, y, f"{name} (bandwidth {distribution.bandwidth:.3f})", is_area=True))
    top = _ROOM_FOR_LEGEND * max(float(line.y.max()) for line in lines)
    first = min(0.2, *(float(line.x[0]) for line in lines))
    return Chart(
        "Distributions",
        "Both as densities of area 1 (Gaussian kernel). Alike curves prove nothing about single images; "
        "unlike ones show that scores cannot be read as shares of people. "
        f"Kolmogorov–Smirnov distance {number_text(evaluation.ks)}.",
        "Memorability score",
        "Density",
        (first, 1.0),
        (0.0, top),
        tuple(lines),
    )


def _where_there_is_something(curve: Floats) -> tuple[Floats, Floats]:
    """Cut off the flat ends, but for one value on each side that leads down to the axis."""
    places = np.flatnonzero(curve > _NOTHING)
    first, last = max(int(places[0]) - 1, 0), min(int(places[-1]) + 1, len(curve) - 1)
    return _CELL_MIDDLES[first : last + 1], curve[first : last + 1]


def _within(x: Floats, intercept: float, slope: float, limits: tuple[float, float]) -> Floats:
    """Return the ends of a line over all values that stays inside the limits upwards and downwards."""
    ends = np.array([x.min(), x.max()])
    if slope != 0:
        low, high = sorted((limit - intercept) / slope for limit in limits)
        ends = ends.clip(low, high)
    return ends


def _limits(values: Floats) -> tuple[float, float]:
    """Return an axis that holds all values, in whole tenths."""
    low = math.floor((float(values.min()) - _MARGIN) * 10) / 10
    high = math.ceil((float(values.max()) + _MARGIN) * 10) / 10
    return max(low, 0.0), min(max(high, low + 0.1), 1.0)
