"""Lets threads that run Python give way to the GUI thread.

Two threads that run Python share its lock. Drawing gives the lock away with every call into Qt, and waits
half a millisecond each time until a thread that counts or sorts gives it back: a picture of the window takes
ten times as long. So such threads wait while the GUI thread has something to do.
"""

import threading
import time
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

#: The GUI thread shows so often that it has nothing else to do, while somebody wants to know.
_TICK_MS: Final = 3
#: Without such a sign for so long it is busy.
_BUSY_S: Final = 0.006
#: Between two looks at the GUI thread.
_SLICE_S: Final = 0.001
#: A GUI thread that is always busy shall not keep the others from their work for ever.
_PATIENCE_S: Final = 0.03
#: Nobody has asked for so long: nobody wants to know any more.
_QUIET_S: Final = 0.3


class Courtesy(QObject):
    """Knows whether the GUI thread has something to do. Made on that thread.

    Qt's event dispatchers tell when they begin and end to wait, but not all of them before they handle the
    events that they waited for. A timer tells it on all of them.
    """

    _asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticked = threading.Event()
        self._slices = threading.local()
        self._last_tick = self._last_asked = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._is_ticking = self._is_over = False
        self._asked.connect(self._start)

    def give_way(self) -> None:
        """Wait a little if the GUI thread has something to do. To be called often, from any other thread."""
        now = time.monotonic()
        if self._is_over or now - getattr(self._slices, "began", 0.0) < _SLICE_S:
            return
        self._last_asked = now
        if not self._is_ticking:
            self._is_ticking, self._last_tick = True, now
            self._asked.emit()
        elif now - self._last_tick > _BUSY_S:
            self._ticked.clear()
            self._ticked.wait(_PATIENCE_S)
        self._slices.began = time.monotonic()

    def stop(self) -> None:
        """Let nobody wait any more: the GUI thread itself waits for the others."""
        self._is_over = True
        self._ticked.set()

    @Slot()
    def _start(self) -> None:
        self._timer.start()

    @Slot()
    def _tick(self) -> None:
        self._last_tick = time.monotonic()
        self._ticked.set()
        if self._last_tick - self._last_asked > _QUIET_S:
            self._timer.stop()
            self._is_ticking = False
