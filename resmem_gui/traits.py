"""What an image's pixels tell besides its score: the plain data, as every room passes it on."""

from dataclasses import dataclass


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
