"""The command `resmem-gui verify`, with a stand-in for the network."""

import csv
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from resmem_gui import cli, terminal
from resmem_gui.commands import verification
from resmem_gui.export.delimited import sidecar_of
from resmem_gui.export.saving import FORMATS
from resmem_gui.scoring.preprocessing import network_input
from resmem_gui.scoring.scorer import ScorerError
from resmem_gui.traits import Traits
from tests.unit import fakes
from tests.unit.fakes import FakeScorer

GreyFile = Callable[[str, int], str]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def scorer(monkeypatch: pytest.MonkeyPatch) -> FakeScorer:
    """The scorer of each run: one for all, as its answers are changed between two of them."""
    fake = FakeScorer()
    for module in (terminal, verification):
        monkeypatch.setattr(module, "create_scorer", lambda: fake)
    return fake


@pytest.fixture(autouse=True)
def no_traits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare tests the detectors, which take a while to load in each decoding thread."""
    plain = Traits(faces=0, face_share=0.0, text_share=0.0, graphic=0.0, frames=1, fingerprint=b"")
    monkeypatch.setattr(terminal, "traits_of", lambda pixels, frames: plain)


@pytest.fixture(autouse=True)
def store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where scores are kept."""
    path = tmp_path_factory.mktemp("data") / "scores.sqlite"
    monkeypatch.setattr(cli, "default_store_path", lambda: path)
    return path


@pytest.fixture
def album(tmp_path: Path, grey_file: GreyFile) -> Path:
    """A folder with a subfolder."""
    for name, brightness in (("a.png", 153), ("b.png", 204), ("sub/c.png", 230)):
        grey_file(f"album/{name}", brightness)
    return tmp_path / "album"


@pytest.fixture
def export(tmp_path: Path, album: Path) -> Path:
    """Its table."""
    return exported(tmp_path / "scores.csv", album)


def exported(file: Path, *words: object) -> Path:
    assert cli.main(["score", *map(str, words), "-q", "-o", str(file)]) in (0, 1)
    return file


def verify(*words: object) -> int:
    return cli.main(["verify", *map(str, words), "-q"])


def answer(capture: Capture, *words: object) -> dict[str, Any]:
    """Return what the command answers to programs, and its exit status."""
    capture.readouterr()
    status = verify(*words, "--json")
    content: dict[str, Any] = json.loads(capture.readouterr().out)
    return content | {"status": status}


@pytest.mark.parametrize("ending", FORMATS)
def test_an_untouched_export_is_reproduced_and_the_store_is_not_asked(
    tmp_path: Path, album: Path, capsys: Capture, scorer: FakeScorer, ending: str
) -> None:
    export = exported(tmp_path / f"scores{ending}", album)
    scorer.batches.clear()
    assert verify(export) == 0
    assert sum(scorer.batches) == 3
    out, err = capsys.readouterr()
    assert err == ""
    first, empty, counted, differences, *unchecked = out.splitlines()
    assert (first, empty, counted) == (f"{export}: reproduced", "", "3 of 3 scores were found again.")
    assert unchecked == ["", "Not checked: cautions."]
    assert re.fullmatch(
        r"Scores of the same content differ by \S+e-0[78] at most and by \S+e-0[78] on average; "
        r"tolerated is 0\.0001\.",
        differences,
    )


def test_programs_get_an_entry_an_image(export: Path, album: Path, capsys: Capture) -> None:
    found = answer(capsys, export)
    assert found["status"] == 0
    assert found["reproduced"] is True
    assert found["counts"]["reproduced"] == 3
    assert found["max_difference"] < 1e-6
    assert found["versions_that_differ"] == {}
    assert found["devices"] == {"export": "cpu", "here": "cpu"}
    first = found["images"][0]
    assert (first["path"], first["found"], first["verdict"]) == (str(album / "a.png"),) * 2 + ("reproduced",)
    assert first["exported"] == 0.6


