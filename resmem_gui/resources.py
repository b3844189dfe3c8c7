"""Finds the files that ship with the program: in a checkout, an editable install and a wheel alike."""

from pathlib import Path, PurePosixPath

_PACKAGE = Path(__file__).resolve().parent
_BUNDLE = _PACKAGE / "_bundle"


def resource(relative: str) -> Path:
    """Return the path of a file that ships with the program.

    A wheel carries `resources/` and the lists of `packaging/` inside the package; a checkout and an
    editable install have them beside it.

    Args:
        relative: A path from the root of the project, with forward slashes, such as
            `resources/references/lamem.json`.

    Raises:
        ValueError: `relative` is absolute or climbs out of the project.
        FileNotFoundError: no such file ships with the program.
    """
    parts = PurePosixPath(relative)
    if parts.is_absolute() or ".." in parts.parts:
        raise ValueError(f"not a path inside the project: {relative}")
    root = _BUNDLE if _BUNDLE.is_dir() else _PACKAGE.parent
    path = root / parts
    if not path.exists():
        raise FileNotFoundError(f"the installation of resmem_gui lacks {relative}")
    return path
