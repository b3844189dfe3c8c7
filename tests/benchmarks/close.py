"""How long the program takes to end when its window is closed while it works.

python -m tests.benchmarks.close [--times N]
"""

import sys

from resmem_gui.bench.spread import SPREAD, Spread
from tests.benchmarks.common import (
    argument_parser,
    make_photographs,
    print_heading,
    print_table,
    remember_weights,
    surroundings,
)
from tests.benchmarks.program import Course, complain, run_module

#: What the program is doing, the mark after which the window is closed, and how long after it.
_MOMENTS = (
    ("nothing, empty window (the limit)", "visible", 0.5, False),
    ("importing torch", "loading", 0.4, True),
    ("loading the weights", "torch", 0.1, True),
    ("scoring", "score", 0.5, True),
)


def main() -> int:
    """Measure and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--times", type=int, default=3, help="processes for each moment (default: 3)")
    times = parser.parse_args().times
    rows: list[list[str]] = []
    courses: list[Course] = []
    with surroundings() as folder:
        print_heading("Closing the window in mid-run to the end of the process, seconds")
        remember_weights()
        photographs = str(make_photographs(folder / "photographs", 60)[0].parent)
        run_module("probe", "--close-at", "score", photographs)  # warm-up
        for what, mark, after, with_images in _MOMENTS:
            call = ["probe", "--close-at", mark, "--after", str(after), *([photographs] * with_images)]
            its_courses = [run_module(*call) for _ in range(times)]
            courses += its_courses
            rows.append([what, *_cells(its_courses)])
    headings = ["closed while the program is", "in close()", *SPREAD, "exit codes"]
    print_table(headings, rows)
    print(
        f"“in close()” is the GUI thread's part until the window is gone (median); {', '.join(SPREAD)}: from"
    )
    print("there to the end of the process. Neither an import nor a batch under way can be broken off.")
    return complain(courses)


def _cells(courses: list[Course]) -> list[str]:
    gone = Spread.of(course.between("closing", "closed") for course in courses)
    ended = Spread.of(course.end - course.marks["closed"] for course in courses)
    codes = sorted({course.exit_code for course in courses})
    return [f"{gone.median:.3f}", *ended.cells(), " ".join(map(str, codes))]


if __name__ == "__main__":
    sys.exit(main())
