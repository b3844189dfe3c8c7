"""The natural order of names and paths, worked out off the GUI thread where there are many."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from resmem_gui.library.library import Library
from resmem_gui.natural_order import natural_places
from resmem_gui.ui.threads.background import Loader

#: So many names are sorted in a few milliseconds.
_FEW: Final = 1000


@dataclass(frozen=True, slots=True)
class _Wish:
    by_path: bool
    version: tuple[int, int]


class NameOrder(QObject):
    """The place of each image by name and by path, as people count.

    Signals:
        ready: Places that were asked for and not there are there now.
    """

    ready = Signal()

    def __init__(self, library: Library, give_way: Callable[[], None], parent: QObject | None = None) -> None:
        """Make the order of a library's names.

        Args:
            library: May grow, and paths may change.
            give_way: Called on the other thread at every name: waits while others should go first.
            parent: Owner.
        """
        super().__init__(parent)
        self._give_way = give_way
        self._library = library
        self._places: dict[bool, tuple[tuple[int, int], NDArray[np.int64]]] = {}
        self._loader = Loader(self._sort_slowly, threads=1, name="names", parent=self)
        self._loader.loaded.connect(self._take)

    def places(self, *, by_path: bool) -> NDArray[np.int64] | None:
        """Return the place of each image by its id, shape (n,).

        None where they have to be worked out first; then `ready` follows.
        """
        version = self._library.names_version
        known = self._places.get(by_path)
        if known is not None and known[0] == version:
            return known[1]
        wish = _Wish(by_path, version)
        if len(self._library) > _FEW:
            self._loader.want([wish])
            return None
        self._places[by_path] = (version, natural_places(self._texts(wish)))
        return self._places[by_path][1]

    def _texts(self, wish: _Wish) -> list[str]:
        """Return the names or paths of the images that there were when it was wished."""
        size = wish.version[0]
        return self._library.paths[:size] if wish.by_path else self._library.folded_names[:size]

    def _sort_slowly(self, wish: _Wish) -> NDArray[np.int64]:
        """Sort on the other thread."""

        def unhurried(texts: list[str]) -> Iterator[str]:
            for text in texts:
                self._give_way()
                yield text

        return natural_places(unhurried(self._texts(wish)))

    def stop(self) -> None:
        """Work no more; the thread, if there is one, ends."""
        self._loader.stop()

    @property
    def has_ended(self) -> bool:
        """Whether the thread has ended, after `stop`."""
        return self._loader.has_ended

    @Slot(object, object)
    def _take(self, wish: _Wish, places: NDArray[np.int64] | Exception) -> None:
        if isinstance(places, Exception):
            raise places
        self._places[wish.by_path] = (wish.version, places)
        self.ready.emit()
