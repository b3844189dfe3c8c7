"""Which images of a library are shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from resmem_gui.library.library import Library, folded
from resmem_gui.library.records import Pick, Status
from resmem_gui.traits import NO_CAUTION, Caution

_Ids: TypeAlias = NDArray[np.int64]
_Mask: TypeAlias = NDArray[np.bool_]


class Range(NamedTuple):
    """From `low` up to, but without, `high`.

    The highest value that there is belongs to the range that ends there, and so does the only value of a
    range whose ends are equal.
    """

    low: float
    high: float

    def contains(self, values: NDArray[Any], highest: float) -> _Mask:
        """Return which values lie within; NaN does not. `highest` is the highest that values can be."""
        # Scores are kept in single precision: 0.7 there is less than 0.7 in double precision.
        values, low, high = values.astype(np.float32), np.float32(self.low), np.float32(self.high)
        is_closed = high >= np.float32(highest) or low == high
        below = values <= high if is_closed else values < high
        inside: _Mask = (values >= low) & below
        return inside


class Orientation(Enum):
    """The shape of an image as people see it."""

    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"
    SQUARE = "square"


@dataclass(frozen=True, slots=True)
class Filter:
    """What an image must be to be shown: all of these, each of them None or empty where it does not matter.

    Attributes:
        text: Must be in the file's name, large and small letters alike.
        statuses: It has one of them.
        missing: Whether its file must be missing (True) or there (False).
        scores: Its score must lie within.
        percentiles: Its percentile, 0 to 100, must lie within.
        ratings: It has one of these numbers of stars, 0 for none.
        picks: A person has decided one of these.
        folders: It is in one of these folders, absolute paths; not in those below.
        kinds: Its file name ends with one of these, in small letters without the dot.
        orientations: It has one of these shapes; an image whose size is unknown has none.
        cautions: One of these reasons why its score may not mean what it says is known; `NO_CAUTION` among
            them is for images that were looked at and have none.
    """

    text: str = ""
    statuses: frozenset[Status] | None = None
    missing: bool | None = None
    scores: Range | None = None
    percentiles: Range | None = None
    ratings: frozenset[int] | None = None
    picks: frozenset[Pick] | None = None
    folders: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    orientations: frozenset[Orientation] | None = None
    cautions: frozenset[Caution] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it lets every image through."""
        return self == _OPEN

    @property
    def criteria(self) -> list[str]:
        """The names of the attributes that matter, in their order."""
        return [
            field.name for field in fields(self) if getattr(self, field.name) != getattr(_OPEN, field.name)
        ]

    def without(self, criterion: str) -> "Filter":
        """Return a filter for which one attribute does not matter."""
        return self.where(criterion, getattr(_OPEN, criterion))

    def where(self, criterion: str, value: Any) -> "Filter":  # noqa: ANN401 - each attribute has a type of its own
        """Return a filter with another value of one attribute."""
        return replace(self, **{criterion: value})

    def passing(
        self, library: Library, image_ids: _Ids, percentiles: NDArray[np.float64] | None = None
    ) -> _Ids:
        """Return those of these images that are to be shown, in the same order.

        Args:
            library: That they are in.
            image_ids: Shape (n,).
            percentiles: By image id, 0 to 100, NaN without a score; needed where they matter.
        """
        # One after the other, names last: what is left out already need not be looked at.
        for criterion in sorted(self.criteria, key=lambda name: name == "text"):
            image_ids = image_ids[self._mask(criterion, library, image_ids, percentiles)]
        return image_ids

    def _mask(
        self, criterion: str, library: Library, image_ids: _Ids, percentiles: NDArray[np.float64] | None
    ) -> _Mask:
        """Return which images one attribute alone lets through, shape (n,)."""
        if criterion == "percentiles":
            assert self.percentiles is not None
            assert percentiles is not None
            return self.percentiles.contains(percentiles[image_ids], 100.0)
        return _MASKS[criterion](self, library, image_ids)


class Count(NamedTuple):
    """How much one criterion of a filter matters.

    Attributes:
        alone: So many images it lets through without the others.
        without: So many images the others let through without it.
    """

    alone: int
    without: int


