"""`resmem-gui verify`: says whether an export can be reproduced, and what differs."""

import argparse
import json
from pathlib import Path
from typing import Any, Final

from resmem_gui.commands.arguments import Parsers, add_batch_size, add_device, add_quiet, paragraphs
from resmem_gui.commands.printing import print_answer
from resmem_gui.commands.verification import Checked, Verdict, Verification, verify
from resmem_gui.export.errors import ExportError
from resmem_gui.export.path_texts import for_terminal
from resmem_gui.export.raw_tables import CHANGED
from resmem_gui.export.reading import read_table
from resmem_gui.library.records import readable
from resmem_gui.scoring.scorer import ScorerError
from resmem_gui.terminal import EXIT_INTERRUPTED, EXIT_WRONG_CALL, ScoringOptions, say

_EXIT_REPRODUCED: Final = 0
_EXIT_NOT_REPRODUCED: Final = 1
#: So many images are named a verdict; all are in the JSON.
_MOST_NAMED: Final = 10
_TOLERANCE: Final = 1e-4
#: What half precision on a GPU can change (ARCHITECTURE.md).
_GPU_TOLERANCE: Final = 1e-3

_EPILOG: Final = """\
The images are scored again, with the preprocessing that the export names and never from the store. An image
is reproduced if its content is the same and its scores lie no farther apart than the tolerance. With a run
record, ranks, percentiles and at_floor must follow from the scores of the export, and there must be as many
images, scores, failures, scorers, devices, references and recipes as it counts. Cautions, sensitivities,
stars and picks are not measured again.

Exit status: 0 every score was reproduced and nothing contradicts itself; 1 otherwise, also where the export
has no score; 2 wrong call, an export that cannot be read, the network could not be loaded, or the answer
could not be written; 130 interrupted.
"""


def add_parser(commands: Parsers) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "verify",
        help="score the images of an export again and compare",
        description="Says whether an export can be reproduced, and what differs.",
        epilog=paragraphs(_EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "export",
        type=Path,
        metavar="EXPORT",
        help="a .csv, .xlsx, .json or .parquet file that this program wrote",
    )
    parser.add_argument(
        "--images",
        type=Path,
        metavar="FOLDER",
        help="where the images are now, if they were moved; they are found by their places and contents "
        "(default: where the export says)",
    )
    parser.add_argument(
        "--tolerance",
        type=_tolerance,
        default=_TOLERANCE,
        metavar="T",
        help=f"scores that differ by no more than this are the same (default: {_TOLERANCE:g}; between a CPU "
        f"and a GPU {_GPU_TOLERANCE:g} is to be expected)",
    )
    add_device(parser)
    add_batch_size(parser)
    parser.add_argument(
        "--json", dest="as_json", action="store_true", help="print every image as JSON, for programs"
    )
    add_quiet(parser)


def run(options: argparse.Namespace) -> int:
    """Verify, print what came of it, and return the exit status."""
    scoring = ScoringOptions(device=options.device, batch_size=options.batch_size, quiet=options.quiet)
    if options.images is not None and not options.images.is_dir():
        say(f"{options.images} is no folder. Name the one that the images of the export are in now.")
        return EXIT_WRONG_CALL
    try:
        table = read_table(options.export)
        verification = verify(table, options.images, options.tolerance, scoring)
    except OSError as error:
        say(f"{options.export} could not be read: {error.strerror or error}.")
        return EXIT_WRONG_CALL
    except (ExportError, ScorerError) as error:
        say(str(error))
        return EXIT_WRONG_CALL
    except KeyboardInterrupt:
        say("interrupted; nothing can be said of the export.")
        return EXIT_INTERRUPTED
    name = readable(str(options.export))
    text = as_json(verification, name) if options.as_json else summary(verification, for_terminal(name))
    if not print_answer(f"{text}\n"):
        return EXIT_WRONG_CALL
    return _EXIT_REPRODUCED if verification.is_reproduced else _EXIT_NOT_REPRODUCED


