"""Ways of framing an image, against torchvision and against what scoring itself looks at."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from torchvision.transforms import Resize, TenCrop

from resmem_gui.scoring.framings import (
    RECIPES,
    SMALL_SHIFTS,
    STANDARD,
    TEN_CROP,
    FramingRecipe,
    UnknownRecipeError,
    framings,
    framings_text,
    recipe,
)
from resmem_gui.scoring.preprocessing import INPUT_EDGE, network_input

every_recipe = pytest.mark.parametrize("named", RECIPES, ids=lambda named: named.name)


@pytest.fixture
def photograph(photographs: dict[str, Path]) -> Image.Image:
    return Image.open(photographs["china"]).convert("RGB")


@every_recipe
def test_the_standard_framing_is_what_the_score_is_made_of(
    named: FramingRecipe, photograph: Image.Image, noise: Image.Image
) -> None:
    for pixels in (photograph, noise, Image.new("RGB", (1, 1), "red")):
        found = framings(pixels, named)
        assert found.dtype == np.uint8
        assert found.shape == (len(named.framings), INPUT_EDGE, INPUT_EDGE, 3)
        np.testing.assert_array_equal(found[named.standard], network_input(pixels))


def test_ten_crops_are_those_of_torchvision(photograph: Image.Image) -> None:
    crops = TenCrop(INPUT_EDGE)(Resize((256, 256))(photograph))
    expected = np.stack([np.asarray(crop) for crop in crops])
    np.testing.assert_array_equal(framings(photograph, TEN_CROP), expected)


def test_small_shifts_are_shifted_by_six_pixels(photograph: Image.Image) -> None:
    usual, near, _, up, *_ = framings(photograph, SMALL_SHIFTS)
    np.testing.assert_array_equal(near[:, 6:], usual[:, :-6])  # the crop that begins six pixels to the left
    np.testing.assert_array_equal(up[6:], usual[:-6])


def test_tighter_crops_show_the_middle_larger() -> None:
    """A square in the middle, seen through a tighter crop, is as much larger as the squashed image is."""
    pixels = Image.new("RGB", (256, 256))
    pixels.paste("white", (78, 78, 178, 178))
    widths = [(one[INPUT_EDGE // 2, :, 0] > 127).sum() for one in framings(pixels, SMALL_SHIFTS)]
    assert widths[:10] == [100] * 10
    assert widths[10:] == pytest.approx([103, 106, 103, 106], abs=1)


@every_recipe
def test_each_framing_is_there_mirrored_too_and_none_twice(
    named: FramingRecipe, photograph: Image.Image
) -> None:
    assert len({one.tobytes() for one in framings(photograph, named)}) == len(named.framings)
    usual = {one for one in named.framings if not one.mirrored}
    assert {replace(one, mirrored=True) for one in usual} == set(named.framings) - usual


@every_recipe
def test_the_mirrored_framing_is_what_is_seen_of_the_mirrored_image(
    named: FramingRecipe, photograph: Image.Image
) -> None:
    mirrored = framings(photograph, named)[named.framings.index(replace(STANDARD, mirrored=True))]
    seen = network_input(photograph.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    assert np.abs(mirrored.astype(int) - seen.astype(int)).max() <= 1  # squashing rounds from the left


@every_recipe
def test_a_recipe_says_what_it_is(named: FramingRecipe) -> None:
    assert recipe(named.name) is named
    assert recipe(named.id) is named
    assert named.meaning.endswith(".")
    assert named.source.endswith(".")
    assert framings_text(named.id, 3) == named.noun


def test_what_is_said_of_counts_is_true() -> None:
    assert len(TEN_CROP.framings) == 10
    assert len(SMALL_SHIFTS.framings) == 14
    assert framings_text("of-a-later-release", 7) == "7 framings"


def test_an_unknown_recipe_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownRecipeError, match="“five-crop”; there are ten-crop and small-shifts"):
        recipe("five-crop")
