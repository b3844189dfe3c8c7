"""From the start of the process to the visible window, beside an empty window of Qt.

python -m tests.benchmarks.start [--times N]
"""

import sys
from itertools import pairwise

from resmem_gui.bench.spread import SPREAD, Spread
from tests.benchmarks.common import argument_parser, print_heading, print_table, surroundings
from tests.benchmarks.probe import IMPORTS
from tests.benchmarks.program import Course, complain, run_alternately, stage_rows

_STAGES = (
    ("Python itself", "start", "python"),
    ("import of the command line", "python", "command line"),
    ("import of Qt and the window's modules", "command line", "modules"),
    ("checks of display and libraries", "modules", "checks"),
    ("QApplication", "checks", "application"),
    ("building the window", "application", "window"),
    ("show() to first expose event", "window", "exposed"),
    ("first painting", "exposed", "visible"),
    ("START TO VISIBLE WINDOW (target: under 1 s)", "start", "visible"),
)


def main() -> int:
    """Measure and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--times", type=int, default=7, help="processes of each kind (default: 7)")
    times = parser.parse_args().times
    with surroundings():
        print_heading("Start to visible window, seconds, warm disk")
        program, bare, imports = run_alternately(
            times, ("probe",), ("probe", "--bare"), ("probe", "--imports")
        )
        print_table(["stage", *SPREAD], stage_rows(program, _STAGES))
        print("The imports one by one, in processes of their own:")
        print_table(["import", *SPREAD], stage_rows(imports, _import_stages()))
        _print_floor(program, bare)
        was_imported = any(course.torch_was_imported for course in program)
        print(
            f"torch imported when the window was visible: {'YES, it must not be' if was_imported else 'no'}"
        )
        return complain([*program, *bare, *imports])


def _import_stages() -> list[tuple[str, str, str]]:
    names = ["python", *IMPORTS]
    return [(name, before, name) for before, name in pairwise(names)]


def _print_floor(program: list[Course], bare: list[Course]) -> None:
    """Compare with what Python and Qt need for any window at all."""
    ours = Spread.of(course.marks["visible"] for course in program)
    floor = Spread.of(course.marks["visible"] for course in bare)
    pairs = zip(ours.values, floor.values, strict=True)
    ratio = Spread.of(one / other for one, other in pairs)
    print("The limit: an empty QMainWindow, started in the same way by turns with the program:")
    rows = [
        ["program", *ours.cells()],
        ["empty window", *floor.cells()],
        ["ratio of neighbours", *ratio.cells(2)],
    ]
    print_table(["start to visible", *SPREAD], rows)


if __name__ == "__main__":
    sys.exit(main())
