"""Lets threads that run Python give way to the GUI thread.

Two threads that run Python share its lock. Drawing gives the lock away with every call into Qt, and waits
half a millisecond each time until a thread that counts or sorts gives it back: a picture of the window takes
ten times as long. So such threads wait while the GUI thread has something to do.
"""

import threading
import time
from typing import Final

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Slot

#: Between two looks at the GUI thread.
_SLICE_S: Final = 0.001
#: A GUI thread that is always busy shall not keep the others from their work for ever.
_PATIENCE_S: Final = 0.01


class Courtesy(QObject):
    """Knows whether the GUI thread has something to do. Made on that thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._idle = threading.Event()
        self._idle.set()
        self._slices = threading.local()
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.awake.connect(self._has_work)
        dispatcher.aboutToBlock.connect(self._has_none)

    def give_way(self) -> None:
        """Wait a little if the GUI thread has something to do. To be called often, from any other thread."""
        now = time.monotonic()
        if now - getattr(self._slices, "began", 0.0) > _SLICE_S:
            self._idle.wait(_PATIENCE_S)
            self._slices.began = time.monotonic()

    @Slot()
    def _has_work(self) -> None:
        self._idle.clear()

    @Slot()
    def _has_none(self) -> None:
        self._idle.set()
