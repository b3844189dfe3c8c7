"""Ways of framing one image a little differently, to see how much its score depends on that.

A recipe names some crops of the squashed image; each of them is given to the network as an image of its own.
One of them, the standard framing, is what the score itself is made of. No pixel is looked at twice as finely:
each crop is squashed from the image anew, as scoring does it.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from resmem_gui.scoring.preprocessing import INPUT_EDGE

_SQUASHED_EDGE: Final = 256
#: Of torchvision's CenterCrop, which rounds half of 29 to the even 14.
_CENTRE: Final = 14
_FARTHEST: Final = _SQUASHED_EDGE - INPUT_EDGE
_SHIFT: Final = 6
#: The middle 227 pixels of these are 97 and 94 per cent of what is usually seen of each side.
_TIGHTER_EDGES: Final = (264, 272)


@dataclass(frozen=True, slots=True)
class Framing:
    """One way of framing: the image is squashed to a square, mirrored or not, and a crop taken out of it.

    Attributes:
        left: Where the crop of `INPUT_EDGE` pixels begins in the squashed (and mirrored) image.
        top: Likewise.
        mirrored: Whether left and right are exchanged, before cropping.
        squashed_edge: Side of the squashed image, in pixels. A larger one is a tighter crop.
    """

    left: int
    top: int
    mirrored: bool = False
    squashed_edge: int = _SQUASHED_EDGE


STANDARD: Final = Framing(_CENTRE, _CENTRE)


@dataclass(frozen=True)
class FramingRecipe:
    """Some ways of framing, under one name.

    Attributes:
        id: Names it in exports. Under another id, sensitivities are not comparable.
        name: What it is called on the command line.
        title: What people call it.
        noun: The framings, counted: "ten crops".
        meaning: What is done, as a plain sentence.
        source: Where the practice comes from.
        framings: At least two; the standard one is among them.
    """

    id: str
    name: str
    title: str
    noun: str
    meaning: str
    source: str
    framings: tuple[Framing, ...]

    @cached_property
    def standard(self) -> int:
        """The place of the framing that the score itself is made of."""
        return self.framings.index(STANDARD)


def _ten_crop() -> tuple[Framing, ...]:
    """Return the crops in the order of torchvision's `TenCrop(227)`."""
    corners = [(0, 0), (_FARTHEST, 0), (0, _FARTHEST), (_FARTHEST, _FARTHEST), (_CENTRE, _CENTRE)]
    return tuple(Framing(left, top, mirrored) for mirrored in (False, True) for left, top in corners)


def _small_shifts() -> tuple[Framing, ...]:
    near, far = _CENTRE - _SHIFT, _CENTRE + _SHIFT
    places = [(_CENTRE, _CENTRE), (near, _CENTRE), (far, _CENTRE), (_CENTRE, near), (_CENTRE, far)]
    shifted = [Framing(left, top, mirrored) for mirrored, (left, top) in product((False, True), places)]
    middles = [((edge - INPUT_EDGE) // 2, edge) for edge in _TIGHTER_EDGES]
    tighter = [Framing(at, at, mirrored, edge) for mirrored, (at, edge) in product((False, True), middles)]
    return (*shifted, *tighter)


TEN_CROP: Final = FramingRecipe(
    id="ten-crop-227-of-256-1",
    name="ten-crop",
    title="Ten crops",
    noun="ten crops",
    meaning=(
        "The four corners and the centre, 227 × 227 pixels of the image squashed to 256 × 256, each also "
        "mirrored. The corners leave out up to 11 % at the opposite sides."
    ),
    source=(
        "The ten-crop testing of AlexNet (Krizhevsky et al. 2012); MemNet averages its ten scores "
        "(Khosla et al. 2015). Here they are not averaged."
    ),
    framings=_ten_crop(),
)

SMALL_SHIFTS: Final = FramingRecipe(
    id="small-shifts-6-of-256-tighter-264-272-1",
    name="small-shifts",
    title="Small shifts",
    noun="14 small shifts",
    meaning=(
        "The usual crop and the same shifted by 6 of 256 pixels (2 %) to each side, and two crops that are 3 "
        "and 6 % tighter, each also mirrored. Changes that a person would hardly notice."
    ),
    source="Chosen for this program.",
    framings=_small_shifts(),
)

RECIPES: Final = (TEN_CROP, SMALL_SHIFTS)


class UnknownRecipeError(LookupError):
    """No recipe has this name or id. Its text is a sentence that names those there are."""


def recipe(name: str) -> FramingRecipe:
    """Return a recipe by its name or its id.

    Raises:
        UnknownRecipeError: There is none.
    """
    for known in RECIPES:
        if name in (known.name, known.id):
            return known
    names = " and ".join(known.name for known in RECIPES)
    raise UnknownRecipeError(f"There is no way of framing called “{name}”; there are {names}.")


def framings_text(recipe_id: str, count: int) -> str:
    """Return what was done, counted, such as "ten crops"; of recipes that are not known the number."""
    nouns = {known.id: known.noun for known in RECIPES}
    return nouns.get(recipe_id, f"{count} framings")


def framings(pixels: Image.Image, recipe: FramingRecipe) -> NDArray[np.uint8]:
    """Return what the network sees of an RGB image in each framing.

    Args:
        pixels: As `preprocessing.network_input` takes them.
        recipe: Of k framings.

    Returns:
        Shape (k, 227, 227, 3), uint8, in the recipe's order. That at `recipe.standard` is, bit for bit, what
        `preprocessing.network_input` returns.
    """
    squashed = {edge: _squashed(pixels, edge) for edge in {one.squashed_edge for one in recipe.framings}}
    return np.stack([_crop(squashed[one.squashed_edge], one) for one in recipe.framings])


def _squashed(pixels: Image.Image, edge: int) -> NDArray[np.uint8]:
    return np.asarray(pixels.resize((edge, edge), Image.Resampling.BILINEAR))


def _crop(squashed: NDArray[np.uint8], framing: Framing) -> NDArray[np.uint8]:
    turned = squashed[:, ::-1] if framing.mirrored else squashed
    bottom, right = framing.top + INPUT_EDGE, framing.left + INPUT_EDGE
    return turned[framing.top : bottom, framing.left : right]
