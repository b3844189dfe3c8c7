"""Menus that choose the values of one criterion, each with how many images have it."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from resmem_gui.library.filtering import caution_masks, count_values, orientation_masks
from resmem_gui.library.library import Library
from resmem_gui.library.records import MOST_STARS, Pick, Status, readable
from resmem_gui.natural_order import natural_key
from resmem_gui.ui.filtering.describing import caution_words, stars_words, value_words
from resmem_gui.ui.filtering.texts import label, shortened, tip
from resmem_gui.ui.rows.image_model import ImageModel

_MOST_SHOWN: Final = 40
_RECOUNT_MS: Final = 500
#: Of a text; whatever is longer loses its middle.
_WIDEST: Final = 420


@dataclass(frozen=True, slots=True)
class Value:
    """A value that images can have.

    Attributes:
        value: As the filter takes it.
        text: What it is called.
        count: How many images have it that the rest of the filter lets through.
    """

    value: Any
    text: str
    count: int


class ValueMenu(QMenu):
    """Lets a person choose several values; it stays open meanwhile."""

    def __init__(self, title: str, criterion: str, model: ImageModel, parent: QWidget | None = None) -> None:
        """Make a menu that is filled when it is opened.

        Args:
            title: Of the menu.
            criterion: The attribute of the filter: a frozenset.
            model: Whose filter is changed.
            parent: Owner.
        """
        super().__init__(title, parent)
        self._criterion = criterion
        self._model = model
        self._any: QAction | None = None
        self._rows: dict[Any, QAction] = {}
        self.setToolTipsVisible(True)
        self._recount = QTimer(self)
        self._recount.setInterval(_RECOUNT_MS)
        self._recount.timeout.connect(self._show_counts)
        self.aboutToShow.connect(self._fill)
        self.aboutToShow.connect(self._recount.start)
        self.aboutToHide.connect(self._recount.stop)

    @Slot()
    def _fill(self) -> None:
        self.clear()
        self._rows = {}
        chosen = self._chosen
        values = self._values()
        shown = sorted(values, key=lambda value: -value.count)[:_MOST_SHOWN]
        for value in values:
            if value in shown or value.value in chosen:
                self._add(value, is_chosen=value.value in chosen)
        if len(values) > len(shown):
            self.addSeparator()
            self.addAction(f"The {_MOST_SHOWN} with most images of {len(values):,}").setEnabled(False)
        self.addSeparator()
        self._any = self.addAction("Any")
        self._any.setEnabled(bool(chosen))
        self._any.triggered.connect(self._forget)

    @Slot()
    def _show_counts(self) -> None:
        """Follow scores and files that come in while the menu is open."""
        for value in self._values():
            if value.value in self._rows:
                self._rows[value.value].setText(self._row_text(value))

    @property
    def _chosen(self) -> frozenset[Any]:
        return getattr(self._model.filter, self._criterion) or frozenset()

    def _values(self) -> list[Value]:
        return _VALUES[self._criterion](self._model.library, self._others())

    def _row_text(self, value: Value) -> str:
        return f"{label(shortened(value.text, self.fontMetrics(), _WIDEST))}\t{value.count:,}"

    def _others(self) -> NDArray[np.int64]:
        """Return what all other criteria let through: the counts are of these."""
        model = self._model
        rest = model.filter.without(self._criterion)
        return rest.passing(model.library, model.library.present_ids(), model.standing.percentiles)

    def _add(self, value: Value, *, is_chosen: bool) -> None:
        action = self.addAction(self._row_text(value))
        action.setToolTip(tip(value.text) if label(value.text) not in action.text() else "")
        self._rows[value.value] = action
        action.setCheckable(True)
        action.setChecked(is_chosen)
        action.setData(value.value)
        action.toggled.connect(lambda checked: self._choose(value.value, chosen=checked))

    def _choose(self, value: Any, *, chosen: bool) -> None:
        values = self._chosen | {value} if chosen else self._chosen - {value}
        self._model.set_filter(self._model.filter.where(self._criterion, values or None))
        if self._any is not None:
            self._any.setEnabled(bool(values))

    @Slot()
    def _forget(self) -> None:
        self._model.set_filter(self._model.filter.without(self._criterion))

    # Events: choosing one value must not close the menu

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Check a value, and stay."""
        if not self._toggle(self.actionAt(event.position().toPoint())):
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Check a value by the space bar, and stay."""
        if event.key() != Qt.Key.Key_Space or not self._toggle(self.activeAction()):
            super().keyPressEvent(event)

    @staticmethod
    def _toggle(action: QAction | None) -> bool:
        if action is None or not action.isCheckable() or not action.isEnabled():
            return False
        action.toggle()
        return True


def _statuses(library: Library, ids: NDArray[np.int64]) -> list[Value]:
    counts = count_values(library.statuses[ids], len(Status) - 1)
    return [Value(status, status.word.capitalize(), int(counts[status])) for status in Status]


def _ratings(library: Library, ids: NDArray[np.int64]) -> list[Value]:
    counts = count_values(library.ratings[ids], MOST_STARS)
    return [Value(stars, stars_words([stars]), int(counts[stars])) for stars in range(MOST_STARS, -1, -1)]


def _picks(library: Library, ids: NDArray[np.int64]) -> list[Value]:
    counts = count_values(library.picks[ids].astype(np.int64) + 1, 2)
    picks = (Pick.PICKED, Pick.NONE, Pick.REJECTED)
    return [Value(pick, value_words(pick).capitalize(), int(counts[pick + 1])) for pick in picks]


def _folders(library: Library, ids: NDArray[np.int64]) -> list[Value]:
    counts = count_values(library.folder_numbers[ids], len(library.folders))
    return _in_order(
        Value(folder, readable(folder if len(library.folders) > 1 else os.path.basename(folder)), int(count))
        for folder, count in zip(library.folders, counts, strict=False)
        if count
    )


def _kinds(library: Library, ids: NDArray[np.int64]) -> list[Value]:
    counts = count_values(library.kind_numbers[ids], len(library.kinds))
    return _in_order(
        Value(kind, kind.upper() or "No ending", int(count))
        for kind, count in zip(library.kinds, counts, strict=False)
        if count
    )


def _orientations(library: Library, ids: NDArray[np.int64]) -> list[Value]:
    masks = orientation_masks(library.sizes[ids])
    return [
        Value(orientation, orientation.value.capitalize(), int(mask.sum()))
        for orientation, mask in masks.items()
    ]


def _cautions(library: Library, ids: NDArray[np.int64]) -> list[Value]:
    return [
        Value(caution, caution_words(caution), int(mask.sum()))
        for caution, mask in caution_masks(library, ids).items()
    ]


def _in_order(values: Iterable[Value]) -> list[Value]:
    """Return values in the natural order of their texts."""
    return sorted(values, key=lambda value: natural_key(value.text))


_VALUES: Final[dict[str, Callable[[Library, NDArray[np.int64]], list[Value]]]] = {
    "statuses": _statuses,
    "ratings": _ratings,
    "picks": _picks,
    "folders": _folders,
    "kinds": _kinds,
    "orientations": _orientations,
    "cautions": _cautions,
}
