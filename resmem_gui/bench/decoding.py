"""Decoding alone: how many files a second become network inputs."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from resmem_gui.images.decoding import decode
from resmem_gui.images.errors import ImageError
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import Scorer


@dataclass(frozen=True, slots=True)
class DecodingRates:
    """What was measured, in files a second.

    Attributes:
        files: How many were decoded.
        megapixels: Of one of them, on average.
        one_thread: On one core.
        all_cores: On as many threads as there are cores.
        fast: The same with fast decoding.
        threads: How many cores there are.
    """

    files: int
    megapixels: float
    one_thread: float
    all_cores: float
    fast: float
    threads: int


class NothingToMeasureError(Exception):
    """None of the files can be decoded. Its text is a plain sentence."""


def measure_decoding(scorer: Scorer, paths: Sequence[str], threads: int) -> DecodingRates:
    """Measure how fast files become inputs of a scorer.

    Raises:
        NothingToMeasureError: None of them is an image that can be decoded.
    """
    exact, fast = Preprocessing(), Preprocessing(fast_decoding=True)
    sizes = {path: _prepare(scorer, path, exact) for path in paths}  # also brings the files into memory
    sound = [path for path, pixels in sizes.items() if pixels]
    if not sound:
        raise NothingToMeasureError("None of the images there can be decoded.")
    return DecodingRates(
        files=len(sound),
        megapixels=sum(sizes.values()) / len(sound) / 1e6,
        one_thread=_files_a_second(scorer, sound, exact, 1),
        all_cores=_files_a_second(scorer, sound, exact, threads),
        fast=_files_a_second(scorer, sound, fast, threads),
        threads=threads,
    )


def _files_a_second(scorer: Scorer, paths: Sequence[str], recipe: Preprocessing, threads: int) -> float:
    with ThreadPoolExecutor(threads) as pool:
        began = time.perf_counter()
        done = list(pool.map(lambda path: _prepare(scorer, path, recipe), paths))
        return len(done) / (time.perf_counter() - began)


def _prepare(scorer: Scorer, path: str, recipe: Preprocessing) -> int:
    """Make a file's network input as the pipeline does; return its pixels, 0 if it cannot be decoded."""
    try:
        image = decode(path, upright=recipe.upright, least_edge=recipe.decode_edge)
    except ImageError:
        return 0
    scorer.prepare(image.pixels)
    return image.size[0] * image.size[1]
