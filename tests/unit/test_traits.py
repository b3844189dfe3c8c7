"""Traits: graphics, writing and faces are told from photographs, on any thread, at any size."""

import importlib.util
import io
import logging
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import dlib
import numpy as np
import pytest
import skimage.data
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from resmem_gui.analysis.cautions import LEAST_FACE_SHARE, LEAST_GRAPHIC, LEAST_TEXT_SHARE
from resmem_gui.images import faces
from resmem_gui.images.decoding import decode
from resmem_gui.images.likeness import ALIKE, SIGHT, distances, fingerprint
from resmem_gui.images.traits import reduced, traits_of
from resmem_gui.resources import resource
from resmem_gui.traits import Traits

_PHOTOGRAPHS = (
    "astronaut.png",
    "chelsea.png",
    "coffee.png",
    "rocket.jpg",
    "motorcycle_left.png",
    "camera.png",
)
_WORDS = "the picture of a house that people remember when it comes again after many others in a long row"
#: The face of the astronaut.
_FACE = (165, 70, 275, 190)


def photograph(name: str) -> Image.Image:
    with Image.open(Path(skimage.data.__file__).parent / name) as file:
        return file.convert("RGB")


def sklearn_photograph(name: str) -> Image.Image:
    # Found without importing the library, which takes long.
    package = importlib.util.find_spec("sklearn")
    assert package is not None
    assert package.origin is not None
    with Image.open(Path(package.origin).parent / "datasets" / "images" / name) as file:
        return file.convert("RGB")


