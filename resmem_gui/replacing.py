"""Writes files all or nothing."""

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a stream whose content replaces the file if all goes well, and else leaves no trace.

    Until then it is a hidden file in the same folder. The file keeps its permissions, if it is there already.

    Args:
        path: A link stays a link, and what it leads to is replaced.

    Raises:
        OSError: The folder or the file cannot be written, or the disk is full.
    """
    path = path.resolve()  # a link stays a link
    temporary = path.with_name(f".{uuid.uuid4().hex}.part")  # a name may be as long as is allowed
    try:
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):  # the first failure is the one to tell
            temporary.unlink()
        raise
