"""Memory while the network is loaded and while many images are scored, as the system counts it (Linux).

python -m tests.benchmarks.memory [--images N] [--device cpu|cuda|mps]
"""

import sys
from pathlib import Path
from typing import Final

from resmem_gui.scoring import weights
from resmem_gui.scoring.load_order import load_torch
from resmem_gui.scoring.pipeline import Pipeline, Request
from resmem_gui.scoring.scorer import DEVICES, create_scorer
from tests.benchmarks.common import (
    argument_parser,
    make_photographs,
    multiply,
    print_heading,
    print_table,
    remember_weights,
    surroundings,
)

_MIB: Final = 2**20
_STATUS: Final = Path("/proc/self/status")
_DIFFERENT: Final = 60
#: From this image on, growth counts: every buffer has been used by then.
_SETTLED: Final = 500


def main() -> int:
    """Measure and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--images", type=int, default=1000, help="files to score (default: 1000)")
    parser.add_argument("--device", choices=DEVICES, default="cpu", help="default: cpu")
    options = parser.parse_args()
    if not _STATUS.exists():
        print("Only Linux tells a process its memory this way; nothing was measured.")
        return 0
    with surroundings() as folder:
        print_heading(f"Memory while {options.images} files of 640 x 480 are scored, MiB")
        remember_weights()
        different = make_photographs(folder / "different", _DIFFERENT)
        multiply(different, folder / "many", options.images)
        _measure(sorted(map(str, (folder / "many").iterdir())), options.device)
    return 0


def _measure(paths: list[str], device: str) -> None:
    size = weights.find_weights().stat().st_size / _MIB
    load_torch()
    before = _mib("VmRSS")
    _forget_peak()
    scorer = create_scorer()
    scorer.load(device)
    peak, loaded = _mib("VmHWM"), _mib("VmRSS")
    rows = [["the weights' file", f"{size:.0f}", ""], ["torch imported", f"{before:.0f}", ""]]
    for what, mib in (("peak while loading", peak), ("loaded", loaded)):
        above = mib - before
        rows.append([f"{what}, above that", f"{above:.0f}", f"{above / size:.2f} x the weights"])
    _forget_peak()
    settled, end = _score(Pipeline(scorer, thumbnail_edge=256), paths)
    rows += [
        [f"at image {min(_SETTLED, len(paths)):,}", f"{settled:.0f}", "in all"],
        [f"at image {len(paths):,}", f"{end:.0f}", f"growth {end - settled:+.0f}"],
        ["peak while scoring", f"{_mib('VmHWM'):.0f}", "in all"],
    ]
    print_table(["resident memory", "MiB", ""], rows)


def _score(pipeline: Pipeline, paths: list[str]) -> tuple[float, float]:
    """Return the memory at the image from which growth counts, and at the end."""
    pipeline.submit(Request(number, path) for number, path in enumerate(paths))
    done, settled = 0, 0.0
    while pipeline.pending:
        done += len(pipeline.step())
        if not settled and done >= min(_SETTLED, len(paths)):
            settled = _mib("VmRSS")
    end = _mib("VmRSS")
    pipeline.close()
    return settled, end


def _mib(name: str) -> float:
    line = next(line for line in _STATUS.read_text(encoding="utf-8").splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
