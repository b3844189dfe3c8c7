"""What a memory researcher has on the desk: stimuli of every kind, and how well people remembered them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import skimage
import sklearn
from PIL import Image, ImageEnhance

from resmem_gui.scoring.preprocessing import INPUT_EDGE
from tests.e2e.desktop import Desktop

_SKIMAGE: Final = Path(skimage.__file__).parent / "data"
_SKLEARN: Final = Path(sklearn.__file__).parent / "datasets" / "images"
_WHOLE: Final = (0.0, 0.0, 1.0, 1.0)
_LONG_SIDE: Final = 720

Part = tuple[float, float, float, float]


@dataclass(frozen=True)
class Stimulus:
    """An image, and what people remembered of it.

    Attributes:
        place: Below the folder of stimuli.
        source: Name of the photograph that it is made of.
        hit_rate: Of people, 0 to 1.
        part: Of the photograph: left, upper, right and lower, as shares of its sides.
        size: That it is brought to; None for as it comes.
    """

    place: str
    source: str
    hit_rate: float
    part: Part = _WHOLE
    size: tuple[int, int] | None = None


PANORAMA: Final = "scenes/panorama.jpg"
SMALL: Final = "scenes/flower-small.png"
ANIMATION: Final = "objects/steam.gif"
FORMULA: Final = "objects/=cmd.png"
BROKEN: Final = "scenes/broken.jpg"
COPIED, COPY = "scenes/china.jpg", "scenes/china again.jpg"
#: No row of the table of human scores names it.
UNRATED: Final = "scenes/gravel.jpg"
#: The table names it, and nobody has the image.
LOST: Final = "objects/lost.jpg"

STIMULI: Final = (
    Stimulus("objects/astronaut.jpg", "astronaut.png", 0.885),
    Stimulus("objects/astronaut-face.jpg", "astronaut.png", 0.912, (0.27, 0.0, 0.61, 0.45)),
    Stimulus("objects/helmet.jpg", "astronaut.png", 0.764, (0.5, 0.45, 1.0, 1.0)),
    Stimulus("objects/cat.jpg", "chelsea.png", 0.803),
    Stimulus("objects/cat-eye.jpg", "chelsea.png", 0.741, (0.15, 0.05, 0.75, 0.75)),
    Stimulus("objects/coffee.jpg", "coffee.png", 0.792),
    Stimulus("objects/spoon.jpg", "coffee.png", 0.688, (0.0, 0.3, 0.6, 1.0)),
    Stimulus(FORMULA, "coffee.png", 0.731, (0.35, 0.0, 1.0, 0.75)),
    Stimulus("objects/motorcycle.jpg", "motorcycle_left.png", 0.718),
    Stimulus("objects/wheel.jpg", "motorcycle_right.png", 0.694, (0.1, 0.3, 0.5, 0.9)),
    Stimulus("objects/coins.png", "coins.png", 0.702),
    Stimulus("objects/horse.png", "horse.png", 0.816),
    Stimulus("objects/page.png", "page.png", 0.655, size=(760, 400)),
    Stimulus(COPIED, "china.jpg", 0.671),
    Stimulus("scenes/roof.jpg", "china.jpg", 0.624, (0.05, 0.1, 0.55, 0.6)),
    Stimulus(PANORAMA, "china.jpg", 0.583, (0.0, 0.35, 1.0, 0.85), (900, 300)),
    Stimulus("scenes/flower.jpg", "flower.jpg", 0.749),
    Stimulus(SMALL, "flower.jpg", 0.662, (0.2, 0.1, 0.8, 0.775), (120, 90)),
    Stimulus("scenes/rocket.jpg", "rocket.jpg", 0.782),
    Stimulus("scenes/launch.jpg", "rocket.jpg", 0.733, (0.2, 0.3, 0.8, 1.0)),
    Stimulus("scenes/galaxies.jpg", "hubble_deep_field.jpg", 0.561),
    Stimulus("scenes/moon.jpg", "moon.png", 0.602),
    Stimulus(UNRATED, "gravel.png", 0.534),
    Stimulus("scenes/grass.jpg", "grass.png", 0.508),
)
#: Scored once more by itself, with its sensitivity: few images, some of them odd.
PILOT: Final = (FORMULA, PANORAMA)


def make_stimuli(folder: Path) -> list[Path]:
    """Fill a folder; return the paths of all files that are images, the broken one among them."""
    for stimulus in STIMULI:
        picture = _picture(stimulus)
        _save(picture, folder / stimulus.place)
    with Image.open(folder / COPIED) as original:
        ImageEnhance.Brightness(original.convert("RGB")).enhance(1.02).save(folder / COPY, quality=80)
    coffee = _picture(Stimulus(ANIMATION, "coffee.png", 0.0, size=(360, 240)))
    frames = [ImageEnhance.Brightness(coffee).enhance(1 + step / 10) for step in range(3)]
    frames[0].save(folder / ANIMATION, save_all=True, append_images=frames[1:], duration=120)
    (folder / BROKEN).write_bytes((folder / COPIED).read_bytes()[:6000])
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _picture(stimulus: Stimulus) -> Image.Image:
    home = _SKLEARN if stimulus.source in ("china.jpg", "flower.jpg") else _SKIMAGE
    with Image.open(home / stimulus.source) as original:
        picture = original.convert("RGB")
    width, height = picture.size
    left, upper, right, lower = stimulus.part
    picture = picture.crop(
        (round(width * left), round(height * upper), round(width * right), round(height * lower))
    )
    if stimulus.size:
        return picture.resize(stimulus.size, Image.Resampling.LANCZOS)
    picture.thumbnail((_LONG_SIDE, _LONG_SIDE), Image.Resampling.LANCZOS)
    return picture


def _save(picture: Image.Image, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, quality=90)


def write_truth(path: Path) -> None:
    """Write what people remembered, as a spreadsheet of a decimal-comma country does it."""
    rated = [each for each in STIMULI if each.place != UNRATED]
    rows = [(each.place, f"{each.hit_rate:.3f}", each.place.split("/")[0], "80") for each in rated]
    rows.append((LOST, "0.700", "objects", "80"))
    lines = ["image;hit_rate;category;participants"]
    lines += [";".join((place, rate.replace(".", ","), *rest)) for place, rate, *rest in rows]
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig")


def is_small(path: Path) -> bool:
    """Return whether an image is smaller than what the network looks at."""
    with Image.open(path) as picture:
        return min(picture.size) < INPUT_EDGE


@dataclass(frozen=True)
class Desk:
    """Where the study takes place.

    Attributes:
        screen: With the program on it.
        pictures: The folder that screenshots go to.
        files: All images, also the broken one.
    """

    screen: Desktop
    pictures: Path
    files: list[Path]

    @property
    def home(self) -> Path:
        """The researcher's home."""
        return self.screen.home

    @property
    def stimuli(self) -> Path:
        """The folder of images."""
        return self.home / "Stimuli"

    @property
    def truth(self) -> Path:
        """The table of human scores."""
        return self.home / "hit rates.csv"

    @property
    def session(self) -> Path:
        """Where the session is saved."""
        return self.home / "study.resmem"

    def path(self, name: str) -> Path:
        """Return where a file of the study goes that the program writes."""
        return self.home / name
