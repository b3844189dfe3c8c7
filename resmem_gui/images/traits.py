"""What an image's pixels tell besides its score, looked at while they are in memory anyway."""

from PIL import Image

from resmem_gui.images.faces import faces_in
from resmem_gui.images.graphics import OVERVIEW, measures_of
from resmem_gui.images.likeness import SIGHT, fingerprint
from resmem_gui.traits import Traits


def traits_of(pixels: Image.Image, frames: int) -> Traits:
    """Return what an image shows besides what is scored. May be called on several threads at once.

    The same pixels always give the same traits. Pixels decoded at a reduced scale serve as well, but for the
    finest writing.

    Args:
        pixels: RGB and upright.
        frames: How many pictures the file holds.
    """
    overview = reduced(pixels, OVERVIEW)
    faces = faces_in(overview)
    measures = measures_of(pixels, overview)
    bits = fingerprint(reduced(overview, SIGHT))
    return Traits(
        faces=len(faces),
        face_share=max(faces, default=0.0),
        text_share=measures.writing,
        graphic=measures.graphic,
        frames=frames,
        fingerprint=b"" if bits is None else bits.tobytes(),
    )


def reduced(pixels: Image.Image, edge: int) -> Image.Image:
    """Return an image with both sides at most `edge`, itself if it is no larger.

    From a far larger one only some pixels are taken: averaging all of 12 megapixels would cost more than
    everything else here.
    """
    longest = max(pixels.size)
    if longest <= edge:
        return pixels
    if longest > 4 * edge:
        pixels = pixels.resize(_fitting(pixels, 2 * edge), Image.Resampling.NEAREST)
    return pixels.resize(_fitting(pixels, edge), Image.Resampling.BOX)


def _fitting(pixels: Image.Image, edge: int) -> tuple[int, int]:
    scale = edge / max(pixels.size)
    return max(1, round(pixels.width * scale)), max(1, round(pixels.height * scale))
