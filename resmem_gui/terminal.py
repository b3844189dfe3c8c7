"""Scores images in the terminal: the same way of an image as in the window, without a window."""

import contextlib
import io
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tqdm import tqdm
from tqdm.contrib.logging import logging_redirect_tqdm

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.export.delimited import save_csv, write_csv
from resmem_gui.export.table import Row, rows
from resmem_gui.images.discovery import Discovery
from resmem_gui.library.library import Library
from resmem_gui.library.records import Status, readable
from resmem_gui.outcomes import provenance_of, record_outcomes
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring.pipeline import Outcome, Pipeline, Request
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import (
    DeviceLostError,
    Scorer,
    ScorerError,
    create_scorer,
    device_lost_sentence,
    load_scorer,
)

EXIT_ALL_SCORED: Final = 0
EXIT_SOME_FAILED: Final = 1
EXIT_WRONG_CALL: Final = 2
EXIT_INTERRUPTED: Final = 130


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """What the person asked for.

    Attributes:
        paths: Files and folders.
        output: The CSV file; None for standard output.
        device: One of "auto", "cpu", "cuda", "mps".
        batch_size: Images at once; None for what suits the device.
        recursive: Whether subfolders count.
        upright: Whether images are turned upright first.
        fast_decoding: Whether large JPEG files are decoded at a reduced scale.
        quiet: No progress bar.
        store: The file that scores are kept in; None to leave it alone.
    """

    paths: list[str]
    output: Path | None
    device: str
    batch_size: int | None
    recursive: bool
    upright: bool
    fast_decoding: bool
    quiet: bool
    store: Path | None


def say(sentence: str) -> None:
    """Write a sentence for the user to standard error, which may be closed."""
    if sys.stderr is None:
        return  # started without one; print() would turn to standard output
    with contextlib.suppress(OSError, ValueError):
        print(f"resmem-gui: {sentence}", file=sys.stderr)  # noqa: T201 - this is the terminal's face


def score(options: ScoreOptions) -> int:
    """Find, score and export; return the exit status."""
    problem = _output_problem(options.output) if options.output else None
    if problem:
        say(problem)
        return EXIT_WRONG_CALL
    library = Library()
    interrupted = False
    try:
        if not _discover(options, library):
            return EXIT_SOME_FAILED
        _score_all(options, library)
    except ScorerError as error:
        say(str(error))
        return EXIT_WRONG_CALL
    except KeyboardInterrupt:
        interrupted = True
        say("interrupted; what was scored until now is written.")
    if not _export(options, library):
        return EXIT_WRONG_CALL
    if interrupted:
        return EXIT_INTERRUPTED
    failed = library.count(Status.FAILED)
    if failed:
        say(f"{failed} of {len(library)} images could not be scored; their rows say why.")
    return EXIT_SOME_FAILED if failed else EXIT_ALL_SCORED


def _output_problem(output: Path) -> str | None:
    """Say early what would make the table impossible to write after all images are scored."""
    if output.is_dir():
        return f"{output} is a folder. Name a file inside it."
    if not output.resolve().parent.is_dir():  # of what a link leads to
        return f"The folder of {output} does not exist. Make it first, or name another file."
    return None


def _discover(options: ScoreOptions, library: Library) -> bool:
    """Fill the library; return whether there is anything to score."""
    discovery = Discovery(options.paths, recursive=options.recursive)
    library.add(discovery)
    for problem in discovery.problems:
        say(f"{readable(problem.path)}: {problem.reason}")
    if len(library) == 0:
        say(f"No images were found; {discovery.files_seen} files were looked at.")
    return len(library) > 0


def _score_all(options: ScoreOptions, library: Library) -> None:
    scorer = create_scorer()
    scorer.preprocessing = Preprocessing(upright=options.upright, fast_decoding=options.fast_decoding)
    memory = ScoreMemory(options.store, say)
    try:
        unknown = _recall(memory, scorer, library, quiet=options.quiet)
        if unknown:
            _score_unknown(options, unknown, scorer, memory, library)
    finally:
        memory.close()


def _recall(memory: ScoreMemory, scorer: Scorer, library: Library, *, quiet: bool) -> list[Request]:
    """Take the scores that are known from before; return what has to be scored."""
    made_by = provenance_of(scorer)
    unknown: list[Request] = []
    everything = (Request(image_id, path) for image_id, path in enumerate(library.paths))
    for found, not_found in memory.look_up(everything, made_by):
        record_outcomes(library, found, made_by)
        unknown += not_found
    recalled = len(library) - len(unknown)
    if recalled and not quiet:
        say(f"{recalled} of {len(library)} images were scored before; their scores come from the store.")
    return unknown


def _score_unknown(
    options: ScoreOptions, unknown: list[Request], scorer: Scorer, memory: ScoreMemory, library: Library
) -> None:
    load_scorer(scorer, options.device, say)
    pipeline = Pipeline(
        scorer,
        batch_size=options.batch_size,
        recall=lambda sha256s: memory.recall(sha256s, provenance_of(scorer)),
    )
    try:
        pipeline.submit(unknown)
        for outcomes in _steps(pipeline, scorer, quiet=options.quiet):
            memory.keep(outcomes, provenance_of(scorer))
            record_outcomes(library, outcomes, provenance_of(scorer))
    finally:
        pipeline.close()


def _steps(pipeline: Pipeline, scorer: Scorer, *, quiet: bool) -> Iterator[list[Outcome]]:
    """Yield the outcomes of each step until all is done, and show how far it is."""
    with (
        logging_redirect_tqdm(),
        # In a log file a line every few seconds will do.
        tqdm(
            total=pipeline.pending,
            desc=scorer.device_label,
            unit="image",
            disable=quiet or sys.stderr is None,
            mininterval=0.1 if sys.stderr and sys.stderr.isatty() else 10.0,
        ) as bar,
    ):
        while pipeline.pending:
            if pipeline.current:
                bar.set_postfix_str(readable(Path(pipeline.current.path).name), refresh=False)
            try:
                outcomes = pipeline.step()
            except DeviceLostError as error:
                outcomes = _go_on_without_gpu(pipeline, scorer, error)
                bar.set_description_str(scorer.device_label)
            yield outcomes
            bar.update(len(outcomes))


def _go_on_without_gpu(pipeline: Pipeline, scorer: Scorer, error: DeviceLostError) -> list[Outcome]:
    """Let the CPU take over; if it cannot, return a failure for each image that is left."""
    say(f"{device_lost_sentence(scorer)} ({error})")
    try:
        pipeline.fall_back()
    except ScorerError as reason:
        say(str(reason))
        return pipeline.give_up(str(reason))
    return []


def _export(options: ScoreOptions, library: Library) -> bool:
    """Write the table; return whether it is where it was asked for."""
    table = list(rows(library, load_lamem()))
    try:
        if options.output is None:
            _print_csv(table)
        else:
            save_csv(table, options.output)
    except OSError as error:
        target = options.output or "Standard output"
        say(f"{target} could not be written: {error.strerror}. {_save_elsewhere(table)}")
        return False
    return True


def _save_elsewhere(table: list[Row]) -> str:
    """Rescue the table into the folder of temporary files; return a sentence that says where it is."""
    refuge = Path(tempfile.gettempdir()) / f"resmem-gui-{time.strftime('%Y%m%d-%H%M%S')}.csv"
    try:
        save_csv(table, refuge)
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