def test_another_score_is_told_with_its_difference(export: Path, capsys: Capture, scorer: FakeScorer) -> None:
    def brighter(batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        scores: NDArray[np.float32] = (batch.mean(axis=(1, 2, 3)) / 255 + 0.001).astype(np.float32)
        return scores

    scorer.answer = brighter
    found = answer(capsys, export)
    assert (found["status"], found["reproduced"]) == (1, False)
    assert found["counts"]["another score"] == 3
    assert found["max_difference"] == pytest.approx(0.001, abs=1e-5)
    assert found["mean_difference"] == pytest.approx(0.001, abs=1e-5)
    assert verify(export) == 1
    out = capsys.readouterr().out
    assert "NOT reproduced" in out
    assert "a.png: 0.600000 in the export, 0.601000 now" in out
    assert verify(export, "--tolerance", "0.002") == 0


def test_a_difference_at_the_tolerance_is_none(export: Path, capsys: Capture, scorer: FakeScorer) -> None:
    sidecar_of(export).unlink()  # a percentile need not follow from the other score
    text = export.read_text().replace("0.600000", "0.600100")
    export.write_text(text)
    assert verify(export) == 0
    export.write_text(text.replace("0.600100", "0.600102"))
    assert verify(export) == 1


def test_a_changed_image_is_no_difference_of_scores(
    export: Path, grey_file: GreyFile, capsys: Capture
) -> None:
    grey_file("album/a.png", 10)
    found = answer(capsys, export)
    assert found["status"] == 1
    assert [image["verdict"] for image in found["images"]] == ["content changed", "reproduced", "reproduced"]
    assert found["images"][0]["now"] is None
    assert found["max_difference"] < 1e-6


def test_a_missing_image_and_one_that_cannot_be_decoded_are_told_apart(
    export: Path, album: Path, capsys: Capture
) -> None:
    (album / "a.png").unlink()
    (album / "b.png").write_bytes(b"no image")
    found = answer(capsys, export)
    assert [image["verdict"] for image in found["images"]] == ["file missing", "no score now", "reproduced"]
    assert "not an image" in found["images"][1]["reason"]
    assert found["status"] == 1


def test_images_that_failed_are_nothing_to_compare(tmp_path: Path, album: Path, capsys: Capture) -> None:
    (album / "empty.png").write_bytes(b"")
    export = exported(tmp_path / "scores.csv", album)
    assert verify(export) == 0
    assert "Images without a score in the export, which were left out: 1." in capsys.readouterr().out


def test_an_export_without_scores_is_not_reproduced(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "empty.png").write_bytes(b"")
    assert verify(exported(tmp_path / "scores.csv", tmp_path / "empty.png")) == 1


# --- elsewhere -----------------------------------------------------------------------------------


def test_a_moved_folder_is_found_by_places(
    tmp_path: Path, export: Path, album: Path, capsys: Capture
) -> None:
    moved = album.rename(tmp_path / "moved")
    assert verify(export) == 1
    found = answer(capsys, export, "--images", moved)
    assert found["status"] == 0
    assert [image["found"] for image in found["images"]] == [
        str(moved / name) for name in ("a.png", "b.png", "sub/c.png")
    ]


def test_images_that_were_renamed_are_found_by_their_content(
    tmp_path: Path, export: Path, album: Path, capsys: Capture
) -> None:
    other = tmp_path / "other"
    (other / "deep").mkdir(parents=True)
    shutil.move(album / "a.png", other / "deep" / "x.png")
    shutil.move(album / "b.png", other / "a.png")  # the place of another one
    shutil.move(album / "sub" / "c.png", other / "y.png")
    found = answer(capsys, export, "--images", other)
    assert found["status"] == 0
    assert [image["found"] for image in found["images"]] == [
        str(other / name) for name in ("deep/x.png", "a.png", "y.png")
    ]


def test_what_is_elsewhere_neither_by_place_nor_by_content_is_missing(
    tmp_path: Path, export: Path, album: Path, capsys: Capture
) -> None:
    (tmp_path / "other").mkdir()
    shutil.copy(album / "b.png", tmp_path / "other")
    found = answer(capsys, export, "--images", tmp_path / "other")
    assert [image["verdict"] for image in found["images"]] == ["file missing", "reproduced", "file missing"]


# --- made in another way -------------------------------------------------------------------------


def test_each_image_is_scored_by_the_recipe_that_the_export_names(
    tmp_path: Path, picture: Image.Image, capsys: Capture, scorer: FakeScorer
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    (tmp_path / "in").mkdir()
    for name in "ab":
        picture.save(tmp_path / "in" / f"{name}.jpg", exif=exif, quality=90 + ord(name) % 2)

    def upper_left(batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        scores: NDArray[np.float32] = np.dot(batch[:, 0, 0, :], [0.5, 0.3, 0.2]).astype(np.float32) / 255
        return scores

    scorer.answer = upper_left
    rows = []
    for number, words in enumerate([["--as-stored"], []]):
        file = exported(tmp_path / f"{number}.csv", tmp_path / "in", *words)
        rows.append(file.read_text().splitlines())
    mixed = tmp_path / "mixed.csv"
    mixed.write_text("\n".join([rows[0][0], rows[0][1], rows[1][2]]) + "\n")
    assert rows[0][1].split(",")[2] != rows[1][1].split(",")[2]
    assert verify(mixed) == 0


@pytest.mark.parametrize(
    ("old", "new", "verdict", "reason"),
    [
        ("Fake 1.0", "Fake 0.9", "another scorer or weights", "installed is Fake 1.0"),
        ("f" * 64, "e" * 64, "another scorer or weights", "weights eeeeeeeeeeee…"),
        ("-upright-1", "-sideways-7", "preprocessing not known here", "sideways-7"),
    ],
)
def test_what_cannot_be_done_again_is_said_and_not_scored(
    export: Path, capsys: Capture, scorer: FakeScorer, old: str, new: str, verdict: str, reason: str
) -> None:
    export.write_text(export.read_text().replace(old, new))
    scorer.batches.clear()
    found = answer(capsys, export)
    assert found["status"] == 1
    assert found["counts"][verdict] == 3
    assert reason in found["images"][0]["reason"]
    assert scorer.batches == []


def test_versions_and_devices_that_differ_are_listed(tmp_path: Path, album: Path, capsys: Capture) -> None:
    export = exported(tmp_path / "scores.json", album)
    content = json.loads(export.read_text(encoding="utf-8"))
    content["run"]["libraries"]["torch"] = "1.0"
    content["run"]["program"]["version"] = "0.1"
    for image in content["images"]:
        image["device"] = "cuda"
    content["run"]["scores_made_by"][0]["device"] = "cuda"
    export.write_text(json.dumps(content))
    found = answer(capsys, export)
    assert found["status"] == 0
    assert found["versions_that_differ"].keys() == {"torch", "resmem-gui"}
    assert found["versions_that_differ"]["torch"]["export"] == "1.0"
    assert verify(export) == 0
    out = capsys.readouterr().out
    assert "The export was scored on cuda, this was on cpu." in out
    assert "  torch: 1.0 in the export, " in out


def test_a_table_of_an_earlier_release_can_be_verified(
    tmp_path: Path, album: Path, export: Path, capsys: Capture
) -> None:
    header, *lines = export.read_text().splitlines()
    names = header.split(",")
    kept = ["path", "file", "score", "status", "error", "width", "height", "sha256", "scorer",
            "weights_sha256", "preprocessing", "device"]  # fmt: skip
    old = ["path", "file", "score", "lamem_percentile", "rank", *kept[3:]]
    rows = [dict(zip(names, line.split(","), strict=True)) for line in lines]
    text = [",".join({**row, "lamem_percentile": "5.0", "rank": "1"}[name] for name in old) for row in rows]
    file = tmp_path / "old.csv"
    file.write_text("\n".join([",".join(old), *text]))
    found = answer(capsys, file)
    assert found["status"] == 0
    assert [remark.partition(",")[0] for remark in found["remarks"]] == [
        "The table is of an earlier release",
        "There is no run record with the table; what is not in its rows is not known.",
    ]


# --- wrong calls ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "required: EXPORT"),
        (["x.csv", "--tolerance", "-1"], "must be a number from 0 to 1"),
        (["x.csv", "--tolerance", "some"], "must be a number from 0 to 1"),
        (["x.csv", "--tolerance", "nan"], "must be a number from 0 to 1"),
    ],
)
def test_a_wrong_call_exits_with_2(capsys: Capture, words: list[str], complaint: str) -> None:
    with pytest.raises(SystemExit) as ended:
        verify(*words)
    assert ended.value.code == terminal.EXIT_WRONG_CALL
    assert complaint in capsys.readouterr().err


def test_what_is_no_export_is_a_sentence(tmp_path: Path, export: Path, capsys: Capture) -> None:
    other = tmp_path / "people.csv"
    other.write_text("image,score\na,0.5\n")
    for words, sentence in (
        ([tmp_path / "missing.csv"], "missing.csv could not be read: No such file or directory."),
        ([other], "people.csv is no table of scores of this program: it has no column “path”."),
        ([tmp_path / "x.png"], "x.png does not end with one of .csv, .xlsx, .json, .parquet"),
        ([export, "--images", tmp_path / "nowhere"], "nowhere is no folder."),
    ):
        assert verify(*words) == terminal.EXIT_WRONG_CALL
        out, err = capsys.readouterr()
        assert out == ""
        assert sentence in err


def test_a_network_that_cannot_be_loaded_is_a_wrong_call(
    export: Path, capsys: Capture, scorer: FakeScorer
) -> None:
    scorer.load_errors["auto"] = ScorerError("The weights are missing.")
    assert verify(export) == terminal.EXIT_WRONG_CALL
    assert capsys.readouterr().err == "resmem-gui: The weights are missing.\n"


def test_an_interruption_says_nothing_of_the_export(
    export: Path, capsys: Capture, scorer: FakeScorer
) -> None:
    def interrupt(batch: NDArray[np.uint8]) -> None:
        raise KeyboardInterrupt

    scorer.answer = interrupt
    assert verify(export) == terminal.EXIT_INTERRUPTED
    assert capsys.readouterr().out == ""


def changed(export: Path, column: str, cell: str) -> None:
    """Write a cell into a column of the first row of an export, as somebody with an editor would."""
    with export.open(encoding="utf-8", newline="") as file:
        header, first, *others = csv.reader(file)
    first[header.index(column)] = cell
    with export.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, first, *others])


