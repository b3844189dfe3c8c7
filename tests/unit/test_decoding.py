"""From files of every kind, sound and hostile, to upright RGB pixels or a plain sentence."""

import hashlib
import io
import os
import re
import struct
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from PIL.GifImagePlugin import GifImageFile

from resmem_gui.images import decoding
from resmem_gui.images.decoding import decode, decode_reduced, fit
from resmem_gui.images.errors import ImageError

Pixels = NDArray[np.uint8]

#: Formats that Pillow writes here, with the mode that it writes: those that keep colours, and the others.
COLOUR = (
    "AVIF", "BMP", "DDS", "DIB", "GIF", "HEIF", "IM", "JPEG", "JPEG2000", "MPO", "PCX", "PNG", "PPM", "QOI",
    "SGI", "TGA", "TIFF", "WEBP",
)  # fmt: skip
BLACK_AND_WHITE = ("MSP", "XBM")
LOSSY = {"AVIF", "GIF", "HEIF", "JPEG", "JPEG2000", "MPO", "WEBP"}

#: What each EXIF orientation asks a viewer to do, in words of NumPy: independent of the code under test.
UPRIGHT: dict[int, Callable[[Pixels], Pixels]] = {
    1: lambda stored: stored,
    2: np.fliplr,
    3: lambda stored: np.rot90(stored, 2),
    4: np.flipud,
    5: lambda stored: stored.transpose(1, 0, 2),
    6: lambda stored: np.rot90(stored, -1),
    7: lambda stored: np.rot90(stored, 2).transpose(1, 0, 2),
    8: lambda stored: np.rot90(stored, 1),
}


def pixels(image: Image.Image) -> Pixels:
    assert image.mode == "RGB"
    return np.asarray(image)


def close(found: Image.Image, expected: Pixels, tolerance: float = 30) -> bool:
    """Return whether the images look the same but for the noise of a lossy codec along edges."""
    difference = np.abs(pixels(found).astype(int) - expected.astype(int))
    return found.size == expected.shape[1::-1] and float(np.median(difference)) <= tolerance


def refusal(path: str) -> str:
    """Return the sentence with which a file is refused, alike for scores and for thumbnails."""
    with pytest.raises(ImageError) as full:
        decode(path)
    with pytest.raises(ImageError) as reduced:
        decode_reduced(path, 64)
    for sentence in (str(full.value), str(reduced.value)):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert not re.search(r"Traceback|Errno|<|0x|\n", sentence), sentence
    return str(full.value)


