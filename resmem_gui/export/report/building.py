"""From the rows of a table to the content of a report."""

import os
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from resmem_gui.analysis.reference import Reference
from resmem_gui.export.columns import COLUMNS, Row
from resmem_gui.export.report.content import TITLE, ReportContent, ReportImage, ReportOptions, ReportSource
from resmem_gui.export.run_record import RunRecord
from resmem_gui.library.records import readable
from resmem_gui.traits import Caution

_CAUTIONS: Final = {caution.word: caution for caution in Caution}
_REPLACEMENT: Final = "\ufffd"
#: Marks that turn the direction of what stands after them; a name must not turn its neighbours round.
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def report_source(rows: Iterable[Row], references: Sequence[Reference], record: RunRecord) -> ReportSource:
    """Return what a report is made of, from what every other export is made of.

    Args:
        rows: Of `export.table.rows`.
        references: Those that percentiles are taken from, the library's own first; one at least.
        record: What made the scores.
    """
    named = tuple(dict(zip(COLUMNS, row, strict=True)) for row in rows)
    return ReportSource(named, tuple(references), record.fields(), record.counts.ranked_among)


def report_content(source: ReportSource, options: ReportOptions) -> ReportContent:
    """Return what a report says, without its pictures (`ReportContent.with_pictures`).

    Args:
        source: What the library gives.
        options: What was asked for.
    """
    paths = [str(row["path"]) for row in source.rows]
    folder = _shared_folder(paths)
    images = [_image(row, folder) for row in source.rows]
    scored = [image for image in images if image.score is not None]
    return ReportContent(
        options=_printable_options(options),
        images=tuple(sorted(scored, key=_place)),
        unscored=tuple(image for image in images if image.score is None),
        references=source.references,
        run_record=source.run_record,
        ranked_among=source.ranked_among,
        folder=printable(os.path.basename(folder)),
    )


def _printable_options(options: ReportOptions) -> ReportOptions:
    note = "\n".join(printable(line) for line in options.note.strip().splitlines())
    return replace(options, title=printable(options.title.strip()) or TITLE, note=note)


def _place(image: ReportImage) -> tuple[float, str]:
    return (image.rank or 0.0, image.name)


def printable(text: str) -> str:
    """Return a text that can stand in any document: no control characters, none that turn the direction.

    Bytes that are no text, and characters that are not shown, become replacement characters.
    """
    return "".join(_REPLACEMENT if _is_unfit(letter) else letter for letter in readable(text))


def _is_unfit(letter: str) -> bool:
    """Return whether a character has no place in a document: controls, and code points that are no text."""
    if letter in _TURNING or letter in "\ufffe\uffff":
        return True
    return unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")


def _shared_folder(paths: Iterable[str]) -> str:
    """Return the folder in which all images lie, directly or deeper; empty where there is none."""
    folders = {os.path.dirname(path) for path in paths}
    try:
        return os.path.commonpath(folders) if folders else ""
    except ValueError:  # on several drives
        return ""


def _image(row: Mapping[str, Any], folder: str) -> ReportImage:
    path = str(row["path"])
    low, high = _number(row, "sensitivity_low"), _number(row, "sensitivity_high")
    words = str(row.get("cautions") or "").split(";")
    return ReportImage(
        path=path,
        name=printable(os.path.relpath(path, folder) if folder else path),
        file=printable(os.path.basename(path)),
        score=_number(row, "score"),
        percentile=_number(row, "percentile"),
        rank=_number(row, "rank"),
        at_floor=bool(row.get("at_floor")),
        reference=printable(str(row.get("reference") or "")),
        cautions=tuple(_CAUTIONS[word] for word in map(str.strip, words) if word in _CAUTIONS),
        is_examined=bool(row.get("cautions")),
        sensitivity=None if low is None or high is None else (low, high),
        error=_reason(row),
        width=int(row.get("width") or 0),
        height=int(row.get("height") or 0),
    )


def _number(row: Mapping[str, Any], column: str) -> float | None:
    value = row.get(column)
    return None if value is None or value == "" else float(value)


def _reason(row: Mapping[str, Any]) -> str:
    if _number(row, "score") is not None:
        return ""
    return printable(str(row.get("error") or "")) or "It was not scored yet."
