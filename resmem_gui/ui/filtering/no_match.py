"""What is shown when the filter lets no image through."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from resmem_gui.library.filtering import Filter, count_criteria
from resmem_gui.ui import wording
from resmem_gui.ui.filtering.describing import describe
from resmem_gui.ui.filtering.texts import label, shortened
from resmem_gui.ui.rows.image_model import ImageModel

#: Of what a button says; whatever is longer loses its middle.
_WIDEST: Final = 360


class NoMatch(QWidget):
    """Says what the filter asks for, and which of its criteria to take away.

    Attributes:
        removals: Buttons, one a criterion without which there are images, the most useful first.
        show_all: A button.
    """

    def __init__(self, model: ImageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._text = QLabel(self)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._explained: tuple[Filter, list[tuple[str, int]]] | None = None
        self.removals: list[QPushButton] = []
        self.show_all = QPushButton("Show &All Images", self)
        self.show_all.clicked.connect(self._show_all)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(32, 32, 32, 32)
        self._layout.setSpacing(12)
        self._layout.addStretch(1)
        self._layout.addWidget(self._text)
        self._layout.addWidget(self.show_all, 0, Qt.AlignmentFlag.AlignHCenter)
        self._layout.addStretch(1)

    @property
    def sentence(self) -> str:
        """What it says."""
        return self._text.text()

    def explain(self) -> None:
        """Say why nothing is shown, and offer what would help."""
        model = self._model
        wanted = model.filter
        counts = count_criteria(wanted, model.library, model.standing.percentiles)
        helpful = sorted(
            ((name, count.without) for name, count in counts.items() if count.without),
            key=lambda one: -one[1],
        )
        offers = helpful if len(counts) > 1 else []  # one alone is what Show All Images takes away
        self._text.setText(self._reason(wanted, is_helped=bool(helpful)))
        # A button under the mouse or with the keyboard must not be made anew for nothing.
        if self._explained != (wanted, offers):
            self._explained = (wanted, offers)
            self._offer(offers)

    def _reason(self, wanted: Filter, *, is_helped: bool) -> str:
        images = self._model.library.present_count
        asked = [describe(wanted, criterion, self._model.shared_reference) for criterion in wanted.criteria]
        nothing = f"None of {images:,} images fits" if images > 1 else "The only image does not fit"
        text = f"{nothing}: {' · '.join(asked)}."
        return text if is_helped else f"{text}\nTaking one of these away would not be enough."

    def _offer(self, offers: list[tuple[str, int]]) -> None:
        for button in self.removals:
            self._layout.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.removals = []
        for place, (criterion, images) in enumerate(offers):
            text = describe(self._model.filter, criterion, self._model.shared_reference)
            short = label(shortened(text, self.fontMetrics(), _WIDEST))
            button = QPushButton(f"Take Away: {short} ({wording.count_text(images, 'image')})", self)
            button.clicked.connect(partial(self._take_away, criterion))
            self.removals.append(button)
            self._layout.insertWidget(2 + place, button, 0, Qt.AlignmentFlag.AlignHCenter)
            QWidget.setTabOrder(self.removals[place - 1] if place else self, button)
        if self.removals:
            QWidget.setTabOrder(self.removals[-1], self.show_all)

    @Slot()
    def _show_all(self) -> None:
        self._model.set_filter(Filter())

    def _take_away(self, criterion: str, _checked: bool = False) -> None:
        self._model.set_filter(self._model.filter.without(criterion))
