"""Lists for experiments as files: conditions for PsychoPy, stimuli for jsPsych, and how they came about.

PsychoPy reads a table whose column names are the names of variables, one row a trial. jsPsych takes an array
of objects as `timeline_variables`. Beside either lies a JSON file that says how the lists were made and how
well they match: what a paper's method section needs.
"""

import contextlib
import csv
import io
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final

from resmem_gui.analysis.condition_balance import Balance
from resmem_gui.analysis.conditions import Kind, Lists, Wanted
from resmem_gui.export.path_texts import as_valid_text
from resmem_gui.export.text_cells import inert
from resmem_gui.library.records import ImageRecord, readable
from resmem_gui.replacing import replacing

#: Names of variables in PsychoPy and Python, and in JavaScript. PsychoPy makes a global variable of each:
#: “image” is how it names an image component itself, which then breaks, and “list” is Python's own.
COLUMNS: Final = (
    "image_file", "list_name", "item", "category", "memorability", "percentile", "reference", "sha256",
)  # fmt: skip
_METHODS: Final = {
    Kind.MATCHED: "partners by linear assignment on the absolute difference of scores; which of them goes "
    "into which list is drawn by chance, up to 200 times, and the way is taken whose means differ least",
    Kind.APART: "highest against lowest scores within each category",
}
_KEPT_APART: Final = (
    "images are near-duplicates if both a perceptual hash of 64 low frequencies differs in at most half of "
    "alike_at bits and one of 128 steps of brightness in at most alike_at, or if their files are the same; a "
    "group is what hangs together by such pairs. Of each group one image was kept by the seed, each with the "
    "same probability and whatever its score, before any list was drawn"
)
_JSPSYCH_REMARK: Final = """\
// For jsPsych, one list: { timeline: [...], timeline_variables: stimuli.filter(s => s.list_name === "%s") }
// Images beforehand: { type: jsPsychPreload, images: stimuli.map(s => s.image_file) }
"""
#: What the JSON file beside the conditions is called.
_BESIDE: Final = ".lists.json"


class Form(Enum):
    """For which program the lists are written."""

    PSYCHOPY = "psychopy"
    JSPSYCH = "jspsych"

    @property
    def ending(self) -> str:
        """Of the file's name."""
        return {self.PSYCHOPY: ".csv", self.JSPSYCH: ".js"}[self]


@dataclass(frozen=True, slots=True)
class Stimulus:
    """One image of a list.

    Attributes:
        record: Of the image.
        list_name: Of the list that it is in.
        item: From 1; in matched lists, partners have the same.
        category: Empty without categories.
        percentile: Of its score, 0 to 100.
        reference: Name of the reference of that percentile.
    """

    record: ImageRecord
    list_name: str
    item: int
    category: str
    percentile: float
    reference: str


@dataclass(frozen=True, slots=True)
class Compared:
    """How the images that could be drawn were compared with each other.

    Attributes:
        groups: How many groups of near-duplicates there were.
        largest_group: Images in the largest of them; 0 without one.
        not_looked_at: Images whose pixels nobody had looked at: for these only copies of one file are known.
        plain: Images that are plain all over: for these, too.
        not_known_in_lists: How many of both are in the lists.
        alike_at: Images at most so far apart, of 128, are near-duplicates.
    """

    groups: int
    largest_group: int
    not_looked_at: int
    plain: int
    not_known_in_lists: int
    alike_at: int


def list_names(kind: Kind, lists: int) -> list[str]:
    """Return what lists are called: A, B, C where they match, else high, (middle,) low."""
    if kind is Kind.APART:
        if lists == 2:
            return ["high", "low"]
        if lists == 3:
            return ["high", "middle", "low"]
        return [f"level{number}" for number in range(1, lists + 1)]
    return [chr(ord("A") + number) for number in range(lists)]


def save_conditions(
    path: Path,
    stimuli: Sequence[Stimulus],
    form: Form,
    notes: Mapping[str, Any],
) -> list[Path]:
    """Write one file for an experiment, and beside it one that says how the lists were made.

    Images at or below the file's folder are named relative to it, so that both can move together; others by
    their absolute paths. Slashes go forward on every system. For jsPsych names are addresses: a “#” in one is
    “%23”.

    Args:
        path: Of the file; one that is there is replaced when the new one is complete.
        stimuli: In the order of the file.
        form: For which program.
        notes: How the lists were made: `notes_on`, and the run record.

    Returns:
        The files that were written.

    Raises:
        OSError: One of them cannot be written. What was there before is whole then.
        ValueError: A file name is no valid text, which neither program can open; says which.
    """
    rows = [_row(stimulus, path.parent) for stimulus in stimuli]
    if form is Form.JSPSYCH:
        rows = [row | {"image_file": _address(str(row["image_file"]))} for row in rows]
    write = {Form.PSYCHOPY: _csv, Form.JSPSYCH: _javascript}[form]
    beside = path.with_name(path.stem + _BESIDE)
    contents = {path: write(rows), beside: json.dumps(notes, indent=2, ensure_ascii=False) + "\n"}
    with contextlib.ExitStack() as files:  # a full disk shows before either of the old files is replaced
        for target, text in contents.items():
            file = files.enter_context(replacing(target))
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
    return list(contents)


