"""What is computed of two distributions: a preview at once, and the answer on another thread."""

from dataclasses import dataclass

import numpy as np

from resmem_gui.analysis.comparison import (
    Comparison,
    compare,
    compare_groups,
    distances_are_prepared,
    groups_without_distances,
    without_distances,
)
from resmem_gui.analysis.histogram import Distribution, curves_are_prepared, prepare_curves
from resmem_gui.analysis.reference import Reference
from resmem_gui.ui.distribution.groups import Group


@dataclass(frozen=True, eq=False)
class Question:
    """What is to be compared, as it is at one moment.

    Attributes:
        first: The images that are asked about.
        second: What they are compared with.
        has_several_references: Whether these images have several references of their own, of which `second`
            is only the library's.
    """

    first: Group
    second: Group | Reference
    has_several_references: bool = False

    def is_same(self, other: "Question | None") -> bool:
        """Whether the answer would be the same."""
        if other is None or self.has_several_references != other.has_several_references:
            return False
        is_same_group = isinstance(self.second, Group) and self.second.is_same(other.second)
        return self.first.is_same(other.first) and (is_same_group or self.second is other.second)


@dataclass(frozen=True, eq=False)
class Answer:
    """What came of it.

    Attributes:
        question: What was asked.
        first: Distribution of the first.
        second: Distribution of the second.
        comparison: Numbers and distances.
        in_both: How many images with a score are in both groups.
        is_preview: Whether distances and curves are still to come.
    """

    question: Question
    first: Distribution
    second: Distribution
    comparison: Comparison
    in_both: int
    is_preview: bool = False

    @property
    def titles(self) -> tuple[str, str]:
        """As a legend calls the two."""
        second = self.question.second
        return self.question.first.title, second.name if isinstance(second, Reference) else second.title

    @property
    def names(self) -> tuple[str, str]:
        """As a sentence calls the two, in its middle."""
        return self.question.first.name, self.question.second.name


def is_prepared() -> bool:
    """Tell whether an answer costs no import any more."""
    return curves_are_prepared() and distances_are_prepared()


def preview(question: Question) -> Answer:
    """Return what NumPy alone tells, in some milliseconds: 5 for 100,000 images."""
    scores, second = question.first.scores, question.second
    if isinstance(second, Reference):
        return _answer(question, without_distances(scores, second), is_preview=True)
    return _answer(question, groups_without_distances(scores, second.scores), is_preview=True)


def answer(question: Question) -> Answer:
    """Count, describe and compare. Imports SciPy the first time: not for the GUI thread.

    Raises:
        ImportError: SciPy is not there, or it is broken.
    """
    prepare_curves()
    scores, second = question.first.scores, question.second
    if isinstance(second, Reference):
        return _answer(question, compare(scores, second))
    return _answer(question, compare_groups(scores, second.scores))


def _answer(question: Question, comparison: Comparison, *, is_preview: bool = False) -> Answer:
    scores, second = question.first.scores, question.second
    first = Distribution.of(scores)
    if isinstance(second, Reference):
        return Answer(question, first, Distribution.of_reference(second), comparison, 0, is_preview)
    scored = question.first.image_ids[~np.isnan(scores)]
    in_both = len(np.intersect1d(scored, second.image_ids, assume_unique=True))
    return Answer(question, first, Distribution.of(second.scores), comparison, in_both, is_preview)
