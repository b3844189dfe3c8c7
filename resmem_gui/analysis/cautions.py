"""Why a score may not mean what it says, and how to say so. No caution changes a score.

The thresholds keep false alarms rare: of 138 photographs none has writing above its threshold and one is
taken for a graphic; edited and compressed in seven ways, one in a hundred is. A caution too many would teach
people not to read them. `tests.benchmarks.traits` prints such figures for any folder.
"""

from typing import Final

from resmem_gui.traits import NO_CAUTION, Caution, Traits

#: A face dominates when it takes this share of the image. Where a person is seen as a whole it takes 1 to
#: 3 %, in a portrait to the waist 5 %, and faces smaller than 4 % are not found reliably.
LEAST_FACE_SHARE: Final = 0.04
#: Pages of text have 0.41 to 0.88 of their squares written on, photographs up to 0.27.
LEAST_TEXT_SHARE: Final = 0.3
#: Nine in ten charts, screenshots, slides and drawings are above it, one in a hundred photographs.
LEAST_GRAPHIC: Final = 0.8
#: What the network looks at has so many pixels on each side; a smaller image is enlarged for it.
NETWORK_SIDE: Final = 227
#: The network squashes every image to a square: beyond this ratio of the sides shapes are badly distorted.
MOST_ASPECT: Final = 2.0

#: Goes for every caution: to be said once wherever some are listed.
UNCHANGED: Final = "Cautions never change a score."

_TITLES: Final = {
    Caution.FACE: "Face",
    Caution.TEXT: "Text",
    Caution.GRAPHIC: "Chart, screenshot or drawing",
    Caution.SMALL: "Small image",
    Caution.ASPECT: "Long and narrow",
    Caution.ANIMATION: "Animation",
    Caution.NEAR_DUPLICATE: "Near-duplicate",
}
_SENTENCES: Final = {
    Caution.FACE: (
        "A face takes a noticeable part of the image. What makes a face memorable is not what the network "
        "learned from everyday photographs: a network of the same kind ranked photographs of faces no better "
        "than chance (Squalli-Houssaini et al. 2018: rank correlation −0.06)."
    ),
    Caution.TEXT: (
        "Much of the image looks like writing. The network was trained on everyday photographs and cannot "
        "read: what the words say does not enter the score. How well it ranks pages of text is not known."
    ),
    Caution.GRAPHIC: (
        "The image looks like a chart, a screenshot or a drawing. The network was trained on photographs: a "
        "network of the same kind ranked visualisations worse than chance (Squalli-Houssaini et al. 2018: "
        "rank correlation −0.27)."
    ),
    Caution.SMALL: (
        f"The image is smaller than the {NETWORK_SIDE} × {NETWORK_SIDE} pixels that the network looks at. It "
        "was enlarged for it and so is blurred: the score may be that of the blur."
    ),
    Caution.ASPECT: (
        "One side of the image is more than twice the other. The network squashes every image to a square, "
        "so it saw distorted shapes that people do not see."
    ),
    Caution.ANIMATION: (
        "The file holds several pictures. Only the first was scored; movement and the other pictures do not "
        "enter the score."
    ),
    Caution.NEAR_DUPLICATE: (
        "Another image here shows nearly the same. Counted one by one, near-duplicates crowd the ranks and "
        "weigh double in every mean: count them once."
    ),
}


def cautions_of(traits: Traits | None, size: tuple[int, int]) -> Caution:
    """Return the reasons to doubt a score that one image gives by itself, which near-duplicates are not.

    Args:
        traits: What its pixels show; None if nobody has looked: then only its size can tell.
        size: Width and height in pixels, as people see it; 0 while unknown.
    """
    found = _of_size(size)
    if traits is None:
        return found
    if traits.face_share >= LEAST_FACE_SHARE:
        found |= Caution.FACE
    if traits.text_share >= LEAST_TEXT_SHARE:
        found |= Caution.TEXT
    if traits.graphic >= LEAST_GRAPHIC:
        found |= Caution.GRAPHIC
    if traits.frames > 1:
        found |= Caution.ANIMATION
    return found


def title(caution: Caution) -> str:
    """Return what people call one reason."""
    return _TITLES[caution]


def sentence(caution: Caution) -> str:
    """Return what one reason means for the score, for any image. `UNCHANGED` goes for all of them."""
    return _SENTENCES[caution]


def reason(caution: Caution, traits: Traits | None, size: tuple[int, int]) -> str:
    """Return one reason with what was found in this image, as plain sentences.

    Args:
        caution: One that the image has.
        traits: What its pixels show; None if nobody has looked.
        size: Width and height in pixels, as people see it.
    """
    found = _found(caution, traits, size)
    return f"{found} {sentence(caution)}" if found else sentence(caution)


def _of_size(size: tuple[int, int]) -> Caution:
    shorter, longer = sorted(size)
    found = NO_CAUTION
    if shorter <= 0:
        return found
    if shorter < NETWORK_SIDE:
        found |= Caution.SMALL
    if longer > MOST_ASPECT * shorter:
        found |= Caution.ASPECT
    return found


def _found(caution: Caution, traits: Traits | None, size: tuple[int, int]) -> str:
    """Return what was found in this image, empty where there is no number to tell."""
    if caution in (Caution.SMALL, Caution.ASPECT):
        return _found_in_size(caution, size)
    if traits is None:
        return ""
    return _found_in_pixels(caution, traits)


def _found_in_size(caution: Caution, size: tuple[int, int]) -> str:
    width, height = size
    if caution == Caution.SMALL:
        return f"{width:,} × {height:,} pixels."
    shorter, longer = sorted(size)
    ratio = longer / max(shorter, 1)
    return f"{width:,} × {height:,} pixels: {ratio:.1f} to 1."


def _found_in_pixels(caution: Caution, traits: Traits) -> str:
    if caution == Caution.FACE:
        one_of = "" if traits.faces == 1 else f" is the largest of {traits.faces} and"
        return f"A face was found that{one_of} takes {100 * traits.face_share:.0f} % of the image."
    if caution == Caution.TEXT:
        return f"Writing was found on {100 * traits.text_share:.0f} % of the places looked at."
    if caution == Caution.GRAPHIC:
        return f"Likeness to a graphic: {traits.graphic:.2f} of 1; from {LEAST_GRAPHIC:.2f} on it is said."
    if caution == Caution.ANIMATION:
        return f"{traits.frames:,} pictures."
    return ""
