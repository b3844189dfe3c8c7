"""The inspector's section about how a score moves with the framing."""

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from resmem_gui.analysis.differences import rank_range
from resmem_gui.library.records import ImageRecord, Sensitivity
from resmem_gui.scoring.framings import TEN_CROP
from resmem_gui.ui.browsing.inspector_section import InspectorSection
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.sensitivity.interval_strip import IntervalStrip
from resmem_gui.ui.sensitivity.sentences import (
    NOT_AGAINST_PEOPLE,
    can_be_measured,
    ranks_text,
    spread_text,
)

_OFFER: Final = "How far the score moves when the image is cropped or mirrored is not measured yet."


class SensitivitySection(InspectorSection):
    """Shows the interval of one image, or offers to measure it.

    Signals:
        measure_wanted: A person asks for the sensitivity of an image (its id).
    """

    measure_wanted = Signal(int)

    def __init__(self, model: ImageModel, parent: QWidget) -> None:
        """Build it.

        Args:
            model: Whose images are shown, and whose ranks are told.
            parent: Owner.
        """
        super().__init__("Sensitivity to framing", parent)
        self._model = model
        self._shown: int | None = None
        self._asked: int | None = None
        self.strip = IntervalStrip(self)
        self.body.addWidget(self.strip)
        self.spread, self.ranks = self.add_text(), self.add_text()
        self.button = QPushButton("Measure", self)
        self.button.setToolTip(f"Score this image in {TEN_CROP.noun}. {TEN_CROP.meaning}")
        self.button.setAccessibleName("Measure the sensitivity of this score to framing")
        self.button.clicked.connect(self._ask)
        self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.remark = self.add_text()
        self.remark.setText(NOT_AGAINST_PEOPLE)

    def describe(self, record: ImageRecord) -> bool:
        """Show what is known of an image; nothing of one without a score."""
        self._shown = record.image_id
        if record.score is None:
            return False
        known = record.sensitivity
        for widget in (self.strip, self.ranks, self.remark):
            widget.setVisible(known is not None)
        self.button.setVisible(known is None)
        if known is None:
            self._offer(record)
        else:
            self._show(known, record.score)
        return True

    def _show(self, known: Sensitivity, score: float) -> None:
        self.strip.show_sensitivity(known, score)
        self.spread.setText(spread_text(known))
        low, high = min(known.low, score), max(known.high, score)
        self.ranks.setText(ranks_text(*rank_range(self._model.library.present_scores(), low, high)))

    def _offer(self, record: ImageRecord) -> None:
        is_asked = self._asked == record.image_id
        self.spread.setText("Being measured." if is_asked else _OFFER)
        self.button.setEnabled(can_be_measured(record) and not is_asked)

    @Slot()
    def _ask(self) -> None:
        if self._shown is not None:
            self._asked = self._shown
            self._offer(self._model.library.record(self._shown))
            self.measure_wanted.emit(self._shown)

    @Slot()
    def forget_asking(self) -> None:
        """Offer to measure again: measuring is over, whatever came of it."""
        self._asked = None
        if self._shown is not None:
            self.describe(self._model.library.record(self._shown))
