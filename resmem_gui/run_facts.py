"""Gathers the run record: one function for the window and the terminal alike."""

import platform
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from resmem_gui import __version__
from resmem_gui.analysis.differences import LEAST_ERROR, MOST_ERROR
from resmem_gui.analysis.ranking import FLOOR
from resmem_gui.analysis.reference import Reference
from resmem_gui.export.citations import CITATIONS
from resmem_gui.export.columns import NO_CAUTIONS
from resmem_gui.export.run_record import JSON, Counts, Producer, RunRecord, Times, UsedRecipe, UsedReference
from resmem_gui.export.table import Named
from resmem_gui.library.library import Library
from resmem_gui.library.records import ImageRecord, Provenance, Status
from resmem_gui.scoring.framings import UnknownRecipeError, recipe
from resmem_gui.scoring.preprocessing_parameters import parameters, preprocessing_of
from resmem_gui.scoring.scorer import ScorerError
from resmem_gui.scoring.weights import RESMEM_SHA256, RESMEM_VERSION, find_weights

#: What takes part in a score, in a caution or in a statistic.
_LIBRARIES: Final = (
    "torch", "torchvision", "resmem", "pillow", "pillow-heif", "numpy", "scipy", "dlib-bin",
)  # fmt: skip
#: Parts of Pillow that decode, and their names there.
_DECODERS: Final = {
    "libjpeg-turbo": "libjpeg_turbo", "zlib": "zlib", "libwebp": "webp", "libavif": "avif",
    "libtiff": "libtiff",
}  # fmt: skip
_DEFINITIONS: Final = {
    "score": (
        "The network's estimate, 0 to 1, of how likely people are to recognise the image when they see it "
        "again. It is no measurement."
    ),
    "percentile": (
        "Per cent of the named reference's images whose measured score lies below the image's score, equal "
        "ones counted half (mid-rank); read from the reference's quantiles, to about 0.1 "
        "(exact for own references of up to 1,001 scores)."
    ),
    "rank": (
        "Among all scored images of the library, 1 for the highest score. Equal scores share the average of "
        "their places, and all scores at the floor are equal."
    ),
    "at_floor": (
        f"The score is below {FLOOR}: the network hardly answers below 0.41, whatever the image, and tells "
        "such images not apart."
    ),
    "cautions": (
        "Reasons why the score may not mean what it says, found in the pixels or the size. They never change "
        f"a score. “{NO_CAUTIONS}”: looked for and not found; empty: not looked for."
    ),
    "sensitivity": (
        "Least and greatest score when the image is framed a little differently: sensitivity to framing, and "
        "no error bar against people."
    ),
    "error": (
        f"Against scores measured on people the mean absolute error is {LEAST_ERROR:.2f} to "
        f"{MOST_ERROR:.2f}, by source of the images."
    ),
    "rounding": "Scores have six decimals, percentiles and ranks one, in every format.",
}


@dataclass(frozen=True, slots=True)
class RunTimes:
    """What only whoever led the run knows of it.

    Attributes:
        began: When.
        ended: When.
        recalled: How many of the library's scores came from the store; None if nobody counted.
    """

    began: datetime | None = None
    ended: datetime | None = None
    recalled: int | None = None


def run_record(
    library: Library, named: Named, image_ids: Iterable[int] | None = None, times: RunTimes | None = None
) -> RunRecord:
    """Return the run record of a table of these images, or of all.

    Takes a second or more for 100,000 images, and reads small files: not for the GUI thread.

    Args:
        library: Not changed meanwhile.
        named: Gives references by the ids that images name, as for `export.table.rows`.
        image_ids: Which images the table holds.
        times: Of the run.
    """
    tally = _Tally()
    for record in library.records(image_ids):
        tally.take(record)
    run = times or RunTimes()
    return RunRecord(
        program=program(),
        counts=_counts(tally, library, run),
        times=Times(_utc(run.began), _utc(run.ended), _utc(datetime.now(UTC))),
        producers=tuple(_producer(made_by, n) for made_by, n in tally.producers.most_common()),
        references=_references(tally.references, named),
        recipes=tuple(_recipe(key, n) for key, n in tally.recipes.most_common()),
        environment=environment(),
        libraries=libraries(),
        definitions=_DEFINITIONS,
        citations=_citations(),
    )


