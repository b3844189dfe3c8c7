"""The choices for a contact sheet, remembered."""

from typing import Final

from PySide6.QtCore import QSettings, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.ui.contact_sheet.contents import LEAST_COLUMNS, MOST_COLUMNS, Caption, SheetOptions
from resmem_gui.ui.documents.papers import PAPERS, today, usual_paper
from resmem_gui.ui.documents.widgets import form_layout

_KEY: Final = "contact_sheet"
_RESOLUTIONS: Final = {150: "150 pixels an inch", 300: "300 pixels an inch, larger file"}
_CAPTIONS: Final = {
    Caption.NAME: "&Name",
    Caption.RANK: "&Rank",
    Caption.SCORE: "S&core",
    Caption.PERCENTILE: "P&ercentile",
    Caption.RATING: "R&ating",
}


class OptionsForm(QWidget):
    """Title, paper, columns and captions.

    Attributes:
        title: What stands at the head of each page.

    Signals:
        changed: Something else is chosen.
    """

    changed = Signal()

    def __init__(self, settings: QSettings, parent: QWidget) -> None:
        """Build the form with what was chosen last.

        Args:
            settings: Where choices are remembered, under "contact_sheet/"; title and date are not.
            parent: Owner.
        """
        super().__init__(parent)
        self._settings = settings
        self.title = QLineEdit("Contact sheet", self)
        self.title.setPlaceholderText("No title")
        self.date = QCheckBox("With the &date", self)
        self.paper = QComboBox(self)
        self.paper.addItems(list(PAPERS))
        self.orientation = QComboBox(self)
        self.orientation.addItems(["Portrait", "Landscape"])
        self.columns = QSlider(Qt.Orientation.Horizontal, self)
        self.columns.setRange(LEAST_COLUMNS, MOST_COLUMNS)
        self.columns.setPageStep(1)
        self.columns.setAccessibleName("Columns")
        self._columns_label = QLabel(self)
        self._columns_label.setMinimumWidth(self.fontMetrics().horizontalAdvance("88"))
        self.captions = {caption: QCheckBox(text, self) for caption, text in _CAPTIONS.items()}
        self.resolution = QComboBox(self)
        for dpi, text in _RESOLUTIONS.items():
            self.resolution.addItem(text, dpi)
        self._lay_out()
        self._restore()
        self._connect()

    def _lay_out(self) -> None:
        columns = QHBoxLayout()
        columns.addWidget(self.columns, 1)
        columns.addWidget(self._columns_label)
        captions = QVBoxLayout()
        captions.setSpacing(4)
        for box in self.captions.values():
            captions.addWidget(box)
        form = form_layout(self)
        form.addRow("&Title", self.title)
        form.addRow("", self.date)
        form.addRow("Pa&per", self.paper)
        form.addRow("&Orientation", self.orientation)
        form.addRow("Co&lumns", columns)
        form.addRow("Captions", captions)
        form.addRow("I&mages", self.resolution)
        label = form.labelForField(columns)
        if isinstance(label, QLabel):
            label.setBuddy(self.columns)

    def _connect(self) -> None:
        self.title.textChanged.connect(self._tell)
        for combo in (self.paper, self.orientation, self.resolution):
            combo.currentIndexChanged.connect(self._tell)
        for box in (self.date, *self.captions.values()):
            box.toggled.connect(self._tell)
        self.columns.valueChanged.connect(self._tell)

    @Slot()
    def _tell(self) -> None:
        self._columns_label.setText(str(self.columns.value()))
        self.changed.emit()

    def options(self) -> SheetOptions:
        """Return what is chosen."""
        return SheetOptions(
            title=self.title.text().strip(),
            date=today() if self.date.isChecked() else "",
            paper=self.paper.currentText(),
            landscape=self.orientation.currentIndex() == 1,
            columns=self.columns.value(),
            captions=frozenset(caption for caption, box in self.captions.items() if box.isChecked()),
            dpi=int(self.resolution.currentData()),
        )

    def remember(self) -> None:
        """Keep what is chosen for the next time."""
        chosen = self.options()
        values = {
            "date": "yes" if chosen.date else "no",
            "paper": chosen.paper,
            "orientation": "landscape" if chosen.landscape else "portrait",
            "columns": str(chosen.columns),
            "captions": " ".join(sorted(caption.value for caption in chosen.captions)),
            "dpi": str(chosen.dpi),
        }
        for name, value in values.items():
            self._settings.setValue(f"{_KEY}/{name}", value)

    def _restore(self) -> None:
        default = SheetOptions(paper=usual_paper())
        self.date.setChecked(self._remembered("date", "yes") == "yes")
        paper = self._remembered("paper", default.paper)
        self.paper.setCurrentText(paper if paper in PAPERS else default.paper)
        self.orientation.setCurrentIndex(int(self._remembered("orientation", "portrait") == "landscape"))
        columns = self._remembered("columns", "")
        self.columns.setValue(int(columns) if columns.isdecimal() else default.columns)
        self._columns_label.setText(str(self.columns.value()))
        everything = " ".join(caption.value for caption in default.captions)
        captions = self._remembered("captions", everything).split()
        for caption, box in self.captions.items():
            box.setChecked(caption.value in captions)
        dpi = self._remembered("dpi", "")
        place = self.resolution.findData(int(dpi) if dpi.isdecimal() else default.dpi)
        self.resolution.setCurrentIndex(max(0, place))

    def _remembered(self, name: str, default: str) -> str:
        return str(self._settings.value(f"{_KEY}/{name}", default))