@pytest.mark.parametrize("path", ["/" + "a" * 5000, "/tmp/a\0b", "", "a.png"])
@pytest.mark.parametrize("with_folder", [False, True])
def test_paths_that_no_file_can_have_are_missing(
    export: Path, album: Path, capsys: Capture, path: str, with_folder: bool
) -> None:
    changed(export, "path", path)
    changed(export, "sha256", "0" * 64)
    found = answer(capsys, export, *(["--images", album] if with_folder else []))
    counts = found["counts"]
    # By its name, a bare one is found in the folder, with another content.
    assert counts["file missing"] + counts["content changed"] == 1
    assert counts["reproduced"] == 2


def test_what_an_export_names_cannot_steer_a_terminal(export: Path, capsys: Capture) -> None:
    changed(export, "path", "/\x1b[31mred\u202egnp")
    assert verify(export) == 1
    shown = capsys.readouterr().out
    assert "red" in shown
    assert not {"\x1b", "\u202e"} & set(shown)


def test_a_changed_status_hides_no_score(export: Path, capsys: Capture, scorer: FakeScorer) -> None:
    changed(export, "status", "failed")
    changed(export, "score", "0.123")
    assert answer(capsys, export)["counts"]["another score"] == 1


def test_scores_and_rows_that_were_taken_out_are_told(tmp_path: Path, album: Path, capsys: Capture) -> None:
    export = exported(tmp_path / "scores.json", album)
    content = json.loads(export.read_bytes())
    del content["images"][0]
    content["images"][0]["score"] = None
    export.write_text(json.dumps(content), encoding="utf-8")
    remarks = " ".join(answer(capsys, export)["remarks"])
    assert "counts 3 images and the table holds 2" in remarks
    assert "counts 3 scores and the table holds 1" in remarks


