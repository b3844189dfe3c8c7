"""What handing on does and did, in sentences."""

import os
from collections.abc import Iterable

from resmem_gui.export.carrying_out import Result
from resmem_gui.export.handing_on import Kind, Plan, Way
from resmem_gui.export.sidecar_writing import Fate, Report
from resmem_gui.export.taking_back import Undone
from resmem_gui.library.records import readable
from resmem_gui.ui import wording

_VERBS = {Way.COPY: "Copy", Way.MOVE: "Move", Way.LINK: "Link"}


def images_text(count: int) -> str:
    """Return a number of images."""
    return wording.count_text(count, "image")


def verb_text(way: Way, count: int) -> str:
    """Return what a button does."""
    return f"{_VERBS[way]} {images_text(count).title()}"


def plan_text(plan: Plan) -> str:
    """Return what would be done."""
    if plan.problem:
        return plan.problem
    if not plan.items:
        return _sentences(["There is nothing to do", *_left(plan)])
    parts = [images_text(len(plan.items))]
    if plan.total_bytes:
        parts.append(wording.bytes_text(plan.total_bytes))
    if plan.sidecars:
        parts.append(f"with {wording.count_text(plan.sidecars, 'sidecar')}")
    if plan.renamed:
        parts.append(f"{plan.renamed:,} {'gets' if plan.renamed == 1 else 'get'} another name")
    text = ", ".join(parts)
    if not plan.fits and plan.free_bytes is not None:
        needed, free = wording.bytes_text(plan.needed_bytes), wording.bytes_text(plan.free_bytes)
        return f"{text}. They do not fit: {needed} are needed, and {free} are free on that disk."
    if plan.needed_bytes and plan.free_bytes is not None:
        text += f"; {wording.bytes_text(plan.free_bytes)} free"
    return _sentences([text, *_left(plan)])


def plan_details(plan: Plan) -> str:
    """Return the images that are not handed on, one a line, with the reason."""
    return _lines((outcome.source, outcome.reason) for outcome in plan.left)


def result_text(result: Result) -> str:
    """Return what was done."""
    done, planned = result.count(Kind.DONE), len(result.plan.items)
    way, folder = result.plan.request.way.done, readable(result.plan.request.folder)
    where = f"{way} to {folder}" if result.plan.request.way is not Way.LINK else f"linked in {folder}"
    parts = []
    if result.stopped or result.cancelled:
        parts.append(result.stopped.removesuffix(".") or "Cancelled")
        parts.append(f"{done:,} of {images_text(planned)} {where}")
    else:
        parts.append(f"{images_text(done)} {where}")
    failed = result.count(Kind.FAILED)
    if failed:
        parts.append(f"{failed:,} could not be {way}")
    skipped = result.count(Kind.SKIPPED)
    if skipped:
        parts.append(f"{skipped:,} {'was' if skipped == 1 else 'were'} skipped")
    there = result.count(Kind.ALREADY_THERE)
    if there:
        parts.append(f"{there:,} {'was' if there == 1 else 'were'} there already")
    return _sentences(parts)


def result_details(result: Result) -> str:
    """Return the images of which there is something to be said, one a line."""
    return _lines((outcome.source, outcome.reason) for outcome in result.outcomes if outcome.reason)


def undone_text(result: Result, outcomes: Iterable[Undone]) -> str:
    """Return what was taken back."""
    outcomes = list(outcomes)
    undone = sum(outcome.undone for outcome in outcomes)
    moved = result.plan.request.way is Way.MOVE
    parts = [f"{wording.count_text(undone, 'file')} {'moved back' if moved else 'removed again'}"]
    if undone < len(result.made):
        kept = len(result.made) - undone
        parts.append(
            f"{kept:,} {'was' if kept == 1 else 'were'} left as {'it is' if kept == 1 else 'they are'}"
        )
    return _sentences(parts)


def undone_details(outcomes: Iterable[Undone]) -> str:
    """Return the files that were not taken back, one a line, with the reason."""
    return _lines((outcome.path, outcome.reason) for outcome in outcomes if not outcome.undone)


def preview_text(report: Report, lacking: str) -> str:
    """Return what would be written into sidecars, `lacking` being what is missing where nothing is."""
    new, changed = report.count(Fate.NEW), report.count(Fate.CHANGED)
    parts = [wording.count_text(new, "new sidecar")] if new else []
    if changed:
        parts.append(f"{wording.count_text(changed, 'sidecar')} to be changed")
    return _sentences([", ".join(parts) or "There is nothing to write", *_not_written(report, lacking)])


def report_text(report: Report, lacking: str) -> str:
    """Return what was written into sidecars; likewise."""
    written = report.count(Fate.NEW) + report.count(Fate.CHANGED)
    parts = ["Cancelled"] if report.cancelled else []
    return _sentences(
        [*parts, f"{wording.count_text(written, 'sidecar')} written", *_not_written(report, lacking)]
    )


def report_details(report: Report) -> str:
    """Return the images whose sidecars are left alone, one a line, with the reason."""
    return _lines((one.path, one.reason) for one in report.written if one.reason)


def _not_written(report: Report, lacking: str) -> list[str]:
    parts = []
    if same := report.count(Fate.SAME):
        parts.append(f"{same:,} {'says' if same == 1 else 'say'} so already")
    if other := report.count(Fate.CONFLICT):
        says = "says something else and is" if other == 1 else "say something else and are"
        parts.append(f"{other:,} {says} left alone")
    if failed := report.count(Fate.FAILED):
        parts.append(f"{failed:,} cannot be written")
    if nothing := report.count(Fate.NOTHING):
        parts.append(f"{images_text(nothing)} {'has' if nothing == 1 else 'have'} {lacking}")
    return parts


def _left(plan: Plan) -> list[str]:
    """Return what is said about images that are not handed on."""
    there, skipped, failed = (
        plan.left_because(kind) for kind in (Kind.ALREADY_THERE, Kind.SKIPPED, Kind.FAILED)
    )
    parts = []
    if there:
        parts.append(f"{images_text(there)} {'is' if there == 1 else 'are'} there already")
    if skipped:
        parts.append(f"{images_text(skipped)} {'is' if skipped == 1 else 'are'} skipped")
    if failed:
        parts.append(f"{images_text(failed)} cannot be handed on")
    return parts


def _sentences(parts: Iterable[str]) -> str:
    return " ".join(f"{part}." for part in parts)


def _lines(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{readable(os.path.basename(path))}: {reason}" for path, reason in pairs)
