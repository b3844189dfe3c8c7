"""Pictures: what is loaded, in which order, how much of it stays, and in which colours."""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from resmem_gui.images.decoding import decode
from resmem_gui.images.errors import NO_FILE, ImageError
from resmem_gui.ui.viewing import pictures as module
from resmem_gui.ui.viewing.colour import for_screen
from resmem_gui.ui.viewing.geometry import fitted_size
from resmem_gui.ui.viewing.pictures import LoadedPicture, Pictures, PictureWish, load_picture

WINDOW = (300, 200)


@pytest.fixture
def photograph(tmp_path: Path) -> str:
    """Return a JPEG file of 3000 x 2000 pixels: red at the left, green at the right."""
    pixels = np.zeros((2000, 3000, 3), dtype=np.uint8)
    pixels[:, :1500, 0] = 255
    pixels[:, 1500:, 1] = 255
    path = tmp_path / "photograph.jpg"
    Image.fromarray(pixels).save(path, quality=95)
    return str(path)


@pytest.fixture
def pictures(qtbot: QtBot) -> Iterator[Pictures]:
    made = Pictures(max_bytes=2**20)
    yield made
    made.stop()
    qtbot.waitUntil(lambda: made.has_ended)


class Stage:
    """Stands in for decoding: pictures of a size each, in the order in which they are asked for."""

    def __init__(self, side: int = 100) -> None:
        self.side = side
        self.asked: list[PictureWish] = []
        self.failing: set[int] = set()
        self.gate = threading.Event()
        self.gate.set()

    def load(self, wish: PictureWish) -> LoadedPicture:
        self.asked.append(wish)
        assert self.gate.wait(10)
        if wish.image_id in self.failing:
            raise ImageError(NO_FILE)
        side = self.side * (10 if wish.window is None else 1)
        image = QImage(side, side, QImage.Format.Format_RGB32)
        image.fill(QColor("red"))
        return LoadedPicture((10 * self.side, 10 * self.side), (image,), is_full=wish.window is None)


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    made = Stage()
    monkeypatch.setattr(module, "load_picture", made.load)
    return made


def wish(image_id: int, window: tuple[int, int] | None = WINDOW) -> PictureWish:
    return PictureWish(image_id, f"/photos/{image_id}.jpg", window)


# Loading


def test_a_picture_for_the_window_has_exactly_its_size_and_knows_the_image_s(photograph: str) -> None:
    for window in ((300, 200), (1000, 300), (123, 457)):
        loaded = load_picture(PictureWish(0, photograph, window))
        assert loaded.size == (3000, 2000)
        (level,) = loaded.levels
        assert (level.width(), level.height()) == fitted_size((3000, 2000), window)
        assert not loaded.is_full


def test_a_full_picture_comes_with_halves(photograph: str) -> None:
    loaded = load_picture(PictureWish(0, photograph, None))
    assert [(level.width(), level.height()) for level in loaded.levels] == [(3000, 2000), (1500, 1000)]
    assert loaded.is_full
    for level in loaded.levels:
        assert level.pixelColor(10, 10).red() > 250
        assert level.pixelColor(level.width() - 10, 10).green() > 250


def test_a_small_picture_is_loaded_in_full_at_once(make_small: str) -> None:
    loaded = load_picture(PictureWish(0, make_small, (1000, 1000)))
    assert loaded.is_full
    assert [(level.width(), level.height()) for level in loaded.levels] == [(40, 30)]


@pytest.fixture
def make_small(tmp_path: Path) -> str:
    path = tmp_path / "small.png"
    Image.new("RGB", (40, 30), "white").save(path)
    return str(path)


def test_a_picture_lies_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "turned.jpg"
    Image.new("RGB", (640, 320), "white").save(path, exif=exif)
    for window in (WINDOW, None):
        loaded = load_picture(PictureWish(0, str(path), window))
        assert loaded.size == (320, 640)
        assert loaded.levels[0].width() < loaded.levels[0].height()


