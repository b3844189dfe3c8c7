"""What is said of two images that are selected together."""

from collections.abc import Sequence

from resmem_gui.analysis.differences import difference
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.viewing.framing_verdicts import framing_verdicts


def pair_text(model: ImageModel, image_ids: Sequence[int]) -> str:
    """Return how the scores of two images differ and what that is worth; empty if one has no score."""
    records = sorted(model.library.records(image_ids), key=lambda record: -(record.score or 0.0))
    if len(records) != 2 or any(record.score is None for record in records):
        return ""
    better, worse = records
    assert better.score is not None
    assert worse.score is not None
    found = difference(worse.score, better.score)
    lines = [
        f"{better.name}: {better.score:.3f}",
        f"{worse.name}: {worse.score:.3f}",
        f"Difference {found.value:.3f}. {found.sentence}",
        framing_verdicts(model, [better.image_id, worse.image_id])[worse.image_id].full,
    ]
    return "\n".join(filter(None, lines))
