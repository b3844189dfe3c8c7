"""The item model of the library: one row an image, shared by grid and table."""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QUrl,
    Signal,
    Slot,
)

from resmem_gui.analysis.reference import Reference
from resmem_gui.analysis.references import References
from resmem_gui.analysis.standing import Standing
from resmem_gui.library.filtering import Filter
from resmem_gui.library.library import Library
from resmem_gui.library.records import ImageRecord
from resmem_gui.ui.rows import columns
from resmem_gui.ui.rows.cell_texts import Cell, CellTexts
from resmem_gui.ui.rows.columns import REFERENCE_COLUMNS, Column
from resmem_gui.ui.rows.name_order import NameOrder
from resmem_gui.ui.rows.reference_choices import ReferenceChoices
from resmem_gui.ui.rows.row_order import RowOrder
from resmem_gui.ui.rows.thumbnails import Thumbnails

__all__ = ["Cell", "ImageModel"]

_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_WITH_HINT: Final = ("QList<QPersistentModelIndex>", "QAbstractItemModel::LayoutChangeHint")
#: Removing row by row costs as much for each as for all; beyond this many gaps a reset is cheaper.
_MOST_GAPS: Final = 50


# A view asks for a dozen roles of each cell, with plain numbers: members of an enumeration take ten times as
# long to make and to compare.
_COLUMNS: Final = tuple(Column)
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_DECORATION: Final = int(Qt.ItemDataRole.DecorationRole)
_TOOL_TIP: Final = int(Qt.ItemDataRole.ToolTipRole)
_ALIGNMENT: Final = int(Qt.ItemDataRole.TextAlignmentRole)
_SPOKEN: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_ROLES: Final = frozenset({_DISPLAY, _DECORATION, _TOOL_TIP, _ALIGNMENT, _SPOKEN})
_FLAGS: Final = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsDragEnabled
    | Qt.ItemFlag.ItemNeverHasChildren
)

#: So many ranges of changed rows are told one by one, more as one range with those between them.
_MOST_RANGES: Final = 32


