"""The command line: opens the window, or works in the terminal with the same engine."""

import argparse
import logging
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Final

from resmem_gui import __version__, system, terminal
from resmem_gui.bench.command import BenchError, BenchOptions, measure
from resmem_gui.commands import evaluate, score, verify
from resmem_gui.commands.arguments import (
    Parsers,
    SafeParser,
    add_device,
    add_scoring,
    named,
    paragraphs,
    scoring_options,
)
from resmem_gui.commands.printing import SafeFormatter, print_answer
from resmem_gui.library.store import default_store_path
from resmem_gui.resources import resource
from resmem_gui.scoring.load_order import import_torch_before_qt
from resmem_gui.scoring.scorer import ScorerError

_EPILOG: Final = """\
To work in the terminal:

  resmem-gui score PATHS...                score images and write a table
  resmem-gui evaluate IMAGES --truth FILE  compare scores with those of people
  resmem-gui verify EXPORT                 score the images of an export again
  resmem-gui bench [FOLDER]                measure how fast this machine scores

Each tells more with --help, such as “resmem-gui score --help”. To open a file
or folder that has the name of a command, write ./NAME

All happens on this machine; no image is sent anywhere. ResMem's weights are for
non-commercial use only.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status."""
    log = logging.StreamHandler()
    log.setFormatter(SafeFormatter("resmem-gui: %(levelname)s: %(message)s"))
    logging.basicConfig(handlers=[log], level=logging.WARNING)
    # Pillow warns of damaged metadata; whatever keeps an image from being decoded stands in its row.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] in _COMMANDS:
        options = _commands_parser().parse_args(words)
        try:
            return _COMMANDS[options.command](options)
        except KeyboardInterrupt:  # beside the places where commands have something to keep
            terminal.say("interrupted.")
            return terminal.EXIT_INTERRUPTED
    return _open_window(_window_parser().parse_args(words).paths)


def _window_parser() -> SafeParser:
    parser = SafeParser(
        prog="resmem-gui",
        description="Opens a window that estimates which of your images people will remember.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"resmem-gui {__version__}")
    parser.add_argument("paths", nargs="*", type=named, metavar="FILE|FOLDER", help="what to open")
    return parser


def _commands_parser() -> SafeParser:
    """Return what reads a call of a command; the window's own parser takes any word for a path."""
    parser = SafeParser(prog="resmem-gui")
    commands = parser.add_subparsers(dest="command", required=True)
    score.add_parser(commands)
    _add_evaluate(commands)
    verify.add_parser(commands)
    _add_bench(commands)
    return parser


def _add_evaluate(commands: Parsers) -> None:
    parser = commands.add_parser(
        "evaluate",
        help="compare scores with those of people",
        description="Compares the scores of images with what people were measured to remember.",
        epilog=paragraphs(evaluate.EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    evaluate.add_arguments(parser)
    add_scoring(parser)


def _add_bench(commands: Parsers) -> None:
    parser = commands.add_parser(
        "bench",
        help="measure how fast this machine scores",
        description="Measures how fast this machine scores and what limits it; takes about a minute.",
        epilog="Exit status: 0 measured; 2 wrong call, no image to measure with, or the answer could not "
        "be written; 130 interrupted.",
    )
    parser.add_argument(
        "folder",
        nargs="?",
        metavar="FOLDER",
        help="measure with the images in here (default: with images made for it)",
    )
    add_device(parser)
    parser.add_argument(
        "--json", dest="as_json", action="store_true", help="print the figures as JSON, for programs"
    )


def _score(options: argparse.Namespace) -> int:
    return score.score(
        score.ScoreOptions(
            paths=options.paths,
            output=options.output,
            reference=options.reference,
            sensitivity=options.sensitivity,
            scoring=scoring_options(options, default_store_path(), cautions=True),
        )
    )


def _evaluate(options: argparse.Namespace) -> int:
    return evaluate.evaluate_command(
        evaluate.EvaluateOptions(
            paths=options.paths,
            truth=options.truth,
            key=options.key,
            score=options.score,
            category=options.category,
            people=options.people,
            source=options.source,
            seed=options.seed,
            as_json=options.as_json,
            scoring=scoring_options(options, default_store_path()),
        )
    )


def _bench(options: argparse.Namespace) -> int:
    try:
        report = measure(BenchOptions(options.folder, options.device, options.as_json), terminal.say)
    except (BenchError, ScorerError) as error:
        terminal.say(str(error))
        return terminal.EXIT_WRONG_CALL
    return terminal.EXIT_ALL_SCORED if print_answer(f"{report}\n") else terminal.EXIT_WRONG_CALL


#: What runs for the first word of a call.
_COMMANDS: Final[dict[str, Callable[[argparse.Namespace], int]]] = {
    "score": _score,
    "evaluate": _evaluate,
    "verify": verify.run,
    "bench": _bench,
}


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