def as_jpeg(pixels: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    pixels.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def page(size: tuple[int, int], ink: str, paper: str, letter: int) -> Image.Image:
    pixels = Image.new("RGB", size, paper)
    draw = ImageDraw.Draw(pixels)
    font = ImageFont.load_default(letter)
    for line, top in enumerate(range(letter, size[1] - letter, int(letter * 1.5))):
        words = _WORDS.split()
        start = line * 5 % len(words)
        text = " ".join((words[start:] + words) * 6)
        while draw.textlength(text, font) > size[0] - 2 * letter:
            text = text[:-1]
        draw.text((letter, top), text, ink, font)
    return pixels


def bars() -> Image.Image:
    pixels = Image.new("RGB", (800, 600), "white")
    draw = ImageDraw.Draw(pixels)
    font = ImageFont.load_default(16)
    draw.line([(60, 40), (60, 540), (760, 540)], "black", 2)
    for bar in range(10):
        height = 100 + bar * 71 % 380
        draw.rectangle((80 + bar * 68, 540 - height, 128 + bar * 68, 540), ("#1f77b4", "#ff7f0e")[bar % 2])
        draw.text((85 + bar * 68, 548), f"no. {bar}", "black", font)
        draw.text((10, 530 - bar * 50), f"{bar * 10}", "black", font)
    return pixels


def screen() -> Image.Image:
    """A window in the dark: panels, lists of words, buttons, one photograph."""
    pixels = Image.new("RGB", (1280, 800), "#202124")
    draw = ImageDraw.Draw(pixels)
    font = ImageFont.load_default(15)
    draw.rectangle((0, 0, 1280, 40), "#35363a")
    draw.rectangle((0, 40, 260, 800), "#292a2d")
    for row in range(30):
        draw.text((16, 52 + row * 24), _WORDS[row : row + 28], "#e8eaed", font)
        draw.text((290, 52 + row * 24), _WORDS[: 60 + row], "#bdc1c6", font)
    pixels.paste(photograph("coffee.png").resize((300, 200)), (940, 80))
    return pixels


def drawing() -> Image.Image:
    pixels = Image.new("RGB", (900, 700), "white")
    draw = ImageDraw.Draw(pixels)
    random = np.random.default_rng(3)
    for _ in range(40):
        points = np.cumsum(random.integers(-60, 60, (14, 2)), axis=0) + random.integers(100, 700, 2)
        draw.line([tuple(map(int, point)) for point in points], "black", 3)
    return pixels


def on_white(pixels: Image.Image) -> Image.Image:
    """The middle of a photograph on white, as catalogues show things."""
    width, height = pixels.size
    mask = Image.new("L", pixels.size)
    ImageDraw.Draw(mask).ellipse((width // 4, height // 5, width * 3 // 4, height * 4 // 5), fill=255)
    cut_out = Image.new("RGB", pixels.size, "white")
    cut_out.paste(pixels, mask=mask.filter(ImageFilter.GaussianBlur(1)))
    return cut_out


def under_flat_sky(pixels: Image.Image) -> Image.Image:
    sky = pixels.copy()
    sky.paste("#96beeb", (0, 0, sky.width, sky.height // 2))
    return sky


def town_map() -> Image.Image:
    pixels = Image.new("RGB", (900, 700), "#aad3df")
    draw = ImageDraw.Draw(pixels)
    font = ImageFont.load_default(16)
    random = np.random.default_rng(5)
    for left, top, colour in ((60, 40, "#f2efe9"), (330, 260, "#cdebb0"), (500, 60, "#add19e")):
        draw.ellipse((left, top, left + 380, top + 360), colour, "#888888")
    for street in range(30):
        points = np.cumsum(random.integers(-70, 71, (12, 2)), axis=0) + random.integers(100, 700, 2)
        colour = ("#ffffff", "#fcd6a4", "#e892a2")[street % 3]
        draw.line([tuple(map(int, point)) for point in points], colour, 3 + street % 4)
    for place in range(25):
        left, top = map(int, random.integers(20, 650, 2))
        draw.text((left, top), _WORDS[place : place + 9], "#333333", font)
    return pixels


def scan(pixels: Image.Image) -> Image.Image:
    """A page as an old scanner gives it: askew, blurred, grey to one side, with noise."""
    askew = pixels.rotate(2.5, Image.Resampling.BICUBIC, fillcolor="#ebebeb")
    brightness = np.asarray(askew.filter(ImageFilter.GaussianBlur(0.6)), dtype=np.float64)
    shade = np.linspace(0.85, 1, pixels.width)[None, :, None]
    noise = np.random.default_rng(6).normal(0, 5, brightness.shape)
    return as_jpeg(Image.fromarray(np.clip(brightness * shade + noise, 0, 255).astype(np.uint8)), 75)


def framed(pixels: Image.Image) -> Image.Image:
    return ImageOps.expand(pixels, pixels.width // 8, "#4a7a5c")


def brightened(pixels: Image.Image) -> Image.Image:
    return as_jpeg(ImageEnhance.Brightness(pixels).enhance(1.6), 88)


def hardened(pixels: Image.Image) -> Image.Image:
    return as_jpeg(ImageEnhance.Contrast(pixels.convert("L").convert("RGB")).enhance(2), 88)


GRAPHICS = {
    "map": town_map(),
    "scan": scan(page((1240, 1754), "black", "white", 26)),
    "page": page((800, 1100), "black", "white", 20),
    "dark page": page((1240, 900), "#dcdce6", "#1e2028", 26),
    "bars": bars(),
    "screen": screen(),
    "drawing": drawing(),
}


def traits(pixels: Image.Image) -> Traits:
    return traits_of(pixels, 1)


@pytest.mark.parametrize("quality", [None, 90, 60])
@pytest.mark.parametrize("name", GRAPHICS)
def test_graphics_are_found_also_after_compression(name: str, quality: int | None) -> None:
    pixels = GRAPHICS[name]
    assert traits(pixels if quality is None else as_jpeg(pixels, quality)).graphic >= LEAST_GRAPHIC


@pytest.mark.parametrize("quality", [None, 90, 60])
@pytest.mark.parametrize("name", ["page", "dark page", "scan"])
def test_writing_is_found(name: str, quality: int | None) -> None:
    pixels = GRAPHICS[name]
    assert traits(pixels if quality is None else as_jpeg(pixels, quality)).text_share >= LEAST_TEXT_SHARE


def test_a_scanned_page_is_writing() -> None:
    assert traits(photograph("page.png")).text_share >= LEAST_TEXT_SHARE


def test_a_chart_with_few_words_is_not_writing() -> None:
    assert traits(GRAPHICS["bars"]).text_share < LEAST_TEXT_SHARE


@pytest.mark.parametrize(
    "change",
    [
        lambda pixels: pixels,
        lambda pixels: as_jpeg(pixels, 40),
        lambda pixels: pixels.convert("L").convert("RGB"),
        lambda pixels: pixels.resize((pixels.width // 2, pixels.height // 2)),
        lambda pixels: as_jpeg(on_white(pixels), 90),
        lambda pixels: as_jpeg(under_flat_sky(pixels), 90),
        framed,
        brightened,
        hardened,
    ],
    ids=["as it is", "compressed", "grey", "small", "on white", "flat sky", "framed", "bright", "hard"],
)
@pytest.mark.parametrize("name", [*_PHOTOGRAPHS, "china.jpg", "flower.jpg"])
def test_photographs_are_neither_graphics_nor_writing(name: str, change: object) -> None:
    assert callable(change)
    pixels = sklearn_photograph(name) if name in ("china.jpg", "flower.jpg") else photograph(name)
    found = traits(change(pixels))
    assert found.graphic < LEAST_GRAPHIC
    assert found.text_share < LEAST_TEXT_SHARE


def test_a_face_that_dominates_is_found_with_its_share() -> None:
    portrait = photograph("astronaut.png")
    found = traits(portrait)
    assert found.faces == 1
    assert LEAST_FACE_SHARE <= found.face_share <= 0.12
    left, top, right, bottom = _FACE
    close = portrait.crop((left - 60, top - 50, right + 60, bottom + 70))
    assert traits(close).face_share > 2.5 * found.face_share


def test_faces_are_found_at_any_size() -> None:
    portrait = photograph("astronaut.png")
    shares = [traits(portrait.resize((edge, edge))).face_share for edge in (200, 512, 3000)]
    assert min(shares) >= LEAST_FACE_SHARE
    assert max(shares) - min(shares) < 0.03


@pytest.mark.parametrize("name", ["chelsea.png", "coffee.png", "rocket.jpg", "motorcycle_left.png"])
def test_cats_and_things_are_no_faces(name: str) -> None:
    assert traits(photograph(name)).faces == 0


def test_without_the_library_faces_are_unknown_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "dlib", None)
    monkeypatch.setattr(faces, "_of_thread", type(faces._of_thread)())
    with caplog.at_level(logging.WARNING):
        found = traits(photograph("astronaut.png"))
        traits(photograph("astronaut.png"))
    assert (found.faces, found.face_share) == (0, 0.0)
    assert len(found.fingerprint) == 24
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "dlib" in caplog.text


def test_the_detector_is_the_one_inside_dlib(tmp_path: Path) -> None:
    dlib.get_frontal_face_detector().save(str(tmp_path / "detector"))
    assert (tmp_path / "detector").read_bytes() == resource(faces._DETECTOR).read_bytes()


@pytest.mark.parametrize("damage", ["missing", "empty", "cut off"])
def test_without_its_file_the_detector_comes_from_dlib(
    damage: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    whole = resource(faces._DETECTOR).read_bytes()
    if damage != "missing":
        (tmp_path / "detector").write_bytes(whole[:1000] if damage == "cut off" else b"")
    monkeypatch.setattr(faces, "resource", lambda _: tmp_path / "detector")
    monkeypatch.setattr(faces, "_of_thread", type(faces._of_thread)())
    with caplog.at_level(logging.WARNING):
        assert traits(photograph("astronaut.png")).faces == 1
    assert faces._DETECTOR in caplog.text


def test_python_goes_on_while_faces_are_looked_for() -> None:
    # Nobody takes the lock away within this time: who gets it got it from the detector.
    between_switches = sys.getswitchinterval()
    looking, done = threading.Event(), threading.Event()
    seen = 0

    def look_on() -> None:
        nonlocal seen
        while not done.wait(0.0005):
            seen += looking.is_set()

    picture = reduced(photograph("astronaut.png"), 512)
    faces.faces_in(picture)
    watch = threading.Thread(target=look_on)
    watch.start()
    sys.setswitchinterval(60)
    try:
        for _ in range(20):
            looking.set()
            faces.faces_in(picture)
            looking.clear()
    finally:
        sys.setswitchinterval(between_switches)
        done.set()
        watch.join()
    assert seen > 0


def test_threads_find_the_same() -> None:
    images = [photograph(name) for name in _PHOTOGRAPHS] * 3
    alone = [traits(image) for image in images]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(traits, images)) == alone


def test_the_fingerprint_is_that_of_a_thumbnail() -> None:
    portrait = photograph("astronaut.png")
    for image in (portrait, portrait.resize((4000, 3000), Image.Resampling.BICUBIC)):
        of_thumbnail = fingerprint(
            image.resize((SIGHT, SIGHT * image.height // image.width), Image.Resampling.LANCZOS)
        )
        assert of_thumbnail is not None
        found = np.frombuffer(traits(image).fingerprint, np.uint8)
        assert int(distances(of_thumbnail, found[None])[0]) <= ALIKE // 5


def test_a_plain_image_has_no_fingerprint_and_no_traits() -> None:
    found = traits_of(Image.new("RGB", (640, 480), "#336699"), 7)
    assert found.fingerprint == b""
    assert (found.faces, found.text_share, found.frames) == (0, 0.0, 7)
    assert found.graphic < LEAST_GRAPHIC


@pytest.mark.parametrize("colour", ["black", "white"])
@pytest.mark.parametrize("size", [(1, 1), (640, 480), (5000, 3000)])
def test_black_and_white_have_no_cautions(colour: str, size: tuple[int, int]) -> None:
    found = traits(Image.new("RGB", size, colour))
    assert (found.faces, found.text_share, found.fingerprint) == (0, 0.0, b"")
    assert found.graphic < LEAST_GRAPHIC


@pytest.mark.parametrize(
    ("mode", "ending"),
    [("CMYK", "jpg"), ("L", "jpg"), ("LA", "png"), ("P", "png"), ("I;16", "png")],
)
def test_files_of_any_mode_can_be_looked_at(mode: str, ending: str, tmp_path: Path) -> None:
    pixels = photograph("astronaut.png")
    if mode == "I;16":
        pixels = Image.fromarray(np.asarray(pixels.convert("L")).astype(np.uint16) * 257)
    else:
        pixels = pixels.convert(mode)
    pixels.save(tmp_path / f"image.{ending}")
    found = traits(decode(str(tmp_path / f"image.{ending}")).pixels)
    assert found.faces == 1
    assert found.text_share < LEAST_TEXT_SHARE
    assert found.graphic < LEAST_GRAPHIC


@pytest.mark.parametrize("size", [(1, 1_000_000), (1_000_000, 2)])
def test_a_very_long_image_takes_little_memory(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    areas = []
    resize = Image.Image.resize

    def recorded(pixels: Image.Image, size: tuple[int, int], *options: Any, **more: Any) -> Image.Image:
        # The library goes by way of an image of the new width and the old height, unless it skips pixels.
        skips = Image.Resampling.NEAREST in options
        areas.append(size[0] * (size[1] if skips else max(size[1], pixels.height)))
        return resize(pixels, size, *options, **more)

    monkeypatch.setattr(Image.Image, "resize", recorded)
    traits(Image.new("RGB", size, "#336699"))
    assert max(areas) <= 32 * 32_768


@pytest.mark.parametrize(
    "size", [(1, 1), (1, 3000), (3000, 1), (31, 33), (7, 500), (20_000, 40), (20_000, 1), (1030, 31)]
)
def test_any_shape_can_be_looked_at(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    found = traits(Image.fromarray(noise))
    assert 0 <= found.graphic <= 1
    assert 0 <= found.text_share <= 1


@pytest.mark.parametrize("size", [(4000, 3000), (513, 100), (512, 512), (10, 9000)])
def test_reducing_keeps_the_shape(size: tuple[int, int]) -> None:
    small = reduced(Image.new("RGB", size), 512)
    assert max(small.size) == min(512, max(size))
    assert small.size[0] / small.size[1] == pytest.approx(size[0] / size[1], rel=0.02) or min(small.size) == 1