def count_criteria(wanted: Filter, library: Library, percentiles: NDArray[np.float64]) -> Mapping[str, Count]:
    """Return, for each criterion that matters, how much it does."""
    ids = library.present_ids()
    masks = {name: wanted._mask(name, library, ids, percentiles) for name in wanted.criteria}  # noqa: SLF001
    refusals = np.zeros(len(ids), dtype=np.int8)
    for mask in masks.values():
        refusals += ~mask
    # What the others let through is refused by none, or by this one alone.
    return {name: Count(int(mask.sum()), int((refusals <= ~mask).sum())) for name, mask in masks.items()}


def count_values(values: NDArray[Any], most: int) -> NDArray[np.int64]:
    """Return how often each whole number from 0 to `most` is among these, shape (most + 1,)."""
    return np.bincount(values, minlength=most + 1)[: most + 1]


def orientation_masks(sizes: NDArray[np.int32]) -> dict[Orientation, _Mask]:
    """Return which sizes, shape (n, 2), have each orientation. Unknown ones (0) have none."""
    width, height = sizes[:, 0], sizes[:, 1]
    known = (width > 0) & (height > 0)
    return {
        Orientation.LANDSCAPE: known & (width > height),
        Orientation.PORTRAIT: known & (width < height),
        Orientation.SQUARE: known & (width == height),
    }


_OPEN: Final = Filter()


def _by_text(wanted: Filter, library: Library, ids: _Ids) -> _Mask:
    text, names = folded(wanted.text), library.folded_names
    return np.array([text in names[image_id] for image_id in ids.tolist()], dtype=np.bool_)


def _by_score(wanted: Filter, library: Library, ids: _Ids) -> _Mask:
    assert wanted.scores is not None
    return wanted.scores.contains(library.scores[ids], 1.0)


def _by_status(wanted: Filter, library: Library, ids: _Ids) -> _Mask:
    return np.isin(library.statuses[ids], [int(status) for status in wanted.statuses or ()])


def _by_missing(wanted: Filter, library: Library, ids: _Ids) -> _Mask:
    missing: _Mask = library.missing[ids]
    return missing if wanted.missing else ~missing


def _by_rating(wanted: Filter, library: Library, ids: _Ids) -> _Mask:
    return np.isin(library.ratings[ids], list(wanted.ratings or ()))


def _by_pick(wanted: Filter, library: Library, ids: _Ids) -> _Mask:
    return np.isin(library.picks[ids], [int(pick) for pick in wanted.picks or ()])


def _by_folder(wanted: Filter, library: Library, ids: _Ids) -> _Mask:
    return _numbered(library.folders, wanted.folders or frozenset(), library.folder_numbers[ids])


def _by_kind(wanted: Filter, library: Library, ids: _Ids) -> _Mask:
    return _numbered(library.kinds, wanted.kinds or frozenset(), library.kind_numbers[ids])


def _by_orientation(wanted: Filter, library: Library, ids: _Ids) -> _Mask:
    masks = orientation_masks(library.sizes[ids])
    result = np.zeros(len(ids), dtype=np.bool_)
    for orientation in wanted.orientations or ():
        result |= masks[orientation]
    return result


def caution_masks(library: Library, ids: _Ids) -> dict[Caution, _Mask]:
    """Return which images, shape (n,), have each caution, and which are known to have none."""
    cautions = library.cautions[ids]
    masks: dict[Caution, _Mask] = {caution: (cautions & int(caution)) > 0 for caution in Caution}
    masks[NO_CAUTION] = library.traits_known[ids] & (cautions == 0)
    return masks


def _by_caution(wanted: Filter, library: Library, ids: _Ids) -> _Mask:
    masks = caution_masks(library, ids)
    result = np.zeros(len(ids), dtype=np.bool_)
    for caution in wanted.cautions or ():
        result |= masks[caution]
    return result


def _numbered(words: list[str], wanted: frozenset[str], numbers: NDArray[np.int32]) -> _Mask:
    return np.isin(numbers, [number for number, word in enumerate(words) if word in wanted])


_MASKS: Final[Mapping[str, Callable[[Filter, Library, _Ids], _Mask]]] = {
    "text": _by_text,
    "scores": _by_score,
    "statuses": _by_status,
    "missing": _by_missing,
    "ratings": _by_rating,
    "picks": _by_pick,
    "folders": _by_folder,
    "kinds": _by_kind,
    "orientations": _by_orientation,
    "cautions": _by_caution,
}
