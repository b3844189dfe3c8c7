"""What several unit tests need: images to decode and a home that is not the user's."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import skimage
import sklearn
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from resmem_gui.images.formats import register_plugins

CORNERS = ("red", "lime", "blue", "yellow")  # upper left, upper right, lower left, lower right


@pytest.fixture(scope="session", autouse=True)
def all_formats() -> None:
    """Tests write images in every format, so Pillow must know them all."""
    register_plugins()


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep what the program remembers between runs out of the user's folders."""
    cache = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("resmem_gui.scoring.weights.user_cache_path", lambda name: cache / name)
        yield cache


@pytest.fixture(scope="session")
def photographs() -> dict[str, Path]:
    """Real photographs that come with scikit-image and scikit-learn, by name."""
    of_skimage = Path(skimage.__file__).parent / "data"
    of_sklearn = Path(sklearn.__file__).parent / "datasets" / "images"
    files = [
        *(of_skimage / name for name in ("astronaut.png", "camera.png", "chelsea.png", "coffee.png")),
        *(of_skimage / name for name in ("horse.png", "logo.png", "rocket.jpg", "retina.jpg")),
        of_skimage / "hubble_deep_field.jpg",
        of_sklearn / "china.jpg",
        of_sklearn / "flower.jpg",
    ]
    return {file.stem: file for file in files}


@pytest.fixture
def picture() -> Image.Image:
    """A wide picture that looks different however it is turned or mirrored: a colour in each quarter."""
    image = Image.new("RGB", (64, 48))
    for place, colour in zip(((0, 0), (32, 0), (0, 24), (32, 24)), CORNERS, strict=True):
        image.paste(colour, (*place, place[0] + 32, place[1] + 24))
    return image


@pytest.fixture
def grey_file(tmp_path: Path) -> Callable[[str, int], str]:
    """Return a maker of small grey PNG files: name and brightness in, path out."""

    def make(name: str, brightness: int) -> str:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        title = PngInfo()
        title.add_text("Title", name)  # no two files have the same content
        Image.new("L", (6, 5), brightness).save(file, format="PNG", pnginfo=title)
        return str(file)

    return make


@pytest.fixture
def noise() -> Image.Image:
    """Random colours, always the same."""
    return Image.fromarray(np.random.default_rng(7).integers(0, 256, (48, 64, 3), dtype=np.uint8))


@pytest.fixture
def awkward_names() -> list[str]:
    """File names that break careless programs, in natural order."""
    names = ["#1 50% off.png", "a b'\"c.png", "line\nbreak.png", "naïve ☂ 🐈.png"]
    if os.name == "posix":
        names.append(os.fsdecode(b"z\xff\xfe.png"))
    return names
