"""The item model of the library: one row an image, shared by grid and table."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

import numpy as np
from natsort import natsort_keygen, ns
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QUrl,
)
from PySide6.QtGui import QPixmap

from resmem_gui.analysis.ranking import at_floor, ranks
from resmem_gui.analysis.reference import Reference
from resmem_gui.library.library import Library
from resmem_gui.library.records import ImageRecord, Status, readable
from resmem_gui.ui import wording
from resmem_gui.ui.thumbnails import Thumbnails

_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_WITH_HINT: Final = ("QList<QPersistentModelIndex>", "QAbstractItemModel::LayoutChangeHint")
#: Removing row by row costs as much for each as for all; beyond this many gaps a reset is cheaper.
_MOST_GAPS: Final = 50
_natural_key = natsort_keygen(alg=ns.IGNORECASE)


class Column(IntEnum):
    """The columns of the table."""

    RANK = 0
    THUMBNAIL = 1
    NAME = 2
    SCORE = 3
    PERCENTILE = 4
    DIMENSIONS = 5
    FOLDER = 6
    STATUS = 7


class Role(IntEnum):
    """What delegates may ask of an index besides Qt's own roles."""

    IMAGE_ID = Qt.ItemDataRole.UserRole + 1
    SCORE = Qt.ItemDataRole.UserRole + 2
    PERCENTILE = Qt.ItemDataRole.UserRole + 3
    RANK = Qt.ItemDataRole.UserRole + 4
    STATUS = Qt.ItemDataRole.UserRole + 5
    AT_FLOOR = Qt.ItemDataRole.UserRole + 6


