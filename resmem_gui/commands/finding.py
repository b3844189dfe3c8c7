"""Finds the files of an export, also where they have been moved since."""

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from resmem_gui.export.reading import Image
from resmem_gui.images.discovery import Discovery


def found_files(images: Sequence[Image], folder: Path | None) -> Mapping[str, str]:
    """Return for each image, by the path that the export names, where its file is; empty for none.

    Args:
        images: Of the export.
        folder: Where to look: at the place that the image had below the folder common to all, then for its
            content. None for the path in the export.
    """
    paths = [path for image in images if (path := str(image["path"] or ""))]
    if folder is None:
        return {path: _existing(path) for path in paths}
    places = _places(paths, folder.absolute())
    hashes = {str(image["path"]): str(image["sha256"] or "") for image in images}
    lost = [path for path in paths if not _is_the_same(places[path], hashes[path])]
    by_content = _by_content(folder, {hashes[path] for path in lost} - {""}) if lost else {}
    return {path: by_content.get(hashes[path]) or _existing(places[path]) for path in paths}


def _places(paths: Sequence[str], folder: Path) -> Mapping[str, str]:
    """Return where each file is if the folder common to all of them has become this one."""
    folders = {os.path.dirname(path) for path in paths}
    try:
        common = os.path.commonpath(folders)
    except ValueError:  # of several drives
        return {path: str(folder / os.path.basename(path)) for path in paths}
    return {path: str(folder / os.path.relpath(path, common)) for path in paths}


def _is_the_same(path: str, sha256: str) -> bool:
    return _is_file(path) and (not sha256 or _sha256(path) == sha256)


def _by_content(folder: Path, wanted: Iterable[str]) -> Mapping[str, str]:
    """Return where contents are below a folder, by their hashes."""
    left, found = set(wanted), dict[str, str]()
    for path in Discovery([folder]):
        if not left:
            break
        sha256 = _sha256(path)
        if sha256 in left:
            found[sha256] = path
            left.remove(sha256)
    return found


def _sha256(path: str) -> str:
    """Return the hash of a file, an empty text if it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""  # scoring it will say why


def _existing(path: str) -> str:
    return path if os.path.exists(path) else ""  # noqa: PTH110 - pathlib raises where a name is too long


def _is_file(path: str) -> bool:
    return os.path.isfile(path)  # noqa: PTH113 - likewise
