"""The engine in the terminal: images found, recalled and scored the same way as in the window."""

import contextlib
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NoReturn

import numpy as np
from tqdm import tqdm
from tqdm.contrib.logging import logging_redirect_tqdm

from resmem_gui.analysis.near_duplicates import near_duplicate_groups
from resmem_gui.export.path_texts import for_terminal
from resmem_gui.images.discovery import Discovery
from resmem_gui.images.likeness import ALIKE
from resmem_gui.images.traits import traits_of
from resmem_gui.library.library import Library
from resmem_gui.library.records import Status, readable
from resmem_gui.measuring import measure_library
from resmem_gui.outcomes import look_at, note_traits, provenance_of, record_outcomes
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring.framings import recipe
from resmem_gui.scoring.pipeline import KnownScore, Outcome, Pipeline, Request, Scored
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import (
    DeviceLostError,
    Scorer,
    ScorerError,
    create_scorer,
    device_lost_sentence,
    load_scorer,
)
from resmem_gui.scoring.sensitivity import FramingOutcome, Unmeasured
from resmem_gui.traits import Caution, Traits

#: What commands answer with.
EXIT_ALL_SCORED: Final = 0
EXIT_SOME_FAILED: Final = 1
EXIT_WRONG_CALL: Final = 2
EXIT_INTERRUPTED: Final = 130

#: So many characters of a file's name are seen beside the progress bar.
_SHOWN_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class ScoringOptions:
    """How images are found and scored.

    Attributes:
        device: One of "auto", "cpu", "cuda", "mps".
        batch_size: Images at once; None for what suits the device.
        recursive: Whether subfolders count.
        upright: Whether images are turned upright first.
        fast_decoding: Whether large JPEG files are decoded at a reduced scale.
        quiet: No progress bar, and no word of what came from the store.
        store: The file that scores are kept in and looked up from; None to leave it alone.
        cautions: Whether pixels are looked at for cautions; takes some milliseconds an image, and a decoding
            where the score comes from the store without it.
    """

    device: str = "auto"
    batch_size: int | None = None
    recursive: bool = True
    upright: bool = True
    fast_decoding: bool = False
    quiet: bool = False
    store: Path | None = None
    cautions: bool = False

    @property
    def preprocessing(self) -> Preprocessing:
        """The recipe from a file to the network's input."""
        return Preprocessing(upright=self.upright, fast_decoding=self.fast_decoding)


def say(sentence: str) -> None:
    """Write a sentence for the user to standard error, which may be closed.

    Args:
        sentence: On one line. Names in it may be of any characters: none of them reaches the terminal that
            would steer it.
    """
    if sys.stderr is None:
        return  # started without one; print() would turn to standard output
    shown = for_terminal(" ".join(sentence.splitlines()))
    with contextlib.suppress(OSError, ValueError):
        print(f"resmem-gui: {shown}", file=sys.stderr)  # noqa: T201 - this is the terminal's face


