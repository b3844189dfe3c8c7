"""Agreement with people: figures beside SciPy's, analytic cases, and what is said of them."""

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from resmem_gui.analysis.evaluation import EvaluationError, evaluate
from resmem_gui.analysis.evaluation_figures import Evaluation
from resmem_gui.analysis.evaluation_words import Words, number_text, range_text, words
from resmem_gui.analysis.reference import Reference, load_lamem
from resmem_gui.analysis.resampling import (
    FEWEST_FOR_INTERVALS,
    FIGURES,
    Resampler,
    intervals,
    sample_moments,
)

Floats = NDArray[np.float64]


def made(n: int, seed: int = 0) -> tuple[Floats, Floats]:
    """Return predicted and measured scores with ties."""
    chance = np.random.default_rng(seed)
    measured = np.clip(chance.normal(0.75, 0.13, n), 0, 1).round(2)
    predicted = np.clip(0.70 + 0.5 * (measured - 0.75) + chance.normal(0, 0.06, n), 0.4125, 1.0).round(3)
    return predicted, measured


def value(evaluation: Evaluation, key: str) -> float:
    return evaluation.figures[key].value


@pytest.fixture(scope="module")
def lamem() -> Reference:
    return load_lamem()


# --- figures -------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [3, 10, 333])
def test_figures_are_those_of_scipy(n: int) -> None:
    x, y = made(n)
    found = evaluate(x, y)
    line = stats.linregress(x, y)
    expected = {
        "spearman": stats.spearmanr(x, y).statistic,
        "pearson": stats.pearsonr(x, y).statistic,
        "mse": np.mean((x - y) ** 2),
        "mae": np.mean(np.abs(x - y)),
        "bias": np.mean(x) - np.mean(y),
        "slope": line.slope,
        "intercept": line.intercept,
        "sd_ratio": np.std(x, ddof=1) / np.std(y, ddof=1),
    }
    assert {key: figure.value for key, figure in found.figures.items()} == pytest.approx(expected, abs=1e-12)
    assert found.ks == pytest.approx(stats.ks_2samp(x, y).statistic, abs=1e-12)
    assert found.measured_sample.sd == pytest.approx(np.std(y, ddof=1))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=3, max_size=30))
def test_rank_correlation_is_scipys_for_any_ties(pairs: list[tuple[int, int]]) -> None:
    x, y = (np.array(column) / 20 for column in zip(*pairs, strict=True))
    ours = float(sample_moments(x, y).spearman)
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert math.isnan(ours)
    else:
        assert ours == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-9)


def test_weights_mean_the_same_as_drawing_pairs() -> None:
    x, y = made(40)
    drawn = np.random.default_rng(1).integers(0, 40, 40)
    weights = np.bincount(drawn, minlength=40).astype(np.float64)[None, :]
    weighted, repeated = Resampler(x, y).moments(weights), sample_moments(x[drawn], y[drawn])
    for name in FIGURES:
        assert getattr(weighted, name)[0] == pytest.approx(float(getattr(repeated, name)), abs=1e-12)


def test_intervals_are_those_of_scipys_bootstrap() -> None:
    x, y = made(150)
    ours = intervals(x, y, np.random.default_rng(0), resamples=4000)
    for key, statistic in (
        ("spearman", lambda a, b: stats.spearmanr(a, b).statistic),
        ("mae", lambda a, b: np.abs(a - b).mean()),
        ("sd_ratio", lambda a, b: a.std() / b.std()),
    ):
        theirs = stats.bootstrap(
            (x, y),
            statistic,
            paired=True,
            vectorized=False,
            n_resamples=2000,
            method="percentile",
            rng=np.random.default_rng(1),
        ).confidence_interval
        width = theirs.high - theirs.low
        assert ours[key] == pytest.approx((theirs.low, theirs.high), abs=0.12 * width)


@pytest.mark.parametrize("key", ["spearman", "mae", "bias", "sd_ratio"])
def test_intervals_hold_what_is_true_of_all_images_in_nearly_95_of_100_samples(key: str) -> None:
    people, n = np.random.default_rng(2), 80
    true = people.beta(9, 3, (160, n))
    measured = people.binomial(80, true) / 80
    predicted = (0.6 + 0.5 * (true - 0.75) + people.normal(0, 0.06, true.shape)).clip(0.41, 1)
    everything = float(getattr(sample_moments(predicted.ravel(), measured.ravel()), key))
    held = [
        low <= everything <= high
        for low, high in (
            intervals(x, y, np.random.default_rng(seed), resamples=300)[key]
            for seed, (x, y) in enumerate(zip(predicted, measured, strict=True))
        )
    ]
    assert 0.88 <= np.mean(held) <= 0.99


