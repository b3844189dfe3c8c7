"""Where the table of `resmem-gui score` goes, and where it is rescued to."""

import io
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path

from resmem_gui.export.columns import Row
from resmem_gui.export.delimited import sidecar_problem, write_csv
from resmem_gui.export.errors import ExportError
from resmem_gui.export.path_texts import NAME_BYTES, for_terminal
from resmem_gui.export.run_record import RunRecord
from resmem_gui.export.saving import format_problem, save_table
from resmem_gui.terminal import say


class OutputError(Exception):
    """The table cannot be written; the text is a sentence that says why."""


def output_problem(output: Path) -> str | None:
    """Say early what would make the table impossible to write after all images are scored."""
    try:
        if output.is_dir():
            return f"{output} is a folder. Name a file inside it."
        target = output.resolve()  # what a link leads to
        is_stream = output.exists() and not output.is_file()
        if not is_stream and not target.parent.is_dir():
            return f"The folder of {output} does not exist. Make it first, or name another file."
        return format_problem(output) or (None if is_stream else _place_problem(output, target))
    except OSError as error:  # a name that is too long
        return f"{output} could not be written: {error.strerror}. Name another file."
    except RuntimeError:
        return f"{output} is a link that leads back to itself. Name another file."


def refuse_image(output: Path, images: Iterable[str]) -> None:
    """Do not let the table replace one of the images, which are known by content and not by name.

    Args:
        output: Where the table goes.
        images: Paths of those to score.

    Raises:
        OutputError: It would.
    """
    place = _status(output)
    if place is not None and any(
        found is not None and os.path.samestat(found, place) for found in map(_status, images)
    ):
        raise OutputError(f"{output} is one of the images. Name another file.")


def write_output(table: Sequence[Row], record: RunRecord, output: Path | None) -> bool:
    """Write the table, or rescue it and say where to; return whether it is where it was asked for.

    Args:
        table: Its rows.
        record: Of the run.
        output: A file whose ending names the format; None for CSV on standard output.
    """
    try:
        if output is None:
            print_csv(table)
        else:
            save_table(table, record, output)
    except (OSError, ExportError, OutputError) as error:
        reason = f"{error.strerror}." if isinstance(error, OSError) else str(error)
        say(f"{output or 'Standard output'} could not be written: {reason} {_save_elsewhere(table, record)}")
        return False
    return True


def _status(path: str | Path) -> os.stat_result | None:
    try:
        return Path(path).stat()
    except (OSError, ValueError):  # nothing is there, or no path is such
        return None


def _place_problem(output: Path, target: Path) -> str | None:
    """Say what keeps a file from being written or replaced."""
    if not os.access(target.parent, os.W_OK):
        return f"The folder of {output} may not be written to. Name a file in another folder."
    if target.exists() and not os.access(target, os.W_OK):
        return f"{output} is write-protected. Name another file, or allow it to be changed."
    return sidecar_problem(target) if target.suffix.lower() == ".csv" else None


def _save_elsewhere(table: Sequence[Row], record: RunRecord) -> str:
    """Rescue the table into the folder of temporary files; return a sentence that says where it is."""
    # Two programs may fail in the same second, and nobody else shall know the name beforehand.
    name = f"resmem-gui-{time.strftime('%Y%m%d-%H%M%S')}-{uuid.uuid4().hex[:8]}.csv"
    refuge = Path(tempfile.gettempdir()) / name
    try:
        save_table(table, record, refuge)
    except OSError as error:
        return (
            f"Nor could {refuge}: {error.strerror}. The table is lost. Without --no-cache, its scores are in "
            "the store: call again with another file."
        )
    return f"The table is in {refuge} instead."


def print_csv(table: Sequence[Row]) -> None:
    """Write the table to standard output.

    Raises:
        OutputError: It is closed.
        OSError: It is full.
    """
    if sys.stdout is None:
        raise OutputError("It is closed.")
    if isinstance(sys.stdout, io.TextIOWrapper):
        # CSV is UTF-8 with its own line ends, whatever the terminal's habits.
        sys.stdout.reconfigure(encoding="utf-8", errors=NAME_BYTES, newline="")
    try:
        write_csv(map(_shown, table) if sys.stdout.isatty() else table, sys.stdout)
        sys.stdout.flush()
    except OSError as error:
        sys.stdout = None  # Python would complain again while closing the stream
        if not isinstance(error, BrokenPipeError):  # that reader (`| head`) has seen enough
            raise


def _shown(row: Row) -> Row:
    """Return a row that people see in a terminal, which names must not steer."""
    return tuple(for_terminal(cell) if isinstance(cell, str) else cell for cell in row)
