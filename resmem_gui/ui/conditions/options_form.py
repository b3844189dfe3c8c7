"""The choices for lists of an experiment."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QSettings, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QWidget,
)

from resmem_gui.analysis.conditions import LEAST_IN_LIST, MOST_LISTS, Kind, Mix, Wanted
from resmem_gui.ui.conditions.work import Categories

_KEY: Final = "lists"
_MOST_IN_LIST: Final = 100_000
_GREATEST_SEED: Final = 999_999
_KINDS: Final = {Kind.MATCHED: "Matched in memorability", Kind.APART: "High against low"}
_CATEGORIES: Final = {
    Categories.NONE: "None",
    Categories.FOLDERS: "Folders",
    Categories.NAMES: "First word of the file name",
}
_MIXES: Final = {Mix.PROPORTIONAL: "As in all images", Mix.EVEN: "As many of each"}


class OptionsForm(QWidget):
    """What lists a person wants.

    Signals:
        changed: Other lists are wanted.
    """

    changed = Signal()

    def __init__(self, sources: list[str], settings: QSettings, parent: QWidget) -> None:
        """Build the form.

        Args:
            sources: From which images lists can be drawn, in words.
            settings: Where choices are remembered.
            parent: Owner.
        """
        super().__init__(parent)
        self._settings = settings
        # Made in the order in which they stand: so Tab goes from one to the next.
        self.source, self.kind = _combo(sources, self), _combo(_KINDS.values(), self)
        self.lists = _spin(2, MOST_LISTS, 2, self)
        self.in_list = _spin(LEAST_IN_LIST, _MOST_IN_LIST, 20, self)
        self.categories, self.mix = _combo(_CATEGORIES.values(), self), _combo(_MIXES.values(), self)
        self.without_floor = QCheckBox("at the model’s fl&oor", self)
        self.without_cautions = QCheckBox("with a ca&ution", self)
        self.distinct = QCheckBox("one of each &group at most", self)
        self.distinct.setChecked(True)
        self.seed = _spin(0, _GREATEST_SEED, 1, self)
        self.another = QPushButton("Anothe&r", self)
        self.another.setToolTip("Draw other lists: the next seed")
        self.another.setAutoDefault(False)
        self._lay_out()
        self._restore()
        self._connect()
        self._enable()

    def _lay_out(self) -> None:
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(8)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        seed, seed_title = QHBoxLayout(), QLabel("See&d", self)
        seed.addWidget(self.seed, 1)
        seed.addWidget(self.another)
        seed_title.setBuddy(self.seed)
        layout.addRow("&From", self.source)
        layout.addRow("&Kind", self.kind)
        layout.addRow("&Lists", self.lists)
        layout.addRow("Images in &each", self.in_list)
        layout.addRow("&Categories", self.categories)
        layout.addRow("&Mix of them", self.mix)
        layout.addRow("Leave out images", self.without_floor)
        layout.addRow("", self.without_cautions)
        layout.addRow("Near-duplicates", self.distinct)
        layout.addRow(seed_title, seed)
        self.seed.setToolTip("The same seed gives the same lists of the same images")
        self.without_cautions.setToolTip(
            "Cautions that an image has by itself; near-duplicates are asked below"
        )
        self.distinct.setToolTip(
            "Whoever has seen one of them answers the other from memory of the first, whichever lists they "
            "are in. The seed decides which one stays, whatever its score"
        )

    def _connect(self) -> None:
        for combo in (self.source, self.kind, self.categories, self.mix):
            combo.currentIndexChanged.connect(self._note)
        for spin in (self.lists, self.in_list, self.seed):
            spin.valueChanged.connect(self._note)
        for box in (self.without_floor, self.without_cautions, self.distinct):
            box.toggled.connect(self._note)
        self.another.clicked.connect(self._draw_others)

    @property
    def wanted(self) -> Wanted:
        """The choices that concern the drawing."""
        return Wanted(
            lists=self.lists.value(),
            in_list=self.in_list.value(),
            kind=list(_KINDS)[self.kind.currentIndex()],
            mix=list(_MIXES)[self.mix.currentIndex()],
            seed=self.seed.value(),
            without_floor=self.without_floor.isChecked(),
            distinct=self.distinct.isChecked(),
        )

    @property
    def wanted_categories(self) -> Categories:
        """What the categories are."""
        return list(_CATEGORIES)[self.categories.currentIndex()]

    def set_most(self, images: int) -> None:
        """Say in a tool tip how many images there are to draw from."""
        most = max(LEAST_IN_LIST, images // self.lists.value())
        self.in_list.setToolTip(f"Of {images:,} images, {self.lists.value()} lists of {most:,} at most")

    @Slot()
    def _draw_others(self) -> None:
        self.seed.setValue((self.seed.value() + 1) % (_GREATEST_SEED + 1))

    @Slot()
    def _note(self) -> None:
        self._enable()
        self._remember()
        self.changed.emit()

    def _enable(self) -> None:
        self.mix.setEnabled(self.wanted_categories is not Categories.NONE)

    def _remember(self) -> None:
        for name, field in self._fields().items():
            if isinstance(field, QComboBox):
                value = field.currentIndex()
            else:
                value = field.value() if isinstance(field, QSpinBox) else int(field.isChecked())
            self._settings.setValue(f"{_KEY}/{name}", value)

    def _restore(self) -> None:
        for name, field in self._fields().items():
            stored = str(self._settings.value(f"{_KEY}/{name}", ""))
            if not stored.isdecimal():
                continue
            with QSignalBlocker(field):
                if isinstance(field, QComboBox):
                    field.setCurrentIndex(min(int(stored), field.count() - 1))
                elif isinstance(field, QSpinBox):
                    field.setValue(int(stored))
                else:
                    field.setChecked(stored != "0")

    def _fields(self) -> dict[str, QComboBox | QSpinBox | QCheckBox]:
        """Return what is remembered: all but the source, so that the same lists come again."""
        return {
            "kind": self.kind,
            "lists": self.lists,
            "in_list": self.in_list,
            "categories": self.categories,
            "mix": self.mix,
            "seed": self.seed,
            "without_floor": self.without_floor,
            "without_cautions": self.without_cautions,
            "distinct": self.distinct,
        }


def _combo(texts: Iterable[str], parent: QWidget) -> QComboBox:
    combo = QComboBox(parent)
    combo.addItems(list(texts))
    return combo


def _spin(least: int, most: int, value: int, parent: QWidget) -> QSpinBox:
    spin = QSpinBox(parent)
    spin.setRange(least, most)
    spin.setGroupSeparatorShown(True)
    spin.setValue(value)
    return spin
