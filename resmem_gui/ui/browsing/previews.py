"""Large previews, and the network's input beside them."""

from dataclasses import dataclass
from typing import Final

from PIL import Image
from PySide6.QtGui import QImage

from resmem_gui.images.decoding import decode, decode_reduced, fit
from resmem_gui.scoring.preprocessing import Preprocessing, network_input
from resmem_gui.ui.rows.thumbnails import to_qimage

_EDGE: Final = 1024


@dataclass(frozen=True, slots=True)
class PreviewWish:
    """An image to be shown large, and as the network sees it: prepared by a recipe."""

    image_id: int
    path: str
    preprocessing: Preprocessing


@dataclass(frozen=True, slots=True)
class Preview:
    """An image for the screen, as it is prepared for the network, and the network's input made of that.

    The first two differ in orientation where the recipe leaves images as they are stored.
    """

    picture: QImage
    as_prepared: QImage
    network_input: QImage


def load_preview(wish: PreviewWish) -> Preview:
    """Make a preview; runs on a loader's thread. The network's input is what the score comes from.

    Raises:
        ImageError: The image cannot be decoded.
    """
    recipe = wish.preprocessing
    image = decode(wish.path, upright=recipe.upright, least_edge=recipe.decode_edge)
    seen = Image.fromarray(network_input(image.pixels))
    prepared = to_qimage(fit(image.pixels, _EDGE))
    picture = prepared if recipe.upright else to_qimage(decode_reduced(wish.path, _EDGE))
    return Preview(picture, prepared, to_qimage(seen))