@pytest.mark.parametrize("n", [3, 4, 9])
def test_few_images_have_no_intervals(n: int, lamem: Reference) -> None:
    """Four images in the right order, one chance in 24, are not sure to agree between 1.000 and 1.000."""
    x = np.linspace(0.5, 0.9, n)
    found = evaluate(x, x**2, categories=["one"] * n)
    assert all(math.isnan(end) for figure in found.figures.values() for end in (figure.low, figure.high))
    assert math.isnan(found.categories[0].low)
    told = words(found, lamem)
    assert "interval" not in told.headline
    assert f"Only {n} images" in told.caveats[0]
    assert "given from 10 images on" in told.caveats[0]
    assert "cannot be told from these images" in told.findings[0]
    assert "nan" not in " ".join([told.headline, *told.findings, *told.caveats])


@pytest.mark.parametrize("sign", [1, -1])
def test_a_perfect_correlation_has_no_interval(sign: int) -> None:
    x = np.linspace(0.5, 0.9, 30)
    found = evaluate(x, 0.7 + sign * 0.4 * (x - 0.7))
    for key in ("spearman", "pearson"):
        assert value(found, key) == pytest.approx(sign)
        assert math.isnan(found.figures[key].low)
    assert found.figures["mae"].low > 0


def test_the_seed_decides_the_intervals() -> None:
    x, y = made(60)
    first, same, other = (evaluate(x, y, seed=seed).figures["spearman"] for seed in (3, 3, 4))
    assert first == same
    assert (first.low, first.high) != (other.low, other.high)


def test_the_size_of_blocks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = made(50)
    at_once = intervals(x, y, np.random.default_rng(0), resamples=100)
    monkeypatch.setattr("resmem_gui.analysis.resampling._AT_ONCE", 200)
    assert intervals(x, y, np.random.default_rng(0), resamples=100) == at_once


def test_a_perfect_prediction() -> None:
    y = np.linspace(0.45, 0.95, 50)
    found = evaluate(y, y)
    assert value(found, "spearman") == value(found, "pearson") == pytest.approx(1.0)
    assert value(found, "mse") == value(found, "mae") == value(found, "bias") == 0.0
    assert value(found, "slope") == pytest.approx(1.0)
    assert value(found, "sd_ratio") == pytest.approx(1.0)
    assert found.ks == 0.0


def test_a_shrunk_and_shifted_prediction() -> None:
    y = np.linspace(0.5, 0.9, 41)
    found = evaluate(0.6 + 0.5 * (y - 0.7), y)
    assert value(found, "spearman") == pytest.approx(1.0)
    assert value(found, "bias") == pytest.approx(-0.1)
    assert value(found, "slope") == pytest.approx(2.0)
    assert value(found, "intercept") == pytest.approx(0.7 - 2 * 0.6)
    assert value(found, "sd_ratio") == pytest.approx(0.5)


def test_equal_predictions_have_no_correlation_and_break_nothing() -> None:
    found = evaluate([0.7] * 20, np.linspace(0.5, 0.9, 20))
    for key in ("spearman", "pearson", "slope"):
        assert math.isnan(value(found, key))
        assert math.isnan(found.figures[key].low)
    assert value(found, "sd_ratio") == 0.0
    assert value(found, "mae") == pytest.approx(np.abs(np.linspace(0.5, 0.9, 20) - 0.7).mean())
    text = json.dumps(found.fields(), allow_nan=False)
    assert json.loads(text)["figures"]["spearman"] == {"value": None, "low": None, "high": None}


def test_calibration_has_every_image_once() -> None:
    x, y = made(500)
    x[:3] = np.array([0.7, float(np.float32(0.7)), 1.0])
    found = evaluate(x, y)
    assert sum(each.n for each in found.calibration) == 500
    for each in found.calibration:
        assert each.high == pytest.approx(each.low + 0.05)
        assert each.low - 1e-6 <= each.predicted <= each.high + 1e-6
    for each in found.calibration[:-1]:
        inside = (np.round(x, 6) >= round(each.low, 6)) & (np.round(x, 6) < round(each.high, 6))
        assert inside.sum() == each.n
        assert each.measured == pytest.approx(y[inside].mean())


def test_the_floor_is_counted_and_its_order_set_aside() -> None:
    x = np.concatenate([[0.411, 0.412, 0.413, 0.414], np.linspace(0.5, 0.9, 30)])
    y = np.concatenate([[0.5, 0.4, 0.3, 0.2], np.linspace(0.55, 0.95, 30)])
    found = evaluate(x, y)
    assert found.floor_count == 4
    assert found.floor_share == pytest.approx(4 / 34)
    tied = np.where(x < 0.42, 0.0, x)
    assert found.spearman_at_floor == pytest.approx(stats.spearmanr(tied, y).statistic)
    assert found.spearman_at_floor > value(found, "spearman")


