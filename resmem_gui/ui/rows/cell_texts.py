"""What the cells of table and grid say, show and tell a screen reader."""

import html
import os
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QPixmap

from resmem_gui.analysis import percentile_texts
from resmem_gui.analysis.cautions import reason, title
from resmem_gui.analysis.ranking import FLOOR, at_floor
from resmem_gui.analysis.standing import Standing
from resmem_gui.library.library import Library
from resmem_gui.library.records import ImageRecord, Pick, Status, readable
from resmem_gui.ui import wording
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.rows.thumbnails import Thumbnails

_LONG_LINE: Final = 100


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell of the grid shows.

    Attributes:
        picture: The thumbnail, if there is one yet.
        name: Of the file.
        score: On the picture; empty if there is none.
        detail: Rank and percentile, or why there are none.
        warned: Whether the image could not be scored, or its file is missing.
        marks: Stars and pick, on the picture; empty if there are none.
        rejected: Whether a person has rejected it.
        cautions: Values of `Caution`: why the score may not mean what it says.
    """

    picture: QPixmap | None
    name: str
    score: str
    detail: str
    warned: bool
    marks: str = ""
    rejected: bool = False
    cautions: int = 0


class CellTexts:
    """Looks up what is known of an image and puts it into words."""

    def __init__(self, library: Library, standing: Standing, thumbnails: Thumbnails) -> None:
        self._library = library
        self._standing = standing
        self._thumbnails = thumbnails

    def cell(self, image_id: int) -> Cell:
        """Return all that a cell of the grid shows, in one look-up: drawing has no time for ten."""
        library, standing = self._library, self._standing
        failed, missing = library.statuses[image_id] == Status.FAILED, bool(library.missing[image_id])
        score, rank = float(library.scores[image_id]), standing.rank(image_id)
        detail, badge = "Not scored" if failed else "Waiting", ""
        if rank:
            detail = f"#{rank:,} · {self._short_percentile(image_id)}"
            badge = wording.score_text(score) + (" floor" if score < FLOOR else "")
        return Cell(
            picture=self._thumbnails.pixmap(image_id),
            name=readable(os.path.basename(library.paths[image_id])),
            score=badge,
            detail="File missing" if missing else detail,
            warned=missing or bool(failed),
            marks=wording.marks_text(int(library.ratings[image_id]), int(library.picks[image_id])),
            rejected=bool(library.picks[image_id] == Pick.REJECTED),
            cautions=int(library.cautions[image_id]),
        )

    def text(self, image_id: int, column: Column) -> str:
        """Return what a cell of the table says."""
        record = self._library.record(image_id)
        match column:
            case Column.NAME:
                return record.name
            case Column.FOLDER:
                return record.folder
            case Column.STATUS:
                return _status_text(record)
            case Column.RATING:
                return wording.marks_text(record.rating, record.pick)
            case Column.THUMBNAIL:
                return ""
            case Column.CAUTIONS:
                return wording.cautions_text(record.cautions)
            case Column.SENSITIVITY:
                return wording.sensitivity_text(record.sensitivity)
            case Column.RANK | Column.SCORE | Column.PERCENTILE | Column.REFERENCE:
                return self._score_text(record, column)
        return self._header_text(record, column)

    def _score_text(self, record: ImageRecord, column: Column) -> str:
        """Return what follows from the score; empty without one."""
        if column is Column.REFERENCE:
            return self._standing.reference_of(record.image_id).name
        if record.score is None:
            return ""
        match column:
            case Column.RANK:
                return f"{self._standing.rank(record.image_id):,}"
            case Column.SCORE:
                return f"{record.score:.3f}"
        return percentile_texts.percentile_cell(self._standing.percentile(record.image_id))

    def _header_text(self, record: ImageRecord, column: Column) -> str:
        """Return what the file's header says; empty while it is unknown."""
        library, image_id = self._library, record.image_id
        match column:
            case Column.TAKEN:
                return wording.camera_time_text(float(library.taken[image_id]))
            case Column.CHANGED:
                return wording.time_text(int(library.mtimes_ns[image_id]))
            case Column.FILE_SIZE:
                size = int(library.file_bytes[image_id])
                return wording.bytes_text(size) if size else ""
            case Column.ASPECT:
                return wording.aspect_text(record.width, record.height)
            case Column.KIND:
                return library.kinds[int(library.kind_numbers[image_id])].upper()
        return wording.dimensions_text(record.width, record.height)

    def tip(self, image_id: int, column: Column) -> str:
        """Return what a tool tip says: why there is no score, what a number means, or where the file is."""
        record = self._library.record(image_id)
        lines = [record.error or readable(self._library.paths[image_id])]
        if record.score is not None:
            score = f"Score {wording.score_text(record.score)}"
            lines.append(f"{score}, {self._percentile(record.image_id)}")
        if column is Column.SENSITIVITY and record.sensitivity is not None:
            lines.append(wording.sensitivity_sentence(record.sensitivity))
        if column is Column.CAUTIONS:
            traits, size = self._library.traits(image_id), (record.width, record.height)
            lines += [f"{title(one)}: {reason(one, traits, size)}" for one in record.cautions or ()]
        return _tip(lines)

    def spoken(self, image_id: int, column: Column) -> str:
        """Return what a screen reader says: the name, which is all a grid has, stands for the whole image."""
        if column is Column.PERCENTILE and self._library.statuses[image_id] == Status.SCORED:
            return self._percentile(image_id)
        if column is not Column.NAME:
            return self.text(image_id, column)
        record = self._library.record(image_id)
        marks = wording.marks_sentence(record.rating, record.pick)
        if record.score is None:
            return f"{record.name}, {_status_text(record)}{marks}"
        percentile = percentile_texts.percentile_text(self._standing.percentile(image_id))
        reference = self._standing.reference_of(image_id).name
        floor = ", at the model’s floor" if at_floor(record.score) else ""
        cautions = f", cautions: {wording.cautions_text(record.cautions)}" if record.cautions else ""
        return (
            f"{record.name}, rank {self._standing.rank(image_id)}, score {record.score:.2f}, "
            f"{percentile} of {reference}{floor}{cautions}{marks}"
        )

    def _short_percentile(self, image_id: int) -> str:
        """Return an image's percentile, with its reference where it would not be clear."""
        percentile = self._standing.percentile(image_id)
        if len(self._standing.references) == 1 and 0 < percentile < 100:
            return percentile_texts.percentile_text(percentile)
        return percentile_texts.percentile_of(percentile, self._standing.reference_of(image_id))

    def _percentile(self, image_id: int) -> str:
        """Return an image's percentile with all that it means."""
        percentile = self._standing.percentile(image_id)
        return percentile_texts.percentile_sentence(percentile, self._standing.reference_of(image_id))


def _status_text(record: ImageRecord) -> str:
    if record.missing:
        return f"File missing, {record.status.word}"
    if record.status is Status.FAILED:
        return f"Failed: {record.error}"
    if record.score is not None and at_floor(record.score):
        return "Scored, at the model’s floor"
    return record.status.word.capitalize()


def _tip(lines: list[str]) -> str:
    """Return lines for a tool tip.

    Qt takes what looks like HTML for HTML, and breaks long lines of that only.
    """
    if any("<" in line or len(line) > _LONG_LINE for line in lines[1:]) or "<" in lines[0]:
        return f"<span>{'<br>'.join(html.escape(line) for line in lines)}</span>"
    return "\n".join(lines)
