"""The drawing of lists for an experiment."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from resmem_gui.ui import theme
from resmem_gui.ui.conditions.figure import ListsFigure

WIDTH = 640


@pytest.fixture
def figure(qtbot: QtBot) -> Iterator[ListsFigure]:
    figure = ListsFigure()
    qtbot.addWidget(figure)
    figure.resize(WIDTH, figure.sizeHint().height())
    yield figure
    figure.close()


def shown(figure: ListsFigure) -> QImage:
    figure.resize(WIDTH, figure.sizeHint().height())
    return figure.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def strokes(image: QImage, y: int) -> list[int]:
    """Return where in a line of pixels the colour of lists begins, however thin it is laid on."""
    hue = theme.LIBRARY_COLOR.hue()
    colors = [QColor(image.pixel(x, y)) for x in range(image.width())]
    is_ink = [color.saturation() > 60 and abs(color.hue() - hue) < 8 for color in colors]
    return [x for x in range(1, len(is_ink)) if is_ink[x] and not is_ink[x - 1]]


def test_each_image_is_a_stroke_at_its_score(figure: ListsFigure) -> None:
    high, low = np.array([0.71, 0.8, 0.89]), np.array([0.51, 0.6, 0.72])
    figure.show_lists(["high", "low"], np.stack([high, low]), np.concatenate([high, low]))
    image = shown(figure)
    middle = figure.fontMetrics().height() // 2
    above, below = strokes(image, middle), strokes(image, middle + figure.fontMetrics().height() + 4)
    # The mean of “high” lies on its middle image.
    assert len(above) == 2
    assert len(below) == 3
    scale = (above[1] - above[0]) / (0.89 - 0.71)
    assert np.diff(below) == pytest.approx(np.diff(low) * scale, abs=2)
    assert above[0] - below[0] == pytest.approx((0.71 - 0.51) * scale, abs=2)


def test_it_is_told_to_those_who_do_not_see_it(figure: ListsFigure) -> None:
    figure.show_lists(["A", "B"], np.array([[0.5, 0.7], [0.6, 0.6]]), np.array([0.5, 0.6, 0.6, 0.7]))
    told = figure.accessibleDescription().split("; ")
    assert told[0] == "A: 2 images, mean 0.600, SD 0.141, 0.500 to 0.700"
    assert [one.split(":")[0] for one in told] == ["A", "B", "All"]
    figure.clear()
    assert figure.accessibleDescription() == ""
    assert strokes(shown(figure), 8) == []


def test_equal_scores_and_many_lists_can_be_drawn(figure: ListsFigure) -> None:
    figure.show_lists(["A", "B"], np.full((2, 3), 0.7), np.full(6, 0.7))
    low = figure.sizeHint().height()
    shown(figure)
    names = [chr(ord("A") + number) for number in range(12)]
    figure.show_lists(names, np.full((12, 500), 1.0), np.zeros(100_000))
    shown(figure)
    assert low < figure.sizeHint().height() < 6 * low
