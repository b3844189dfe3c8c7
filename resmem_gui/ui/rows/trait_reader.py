"""Looks at the pixels of images whose scores came without it: from an older store, or from a session."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from resmem_gui.library.records import Status
from resmem_gui.outcomes import look_at, note_traits
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring.cores import DECODING_PRIORITY, give_way
from resmem_gui.scoring.pipeline import FindTraits
from resmem_gui.traits import Traits
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.threads.portion_loader import PortionLoader
from resmem_gui.ui.throttle import Throttle

#: So many images are asked for at a time, and no more are begun after this: a new run waits no longer.
_PART: Final = 256
_SLICE_S: Final = 0.3
_LOOK_MS: Final = 500
_SHOW_MS: Final = 1000


@dataclass(frozen=True, slots=True)
class _Wish:
    """Some images: id, path and hash of what was scored."""

    images: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """What became known of an image; None if its file cannot be read or is not what was scored."""

    image_id: int
    sha256: str
    traits: Traits | None


def show_cautions(model: ImageModel, image_ids: Sequence[int]) -> None:
    """Show other cautions of images: their rows, and which rows there are where that depends on them."""
    model.images_changed(image_ids)
    if "cautions" in model.filter.criteria or model.sort_column is Column.CAUTIONS:
        model.sort_again()


class TraitReader(QObject):
    """Has images looked at whose traits are unknown, on a thread of its own, while nothing else is going on.

    The store is asked first. What is found goes there, by content.

    Signals:
        progress: How many images are still to be looked at.
        noted: Ids of images whose traits are known now.
    """

    progress = Signal(int)
    noted = Signal(object)

    def __init__(
        self,
        model: ImageModel,
        memory: ScoreMemory,
        find_traits: FindTraits,
        give_way: Callable[[], None],
        is_busy: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        """Make a reader; call `look` when something that was going on has ended.

        Args:
            model: Whose images are looked at.
            memory: Where traits are kept and may be known from before.
            find_traits: Called on the other thread.
            give_way: Called on the other thread at every image: waits while the window should go first.
            is_busy: Whether images are being scored: then nothing is looked at. Called on the GUI thread.
            parent: Owner.
        """
        super().__init__(parent)
        self._model = model
        self._memory = memory
        self._find_traits = find_traits
        self._give_way = give_way
        self._is_busy = is_busy
        self._visible: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._passed_over: dict[int, str] = {}
        self._may_have_changed = False
        self._noted: list[int] = []
        self._left = 0
        self._is_polite = False
        self._show_soon = Throttle(_SHOW_MS, self._show, self)
        self._portions = PortionLoader(
            "traits", self, choose=self._choose, load=self._load, take=self._take, look_ms=_LOOK_MS
        )
        model.images_came_or_went.connect(self.look)

    @Slot()
    def look(self) -> None:
        """Look at what is unknown, soon."""
        self._may_have_changed = True
        self._portions.look()

    @Slot(object)
    def prefer(self, image_ids: Sequence[int]) -> None:
        """Look at these first: they can be seen."""
        self._visible = np.asarray(image_ids, dtype=np.int64)

    def _unknown(self) -> NDArray[np.bool_]:
        """Return which images, by id, are to be looked at."""
        library = self._model.library
        scored = library.present & (library.statuses == Status.SCORED) & ~library.missing
        if self._may_have_changed:
            # One that has another content by now, or is there again, may be looked at again.
            self._passed_over = {
                image_id: sha256
                for image_id, sha256 in self._passed_over.items()
                if scored[image_id] and library.sha256(image_id) == sha256
            }
            self._may_have_changed = False
        unknown: NDArray[np.bool_] = scored & ~library.traits_known
        unknown[np.fromiter(self._passed_over, np.int64, len(self._passed_over))] = False
        return unknown

    def _choose(self) -> _Wish | None:
        """Return the next images: those that can be seen, those shown, the others."""
        if self._is_busy():
            return None
        library, unknown = self._model.library, self._unknown()
        self._tell_progress(int(np.count_nonzero(unknown)))
        if not self._left:
            return None
        visible = self._visible[self._visible < len(unknown)]
        everywhere = np.arange(len(unknown))
        parts = [ids[unknown[ids]][:_PART] for ids in (visible, self._model.order, everywhere)]
        ids = list(dict.fromkeys(np.concatenate(parts).tolist()))[:_PART]
        return _Wish(tuple((i, library.paths[i], library.sha256(i)) for i in ids))

    def _tell_progress(self, left: int) -> None:
        if left != self._left:
            self._left = left
            self.progress.emit(left)

    # On the other thread

    def _load(self, wish: _Wish) -> list[_Found]:
        """Return what is found of the first images, as far as one comes in a moment."""
        if not self._is_polite:
            self._is_polite = True
            give_way(DECODING_PRIORITY)
        known = self._memory.find_traits({sha256 for _, _, sha256 in wish.images})
        recalled = [_Found(i, sha256, known[sha256]) for i, _, sha256 in wish.images if sha256 in known]
        return recalled + self._look_at([image for image in wish.images if image[2] not in known])

    def _look_at(self, images: Sequence[tuple[int, str, str]]) -> list[_Found]:
        until = time.monotonic() + _SLICE_S
        found: list[_Found] = []
        new: dict[str, Traits] = {}
        for image_id, path, sha256 in images:
            if time.monotonic() > until or self._portions.is_stopped:
                break
            self._give_way()
            if sha256 not in new and (looked := look_at(path, self._find_traits)) is not None:
                new[looked[0]] = looked[1]  # its content may be another than what was scored
            found.append(_Found(image_id, sha256, new.get(sha256)))
        if new:
            self._memory.keep_traits(new)
        return found

    # On the GUI thread again

    def _take(self, _wish: _Wish, found: list[_Found]) -> bool:
        library = self._model.library
        for one in found:
            is_scored = library.statuses[one.image_id] == Status.SCORED
            if not is_scored or library.sha256(one.image_id) != one.sha256:
                continue  # it has been scored again meanwhile, or will be, or is gone
            if one.traits is None:
                self._passed_over[one.image_id] = one.sha256
            else:
                note_traits(library, one.image_id, one.traits)
                self._noted.append(one.image_id)
        if self._noted:
            self._show_soon.ask()
        return True

    def _show(self) -> None:
        noted, self._noted = self._noted, []
        show_cautions(self._model, noted)
        self.noted.emit(noted)

    # End

    def stop(self) -> None:
        """Look at no more; the thread, if there is one, ends."""
        self._show_soon.stop()
        self._portions.stop()

    @property
    def has_ended(self) -> bool:
        """Whether the thread has ended, after `stop`."""
        return self._portions.has_ended
