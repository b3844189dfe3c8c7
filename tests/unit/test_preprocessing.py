"""The network sees the same pixels as the published preprocessing shows it."""

import itertools

import numpy as np
import pytest
from PIL import Image
from torchvision.transforms import CenterCrop, Compose, Resize

from resmem_gui.scoring.preprocessing import INPUT_EDGE, Preprocessing, network_input

PUBLISHED = Compose([Resize((256, 256)), CenterCrop(227)])

SIZES = [
    (1, 1), (1, 2), (2, 1), (3, 3), (7, 5), (64, 64), (227, 227), (255, 257), (256, 256), (257, 255),
    (256, 1), (1, 256), (3000, 1), (1, 3000), (2999, 3), (3, 2999), (333, 500), (500, 333), (511, 513),
    (640, 427), (1023, 767), (1920, 1080),
]  # fmt: skip


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_pixels_are_identical_to_torchvisions(size: tuple[int, int]) -> None:
    samples = np.random.default_rng(size).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    image = Image.fromarray(samples)
    assert np.array_equal(network_input(image), np.asarray(PUBLISHED(image)))


def test_the_input_is_a_square_of_bytes_that_stack() -> None:
    made = network_input(Image.new("RGB", (300, 200), (1, 2, 3)))
    assert made.shape == (INPUT_EDGE, INPUT_EDGE, 3)
    assert made.dtype == np.uint8
    assert np.all(made == (1, 2, 3))


def test_recipes_that_differ_have_different_ids() -> None:
    recipes = [Preprocessing(*switches) for switches in itertools.product((True, False), repeat=2)]
    assert len({recipe.id for recipe in recipes}) == len(recipes)


def test_the_exact_recipe_is_the_default_and_keeps_its_name() -> None:
    assert Preprocessing().id == "resmem-squash256-crop227-upright-1"
    assert Preprocessing().decode_edge is None
    assert Preprocessing(fast_decoding=True).decode_edge == 4 * INPUT_EDGE
