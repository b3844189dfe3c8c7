"""Real photographs, the reference's scores of them, and a desktop."""

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import skimage
import sklearn
from PIL import Image

from tests.e2e.desktop import Desktop, desktop

pytest.register_assert_rewrite("tests.e2e.supplement")

_SKIMAGE = Path(skimage.__file__).parent / "data"
_SKLEARN = Path(sklearn.__file__).parent / "datasets" / "images"
PHOTOGRAPHS = (
    *(_SKIMAGE / name for name in ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "camera.png")),
    *(_SKLEARN / name for name in ("china.jpg", "flower.jpg")),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These tests drive an X server, which is Linux's."""
    if sys.platform != "linux":
        for item in items:
            if "e2e" in Path(item.path).parts:
                item.add_marker(pytest.mark.skip(reason="drives a real X server: Linux only"))


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """Return a folder of real photographs, some of them in a folder inside, and two files that are none."""
    folder = tmp_path / "My photographs"
    (folder / "more").mkdir(parents=True)
    for number, source in enumerate(PHOTOGRAPHS):
        target = folder / ("more" if number % 3 == 2 else "") / source.name
        target.write_bytes(source.read_bytes())
    (folder / "notes.txt").write_text("not an image")
    (folder / "broken.jpg").write_bytes(PHOTOGRAPHS[3].read_bytes()[:4000])
    return folder


@pytest.fixture(scope="session")
def reference_scores() -> dict[str, float]:
    """Return the scores that the package `resmem` itself gives, by file name."""
    import resmem
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its way of asking torchvision for a network is an old one
        network = resmem.ResMem(pretrained=True).eval()
    scores = {}
    with torch.no_grad():
        for path in PHOTOGRAPHS:
            pixels = resmem.transformer(Image.open(path).convert("RGB"))
            scores[path.name] = network(pixels.view(-1, 3, 227, 227)).item()
    return scores


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    home = tmp_path / "home"
    home.mkdir()
    with desktop(home) as made:
        yield made