class ImageModel(QAbstractTableModel):
    """Shows a library's columns in an order.

    The library holds one entry an image, by id; the model holds the order in which rows show them. Sorting
    computes a new order with NumPy and moves the persistent indexes (selection, current image) along; a
    filter that lets other images through resets the model. `data` only looks things up.

    Attributes:
        library: What is shown.
        standing: Ranks and percentiles.
        references: All that images can be compared with.
        choices: Which of them each image is compared with.

    Signals:
        filter_changed: Other images may be shown.
        sort_changed: Rows are to stand in another order.
        images_came_or_went: The library has others, shown or not.
        reference_changed: The library, a folder or some images are compared with another reference.
    """

    filter_changed = Signal()
    sort_changed = Signal()
    images_came_or_went = Signal()
    reference_changed = Signal()

    def __init__(
        self,
        library: Library,
        reference: Reference,
        thumbnails: Thumbnails,
        give_way: Callable[[], None] = lambda: None,
        parent: QObject | None = None,
        references: References | None = None,
    ) -> None:
        """Make a model.

        Args:
            library: What is to be shown.
            reference: The library's own, until another is chosen.
            thumbnails: What rows look like.
            give_way: Called often on the thread that sorts many names: waits while others should go first.
            parent: Owner.
            references: All that there are; those that ship with the program if None.
        """
        super().__init__(parent)
        self.library = library
        self.standing = Standing(reference)
        self.references = References() if references is None else references
        self.choices = ReferenceChoices(library, self.references, reference)
        self._texts = CellTexts(library, self.standing, thumbnails)
        self._thumbnails = thumbnails
        self._names = NameOrder(library, give_way, self)
        self._names.ready.connect(self.sort_again)
        self._row_order = RowOrder(library, self.standing, self._names)
        self._filter = Filter()
        self._sort_column = Column.RANK
        self._sort_order = Qt.SortOrder.AscendingOrder
        thumbnails.changed.connect(self._thumbnail_changed)
        self._order: NDArray[np.int64]
        self._rows: NDArray[np.int64]
        self._show(library.present_ids())

    # References

    @property
    def reference(self) -> Reference:
        """The library's own: that of all images without another."""
        return self.standing.reference

    @property
    def shared_reference(self) -> Reference | None:
        """The one that all images are compared with; None if there are several."""
        if len(self.library.references) == 1:  # nobody has chosen another
            return self.reference
        used = list(self.choices.in_use())
        if len(used) > 1:
            return None
        return self.choices.reference(used[0]) if used else self.reference

    def reference_of(self, image_id: int) -> Reference:
        """Return the reference that an image is compared with."""
        return self.standing.reference_of(image_id)

    def set_reference(self, image_ids: Sequence[int], reference_id: str) -> None:
        """Compare images with a reference, by its id; empty for the library's own."""
        self.library.set_reference(image_ids, reference_id)
        self.compare_again()

    def set_default_reference(self, reference_id: str) -> None:
        """Choose the library's own reference."""
        self.choices.default_id = reference_id
        self.compare_again()

    def set_folder_references(self, folders: Mapping[str, str]) -> None:
        """Choose for images that will be added in folders; those that are there stay as they are.

        Args:
            folders: Ids of references by absolute path. They replace all that was chosen before.
        """
        self.choices.set_folders(folders)
        self.reference_changed.emit()

    def compare_again(self) -> None:
        """Show the percentiles as they are now: choices have changed, or references were added or removed."""
        if self._follow_references():
            if len(self._order):
                self._rows_changed(0, len(self._order) - 1)
            if self._filter.percentiles is not None or self._sort_column in REFERENCE_COLUMNS:
                self.sort_again()
        self.reference_changed.emit()

    def _follow_references(self) -> bool:
        """Take the percentiles from the references chosen; return whether any is another."""
        numbers = self.library.reference_numbers
        has_changed = self.standing.compare_with(self.choices.references(), numbers)
        if has_changed:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, Column.PERCENTILE, Column.PERCENTILE)
        return has_changed

    def _follow(self, image_ids: NDArray[np.int64]) -> None:
        self._follow_references()
        self.standing.follow(self.library.present_scores(), image_ids)

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

    def row_named(self, beginning: str, start: int) -> int | None:
        """Return the first row from `start` on, and round again, whose name begins so; None if there is none.

        Args:
            beginning: Without the difference of large and small letters.
            start: May be one beyond the last row.
        """
        names, ids = self.library.folded_names, self._order.tolist()
        for row in itertools.chain(range(start, len(ids)), range(min(start, len(ids)))):
            if names[ids[row]].startswith(beginning):
                return row
        return None

    def record(self, row: int) -> ImageRecord:
        """Return all that is known about the image in a row."""
        return self.library.record(self.image_id(row))

    # Changes

    def add(self, paths: Iterable[str]) -> list[int]:
        """Add images at the end and return the ids of the new ones."""
        added = self.library.add(paths)
        if not added:
            return added
        new = np.array(added, dtype=np.int64)
        self.choices.take_in(new)
        self._follow(new)
        shown = self._passing(new)
        first = len(self._order)
        if len(shown):
            self.beginInsertRows(QModelIndex(), first, first + len(shown) - 1)
        self._order = np.concatenate([self._order, shown])
        self._rows = np.pad(self._rows, (0, len(added)), constant_values=-1)
        self._rows[shown] = np.arange(first, first + len(shown))
        if len(shown):
            self.endInsertRows()
        self.images_came_or_went.emit()
        return added

    def remove(self, image_ids: Sequence[int]) -> None:
        """Take images out of the library; their files stay."""
        rows = sorted(row for row in map(self.row_of, image_ids) if row is not None)
        gaps = _runs(rows)
        self.library.remove(image_ids)
        self._thumbnails.forget(image_ids)
        if len(gaps) > _MOST_GAPS:
            self._reset(np.delete(self._order, rows))
        else:
            for first, last in reversed(gaps):
                self.beginRemoveRows(QModelIndex(), first, last)
                self._show(np.delete(self._order, np.s_[first : last + 1]))
                self.endRemoveRows()
        self.tell_ranks()
        self.images_came_or_went.emit()

    def clear(self) -> None:
        """Take all images out of the library."""
        self.beginResetModel()
        self.library.clear()
        self.choices.clear()
        self._thumbnails.forget()
        self._show(self.library.present_ids())
        self.standing.refresh(self.library.present_scores())
        self.endResetModel()
        self._follow_references()
        self.images_came_or_went.emit()

    def restore(self, image_ids: Sequence[int]) -> list[int]:
        """Take removed images in again; return the ids of those that came back."""
        restored = self.library.restore(image_ids)
        if restored:
            self.standing.refresh(self.library.present_scores())
            shown = self._shown_ids()
            order = self._wanted_order(shown)
            self._reset(shown if order is None else order)
            self.images_came_or_went.emit()
        return restored

    def marks_changed(self, image_ids: Sequence[int]) -> None:
        """Show the stars and picks that images have now."""
        rows = _runs(sorted(row for row in map(self.row_of, image_ids) if row is not None))
        for first, last in rows if len(rows) <= _MOST_RANGES else [(rows[0][0], rows[-1][1])]:
            self._rows_changed(first, last)
        if self._sort_column is Column.RATING or {"ratings", "picks"} & set(self._filter.criteria):
            self.sort_again()

    def images_changed(self, image_ids: Sequence[int]) -> None:
        """Show what the library now knows of these images, in the rows where they are.

        The ranks of all others may have changed with it; `tell_ranks` says so.
        """
        self._follow(np.array(image_ids, dtype=np.int64))
        rows = _runs(sorted(row for row in map(self.row_of, image_ids) if row is not None))
        if len(rows) > _MOST_RANGES:
            rows = [(rows[0][0], rows[-1][1])]
        for first, last in rows:
            self._rows_changed(first, last)

    def _rows_changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1))

    def stop(self) -> None:
        """Sort no names any more; the thread for it ends."""
        self._names.stop()

    @property
    def has_ended(self) -> bool:
        """Whether the thread has ended, after `stop`."""
        return self._names.has_ended

    def tell_ranks(self) -> None:
        """Show all ranks as they are now. Every row is drawn again: not to be called for each score."""
        self.standing.refresh(self.library.present_scores())
        self._all_changed(Column.RANK)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort rows by a column and remember it; images without a value stay at the end."""
        self._sort_column, self._sort_order = Column(column), order
        self.sort_again()
        self.sort_changed.emit()

    @property
    def filter(self) -> Filter:
        """Which images are shown."""
        return self._filter

    def set_filter(self, wanted: Filter) -> None:
        """Show only images that a filter lets through."""
        if wanted == self._filter:
            return
        self._filter = wanted
        shown = self._shown_ids()
        # In the order of their adding, if the right one takes time: `sort_again` follows.
        order = self._wanted_order(shown)
        self._reset(shown if order is None else order)
        self.filter_changed.emit()

    def filter_again(self) -> None:
        """Show what the filter lets through now, and leave the rows that stay in their order."""
        if self._filter.is_open:
            return
        passing = self._shown_ids()
        stays = np.isin(self._order, passing)
        if len(passing) != len(self._order) or not stays.all():
            self._reset(np.concatenate([self._order[stays], np.setdiff1d(passing, self._order)]))
            self.filter_changed.emit()

    def _reset(self, order: NDArray[np.int64]) -> None:
        self.beginResetModel()
        self._show(order)
        self.endResetModel()

    @Slot()
    def sort_again(self) -> None:
        """Put rows into the order of the column chosen last, after scores or images have come in.

        Where many names have to be sorted for it, that happens later, when it is done on another thread.
        """
        order = self._wanted_order(self._shown_ids())
        if order is None or np.array_equal(order, self._order):
            return
        if len(order) != len(self._order) or (self._rows[order] < 0).any():
            self._reset(order)  # the filter lets others through than before
            self.filter_changed.emit()
            return
        # The hint spares the selection an index for each cell: rows move as wholes.
        hint = self.LayoutChangeHint.VerticalSortHint
        self.layoutAboutToBeChanged[_WITH_HINT].emit([], hint)  # type: ignore[index]
        before = self.persistentIndexList()
        moved = [(self.image_id(index.row()), index.column()) for index in before]
        self._show(order)
        after = [self.index(int(self._rows[image_id]), column) for image_id, column in moved]
        self.changePersistentIndexList(before, after)
        self.layoutChanged[_WITH_HINT].emit([], hint)  # type: ignore[index]

    def cell(self, row: int) -> Cell:
        """Return all that a cell of the grid shows, in one look-up: drawing has no time for ten."""
        return self._texts.cell(int(self._order[row]))

    # QAbstractTableModel

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many images are shown."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title or what it means."""
        if role not in _ROLES or orientation != Qt.Orientation.Horizontal or not 0 <= section < len(_COLUMNS):
            return None
        column = _COLUMNS[section]
        if role == _DISPLAY:
            return columns.title(column, self._header_reference(column))
        if role == _TOOL_TIP:
            return columns.meaning(column, self._header_reference(column))
        return columns.alignment(column) if role == _ALIGNMENT else None

    def _header_reference(self, column: Column) -> Reference | None:
        return self.shared_reference if column is Column.PERCENTILE else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return what can be done with a cell."""
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Look up what a cell shows."""
        if role not in _ROLES or not index.isValid() or index.row() >= len(self._order):
            return None
        column = _COLUMNS[index.column()]
        if role == _ALIGNMENT:
            return columns.alignment(column)
        image_id = self.image_id(index.row())
        if role == _DISPLAY:
            return self._texts.text(image_id, column)
        if role == _DECORATION:
            return self._thumbnails.pixmap(image_id) if column is Column.THUMBNAIL else None
        if role == _TOOL_TIP:
            return self._texts.tip(image_id, column)
        return self._texts.spoken(image_id, column)

    def mimeTypes(self) -> list[str]:
        """Return what a drag out of the window carries."""
        return ["text/uri-list"]

    def mimeData(self, indexes: Iterable[QModelIndex]) -> QMimeData:
        """Return the files of the images dragged."""
        data = QMimeData()
        rows = sorted({index.row() for index in indexes})
        data.setUrls([QUrl.fromLocalFile(self.library.paths[self.image_id(row)]) for row in rows])
        return data

    # Order

    def _show(self, order: NDArray[np.int64]) -> None:
        """Let rows show these images, in this order."""
        self._order = order
        self._rows = np.full(len(self.library), -1, dtype=np.int64)
        self._rows[order] = np.arange(len(order))

    def _wanted_order(self, shown: NDArray[np.int64]) -> NDArray[np.int64] | None:
        """Return these images in the order of the rows; None if names have to be sorted first."""
        descending = self._sort_order == Qt.SortOrder.DescendingOrder
        return self._row_order.sorted(shown, self._sort_column, descending=descending)

    def _shown_ids(self) -> NDArray[np.int64]:
        """Return what the filter lets through, in the order of its adding."""
        return self._passing(self.library.present_ids())

    def _passing(self, image_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        return self._filter.passing(self.library, image_ids, self.standing.percentiles)

    def _all_changed(self, column: Column) -> None:
        if len(self._order):
            self.dataChanged.emit(self.index(0, column), self.index(len(self._order) - 1, column))

    def _thumbnail_changed(self, image_id: int) -> None:
        row = self.row_of(image_id)
        if row is not None:
            cell = self.index(row, Column.THUMBNAIL)
            self.dataChanged.emit(cell, cell, [Qt.ItemDataRole.DecorationRole])


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return ascending rows as ranges (first, last) without gaps."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