def _citations() -> tuple[str, ...]:
    return tuple(f"{citation.text} https://doi.org/{citation.doi}" for citation in CITATIONS)


class _Tally:
    """Counts what the images of a table are made by."""

    def __init__(self) -> None:
        self.statuses: Counter[Status] = Counter()
        self.producers: Counter[Provenance] = Counter()
        self.references: Counter[str] = Counter()
        self.recipes: Counter[tuple[str, int]] = Counter()

    def take(self, record: ImageRecord) -> None:
        self.statuses[record.status] += 1
        if record.provenance is not None:
            self.producers[record.provenance] += 1
            self.references[record.reference] += 1
        if record.sensitivity is not None:
            self.recipes[record.sensitivity.recipe, len(record.sensitivity.scores)] += 1


def _counts(tally: _Tally, library: Library, run: RunTimes) -> Counts:
    scored = library.count(Status.SCORED)
    return Counts(
        rows=tally.statuses.total(),
        scored=tally.statuses[Status.SCORED],
        failed=tally.statuses[Status.FAILED],
        waiting=tally.statuses[Status.WAITING],
        ranked_among=scored,
        recalled=run.recalled,
        computed=None if run.recalled is None else scored - run.recalled,
    )


def _producer(made_by: Provenance, n: int) -> Producer:
    known = preprocessing_of(made_by.preprocessing)
    return Producer(
        scorer=made_by.scorer,
        weights_sha256=made_by.weights_sha256,
        weights=_weights() if made_by.weights_sha256 == RESMEM_SHA256 else {},
        preprocessing=made_by.preprocessing,
        parameters=parameters(known) if known is not None else {},
        device=made_by.device,
        precision="half (float16)" if made_by.device == "cuda" else "single (float32)",
        n=n,
    )


def _weights() -> Mapping[str, JSON]:
    facts: dict[str, JSON] = {
        "file": "model.pt",
        "source": f"package resmem {RESMEM_VERSION}, https://pypi.org/project/resmem/{RESMEM_VERSION}/",
        "licence": "non-commercial use",
    }
    try:
        facts["bytes"] = find_weights().stat().st_size
    except (ScorerError, OSError):
        facts["bytes"] = None  # a session of another machine can be exported where there are no weights
    return facts


def _references(used: Counter[str], named: Named) -> tuple[UsedReference, ...]:
    """Return the references, those that several ids lead to once."""
    counts: Counter[int] = Counter()
    found: dict[int, Reference] = {}
    for reference_id, n in used.items():
        reference = named(reference_id)
        found[id(reference)] = reference
        counts[id(reference)] += n
    return tuple(_used(found[key], n) for key, n in counts.most_common())


def _used(reference: Reference, rows: int) -> UsedReference:
    return UsedReference(
        id=reference.id,
        name=reference.name,
        n=reference.n,
        mean=reference.mean,
        sd=reference.sd,
        provenance=dict(reference.provenance),
        rows=rows,
    )


def _recipe(key: tuple[str, int], rows: int) -> UsedRecipe:
    recipe_id, framings = key
    try:
        known = recipe(recipe_id)
    except UnknownRecipeError:
        return UsedRecipe(recipe_id, "", "", framings, rows)
    return UsedRecipe(known.id, known.title, f"{known.meaning} {known.source}", framings, rows)


def program() -> dict[str, str]:
    """Return what this program is."""
    commit = _commit()
    return {"name": "resmem-gui", "version": __version__} | ({"checkout": commit} if commit else {})


@cache
def _commit() -> str:
    """Return the commit that a checkout is at, without what was changed since; empty for an installation."""
    git = Path(__file__).resolve().parents[1] / ".git"
    try:
        head = (git / "HEAD").read_text(encoding="ascii").strip()
        if not head.startswith("ref: "):
            return head
        return (git / head.removeprefix("ref: ")).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


@cache
def environment() -> Mapping[str, str]:
    """Return what it runs on."""
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": platform.platform(),
        "machine": platform.machine(),
    }


@cache
def libraries() -> Mapping[str, str]:
    """Return versions, without importing what is heavy."""
    import pillow_heif
    from PIL import features

    found = {name: _version(name) for name in _LIBRARIES}
    found["libheif"] = pillow_heif.libheif_version()
    for name, feature in _DECODERS.items():
        found[name] = features.version(feature) or "not in this build of Pillow"
    return found


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _utc(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment is not None else ""
