"""What an image's pixels tell besides its score: the plain data, as every room passes it on."""

from dataclasses import dataclass
from enum import IntFlag
from typing import Final


@dataclass(frozen=True, slots=True)
class Traits:
    """What was found in the pixels of one image, as measures; `analysis.cautions` says what they mean.

    Attributes:
        faces: How many faces were found.
        face_share: Share of the image that the largest of them takes, 0 to 1; 0 without one.
        text_share: Share of the image that writing takes, 0 to 1.
        graphic: How much the image is like a chart, screenshot or drawing and unlike a photograph, 0 to 1.
        frames: How many pictures the file holds: more than one is an animation.
        fingerprint: 24 bytes to compare images by (`images.likeness`); empty for one that is plain all over.
    """

    faces: int
    face_share: float
    text_share: float
    graphic: float
    frames: int
    fingerprint: bytes


class Caution(IntFlag):
    """Reasons why a score may not mean what it says. They never change it."""

    FACE = 1
    TEXT = 2
    GRAPHIC = 4
    SMALL = 8
    ASPECT = 16
    ANIMATION = 32
    NEAR_DUPLICATE = 64

    @property
    def word(self) -> str:
        """One reason as exports and sessions write it."""
        assert self.name is not None
        return self.name.lower().replace("_", "-")


NO_CAUTION: Final = Caution(0)
