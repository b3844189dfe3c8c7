"""Large previews, and the network's input beside them."""

from dataclasses import dataclass
from typing import Final

from PIL import Image
from PySide6.QtGui import QImage

from resmem_gui.images.decoding import decode, decode_reduced
from resmem_gui.scoring.preprocessing import network_input
from resmem_gui.ui.thumbnails import to_qimage

_EDGE: Final = 1024


@dataclass(frozen=True, slots=True)
class PreviewWish:
    """An image to be shown large, and as the network sees it: upright or as stored."""

    image_id: int
    path: str
    upright: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """An image for the screen and the network's input made of it."""

    picture: QImage
    network_input: QImage


def load_preview(wish: PreviewWish) -> Preview:
    """Make a preview; runs on a loader's thread. The network's input comes from the full decode.

    Raises:
        ImageError: The image cannot be decoded.
    """
    seen = Image.fromarray(network_input(decode(wish.path, upright=wish.upright).pixels))
    return Preview(to_qimage(decode_reduced(wish.path, _EDGE)), to_qimage(seen))
