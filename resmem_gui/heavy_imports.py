"""Imports heavy libraries, on a thread of their own wherever that is safe."""

import gc
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_under_way = 0
_was_enabled = True


def import_aside(name: str) -> None:
    """Import a library; to be called on a thread that nobody waits for.

    An import gives up Python's lock every few milliseconds, but its hundred thousands of new objects make
    the garbage collector look at everything again and again, and that stops all threads.

    Raises:
        ImportError: There is no such library, or it is broken.
    """
    if name in sys.modules:
        importlib.import_module(name)  # waits if another thread is at it
        return
    with _garbage_left_alone():
        importlib.import_module(name)


def import_in_one_go(name: str) -> None:
    """Import a library on this thread, as fast as it goes.

    For what is made of Qt's classes: PySide makes those when they are first touched, and does so wrongly when
    two threads touch them at once. With pyqtgraph imported aside the program crashed or hung now and then.

    Raises:
        ImportError: There is no such library, or it is broken.
    """
    with _garbage_left_alone():
        importlib.import_module(name)


def is_import_under_way() -> bool:
    """Tell whether some thread is importing a library aside."""
    return _under_way > 0


@contextmanager
def _garbage_left_alone() -> Iterator[None]:
    """Collect no garbage meanwhile."""
    global _under_way, _was_enabled  # noqa: PLW0603 - the collector is the process's, and so is this count
    with _lock:
        if _under_way == 0:
            _was_enabled = gc.isenabled()
            gc.disable()
        _under_way += 1
    try:
        yield
    finally:
        with _lock:
            _under_way -= 1
            if _under_way == 0 and _was_enabled:
                gc.enable()
