"""Chooses what library, folders and images are compared with, so that it can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QUndoCommand

from resmem_gui.ui import wording
from resmem_gui.ui.marking.history import History
from resmem_gui.ui.rows.image_model import ImageModel


@dataclass(frozen=True, slots=True)
class _Choice:
    """What was chosen, for the library, for folders, and for some images.

    Attributes:
        default_id: Of the library's own reference.
        folders: Ids by absolute path.
        images: Image ids by the id of their reference, which is empty for the library's own.
    """

    default_id: str
    folders: Mapping[str, str]
    images: Mapping[str, NDArray[np.int64]]


class ReferenceChoosing:
    """Makes each choice a step of the history."""

    def __init__(self, history: History, model: ImageModel) -> None:
        self._history = history
        self._model = model

    def for_library(self, reference_id: str) -> None:
        """Choose the library's own reference."""
        before = self._now(np.empty(0, dtype=np.int64))
        self._push("the Library", reference_id, before, replace(before, default_id=reference_id))

    def for_images(self, image_ids: Sequence[int], reference_id: str) -> None:
        """Choose for images; an empty id stands for the library's own."""
        ids = np.array(image_ids, dtype=np.int64)
        before = self._now(ids)
        what = wording.count_text(len(ids), "Image")
        self._push(what, reference_id, before, replace(before, images={reference_id: ids}))

    def for_folders(self, folders: Sequence[str], reference_id: str) -> None:
        """Choose for all images in folders, and for those that will be added there."""
        ids = self._model.choices.images_in(folders)
        before = self._now(ids)
        chosen = {**before.folders, **dict.fromkeys(folders, reference_id)}
        what = wording.count_text(len(folders), "Folder")
        self._push(what, reference_id, before, _Choice(before.default_id, chosen, {reference_id: ids}))

    def _now(self, image_ids: NDArray[np.int64]) -> _Choice:
        choices, library = self._model.choices, self._model.library
        numbers = library.reference_numbers[image_ids]
        images = {library.references[n]: image_ids[numbers == n] for n in np.unique(numbers).tolist()}
        return _Choice(choices.default_id, choices.folders, images)

    def _push(self, what: str, reference_id: str, before: _Choice, after: _Choice) -> None:
        name = self._model.choices.reference(reference_id or before.default_id).name
        step = _Step(self._history, self._model, f"Compare {what} with {name}", before, after)
        if not step.changes_nothing:
            self._history.stack.push(step)


class _Step(QUndoCommand):
    """One choice."""

    def __init__(
        self, history: History, model: ImageModel, text: str, before: _Choice, after: _Choice
    ) -> None:
        super().__init__(text)
        self._history = history
        self._model = model
        self._before, self._after = before, after
        self._is_new = True

    @property
    def changes_nothing(self) -> bool:
        """Whether all is chosen like that already."""
        before, after = self._before, self._after
        is_same = before.default_id == after.default_id and set(before.images) <= set(after.images)
        kept = {folder: chosen for folder, chosen in after.folders.items() if chosen}
        return is_same and dict(before.folders) == kept

    def redo(self) -> None:
        """Make the choice; the stack calls this first when it takes the step over."""
        self._choose(self._after)
        if not self._is_new:
            self._show()
        self._is_new = False

    def undo(self) -> None:
        """Take the choice back."""
        self._choose(self._before)
        self._show()

    def _choose(self, choice: _Choice) -> None:
        choices = self._model.choices
        choices.default_id = choice.default_id
        choices.set_folders(choice.folders)
        for reference_id, image_ids in choice.images.items():
            self._model.library.set_reference(image_ids, reference_id)
        self._model.compare_again()

    def _show(self) -> None:
        ids = [image_id for chosen in self._before.images.values() for image_id in chosen.tolist()]
        if ids:
            self._history.stepped_back.emit(ids)
