"""Asks for which images the sensitivity to framing shall be measured, and how; says how long it takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QGroupBox,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.scoring.framings import RECIPES, FramingRecipe
from resmem_gui.ui import wording
from resmem_gui.ui.sensitivity.sentences import NOT_AGAINST_PEOPLE, estimate_text

_INTRODUCTION = (
    "Each image is scored again, framed a little differently. How far its score moves says how far small "
    "differences between scores are to be trusted."
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Some images that can be chosen together.

    Attributes:
        title: What they are, without their number.
        image_ids: Those with a score.
    """

    title: str
    image_ids: Sequence[int]


class SensitivityDialog(QDialog):
    """A question that does not hold up the window.

    Signals:
        measure_wanted: A person has answered: which images (their ids) and how (`FramingRecipe`).
    """

    measure_wanted = Signal(object, object)

    def __init__(
        self,
        scopes: Sequence[Scope],
        count: Callable[[Sequence[int], FramingRecipe], int],
        seconds: Callable[[int], float | None],
        parent: QWidget | None = None,
    ) -> None:
        """Build it.

        Args:
            scopes: What can be chosen, the likeliest first; at least one.
            count: Returns how many of some images are not measured by a recipe yet.
            seconds: Returns how long so many framings take on this machine; None while that is not known.
            parent: The window.
        """
        super().__init__(parent)
        self.setWindowTitle("Measure Sensitivity")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._scopes, self._count, self._seconds = list(scopes), count, seconds
        self._build()
        self.tell_estimate()

    def _build(self) -> None:
        self._scope_buttons = self._choices(
            [f"{scope.title} ({len(scope.image_ids):,})" for scope in self._scopes]
        )
        self._recipe_buttons = self._choices([recipe.title for recipe in RECIPES])
        images, framing = QGroupBox("Images", self), QGroupBox("Framings", self)
        images_layout, framing_layout = QVBoxLayout(images), QVBoxLayout(framing)
        for button in self._scope_buttons.buttons():
            images_layout.addWidget(button)
        for button, recipe in zip(self._recipe_buttons.buttons(), RECIPES, strict=True):
            framing_layout.addWidget(button)
            framing_layout.addWidget(_wrapped(f"{recipe.meaning} {recipe.source}", framing, indent=22))
            button.setAccessibleDescription(recipe.meaning)
        self.estimate = _wrapped("", self)
        self.estimate.setAccessibleName("How long it takes")
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.measure = QPushButton("Measure", self)
        self.measure.setDefault(True)
        box.addButton(self.measure, QDialogButtonBox.ButtonRole.AcceptRole)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        for widget in (_wrapped(_INTRODUCTION, self), images, framing, self.estimate):
            layout.addWidget(widget)
        layout.addWidget(_wrapped(NOT_AGAINST_PEOPLE, self))
        layout.addStretch(1)
        layout.addWidget(box)
        self.setMinimumWidth(460)
        self.resize(520, self.sizeHint().height())

    def _choices(self, titles: Sequence[str]) -> QButtonGroup:
        group = QButtonGroup(self)
        for number, title in enumerate(titles):
            button = QRadioButton(title, self)
            button.setChecked(number == 0)
            group.addButton(button, number)
        group.idToggled.connect(self._choice_changed)
        return group

    @property
    def scope(self) -> Scope:
        """The images that are chosen."""
        return self._scopes[self._scope_buttons.checkedId()]

    @property
    def recipe(self) -> FramingRecipe:
        """The way of framing that is chosen."""
        return RECIPES[self._recipe_buttons.checkedId()]

    @Slot(int, bool)
    def _choice_changed(self, _: int, checked: bool) -> None:
        if checked:
            self.tell_estimate()

    @Slot()
    def tell_estimate(self) -> None:
        """Say how much there is to do and how long that takes, by what is known now."""
        images, framings = self._count(self.scope.image_ids, self.recipe), len(self.recipe.framings)
        self.estimate.setText(estimate_text(images, framings, self._seconds(images * framings)))
        self.measure.setEnabled(images > 0)
        self.measure.setToolTip(wording.count_text(images, "image"))

    def accept(self) -> None:
        """Hand the answer over."""
        self.measure_wanted.emit(list(self.scope.image_ids), self.recipe)
        super().accept()


def _wrapped(text: str, parent: QWidget, indent: int = 0) -> QLabel:
    label = QLabel(text, parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setContentsMargins(indent, 0, 0, 0)
    return label
