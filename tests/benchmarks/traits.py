"""What looking for traits costs beside decoding, and how often photographs are taken for something else.

    python -m tests.benchmarks.traits [FOLDER...]

The costs are those of one thread, for photographs of 640 x 480 and of 12 megapixels. With folders all images
in them are looked at and the share with each caution is told: for photographs, these are the false alarms.
"""

import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from resmem_gui.analysis.cautions import cautions_of, title
from resmem_gui.analysis.near_duplicates import NearDuplicates
from resmem_gui.images.decoding import decode
from resmem_gui.images.discovery import Discovery
from resmem_gui.images.errors import ImageError
from resmem_gui.images.faces import faces_in
from resmem_gui.images.graphics import measures_of
from resmem_gui.images.likeness import ALIKE, BYTES, SIGHT, fingerprint
from resmem_gui.images.traits import overview, reduced, traits_of
from resmem_gui.traits import Caution
from tests.benchmarks.common import (
    argument_parser,
    make_camera_photographs,
    make_photographs,
    print_heading,
    print_table,
    surroundings,
)

_PHOTOGRAPHS: Final = 20
_ROUNDS: Final = 3
_LIBRARY: Final = 100_000
_ADDED: Final = 100
_WORK: Final = (
    "decoding in full",
    "all traits",
    "of them the overview",
    "faces",
    "graphics and writing",
    "fingerprint",
)

_Item = TypeVar("_Item")


def main() -> int:
    """Measure and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="images to look for cautions in")
    options = parser.parse_args()
    with surroundings() as folder:
        print_heading("Traits beside decoding, milliseconds of one processor an image, median")
        small = make_photographs(folder / "small", _PHOTOGRAPHS)
        large = make_camera_photographs(folder / "large", 4)
        costs = zip(_WORK, _costs(small), _costs(large), strict=True)
        print_table(("", "640 x 480", "12 megapixels"), list(costs))
    print_heading(f"Near-duplicates among {_LIBRARY:,} images")
    _print_near_duplicates()
    if options.folders:
        print_heading("Images with a caution")
        _print_cautions(options.folders)
    return 0


def _costs(paths: Sequence[Path]) -> list[str]:
    images = [decode(str(path)).pixels for path in paths]
    small = [overview(image) for image in images]
    pairs = list(zip(images, small, strict=True))
    return [
        _median(lambda path: decode(str(path)), paths),
        _median(lambda image: traits_of(image, 1), images),
        _median(overview, images),
        _median(faces_in, small),
        _median(lambda pair: measures_of(*pair), pairs),
        _median(lambda pixels: fingerprint(reduced(pixels, SIGHT)), small),
    ]


def _median(work: Callable[[_Item], object], items: Iterable[_Item]) -> str:
    """Return what one item takes, in milliseconds of the processor: other programs do not count."""
    seconds = []
    for item in list(items) * _ROUNDS:
        start = time.thread_time()
        work(item)
        seconds.append(time.thread_time() - start)
    return f"{1000 * statistics.median(seconds):.1f}"


def _print_near_duplicates() -> None:
    random = np.random.default_rng(1)
    fingerprints = random.integers(0, 256, (_LIBRARY, BYTES), dtype=np.uint8)
    fingerprints[1000:1500] = fingerprints[:500]
    near = NearDuplicates(ALIKE)
    start = time.thread_time()
    near.add(fingerprints[:-_ADDED])
    seconds = time.thread_time() - start
    print(f"all compared with all: {seconds:.1f} s")
    start = time.thread_time()
    near.add(fingerprints[-_ADDED:])
    print(f"{_ADDED} more: {1000 * (time.thread_time() - start):.0f} ms")
    start = time.thread_time()
    groups = near.groups()
    print(f"groups: {1000 * (time.thread_time() - start):.0f} ms, {groups.max() + 1} groups")


def _print_cautions(folders: Sequence[str]) -> None:
    counts: Counter[Caution] = Counter()
    looked = 0
    for path in Discovery(folders):
        try:
            image = decode(path)
        except ImageError as error:
            print(f"{path}: {error}", file=sys.stderr)
            continue
        looked += 1
        cautions = cautions_of(traits_of(image.pixels, 1), image.size)
        counts.update(caution for caution in Caution if caution in cautions)
        if cautions:
            print(f"{', '.join(title(caution) for caution in Caution if caution in cautions)}: {path}")
    rows = [(title(caution), f"{count}", f"{count / looked:.1%}") for caution, count in counts.most_common()]
    print_table((f"of {looked} images", "count", "share"), rows)


if __name__ == "__main__":
    sys.exit(main())
