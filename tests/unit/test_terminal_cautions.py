"""Cautions in the terminal: also where a score comes from the store, and nobody has looked at the pixels."""

import csv
import io
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from resmem_gui import cli, outcomes, terminal
from resmem_gui.images.decoding import decode
from resmem_gui.images.errors import ImageError
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.traits import Traits
from tests.unit.fakes import FakeScorer

GreyFile = Callable[[str, int], str]
Capture = pytest.CaptureFixture[str]


class Looks:
    """Looks at pixels and counts."""

    def __init__(self) -> None:
        self.sizes: list[tuple[int, int]] = []

    def __call__(self, pixels: Image.Image, frames: int) -> Traits:
        self.sizes.append(pixels.size)
        return Traits(faces=0, face_share=0.0, text_share=0.0, graphic=0.0, frames=1, fingerprint=b"")


@pytest.fixture(autouse=True)
def scorer(monkeypatch: pytest.MonkeyPatch) -> FakeScorer:
    """The scorer of the commands."""
    fake = FakeScorer()
    monkeypatch.setattr(terminal, "create_scorer", lambda: fake)
    return fake


@pytest.fixture(autouse=True)
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    """What looks at pixels."""
    looks = Looks()
    monkeypatch.setattr(terminal, "traits_of", looks)
    return looks


@pytest.fixture(autouse=True)
def store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where scores are kept, empty at the beginning of each test."""
    path = tmp_path_factory.mktemp("data") / "scores.sqlite"
    monkeypatch.setattr(cli, "default_store_path", lambda: path)
    return path


@pytest.fixture
def album(tmp_path: Path, grey_file: GreyFile, looks: Looks) -> Path:
    """A folder of images that `evaluate` has scored, which looks at no pixels."""
    settled = time.time() - 3600
    for number in range(5):
        os.utime(grey_file(f"album/{number}.png", 50 * number), (settled, settled))
    truth = tmp_path / "people.csv"
    truth.write_text(
        "image,memorability\n" + "".join(f"{number}.png,0.{number + 4}\n" for number in range(5))
    )
    assert cli.main(["evaluate", str(tmp_path / "album"), "--truth", str(truth), "-q"]) == 0
    assert looks.sizes == []
    return tmp_path / "album"


def table(capture: Capture, *words: object, status: int = 0) -> list[dict[str, str]]:
    """Score, and return the table."""
    capture.readouterr()
    assert cli.main(["score", *map(str, words), "-q"]) == status
    return list(csv.DictReader(io.StringIO(capture.readouterr().out, newline=""), strict=True))


def test_scores_that_came_without_cautions_get_them(
    album: Path, capsys: Capture, scorer: FakeScorer, looks: Looks
) -> None:
    scorer.batches.clear()
    (album / "copy.png").write_bytes((album / "0.png").read_bytes())
    for looked in (5, 0):
        looks.sizes.clear()
        assert [row["cautions"] for row in table(capsys, album)] == ["small"] * 6
        assert len(looks.sizes) == looked
    assert scorer.batches == []


def test_looking_has_a_progress_bar_of_its_own(album: Path, capsys: Capture) -> None:
    for is_shown in (True, False):
        assert cli.main(["score", str(album)]) == 0
        assert ("cautions: " in capsys.readouterr().err) is is_shown


def test_images_scored_as_stored_are_looked_at_as_people_see_them(
    tmp_path: Path, capsys: Capture, looks: Looks
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    Image.new("L", (400, 300), 99).save(tmp_path / "a.jpg", exif=exif)
    assert table(capsys, tmp_path / "a.jpg", "--as-stored")[0]["cautions"] == "none"
    assert looks.sizes == [(300, 400)]


@pytest.mark.parametrize("error", [ZeroDivisionError, None])
def test_an_image_that_cannot_be_looked_at_keeps_its_score(
    album: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: type[Exception] | None,
) -> None:
    def broken(path: str) -> None:
        raise error or ImageError("It is gone.")

    monkeypatch.setattr(outcomes, "decode", broken)
    found = table(capsys, album)
    # What follows from the size alone is known all the same.
    assert {(row["status"], row["cautions"]) for row in found} == {("scored", "small")}
    assert ("0.png besides its score" in caplog.text) is (error is not None)


def test_what_has_another_content_by_now_is_not_taken_for_what_was_scored(
    album: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, looks: Looks
) -> None:
    other = str(album / "1.png")
    monkeypatch.setattr(outcomes, "decode", lambda path: decode(other))
    noted: list[int] = []
    monkeypatch.setattr(terminal, "note_traits", lambda library, image_id, traits: noted.append(image_id))
    table(capsys, album)
    assert len(looks.sizes) == 5
    assert noted == [1] * 5


def test_an_interruption_while_looking_writes_all_scores(
    album: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(self: ScoreMemory, traits: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ScoreMemory, "keep_traits", interrupt)
    found = table(capsys, album, status=terminal.EXIT_INTERRUPTED)
    assert [row["status"] for row in found] == ["scored"] * 5
