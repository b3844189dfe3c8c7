"""`resmem-gui score`: scores images and writes the table."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from resmem_gui.commands.arguments import Parsers, add_scoring, named, paragraphs
from resmem_gui.commands.output import OutputError, output_problem, refuse_image, write_output
from resmem_gui.commands.references import NoReferenceError, chosen_reference
from resmem_gui.export.columns import COLUMNS
from resmem_gui.export.table import rows
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
_EPILOG: Final = f"""\
The table has one row an image, in the order found, with these columns: {", ".join(COLUMNS)}.

“path” is always absolute. Scores run from 0 to 1. The network hardly answers below 0.41: a score under
0.42 says “at the bottom” and no more, is marked at_floor, and ties with all others there. Equal scores
share the average of their ranks.

The run record (versions, weights, preprocessing, references, what the columns mean) lies beside a CSV
file as NAME.run.json, and inside the other formats. Standard output gets the table alone; where it is a
terminal, characters of file names that would steer it are replaced.

For example: resmem-gui score holiday --output holiday.xlsx

Exit status: 0 all images were scored; 1 some were not (their rows say why), or no images were found; 2
wrong call, the network could not be loaded, or the table could not be written where it should (you are
told where it is instead); 130 interrupted (what was scored by then is written).
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
        epilog=paragraphs(_EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="+", type=named, metavar="PATH", help="an image, or a folder of them")
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
        help="also measure how each score moves when the image is framed a little differently; takes "
        f"{_FRAMINGS} times as long (default: do not)",
    )
    add_scoring(parser)


def score(options: ScoreOptions) -> int:
    """Find, score and export; return the exit status."""
    problem = output_problem(options.output) if options.output else None
    if problem:
        say(problem)
        return EXIT_WRONG_CALL
    try:
        reference = chosen_reference(options.reference)
        run = TerminalRun(options.scoring)
    except (NoReferenceError, ScorerError) as error:
        say(str(error))
        return EXIT_WRONG_CALL
    status = _score_all(run, options)
    if not _is_worth_writing(run, options.output, status):
        return status
    times = RunTimes(run.began, run.ended, run.recalled)
    record = run_record(run.library, lambda _: reference, times=times)
    if not write_output(list(rows(run.library, reference)), record, options.output):
        return EXIT_WRONG_CALL
    failed = run.library.count(Status.FAILED)
    if failed and status == EXIT_ALL_SCORED:
        say(f"{failed} of {len(run.library)} images could not be scored; their rows say why.")
        return EXIT_SOME_FAILED
    return status


def _score_all(run: TerminalRun, options: ScoreOptions) -> int:
    """Find and score, say what came in between, and return the exit status so far."""
    try:
        if run.add(options.paths):
            if options.output is not None:
                refuse_image(options.output, run.library.paths)
            run.score()
            if options.sensitivity:
                run.measure_sensitivity(options.sensitivity)
            return EXIT_ALL_SCORED
    except (ScorerError, OutputError) as error:
        say(str(error))
        return EXIT_WRONG_CALL
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    return EXIT_SOME_FAILED


def _is_worth_writing(run: TerminalRun, output: Path | None, status: int) -> bool:
    """Return whether a table is written, and say so where the run came to no good end."""
    scored = run.library.count(Status.SCORED)
    if status == EXIT_INTERRUPTED and not scored and output is not None and output.is_file():
        say(f"interrupted before an image was scored; {output} is left as it was.")
        return False
    if status == EXIT_INTERRUPTED:
        say("interrupted; what was scored until now is written.")
    elif status == EXIT_WRONG_CALL and scored:
        say(f"The table is written all the same, with {scored} of {len(run.library)} scores.")
    return status in (EXIT_ALL_SCORED, EXIT_INTERRUPTED) or scored > 0
