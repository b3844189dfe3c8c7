"""Where a picture lies on the screen: arithmetic on device pixels, without widgets."""

from dataclasses import dataclass
from typing import Final

#: Fitting enlarges a small picture so far at most: beyond it one sees pixels, not the picture.
MOST_ENLARGED: Final = 2.0
#: Device pixels for one pixel of the picture, at the most.
MOST_MAGNIFIED: Final = 32.0
#: Two scales that differ by less are the same: what is left of 1 / x * x.
_SAME: Final = 1e-6

Point = tuple[float, float]
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ViewState:
    """Which part of a picture is shown, so that another picture can show the same part.

    Attributes:
        x: Place of the picture's pixel that is in the middle, 0 (left) to 1 (right).
        y: Likewise, 0 (top) to 1 (bottom).
        zoom: Size relative to the fitted picture; less than 1 only where fitting enlarges.
        scale: Device pixels for one pixel of the picture.
    """

    x: float = 0.5
    y: float = 0.5
    zoom: float = 1.0
    scale: float = 1.0


def fit_scale(picture: Size, window: Size) -> float:
    """Return the scale at which a picture is whole in a window, enlarged to `MOST_ENLARGED` at most."""
    return min(window[0] / max(1, picture[0]), window[1] / max(1, picture[1]), MOST_ENLARGED)


def fitted_size(picture: Size, window: Size) -> Size:
    """Return the size of a picture that is fitted into a window, in whole device pixels, at least 1 x 1."""
    scale = fit_scale(picture, window)
    return max(1, round(picture[0] * scale)), max(1, round(picture[1] * scale))


class Placement:
    """A picture behind a window: fitted, or at a scale with a point of it in the middle.

    Never smaller than fitted, or than 100 % where fitting enlarges, and never with empty ground at one side
    while the other side is cut off. Lengths are device pixels, points of the picture are its pixels.
    """

    def __init__(self) -> None:
        self._window: Size = (1, 1)
        self._picture: Size = (1, 1)
        self._scale: float | None = None
        self._x = self._y = 0.5

    @property
    def window(self) -> Size:
        """Width and height of the window."""
        return self._window

    @property
    def picture(self) -> Size:
        """Width and height of the picture."""
        return self._picture

    @property
    def fit_scale(self) -> float:
        """The scale of the fitted picture."""
        return fit_scale(self._picture, self._window)

    @property
    def is_fitted(self) -> bool:
        """Whether the picture follows the window, so that all of it is shown as large as can be."""
        return self._scale is None

    @property
    def is_whole(self) -> bool:
        """Whether all of the picture is to be seen, fitted or not, and there is nothing to move."""
        (width, height), slack = self.size, 1 + _SAME
        return width <= self._window[0] * slack and height <= self._window[1] * slack

    @property
    def least_scale(self) -> float:
        """The smallest scale: that of the fitted picture, 100 % where fitting enlarges."""
        return min(1.0, self.fit_scale)

    @property
    def scale(self) -> float:
        """Device pixels for one pixel of the picture."""
        return self.fit_scale if self._scale is None else self._scale

    @property
    def state(self) -> ViewState:
        """What is shown."""
        return ViewState(self._x, self._y, self.scale / self.fit_scale, self.scale)

    @property
    def size(self) -> Point:
        """Width and height of the whole picture at this scale; whole pixels where it is fitted."""
        if self._scale is None:
            return fitted_size(self._picture, self._window)
        return self._picture[0] * self._scale, self._picture[1] * self._scale

    @property
    def origin(self) -> Point:
        """Where the picture's upper left corner lies in the window.

        Fitted and at 100 % that is at whole pixels, so that nothing is blurred. In between it is not: the
        rounding would add up from one turn of the wheel to the next.
        """
        width, height = self.size
        left, top = self._window[0] / 2 - self._x * width, self._window[1] / 2 - self._y * height
        return (round(left), round(top)) if self._scale in (None, 1.0) else (left, top)

    def set_window(self, window: Size) -> None:
        """Take a window of another size; a scale that was chosen stays."""
        self._window = max(1, window[0]), max(1, window[1])
        self._put(self._scale, self._x, self._y)

    def set_picture(self, picture: Size) -> None:
        """Take a picture of another size; a scale that was chosen stays."""
        self._picture = max(1, picture[0]), max(1, picture[1])
        self._put(self._scale, self._x, self._y)

    def fit(self) -> None:
        """Show the whole picture."""
        self._put(None, 0.5, 0.5)

    def show(self, state: ViewState, *, same_scale: bool = False) -> None:
        """Show what another picture shows: the same part, or at the same scale around the same place."""
        scale = state.scale if same_scale else state.zoom * self.fit_scale
        self._put(None if abs(state.zoom - 1) <= _SAME else scale, state.x, state.y)

    def zoom_about(self, point: Point, scale: float) -> None:
        """Take another scale so that what is under a point of the window stays under it."""
        place = self.to_picture(point)
        scale = min(max(scale, self.least_scale), max(MOST_MAGNIFIED, self.fit_scale))
        left, top = (point[i] - place[i] * scale for i in (0, 1))
        x = (self._window[0] / 2 - left) / (self._picture[0] * scale)
        y = (self._window[1] / 2 - top) / (self._picture[1] * scale)
        self._put(scale, x, y)

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by so many device pixels, as far as there is something to see."""
        width, height = self._picture[0] * self.scale, self._picture[1] * self.scale
        self._put(self._scale, self._x - dx / width, self._y - dy / height)

    def to_picture(self, point: Point) -> Point:
        """Return which point of the picture is at a point of the window."""
        (left, top), (width, height) = self.origin, self.size
        return (point[0] - left) * self._picture[0] / width, (point[1] - top) * self._picture[1] / height

    def to_window(self, point: Point) -> Point:
        """Return where in the window a point of the picture is."""
        (left, top), (width, height) = self.origin, self.size
        return left + point[0] * width / self._picture[0], top + point[1] * height / self._picture[1]

    def _put(self, scale: float | None, x: float, y: float) -> None:
        if scale is not None and abs(scale - 1) < _SAME:
            scale = 1.0
        if scale is not None and abs(scale / self.fit_scale - 1) <= _SAME:
            scale = None
        self._scale = None if scale is None or scale < self.least_scale else scale
        self._x = _kept_in(x, self._window[0] / (self._picture[0] * self.scale))
        self._y = _kept_in(y, self._window[1] / (self._picture[1] * self.scale))


def _kept_in(centre: float, share: float) -> float:
    """Return a centre at which a window that shows this share of a side shows nothing beyond its ends."""
    return 0.5 if share >= 1 else min(max(centre, share / 2), 1 - share / 2)
