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
            case Column.RANK:
                return _nan_where_zero(self._standing.ranks[image_ids])
            case Column.SCORE | Column.PERCENTILE:
                return self._library.scores[image_ids].astype(np.float64)
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
            case _:
                return _header_keys(self._library, image_ids, column)


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


def _by_rating(library: Library, image_ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return stars with picked before neither before rejected among equal ones; NaN without any of them."""
    picks = library.picks[image_ids].astype(np.int64)
    marks = library.ratings[image_ids].astype(np.int64) * 4 + picks
    return _nan_where_zero(marks)


def _alphabetical(words: list[str]) -> NDArray[np.float64]:
    """Return the place of each word among them."""
    places = np.empty(len(words))
    places[sorted(range(len(words)), key=words.__getitem__)] = np.arange(len(words))
    return places


def _nan_where_zero(values: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(values == 0, np.nan, values.astype(np.float64))
