"""The window that writes ratings, or stars from scores, into XMP sidecars."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSettings, Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.export.score_bands import SCORE_BANDS
from resmem_gui.export.sidecar_writing import Fate, Rated, Report, write_sidecars
from resmem_gui.export.sidecars import Naming
from resmem_gui.export.xmp import Marks
from resmem_gui.library.records import Pick, readable
from resmem_gui.ui import wording
from resmem_gui.ui.handing_on import summaries
from resmem_gui.ui.handing_on.work_dialog import WorkDialog, remembered
from resmem_gui.ui.notice import Level
from resmem_gui.ui.threads.background import Jobs

_NAMINGS: Final = {
    Naming.APPENDED: (
        "photo.jpg.xmp, for darktable and digiKam",
        "digiKam reads them if “Read from sidecar files” is on in its settings.",
    ),
    Naming.REPLACED: (
        "photo.xmp, for Lightroom, Bridge and Capture One",
        "Lightroom and Bridge look for sidecars beside raw files; JPEG and TIFF carry ratings inside.",
    ),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known about an image that may go into its sidecar.

    Attributes:
        path: Absolute.
        rating: 0 to 5; 0 where nobody has rated it.
        pick: Likewise `Pick.NONE`.
        percentile: Of its score within its reference, 0 to 100; NaN without a score.
    """

    path: str
    rating: int
    pick: Pick
    percentile: float


class XmpDialog(WorkDialog):
    """Writes sidecars when asked, and never before."""

    def __init__(
        self,
        images: Sequence[Judged],
        reference: str,
        jobs: Jobs,
        settings: QSettings,
        parent: QWidget,
        *,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        """Make the window; show it with `show`.

        Args:
            images: What may be written.
            reference: What the percentiles are of: the name of a reference, or “their references”.
            jobs: Runs the work.
            settings: Where the last choices are kept.
            parent: The window of the images.
            give_way: Waits while others should go first.
        """
        title = f"Write XMP Sidecars for {summaries.images_text(len(images)).title()}"
        super().__init__(title, jobs, settings, parent, give_way)
        self._images = images
        self._reference = reference
        self._build_form()
        self.start.setText("&Write Sidecars")
        self.changed()

    # Choices

    def _build_form(self) -> None:
        form = QFormLayout(self.form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(10)
        form.addRow("Write:", self._source_rows())
        self._naming = QComboBox(self.form)
        for naming, (text, _) in _NAMINGS.items():
            self._naming.addItem(text, naming)
        chosen = remembered(self.settings, "sidecars/naming", Naming.APPENDED)
        self._naming.setCurrentIndex(list(_NAMINGS).index(chosen))
        self._naming.currentIndexChanged.connect(self.changed)
        self._naming_hint = _hint(self.form)
        label = QLabel("&Names:", self.form)
        label.setBuddy(self._naming)
        form.addRow(label, _rows(self._naming, self._naming_hint))
        self._overwrite = QCheckBox("&Overwrite ratings that say something else", self.form)
        self._overwrite.setToolTip("Otherwise such sidecars are left alone, and listed here.")
        self._overwrite.toggled.connect(self.changed)
        form.addRow("", self._overwrite)

    def _source_rows(self) -> QVBoxLayout:
        from_scores = self.settings.value("sidecars/source", "ratings") == "scores"
        self._from_ratings = QRadioButton("&Ratings, picks and rejects", self.form)
        self._from_scores = QRadioButton("&Stars from scores:", self.form)
        (self._from_scores if from_scores else self._from_ratings).setChecked(True)
        self._from_scores.toggled.connect(self.changed)
        self._bands = QComboBox(self.form)
        self._bands.setAccessibleName("Score bands")
        for bands in SCORE_BANDS:
            self._bands.addItem(bands.name, bands)
        names = [bands.name for bands in SCORE_BANDS]
        last = self.settings.value("sidecars/bands", names[0])
        self._bands.setCurrentIndex(names.index(last) if last in names else 0)
        self._bands.currentIndexChanged.connect(self.changed)
        self._bands_hint = _hint(self.form)
        return _rows(self._from_ratings, self._from_scores, self._bands, self._bands_hint)

    def rated(self) -> list[Rated]:
        """Return what is to be written about each image."""
        if not self._from_scores.isChecked():
            return [Rated(image.path, Marks(image.rating, image.pick)) for image in self._images]
        bands = SCORE_BANDS[self._bands.currentIndex()]
        return [Rated(image.path, Marks(bands.stars(image.percentile))) for image in self._images]

    def _lacking(self) -> str:
        return "no score" if self._from_scores.isChecked() else "neither rating nor pick"

    def _remember(self) -> None:
        from_scores = self._from_scores.isChecked()
        self.settings.setValue("sidecars/source", "scores" if from_scores else "ratings")
        self.settings.setValue("sidecars/bands", self._bands.currentText())
        self.settings.setValue("sidecars/naming", self._naming.currentData().value)

    # Looking

    @Slot()
    def changed(self) -> None:
        """Look again soon."""
        self._bands.setEnabled(self._from_scores.isChecked())
        self._bands_hint.setText(SCORE_BANDS[self._bands.currentIndex()].sentence(self._reference))
        self._bands_hint.setEnabled(self._from_scores.isChecked())
        self._naming_hint.setText(_NAMINGS[self._naming.currentData()][1])
        super().changed()

    @Slot()
    def look(self) -> None:
        """Find out what would be written."""
        items, naming, overwrite = self.rated(), self._naming.currentData(), self._overwrite.isChecked()
        self.summary.setText("Looking…")
        self.looking.start(
            lambda _, is_cancelled: write_sidecars(
                items, naming, overwrite_ratings=overwrite, only_look=True, is_cancelled=is_cancelled
            ),
            self._looked,
            lambda error: self.looked(f"The sidecars could not be looked at: {error}", can_start=False),
        )

    def _looked(self, report: Report) -> None:
        count = report.count(Fate.NEW) + report.count(Fate.CHANGED)
        self.start.setText(f"&Write {wording.count_text(count, 'Sidecar')}" if count else "&Write Sidecars")
        self.looked(
            summaries.preview_text(report, self._lacking()), count > 0, summaries.report_details(report)
        )

    # Working

    @Slot()
    def work(self) -> None:
        """Write."""
        self._remember()
        items, naming, overwrite = self.rated(), self._naming.currentData(), self._overwrite.isChecked()
        self.run(
            lambda tell, is_cancelled: write_sidecars(
                items,
                naming,
                overwrite_ratings=overwrite,
                progress=lambda done, total, name: tell((done, total, name)),
                is_cancelled=is_cancelled,
            ),
            self._written,
        )

    def progress_of(self, progress: tuple[int, int, str]) -> tuple[float, str]:
        """Return how far it is, and the image under way."""
        done, total, name = progress
        return done / max(1, total), f"{done + 1:,} of {total:,}: {readable(name)}"

    def _written(self, report: Report) -> None:
        whole = not (report.cancelled or report.count(Fate.FAILED))
        level = Level.SUCCESS if whole else Level.WARNING
        self.finished_work(
            level, summaries.report_text(report, self._lacking()), summaries.report_details(report)
        )


def _rows(*widgets: QWidget) -> QVBoxLayout:
    rows = QVBoxLayout()
    rows.setSpacing(5)
    for widget in widgets:
        rows.addWidget(widget)
    return rows


def _hint(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * 0.9)
    label.setFont(font)
    # A form does not ask how high a wrapped label wants to be; and nothing jumps this way.
    label.setMinimumHeight(2 * label.fontMetrics().lineSpacing())
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    return label
