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


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A copy: the script writes beside itself."""
    copy = tmp_path / "copy" / "summarise.py"
    copy.parent.mkdir()
    shutil.copy(resource("resources/references/summarise.py"), copy)
    return copy


def run(script: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(script), *arguments], capture_output=True, text=True, check=False
    )


def scores_file(folder: Path, values: list[object]) -> Path:
    file = folder / "scores.csv"
    lines = ["image,memorability", *(f"img{place}.jpg,{value}" for place, value in enumerate(values))]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_a_summary_holds_the_numbers_of_the_scores(script: Path, tmp_path: Path) -> None:
    values = np.random.default_rng(5).beta(8, 3, 500).round(4)
    file = scores_file(tmp_path, [*values, 0.0, 1.0])
    done = run(script, "lamem", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("lamem.json: n = 502, mean ")

    made = Reference.from_file(script.with_name("lamem.json"))
    everything = np.array([*values, 0.0, 1.0])
    assert made.name == "LaMem"
    assert made.n == 502
    assert made.mean == pytest.approx(everything.mean(), abs=1e-6)
    assert made.sd == pytest.approx(everything.std(ddof=1), abs=1e-6)
    assert made.counts.sum() == 502
    assert made.quantiles[[0, 500, 1000]] == pytest.approx([0.0, np.median(everything), 1.0], abs=1e-6)
    assert made.provenance["file"] == "scores.csv"
    assert made.provenance["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_summary_has_the_fields_of_the_one_that_ships(script: Path, tmp_path: Path) -> None:
    run(script, "lamem", str(scores_file(tmp_path, [0.5, 0.6])))
    made = json.loads(script.with_name("lamem.json").read_text("utf-8"))
    shipped = json.loads(resource("resources/references/lamem.json").read_text("utf-8"))
    assert list(made) == list(shipped)
    assert made["provenance"].keys() == shipped["provenance"].keys()
    assert len(made["counts"]) == len(shipped["counts"])


@pytest.mark.parametrize("values", [[], [0.5, 1.2], [0.5, -0.1], [0.5, "nan"], [0.5, "inf"]], ids=repr)
def test_wrong_values_are_refused_and_nothing_is_written(
    script: Path, tmp_path: Path, values: list[object]
) -> None:
    done = run(script, "lamem", str(scores_file(tmp_path, values)))
    assert done.returncode == 2
    assert "must hold scores from 0 to 1 in the column memorability" in done.stderr
    assert not script.with_name("lamem.json").exists()


def test_an_unknown_reference_is_refused(script: Path, tmp_path: Path) -> None:
    done = run(script, "other", str(scores_file(tmp_path, [0.5])))
    assert done.returncode == 2
    assert "invalid choice" in done.stderr
