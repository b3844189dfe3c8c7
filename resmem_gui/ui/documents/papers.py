"""Papers and inks of documents. All lengths are dots: `DOTS_PER_INCH` to the inch."""

from typing import Final

from PySide6.QtCore import QDate, QLocale, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize

DOTS_PER_INCH: Final = 600
POINT: Final = DOTS_PER_INCH / 72
MILLIMETRE: Final = DOTS_PER_INCH / 25.4
PAPERS: Final = {"A4": QPageSize.PageSizeId.A4, "Letter": QPageSize.PageSizeId.Letter}
#: Paper is white in the dark, too: these inks belong to the page and not to the theme.
INK: Final = "#1a1a1a"
FAINT_INK: Final = "#595959"
LINE: Final = "#c8c8c8"
#: Of a frame whose picture is not there.
EMPTY: Final = "#f2f2f0"


def page_layout(paper: str, *, landscape: bool = False) -> QPageLayout:
    """Return paper and orientation, without margins: documents have their own.

    Args:
        paper: One of `PAPERS`.
        landscape: Whether the page is wider than high.
    """
    orientations = QPageLayout.Orientation
    layout = QPageLayout()
    layout.setMode(QPageLayout.Mode.FullPageMode)
    layout.setPageSize(QPageSize(PAPERS[paper]))
    layout.setOrientation(orientations.Landscape if landscape else orientations.Portrait)
    return layout


def page_size(layout: QPageLayout) -> QSizeF:
    """Return the size of a paper, as it lies, in dots."""
    return QSizeF(layout.fullRect(QPageLayout.Unit.Point).size()) * POINT


def usual_paper() -> str:
    """Return the paper that people have where this computer is set up for."""
    american = QLocale.system().measurementSystem() == QLocale.MeasurementSystem.ImperialUSSystem
    return "Letter" if american else "A4"


def today() -> str:
    """Return the date as documents have it: "1 May 2026"."""
    return QLocale(QLocale.Language.English).toString(QDate.currentDate(), "d MMMM yyyy")
