"""Framings with the real network: the standard one is the score, and the others are not."""

from pathlib import Path

import pytest

from resmem_gui.library.library import Library
from resmem_gui.measuring import measure_library
from resmem_gui.outcomes import provenance_of, record_outcomes
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring.framings import STANDARD, TEN_CROP
from resmem_gui.scoring.pipeline import Pipeline, Request
from resmem_gui.scoring.resmem import ResMemScorer

pytestmark = pytest.mark.weights


def test_the_standard_framing_scores_as_the_pipeline_does(photographs: dict[str, Path]) -> None:
    scorer = ResMemScorer()
    scorer.load("cpu")
    library = Library()
    ids = library.add([str(photographs[name]) for name in ("chelsea", "china")])
    pipeline = Pipeline(scorer)
    pipeline.submit([Request(image_id, library.paths[image_id]) for image_id in ids])
    while pipeline.pending:
        record_outcomes(library, pipeline.step(), provenance_of(scorer))
    pipeline.close()
    memory = ScoreMemory(None, pytest.fail)
    for _ in measure_library(library, scorer, memory, TEN_CROP, tell=pytest.fail):
        pass
    memory.close()
    mirrored = next(
        place
        for place, one in enumerate(TEN_CROP.framings)
        if one.mirrored and (one.left, one.top) == (STANDARD.left, STANDARD.top)
    )
    for image_id in ids:
        known = library.sensitivity(image_id)
        assert known is not None
        score = float(library.scores[image_id])
        assert known.scores[TEN_CROP.standard] == pytest.approx(score, abs=1e-5)
        assert abs(known.scores[mirrored] - score) > 1e-4
        assert 0.005 < known.high - known.low < 0.2
