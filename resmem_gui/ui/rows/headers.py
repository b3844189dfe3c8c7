"""Reads the headers of images when sorting, filtering or a column needs what they say."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QModelIndex, QObject, Qt, Signal, Slot

from resmem_gui.images.headers import Header, read_header
from resmem_gui.library.records import Status
from resmem_gui.ui.rows.columns import HEADER_COLUMNS, Column
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.threads.portion_loader import PortionLoader
from resmem_gui.ui.throttle import Throttle

_PART: Final = 64
_SHOW_MS: Final = 1000


@dataclass(frozen=True, slots=True)
class _Wish:
    """Some images, by id and path."""

    images: tuple[tuple[int, str], ...]


class Headers(QObject):
    """Has headers read that are wanted and were not read yet, on a thread of its own.

    Scoring tells size and time of change of what it scores, but not when an image was taken; and images that
    wait or were scored on another day have told nothing yet. Reading 100,000 headers takes a minute, so it is
    done when something that is shown depends on it.

    Signals:
        progress: How many headers are still to be read.
    """

    progress = Signal(int)

    def __init__(
        self, model: ImageModel, give_way: Callable[[], None], parent: QObject | None = None
    ) -> None:
        """Make a reader.

        Args:
            model: Whose images are asked for.
            give_way: Called on the other thread at every image: waits while others should go first.
            parent: Owner.
        """
        super().__init__(parent)
        self._model = model
        self._give_way = give_way
        self._shown: frozenset[Column] = frozenset()
        self._are_dates_wanted = False
        self._read: list[int] = []
        self._show_soon = Throttle(_SHOW_MS, self._show, self)
        self._portions = PortionLoader(
            "headers", self, choose=self._choose, load=self._load, take=self._take, look_ms=_SHOW_MS
        )
        model.images_came_or_went.connect(self.look)
        model.filter_changed.connect(self.look)
        model.sort_changed.connect(self.look)
        model.dataChanged.connect(self._look_at_rows)

    def show_columns(self, shown: Iterable[Column]) -> None:
        """Note which columns a person can see."""
        self._shown = frozenset(shown)
        self.look()

    @Slot(bool)
    def want_dates(self, wanted: bool) -> None:
        """Note whether something besides columns, order and filter needs to know when images were taken."""
        self._are_dates_wanted = wanted
        self.look()

    @property
    def are_wanted(self) -> bool:
        """Whether something that is shown depends on what headers say."""
        return bool(self._needed())

    def _needed(self) -> frozenset[Column]:
        """Return the columns whose values are looked at."""
        needed = self._arranging() | (self._shown - {Column.DIMENSIONS})
        if self._are_dates_wanted:
            needed |= {Column.TAKEN}
        return frozenset(needed & HEADER_COLUMNS)

    def _arranging(self) -> frozenset[Column]:
        """Return the columns on whose values it depends which images are shown, and in which order."""
        needed = {self._model.sort_column}
        if self._model.filter.orientations is not None:
            needed |= {Column.DIMENSIONS}
        return frozenset(needed & HEADER_COLUMNS)

    @Slot()
    def look(self) -> None:
        """Read what is needed and not known, soon."""
        if self._needed():
            self._portions.look()

    @Slot(QModelIndex, QModelIndex, list)
    def _look_at_rows(self, _first: QModelIndex, _last: QModelIndex, roles: list[int]) -> None:
        """Look again at files that are there again, or have changed: then what was read does not hold."""
        if list(roles) != [Qt.ItemDataRole.DecorationRole]:
            self.look()

    def _choose(self) -> _Wish | None:
        """Return the next images, those shown first."""
        needed = self._needed()
        if not needed:
            return None
        library = self._model.library
        unknown = library.present & ~library.headers_read & ~library.missing
        if Column.TAKEN not in needed:
            unknown &= library.statuses != Status.SCORED
        shown = self._model.order[unknown[self._model.order]]
        ids = (shown if len(shown) else np.flatnonzero(unknown))[:_PART].tolist()
        self.progress.emit(int(np.count_nonzero(unknown)))
        return _Wish(tuple((i, library.paths[i]) for i in ids)) if ids else None

    def _load(self, wish: _Wish) -> list[Header]:
        """Read on the other thread."""
        headers = []
        for _, path in wish.images:
            self._give_way()
            headers.append(read_header(path))
        return headers

    def _take(self, wish: _Wish, headers: list[Header]) -> bool:
        library = self._model.library
        for (image_id, path), header in zip(wish.images, headers, strict=True):
            if library.present[image_id] and library.paths[image_id] == path:
                library.set_header(image_id, header.size, header.taken, header.state)
                self._read.append(image_id)
        self._show_soon.ask()
        return True

    def _show(self) -> None:
        read, self._read = self._read, []
        self._model.images_changed(read)
        if self._arranging():
            self._model.sort_again()

    def stop(self) -> None:
        """Read no more; the thread, if there is one, ends."""
        self._show_soon.stop()
        self._portions.stop()

    @property
    def has_ended(self) -> bool:
        """Whether the thread has ended, after `stop`."""
        return self._portions.has_ended