_DEEP = "[" * 200_000 + "]" * 200_000


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (_DEEP, "nested too deeply"),
        (f'{{"images": [], "run": {_DEEP}}}', "nested too deeply"),
        ("[]", "no table of this program"),
        ('{"images": [null]}', "no table of this program"),
        ('{"images": [{"path": "/a", "status": "scored", "score": 0.5, "width": 1e999}]}', "no whole number"),
    ],
)
def test_json_that_is_no_table_is_a_sentence(
    tmp_path: Path, capsys: Capture, content: str, complaint: str
) -> None:
    file = tmp_path / "scores.json"
    file.write_text(content, encoding="utf-8")
    assert verify(file) == 2
    assert complaint in capsys.readouterr().err


def test_a_text_that_cannot_be_encoded_is_shown(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "scores.json"
    file.write_text('{"images": [{"path": "/\\ud800", "status": "scored", "score": 0.5}]}', encoding="utf-8")
    assert verify(file) == 1
    assert "/\ufffd" in capsys.readouterr().out


@pytest.mark.parametrize("run", ['"x"', "5", "[1]", '{"format": 1, "program": 5}'])
def test_a_run_record_that_is_none_is_told_and_the_rest_is_verified(
    tmp_path: Path, capsys: Capture, album: Path, run: str
) -> None:
    export = exported(tmp_path / "scores.json", album)
    content = json.loads(export.read_bytes()) | {"run": json.loads(run)}
    export.write_text(json.dumps(content), encoding="utf-8")
    found = answer(capsys, export)
    assert found["reproduced"]
    assert "run record" in " ".join(found["remarks"])


@pytest.mark.parametrize(("content", "said"), [(_DEEP, "nested too deeply"), ("[1]", "no run record")])
def test_a_sidecar_that_is_no_run_record_is_told(
    export: Path, capsys: Capture, content: str, said: str
) -> None:
    export.with_suffix(".run.json").write_text(content, encoding="utf-8")
    found = answer(capsys, export)
    assert found["reproduced"]
    assert said in " ".join(found["remarks"])


def test_a_workbook_that_would_fill_the_memory_is_refused(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "scores.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (100 * 2**20))
    assert verify(file) == 2
    assert "would unpack to 100 MiB" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [[], ["--json"]])
def test_a_full_standard_output_is_a_sentence(
    export: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setattr("sys.stdout", open("/dev/full", "w", encoding="ascii"))  # noqa: SIM115 - closed there
    assert verify(export, *words) == 2
    assert "Standard output could not be written: No space left" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="names are bytes elsewhere only")
@pytest.mark.parametrize("ending", FORMATS)
def test_a_name_that_is_no_text_can_be_verified(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, ending: str
) -> None:
    path = grey_file("in/a.png", 153)
    Path(path).rename(os.fsdecode(os.fsencode(tmp_path) + b"/in/=z\xff.png"))
    assert verify(exported(tmp_path / f"scores{ending}", tmp_path / "in")) == 0


# --- exports that were changed -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cell", "complaint"),
    [
        ("rank", "2", "Ranks that do not follow from the scores: 1 of 3."),
        ("percentile", "99.0", "Percentiles that do not follow from the scores: 1 of 3."),
        ("at_floor", "yes", "Marks “at_floor” that do not follow from the scores: 1 of 3."),
    ],
)
def test_numbers_that_do_not_follow_from_the_scores_are_told(
    export: Path, capsys: Capture, column: str, cell: str, complaint: str
) -> None:
    changed(export, column, cell)
    assert verify(export) == 1
    out = capsys.readouterr().out
    assert out.startswith(f"{export}: its scores are reproduced, but it was CHANGED since it was written\n")
    assert complaint in out
    found = answer(capsys, export)
    assert found["reproduced"] is False
    assert found["counts"]["reproduced"] == 3
    assert any(complaint in remark for remark in found["remarks"])


