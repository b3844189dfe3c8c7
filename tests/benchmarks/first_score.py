"""From the start of the process, with a folder as argument, to the first thumbnail and the first score.

python -m tests.benchmarks.first_score [--times N] [--images N]
"""

import sys
from pathlib import Path

from resmem_gui.bench.spread import SPREAD, Spread
from tests.benchmarks.common import (
    argument_parser,
    make_photographs,
    print_heading,
    print_table,
    remember_weights,
    surroundings,
)
from tests.benchmarks.program import Course, complain, run_alternately, stage_rows

_PROGRAM = (
    ("start to visible window", "start", "visible"),
    ("START TO FIRST THUMBNAIL", "start", "thumbnail"),
    ("start to the scoring thread's start of loading", "start", "loading"),
    ("  import of torch", "loading", "torch"),
    ("  loading the weights, folding, packing", "torch", "loaded"),
    ("  first batch", "loaded", "first batch"),
    ("  on its way to the window", "first batch", "score"),
    ("START TO FIRST SCORE", "start", "score"),
)
_REFERENCE = (
    ("Python itself", "start", "python"),
    ("  import of torch", "python", "torch"),
    ("  import of torchvision", "torch", "torchvision"),
    ("  ResMem(pretrained=True)", "torchvision", "loaded"),
    ("  first image", "loaded", "score"),
    ("START TO FIRST SCORE", "start", "score"),
)


def main() -> int:
    """Measure and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--times", type=int, default=3, help="processes of each kind (default: 3)")
    parser.add_argument("--images", type=int, default=20, help="images in the folder (default: 20)")
    options = parser.parse_args()
    with surroundings() as folder:
        print_heading(f"Start to first score, seconds, warm disk, a folder of {options.images} images")
        remember_weights()
        photographs = make_photographs(folder / "photographs", options.images)
        return _measure(options.times, photographs)


def _measure(times: int, photographs: list[Path]) -> int:
    program, reference = run_alternately(
        times,
        ("probe", "--close-at", "score", str(photographs[0].parent)),
        ("reference", str(photographs[0])),
    )
    print_table(["the program", *SPREAD], stage_rows(program, _PROGRAM))
    print_table(["a script with the package resmem", *SPREAD], stage_rows(reference, _REFERENCE))
    ratio = Spread.of(
        one.marks["score"] / other.marks["score"] for one, other in zip(program, reference, strict=True)
    )
    print_table(["start to first score", *SPREAD], [["ratio program / script", *ratio.cells(2)]])
    floor = Spread.of(_floor(course) for course in program)
    print_table(["the limit", *SPREAD], [["Python, torch and one batch", *floor.cells()]])
    return complain([*program, *reference])


def _floor(course: Course) -> float:
    """Return what no program with this network can do without."""
    stages = (("start", "python"), ("loading", "torch"), ("loaded", "first batch"))
    return sum(course.between(first, second) for first, second in stages)


if __name__ == "__main__":
    sys.exit(main())
