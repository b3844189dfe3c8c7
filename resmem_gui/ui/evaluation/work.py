"""What the windows of an evaluation do off the GUI thread."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

import numpy as np

from resmem_gui.analysis.reference import Reference
from resmem_gui.export.evaluation import Comparison, Predictions, compare
from resmem_gui.library.ground_truth import Columns, GroundTruth, TextTable, ground_truth
from resmem_gui.library.matching import Matching, match
from resmem_gui.ui.evaluation.charts import Chart, charts_of


class CancelledError(Exception):
    """The window that wanted the result was closed."""


@dataclass(frozen=True)
class Matched:
    """What a choice of columns leads to.

    Attributes:
        truth: The human scores.
        matching: Their images.
        paths: By image id.
        unscored: How many of the matched images have no score.
    """

    truth: GroundTruth
    matching: Matching
    paths: dict[int, str]
    unscored: int


@dataclass(frozen=True)
class Compared:
    """What the evaluation's window shows."""

    comparison: Comparison
    charts: tuple[Chart, ...]


def match_columns(
    table: TextTable, columns: Columns, predictions: Predictions, give_way: Callable[[], None]
) -> Matched:
    """Read the columns and find the images.

    Raises:
        GroundTruthError: The columns cannot be used.
    """
    truth = ground_truth(table, columns)
    images = predictions.images
    paths = dict(zip(images.ids, images.paths, strict=True))
    matching = match(truth.keys, images, give_way=give_way)
    scored = set(np.compress(~np.isnan(predictions.scores), images.ids).tolist())
    unscored = sum(pair.image_id not in scored for pair in matching.pairs)
    return Matched(truth, matching, paths, unscored)


def run_comparison(
    truth: GroundTruth,
    predictions: Predictions,
    usual: Reference,
    trained_on: str | None,
    cancelled: Event,
    give_way: Callable[[], None],
) -> Compared:
    """Compare and prepare the plots.

    Raises:
        EvaluationError: Too few images have both scores.
        CancelledError: Nobody wants it any more.
    """

    def pause() -> None:
        if cancelled.is_set():
            raise CancelledError
        give_way()

    comparison = compare(truth, predictions, usual, trained_on=trained_on, pause=pause)
    return Compared(comparison, charts_of(comparison.evaluation))