def counted(number: int, thing: str) -> str:
    """Return how many there are of a thing, such as “1 image” and “2 images”."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


class TerminalRun:
    """One run: `add`, then `score`. The library holds whatever is known at any moment.

    Attributes:
        library: The images.
        scorer: What scores them; loaded only if there is something to score.
        began: When the run was made, UTC.
        ended: When scoring ended, also by an error or an interruption; None before.
        recalled: How many scores came from the store of earlier runs.
    """

    def __init__(self, options: ScoringOptions) -> None:
        """Prepare a run.

        Raises:
            ScorerError: There is no scorer.
        """
        self._options = options
        self.library = Library()
        self.scorer: Scorer = create_scorer()
        self.scorer.preprocessing = options.preprocessing
        self.began = datetime.now(UTC)
        self.ended: datetime | None = None
        self.recalled = 0
        self._from_before: set[str] = set()

    def add(self, paths: Iterable[str]) -> bool:
        """Find images, say what could not be looked at, and return whether there is anything to score."""
        discovery = Discovery(list(paths), recursive=self._options.recursive)
        self.library.add(discovery)
        for problem in discovery.problems:
            say(f"{readable(problem.path)}: {problem.reason}")
        if len(self.library) == 0:
            looked_at = counted(discovery.files_seen, "file")
            say(f"No images were found among {looked_at}. Name images, or folders that hold some.")
        return len(self.library) > 0

    def score(self) -> None:
        """Recall what is known and score the others.

        Raises:
            ScorerError: The network cannot be loaded.
            KeyboardInterrupt: The library has what was done until then.
        """
        memory = ScoreMemory(self._options.store, say)
        try:
            unknown = self._recall(memory)
            if unknown:
                self._score_unknown(unknown, memory)
            if self._options.cautions:
                self._look_at_pixels(memory)
        finally:
            self.ended = datetime.now(UTC)
            memory.close()
            self._note_near_duplicates()

    def _look_at_pixels(self, memory: ScoreMemory) -> None:
        """Find the traits of images whose scores came without them: by another command, or as stored."""
        library = self.library
        is_unknown = ~library.missing & ~library.traits_known
        by_hash: defaultdict[str, list[int]] = defaultdict(list)
        for image_id in library.with_status(Status.SCORED).tolist():
            if is_unknown[image_id]:
                by_hash[library.sha256(image_id)].append(image_id)
        known = memory.find_traits(by_hash)
        _note_traits(library, by_hash, known)
        paths = [library.paths[ids[0]] for sha256, ids in by_hash.items() if sha256 not in known]
        with _bar(len(paths), "cautions", quiet=self._options.quiet or not paths) as bar:
            for seen in _looked_at(paths):
                if seen is not None:
                    found = dict([seen])
                    memory.keep_traits(found)
                    _note_traits(library, by_hash, found)
                bar.update()

    def _note_near_duplicates(self) -> None:
        """Note which images are nearly the same as another one, as far as somebody has looked at them."""
        library = self.library
        ids = [image_id for image_id in library.present_ids() if _fingerprint(library, image_id)]
        if not ids:
            return
        prints = np.frombuffer(b"".join(_fingerprint(library, image_id) for image_id in ids), np.uint8)
        groups = near_duplicate_groups(prints.reshape(len(ids), -1), np.ones(len(ids), np.bool_), ALIKE)
        alike = np.array(ids)[groups >= 0]
        library.set_cautions(alike, library.cautions[alike] | np.uint8(Caution.NEAR_DUPLICATE))

    def measure_sensitivity(self, recipe_name: str) -> None:
        """Measure how the scores move with the framing, for all images that have one.

        Args:
            recipe_name: Of the ways of framing: name or id of a `FramingRecipe`.

        Raises:
            UnknownRecipeError: There is no such recipe.
            ScorerError: The network cannot be loaded.
            KeyboardInterrupt: The library has what was measured until then.
        """
        memory = ScoreMemory(self._options.store, say)
        try:
            steps = measure_library(
                self.library, self.scorer, memory, recipe(recipe_name), device=self._options.device, tell=say
            )
            self._follow_measuring(steps)
        finally:
            self.ended = datetime.now(UTC)
            memory.close()

    def _follow_measuring(self, steps: Iterator[list[FramingOutcome]]) -> None:
        """Show how far it is, and say of how many images there is no sensitivity and why."""
        scored = self.library.count(Status.SCORED)
        reasons: Counter[str] = Counter()
        with logging_redirect_tqdm(), _bar(scored, "sensitivity", quiet=self._options.quiet) as bar:
            for outcomes in steps:
                reasons.update(outcome.reason for outcome in outcomes if isinstance(outcome, Unmeasured))
                bar.update(len(outcomes))
        for reason, number in reasons.most_common():
            say(f"{number} of {scored} images have no sensitivity: {reason}")

    def _recall(self, memory: ScoreMemory) -> list[Request]:
        """Take the scores that are known from before; return what has to be scored."""
        made_by = provenance_of(self.scorer)
        unknown: list[Request] = []
        everything = (Request(image_id, path) for image_id, path in enumerate(self.library.paths))
        for found, not_found in memory.look_up(everything, made_by):
            record_outcomes(self.library, found, made_by)
            self.recalled += len(found)
            unknown += not_found
        if self.recalled and not self._options.quiet:
            say(
                f"{self.recalled} of {len(self.library)} images were scored before; "
                "their scores come from the store."
            )
        return unknown

    def _score_unknown(self, unknown: list[Request], memory: ScoreMemory) -> None:
        load_scorer(self.scorer, self._options.device, say)
        pipeline = Pipeline(
            self.scorer,
            batch_size=self._options.batch_size,
            recall=lambda sha256s: self._recall_contents(sha256s, memory),
            traits=traits_of if self._options.cautions else None,
        )
        in_this_run: set[str] = set()
        try:
            pipeline.submit(unknown)
            for outcomes in _steps(pipeline, self.scorer, quiet=self._options.quiet):
                self._count_recalled(outcomes, in_this_run)
                memory.keep(outcomes, provenance_of(self.scorer))
                record_outcomes(self.library, outcomes, provenance_of(self.scorer))
        finally:
            pipeline.close()

    def _recall_contents(self, sha256s: Sequence[str], memory: ScoreMemory) -> Mapping[str, KnownScore]:
        known = memory.recall(sha256s, provenance_of(self.scorer))
        self._from_before.update(known)
        return known

    def _count_recalled(self, outcomes: Iterable[Outcome], in_this_run: set[str]) -> None:
        """Count contents that the store knew and that no image of this run had brought there."""
        for outcome in outcomes:
            if not isinstance(outcome, Scored):
                continue
            if outcome.sha256 in self._from_before and outcome.sha256 not in in_this_run:
                self.recalled += 1
            else:
                in_this_run.add(outcome.sha256)


def _looked_at(paths: Sequence[str]) -> Iterator[tuple[str, Traits] | None]:
    """Yield the hash of each image's content and what its pixels tell; None where it cannot be read."""
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        yield from pool.map(lambda path: look_at(path, traits_of), paths)
    finally:
        pool.shutdown(cancel_futures=True)


