"""When Python looks for garbage: at moments that nobody sees."""

import gc
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

from resmem_gui.heavy_imports import is_import_under_way

_YOUNG_MS: Final = 250
_ALL_S: Final = 30.0


class GarbageCollection(QObject):
    """Takes Python's garbage collection over.

    Python looks through all objects whenever some ten thousand have been made, in whatever thread that
    happens and with its lock held: with a large library the window does not answer for a tenth of a second.
    Here young objects are looked through four times a second, and all of them only while nothing is under
    way; what has survived that is not looked at again until `look_again`.

    It is always on the GUI thread: a closed window that is found to be garbage on another one is deleted
    there, and Qt crashes, or waits for ever for the thread that waits for Python's lock.
    """

    def __init__(self, is_busy: Callable[[], bool], parent: QObject) -> None:
        """Begin.

        Args:
            is_busy: Whether something is under way that should not be held up.
            parent: Owner.
        """
        super().__init__(parent)
        self._is_busy = is_busy
        self._last = time.monotonic()
        gc.disable()
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.setInterval(_YOUNG_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    @Slot()
    def look_again(self) -> None:
        """Look through everything next time: much may have become garbage."""
        gc.unfreeze()

    @Slot()
    def _collect(self) -> None:
        if is_import_under_way():
            return  # hundred thousands of young objects, none of them garbage
        gc.collect(1)
        if time.monotonic() - self._last > _ALL_S and not self._is_busy():
            gc.collect()
            gc.freeze()
            self._last = time.monotonic()
