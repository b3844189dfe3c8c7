"""The references that ship, and a person's own."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from resmem_gui.analysis.reference import Reference, load_lamem
from resmem_gui.analysis.references import (
    ReferenceNameError,
    References,
    UnknownReferenceError,
    own_id,
    own_reference,
)
from resmem_gui.analysis.score_table import ScoreTable, ScoreTableError, read_score_table

#: Id, name, n, mean, sd, quantiles at .05 .10 .25 .50 .75 .90 .95, percentile of 0.70: published or computed
#: from the scores by other means than the script.
SHIPPED = [
    ("lamem", "LaMem", 58_741, 0.7561, 0.1238, None, 30),
    ("memcat", "MemCat", 10_000, 0.7585, 0.131, (0.490, 0.569, 0.687, 0.786, 0.855, 0.903, 0.926), 27),
    ("memcat-food", "MemCat food", 2000, 0.853, 0.077, (0.709, 0.752, 0.814, 0.865, 0.909, 0.936, 0.951), 4),
    (
        "memcat-animal",
        "MemCat animals",
        2000,
        0.803,
        0.093,
        (0.621, 0.672, 0.750, 0.816, 0.872, 0.910, 0.929),
        13,
    ),
    (
        "memcat-sports",
        "MemCat sports",
        2000,
        0.781,
        0.087,
        (0.621, 0.663, 0.733, 0.792, 0.844, 0.883, 0.905),
        17,
    ),
    (
        "memcat-vehicle",
        "MemCat vehicles",
        2000,
        0.757,
        0.094,
        (0.585, 0.632, 0.699, 0.766, 0.827, 0.869, 0.893),
        25,
    ),
    (
        "memcat-landscape",
        "MemCat landscapes",
        2000,
        0.598,
        0.133,
        (0.378, 0.424, 0.500, 0.598, 0.695, 0.776, 0.816),
        76,
    ),
]
SHARES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)


def own(name: str = "My lab", count: int = 50) -> Reference:
    cells = [(f"{value:.4f}",) for value in np.linspace(0.3, 0.9, count)]
    return own_reference(ScoreTable("lab.csv", ("hits",), tuple(cells), range(count)), 0, name)


# --- those that ship -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference_id", "name", "n", "mean", "sd", "quantiles", "percentile"),
    SHIPPED,
    ids=[s[0] for s in SHIPPED],
)
def test_a_reference_that_ships_has_the_published_numbers(
    reference_id: str,
    name: str,
    n: int,
    mean: float,
    sd: float,
    quantiles: tuple[float, ...] | None,
    percentile: int,
) -> None:
    reference = References().get(reference_id)
    assert (reference.id, reference.name, reference.n) == (reference_id, name, n)
    assert reference.mean == pytest.approx(mean, abs=5.01e-4)
    assert reference.sd == pytest.approx(sd, abs=5.01e-4)
    assert round(float(reference.percentile(0.70))) == percentile
    if quantiles is not None:
        assert [reference.quantile(share) for share in SHARES] == pytest.approx(quantiles, abs=1.01e-3)
    assert int(reference.counts.sum()) == n
    assert len(reference.quantiles) == 1001
    assert (np.diff(reference.quantiles) >= 0).all()
    told = reference.provenance
    assert {"dataset", "citation", "column", "licence", "published", "summarised", "sha256"} <= told.keys()
    assert told["column"] == "memorability"


@pytest.mark.parametrize(
    ("reference_id", "percent"),
    [
        ("lamem", 0.69),
        ("memcat", 1.7),
        ("memcat-food", 0),
        ("memcat-landscape", 8.0),
        ("memcat-animal", 0.15),
    ],
)
def test_as_many_lie_below_the_models_least_answer_as_was_found(reference_id: str, percent: float) -> None:
    assert float(References().get(reference_id).percentile(0.411)) == pytest.approx(percent, abs=0.06)


def test_the_categories_make_up_the_whole() -> None:
    references = References()
    categories = [reference for reference in references.builtin() if reference.id.startswith("memcat-")]
    assert len(categories) == 5
    total = np.sum([reference.counts for reference in categories], axis=0)
    assert total.tolist() == references.get("memcat").counts.tolist()


def test_lamem_comes_first_and_is_the_default() -> None:
    references = References()
    assert references.builtin()[0] is references.default
    assert references.default.id == load_lamem().id == "lamem"


def test_a_reference_is_read_once() -> None:
    references = References()
    assert references.get("memcat") is references.get("memcat")


def test_an_id_that_nobody_has_is_told_with_what_to_do() -> None:
    with pytest.raises(
        UnknownReferenceError, match=r"“my-lab” is not on this computer; LaMem takes its place"
    ):
        References().get("user-my-lab")


# --- a person's own ------------------------------------------------------------------------------


def test_an_own_reference_comes_back_as_it_was(tmp_path: Path) -> None:
    made = own()
    References(tmp_path / "kept").add(made)
    back = References(tmp_path / "kept").get("user-my-lab")
    assert back.as_json() == made.as_json()
    assert back.name == "My lab"
    assert back.percentile([0.3, 0.6, 0.9, 0.95]) == pytest.approx([1.0, 50.0, 99.0, 100.0])
    assert [reference.id for reference in References(tmp_path / "kept").all()][-1] == "user-my-lab"


def test_an_own_reference_that_was_removed_is_gone_for_good(tmp_path: Path) -> None:
    references = References(tmp_path)
    references.add(own())
    references.remove("user-my-lab")
    assert references.own() == []
    assert References(tmp_path).own() == []
    assert list(tmp_path.iterdir()) == []


def test_what_ships_cannot_be_removed(tmp_path: Path) -> None:
    references = References(tmp_path)
    references.remove("lamem")
    assert references.get("lamem").n == 58_741


def test_a_file_that_is_damaged_is_told_and_the_others_are_there(tmp_path: Path) -> None:
    References(tmp_path).add(own())
    (tmp_path / "user-broken.json").write_text("{", encoding="utf-8")
    fields = json.loads((tmp_path / "user-my-lab.json").read_text("utf-8"))
    (tmp_path / "user-short.json").write_text(json.dumps({**fields, "quantiles": "x"}), encoding="utf-8")
    references = References(tmp_path)
    assert [reference.id for reference in references.own()] == ["user-my-lab"]
    assert len(references.problems) == 2
    assert "user-broken.json is not a reference distribution" in references.problems[0]


@pytest.mark.parametrize(
    "changed",
    [
        {"n": "x"},
        {"n": 0},
        {"mean": None},
        {"sd": 5},
        {"name": 5},
        {"provenance": 5},
        {"quantiles": []},
        {"quantiles": [0.9, 0.1]},
        {"quantiles": [0.1, float("nan")]},
        {"quantiles": [5.0, 6.0]},
        {"counts": [1, 2]},
        {"id": "lamem"},
        {"id": "user-other"},
    ],
)
def test_a_file_whose_numbers_do_not_fit_together_is_told(tmp_path: Path, changed: dict[str, object]) -> None:
    fields = json.loads(own("My lab").as_json()) | changed
    (tmp_path / "user-my-lab.json").write_text(json.dumps(fields), encoding="utf-8")
    references = References(tmp_path)
    assert references.own() == []
    assert "user-my-lab.json" in references.problems[0]
    assert references.get("lamem").n == 58_741


def test_a_file_that_is_nested_too_deeply_is_told(tmp_path: Path) -> None:
    (tmp_path / "user-deep.json").write_text("[" * 100_000, encoding="utf-8")
    assert "user-deep.json is not a reference" in References(tmp_path).problems[0]


def test_a_folder_that_is_not_there_holds_none(tmp_path: Path) -> None:
    assert References(tmp_path / "missing").own() == []
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize(
    ("name", "reference_id"),
    [
        ("My lab", "user-my-lab"),
        ("  A/B: c_d ", "user-a-b-c-d"),
        ("Größe", "user-grösse"),
        ("写真", "user-写真"),
    ],
)
def test_ids_are_fit_for_file_names(name: str, reference_id: str) -> None:
    assert own_id(name) == reference_id


@pytest.mark.parametrize("name", ["", "  ", "…"])
def test_a_name_without_letters_is_refused(name: str) -> None:
    with pytest.raises(ReferenceNameError, match="Give the reference a name"):
        References().check_name(name)


@pytest.mark.parametrize("name", ["MY LAB", "my-lab", "LaMem", "memcat  FOOD"])
def test_a_name_that_is_taken_is_refused(name: str) -> None:
    references = References()
    references.add(own())
    with pytest.raises(ReferenceNameError, match="already"):
        references.check_name(name)


def test_a_name_too_long_is_refused_and_spaces_go() -> None:
    with pytest.raises(ReferenceNameError, match="60 characters"):
        References().check_name("x" * 61)
    assert References().check_name("  my   lab ") == "my lab"


# --- from scores ---------------------------------------------------------------------------------


def test_a_small_reference_has_exact_mid_ranks() -> None:
    scores = np.array([0.2, 0.4, 0.4, 0.9])
    reference = Reference.from_scores(scores, "Few", {})
    found = reference.percentile([0.1, 0.2, 0.4, 0.9, 0.91])
    assert found == pytest.approx([0.0, 12.5, 50.0, 87.5, 100.0])
    assert len(reference.quantiles) == 4


@pytest.mark.parametrize("scores", [[], [0.5], [0.5, 1.1], [-0.1, 0.5], [0.5, float("nan")]], ids=repr)
def test_what_is_no_distribution_is_refused(scores: list[float]) -> None:
    with pytest.raises(ValueError, match="two scores or more"):
        Reference.from_scores(scores, "None", {})


def test_scores_of_the_network_make_no_reference() -> None:
    titles = ("path", "score", "weights_sha256", "preprocessing", "hit_rate")
    rows = tuple((f"/{n}.png", f"0.{n}", "ff", "p", f"0.{n + 5}") for n in range(50, 90))
    table = ScoreTable("export.csv", titles, rows, range(2, 42))
    with pytest.raises(ScoreTableError, match="what the network predicted"):
        own_reference(table, 1, "Mine")
    assert own_reference(table, 4, "Mine").n == 40


def test_an_own_reference_says_which_file_it_was_made_of(tmp_path: Path) -> None:
    file = tmp_path / "lab.csv"
    file.write_text("image,hits\n" + "".join(f"{n}.jpg,0.{n}\n" for n in range(50, 90)), encoding="utf-8")
    provenance = own_reference(read_score_table(file), 1, "Mine").provenance
    assert provenance["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert provenance["file"] == "lab.csv"
