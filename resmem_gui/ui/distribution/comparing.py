"""Asks how two distributions differ, and asks again when images, scores or references are others."""

import logging
from typing import Final

import numpy as np
import shiboken6
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from resmem_gui.analysis.reference import Reference
from resmem_gui.ui.distribution import work
from resmem_gui.ui.distribution.choosing_row import ChoosingRow
from resmem_gui.ui.distribution.groups import Group, Kind, find_group
from resmem_gui.ui.distribution.work import Answer, Question
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.threads.background import Jobs
from resmem_gui.ui.throttle import Throttle

_log = logging.getLogger(__name__)
_FOLLOW_MS: Final = 500
#: An answer that comes within this time needs no preview.
_PATIENCE_MS: Final = 200


class Comparing(QObject):
    """Compares what a person has chosen, as long as the window is visible.

    Numbers and distances are computed on another thread, one question at a time. What NumPy alone tells
    comes first where the rest takes its time: until SciPy is imported, and while the thread does other work.

    Signals:
        answered: What came of it (`Answer`).
        failed: Why nothing came of it (`Exception`).
    """

    answered = Signal(object)
    failed = Signal(object)

    def __init__(self, model: ImageModel, jobs: Jobs, choosing: ChoosingRow, window: QWidget) -> None:
        """Prepare; `refresh` asks for the first time.

        Args:
            model: Of the images, and of their references.
            jobs: Where it computes.
            choosing: What a person has chosen; it is told what there is to choose from.
            window: Owner; nothing is asked while it is hidden.
        """
        super().__init__(window)
        self._model = model
        self._jobs = jobs
        self._choosing = choosing
        self._window = window
        self._references: list[Reference] = []
        self._selected: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._asked: Question | None = None
        self._previewed: Question | None = None
        self._is_under_way = False
        self._lose_patience = QTimer(self)
        self._lose_patience.setSingleShot(True)
        self._lose_patience.setInterval(_PATIENCE_MS)
        self._lose_patience.timeout.connect(self._preview)
        self._follow_soon = Throttle(_FOLLOW_MS, self._follow, self)
        choosing.changed.connect(self.refresh)
        for changed in (model.dataChanged, model.modelReset, model.images_came_or_went):
            changed.connect(self.refresh_soon)
        model.reference_changed.connect(self.read_references)

    def show_selected(self, image_ids: ArrayLike) -> None:
        """Take these as the selected images, shape (n,), from now on."""
        self._selected = np.asarray(image_ids, dtype=np.int64)
        self.refresh_soon()

    @Slot()
    def refresh_soon(self) -> None:
        """Follow what there is now, not more than twice a second."""
        if self._window.isVisible():
            self._follow_soon.ask()

    @Slot()
    def refresh(self) -> None:
        """Follow at once."""
        if self._window.isVisible():
            self._follow()

    def stop(self) -> None:
        """Follow no further."""
        self._follow_soon.stop()
        self._lose_patience.stop()

    # References

    def offer(self) -> None:
        """Let a person choose from what there is now."""
        default = self._model.reference
        self._choosing.offer(self._model.library, self._references or [default], default)

    @Slot()
    def read_references(self) -> None:
        """Look, on the other thread, which references there are: the first time files are read."""
        if self._window.isVisible():
            self._jobs.submit(self._model.references.all, self._take_references, self._no_references)

    def _take_references(self, references: list[Reference]) -> None:
        if shiboken6.isValid(self):
            self._references = references
            self.refresh()

    def _no_references(self, error: Exception) -> None:
        """Go on with the library's own."""
        _log.error("the references could not be read", exc_info=error)

    # Questions

    def _follow(self) -> None:
        self.offer()
        question = self._question()
        if not self._is_under_way:  # what is under way asks again when it is done
            if question.is_same(self._asked):
                return
            self._ask(question)
        if not work.is_prepared():
            self._preview()
        elif not self._lose_patience.isActive():
            self._lose_patience.start()

    def _ask(self, question: Question) -> None:
        self._asked = question
        self._is_under_way = True
        self._jobs.submit(lambda: work.answer(question), self._succeeded, self._give_up)

    @Slot()
    def _preview(self) -> None:
        self.offer()  # what was chosen may have gone meanwhile
        question = self._question()
        if self._is_under_way and not question.is_same(self._previewed):
            self._previewed = question
            self.answered.emit(work.preview(question))

    def _question(self) -> Question:
        first, second = self._choosing.first, self._choosing.second
        library, shown = self._model.library, self._model.order
        group = find_group(first, library, shown, self._selected, first)
        if second.kind is Kind.REFERENCE:
            known = [self._model.reference, *self._references]
            return Question(group, next(found for found in known if found.id == second.key))
        if second.kind is Kind.OWN_REFERENCE:
            return self._against_their_own(group)
        return Question(group, find_group(second, library, shown, self._selected, first))

    def _against_their_own(self, group: Group) -> Question:
        """Ask about images and the reference that all of them have, or else the library's."""
        used = np.unique(self._model.library.reference_numbers[group.image_ids])
        if len(used) == 1:
            return Question(group, self._model.reference_of(int(group.image_ids[0])))
        return Question(group, self._model.reference, has_several_references=len(used) > 1)

    # Answers

    def _succeeded(self, found: Answer) -> None:
        if shiboken6.isValid(self):  # the window may have gone meanwhile
            self._is_under_way, self._previewed = False, None
            self._lose_patience.stop()
            self.answered.emit(found)
            self.refresh_soon()

    def _give_up(self, error: Exception) -> None:
        _log.error("distributions were not compared", exc_info=error)
        if shiboken6.isValid(self):
            self._is_under_way, self._asked, self._previewed = False, None, None
            self._lose_patience.stop()
            self.failed.emit(error)
