"""What a contact sheet is made of: its images, what their numbers mean, and how it is to look."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QPageLayout

from resmem_gui.ui.documents.papers import page_layout, page_size

LEAST_COLUMNS: Final = 2
MOST_COLUMNS: Final = 8


class Caption(Enum):
    """What can stand under an image; the values are kept in settings."""

    NAME = "name"
    RANK = "rank"
    SCORE = "score"
    PERCENTILE = "percentile"
    RATING = "rating"


@dataclass(frozen=True, slots=True)
class SheetItem:
    """An image on the sheet.

    Attributes:
        path: Of its file.
        name: As it is shown.
        rank: Among the images that `SheetFacts` tells; None without a score.
        score: 0 to 1; None without one.
        percentile: Of the score within its reference, 0 to 100; None without one.
        rating: Stars, 1 to 5; 0 without a rating.
        reference: Name of that reference where the sheet has several; empty otherwise.
    """

    path: str
    name: str
    rank: int | None
    score: float | None
    percentile: float | None
    rating: int = 0
    reference: str = ""


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What the numbers on the sheet refer to.

    Attributes:
        references: That percentiles are of: their names, and how many images each has; one or more.
        ranked_among: How many scored images the ranks are among.
        scorer: What made the scores.
    """

    references: tuple[tuple[str, int], ...]
    ranked_among: int
    scorer: str = "ResMem"


@dataclass(frozen=True, slots=True)
class SheetOptions:
    """How the sheet is to look.

    Attributes:
        title: At the head of each page; may be empty.
        date: Beside it, as text; may be empty.
        paper: One of `documents.papers.PAPERS`.
        landscape: Whether the page is wider than high.
        columns: Images in a line, `LEAST_COLUMNS` to `MOST_COLUMNS`.
        captions: What stands under each image.
        dpi: How many pixels an inch images have at most.
    """

    title: str = "Contact sheet"
    date: str = ""
    paper: str = "A4"
    landscape: bool = False
    columns: int = 4
    captions: frozenset[Caption] = frozenset(Caption)
    dpi: int = 150

    def page_layout(self) -> QPageLayout:
        """Return paper and orientation, without margins: the sheet has its own."""
        return page_layout(self.paper, landscape=self.landscape)

    def page_size(self) -> QSizeF:
        """Return the size of a page in dots."""
        return page_size(self.page_layout())
