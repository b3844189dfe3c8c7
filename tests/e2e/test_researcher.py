"""A memory researcher's way through the real program: from a folder of stimuli to a paper's supplement.

The window scores everything once; the terminal then finds the scores in the store. What is seen can be looked
at, and varied, by environment variables:

    RESEARCHER_PICTURES=FOLDER       where the screenshots, and all that was written, go
    RESEARCHER_SIZE=800x600          of the window
    RESEARCHER_APPEARANCE=Dark       as in the menu
    RESEARCHER_README=FOLDER         where the picture for the README goes

The README's picture is made by

    RESEARCHER_README=packaging/screenshots python -m pytest tests/e2e/test_researcher.py
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from PIL import Image

from resmem_gui.terminal import EXIT_ALL_SCORED, EXIT_SOME_FAILED
from tests.e2e.desktop import desktop, wait_until
from tests.e2e.evening import PATIENCE_S, Evening, colours, sha256
from tests.e2e.study import (
    ANIMATION,
    BROKEN,
    COPY,
    FORMULA,
    LOST,
    PILOT,
    SMALL,
    STIMULI,
    UNRATED,
    Desk,
    is_small,
    make_stimuli,
    write_truth,
)
from tests.e2e.supplement import (
    IN_LIST,
    REFERENCE,
    ROUNDING,
    TITLE,
    Fields,
    check_figures,
    check_lists,
    check_report,
    check_session,
    check_table,
    plain,
    read_table,
    scores_of,
)

pytestmark = [pytest.mark.weights, pytest.mark.timeout(900)]

_SIZE: Final = tuple(map(int, os.environ.get("RESEARCHER_SIZE", "1280x820").split("x")))
_REFERENCE_PLACE: Final = 4  # below LaMem, MemCat, and its animals and food
_SMALL_PLACE: Final = 3  # below face, text and graphic
#: Where the notice of the empty window is closed.
_NOTICE_OF_EMPTY_WINDOW: Final = (-18, 71)
#: How far from the end of the File menu an entry stands.
_FROM_END: Final = {"Lists": 2, "Evaluate": 3, "Report": 4}
#: Under notices and chips.
_FIRST_IMAGE: Final = (90, 260)
_ENDINGS: Final = (".csv", ".xlsx", ".json", ".parquet")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    home = tmp_path / "home"
    home.mkdir()
    pictures = Path(os.environ.get("RESEARCHER_PICTURES", tmp_path / "pictures"))
    pictures.mkdir(exist_ok=True)
    appearance = os.environ.get("RESEARCHER_APPEARANCE")
    if appearance:
        settings = home / "config" / "resmem_gui" / "resmem_gui.conf"
        settings.parent.mkdir(parents=True)
        settings.write_text(f"[window]\nappearance={appearance}\n")
    files = make_stimuli(home / "Stimuli")
    with desktop(home, f"{_SIZE[0] + 20}x{_SIZE[1] + 50}") as screen:
        made = Desk(screen, pictures, files)
        write_truth(made.truth)
        yield made
    if "RESEARCHER_PICTURES" in os.environ:
        for written in home.iterdir():
            if written.is_file():
                shutil.copy(written, pictures)


@contextmanager
def window(desk: Desk) -> Iterator[Evening]:
    """Start the program and sit down at it; at the end it is quit, and must not have complained."""
    with desk.screen.program() as program:
        at = Evening(desk.screen, program, (_SIZE[0], _SIZE[1]), desk.pictures)
        yield at
        at.go_to_window()
        at.press("ctrl+q")
        assert program.wait(timeout=30) == 0
        assert program.stdout is not None
        assert program.stdout.read() == "", "the program must not complain"


def test_a_memory_researchers_way(desk: Desk) -> None:
    before = {path: sha256(path) for path in desk.files}
    with window(desk) as at:
        drop_the_folder(desk, at)
        compare_with_landscapes(desk, at)
        show_the_small(desk, at)
        measure_one(desk, at)
        look_at_the_distribution(desk, at)
        evaluate(desk, at)
        draw_lists(desk, at)
        report(desk, at)
        export(desk, at, "window.xlsx")
        last = at.saved_session(desk.session)
    table, run = read_table(desk.path("window.xlsx"))
    check_table(desk, table, run)
    check_session(last, table)
    check_lists(desk, table)
    check_report(desk, table, run)
    whole = score_everything(desk, table)
    check_evaluation(desk, whole)
    score_the_pilot(desk, table)
    verify_the_pilot(desk)
    assert {path: sha256(path) for path in desk.files} == before, "originals stay as they are"
    verify_what_has_changed(desk)


# In the window


def drop_the_folder(desk: Desk, at: Evening) -> None:
    at.click(*_NOTICE_OF_EMPTY_WINDOW)
    left, upper, width, _ = desk.screen.place_of(at.window)
    corner = left + width - 190, upper + 150
    count = len(desk.files)
    with desk.screen.drag_source(corner, desk.stimuli):
        desk.screen.drag((corner[0] + 80, corner[1] + 60), (left + width // 3, upper + 250))
        at.wait_for_title(f"of {count}")
    at.go_to_window()
    at.wait_for_title(f"{count} images · {count - 1} scored · 1 failed – ", 3 * count + PATIENCE_S)
    at.press("Home")
    assert colours(at.look("01-scored")) > 5000, "photographs are to be seen"
    at.press("ctrl+shift+s")
    at.choose_file("Save Session", desk.session)
    wait_until(desk.session.exists, PATIENCE_S, "the session")
    at.wait_for_title("study – ")


def compare_with_landscapes(desk: Desk, at: Evening) -> None:
    at.press("alt+s", "w", "l", *["Down"] * _REFERENCE_PLACE, "Return")
    at.look("02-compared")
    assert at.saved_session(desk.session).header["reference"] == REFERENCE


def show_the_small(desk: Desk, at: Evening) -> None:
    small = {path for path in desk.files if path.name != Path(BROKEN).name and is_small(path)}
    assert desk.stimuli / SMALL in small
    at.press("ctrl+shift+f", "c", *["Down"] * _SMALL_PLACE, "space", "Escape", "Escape")
    at.wait_for_title(f" · {len(small)} shown")
    at.click(*_FIRST_IMAGE)
    at.press("Home")
    at.look("03-small")
    session = at.saved_session(desk.session)
    assert session.filter == {"cautions": ["small"]}
    (selected,) = session.values("selected")
    assert selected in small


def measure_one(desk: Desk, at: Evening) -> None:
    """Measure the image that stands first among the small ones, then show all again."""
    (chosen,) = at.saved_session(desk.session).values("selected")
    at.press("alt+s", "n")
    dialog = at.wait_for_dialog("Measure Sensitivity")
    at.look("04-sensitivity")
    at.press("Return")
    at.wait_for_end_of(dialog)
    measured: dict[Path, Any] = {}

    def is_measured() -> bool:
        measured.update(at.saved_session(desk.session).values("sensitivity"))
        return bool(measured)

    wait_until(is_measured, PATIENCE_S, "the sensitivity in the session")
    assert set(measured) == {chosen}
    at.look("04-measured")
    at.press("ctrl+shift+f", "a")
    wait_until(lambda: " shown" not in at.title, PATIENCE_S, "all images")


def look_at_the_distribution(desk: Desk, at: Evening) -> None:
    at.press("ctrl+shift+d")
    dialog = at.wait_for_dialog("Distribution")
    wait_until(lambda: is_drawn(desk, at, dialog), PATIENCE_S, "the two distributions")
    if folder := os.environ.get("RESEARCHER_README"):
        left, upper, width, height = desk.screen.place_of(dialog)
        with Image.open(at.look("05-distribution")) as picture:
            picture.crop((left, upper, left + width, upper + height)).save(
                Path(folder) / "distribution.png", optimize=True
            )
    at.press("Escape")
    at.wait_for_end_of(dialog)


def is_drawn(desk: Desk, at: Evening, dialog: str) -> bool:
    """Return whether the plot in the upper part of a window has colours in it."""
    left, upper, width, height = desk.screen.place_of(dialog)
    with Image.open(at.look("05-distribution")) as picture:
        plot = picture.convert("RGB").crop((left, upper + height // 5, left + width, upper + height // 2))
    channels = np.asarray(plot, dtype=np.int16)
    return int((np.ptp(channels, axis=2) > 60).sum()) > plot.size[0]


def evaluate(desk: Desk, at: Evening) -> None:
    choose(at, "Evaluate")
    at.wait_for_dialog("Evaluate Against People")
    at.press("alt+o")
    at.choose_file("Open Table of Human Scores", desk.truth)
    at.wait_for_dialog("Evaluate Against People")
    at.look("06-matched")
    press_for(desk, at, "alt+c", "Evaluation Against People")
    dialog = at.wait_for_dialog("Evaluation Against People")
    at.look("06-evaluation")
    at.press("alt+f")
    at.choose_file("Save Figures", desk.path("evaluation.json"))
    wait_until(desk.path("evaluation.json").exists, PATIENCE_S, "the figures")
    at.press("Escape")
    at.wait_for_end_of(dialog)


def draw_lists(desk: Desk, at: Evening) -> None:
    choose(at, "Lists")
    dialog = at.wait_for_dialog("Lists for an Experiment")
    at.press("alt+e")
    at.type(str(IN_LIST))
    at.press("Return")  # ends the number and does nothing else
    for name in ("conditions.csv", "stimuli.js"):
        press_for(desk, at, "alt+s", "Save Lists")
        at.choose_file("Save Lists", desk.path(name))
        wait_until(desk.path(name).exists, PATIENCE_S, name)
        at.wait_for_dialog("Lists for an Experiment")
    at.look("07-saved")
    at.press("Escape")
    at.wait_for_end_of(dialog)


def report(desk: Desk, at: Evening) -> None:
    choose(at, "Report")
    dialog = at.wait_for_dialog("Report")
    at.press("alt+t")
    at.type(TITLE)
    at.look("08-report")
    for key, name in (("alt+h", "report.html"), ("alt+p", "report.pdf")):
        at.press(key)
        at.choose_file("Save Report", desk.path(name))
        wait_until(desk.path(name).exists, PATIENCE_S, name)
        at.wait_for_dialog("Report")
    at.look("08-reported")
    at.press("Escape")
    at.wait_for_end_of(dialog)


def export(desk: Desk, at: Evening, name: str) -> None:
    at.press("ctrl+e")
    at.choose_file("Export Table", desk.path(name))
    wait_until(desk.path(name).exists, PATIENCE_S, name)
    at.look("09-exported")


def choose(at: Evening, entry: str) -> None:
    """Choose an entry of the File menu by the keyboard."""
    at.press("alt+f", *["Up"] * _FROM_END[entry])
    at.press("Return")


def press_for(desk: Desk, at: Evening, key: str, title: str) -> None:
    """Press what opens a window, again and again: a button may come to life only after a while."""
    screen = desk.screen

    def is_open() -> bool:
        at.press(key)
        deadline = time.monotonic() + 3
        while not (found := title in screen.title(screen.tool("getactivewindow"))):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        return found

    wait_until(is_open, PATIENCE_S, f"the window “{title}”")


# In the terminal


def in_terminal(desk: Desk, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "resmem_gui", *arguments],
        env=desk.screen.environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )


def score_everything(desk: Desk, known: dict[Path, Fields]) -> dict[Path, Fields]:
    """Write the table of all images: all scores come from the store, and are those of the window."""
    target = desk.path("scores.csv")
    done = in_terminal(desk, "score", str(desk.stimuli), "--output", str(target), "--reference", REFERENCE)
    assert done.returncode == EXIT_SOME_FAILED
    assert "1 of 27 images could not be scored" in done.stderr
    table, run = read_table(target)
    assert run["counts"]["recalled"] == len(scores_of(known))
    assert run["counts"]["computed"] == 0
    assert scores_of(table) == pytest.approx(scores_of(known), abs=ROUNDING)
    assert table[desk.stimuli / FORMULA]["file"] == "'=cmd.png", "no spreadsheet takes it for a formula"
    for path, row in table.items():
        for column in ("rank", "reference", "cautions", "status", "error", "sha256", "preprocessing"):
            assert row[column] == known[path][column], f"{column} of {path}"
    return table


def check_evaluation(desk: Desk, table: dict[Path, Fields]) -> None:
    done = in_terminal(desk, "evaluate", str(desk.stimuli), "--truth", str(desk.truth), "--json")
    assert done.returncode == EXIT_SOME_FAILED, "some rows and images have no partner"
    told = json.loads(done.stdout)
    places = {desk.stimuli / each.place: each.hit_rate for each in STIMULI if each.place != UNRATED}
    pairs = {Path(pair["path"]): (pair["predicted"], pair["measured"]) for pair in told["pairs"]}
    assert pairs == {path: (table[path]["score"], rate) for path, rate in places.items()}
    matching = told["matching"]
    assert [row["key"] for row in matching["rows_without_image"]] == [LOST]
    without = {desk.stimuli / place for place in (UNRATED, COPY, ANIMATION, BROKEN)}
    assert set(map(Path, matching["images_without_row"])) == without
    check_figures(told["evaluation"], *np.array(list(pairs.values())).T)
    saved = json.loads(desk.path("evaluation.json").read_text(encoding="utf-8"))
    assert saved["evaluation"]["figures"] == told["evaluation"]["figures"], "window and terminal say the same"
    assert saved["run"]["references"][0]["id"] == REFERENCE


def score_the_pilot(desk: Desk, known: dict[Path, Fields]) -> None:
    """Write the table of a few images in all formats; the first measures sensitivities, the others recall."""
    paths = [str(desk.stimuli / place) for place in PILOT]
    options = ("--reference", REFERENCE, "--sensitivity", "small-shifts")
    tables = []
    for ending in _ENDINGS:
        target = desk.path(f"pilot{ending}")
        done = in_terminal(desk, "score", *paths, "--output", str(target), *options)
        assert done.returncode == EXIT_ALL_SCORED, done.stderr
        table, run = read_table(target)
        tables.append({path: plain(row) for path, row in table.items()})
        assert run["references"][0]["id"] == REFERENCE
    assert tables[1:] == tables[:-1], "every format says the same"
    assert set(tables[0]) == {desk.stimuli / place for place in PILOT}
    for path, row in tables[0].items():
        assert row["score"] == pytest.approx(known[path]["score"], abs=ROUNDING)
        assert row["sensitivity_low"] <= row["score"] <= row["sensitivity_high"]


def verify_the_pilot(desk: Desk) -> None:
    for ending in _ENDINGS:
        done = in_terminal(desk, "verify", str(desk.path(f"pilot{ending}")))
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"pilot{ending}: reproduced" in done.stdout
        assert f"{len(PILOT)} of {len(PILOT)} scores were found again." in done.stdout


def verify_what_has_changed(desk: Desk) -> None:
    """Change one file, take another away, and verify the export of the window."""
    changed, gone = desk.stimuli / PILOT[0], desk.stimuli / UNRATED
    changed.write_bytes((desk.stimuli / COPY).read_bytes())
    gone.unlink()
    done = in_terminal(desk, "verify", str(desk.path("window.xlsx")), "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert not told["reproduced"]
    other = {image["path"]: image["verdict"] for image in told["images"] if image["verdict"] != "reproduced"}
    assert other == {str(changed): "content changed", str(gone): "file missing"}
    assert told["counts"]["reproduced"] == len(desk.files) - 3
    assert told["counts"]["without score in the export"] == 1
