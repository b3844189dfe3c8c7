"""Runs every benchmark one after the other with small settings: what `make bench` does.

python -m tests.benchmarks.run_all [NAME...]
"""

import subprocess
import sys
import time
from typing import Final

from tests.benchmarks.common import ROOT, argument_parser

_SMALL: Final = {
    "start": ["--times", "5"],
    "first_score": ["--times", "2"],
    "throughput": ["--images", "32", "--camera", "12", "--rounds", "2"],
    "where": ["--files", "6"],
    "memory": ["--images", "200"],
    "scale": ["--files", "20000", "--stream", "5"],
    "recall": ["--files", "3000"],
    "histogram": ["--times", "60"],
    "loupe": [],
    "likeness": [],
    "event_loop": ["--files", "2000", "--seconds", "10"],
    "close": ["--times", "1"],
    "fast_decoding": ["--enlarge"],
}


def main() -> int:
    """Run them; return 1 if one of them fails."""
    parser = argument_parser(__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(_SMALL)} (default: all)")
    names = parser.parse_args().names or list(_SMALL)
    unknown = sorted(set(names) - _SMALL.keys())
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    failed = [name for name in names if not _succeeds(name)]
    if failed:
        print(f"\nFAILED: {', '.join(failed)}")
    return 1 if failed else 0


def _succeeds(name: str) -> bool:
    began = time.monotonic()
    command = [sys.executable, "-u", "-m", f"tests.benchmarks.{name}", *_SMALL[name]]
    done = subprocess.run(command, cwd=ROOT, check=False)
    print(f"({name} took {time.monotonic() - began:.0f} s)", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