def test_too_little_memory_is_a_sentence(photograph: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(module, "to_qimage", fail)
    with pytest.raises(ImageError, match="not enough memory"):
        load_picture(PictureWish(0, photograph, None))


# Colours


def test_another_colour_space_is_converted_for_the_screen_and_not_for_scores(tmp_path: Path) -> None:
    pytest.importorskip("PIL.ImageCms")
    path = tmp_path / "wide.png"
    profile = _wide_profile()
    Image.new("RGB", (20, 20), (200, 100, 50)).save(path, icc_profile=profile)
    plain = decode(str(path)).pixels
    assert plain.getpixel((5, 5)) == (200, 100, 50)
    loaded = load_picture(PictureWish(0, str(path), WINDOW))
    shown = loaded.levels[0].pixelColor(5, 5)
    assert shown.getRgb() != (200, 100, 50, 255)
    expected = ImageCms.profileToProfile(
        Image.new("RGB", (1, 1), (200, 100, 50)), _profile(profile), ImageCms.createProfile("sRGB")
    )
    assert expected is not None
    assert shown.getRgb()[:3] == expected.getpixel((0, 0))  # type: ignore[index]


def test_srgb_and_damaged_profiles_leave_the_pixels_alone() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (b"", b"no profile", srgb, _lab_profile()):
        pixels = Image.new("RGB", (4, 4), (200, 100, 50))
        pixels.info["icc_profile"] = profile
        assert for_screen(pixels).getpixel((1, 1)) == (200, 100, 50)


def _profile(content: bytes) -> ImageCms.ImageCmsProfile:
    import io

    return ImageCms.ImageCmsProfile(io.BytesIO(content))


def _wide_profile() -> bytes:
    """Return sRGB's profile with red and green exchanged: any other RGB space serves."""
    content = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(content[place : place + 4]): place for place in range(132, 132 + 12 * content[131], 12)}
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    content[red : red + 4], content[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(content).replace(b"s\0R\0G\0B", b"W\0i\0d\0e")


def _lab_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


# The cache


def test_pictures_are_loaded_in_the_order_wanted_and_looked_up(
    qtbot: QtBot, pictures: Pictures, stage: Stage
) -> None:
    pictures.want([wish(number) for number in range(4)])
    qtbot.waitUntil(lambda: all(pictures.picture(number) for number in range(4)))
    assert sorted(asked.image_id for asked in stage.asked[:2]) == [0, 1]
    pictures.want([wish(number) for number in range(4)])
    pictures.want([wish(4)])
    qtbot.waitUntil(lambda: pictures.picture(4) is not None)
    assert len(stage.asked) == 5, "what is here is not loaded again"


def test_wishes_that_nobody_has_any_more_are_dropped(qtbot: QtBot, pictures: Pictures, stage: Stage) -> None:
    stage.gate.clear()
    pictures.want([wish(number) for number in range(10)])
    qtbot.waitUntil(lambda: len(stage.asked) == 2)
    pictures.want([wish(20)])
    stage.gate.set()
    qtbot.waitUntil(lambda: pictures.picture(20) is not None)
    assert sorted(asked.image_id for asked in stage.asked) == [0, 1, 20]


def test_another_window_is_loaded_anew(qtbot: QtBot, pictures: Pictures, stage: Stage) -> None:
    pictures.want([wish(1)])
    qtbot.waitUntil(lambda: pictures.picture(1) is not None)
    pictures.want([wish(1, (600, 400))])
    qtbot.waitUntil(lambda: len(stage.asked) == 2)


def test_memory_is_bounded_and_what_was_not_wanted_goes_first(
    qtbot: QtBot, pictures: Pictures, stage: Stage
) -> None:
    stage.side = 200  # 160 kB each: six fit into 1 MiB
    for first in range(0, 12, 3):
        numbers = list(range(first, first + 3))
        pictures.want([wish(number) for number in numbers])
        qtbot.waitUntil(partial(_are_there, pictures, numbers))
        assert pictures.memory <= pictures.max_bytes
    assert pictures.picture(0) is None


def _are_there(pictures: Pictures, numbers: list[int]) -> bool:
    return all(pictures.picture(number) is not None for number in numbers)


def test_one_huge_picture_works_alone_and_leaves_room_for_the_next(
    qtbot: QtBot, pictures: Pictures, stage: Stage
) -> None:
    pictures.want([wish(1), wish(2)])
    qtbot.waitUntil(lambda: pictures.picture(2) is not None)
    pictures.want([wish(1), wish(2), wish(1, None)])  # 4 MB where 1 MiB is allowed
    with qtbot.waitSignal(pictures.changed):
        pass
    full = pictures.picture(1)
    assert full is not None
    assert full.is_full
    assert full.memory > pictures.max_bytes
    assert pictures.picture(2) is not None
    pictures.want([wish(3)])
    qtbot.waitUntil(lambda: pictures.picture(3) is not None)
    assert pictures.picture(1) is None
    assert pictures.memory <= pictures.max_bytes


def test_the_level_for_the_window_stays_when_the_full_picture_comes(
    qtbot: QtBot, pictures: Pictures, stage: Stage
) -> None:
    pictures.want([wish(1)])
    qtbot.waitUntil(lambda: pictures.picture(1) is not None)
    pictures.want([wish(1), wish(1, None)])
    qtbot.waitUntil(lambda: len(((picture := pictures.picture(1)) and picture.levels) or ()) == 2)
    picture = pictures.picture(1)
    assert picture is not None
    assert [level.width() for level in picture.levels] == [1000, 100]


def test_a_failure_is_told_kept_and_tried_again_when_asked(
    qtbot: QtBot, pictures: Pictures, stage: Stage
) -> None:
    stage.failing = {7}
    with qtbot.waitSignal(pictures.changed):
        pictures.want([wish(7)])
    assert pictures.failure(7) == NO_FILE
    assert pictures.picture(7) is None
    pictures.want([wish(7), wish(8)])
    qtbot.waitUntil(lambda: pictures.picture(8) is not None)
    assert [asked.image_id for asked in stage.asked] == [7, 8]
    stage.failing = set()
    pictures.forget_failure(7)
    pictures.want([wish(7)])
    qtbot.waitUntil(lambda: pictures.picture(7) is not None)
    assert pictures.failure(7) == ""


def test_a_picture_that_was_there_stays_when_its_full_size_cannot_be_loaded(
    qtbot: QtBot, pictures: Pictures, stage: Stage
) -> None:
    pictures.want([wish(7)])
    qtbot.waitUntil(lambda: pictures.picture(7) is not None)
    stage.failing = {7}
    pictures.want([wish(7), wish(7, None)])
    qtbot.waitUntil(lambda: bool(pictures.failure(7)))
    assert pictures.picture(7) is not None


def test_clearing_gives_the_memory_back_and_takes_nothing_more(
    qtbot: QtBot, pictures: Pictures, stage: Stage
) -> None:
    pictures.want([wish(1)])
    qtbot.waitUntil(lambda: pictures.picture(1) is not None)
    stage.gate.clear()
    pictures.want([wish(2)])
    qtbot.waitUntil(lambda: len(stage.asked) == 2)
    pictures.clear()
    with qtbot.waitSignal(pictures._loader.loaded):
        stage.gate.set()
    assert pictures.memory == 0
    assert pictures.picture(2) is None