def notes_on(
    wanted: Wanted,
    lists: Lists,
    balance: Balance,
    names: Sequence[str],
    categories: Sequence[str],
    compared: Compared | None = None,
) -> dict[str, Any]:
    """Return how lists were made and how well they match, for `save_conditions`.

    Args:
        wanted: What was asked for.
        lists: What came of it.
        balance: Their comparison.
        names: Of the lists.
        categories: Names of the categories, by number.
        compared: How near-duplicates were found; None if they were not kept apart.
    """
    return {
        "lists": list(names),
        "made": {
            "kind": wanted.kind.value,
            "images_in_each": wanted.in_list,
            "mix_of_categories": wanted.mix.value,
            "seed": wanted.seed,
            "without_images_at_the_floor": wanted.without_floor,
            "candidates": len(lists.drawn_from),
            "near_duplicates": _near_duplicates(lists, compared),
            "method": _METHODS[wanted.kind],
        },
        "summaries": {
            name: _without_nan(asdict(each)) for name, each in zip(names, balance.summaries, strict=True)
        },
        "drawn_from": _without_nan(asdict(balance.drawn_from)),
        "differences": [
            _without_nan(asdict(each) | {"first": names[each.first], "second": names[each.second]})
            for each in balance.differences
        ],
        "partners_apart_at_most": _without_nan({"value": balance.partners_apart})["value"],
        "categories": {
            name: dict(zip(categories, counts.tolist(), strict=True))
            for name, counts in zip(names, balance.counts, strict=True)
        },
        "categories_drawn_from": dict(zip(categories, lists.available.tolist(), strict=True)),
        "at_floor": balance.at_floor,
        "remark": balance.sentence(names),
    }


def _near_duplicates(lists: Lists, compared: Compared | None) -> dict[str, Any]:
    if compared is None:
        return {"kept_apart": False}
    facts = {"kept_apart": True, "set_aside": lists.set_aside, **asdict(compared)}
    return facts | {"method": _KEPT_APART}


def _without_nan(fields: dict[str, Any]) -> dict[str, Any]:
    """Return null where a number is not defined: JSON has no NaN."""
    return {name: None if value != value else value for name, value in fields.items()}


def _row(stimulus: Stimulus, folder: Path) -> dict[str, str | int | float]:
    record = stimulus.record
    assert record.score is not None
    return {
        "image_file": _named(record.path, folder),
        "list_name": stimulus.list_name,
        "item": stimulus.item,
        "category": as_valid_text(stimulus.category),
        "memorability": round(record.score, 6),
        "percentile": round(stimulus.percentile, 1),
        "reference": stimulus.reference,
        "sha256": record.sha256,
    }


def _named(path: str, folder: Path) -> str:
    """Return how a conditions file names an image: so that no spreadsheet takes it for a formula."""
    inside = os.path.join(os.path.abspath(folder), "")
    relative = path.removeprefix(inside)
    try:
        relative.encode("utf-8")
    except UnicodeEncodeError:
        shown = readable(os.path.basename(path))
        raise ValueError(f"“{shown}” has a name that is no valid text. Rename it, or leave it out.") from None
    named = relative.replace(os.sep, "/")
    return named if inert(named) == named else f"./{named}"


def _address(name: str) -> str:
    """Return a relative or absolute path as browsers find it: these signs mean other things in an address."""
    return name.replace("%", "%25").replace("#", "%23").replace("?", "%3F")


def _csv(rows: Sequence[Mapping[str, object]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _inert(cell) for name, cell in row.items()} for row in rows)
    return stream.getvalue()


def _inert(cell: object) -> object:
    return inert(cell) if isinstance(cell, str) else cell


def _javascript(rows: Sequence[Mapping[str, object]]) -> str:
    # “</script” or “<!--” in a name would end the page's script; escapes are the same text to JavaScript.
    lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows)
    lines = lines.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    remark = _JSPSYCH_REMARK % (rows[0]["list_name"] if rows else "A")
    return f"{remark}const stimuli = [\n{lines}\n];\n"
