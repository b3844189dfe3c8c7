"""Writes dlib's detector of frontal faces beside this script, for `resmem_gui.images.faces`.

    python resources/detectors/write.py

dlib unpacks the same detector from its own code in 0.3 s, during which no other thread of Python runs; this
file is read in a thousandth of a second.
"""

from pathlib import Path
from typing import Final

import dlib

FILE: Final = Path(__file__).with_name("frontal-faces.svm")


def main() -> None:
    """Write the file."""
    dlib.get_frontal_face_detector().save(str(FILE))


if __name__ == "__main__":
    main()
