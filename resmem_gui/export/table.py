"""The table of scores as every export writes it."""

import math
import os
from collections.abc import Iterable, Iterator
from typing import Final

from resmem_gui.analysis.ranking import ranks
from resmem_gui.analysis.reference import Reference
from resmem_gui.library.library import Library
from resmem_gui.library.records import ImageRecord

#: One row an image. `path` is always absolute. Empty cells mean "not known" or "does not apply".
COLUMNS: Final = (
    "path", "file", "score", "lamem_percentile", "rank", "status", "error", "width", "height", "sha256",
    "scorer", "weights_sha256", "preprocessing", "device", "rating", "pick",
)  # fmt: skip

Row = tuple[str | int, ...]


def rows(library: Library, reference: Reference, image_ids: Iterable[int] | None = None) -> Iterator[Row]:
    """Yield one row of `COLUMNS` for each image named, or for all in the order of their adding.

    Ranks and percentiles are those within the whole library, also where only some images are named.
    """
    scores = library.present_scores()
    all_ranks = ranks(scores)
    percentiles = reference.percentile(scores)
    for record in library.records(image_ids):
        yield _row(record, int(all_ranks[record.image_id]), float(percentiles[record.image_id]))


def _row(record: ImageRecord, rank: int, percentile: float) -> Row:
    made_by = record.provenance
    return (
        record.path,
        _inert(os.path.basename(record.path)),
        "" if record.score is None else f"{record.score:.6f}",
        "" if math.isnan(percentile) else f"{percentile:.1f}",
        rank or "",
        record.status.word,
        record.error,
        record.width or "",
        record.height or "",
        record.sha256,
        made_by.scorer if made_by else "",
        made_by.weights_sha256 if made_by else "",
        made_by.preprocessing if made_by else "",
        made_by.device if made_by else "",
        record.rating or "",
        record.pick.word if record.pick else "",
    )


def _inert(name: str) -> str:
    """Return a file name that no spreadsheet takes for a formula; `path` keeps the exact one."""
    return "'" + name if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name
