"""Chooses what is compared with what."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from resmem_gui.analysis.reference import Reference
from resmem_gui.library.library import Library
from resmem_gui.ui.distribution.groups import Choice, Kind, group_choices, reference_choices

_LETTERS: Final = 12


class ChoosingRow(QWidget):
    """Two lists: groups of images, and references with groups below them. What was chosen stays chosen.

    Signals:
        changed: Another choice was made, by a person or because the one before is not there any more.
    """

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._first = _list(self, "Images to compare")
        self._second = _list(self, "What they are compared with")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for text, box in (("Co&mpare", self._first), ("&with", self._second)):
            label = QLabel(text, self)
            label.setBuddy(box)
            row.addWidget(label)
            row.addWidget(box, 1)
            box.currentIndexChanged.connect(self._chosen)

    @property
    def first(self) -> Choice:
        """The images that are asked about."""
        return _current(self._first)

    @property
    def second(self) -> Choice:
        """What they are compared with."""
        return _current(self._second)

    def offer(self, library: Library, references: Sequence[Reference], default: Reference) -> None:
        """List what there is to choose from now; `default` is the library's own reference."""
        groups = group_choices(library)
        others = [*groups, Choice(Kind.OTHERS, title=Kind.OTHERS.value)]
        was_there = _fill(self._first, groups, ())
        was_there &= _fill(self._second, reference_choices(references, default), others)
        if not was_there:
            self.changed.emit()

    def choose(self, first: Kind, second: Kind | None = None) -> None:
        """Choose the first entry of a kind, in one list or in both."""
        for box, kind in ((self._first, first), (self._second, second)):
            for index in range(box.count()):
                choice = box.itemData(index)
                if isinstance(choice, Choice) and choice.kind is kind:
                    box.setCurrentIndex(index)
                    break

    @Slot()
    def _chosen(self) -> None:
        self.changed.emit()


def _list(parent: QWidget, name: str) -> QComboBox:
    box = QComboBox(parent)
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(_LETTERS)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.setMaxVisibleItems(24)
    return box


def _current(box: QComboBox) -> Choice:
    choice = box.currentData()
    assert isinstance(choice, Choice), "lists are filled before they are asked"
    return choice


def _fill(box: QComboBox, choices: Sequence[Choice], below: Sequence[Choice]) -> bool:
    """List choices, and others below a line; return whether what was chosen is still there."""
    wanted: list[Choice | None] = [*choices, *([None] if below else []), *below]
    if wanted == [box.itemData(index) for index in range(box.count())]:
        return True
    before = box.currentData()
    blocked = QSignalBlocker(box)
    box.clear()
    for choice in wanted:
        if choice is None:
            box.insertSeparator(box.count())
            continue
        box.addItem(choice.title, choice)
        box.setItemData(box.count() - 1, choice.key or choice.title, Qt.ItemDataRole.ToolTipRole)
    places = [index for index, choice in enumerate(wanted) if choice and _is_same(choice, before)]
    box.setCurrentIndex(places[0] if places else 0)
    blocked.unblock()
    return bool(places) or before is None


def _is_same(choice: Choice, before: object) -> bool:
    return isinstance(before, Choice) and choice.identity == before.identity
