"""Finds something out about many images, portion by portion, while a window goes on."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Slot

from resmem_gui.ui.threads.background import Loader
from resmem_gui.ui.throttle import Throttle

_Wish = TypeVar("_Wish")
_Result = TypeVar("_Result")


class PortionLoader(QObject, Generic[_Wish, _Result]):
    """Loads one portion after the other on a thread of its own, as long as there is one that is wanted.

    What is wanted is asked for when a thread is free, so that each portion is chosen by what is true then:
    what can be seen, what has become known meanwhile, whether images are being scored.
    """

    def __init__(
        self,
        name: str,
        parent: QObject,
        *,
        choose: Callable[[], _Wish | None],
        load: Callable[[_Wish], _Result],
        take: Callable[[_Wish, _Result], bool],
        look_ms: int,
        waits_for_rest: bool = False,
    ) -> None:
        """Prepare; nothing is loaded before `look`, and no thread is started before there is a portion.

        Args:
            name: Of the thread, for debugging.
            parent: Owner.
            choose: Returns the next portion, None for none; called on the GUI thread.
            load: Returns what comes of a portion; called on the other thread, must not touch widgets.
            take: Called with both on the GUI thread, unless it was stopped. Returns whether the next portion
                is chosen at once; if not, it is chosen at the next `look`.
            look_ms: A portion is chosen so often at most, when it is asked for by `look`.
            waits_for_rest: Whether it is chosen only when nobody has asked for so long.
        """
        super().__init__(parent)
        self._choose, self._take = choose, take
        self._is_under_way = self._is_stopped = False
        self._look_soon = Throttle(look_ms, self._go_on, self, waits_for_rest=waits_for_rest)
        self._loader = Loader(load, threads=1, name=name, parent=self)
        self._loader.loaded.connect(self._receive)

    @property
    def is_under_way(self) -> bool:
        """Whether a portion is being loaded, or has been and was not taken yet."""
        return self._is_under_way

    @property
    def is_stopped(self) -> bool:
        """Whether nothing is wanted any more; may be asked on any thread."""
        return self._is_stopped

    def look(self) -> None:
        """Choose a portion soon: there may be something to load."""
        if not self._is_stopped:
            self._look_soon.ask()

    def _go_on(self) -> None:
        if self._is_under_way or self._is_stopped:
            return
        wish = self._choose()
        if wish is not None:
            self._is_under_way = True
            self._loader.want([wish])

    @Slot(object, object)
    def _receive(self, wish: _Wish, result: _Result | Exception) -> None:
        self._is_under_way = False
        if isinstance(result, Exception):
            raise result
        if not self._is_stopped and self._take(wish, result):  # once stopped, the window is gone or going
            self._go_on()

    def stop(self) -> None:
        """Load no more; the thread, if there is one, ends."""
        self._is_stopped = True
        self._look_soon.stop()
        self._loader.stop()

    @property
    def has_ended(self) -> bool:
        """Whether the thread has ended, after `stop`."""
        return self._loader.has_ended
