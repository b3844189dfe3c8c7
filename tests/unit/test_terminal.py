"""The command `resmem-gui score`, with a stand-in for the network."""

import csv
import errno
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from resmem_gui import cli, score_memory, terminal
from resmem_gui.analysis.references import References
from resmem_gui.export.columns import COLUMNS
from resmem_gui.export.delimited import sidecar_of
from resmem_gui.export.reading import read_table
from resmem_gui.export.saving import FORMATS
from resmem_gui.images.discovery import Discovery
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring.framings import TEN_CROP
from resmem_gui.scoring.preprocessing import Preprocessing, network_input
from resmem_gui.scoring.scorer import DeviceLostError, ScorerError
from resmem_gui.traits import Traits
from tests.unit.fakes import FakeScorer

GreyFile = Callable[[str, int], str]
Capture = pytest.CaptureFixture[str]

#: Cautions that pictures of random colours have for certain, or certainly not.
WORDS = {"small", "aspect", "animation", "near-duplicate", "none"}


@pytest.fixture(autouse=True)
def scorer(monkeypatch: pytest.MonkeyPatch) -> FakeScorer:
    """The scorer of the command, not yet told how to treat images."""
    fake = FakeScorer()
    monkeypatch.setattr(terminal, "create_scorer", lambda: fake)
    return fake


@pytest.fixture(autouse=True)
def quick_traits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare most tests the detectors, which take a while to load in each decoding thread."""
    if "real_traits" not in request.fixturenames:
        plain = Traits(faces=0, face_share=0.0, text_share=0.0, graphic=0.0, frames=1, fingerprint=b"")
        monkeypatch.setattr(terminal, "traits_of", lambda pixels, frames: plain)


@pytest.fixture
def real_traits() -> None:
    """Let a test look at pixels as people's images are looked at."""


