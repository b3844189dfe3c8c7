"""The program's scores are those of the published ResMem, on real photographs of every kind.

The reference is the package `resmem` itself, run here as its authors show it.
"""

import platform
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageOps

from resmem_gui.images.decoding import decode
from resmem_gui.scoring import loading, weights
from resmem_gui.scoring.lanes import PlainLane
from resmem_gui.scoring.layers import Convolution, FullyConnected, PlainBuild, can_pack
from resmem_gui.scoring.network import ResMemNetwork
from resmem_gui.scoring.resmem import ResMemScorer
from resmem_gui.scoring.scorer import ScorerError

pytestmark = pytest.mark.weights

TOLERANCE = 1e-4

RGB = ("astronaut", "chelsea", "coffee", "rocket", "hubble_deep_field", "china", "flower")

Reference = Callable[[Image.Image], float]


@pytest.fixture(scope="module")
def reference() -> Reference:
    """Return the published network as a function from an RGB image to its score."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"(?s).*'?pretrained'? is deprecated", UserWarning)
        warnings.filterwarnings("ignore", "Arguments other than a weight enum", UserWarning)
        import resmem

        network = resmem.ResMem(pretrained=True).eval()

    def score(image: Image.Image) -> float:
        with torch.inference_mode():
            return float(network(resmem.transformer(image)[None]))

    return score


@pytest.fixture(scope="module")
def scorer(own_cache: Path) -> ResMemScorer:
    made = ResMemScorer()
    made.load("cpu")
    return made


@pytest.fixture(scope="module")
def inputs(scorer: ResMemScorer, photographs: dict[str, Path]) -> NDArray[np.uint8]:
    """Network inputs of seven photographs."""
    return np.stack([scorer.prepare(decode(str(photographs[name])).pixels) for name in RGB])


@pytest.fixture(scope="module")
def scores(scorer: ResMemScorer, inputs: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Scores of the seven photographs, each by itself."""
    return np.concatenate([scorer.score(one[None]) for one in inputs])


def our_score(scorer: ResMemScorer, path: Path, *, upright: bool = True) -> float:
    """Score one file by the program's own way from the file to the score."""
    image = decode(str(path), upright=upright)
    return float(scorer.score(np.stack([scorer.prepare(image.pixels)]))[0])


def over_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*RGB, "retina"])
def test_colour_photographs(
    scorer: ResMemScorer, reference: Reference, photographs: dict[str, Path], name: str
) -> None:
    with Image.open(photographs[name]) as image:
        expected = reference(image.convert("RGB"))
    assert our_score(scorer, photographs[name]) == pytest.approx(expected, abs=TOLERANCE)


def test_a_grey_photograph(scorer: ResMemScorer, reference: Reference, photographs: dict[str, Path]) -> None:
    with Image.open(photographs["camera"]) as image:
        assert image.mode == "L"
        expected = reference(image.convert("RGB"))
    assert our_score(scorer, photographs["camera"]) == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.parametrize("name", ["horse", "logo"])
def test_pictures_with_transparency(
    scorer: ResMemScorer, reference: Reference, photographs: dict[str, Path], name: str
) -> None:
    with Image.open(photographs[name]) as image:
        assert image.mode == "RGBA"
        expected = reference(over_white(image))
    assert our_score(scorer, photographs[name]) == pytest.approx(expected, abs=TOLERANCE)


def test_an_opaque_alpha_channel_changes_nothing(
    scorer: ResMemScorer, scores: NDArray[np.float32], photographs: dict[str, Path], tmp_path: Path
) -> None:
    with Image.open(photographs["coffee"]) as image:
        image.convert("RGBA").save(tmp_path / "opaque.png")
    assert our_score(scorer, tmp_path / "opaque.png") == pytest.approx(scores[RGB.index("coffee")], abs=1e-6)


