"""What can be undone: ratings, picks, removals."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from resmem_gui.library.records import Pick
from resmem_gui.ui import wording
from resmem_gui.ui.controller import Controller

_MOST_STEPS: Final = 1000

Ids = NDArray[np.int64]


class History(QObject):
    """Rates, picks and removes images, so that each step can be undone and done again.

    Attributes:
        stack: The steps.

    Signals:
        marked: Ratings or picks of images have changed.
        stepped_back: A step was undone, or done again (ids of its images): a person wants to see them.
    """

    marked = Signal()
    stepped_back = Signal(object)

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(_MOST_STEPS)
        controller.cleared.connect(self.stack.clear)  # its images are gone for good

    def rate(self, image_ids: Sequence[int], rating: int) -> None:
        """Give images stars, 0 for none."""
        ids = np.array(image_ids, dtype=np.int64)
        before = self._controller.library.ratings[ids]
        what = "Rate" if rating else "Take the Stars from"
        self._push(what, ids, before, np.full(len(ids), rating, dtype=np.uint8), self._set_ratings)

    def pick(self, image_ids: Sequence[int], pick: Pick) -> None:
        """Pick or reject images, or neither."""
        ids = np.array(image_ids, dtype=np.int64)
        before = self._controller.library.picks[ids]
        what = {Pick.PICKED: "Pick", Pick.REJECTED: "Reject", Pick.NONE: "Unmark"}[pick]
        self._push(what, ids, before, np.full(len(ids), pick, dtype=np.int8), self._set_picks)

    def remove(self, image_ids: Sequence[int]) -> None:
        """Take images out of the library; their files stay."""
        ids = np.array(image_ids, dtype=np.int64)
        if len(ids):
            present = np.ones(len(ids), dtype=np.bool_)
            self.stack.push(_Step(self, "Remove", ids, present, ~present, self._set_present))

    def _push(
        self,
        what: str,
        ids: Ids,
        before: NDArray[np.generic],
        after: NDArray[np.generic],
        apply: "Callable[[Ids, NDArray[np.generic]], None]",
    ) -> None:
        changed = before != after
        if changed.any():
            self.stack.push(_Step(self, what, ids[changed], before[changed], after[changed], apply))

    # What steps do

    def _set_ratings(self, ids: Ids, ratings: NDArray[np.generic]) -> None:
        self._controller.library.set_rating(ids, ratings)
        self._show_marks(ids)

    def _set_picks(self, ids: Ids, picks: NDArray[np.generic]) -> None:
        self._controller.library.set_pick(ids, picks)
        self._show_marks(ids)

    def _show_marks(self, ids: Ids) -> None:
        self._controller.model.marks_changed(ids.tolist())
        self.marked.emit()

    def _set_present(self, ids: Ids, present: NDArray[np.generic]) -> None:
        if present.any():
            self._controller.restore_removed(ids.tolist())
        else:
            self._controller.remove(ids.tolist())


class _Step(QUndoCommand):
    """One change of some images."""

    def __init__(
        self,
        history: History,
        what: str,
        ids: Ids,
        before: NDArray[np.generic],
        after: NDArray[np.generic],
        apply: Callable[[Ids, NDArray[np.generic]], None],
    ) -> None:
        super().__init__(f"{what} {wording.count_text(len(ids), 'Image')}")
        self._history = history
        self._ids, self._before, self._after = ids, before, after
        self._apply = apply
        self._is_new = True

    def redo(self) -> None:
        """Make the change; the stack calls this first when it takes the step over."""
        self._apply(self._ids, self._after)
        if not self._is_new:
            self._history.stepped_back.emit(self._ids.tolist())
        self._is_new = False

    def undo(self) -> None:
        """Take the change back."""
        self._apply(self._ids, self._before)
        self._history.stepped_back.emit(self._ids.tolist())