def summary(verification: Verification, name: str) -> str:
    """Return what came of it in plain sentences."""
    images, reproduced = verification.images, verification.count(Verdict.REPRODUCED)
    lines = [f"{name}: {_headline(verification)}", ""]
    if images:
        lines.append(f"{reproduced:,} of {len(images):,} scores were found again.")
    else:
        lines.append("The export holds no scores: there is nothing to compare.")
    if images and verification.without_score:
        lines.append(
            f"Images without a score in the export, which were left out: {verification.without_score:,}."
        )
    if verification.differences:
        lines.append(_differences(verification))
    lines += map(for_terminal, (*verification.remarks, *verification.contradictions))
    for verdict in Verdict:
        if verdict is not Verdict.REPRODUCED:
            lines += _named([image for image in images if image.verdict is verdict], verdict)
    if verification.unchecked:
        lines += ["", *map(for_terminal, verification.unchecked)]
    lines += _surroundings(verification)
    return "\n".join(lines)


def as_json(verification: Verification, name: str) -> str:
    """Return all that came of it, an entry an image."""
    differences = verification.differences
    content = {
        "export": name,
        "reproduced": verification.is_reproduced,
        "tolerance": verification.tolerance,
        "counts": {
            **{verdict.value: verification.count(verdict) for verdict in Verdict},
            "without score in the export": verification.without_score,
        },
        "max_difference": max(differences, default=None),
        "mean_difference": sum(differences) / len(differences) if differences else None,
        "devices": {"export": verification.devices[0], "here": verification.devices[1]},
        "versions_that_differ": {
            version: {"export": then, "here": here} for version, (then, here) in verification.versions.items()
        },
        "remarks": [*verification.remarks, *verification.contradictions],
        "not_checked": list(verification.unchecked),
        "images": [_fields(image) for image in verification.images],
    }
    return json.dumps(content, indent=2)


def _fields(image: Checked) -> dict[str, Any]:
    return {
        "path": image.path,
        "found": image.found or None,
        "verdict": image.verdict.value,
        "exported": image.exported,
        "now": image.now,
        "difference": image.difference,
        "reason": image.reason or None,
    }


def _headline(verification: Verification) -> str:
    if verification.is_reproduced:
        # A spreadsheet may have saved it again, and all that is checked is as it was.
        is_other_file = CHANGED in verification.remarks
        return "reproduced, but it is not the file that was first written" if is_other_file else "reproduced"
    if verification.are_scores_found:
        return "its scores are reproduced, but it was CHANGED since it was written"
    return "NOT reproduced"


def _differences(verification: Verification) -> str:
    differences = verification.differences
    return (
        f"Scores of the same content differ by {max(differences):.2g} at most and by "
        f"{sum(differences) / len(differences):.2g} on average; tolerated is {verification.tolerance:g}."
    )


def _named(images: list[Checked], verdict: Verdict) -> list[str]:
    """Return which images got a verdict, some of them by name."""
    if not images:
        return []
    reasons = {image.reason for image in images}
    common = reasons.pop() if len(reasons) == 1 else ""
    lines = ["", for_terminal(f"{verdict.value}: {len(images):,}{common and f'. {common}'}")]
    for image in images[:_MOST_NAMED]:
        scores = "" if image.now is None else f": {image.exported:.6f} in the export, {image.now:.6f} now"
        reason = f": {image.reason}" if image.reason and not common else ""
        lines.append(for_terminal(f"  {image.path}{scores}{reason}"))
    if len(images) > _MOST_NAMED:
        lines.append(f"  and {len(images) - _MOST_NAMED:,} more; --json names all")
    return lines


def _surroundings(verification: Verification) -> list[str]:
    then, here = verification.devices
    lines = []
    if here and then != here:
        lines += ["", for_terminal(f"The export was scored on {then}, this was on {here}.")]
    if verification.versions:
        lines += ["", "Versions that differ:"]
        lines += [
            for_terminal(f"  {name}: {then} in the export, {here} here")
            for name, (then, here) in verification.versions.items()
        ]
    return lines


def _tolerance(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("must be a number from 0 to 1, such as 1e-4")
    return value
