"""What goes into a paper's supplement: tables, lists, reports, figures; read and checked by other means."""

import csv
import json
import re
import subprocess
from pathlib import Path
from typing import Any, Final

import numpy as np
import openpyxl
import pyarrow.parquet
import pytest
from scipy import stats

from tests.e2e.evening import SavedSession, sha256
from tests.e2e.study import ANIMATION, BROKEN, COPIED, COPY, FORMULA, PANORAMA, SMALL, Desk

#: What a table or a run record holds of one image or of everything.
Fields = dict[str, Any]

REFERENCE: Final = "memcat-landscape"
_REFERENCE_NAME: Final = "MemCat landscapes"
#: A score has six decimals in files.
ROUNDING: Final = 1e-6
IN_LIST: Final = 8
TITLE: Final = "Pilot <1> & more"

# Tables


def read_table(path: Path) -> tuple[dict[Path, Fields], Fields]:
    """Return the rows of a table by the paths of the images, and the run record."""
    read = {".csv": _read_csv, ".xlsx": _read_xlsx, ".json": _read_json, ".parquet": _read_parquet}
    rows, run = read[path.suffix](path)
    return {Path(row["path"]): row for row in rows}, run


def _read_csv(path: Path) -> tuple[list[Fields], Fields]:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [{name: cell or None for name, cell in row.items()} for row in csv.DictReader(stream)]
    run = json.loads(path.with_suffix(".run.json").read_text(encoding="utf-8"))["run"]
    return [row | {"score": _number(row["score"]), "rank": _number(row["rank"])} for row in rows], run


def _read_xlsx(path: Path) -> tuple[list[Fields], Fields]:
    book = openpyxl.load_workbook(path)
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row), "there are formulas"
    header, *rows = book["Scores"].iter_rows(values_only=True)
    _, *record = book["Run record"].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows], _nested(dict(record))


def _nested(flat: Fields) -> Fields:
    """Return lists and objects again, as far as they are looked at here: `references.1.id`."""
    first = {"references": "references.1.", "scores_made_by": "scores_made_by.1.", "counts": "counts."}
    found = {
        name: {key.removeprefix(start): value for key, value in flat.items() if key.startswith(start)}
        for name, start in first.items()
    }
    return {
        "references": [found["references"]],
        "scores_made_by": [found["scores_made_by"]],
        "counts": found["counts"],
    }


def _read_json(path: Path) -> tuple[list[Fields], Fields]:
    content = json.loads(path.read_text(encoding="utf-8"))
    return content["images"], content["run"]


def _read_parquet(path: Path) -> tuple[list[Fields], Fields]:
    table = pyarrow.parquet.read_table(path)
    return table.to_pylist(), json.loads(table.schema.metadata[b"resmem_gui.run"])


def _number(cell: str | None) -> float | None:
    return float(cell) if cell else None


def plain(row: Fields) -> Fields:
    """Return what a row says, whatever the format: CSV has texts for numbers."""
    texts = {"yes": True, "no": False}
    numbers = ("percentile", "sensitivity_low", "sensitivity_high", "width", "height")
    plainly = {name: texts.get(cell, cell) if isinstance(cell, str) else cell for name, cell in row.items()}
    named = {"file": str(row["file"]).removeprefix("'"), "rating": None, "pick": None}
    return plainly | {name: float(row[name]) for name in numbers} | named


# What was written


def check_table(desk: Desk, table: dict[Path, Fields], run: Fields) -> None:
    assert set(table) == set(desk.files)
    broken = table[desk.stimuli / BROKEN]
    assert (broken["status"], broken["score"]) == ("failed", None)
    assert broken["error"] == "The file is cut off: part of the image is missing."
    scored = [row for path, row in table.items() if path != desk.stimuli / BROKEN]
    assert {row["reference"] for row in scored} == {_REFERENCE_NAME}
    ranks = stats.rankdata([-row["score"] if not row["at_floor"] else 0 for row in scored])
    assert [row["rank"] for row in scored] == ranks.tolist()
    cautions = {path: set((row["cautions"] or "").split(";")) for path, row in table.items()}
    for place, caution in ((PANORAMA, "aspect"), (SMALL, "small"), (ANIMATION, "animation")):
        assert caution in cautions[desk.stimuli / place]
    assert "face" in cautions[desk.stimuli / "objects/astronaut-face.jpg"]
    for place in (COPIED, COPY):
        assert "near-duplicate" in cautions[desk.stimuli / place]
    assert cautions[desk.stimuli / "objects/cat.jpg"] == {"none"}
    assert table[desk.stimuli / FORMULA]["file"] == Path(FORMULA).name
    assert run["counts"]["scored"] == len(scored)
    assert run["references"][0]["id"] == REFERENCE


