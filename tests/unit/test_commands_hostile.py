"""What nobody should do to the commands and somebody does: names, outputs and calls that are against them."""

import errno
import io
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from resmem_gui import cli, terminal
from resmem_gui.commands import output, verification
from resmem_gui.commands.output import output_problem
from resmem_gui.commands.printing import SafeFormatter
from resmem_gui.export.columns import COLUMNS
from resmem_gui.export.path_texts import for_terminal
from resmem_gui.scoring.scorer import ScorerError
from resmem_gui.traits import Traits
from tests.unit.fakes import FakeScorer

GreyFile = Callable[[str, int], str]
Capture = pytest.CaptureFixture[str]

#: Steers terminals: sequences of 7 and of 8 bits, a bell, other directions, line ends of all kinds.
STEERING = ["\x1b[31m", "\x9b2J", "\x07", "\u202e", "\u2066", "\n", "\r", "\x85", "\u2028", "\udcff"]
ONLY_POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")


@pytest.fixture(autouse=True)
def scorer(monkeypatch: pytest.MonkeyPatch) -> FakeScorer:
    """The scorer of all commands."""
    fake = FakeScorer()
    for module in (terminal, verification):
        monkeypatch.setattr(module, "create_scorer", lambda: fake)
    plain = Traits(faces=0, face_share=0.0, text_share=0.0, graphic=0.0, frames=1, fingerprint=b"")
    monkeypatch.setattr(terminal, "traits_of", lambda pixels, frames: plain)
    return fake