@pytest.fixture(autouse=True)
def store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command keeps its scores, empty at the beginning of each test."""
    path = tmp_path_factory.mktemp("data") / "scores.sqlite"
    monkeypatch.setattr(cli, "default_store_path", lambda: path)
    return path


def score(*words: object) -> int:
    return cli.main(["score", *map(str, words)])


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def said(capture: Capture) -> list[str]:
    """Return the sentences on standard error, and make sure that nothing was written elsewhere."""
    out, err = capture.readouterr()
    assert out == ""
    return [line.removeprefix("resmem-gui: ") for line in err.splitlines() if line.startswith("resmem-gui:")]


# --- what it writes ------------------------------------------------------------------------------


def test_the_table_goes_to_standard_output(tmp_path: Path, grey_file: GreyFile, capsys: Capture) -> None:
    paths = [grey_file("a.png", 153), grey_file("b.png", 204), grey_file("sub/c.png", 102)]
    assert score(tmp_path, "--quiet") == terminal.EXIT_ALL_SCORED
    out, err = capsys.readouterr()
    read = table(out)
    assert list(read[0]) == list(COLUMNS)
    assert [row["path"] for row in read] == paths
    assert [row["score"] for row in read] == ["0.600000", "0.800000", "0.400000"]
    assert [row["rank"] for row in read] == ["2", "1", "3"]
    assert [row["at_floor"] for row in read] == ["no", "no", "yes"]
    assert {row["reference"] for row in read} == {"LaMem"}
    assert {row["scorer"] for row in read} == {"Fake 1.0"}
    assert err == ""


def test_the_table_goes_to_a_file(tmp_path: Path, grey_file: GreyFile, capsys: Capture) -> None:
    path = grey_file("in/a.png", 153)
    output = tmp_path / "scores.csv"
    assert score(path, "-o", output, "-q") == 0
    assert [row["path"] for row in table(output.read_text("utf-8"))] == [path]
    assert said(capsys) == []


def test_standard_output_is_utf_8_with_its_own_line_ends(
    tmp_path: Path, awkward_names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in awkward_names:
        Image.new("L", (4, 4), 200).save(tmp_path / "x", format="PNG")
        (tmp_path / "x").rename(tmp_path / name)
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii", errors="strict"))
    assert score(tmp_path, "-q") == 0
    content = raw.getvalue()
    assert content.startswith(b"path,file,score")
    for name in awkward_names:
        assert os.fsencode(name).replace(b'"', b'""') in content
    assert content.count(b"\r\n") == 1 + len(awkward_names)


def test_relative_paths_become_absolute(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = grey_file("a.png", 153)
    monkeypatch.chdir(tmp_path)
    assert score("a.png", "-q") == 0
    assert [row["path"] for row in table(capsys.readouterr().out)] == [path]


def test_an_image_named_twice_has_one_row(grey_file: GreyFile, tmp_path: Path, capsys: Capture) -> None:
    assert score(grey_file("a.png", 153), tmp_path, "-q") == 0
    assert len(table(capsys.readouterr().out)) == 1


# --- options -------------------------------------------------------------------------------------


def test_subfolders_can_be_left_out(tmp_path: Path, grey_file: GreyFile, capsys: Capture) -> None:
    top = grey_file("top.png", 153)
    grey_file("sub/inner.png", 153)
    assert score(tmp_path, "--no-recursive", "-q") == 0
    assert [row["path"] for row in table(capsys.readouterr().out)] == [top]


@pytest.mark.parametrize(
    ("words", "recipe", "size"),
    [
        ([], Preprocessing(), ("48", "64")),
        (["--as-stored"], Preprocessing(upright=False), ("64", "48")),
        (["--fast-decoding"], Preprocessing(fast_decoding=True), ("48", "64")),
    ],
)
def test_images_are_prepared_as_told_and_the_table_says_how(
    tmp_path: Path,
    picture: Image.Image,
    capsys: Capture,
    words: list[str],
    recipe: Preprocessing,
    size: tuple[str, str],
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(tmp_path / "turned.jpg", exif=exif)
    assert score(tmp_path, "-q", *words) == 0
    (row,) = table(capsys.readouterr().out)
    assert (row["width"], row["height"]) == size
    assert row["preprocessing"] == recipe.id


def test_device_and_batch_size_are_passed_on(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, scorer: FakeScorer
) -> None:
    for number in range(5):
        grey_file(f"{number}.png", 153)
    assert score(tmp_path, "--device", "cuda", "--batch-size", "2", "-q") == 0
    assert scorer.loaded_on == "cuda"
    assert max(scorer.batches) <= 2
    assert len(table(capsys.readouterr().out)) == 5


def test_after_a_lost_gpu_the_rest_is_scored_on_the_cpu_and_the_table_says_so(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, scorer: FakeScorer
) -> None:
    for number in range(5):
        grey_file(f"{number}.png", 153)

    def answer(batch: NDArray[np.uint8]) -> None:
        if scorer.device == "cuda" and len(scorer.batches) == 2:
            raise DeviceLostError("CUDA error: unspecified launch failure")

    scorer.answer = answer
    assert score(tmp_path, "--device", "cuda", "--batch-size", "2", "-q") == 0
    out, err = capsys.readouterr()
    rows = table(out)
    assert sorted(row["device"] for row in rows) == ["cpu", "cpu", "cpu", "cuda", "cuda"]
    assert {row["score"] for row in rows} == {rows[0]["score"]}
    assert "Scoring goes on with the CPU, more slowly; no image is lost." in err


def test_a_lost_gpu_and_no_cpu_to_go_on_with_lose_no_score(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, scorer: FakeScorer
) -> None:
    for number in range(5):
        grey_file(f"{number}.png", 153)

    def answer(batch: NDArray[np.uint8]) -> None:
        if len(scorer.batches) == 2:
            raise DeviceLostError("CUDA error: unspecified launch failure")

    scorer.answer = answer
    scorer.load_errors["cpu"] = MemoryError("not for half a gigabyte")
    assert score(tmp_path, "--device", "cuda", "--batch-size", "2", "-q") == 1
    out, err = capsys.readouterr()
    rows = table(out)
    assert [row["status"] for row in rows].count("scored") == 2
    reason = "Fake 1.0 could not be loaded: not for half a gigabyte"
    assert [row["error"] for row in rows if row["status"] == "failed"] == [reason] * 3
    assert reason in err


def test_a_gpu_that_does_not_work_is_told_and_the_cpu_scores(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, scorer: FakeScorer
) -> None:
    grey_file("photo.png", 153)
    scorer.device_label = "an old GPU"
    scorer.load_errors["auto"] = DeviceLostError("no kernel image is available")
    assert score(tmp_path, "-q") == 0
    out, err = capsys.readouterr()
    assert [row["device"] for row in table(out)] == ["cpu"]
    assert "The GPU (an old GPU) failed. Scoring goes on with the CPU" in err


def test_a_scorer_that_cannot_be_loaded_is_a_sentence(
    grey_file: GreyFile, capsys: Capture, scorer: FakeScorer
) -> None:
    scorer.load_errors["auto"] = OSError("libtorch_cpu.so: cannot open shared object file")
    assert score(grey_file("photo.png", 153), "-q") == 2
    assert any(line.startswith("Fake 1.0 could not be loaded: libtorch_cpu.so") for line in said(capsys))


def test_progress_goes_to_standard_error(grey_file: GreyFile, capsys: Capture) -> None:
    assert score(grey_file("photo.png", 153)) == 0
    out, err = capsys.readouterr()
    assert len(table(out)) == 1
    assert "a fake CPU" in err
    assert "1/1" in err


def test_quiet_means_no_progress(grey_file: GreyFile, capsys: Capture) -> None:
    assert score(grey_file("photo.png", 153), "--quiet") == 0
    assert capsys.readouterr().err == ""


# --- wrong calls ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "required: PATH"),
        (["x", "--device", "tpu"], "invalid choice: 'tpu'"),
        (["x", "--batch-size", "0"], "must be a whole number, 1 or more"),
        (["x", "--batch-size", "-3"], "must be a whole number, 1 or more"),
        (["x", "--batch-size", "many"], "must be a whole number, 1 or more"),
        (["x", "--unknown"], "unrecognized arguments"),
        (["x", "--sensitivity", "wobble"], "invalid choice: 'wobble'"),
    ],
)
def test_a_wrong_call_exits_with_2(capsys: Capture, words: list[str], complaint: str) -> None:
    with pytest.raises(SystemExit) as ended:
        score(*words)
    assert ended.value.code == terminal.EXIT_WRONG_CALL
    assert complaint in capsys.readouterr().err


def test_help_describes_the_columns_and_the_exit_status(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        score("--help")
    assert ended.value.code == 0
    text = capsys.readouterr().out
    documented = re.search(r"with these columns: (.*?)\.", text, re.DOTALL)
    assert documented is not None
    assert tuple(documented[1].replace("\n", " ").split(", ")) == COLUMNS
    assert "130" in text


def test_a_missing_output_folder_is_told_before_anything_is_scored(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, scorer: FakeScorer
) -> None:
    output = tmp_path / "missing" / "scores.csv"
    assert score(grey_file("a.png", 153), "-o", output) == terminal.EXIT_WRONG_CALL
    assert said(capsys) == [f"The folder of {output} does not exist. Make it first, or name another file."]
    assert scorer.batches == []


@pytest.mark.parametrize("name", ["folder", ".", "", "folder/.."])
def test_a_folder_as_output_is_told_before_anything_is_scored(
    tmp_path: Path,
    grey_file: GreyFile,
    capsys: Capture,
    scorer: FakeScorer,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    path = grey_file("folder/a.png", 153)
    monkeypatch.chdir(tmp_path)
    assert score(path, "-o", name) == terminal.EXIT_WRONG_CALL
    assert said(capsys) == [f"{Path(name)} is a folder. Name a file inside it."]
    assert scorer.batches == []


def test_a_scorer_that_cannot_be_loaded_is_told_in_its_own_words(
    grey_file: GreyFile, capsys: Capture, scorer: FakeScorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(device: str) -> None:
        raise ScorerError("The weights are missing. Install them.")

    monkeypatch.setattr(scorer, "load", load)
    assert score(grey_file("a.png", 153)) == terminal.EXIT_WRONG_CALL
    assert said(capsys) == ["The weights are missing. Install them."]


def test_no_images_found_says_how_many_files_were_looked_at(
    tmp_path: Path, capsys: Capture, scorer: FakeScorer
) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text("no image")
    assert score(tmp_path) == terminal.EXIT_SOME_FAILED
    assert said(capsys) == ["No images were found among 3 files. Name images, or folders that hold some."]
    assert scorer.loaded_on == ""


def test_a_folder_that_cannot_be_read_is_told(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scandir(folder: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("resmem_gui.images.discovery.os.scandir", scandir)
    assert score(tmp_path) == terminal.EXIT_SOME_FAILED
    assert said(capsys) == [
        f"{tmp_path}: This folder could not be read: Permission denied.",
        "No images were found among 0 files. Name images, or folders that hold some.",
    ]


@pytest.mark.parametrize("name", ["scores", "scores.txt", "scores.xls"])
def test_an_ending_that_names_no_format_is_told_before_anything_is_scored(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, scorer: FakeScorer, name: str
) -> None:
    assert score(grey_file("a.png", 153), "-o", tmp_path / name) == terminal.EXIT_WRONG_CALL
    (sentence,) = said(capsys)
    assert sentence.startswith(f"{name} does not end with one of .csv, .xlsx, .json, .parquet.")
    assert scorer.batches == []


# --- formats, references -------------------------------------------------------------------------


@pytest.mark.parametrize("ending", FORMATS)
def test_the_ending_names_the_format_and_the_run_record_is_with_it(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, ending: str
) -> None:
    paths = [grey_file("in/a.png", 153), grey_file("in/b.png", 102)]
    (tmp_path / "in" / "c.png").write_bytes(b"")
    output = tmp_path / f"scores{ending}"
    assert score(tmp_path / "in", "-o", output, "-q") == terminal.EXIT_SOME_FAILED
    found = read_table(output)
    assert [image["path"] for image in found.images[:2]] == paths
    assert [image["score"] for image in found.images] == [0.6, 0.4, None]
    assert found.remarks == ()
    assert found.record is not None
    counts = found.record.counts
    assert (counts.rows, counts.scored, counts.failed, counts.waiting) == (3, 2, 1, 0)
    assert (counts.recalled, counts.computed) == (0, 2)
    (producer,) = found.record.producers
    assert (producer.scorer, producer.device, producer.n) == ("Fake 1.0", "cpu", 2)
    assert producer.preprocessing == Preprocessing().id
    assert producer.parameters["exif_orientation"] == "applied: the image as people see it"
    (reference,) = found.record.references
    assert (reference.id, reference.name, reference.n, reference.rows) == ("lamem", "LaMem", 58741, 2)
    assert found.record.times.began <= found.record.times.ended <= found.record.times.exported
    assert found.record.times.exported.endswith("+00:00")


def test_the_run_record_counts_what_came_from_the_store(
    album: Path, grey_file: GreyFile, tmp_path: Path, rerun: "Rerun"
) -> None:
    assert score(album, "-q") == 0
    grey_file("album/2b.png", 255)
    shutil.copy(aged(str(album / "2b.png")), album / "copy.png")
    shutil.copy(album / "1.png", album / "moved.png")
    output = tmp_path / "scores.json"
    rerun(album, "-q", "-o", output)
    record = read_table(output).record
    assert record is not None
    assert (record.counts.recalled, record.counts.computed) == (6, 2)


def test_percentiles_are_taken_from_the_reference_named(
    grey_file: GreyFile, capsys: Capture, tmp_path: Path
) -> None:
    path = grey_file("a.png", 153)
    assert score(path, "--reference", "memcat-food", "-q") == 0
    (row,) = table(capsys.readouterr().out)
    food = References().get("memcat-food")
    assert row["reference"] == food.name
    assert row["percentile"] == f"{float(food.percentile(0.6)):.1f}"


def test_a_reference_that_is_not_there_names_those_that_are(grey_file: GreyFile, capsys: Capture) -> None:
    assert score(grey_file("a.png", 153), "--reference", "imagenet", "-q") == terminal.EXIT_WRONG_CALL
    (sentence,) = said(capsys)
    assert sentence.startswith(
        "“imagenet” is no file and no reference. Name a file of human scores, or one of these: lamem, "
    )


def test_a_file_of_human_scores_is_a_reference(tmp_path: Path, grey_file: GreyFile, capsys: Capture) -> None:
    people = tmp_path / "my people.csv"
    people.write_text("image,score\n" + "".join(f"{n}.png,{n / 100}\n" for n in range(100)))
    output = tmp_path / "scores.json"
    assert score(grey_file("a.png", 153), "--reference", people, "-o", output, "-q") == 0
    assert said(capsys) == ["percentiles are of my people: 100 scores in column “score”."]
    found = read_table(output)
    assert (found.images[0]["reference"], found.images[0]["percentile"]) == ("my people", 60.5)
    assert found.record is not None
    assert found.record.references[0].provenance["file"] == "my people.csv"


def test_a_file_that_is_no_reference_is_told(tmp_path: Path, grey_file: GreyFile, capsys: Capture) -> None:
    people = tmp_path / "people.csv"
    people.write_text("image,score\na.png,0.5\n")
    assert score(grey_file("a.png", 153), "--reference", people, "-q") == terminal.EXIT_WRONG_CALL
    (sentence,) = said(capsys)
    assert sentence.startswith(f"{people}: “score” holds 1 scores; a reference needs 20 or more.")


# --- sensitivity ---------------------------------------------------------------------------------


class FramedScorer(FakeScorer):
    """Looks at the crop that ResMem looks at, and scores its brightness."""

    def prepare(self, pixels: Image.Image) -> NDArray[np.uint8]:
        return network_input(pixels)

    def score(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.batches.append(len(batch))
        self.answer(batch)
        scores: NDArray[np.float32] = (batch.mean(axis=(1, 2, 3)) / 255).astype(np.float32)
        return scores


@pytest.fixture
def framed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FramedScorer:
    """The scorer of the command, and two images: one that looks the same everywhere, one that does not."""
    fake = FramedScorer()
    monkeypatch.setattr(terminal, "create_scorer", lambda: fake)
    (tmp_path / "in").mkdir()
    Image.new("L", (64, 64), 153).save(tmp_path / "in" / "a.png")
    Image.linear_gradient("L").save(tmp_path / "in" / "b.png")
    return fake


def test_sensitivities_are_measured_kept_and_exported(
    tmp_path: Path, framed: FramedScorer, capsys: Capture
) -> None:
    output = tmp_path / "scores.json"
    for measured in (2 + 2 * 10, 0):
        framed.batches.clear()
        assert score(tmp_path / "in", "--sensitivity", "ten-crop", "-q", "-o", output) == 0
        assert sum(framed.batches) == measured
        found = read_table(output)
        plain, sloping = found.images
        assert (plain["sensitivity_low"], plain["sensitivity_high"]) == (0.6, 0.6)
        assert isinstance(sloping["sensitivity_low"], float)
        assert isinstance(sloping["sensitivity_high"], float)
        assert sloping["sensitivity_low"] < 0.48 < 0.52 < sloping["sensitivity_high"]
        assert plain["sensitivity_recipe"] == sloping["sensitivity_recipe"] == TEN_CROP.id
        assert found.record is not None
        (used,) = found.record.recipes
        assert (used.id, used.title, used.framings, used.rows) == (TEN_CROP.id, TEN_CROP.title, 10, 2)
    assert said(capsys) == []


def test_measuring_has_a_progress_bar_of_its_own(
    tmp_path: Path, framed: FramedScorer, capsys: Capture
) -> None:
    assert score(tmp_path / "in", "--sensitivity", "small-shifts") == 0
    err = capsys.readouterr().err
    assert "sensitivity" in err
    assert err.count("2/2") >= 2


def test_an_interruption_while_measuring_writes_all_scores(
    tmp_path: Path, framed: FramedScorer, capsys: Capture
) -> None:
    def interrupt(batch: NDArray[np.uint8]) -> None:
        if sum(framed.batches) > 2 + 10:
            raise KeyboardInterrupt

    framed.answer = interrupt
    assert score(tmp_path / "in", "--sensitivity", "ten-crop", "-q") == terminal.EXIT_INTERRUPTED
    rows = table(capsys.readouterr().out)
    assert [row["status"] for row in rows] == ["scored", "scored"]
    assert [bool(row["sensitivity_low"]) for row in rows].count(True) == 1


def test_images_without_a_sensitivity_are_counted_with_the_reason(
    grey_file: GreyFile, capsys: Capture
) -> None:
    """The usual stand-in prepares images in a way of its own."""
    assert score(grey_file("a.png", 153), "--sensitivity", "ten-crop", "-q") == 0
    out, err = capsys.readouterr()
    assert table(out)[0]["sensitivity_low"] == ""
    assert err.startswith("resmem-gui: 1 of 1 images have no sensitivity: ")


# --- cautions ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("real_traits")
def test_cautions_are_looked_for_kept_and_exported(
    tmp_path: Path, noise: Image.Image, capsys: Capture, rerun: "Rerun"
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    large = noise.resize((800, 600), Image.Resampling.BICUBIC)
    large.save(folder / "a.png")
    large.save(folder / "b.jpg", quality=95)
    noise.transpose(Image.Transpose.ROTATE_90).resize((300, 700)).save(folder / "c.png")
    mirrored = noise.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    mirrored.save(folder / "d.gif", save_all=True, append_images=[noise])
    for path in folder.iterdir():
        aged(str(path))
    assert score(folder, "-q") == 0
    first = table(capsys.readouterr().out)
    assert {row["file"]: set(row["cautions"].split(";")) & WORDS for row in first} == {
        "a.png": {"near-duplicate"},
        "b.jpg": {"near-duplicate"},
        "c.png": {"aspect"},
        "d.gif": {"small", "animation"},
    }
    assert rerun(folder, "-q").batches == []
    assert table(capsys.readouterr().out) == first


@pytest.mark.usefixtures("real_traits")
def test_an_image_that_is_like_no_other_has_no_caution_and_says_so(
    photographs: dict[str, Path], capsys: Capture
) -> None:
    assert score(photographs["coffee"], "-q") == 0
    assert table(capsys.readouterr().out)[0]["cautions"] == "none"


# --- failures ------------------------------------------------------------------------------------


def test_images_without_a_score_are_counted_and_their_rows_say_why(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture
) -> None:
    grey_file("a.png", 153)
    (tmp_path / "b.png").write_bytes(b"")
    assert score(tmp_path, "-q") == terminal.EXIT_SOME_FAILED
    out, err = capsys.readouterr()
    assert [(row["status"], row["error"]) for row in table(out)] == [
        ("scored", ""),
        ("failed", "The file is empty (0 bytes)."),
    ]
    assert err == "resmem-gui: 1 of 2 images could not be scored; their rows say why.\n"


def test_an_interrupted_run_writes_what_it_has(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, scorer: FakeScorer
) -> None:
    def interrupt(batch: NDArray[np.uint8]) -> None:
        if len(scorer.batches) == 3:
            raise KeyboardInterrupt

    scorer.answer = interrupt
    for number in range(5):
        grey_file(f"{number}.png", 153)
    assert score(tmp_path, "--batch-size", "1", "-q") == terminal.EXIT_INTERRUPTED
    out, err = capsys.readouterr()
    assert [row["status"] for row in table(out)] == ["scored"] * 2 + ["waiting"] * 3
    assert err == "resmem-gui: interrupted; what was scored until now is written.\n"


def unwritable(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    """Let every file in these folders fail to be written; being root, permissions would not."""
    real = Path.open

    def refuse(self: Path, *arguments: str, **options: str) -> object:
        if self.parent in folders:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(self, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)


def test_a_table_that_cannot_be_written_is_rescued(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = grey_file("in/a.png", 153)
    closed, refuge = tmp_path / "closed", tmp_path / "temporary"
    closed.mkdir()
    refuge.mkdir()
    unwritable(monkeypatch, closed)
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(refuge))
    assert score(path, "-o", closed / "scores.csv", "-q") == terminal.EXIT_WRONG_CALL
    rescued, beside = sorted(refuge.iterdir())
    assert beside == sidecar_of(rescued)
    assert [row["path"] for row in table(rescued.read_text("utf-8"))] == [path]
    assert said(capsys) == [
        f"{closed / 'scores.csv'} could not be written: Permission denied. The table is in {rescued} instead."
    ]


def test_a_table_that_cannot_be_rescued_is_told(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = grey_file("in/a.png", 153)
    unwritable(monkeypatch, tmp_path)
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    assert score(path, "-o", tmp_path / "scores.csv", "-q") == terminal.EXIT_WRONG_CALL
    (sentence,) = said(capsys)
    assert sentence.startswith(
        f"{tmp_path / 'scores.csv'} could not be written: Permission denied. Nor could"
    )
    assert sentence.endswith("in the store: call again with another file.")


def test_a_link_as_output_stays_and_what_it_leads_to_is_written(tmp_path: Path, grey_file: GreyFile) -> None:
    output, target = tmp_path / "scores.csv", tmp_path / "elsewhere.csv"
    output.symlink_to(target)
    assert score(grey_file("in/a.png", 153), "-o", output, "-q") == 0
    assert output.is_symlink()
    assert target.read_text("utf-8").startswith("path,")


def test_a_link_into_a_missing_folder_is_refused_before_scoring(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture
) -> None:
    output = tmp_path / "scores.csv"
    output.symlink_to(tmp_path / "missing" / "scores.csv")
    assert score(grey_file("in/a.png", 153), "-o", output, "-q") == 2
    assert "does not exist" in capsys.readouterr().err


def test_damaged_metadata_are_no_concern_of_the_terminal(
    tmp_path: Path, picture: Image.Image, capsys: Capture, recwarn: pytest.WarningsRecorder
) -> None:
    picture.save(tmp_path / "a.jpg", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01")
    assert score(tmp_path, "-q") == 0
    assert capsys.readouterr().err == ""
    assert [str(warning.message) for warning in recwarn] == []


# --- scores from before --------------------------------------------------------------------------


Rerun = Callable[..., FakeScorer]


@pytest.fixture
def rerun(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Rerun:
    """Return a function that runs the command again with a new scorer, as another process would."""

    def run(*words: object, status: int = 0) -> FakeScorer:
        capsys.readouterr()
        fake = FakeScorer()
        monkeypatch.setattr(terminal, "create_scorer", lambda: fake)
        assert score(*words) == status
        return fake

    return run


@pytest.fixture
def album(tmp_path: Path, grey_file: GreyFile) -> Path:
    """A folder of five images, changed some time ago."""
    for number in range(5):
        aged(grey_file(f"album/{number}.png", 50 * number))
    return tmp_path / "album"


def aged(path: str, seconds: int = 3600) -> str:
    """Let a file have been changed long ago."""
    changed = time.time() - seconds
    os.utime(path, (changed, changed))
    return path


def test_a_second_run_scores_nothing_and_does_not_even_load_the_network(
    album: Path, capsys: Capture, rerun: Rerun, store: Path
) -> None:
    assert score(album) == 0
    first = capsys.readouterr().out
    assert store.exists()
    scorer = rerun(album)
    out, err = capsys.readouterr()
    assert (scorer.loaded_on, scorer.batches) == ("", [])
    assert out == first
    assert err == "resmem-gui: 5 of 5 images were scored before; their scores come from the store.\n"


def test_a_quiet_second_run_is_quiet(album: Path, capsys: Capture, rerun: Rerun) -> None:
    assert score(album, "-q") == 0
    rerun(album, "-q")
    assert capsys.readouterr().err == ""


def test_the_device_of_a_score_is_that_which_gave_it(album: Path, capsys: Capture, rerun: Rerun) -> None:
    assert score(album, "--device", "cuda", "-q") == 0
    rerun(album, "--device", "cpu", "-q")
    assert {row["device"] for row in table(capsys.readouterr().out)} == {"cuda"}


def test_a_new_image_beside_known_ones_is_the_only_one_scored(
    album: Path, grey_file: GreyFile, capsys: Capture, rerun: Rerun
) -> None:
    assert score(album, "-q") == 0
    grey_file("album/2b.png", 255)
    scorer = rerun(album)
    assert scorer.batches == [1]
    out, err = capsys.readouterr()
    assert [row["file"] for row in table(out)] == ["0.png", "1.png", "2.png", "2b.png", "3.png", "4.png"]
    assert [row["rank"] for row in table(out)] == ["5", "5", "5", "1", "3", "2"]
    assert "5 of 6 images were scored before" in err
    assert "1/1" in err


def test_without_the_store_all_is_scored_and_nothing_is_left(
    album: Path, capsys: Capture, rerun: Rerun, store: Path
) -> None:
    assert score(album, "--no-cache", "-q") == 0
    assert [*store.parent.iterdir()] == []
    scorer = rerun(album, "-q")
    assert sum(scorer.batches) == 5  # nothing was remembered


def test_without_the_store_what_it_knows_is_left_alone(album: Path, rerun: Rerun, store: Path) -> None:
    assert score(album, "-q") == 0
    before = store.read_bytes()
    scorer = rerun(album, "--no-cache", "-q")
    assert sum(scorer.batches) == 5
    assert store.read_bytes() == before
    assert [*store.parent.iterdir()] == [store]


def test_a_moved_folder_keeps_its_scores(album: Path, tmp_path: Path, capsys: Capture, rerun: Rerun) -> None:
    assert score(album, "-q") == 0
    first = table(capsys.readouterr().out)
    moved = album.rename(tmp_path / "moved")
    for _ in range(2):
        scorer = rerun(moved, "-q")
        assert (scorer.loaded_on, scorer.batches) == ("", [])
        again = table(capsys.readouterr().out)
        assert [row["path"] for row in again] == [str(moved / row["file"]) for row in first]
        assert [row | {"path": ""} for row in again] == [row | {"path": ""} for row in first]


def test_a_copy_in_the_same_run_shares_the_score(album: Path, capsys: Capture, scorer: FakeScorer) -> None:
    shutil.copytree(album, album.parent / "copy")
    assert score(album, album.parent / "copy", "--batch-size", "2", "-q") == 0
    rows = table(capsys.readouterr().out)
    assert [row["score"] for row in rows[:5]] == [row["score"] for row in rows[5:]]
    assert sum(scorer.batches) == 5


def test_an_edited_image_is_scored_again(
    album: Path, grey_file: GreyFile, capsys: Capture, rerun: Rerun
) -> None:
    assert score(album, "-q") == 0
    before = (album / "3.png").stat().st_size
    grey_file("album/3.png", 255)
    assert (album / "3.png").stat().st_size == before  # the length does not give it away
    scorer = rerun(album, "-q")
    assert scorer.batches == [1]
    rows = table(capsys.readouterr().out)
    assert rows[3]["score"] == "1.000000"
    assert rerun(album, "-q").batches == []


def test_an_image_changed_just_before_it_was_scored_is_not_trusted_afterwards(
    album: Path, capsys: Capture, rerun: Rerun
) -> None:
    """Within a tick of the file system's clock, an edit changes neither length nor time."""
    path, other = album / "3.png", album / "4.png"
    now = time.time_ns() + 10**9
    os.utime(path, ns=(now, now))
    assert score(path, "-q") == 0
    content = bytearray(other.read_bytes())
    content += bytes(path.stat().st_size - len(content))
    path.write_bytes(content)
    os.utime(path, ns=(now, now))
    assert rerun(path, "-q").batches == [1]
    assert [row["score"] for row in table(capsys.readouterr().out)] == [f"{200 / 255:.6f}"]


