"""What a file says of its image before the pixels: size, and when it was taken."""

import math
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from PIL import Image

from resmem_gui.file_state import FileState, file_state
from resmem_gui.images.decoding import opened, upright_size
from resmem_gui.images.errors import ImageError

_EXIF_IFD: Final = 0x8769
#: DateTimeOriginal, then DateTimeDigitized: when light fell on the sensor, or on the scanner's.
_TAKEN_TAGS: Final = ((0x9003, 0x9291), (0x9004, 0x9292))


@dataclass(frozen=True, slots=True)
class Header:
    """What was found out without decoding.

    Attributes:
        size: Width and height in pixels after orientation; None where the file is no readable image.
        taken: Seconds since 1970 by the camera's clock; NaN where the file does not tell.
        state: Of the file; None where it cannot be asked.
    """

    size: tuple[int, int] | None
    taken: float
    state: FileState | None


def read_header(path: str) -> Header:
    """Read an image's header. A file that cannot be read has one that says nothing."""
    try:
        with opened(path) as (image, state):
            return Header(upright_size(image), _taken(image), state)
    except ImageError:  # its outcome says why, when its turn to be scored comes
        return Header(None, math.nan, file_state(path))


def _taken(image: Image.Image) -> float:
    """Return when an image was taken by the camera's clock, NaN where its EXIF does not tell."""
    try:
        fields = image.getexif().get_ifd(_EXIF_IFD)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, struct.error):
        return math.nan  # damaged metadata
    for tag, fraction_tag in _TAKEN_TAGS:
        moment = _seconds(fields.get(tag))
        if not math.isnan(moment):
            return moment + _fraction(fields.get(fraction_tag))
    return math.nan


def _seconds(text: object) -> float:
    """Return the time in an EXIF text such as "2026:03:01 12:00:00"; NaN for anything else."""
    if not isinstance(text, str):
        return math.nan
    try:
        moment = datetime.strptime(text.strip("\0 ")[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - it has no zone
    except ValueError:
        return math.nan
    return moment.replace(tzinfo=UTC).timestamp()


def _fraction(text: object) -> float:
    """Return the fraction of a second that EXIF gives as its digits: frames of a burst differ by it."""
    digits = text.strip("\0 ") if isinstance(text, str) else ""
    return float(f"0.{digits}") if digits.isascii() and digits.isdecimal() else 0.0