def png(width: int, height: int, depth: int, colour: int, rows: bytes, *, extra: bytes = b"") -> bytes:
    """Return a PNG file made by hand, for what Pillow does not write."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            extra,
            chunk(b"IDAT", zlib.compress(rows)),
            chunk(b"IEND", b""),
        ]
    )


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format=kind, **options)
    return stream.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], str]:
    """Return a maker of files without extension: bytes in, path out."""

    def make(content: bytes) -> str:
        path = tmp_path / "file"
        path.write_bytes(content)
        return str(path)

    return make


Maker = Callable[[bytes], str]


# --- formats -------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:IM image format is deprecated")
@pytest.mark.parametrize("extension", ["", ".jpg", ".txt"])
@pytest.mark.parametrize("kind", COLOUR)
def test_a_format_is_decoded_whatever_the_extension(
    tmp_path: Path, picture: Image.Image, kind: str, extension: str
) -> None:
    path = tmp_path / f"image{extension}"
    picture.save(path, format=kind)
    tolerance = 30 if kind in LOSSY else 0
    image = decode(str(path))
    assert image.size == picture.size
    assert close(image.pixels, pixels(picture), tolerance)
    assert close(decode_reduced(str(path), 64), pixels(picture), tolerance)


@pytest.mark.parametrize("kind", BLACK_AND_WHITE)
def test_a_black_and_white_format_is_decoded(file: Maker, kind: str) -> None:
    image = Image.new("1", (16, 8))
    image.paste(1, (0, 0, 8, 8))
    assert np.array_equal(pixels(decode(file(encoded(image, kind))).pixels), pixels(image.convert("RGB")))


@pytest.mark.parametrize("kind", ["ICO", "ICNS"])
def test_icons_are_decoded(file: Maker, kind: str) -> None:
    path = file(encoded(Image.new("RGB", (64, 64), "teal"), kind))
    assert decode(path).pixels.getpixel((5, 5)) == (0, 128, 128)


@pytest.mark.parametrize("kind", ["EPS", "PDF"])
def test_formats_that_run_other_programs_are_refused(file: Maker, picture: Image.Image, kind: str) -> None:
    assert "not an image in a format that this program reads" in refusal(file(encoded(picture, kind)))


def test_the_hash_is_that_of_the_file(file: Maker, picture: Image.Image) -> None:
    content = encoded(picture, "PNG")
    assert decode(file(content)).sha256 == hashlib.sha256(content).hexdigest()


def test_awkward_names_can_be_decoded(tmp_path: Path, awkward_names: list[str], picture: Image.Image) -> None:
    for name in awkward_names:
        (tmp_path / name).write_bytes(encoded(picture, "PNG"))
        assert decode(str(tmp_path / name)).pixels.size == picture.size


# --- orientation ---------------------------------------------------------------------------------


def turned(picture: Image.Image, kind: str, orientation: int) -> bytes:
    """Return a file whose stored pixels are `picture` and whose EXIF asks to turn them."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    # Bytes: pillow-heif makes a transformation of them, as cameras do, where it would drop the object.
    return encoded(picture, kind, exif=exif.tobytes())


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("kind", ["JPEG", "MPO", "TIFF", "PNG", "WEBP", "HEIF", "AVIF"])
def test_an_image_is_turned_upright_exactly_once(
    file: Maker, picture: Image.Image, kind: str, orientation: int
) -> None:
    path = file(turned(picture, kind, orientation))
    expected = UPRIGHT[orientation](pixels(picture))
    assert close(decode(path).pixels, expected)
    assert close(decode_reduced(path, 64), expected)


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("kind", ["JPEG", "MPO", "PNG", "WEBP", "AVIF"])
def test_an_image_is_left_as_stored_when_told_so(
    file: Maker, picture: Image.Image, kind: str, orientation: int
) -> None:
    assert close(decode(file(turned(picture, kind, orientation)), upright=False).pixels, pixels(picture))


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("kind", ["TIFF", "HEIF"])
def test_as_stored_means_as_pillow_opens_it(
    file: Maker, picture: Image.Image, kind: str, orientation: int
) -> None:
    """Pillow turns TIFF and HEIF itself, and the published preprocessing with it."""
    path = file(turned(picture, kind, orientation))
    with Image.open(path) as opened:
        expected = pixels(opened.convert("RGB"))
    assert np.array_equal(pixels(decode(path, upright=False).pixels), expected)


def test_a_large_photograph_is_upright_in_a_thumbnail_decoded_at_reduced_scale(
    file: Maker, picture: Image.Image
) -> None:
    path = file(turned(picture.resize((1600, 1200), Image.Resampling.NEAREST), "JPEG", 6))
    reduced = decode_reduced(path, 80)
    assert close(reduced, UPRIGHT[6](pixels(picture.resize((80, 60), Image.Resampling.NEAREST))))


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_none(
    file: Maker, picture: Image.Image, orientation: int
) -> None:
    assert close(decode(file(turned(picture, "JPEG", orientation))).pixels, pixels(picture))


