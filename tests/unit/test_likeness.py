"""Fingerprints: copies are alike, different photographs are not, and the bits are the library's."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageFilter

from resmem_gui.images.decoding import decode_reduced
from resmem_gui.images.likeness import (
    ALIKE,
    ALIKE_IN_BURST,
    BYTES,
    FARTHEST,
    SIGHT,
    Fingerprint,
    distances,
    fingerprint,
)

_PHOTOGRAPHS = (
    "astronaut.png",
    "chelsea.png",
    "coffee.png",
    "rocket.jpg",
    "motorcycle_left.png",
    "camera.png",
)


def photograph(name: str) -> Image.Image:
    return decode_reduced(str(Path(skimage.data.__file__).parent / name), SIGHT)


def known(pixels: Image.Image) -> Fingerprint:
    made = fingerprint(pixels)
    assert made is not None
    return made


def distance(one: Image.Image, other: Image.Image) -> int:
    return int(distances(known(one), known(other)[None])[0])


def as_jpeg(pixels: Image.Image) -> Image.Image:
    file = io.BytesIO()
    pixels.save(file, "JPEG", quality=60)
    return Image.open(file)


@pytest.mark.parametrize("name", _PHOTOGRAPHS)
def test_the_bits_are_those_of_the_library(name: str) -> None:
    imagehash = pytest.importorskip("imagehash")
    pixels = photograph(name)
    hashes = [imagehash.phash(pixels), imagehash.dhash(pixels), imagehash.dhash_vertical(pixels)]
    expected = np.concatenate([made.hash for made in hashes], axis=None)
    np.testing.assert_array_equal(np.unpackbits(known(pixels)).astype(bool), expected)


@pytest.mark.parametrize("name", _PHOTOGRAPHS)
@pytest.mark.parametrize(
    "change",
    [
        as_jpeg,
        lambda pixels: pixels.reduce(2),
        lambda pixels: pixels.filter(ImageFilter.GaussianBlur(1.5)),
        lambda pixels: ImageEnhance.Brightness(pixels).enhance(0.85),
        lambda pixels: ImageEnhance.Color(pixels).enhance(0),
    ],
    ids=["JPEG", "half size", "blur", "darker", "grey"],
)
def test_copies_are_near_duplicates(name: str, change: Callable[[Image.Image], Image.Image]) -> None:
    pixels = photograph(name)
    assert distance(pixels, change(pixels)) <= ALIKE


@pytest.mark.parametrize("name", _PHOTOGRAPHS)
def test_the_next_frame_is_of_the_burst(name: str) -> None:
    pixels = photograph(name)
    width, height = pixels.size
    one = pixels.crop((8, 8, width - 8, height - 8))
    other = pixels.rotate(1, Image.Resampling.BICUBIC).crop((13, 10, width - 3, height - 6))
    assert distance(one, other) <= ALIKE_IN_BURST


def test_different_photographs_are_not_alike() -> None:
    prints = np.stack([known(photograph(name)) for name in _PHOTOGRAPHS])
    for number, one in enumerate(prints):
        assert (distances(one, np.delete(prints, number, axis=0)) > ALIKE_IN_BURST).all()


def test_an_image_turned_on_its_head_is_another() -> None:
    pixels = photograph("coffee.png")
    assert distance(pixels, pixels.transpose(Image.Transpose.ROTATE_180)) > ALIKE_IN_BURST


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_a_plain_image_has_no_fingerprint(grey: int) -> None:
    assert fingerprint(Image.new("RGB", (60, 40), (grey, grey, grey))) is None


def test_one_pixel_has_no_fingerprint() -> None:
    assert fingerprint(Image.new("RGB", (1, 1), "red")) is None


def test_a_thin_strip_has_one() -> None:
    strip = Image.new("RGB", (3000, 1))
    strip.paste("white", (0, 0, 1500, 1))
    assert fingerprint(strip) is not None


_PRINTS = st.binary(min_size=BYTES, max_size=BYTES).map(lambda content: np.frombuffer(content, np.uint8))


@given(_PRINTS, _PRINTS)
def test_the_distance_is_the_greater_of_both_hashes(one: Fingerprint, other: Fingerprint) -> None:
    apart = np.unpackbits(one) != np.unpackbits(other)
    found = distances(one, np.stack([other, one]))
    assert found.tolist() == [max(2 * int(apart[:64].sum()), int(apart[64:].sum())), 0]
    assert found[0] == distances(other, one[None])[0] <= FARTHEST