def _note_traits(
    library: Library, by_hash: Mapping[str, Sequence[int]], traits: Mapping[str, Traits]
) -> None:
    for sha256, found in traits.items():
        for image_id in by_hash.get(sha256, ()):  # a file may have another content by now
            note_traits(library, image_id, found)


def _fingerprint(library: Library, image_id: int) -> bytes:
    traits = library.traits(int(image_id))
    return b"" if traits is None else traits.fingerprint


def _steps(pipeline: Pipeline, scorer: Scorer, *, quiet: bool) -> Iterator[list[Outcome]]:
    """Yield the outcomes of each step until all is done, and show how far it is."""
    with logging_redirect_tqdm(), _bar(pipeline.pending, scorer.device_label, quiet=quiet) as bar:
        while pipeline.pending:
            if pipeline.current:
                bar.set_postfix_str(_short_name(pipeline.current.path), refresh=False)
            try:
                outcomes = pipeline.step()
            except DeviceLostError as error:
                outcomes = _go_on_without_gpu(pipeline, scorer, error)
                bar.set_description_str(scorer.device_label)
            yield outcomes
            bar.update(len(outcomes))


def _short_name(path: str) -> str:
    """Return the name of a file for the progress bar, which must stay on one line."""
    name = for_terminal(readable(Path(path).name))
    return name if len(name) <= _SHOWN_NAME else f"{name[: _SHOWN_NAME // 2]}…{name[-_SHOWN_NAME // 2 + 1 :]}"


def _bar(total: int, label: str, *, quiet: bool) -> "tqdm[NoReturn]":
    return tqdm(
        total=total,
        desc=label,
        unit="image",
        disable=quiet or sys.stderr is None,
        # In a log file a line every few seconds will do.
        mininterval=0.1 if sys.stderr and sys.stderr.isatty() else 10.0,
    )


def _go_on_without_gpu(pipeline: Pipeline, scorer: Scorer, error: DeviceLostError) -> list[Outcome]:
    """Let the CPU take over; if it cannot, return a failure for each image that is left."""
    say(f"{device_lost_sentence(scorer)} ({error})")
    try:
        pipeline.fall_back()
    except ScorerError as reason:
        say(str(reason))
        return pipeline.give_up(str(reason))
    return []
