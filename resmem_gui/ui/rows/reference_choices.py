"""Which reference each image is compared with."""

import os
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
        """Paths of folders, each with the id of the reference of images in it and in folders below.

        The nearest folder with a reference counts. An empty id is the library's own, chosen for a folder
        below one that has another.
        """
        return dict(self._folders)

    def set_folders(self, folders: Mapping[str, str]) -> None:
        """Choose for images that will be added in folders and below; forget what was chosen before."""
        self._folders = needed(folders)

    def clear(self) -> None:
        """Forget all choices; the images are about to go."""
        self.default_id = self._first.id
        self._folders = {}

    def of_folder(self, folder: str) -> str:
        """Return the id chosen for a folder or the nearest above; empty for the library's own."""
        return _nearest(folder, self._folders)[1]

    def above(self, folder: str) -> tuple[str, str]:
        """Return the nearest folder above with a reference, and its id; two empty texts if none has."""
        return _nearest_above(folder, self._folders)

    def take_in(self, image_ids: NDArray[np.int64]) -> None:
        """Give new images the references of their folders."""
        if self._folders:
            self.follow_folders(image_ids)

    def follow_folders(self, image_ids: NDArray[np.int64]) -> None:
        """Give images the references of their folders, the library's own where no folder has one."""
        for reference_id, ids in self.by_folder(image_ids, self._folders).items():
            self._library.set_reference(ids, reference_id)

    def by_folder(
        self, image_ids: NDArray[np.int64], folders: Mapping[str, str]
    ) -> dict[str, NDArray[np.int64]]:
        """Return the ids of images by the reference that their folder would give them.

        Args:
            image_ids: Of any images.
            folders: Ids of references by path, in place of those chosen.
        """
        numbers = self._library.folder_numbers[image_ids]
        found: dict[str, list[int]] = {}
        for number in np.unique(numbers).tolist():
            reference_id = _nearest(self._library.folders[number], folders)[1]
            found.setdefault(reference_id, []).append(number)
        return {reference_id: image_ids[np.isin(numbers, those)] for reference_id, those in found.items()}

    def images_under(self, folders: Iterable[str]) -> NDArray[np.int64]:
        """Return the ids of present images that would take a reference of these folders, ascending.

        They are in the folders and below, except where a folder between has a reference of its own.
        """
        library, wanted = self._library, set(folders)
        chosen = {**self._folders, **dict.fromkeys(wanted, "")}
        numbers = [
            number for number, folder in enumerate(library.folders) if _nearest(folder, chosen)[0] in wanted
        ]
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
        chosen = dict.fromkeys([self.default_id, *filter(None, self._folders.values()), *self.in_use()])
        return [reference_id for reference_id in chosen if not self._is_here(reference_id)]

    def _is_here(self, reference_id: str) -> bool:
        if reference_id == self._first.id:
            return True
        try:
            self._references.get(reference_id)
        except UnknownReferenceError:
            return False
        return True


def needed(folders: Mapping[str, str]) -> dict[str, str]:
    """Return the choices for folders without those of the library's own reference where it holds anyway."""
    kept: dict[str, str] = {}
    for folder in sorted(folders, key=len):  # those above come first
        if folders[folder] or _nearest_above(folder, kept)[1]:
            kept[folder] = folders[folder]
    return kept


def _nearest(folder: str, chosen: Mapping[str, str]) -> tuple[str, str]:
    """Return the nearest folder with an entry, itself or above, and the entry; two empty texts without."""
    return (folder, chosen[folder]) if folder in chosen else _nearest_above(folder, chosen)


def _nearest_above(folder: str, chosen: Mapping[str, str]) -> tuple[str, str]:
    while (parent := os.path.dirname(folder)) != folder:
        folder = parent
        if folder in chosen:
            return folder, chosen[folder]
    return "", ""
