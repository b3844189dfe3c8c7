"""Chooses the columns of a table of human scores, and says what the choice means."""

from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from resmem_gui.library.ground_truth import (
    Columns,
    TextTable,
    TrainingSet,
    corrected_note,
    guess_columns,
    is_corrected,
)
from resmem_gui.ui import theme

_NONE: Final = "(none)"
_BY_NAMES: Final = "Told by names and titles"
_ICON: Final = 16


class ColumnsForm(QWidget):
    """Boxes for the columns, in two columns of boxes.

    Attributes:
        key: Names images.
        score: Human scores.
        category: Groups of images.
        people: How many people answered.
        source: Where the images come from.

    Signals:
        changed: `columns` are others.
    """

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.key, self.score = QComboBox(self), QComboBox(self)
        self.category, self.people = QComboBox(self), QComboBox(self)
        self.source = QComboBox(self)
        self.source.addItem(_BY_NAMES, None)
        self.source.addItem("Neither LaMem nor MemCat", "")
        for known in TrainingSet:
            self.source.addItem(f"{known.value} (ResMem was trained on it)", known.value)
        self.source.setToolTip(
            "ResMem was trained on LaMem and MemCat: agreement on their images is flattered."
        )
        left, right = QFormLayout(), QFormLayout()
        for form in (left, right):  # else they take it from the row in which they stand
            form.setHorizontalSpacing(8)
            form.setVerticalSpacing(6)
        left.addRow("&Image names:", self.key)
        left.addRow("Human &scores:", self.score)
        right.addRow("C&ategories:", self.category)
        right.addRow("&Number of people:", self.people)
        boxes = QHBoxLayout()
        boxes.setSpacing(24)
        boxes.addLayout(left, 1)
        boxes.addLayout(right, 1)
        origin = QFormLayout()
        origin.addRow("Images &from:", self.source)
        self._sign, self.warning = QLabel(self), QLabel(self)
        self.warning.setWordWrap(True)
        warning = QHBoxLayout()
        warning.addWidget(self._sign)
        warning.addWidget(self.warning, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(boxes)
        layout.addLayout(origin)
        layout.addLayout(warning)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._warn()
        self._take_colors()
        for box in (self.key, self.score, self.category, self.people):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(14)
            box.currentIndexChanged.connect(self._change)

    def show_table(self, table: TextTable) -> None:
        """Offer the columns of a table, those that seem to be meant first chosen."""
        guess = guess_columns(table)
        for box, title in (
            (self.key, guess.key if guess else None),
            (self.score, guess.score if guess else None),
            (self.category, guess.category if guess else None),
            (self.people, guess.count if guess else None),
        ):
            with QSignalBlocker(box):
                box.clear()
                box.addItem(_NONE)
                box.addItems(list(table.columns))
                box.setCurrentIndex(1 + table.columns.index(title) if title in table.columns else 0)
        self._warn()

    def forget_table(self) -> None:
        """Offer nothing: there is no table any more."""
        for box in (self.key, self.score, self.category, self.people):
            with QSignalBlocker(box):
                box.clear()
        self.source.setItemText(0, _BY_NAMES)
        self._warn()

    def columns(self) -> Columns | None:
        """Return the columns; None while image names or scores are not chosen."""
        key, score = _title(self.key), _title(self.score)
        if key is None or score is None:
            return None
        return Columns(key, score, _title(self.category), _title(self.people))

    def trained_on(self) -> str | None:
        """Return the training set that the images come from, empty for none; None to tell it by names."""
        chosen: str | None = self.source.currentData()
        return chosen

    def show_looks(self, found: TrainingSet | None) -> None:
        """Say what names and titles tell of where the images come from."""
        told = f"it looks like {found.value}" if found else "neither LaMem nor MemCat"
        self.source.setItemText(0, f"{_BY_NAMES}: {told}")

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._take_colors()

    def _take_colors(self) -> None:
        self._sign.setPixmap(theme.tinted_icon("warning", self.palette()).pixmap(_ICON))

    def _change(self) -> None:
        self._warn()
        self.changed.emit()

    def _warn(self) -> None:
        title = _title(self.score)
        is_wrong = title is not None and is_corrected(title)
        self.warning.setText(corrected_note(title) if title is not None and is_wrong else "")
        self.warning.setVisible(is_wrong)
        self._sign.setVisible(is_wrong)


def _title(box: QComboBox) -> str | None:
    return box.currentText() if box.currentIndex() > 0 else None
