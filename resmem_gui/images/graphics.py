"""Whether an image is a chart, a screenshot, a page of text or a drawing rather than a photograph.

Three plain measures tell most of them apart, also after JPEG compression, scaling and in dark colours:

- Where a graphic changes sharply it has two tones and little between them: a letter and its paper. In a
  photograph light falls off, and things have a grain.
- Apart from its sharp edges a graphic is even; a photograph is full of small steps.
- Its even areas have no noise.

The first and the last only show at full resolution: they are taken from small squares spread over the image,
which costs the same for any size. Large white or blue areas alone make no graphic: a photograph of a thing on
white, or of a sky, is as full of small steps as any where it shows something.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

#: Small steps are looked for in a picture of this side.
OVERVIEW: Final = 512

#: Squares looked at in full resolution: their side, and how many across and down at most.
_TILE: Final = 32
_TILES_ACROSS: Final = 14
_TILES_DOWN: Final = 10
#: Blocks of JPEG: their ringing stays within them.
_BLOCK: Final = 8
#: Differences of brightness, of 255 levels.
_SHARP: Final = 64
_SMALL: Final = 24
_NO_STEP: Final = 4
_SHARP_BLOCK: Final = 80
_EVEN_BLOCK: Final = 20
#: A block has two tones if what lies between them is so little of its contrast.
_BETWEEN: Final = 0.12
#: With fewer sharp blocks nothing is said of tones.
_FEWEST_SHARP: Final = 6
#: A square with writing has this contrast, so little between two tones, this share of ink, so many changes
#: between ink and paper in a row that has ink, this share of such rows, and this share of even paper.
_WRITING_CONTRAST: Final = 70
_WRITING_BETWEEN: Final = 0.2
_WRITING_INK: Final = (0.04, 0.45)
_WRITING_CHANGES: Final = (3.0, 16.0)
_WRITING_ROWS: Final = 0.3
_PAPER: Final = 0.6
#: Paper is even within so many levels.
_PAPER_LEVELS: Final = 12
_QUARTER: Final = _TILE * _TILE // 4

#: Of a logistic regression on the three measures of 133 graphics (charts, screenshots, slides, pages, line
#: and flat drawings; each also at JPEG quality 90, 75 and 50, large ones also halved) and of 138 photographs
#: (each also grey, halved, enlarged, under a flat sky, on white, at quality 50 and 25).
_WEIGHTS: Final = (9.1, -12.5, -0.2)
_OFFSET: Final = 5.7


@dataclass(frozen=True, slots=True)
class Measures:
    """What tells graphics and writing.

    Attributes:
        two_toned: Share of the sharp blocks that have two tones and little between, 0 to 1.
        small_steps: Share of small steps among small and sharp ones, 0 to 1.
        noise: Typical range of brightness in even blocks, 0 to 20 levels.
        writing: Share of the squares that look like writing, 0 to 1.
    """

    two_toned: float
    small_steps: float
    noise: float
    writing: float

    @property
    def graphic(self) -> float:
        """How much this is a graphic and no photograph, 0 to 1."""
        logit = _OFFSET + sum(
            weight * value
            for weight, value in zip(_WEIGHTS, (self.two_toned, self.small_steps, self.noise), strict=True)
        )
        return 1 / (1 + math.exp(-logit))


def measures_of(pixels: Image.Image, overview: Image.Image) -> Measures:
    """Return what tells graphics and writing.

    Args:
        pixels: RGB, upright, in full resolution.
        overview: The same with both sides at most `OVERVIEW`, in grey.
    """
    tiles = _tiles(pixels)
    two_toned, noise = _tones(_blocks(tiles))
    writing = _writing(tiles)
    if overview.size != pixels.size:
        # Headlines in a large image are too large for its squares.
        writing = max(writing, _writing(_tiles(overview)))
    return Measures(two_toned, _small_steps(np.asarray(overview)), noise, writing)


def _tiles(pixels: Image.Image) -> NDArray[np.uint8]:
    """Return squares spread over an image in grey, shape (n, 32, 32); a smaller image is enlarged."""
    if min(pixels.size) < _TILE:
        pixels = pixels.resize(
            (max(pixels.width, _TILE), max(pixels.height, _TILE)), Image.Resampling.BICUBIC
        )
    lefts = _places(pixels.width, _TILES_ACROSS)
    squares = []
    for top in _places(pixels.height, _TILES_DOWN):
        # A strip at a time: all of 12 megapixels would take longer, and each square by itself as well.
        strip = np.asarray(pixels.crop((0, top, pixels.width, top + _TILE)).convert("L"))
        squares += [strip[:, left : left + _TILE] for left in lefts]
    return np.stack(squares)


def _places(length: int, most: int) -> list[int]:
    """Return where squares begin along a side, on the borders of JPEG's blocks."""
    count = max(1, min(most, length // _TILE))
    places = np.linspace(0, max(0, length - _TILE), count).astype(int)
    return sorted({int(place) // _BLOCK * _BLOCK for place in places})


def _blocks(tiles: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the blocks of squares, shape (n, 64)."""
    across = _TILE // _BLOCK
    cut = tiles.reshape(-1, across, _BLOCK, across, _BLOCK).swapaxes(2, 3)
    return cut.reshape(-1, _BLOCK * _BLOCK)


def _tones(blocks: NDArray[np.uint8]) -> tuple[float, float]:
    """Return the share of sharp blocks that have two tones, and the noise of even ones."""
    contrast = np.ptp(blocks, axis=1)
    even = contrast[contrast <= _EVEN_BLOCK]
    noise = float(np.median(even)) if len(even) else float(_EVEN_BLOCK)
    sharp = blocks[contrast >= _SHARP_BLOCK]
    if len(sharp) < _FEWEST_SHARP:
        return 0.0, noise
    return float((_between(sharp) < _BETWEEN).mean()), noise


def _between(brightness: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return how far rows of brightness are from having two tones only, as a share of their contrast."""
    low, high = (edge(axis=1).astype(np.float64) for edge in (brightness.min, brightness.max))
    light = brightness > ((low + high) // 2)[:, None]
    # Sums of whole numbers, exact in this type, and several times as fast as in one of integers.
    values, chosen = brightness.astype(np.float64), light.astype(np.float64)
    lights = chosen.sum(axis=1)
    darks = values.shape[1] - lights
    of_light = np.einsum("ij,ij->i", values, chosen)
    of_dark = values.sum(axis=1) - of_light
    squares = np.einsum("ij,ij->i", values, values)
    spread = squares - of_light**2 / np.maximum(lights, 1) - of_dark**2 / np.maximum(darks, 1)
    between: NDArray[np.float64] = np.sqrt(np.maximum(spread, 0) / values.shape[1]) / np.maximum(
        high - low, 1
    )
    return between


def _small_steps(grey: NDArray[np.uint8]) -> float:
    """Return the share of small steps among small and sharp ones."""
    if min(grey.shape) < 2:
        return 1.0
    steps = np.maximum(
        _distance(grey[:-1, 1:], grey[:-1, :-1]),
        _distance(grey[1:, :-1], grey[:-1, :-1]),
    )
    sharp = np.count_nonzero(steps > _SHARP)
    small = np.count_nonzero(steps > _NO_STEP) - np.count_nonzero(steps > _SMALL)
    # One of a thousand steps counts as small, so that an even picture with a speck is no graphic.
    doubt = steps.size / 1000
    return float((small + doubt) / (small + sharp + doubt))


def _distance(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return how far apart levels are, without the larger type that a difference with a sign needs."""
    distance: NDArray[np.uint8] = np.maximum(one, other) - np.minimum(one, other)
    return distance


def _writing(tiles: NDArray[np.uint8]) -> float:
    """Return the share of squares that look like writing: short strokes of one tone on another."""
    everywhere = len(tiles)
    flat = tiles.reshape(everywhere, _TILE * _TILE)
    flat = flat[np.ptp(flat, axis=1) >= _WRITING_CONTRAST]
    flat = flat[_between(flat) < _WRITING_BETWEEN].astype(np.int16)
    tiles = flat.reshape(len(flat), _TILE, _TILE)
    low, high = flat.min(axis=1), flat.max(axis=1)
    light = tiles > ((low + high) // 2)[:, None, None]
    share = light.mean(axis=(1, 2))
    ink = np.where((share > 0.5)[:, None, None], ~light, light)
    inked = np.minimum(share, 1 - share)
    rows = ink.any(axis=2)
    # Paper is the greater part, so its level lies in the middle of the greater half.
    quarter, three_quarters = np.partition(flat, [_QUARTER, 3 * _QUARTER], axis=1)[
        :, [_QUARTER, 3 * _QUARTER]
    ].T
    paper = np.where(share > 0.5, three_quarters, quarter)
    even = (np.abs(flat - paper[:, None]) <= _PAPER_LEVELS).mean(axis=1)
    changes = (ink[:, :, 1:] != ink[:, :, :-1]).sum(axis=(1, 2)) / np.maximum(rows.sum(axis=1), 1)
    is_writing = (
        (inked >= _WRITING_INK[0])
        & (inked <= _WRITING_INK[1])
        & (changes >= _WRITING_CHANGES[0])
        & (changes <= _WRITING_CHANGES[1])
        & (rows.mean(axis=1) >= _WRITING_ROWS)
        & (even >= _PAPER)
    )
    return int(np.count_nonzero(is_writing)) / everywhere
