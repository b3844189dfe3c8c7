"""`resmem-gui score`: scores images and writes the table."""

import argparse
import io
import sys
import tempfile
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from resmem_gui.commands.arguments import Parsers, add_scoring
from resmem_gui.commands.references import NoReferenceError, chosen_reference
from resmem_gui.export.columns import COLUMNS
from resmem_gui.export.delimited import write_csv
from resmem_gui.export.errors import ExportError
from resmem_gui.export.run_record import RunRecord
from resmem_gui.export.saving import format_problem, save_table
from resmem_gui.export.table import Row, rows
from resmem_gui.library.records import Status
from resmem_gui.run_facts import RunTimes, run_record
from resmem_gui.scoring.framings import RECIPES
from resmem_gui.scoring.scorer import ScorerError
from resmem_gui.terminal import (
    EXIT_ALL_SCORED,
    EXIT_INTERRUPTED,
    EXIT_SOME_FAILED,
    EXIT_WRONG_CALL,
    ScoringOptions,
    TerminalRun,
    say,
)

_FRAMINGS: Final = " or ".join(str(len(recipe.framings)) for recipe in RECIPES)
_COLUMNS_TEXT: Final = textwrap.fill(
    f"The table has one row an image, in the order found, with these columns: {', '.join(COLUMNS)}.",
    100,
    break_on_hyphens=False,
)
_EPILOG: Final = f"""\
{_COLUMNS_TEXT}
“path” is always absolute. Scores run from 0 to 1; the network hardly answers below 0.41, and everything under
0.42 is at_floor and ties. Equal scores share the average of their ranks.

The run record (versions, weights, preprocessing, references, what the columns mean) lies beside a CSV file as
NAME.run.json, and inside the other formats. Standard output gets the table alone.

Exit status: 0 all images were scored; 1 some were not (their rows say why) or none was found; 2 wrong call,
or the table could not be written where it should (you are told where it is instead); 130 interrupted (what is
scored by then is written).
"""


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """What the person asked for.

    Attributes:
        paths: Files and folders.
        output: The file of the table, whose ending names the format; None for CSV on standard output.
        reference: Id of a reference, or a file of human scores; None for the usual one.
        sensitivity: Name of the recipe that sensitivities are measured by; None for none.
        scoring: How images are found and scored.
    """

    paths: list[str]
    output: Path | None
    reference: str | None
    sensitivity: str | None
    scoring: ScoringOptions


def add_parser(commands: Parsers) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "score",
        help="score images and write a table",
        description="Scores images and writes a table.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file or a folder")
    parser.add_argument(
        "--output",
        "-o",
        type=Path,
        metavar="FILE",
        help="write the table here; its ending says how: .csv, .xlsx, .json or .parquet (default: CSV on "
        "standard output)",
    )
    parser.add_argument(
        "--reference",
        metavar="ID|FILE",
        help="what percentiles are taken from: lamem, memcat, memcat-animal, memcat-food, memcat-landscape, "
        "memcat-sports, memcat-vehicle, one of your own, or a file of human scores (default: lamem)",
    )
    parser.add_argument(
        "--sensitivity",
        choices=[recipe.name for recipe in RECIPES],
        help="measure how each score moves when the image is framed a little differently; takes "
        f"{_FRAMINGS} times as long (default: not)",
    )
    add_scoring(parser)


def score(options: ScoreOptions) -> int:
    """Find, score and export; return the exit status."""
    problem = _output_problem(options.output) if options.output else None
    if problem:
        say(problem)
        return EXIT_WRONG_CALL
    interrupted = False
    try:
        reference = chosen_reference(options.reference)
        run = TerminalRun(options.scoring)
    except (NoReferenceError, ScorerError) as error:
        say(str(error))
        return EXIT_WRONG_CALL
    try:
        if not run.add(options.paths):
            return EXIT_SOME_FAILED
        run.score()
        if options.sensitivity:
            run.measure_sensitivity(options.sensitivity)
    except ScorerError as error:
        say(str(error))
        return EXIT_WRONG_CALL
    except KeyboardInterrupt:
        interrupted = True
        say("interrupted; what was scored until now is written.")
    times = RunTimes(run.began, run.ended, run.recalled)
    table = list(rows(run.library, reference))
    if not _export(table, run_record(run.library, lambda _: reference, times=times), options.output):
        return EXIT_WRONG_CALL
    if interrupted:
        return EXIT_INTERRUPTED
    failed = run.library.count(Status.FAILED)
    if failed:
        say(f"{failed} of {len(run.library)} images could not be scored; their rows say why.")
    return EXIT_SOME_FAILED if failed else EXIT_ALL_SCORED


def _output_problem(output: Path) -> str | None:
    """Say early what would make the table impossible to write after all images are scored."""
    if output.is_dir():
        return f"{output} is a folder. Name a file inside it."
    if not output.resolve().parent.is_dir():  # of what a link leads to
        return f"The folder of {output} does not exist. Make it first, or name another file."
    return format_problem(output)


def _export(table: list[Row], record: RunRecord, output: Path | None) -> bool:
    """Write the table; return whether it is where it was asked for."""
    try:
        if output is None:
            _print_csv(table)
        else:
            save_table(table, record, output)
    except (OSError, ExportError) as error:
        reason = f"{error.strerror}." if isinstance(error, OSError) else str(error)
        target = output or "Standard output"
        say(f"{target} could not be written: {reason} {_save_elsewhere(table, record)}")
        return False
    return True


def _save_elsewhere(table: list[Row], record: RunRecord) -> str:
    """Rescue the table into the folder of temporary files; return a sentence that says where it is."""
    refuge = Path(tempfile.gettempdir()) / f"resmem-gui-{time.strftime('%Y%m%d-%H%M%S')}.csv"
    try:
        save_table(table, record, refuge)
    except OSError as error:
        return f"Nor could {refuge}: {error.strerror}. The scores are lost."
    return f"The table is in {refuge} instead."


def _print_csv(table: list[Row]) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # CSV is UTF-8 with its own line ends, whatever the terminal's habits.
        sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape", newline="")
    try:
        write_csv(table, sys.stdout)
        sys.stdout.flush()
    except OSError as error:
        sys.stdout = None  # Python would complain again while closing the stream
        if not isinstance(error, BrokenPipeError):  # that reader (`| head`) has seen enough
            raise
