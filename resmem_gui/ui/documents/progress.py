"""What the thread that makes a document and the window that wants it tell each other."""

from collections.abc import Callable
from threading import Event


class CancelledError(Exception):
    """The document was given up because somebody asked for that."""


class Progress:
    """How far a document is, and whether anybody still wants it."""

    def __init__(self, told: Callable[[int, int], None] = lambda _done, _steps: None) -> None:
        """Make one.

        Args:
            told: Called on the working thread with how many steps are done, and of how many.
        """
        self._told = told
        self._cancelled = Event()

    def cancel(self) -> None:
        """Give up at the next step. Any thread may call it."""
        self._cancelled.set()

    def tell(self, done: int, steps: int) -> None:
        """Say how far it is.

        Args:
            done: Steps that are done.
            steps: All of them.

        Raises:
            CancelledError: Somebody has called `cancel`.
        """
        self._told(done, steps)
        self.check()

    def check(self) -> None:
        """Go on, if anybody still wants it.

        Raises:
            CancelledError: Somebody has called `cancel`.
        """
        if self._cancelled.is_set():
            raise CancelledError