@pytest.mark.parametrize("ending", FORMATS)
def test_ties_and_scores_at_the_floor_contradict_nothing(
    tmp_path: Path, grey_file: GreyFile, ending: str
) -> None:
    for number, brightness in enumerate((9, 60, 100, 107, 107, 108, 200, 200, 200, 255)):
        grey_file(f"in/{number}.png", brightness)
    assert verify(exported(tmp_path / f"scores{ending}", tmp_path / "in")) == 0


def test_percentiles_within_an_unknown_reference_and_of_a_part_are_not_judged(
    tmp_path: Path, export: Path
) -> None:
    sidecar = export.with_name("scores.run.json")
    record = json.loads(sidecar.read_text("utf-8"))
    record["run"]["references"][0]["mean"] = 0.1
    record["run"]["counts"]["ranked_among"] = 7
    sidecar.write_text(json.dumps(record), "utf-8")
    changed(export, "percentile", "99.0")
    changed(export, "rank", "6")
    assert verify(export) == 0


def edited(export: Path, edit: Callable[[dict[str, Any]], object]) -> Path:
    """Change what a JSON export holds."""
    content = json.loads(export.read_bytes())
    edit(content)
    export.write_text(json.dumps(content))
    return export


@pytest.mark.parametrize(
    ("column", "cell", "complaint"),
    [
        ("file", "c.png", "File names that are not those of the paths: 1 of 3."),
        ("file", "/c.png", "File names that are not those of the paths: 1 of 3."),
        ("percentile", None, "Images with a score and no percentile: 1 of 3."),
        ("reference", "MemCat", "The rows name other references than the run record does"),
        ("reference", None, "Images with a score and no reference: 1 of 3."),
        ("rank", None, "Images with a score and no rank: 1 of 3."),
        ("at_floor", None, "Images with a score and no mark “at_floor”: 1 of 3."),
        (
            "sensitivity_low",
            0.1,
            "Sensitivities of which a part is missing, or with ends in the wrong order: 1",
        ),
        ("sensitivity_recipe", "ten-crop", "The rows name other ways of measuring sensitivity"),
        ("status", "failed", "The run record counts 0 images that failed and the table holds 1"),
        ("status", "waiting", "The run record counts 0 waiting images and the table holds 1"),
        ("status", "well", "Statuses or errors that do not fit the scores: 1 of 3."),
        ("error", "It is broken.", "Statuses or errors that do not fit the scores: 1 of 3."),
        ("width", 7, "Widths or heights that are not those of the images: 1 of 3."),
        ("height", 7, "Widths or heights that are not those of the images: 1 of 3."),
        ("device", "cuda", "The rows name other scorers, weights, preprocessing or devices"),
    ],
)
def test_a_cell_that_was_changed_is_told(
    tmp_path: Path, album: Path, capsys: Capture, column: str, cell: object, complaint: str
) -> None:
    export = exported(tmp_path / "scores.json", album)
    edited(export, lambda content: content["images"][0].update({column: cell}))
    found = answer(capsys, export)
    assert (found["status"], found["reproduced"], found["counts"]["reproduced"]) == (1, False, 3)
    assert any(remark.startswith(complaint) for remark in found["remarks"])


