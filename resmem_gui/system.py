"""What the machine has to offer before Qt starts: system libraries and a display.

Qt aborts the process when a library or the display is missing. The functions here find that out
first and say it in one plain sentence. They read no file and import neither Qt nor the rest of the
package, so that the set-up (``packaging/bootstrap.py``) can load this module by its path before
anything is installed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

TERMINAL_COMMAND = "resmem-gui score PATHS…"
"""The terminal command that scores images without a window."""


@dataclass(frozen=True)
class MissingLibrary:
    """A shared library that does not load here, and the Debian package that holds it."""

    soname: str
    package: str


def parse_listing(listing: str) -> list[tuple[str, str]]:
    """Return the pairs of a text list with lines ``NAME  DEBIAN_PACKAGE``.

    Empty lines and everything after a ``#`` are left out.

    Raises:
        ValueError: A line does not hold exactly two words.
    """
    pairs = []
    for number, line in enumerate(listing.splitlines(), start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) != 2:
            raise ValueError(f"line {number} of the list is not 'NAME PACKAGE': {line!r}")
        pairs.append((words[0], words[1]))
    return pairs


def loads(soname: str) -> bool:
    """Tell whether the dynamic linker finds and loads a shared library.

    The library stays loaded. That is no loss: Qt is about to load the same one.
    """
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def missing_libraries(listing: str, *, can_load: Callable[[str], bool] = loads) -> list[MissingLibrary]:
    """Return the libraries of a list (``SONAME  DEBIAN_PACKAGE``) that do not load here.

    The list is about Linux; elsewhere the wheels carry all they need, and nothing is missing.
    """
    if sys.platform != "linux":
        return []
    return [
        MissingLibrary(soname, package) for soname, package in parse_listing(listing) if not can_load(soname)
    ]


def is_root() -> bool:
    """Tell whether this process may install system packages without ``sudo``."""
    return sys.platform != "win32" and os.geteuid() == 0


def install_command(packages: Iterable[str]) -> str:
    """Return the one command line that installs the given Debian packages."""
    words = ["apt-get", "install", "-y", *sorted(set(packages))]
    return " ".join(words if is_root() else ["sudo", *words])


def how_to_install(missing: Mapping[str, str]) -> str:
    """Return the sentence that tells a person how to get what is missing.

    Args:
        missing: For each missing library or command, the Debian package that holds it.
    """
    if shutil.which("apt-get"):
        command = install_command(missing.values())
        return f"System packages are missing; install them with: {command}"
    names = ", ".join(sorted(missing))
    return f"Install these with the package manager of this system, then try again: {names}"


def x_server_answers(display: str) -> bool:
    """Tell whether the X server behind a ``DISPLAY`` value accepts this user's connection."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        # Nobody can tell without libxcb; naming the missing library is `missing_libraries`' job.
        return True
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.POINTER(ctypes.c_int)]
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_connection_has_error.restype = ctypes.c_int
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.restype = None
    # xcb_connect returns an object on failure too, and that one has to be given back as well.
    connection = xcb.xcb_connect(os.fsencode(display), None)
    try:
        return bool(xcb.xcb_connection_has_error(connection) == 0)
    finally:
        xcb.xcb_disconnect(connection)


def display_problem(
    environ: Mapping[str, str], *, can_connect: Callable[[str], bool] = x_server_answers
) -> str | None:
    """Return the sentence that says why no window can open here, or None where one can.

    Only Linux is looked at. There Qt tries the platforms of ``QT_QPA_PLATFORM`` in their order or,
    without it, Wayland and X; one that works is enough, whichever it is.

    Args:
        environ: The environment variables of the process.
        can_connect: Tells whether the X server behind a ``DISPLAY`` value can be reached.
    """
    if sys.platform != "linux":
        return None
    unreachable = []
    for platform in _platforms(environ):
        if platform == "xcb":
            display = environ.get("DISPLAY", "")
            reachable = bool(display) and can_connect(display)
        elif platform.startswith("wayland"):
            display = environ.get("WAYLAND_DISPLAY", "")
            reachable = bool(display) and _wayland_socket_exists(display, environ)
        else:
            return None  # offscreen, vnc, eglfs and the like open no window on a display
        if reachable:
            return None
        if display:
            unreachable.append(display)
    return _no_display_sentence(unreachable)


def _platforms(environ: Mapping[str, str]) -> list[str]:
    """Return the names of the Qt platforms that Qt would try.

    The variable reads ``name:arguments;name:arguments``, in any case.
    """
    entries = environ.get("QT_QPA_PLATFORM", "").lower().split(";")
    names = [entry.partition(":")[0] for entry in entries]
    return [name for name in names if name] or ["wayland", "xcb"]


def _wayland_socket_exists(display: str, environ: Mapping[str, str]) -> bool:
    """Tell whether the socket is there that a ``WAYLAND_DISPLAY`` value names.

    A relative name is one in ``XDG_RUNTIME_DIR``, without which it names nothing.
    """
    socket = Path(environ.get("XDG_RUNTIME_DIR", ""), display)
    try:
        return socket.is_absolute() and stat.S_ISSOCK(socket.stat().st_mode)
    except OSError:
        return False


def _no_display_sentence(unreachable: list[str]) -> str:
    if unreachable:
        reason = f"The display {' or '.join(unreachable)} cannot be reached, so no window can open"
    else:
        reason = "There is no display to open a window on"
    return f"{reason}; score from the terminal instead: {TERMINAL_COMMAND}"