@pytest.mark.parametrize(
    "block",
    [
        b"Exif\0\0",
        b"Exif\0\0garbage",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01",
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\xff\xff\xff\xff\xff\xff\xff\xff",
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_metadata_do_not_make_a_sound_picture_unusable(
    file: Maker, picture: Image.Image, kind: str, block: bytes
) -> None:
    path = file(encoded(picture, kind, exif=block))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as the program does, see resmem_gui.cli
        assert close(decode(path).pixels, pixels(picture))
        assert close(decode_reduced(path, 64), pixels(picture))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_no_metadata_whatever_make_a_sound_picture_unusable(
    tmp_path_factory: pytest.TempPathFactory, kind: str
) -> None:
    path = tmp_path_factory.mktemp("metadata") / "image"
    picture = Image.new("RGB", (8, 8), "teal")
    entries = st.tuples(
        st.sampled_from([0x0112, 0x8769, 0x8825, 0x011A, 0x0128]), st.integers(0, 13), st.integers(0, 3)
    )

    @settings(max_examples=80, deadline=None, database=None)
    @given(entries=st.lists(entries, max_size=4), values=st.binary(max_size=40), order=st.sampled_from("<>"))
    @example(entries=[(0x011A, 1, 1), (0x0128, 1, 1)], values=b"", order="<")  # Pillow 13: no image at all
    def check(entries: list[tuple[int, int, int]], values: bytes, order: str) -> None:
        directory = b"".join(
            struct.pack(f"{order}HHL", *entry) + values[4 * place : 4 * place + 4].ljust(4, b"\0")
            for place, entry in enumerate(entries)
        )
        head = struct.pack(f"{order}2sHLH", b"II" if order == "<" else b"MM", 42, 8, len(entries))
        picture.save(path, format=kind, exif=b"Exif\0\0" + head + directory + values)
        assert decode(str(path)).pixels.size == (8, 8)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check()


# --- modes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP", "TGA"])
def test_transparent_colours_lie_over_white(file: Maker, kind: str) -> None:
    image = Image.new("RGBA", (3, 1))
    for x, colour in enumerate([(200, 0, 100, 255), (200, 0, 100, 0), (200, 0, 100, 51)]):
        image.putpixel((x, 0), colour)
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    found = pixels(decode(file(encoded(image, kind, **options))).pixels)[0]
    expected = [(200, 0, 100), (255, 255, 255), (244, 204, 224)]  # 255 + (colour - 255) * 51 / 255
    assert np.abs(found.astype(int) - expected).max() <= 1


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_transparent_grey_lies_over_white(file: Maker, kind: str) -> None:
    image = Image.new("LA", (2, 1))
    image.putpixel((0, 0), (100, 255))
    image.putpixel((1, 0), (100, 0))
    assert pixels(decode(file(encoded(image, kind))).pixels).tolist() == [[[100] * 3, [255] * 3]]


@pytest.mark.parametrize("transparency", [1, bytes([255, 0])], ids=["one colour", "an alpha for each colour"])
@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_transparent_palette_colours_lie_over_white(
    file: Maker, kind: str, transparency: int | bytes
) -> None:
    if kind == "GIF" and isinstance(transparency, bytes):
        transparency = 1
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putpixel((1, 0), 1)
    found = decode(file(encoded(image, kind, transparency=transparency))).pixels
    assert pixels(found).tolist() == [[[10, 20, 30], [255, 255, 255]]]


def test_an_opaque_palette_keeps_its_colours(file: Maker) -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putpixel((1, 0), 1)
    assert pixels(decode(file(encoded(image, "PNG"))).pixels).tolist() == [[[10, 20, 30], [40, 50, 60]]]


@pytest.mark.parametrize(
    ("mode", "transparent", "other"), [("RGB", (9, 8, 7), (9, 8, 6)), ("L", 9, 8)], ids=["RGB", "L"]
)
def test_the_one_transparent_colour_of_a_png_lies_over_white(
    file: Maker, mode: str, transparent: int | tuple[int, int, int], other: int | tuple[int, int, int]
) -> None:
    image = Image.new(mode, (2, 1), transparent)
    image.putpixel((1, 0), other)
    found = pixels(decode(file(encoded(image, "PNG", transparency=transparent))).pixels)
    assert found.tolist() == [[[255, 255, 255], [other] * 3 if isinstance(other, int) else list(other)]]


RAMP = np.arange(256, dtype=np.uint8).reshape(16, 16)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM", "JPEG2000"])
def test_sixteen_bit_grey_equals_the_same_image_of_eight_bits(file: Maker, kind: str) -> None:
    sixteen = decode(file(encoded(Image.fromarray(RAMP.astype(np.uint16) * 257), kind))).pixels
    eight = decode(file(encoded(Image.fromarray(RAMP), "PNG"))).pixels
    assert np.array_equal(pixels(sixteen), pixels(eight))


def test_a_dark_sixteen_bit_image_stays_dark(file: Maker) -> None:
    image = Image.fromarray(np.full((4, 4), 257 * 3, dtype=np.uint16))
    assert decode(file(encoded(image, "PNG"))).pixels.getpixel((0, 0)) == (3, 3, 3)


def test_the_one_transparent_grey_of_a_sixteen_bit_png_lies_over_white(file: Maker) -> None:
    rows = b"\0" + struct.pack(">HHH", 257 * 50, 257 * 100, 257 * 100 + 1)
    content = png(3, 1, 16, 0, rows, extra=chunk(b"tRNS", struct.pack(">H", 257 * 100)))
    assert pixels(decode(file(content)).pixels)[0, :, 0].tolist() == [50, 255, 100]


def test_sixteen_bit_colours_keep_their_upper_bits(file: Maker) -> None:
    content = png(1, 1, 16, 2, b"\0" + struct.pack(">HHH", 257 * 7, 257 * 80, 257 * 250))
    assert decode(file(content)).pixels.getpixel((0, 0)) == (7, 80, 250)


def test_floats_from_0_to_1_are_taken_as_such(file: Maker) -> None:
    image = Image.fromarray(np.array([[0.0, 0.2, 0.4]], dtype=np.float32))
    assert pixels(decode(file(encoded(image, "TIFF"))).pixels)[0, :, 0].tolist() == [0, 51, 102]


def test_other_floats_span_from_their_least_to_their_greatest(file: Maker) -> None:
    samples = np.array([[-10.0, 0.0, 10.0, np.nan, np.inf]], dtype=np.float32)
    found = pixels(decode(file(encoded(Image.fromarray(samples), "TIFF"))).pixels)[0, :, 0].tolist()
    assert found == [0, 128, 255, 128, 128]


@pytest.mark.parametrize("value", [0.0, 3.5, -2.0, np.nan])
def test_a_constant_float_image_is_decoded(file: Maker, value: float) -> None:
    image = Image.fromarray(np.full((2, 2), value, dtype=np.float32))
    assert decode(file(encoded(image, "TIFF"))).pixels.size == (2, 2)


def test_large_integers_span_from_their_least_to_their_greatest(file: Maker) -> None:
    image = Image.fromarray(np.array([[0, 500_000, 1_000_000]], dtype=np.int32))
    assert pixels(decode(file(encoded(image, "TIFF"))).pixels)[0, :, 0].tolist() == [0, 128, 255]


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_one_bit_is_black_and_white(file: Maker, kind: str) -> None:
    image = Image.new("1", (2, 1))
    image.putpixel((1, 0), 1)
    assert pixels(decode(file(encoded(image, kind))).pixels)[0, :, 0].tolist() == [0, 255]


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_inks_become_light(file: Maker, kind: str) -> None:
    image = Image.new("CMYK", (32, 8))  # no ink: white
    image.paste((0, 255, 255, 0), (16, 0, 32, 8))  # magenta and yellow: red
    found = decode(file(encoded(image, kind))).pixels
    assert close(found.crop((0, 0, 15, 8)), np.full((8, 15, 3), 255, dtype=np.uint8), 3)
    assert close(found.crop((17, 0, 32, 8)), np.full((8, 15, 3), (255, 0, 0), dtype=np.uint8), 3)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF", "MPO"])
def test_the_first_frame_counts(file: Maker, kind: str) -> None:
    first, second = (Image.new("RGB", (16, 16), colour) for colour in ("red", "blue"))
    path = file(encoded(first, kind, save_all=True, append_images=[second]))
    assert close(decode(path).pixels, pixels(first), 5)
    assert close(decode_reduced(path, 16), pixels(first), 5)


# --- thumbnails ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(400, 300), (300, 400), (1000, 3), (64, 64), (65, 64), (1, 1), (10, 2)])
def test_thumbnails_fit_and_keep_their_shape(size: tuple[int, int]) -> None:
    image = Image.new("RGB", size)
    small = fit(image, 64)
    scale = min(1.0, 64 / max(size))
    assert small.size == tuple(max(1, round(side * scale)) for side in size)
    assert image.size == size
    assert small is not image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_reduced_image_is_no_larger_than_asked(file: Maker, noise: Image.Image, kind: str) -> None:
    path = file(encoded(noise.resize((900, 600)), kind))
    assert decode_reduced(path, 120).size == (120, 80)


# --- hostile input -------------------------------------------------------------------------------


def truncated(kind: str, share: float) -> bytes:
    samples = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    content = encoded(Image.fromarray(samples), kind)
    return content[: int(len(content) * share)]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "HEIF", "AVIF"])
