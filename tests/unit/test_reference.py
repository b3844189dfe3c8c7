"""Percentiles within what was measured on people."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from resmem_gui.analysis.reference import Reference, load_lamem
from resmem_gui.resources import resource


def summary(scores: NDArray[np.float64], quantiles: int = 1001) -> Reference:
    return Reference(
        name="Synthetic",
        n=len(scores),
        mean=float(scores.mean()),
        sd=float(scores.std(ddof=1)),
        counts=np.histogram(scores, np.arange(101) / 100)[0],
        quantiles=np.quantile(scores, np.linspace(0, 1, quantiles)),
        provenance={},
    )


def mid_ranks(scores: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the exact percentiles: the share below plus half the share of equals."""
    below = (scores[None] < wanted[:, None]).mean(axis=1)
    equal = (scores[None] == wanted[:, None]).mean(axis=1)
    exact: NDArray[np.float64] = 100 * (below + equal / 2)
    return exact


@pytest.fixture(scope="module")
def lamem() -> Reference:
    return load_lamem()


# --- percentiles ---------------------------------------------------------------------------------


@pytest.mark.parametrize("decimals", [6, 2], ids=["few ties", "many ties"])
@pytest.mark.parametrize("a", [2.0, 8.0])
def test_percentiles_are_mid_ranks(a: float, decimals: int) -> None:
    scores = np.random.default_rng(1).beta(a, 3, 20_000).round(decimals)
    wanted = np.linspace(0.05, 0.98, 200).round(decimals)
    within = (wanted >= scores.min()) & (wanted <= scores.max())
    found = summary(scores).percentile(wanted)
    assert np.abs(found - mid_ranks(scores, wanted))[within].max() < (0.16 if decimals == 6 else 0.11)


def test_what_lies_between_two_ties_is_told_to_a_tenth() -> None:
    generator = np.random.default_rng(3)
    people = generator.integers(20, 100, 60_000)  # hit rates are shares of few people: many are 3 in 4
    scores = (generator.binomial(people, generator.beta(8, 3, 60_000)) / people).round(6)
    wanted = np.linspace(scores.min(), scores.max(), 20_001).round(6)
    error = np.abs(summary(scores).percentile(wanted) - mid_ranks(scores, wanted))
    assert error.max() < 0.105


def test_ties_count_half() -> None:
    scores = np.repeat([0.2, 0.5, 0.8], 1000)
    assert summary(scores).percentile([0.2, 0.5, 0.8]) == pytest.approx([16.7, 50.0, 83.3], abs=0.1)


@pytest.mark.parametrize("n", [2, 20, 500, 1001])
def test_percentiles_within_all_scores_are_mid_ranks_exactly(n: int) -> None:
    random = np.random.default_rng(n)
    scores = random.beta(8, 3, n).round(2)
    reference = Reference.from_scores(scores, "Own", {})
    wanted = np.concatenate([scores, scores.astype(np.float32), random.random(50), [0.0, 1.0]])
    exact = mid_ranks(scores, wanted.round(6))
    assert reference.percentile(wanted) == pytest.approx(exact, abs=1e-9)


def test_between_two_of_few_scores_no_line_is_drawn() -> None:
    reference = Reference.from_scores([0.4, 0.5, 0.6, 0.9], "Own", {})
    assert reference.percentile([0.61, 0.75, 0.89]).tolist() == [75.0, 75.0, 75.0]


@given(st.lists(st.floats(-1, 2), min_size=2, max_size=30))
def test_percentiles_ascend_with_the_scores(scores: list[float]) -> None:
    found = load_lamem().percentile(sorted(scores))
    assert (np.diff(found) >= 0).all()
    assert found.min() >= 0
    assert found.max() <= 100


def test_nan_stays_nan(lamem: Reference) -> None:
    assert np.isnan(lamem.percentile([0.5, np.nan, 0.7])).tolist() == [False, True, False]


@pytest.mark.parametrize("shape", [(), (0,), (1,), (2, 3)])
def test_the_shape_is_kept(lamem: Reference, shape: tuple[int, ...]) -> None:
    assert lamem.percentile(np.full(shape, 0.7)).shape == shape


