"""The command `resmem-gui evaluate`, with a stand-in for the network, and what it writes."""

import csv
import hashlib
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from scipy import stats

from resmem_gui import cli, terminal
from resmem_gui.analysis.reference import load_lamem
from resmem_gui.export.evaluation import Comparison, Predictions, compare, needs_hashes
from resmem_gui.export.evaluation_texts import figures_csv, report
from resmem_gui.library.ground_truth import Columns, ground_truth, read_table
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.scoring.scorer import ScorerError
from tests.unit.fakes import FakeScorer

GreyFile = Callable[[str, int], str]
Capture = pytest.CaptureFixture[str]
GREYS = (102, 128, 153, 179, 204)
PEOPLE = (0.30, 0.55, 0.60, 0.85, 0.80)


@pytest.fixture(autouse=True)
def scorer(monkeypatch: pytest.MonkeyPatch) -> FakeScorer:
    fake = FakeScorer()
    monkeypatch.setattr(terminal, "create_scorer", lambda: fake)
    return fake


@pytest.fixture(autouse=True)
def store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path_factory.mktemp("data") / "scores.sqlite"
    monkeypatch.setattr(cli, "default_store_path", lambda: path)
    return path


@pytest.fixture
def images(tmp_path: Path, grey_file: GreyFile) -> Path:
    for number, grey in enumerate(GREYS):
        grey_file(f"photos/{number}.png", grey)
    return tmp_path / "photos"


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    rows = "".join(f"{number}.png,{score},sea\n" for number, score in enumerate(PEOPLE))
    file.write_text(f"image,memorability,category\n{rows}")
    return file


def run(*words: object) -> int:
    return cli.main(["evaluate", *map(str, words), "--quiet"])


