"""What the plots of an evaluation show."""

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.evaluation import evaluate
from resmem_gui.ui.evaluation.charts import charts_of, tick_text, ticks
from resmem_gui.ui.evaluation.picture import ChartPicture


def test_densities_have_area_one() -> None:
    chance = np.random.default_rng(0)
    chart = charts_of(evaluate(chance.uniform(0.5, 0.8, 300), chance.uniform(0.4, 0.9, 300)))[3]
    for line in chart.lines:
        assert np.trapezoid(line.y, line.x) == pytest.approx(1.0, abs=0.01)
        assert line.y.max() < 0.85 * chart.y_range[1]  # the legend lies above


def test_equal_scores_can_be_drawn(qtbot: QtBot) -> None:
    charts = charts_of(evaluate([0.7, 0.7, 0.7], [0.7, 0.7, 0.7]))
    assert charts[2].meaning.startswith("Each point: the mean of 3 images in 0.05")
    for chart in charts:
        picture = ChartPicture(chart, "headline", "source", QApplication.font())
        assert QImage.fromData(picture.as_png()).width() == 1600


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.0, 1.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]), (-0.1, 0.1, [-0.1, -0.05, 0.0, 0.05, 0.1])],
)
def test_ticks_are_round_numbers(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high) == expected


def test_ticks_below_zero_have_a_minus_sign() -> None:
    assert [tick_text(tick) for tick in (-0.2, 0.0, 0.25)] == ["−0.2", "0", "0.25"]
