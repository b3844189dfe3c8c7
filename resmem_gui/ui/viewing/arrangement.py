"""How to put a few pictures side by side so that they are as large as can be."""

from collections.abc import Sequence
from typing import Final

from resmem_gui.ui.viewing.geometry import Size, fit_scale

#: The shape of most photographs, for those whose size is not known yet.
_USUAL: Final = (3000, 2000)


def best_columns(pictures: Sequence[Size], room: Size, words: int) -> int:
    """Return in how many columns pictures are the largest, taken together.

    Args:
        pictures: Width and height of each; (0, 0) while unknown.
        room: For all of them, in pixels.
        words: Height of what stands below each picture.
    """

    def area(columns: int) -> float:
        rows = -(-len(pictures) // columns)
        cell = max(1, room[0] // columns), max(1, room[1] // rows - words)
        known = [_USUAL if 0 in size else size for size in pictures]
        return sum(width * height * fit_scale((width, height), cell) ** 2 for width, height in known)

    # Side by side is easier to compare than one above the other: more columns if it makes no difference. Four
    # stand two by two and never three and one.
    count = len(pictures)
    even = [columns for columns in range(count, 0, -1) if -(-count // -(-count // columns)) == columns]
    return max(even, key=area)
