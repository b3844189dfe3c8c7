"""The distribution figure: densities of area 1, as SVG that browsers and Qt draw alike."""

import math
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.histogram import CELLS, Distribution
from resmem_gui.analysis.ranking import FLOOR

WIDTH: Final = 720
HEIGHT: Final = 336
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 708.0, 64.0, 286.0
#: Bars are wider where there are few images to count.
_FEW: Final = 60
_WIDE_BARS, _BARS = 0.05, 0.02
#: Below so many scores a smooth curve would say more than is known.
LEAST_FOR_CURVE: Final = 10
#: Up to so many, each image has its own tick under the axis.
_MOST_TICKS: Final = 250
_CURVE_STEP: Final = 4
#: As everywhere in the program the images are orange and what was measured on people is blue: the hues of
#: the window, dark enough for thin lines on white paper (3.3:1 and more), and light for bars.
IMAGES_INK, BARS_INK, REFERENCE_INK = "#c17f00", "#f8e0ac", "#3a6fae"
_INK, _FAINT, _GRID = "#1a1a1a", "#595959", "#e2e2e2"


@dataclass(frozen=True)
class DistributionFigure:
    """One distribution against a reference.

    Attributes:
        images: The scores of the images.
        reference: Those measured on people.
        images_label: What the images are called in the legend.
        reference_label: What the reference is called.
        scores: The scores themselves, shape (n,).
    """

    images: Distribution
    reference: Distribution
    images_label: str
    reference_label: str
    scores: NDArray[np.float64]

    @property
    def bar_width(self) -> float:
        """Width of the bars, as a score."""
        return _WIDE_BARS if self.images.n < _FEW else _BARS

    @property
    def has_curve(self) -> bool:
        """Whether there are enough scores to draw a smooth curve."""
        return self.images.n >= LEAST_FOR_CURVE

    @property
    def description(self) -> str:
        """What it shows, in words, for those who do not see it."""
        return (
            f"Densities of area 1. {self.images_label}: n = {self.images.n:,}, mean {self.images.mean:.3f}"
            f"{_sd_text(self.images.sd)}. {self.reference_label}: n = {self.reference.n:,}, "
            f"mean {self.reference.mean:.3f}{_sd_text(self.reference.sd)}."
        )

    def svg(self) -> str:
        """Return the figure as an SVG element, complete in itself.

        Colours are attributes, so that a style sheet can replace them by class.
        """
        axis = _Axis.of(self)
        parts = [
            *axis.grid(),
            *self._bars(axis),
            *self._curves(axis),
            *self._ticks(axis),
            *axis.frame(),
            *self._legend(),
        ]
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
            f'height="{HEIGHT}" role="img" class="figure" font-size="11">'
            f"<title>{escape(self.description)}</title>"
        )
        return head + "".join(parts) + "</svg>"

    def _bars(self, axis: "_Axis") -> list[str]:
        width = self.bar_width
        return [
            _rect(axis.x(place * width), axis.y(density), axis.x((place + 1) * width), _BOTTOM)
            for place, density in enumerate(self.images.density(width))
            if density > 0
        ]

    def _curves(self, axis: "_Axis") -> list[str]:
        drawn = [
            _steps(self.reference, self.bar_width, axis),
            _curve(self.reference, axis, is_reference=True),
        ]
        if self.has_curve:
            drawn.append(_curve(self.images, axis, is_reference=False))
        return drawn

    def _ticks(self, axis: "_Axis") -> list[str]:
        """Return a stroke for each image, under the axis, while there are not too many of them."""
        if len(self.scores) > _MOST_TICKS:
            return []
        strokes = "".join(f"M{axis.x(float(score)):.1f} {_BOTTOM + 1}v6" for score in self.scores)
        return [f'<path class="images" d="{strokes}" stroke="{IMAGES_INK}" stroke-width="0.8" fill="none"/>']

    def _legend(self) -> list[str]:
        few = "" if self.has_curve else ", too few for a curve"
        smooth = f", bandwidth {self.images.bandwidth:.3f}" if self.has_curve else few
        mine = f"{self.images_label}, n = {self.images.n:,}: bars of {self.bar_width:.2f}"
        mine += f" and solid curve{smooth}" if self.has_curve else smooth
        theirs = (
            f"{self.reference_label}, measured on people, n = {self.reference.n:,}: stepped outline and "
            f"dashed curve, bandwidth {self.reference.bandwidth:.3f}"
        )
        swatch = f'<rect class="bars" x="{_LEFT}" y="8" width="26" height="11" fill="{BARS_INK}"/>'
        if self.has_curve:
            line = f'd="M{_LEFT} 13.5h26" stroke="{IMAGES_INK}" stroke-width="2" fill="none"'
            swatch += f'<path class="images" {line}/>'
        dashed = (
            f'<path class="reference" d="M{_LEFT} 31.5h26" stroke="{REFERENCE_INK}" stroke-width="2" '
            'stroke-dasharray="6 4" fill="none"/>'
        )
        return [swatch, dashed, _text(_LEFT + 34, 17.5, mine), _text(_LEFT + 34, 35.5, theirs)]