@pytest.mark.parametrize(
    ("part", "key", "value", "complaint"),
    [
        ("counts", "failed", 1, "The run record counts 1 images that failed and the table holds 0"),
        ("counts", "waiting", 1, "The run record counts 1 waiting images and the table holds 0"),
        ("counts", "ranked_among", 2, "The run record has ranks among 2 images and the table holds 3 scores"),
        ("scores_made_by", "weights_sha256", "0" * 64, "The rows name other scorers"),
        ("scores_made_by", "n", 2, "The rows name other scorers"),
        ("references", "name", "MemCat", "The rows name other references"),
        ("references", "rows", 1, "The rows name other references"),
    ],
)
def test_a_run_record_of_other_images_is_told(
    tmp_path: Path, album: Path, capsys: Capture, part: str, key: str, value: object, complaint: str
) -> None:
    def edit(content: dict[str, Any]) -> None:
        found = content["run"][part]
        (found[0] if isinstance(found, list) else found)[key] = value

    found = answer(capsys, edited(exported(tmp_path / "scores.json", album), edit))
    assert (found["status"], found["reproduced"]) == (1, False)
    assert any(remark.startswith(complaint) for remark in found["remarks"])


@pytest.mark.parametrize("ending", FORMATS)
def test_what_sensitivities_and_failures_leave_contradicts_nothing(
    tmp_path: Path,
    album: Path,
    grey_file: GreyFile,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    scorer: FakeScorer,
    ending: str,
) -> None:
    monkeypatch.setattr(fakes, "EDGE", 227)  # sensitivities are measured on what ResMem looks at
    monkeypatch.setattr(scorer, "prepare", network_input)
    (album / "empty.png").write_bytes(b"")
    grey_file("album/sub/=c.png", 20)
    export = exported(tmp_path / f"scores{ending}", album, "--sensitivity", "small-shifts")
    capsys.readouterr()
    assert verify(export) == 0
    assert "\nNot checked: cautions, sensitivities.\n" in capsys.readouterr().out


