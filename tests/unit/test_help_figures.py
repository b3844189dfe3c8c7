"""What the help and the README say in figures is what the program computes and has."""

import math
import re
from pathlib import Path

import pytest

from resmem_gui.analysis import cautions, differences
from resmem_gui.analysis.ranking import FLOOR
from resmem_gui.analysis.reference import load_lamem
from resmem_gui.analysis.references import References
from resmem_gui.analysis.resampling import CONFIDENCE, FEWEST_FOR_INTERVALS, RESAMPLES
from resmem_gui.analysis.score_table import FEWEST_SCORES
from resmem_gui.resources import resource
from resmem_gui.traits import Caution


def page(name: str) -> str:
    """Return a page of the help as one line of text."""
    return plain(resource(f"resources/help/{name}.html").read_text("utf-8"))


def plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>|\*", "", text).split())


def percentile(reference: str, score: float) -> int:
    return round(float(References().get(reference).percentile(score)))


def test_a_percentile_shares_the_error_of_its_score() -> None:
    assert (f"{load_lamem().quantile(0.5):.2f}", percentile("lamem", 0.77 - 0.10)) == ("0.77", 24)
    for text in (page("reading"), readme()):
        assert "0.77" in text
        assert "score 0.67 and stand at the 24th percentile" in text


def test_the_same_score_stands_elsewhere_in_another_reference() -> None:
    assert (percentile("memcat-landscape", 0.70), percentile("memcat-food", 0.70)) == (76, 4)
    assert "the 76th percentile of MemCat’s landscapes, and at the 4th of its food" in readme()
    assert "three quarters of the scores that were measured for MemCat’s landscapes" in page("reading")


def test_nobody_is_told_that_a_percentile_is_better_than_its_score() -> None:
    text = page("reading")
    assert "no better than the score" in text
    assert "Both hold up better" not in text
    assert "more memorable than 83 %" not in readme()


def test_the_floor_and_the_error_are_those_the_program_goes_by() -> None:
    error = f"{differences.LEAST_ERROR} to {differences.MOST_ERROR}"
    assert f"Scores under {FLOOR:.2f}" in page("reading")
    for text in (page("agreement"), page("sensitivity"), readme()):
        assert error in text
    assert "mean absolute error" in page("agreement")


def test_errors_fit_each_other() -> None:
    """The root of the mean squared error is never less than the mean absolute error."""
    roots = [f"{math.sqrt(each):.2f}" for each in (0.005, 0.009)]
    said = f"mean squared error 0.005 to 0.009, its square root {' to '.join(roots)}"
    assert said in page("agreement")


def test_intervals_are_described_as_they_are_made() -> None:
    text = page("evaluation")
    assert f"The {100 * CONFIDENCE:.0f} % interval" in text
    assert f"{RESAMPLES:,} samples" in text
    assert "percentile bootstrap" in text
    assert f"Below {FEWEST_FOR_INTERVALS} images there is none" in text
    assert f"about {math.sqrt(0.75 * 0.25 / 99):.3f}" in text


def test_what_the_network_does_not_see_is_what_the_crop_leaves_out() -> None:
    side = cautions.NETWORK_SIDE
    assert f"{side} × {side}" in page("limits")
    assert 0.05 < (256 - side) / 2 / 256 < 0.06
    assert 1 - side**2 / 256**2 == pytest.approx(0.2, abs=0.02)
    assert "nearly 6 % of an edge is not seen, a fifth of the area" in page("limits")


def test_an_own_reference_is_described_as_it_is_made() -> None:
    assert f"one measured score for each image, {FEWEST_SCORES} or more" in page("references")


@pytest.mark.parametrize("caution", list(Caution), ids=lambda caution: caution.name)
def test_cautions_are_called_what_the_program_calls_them(caution: Caution) -> None:
    assert f"{cautions.title(caution)}:" in page("cautions")


def readme() -> str:
    return plain((Path(__file__).parents[2] / "README.md").read_text("utf-8"))
