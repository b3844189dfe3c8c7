"""What has threads that must end before the program does."""

import time
from collections.abc import Sequence
from typing import Final, Protocol

from PySide6.QtCore import QThread

_LOOK_S: Final = 0.005


class HasEnded(Protocol):
    """Has threads of its own that were told to end."""

    @property
    def has_ended(self) -> bool:
        """Whether they have ended."""


class EndingPart(HasEnded, Protocol):
    """Has threads of its own."""

    def stop(self) -> None:
        """Begin to end them."""


class Parts:
    """Ends all of them together: each is told before any is waited for."""

    def __init__(self) -> None:
        self._parts: list[EndingPart] = []
        self._threads: list[QThread] = []

    def add(self, *parts: EndingPart) -> None:
        """Take care that these end, too."""
        self._parts += parts

    def add_thread(self, thread: QThread) -> None:
        """Take care that a thread with an event loop ends, too."""
        self._threads.append(thread)

    def stop(self) -> None:
        """Begin to end them."""
        for thread in self._threads:
            thread.quit()
        for part in self._parts:
            part.stop()

    @property
    def has_ended(self) -> bool:
        """Whether all have ended, after `stop`."""
        return all(part.has_ended for part in self._parts) and all(
            thread.isFinished() for thread in self._threads
        )


def wait_until_ended(parts: Sequence[HasEnded], seconds: float) -> bool:
    """Wait for what was told to end; return whether it did in this time."""
    deadline = time.monotonic() + seconds
    # Not QThread.wait: PySide6 holds Python's lock in it, which the threads need in order to end.
    while not all(part.has_ended for part in parts):
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_S)
    return True
