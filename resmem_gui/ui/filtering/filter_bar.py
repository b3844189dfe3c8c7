"""The field to search names in, and the menu that adds criteria to the filter."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QToolButton, QWidget

from resmem_gui.library.filtering import Filter
from resmem_gui.ui import theme
from resmem_gui.ui.filtering.range_menu import RangeMenu
from resmem_gui.ui.filtering.value_menus import ValueMenu
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.throttle import Throttle

#: Typing goes on while rows are put together.
_TYPING_MS: Final = 150


class FilterBar(QWidget):
    """Changes the model's filter.

    Attributes:
        search: The field.
        button: Opens the menu.
        menu: Offers all criteria.
    """

    def __init__(self, model: ImageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._is_following = False
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search names")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Search names")
        self.search.setToolTip("Show only images with this in their file name (Ctrl+F)")
        self.search.setFixedWidth(170)
        self.menu = QMenu("&Filter", self)
        self._menus = dict(self._made_menus())
        self.button = QToolButton(self)
        self.button.setText("Filter")
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setToolTip("Show only images with some scores, stars, folders… (Ctrl+Shift+F)")
        self.button.setMenu(self.menu)
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 0, 8, 0)
        layout.setSpacing(6)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        layout.addWidget(self.search)
        layout.addWidget(self.button)
        self._take_colors()
        self._apply_soon = Throttle(_TYPING_MS, self._apply, self)
        self.search.textChanged.connect(self._ask)
        model.filter_changed.connect(self._follow)
        self._follow()

    def _made_menus(self) -> Iterator[tuple[str, QMenu]]:
        """Fill the menu, and yield what changes each criterion."""
        model = self._model
        score = RangeMenu("&Score", "scores", model, most=1.0, decimals=3, parent=self)
        yield "scores", score
        self.menu.addMenu(score)
        self._percentile = RangeMenu(
            self._percentile_title(), "percentiles", model, most=100.0, decimals=0, parent=self
        )
        yield "percentiles", self._percentile
        self.menu.addMenu(self._percentile)
        yield "cautions", self._added("&Caution", "cautions")
        self.menu.addSeparator()
        for title, criterion in (("&Rating", "ratings"), ("Pic&k", "picks")):
            yield criterion, self._added(title, criterion)
        self.menu.addSeparator()
        for title, criterion in (
            ("&Folder", "folders"),
            ("File &Type", "kinds"),
            ("&Orientation", "orientations"),
        ):
            yield criterion, self._added(title, criterion)
        self.menu.addSeparator()
        status = self._added("Stat&us", "statuses")
        yield "statuses", status
        yield "missing", self.menu
        self._missing = self.menu.addAction("File &Missing")
        self._missing.setCheckable(True)
        self._missing.toggled.connect(self._set_missing)
        self.menu.addSeparator()
        self._show_all = self.menu.addAction("Show &All Images")
        self._show_all.triggered.connect(self.clear)
        self.menu.aboutToShow.connect(self._prepare)

    def _percentile_title(self) -> str:
        reference = self._model.shared_reference
        return f"{reference.name} &Percentile" if reference else "&Percentile"

    def _added(self, title: str, criterion: str) -> QMenu:
        menu = ValueMenu(title, criterion, self._model, self)
        self.menu.addMenu(menu)
        return menu

    def menu_for(self, criterion: str) -> QMenu | None:
        """Return what changes a criterion; None for the text, which the field changes."""
        return self._menus.get(criterion)

    @Slot()
    def clear(self) -> None:
        """Show all images."""
        self._model.set_filter(Filter())

    @Slot()
    def _ask(self) -> None:
        if not self._is_following:
            self._apply_soon.ask()

    def _apply(self) -> None:
        self._model.set_filter(replace(self._model.filter, text=self.search.text().strip()))

    @Slot(bool)
    def _set_missing(self, wanted: bool) -> None:
        self._model.set_filter(replace(self._model.filter, missing=True if wanted else None))

    @Slot()
    def _prepare(self) -> None:
        self._percentile.setTitle(self._percentile_title())
        with QSignalBlocker(self._missing):
            self._missing.setChecked(self._model.filter.missing is True)

    @Slot()
    def _follow(self) -> None:
        """Show the filter that the model has, whoever has set it; but let a person type on."""
        self._show_all.setEnabled(not self._model.filter.is_open)
        text = self._model.filter.text
        if not self._apply_soon.is_waiting and self.search.text().strip() != text:
            # No QSignalBlocker: the field's own button to clear it follows its signal, too.
            self._is_following = True
            self.search.setText(text)
            self._is_following = False

    def _take_colors(self) -> None:
        self.button.setIcon(theme.tinted_icon("filter", self.palette()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "button"):
            self._take_colors()
