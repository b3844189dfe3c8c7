"""The real program, killed without warning again and again: what was scored stays scored."""

import csv
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.conftest import PHOTOGRAPHS
from tests.e2e.desktop import Desktop, wait_until

pytestmark = [pytest.mark.weights, pytest.mark.timeout(400)]

_IMAGES = 30
_KILLS = 4
#: The batch in flight may be lost, no more.
_BATCH = 2
_MOMENTS = random.Random(20261122)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Return a folder of photographs, each another cut-out."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(_IMAGES):
        with Image.open(PHOTOGRAPHS[number % len(PHOTOGRAPHS)]) as original:
            image = original.convert("RGB")
        left, upper = 3 * number, 2 * number
        image.crop((left, upper, image.width, image.height)).save(folder / f"{number}.jpg", quality=90)
    past = time.time() - 60  # long settled, as a person's photographs are
    for path in folder.iterdir():
        os.utime(path, (past, past))
    return folder


def kept(home: Path) -> int:
    """Return how many scores are in the store, whatever state its program left it in."""
    store = home / "data" / "resmem_gui" / "scores.sqlite"
    if not store.exists():
        return 0
    with closing(sqlite3.connect(store, timeout=30)) as connection:
        try:
            (count,) = connection.execute("SELECT count(*) FROM scores").fetchone()
        except sqlite3.OperationalError:
            return 0  # its tables are being made
        return int(count)


def score(folder: Path, home: Path, *options: str) -> "subprocess.Popen[str]":
    folders = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "CACHE", "DATA")}
    command = [
        sys.executable,
        "-m",
        "resmem_gui",
        "score",
        str(folder),
        "--batch-size",
        str(_BATCH),
        *options,
    ]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env={**os.environ, **folders}, stdout=pipe, stderr=pipe, text=True)


def scores(output: str) -> dict[tuple[str, str], float]:
    return {(row["file"], row["sha256"]): float(row["score"]) for row in csv.DictReader(output.splitlines())}


def test_a_killed_run_goes_on_where_it_stopped_and_ends_with_the_same_scores(
    many: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    undisturbed, complaints = score(many, tmp_path / "other", "--no-cache", "--quiet").communicate(
        timeout=200
    )
    assert len(scores(undisturbed)) == _IMAGES, complaints
    assert not (tmp_path / "other" / "data" / "resmem_gui" / "scores.sqlite").exists()

    before = 0
    for _ in range(_KILLS):
        program = score(many, home, "--quiet")
        wait_until(lambda before=before: kept(home) > before, 100, "a first new score")  # type: ignore[misc]
        time.sleep(_MOMENTS.uniform(0, 0.8))
        seen = kept(home)
        program.send_signal(signal.SIGKILL)
        program.communicate(timeout=20)
        before = kept(home)
        assert before >= seen, "a score that was kept is gone"
    assert before < _IMAGES, "killed too late to tell anything: more images are needed"

    output, told = score(many, home).communicate(timeout=200)
    recalled = re.search(rf"(\d+) of {_IMAGES} images were scored before", told)
    assert recalled is not None, told
    assert int(recalled[1]) == before, "what is kept is not scored again"
    # In another batch a score may differ by 1e-7, which may round another way.
    assert scores(output) == pytest.approx(scores(undisturbed), abs=2e-6)
    assert kept(home) == _IMAGES


def test_a_killed_window_has_kept_its_scores(screen: Desktop, many: Path) -> None:
    with screen.program(str(many)) as program:
        wait_until(lambda: kept(screen.home) > _BATCH, 100, "first scores")
        program.send_signal(signal.SIGKILL)
        program.wait(timeout=20)
    before = kept(screen.home)
    assert before < _IMAGES
    with screen.program(str(many)) as program:
        wait_until(lambda: bool(screen.window_of(program)), 60, "the window")
        window = screen.window_of(program)
        done = f"{_IMAGES} images · {_IMAGES} scored"
        wait_until(lambda: screen.title(window).startswith(done), 100, "all scores")
    assert kept(screen.home) == _IMAGES
