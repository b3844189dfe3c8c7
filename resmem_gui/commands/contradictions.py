"""What in an export contradicts itself, and what of it cannot be judged."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from resmem_gui.commands.derived_numbers import known_references, wrong_numbers
from resmem_gui.export.reading import Image, ReadTable
from resmem_gui.export.run_record import RunRecord
from resmem_gui.library.records import Status

#: What each image with a score has, as people call it.
_ALWAYS_THERE: Final = {
    "percentile": "percentile", "reference": "reference", "rank": "rank", "at_floor": "mark “at_floor”",
}  # fmt: skip
_CHANGED: Final = "The table was changed."
_MAKER: Final = ("scorer", "weights_sha256", "preprocessing", "device")
_SENSITIVITY: Final = ("sensitivity_low", "sensitivity_high", "sensitivity_recipe")


def contradictions(table: ReadTable, scored: Sequence[Image]) -> tuple[str, ...]:
    """Return sentences on what does not fit together; none without a run record, which says what should.

    Args:
        table: The export.
        scored: Its images with a score.
    """
    if table.record is None:
        return ()
    return (
        *_other_counts(table, table.record, len(scored)),
        *_other_names(table, table.record, scored),
        *_missing(scored),
        *(
            f"{things} that do not follow from the scores: {count:,} of {len(scored):,}. {_CHANGED}"
            for things, count in wrong_numbers(scored, table.record).items()
            if count
        ),
        *_other_texts(table),
    )


def unchecked(table: ReadTable, scored: Sequence[Image]) -> tuple[str, ...]:
    """Return sentences on what `contradictions` could not judge, and on columns that nobody looks at."""
    sentences = [] if table.record is None else _not_judged(table.record, scored)
    not_looked_at = {
        "cautions": ["cautions"],
        "sensitivities": ["sensitivity_low", "sensitivity_high"],
        "stars": ["rating"],
        "picks": ["pick"],
    }
    held = [
        things
        for things, columns in not_looked_at.items()
        if any(image[column] is not None for image in table.images for column in columns)
    ]
    return (*sentences, f"Not checked: {', '.join(held)}.") if held else tuple(sentences)


def _not_judged(record: RunRecord, scored: Sequence[Image]) -> list[str]:
    sentences = []
    if record.counts.ranked_among > len(scored):
        sentences.append(
            f"Ranks were not checked: they are those among {record.counts.ranked_among:,} scored images, and "
            f"the table holds {len(scored):,}."
        )
    known = known_references(record)
    sentences += [
        f"Percentiles within {used.name} were not checked: there is no such reference here, or another one."
        for used in record.references
        if used.name not in known
    ]
    return sentences


def _other_counts(table: ReadTable, record: RunRecord, scored: int) -> list[str]:
    """Say it where the table holds more or fewer images or scores than its run record counts."""
    counts = record.counts
    statuses = Counter(image["status"] for image in table.images)
    recorded = {
        "images": (counts.rows, len(table.images)),
        "scores": (counts.scored, scored),
        "images that failed": (counts.failed, statuses[Status.FAILED.word]),
        "waiting images": (counts.waiting, statuses[Status.WAITING.word]),
    }
    sentences = [
        f"The run record counts {then} {things} and the table holds {here:,}: one of them was changed."
        for things, (then, here) in recorded.items()
        if then != here
    ]
    if counts.ranked_among < scored:
        sentences.append(
            f"The run record has ranks among {counts.ranked_among:,} images and the table holds {scored:,} "
            "scores: one of them was changed."
        )
    return sentences


def _other_names(table: ReadTable, record: RunRecord, scored: Sequence[Image]) -> list[str]:
    """Say it where the rows name other makers, references or recipes than the run record, or not as often."""
    makers = Counter({tuple(getattr(made, name) for name in _MAKER): made.n for made in record.producers})
    measured = [image for image in table.images if any(image[column] is not None for column in _SENSITIVITY)]
    pairs = {
        "scorers, weights, preprocessing or devices": (
            makers,
            Counter(tuple(str(image[name] or "") for name in _MAKER) for image in scored),
        ),
        "references": (
            _summed((used.name, used.rows) for used in record.references),
            Counter(str(image["reference"] or "") for image in scored),
        ),
        "ways of measuring sensitivity": (
            _summed((used.id, used.rows) for used in record.recipes),
            Counter(str(image["sensitivity_recipe"] or "") for image in measured),
        ),
    }
    return [
        f"The rows name other {things} than the run record does, or not as often: one of them was changed."
        for things, (then, here) in pairs.items()
        if then != here
    ]


def _summed(counted: Iterable[tuple[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for name, count in counted:
        total[name] += count
    return total


def _missing(scored: Sequence[Image]) -> list[str]:
    """Say it where an image has a score and not what every such image has."""
    missing = {
        thing: sum(image[column] is None for image in scored) for column, thing in _ALWAYS_THERE.items()
    }
    return [
        f"Images with a score and no {thing}: {count:,} of {len(scored):,}. {_CHANGED}"
        for thing, count in missing.items()
        if count
    ]


def _other_texts(table: ReadTable) -> list[str]:
    """Say it where a status, an error, a range or a file's name cannot stand in its row."""
    wrong = {
        "Statuses or errors that do not fit the scores": sum(map(_has_wrong_status, table.images)),
        "Sensitivities of which a part is missing, or with ends in the wrong order": sum(
            map(_has_no_range, table.images)
        ),
        "File names that are not those of the paths": table.other_names,
    }
    return [
        f"{things}: {count:,} of {len(table.images):,}. {_CHANGED}"
        for things, count in wrong.items()
        if count
    ]


def _has_wrong_status(image: Image) -> bool:
    is_scored = image["score"] is not None
    return (image["status"] == Status.SCORED.word) is not is_scored or (is_scored and bool(image["error"]))


def _has_no_range(image: Image) -> bool:
    low, high, recipe = (image[column] for column in _SENSITIVITY)
    if low is None or high is None or recipe is None:
        return not low is high is recipe is None
    return float(low) > float(high)
