"""How long a folder takes to show its scores when all of it was scored before.

    python -m tests.benchmarks.recall [--files N]

The store is filled first, as a run would fill it. Then the real window opens the folder: found by path,
without reading a file; and again after the folder was renamed: found by content, each file read once. No
network is loaded; beside it stands what the system takes at least, to ask each file for its state and to read
it.
"""

import hashlib
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtTest import QTest

from resmem_gui.file_state import file_state
from resmem_gui.library.store import Store, StoredScore, default_store_path
from resmem_gui.outcomes import provenance_of
from resmem_gui.ui.application import create_application, create_window
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.window.main_window import MainWindow
from tests.benchmarks.common import argument_parser, print_heading, print_table, surroundings
from tests.benchmarks.event_loop import Pulse
from tests.benchmarks.probe import keep_settings_apart
from tests.benchmarks.scale import PacedScorer, make_many, rest, wait_until


@dataclass(frozen=True, slots=True)
class _Opening:
    """How the opening of a folder went, in seconds."""

    listed: float
    shown: float
    longest_gap: float


def main() -> int:
    """Measure and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--files", type=int, default=10_000, help="images in the folder (default: 10000)")
    options = parser.parse_args()
    with surroundings() as folder:
        print_heading(f"{options.files:,} images that were scored before, in the window")
        make_many(folder / "many", options.files)
        wait_for_settled_files()
        return _measure(folder / "many", options.files)


def wait_for_settled_files() -> None:
    """Wait until no file is so young that a change of it might not be noticed."""
    time.sleep(2.1)


def _measure(many: Path, files: int) -> int:
    scorer = PacedScorer()
    paths = sorted(map(str, many.iterdir()))
    states_s = _timed(lambda: [file_state(path) for path in paths])
    reading_s = _timed(lambda: [Path(path).read_bytes() for path in paths])
    _fill_store(scorer, paths)
    application = create_application(["recall"])
    keep_settings_apart()
    window, controller = create_window(lambda: scorer)
    window.show()
    QTest.qWaitForWindowExposed(window)
    rest(1.5)
    by_path = _open(window, controller, many, files)
    renamed = many.rename(many.with_name("renamed"))
    controller.clear()
    rest(1.0)
    by_content = _open(window, controller, renamed, files)
    rows = [
        ["by path", *_cells(by_path), f"{states_s:.2f} s (state of each file)", "2 s"],
        ["by content, after renaming", *_cells(by_content), f"{reading_s:.2f} s (reading each file)", ""],
    ]
    print_table(["found", "listed", "all scores shown", "longest gap", "the limit", "wanted"], rows)
    print(f"The network was {'' if scorer.may_load.is_set() else 'not '}loaded.")
    window.close()
    ended = controller.shut_down()
    application.processEvents()
    return 0 if ended else 1


def _timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def _fill_store(scorer: PacedScorer, paths: list[str]) -> None:
    """Keep a score for each file, as if it had been scored."""
    store, made_by = Store(default_store_path()), provenance_of(scorer)
    entries = []
    for number, path in enumerate(paths):
        content = Path(path).read_bytes()
        sha256, score = hashlib.sha256(content).hexdigest(), 0.42 + 0.5 * (number % 997) / 997
        stored = StoredScore(sha256, float(np.float32(score)), (320, 240), len(content), made_by)
        entries.append((path, file_state(path), stored))
    store.keep(entries)
    store.close()


def _open(window: MainWindow, controller: Controller, folder: Path, files: int) -> _Opening:
    pulse, model, library = Pulse(), controller.model, controller.library
    pulse.enter("opening")
    first, began = len(library), time.perf_counter()
    window.add_paths([str(folder)])
    wait_until(lambda: model.rowCount() == files)
    listed = time.perf_counter() - began
    wait_until(lambda: bool(np.isfinite(library.scores[first:]).all()))
    shown = time.perf_counter() - began
    rest(0.5)
    pulse.stop()
    return _Opening(listed, shown, max(pulse.seconds["opening"]))


def _cells(opening: _Opening) -> list[str]:
    return [f"{opening.listed:.2f} s", f"{opening.shown:.2f} s", f"{1000 * opening.longest_gap:.0f} ms"]


if __name__ == "__main__":
    sys.exit(main())
