"""What must be so before torch is loaded, and in which order torch and Qt are."""

import os
import sys
from typing import Final

#: How often a thread of torch's looks for work before it sleeps. libgomp's own choice, 300,000, makes the
#: threads burn the cores that decoding and the window need: with one other busy thread on two cores it gave
#: 0.8 images a second, this gives 3.1. With nothing beside them it costs up to a tenth.
_SPINS: Final = "1000"


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
        set_up_threads()
        import torch  # noqa: F401 - loading its DLLs is what is wanted
