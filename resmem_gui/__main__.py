"""`python -m resmem_gui` is the same as `resmem-gui`."""

import sys

from resmem_gui.cli import main

if __name__ == "__main__":
    sys.exit(main())
