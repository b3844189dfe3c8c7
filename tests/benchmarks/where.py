"""Where the time goes from file to score: each step by itself on one thread, and the network by operators.

python -m tests.benchmarks.where [--files N]
"""

import hashlib
import io
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from PIL import Image
from torch.profiler import ProfilerActivity, profile

from resmem_gui.images.decoding import fit
from resmem_gui.images.formats import register_plugins
from resmem_gui.scoring.load_order import set_up_threads
from resmem_gui.scoring.preprocessing import INPUT_EDGE, Preprocessing, network_input
from resmem_gui.scoring.scorer import Scorer, create_scorer
from tests.benchmarks.common import (
    argument_parser,
    make_camera_photographs,
    make_photographs,
    print_heading,
    print_table,
    surroundings,
)

_BATCH: Final = 8
_THUMBNAIL_EDGE: Final = 256
_GROUPS: Final = {
    "convolutions, with bias, shortcut and ReLU": ("convolution", "conv2d"),
    "fully connected layers": ("linear", "addmm"),
    "pooling, local response normalisation": ("pool", "mul", "div", "pow", "mean"),
    "from bytes to numbers": ("copy_", "to"),
}


def main() -> int:
    """Measure and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--files", type=int, default=12, help="of each kind (default: 12)")
    options = parser.parse_args()
    with surroundings() as folder:
        print_heading("Where the time goes, milliseconds an image")
        register_plugins()
        web = _steps(make_photographs(folder / "web", options.files))
        camera = _steps(make_camera_photographs(folder / "camera", options.files))
        rows = [[step, f"{web[step]:.1f}", f"{camera[step]:.1f}"] for step in web]
        print_table(["one thread", "640 x 480", "4000 x 3000"], rows)
        scorer = create_scorer()
        scorer.load("cpu")
        _print_network(scorer)
    return 0


def _steps(paths: Sequence[Path]) -> dict[str, float]:
    """Return the median of each step over the files, in milliseconds."""
    times: dict[str, list[float]] = {}

    def timed(step: str, do: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        made = do()
        times.setdefault(step, []).append(1000 * (time.perf_counter() - began))
        return made

    for path in paths:
        content = timed("read the file", path.read_bytes)
        timed("SHA-256", partial(hashlib.sha256, content))
        image = Image.open(io.BytesIO(content))
        timed("decode", image.load)
        timed("  (at a reduced scale)", partial(_decode_reduced, content))
        timed("squash and crop", partial(network_input, image))
        timed("thumbnail (window only)", partial(fit, image, _THUMBNAIL_EDGE))
    return {step: statistics.median(taken) for step, taken in times.items()}


def _decode_reduced(content: bytes) -> None:
    edge = Preprocessing(fast_decoding=True).decode_edge
    assert edge is not None
    image = Image.open(io.BytesIO(content))
    image.draft(None, (edge, edge))
    image.load()


def _print_network(scorer: Scorer) -> None:
    batch = np.random.default_rng(0).integers(0, 256, (_BATCH, INPUT_EDGE, INPUT_EDGE, 3), dtype=np.uint8)
    scorer.score(batch)
    with profile(activities=[ProfilerActivity.CPU]) as found:
        scorer.score(batch)
    times: Counter[str] = Counter()
    for event in found.key_averages():
        name = event.key.rpartition("::")[2]
        group = next((g for g, parts in _GROUPS.items() if any(part in name for part in parts)), "other")
        times[group] += event.self_cpu_time_total / 1000 / _BATCH
    whole = sum(times.values())
    rows = [[group, f"{ms:.1f}", f"{ms / whole:.0%}"] for group, ms in times.most_common()]
    threads = torch.get_num_threads()
    print_table([f"the network, batch of {_BATCH}, {threads} threads", "ms", ""], rows)


if __name__ == "__main__":
    set_up_threads()
    sys.exit(main())