@pytest.fixture(autouse=True)
def store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where scores are kept, empty at the beginning of each test."""
    path = tmp_path_factory.mktemp("data") / "scores.sqlite"
    monkeypatch.setattr(cli, "default_store_path", lambda: path)
    return path


@pytest.fixture
def refuge(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(folder))
    return folder


def call(*words: object) -> int:
    return cli.main([*map(str, words)])


def refused(*words: object) -> int:
    with pytest.raises(SystemExit) as ended:
        call(*words)
    return int(str(ended.value.code))


# --- what reaches the terminal -------------------------------------------------------------------


@ONLY_POSIX
@pytest.mark.parametrize("steering", STEERING)
def test_no_name_steers_the_terminal(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, steering: str
) -> None:
    folder = Path(grey_file("in/a.png", 153)).parent.rename(tmp_path / f"in{steering}")
    path = (folder / "a.png").rename(folder / f"{steering}a.png")
    missing = f"{tmp_path}/none{steering}.csv"
    call("score", path, "-o", tmp_path / "scores.csv")
    call("score", path, "-o", f"{tmp_path}/{steering}/scores.csv")
    call("score", path, "--reference", missing)
    call("evaluate", path, "--truth", missing)
    call("verify", missing)
    call("verify", tmp_path / "scores.csv", "--images", missing)
    refused("score", path, f"--un{steering}known")
    _, err = capsys.readouterr()
    bars = err.replace("\r", "\n")  # as the progress bar goes back to the beginning of its line
    assert not {letter for letter in bars if not letter.isprintable()} - {"\n"}
    others = ("usage:", " ", "a fake", "resmem-gui score: error:")
    assert all(line.startswith(("resmem-gui", *others)) for line in bars.splitlines() if line)


def test_what_is_logged_does_not_steer_the_terminal_and_keeps_its_traceback() -> None:
    try:
        float("no number")
    except ValueError:
        record = logging.LogRecord("a", logging.ERROR, "a.py", 1, "%s\n", ("\x1b[31m",), sys.exc_info())
    first, *traceback = SafeFormatter("%(message)s").format(record).splitlines()
    assert first == "\ufffd[31m\ufffd"
    assert traceback[-1] == "ValueError: could not convert string to float: 'no number'"


def test_a_long_name_leaves_the_progress_bar_on_its_line(grey_file: GreyFile, capsys: Capture) -> None:
    call("score", grey_file(f"{'x' * 200}.png", 153))
    err = capsys.readouterr().err
    assert f"{'x' * 20}…{'x' * 15}.png" in err
    assert "x" * 41 not in err


@pytest.mark.parametrize(
    "name",
    [
        "9.41.00\u202fPM.png",
        "数\u3000字.png",
        "a\u00a0b.png",
        "می\u200cخواهم.png",
        "👩\u200d🔬.png",
        "naïve.png",
    ],
)
def test_names_of_all_languages_are_shown_as_they_are(name: str) -> None:
    assert for_terminal(name) == name


@ONLY_POSIX
def test_the_table_is_exact_in_a_pipe_and_harmless_in_a_terminal(
    grey_file: GreyFile, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = grey_file("\x1b[31ma\x9b.png", 153)
    call("score", path, "-q")
    assert path in capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    call("score", path, "-q")
    shown = capsys.readouterr().out
    assert "\ufffd[31ma\ufffd.png,0.600000" in shown
    assert not {"\x1b", "\x9b"} & set(shown)


@ONLY_POSIX
def test_an_answer_for_programs_is_harmless_in_a_terminal_too(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        grey_file(f"in/\x9b{number}.png", 60 * number)
    truth = tmp_path / "truth.csv"
    truth.write_text("image,memorability\n" + "".join(f"\x9b{n}.png,0.{5 + n}\n" for n in range(4)), "utf-8")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert call("evaluate", tmp_path / "in", "--truth", truth, "--json", "-q") == 0
    assert "\x9b" not in capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False)
    assert call("evaluate", tmp_path / "in", "--truth", truth, "--json", "-q") == 0
    assert "\x9b" in json.loads(capsys.readouterr().out)["pairs"][0]["path"]


# --- calls ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["score", ""], ["evaluate", "", "--truth", "t.csv"], [""]])
def test_an_empty_name_is_not_the_folder_one_is_in(
    words: list[str], grey_file: GreyFile, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    grey_file("a.png", 153)
    monkeypatch.chdir(tmp_path)
    assert refused(*words) == 2
    assert "an empty name was given" in capsys.readouterr().err


def test_an_interruption_anywhere_is_a_sentence(
    grey_file: GreyFile, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("resmem_gui.commands.score.write_output", interrupt)
    assert call("score", grey_file("a.png", 153), "-q") == terminal.EXIT_INTERRUPTED
    assert capsys.readouterr().err == "resmem-gui: interrupted.\n"


# --- where the table goes ------------------------------------------------------------------------


def test_a_name_that_is_too_long_is_told_before_anything_is_scored(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, scorer: FakeScorer
) -> None:
    for length in (300, 252):  # the second: only the run record's name is too long
        output_file = tmp_path / f"{'x' * (length - 4)}.csv"
        assert call("score", grey_file("a.png", 153), "-o", output_file, "-q") == terminal.EXIT_WRONG_CALL
        assert "File name too long. Name another file." in capsys.readouterr().err
    assert scorer.batches == []


@ONLY_POSIX
def test_a_link_that_leads_to_itself_is_told_before_anything_is_scored(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, scorer: FakeScorer
) -> None:
    loop = tmp_path / "loop.csv"
    loop.symlink_to(loop)
    assert call("score", grey_file("a.png", 153), "-o", loop) == terminal.EXIT_WRONG_CALL
    assert "a link that leads back to itself" in capsys.readouterr().err
    assert scorer.batches == []


def test_a_file_in_the_place_of_the_run_record_is_told_before_anything_is_scored(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, scorer: FakeScorer
) -> None:
    (tmp_path / "scores.run.json").write_text("mine")
    path = grey_file("in/a.png", 153)
    assert call("score", path, "-o", tmp_path / "scores.csv") == terminal.EXIT_WRONG_CALL
    assert "scores.run.json" in capsys.readouterr().err
    assert scorer.batches == []


@pytest.mark.parametrize("name", ["a.csv", "a.json"])
@pytest.mark.parametrize("by", ["folder", "name", "link"])
def test_no_table_replaces_an_image_whatever_that_is_called(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, scorer: FakeScorer, name: str, by: str
) -> None:
    image = Path(grey_file("in/a.png", 153)).rename(tmp_path / "in" / name)
    content = image.read_bytes()
    output = image
    if by == "link":
        output = tmp_path / f"link{image.suffix}"
        output.symlink_to(image)
    assert call("score", image if by == "name" else image.parent, "-o", output) == terminal.EXIT_WRONG_CALL
    assert capsys.readouterr().err == f"resmem-gui: {output} is one of the images. Name another file.\n"
    assert image.read_bytes() == content
    assert scorer.batches == []
    assert call("score", image, "-q", "-o", tmp_path / "scores.csv") == 0


def test_what_may_not_be_written_is_told_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = tmp_path / "there.json"
    there.write_text("old")
    protected = {str(there)}
    monkeypatch.setattr(os, "access", lambda path, mode: str(path) not in protected)
    assert output_problem(there) == (
        f"{there} is write-protected. Name another file, or allow it to be changed."
    )
    protected.add(str(tmp_path))
    assert output_problem(tmp_path / "new.json") == (
        f"The folder of {tmp_path / 'new.json'} may not be written to. Name a file in another folder."
    )


def test_a_table_saved_as_json_is_not_taken_for_the_run_record_of_another(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture
) -> None:
    path = grey_file("in/a.png", 153)
    table = tmp_path / "scores.run.json"
    assert call("score", path, "-o", table, "-q") == 0
    before = table.read_bytes()
    assert call("score", path, "-o", tmp_path / "scores.csv", "-q") == terminal.EXIT_WRONG_CALL
    assert table.read_bytes() == before
    assert "that is no run record" in capsys.readouterr().err


def test_tables_that_are_rescued_in_the_same_second_are_both_kept(
    tmp_path: Path, grey_file: GreyFile, refuge: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = grey_file("in/a.png", 153)
    monkeypatch.setattr(time, "strftime", lambda _: "20260101-000000")
    monkeypatch.setattr(output, "write_csv", refuse)
    for _ in range(2):
        assert call("score", path, "-q") == terminal.EXIT_WRONG_CALL
    assert len([*refuge.glob("*.csv")]) == 2


def test_a_network_that_cannot_be_loaded_takes_no_known_score_away(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, scorer: FakeScorer
) -> None:
    old = Path(grey_file("in/a.png", 153))
    os.utime(old, (1e9, 1e9))
    assert call("score", tmp_path / "in", "-q") == 0
    grey_file("in/b.png", 204)
    capsys.readouterr()
    scorer.loaded_on = ""
    scorer.load_errors["auto"] = ScorerError("The weights are gone.")
    assert call("score", tmp_path / "in", "-q") == terminal.EXIT_WRONG_CALL
    out, err = capsys.readouterr()
    assert [line.split(",")[2] for line in out.splitlines()[1:]] == ["0.600000", ""]
    assert err.splitlines() == [
        "resmem-gui: The weights are gone.",
        "resmem-gui: The table is written all the same, with 1 of 2 scores.",
    ]


def test_an_interruption_before_the_first_score_leaves_an_old_table_whole(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, scorer: FakeScorer
) -> None:
    def interrupt(batch: NDArray[np.uint8]) -> None:
        raise KeyboardInterrupt

    path, table = grey_file("in/a.png", 153), tmp_path / "scores.csv"
    assert call("score", path, "-o", table, "-q", "--no-cache") == 0
    before = table.read_bytes()
    scorer.answer = interrupt
    assert call("score", path, "-o", table, "-q", "--no-cache") == terminal.EXIT_INTERRUPTED
    assert table.read_bytes() == before
    assert f"{table} is left as it was" in capsys.readouterr().err


# --- evaluate ------------------------------------------------------------------------------------


def test_why_images_have_no_score_is_told(tmp_path: Path, grey_file: GreyFile, capsys: Capture) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text("image,memorability\n0.png,0.5\n1.png,0.6\n2.png,0.7\n")
    folder = Path(grey_file("in/0.png", 10)).parent
    for number in range(12):
        (folder / f"broken{number}.png").touch()
    assert call("evaluate", folder, tmp_path / "none.png", "--truth", truth, "-q") == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == f"resmem-gui: {folder / 'broken0.png'}: The file is empty (0 bytes)."
    assert lines[10].startswith("resmem-gui: 3 more images could not be scored")
    assert lines[11].startswith("resmem-gui: At least 3 images")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("image,memorability\n", "truth.csv has titles and no rows"),
        ('{"images": []}', "truth.csv: This is JSON"),
        ("", "truth.csv: The file is empty"),
        ('image,score\na.png,0.5\n"b.png,0.6\nc.png,0.7\n', "truth.csv: Line 3: a quotation mark opens here"),
        ('image,score\na.png,0.5\n"b.png,0.6', "truth.csv: Line 3: a quotation mark opens here"),
    ],
)
def test_a_truth_that_is_none_is_told_with_its_name(
    tmp_path: Path, grey_file: GreyFile, capsys: Capture, content: str, complaint: str
) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text(content)
    assert call("evaluate", grey_file("a.png", 9), "--truth", truth, "-q") == terminal.EXIT_WRONG_CALL
    assert complaint in capsys.readouterr().err


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
        ["bash", "-c", command, "bash", sys.executable, "-c", PROGRAM, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env=os.environ | variables,
    )


@ONLY_POSIX
def test_a_closed_standard_output_loses_no_table(tmp_path: Path, grey_file: GreyFile) -> None:
    done = shell('"$@" >&-', "score", grey_file("in/a.png", 153), "-q", TMPDIR=str(tmp_path))
    (rescued,) = tmp_path.glob("*.csv")
    assert done.returncode == terminal.EXIT_WRONG_CALL
    assert done.stderr == (
        "resmem-gui: Standard output could not be written: It is closed. "
        f"The table is in {rescued} instead.\n"
    )


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="needs /dev/stdout")
def test_a_pipe_that_has_no_path_can_be_written_to(tmp_path: Path, grey_file: GreyFile) -> None:
    path = grey_file("in/a.png", 153)
    done = shell('"$@" -o /dev/stdout | cat', "score", path, "-q", TMPDIR=str(tmp_path))
    assert (done.stdout.splitlines()[1].split(",")[0], done.stderr) == (path, "")
    assert [*tmp_path.glob("*.csv")] == []


def test_standard_output_of_any_encoding_takes_any_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Half a character stands in names on Windows, and in sessions that come from there."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    row = ("/a\ud800b\udcff.png", *[None] * (len(COLUMNS) - 1))
    output.print_csv([row])
    stream.seek(0)
    expected = b"/a\xef\xbf\xbdb\xff.png" if os.name != "nt" else b"/a\xed\xa0\x80b\xed\xb3\xbf.png"
    assert expected in stream.buffer.read()
