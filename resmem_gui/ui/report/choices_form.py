"""The choices for a report, remembered."""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from PySide6.QtCore import QSettings, Signal, Slot
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSpinBox, QWidget

from resmem_gui.export.report.content import PICTURES, TITLE, ReportOptions, TableKind
from resmem_gui.ui.documents.papers import PAPERS, today, usual_paper
from resmem_gui.ui.documents.widgets import form_layout

_KEY: Final = "report"
_MOST_PICTURES: Final = 500
_NOTE_LINES: Final = 4
#: In a library of more images than this, a table of all in full is no good beginning.
_MANY: Final = 500


class Scope(Enum):
    """Which images a report covers; the values stand in the report, after their number."""

    ALL = "all images of the library"
    SHOWN = "the images shown by the filter"
    SELECTED = "the selected images"


_SCOPES: Final = {
    Scope.ALL: "All images ({})",
    Scope.SHOWN: "Images shown ({})",
    Scope.SELECTED: "Selected images ({})",
}
_TABLES: Final = {
    TableKind.FULL: "All images in full",
    TableKind.BRIEF: "Those with pictures in full, the others in short",
    TableKind.NONE: "No table",
}


class ChoicesForm(QWidget):
    """Which images, title, note, pictures, table and paper.

    Signals:
        changed: Something else is chosen.
    """

    changed = Signal()

    def __init__(self, counts: Mapping[Scope, int], settings: QSettings, parent: QWidget) -> None:
        """Build the form with what was chosen last.

        Args:
            counts: How many images each scope has; those with none are not offered.
            settings: Where choices are remembered, under "report/"; scope, title and note are not.
            parent: Owner.
        """
        super().__init__(parent)
        self._settings = settings
        self._counts = dict(counts)
        self.scope = QComboBox(self)
        for scope, text in _SCOPES.items():
            if counts.get(scope, 0):
                self.scope.addItem(text.format(f"{counts[scope]:,}"), scope)
        self.title = QLineEdit(TITLE, self)
        self.note = QPlainTextEdit(self)
        self.note.setPlaceholderText("Stands under the title, as you write it")
        self.note.setTabChangesFocus(True)
        self.note.setAccessibleName("Note")
        self.note.setFixedHeight(self.fontMetrics().lineSpacing() * _NOTE_LINES + 14)
        self.pictures = QSpinBox(self)
        self.pictures.setRange(0, _MOST_PICTURES)
        self.pictures.setSpecialValueText("None")
        self.pictures.setSuffix(" best")
        self.table = QComboBox(self)
        for kind, text in _TABLES.items():
            self.table.addItem(text, kind)
        self.paper = QComboBox(self)
        self.paper.addItems(list(PAPERS))
        self._lay_out()
        self._restore()
        self._connect()

    def _lay_out(self) -> None:
        form = form_layout(self)
        form.addRow("&Images", self.scope)
        form.addRow("&Title", self.title)
        form.addRow("&Note", self.note)
        form.addRow("Pict&ures", self.pictures)
        form.addRow("Ta&ble", self.table)
        form.addRow("Pap&er", self.paper)

    def _connect(self) -> None:
        for combo in (self.scope, self.table, self.paper):
            combo.currentIndexChanged.connect(self._tell)
        self.title.textChanged.connect(self._tell)
        self.note.textChanged.connect(self._tell)
        self.pictures.valueChanged.connect(self._tell)

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()

    @property
    def chosen_scope(self) -> Scope:
        """Which images the report covers."""
        return Scope(self.scope.currentData())

    @property
    def count(self) -> int:
        """How many images that are."""
        return self._counts[self.chosen_scope]

    def options(self) -> ReportOptions:
        """Return what is chosen."""
        return ReportOptions(
            title=self.title.text().strip() or TITLE,
            note=self.note.toPlainText().strip(),
            pictures=self.pictures.value(),
            table=TableKind(self.table.currentData()),
            paper=self.paper.currentText(),
            date=today(),
            covers=self.chosen_scope.value,
        )

    def remember(self) -> None:
        """Keep what is chosen for the next time."""
        chosen = self.options()
        values = {"pictures": str(chosen.pictures), "table": chosen.table.value, "paper": chosen.paper}
        for name, value in values.items():
            self._settings.setValue(f"{_KEY}/{name}", value)

    def _restore(self) -> None:
        pictures = self._remembered("pictures", "")
        self.pictures.setValue(int(pictures) if pictures.isdecimal() else PICTURES)
        usual = TableKind.BRIEF if max(self._counts.values(), default=0) > _MANY else TableKind.FULL
        kinds = {kind.value: kind for kind in TableKind}
        kind = kinds.get(self._remembered("table", usual.value), usual)
        self.table.setCurrentIndex(list(_TABLES).index(kind))
        paper = self._remembered("paper", usual_paper())
        self.paper.setCurrentText(paper if paper in PAPERS else usual_paper())

    def _remembered(self, name: str, default: str) -> str:
        return str(self._settings.value(f"{_KEY}/{name}", default))
