"""Pictures to measure with, where a person has named none."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SIZES: Final = {"web": (1024, 768), "camera": (4000, 3000)}
_QUALITY: Final = 90


def make_pictures(folder: Path, kind: str, count: int) -> list[str]:
    """Write JPEG files that are as hard to decode as photographs; return their paths.

    Clouds whose detail falls off with its size as that of photographs does (1/f), with a little grain.

    Args:
        folder: Where to.
        kind: "web" (1024 x 768) or "camera" (12 megapixels).
        count: How many; the same ones every time.
    """
    width, height = _SIZES[kind]
    paths = [folder / f"{kind} {number:03}.jpg" for number in range(count)]
    for number, path in enumerate(paths):
        Image.fromarray(_clouds(width, height, number)).save(path, quality=_QUALITY)
    return [str(path) for path in paths]


def _clouds(width: int, height: int, seed: int) -> NDArray[np.uint8]:
    chance = np.random.default_rng(seed)
    sum_of_octaves = np.zeros((height, width, 3), np.float32)
    edge = 4
    while edge < max(width, height):
        coarse = Image.fromarray(chance.integers(0, 256, (edge, edge, 3), dtype=np.uint8))
        octave = coarse.resize((width, height), Image.Resampling.BICUBIC)
        sum_of_octaves += np.asarray(octave, np.float32) / edge
        edge *= 2
    sum_of_octaves -= sum_of_octaves.min()
    sum_of_octaves *= 235 / sum_of_octaves.max()
    sum_of_octaves += chance.normal(10, 3, (height, width, 1)).astype(np.float32)
    return np.clip(sum_of_octaves, 0, 255).astype(np.uint8)
