"""Images a second: our engine from file to score, against the loop with the package `resmem`, in one process.

python -m tests.benchmarks.throughput [--images N] [--rounds N] [--device cpu|cuda|mps]
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from resmem_gui.scoring.pipeline import Pipeline, Request, Scored
from resmem_gui.scoring.preprocessing import INPUT_EDGE
from resmem_gui.scoring.scorer import Scorer, create_scorer
from tests.benchmarks.common import (
    SPREAD,
    Spread,
    make_photographs,
    print_heading,
    print_table,
    remember_weights,
    repeat,
    surroundings,
)
from tests.benchmarks.reference import load_reference, score_with_reference

_BATCHES: Final = {"cpu": (1, 2, 4, 8, 16), "cuda": (1, 4, 16, 32, 64, 128), "mps": (1, 4, 16, 32)}
_MATRIX_EDGE: Final = {"cpu": 2048, "cuda": 8192, "mps": 4096}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--images", type=int, default=60, help="different files (default: 60)")
    parser.add_argument("--rounds", type=int, default=5, help="parts that they are scored in (default: 5)")
    parser.add_argument("--device", choices=sorted(_BATCHES), default="cpu", help="default: cpu")
    options = parser.parse_args()
    device: str = options.device
    with surroundings() as folder:
        print_heading(
            f"Images a second on {device} ({torch.get_num_threads()} threads), 640 x 480 JPEG files"
        )
        remember_weights()
        photographs = make_photographs(folder / "photographs", options.images)
        scorer = create_scorer()
        scorer.load(device)
        _compare(scorer, photographs, options.rounds, device)
        _network_alone(scorer, device)
    return 0


# File to score


def _compare(scorer: Scorer, photographs: Sequence[Path], rounds: int, device: str) -> None:
    """Score part by part, each part by both engines, and by turns one and the other first."""
    model = load_reference(device)
    pipeline = Pipeline(scorer)
    engines: dict[str, Callable[[Sequence[Path]], list[float]]] = {
        "reference": lambda paths: score_with_reference(model, paths, device),
        "resmem_gui": lambda paths: _score_with_pipeline(pipeline, paths),
    }
    rates: dict[str, list[float]] = {name: [] for name in engines}
    scores: dict[str, list[float]] = {name: [] for name in engines}
    for score in engines.values():
        score(photographs[: scorer.batch_size])  # warm-up
    for number in range(rounds):
        part = photographs[number::rounds]
        for name in sorted(engines, reverse=number % 2 == 0):
            began = time.perf_counter()
            scores[name] += engines[name](part)
            rates[name].append(len(part) / (time.perf_counter() - began))
    pipeline.close()
    _print_comparison(rates, scores, scorer.batch_size)


def _score_with_pipeline(pipeline: Pipeline, paths: Sequence[Path]) -> list[float]:
    pipeline.submit(Request(number, str(path)) for number, path in enumerate(paths))
    scores: list[float] = []
    while pipeline.pending:
        for outcome in pipeline.step():
            if not isinstance(outcome, Scored):
                sys.exit(f"{outcome.request.path}: {outcome.reason}")
            scores.append(outcome.score)
    return scores


def _print_comparison(rates: dict[str, list[float]], scores: dict[str, list[float]], batch_size: int) -> None:
    ours, reference = Spread.of(rates["resmem_gui"]), Spread.of(rates["reference"])
    ratio = Spread.of(one / other for one, other in zip(ours.values, reference.values, strict=True))
    rows = [
        [f"resmem_gui's pipeline, batches of {batch_size}", *ours.cells(2)],
        ["the package resmem, image by image", *reference.cells(2)],
        ["ratio of neighbours (target: not under 1)", *ratio.cells(2)],
    ]
    print_table(["images a second, file to score", *SPREAD], rows)
    differences = np.abs(np.subtract(scores["resmem_gui"], scores["reference"]))
    print(f"The same work: the {len(differences)} scores differ by {differences.max():.1e} at most.")


# The network, and what the machine can do


def _network_alone(scorer: Scorer, device: str) -> None:
    sizes = _BATCHES[device]
    for size in (sizes[0], sizes[-1]):
        _images_a_second(scorer, size)  # warm-up
    peak = 0.0
    spreads: dict[int, Spread] = {}
    for size in sizes:
        peak = max(peak, *repeat(partial(_matrix_flops, device), 5).values)
        spreads[size] = repeat(partial(_images_a_second, scorer, size), 3)
    cost = _flop_per_image(scorer, device)
    limit = peak / cost
    rows = [
        [f"batch of {size}", *spread.cells(2), f"{100 * max(spread.values) / limit:.0f} %"]
        for size, spread in spreads.items()
    ]
    print_table(["images a second, network alone", *SPREAD, "of the limit (best)"], rows)
    edge = _MATRIX_EDGE[device]
    print(f"The limit: the network takes {cost / 1e9:.1f} GFLOP an image. Products of {edge}² float32")
    print("matrices, by torch.mm or as a 1 x 1 convolution, whichever is faster, ran at")
    print(f"{peak / 1e9:,.0f} GFLOP/s at best in this run, which allows {limit:.2f} images a second.")


def _images_a_second(scorer: Scorer, size: int) -> float:
    chance = np.random.default_rng(size)
    batch = chance.integers(0, 256, (size, INPUT_EDGE, INPUT_EDGE, 3), dtype=np.uint8)
    began = time.perf_counter()
    scorer.score(batch)
    return size / (time.perf_counter() - began)


def _matrix_flops(device: str) -> float:
    """Return the rate of a product of two square matrices, in FLOP/s, by the faster way."""
    if device == "cuda":
        torch.set_float32_matmul_precision("high")  # TF32, which cuDNN's convolutions use by default
    edge = _MATRIX_EDGE[device]
    one, other = torch.rand(edge, edge, device=device), torch.rand(edge, edge, device=device)
    # The same product with a row for each pixel: convolutions go through a library of their own.
    pixels = one.view(1, edge // 32, 32, edge).permute(0, 3, 1, 2)
    products = (partial(torch.mm, one, other), partial(torch.conv2d, pixels, other[:, :, None, None]))
    return max(2 * edge**3 / _seconds(product) for product in products)


def _seconds(product: Callable[[], torch.Tensor]) -> float:
    """Return how long a product takes the second time."""
    began = 0.0
    for _ in range(2):
        began = time.perf_counter()
        product()[0, 0].max().item()  # waits for a GPU
    return time.perf_counter() - began


def _flop_per_image(scorer: Scorer, device: str) -> float:
    """Return the floating-point operations that the network takes for an image, as counted by torch."""
    network: Any = scorer
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network._network(torch.zeros(1, 3, INPUT_EDGE, INPUT_EDGE, device=device))
    return float(counter.get_total_flops())


if __name__ == "__main__":
    sys.exit(main())