def test_an_image_that_failed_is_tried_again(album: Path, rerun: Rerun, capsys: Capture) -> None:
    (album / "5.png").write_bytes(b"")
    assert score(album, "-q") == terminal.EXIT_SOME_FAILED
    rerun(album, "-q", status=terminal.EXIT_SOME_FAILED)
    assert [row["status"] for row in table(capsys.readouterr().out)] == ["scored"] * 5 + ["failed"]


def test_another_recipe_scores_again_and_each_keeps_its_own(album: Path, rerun: Rerun) -> None:
    assert score(album, "-q") == 0
    assert sum(rerun(album, "--as-stored", "-q").batches) == 5
    assert sum(rerun(album, "--fast-decoding", "-q").batches) == 5
    for words in ([], ["--as-stored"], ["--fast-decoding"]):
        assert rerun(album, *words, "-q").batches == []


def test_the_scores_of_an_interrupted_run_are_kept(
    album: Path, capsys: Capture, scorer: FakeScorer, rerun: Rerun
) -> None:
    def interrupt(batch: NDArray[np.uint8]) -> None:
        if len(scorer.batches) == 3:
            raise KeyboardInterrupt

    scorer.answer = interrupt
    assert score(album, "--batch-size", "1", "-q") == terminal.EXIT_INTERRUPTED
    again = rerun(album, "--batch-size", "1", "-q")
    assert again.batches == [1] * 3
    assert {row["status"] for row in table(capsys.readouterr().out)} == {"scored"}


