"""Copies files so that a copy is either whole and checked, or not there."""

# Paths are plain text here, as in the library.

import contextlib
import hashlib
import os
import shutil
import stat
import uuid
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from resmem_gui.export.exclusive import CannotRenameError, rename_exclusively
from resmem_gui.file_state import FileState

#: Between two blocks a copy can be cancelled.
BLOCK: Final = 1 << 20


class CancelledError(Exception):
    """Somebody does not want it any more."""


class CopyError(Exception):
    """A file could not be copied faithfully; the message is a sentence for people."""


def copy_verified(source: str, target: str, on_block: Callable[[int], None]) -> tuple[FileState, str]:
    """Copy a file under a name that must be free, read the copy back and compare it.

    The copy has a hidden name until it is complete, so that a killed process leaves no half copy under a name
    that somebody trusts. Times and permissions are kept as far as the disk can keep them.

    Args:
        source: May be a link: what it leads to is copied.
        target: Path of the copy.
        on_block: Called after each block with the number of bytes copied, 0 while the copy is read back; what
            it raises ends the copy.

    Returns:
        The state of the source when it was opened, and the SHA-256 of its content.

    Raises:
        FileExistsError: The name is taken; what is there was not touched.
        CopyError: The source changed meanwhile, or the disk gave other bytes back than it was given.
        OSError: Source or target cannot be used.
    """
    temporary = os.path.join(os.path.dirname(target), f".{uuid.uuid4().hex}.part")
    try:
        with open(source, "rb") as reader:
            state = _state_of_regular(reader)
            with open(temporary, "xb") as writer:
                sha256 = _pour(reader, writer, on_block)
            _check(temporary, sha256, on_block)
            if FileState.from_stat(os.fstat(reader.fileno())) != state:
                raise CopyError("It changed while it was copied. Copy it again when nothing writes to it.")
        _keep_attributes(source, temporary)
        publish(temporary, target, sha256)
    finally:
        with contextlib.suppress(FileNotFoundError):  # it has its real name by now
            remove(temporary)
    return state, sha256


def publish(temporary: str, target: str, sha256: str) -> None:
    """Give a complete file its real name, or copy it there where the disk cannot rename safely.

    Raises:
        FileExistsError: The name is taken; what is there was not touched.
        CopyError: The disk gave other bytes back than it was given.
        OSError: It cannot be done; nothing is left.
    """
    try:
        rename_exclusively(temporary, target)
    except CannotRenameError:
        _fill_exclusively(temporary, target, sha256)


def sha256_of(path: str, on_block: Callable[[int], None]) -> str:
    """Return the SHA-256 of a file's content.

    Raises:
        OSError: It cannot be read.
    """
    digest = hashlib.sha256()
    with open(path, "rb") as reader:
        for block in _blocks(reader):
            digest.update(block)
            on_block(len(block))
    return digest.hexdigest()


def remove(path: str) -> None:
    """Remove a file, also one that may only be read.

    Raises:
        OSError: It cannot be removed.
    """
    try:
        os.unlink(path)
    except PermissionError:
        if os.name != "nt":
            raise
        os.chmod(path, stat.S_IWRITE)  # Windows removes no file that may only be read
        os.unlink(path)


def settle_folder(folder: str) -> None:
    """Wait until the names in a folder are on the disk, where the system can tell.

    Raises:
        OSError: The disk failed.
    """
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some file systems cannot do it for folders: as good as it gets
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _state_of_regular(reader: BinaryIO) -> FileState:
    status = os.fstat(reader.fileno())
    if not stat.S_ISREG(status.st_mode):
        raise CopyError("It is no regular file.")
    return FileState.from_stat(status)


def _pour(reader: BinaryIO, writer: BinaryIO, on_block: Callable[[int], None]) -> str:
    """Write all that can be read, down to the disk, and return its SHA-256."""
    digest = hashlib.sha256()
    for block in _blocks(reader):
        digest.update(block)
        writer.write(block)
        on_block(len(block))
    writer.flush()
    os.fsync(writer.fileno())
    return digest.hexdigest()


def _blocks(reader: BinaryIO) -> Iterator[bytes]:
    while block := reader.read(BLOCK):
        yield block


def _check(path: str, sha256: str, on_block: Callable[[int], None]) -> None:
    """Compare what the disk gives back."""
    if hasattr(os, "posix_fadvise"):
        with open(path, "rb") as reader:  # not what the system still remembers having written
            os.posix_fadvise(reader.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if sha256_of(path, lambda _: on_block(0)) != sha256:
        raise CopyError("The disk gave other bytes back than were written: do not trust this disk.")


def _keep_attributes(source: str, copy: str) -> None:
    try:
        shutil.copystat(source, copy)
    except OSError:  # a memory stick knows no owners, a network drive perhaps no permissions: times at least
        with contextlib.suppress(OSError):
            status = os.stat(source)
            os.utime(copy, ns=(status.st_atime_ns, status.st_mtime_ns))


def _fill_exclusively(temporary: str, target: str, sha256: str) -> None:
    """Write a copy under its real name where no file can be renamed safely."""
    with open(target, "xb") as writer:
        try:
            with open(temporary, "rb") as reader:
                _pour(reader, writer, lambda _: None)
            _check(target, sha256, lambda _: None)
        except BaseException:
            writer.close()  # Windows removes no open file
            remove(target)  # it is ours: nobody else could create it
            raise
    _keep_attributes(temporary, target)
