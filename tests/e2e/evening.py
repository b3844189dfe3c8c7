"""What an evening with photographs takes: the photographs, and a person who looks through them."""

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import skimage
import sklearn
from PIL import Image, ImageEnhance, ImageOps

from tests.e2e.desktop import Desktop, Program, wait_until

_SKIMAGE: Final = Path(skimage.__file__).parent / "data"
_SKLEARN: Final = Path(sklearn.__file__).parent / "datasets" / "images"
_SCENES: Final = (
    *(_SKIMAGE / f"{name}.png" for name in ("coffee", "chelsea", "astronaut", "motorcycle_left", "camera")),
    _SKIMAGE / "rocket.jpg",
    *(_SKLEARN / f"{name}.jpg" for name in ("china", "flower")),
)
_FOLDERS: Final = ("Friday", "Saturday", "Sunday")
_BURST: Final = 3
_EVERY_PORTRAIT: Final = 7
_TAKEN_TAG: Final = 0x9003
_CAMERA_IFD: Final = 0x8769
_FIRST_TAKEN: Final = datetime(2026, 3, 6, 17, 30)  # noqa: DTZ001 - a camera's clock has no time zone
#: A slow machine that does other things too needs long; nobody waits so long where it does not.
PATIENCE_S: Final = 60


def make_photographs(folder: Path, count: int) -> list[Path]:
    """Fill a folder with photographs in bursts of three, the same each time: crops of real ones.

    Args:
        folder: Gets a folder for each day.
        count: How many photographs.

    Returns:
        Their paths, in the order in which they were taken.
    """
    chance = random.Random(5)
    paths: list[Path] = []
    scenes = (_scene(number, chance) for number in range(count))
    for number in range(count):
        if number % _BURST == 0:
            scene = next(scenes)
        day = _FOLDERS[number * len(_FOLDERS) // count]
        path = folder / day / f"IMG_{number + 1:04}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        since = timedelta(days=_FOLDERS.index(day), minutes=number // _BURST, seconds=number % _BURST)
        _save(scene.frame(number % _BURST), path, _FIRST_TAKEN + since)
        paths.append(path)
    return paths


@dataclass(frozen=True)
class _Scene:
    """What the camera is held at for the frames of a burst."""

    picture: Image.Image
    size: tuple[int, int]
    brightness: float

    def frame(self, number: int) -> Image.Image:
        """Return a frame: the hand has moved a little, and so has the exposure."""
        shift = 4 * number
        width, height = self.size
        cut = self.picture.crop((shift, shift // 2, shift + width, shift // 2 + height))
        return ImageEnhance.Brightness(cut).enhance(self.brightness + 0.03 * number)


def _scene(number: int, chance: random.Random) -> _Scene:
    with Image.open(_SCENES[number % len(_SCENES)]) as original:
        picture = original.convert("RGB")
    size = (480, 640) if number % _EVERY_PORTRAIT == _EVERY_PORTRAIT - 1 else (640, 480)
    part = 1.0 if number < len(_SCENES) else chance.uniform(0.6, 0.95)
    cut = picture.size[0] * part, picture.size[1] * part
    left = chance.uniform(0, picture.size[0] - cut[0])
    upper = chance.uniform(0, picture.size[1] - cut[1])
    picture = picture.crop((round(left), round(upper), round(left + cut[0]), round(upper + cut[1])))
    if number >= len(_SCENES) and chance.random() < 0.5:
        picture = ImageOps.mirror(picture)
    room = size[0] + 4 * _BURST, size[1] + 4 * _BURST
    brightness = chance.uniform(0.85, 1.1) if number >= len(_SCENES) else 1.0
    return _Scene(ImageOps.fit(picture, room, Image.Resampling.LANCZOS), size, brightness)


def _save(picture: Image.Image, path: Path, taken: datetime) -> None:
    exif = Image.Exif()
    exif.get_ifd(_CAMERA_IFD)[_TAKEN_TAG] = taken.strftime("%Y:%m:%d %H:%M:%S")
    picture.save(path, quality=90, exif=exif)


def sha256(path: Path) -> str:
    """Return the hash of a file, as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def colours(picture: Path) -> int:
    """Return how many colours a picture has: photographs have thousands."""
    with Image.open(picture) as shown:
        return len(shown.convert("RGB").getcolors(1 << 24) or ())


def save_for_readme(screenshot: Path, target: Path) -> None:
    """Save what is to be seen on a screenshot, without the black around it, in less than half a megabyte."""
    with Image.open(screenshot) as picture:
        window = picture.convert("RGB")
    # Nobody sees the lowest bits of a colour, and PNG packs a third better without them.
    coarse = [min(255, (value + 2) // 4 * 4) for value in range(256)]
    window.crop(window.getbbox()).point(3 * coarse).save(target, optimize=True)


# The person


@dataclass(frozen=True)
class Place:
    """Where the evening takes place.

    Attributes:
        screen: With the program on it.
        photographs: The folder of them.
        hashes: SHA-256 of each photograph, before.
        pictures: The folder that screenshots go to.
    """

    screen: Desktop
    photographs: Path
    hashes: dict[Path, str]
    pictures: Path

    @property
    def home(self) -> Path:
        """The person's home."""
        return self.screen.home

    @property
    def session(self) -> Path:
        """Where the session is saved."""
        return self.home / "weekend.resmem"


class Evening:
    """A person at the program's window. Waits for what can be seen from outside: titles, files, the screen.

    Attributes:
        window: The main window's id.
    """

    def __init__(self, screen: Desktop, program: Program, size: tuple[int, int], pictures: Path) -> None:
        """Sit down: wait for the window, and give it its size.

        Args:
            screen: Where the program runs.
            program: The program.
            size: Of the window, in pixels.
            pictures: The folder that screenshots go to.
        """
        self._screen = screen
        self._pictures = pictures
        wait_until(
            lambda: program.poll() is not None or bool(screen.window_of(program)), PATIENCE_S, "the window"
        )
        assert program.poll() is None, program.stdout and program.stdout.read()
        self.window = screen.window_of(program)
        self.width, self.height = size
        screen.tool("windowsize", "--sync", self.window, str(self.width), str(self.height))
        screen.tool("windowmove", "--sync", self.window, "5", "30")
        self.go_to_window()

    # Looking

    @property
    def title(self) -> str:
        """The title of the main window."""
        return self._screen.title(self.window)

    def wait_for_title(self, part: str, seconds: float = PATIENCE_S) -> None:
        """Wait until the main window's title has this in it."""
        wait_until(lambda: part in self.title, seconds, f"“{part}” in the title; it says “{self.title}”")

    def look(self, name: str, *, at_rest: bool = True) -> Path:
        """Take a picture of the screen, once nothing moves on it any more."""
        path = self._pictures / f"{name}.png"
        if at_rest:
            self._screen.screenshot_at_rest(path)
        else:
            self._screen.screenshot(path)
        return path

    # Doing

    def go_to_window(self) -> None:
        """Bring the main window to the front."""
        self._screen.tool("windowactivate", "--sync", self.window)

    def wait_for_dialog(self, title: str) -> str:
        """Wait until a window with this in its title has the focus, and return its id."""
        screen = self._screen
        wait_until(
            lambda: title in screen.title(screen.tool("getactivewindow")), PATIENCE_S, f"the window “{title}”"
        )
        return screen.tool("getactivewindow")

    def wait_for_end_of(self, dialog: str) -> None:
        """Wait until a window is gone, and go back to the main one."""
        wait_until(lambda: not self._screen.is_visible(dialog), PATIENCE_S, "a window to be gone")
        self.go_to_window()

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        self._screen.key(*keys)

    def type(self, text: str) -> None:
        """Type a text in place of what stands there."""
        self.press("ctrl+a")
        self._screen.type(text)

    def click(self, x: int, y: int) -> None:
        """Click at a place of the window; a negative number counts from its right or lower edge."""
        self._screen.click(*self._at(x, y))

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Drag with the left button from one place of the window to another."""
        self._screen.drag(self._at(*start), self._at(*end))

    def _at(self, x: int, y: int) -> tuple[int, int]:
        left, upper, width, height = self._screen.place_of(self.window)
        return left + (x if x >= 0 else width + x), upper + (y if y >= 0 else height + y)

    def choose_file(self, dialog: str, path: Path) -> None:
        """Answer a file dialog that has this title."""
        opened = self.wait_for_dialog(dialog)
        self.type(str(path))
        self.press("Return")
        wait_until(lambda: not self._screen.is_visible(opened), PATIENCE_S, f"“{dialog}” to be gone")

    def saved_session(self, path: Path) -> "SavedSession":
        """Save the session to the file that it has already, and read it."""
        before = path.stat().st_mtime_ns
        self.go_to_window()
        self.press("ctrl+s")
        wait_until(lambda: path.stat().st_mtime_ns != before, PATIENCE_S, "the session to be saved")
        return SavedSession.read(path)


@dataclass(frozen=True)
class SavedSession:
    """What a session file says.

    Attributes:
        header: Its first line.
        images: By absolute path.
    """

    header: dict[str, Any]
    images: dict[Path, dict[str, Any]]

    @classmethod
    def read(cls, path: Path) -> "SavedSession":
        """Read a session file."""
        header, *images = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        return cls(header, {path.parent / image["path"]: image for image in images})

    @property
    def filter(self) -> dict[str, Any]:
        """What the grid shows only."""
        return dict(self.header["view"]["filter"])

    @property
    def best_first(self) -> list[Path]:
        """All images by their scores."""
        return sorted(self.images, key=lambda path: -float(self.images[path]["score"]))

    def values(self, field: str) -> dict[Path, Any]:
        """Return a field of all images that have it."""
        return {path: image[field] for path, image in self.images.items() if field in image}

    def between(self, low: float, high: float) -> Iterator[Path]:
        """Yield the images with a score in a range, the best first."""
        return (path for path in self.best_first if low <= self.images[path]["score"] < high)