@dataclass(frozen=True)
class _Axis:
    """Where scores and densities stand in the figure."""

    low: float
    top: float

    @classmethod
    def of(cls, figure: DistributionFigure) -> "_Axis":
        least = min(float(figure.scores.min(initial=1.0)), figure.reference.quantile(0.002), FLOOR)
        highest = max(
            float(figure.images.density(figure.bar_width).max()),
            float(figure.reference.density(figure.bar_width).max()),
            float(figure.images.curve().max()) if figure.has_curve else 0.0,
            1.0,
        )
        return cls(max(0.0, math.floor(least * 10 - 1e-6) / 10), highest * 1.04)

    def x(self, score: float) -> float:
        """Return where a score stands; what is lower than the axis stands at its begin."""
        return _LEFT + (max(score, self.low) - self.low) / (1 - self.low) * (_RIGHT - _LEFT)

    def y(self, density: float) -> float:
        """Return where a density stands."""
        return _BOTTOM - density / self.top * (_BOTTOM - _TOP)

    def grid(self) -> list[str]:
        """Return the lines behind the data, with the numbers of the densities."""
        step = next(step for step in (0.5, 1, 2, 5, 10, 20, 50, 100) if self.top / step <= 6)
        parts = []
        for place in range(1, math.floor(self.top / step) + 1):
            y = self.y(place * step)
            parts.append(_line(_LEFT, y, _RIGHT, y, _GRID, "grid"))
            parts.append(_text(_LEFT - 7, y + 4, f"{place * step:g}", anchor="end", css="faint"))
        return parts

    def frame(self) -> list[str]:
        """Return the axis with its numbers and titles, and the model's floor."""
        parts = [_line(_LEFT, _BOTTOM, _RIGHT, _BOTTOM, _FAINT, "axis")]
        for tenth in range(round(self.low * 10), 11):
            x = self.x(tenth / 10)
            parts.append(_text(x, _BOTTOM + 21, f"{tenth / 10:.1f}", anchor="middle", css="faint"))
        parts.append(_text((_LEFT + _RIGHT) / 2, HEIGHT - 8, "Score", anchor="middle"))
        parts.append(_text(_LEFT - 7, _BOTTOM + 4, "0", anchor="end", css="faint"))
        middle = (_TOP + _BOTTOM) / 2
        parts.append(
            f'<text class="ink" x="14" y="{middle}" transform="rotate(-90 14 {middle})" text-anchor="middle" '
            f'fill="{_INK}">Density</text>'
        )
        floor = self.x(FLOOR)
        parts.append(
            f'<path class="floor" d="M{floor:.1f} {_TOP - 4}V{_BOTTOM}" stroke="{_FAINT}" stroke-width="1" '
            'stroke-dasharray="1 3" fill="none"/>'
        )
        parts.append(_text(floor, _TOP - 8, f"model’s floor {FLOOR:.2f}", anchor="middle", css="faint"))
        return parts


def _curve(distribution: Distribution, axis: _Axis, *, is_reference: bool) -> str:
    density = distribution.curve()
    middles = (np.arange(CELLS) + 0.5) / CELLS
    first = int(axis.low * CELLS)
    places = range(first, CELLS, _CURVE_STEP)
    points = " ".join(f"{axis.x(middles[p]):.1f},{axis.y(density[p]):.1f}" for p in places)
    colour, dashes, css = (
        (REFERENCE_INK, ' stroke-dasharray="6 4"', "reference")
        if is_reference
        else (IMAGES_INK, "", "images")
    )
    return (
        f'<polyline class="{css}" points="{points}" fill="none" stroke="{colour}" stroke-width="2" '
        f'stroke-linejoin="round"{dashes}/>'
    )


def _steps(distribution: Distribution, width: float, axis: _Axis) -> str:
    """Return the outline of a histogram."""
    path = [f"M{axis.x(axis.low):.1f} {_BOTTOM}"]
    for place, density in enumerate(distribution.density(width)):
        if (place + 1) * width <= axis.low + 1e-9:
            continue
        path.append(f"V{axis.y(float(density)):.1f}H{axis.x((place + 1) * width):.1f}")
    path.append(f"V{_BOTTOM}")
    return (
        f'<path class="reference" d="{"".join(path)}" fill="none" stroke="{REFERENCE_INK}" '
        'stroke-width="0.7" stroke-opacity="0.6"/>'
    )


def _rect(left: float, top: float, right: float, bottom: float) -> str:
    return (
        f'<rect class="bars" x="{left:.1f}" y="{top:.1f}" width="{max(0.0, right - left - 0.8):.1f}" '
        f'height="{bottom - top:.1f}" fill="{BARS_INK}"/>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, css: str) -> str:
    return (
        f'<line class="{css}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{colour}" stroke-width="1"/>'
    )


def _text(x: float, y: float, text: str, anchor: str = "start", css: str = "ink") -> str:
    colour = _INK if css == "ink" else _FAINT
    return (
        f'<text class="{css}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">'
        f"{escape(text)}</text>"
    )


def _sd_text(sd: float) -> str:
    return "" if math.isnan(sd) else f", sd {sd:.3f}"
