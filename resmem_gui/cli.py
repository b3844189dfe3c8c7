"""The command line: opens the window, or scores in the terminal with the same engine."""

import argparse
import logging
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from resmem_gui import __version__, system, terminal
from resmem_gui.bench.command import BenchError, BenchOptions, measure
from resmem_gui.library.store import default_store_path
from resmem_gui.resources import resource
from resmem_gui.scoring.load_order import import_torch_before_qt
from resmem_gui.scoring.preprocessing import FAST_DECODING_ERROR
from resmem_gui.scoring.scorer import DEVICES, ScorerError

_EPILOG: Final = """\
To score in the terminal:   resmem-gui score PATHS...     (resmem-gui score --help)
To measure this machine:    resmem-gui bench [FOLDER]     (resmem-gui bench --help)
A file or folder that is called “score” or “bench” is opened with ./score or ./bench

All happens on this machine; no image is sent anywhere. ResMem's weights are for non-commercial use only.
"""

_SCORE_EPILOG: Final = """\
The CSV has one row an image, in the order found, with these columns: path, file, score, lamem_percentile,
rank, status, error, width, height, sha256, scorer, weights_sha256, preprocessing, device,
rating, pick.
“path” is always absolute. Scores run from 0 to 1; the network hardly answers below 0.41, and everything under
0.42 shares the last rank.

Exit status: 0 all images were scored; 1 some were not (their rows say why) or none was found; 2 wrong call;
130 interrupted (what was scored by then is written).
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status."""
    logging.basicConfig(format="resmem-gui: %(levelname)s: %(message)s", level=logging.WARNING)
    # Pillow warns of damaged metadata; whatever keeps an image from being decoded stands in its row.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["score"]:
        options = vars(_score_parser().parse_args(words[1:]))
        store = default_store_path() if options.pop("cache") else None
        return terminal.score(terminal.ScoreOptions(**options, store=store))
    if words[:1] == ["bench"]:
        return _bench(BenchOptions(**vars(_bench_parser().parse_args(words[1:]))))
    return _open_window(_window_parser().parse_args(words).paths)


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="resmem-gui",
        description="Opens a window that tells which of your images people will remember.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"resmem-gui {__version__}")
    parser.add_argument("paths", nargs="*", metavar="FILE|FOLDER", help="what to open")
    return parser


def _score_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="resmem-gui score",
        description="Scores images and writes a CSV table.",
        epilog=_SCORE_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file or a folder")
    parser.add_argument(
        "--output", "-o", type=Path, metavar="FILE", help="write the CSV here (default: standard output)"
    )
    _add_device(parser)
    parser.add_argument(
        "--batch-size", type=_positive, metavar="N", help="images at once (default: suits the device)"
    )
    parser.add_argument(
        "--recursive",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="look into subfolders too (default: yes)",
    )
    _add_recipe(parser)
    parser.add_argument(
        "--no-cache",
        dest="cache",
        action="store_false",
        help="score every image, and leave the store of scores alone (default: what was scored before, "
        "here or in the window, is not scored again)",
    )
    parser.add_argument("--quiet", "-q", action="store_true", help="no progress bar")
    return parser


def _add_device(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--device", choices=DEVICES, default="auto", help="where the network runs (default: auto)"
    )


def _add_recipe(parser: argparse.ArgumentParser) -> None:
    """Add how images are prepared for the network."""
    parser.add_argument(
        "--as-stored",
        dest="upright",
        action="store_false",
        help="ignore the EXIF orientation, as the package resmem does (default: turn images upright)",
    )
    parser.add_argument(
        "--fast-decoding",
        action="store_true",
        help="decode large JPEG files at a reduced scale, in half the time; changes their scores "
        f"{FAST_DECODING_ERROR} (default: in full, which is exact)",
    )


def _bench_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="resmem-gui bench",
        description="Measures how fast this machine scores and what limits it; takes about a minute.",
    )
    parser.add_argument(
        "folder", nargs="?", metavar="FOLDER", help="measure with images in here (default: made ones)"
    )
    _add_device(parser)
    parser.add_argument("--json", dest="as_json", action="store_true", help="figures for programs")
    return parser


def _bench(options: BenchOptions) -> int:
    try:
        report = measure(options, terminal.say)
    except (BenchError, ScorerError) as error:
        terminal.say(str(error))
        return terminal.EXIT_WRONG_CALL
    except KeyboardInterrupt:
        return terminal.EXIT_INTERRUPTED
    print(report)  # noqa: T201 - this is what was asked for
    return terminal.EXIT_ALL_SCORED


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a whole number, 1 or more")
    return int(text)


def _open_window(paths: list[str]) -> int:
    """Open the window, or say in one sentence why there can be none."""
    problem = _window_problem()
    if problem:
        terminal.say(problem)
        return terminal.EXIT_WRONG_CALL
    import_torch_before_qt()
    from resmem_gui.ui.application import run  # Qt must not be loaded before the checks above

    return run(paths)


def _window_problem() -> str | None:
    if sys.platform != "linux":
        return None
    problem = system.display_problem(os.environ)
    if problem:
        return problem
    listing = resource("packaging/system-libraries.txt").read_text(encoding="utf-8")
    missing = {library.soname: library.package for library in system.missing_libraries(listing)}
    return system.how_to_install(missing) if missing else None