def test_categories_are_compared_each_by_itself() -> None:
    x, y = made(90)
    names = ["cat"] * 50 + ["dog"] * 35 + [""] * 5
    found = evaluate(x, y, categories=names)
    assert [(each.name, each.n) for each in found.categories] == [("cat", 50), ("dog", 35), ("", 5)]
    assert found.categories[0].spearman == pytest.approx(stats.spearmanr(x[:50], y[:50]).statistic)
    assert found.categories[1].bias == pytest.approx((x[50:85] - y[50:85]).mean())
    assert found.categories[0].low < found.categories[0].spearman < found.categories[0].high
    assert math.isnan(found.categories[2].spearman)  # five images
    assert found.categories[2].mae == pytest.approx(np.abs(x[85:] - y[85:]).mean())


def test_the_ceiling_is_what_sampling_leaves() -> None:
    chance = np.random.default_rng(5)
    true = np.clip(chance.normal(0.7, 0.08, 20_000), 0.05, 0.95)
    measured = chance.binomial(40, true) / 40
    found = evaluate(true, measured, people=np.full(20_000, 40.0))
    # A perfect model correlates as much as sampling allows, and no more.
    assert value(found, "pearson") == pytest.approx(found.ceiling, abs=0.01)
    assert found.people == 40


@pytest.mark.parametrize(
    ("predicted", "measured", "word"),
    [([0.5, 0.6], [0.5, 0.6], "At least 3"), ([0.5, 0.6, 7], [0.5, 0.6, 0.7], "outside 0 to 1")],
)
def test_what_cannot_be_compared_is_refused(predicted: list[float], measured: list[float], word: str) -> None:
    with pytest.raises(EvaluationError, match=word):
        evaluate(predicted, measured)


def test_nan_is_refused() -> None:
    with pytest.raises(EvaluationError):
        evaluate([0.5, np.nan, 0.7], [0.5, 0.6, 0.7])


def test_a_pause_can_give_up() -> None:
    x, y = made(100)
    with pytest.raises(InterruptedError):
        evaluate(x, y, pause=_give_up)


def _give_up() -> None:
    raise InterruptedError


