"""From an image's pixels to the network's input."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

#: The side of the square that the network looks at, in pixels.
INPUT_EDGE: Final = 227
_SQUASHED_EDGE: Final = 256
#: torchvision's CenterCrop rounds half of 29 to the even 14.
_CROP_START: Final = 14
#: Where along each side of an image the part begins and ends that the network looks at, as shares of it.
SEEN_PART: Final = (_CROP_START / _SQUASHED_EDGE, (_CROP_START + INPUT_EDGE) / _SQUASHED_EDGE)
#: Four times what the network looks at.
_FAST_EDGE: Final = 4 * INPUT_EDGE
#: What fast decoding does to a score, measured on 147 photographs enlarged to 12 and 24 megapixels
#: (`python -m tests.benchmarks.fast_decoding --enlarge`).
FAST_DECODING_ERROR: Final = (
    "by 0.001 on average and 0.0065 at most (147 photographs; rank correlation 0.9996)"
)


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """A recipe from a file to the network's input.

    ResMem's own: RGB, alpha over white, squashed to 256 x 256 (bilinear, antialiased), the middle 227 x 227,
    values from 0 to 1 and no further normalisation.

    Attributes:
        upright: Whether the EXIF orientation is applied first: the image as people see it. The package
            `resmem` does not.
        fast_decoding: Whether large JPEG files are decoded at a reduced scale; see `decode_edge`.
    """

    upright: bool = True
    fast_decoding: bool = False

    @property
    def id(self) -> str:
        """The recipe's name in exports. Under another id, scores are not comparable to the last digit."""
        orientation = "upright" if self.upright else "as-stored"
        decoding = "-fast4x" if self.fast_decoding else ""
        return f"resmem-squash256-crop227-{orientation}{decoding}-1"

    @property
    def decode_edge(self) -> int | None:
        """How many pixels both sides of a decoded image must have at least; None for all there are."""
        return _FAST_EDGE if self.fast_decoding else None


def network_input(pixels: Image.Image) -> NDArray[np.uint8]:
    """Return what ResMem sees of an RGB image: shape (227, 227, 3), uint8.

    The same pixels as torchvision's `Resize((256, 256))` and `CenterCrop(227)` make of it.
    """
    squashed = pixels.resize((_SQUASHED_EDGE, _SQUASHED_EDGE), Image.Resampling.BILINEAR)
    end = _CROP_START + INPUT_EDGE
    return np.asarray(squashed.crop((_CROP_START, _CROP_START, end, end)))
