"""Stars from scores: which percentiles get how many."""

import math
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ScoreBands:
    """A named way to give stars.

    Attributes:
        name: For a list of choices.
        edges: Percentiles within the reference from which on an image has 5, 4, 3 and 2 stars; the others
            have 1.
    """

    name: str
    edges: tuple[float, float, float, float]

    def stars(self, percentile: float) -> int:
        """Return 1 to 5 stars for a percentile; 0 for an image without a score (NaN)."""
        if math.isnan(percentile):
            return 0
        return next((5 - step for step, edge in enumerate(self.edges) if percentile >= edge), 1)

    def sentence(self, reference: str) -> str:
        """Return what the stars mean, with the name of the reference."""
        parts = [f"{5 - step} stars from the {edge:g}th" for step, edge in enumerate(self.edges)]
        return f"{', '.join(parts)} percentile of {reference}; 1 star below."


#: 5 stars are rare, as photographers give them.
TOP_TENTH: Final = ScoreBands("Top tenth", (90, 75, 50, 25))
#: As many images in each band, if the library is like the reference.
FIFTHS: Final = ScoreBands("Fifths", (80, 60, 40, 20))
SCORE_BANDS: Final = (TOP_TENTH, FIFTHS)