def check_session(last: SavedSession, table: dict[Path, Fields]) -> None:
    scores = last.values("score")
    assert scores == pytest.approx(scores_of(table), abs=ROUNDING)


def scores_of(table: dict[Path, Fields]) -> dict[Path, float]:
    return {path: row["score"] for path, row in table.items() if row["score"] is not None}


def check_lists(desk: Desk, table: dict[Path, Fields]) -> None:
    with desk.path("conditions.csv").open(encoding="utf-8", newline="") as stream:
        conditions = list(csv.DictReader(stream))
    assert all(name.isidentifier() for name in conditions[0]), "PsychoPy makes variables of the titles"
    assert sorted(row["list_name"] for row in conditions) == ["A"] * IN_LIST + ["B"] * IN_LIST
    assert len({row["image_file"] for row in conditions}) == len(conditions), "no image is in two lists"
    for row in conditions:
        image = desk.home / row["image_file"]
        assert sha256(image) == row["sha256"]
        assert float(row["memorability"]) == pytest.approx(table[image]["score"], abs=ROUNDING)
        assert row["reference"] == _REFERENCE_NAME
    script = desk.path("stimuli.js").read_text(encoding="utf-8")
    stimuli = json.loads(re.sub(r"^//.*$", "", script, flags=re.MULTILINE).split("=", 1)[1].rstrip(";\n"))
    assert [{name: str(value) for name, value in each.items()} for each in stimuli] == conditions
    notes = json.loads(desk.path("conditions.lists.json").read_text(encoding="utf-8"))
    lists = [[float(row["memorability"]) for row in conditions if row["list_name"] == name] for name in "AB"]
    for name, scores in zip("AB", lists, strict=True):
        assert notes["summaries"][name]["mean"] == pytest.approx(np.mean(scores), abs=ROUNDING)
        assert notes["summaries"][name]["sd"] == pytest.approx(np.std(scores, ddof=1), abs=1e-5)


def check_report(desk: Desk, table: dict[Path, Fields], run: Fields) -> None:
    page = desk.path("report.html").read_text(encoding="utf-8")
    as_text = ["pdftotext", "-layout", str(desk.path("report.pdf")), "-"]
    paper = subprocess.run(as_text, capture_output=True, text=True, timeout=60, check=True).stdout
    assert "Pilot &lt;1&gt; &amp; more" in page
    assert TITLE in paper
    weights = run["scores_made_by"][0]["weights_sha256"]
    for text in (page, paper):
        flat = re.sub(r"\s+", "", text)
        assert weights in flat, "the run record says which weights"
        assert REFERENCE in flat
        assert Path(FORMULA).name in flat
        for score in scores_of(table).values():
            assert f"{score:.3f}" in flat
    assert page.count("data:image/jpeg;base64,") >= 12
    assert not re.search(r"<script|(src|href)=.?https?://[^>]*\.(js|css|png)", page)


def check_figures(evaluation: Fields, predicted: "np.ndarray[Any, Any]", measured: Any) -> None:
    """Compute everything again by SciPy and NumPy, from what the files hold."""
    line = stats.linregress(predicted, measured)
    expected = {
        "spearman": stats.spearmanr(predicted, measured).statistic,
        "pearson": stats.pearsonr(predicted, measured).statistic,
        "mae": np.abs(predicted - measured).mean(),
        "mse": ((predicted - measured) ** 2).mean(),
        "bias": (predicted - measured).mean(),
        "slope": line.slope,
        "intercept": line.intercept,
        "sd_ratio": predicted.std(ddof=1) / measured.std(ddof=1),
    }
    figures = evaluation["figures"]
    assert {key: figure["value"] for key, figure in figures.items()} == pytest.approx(expected, abs=1e-5)
    assert evaluation["ks_distance"] == pytest.approx(stats.ks_2samp(predicted, measured).statistic)
    interval = stats.bootstrap(
        (predicted, measured),
        lambda x, y: stats.spearmanr(x, y).statistic,
        paired=True,
        vectorized=False,
        method="percentile",
        n_resamples=1000,
        rng=np.random.default_rng(1),
    ).confidence_interval
    told = figures["spearman"]
    assert (told["low"], told["high"]) == pytest.approx((interval.low, interval.high), abs=0.06)
