"""A contact sheet: which images with which captions stand where on which page."""

import itertools
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from PySide6.QtCore import QRectF, QSizeF

from resmem_gui.analysis import percentile_texts
from resmem_gui.library.records import MOST_STARS
from resmem_gui.ui import wording
from resmem_gui.ui.contact_sheet.contents import Caption, SheetFacts, SheetItem, SheetOptions
from resmem_gui.ui.documents.papers import DOTS_PER_INCH, MILLIMETRE, POINT

_MARGIN: Final = 12 * MILLIMETRE
_GAP: Final = 4 * MILLIMETRE
_HEADER: Final = 10 * MILLIMETRE
_FOOTER: Final = 9 * MILLIMETRE
_FRAME_RATIO: Final = 0.72
_CAPTION_GAP: Final = 0.8 * MILLIMETRE
_LINE_SPACING: Final = 1.3
_SEPARATOR: Final = " · "
#: More references than so many do not fit into the footer.
_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """Where an image and its captions stand, in dots."""

    frame: QRectF
    name: QRectF
    numbers: QRectF


class Sheet:
    """Images, what is known about them, and their places. Immutable, so that any thread may read it."""

    def __init__(
        self,
        items: Sequence[SheetItem],
        facts: SheetFacts,
        options: SheetOptions,
        page: QSizeF | None = None,
    ) -> None:
        """Lay a sheet out.

        Args:
            items: In the order of the sheet.
            facts: What their numbers refer to.
            options: How it is to look.
            page: Size of the page in dots where it is not that of the options: a printer's.
        """
        self.items = tuple(items)
        self.facts = facts
        self.options = options
        self.page = options.page_size() if page is None else page

    def with_page(self, page: QSizeF) -> "Sheet":
        """Return the same on another paper."""
        landscape = page.width() > page.height()
        return Sheet(self.items, self.facts, replace(self.options, landscape=landscape), page)

    # Pages

    @property
    def rows(self) -> int:
        """Lines of images on a page."""
        least = self._cell_width * _FRAME_RATIO + self._caption_height
        return max(1, math.floor((self._room.height() + _GAP) / (least + _GAP)))

    @property
    def per_page(self) -> int:
        """Images on a full page."""
        return self.rows * self.options.columns

    @property
    def page_count(self) -> int:
        """Pages; one at least."""
        return max(1, math.ceil(len(self.items) / self.per_page))

    def items_on(self, page: int) -> tuple[SheetItem, ...]:
        """Return the images on a page, counted from 0."""
        return self.items[page * self.per_page : (page + 1) * self.per_page]

    def cell(self, place: int) -> Cell:
        """Return where the image at a place of its page stands; places count along the lines from 0."""
        line, column = divmod(place, self.options.columns)
        height, width = self._frame_height, self._cell_width
        left = self._room.left() + column * (width + _GAP)
        top = self._room.top() + line * (height + self._caption_height + _GAP)
        frame = QRectF(left, top, width, height)
        name_height = self.line_height if Caption.NAME in self.options.captions else 0.0
        name = QRectF(left, frame.bottom() + _CAPTION_GAP, width, name_height)
        numbers = QRectF(left, name.bottom(), width, self.line_height * self._number_lines)
        return Cell(frame, name, numbers)

    @property
    def title_rect(self) -> QRectF:
        """Where title and date stand."""
        return QRectF(_MARGIN, _MARGIN, self.page.width() - 2 * _MARGIN, _HEADER - 3 * MILLIMETRE)

    @property
    def footer_rect(self) -> QRectF:
        """Where the footer stands."""
        height = _FOOTER - 2 * MILLIMETRE
        return QRectF(_MARGIN, self.page.height() - _MARGIN - height, self.page.width() - 2 * _MARGIN, height)

    @cached_property
    def _room(self) -> QRectF:
        """Where the images stand."""
        width, height = self.page.width() - 2 * _MARGIN, self.page.height() - 2 * _MARGIN
        return QRectF(_MARGIN, _MARGIN + _HEADER, width, height - _HEADER - _FOOTER)

    @cached_property
    def _cell_width(self) -> float:
        columns = self.options.columns
        return (self._room.width() - (columns - 1) * _GAP) / columns

    @cached_property
    def _frame_height(self) -> float:
        """What the captions leave of the height, but never more than a square."""
        line = (self._room.height() - (self.rows - 1) * _GAP) / self.rows
        return min(self._cell_width, line - self._caption_height)

    # Captions

    @cached_property
    def caption_pixels(self) -> int:
        """Height of the captions' letters in dots: larger in larger cells, 6 to 9 points."""
        points = 5.2 + 0.045 * self._cell_width / MILLIMETRE
        return round(max(6.0, min(9.0, points)) * POINT)

    @property
    def line_height(self) -> float:
        """Height of a line of a caption in dots."""
        return self.caption_pixels * _LINE_SPACING

    @cached_property
    def _caption_height(self) -> float:
        has_name = Caption.NAME in self.options.captions
        lines = self._number_lines + has_name
        return lines * self.line_height + (_CAPTION_GAP if lines else 0.0)

    @cached_property
    def _number_lines(self) -> int:
        """How many lines the longest numbers of this sheet take: all cells of a sheet have as many."""
        most = max((item.rank or 0 for item in self.items), default=0)
        reference = max((item.reference for item in self.items), key=len, default="")
        widest = SheetItem("", "", most, 0.88, 88.0, MOST_STARS, reference)
        return len(self._flow(self._parts(widest)))

    def number_lines(self, item: SheetItem) -> list[str]:
        """Return the numbers of an image as the lines of its caption."""
        return self._flow(self._parts(item))

    def _parts(self, item: SheetItem) -> list[str]:
        captions = self.options.captions
        if item.score is None:
            wants_numbers = captions & {Caption.RANK, Caption.SCORE, Caption.PERCENTILE}
            numbers = {Caption.SCORE: "no score"} if wants_numbers else {}
        else:
            numbers = {
                Caption.RANK: "" if item.rank is None else f"Rank {item.rank:,}",
                Caption.SCORE: wording.score_text(item.score),
                Caption.PERCENTILE: _percentile(item),
            }
            numbers = {caption: text for caption, text in numbers.items() if caption in captions}
        rated = Caption.RATING in captions and item.rating > 0
        stars = "★" * item.rating + "☆" * (MOST_STARS - item.rating) if rated else ""
        return [text for text in (*numbers.values(), stars) if text]

    def _flow(self, parts: Sequence[str]) -> list[str]:
        """Put parts on as few lines as the width of a cell takes.

        Letters are taken for as wide as digits mostly are: lines must be the same on every device, and before
        anything is drawn.
        """
        most = max(1, math.floor(self._cell_width / (self.caption_pixels * 0.56)))
        lines: list[str] = []
        # Only the name of a reference can be longer than a line.
        for part in itertools.chain.from_iterable(textwrap.wrap(part, most) for part in parts):
            longer = f"{lines[-1]}{_SEPARATOR}{part}" if lines else part
            if lines and len(longer) <= most:
                lines[-1] = longer
            else:
                lines.append(part)
        return lines

    # Footer

    def footer(self) -> str:
        """Return what the numbers on the page are."""
        captions, facts = self.options.captions, self.facts
        sentences = []
        if Caption.SCORE in captions:
            sentences.append(f"{facts.scorer} scores, 0 to 1.")
        if Caption.RANK in captions:
            by = "" if Caption.SCORE in captions else f" by {facts.scorer} score"
            sentences.append(f"Rank{by} {self._ranked()}.")
        if Caption.PERCENTILE in captions:
            sentences.append(f"Percentile: per cent of {self._compared()} whose measured score is lower.")
        return " ".join(sentences)

    def _compared(self) -> str:
        """Return whose images the percentiles are of."""
        if len(self.facts.references) == 1:
            ((name, n),) = self.facts.references
            return f"{name}’s images (n = {n:,})"
        counts = "; ".join(f"{name}, n = {n:,}" for name, n in self.facts.references[:_MOST_NAMED])
        others = len(self.facts.references) - _MOST_NAMED
        more = f"; {wording.count_text(others, 'other')}" if others > 0 else ""
        return f"the named reference’s images ({counts}{more})"

    def _ranked(self) -> str:
        scored = sum(item.score is not None for item in self.items)
        if scored == self.facts.ranked_among:
            kind = "image" if scored == len(self.items) else "scored image"
            return f"within the {wording.count_text(scored, kind)} shown"
        return f"among {self.facts.ranked_among:,} scored images, of which {scored:,} are shown"

    def page_text(self, page: int) -> str:
        """Return the number of a page, counted from 0, as people write it."""
        return f"Page {page + 1:,} of {self.page_count:,}"

    def picture_edge(self, dpi: float) -> int:
        """Return how many pixels the longer side of an image needs at a resolution."""
        frame = self.cell(0).frame
        return max(1, math.ceil(max(frame.width(), frame.height()) / DOTS_PER_INCH * dpi))


def _percentile(item: SheetItem) -> str:
    if item.percentile is None:
        return ""
    of = f" of {item.reference}" if item.reference else ""
    return f"{percentile_texts.percentile_text(item.percentile)}{of}"
