"""What a report is made of: its images, its references, its cautions and the run record, as plain data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Final

from resmem_gui.analysis.reference import Reference
from resmem_gui.traits import Caution

#: Pictures on the contact sheet, unless somebody asks for another number.
PICTURES: Final = 12
#: Longest side of a picture in pixels: 200 to the inch on paper, in four columns.
PICTURE_EDGE: Final = 360
TITLE: Final = "Memorability report"


class TableKind(Enum):
    """How the images are listed; the values are kept in settings."""

    FULL = "full"
    BRIEF = "brief"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What somebody wants the report to hold.

    Attributes:
        title: At its head.
        note: By the user, shown under the title as it was written; may be empty.
        pictures: How many of the best-ranked images are shown as pictures; 0 for none.
        table: FULL lists every image with all that is known; BRIEF does so for those shown as pictures and
            gives rank, file and score of the rest.
        paper: "A4" or "Letter".
        date: When it is made, as text for people.
        covers: Which images it covers, in words that follow a number: "images", "images shown" …
    """

    title: str = TITLE
    note: str = ""
    pictures: int = PICTURES
    table: TableKind = TableKind.FULL
    paper: str = "A4"
    date: str = ""
    covers: str = "all images of the library"


@dataclass(frozen=True, slots=True)
class ReportImage:
    """One image of the report.

    Attributes:
        path: Absolute, exact; to find the pixels by.
        name: Its path below the folder that all images share, fit for showing.
        file: The last part of it.
        score: 0 to 1; None without one.
        percentile: Of the score within `reference`, 0 to 100; None without one.
        rank: Average rank among all scored images of the library; None without a score.
        at_floor: Whether the score says no more than "at the bottom".
        reference: Name of the reference of the percentile; empty where none was named.
        cautions: Why the score may not mean what it says.
        is_examined: Whether somebody has looked for cautions.
        sensitivity: Least and greatest score under other framings; None where nobody has asked.
        error: Why it has no score; empty otherwise.
        width: In pixels; 0 while unknown.
        height: Likewise.
    """

    path: str
    name: str
    file: str
    score: float | None = None
    percentile: float | None = None
    rank: float | None = None
    at_floor: bool = False
    reference: str = ""
    cautions: tuple[Caution, ...] = ()
    is_examined: bool = True
    sensitivity: tuple[float, float] | None = None
    error: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class ReportSource:
    """What the library gives for a report.

    Attributes:
        rows: One an image, by the column names of `export.table`.
        references: Those that percentiles are taken from, the library's own first; one at least.
        run_record: `RunRecord.fields()`.
        ranked_among: How many scored images the ranks are among.
    """

    rows: tuple[Mapping[str, Any], ...]
    references: tuple[Reference, ...]
    run_record: Mapping[str, Any]
    ranked_among: int


@dataclass(frozen=True)
class ReportContent:
    """All that a report says, before it has a form.

    Attributes:
        options: What was asked for.
        images: Those with a score, the most memorable first; ties in the order of their names.
        unscored: Those without.
        references: Those that percentiles are taken from, the library's own first.
        run_record: What made the scores.
        ranked_among: How many scored images the ranks are among.
        folder: The last part of the folder that all images share, fit for showing; may be empty.
        pictures: JPEG files by path, at most `PICTURE_EDGE` pixels a side; those that cannot be
            read are not in it.
    """

    options: ReportOptions
    images: tuple[ReportImage, ...]
    unscored: tuple[ReportImage, ...]
    references: tuple[Reference, ...]
    run_record: Mapping[str, Any]
    ranked_among: int
    folder: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def pictured(self) -> tuple[ReportImage, ...]:
        """The images on the contact sheet, best first."""
        return self.images[: self.options.pictures]

    def with_pictures(
        self,
        picture: Callable[[str], bytes | None],
        told: Callable[[int], None] = lambda _done: None,
    ) -> "ReportContent":
        """Return the same with the pictures of the contact sheet.

        Args:
            picture: Gives an image's JPEG file by its path, at most `PICTURE_EDGE` pixels a side; None if the
                image cannot be read.
            told: Called with the number of pictures that are ready; what it raises ends it.
        """
        found: dict[str, bytes] = {}
        for done, image in enumerate(self.pictured, 1):
            jpeg = picture(image.path)
            if jpeg is not None:
                found[image.path] = jpeg
            told(done)
        return replace(self, pictures=found)
