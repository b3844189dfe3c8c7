"""Which fingerprint of an image tells near-duplicates and bursts from different photographs.

    python -m tests.benchmarks.likeness [--folder F] [--features N]

Each photograph is varied as the frames of a burst and the copies of a file are; a fingerprint shall find the
variants like their photograph, and no two different photographs alike. Harder are cut-outs: the middle of
each photograph on white, as collections for experiments are; they differ in little but what they show.
Photographs are those inside scikit-image and scikit-learn and those in F, which must all be different.
`--features` lets the network look at the variants of N photographs as well, and takes minutes. Libraries that
are not installed are left out: `pip install imagehash pdqhash`.
"""

import importlib.util
import io
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from resmem_gui.images import likeness
from resmem_gui.images.decoding import decode_reduced
from resmem_gui.images.errors import ImageError
from tests.benchmarks.common import (
    argument_parser,
    make_camera_photographs,
    print_heading,
    print_table,
    surroundings,
)

Fingerprint = NDArray[Any]

#: The thumbnails that the program keeps, and their quality.
_THUMBNAIL_EDGE: Final = 256
_THUMBNAIL_QUALITY: Final = 88
#: So much of a photograph is the frame; a hand that moves brings in some of the rest.
_FRAME: Final = 0.86
_FALSE_SHARE: Final = 0.001
#: So many pairs of cut-outs may be alike.
_FALSE_CUT_OUTS: Final = 0.005
_COMPARED: Final = 100_000
_PICTURES: Final = {
    "sklearn": ["images/china.jpg", "images/flower.jpg"],
    "skimage": [
        *("astronaut.png", "camera.png", "chelsea.png", "clock_motion.png", "coffee.png", "coins.png"),
        *("grass.png", "gravel.png", "brick.png", "hubble_deep_field.jpg", "ihc.png", "moon.png"),
        *("motorcycle_left.png", "page.png", "retina.jpg", "rocket.jpg"),
    ],
}
_DATA: Final = {"sklearn": "datasets", "skimage": "data"}