def test_what_cannot_be_checked_is_said(tmp_path: Path, album: Path, capsys: Capture) -> None:
    def edit(content: dict[str, Any]) -> None:
        content["run"]["counts"]["ranked_among"] = 7
        content["run"]["references"][0]["n"] = 5
        content["images"][0] |= {"rating": 3, "pick": "picked"}

    found = answer(capsys, edited(exported(tmp_path / "scores.json", album), edit))
    assert found["status"] == 0
    assert found["not_checked"] == [
        "Ranks were not checked: they are those among 7 scored images, and the table holds 3.",
        "Percentiles within LaMem were not checked: there is no such reference here, or another one.",
        "Not checked: cautions, stars, picks.",
    ]


def test_a_table_that_was_saved_again_is_reproduced_and_no_longer_the_file(
    export: Path, capsys: Capture
) -> None:
    export.write_bytes(export.read_bytes().replace(b"\r\n", b"\n"))
    assert verify(export) == 0
    headline = capsys.readouterr().out.splitlines()[0]
    assert headline == f"{export}: reproduced, but it is not the file that was first written"


def test_a_path_of_another_system_has_its_name(tmp_path: Path, album: Path, capsys: Capture) -> None:
    def edit(content: dict[str, Any]) -> None:
        content["images"][0] |= {"path": "C:\\photos\\a.png", "file": "a.png"}

    found = answer(capsys, edited(exported(tmp_path / "scores.json", album), edit))
    assert found["counts"]["file missing"] == 1
    assert not any("File names" in remark for remark in found["remarks"])


def test_a_row_that_was_taken_out_is_no_reproduction(export: Path, capsys: Capture) -> None:
    lines = export.read_bytes().splitlines(keepends=True)
    export.write_bytes(b"".join(lines[:-1]))
    assert verify(export) == 1
    assert "2 of 2 scores were found again." in capsys.readouterr().out


@pytest.mark.parametrize("end", [0.3, 0.5, 0.9])
@pytest.mark.parametrize("ending", FORMATS)
def test_an_export_that_was_cut_off_says_so(
    tmp_path: Path, album: Path, capsys: Capture, ending: str, end: float
) -> None:
    export = exported(tmp_path / f"scores{ending}", album)
    content = export.read_bytes()
    export.write_bytes(content[: int(end * len(content))])
    capsys.readouterr()
    assert verify(export) == terminal.EXIT_WRONG_CALL
    sentence = capsys.readouterr().err
    assert sentence.startswith(f"resmem-gui: {export.name} ")
    assert sentence.endswith("It may be damaged or cut off: use the file as it was first written.\n")


@pytest.mark.parametrize(("cell", "hint"), [("nan", False), ("inf", True), ("-1", False), ("60", True)])
def test_a_number_that_is_no_score_is_told_with_the_likely_reason(
    export: Path, capsys: Capture, cell: str, hint: bool
) -> None:
    changed(export, "score", cell)
    assert verify(export) == terminal.EXIT_WRONG_CALL
    err = capsys.readouterr().err
    assert "is no score from 0 to 1" in err
    assert ("separator of thousands" in err) is hint


def test_a_reason_that_all_share_is_told_once(export: Path, capsys: Capture) -> None:
    export.write_text(export.read_text().replace("Fake 1.0", "Fake 0.9"))
    assert verify(export) == 1
    assert capsys.readouterr().out.count("installed is Fake 1.0") == 1


def test_the_name_of_the_export_cannot_steer_a_terminal(tmp_path: Path, album: Path, capsys: Capture) -> None:
    assert verify(exported(tmp_path / "\x1b[31m.csv", album)) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_half_a_character_in_a_path_is_a_missing_file(tmp_path: Path, album: Path, capsys: Capture) -> None:
    export = exported(tmp_path / "scores.json", album)
    content = json.loads(export.read_bytes())
    content["images"][0]["path"] = "/\ud800.png"
    export.write_text(json.dumps(content))
    for words in ([], ["--images", album / "sub"]):
        assert verify(export, *words) == 1
        assert "/\ufffd.png" in capsys.readouterr().out