def test_a_half_transparent_photograph_lies_over_white(
    scorer: ResMemScorer, reference: Reference, photographs: dict[str, Path], tmp_path: Path
) -> None:
    with Image.open(photographs["coffee"]) as image:
        picture = image.convert("RGBA")
        picture.putalpha(128)
        picture.save(tmp_path / "half.png")
        opaque = reference(image.convert("RGB"))
    expected = reference(over_white(picture))
    assert abs(expected - opaque) > 10 * TOLERANCE, "the test can tell the two apart"
    assert our_score(scorer, tmp_path / "half.png") == pytest.approx(expected, abs=TOLERANCE)


def test_a_photograph_with_a_palette(
    scorer: ResMemScorer, reference: Reference, photographs: dict[str, Path], tmp_path: Path
) -> None:
    with Image.open(photographs["chelsea"]) as image:
        picture = image.convert("RGB").quantize(64)
    picture.save(tmp_path / "palette.png")
    expected = reference(picture.convert("RGB"))
    assert our_score(scorer, tmp_path / "palette.png") == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.parametrize("extension", ["png", "tif"])
def test_a_grey_photograph_of_sixteen_bits(
    scorer: ResMemScorer, reference: Reference, photographs: dict[str, Path], tmp_path: Path, extension: str
) -> None:
    with Image.open(photographs["camera"]) as image:
        expected = reference(image.convert("RGB"))
        Image.fromarray(np.asarray(image).astype(np.uint16) * 257).save(tmp_path / f"deep.{extension}")
    assert our_score(scorer, tmp_path / f"deep.{extension}") == pytest.approx(expected, abs=TOLERANCE)


def test_a_photograph_that_its_camera_turned(
    scorer: ResMemScorer, reference: Reference, photographs: dict[str, Path], tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "turned.jpg"
    with Image.open(photographs["china"]) as image:
        image.save(path, quality=95, exif=exif)
    with Image.open(path) as image:
        as_stored = reference(image.convert("RGB"))
        upright = reference(ImageOps.exif_transpose(image).convert("RGB"))
    assert abs(as_stored - upright) > 10 * TOLERANCE, "the test can tell the two apart"
    assert our_score(scorer, path) == pytest.approx(upright, abs=TOLERANCE)
    assert our_score(scorer, path, upright=False) == pytest.approx(as_stored, abs=TOLERANCE)


# --- the network ---------------------------------------------------------------------------------


@pytest.mark.parametrize("sizes", [(3, 4), (7,)], ids=str)
def test_a_score_does_not_depend_on_the_batch(
    scorer: ResMemScorer, inputs: NDArray[np.uint8], scores: NDArray[np.float32], sizes: tuple[int, ...]
) -> None:
    assert sum(sizes) == len(inputs)
    batches = np.split(inputs, np.cumsum(sizes)[:-1])
    assert np.abs(np.concatenate([scorer.score(batch) for batch in batches]) - scores).max() <= 1e-5


def test_a_score_does_not_depend_on_its_neighbours(
    scorer: ResMemScorer, inputs: NDArray[np.uint8], scores: NDArray[np.float32]
) -> None:
    order = np.random.default_rng(11).permutation(len(inputs))
    assert order.tolist() != sorted(order)
    assert np.abs(scorer.score(inputs[order]) - scores[order]).max() <= 1e-5


def test_a_score_does_not_depend_on_the_number_of_threads(
    scorer: ResMemScorer, inputs: NDArray[np.uint8], scores: NDArray[np.float32]
) -> None:
    threads = torch.get_num_threads()
    try:
        for other in (1, 3):
            torch.set_num_threads(other)
            assert np.abs(scorer.score(inputs) - scores).max() <= 1e-5
    finally:
        torch.set_num_threads(threads)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, len(RGB) - 1), min_size=1, max_size=9))
def test_a_score_is_the_same_in_whatever_batch(
    scorer: ResMemScorer, inputs: NDArray[np.uint8], scores: NDArray[np.float32], chosen: list[int]
) -> None:
    assert np.abs(scorer.score(inputs[chosen]) - scores[chosen]).max() <= 1e-5


def test_photographs_are_told_apart(scores: NDArray[np.float32]) -> None:
    assert scores.dtype == np.float32
    assert scores.max() - scores.min() > 0.1


