"""`resmem-gui evaluate`: compares scores with what people were measured to remember."""

import argparse
from dataclasses import dataclass
from typing import Final

from resmem_gui.analysis.evaluation import EvaluationError
from resmem_gui.analysis.references import References
from resmem_gui.commands.arguments import named as path_argument
from resmem_gui.commands.printing import print_answer
from resmem_gui.export.evaluation import Comparison, Predictions, compare, needs_hashes
from resmem_gui.export.evaluation_texts import report
from resmem_gui.export.table import named
from resmem_gui.library.ground_truth import (
    Columns,
    GroundTruth,
    GroundTruthError,
    ground_truth,
    guess_columns,
    read_table,
)
from resmem_gui.library.library import Library
from resmem_gui.library.records import Status, readable
from resmem_gui.run_facts import RunTimes, run_record
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

#: Of so many images that could not be scored the reasons are told.
_MOST_TOLD: Final = 10
SOURCES: Final = {"lamem": "LaMem", "memcat": "MemCat", "other": ""}
EPILOG: Final = """\
The table of human scores is CSV, TSV, separated by semicolons, or lines “NAME SCORE” as LaMem has them.
Its scores run from 0 to 1, such as shares of people who recognised the image. The report names the
columns that were used. Images are found by SHA-256, by path, by file name, or by file name without its
ending. What is ambiguous is left out and listed.

For example: resmem-gui evaluate photos --truth measured.csv --key file --score hit_rate

Exit status: 0 compared, and every row has its image with a score; 1 compared, but rows or images were
left out (the report says which), no images were found, or there was too little to compare; 2 wrong call,
a table that cannot be read, the network could not be loaded, or the answer could not be written; 130
interrupted (what was scored by then is in the store, unless --no-cache).
"""


@dataclass(frozen=True, slots=True)
class EvaluateOptions:
    """What the person asked for.

    Attributes:
        paths: Files and folders of images.
        truth: The file of human scores.
        key: Title of the column that names images; None to guess.
        score: Title of the column of human scores; None to guess.
        category: Title of the column of categories; None to guess.
        people: Title of the column that counts people; None to guess.
        source: Key of `SOURCES`; None to tell by titles and names.
        seed: Of the bootstrap.
        as_json: Whether programs read the answer.
        scoring: How images are found and scored.
    """

    paths: list[str]
    truth: str
    key: str | None
    score: str | None
    category: str | None
    people: str | None
    source: str | None
    seed: int
    as_json: bool
    scoring: ScoringOptions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this command has of its own; device, recipe, store and progress are the same as in `score`."""
    parser.add_argument(
        "paths", nargs="+", type=path_argument, metavar="IMAGES", help="an image, or a folder of them"
    )
    parser.add_argument("--truth", required=True, metavar="FILE", help="the table of human scores")
    parser.add_argument("--key", metavar="COLUMN", help="the column that names images (default: guessed)")
    parser.add_argument("--score", metavar="COLUMN", help="the column of human scores (default: guessed)")
    parser.add_argument(
        "--category", metavar="COLUMN", help="the column of categories (default: guessed; may be missing)"
    )
    parser.add_argument(
        "--people",
        metavar="COLUMN",
        help="the column that says how many people answered (default: guessed; may be missing)",
    )
    parser.add_argument(
        "--source",
        choices=sorted(SOURCES),
        help="where the images come from: ResMem was trained on LaMem and MemCat, and agrees better with "
        "these (default: told by the names of files and columns)",
    )
    parser.add_argument(
        "--seed",
        type=_seed,
        default=0,
        metavar="N",
        help="seed of the bootstrap: the same one gives the same intervals (default: 0)",
    )
    parser.add_argument(
        "--json", dest="as_json", action="store_true", help="print everything as JSON, for programs"
    )


def evaluate_command(options: EvaluateOptions) -> int:
    """Read, score, compare and print; return the exit status."""
    try:
        truth = _read(options)  # first: a wrong column must not be told after an hour of scoring
        run = TerminalRun(options.scoring)
        if not run.add(options.paths):
            return EXIT_SOME_FAILED
        run.score()
        _tell_failures(run.library)
    except (GroundTruthError, ScorerError) as error:
        say(str(error))
        return EXIT_WRONG_CALL
    except KeyboardInterrupt:
        say("interrupted; nothing was compared.")
        return EXIT_INTERRUPTED
    return _compare(options, truth, run)


def _read(options: EvaluateOptions) -> GroundTruth:
    try:
        table = read_table(options.truth)
    except GroundTruthError as error:
        raise GroundTruthError(f"{options.truth or 'The truth'}: {error}") from error
    if not table.rows:
        raise GroundTruthError(f"{options.truth} has titles and no rows. Name a table with human scores.")
    guess = guess_columns(table)
    key = options.key or (guess.key if guess else None)
    score = options.score or (guess.score if guess else None)
    if key is None or score is None:
        raise GroundTruthError(
            "The columns cannot be told. Name them with --key and --score; there are: "
            f"{', '.join(table.columns)}."
        )
    category = options.category or (guess.category if guess else None)
    people = options.people or (guess.count if guess else None)
    return ground_truth(table, Columns(key, score, category, people))


def _tell_failures(library: Library) -> None:
    """Say why images have no score: the report only says which."""
    failed = [record for record in library.records() if record.status is Status.FAILED]
    for record in failed[:_MOST_TOLD]:
        say(f"{readable(record.path)}: {record.error}")
    if len(failed) > _MOST_TOLD:
        say(f"{len(failed) - _MOST_TOLD:,} more images could not be scored; “resmem-gui score” says why.")


def _compare(options: EvaluateOptions, truth: GroundTruth, run: TerminalRun) -> int:
    references = References()
    predictions = Predictions.of(run.library, hashes=needs_hashes(truth.keys))
    trained_on = None if options.source is None else SOURCES[options.source]
    try:
        comparison = compare(truth, predictions, references.default, trained_on=trained_on, seed=options.seed)
    except EvaluationError as error:
        say(str(error))
        return EXIT_SOME_FAILED
    except KeyboardInterrupt:
        say("interrupted; nothing was compared.")
        return EXIT_INTERRUPTED
    if options.as_json:
        times = RunTimes(run.began, run.ended, run.recalled)
        record = run_record(run.library, named(references, references.default), times=times)
        answer = comparison.json_text(record.fields())
    else:
        answer = report(comparison)
    if not print_answer(answer):
        return EXIT_WRONG_CALL
    return EXIT_ALL_SCORED if _is_complete(comparison, run) else EXIT_SOME_FAILED


def _is_complete(comparison: Comparison, run: TerminalRun) -> bool:
    matching = comparison.matching
    left_out = (
        matching.unmatched_rows or matching.unmatched_ids or matching.ambiguous or comparison.truth.problems
    )
    return not left_out and not comparison.unscored and not run.library.count(Status.FAILED)


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("must be a whole number, 0 or more")
    return int(text)
