"""The line above compared images: how many there are, and what can be done with all of them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QWidget

from resmem_gui.library.library import Library
from resmem_gui.ui import wording
from resmem_gui.ui.sensitivity.sentences import can_be_measured


class CompareHead(QWidget):
    """Counts the images, links them, and offers to measure how their scores move with the framing.

    Attributes:
        link: Whether all images are moved and scaled together.
        measure: Asks for sensitivities; hidden when all are known or none can be.

    Signals:
        measure_wanted: Ids of the images whose sensitivity is to be measured.
    """

    measure_wanted = Signal(object)

    def __init__(self, library: Library, back: QWidget, parent: QWidget) -> None:
        """Build it.

        Args:
            library: Where the images are.
            back: The button that leads back; it comes first.
            parent: Owner.
        """
        super().__init__(parent)
        self._library = library
        self._ids: list[int] = []
        self._asked: set[int] = set()
        self._count = QLabel(self)
        self.link = QCheckBox("Link", self)
        self.link.setChecked(True)
        self.link.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.link.setToolTip("Move and scale all images together (L)")
        self.measure = QPushButton("Measure Sensitivity", self)
        self.measure.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.measure.setToolTip("Score these images in ten crops: can framing alone explain the difference?")
        self.measure.clicked.connect(self._want_measured)
        self._scale = QLabel(self)
        self._scale.setAccessibleName("Scale")
        line = QHBoxLayout(self)
        line.setContentsMargins(6, 3, 12, 3)
        line.setSpacing(8)
        line.addWidget(back)
        line.addWidget(self._count, 1)
        for widget in (self.measure, self.link, self._scale):
            line.addWidget(widget)

    @property
    def text(self) -> str:
        """How many images are compared, and how many wait."""
        return self._count.text()

    def tell(self, image_ids: Sequence[int], waiting: int) -> None:
        """Say how many images there are, and offer to measure those of which no sensitivity is known.

        Args:
            image_ids: Of those side by side.
            waiting: How many more wait for a place.
        """
        self._ids = list(image_ids)
        self._offer_measuring()
        more = f", {waiting:,} more wait" if waiting else ""
        self._count.setText(f"Comparing {wording.count_text(len(self._ids), 'image')}{more}")

    def tell_scale(self, text: str) -> None:
        """Say how large the current image is shown."""
        self._scale.setText(text)

    def offer_again(self) -> None:
        """Let sensitivities that were asked for be asked for again: other images are about to come."""
        self._asked.clear()

    def _unmeasured(self) -> list[int]:
        records = [self._library.record(image_id) for image_id in self._ids]
        return [one.image_id for one in records if can_be_measured(one) and one.sensitivity is None]

    def _offer_measuring(self) -> None:
        unmeasured = self._unmeasured()
        self.measure.setVisible(bool(unmeasured))
        self.measure.setEnabled(not self._asked.issuperset(unmeasured))

    @Slot()
    def _want_measured(self) -> None:
        wanted = self._unmeasured()
        self._asked.update(wanted)
        self._offer_measuring()
        self.measure_wanted.emit(wanted)