def test_scores_stay_within_the_models_range_on_pictures_of_nothing(scorer: ResMemScorer) -> None:
    shape = (227, 227, 3)
    noise = np.random.default_rng(12).integers(0, 256, shape, dtype=np.uint8)
    made = scorer.score(np.stack([noise, np.zeros(shape, np.uint8), np.full(shape, 255, np.uint8)]))
    assert np.isfinite(made).all()
    assert made.min() > 0.40
    assert made.max() < 1


@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last], ids=str)
def test_plain_layers_give_the_same_scores(
    inputs: NDArray[np.uint8],
    scores: NDArray[np.float32],
    memory_format: torch.memory_format,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cpu = torch.device("cpu")
    plain = PlainBuild(cpu, torch.float32, memory_format)
    monkeypatch.setattr(loading, "_build_for", lambda device: plain)
    network = loading.load_network(weights.find_weights(), cpu)
    assert all(isinstance(layer, Convolution | FullyConnected) for _, layer in network.layers())
    lane = PlainLane(network, cpu, batch_size=4, least=1)
    assert np.abs(np.concatenate([lane.score(inputs[:4]), lane.score(inputs[4:])]) - scores).max() <= 1e-5


def test_half_precision_stays_within_its_promise(
    inputs: NDArray[np.uint8], scores: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an NVIDIA GPU computes in, here on the CPU: the same numbers, rounded in the same places."""
    cpu = torch.device("cpu")
    half = PlainBuild(cpu, torch.float16, torch.channels_last)
    monkeypatch.setattr(loading, "_build_for", lambda device: half)
    network = loading.load_network(weights.find_weights(), cpu)
    with torch.inference_mode():
        images = torch.from_numpy(inputs).permute(0, 3, 1, 2).float().div(255).half()
        made = network(images).float().numpy()
    assert 0 < np.abs(made - scores).max() <= 2e-3


def test_layers_are_packed_where_that_works(scorer: ResMemScorer) -> None:
    assert isinstance(scorer._lane, PlainLane)
    is_packed = not any(True for _ in scorer._lane._network.layers())
    assert is_packed == can_pack()
    if platform.machine() == "x86_64":
        assert is_packed


def test_layers_are_packed_for_the_maps_that_they_see() -> None:
    with torch.device("meta"):
        network = ResMemNetwork()
    seen = {}
    for name, layer in network.layers():
        layer.register_forward_pre_hook(lambda _, given, name=name: seen.update({name: given[0].shape}))
    with torch.inference_mode():
        network(torch.empty(4, 3, 227, 227, device="meta"))
    usual = {name: layer.usual_shape for name, layer in network.layers() if isinstance(layer, Convolution)}
    assert usual == {name: list(seen[name]) for name in usual}
    assert len(usual) == 160


def test_loading_twice_gives_the_same(inputs: NDArray[np.uint8], scores: NDArray[np.float32]) -> None:
    again = ResMemScorer()
    again.load("auto" if not torch.cuda.is_available() and not torch.backends.mps.is_available() else "cpu")
    assert again.device == "cpu"
    assert again.device_label.startswith("CPU, ")
    assert again.weights_sha256 == weights.RESMEM_SHA256
    assert np.abs(again.score(inputs[:2]) - scores[:2]).max() <= 1e-6


def test_weights_with_another_hash_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "RESMEM_SHA256", "0" * 64)
    refused = ResMemScorer()
    with pytest.raises(ScorerError, match="damaged or of another release"):
        refused.load("cpu")
    assert refused.device == ""


@pytest.mark.parametrize(
    ("device", "sentence"),
    [
        ("cuda", "cannot be used on this machine; usable here: auto, "),
        ("tpu", "There is no device called “tpu”"),
    ],
)
def test_a_device_that_is_not_there_is_refused_with_those_that_are(device: str, sentence: str) -> None:
    if device == "cuda" and torch.cuda.is_available():
        pytest.skip("this machine has one")
    with pytest.raises(ScorerError, match=sentence):
        ResMemScorer().load(device)
