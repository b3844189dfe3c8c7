"""Where the cells of a grid lie: arithmetic on the row number, so that 100,000 rows cost no layout."""

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize

PADDING: Final = 8


class CellLayout:
    """Cells of one size, left to right and top to bottom, in coordinates of the whole content.

    Attributes:
        cell: Size of a cell.
        columns: How many cells stand side by side, one at least.
    """

    def __init__(self, cell: QSize, width: int) -> None:
        """Lay cells out in a room of this width; what is to spare is shared out between the columns."""
        self.cell = cell
        self.columns = max(1, (width - PADDING) // cell.width())
        self._pitch = max(cell.width(), (width - PADDING) / self.columns)

    def height(self, rows: int) -> int:
        """Return how much height so many rows take."""
        return 2 * PADDING + -(-rows // self.columns) * self.cell.height()

    def rect(self, row: int) -> QRect:
        """Return the cell of a row."""
        line, column = divmod(row, self.columns)
        left = PADDING / 2 + column * self._pitch + (self._pitch - self.cell.width()) / 2
        return QRect(QPoint(int(left), PADDING + line * self.cell.height()), self.cell)

    def row_at(self, point: QPoint) -> int | None:
        """Return the row whose cell holds a point, also beyond the last one; None between cells."""
        column = int((point.x() - PADDING / 2) // self._pitch)
        line = (point.y() - PADDING) // self.cell.height()
        # Lefts are rounded down: a cell may begin a fraction of a pixel before its share of the width.
        for candidate in (column, column + 1):
            row = line * self.columns + candidate
            if line >= 0 and 0 <= candidate < self.columns and self.rect(row).contains(point):
                return row
        return None

    def rows_between(self, top: int, bottom: int) -> tuple[int, int]:
        """Return the first and the last row that may be seen between two heights, also beyond the end."""
        first_line = max(0, (top - PADDING) // self.cell.height())
        last_line = (bottom - PADDING) // self.cell.height()
        return first_line * self.columns, (last_line + 1) * self.columns - 1

    def touched(self, rect: QRect) -> Iterator[tuple[int, int]]:
        """Yield the ranges of rows (first, last) that a rectangle touches, also beyond the end."""
        lefts = [self.rect(column).left() for column in range(self.columns)]
        hit = [
            column
            for column, left in enumerate(lefts)
            if rect.left() < left + self.cell.width() and rect.right() >= left
        ]
        if hit:
            first_line = max(0, (rect.top() - PADDING) // self.cell.height())
            last_line = (rect.bottom() - PADDING) // self.cell.height()
            if last_line < 0:
                return
            if len(hit) == self.columns:
                yield first_line * self.columns, (last_line + 1) * self.columns - 1
                return
            for line in range(first_line, last_line + 1):
                yield line * self.columns + hit[0], line * self.columns + hit[-1]
