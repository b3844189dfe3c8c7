"""Numbers of an export that follow from its scores: ranks, percentiles, and marks at the floor."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.ranking import FLOOR, comparable
from resmem_gui.analysis.reference import Reference
from resmem_gui.commands.references import own_references
from resmem_gui.export.reading import Image
from resmem_gui.export.run_record import RunRecord

_Numbers: TypeAlias = NDArray[np.floating[Any]]
#: Scores have six decimals in an export: two that are closer may have stood in either order.
_CLOSE: Final = 1e-6
#: Ranks and percentiles have one decimal there.
_ROUNDING: Final = 0.051


def wrong_numbers(scored: Sequence[Image], record: RunRecord) -> Mapping[str, int]:
    """Return how many numbers do not follow from the scores, by what they are called.

    Args:
        scored: The images of the export that have a score.
        record: Its run record, which says what should follow.
    """
    scores = _numbers(scored, "score")
    return {
        "Ranks": _wrong_ranks(scored, scores, record),
        "Percentiles": _wrong_percentiles(scored, scores, record),
        "Marks “at_floor”": _wrong_floor_marks(scored, scores),
    }


def known_references(record: RunRecord) -> Mapping[str, Reference]:
    """Return the references of the record that are here, and are still the same, by name."""
    here = {reference.name: reference for reference in own_references().all()}
    return {
        used.name: here[used.name]
        for used in record.references
        if used.name in here and (used.n, used.mean) == (here[used.name].n, here[used.name].mean)
    }


def _wrong_ranks(images: Sequence[Image], scores: NDArray[np.float64], record: RunRecord) -> int:
    """Count ranks that the scores do not allow; none where the table is a part of what was ranked."""
    if record.counts.ranked_among != len(images) or _is_near_floor(scores).any():
        return 0
    ascending = np.sort(comparable(scores))
    ranked = comparable(scores)
    first = len(images) - np.searchsorted(ascending, ranked + _CLOSE, side="right") + 1.0
    last = len(images) - np.searchsorted(ascending, ranked - _CLOSE, side="left") + 0.0
    # Scores at the floor are all equal, whatever their decimals.
    middle = (first + last) / 2
    first, last = np.where(ranked == 0, middle, first), np.where(ranked == 0, middle, last)
    return _outside(_numbers(images, "rank"), first, last)


def _wrong_percentiles(images: Sequence[Image], scores: NDArray[np.float64], record: RunRecord) -> int:
    """Count percentiles that are not those within the reference named, as far as it is known here."""
    names = np.array([str(image["reference"] or "") for image in images], dtype=object)
    exported = _numbers(images, "percentile")
    count = 0
    for name, reference in known_references(record).items():
        its = names == name
        # Where many images of a reference have the same score, its percentiles make a step there.
        near = [reference.percentile(scores[its] + step) for step in (-_CLOSE, 0.0, _CLOSE)]
        count += _outside(exported[its], np.min(near, axis=0), np.max(near, axis=0))
    return count


def _wrong_floor_marks(images: Sequence[Image], scores: NDArray[np.float64]) -> int:
    """Count marks that the scores do not allow; what is not there is not wrong."""
    marks = [image["at_floor"] for image in images]
    is_certain = ~_is_near_floor(scores)
    return sum(
        mark is not None and mark is not bool(score < FLOOR)
        for mark, score, certain in zip(marks, scores.tolist(), is_certain.tolist(), strict=True)
        if certain
    )


def _is_near_floor(scores: NDArray[np.float64]) -> NDArray[np.bool_]:
    near: NDArray[np.bool_] = np.abs(scores - FLOOR) <= _CLOSE
    return near


def _outside(values: NDArray[np.float64], low: _Numbers, high: _Numbers) -> int:
    """Count values outside of their ranges; what is not known is not outside."""
    return int(np.count_nonzero((values < low - _ROUNDING) | (values > high + _ROUNDING)))


def _numbers(images: Sequence[Image], column: str) -> NDArray[np.float64]:
    """Return the cells of a column, NaN for none."""
    return np.array(
        [np.nan if image[column] is None else image[column] for image in images], dtype=np.float64
    )