def test_below_all_is_0_and_above_all_is_100(lamem: Reference) -> None:
    assert lamem.percentile([-1.0, 0.0, 1.0 + 1e-6, 2.0]).tolist() == [0.0, 0.0, 100.0, 100.0]


# --- density -------------------------------------------------------------------------------------


@pytest.mark.parametrize("bins", [1, 10, 50, 100])
def test_the_density_has_area_one(lamem: Reference, bins: int) -> None:
    density = lamem.density(bins)
    assert density.shape == (bins,)
    assert density.sum() / bins == pytest.approx(1.0)


def test_bins_are_joined_where_they_lie() -> None:
    scores = np.array([0.005, 0.015, 0.995])
    assert summary(scores).density(50)[[0, 1, 49]] == pytest.approx([50 * 2 / 3, 0.0, 50 / 3])


def test_bins_that_cannot_be_joined_are_refused(lamem: Reference) -> None:
    with pytest.raises(ValueError, match="100 bins cannot be joined into 30"):
        lamem.density(30)


# --- the file that ships -------------------------------------------------------------------------


def test_lamem_is_what_was_published(lamem: Reference) -> None:
    assert (lamem.id, lamem.name) == ("lamem", "LaMem")
    assert lamem.n == 58_741
    assert lamem.mean == pytest.approx(0.7561, abs=5e-5)
    assert lamem.sd == pytest.approx(0.1238, abs=5e-5)
    assert int(lamem.counts.sum()) == lamem.n
    assert len(lamem.counts) == 100
    assert len(lamem.quantiles) == 1001
    assert (np.diff(lamem.quantiles) >= 0).all()
    assert 0 <= lamem.quantiles[0] < lamem.quantiles[-1] <= 1


def test_lamem_agrees_with_itself(lamem: Reference) -> None:
    centres = np.linspace(0.005, 0.995, 100)
    assert np.average(centres, weights=lamem.counts) == pytest.approx(lamem.mean, abs=0.005)
    assert lamem.quantiles.mean() == pytest.approx(lamem.mean, abs=0.001)
    below = 100 * np.cumsum(lamem.counts) / lamem.n
    edges = np.linspace(0.01, 1.0, 100)
    assert np.abs(lamem.percentile(edges - 1e-4) - below)[:-1].max() < 1.0


def test_lamem_says_where_it_comes_from(lamem: Reference) -> None:
    assert {"source", "citation", "measure", "column", "sha256"} <= lamem.provenance.keys()
    assert "Khosla" in lamem.provenance["citation"]
    assert len(lamem.provenance["sha256"]) == 64


def test_a_score_of_070_is_the_30th_percentile_of_lamem(lamem: Reference) -> None:
    assert float(lamem.percentile(0.70)) == pytest.approx(30.3, abs=0.1)


# --- damaged files -------------------------------------------------------------------------------


def lamem_file() -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(resource("resources/references/lamem.json").read_text("utf-8"))
    return fields


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"3", b"\xff\xfe\x00", b'{"name": "x"}', b'"text"'],
)
def test_a_file_that_is_no_summary_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.json"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"broken\.json is not a reference distribution"):
        Reference.from_file(file)


@pytest.mark.parametrize("field", ["id", "name", "n", "mean", "sd", "counts", "quantiles", "provenance"])
def test_a_summary_without_one_of_its_fields_is_refused(tmp_path: Path, field: str) -> None:
    fields = lamem_file()
    del fields[field]
    (tmp_path / "short.json").write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(ValueError, match=field):
        Reference.from_file(tmp_path / "short.json")


@pytest.mark.parametrize(
    ("field", "value"),
    [("counts", ["x"]), ("counts", [[1], [1, 2]]), ("quantiles", "none"), ("quantiles", [0.1, "x"])],
)
def test_numbers_that_are_none_are_refused(tmp_path: Path, field: str, value: object) -> None:
    (tmp_path / "odd.json").write_text(json.dumps(lamem_file() | {field: value}), encoding="utf-8")
    with pytest.raises(ValueError, match="not a reference distribution"):
        Reference.from_file(tmp_path / "odd.json")


def test_a_missing_file_is_told_by_the_system_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Reference.from_file(tmp_path / "missing.json")