@settings(max_examples=30, deadline=None)
@given(st.integers(3, 60), st.integers(0, 1000))
def test_intervals_hold_the_middle_of_what_is_drawn(n: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    x, y = chance.random(n), chance.random(n)
    found = evaluate(x, y, seed=seed)
    for figure in found.figures.values():
        assert math.isnan(figure.low) or figure.low <= figure.high
    mae = found.figures["mae"]
    assert math.isnan(mae.low) == (n < FEWEST_FOR_INTERVALS)
    assert math.isnan(mae.low) or mae.low <= mae.value <= mae.high
    assert len(found.largest_residuals(5)) == min(5, n)
    worst = np.abs(found.residuals)[found.largest_residuals(n)]
    assert np.all(np.diff(worst) <= 0)


# --- words ---------------------------------------------------------------------------------------


def said(x: Sequence[float] | Floats, y: Sequence[float] | Floats, lamem: Reference, **more: Any) -> Words:
    trained_on = more.pop("trained_on", "")
    return words(evaluate(x, y, **more), lamem, trained_on=trained_on)


def test_the_headline_has_value_interval_and_count(lamem: Reference) -> None:
    x, y = made(400)
    found = evaluate(x, y)
    rho = found.figures["spearman"]
    headline = words(found, lamem).headline
    for number in (rho.value, rho.low, rho.high):
        assert number_text(number) in headline
    assert "n = 400" in headline


@pytest.mark.parametrize(
    ("x", "y", "word"),
    [
        (np.linspace(0.5, 0.6, 20), np.linspace(0.5, 0.9, 20), "regression to the mean"),
        (np.linspace(0.4, 0.9, 20), np.linspace(0.5, 0.7, 20), "spread more"),
        (np.linspace(0.5, 0.8, 20), np.linspace(0.6, 0.9, 20), "0.10 lower"),
        (np.linspace(0.6, 0.9, 20), np.linspace(0.5, 0.8, 20), "0.10 higher"),
        (np.linspace(0.5, 0.8, 20), np.linspace(0.8, 0.5, 20), "go with lower ones"),
        (np.linspace(0.5, 0.8, 20), np.linspace(0.5, 0.8, 20), "neither too high nor too low"),
    ],
)
def test_findings_say_what_the_figures_show(x: Floats, y: Floats, word: str, lamem: Reference) -> None:
    assert any(word in text for text in said(x, y, lamem).findings)


def test_a_calibrated_prediction_that_spreads_less_is_not_contradicted(lamem: Reference) -> None:
    """A good guess spreads less than what it guesses: two findings, and both hold at once."""
    chance = np.random.default_rng(4)
    x = chance.normal(0.7, 0.06, 3000).clip(0, 1)
    findings = said(x, (x + chance.normal(0, 0.08, 3000)).clip(0, 1), lamem).findings
    assert "regression to the mean. Images that people remember unusually well" in findings[1]
    assert "no careful guess spreads as much as what it guesses" in findings[1]
    assert findings[2].endswith("on average, differences between predicted scores can be taken as they are.")


def test_few_images_that_could_mean_anything_are_said_to(lamem: Reference) -> None:
    # All intervals hold both answers: 12 images, little agreement.
    chance = np.random.default_rng(1)
    x = chance.normal(0.7, 0.1, 12).clip(0, 1)
    y = (0.7 + 0.9 * (x - 0.7) + chance.normal(0, 0.07, 12)).clip(0, 1)
    found = evaluate(x, y)
    slope, bias, ratio = (found.figures[key] for key in ("slope", "bias", "sd_ratio"))
    assert 0 < slope.low < 1 < slope.high
    assert bias.low < 0 < bias.high
    assert ratio.low < 1 < ratio.high
    findings = words(found, lamem).findings
    assert len(findings) == 3
    for text in findings:
        assert "cannot be told" in text
    for word in ("neither", "as they are", "regression", "as much"):
        assert not any(word in text for text in findings)


def test_what_many_images_show_is_said(lamem: Reference) -> None:
    x, _ = made(2000)
    y = x + np.random.default_rng(3).normal(0, 0.01, 2000)
    findings = " ".join(said(x.clip(0.05, 0.95), y.clip(0, 1), lamem).findings)
    for word in ("neither too high", "as much as", "as they are"):
        assert word in findings


def test_scores_of_too_few_people_are_said_to_show_little(lamem: Reference) -> None:
    x, y = made(100)
    assert "little can be shown" in " ".join(said(x, y, lamem, people=np.full(100, 2.0)).caveats)


def test_caveats_are_told_where_they_hold_and_only_there(lamem: Reference) -> None:
    x, y = made(400)
    many = " ".join(said(x, y, lamem).caveats)
    for word in ("Only", "not many", "spread little", "floor", "trained on"):
        assert word not in many
    few = " ".join(said(x[:20], y[:20], lamem).caveats)
    assert "Only 20 images" in few
    assert "not many" in " ".join(said(x[:60], y[:60], lamem).caveats)
    narrow = 0.7 + (y - 0.7) / 5
    assert "spread little" in " ".join(said(x, narrow, lamem).caveats)
    low = np.where(np.arange(400) < 40, 0.4123, x)
    assert "40 predicted scores (10.0\u00a0%) are at the model’s floor" in " ".join(
        said(low, y, lamem).caveats
    )


def test_contamination_is_told(lamem: Reference) -> None:
    x, y = made(200)
    text = " ".join(said(x, y, lamem, trained_on="MemCat").caveats)
    assert "trained on MemCat" in text
    assert "0.78" in text


def test_the_error_of_measured_scores_is_told(lamem: Reference) -> None:
    x, y = made(200)
    assert "0.044" in " ".join(said(x, y, lamem).caveats)
    counted = " ".join(said(x, y, lamem, people=np.full(200, 99.0)).caveats)
    mean = y.mean()
    assert f"{math.sqrt(mean * (1 - mean) / 99):.3f}" in counted
    assert "perfect model" in counted


def test_no_correlation_is_said_so(lamem: Reference) -> None:
    assert "No correlation" in said([0.7] * 5, [0.1, 0.2, 0.3, 0.4, 0.5], lamem).headline


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.5, "0.500"), (-0.0421, "−0.042"), (0.0085, "0.0085"), (-1e-17, "0.000"), (math.nan, "–")],
)
def test_numbers_have_the_digits_that_mean_something(number: float, text: str) -> None:
    assert number_text(number) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-0.0133, 0.6221, "−0.013 to 0.622"),
        (0.0126, 0.0195, "0.0126 to 0.0195"),
        (-0.3, -0.01, "−0.300 to −0.010"),
        (math.nan, math.nan, ""),
    ],
)
def test_both_ends_of_an_interval_have_as_many_digits(low: float, high: float, text: str) -> None:
    assert range_text(low, high) == text
