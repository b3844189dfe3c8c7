"""The real program in a real window, with the real weights, on real photographs."""

import csv
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from resmem_gui.export.table import COLUMNS
from resmem_gui.terminal import EXIT_SOME_FAILED, EXIT_WRONG_CALL
from tests.e2e.desktop import Desktop, wait_until

pytestmark = [pytest.mark.weights, pytest.mark.timeout(300)]

Program = subprocess.Popen[str]


def opened_window(screen: Desktop, program: Program) -> str:
    """Wait for the window, put it at the left and give it the focus."""
    wait_until(lambda: bool(screen.window_of(program)), 60, "the window")
    window = screen.window_of(program)
    screen.tool("windowsize", "--sync", window, "1150", "840")
    screen.tool("windowmove", "--sync", window, "5", "30")
    screen.tool("windowactivate", "--sync", window)
    return window


def read_table(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert tuple(reader.fieldnames or ()) == COLUMNS
        return {row["file"]: row for row in reader}


def check_against_reference(table: dict[str, dict[str, str]], reference: dict[str, float]) -> None:
    assert set(table) == {*reference, "broken.jpg"}
    for name, score in reference.items():
        assert float(table[name]["score"]) == pytest.approx(score, abs=1e-4)
        assert table[name]["status"] == "scored"
    best_first = sorted(reference, key=reference.__getitem__, reverse=True)
    assert [table[name]["rank"] for name in best_first] == [str(rank) for rank in range(1, 8)]
    assert table["broken.jpg"]["status"] == "failed"
    assert table["broken.jpg"]["error"] == "The file is cut off: part of the image is missing."


def test_a_folder_dropped_on_the_window_is_scored_and_exported(
    screen: Desktop, photographs: Path, reference_scores: dict[str, float], tmp_path: Path
) -> None:
    with screen.program() as program, screen.drag_source((1210, 300), photographs):
        window = opened_window(screen, program)
        assert screen.title(window) == "resmem_gui"
        screen.drag((1290, 360), (600, 400))
        screen.screenshot(tmp_path / "dropped.png")
        wait_until(lambda: "8 " in screen.title(window), 20, "the images in the window")
        wait_until(
            lambda: screen.title(window) == "8 images · 7 scored · 1 failed – resmem_gui",
            120,
            f"all scores; the title says {screen.title(window)}",
        )
        picture = tmp_path / "window.png"
        screen.screenshot(picture)
        target = tmp_path / "exported.csv"
        screen.tool("windowactivate", "--sync", window)
        screen.key("ctrl+e")
        wait_until(lambda: "Export Table" in screen.title(screen.tool("getactivewindow")), 20, "the dialog")
        screen.key("ctrl+a")
        screen.type(str(target))
        screen.key("Return")
        wait_until(target.exists, 20, "the exported file")
        screen.tool("windowactivate", "--sync", window)
        screen.key("ctrl+q")
        assert program.wait(timeout=20) == 0
        assert program.stdout is not None
        assert program.stdout.read() == "", "the program must not complain"
    check_against_reference(read_table(target), reference_scores)
    with Image.open(picture) as shown:
        # Thumbnails of photographs have thousands of colours; a window without them has some dozens.
        assert len(shown.convert("RGB").getcolors(1 << 24) or ()) > 5000


def test_closing_the_window_in_mid_run_ends_the_program(screen: Desktop, photographs: Path) -> None:
    for copy in range(10):
        for source in list(photographs.glob("*.png")):
            if "copy" not in source.name:
                # Other bytes after the end of the image: the same content would be scored only once.
                content = source.read_bytes() + bytes([copy])
                source.with_name(f"copy {copy} {source.name}").write_bytes(content)
    with screen.program(str(photographs)) as program:
        window = opened_window(screen, program)
        wait_until(lambda: bool(re.match("Scoring [1-9]", screen.title(window))), 60, "the first score")
        screen.tool("windowactivate", "--sync", window)
        asked = time.monotonic()
        screen.key("ctrl+q")
        wait_until(lambda: not screen.window_of(program), 3, "the window to be gone")
        assert program.wait(timeout=10) == 0
        print(f"ended {time.monotonic() - asked:.2f} s after it was asked to")  # noqa: T201 - a figure to look at
        assert program.stdout is not None
        assert program.stdout.read() == ""


def test_closing_the_window_while_the_network_loads_ends_the_program(
    screen: Desktop, photographs: Path
) -> None:
    with screen.program(str(photographs)) as program:
        window = opened_window(screen, program)
        wait_until(lambda: "of 8" in screen.title(window), 60, "the run")
        screen.tool("windowactivate", "--sync", window)
        screen.key("ctrl+q")
        wait_until(lambda: not screen.window_of(program), 3, "the window to be gone")
        assert program.wait(timeout=10) == 0


def run_in_terminal(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "resmem_gui", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )


def test_the_terminal_gives_the_same_scores(
    photographs: Path, reference_scores: dict[str, float], tmp_path: Path
) -> None:
    target = tmp_path / "scores.csv"
    done = run_in_terminal("score", str(photographs), "--output", str(target), "--batch-size", "3")
    assert done.returncode == EXIT_SOME_FAILED
    assert done.stdout == ""
    assert "1 of 8 images could not be scored" in done.stderr
    check_against_reference(read_table(target), reference_scores)


def test_without_a_display_it_names_the_terminal_command() -> None:
    done = run_in_terminal(DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert done.returncode == EXIT_WRONG_CALL
    assert done.stderr.count("\n") == 1
    assert "no display" in done.stderr
    assert "resmem-gui score" in done.stderr
