"""Images a second: our engine from file to score, against the loop with the package `resmem`, in one process.

python -m tests.benchmarks.throughput [--images N] [--camera N] [--rounds N] [--device cpu|cuda|mps] [--fast]
"""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from resmem_gui.bench.network import BATCHES, measure_network
from resmem_gui.bench.scoring import run_pipeline
from resmem_gui.bench.spread import SPREAD, Spread
from resmem_gui.scoring.load_order import set_up_threads
from resmem_gui.scoring.pipeline import Pipeline, Scored
from resmem_gui.scoring.preprocessing import INPUT_EDGE, Preprocessing
from resmem_gui.scoring.scorer import Scorer, create_scorer
from tests.benchmarks.common import (
    argument_parser,
    make_camera_photographs,
    make_photographs,
    print_heading,
    print_table,
    remember_weights,
    surroundings,
)
from tests.benchmarks.reference import load_reference, score_with_reference


def main() -> int:
    """Measure and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--images", type=int, default=100, help="web-sized files (default: 100)")
    parser.add_argument("--camera", type=int, default=30, help="12-megapixel files (default: 30)")
    parser.add_argument("--rounds", type=int, default=5, help="parts that they are scored in (default: 5)")
    parser.add_argument("--device", choices=sorted(BATCHES), default="cpu", help="default: cpu")
    parser.add_argument("--fast", action="store_true", help="with fast decoding (not the reference)")
    options = parser.parse_args()
    device: str = options.device
    with surroundings() as folder:
        print_heading(f"Images a second on {device} ({torch.get_num_threads()} threads)")
        remember_weights()
        scorer = create_scorer()
        scorer.preprocessing = Preprocessing(fast_decoding=options.fast)
        scorer.load(device)
        model = load_reference(device)
        _network_alone(scorer, model)
        kinds = {
            "640 x 480 JPEG files": (make_photographs, options.images),
            "4000 x 3000 JPEG files": (make_camera_photographs, options.camera),
        }
        for kind, (make, count) in kinds.items():
            if count:
                print(f"--- {count} {kind}" + (", fast decoding" if options.fast else ""))
                _compare(scorer, model, make(folder / kind, count), options.rounds)
    return 0


# The network, and what the machine can do


def _network_alone(scorer: Scorer, model: Any) -> None:
    before = _reference_alone(model, scorer.device)
    rates = measure_network(scorer, BATCHES[scorer.device])
    after = _reference_alone(model, scorer.device)
    reference = Spread.of([*before.values, *after.values])
    rows = [["resmem's network, image by image", *reference.cells(2), "", ""]]
    rows += [
        [
            f"ours, batch of {size}",
            *spread.cells(2),
            f"{100 * spread.best / rates.limit:.0f} %",
            f"{spread.median / reference.median:.2f}",
        ]
        for size, spread in rates.by_batch.items()
    ]
    print_table(["images a second, network alone", *SPREAD, "of the limit (best)", "ratio (median)"], rows)
    print(f"The limit: the network takes {rates.flop_per_image / 1e9:.1f} GFLOP an image. The products of")
    print("large matrices, by torch.mm or as a 1 x 1 convolution, whichever is faster, ran at")
    print(f"{rates.limit_flops / 1e9:,.0f} GFLOP/s at best in this run: {rates.limit:.2f} images a second.")


def _reference_alone(model: Any, device: str) -> Spread:
    image = torch.rand(1, 3, INPUT_EDGE, INPUT_EDGE, device=device)
    rates = []
    with torch.no_grad():
        for _ in range(5):
            began = time.perf_counter()
            model(image).item()
            rates.append(1 / (time.perf_counter() - began))
    return Spread.of(rates[1:])  # the first is a warm-up


# File to score


def _compare(scorer: Scorer, model: Any, photographs: Sequence[Path], rounds: int) -> None:
    """Score part by part, each part by both engines, and by turns one and the other first."""
    pipeline = Pipeline(scorer)
    engines: dict[str, Callable[[Sequence[Path]], list[float]]] = {
        "reference": lambda paths: score_with_reference(model, paths, scorer.device),
        "resmem_gui": lambda paths: _score_with_pipeline(pipeline, paths),
    }
    rates: dict[str, list[float]] = {name: [] for name in engines}
    scores: dict[str, list[float]] = {name: [] for name in engines}
    for score in engines.values():
        score(photographs[:8])  # warm-up
    for number in range(rounds):
        part = photographs[number::rounds]
        for name in sorted(engines, reverse=number % 2 == 0):
            began = time.perf_counter()
            scores[name] += engines[name](part)
            rates[name].append(len(part) / (time.perf_counter() - began))
    pipeline.close()
    _print_comparison(rates, scores)


def _score_with_pipeline(pipeline: Pipeline, paths: Sequence[Path]) -> list[float]:
    scores: list[float] = []
    for outcome in run_pipeline(pipeline, [str(path) for path in paths]):
        if not isinstance(outcome, Scored):
            sys.exit(f"{outcome.request.path}: {outcome.reason}")
        scores.append(outcome.score)
    return scores


def _print_comparison(rates: dict[str, list[float]], scores: dict[str, list[float]]) -> None:
    ours, reference = Spread.of(rates["resmem_gui"]), Spread.of(rates["reference"])
    ratio = Spread.of(one / other for one, other in zip(ours.values, reference.values, strict=True))
    rows = [
        ["resmem_gui's pipeline", *ours.cells(2)],
        ["the package resmem, image by image", *reference.cells(2)],
        ["ratio of neighbours", *ratio.cells(2)],
    ]
    print_table(["images a second, file to score", *SPREAD], rows)
    differences = np.abs(np.subtract(scores["resmem_gui"], scores["reference"]))
    print(f"The same work: the {len(differences)} scores differ by {differences.max():.1e} at most.\n")


if __name__ == "__main__":
    set_up_threads()
    sys.exit(main())
