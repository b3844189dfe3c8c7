"""How decoding, the network and the window share the machine's cores.

All may use all of them, and the system's scheduler divides by priority. The window comes first. Decoding
takes what the network leaves, and all cores while the network waits for images: the network's threads work
in step, and one that had to share its core with a decoder would keep all others waiting.
"""

import contextlib
import os
import sys
import threading
from typing import Final

#: How far threads stand behind others, as `nice` counts, 0 to 19.
NETWORK_PRIORITY: Final = 2
DECODING_PRIORITY: Final = 12


def usable_cores() -> int:
    """Return how many cores this process may use, 1 at least."""
    if hasattr(os, "sched_getaffinity"):  # a container or a cluster's scheduler may allow only some
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def give_way(priority: int) -> None:
    """Give the calling thread, and those that it will start, a lower priority.

    On Linux, where a thread has a priority of its own; elsewhere nothing happens.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError):  # a sandbox may forbid it: then only some speed is lost
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), priority)
