"""Which files are images: by their content, and by their name where the content cannot tell."""

from functools import cache
from typing import Final

import pillow_heif
from PIL import Image

#: Blocks of 16 MB that Pillow keeps for the next image instead of giving them back to the system, which would
#: hand them out page by page: a third of the time that decoding a camera's photograph takes.
_BLOCKS_KEPT: Final = 8

#: Above this an image is refused: its pixels alone would take more than half a gigabyte.
MAX_PIXELS: Final = 178_956_970

#: What Pillow reads and a person would call an image. Left out: EPS and WMF (they run other programs),
#: video, and scientific containers that Pillow only passes on.
FORMATS: Final = frozenset(
    {
        "AVIF", "BMP", "CUR", "DCX", "DDS", "DIB", "GIF", "HEIF", "ICNS", "ICO", "IM", "JPEG", "JPEG2000",
        "MPO", "MSP", "PCX", "PNG", "PPM", "PSD", "QOI", "SGI", "SUN", "TGA", "TIFF", "WEBP", "XBM", "XPM",
    }
)  # fmt: skip

#: Formats whose first bytes prove them. The signatures of the others are so short that they would call a
#: text file an image; those count by their name.
_SIGNED: Final = (
    "JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF", "TIFF", "JPEG2000", "PSD", "QOI", "ICNS", "DDS",
)  # fmt: skip

#: How many bytes `sniff` wants to see.
HEAD_BYTES: Final = 64


@cache
def register_plugins() -> None:
    """Make Pillow know every format of `FORMATS`, once, and give it our limits."""
    Image.core.set_blocks_max(_BLOCKS_KEPT)  # type: ignore[attr-defined]
    pillow_heif.register_heif_opener()
    Image.init()
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS


@cache
def extensions() -> frozenset[str]:
    """Return the file extensions of images, lower case, with their dot."""
    register_plugins()
    return frozenset(
        extension for extension, name in Image.registered_extensions().items() if name in FORMATS
    )


def sniff(head: bytes) -> str | None:
    """Return the format whose signature `head` carries, or None.

    Args:
        head: The first `HEAD_BYTES` bytes of a file, or all of a shorter one.
    """
    register_plugins()
    for name in _SIGNED:
        accept = Image.OPEN[name][1]
        if accept is not None and accept(head) is True:
            return name
    # Two letters prove nothing, with the size of the header that follows they do.
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in {
        12,
        40,
        52,
        56,
        64,
        108,
        124,
    }:
        return "BMP"
    return None
