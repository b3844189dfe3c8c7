"""The reference that a command takes percentiles from."""

from pathlib import Path

from resmem_gui.analysis.reference import Reference
from resmem_gui.analysis.references import (
    References,
    UnknownReferenceError,
    default_references_folder,
    own_reference,
)
from resmem_gui.analysis.score_table import ScoreTableError, read_score_table
from resmem_gui.terminal import say


class NoReferenceError(Exception):
    """No reference can be had of what was asked for; the text is a sentence."""


def own_references() -> References:
    """Return the catalogue with the person's own references, as the window has it."""
    return References(default_references_folder())


def chosen_reference(wanted: str | None) -> Reference:
    """Return a reference by its id, or made of a table of human scores.

    Args:
        wanted: An id, or a path to a CSV, TSV or text file; None for the usual one.

    Raises:
        NoReferenceError: It is neither, or the table holds no scores.
    """
    references = own_references()
    if wanted is None:
        return references.default
    path = Path(wanted)
    if not path.is_file():
        return _by_id(references, wanted)
    try:
        table = read_score_table(path)
        column = table.likely_column()
        reference = own_reference(table, column, path.stem)
    except ScoreTableError as error:
        raise NoReferenceError(f"{path}: {error}") from error
    except OSError as error:
        raise NoReferenceError(f"{path} could not be read: {error.strerror}.") from error
    say(f"percentiles are of {reference.name}: {reference.n:,} scores in column “{table.titles[column]}”.")
    return reference


def _by_id(references: References, wanted: str) -> Reference:
    for reference_id in (wanted, f"user-{wanted}"):
        try:
            return references.get(reference_id)
        except UnknownReferenceError:
            continue
    known = ", ".join(reference.id.removeprefix("user-") for reference in references.all())
    raise NoReferenceError(
        f"“{wanted}” is no file and no reference. Name a file of human scores, or one of these: {known}."
    )
