"""What commands write: answers on standard output, and what is logged."""

import contextlib
import io
import logging
import sys

from resmem_gui.export.path_texts import for_terminal
from resmem_gui.terminal import say


class SafeFormatter(logging.Formatter):
    """Writes what is logged so that names in it cannot steer a terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - as it is called there
        """Return the message without the traceback, which is made of lines."""
        return for_terminal(super().formatMessage(record))


def print_answer(text: str) -> bool:
    """Write to standard output; return whether it could be written.

    A reader that has seen enough (`| head`) is no failure, and neither is a program without standard output.
    """
    if sys.stdout is None:
        return True
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    shown = "\n".join(map(for_terminal, text.split("\n"))) if sys.stdout.isatty() else text
    try:
        sys.stdout.write(shown)
        sys.stdout.flush()
    except OSError as error:
        with contextlib.suppress(OSError):
            sys.stdout.close()
        sys.stdout = None  # Python would complain again while closing the stream
        if not isinstance(error, BrokenPipeError):
            say(f"Standard output could not be written: {error.strerror}.")
            return False
    return True
