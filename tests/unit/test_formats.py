"""Which files are images."""

import io
from pathlib import Path

import pytest
from PIL import Image

from resmem_gui.images.formats import FORMATS, HEAD_BYTES, extensions, register_plugins, sniff

SIGNED = {
    "JPEG": "JPEG", "PNG": "PNG", "GIF": "GIF", "WEBP": "WEBP", "AVIF": "AVIF", "HEIF": "HEIF",
    "TIFF": "TIFF", "JPEG2000": "JPEG2000", "QOI": "QOI", "ICNS": "ICNS", "DDS": "DDS", "BMP": "BMP",
    "MPO": "JPEG",
}  # fmt: skip


def encoded(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (16, 16), "teal").save(stream, format=kind)
    return stream.getvalue()


@pytest.mark.parametrize(("kind", "name"), SIGNED.items())
def test_a_signature_is_recognised(kind: str, name: str) -> None:
    assert sniff(encoded(kind)[:HEAD_BYTES]) == name


@pytest.mark.parametrize("length", [0, 1, 2, 3, 11, 13, 17])
@pytest.mark.parametrize("kind", sorted(SIGNED))
def test_a_head_of_any_length_is_looked_at_without_failing(kind: str, length: int) -> None:
    assert sniff(encoded(kind)[:length]) in {None, SIGNED[kind]}


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"BM",
        b"BMW and other cars, a list of all that were built in the year",
        b"P6 is a text",
        b"\n" * 64,
    ]
    + [bytes([byte]) * 64 for byte in (0, 1, 10, 0x59, 0xFF)],
)
def test_other_bytes_are_no_image(head: bytes) -> None:
    assert sniff(head) is None


@pytest.mark.parametrize(
    "extension",
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".heic", ".heif", ".avif", ".jp2"],
)
def test_the_extensions_people_use_are_known(extension: str) -> None:
    assert extension in extensions()


@pytest.mark.parametrize("extension", [".eps", ".ps", ".wmf", ".emf", ".pdf", ".mpg", ".txt", ".hdf", ""])
def test_what_runs_other_programs_or_is_no_image_is_not(extension: str) -> None:
    assert extension not in extensions()


def test_extensions_are_lower_case_with_their_dot() -> None:
    assert all(extension == extension.lower() and Path(f"x{extension}").suffix for extension in extensions())


def test_pillow_and_its_plugins_can_open_every_format() -> None:
    register_plugins()
    # MPO is opened as the JPEG that it begins with; Pillow 15 drops IM.
    assert FORMATS - {"MPO", "IM"} <= Image.OPEN.keys()
