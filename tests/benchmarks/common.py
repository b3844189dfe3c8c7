"""What all benchmarks share: images, surroundings that leave the user's own alone, figures and tables."""

import argparse
import importlib.metadata
import importlib.util
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageEnhance

from resmem_gui.bench.processor import processor
from tests.benchmarks.probe import OWN_HOME

ROOT: Final = Path(__file__).resolve().parents[2]

_SIZE: Final = (640, 480)
_CAMERA_SIZE: Final = (4000, 3000)
_PHOTOGRAPHS: Final = (
    ("sklearn", "datasets/images/china.jpg"),
    ("sklearn", "datasets/images/flower.jpg"),
    ("skimage", "data/astronaut.png"),
    ("skimage", "data/chelsea.png"),
    ("skimage", "data/coffee.png"),
    ("skimage", "data/rocket.jpg"),
    ("skimage", "data/motorcycle_left.png"),
)
_WARM_WEIGHTS: Final = (
    "from resmem_gui.scoring import weights; weights.verify(weights.find_weights(), weights.RESMEM_SHA256)"
)


# Images


def make_photographs(folder: Path, count: int) -> list[Path]:
    """Write `count` different photographs of 640 x 480 pixels as JPEG files, the same ones every time.

    They are cut out of the photographs that scikit-image and scikit-learn carry in their packages.
    """
    folder.mkdir(parents=True, exist_ok=True)
    originals = [_original(package, path) for package, path in _PHOTOGRAPHS]
    paths = [folder / f"photograph {number:05}.jpg" for number in range(1, count + 1)]
    for number, path in enumerate(paths):
        original = originals[number % len(originals)]
        _variation(original, random.Random(number)).save(path, quality=88)
    return paths


def make_camera_photographs(folder: Path, count: int) -> list[Path]:
    """Write `count` photographs of 12 megapixels as JPEG files, some 3 MB each, the same ones every time.

    The same photographs enlarged, with a camera's grain; what decoding costs depends on the detail.
    """
    folder.mkdir(parents=True, exist_ok=True)
    originals = [_original(package, path) for package, path in _PHOTOGRAPHS]
    paths = [folder / f"camera {number:05}.jpg" for number in range(1, count + 1)]
    for number, path in enumerate(paths):
        small = _variation(originals[number % len(originals)], random.Random(number))
        large = np.asarray(small.resize(_CAMERA_SIZE, Image.Resampling.LANCZOS), np.float32)
        grain = np.random.default_rng(number).normal(0, 4, (*large.shape[:2], 1))
        Image.fromarray(np.clip(large + grain, 0, 255).astype(np.uint8)).save(path, quality=92)
    return paths


def multiply(paths: Sequence[Path], folder: Path, count: int) -> None:
    """Fill a folder with `count` files that are the given ones over and over, by hard link where possible."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        source, copy = paths[number % len(paths)], folder / f"photograph {number + 1:06}.jpg"
        try:
            os.link(source, copy)
        except OSError:
            shutil.copyfile(source, copy)


def _original(package: str, path: str) -> Image.Image:
    spec = importlib.util.find_spec(package)  # found, not imported: it would take seconds and start threads
    if spec is None or not spec.submodule_search_locations:
        sys.exit(
            f"The benchmarks' photographs come from {package}: install the project with its extra “test”."
        )
    return Image.open(Path(spec.submodule_search_locations[0]) / path).convert("RGB")


def _variation(original: Image.Image, chance: random.Random) -> Image.Image:
    """Return a cut-out in 4:3, sometimes mirrored, a little darker or lighter."""
    width = min(original.width, original.height * 4 / 3) * chance.uniform(0.7, 1.0)
    height = width * 3 / 4
    left, top = chance.uniform(0, original.width - width), chance.uniform(0, original.height - height)
    cut = original.resize(_SIZE, Image.Resampling.BICUBIC, (left, top, left + width, top + height))
    if chance.random() < 0.5:
        cut = cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return ImageEnhance.Brightness(cut).enhance(chance.uniform(0.75, 1.2))


# Surroundings


@contextmanager
def surroundings() -> Iterator[Path]:
    """Give this process and its children a home and a display of their own; yield a folder for files.

    On Windows and macOS the cache folder stays the user's; settings are kept apart everywhere (`probe`).
    """
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="resmem-gui-benchmark-") as name, _display() as display:
        folder = Path(name)
        os.environ |= _own_home(folder / "home") | display
        # Bytecode is cached on every user's machine; without it the start would be measured with a compiler.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        try:
            yield folder
        finally:
            os.environ.clear()
            os.environ.update(before)


def remember_weights() -> None:
    """Let the weights' SHA-256 be checked before anything is timed, as after the program's first run."""
    subprocess.run([sys.executable, "-c", _WARM_WEIGHTS], cwd=ROOT, check=True)
    print(
        "The weights' SHA-256 was checked and remembered beforehand: the first run ever hashes 528 MB more."
    )


def _own_home(home: Path) -> dict[str, str]:
    variables = {"HOME": home}
    for purpose in ("CONFIG", "CACHE", "DATA", "STATE"):
        variables[f"XDG_{purpose}_HOME"] = home / purpose.lower()
    for path in variables.values():
        path.mkdir(parents=True, exist_ok=True)
    return {name: str(path) for name, path in [*variables.items(), (OWN_HOME, home)]}


@contextmanager
def _display() -> Iterator[dict[str, str]]:
    """Yield the variables for the display at hand, else for an X server of our own, else for none."""
    is_there = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if sys.platform != "linux" or is_there:
        yield {}
    elif shutil.which("Xvfb") is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}
    else:
        with _x_server() as name:
            yield {"DISPLAY": name}


@contextmanager
def _x_server() -> Iterator[str]:
    read_end, write_end = os.pipe()
    # Without -noreset it starts over after each program, and the next one may find it away.
    options = ["-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset"]
    command = ["Xvfb", "-displayfd", str(write_end), *options]
    if shutil.which("setpriv"):
        command = ["setpriv", "--pdeathsig", "TERM", *command]  # it ends with us, even if we crash
    silence = subprocess.DEVNULL
    with subprocess.Popen(command, pass_fds=[write_end], stdout=silence, stderr=silence) as server:
        try:
            os.close(write_end)
            with os.fdopen(read_end) as answer:
                number = answer.readline().strip()
            if not number:
                sys.exit("Xvfb does not start; set QT_QPA_PLATFORM=offscreen to do without it.")
            yield f":{number}"
        finally:
            server.terminate()


# Figures


def argument_parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser that shows a benchmark's docstring as it stands there."""
    return argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def print_heading(title: str) -> None:
    """Print what is measured and on what machine."""
    print(f"\n=== {title} ===")
    print(environment_line())


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table, the first column to the left and the others to the right."""
    table = [headings, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(headings))]
    print()
    for row in table:
        first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join([first.strip().ljust(widths[0]), *others]).rstrip())
    print()


def environment_line() -> str:
    """Return processor, cores, display and versions in a line."""
    packages = ("torch", "PySide6-Essentials", "numpy", "pillow")
    versions = [f"{name} {importlib.metadata.version(name)}" for name in packages]
    cores = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return "; ".join([processor(), cores, _screen(), f"Python {platform.python_version()}", *versions])


def _screen() -> str:
    screens = [os.environ.get(name, "") for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")]
    return f"display {next(filter(None, screens), sys.platform)}"
