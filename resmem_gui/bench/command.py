"""`resmem-gui bench`: measures this machine and says what it can do."""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from resmem_gui.images.discovery import Discovery
from resmem_gui.scoring import weights
from resmem_gui.scoring.cores import usable_cores
from resmem_gui.scoring.load_order import load_torch
from resmem_gui.scoring.pipeline import Pipeline
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import DeviceLostError, Scorer, create_scorer, load_scorer

if TYPE_CHECKING:
    from resmem_gui.bench.report import FilesReport, Report

_SAMPLE: Final = 48
_MADE: Final = {"web": 32, "camera": 16}


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """What the person asked for.

    Attributes:
        folder: Images to measure with; made ones by default.
        device: One of "auto", "cpu", "cuda", "mps".
        as_json: Plain data instead of words.
    """

    folder: str | None
    device: str
    as_json: bool


class BenchError(Exception):
    """Nothing can be measured. Its text is a plain sentence."""


def measure(options: BenchOptions, say: Callable[[str], None] = lambda _: None) -> str:
    """Measure and return the report.

    Args:
        options: What was asked for.
        say: Told what is being done.

    Raises:
        BenchError: The folder has no images that can be decoded, or the GPU failed.
        ScorerError: The scorer cannot be loaded.
    """
    with _files(options.folder, say) as files:
        try:
            report = _measure(options.device, files, say)
        except DeviceLostError as error:
            raise BenchError(f"The GPU failed while it was measured: {error}") from error
    from resmem_gui.bench.report import as_json, as_text

    return json.dumps(as_json(report), indent=2) if options.as_json else as_text(report)


def _measure(device: str, files: dict[str, list[str]], say: Callable[[str], None]) -> "Report":
    # The first run of all checks the weights; that is no part of what every run pays for.
    weights.verify(weights.find_weights(), weights.RESMEM_SHA256)
    began = time.perf_counter()
    load_torch()
    torch_s = time.perf_counter() - began
    scorer = create_scorer()
    began = time.perf_counter()
    load_scorer(scorer, device, say)
    load_s = time.perf_counter() - began

    # not before torch was imported, which is measured
    from resmem_gui.bench.network import BATCHES, measure_network
    from resmem_gui.bench.report import Report

    say("measuring the network")
    return Report(
        device=scorer.device,
        device_label=scorer.device_label,
        torch_s=torch_s,
        load_s=load_s,
        network=measure_network(scorer, BATCHES[scorer.device]),
        files=[_measure_files(scorer, name, paths, say) for name, paths in files.items()],
    )


@contextmanager
def _files(folder: str | None, say: Callable[[str], None]) -> Iterator[dict[str, list[str]]]:
    """Yield the files to measure with, by the name of their kind."""
    if folder is not None:
        yield {folder: _sample(folder)}
        return
    from resmem_gui.bench.pictures import make_pictures

    with tempfile.TemporaryDirectory(prefix="resmem-gui-bench-") as name:
        say("making pictures to measure with; name a folder to measure with your own")
        yield {f"made, {kind} size": make_pictures(Path(name), kind, count) for kind, count in _MADE.items()}


def _sample(folder: str) -> list[str]:
    """Return at most `_SAMPLE` images out of a folder, from its beginning to its end.

    Raises:
        BenchError: There are none.
    """
    found = list(Discovery([folder]))
    if not found or not Path(folder).exists():
        raise BenchError(f"There are no images in {folder}.")
    step = max(1, len(found) // _SAMPLE)
    return found[::step][:_SAMPLE]


def _measure_files(scorer: Scorer, name: str, paths: list[str], say: Callable[[str], None]) -> "FilesReport":
    from resmem_gui.bench.decoding import NothingToMeasureError, measure_decoding
    from resmem_gui.bench.report import FilesReport
    from resmem_gui.bench.scoring import images_a_second

    say(f"measuring with {len(paths)} images: {name}")
    try:
        decoding = measure_decoding(scorer, paths, usable_cores())
    except NothingToMeasureError as error:
        raise BenchError(f"{name}: {error}") from error
    rates = []
    for fast in (False, True):
        scorer.preprocessing = Preprocessing(fast_decoding=fast)
        pipeline = Pipeline(scorer)
        try:
            images_a_second(pipeline, paths[:4])  # warm-up
            rates.append(images_a_second(pipeline, paths))
        finally:
            pipeline.close()
    return FilesReport(name, decoding, *rates)
