"""A menu that asks for a range of scores or percentiles."""

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from resmem_gui.library.filtering import Range
from resmem_gui.ui import wording
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.throttle import Throttle

_TYPING_MS: Final = 200


class _Fields(QWidget):
    """Lets Tab lead round its fields: in a menu it would be the Down key."""

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Go to the next field, or to the one before."""
        fields = [child for child in self.children() if isinstance(child, QDoubleSpinBox | QPushButton)]
        here = next((place for place, field in enumerate(fields) if field.hasFocus()), -1)
        fields[(here + (1 if forwards else -1)) % len(fields)].setFocus(Qt.FocusReason.TabFocusReason)
        return True


class RangeMenu(QMenu):
    """Two numbers, and how many images lie between them.

    Attributes:
        low: The field of the lower end.
        high: The field of the upper end.
        any: Takes the criterion away.
        count: Says how many images are shown.
    """

    def __init__(
        self,
        title: str,
        criterion: str,
        model: ImageModel,
        *,
        most: float,
        decimals: int,
        parent: QWidget | None = None,
    ) -> None:
        """Make the menu.

        Args:
            title: Of the menu.
            criterion: The attribute of the filter: a `Range`.
            model: Whose filter is changed.
            most: The highest value that there is; the lowest is 0.
            decimals: Of the numbers.
            parent: Owner.
        """
        super().__init__(title, parent)
        self._criterion, self._model, self._most = criterion, model, most
        panel = _Fields(self)
        self.low = self._number("From", panel, decimals)
        self.high = self._number("To", panel, decimals)
        self.count = QLabel(panel)
        self.any = QPushButton("&Any", panel)
        self.any.clicked.connect(self._forget)
        numbers, below = QHBoxLayout(), QHBoxLayout()
        for text, field in (("From", self.low), ("to", self.high)):
            numbers.addWidget(QLabel(text, panel))
            numbers.addWidget(field, 1)
        below.addWidget(self.count, 1)
        below.addWidget(self.any)
        layout = QVBoxLayout(panel)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addLayout(numbers)
        layout.addLayout(below)
        action = QWidgetAction(self)
        action.setDefaultWidget(panel)
        self.addAction(action)
        self._apply_soon = Throttle(_TYPING_MS, self._apply, self, waits_for_rest=True)
        self.aboutToShow.connect(self._show_filter)
        model.filter_changed.connect(self._tell_count)

    def _number(self, name: str, parent: QWidget, decimals: int) -> QDoubleSpinBox:
        field = QDoubleSpinBox(parent)
        field.setRange(0.0, self._most)
        field.setDecimals(decimals)
        field.setSingleStep(self._most / 100)
        field.setAccessibleName(f"{self.title().rstrip('…')}: {name}")
        field.setKeyboardTracking(False)
        field.valueChanged.connect(self._ask)
        return field

    @Slot()
    def _show_filter(self) -> None:
        wanted = getattr(self._model.filter, self._criterion) or Range(0.0, self._most)
        with QSignalBlocker(self.low), QSignalBlocker(self.high):
            self.low.setValue(wanted.low)
            self.high.setValue(wanted.high)
        self._tell_count()
        self.low.setFocus(Qt.FocusReason.PopupFocusReason)
        self.low.selectAll()

    @Slot()
    def _ask(self) -> None:
        self._apply_soon.ask()

    def _apply(self) -> None:
        low, high = sorted((self.low.value(), self.high.value()))
        wanted = None if (low, high) == (0.0, self._most) else Range(low, high)
        self._model.set_filter(self._model.filter.where(self._criterion, wanted))

    @Slot()
    def _forget(self) -> None:
        self._model.set_filter(self._model.filter.without(self._criterion))
        self._show_filter()

    @Slot()
    def _tell_count(self) -> None:
        self.count.setText(f"{wording.count_text(len(self._model.order), 'image')} shown")
