"""The sections of a report on paper, in the order and the words of the HTML one."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPointF, QSizeF
from PySide6.QtGui import QPainter

from resmem_gui.export.citations import CITATIONS
from resmem_gui.export.report import figure, listing, sentences, statistics
from resmem_gui.export.report.content import ReportContent, ReportImage
from resmem_gui.ui.documents.papers import MILLIMETRE, POINT
from resmem_gui.ui.report.flow import Flow
from resmem_gui.ui.report.picture_sheet import add_pictures
from resmem_gui.ui.report.pieces import Piece
from resmem_gui.ui.report.tables import TableColumn, TableLook, fitted_column
from resmem_gui.ui.report.typography import (
    CAPTION,
    CAPTION_FAINT,
    CAPTION_MARK,
    LEAD,
    SMALL,
    SUBHEADING,
    TITLE,
    draw_line,
    elided,
    text_width,
)

_SUMMARY_WIDTH: Final = 108 * MILLIMETRE
_SUMMARY_GAP: Final = 16 * POINT
#: Shares of a table that columns take at most; longer texts are broken.
_MOST_OF_SUMMARY: Final = 0.36
_MOST_OF_NUMBERS: Final = 0.2
#: Words make way for the names of images, in this order.
_MOST_OF_WORDS: Final = (0.17, 0.13)
_LEAST_OF_NAMES: Final = 0.3
#: The run record is long, and looked up rather than read.
_RECORD: Final = TableLook(CAPTION, 1.2 * POINT)
_BRIEF_COLUMNS: Final = 2
_BRIEF_GAP: Final = 14 * POINT
_BRIEF_SCORE: Final = 26 * POINT
_FIRST_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def report_pieces(
    content: ReportContent, width: float, check: Callable[[], None] = lambda: None
) -> list[Piece]:
    """Return all that stands in the report, from top to bottom.

    Args:
        content: What it says.
        width: Of the room for text, in dots.
        check: Called often; may raise to give up.
    """
    flow = Flow(width, check)
    groups = statistics.groups(content)
    _title(flow, content)
    _headlines(flow, content)
    for group in groups:
        check()
        _distribution(flow, group, name_reference=len(groups) > 1)
    _pictures(flow, content, groups)
    _cautions(flow, content)
    _detailed(flow, content, name_reference=len(groups) > 1)
    _brief(flow, listing.brief_images(content))
    _unscored(flow, content)
    _method(flow, content)
    _record(flow, content)
    return flow.pieces


def _title(flow: Flow, content: ReportContent) -> None:
    flow.paragraph(content.options.title, TITLE, gap=3)
    facts = sentences.scope_text(content)
    if content.folder:
        facts += f", folder {_isolated(content.folder)}"
    if content.options.date:
        facts += f". {content.options.date}"
    flow.small(f"{facts}.")
    if content.options.note:
        flow.gap(4)
        flow.paragraph(content.options.note)


def _headlines(flow: Flow, content: ReportContent) -> None:
    flow.heading("What the numbers say")
    flow.bullets(sentences.headlines(content), LEAD)
    flow.subheading("What they do not say")
    flow.bullets(sentences.LIMITS)


def _distribution(flow: Flow, group: statistics.ReferenceGroup, *, name_reference: bool) -> None:
    name = group.reference.name
    flow.heading(f"Distribution against {name}" if name_reference else "Distribution")
    flow.svg(group.figure.svg(), QSizeF(figure.WIDTH, figure.HEIGHT))
    count = sentences.count_text(len(group.images), "image")
    flow.small(
        f"Scores of {count} against {sentences.reference_text(group)}. "
        f"Both as densities of area 1. {sentences.CURVES}"
    )
    _summary(flow, group)


def _summary(flow: Flow, group: statistics.ReferenceGroup) -> None:
    """Write the numbers of both distributions, and beside them how far they are apart."""
    flow.subheading("Summary statistics")
    table, distances = Flow(_SUMMARY_WIDTH), Flow(flow.width - _SUMMARY_WIDTH - _SUMMARY_GAP)
    rows = [(row.name, row.images, row.reference) for row in group.summary]
    titles = (group.label, group.reference.name)
    numbers = [
        fitted_column(title, (row[place] for row in rows), table.width, right=True, most=_MOST_OF_SUMMARY)
        for place, title in enumerate(titles, 1)
    ]
    columns = (TableColumn("Statistic", 1.0 - sum(column.share for column in numbers)), *numbers)
    table.table(columns, rows)
    distances.gap(2)
    distances.small(group.distances)
    flow.beside(table, distances)


def _pictures(flow: Flow, content: ReportContent, groups: Sequence[statistics.ReferenceGroup]) -> None:
    shown = content.pictured
    if not shown:
        return
    some = f"The {sentences.count_text(len(shown), 'image')} with the highest scores"
    flow.heading(some if len(shown) < len(content.images) else "The images by rank")
    flow.paragraph(sentences.pictures_note(content), SMALL, keeps=True, gap=6)
    add_pictures(flow, shown, content.pictures, name_references=len(groups) > 1)


def _cautions(flow: Flow, content: ReportContent) -> None:
    groups = statistics.caution_groups(content)
    if not groups:
        return
    flow.heading("Cautions")
    flow.paragraph(sentences.CAUTIONS, keeps=True)
    for group in groups:
        flow.paragraph(
            f"{group.title}: {sentences.count_text(len(group.images), 'image')}",
            SUBHEADING,
            keeps=True,
            gap=1,
        )
        flow.paragraph(group.sentence, keeps=True, gap=1)
        names = ", ".join(_isolated(image.file) for image in group.named)
        flow.paragraph(f"{names}{group.others}", SMALL, gap=7)


def _detailed(flow: Flow, content: ReportContent, *, name_reference: bool) -> None:
    images = listing.detailed_images(content)
    if not images:
        return
    flow.heading("Images in full" if len(images) < len(content.images) else "All images")
    flow.small(sentences.rank_note(content), keeps=True)
    columns = _columns(images, flow.width, name_reference=name_reference)
    flow.table([column for column, _ in columns], [[text(image) for _, text in columns] for image in images])


_Text = Callable[[ReportImage], str]


def _columns(
    images: Sequence[ReportImage], width: float, *, name_reference: bool
) -> list[tuple[TableColumn, _Text]]:
    """Return the columns that have something to say; the name takes what the others leave."""
    for most in _MOST_OF_WORDS:
        rank, *columns = _fitted_columns(images, width, most, name_reference=name_reference)
        left = 1.0 - rank[0].share - sum(found.share for found, _ in columns)
        if left >= _LEAST_OF_NAMES:
            break
    return [rank, (TableColumn("Image", left), lambda image: image.name), *columns]


def _fitted_columns(
    images: Sequence[ReportImage], width: float, most_of_words: float, *, name_reference: bool
) -> list[tuple[TableColumn, _Text]]:
    def column(title: str, text: _Text, *, right: bool = True) -> tuple[TableColumn, _Text]:
        most = _MOST_OF_NUMBERS if right else most_of_words
        return fitted_column(title, map(text, images), width, right=right, most=most), text

    columns = [
        column("Rank", lambda image: sentences.rank_text(image.rank)),
        column("Score", lambda image: f"{image.score:.3f}"),
        column("Percentile", lambda image: sentences.percentile_cell(image.percentile)),
    ]
    if name_reference:
        columns.append(column("Reference", lambda image: image.reference, right=False))
    if any(image.sensitivity for image in images):
        columns.append(column("Sensitivity", _range_text))
    columns.append(column("Pixels", _size_text))
    if any(listing.marks(image) for image in images):
        columns.append(column("Cautions", listing.marks, right=False))
    return columns


def _range_text(image: ReportImage) -> str:
    return "" if image.sensitivity is None else "{:.2f}–{:.2f}".format(*image.sensitivity)


def _size_text(image: ReportImage) -> str:
    return f"{image.width} × {image.height}" if image.width else ""


def _brief(flow: Flow, images: Sequence[ReportImage]) -> None:
    """List images in two columns, down the one and then down the other within each line of the page."""
    if not images:
        return
    flow.subheading(f"The other {sentences.count_text(len(images), 'image')}, in short: rank, score, name")
    rank_width = text_width("8" * len(sentences.rank_text(images[-1].rank)), CAPTION) + 6 * POINT
    for begin in range(0, len(images), _BRIEF_COLUMNS):
        line = images[begin : begin + _BRIEF_COLUMNS]
        flow.block(CAPTION.line_height, _brief_painter(line, flow.width, rank_width))
    flow.gap(6)


def _brief_painter(
    images: Sequence[ReportImage], width: float, rank_width: float
) -> Callable[[QPainter, float], None]:
    room = (width - (_BRIEF_COLUMNS - 1) * _BRIEF_GAP) / _BRIEF_COLUMNS

    def paint(painter: QPainter, top: float) -> None:
        for number, image in enumerate(images):
            left = number * (room + _BRIEF_GAP)
            rank = sentences.rank_text(image.rank)
            draw_line(painter, QPointF(left, top), rank_width - 6 * POINT, rank, CAPTION, right=True)
            score = f"{image.score:.2f}"
            draw_line(painter, QPointF(left + rank_width, top), _BRIEF_SCORE, score, CAPTION_FAINT)
            begin = rank_width + _BRIEF_SCORE
            mark = " ▲" if listing.marks(image) else ""
            free = room - begin - text_width(mark, CAPTION)
            name = elided(image.name, CAPTION, free)
            draw_line(painter, QPointF(left + begin, top), free, name, CAPTION)
            after = left + begin + min(free, text_width(name, CAPTION))
            draw_line(painter, QPointF(after, top), room, mark, CAPTION_MARK)

    return paint


def _unscored(flow: Flow, content: ReportContent) -> None:
    if not content.unscored:
        return
    flow.heading("Images without a score")
    count = sentences.count_text(len(content.unscored), "image")
    flow.small(f"{count}, not part of any figure of this report.", keeps=True)
    columns = (TableColumn("Image", 0.45), TableColumn("Reason", 0.55))
    flow.table(columns, [(image.name, image.error) for image in content.unscored])


def _method(flow: Flow, content: ReportContent) -> None:
    flow.heading("Method")
    flow.paragraph(sentences.method(content))
    flow.paragraph(sentences.LICENCE)
    flow.subheading("Please cite")
    flow.bullets([f"{citation.text} doi:{citation.doi}" for citation in CITATIONS], whole=True)
    flow.subheading("BibTeX")
    for citation in CITATIONS:
        flow.code(citation.bibtex)


def _record(flow: Flow, content: ReportContent) -> None:
    flow.heading("Appendix: run record", breaks=True)
    flow.small("All that somebody else must know to obtain the same numbers again.", keeps=True)
    columns = (TableColumn("Field", 0.36), TableColumn("Value", 0.64))
    flow.table(columns, tuple(listing.flattened(content.run_record)), _RECORD)


def _isolated(name: str) -> str:
    """Return a name that does not turn round what stands beside it, whatever its script."""
    return f"{_FIRST_ISOLATE}{name}{_POP_ISOLATE}"
