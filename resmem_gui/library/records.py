"""The pieces of what a library knows."""

import os
import re
import statistics
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from resmem_gui.traits import Caution


class Status(IntEnum):
    """How far an image has come. The numbers are the order in which a table sorts them."""

    SCORED = 0
    WAITING = 1
    FAILED = 2

    @property
    def word(self) -> str:
        """The status as people and exports write it."""
        return self.name.lower()


class Pick(IntEnum):
    """What a person has decided about an image."""

    REJECTED = -1
    NONE = 0
    PICKED = 1

    @property
    def word(self) -> str:
        """The decision as people, sessions and exports write it."""
        return {self.REJECTED: "rejected", self.NONE: "neither", self.PICKED: "picked"}[self]


MOST_STARS: Final = 5
_HALF_CHARACTERS: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How a score moves when the image is framed a little differently. Not an error against people.

    Attributes:
        recipe: Id of the ways of framing (`scoring.framings`).
        scores: What the network answered to each, at least two.
    """

    recipe: str
    scores: tuple[float, ...]

    @property
    def low(self) -> float:
        """The least of the scores."""
        return min(self.scores)

    @property
    def high(self) -> float:
        """The greatest of the scores."""
        return max(self.scores)

    @property
    def mean(self) -> float:
        """Of the scores."""
        return statistics.fmean(self.scores)

    @property
    def sd(self) -> float:
        """Sample standard deviation of the scores."""
        return statistics.stdev(self.scores)


@dataclass(frozen=True, slots=True)
class Provenance:
    """What produced a score: everything that must be equal for it to be produced again.

    Attributes:
        scorer: Name and version of the scorer.
        weights_sha256: Of the file of weights.
        preprocessing: Id of the recipe from pixels to network input.
        device: Where the network ran.
    """

    scorer: str
    weights_sha256: str
    preprocessing: str
    device: str


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """All that is known about one image.

    Attributes:
        image_id: Its number in the library, never used again for another.
        path: Absolute.
        score: Memorability, 0 to 1; None without a score.
        width: In pixels, after orientation; 0 while unknown.
        height: Likewise.
        error: Why it has no score, as a plain sentence; empty otherwise.
        sha256: Of the file's bytes when it was scored; empty while unknown.
        provenance: What produced the score; None without one.
        missing: Whether its file was not there when somebody last looked.
        rating: Stars that a person has given, 1 to 5; 0 without a rating.
        pick: What a person has decided about it.
        cautions: Why its score may not mean what it says; None while nobody has looked.
        sensitivity: How its score moves with the framing; None while nobody has asked.
        reference: Id of the reference that its percentile is taken from.
    """

    image_id: int
    path: str
    status: Status
    score: float | None
    width: int
    height: int
    error: str
    sha256: str
    provenance: Provenance | None
    missing: bool = False
    rating: int = 0
    pick: Pick = Pick.NONE
    cautions: Caution | None = None
    sensitivity: Sensitivity | None = None
    reference: str = ""

    @property
    def name(self) -> str:
        """The file's name, fit for showing."""
        return readable(os.path.basename(self.path))

    @property
    def folder(self) -> str:
        """The folder's path, fit for showing."""
        return readable(os.path.dirname(self.path))


def readable(path: str) -> str:
    """Return a path fit for showing: what is no valid text becomes replacement characters."""
    try:
        return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:  # half a character, as names on Windows and JSON may hold it
        return _HALF_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", path)
