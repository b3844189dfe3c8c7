"""What the file system says about a file: enough to notice that it changed without reading it."""

import os
import stat
from dataclasses import dataclass
from typing import Final

#: The coarsest clock of a file system in use: FAT counts in steps of two seconds.
_COARSEST_CLOCK_NS: Final = 2_000_000_000


@dataclass(frozen=True, slots=True)
class FileState:
    """A file that was changed or replaced has another state, once it was settled.

    Attributes:
        size: In bytes.
        mtime_ns: When its content was changed last, in nanoseconds since 1970; negative before.
        inode: Its number in the file system; 0 where there is none.
    """

    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def from_stat(cls, status: os.stat_result) -> "FileState":
        """Return the state that a call of `stat` found."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ino)

    @property
    def text(self) -> str:
        """The state as databases keep it: only ever compared, and its numbers may exceed SQLite's 64 bits."""
        return f"{self.size} {self.mtime_ns} {self.inode}"

    def is_settled(self, at_ns: int) -> bool:
        """Tell whether every change after `at_ns`, nanoseconds since 1970, leads to another state.

        A change within the same tick of the file system's clock as the one before leaves the time as it was,
        and may leave the size. A file from the future is never settled: its clock is not ours.
        """
        return at_ns - self.mtime_ns >= _COARSEST_CLOCK_NS


def file_state(path: str) -> FileState | None:
    """Return the state of a file, None where there is no regular file or it cannot be asked."""
    try:
        status = os.stat(path)  # noqa: PTH116 - some 10 times cheaper than Path for each of 100,000 files
    except (OSError, ValueError):  # ValueError: no path at all, such as one with a NUL
        return None
    return FileState.from_stat(status) if stat.S_ISREG(status.st_mode) else None
