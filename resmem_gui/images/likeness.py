"""Which images look alike: copies of one file, frames of one burst.

A fingerprint is two perceptual hashes side by side that err in different ways: the signs of the brightness
steps across and down (dHash), which a shifted frame hardly changes, but which take all things on a plain
ground for one; and the signs of the lowest frequencies (pHash), which are the other way round. Images are
alike where both say so.

The scoring network's thousand classes would tell things on white apart far better (99.7 against 89 % found
where 0.5 % of such pairs pass for alike), and photographs no better. They are not at hand: no recalled score
brings them, and 100,000 images would need 200 to 400 MB of them.

The bits are those of the library `imagehash`, and a test compares them. The library itself would bring SciPy
and PyWavelets, 153 MB and half a second of importing, for what is a few lines of NumPy here.
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

#: Packed bits, shape (24,): 8 bytes of frequencies, 8 of steps across, 8 of steps down.
Fingerprint = NDArray[np.uint8]

#: No finer than that is looked at: a thumbnail of this side serves as well as the image.
SIGHT: Final = 256
#: Images at most so far apart are near-duplicates, whenever they were taken. Of 2,115 varied copies of 141
#: photographs 92 % are found, of frames of a burst 94 %. Of 9,870 pairs of different photographs none are
#: alike; of as many pairs of different round things on white 0.9 % are.
ALIKE: Final = 30
#: Images at most so far apart are of one burst, if they were taken within seconds: 99 % of the same copies
#: are found, all of the frames, and still no two different photographs; but 8 % of the pairs on white.
ALIKE_IN_BURST: Final = 42
#: The greatest distance there is.
FARTHEST: Final = 128
#: Length of a fingerprint.
BYTES: Final = 24

_EDGE: Final = 8
_FREQUENCY_BYTES: Final = 8
#: The hash of frequencies is made from a picture of this side.
_FREQUENCY_EDGE: Final = 32
#: Coefficients this small are rounding errors; their signs are chance.
_DECIMALS: Final = 6
#: A picture with fewer grey levels between its darkest and brightest part shows nothing to compare.
_LEAST_CONTRAST: Final = 4
_ONES: Final = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).sum(axis=1, dtype=np.uint8)


def fingerprint(pixels: Image.Image) -> Fingerprint | None:
    """Return what to compare an image by, None for one that is plain all over.

    Args:
        pixels: Upright; of any size.
    """
    grey = pixels.convert("L")
    frequencies = _shrunk(grey, _FREQUENCY_EDGE, _FREQUENCY_EDGE)
    if np.ptp(frequencies) < _LEAST_CONTRAST:
        return None
    basis = _cosines()
    lowest = np.round(basis @ frequencies @ basis.T, _DECIMALS)
    across = np.diff(_shrunk(grey, _EDGE + 1, _EDGE), axis=1)
    down = np.diff(_shrunk(grey, _EDGE, _EDGE + 1), axis=0)
    return np.packbits(np.concatenate([lowest > np.median(lowest), across > 0, down > 0], axis=None))


def distances(one: Fingerprint, others: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return how far others are from one, shape (n,): 0 for the same, 128 for the opposite.

    The number of differing steps, or twice that of differing frequencies if that is more.

    Args:
        one: A fingerprint.
        others: Shape (n, 24).
    """
    differing = _ONES[others ^ one]
    frequencies: NDArray[np.int64] = differing[:, :_FREQUENCY_BYTES].sum(axis=1, dtype=np.int64)
    steps: NDArray[np.int64] = differing[:, _FREQUENCY_BYTES:].sum(axis=1, dtype=np.int64)
    return np.maximum(2 * frequencies, steps)


def _shrunk(grey: Image.Image, width: int, height: int) -> NDArray[np.float64]:
    return np.asarray(grey.resize((width, height), Image.Resampling.LANCZOS), dtype=np.float64)


@cache
def _cosines() -> NDArray[np.float64]:
    """Return the first rows of the discrete cosine transform (type II), shape (8, 32)."""
    places = np.arange(_FREQUENCY_EDGE) + 0.5
    return 2 * np.cos(np.pi / _FREQUENCY_EDGE * np.arange(_EDGE)[:, None] * places)
