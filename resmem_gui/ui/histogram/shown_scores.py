"""The scores that the histogram is drawn of: of the library, the reference and the selected images."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.histogram import Distribution, LiveHistogram
from resmem_gui.analysis.reference import Reference
from resmem_gui.ui.histogram.content import Content, ScoreRange

#: So many selected images have a line each; more are drawn as a distribution.
_MOST_MARKS: Final = 20


class ShownScores:
    """Counts what must be counted when it is asked for, and no earlier.

    Attributes:
        reference: What the library is compared with.
    """

    def __init__(self, histogram: LiveHistogram, reference: Reference) -> None:
        """Begin without a selection.

        Args:
            histogram: Of the library; it grows by itself.
            reference: What it is compared with.
        """
        self._histogram = histogram
        self._selected: NDArray[np.float32] = np.empty(0, dtype=np.float32)
        self._selection: Distribution | None = Distribution.of([])
        self.set_reference(reference)

    def set_reference(self, reference: Reference) -> None:
        """Compare the library with another reference from now on."""
        self.reference = reference
        self._reference_distribution = Distribution.of_reference(reference)

    def select(self, scores: NDArray[np.float32]) -> None:
        """Take the scores of the selected images, shape (n,)."""
        self._selected = scores
        self._selection = None  # made when it is drawn

    @property
    def marks(self) -> list[float]:
        """The scores that have a line of their own: those of a small selection."""
        return [float(score) for score in self._selected] if len(self._selected) <= _MOST_MARKS else []

    def content(self, chosen: ScoreRange | None) -> Content:
        """Return what there is to draw now, with the range that is chosen, if any."""
        if self._selection is None:
            self._selection = Distribution.of(self._selected)
        return Content(
            self._histogram.distribution(),
            self._reference_distribution,
            self.reference.name,
            self._selection,
            tuple(self.marks),
            chosen,
        )
