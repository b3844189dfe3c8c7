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


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """A recipe from a file to the network's input.

    Attributes:
        id: Names the recipe in exports; another id means that scores are not comparable to the last digit.
        upright: Whether the EXIF orientation is applied first.
    """

    id: str
    upright: bool


#: ResMem's own recipe on the image as people see it: upright, alpha over white, RGB, squashed to 256 x 256
#: (bilinear, antialiased), the middle 227 x 227, values from 0 to 1 and no further normalisation.
UPRIGHT: Final = Preprocessing("resmem-squash256-crop227-upright-1", upright=True)

#: The same on the image as it is stored, as the package `resmem` does it: for replications.
AS_STORED: Final = Preprocessing("resmem-squash256-crop227-as-stored-1", upright=False)


def network_input(pixels: Image.Image) -> NDArray[np.uint8]:
    """Return what ResMem sees of an RGB image: shape (227, 227, 3), uint8.

    The same pixels as torchvision's `Resize((256, 256))` and `CenterCrop(227)` make of it.
    """
    squashed = pixels.resize((_SQUASHED_EDGE, _SQUASHED_EDGE), Image.Resampling.BILINEAR)
    end = _CROP_START + INPUT_EDGE
    return np.asarray(squashed.crop((_CROP_START, _CROP_START, end, end)))
