"""Scores the images of an export again and compares: what `resmem-gui verify` finds out."""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from resmem_gui.commands.contradictions import contradictions, unchecked
from resmem_gui.commands.finding import found_files
from resmem_gui.export.reading import Image, ReadTable
from resmem_gui.export.run_record import RunRecord
from resmem_gui.library.records import ImageRecord
from resmem_gui.run_facts import environment, libraries, program
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.preprocessing_parameters import preprocessing_of
from resmem_gui.scoring.scorer import create_scorer
from resmem_gui.terminal import ScoringOptions, TerminalRun


class Verdict(StrEnum):
    """What came of scoring one image again."""

    REPRODUCED = "reproduced"
    DIFFERS = "another score"
    CHANGED = "content changed"
    MISSING = "file missing"
    FAILED = "no score now"
    OTHER_SCORER = "another scorer or weights"
    OTHER_RECIPE = "preprocessing not known here"


@dataclass(frozen=True, slots=True)
class Checked:
    """One image of the export.

    Attributes:
        path: As the export names it.
        found: The file that was scored again; empty if none was.
        verdict: What came of it.
        exported: The score in the export.
        now: The score now; None if there is none, or none of the same content.
        reason: Why not, as a plain sentence, where the verdict alone does not say it.
        has_other_size: Whether the same content has another width or height than the export says.
    """

    path: str
    found: str
    verdict: Verdict
    exported: float
    now: float | None = None
    reason: str = ""
    has_other_size: bool = False

    @property
    def difference(self) -> float | None:
        """How far the scores lie apart, 0 or more; None without a second one."""
        return None if self.now is None else abs(self.now - self.exported)


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of all.

    Attributes:
        images: Those that have a score in the export.
        without_score: How many others the export has; nothing can be compared there.
        tolerance: Scores that lie no farther apart are the same.
        devices: Where the network ran then and now.
        versions: What was another version then: name, then and now. Empty without a run record.
        remarks: Sentences on the export itself.
        contradictions: Sentences on what in the export contradicts itself or its images: it was changed.
        unchecked: Sentences on what nobody has looked at.
    """

    images: list[Checked]
    without_score: int
    tolerance: float
    devices: tuple[str, str]
    versions: Mapping[str, tuple[str, str]]
    remarks: tuple[str, ...]
    contradictions: tuple[str, ...]
    unchecked: tuple[str, ...]

    @property
    def is_reproduced(self) -> bool:
        """Whether all scores of the export were found again, and nothing in it contradicts itself."""
        return self.are_scores_found and not self.contradictions

    @property
    def are_scores_found(self) -> bool:
        """Whether all scores of the export were found again, and there is one."""
        return bool(self.images) and all(image.verdict is Verdict.REPRODUCED for image in self.images)

    def count(self, verdict: Verdict) -> int:
        """Return how many images got this verdict."""
        return sum(image.verdict is verdict for image in self.images)

    @property
    def differences(self) -> list[float]:
        """Of all images whose same content was scored again."""
        return [image.difference for image in self.images if image.difference is not None]


def verify(table: ReadTable, folder: Path | None, tolerance: float, options: ScoringOptions) -> Verification:
    """Score the images of an export again, by its own recipe and without the store, and compare.

    Args:
        table: The export.
        folder: Where the images are now; None for the places that the export names.
        tolerance: Scores that lie no farther apart are the same.
        options: Device, batch size and quietness; the recipe is that of the export.

    Raises:
        ScorerError: The network cannot be loaded.
        KeyboardInterrupt: Nothing is known then.
    """
    # Not by the status: a missing image keeps its score, and whoever changes a status hides none.
    scored = [image for image in table.images if image["score"] is not None]
    files = found_files(scored, folder)
    images: list[Checked] = []
    devices: set[str] = set()
    for recipe_id, group in _by_recipe(scored).items():
        recipe = preprocessing_of(recipe_id)
        able = [image for image in group if recipe and _is_of_this_scorer(image)]
        found = _scored_again([files.get(_path(image), "") for image in able], recipe, options)
        devices |= {record.provenance.device for record in found.values() if record.provenance}
        images += [_checked(image, files.get(_path(image), ""), found, recipe, tolerance) for image in group]
    then = {str(image["device"] or "not recorded") for image in scored}
    return Verification(
        images=images,
        without_score=len(table.images) - len(scored),
        tolerance=tolerance,
        devices=(", ".join(sorted(then)), ", ".join(sorted(devices))),
        versions=_other_versions(table.record),
        remarks=table.remarks,
        contradictions=(*contradictions(table, scored), *_other_sizes(images)),
        unchecked=unchecked(table, scored),
    )


def _other_sizes(images: Sequence[Checked]) -> list[str]:
    count = sum(image.has_other_size for image in images)
    if not count:
        return []
    counted = f"{count:,} of {len(images):,}"
    return [f"Widths or heights that are not those of the images: {counted}. The table was changed."]


def _by_recipe(images: Iterable[Image]) -> Mapping[str, list[Image]]:
    groups: defaultdict[str, list[Image]] = defaultdict(list)
    for image in images:
        groups[str(image["preprocessing"] or "")].append(image)
    return groups


def _is_of_this_scorer(image: Image) -> bool:
    scorer = create_scorer()
    return image["scorer"] == scorer.name and image["weights_sha256"] == scorer.weights_sha256


def _scored_again(
    files: Sequence[str], recipe: Preprocessing | None, options: ScoringOptions
) -> Mapping[str, ImageRecord]:
    """Return what is known of these files after scoring them, by path."""
    paths = [file for file in files if file]
    if recipe is None or not paths:
        return {}
    run = TerminalRun(
        ScoringOptions(
            device=options.device,
            batch_size=options.batch_size,
            upright=recipe.upright,
            fast_decoding=recipe.fast_decoding,
            quiet=options.quiet,
        )
    )
    run.library.add(paths)
    run.score()
    return {record.path: record for record in run.library.records()}


def _checked(
    image: Image,
    file: str,
    found: Mapping[str, ImageRecord],
    recipe: Preprocessing | None,
    tolerance: float,
) -> Checked:
    path, exported = _path(image), float(image["score"] or 0.0)
    if recipe is None:
        return Checked(path, file, Verdict.OTHER_RECIPE, exported, reason=_recipe_reason(image))
    if not _is_of_this_scorer(image):
        return Checked(path, file, Verdict.OTHER_SCORER, exported, reason=_scorer_reason(image))
    if not file:
        return Checked(path, "", Verdict.MISSING, exported)
    record = found[file]
    if record.score is None:
        is_there = os.path.exists(file)  # noqa: PTH110 - pathlib raises where a name is too long
        verdict = Verdict.FAILED if is_there else Verdict.MISSING
        return Checked(path, file, verdict, exported, reason=record.error)
    if image["sha256"] and record.sha256 != image["sha256"]:
        return Checked(path, file, Verdict.CHANGED, exported)
    # The export has six decimals: half of the last one is no difference.
    is_same = abs(record.score - exported) <= tolerance + 5e-7
    verdict = Verdict.REPRODUCED if is_same else Verdict.DIFFERS
    here = (record.width, record.height)
    is_other = any(
        then is not None and then != now
        for then, now in zip((image["width"], image["height"]), here, strict=True)
    )
    return Checked(path, file, verdict, exported, record.score, has_other_size=is_other)


def _path(image: Image) -> str:
    return str(image["path"] or "")


def _recipe_reason(image: Image) -> str:
    recipe_id = image["preprocessing"]
    if not recipe_id:
        return "The export does not say how the image was prepared for the network."
    return f"This release does not know how images were prepared ({recipe_id})."


def _scorer_reason(image: Image) -> str:
    scorer = create_scorer()
    weights = str(image["weights_sha256"] or "")
    then = f"the weights {weights[:12]}…" if weights else "weights that are not named"
    return (
        f"It was scored by {image['scorer'] or 'a scorer that is not named'} with {then}; "
        f"installed is {scorer.name} with {scorer.weights_sha256[:12]}…"
    )


def _other_versions(record: RunRecord | None) -> Mapping[str, tuple[str, str]]:
    if record is None:
        return {}
    then = {"resmem-gui": record.program.get("version", ""), **record.environment, **record.libraries}
    here = {"resmem-gui": program()["version"], **environment(), **libraries()}
    return {
        name: (str(then[name]), here[name]) for name in here if name in then and str(then[name]) != here[name]
    }