def test_a_file_that_is_cut_off_is_refused(file: Maker, kind: str, share: float) -> None:
    assert refusal(file(truncated(kind, share)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_download_that_broke_off_is_called_so(file: Maker, kind: str) -> None:
    assert refusal(file(truncated(kind, 0.6))) == "The file is cut off: part of the image is missing."


def test_an_empty_file_is_refused(file: Maker) -> None:
    assert refusal(file(b"")) == "The file is empty (0 bytes)."


@pytest.mark.parametrize(
    "content",
    [
        b"this is a text\n" * 50,
        b"\xff\xd8\xff" + np.random.default_rng(2).bytes(5000),
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + np.random.default_rng(3).bytes(5000),
        b"\x89PNG\r\n\x1a\n" + np.random.default_rng(4).bytes(500),
        b"GIF89a",
        b"II*\0" + np.random.default_rng(5).bytes(200),
        b"RIFF\x10\0\0\0WEBPVP8 " + np.random.default_rng(6).bytes(200),
        b"\0\0\0\x18ftypheic" + np.random.default_rng(7).bytes(200),
        b"\0\0\0\x18ftypavif" + np.random.default_rng(8).bytes(200),
        b"\0" * 1000,
    ],
    ids=["text", "JPEG", "JFIF", "PNG", "GIF", "TIFF", "WebP", "HEIC", "AVIF", "zeros"],
)
def test_content_that_is_no_image_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "image.jpg"
    path.write_bytes(content)
    assert refusal(str(path))


@pytest.mark.parametrize("side", [60_000, 15_000], ids=["far too large", "a little too large"])
def test_an_image_that_would_fill_the_memory_is_refused_by_its_header(file: Maker, side: int) -> None:
    path = file(png(side, side, 8, 2, b"\0" * 100))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert "The image is too large" in refusal(path)
        assert "179 megapixels" in refusal(path)


def test_a_gif_of_65535_squared_is_refused_by_its_header(file: Maker) -> None:
    tiny = encoded(Image.new("P", (4, 4)), "GIF")
    path = file(tiny[:6] + b"\xff\xff\xff\xff" + tiny[10:])
    assert "The image is too large" in refusal(path)


def test_the_largest_image_that_is_accepted_is_just_below_the_limit(
    file: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "MAX_PIXELS", 100)
    assert decode(file(encoded(Image.new("RGB", (10, 10)), "PNG"))).pixels.size == (10, 10)
    assert "101 × 1 pixels" in refusal(file(encoded(Image.new("RGB", (101, 1)), "PNG")))


def test_a_file_that_is_too_large_to_read_is_refused(
    file: Maker, picture: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file(encoded(picture, "PNG"))
    monkeypatch.setattr(decoding, "MAX_FILE_BYTES", 10)
    assert refusal(path).startswith("The file is too large")


@pytest.mark.parametrize("size", [(1, 1), (3000, 1), (1, 3000)], ids=["1x1", "3000x1", "1x3000"])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "WEBP"])
def test_extreme_shapes_are_decoded(file: Maker, size: tuple[int, int], kind: str) -> None:
    path = file(encoded(Image.new("RGB", size, "teal"), kind))
    assert decode(path).pixels.size == size
    assert max(decode_reduced(path, 64).size) <= 64


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    assert refusal(str(tmp_path / "missing.jpg")) == "There is no file at this path (any more)."
    (tmp_path / "file").write_bytes(b"x")
    assert refusal(str(tmp_path / "file" / "x.jpg")) == "There is no file at this path (any more)."


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "not a file but a folder" in refusal(str(tmp_path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_without_opening_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")  # opening it would block until the time limit
    assert "a pipe" in refusal(str(tmp_path / "pipe.jpg"))


@pytest.mark.parametrize("name", ["a\0b.jpg", "lonely \ud800 surrogate.jpg"])
def test_what_cannot_be_a_file_name_is_refused(tmp_path: Path, name: str) -> None:
    assert refusal(str(tmp_path / name)) == "This is not a valid file name."


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    assert refusal(str(tmp_path / ("x" * 5000)))


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PermissionError(13, "Permission denied"), "The file may not be read: its permissions forbid it."),
        (OSError(5, "Input/output error"), "The file could not be read: Input/output error."),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    file: Maker, picture: Image.Image, monkeypatch: pytest.MonkeyPatch, error: OSError, sentence: str
) -> None:
    path = file(encoded(picture, "PNG"))

    def fail(*arguments: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", fail)
    monkeypatch.setattr(Path, "read_bytes", fail)
    assert refusal(path) == sentence


@pytest.mark.parametrize("where", ["load", "open"])
def test_too_little_memory_is_called_so(
    file: Maker, picture: Image.Image, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    path = file(encoded(picture, "PNG"))

    def fail(*arguments: object, **options: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Image if where == "open" else Image.Image, where, fail)
    if where == "load":
        monkeypatch.setattr("PIL.ImageFile.ImageFile.load", fail)
    assert refusal(path) == "There is not enough memory to decode this image."


SEEDS: dict[str, dict[str, object]] = {
    "JPEG": {
        "quality": 80,
        "exif": b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0",
    },
    "PNG": {},
    "GIF": {},
    "TIFF": {"compression": "tiff_lzw"},
    "WEBP": {"lossless": True},
}


@pytest.mark.parametrize("kind", SEEDS)
def test_changed_bytes_give_pixels_or_a_sentence_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, kind: str
) -> None:
    samples = np.random.default_rng(9).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    seed = encoded(Image.fromarray(samples), kind, **SEEDS[kind])
    path = tmp_path_factory.mktemp("mutants") / "mutant"
    outcomes = set()

    @settings(max_examples=120, deadline=None, database=None)
    @given(
        changes=st.lists(
            st.tuples(st.integers(0, len(seed) - 1), st.integers(0, 255)), min_size=1, max_size=12
        ),
        length=st.integers(1, len(seed)) | st.just(len(seed)),
    )
    def check(changes: list[tuple[int, int]], length: int) -> None:
        content = bytearray(seed)
        for place, value in changes:
            content[place] = value
        path.write_bytes(content[:length])
        for edge in (None, 32):
            try:
                image = decode_reduced(str(path), edge) if edge else decode(str(path)).pixels
            except ImageError as error:
                assert str(error).endswith(".")  # noqa: PT017 - both outcomes are right
                outcomes.add("refused")
            else:
                assert image.mode == "RGB"
                outcomes.add("decoded")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as the program does, see resmem_gui.cli
        check()
    assert "refused" in outcomes


# --- at a reduced scale --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "edge", "decoded"),
    [
        ((4000, 3000), 908, (2000, 1500)),
        ((6000, 4000), 908, (1500, 1000)),
        ((1815, 1815), 908, (1815, 1815)),
        ((1817, 1816), 908, (909, 908)),
        ((8000, 500), 908, (8000, 500)),
        ((1000, 1000), None, (1000, 1000)),
    ],
)
def test_both_sides_keep_as_many_pixels_as_asked_for(
    tmp_path: Path, size: tuple[int, int], edge: int | None, decoded: tuple[int, int]
) -> None:
    path = tmp_path / "large.jpg"
    Image.new("RGB", size, (10, 200, 30)).save(path)
    image = decode(str(path), least_edge=edge)
    assert image.pixels.size == decoded
    assert image.size == size, "the size told is the file's"


@pytest.mark.parametrize("size", [(1817, 1816), (1816, 1817), (1816, 1816), (100, 101)])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_size_told_is_the_upright_one(tmp_path: Path, size: tuple[int, int], orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "turned.jpg"
    Image.new("RGB", size).save(path, exif=exif)
    expected = size[::-1] if orientation >= 5 else size
    assert decode(str(path), least_edge=908).size == expected
    assert decode(str(path), upright=False, least_edge=908).size == size


def test_only_jpeg_files_are_decoded_at_a_reduced_scale(tmp_path: Path) -> None:
    for extension in ("png", "webp", "tif"):
        path = tmp_path / f"large.{extension}"
        Image.new("RGB", (2000, 2000)).save(path)
        assert decode(str(path), least_edge=908).pixels.size == (2000, 2000)


# --- how many pictures a file holds --------------------------------------------------------------


def pictures(count: int) -> list[Image.Image]:
    return [Image.new("RGB", (12, 9), (20 * number, 40, 200)) for number in range(count)]


@pytest.mark.parametrize("ending", ["gif", "webp", "png", "tif"])
@pytest.mark.parametrize("count", [1, 2, 7])
def test_the_pictures_of_a_file_are_counted_and_the_first_is_decoded(
    tmp_path: Path, ending: str, count: int
) -> None:
    file = tmp_path / f"a.{ending}"
    first, *others = pictures(count)
    first.save(file, save_all=count > 1, append_images=others, lossless=True)
    decoded = decode(str(file))
    assert decoded.frames == count
    assert decoded.pixels.getpixel((5, 5)) == (0, 40, 200)


def test_a_preview_within_a_photograph_is_no_second_picture(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    first, *others = pictures(2)
    first.save(file, "MPO", save_all=True, append_images=others)
    assert decode(str(file)).frames == 1


def test_what_is_damaged_behind_the_first_picture_spoils_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.gif"
    first, *others = pictures(3)
    first.save(file, save_all=True, append_images=others)
    whole = decode(str(file)).pixels
    file.write_bytes(file.read_bytes()[:-30] + b"\xff" * 20)
    decoded = decode(str(file))
    assert 1 <= decoded.frames <= 3
    assert decoded.pixels.tobytes() == whole.tobytes()


def test_where_the_pictures_cannot_be_counted_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.gif"
    first, *others = pictures(3)
    first.save(file, save_all=True, append_images=others)

    def refuse(image: Image.Image) -> int:
        raise SyntaxError("a codec raises whatever it likes")

    monkeypatch.setattr(GifImageFile, "n_frames", property(refuse))
    assert decode(str(file)).frames == 1


def test_no_file_is_believed_to_hold_billions_of_pictures(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    first, *others = pictures(2)
    first.save(file, save_all=True, append_images=others)
    content = bytearray(file.read_bytes())
    place = content.index(b"acTL") + 4
    content[place : place + 4] = (2**31 - 1).to_bytes(4, "big")
    content[place + 8 : place + 12] = zlib.crc32(content[place - 4 : place + 8]).to_bytes(4, "big")
    file.write_bytes(content)
    assert decode(str(file)).frames == decoding._MOST_FRAMES