#: Sorting by these has to follow the scores as they come in.
SCORE_COLUMNS: Final = frozenset(
    {Column.RANK, Column.SCORE, Column.PERCENTILE, Column.DIMENSIONS, Column.STATUS}
)
_RIGHT_ALIGNED: Final = frozenset({Column.RANK, Column.SCORE, Column.PERCENTILE, Column.DIMENSIONS})


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell of the grid shows.

    Attributes:
        picture: The thumbnail, if there is one yet.
        name: Of the file.
        score: On the picture; empty if there is none.
        detail: Rank and percentile, or why there are none.
        failed: Whether the image could not be scored.
    """

    picture: QPixmap | None
    name: str
    score: str
    detail: str
    failed: bool


#: So many changed rows are told one by one, more as one range with those between them.
_ROWS_BY_THEMSELVES: Final = 32


class ImageModel(QAbstractTableModel):
    """Shows a library's columns in an order.

    The library holds one entry an image, by id; the model holds the order in which rows show them. Sorting
    computes a new order with NumPy and moves the persistent indexes (selection, current image) along.
    `data` only looks things up.

    Attributes:
        library: What is shown.
        reference: The distribution behind the percentiles.
    """

    def __init__(
        self, library: Library, reference: Reference, thumbnails: Thumbnails, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.library = library
        self.reference = reference
        self._thumbnails = thumbnails
        self._order: NDArray[np.int64] = library.present_ids()
        self._sort_column = Column.RANK
        self._sort_order = Qt.SortOrder.AscendingOrder
        thumbnails.changed.connect(self._thumbnail_changed)
        self._refresh()

    # What rows show

    @property
    def order(self) -> NDArray[np.int64]:
        """Image ids by row. Not to be changed."""
        return self._order

    @property
    def sort_column(self) -> Column:
        """The column by which rows are sorted."""
        return self._sort_column

    @property
    def sort_order(self) -> Qt.SortOrder:
        """Whether the least or the greatest comes first."""
        return self._sort_order

    def image_id(self, row: int) -> int:
        """Return the id of the image in a row."""
        return int(self._order[row])

    def row_of(self, image_id: int) -> int | None:
        """Return the row that shows an image, None if none does."""
        row = int(self._rows[image_id]) if 0 <= image_id < len(self._rows) else -1
        return row if row >= 0 else None

    def rank(self, image_id: int) -> int:
        """Return an image's rank among all scored ones, 0 without a score."""
        return int(self._ranks[image_id])

    def percentile(self, image_id: int) -> float:
        """Return an image's percentile within the reference, NaN without a score."""
        return float(self._percentiles[image_id])

    def record(self, row: int) -> ImageRecord:
        """Return all that is known about the image in a row."""
        return self.library.record(self.image_id(row))

    # Changes

    def add(self, paths: Iterable[str]) -> list[int]:
        """Add images at the end and return the ids of the new ones."""
        known = len(self.library)
        added = self.library.add(paths)
        if not added:
            return added
        first = len(self._order)
        self.beginInsertRows(QModelIndex(), first, first + len(added) - 1)
        self._order = np.concatenate([self._order, np.arange(known, known + len(added))])
        self._refresh()
        self.endInsertRows()
        return added

    def remove(self, image_ids: Sequence[int]) -> None:
        """Take images out of the library; their files stay."""
        rows = sorted(row for row in map(self.row_of, image_ids) if row is not None)
        gaps = _runs(rows)
        self.library.remove(image_ids)
        self._thumbnails.forget(image_ids)
        if len(gaps) > _MOST_GAPS:
            self.beginResetModel()
            self._order = np.delete(self._order, rows)
            self._refresh()
            self.endResetModel()
            return
        for first, last in reversed(gaps):
            self.beginRemoveRows(QModelIndex(), first, last)
            self._order = np.delete(self._order, np.s_[first : last + 1])
            self._refresh_rows()
            self.endRemoveRows()
        self._refresh()
        self._all_changed(Column.RANK)

    def clear(self) -> None:
        """Take all images out of the library."""
        self.beginResetModel()
        self.library.clear()
        self._thumbnails.forget()
        self._order = self.library.present_ids()
        self._refresh()
        self.endResetModel()

    def images_changed(self, image_ids: Sequence[int]) -> None:
        """Show what the library now knows of these images, in the rows where they are.

        The ranks of all others may have changed with it; `tell_ranks` says so.
        """
        self._refresh()
        rows = sorted(row for row in map(self.row_of, image_ids) if row is not None)
        if len(rows) > _ROWS_BY_THEMSELVES:
            self._rows_changed(rows[0], rows[-1])
        else:
            for row in rows:
                self._rows_changed(row, row)

    def _rows_changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1))

    def tell_ranks(self) -> None:
        """Show all ranks as they are now. Every row is drawn again: not to be called for each score."""
        self._all_changed(Column.RANK)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort rows by a column and remember it; images without a value stay at the end."""
        self._sort_column, self._sort_order = Column(column), order
        self.sort_again()

    def sort_again(self) -> None:
        """Put rows into the order of the column chosen last, after scores have come in."""
        order = self._sorted_ids()
        if np.array_equal(order, self._order):
            return
        # The hint spares the selection an index for each cell: rows move as wholes.
        hint = self.LayoutChangeHint.VerticalSortHint
        self.layoutAboutToBeChanged[_WITH_HINT].emit([], hint)  # type: ignore[index]
        before = self.persistentIndexList()
        moved = [(self.image_id(index.row()), index.column()) for index in before]
        self._order = order
        self._refresh_rows()
        after = [self.index(int(self._rows[image_id]), column) for image_id, column in moved]
        self.changePersistentIndexList(before, after)
        self.layoutChanged[_WITH_HINT].emit([], hint)  # type: ignore[index]

    def cell(self, row: int) -> Cell:
        """Return all that a cell of the grid shows, in one look-up: drawing has no time for ten."""
        image_id = int(self._order[row])
        record = self.library.record(image_id)
        detail = {Status.FAILED: "Not scored"}.get(record.status, "Waiting")
        score = ""
        if record.score is not None:
            percentile = wording.percentile_text(float(self._percentiles[image_id]))
            detail = f"#{int(self._ranks[image_id]):,} · {percentile}"
            score = wording.score_text(record.score) + (" floor" if at_floor(record.score) else "")
        return Cell(
            picture=self._thumbnails.pixmap(image_id),
            name=record.name,
            score=score,
            detail=detail,
            failed=record.status is Status.FAILED,
        )

    # QAbstractTableModel

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many images are shown."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title or what it means."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        column = Column(section)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._title(column)
            case Qt.ItemDataRole.ToolTipRole:
                return self._meaning(column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return what can be done with a cell."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Look up what a cell shows."""
        if not index.isValid() or index.row() >= len(self._order):
            return None
        image_id, column = self.image_id(index.row()), Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(image_id, column)
            case Qt.ItemDataRole.DecorationRole:
                return self._thumbnails.pixmap(image_id) if column is Column.THUMBNAIL else None
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.ToolTipRole:
                return _plain_tip(self.library.error(image_id) or readable(self.library.paths[image_id]))
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(image_id, column)
        return self._value(image_id, role)

    def mimeTypes(self) -> list[str]:
        """Return what a drag out of the window carries."""
        return ["text/uri-list"]

    def mimeData(self, indexes: Iterable[QModelIndex]) -> QMimeData:
        """Return the files of the images dragged."""
        data = QMimeData()
        rows = sorted({index.row() for index in indexes})
        data.setUrls([QUrl.fromLocalFile(self.library.paths[self.image_id(row)]) for row in rows])
        return data

    # Look-ups

    def _value(self, image_id: int, role: int) -> Any:
        match role:
            case Role.IMAGE_ID:
                return image_id
            case Role.STATUS:
                return Status(int(self.library.statuses[image_id]))
            case Role.SCORE:
                return float(self.library.scores[image_id])
            case Role.PERCENTILE:
                return float(self._percentiles[image_id])
            case Role.RANK:
                return int(self._ranks[image_id])
            case Role.AT_FLOOR:
                return bool(at_floor(self.library.scores[image_id]))
        return None

    def _text(self, image_id: int, column: Column) -> str:
        record = self.library.record(image_id)
        match column:
            case Column.RANK:
                return f"{self._ranks[image_id]:,}" if record.score is not None else ""
            case Column.NAME:
                return record.name
            case Column.SCORE:
                return f"{record.score:.3f}" if record.score is not None else ""
            case Column.PERCENTILE:
                if record.score is None:
                    return ""
                return str(wording.whole_percentile(float(self._percentiles[image_id])))
            case Column.DIMENSIONS:
                return wording.dimensions_text(record.width, record.height)
            case Column.FOLDER:
                return record.folder
            case Column.STATUS:
                return self._status_text(record)
        return ""

    @staticmethod
    def _status_text(record: ImageRecord) -> str:
        if record.status is Status.FAILED:
            return f"Failed: {record.error}"
        if record.score is not None and at_floor(record.score):
            return "Scored, at the model’s floor"
        return record.status.word.capitalize()

    def _spoken(self, image_id: int, column: Column) -> str:
        """Return what a screen reader says: the name, which is all a grid has, stands for the whole image."""
        if column is not Column.NAME:
            return self._text(image_id, column)
        record = self.library.record(image_id)
        if record.score is None:
            return f"{record.name}, {self._status_text(record)}"
        percentile = wording.percentile_text(float(self._percentiles[image_id]))
        floor = ", at the model’s floor" if at_floor(record.score) else ""
        return (
            f"{record.name}, rank {self._ranks[image_id]}, score {record.score:.2f}, "
            f"{percentile} of {self.reference.name}{floor}"
        )

    def _title(self, column: Column) -> str:
        titles = {Column.THUMBNAIL: "", Column.PERCENTILE: f"{self.reference.name} percentile"}
        return titles.get(column, column.name.capitalize())

    def _meaning(self, column: Column) -> str | None:
        match column:
            case Column.RANK:
                return "1 is the most memorable of your scored images. Equal scores share a rank."
            case Column.SCORE:
                return "Memorability as ResMem predicts it, from 0 to 1; it hardly answers below 0.41."
            case Column.PERCENTILE:
                return (
                    f"How many per cent of {self.reference.name}’s {self.reference.n:,} images, "
                    "measured on people, are less memorable."
                )
        return None

    # Order

    def _refresh(self) -> None:
        """Derive ranks, percentiles and rows anew."""
        scores = self.library.present_scores()
        self._ranks = ranks(scores)
        self._percentiles = self.reference.percentile(scores)
        self._refresh_rows()

    def _refresh_rows(self) -> None:
        self._rows: NDArray[np.int64] = np.full(len(self.library), -1, dtype=np.int64)
        self._rows[self._order] = np.arange(len(self._order))

    def _sorted_ids(self) -> NDArray[np.int64]:
        """Return the ids of all present images, sorted; equal ones in the order of their adding."""
        ids = self.library.present_ids()
        keys, known = self._sort_keys(ids)
        if self._sort_order == Qt.SortOrder.DescendingOrder:
            keys = -keys
        return ids[np.lexsort((ids, keys, ~known))]

    def _sort_keys(self, ids: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Return a number for each image by which to sort ascending, and whether it has one."""
        everything = np.ones(len(ids), dtype=np.bool_)
        match self._sort_column:
            case Column.RANK:
                image_ranks = self._ranks[ids]
                return image_ranks, image_ranks > 0
            case Column.SCORE | Column.PERCENTILE:
                scores = self.library.scores[ids]
                known = ~np.isnan(scores)
                return np.where(known, scores, 0), known
            case Column.DIMENSIONS:
                pixels = self.library.sizes[ids].astype(np.int64).prod(axis=1)
                return pixels, pixels > 0
            case Column.STATUS:
                return self.library.statuses[ids].astype(np.int64), everything
            case Column.NAME:
                return self._natural_ranks(ids, lambda record: record.name), everything
            case Column.FOLDER:
                return self._natural_ranks(ids, lambda record: record.path), everything
        return ids, everything

    def _natural_ranks(self, ids: NDArray[np.int64], text: Any) -> NDArray[np.int64]:
        keys = [_natural_key(text(self.library.record(int(image_id)))) for image_id in ids]
        places = np.empty(len(ids), dtype=np.int64)
        places[sorted(range(len(ids)), key=keys.__getitem__)] = np.arange(len(ids))
        return places

    def _all_changed(self, column: Column) -> None:
        if len(self._order):
            self.dataChanged.emit(self.index(0, column), self.index(len(self._order) - 1, column))

    def _thumbnail_changed(self, image_id: int) -> None:
        row = self.row_of(image_id)
        if row is not None:
            cell = self.index(row, Column.THUMBNAIL)
            self.dataChanged.emit(cell, cell, [Qt.ItemDataRole.DecorationRole])


def _plain_tip(text: str) -> str:
    """Return a text for a tool tip, which Qt would take for HTML if it looked like it."""
    return f"<span>{html.escape(text)}</span>" if "<" in text else text


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _RIGHT_ALIGNED else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return ascending rows as ranges (first, last) without gaps."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
