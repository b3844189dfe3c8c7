"""Gives files names without ever taking the place of another file.

Looking whether a name is free and then taking it leaves a moment in between in which another program may take
it. Every way here looks and takes in one step of the operating system:

- Windows: `rename`, which refuses a name that is taken.
- Linux and macOS: `renameat2` and `renamex_np` with the flag that makes them refuse it.
- elsewhere, and where the file system knows no such flag: a second name by `link`, which refuses it too, and
  then the first name is removed.
- without hard links: the new name is created with `O_EXCL` and filled; that is the caller's part.
"""

# Paths are plain text here, as in the library.

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from functools import cache
from typing import Final

#: What file systems answer to a way that they do not know.
_UNKNOWN: Final = frozenset(
    {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EPERM, errno.EMLINK}
)
_AT_FDCWD: Final = -100
_RENAME_NOREPLACE: Final = 1
_RENAME_EXCL: Final = 4


class CannotRenameError(OSError):
    """The file system cannot rename there without the danger of overwriting, or it is another disk."""


def rename_exclusively(source: str, target: str) -> None:
    """Give a file another name, on the same disk, unless the name is taken.

    Raises:
        FileExistsError: The name is taken; nothing has changed.
        CannotRenameError: It has to be copied instead; nothing has changed.
        OSError: Something else is in the way; nothing has changed.
    """
    for way in _ways():
        try:
            way(source, target)
        except OSError as error:
            if error.errno == errno.EXDEV:
                raise CannotRenameError(error.errno, "it is another disk", target) from error
            if error.errno not in _UNKNOWN:
                raise
        else:
            return
    raise CannotRenameError(errno.ENOTSUP, "the file system cannot do that", target)


def _ways() -> list[Callable[[str, str], None]]:
    if sys.platform == "win32":
        return [os.rename]
    by_system = _system_rename()
    return [by_system, _link_and_remove] if by_system else [_link_and_remove]


def _link_and_remove(source: str, target: str) -> None:
    os.link(source, target)
    try:
        os.unlink(source)
    except OSError:
        os.unlink(target)  # the file keeps its first name
        raise


@cache
def _system_rename() -> Callable[[str, str], None] | None:
    """Return the system's own call, None where there is none."""
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin":
        call = getattr(library, "renamex_np", None)
        return call and _checked(lambda source, target: call(source, target, _RENAME_EXCL))
    call = getattr(library, "renameat2", None)  # glibc 2.28, musl 1.2.4
    return call and _checked(
        lambda source, target: call(_AT_FDCWD, source, _AT_FDCWD, target, _RENAME_NOREPLACE)
    )


def _checked(call: Callable[[bytes, bytes], int]) -> Callable[[str, str], None]:
    """Return a function that turns the answer of a C function into an exception."""

    def checked(source: str, target: str) -> None:
        if call(os.fsencode(source), os.fsencode(target)):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), source, None, target)

    return checked
