"""Answers of commands on standard output."""

import contextlib
import io
import sys

from resmem_gui.terminal import say


def print_answer(text: str) -> bool:
    """Write to standard output; return whether it could be written.

    A reader that has seen enough (`| head`) is no failure, and neither is a program without standard output.
    """
    if sys.stdout is None:
        return True
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        with contextlib.suppress(OSError):
            sys.stdout.close()
        sys.stdout = None  # Python would complain again while closing the stream
        if not isinstance(error, BrokenPipeError):
            say(f"Standard output could not be written: {error.strerror}.")
            return False
    return True
