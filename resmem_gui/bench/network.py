"""The network alone, and what the machine's matrix products would allow it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from resmem_gui.bench.spread import Spread, repeat
from resmem_gui.scoring.loading import precision
from resmem_gui.scoring.network import ResMemNetwork
from resmem_gui.scoring.preprocessing import INPUT_EDGE
from resmem_gui.scoring.scorer import OutOfMemoryError, Scorer

#: Batches worth measuring, by device.
BATCHES: Final = {"cpu": (1, 2, 4, 8), "cuda": (1, 8, 32, 64, 128, 256), "mps": (1, 4, 16, 32)}
_MATRIX_EDGE: Final = {"cpu": 2048, "cuda": 8192, "mps": 4096}


@dataclass(frozen=True, slots=True)
class NetworkRates:
    """What was measured.

    Attributes:
        by_batch: Images a second for each size of batch.
        flop_per_image: Floating-point operations that an image takes.
        limit_flops: Such operations a second in the machine's matrix products, at best.
    """

    by_batch: dict[int, Spread]
    flop_per_image: float
    limit_flops: float

    @property
    def limit(self) -> float:
        """Images a second that the matrix products would allow."""
        return self.limit_flops / self.flop_per_image

    @property
    def best_batch(self) -> int:
        """The size of batch with the highest median."""
        return max(self.by_batch, key=lambda size: self.by_batch[size].median)


def measure_network(scorer: Scorer, sizes: Sequence[int], times: int = 4) -> NetworkRates:
    """Measure the network of a loaded scorer; the matrix products in between, under the same conditions.

    Args:
        scorer: Loaded.
        sizes: Batches to measure, ascending; those that do not fit into the device's memory are left out.
        times: How often.
    """
    device = scorer.device
    sizes = [size for size in sizes if _fits(scorer, size)]
    peak = 0.0
    rates: dict[int, list[float]] = {size: [] for size in sizes}
    for _ in range(times):
        peak = max(peak, *repeat(partial(_matrix_flops, device), 2).values)
        for size in sizes:
            rates[size].append(_images_a_second(scorer, size))
    return NetworkRates({size: Spread.of(found) for size, found in rates.items()}, _flop_per_image(), peak)


def _fits(scorer: Scorer, size: int) -> bool:
    """Tell whether a batch fits into the device's memory; also a warm-up."""
    try:
        _images_a_second(scorer, size)
    except OutOfMemoryError:
        return False
    return True


def _images_a_second(scorer: Scorer, size: int) -> float:
    chance = np.random.default_rng(size)
    batch = chance.integers(0, 256, (size, INPUT_EDGE, INPUT_EDGE, 3), dtype=np.uint8)
    began = time.perf_counter()
    scorer.score(batch)
    return size / (time.perf_counter() - began)


def _matrix_flops(device: str) -> float:
    """Return the rate of a product of two square matrices, in FLOP/s, by the faster way."""
    edge, dtype = _MATRIX_EDGE[device], precision(torch.device(device))
    one, other = (torch.rand(edge, edge, device=device, dtype=dtype) for _ in range(2))
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


def _flop_per_image() -> float:
    """Return the floating-point operations that the network takes for an image, as counted by torch."""
    with torch.device("meta"):
        network, image = ResMemNetwork(), torch.empty(1, 3, INPUT_EDGE, INPUT_EDGE)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(image)
    return float(counter.get_total_flops())
