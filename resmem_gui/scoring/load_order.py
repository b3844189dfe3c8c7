"""How and when torch is loaded: before or after Qt, with which settings, and without stopping the window."""

import ctypes
import gc
import importlib.util
import os
import sys
from pathlib import Path
from typing import Final

from resmem_gui.heavy_imports import import_aside

#: How often a thread of torch's looks for work before it sleeps. libgomp's own choice, 300,000, makes the
#: threads burn the cores that decoding and the window need: with one other busy thread on two cores it gave
#: 0.8 images a second, this gives 3.1. With nothing beside them it costs up to a tenth.
_SPINS: Final = "1000"

#: Torch's libraries in the order in which it loads them itself, and how.
_LIBRARIES: Final = (
    ("libtorch_global_deps.so", os.RTLD_NOW | os.RTLD_GLOBAL if sys.platform == "linux" else 0),
    ("libtorch_python.so", os.RTLD_LAZY if sys.platform == "linux" else 0),
)


def set_up_threads() -> None:
    """Make torch's threads share the cores, before torch is imported; what the user has set stands."""
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)


def import_torch_before_qt() -> None:
    """Import torch now where Qt's libraries would break torch's if they came first: on Windows.

    To be called before anything of Qt is imported (pytorch/pytorch#166628). Elsewhere torch is imported by
    the scoring thread, after the window is visible.
    """
    if sys.platform == "win32":
        load_torch()


def load_torch() -> None:
    """Import torch so that other threads go on meanwhile.

    Loading its libraries takes half a second, in which an import would hold Python's lock.
    """
    if "torch" in sys.modules:
        return
    set_up_threads()
    if sys.platform == "linux":
        _load_libraries()
    import_aside("torch")
    gc.freeze()  # a module is not garbage: looking through torch's objects would stop all for 0.1 s each time


def _load_libraries() -> None:
    """Let the system load torch's libraries without Python's lock; the import then finds them there."""
    spec = importlib.util.find_spec("torch")
    if spec is None or not spec.submodule_search_locations:
        return  # the import says it better
    dlopen = ctypes.CDLL(None).dlopen  # a foreign function is called without the lock, CDLL() opens with it
    dlopen.argtypes, dlopen.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    for name, mode in _LIBRARIES:
        library = Path(spec.submodule_search_locations[0]) / "lib" / name
        if not dlopen(os.fsencode(library), mode):
            return  # another build of torch is put together otherwise; its own import copes
