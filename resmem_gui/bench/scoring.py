"""From file to score, by the pipeline that the window and the terminal use."""

import time
from collections.abc import Sequence

from resmem_gui.scoring.pipeline import Outcome, Pipeline, Request


def run_pipeline(pipeline: Pipeline, paths: Sequence[str]) -> list[Outcome]:
    """Score files; return their outcomes in the order of the files."""
    pipeline.submit(Request(number, path) for number, path in enumerate(paths))
    outcomes: list[Outcome] = []
    while pipeline.pending:
        outcomes += pipeline.step()
    return sorted(outcomes, key=lambda outcome: outcome.request.image_id)


def images_a_second(pipeline: Pipeline, paths: Sequence[str]) -> float:
    """Return the rate at which a pipeline scores these files."""
    began = time.perf_counter()
    return len(run_pipeline(pipeline, paths)) / (time.perf_counter() - began)
