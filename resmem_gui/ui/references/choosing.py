"""Chooses what library, folders and images are compared with, so that it can be undone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QUndoCommand

from resmem_gui.ui import wording
from resmem_gui.ui.marking.history import History
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.reference_choices import needed


@dataclass(frozen=True, slots=True)
class _Choice:
    """What was chosen, for the library, for folders, and for some images.

    Attributes:
        default_id: Of the library's own reference.
        folders: Ids by absolute path, as `ReferenceChoices.folders` has them.
        images: Image ids by the id of their reference, which is empty for the library's own.
    """

    default_id: str
    folders: Mapping[str, str]
    images: Mapping[str, NDArray[np.int64]]


class ReferenceChoosing:
    """Makes each choice a step of the history."""

    def __init__(
        self, history: History, model: ImageModel, remember: Callable[[str], None] = lambda _: None
    ) -> None:
        """Choose for the images of a model.

        Args:
            history: Takes the steps.
            model: Whose images are compared.
            remember: Called with the id of the library's own reference whenever another was chosen.
        """
        self._history = history
        self._model = model
        self._remember = remember

    def for_library(self, reference_id: str) -> None:
        """Choose the library's own reference."""
        before = self._now(np.empty(0, dtype=np.int64))
        self._push("the Library", self._name(reference_id), before, replace(before, default_id=reference_id))

    def for_images(self, image_ids: Sequence[int], reference_id: str) -> None:
        """Choose for images; an empty id stands for the library's own."""
        ids = np.array(image_ids, dtype=np.int64)
        before = self._now(ids)
        what = wording.count_text(len(ids), "Image")
        self._push(what, self._name(reference_id), before, replace(before, images={reference_id: ids}))

    def for_folders(self, folders: Sequence[str], reference_id: str) -> None:
        """Choose for all images in folders and below, and for those that will be added there.

        A folder below that has a reference of its own keeps it, with its images. An empty id stands for the
        library's own.
        """
        chosen = {**self._model.choices.folders, **dict.fromkeys(folders, reference_id)}
        self._choose_folders(folders, chosen, self._name(reference_id))

    def as_above(self, folders: Sequence[str]) -> None:
        """Take their own references from folders: those of the folders above hold again."""
        choices = self._model.choices
        chosen = {folder: own for folder, own in choices.folders.items() if folder not in folders}
        names = {self._name(choices.above(folder)[1]) for folder in folders}
        name = names.pop() if len(names) == 1 else "What Is Chosen Above"
        self._choose_folders(folders, chosen, name)

    def _choose_folders(self, folders: Sequence[str], chosen: Mapping[str, str], name: str) -> None:
        choices = self._model.choices
        ids = choices.images_under(folders)
        before = self._now(ids)
        after = _Choice(before.default_id, needed(chosen), choices.by_folder(ids, chosen))
        self._push(wording.count_text(len(folders), "Folder"), name, before, after)

    def _now(self, image_ids: NDArray[np.int64]) -> _Choice:
        choices, library = self._model.choices, self._model.library
        numbers = library.reference_numbers[image_ids]
        images = {library.references[n]: image_ids[numbers == n] for n in np.unique(numbers).tolist()}
        return _Choice(choices.default_id, choices.folders, images)

    def _name(self, reference_id: str) -> str:
        choices = self._model.choices
        return choices.reference(reference_id or choices.default_id).name

    def _push(self, what: str, name: str, before: _Choice, after: _Choice) -> None:
        text = f"Compare {what} with {name}"
        step = _Step(self._history, self._model, text, before, after, self._remember)
        if not step.changes_nothing:
            self._history.stack.push(step)


class _Step(QUndoCommand):
    """One choice."""

    def __init__(
        self,
        history: History,
        model: ImageModel,
        text: str,
        before: _Choice,
        after: _Choice,
        remember: Callable[[str], None],
    ) -> None:
        super().__init__(text)
        self._history = history
        self._model = model
        self._before, self._after = before, after
        self._remember = remember
        self._first_later = len(model.library)
        self._is_new = True

    @property
    def changes_nothing(self) -> bool:
        """Whether all is chosen like that already."""
        before, after = self._before, self._after
        if before.default_id != after.default_id or before.folders != after.folders:
            return False
        return all(
            np.array_equal(before.images.get(reference_id, ids[:0]), ids)
            for reference_id, ids in after.images.items()
        )

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
        choices, library = self._model.choices, self._model.library
        choices.default_id = choice.default_id
        choices.set_folders(choice.folders)
        for reference_id, image_ids in choice.images.items():
            library.set_reference(image_ids, reference_id)
        if self._before.folders != self._after.folders:
            # What came since this choice was made took its reference from the folders as they were then.
            choices.follow_folders(np.arange(self._first_later, len(library)))
        self._model.compare_again()
        if self._before.default_id != self._after.default_id:
            self._remember(choice.default_id)

    def _show(self) -> None:
        ids = [image_id for chosen in self._before.images.values() for image_id in chosen.tolist()]
        if ids:
            self._history.stepped_back.emit(ids)
