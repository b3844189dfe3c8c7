"""Where the program begins: `resmem-gui` and `python -m resmem_gui`."""

import sys
from typing import Final

_EXIT_INTERRUPTED: Final = 130


def main() -> int:
    """Run the program and return its exit status.

    The imports of the command line take half a second, and whoever interrupts them shall see no traceback.
    """
    try:
        from resmem_gui.cli import main as run

        return run()
    except KeyboardInterrupt:
        return _EXIT_INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
