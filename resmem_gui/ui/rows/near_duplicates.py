"""Which images of the library look like another one of it, found anew when others come or go."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot

from resmem_gui.images.likeness import ALIKE
from resmem_gui.library.library import Library
from resmem_gui.traits import Caution
from resmem_gui.ui.rows.changing_groups import NO_GROUPS, ChangingGroups, Groups
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.trait_reader import show_cautions
from resmem_gui.ui.threads.portion_loader import PortionLoader

#: Images come and go one after the other: this long after the last, groups are found.
_LOOK_MS: Final = 2000
#: After so long the other thread asks whether images are being scored by now.
_SLICE_S: Final = 0.5
#: How many fingerprints are collected before the window may go first.
_COLLECTED: Final = 500
_MARK: Final = np.uint8(Caution.NEAR_DUPLICATE)


@dataclass(frozen=True, eq=False, slots=True)
class _Wish:
    """Ids of images with traits, ascending; a copy, because another thread reads it."""

    image_ids: NDArray[np.int64]


class NearDuplicates(QObject):
    """Marks each image that looks like another one with a caution.

    All images of a group are marked, also the one with the best score: whichever a person looks at, its score
    and that of the other are not two independent ones. Groups are found on a thread of their own, while no
    image is being scored.
    """

    def __init__(
        self,
        model: ImageModel,
        give_way: Callable[[], None],
        is_busy: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        """Follow the images of a model; call `look` when traits have become known or scoring has ended.

        Args:
            model: Whose images are compared.
            give_way: Called often on the other thread: waits while the window should go first.
            is_busy: Whether images are being scored: then none are compared. Called on the GUI thread.
            parent: Owner.
        """
        super().__init__(parent)
        self._model = model
        self._give_way = give_way
        self._is_busy = is_busy
        self._comparing = ChangingGroups(ALIKE)
        self._groups = NO_GROUPS
        self._is_outdated = False
        self._compared = np.empty(0, np.int64)
        self._portions = PortionLoader(
            "near-duplicates",
            self,
            choose=self._choose,
            load=self._load,
            take=self._take,
            look_ms=_LOOK_MS,
            waits_for_rest=True,
        )
        model.images_came_or_went.connect(self.look)

    @Slot()
    def look(self) -> None:
        """Compare images again, soon: there are others, or others can be compared."""
        self._is_outdated = True
        self._portions.look()

    @Slot()
    def look_if_changed(self) -> None:
        """Compare images again, soon, if others can be compared: scoring may be over, however it ended."""
        self._portions.look()

    def near_duplicate_of(self, image_id: int) -> int | None:
        """Return the present image that one is most like, None if it is like no other."""
        other = self._groups.nearest(image_id)
        return other if other is not None and self._model.library.present[other] else None

    def _choose(self) -> _Wish | None:
        """Return all images that can be compared, if others came, went or changed."""
        if self._is_busy():
            return None
        library = self._model.library
        image_ids = np.flatnonzero(library.present & library.traits_known)
        if not self._is_outdated and np.array_equal(image_ids, self._compared):
            return None
        self._is_outdated, self._compared = False, image_ids
        return _Wish(image_ids)

    def _load(self, wish: _Wish) -> Groups | None:
        """Find groups on the other thread; None if there was not enough time."""
        bits = _fingerprints(self._model.library, wish.image_ids, self._give_way)
        until = time.monotonic() + _SLICE_S

        def go_on() -> bool:
            self._give_way()
            return time.monotonic() < until and not self._portions.is_stopped

        return self._comparing.find(wish.image_ids, bits, go_on)

    def _take(self, _wish: _Wish, groups: Groups | None) -> bool:
        if groups is None:
            self._is_outdated = True
            return True
        self._groups = groups
        self._mark()
        if self._is_outdated:  # others have come meanwhile
            self._portions.look()
        return False

    def _mark(self) -> None:
        library = self._model.library
        alike = np.zeros(len(library), dtype=np.bool_)
        alike[self._groups.alike_ids] = True
        alike &= library.traits_known  # others are being scored again
        cautions = np.where(alike, library.cautions | _MARK, library.cautions & ~_MARK)
        changed = np.flatnonzero((cautions != library.cautions) & library.present)
        if len(changed):
            library.set_cautions(changed, cautions[changed])
            show_cautions(self._model, changed.tolist())

    def stop(self) -> None:
        """Compare no more; the thread, if there is one, ends."""
        self._portions.stop()

    @property
    def has_ended(self) -> bool:
        """Whether the thread has ended, after `stop`."""
        return self._portions.has_ended


def _fingerprints(
    library: Library, image_ids: NDArray[np.int64], give_way: Callable[[], None]
) -> list[bytes]:
    """Return fingerprints, empty where there is none. One look at a dictionary is safe on any thread."""
    bits: list[bytes] = []
    for place, image_id in enumerate(image_ids.tolist()):
        if place % _COLLECTED == 0:
            give_way()
        traits = library.traits(image_id)
        bits.append(traits.fingerprint if traits is not None else b"")
    return bits
