"""From a file to upright RGB pixels: the one place where images are decoded."""

import contextlib
import hashlib
import io
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, UnidentifiedImageError

from resmem_gui.file_state import FileState
from resmem_gui.images.errors import NO_FILE, ImageError
from resmem_gui.images.formats import FORMATS, MAX_PIXELS, register_plugins

#: A file larger than this is refused: it is read as a whole, so that it is read once.
MAX_FILE_BYTES: Final = 2**30

_ORIENTATION_TAG: Final = 0x0112
_TRANSPOSE: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS: Final = {method for orientation, method in _TRANSPOSE.items() if orientation >= 5}
_APP1: Final = b"\xff\xe1"
_START_OF_SCAN: Final = b"\xda"
_WHITE: Final = (255, 255, 255, 255)
#: Formats whose further pictures are meant to be seen: not the preview in a JPEG file, or layers.
_SEQUENCES: Final = frozenset({"AVIF", "GIF", "PNG", "TIFF", "WEBP"})
#: Of those, the ones whose pictures Pillow counts by going through the file.
_COUNTED: Final = frozenset({"GIF", "TIFF"})
#: No file is believed to hold more pictures: an animated PNG only says how many.
_MOST_FRAMES: Final = 100_000


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """An image in memory.

    Attributes:
        pixels: RGB, 8 bits a channel; fewer than `size` if they were decoded at a reduced scale.
        size: Width and height of the image in the file, after orientation.
        sha256: Of the file's bytes, hexadecimal.
        state: Of the file just before it was read.
        frames: How many pictures the file holds, 1 at least: of an animation or a document of several pages.
    """

    pixels: Image.Image
    size: tuple[int, int]
    sha256: str
    state: FileState
    frames: int = 1


def decode(path: str, *, upright: bool = True, least_edge: int | None = None) -> DecodedImage:
    """Read a file once and return its pixels and its hash.

    Animations give their first frame. Transparent parts lie over white. Sixteen-bit samples are scaled to
    eight. Colour profiles are not applied: the network was trained on plain values.

    Args:
        path: The file.
        upright: Turn the image as its EXIF orientation says (people see it so), or leave it as stored.
        least_edge: Decode a JPEG file at the smallest of the scales 1/8, 1/4, 1/2 and 1 at which both sides
            have this many pixels; in full by default.

    Raises:
        ImageError: The file cannot be read or is not an image that can be decoded.
    """
    state = _check_file(path)
    content = _read(path)
    image = _open(io.BytesIO(content))
    width, height = image.size
    frames = _frames(image, content)
    if least_edge is not None:
        image.draft(None, (least_edge, least_edge))
    pixels, is_sideways = _pixels(image, upright=upright)
    size = (height, width) if is_sideways else (width, height)
    return DecodedImage(pixels, size, hashlib.sha256(content).hexdigest(), state, frames)


def decode_reduced(path: str, edge: int) -> Image.Image:
    """Return upright RGB pixels for display, with both sides at most `edge` pixels, as cheaply as possible.

    JPEG files are decoded at a reduced scale: good enough to look at, and never used for scoring.

    Raises:
        ImageError: As `decode`.
    """
    with opened(path) as (image, _):
        image.draft("RGB", (edge * 2, edge * 2))
        return fit(_pixels(image, upright=True)[0], edge)


@contextlib.contextmanager
def opened(path: str) -> Iterator[tuple[Image.Image, FileState]]:
    """Give an image whose header was read and whose pixels were not, and the state of its file.

    Raises:
        ImageError: The file cannot be read or is not an image.
    """
    state = _check_file(path)
    try:
        with Path(path).open("rb") as file:
            yield _open(file), state
    except OSError as error:
        raise ImageError(_system_reason(error)) from error


def fit(pixels: Image.Image, edge: int) -> Image.Image:
    """Return a copy of `pixels` scaled down so that both sides are at most `edge`, never scaled up."""
    scale = edge / max(pixels.size)
    if scale >= 1:
        return pixels.copy()
    size = (max(1, round(pixels.width * scale)), max(1, round(pixels.height * scale)))
    return pixels.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ImageError(_system_reason(error)) from error


def _check_file(path: str) -> FileState:
    """Refuse what must not be read: folders, pipes, devices, empty and oversized files."""
    try:
        status = Path(path).stat()
    except OSError as error:
        raise ImageError(_system_reason(error)) from error
    except ValueError as error:
        raise ImageError("This is not a valid file name.") from error
    if not stat.S_ISREG(status.st_mode):
        raise ImageError("This is not a file but a folder, a pipe or a device.")
    if status.st_size == 0:
        raise ImageError("The file is empty (0 bytes).")
    if status.st_size > MAX_FILE_BYTES:
        raise ImageError(
            f"The file is too large: {status.st_size / 2**30:.1f} GiB, the limit is 1 GiB. "
            "Score a smaller copy."
        )
    return FileState.from_stat(status)


