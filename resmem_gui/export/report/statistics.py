"""The numbers of a report: the images by their reference, summaries, and what carries which caution."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis import cautions
from resmem_gui.analysis.comparison import Comparison, compare
from resmem_gui.analysis.histogram import Distribution
from resmem_gui.analysis.ranking import FLOOR
from resmem_gui.analysis.reference import Reference
from resmem_gui.export.report.content import ReportContent, ReportImage
from resmem_gui.export.report.figure import DistributionFigure
from resmem_gui.traits import Caution


@dataclass(frozen=True)
class ReferenceGroup:
    """The scored images whose percentiles are taken from one reference.

    Attributes:
        reference: That one.
        images: The most memorable first; one at least.
        label: What they are called beside the reference.
    """

    reference: Reference
    images: tuple[ReportImage, ...]
    label: str = "Images of this report"

    @property
    def scores(self) -> NDArray[np.float64]:
        """Of the images, shape (n,)."""
        return np.array([image.score for image in self.images], dtype=np.float64)

    @property
    def figure(self) -> DistributionFigure:
        """The scores against the reference."""
        scores = self.scores
        return DistributionFigure(
            Distribution.of(scores),
            Distribution.of_reference(self.reference),
            self.label,
            self.reference.name,
            scores,
        )

    @cached_property
    def comparison(self) -> Comparison:
        """Both distributions in numbers. SciPy is imported: not for the GUI thread."""
        return compare(self.scores, self.reference)

    @property
    def summary(self) -> "tuple[SummaryRow, ...]":
        """Both distributions as the rows of a table."""
        mine, theirs = self.comparison.first, self.comparison.second
        pairs = [
            (name, _three(getattr(mine, key)), _three(getattr(theirs, key))) for key, name in _NAMES.items()
        ]
        shares = (_per_cent(mine.share_at_floor), _per_cent(theirs.share_at_floor))
        return (
            SummaryRow("Number of images", f"{mine.n:,}", f"{theirs.n:,}"),
            *(SummaryRow(*pair) for pair in pairs),
            SummaryRow(f"Below {FLOOR:.2f}", *shares),
        )

    @property
    def distances(self) -> str:
        """How far the distributions are apart, as sentences."""
        found, mine, name = self.comparison, "these images", self.reference.name
        return (
            f"Kolmogorov–Smirnov distance: {found.ks.value:.3f}. {found.ks_sentence(mine, name)} "
            f"{found.chance_sentence()} Wasserstein distance: {found.wasserstein:.3f}. "
            f"{found.wasserstein_sentence(mine, name)}"
        )


#: More names than this under one caution are not read; the table marks all of them.
_MOST_NAMED: Final = 200
_NAMES: Final = {
    "mean": "Mean",
    "sd": "Standard deviation",
    "minimum": "Least",
    "q1": "Lower quartile",
    "median": "Median",
    "q3": "Upper quartile",
    "maximum": "Greatest",
}


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One statistic, as text.

    Attributes:
        name: What it is.
        images: Of the images of the report.
        reference: Of the reference.
    """

    name: str
    images: str
    reference: str


@dataclass(frozen=True, slots=True)
class CautionGroup:
    """The images that carry one caution.

    Attributes:
        caution: That one.
        title: Its name for people.
        sentence: What it means.
        images: Scored or not, in the order of the report.
    """

    caution: Caution
    title: str
    sentence: str
    images: tuple[ReportImage, ...]

    @property
    def named(self) -> tuple[ReportImage, ...]:
        """Those of the images that are named under the caution."""
        return self.images[:_MOST_NAMED]

    @property
    def others(self) -> str:
        """How many more there are, as the end of the list of names; empty where all are named."""
        rest = len(self.images) - len(self.named)
        return f" and {rest:,} more" if rest else ""


def groups(content: ReportContent) -> tuple[ReferenceGroup, ...]:
    """Return the scored images by their reference, in the order of the references. None is empty."""
    first = content.references[0]
    by_name = {reference.name: reference for reference in content.references}
    by_name |= {str(getattr(reference, "id", reference.name)): reference for reference in content.references}
    held: dict[str, list[ReportImage]] = {reference.name: [] for reference in content.references}
    for image in content.images:
        held[by_name.get(image.reference, first).name].append(image)
    kept = [reference for reference in content.references if held[reference.name]]
    label = ReferenceGroup.label if len(kept) == 1 else "Images of this group"
    return tuple(ReferenceGroup(reference, tuple(held[reference.name]), label) for reference in kept)


def caution_groups(content: ReportContent) -> tuple[CautionGroup, ...]:
    """Return each caution that some image carries, with those images."""
    found = []
    for caution in Caution:
        images = tuple(i for i in (*content.images, *content.unscored) if caution in i.cautions)
        if images:
            found.append(CautionGroup(caution, cautions.title(caution), cautions.sentence(caution), images))
    return tuple(found)


def at_floor(images: Sequence[ReportImage]) -> tuple[ReportImage, ...]:
    """Return the images whose order among each other means nothing."""
    return tuple(image for image in images if image.at_floor)


def _three(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"


def _per_cent(share: float) -> str:
    return f"{100 * share:.1f} %"
