"""What an image's pixels tell besides its score, looked at while they are in memory anyway."""

from typing import Final

from PIL import Image

from resmem_gui.images.faces import faces_in
from resmem_gui.images.graphics import OVERVIEW, measures_of
from resmem_gui.images.likeness import SIGHT, fingerprint
from resmem_gui.traits import Traits

#: An image so many times larger than what is made of it is thinned first.
_THINNED: Final = 2


def traits_of(pixels: Image.Image, frames: int) -> Traits:
    """Return what an image shows besides what is scored. May be called on several threads at once.

    The same pixels always give the same traits. Pixels decoded at a reduced scale serve as well, but for the
    finest writing.

    Args:
        pixels: RGB and upright.
        frames: How many pictures the file holds.
    """
    if max(pixels.size) <= _THINNED * OVERVIEW:
        pixels = pixels.convert("L")  # once for all that follows, which needs every pixel
    small = overview(pixels)
    faces = faces_in(small)
    measures = measures_of(pixels, small)
    bits = fingerprint(reduced(small, SIGHT))
    return Traits(
        faces=len(faces),
        face_share=max(faces, default=0.0),
        text_share=measures.writing,
        graphic=measures.graphic,
        frames=frames,
        fingerprint=b"" if bits is None else bits.tobytes(),
    )


def overview(pixels: Image.Image) -> Image.Image:
    """Return an image in grey with both sides at most `OVERVIEW`."""
    # Grey before it is reduced: a third of the work.
    return reduced(_thinned(pixels, OVERVIEW).convert("L"), OVERVIEW)


def reduced(pixels: Image.Image, edge: int) -> Image.Image:
    """Return an image with both sides at most `edge`, itself if it is no larger."""
    if max(pixels.size) <= edge:
        return pixels
    pixels = _thinned(pixels, edge)
    if max(pixels.size) == 2 * edge:
        return pixels.reduce(2)  # the same in a quarter of the time
    return pixels.resize(_fitting(pixels, edge), Image.Resampling.BOX)


def _thinned(pixels: Image.Image, edge: int) -> Image.Image:
    """Return an image that is to be reduced to `edge` without most of its pixels, if it is far larger.

    Averaging all of 12 megapixels would cost more than everything else here.
    """
    if max(pixels.size) <= _THINNED * edge:
        return pixels
    return pixels.resize(_fitting(pixels, 2 * edge), Image.Resampling.NEAREST)


def _fitting(pixels: Image.Image, edge: int) -> tuple[int, int]:
    scale = edge / max(pixels.size)
    return max(1, round(pixels.width * scale)), max(1, round(pixels.height * scale))
