"""Imports heavy libraries on one thread while the others, the window's above all, go on."""

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
