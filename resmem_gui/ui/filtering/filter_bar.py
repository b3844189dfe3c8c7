"""Chooses which images are shown: by name, and by what has become of them."""

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from resmem_gui.library.filtering import Filter
from resmem_gui.library.records import Status
from resmem_gui.ui.image_model import ImageModel
from resmem_gui.ui.throttle import Throttle

#: Typing goes on while rows are put together.
_TYPING_MS: Final = 150
_CHOICES: Final = {
    "All": Filter(),
    "Scored": Filter(statuses=frozenset({Status.SCORED})),
    "Waiting": Filter(statuses=frozenset({Status.WAITING})),
    "Failed": Filter(statuses=frozenset({Status.FAILED})),
    "Missing": Filter(missing=True),
}


class FilterBar(QWidget):
    """A field to search names in and a choice of states; together they are the model's filter.

    Attributes:
        search: The field.
    """

    def __init__(self, model: ImageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search names")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Search names")
        self.search.setToolTip("Show only images with this in their file name (Ctrl+F)")
        self.search.setFixedWidth(170)
        self._choice = QComboBox(self)
        self._choice.addItems(list(_CHOICES))
        self._choice.setAccessibleName("Show")
        self._choice.setToolTip("Show all images, or only those in this state")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 0, 8, 0)
        layout.setSpacing(6)
        layout.addWidget(self.search)
        layout.addWidget(self._choice)
        self._apply_soon = Throttle(_TYPING_MS, self._apply, self)
        self.search.textChanged.connect(self._ask)
        self._choice.currentIndexChanged.connect(self._ask)
        model.filter_changed.connect(self._follow)

    def clear(self) -> None:
        """Show all images."""
        self._model.set_filter(Filter())

    @Slot()
    def _ask(self) -> None:
        self._apply_soon.ask()

    def _apply(self) -> None:
        choice = _CHOICES[self._choice.currentText()]
        self._model.set_filter(Filter(self.search.text().strip(), choice.statuses, choice.missing))

    @Slot()
    def _follow(self) -> None:
        """Show the filter that the model has, whoever has set it; but let a person type on."""
        if self._apply_soon.is_waiting:
            return
        wanted = self._model.filter
        blocked = QSignalBlocker(self.search), QSignalBlocker(self._choice)
        if self.search.text().strip() != wanted.text:
            self.search.setText(wanted.text)
        for name, choice in _CHOICES.items():
            if (choice.statuses, choice.missing) == (wanted.statuses, wanted.missing):
                self._choice.setCurrentText(name)
        for blocker in blocked:
            blocker.unblock()


class NoMatch(QWidget):
    """What is shown when the filter lets no image through.

    Attributes:
        show_all: A button, for the window to connect.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel(self)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self.show_all = QPushButton("Show &All Images", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 32, 32, 32)
        layout.setSpacing(12)
        layout.addStretch(1)
        layout.addWidget(self._text)
        layout.addWidget(self.show_all, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def explain(self, wanted: Filter, images: int) -> None:
        """Say why nothing is shown."""
        name = f"has “{wanted.text}” in its name" if wanted.text else ""
        words = [status.word for status in wanted.statuses or ()]
        state = "is missing" if wanted.missing else f"is {words[0]}" if words else ""
        self._text.setText(f"None of {images:,} images {' and '.join(filter(None, (name, state)))}.")


def filter_view(wanted: Filter) -> str:
    """Return how a session names the state that is shown."""
    for name, choice in _CHOICES.items():
        if (choice.statuses, choice.missing) == (wanted.statuses, wanted.missing):
            return name
    return "All"


def filter_of(text: str, name: str) -> Filter:
    """Return the filter that a session names; all states for a name that there is not."""
    choice = _CHOICES.get(name, Filter())
    return Filter(text, choice.statuses, choice.missing)
