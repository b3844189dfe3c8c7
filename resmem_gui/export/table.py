"""The table of scores as every export writes it: typed rows, one an image."""

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import numpy as np

from resmem_gui.analysis.ranking import at_floor, average_ranks
from resmem_gui.analysis.reference import Reference
from resmem_gui.analysis.references import References, UnknownReferenceError
from resmem_gui.export.columns import COLUMNS, NO_CAUTIONS, TABLE, Cell, Column, Kind, Row
from resmem_gui.library.library import Library
from resmem_gui.library.records import ImageRecord
from resmem_gui.traits import Caution

__all__ = ["COLUMNS", "TABLE", "Cell", "Column", "Kind", "Row", "rows"]

#: Gives a reference by its id. An empty id stands for the library's own.
Named = Callable[[str], Reference]


def rows(
    library: Library, reference: Reference | Named, image_ids: Iterable[int] | None = None
) -> Iterator[Row]:
    """Yield one row of `COLUMNS` for each image named, or for all in the order of their adding.

    Ranks are those within the whole library, also where only some images are named. Numbers are rounded to
    the decimals of their column, so that every format holds the same ones.

    Args:
        library: Not changed meanwhile: a snapshot, where another thread changes it.
        reference: What percentiles are taken from, or what gives it by the id that an image names.
        image_ids: Which images.
    """
    standing = _Standing(library, reference if callable(reference) else lambda _: reference)
    for record in library.records(image_ids):
        yield _row(record, _cautions(library, record), *standing.of(record))


def named(references: References, own: Reference) -> Named:
    """Return what gives a reference by the id that an image names.

    Args:
        references: The catalogue. Where it has not what an image names, its default takes the place.
        own: The library's own.
    """

    def find(reference_id: str) -> Reference:
        if reference_id in ("", own.id):
            return own
        try:
            return references.get(reference_id)
        except UnknownReferenceError:
            return references.default

    return find


class _Standing:
    """Where each image stands: computed once for the whole library."""

    def __init__(self, library: Library, find: Named) -> None:
        scores = library.present_scores()
        self._ranks = average_ranks(scores)
        self._at_floor = at_floor(scores)
        self._percentiles = cache(lambda id_: np.round(find(id_).percentile(scores), 1))
        self._name = cache(lambda id_: find(id_).name)

    def of(self, record: ImageRecord) -> tuple[float | None, str | None, float | None, bool | None]:
        """Return percentile, the reference's name, rank and whether the score is at the floor."""
        if record.score is None:
            return None, None, None, None
        id_, number = record.reference, record.image_id
        percentile = float(self._percentiles(id_)[number])
        return percentile, self._name(id_), float(self._ranks[number]), bool(self._at_floor[number])


def _cautions(library: Library, record: ImageRecord) -> str | None:
    """Return what is known, also where only the size has been looked at; None where nobody has."""
    found = Caution(int(library.cautions[record.image_id]))
    return caution_words(found) if found or library.traits_known[record.image_id] else None


def _row(
    record: ImageRecord,
    cautions: str | None,
    percentile: float | None,
    reference: str | None,
    rank: float | None,
    is_at_floor: bool | None,
) -> Row:
    made_by, sensitivity = record.provenance, record.sensitivity
    return (
        record.path,
        os.path.basename(record.path),
        None if record.score is None else round(record.score, 6),
        percentile,
        reference,
        rank,
        is_at_floor,
        cautions,
        None if sensitivity is None else round(sensitivity.low, 6),
        None if sensitivity is None else round(sensitivity.high, 6),
        None if sensitivity is None else sensitivity.recipe,
        record.status.word,
        record.error or None,
        record.width or None,
        record.height or None,
        record.sha256 or None,
        made_by.scorer if made_by else None,
        made_by.weights_sha256 if made_by else None,
        made_by.preprocessing if made_by else None,
        made_by.device if made_by else None,
        record.rating or None,
        record.pick.word if record.pick else None,
    )


@cache
def caution_words(cautions: Caution) -> str:
    """Return cautions as the table writes them: words, separated by semicolons."""
    return ";".join(caution.word for caution in cautions) or NO_CAUTIONS
