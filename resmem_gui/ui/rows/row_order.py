"""In which order the rows stand."""

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.standing import Standing
from resmem_gui.library.library import Library
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.rows.name_order import NameOrder


class RowOrder:
    """Sorts a library's images by a column. Equal images stay in the order of their adding."""

    def __init__(self, library: Library, standing: Standing, names: NameOrder) -> None:
        self._library = library
        self._standing = standing
        self._names = names

    def sorted(
        self, image_ids: NDArray[np.int64], column: Column, *, descending: bool
    ) -> NDArray[np.int64] | None:
        """Return ascending ids in another order; those without a value stand at the end.

        None if names have to be sorted first; `NameOrder.ready` tells when that is done.
        """
        keys = self._keys(image_ids, column)
        if keys is None:
            return None
        return image_ids[np.argsort(-keys if descending else keys, kind="stable")]

    def _keys(self, image_ids: NDArray[np.int64], column: Column) -> NDArray[np.float64] | None:
        """Return a number for each image by which to sort, NaN where there is no value; None if not yet."""
        match column:
            case Column.RANK | Column.SCORE | Column.PERCENTILE | Column.REFERENCE:
                return self._standing_keys(image_ids, column)
            case Column.STATUS:
                statuses = self._library.statuses[image_ids].astype(np.float64)
                return statuses + 0.5 * self._library.missing[image_ids]
            case Column.RATING:
                return _by_rating(self._library, image_ids)
            case Column.NAME | Column.FOLDER:
                places = self._names.places(by_path=column is Column.FOLDER)
                return None if places is None else places[image_ids].astype(np.float64)
            case Column.KIND:
                return _alphabetical(self._library.kinds)[self._library.kind_numbers[image_ids]]
            case Column.THUMBNAIL:
                return image_ids.astype(np.float64)
            case Column.CAUTIONS | Column.SENSITIVITY:
                return _validity_keys(self._library, image_ids, column)
            case _:
                return _header_keys(self._library, image_ids, column)

    def _standing_keys(self, image_ids: NDArray[np.int64], column: Column) -> NDArray[np.float64]:
        """Return what scores say, by themselves, among each other, and within their references."""
        standing, scores = self._standing, self._library.scores[image_ids].astype(np.float64)
        match column:
            case Column.RANK:
                return _nan_where_zero(standing.ranks[image_ids])
            case Column.PERCENTILE:
                # Where percentiles are equal, beyond a whole reference, scores decide.
                return standing.percentiles[image_ids] + 1e-6 * scores
            case Column.REFERENCE:
                names = [reference.name.casefold() for reference in standing.references]
                return _alphabetical(names)[standing.reference_numbers[image_ids]]
        return scores


def _header_keys(library: Library, image_ids: NDArray[np.int64], column: Column) -> NDArray[np.float64]:
    """Return what the files' headers say, as numbers."""
    match column:
        case Column.TAKEN:
            return library.taken[image_ids]
        case Column.CHANGED:
            return _nan_where_zero(library.mtimes_ns[image_ids])
        case Column.FILE_SIZE:
            return _nan_where_zero(library.file_bytes[image_ids])
    sizes = library.sizes[image_ids].astype(np.int64)
    if column is Column.DIMENSIONS:
        return _nan_where_zero(sizes.prod(axis=1))
    return _nan_where_zero(sizes[:, 0]) / _nan_where_zero(sizes[:, 1])


def _validity_keys(library: Library, image_ids: NDArray[np.int64], column: Column) -> NDArray[np.float64]:
    """Return how many cautions there are, or how wide the range of scores is; NaN where nobody has looked."""
    if column is Column.SENSITIVITY:
        ranges = library.sensitivity_ranges[image_ids].astype(np.float64)
        return ranges[:, 1] - ranges[:, 0]
    cautions = library.cautions[image_ids]
    counts = np.unpackbits(cautions[:, np.newaxis], axis=1).sum(axis=1)
    # Those with the same reasons stand together.
    return np.where(library.traits_known[image_ids], counts * 256.0 + cautions, np.nan)


def _by_rating(library: Library, image_ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return stars with picked before neither before rejected among equal ones; NaN without any of them."""
    picks = library.picks[image_ids].astype(np.int64)
    marks = library.ratings[image_ids].astype(np.int64) * 4 + picks
    return _nan_where_zero(marks)


def _alphabetical(words: list[str]) -> NDArray[np.float64]:
    """Return the place of each word among them; equal words have one."""
    distinct = sorted(set(words))
    places = {word: float(place) for place, word in enumerate(distinct)}
    return np.array([places[word] for word in words])


def _nan_where_zero(values: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(values == 0, np.nan, values.astype(np.float64))
