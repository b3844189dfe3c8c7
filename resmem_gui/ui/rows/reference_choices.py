"""Which reference each image is compared with."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.reference import Reference
from resmem_gui.analysis.references import References, UnknownReferenceError
from resmem_gui.library.library import Library


class ReferenceChoices:
    """The choices of a person: for the library, for folders, and, in the library's columns, for images.

    An id for which there is no reference on this computer stays chosen; LaMem stands in for it.

    Attributes:
        default_id: Of the library's own reference, that of all images without another.
    """

    def __init__(self, library: Library, references: References, default: Reference) -> None:
        """Begin without choices.

        Args:
            library: Whose images are compared.
            references: All that there are.
            default: The library's own.
        """
        self.default_id = default.id
        self._library = library
        self._references = references
        self._first = default
        self._folders: dict[str, str] = {}

    @property
    def folders(self) -> dict[str, str]:
        """Paths of folders, each with the id of the reference of images that are added in it."""
        return dict(self._folders)

    def set_folders(self, folders: Mapping[str, str]) -> None:
        """Choose for images that will be added, and forget what was chosen before."""
        self._folders = {folder: chosen for folder, chosen in folders.items() if chosen}

    def clear(self) -> None:
        """Forget all choices; the images are about to go."""
        self.default_id = self._first.id
        self._folders = {}

    def take_in(self, image_ids: NDArray[np.int64]) -> None:
        """Give new images the references of their folders."""
        if not self._folders:
            return
        numbers = self._library.folder_numbers[image_ids]
        for number in np.unique(numbers).tolist():
            chosen = self._folders.get(self._library.folders[number])
            if chosen:
                self._library.set_reference(image_ids[numbers == number], chosen)

    def images_in(self, folders: Iterable[str]) -> NDArray[np.int64]:
        """Return the ids of present images in folders, not below them, ascending."""
        library, wanted = self._library, set(folders)
        numbers = [number for number, folder in enumerate(library.folders) if folder in wanted]
        return np.flatnonzero(library.present & np.isin(library.folder_numbers, numbers))

    def references(self) -> list[Reference]:
        """Return the reference of each entry of `Library.references`, the library's own first."""
        return [self.reference(chosen or self.default_id) for chosen in self._library.references]

    def reference(self, reference_id: str) -> Reference:
        """Return a reference, LaMem if it is not on this computer."""
        if reference_id == self._first.id:
            return self._first
        try:
            return self._references.get(reference_id)
        except UnknownReferenceError:
            return self._references.default

    def in_use(self) -> dict[str, int]:
        """Return how many present images are compared with each reference, by its id."""
        library = self._library
        counts = np.bincount(library.reference_numbers[library.present], minlength=len(library.references))
        used: dict[str, int] = {}
        for chosen, count in zip(library.references, counts.tolist(), strict=True):
            if count:
                reference_id = chosen or self.default_id
                used[reference_id] = used.get(reference_id, 0) + count
        return used

    def unknown(self) -> list[str]:
        """Return the ids that are chosen, and of which there is no reference on this computer."""
        chosen: Iterable[str] = dict.fromkeys([self.default_id, *self._folders.values(), *self.in_use()])
        return [reference_id for reference_id in chosen if not self._is_here(reference_id)]

    def _is_here(self, reference_id: str) -> bool:
        if reference_id == self._first.id:
            return True
        try:
            self._references.get(reference_id)
        except UnknownReferenceError:
            return False
        return True
