"""What fast decoding does to scores: the same photographs decoded in full and at a reduced scale.

    python -m tests.benchmarks.fast_decoding [FOLDER...] [--enlarge]

Photographs whose shorter side has less than twice the pixels that fast decoding keeps are the same either
way. With --enlarge all are enlarged first to 12 or to 24 megapixels, sharpened, with a camera's grain. Each
figure is over the images that were in fact decoded at a reduced scale.
"""

import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from resmem_gui.images.decoding import decode
from resmem_gui.images.discovery import Discovery
from resmem_gui.images.errors import ImageError
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import Scorer, create_scorer
from tests.benchmarks.common import (
    argument_parser,
    make_photographs,
    print_heading,
    print_table,
    surroundings,
)

#: Longer sides of 12 and 24 megapixels, and what a picture then looks like.
_ENLARGED: Final = ((4000, 0.0, 92), (4000, 6.0, 85), (6000, 4.0, 95))


def main() -> int:
    """Measure and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="photographs (default: ours)")
    parser.add_argument("--enlarge", action="store_true", help="enlarge small ones")
    options = parser.parse_args()
    with surroundings() as folder:
        print_heading("Scores with fast decoding against scores with full decoding")
        found = options.folders or [str(make_photographs(folder / "ours", 60)[0].parent)]
        scorer = create_scorer()
        scorer.load("cpu")
        paths: Iterable[str] = Discovery(found)
        if options.enlarge:
            paths = _enlarged(paths, folder / "enlarged.jpg")
        pairs = np.array([pair for path in paths if (pair := _scores(scorer, path)) is not None])
        _print(pairs)
    return 0


def _scores(scorer: Scorer, path: str) -> tuple[float, float] | None:
    """Return the scores with full and with fast decoding; None where they are the same decode."""
    try:
        full = decode(path)
        fast = decode(path, least_edge=Preprocessing(fast_decoding=True).decode_edge)
    except ImageError as error:
        print(f"{path}: {error}", file=sys.stderr)
        return None
    if fast.pixels.size == full.pixels.size:
        return None
    one, other = scorer.score(np.stack([scorer.prepare(full.pixels), scorer.prepare(fast.pixels)]))
    return float(one), float(other)


def _enlarged(paths: Iterable[str], to: Path) -> Iterator[str]:
    """Yield each photograph enlarged, in one of several ways, under the same name again and again."""
    for number, path in enumerate(paths):
        try:
            image = Image.open(path).convert("RGB")
        except OSError:
            continue
        longer, grain, quality = _ENLARGED[number % len(_ENLARGED)]
        scale = longer / max(image.size)
        large = image.resize(
            (round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS
        ).filter(ImageFilter.UnsharpMask(radius=random.Random(number).choice([2, 4, 8]), percent=80))
        noise = np.random.default_rng(number).normal(0, grain, (large.height, large.width, 1))
        Image.fromarray(np.clip(np.asarray(large) + noise, 0, 255).astype(np.uint8)).save(to, quality=quality)
        yield str(to)


def _print(pairs: NDArray[np.float64]) -> None:
    if len(pairs) < 2:
        sys.exit("Too few of these images are large enough to be decoded at a reduced scale.")
    full, fast = pairs[:, 0], pairs[:, 1]
    errors = np.abs(fast - full)
    correlation = np.corrcoef(np.argsort(np.argsort(full)), np.argsort(np.argsort(fast)))[0, 1]
    row = [f"{value:.5f}" for value in (errors.mean(), np.quantile(errors, 0.99), errors.max())]
    signed = f"{(fast - full).mean():+.5f}"
    headings = [f"{len(pairs)} images", "mean", "99 %", "max", "bias", "rank correlation"]
    print_table(headings, [["difference of the scores", *row, signed, f"{correlation:.6f}"]])


if __name__ == "__main__":
    sys.exit(main())
