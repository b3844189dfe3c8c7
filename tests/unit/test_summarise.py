"""The script that makes the reference distributions."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from resmem_gui.analysis.reference import Reference
from resmem_gui.resources import resource

CATEGORIES = ("animal", "food", "landscape", "sports", "vehicle")


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A copy: the script writes beside itself."""
    copy = tmp_path / "copy" / "summarise.py"
    copy.parent.mkdir()
    shutil.copy(resource("resources/references/summarise.py"), copy)
    return copy


def run(script: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(script), *map(str, arguments)], capture_output=True, text=True, check=False
    )


def scores_folder(folder: Path, values: list[object]) -> Path:
    """Write both files: these values for LaMem, and for MemCat one tenth of the place of each category."""
    lines = ["image,memorability", *(f"img{place}.jpg,{value}" for place, value in enumerate(values))]
    (folder / "lamem_scores.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = ["image,category,subcategory,memorability,memorability_fa_corrected"]
    for place, category in enumerate(CATEGORIES):
        lines += [f"img{n}.jpg,{category},any,{place / 10 + n / 100},0.0" for n in range(10)]
    (folder / "memcat_scores.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_a_summary_holds_the_numbers_of_the_scores(script: Path, tmp_path: Path) -> None:
    values = np.random.default_rng(5).beta(8, 3, 2000).round(4)
    folder = scores_folder(tmp_path, [*values, 0.0, 1.0])
    done = run(script, folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("lamem.json: n = 2,002, mean ")

    made = Reference.from_file(script.with_name("lamem.json"))
    everything = np.array([*values, 0.0, 1.0])
    assert (made.id, made.name) == ("lamem", "LaMem")
    assert made.n == 2002
    assert made.mean == pytest.approx(everything.mean(), abs=1e-6)
    assert made.sd == pytest.approx(everything.std(ddof=1), abs=1e-6)
    assert made.counts.sum() == 2002
    assert made.quantiles[[0, 500, 1000]] == pytest.approx([0.0, np.median(everything), 1.0], abs=1e-6)
    assert made.provenance["file"] == "lamem_scores.csv"
    content = (folder / "lamem_scores.csv").read_bytes()
    assert made.provenance["sha256"] == hashlib.sha256(content).hexdigest()


def test_each_category_has_a_summary_of_its_own_plain_hit_rates(script: Path, tmp_path: Path) -> None:
    run(script, scores_folder(tmp_path, [0.5, 0.6]))
    for place, category in enumerate(CATEGORIES):
        made = Reference.from_file(script.with_name(f"memcat-{category}.json"))
        assert (made.id, made.n) == (f"memcat-{category}", 10)
        assert made.mean == pytest.approx(place / 10 + 0.045)
        assert made.provenance["source"] == f"MemCat, category {category}"
        assert made.provenance["column"] == "memorability"
    assert Reference.from_file(script.with_name("memcat.json")).n == 50


def test_summaries_have_the_fields_of_those_that_ship(script: Path, tmp_path: Path) -> None:
    run(script, scores_folder(tmp_path, [0.5, 0.6]), "--date", "2026-01-02")
    for shipped in resource("resources/references").glob("*.json"):
        made = json.loads(script.with_name(shipped.name).read_text("utf-8"))
        expected = json.loads(shipped.read_text("utf-8"))
        assert list(made) == list(expected)
        assert made["provenance"].keys() == expected["provenance"].keys()
        assert made["provenance"]["summarised"] == "2026-01-02"
        assert len(made["counts"]) == len(expected["counts"])


@pytest.mark.parametrize("values", [[], [0.5, 1.2], [0.5, -0.1], [0.5, "nan"], [0.5, "inf"], ["x"]], ids=repr)
def test_wrong_values_are_refused_and_nothing_is_written(
    script: Path, tmp_path: Path, values: list[object]
) -> None:
    done = run(script, scores_folder(tmp_path, values))
    assert done.returncode == 2
    assert "must hold scores from 0 to 1 in the column memorability" in done.stderr
    assert not list(script.parent.glob("*.json"))


def test_a_folder_without_the_files_is_refused(script: Path, tmp_path: Path) -> None:
    done = run(script, tmp_path)
    assert done.returncode == 2
    assert "lamem_scores.csv" in done.stderr