def main() -> int:
    """Measure and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--folder", type=Path, help="more photographs, all different")
    parser.add_argument("--features", type=int, default=0, metavar="N", help="photographs for the network")
    options = parser.parse_args()
    with surroundings() as folder:
        print_heading("Near-duplicates and bursts told from different photographs")
        photographs = list(_photographs(options.folder))
        frames = [_frame(photograph) for photograph in photographs]
        variants = {
            name: [vary(photograph, random.Random(number)) for number, photograph in enumerate(photographs)]
            for name, vary in _VARIATIONS.items()
        }
        cut_outs = [
            _cut_out(photograph, random.Random(number)) for number, photograph in enumerate(photographs)
        ]
        seen = Seen(frames, variants, cut_outs)
        results = [_measure(method, seen) for method in _methods()]
        if options.features:
            results += _measure_network(seen, options.features)
        pairs = len(frames) * (len(frames) - 1) // 2
        print(f"{len(frames)} photographs: {pairs:,} false pairs; {len(_VARIATIONS)} variants of each.")
        _print(results)
        _print_cost(folder)
    return 0


# Photographs and what becomes of them


def _photographs(folder: Path | None) -> Iterator[Image.Image]:
    for package, names in _PICTURES.items():
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            sys.exit(f"The photographs come from {package}: install the project with its extra “test”.")
        for name in names:
            yield decode_reduced(str(Path(spec.submodule_search_locations[0]) / _DATA[package] / name), 1024)
    for path in sorted(folder.iterdir()) if folder else ():
        try:
            yield decode_reduced(str(path), 1024)
        except ImageError as error:
            print(f"{path}: {error}", file=sys.stderr)


def _frame(photograph: Image.Image, right: float = 0.0, down: float = 0.0, share: float = 1.0) -> Image.Image:
    """Return what a camera sees that points so much further to the right and down, in shares of the frame."""
    width, height = photograph.width * _FRAME, photograph.height * _FRAME
    left = (photograph.width - width * share) / 2 + right * width
    top = (photograph.height - height * share) / 2 + down * height
    box = (left, top, left + width * share, top + height * share)
    size = (round(width * share), round(height * share))
    return photograph.resize(size, Image.Resampling.BICUBIC, box)


def _shifted(least: float, most: float) -> Callable[[Image.Image, random.Random], Image.Image]:
    def shift(photograph: Image.Image, chance: random.Random) -> Image.Image:
        right = chance.uniform(least, most) * chance.choice((-1, 1))
        down = chance.uniform(0, least) * chance.choice((-1, 1))
        return _frame(photograph, right, down)

    return shift


def _rotated(degrees: float) -> Callable[[Image.Image, random.Random], Image.Image]:
    def rotate(photograph: Image.Image, chance: random.Random) -> Image.Image:
        angle = degrees * chance.choice((-1, 1))
        return _frame(photograph.rotate(angle, Image.Resampling.BICUBIC))

    return rotate


def _cropped(lost: float) -> Callable[[Image.Image, random.Random], Image.Image]:
    """Cut away so much of width and height, from sides as they come."""

    def crop(photograph: Image.Image, chance: random.Random) -> Image.Image:
        right, down = (chance.uniform(-lost / 2, lost / 2) for _ in range(2))
        return _frame(photograph, right, down, 1 - lost)

    return crop


def _exposed(steps: float) -> Callable[[Image.Image, random.Random], Image.Image]:
    def expose(photograph: Image.Image, _: random.Random) -> Image.Image:
        return _with_gains(_frame(photograph), (2**steps,) * 3)

    return expose


def _with_gains(frame: Image.Image, gains: Sequence[float]) -> Image.Image:
    """Multiply the light of each channel, as a camera does: before the gamma of 2.2."""
    light = (np.asarray(frame, np.float32) / 255) ** 2.2 * np.array(gains, np.float32)
    return Image.fromarray((np.clip(light, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8))


def _as_jpeg(frame: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    frame.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def _with_moved_patch(frame: Image.Image, chance: random.Random) -> Image.Image:
    """Let something of a fifth of the width in the middle stand elsewhere, as if it had moved."""
    width, height = round(frame.width * 0.2), round(frame.height * 0.35)
    left, top = (frame.width - width) // 2, (frame.height - height) // 2
    patch = frame.crop((left, top, left + width, top + height))
    mask = Image.new("L", patch.size)
    ImageDraw.Draw(mask).ellipse((0, 0, width, height), fill=255)
    moved = frame.copy()
    moved.paste(patch, (left + round(frame.width * 0.1) * chance.choice((-1, 1)), top), mask)
    return moved


def _burst(photograph: Image.Image, chance: random.Random) -> Image.Image:
    """The next frame: the hand has moved and turned a little, somebody walks, a cloud passes, other grain."""
    turned = photograph.rotate(chance.uniform(-1, 1), Image.Resampling.BICUBIC)
    frame = _frame(turned, chance.uniform(-0.03, 0.03), chance.uniform(-0.03, 0.03))
    frame = _with_gains(_with_moved_patch(frame, chance), (2 ** chance.uniform(-0.15, 0.15),) * 3)
    grain = np.random.default_rng(chance.randrange(2**32)).normal(0, 5, (frame.height, frame.width, 1))
    return Image.fromarray(np.clip(np.asarray(frame, np.float32) + grain, 0, 255).astype(np.uint8))


def _cut_out(photograph: Image.Image, chance: random.Random) -> Image.Image:
    """Return something round from the middle of a photograph, on white."""
    shape = chance.uniform(0.6, 1.6)
    width, height = min(1.0, shape), min(1.0, 1 / shape)
    part = min(photograph.size) * chance.uniform(0.5, 0.95) / 2
    middle = (photograph.width / 2, photograph.height / 2)
    box = (
        *(middle[0] - part * width, middle[1] - part * height),
        *(middle[0] + part * width, middle[1] + part * height),
    )
    edge = chance.uniform(180, 320)
    size = (round(edge * width), round(edge * height))
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).ellipse((0, 0, *size), fill=255)
    whole = Image.new("RGB", (400, 400), "white")
    place = (200 - size[0] // 2 + chance.randint(-15, 15), 200 - size[1] // 2 + chance.randint(-15, 15))
    whole.paste(photograph.resize(size, Image.Resampling.BICUBIC, box), place, mask)
    return whole


_VARIATIONS: Final[dict[str, Callable[[Image.Image, random.Random], Image.Image]]] = {
    "JPEG 60": lambda photograph, _: _as_jpeg(_frame(photograph), 60),
    "half size": lambda photograph, _: _frame(photograph).reduce(2),
    "blur": lambda photograph, _: _frame(photograph).filter(ImageFilter.GaussianBlur(1.5)),
    "-0.3 EV": _exposed(-0.3),
    "+0.3 EV": _exposed(0.3),
    "warmer": lambda photograph, _: _with_gains(_frame(photograph), (1.2, 1.0, 0.8)),
    "grey": lambda photograph, _: ImageEnhance.Color(_frame(photograph)).enhance(0),
    "shift 2 %": _shifted(0.02, 0.02),
    "shift 5 %": _shifted(0.05, 0.05),
    "turn 1°": _rotated(1),
    "turn 2°": _rotated(2),
    "crop 5 %": _cropped(0.05),
    "crop 10 %": _cropped(0.1),
    "moved": lambda photograph, chance: _with_moved_patch(_frame(photograph), chance),
    "burst": _burst,
}


# Fingerprints


@dataclass(frozen=True, slots=True)
class Method:
    """A way to a fingerprint: bits, compared by how many differ, or numbers, compared by their angle.

    Attributes:
        name: Of it.
        fingerprint: Makes it, from RGB pixels.
        from_thumbnail: Whether it sees the thumbnail or the image.
    """

    name: str
    fingerprint: Callable[[Image.Image], Fingerprint]
    from_thumbnail: bool


def _methods() -> list[Method]:
    found = {**_imagehash(), **_pdqhash(), "ours": _ours}
    return [Method(name, make, small) for name, make in found.items() for small in (False, True)]


def _ours(pixels: Image.Image) -> Fingerprint:
    made = likeness.fingerprint(pixels)
    return np.zeros(24, np.uint8) if made is None else made


def _imagehash() -> dict[str, Callable[[Image.Image], Fingerprint]]:
    if importlib.util.find_spec("imagehash") is None:
        return {}
    library: Any = importlib.import_module("imagehash")

    def bits(function: str, **options: int) -> Callable[[Image.Image], Fingerprint]:
        make = getattr(library, function)
        return lambda pixels: np.asarray(make(pixels, **options).hash).ravel()

    def both_ways(size: int) -> Callable[[Image.Image], Fingerprint]:
        across, down = bits("dhash", hash_size=size), bits("dhash_vertical", hash_size=size)
        return lambda pixels: np.concatenate([across(pixels), down(pixels)])

    hashes = {
        f"{name} {size}": bits(name, hash_size=size)
        for name in ("average_hash", "phash", "dhash", "whash")
        for size in (8, 16)
    }
    return {
        **hashes,
        "phash 12": bits("phash", hash_size=12),
        "dhash 6 both ways": both_ways(6),
        "dhash 8 both ways": both_ways(8),
        "colorhash": bits("colorhash"),
    }


def _pdqhash() -> dict[str, Callable[[Image.Image], Fingerprint]]:
    if importlib.util.find_spec("pdqhash") is None:
        return {}
    library: Any = importlib.import_module("pdqhash")
    return {"pdqhash": lambda pixels: library.compute(np.asarray(pixels))[0].astype(bool)}


def _thumbnail(pixels: Image.Image) -> Image.Image:
    small = pixels.copy()
    small.thumbnail((_THUMBNAIL_EDGE, _THUMBNAIL_EDGE))
    return _as_jpeg(small, _THUMBNAIL_QUALITY)


def _distances(fingerprints: Fingerprint, others: Fingerprint) -> NDArray[np.float64]:
    """Return the distance of each to each, shape (n, m)."""
    if fingerprints.dtype == np.uint8:
        return np.stack([likeness.distances(one, others) for one in fingerprints]).astype(np.float64)
    if fingerprints.dtype == np.bool_:
        signs = [np.where(bits, 1.0, -1.0) for bits in (fingerprints, others)]
        return np.asarray((fingerprints.shape[1] - signs[0] @ signs[1].T) / 2)
    units = [values / np.linalg.norm(values, axis=1, keepdims=True) for values in (fingerprints, others)]
    return np.asarray(1 - units[0] @ units[1].T)


# Measuring


@dataclass(frozen=True, slots=True)
class Seen:
    """What is compared.

    Attributes:
        frames: Different photographs.
        variants: The same varied, by variation.
        cut_outs: Different things on white.
    """

    frames: list[Image.Image]
    variants: dict[str, list[Image.Image]]
    cut_outs: list[Image.Image]


@dataclass(frozen=True, slots=True)
class Result:
    """What a method does.

    Attributes:
        name: Of the method.
        is_whole: Whether its distances are whole numbers.
        false: Distances of different photographs, shape (pairs,).
        cut_outs: Distances of different cut-outs, shape (pairs,).
        true: Distances of photographs and their variants, by variation, shape (photographs,).
        ms: What a fingerprint takes, pixels at hand.
    """

    name: str
    is_whole: bool
    false: NDArray[np.float64]
    cut_outs: NDArray[np.float64]
    true: dict[str, NDArray[np.float64]]
    ms: float

    def found(self, threshold: float, name: str | None = None) -> float:
        """Return which share of the variants is found, of one variation or of all."""
        wanted = [self.true[name]] if name else list(self.true.values())
        return float((np.concatenate(wanted) < threshold).mean())

    def cells(self, threshold: float) -> list[str]:
        """Return, for distances below a threshold: what is found, the greatest distance, false cut-outs."""
        greatest = f"{np.ceil(threshold) - 1:.0f}" if self.is_whole else f"{threshold:.2g}"
        cut_outs = float((self.cut_outs < threshold).mean())
        return [f"{self.found(threshold):.1%}", greatest, f"{cut_outs:.1%}"]


def _threshold(false: NDArray[np.float64], share: float) -> float:
    """Return the distance below which no greater share of different images lies."""
    return float(np.sort(false)[int(share * len(false))])


def _measure(method: Method, images: Seen) -> Result:
    see = _thumbnail if method.from_thumbnail else (lambda pixels: pixels)

    def fingerprints(images: list[Image.Image]) -> Fingerprint:
        return np.stack([method.fingerprint(see(pixels)) for pixels in images])

    seen = [see(pixels) for pixels in images.frames]
    began = time.perf_counter()
    of_frames = np.stack([method.fingerprint(pixels) for pixels in seen])
    ms = (time.perf_counter() - began) / len(seen) * 1000
    name = f"{method.name}, {'thumbnail' if method.from_thumbnail else 'image'}"
    of_variants = {key: fingerprints(varied) for key, varied in images.variants.items()}
    return _result(name, of_frames, of_variants, fingerprints(images.cut_outs), ms)


def _result(
    name: str,
    of_frames: Fingerprint,
    of_variants: dict[str, Fingerprint],
    of_cut_outs: Fingerprint,
    ms: float,
) -> Result:
    pairs = np.triu_indices(len(of_frames), 1)
    true = {
        key: np.diagonal(_distances(of_frames[: len(values)], values)) for key, values in of_variants.items()
    }
    return Result(
        name,
        of_frames.dtype != np.float32,
        _distances(of_frames, of_frames)[pairs],
        _distances(of_cut_outs, of_cut_outs)[pairs],
        true,
        ms,
    )


def _measure_network(seen: Seen, count: int) -> list[Result]:
    """Let the scoring network look: its thousand classes, and its last layer before the score."""
    look = _network()
    of_frames, of_cut_outs = look(seen.frames), look(seen.cut_outs)
    of_variants = {key: look(varied[-count:]) for key, varied in seen.variants.items()}
    results = []
    for name, values in of_frames.items():
        # The variants belong to the last photographs: those come first here.
        reversed_variants = {key: found[name][::-1] for key, found in of_variants.items()}
        results.append(_result(name, values[::-1], reversed_variants, of_cut_outs[name], np.nan))
    return results


def _network() -> Callable[[list[Image.Image]], dict[str, Fingerprint]]:
    import torch

    from resmem_gui.scoring.loading import load_network
    from resmem_gui.scoring.preprocessing import network_input
    from resmem_gui.scoring.weights import find_weights

    network = load_network(find_weights(), torch.device("cpu"))
    taken: dict[str, list[Fingerprint]] = {}

    def keep(name: str) -> Callable[[Any, Any, Any], None]:
        return lambda _module, _inputs, output: taken.setdefault(name, []).append(output.float().numpy())

    network.features.register_forward_hook(keep("network, classes"))
    network.fc11.register_forward_hook(keep("network, last layer"))

    def look(images: list[Image.Image]) -> dict[str, Fingerprint]:
        taken.clear()
        with torch.inference_mode():
            for start in range(0, len(images), 8):
                batch = np.stack([network_input(pixels) for pixels in images[start : start + 8]])
                network(torch.from_numpy(batch).permute(0, 3, 1, 2).float() / 255)
        return {name: np.concatenate(values) for name, values in taken.items()}

    return look


def _print(results: Sequence[Result]) -> None:
    for what, share, of_cut_outs in (
        ("no two different photographs are alike", 0.0, False),
        (f"{_FALSE_SHARE:.1%} of the pairs of different photographs are alike", _FALSE_SHARE, False),
        (f"{_FALSE_CUT_OUTS:.1%} of the pairs of different cut-outs are alike", _FALSE_CUT_OUTS, True),
    ):
        print(f"\nWhere {what}:")
        headings = ["", "found", "up to", "false cut-outs", *_VARIATIONS, "ms"]
        rows = []
        for result in results:
            threshold = _threshold(result.cut_outs if of_cut_outs else result.false, share)
            shares = [f"{result.found(threshold, name):.0%}" for name in _VARIATIONS]
            rows.append([result.name, *result.cells(threshold), *shares, f"{result.ms:.1f}"])
        print_table(headings, rows)


def _print_cost(folder: Path) -> None:
    """Print what comes before a fingerprint and after it."""
    paths = make_camera_photographs(folder / "camera", 4)
    began = time.perf_counter()
    for path in paths:
        decode_reduced(str(path), _THUMBNAIL_EDGE)
    decoding = (time.perf_counter() - began) / len(paths) * 1000
    chance = np.random.default_rng(1)
    rows = [["decode 12 megapixels for 256 pixels", f"{decoding:.1f}"]]
    many = chance.integers(0, 256, (_COMPARED, 24), dtype=np.uint8)
    began = time.perf_counter()
    likeness.distances(many[0], many)
    rows.append(["compare our fingerprint with 100,000", f"{(time.perf_counter() - began) * 1000:.2f}"])
    many_numbers = chance.normal(size=(_COMPARED, 1000)).astype(np.float32)
    began = time.perf_counter()
    many_numbers @ many_numbers[0]
    rows.append(["compare 1,000 numbers with 100,000", f"{(time.perf_counter() - began) * 1000:.2f}"])
    print_table(["", "ms"], rows)


if __name__ == "__main__":
    sys.exit(main())
