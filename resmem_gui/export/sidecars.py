"""Sidecars: the XMP files beside images, and how programs name them."""

# Paths are plain text here, as in the library.

import os
from dataclasses import dataclass
from enum import Enum

from resmem_gui.file_state import file_state


class Naming(Enum):
    """How a sidecar is called."""

    #: photo.jpg.xmp, as darktable and digiKam do: no two images share one.
    APPENDED = "appended"
    #: photo.xmp, as Lightroom, Bridge and Capture One do: photo.jpg and photo.cr3 share it.
    REPLACED = "replaced"

    def name_for(self, name: str, ending: str = ".xmp") -> str:
        """Return the sidecar's name (or path) for the name (or path) of an image."""
        return (name if self is Naming.APPENDED else os.path.splitext(name)[0]) + ending


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A sidecar that is there.

    Attributes:
        path: Absolute.
        naming: How it is named after its image.
        size: In bytes.
        is_shared: Whether its name belongs to another file in the folder too.
    """

    path: str
    naming: Naming
    size: int
    is_shared: bool

    def name_beside(self, name: str) -> str:
        """Return its name beside an image of this name; its ending stays in upper or lower case."""
        return self.naming.name_for(name, os.path.splitext(self.path)[1])


class SidecarFinder:
    """Finds the sidecars of many images; each folder is listed once."""

    def __init__(self) -> None:
        self._folders: dict[str, dict[str, list[str]]] = {}

    def of(self, path: str) -> list[Sidecar]:
        """Return the sidecars of an image, of both namings; none if its folder cannot be listed."""
        folder, name = os.path.split(path)
        stem, ending = os.path.splitext(name)
        by_stem = self._listing(folder)
        of_stem = by_stem.get(stem, [])
        is_shared = any(one != name and not _is_xmp(one) for one in of_stem)
        found = [(one, Naming.APPENDED, False) for one in by_stem.get(name, []) if _is_xmp(one)]
        if ending:
            found += [(one, Naming.REPLACED, is_shared) for one in of_stem if _is_xmp(one) and one != name]
        sidecars = []
        for sidecar, naming, shared in found:
            whole = os.path.join(folder, sidecar)
            if state := file_state(whole):
                sidecars.append(Sidecar(whole, naming, state.size, shared))
        return sidecars

    def _listing(self, folder: str) -> dict[str, list[str]]:
        """Return the names in a folder by what stands before their ending."""
        if folder not in self._folders:
            try:
                names = sorted(os.listdir(folder))
            except OSError:
                names = []  # the images in it will tell why
            by_stem: dict[str, list[str]] = {}
            for name in names:
                by_stem.setdefault(os.path.splitext(name)[0], []).append(name)
            self._folders[folder] = by_stem
        return self._folders[folder]


def _is_xmp(name: str) -> bool:
    return name.casefold().endswith(".xmp")