def test_an_interruption_while_scores_are_looked_up_writes_what_was_found(
    album: Path, capsys: Capture, rerun: Rerun, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert score(album, "-q") == 0
    real = ScoreMemory._look_up
    monkeypatch.setattr(score_memory, "_CHUNK", 2)
    calls: list[int] = []

    def look_up(self: ScoreMemory, *arguments: Any) -> Iterator[Any]:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(self, *arguments)

    monkeypatch.setattr(ScoreMemory, "_look_up", look_up)
    rerun(album, "-q", status=terminal.EXIT_INTERRUPTED)
    out = capsys.readouterr().out
    assert [row["status"] for row in table(out)] == ["scored"] * 2 + ["waiting"] * 3


def test_scores_are_kept_when_the_table_cannot_be_written(
    album: Path, tmp_path: Path, rerun: Rerun, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        unwritable(patch, tmp_path)
        patch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
        assert score(album, "-o", tmp_path / "scores.csv", "-q") == terminal.EXIT_WRONG_CALL
    assert rerun(album, "-q").batches == []


@pytest.mark.parametrize("failing", [False, True])
def test_a_store_that_cannot_be_used_is_a_sentence_and_changes_nothing_else(
    album: Path, capsys: Capture, rerun: Rerun, store: Path, failing: bool
) -> None:
    if failing:
        (album / "5.png").write_bytes(b"")
    store.write_bytes(b"no database" * 1000)
    status = terminal.EXIT_SOME_FAILED if failing else 0
    for _ in range(2):
        scorer = rerun(album, "-q", status=status)
        assert sum(scorer.batches) == 5
        out, err = capsys.readouterr()
        assert [row["status"] for row in table(out)] == ["scored"] * 5 + ["failed"] * failing
        about_store, *others = err.splitlines()
        assert about_store == (
            f"resmem-gui: The file {store} is not a database of this program and is left as it is. Move it "
            "away: a new, empty database is then made in its place. Scores are not remembered after the end "
            "of the program."
        )
        assert len(others) == failing
        assert store.read_bytes() == b"no database" * 1000
        assert [*store.parent.iterdir()] == [store]


def test_a_store_that_is_damaged_inside_is_a_sentence_and_all_is_scored(
    album: Path, capsys: Capture, rerun: Rerun, store: Path
) -> None:
    assert score(album, "-q") == 0
    with store.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (store.stat().st_size - 4096))
    before = store.read_bytes()
    scorer = rerun(album, "-q")
    assert sum(scorer.batches) == 5
    out, err = capsys.readouterr()
    assert [row["status"] for row in table(out)] == ["scored"] * 5
    assert err.count("resmem-gui:") == len(err.splitlines())
    assert err.count(f"The database {store} is damaged.") == 1
    assert store.read_bytes() == before


def test_a_search_interrupted_among_many_images_writes_all_that_it_found(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(self: Discovery) -> Iterator[str]:
        yield from (str(tmp_path / f"{number}.png") for number in range(1000))
        raise KeyboardInterrupt

    monkeypatch.setattr(Discovery, "__iter__", interrupted)
    assert score(tmp_path, "-q") == terminal.EXIT_INTERRUPTED
    assert len(table(capsys.readouterr().out)) == 1000


# --- the streams of a real process ---------------------------------------------------------------

PROGRAM = """
import sys
from resmem_gui import cli, terminal
from tests.unit.fakes import FakeScorer
terminal.create_scorer = FakeScorer
sys.exit(cli.main(sys.argv[1:]))
"""


def shell(command: str, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a line of shell in which `"$@"` stands for the program and its words."""
    return subprocess.run(
        ["bash", "-c", command, "bash", sys.executable, "-c", PROGRAM, "score", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONUNBUFFERED": ""} | variables,  # with buffers, as people have it
    )


needs_bash = pytest.mark.skipif(os.name == "nt", reason="needs a shell")


@needs_bash
def test_a_reader_that_has_seen_enough_is_no_failure(grey_file: GreyFile) -> None:
    done = shell('"$@" | true; echo "${PIPESTATUS[0]}"', grey_file("a.png", 153), "-q")
    assert (done.stdout.strip(), done.stderr) == ("0", "")


@needs_bash
def test_a_closed_standard_error_changes_nothing(tmp_path: Path, grey_file: GreyFile) -> None:
    path = grey_file("a.png", 153)
    (tmp_path / "b.png").write_bytes(b"")
    done = shell('"$@" 2>&-', path, str(tmp_path / "b.png"))
    assert done.returncode == terminal.EXIT_SOME_FAILED
    assert [row["status"] for row in table(done.stdout)] == ["scored", "failed"]


@needs_bash
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output_does_not_lose_the_table(
    tmp_path: Path, grey_file: GreyFile
) -> None:
    path = grey_file("in/a.png", 153)
    done = shell('"$@" > /dev/full', path, "-q", TMPDIR=str(tmp_path))
    (rescued,) = tmp_path.glob("*.csv")
    assert done.returncode == terminal.EXIT_WRONG_CALL
    assert done.stderr == (
        "resmem-gui: Standard output could not be written: No space left on device. "
        f"The table is in {rescued} instead.\n"
    )
    assert [row["path"] for row in table(rescued.read_text("utf-8"))] == [path]
