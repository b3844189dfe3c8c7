"""Calls something at most so often."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot


class Throttle(QObject):
    """Runs an action at once when asked after a quiet time, else when the interval is over.

    However often it is asked within an interval, the action runs once, at its end: the last state is shown.
    """

    def __init__(
        self,
        interval_ms: int,
        action: Callable[[], None],
        parent: QObject,
        *,
        waits_for_rest: bool = False,
    ) -> None:
        """Make a throttle that belongs to `parent` and ends with it.

        Args:
            interval_ms: How long it is silent after the action.
            action: What it runs.
            parent: Owner.
            waits_for_rest: Whether each further asking begins the interval anew, so that the action runs when
                nobody asks any more.
        """
        super().__init__(parent)
        self._waits_for_rest = waits_for_rest
        self._action = action
        self._asked = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._interval_over)

    def ask(self) -> None:
        """Have the action run, now or at the end of the interval."""
        if self._timer.isActive():
            self._asked = True
            if self._waits_for_rest:
                self._timer.start()
            return
        self._timer.start()
        self._action()

    @property
    def is_waiting(self) -> bool:
        """Whether the action will run at the end of the interval."""
        return self._asked

    def stop(self) -> None:
        """Drop what was asked for."""
        self._asked = False
        self._timer.stop()

    @Slot()
    def _interval_over(self) -> None:
        if self._asked:
            self._asked = False
            self._timer.start()
            self._action()