def test_the_report_has_what_a_person_wants(images: Path, truth: Path, capsys: Capture) -> None:
    assert run(images, "--truth", truth) == 0
    out, err = capsys.readouterr()
    rho = stats.spearmanr([grey / 255 for grey in GREYS], PEOPLE).statistic
    assert f"Spearman’s rho = {rho:.3f}" in out
    assert "5 matched (5 by file name)" in out
    assert "Columns: images “image”, scores “memorability”, categories “category”." in out
    assert "Only 5 images" in out
    assert "sea" in out
    assert "4.png" in out
    assert err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_standard_output_is_a_sentence(
    images: Path, truth: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout", open("/dev/full", "w", encoding="ascii"))  # noqa: SIM115 - closed there
    assert run(images, "--truth", truth) == 2
    assert "Standard output could not be written: No space left" in capsys.readouterr().err


def test_json_is_complete(images: Path, truth: Path, grey_file: GreyFile, capsys: Capture) -> None:
    extra = grey_file("photos/extra.png", 99)
    with truth.open("a") as file:
        file.write("gone.png,0.5,sea\nbad.png,high,sea\n")
    assert run(images, "--truth", truth, "--json", "--seed", 7) == 1
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["evaluation"]["n"] == 5
    assert found["evaluation"]["intervals"]["seed"] == 7
    assert found["matching"]["rows_without_image"] == [{"line": 7, "key": "gone.png"}]
    assert found["matching"]["images_without_row"] == [extra]
    assert found["matching"]["ambiguous"] == []
    assert found["truth"]["left_out"][0]["line"] == 8
    assert found["truth"]["sha256"] == hashlib.sha256(truth.read_bytes()).hexdigest()
    assert [pair["predicted"] for pair in found["pairs"]] == [round(grey / 255, 6) for grey in GREYS]
    assert [pair["measured"] for pair in found["pairs"]] == list(PEOPLE)
    assert found["run"]["counts"]["scored"] == 6
    assert found["caveats"]


def test_columns_are_named_on_the_command_line(images: Path, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "own.tsv"
    rows = "".join(f"x\t{score}\t{number}.png\n" for number, score in enumerate(PEOPLE))
    file.write_text(f"note\tfa_corrected\twhich\n{rows}")
    call = (images, "--truth", file, "--key", "which", "--score", "fa_corrected", "--source", "memcat")
    assert run(*call) == 0
    out = capsys.readouterr().out
    assert "false alarms" in out
    assert "trained on MemCat" in out


def test_a_wrong_table_is_told_before_anything_is_scored(
    images: Path, truth: Path, tmp_path: Path, scorer: FakeScorer, capsys: Capture
) -> None:
    assert run(images, "--truth", tmp_path / "none.csv") == terminal.EXIT_WRONG_CALL
    assert run(images, "--truth", truth, "--score", "rating") == terminal.EXIT_WRONG_CALL
    err = capsys.readouterr().err
    assert "could not be read" in err
    assert "no column “rating”" in err
    assert scorer.batches == []


def test_columns_that_cannot_be_told_are_asked_for(images: Path, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "t.csv"
    file.write_text("a,b\nx,y\nz,w\n")
    assert run(images, "--truth", file) == terminal.EXIT_WRONG_CALL
    assert "--key and --score; there are: a, b" in capsys.readouterr().err


def test_too_few_matches_are_told(images: Path, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "t.csv"
    file.write_text("image,memorability\nq.png,0.5\nr.png,0.6\n0.png,0.7\n")
    assert run(images, "--truth", file) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "At least 3 images" in err
    assert "2 rows have no image here" in err


def test_names_that_stand_in_two_folders_are_told_with_what_to_do(
    tmp_path: Path, capsys: Capture, scorer: FakeScorer
) -> None:
    for number, folder in enumerate(("left", "right")):
        (tmp_path / folder).mkdir()
        for grey in (10, 20, 30):
            Image.new("RGB", (8, 8), (grey, grey, number)).save(tmp_path / folder / f"{grey}.png")
    file = tmp_path / "t.csv"
    file.write_text("image,memorability\n10.png,0.5\n20.png,0.6\n30.png,0.7\n")
    assert run(tmp_path, "--truth", file) == 1
    assert "The same names stand in several folders: name one folder" in capsys.readouterr().err


def test_no_images_and_no_network_are_told(
    images: Path, truth: Path, tmp_path: Path, scorer: FakeScorer, capsys: Capture
) -> None:
    (tmp_path / "empty").mkdir()
    assert run(tmp_path / "empty", "--truth", truth) == terminal.EXIT_SOME_FAILED
    scorer.load_errors["auto"] = ScorerError("the weights are gone.")
    assert run(images, "--truth", truth) == terminal.EXIT_WRONG_CALL
    assert "the weights are gone" in capsys.readouterr().err


def test_an_interruption_is_told(images: Path, truth: Path, scorer: FakeScorer) -> None:
    def interrupt(batch: object) -> None:
        raise KeyboardInterrupt

    scorer.answer = interrupt
    assert run(images, "--truth", truth) == terminal.EXIT_INTERRUPTED


def test_a_broken_image_is_listed_without_a_score(images: Path, truth: Path, capsys: Capture) -> None:
    (images / "2.png").write_bytes(b"nothing")
    assert run(images, "--truth", truth) == 1
    assert "Matched, but without a score (1):" in capsys.readouterr().out


def test_an_image_whose_row_cannot_be_used_is_not_said_to_be_in_no_table(
    images: Path, truth: Path, capsys: Capture
) -> None:
    run(images, "--truth", truth)
    assert "in the table" not in capsys.readouterr().out
    truth.write_text(truth.read_text().replace(f"2.png,{PEOPLE[2]}", "2.png,n/a"))
    assert run(images, "--truth", truth) == 1
    out = capsys.readouterr().out
    assert " 1 image has no usable row in the table.\n" in out
    assert "Images without a usable row (1):\n" in out
    assert "Rows that cannot be used (1):\n  line 4: It has no score.\n" in out
    assert "not in the table" not in out


def test_a_wrong_seed_is_refused(images: Path, truth: Path) -> None:
    with pytest.raises(SystemExit):
        run(images, "--truth", truth, "--seed", "-1")


# --- without the command -------------------------------------------------------------------------


def made(tmp_path: Path, names: list[str], category: str = "c") -> Comparison:
    library = Library()
    for image_id in library.add([f"/photos/{name}" for name in names]):
        _score(library, image_id, 0.5 + 0.04 * image_id)
    file = tmp_path / "t.csv"
    with file.open("w", newline="", encoding="utf-8", errors="surrogateescape") as stream:
        writer = csv.writer(stream)
        writer.writerow(["image", "memorability", "category"])
        writer.writerows([name, 0.4 + 0.04 * place, category] for place, name in enumerate(names))
    truth = ground_truth(read_table(str(file)), Columns("image", "memorability", "category"))
    predictions = Predictions.of(library, hashes=needs_hashes(truth.keys))
    return compare(truth, predictions, load_lamem())


def _score(library: Library, image_id: int, score: float) -> None:
    made_by = Provenance("Fake 1.0", "f" * 64, "test", "cpu")
    library.set_scored(image_id, score, (10, 10), f"{image_id:064x}", made_by)


def test_the_table_of_figures_reads_back(tmp_path: Path) -> None:
    comparison = made(tmp_path, [f"{number}.jpg" for number in range(12)], category="=SUM(A1)")
    rows = list(csv.DictReader(io.StringIO(figures_csv(comparison))))
    by_name = {(row["group"], row["figure"]): row for row in rows}
    assert float(by_name["all", "spearman"]["value"]) == pytest.approx(1.0)
    assert float(by_name["all", "bias"]["value"]) == pytest.approx(0.1, abs=1e-6)
    assert by_name["all", "ks_distance"]["ci_low"] == ""
    assert "'=SUM(A1)" in {row["group"] for row in rows}  # no formula in a spreadsheet


def test_odd_names_break_neither_terminal_nor_json(tmp_path: Path) -> None:
    names = ["\x1b[31mred.jpg", "ünï.jpg", "plain.jpg"]
    if os.name == "posix":
        names.append(os.fsdecode(b"z\xff.jpg"))
    library = Library()
    for image_id in library.add([f"/photos/{name}" for name in [*names, "a.jpg", "b.jpg", "c.jpg"]]):
        _score(library, image_id, 0.5)
    file = tmp_path / "t.csv"
    file.write_text("image,memorability\na.jpg,0.5\nb.jpg,0.6\nc.jpg,0.7\n\x1b[2Jgone.jpg,0.7\n")
    truth = ground_truth(read_table(str(file)), Columns("image", "memorability"))
    comparison = compare(truth, Predictions.of(library, hashes=False), load_lamem())
    text = report(comparison)
    assert "\x1b" not in text
    text.encode()
    assert json.loads(comparison.json_text())["matching"]["images_without_row"][2] == "/photos/plain.jpg"
    comparison.json_text().encode()


def test_images_are_found_by_hash(tmp_path: Path) -> None:
    library = Library()
    for image_id in library.add(["/p/a.jpg", "/p/b.jpg", "/p/c.jpg"]):
        _score(library, image_id, 0.5 + 0.1 * image_id)
    file = tmp_path / "t.csv"
    file.write_text("sha256,score\n" + "".join(f"{number:064X},0.{number + 4}\n" for number in range(3)))
    truth = ground_truth(read_table(str(file)), Columns("sha256", "score"))
    assert needs_hashes(truth.keys)
    comparison = compare(truth, Predictions.of(library, hashes=True), load_lamem())
    assert comparison.image_ids.tolist() == [0, 1, 2]


def test_the_same_scores_give_the_same_bytes(tmp_path: Path) -> None:
    names = [f"{number}.jpg" for number in range(12)]
    assert made(tmp_path, names).json_text() == made(tmp_path, names).json_text()