def _open(file: io.BytesIO | io.BufferedReader) -> Image.Image:
    """Read the header of an image; its pixels follow in `_pixels`."""
    register_plugins()
    formats = sorted(FORMATS & Image.OPEN.keys())
    try:
        try:
            image: Image.Image = Image.open(file, formats=formats)
        except UnidentifiedImageError:
            # Pillow takes a JPEG file whose metadata give no resolution that it can read for no image at all.
            file.seek(0)
            image = Image.open(io.BytesIO(_without_exif(file.read())), formats=formats)
    except UnidentifiedImageError as error:
        raise ImageError("The content is not an image in a format that this program reads.") from error
    except Exception as error:  # codecs raise whatever they like on hostile bytes
        raise ImageError(_decoder_reason(error)) from error
    if image.width * image.height > MAX_PIXELS:
        raise ImageError(_too_many_pixels(image.size))
    return image


def _frames(image: Image.Image, content: bytes) -> int:
    """Return how many pictures a file holds; 1 where that cannot be told."""
    if image.format not in _SEQUENCES:
        return 1
    try:
        if image.format in _COUNTED:
            # By another reader of the same bytes: damage further on must not spoil the first picture.
            with Image.open(io.BytesIO(content), formats=[image.format]) as counted:
                frames = getattr(counted, "n_frames", 1)
        else:
            frames = getattr(image, "n_frames", 1)
    except Exception:  # noqa: BLE001 - codecs raise whatever they like on hostile bytes
        return 1
    return min(max(1, int(frames)), _MOST_FRAMES)


def _without_exif(content: bytes) -> bytes:
    """Return a JPEG file without its Exif segments; anything else as it is."""
    place, kept = 2, [content[:2]]
    if kept != [b"\xff\xd8"]:
        return content
    while content[place : place + 1] == b"\xff":
        if content[place + 1 : place + 2] in (b"", _START_OF_SCAN):
            break
        end = place + 2 + max(2, int.from_bytes(content[place + 2 : place + 4], "big"))
        segment = content[place:end]
        if not (segment.startswith(_APP1) and segment[4:].startswith(b"Exif")):
            kept.append(segment)
        place = end
    return b"".join([*kept, content[place:]])


def _pixels(image: Image.Image, *, upright: bool) -> tuple[Image.Image, bool]:
    """Decode, turn and convert to RGB; return also whether width and height have changed places."""
    try:
        image.load()
        method = _orientation(image) if upright else None
        turned = image if method is None else image.transpose(method)
        return _to_rgb(turned), method in _SIDEWAYS
    except Exception as error:  # codecs raise whatever they like on hostile bytes
        raise ImageError(_decoder_reason(error)) from error


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Return width and height as people see the image, by its header."""
    width, height = image.size
    return (height, width) if _orientation(image) in _SIDEWAYS else (width, height)


def _orientation(image: Image.Image) -> Image.Transpose | None:
    """Return how the EXIF orientation wants a decoded image turned.

    HEIC and AVIF readers report what is left to do in the same tag.
    """
    try:
        orientation = image.getexif().get(_ORIENTATION_TAG)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, struct.error):
        return None  # damaged metadata is no reason to refuse a sound picture
    return _TRANSPOSE.get(orientation) if isinstance(orientation, int) else None


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "RGB" and "transparency" not in image.info:
        return image
    if image.mode == "F" or image.mode.startswith("I"):
        return _to_eight_bits(image).convert("RGB")
    if image.has_transparency_data:
        picture = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", picture.size, _WHITE), picture).convert("RGB")
    return image.convert("RGB")


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """Scale a grey image of 16 or 32 bits or of floats to 8 bits.

    Integers up to 65,535 are taken for sixteen-bit samples. Floats within 0 to 1 are taken as such. Anything
    else spans from its own least to its own greatest value. The one transparent grey of a PNG becomes white.
    """
    samples = np.asarray(image).astype(np.float64)
    samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(samples.min()), float(samples.max())
    if image.mode.startswith("I") and low >= 0 and high <= 65_535:
        low, high = 0.0, 65_535.0
    elif low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    scale = 255.0 / (high - low) if high > low else 0.0
    eight = np.rint((samples - low) * scale).astype(np.uint8)
    if "transparency" in image.info:
        eight[samples == image.info["transparency"]] = 255
    return Image.fromarray(eight)


def _too_many_pixels(size: tuple[int, int] | None = None) -> str:
    what = "Its header promises" if size is None else f"{size[0]:,} × {size[1]:,} pixels are"
    return (
        f"The image is too large: {what} more than the limit of {MAX_PIXELS / 1e6:.0f} megapixels. "
        "Score a smaller copy."
    )


def _system_reason(error: OSError) -> str:
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return NO_FILE
        case PermissionError():
            return "The file may not be read: its permissions forbid it."
        case _:
            return f"The file could not be read: {error.strerror or error}."


def _decoder_reason(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "There is not enough memory to decode this image."
    if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning):
        return _too_many_pixels()
    text = str(error)
    if "truncated" in text or "end of" in text.lower() or isinstance(error, EOFError):
        return "The file is cut off: part of the image is missing."
    detail = text or type(error).__name__
    return f"The image is damaged and cannot be decoded ({detail.rstrip('.')})."
