"""The criteria of the filter as chips, each of which can be taken away or changed."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QWidget

from resmem_gui.library.filtering import Count, Filter, count_criteria
from resmem_gui.ui import theme, wording
from resmem_gui.ui.filtering.describing import describe
from resmem_gui.ui.filtering.flow_layout import FlowLayout
from resmem_gui.ui.filtering.texts import label, shortened, tip
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.throttle import Throttle

_COUNT_MS: Final = 500
#: Of a chip's text; whatever is longer loses its middle, and is whole in the tool tip.
_WIDEST: Final = 260
_TAKE_AWAY_KEYS: Final = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_CLICK_KEYS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Chip(QFrame):
    """One criterion: what it asks for, how many images it lets through, and a cross.

    Attributes:
        body: Opens what changes the criterion.
        cross: Takes the criterion away.
    """

    def __init__(self, criterion: str, parent: QWidget) -> None:
        self._is_built = False
        super().__init__(parent)
        self.criterion = criterion
        self._text = ""
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Button)  # in dark palettes the frame alone is hardly seen
        self.body = QToolButton(self)
        self.body.setAutoRaise(True)
        self.cross = QToolButton(self)
        self.cross.setAutoRaise(True)
        self._count = QLabel(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 1, 1, 1)
        layout.setSpacing(2)
        layout.addWidget(self.body)
        layout.addWidget(self._count)
        layout.addWidget(self.cross)
        self._is_built = True
        self._take_colors()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._is_built:
            self._take_colors()

    def _take_colors(self) -> None:
        palette = self.palette()
        self.cross.setIcon(theme.tinted_icon("close", palette))
        faint = self._count.palette()
        faint.setColor(self._count.foregroundRole(), theme.faint_text_color(palette))
        self._count.setPalette(faint)

    def say(self, text: str) -> None:
        """Show what the criterion asks for."""
        self._text = text
        self.body.setText(label(shortened(text, self.fontMetrics(), _WIDEST)))
        self.body.setToolTip(tip(text))
        self.body.setAccessibleName(text)
        self.cross.setToolTip(tip(f"Take away “{text}” (Delete)"))
        self.cross.setAccessibleName(f"Take away “{text}”")

    def show_count(self, count: Count) -> None:
        """Show how many images it lets through."""
        self._count.setText(f"{count.alone:,}")
        fits = f"{wording.count_text(count.alone, 'image')}: {self._text}"
        self.body.setToolTip(tip(f"{fits}. Without it {count.without:,} would be shown."))
        self.body.setAccessibleName(fits)

    @property
    def focused(self) -> QToolButton | None:
        """The button of it that has the keyboard, if one has."""
        return next((button for button in (self.body, self.cross) if button.hasFocus()), None)


class FilterChips(QWidget):
    """A row of chips, to be seen while there is a filter.

    Signals:
        search_wanted: The chip of the text was clicked, which has no menu.
    """

    search_wanted = Signal()

    def __init__(
        self, model: ImageModel, menu_for: Callable[[str], QMenu | None], parent: QWidget | None = None
    ) -> None:
        """Make the row.

        Args:
            model: Whose filter is shown and changed.
            menu_for: Returns what changes a criterion, None where there is no menu for it.
            parent: Owner.
        """
        super().__init__(parent)
        self._model = model
        self._menu_for = menu_for
        self._chips: dict[str, Chip] = {}
        self._layout = FlowLayout(self)
        self._layout.setContentsMargins(8, 6, 8, 6)
        self._layout.setSpacing(6)
        self._clear = QPushButton("Show All", self)
        self._clear.setFlat(True)
        self._clear.setToolTip("Take all of the filter away")
        self._clear.clicked.connect(self._show_all)
        self._layout.addWidget(self._clear)
        self._count_soon = Throttle(_COUNT_MS, self._count, self)
        # In a turn of its own: the rows come first.
        self._ask_next = QTimer(self)
        self._ask_next.setSingleShot(True)
        self._ask_next.setInterval(0)
        self._ask_next.timeout.connect(self._count_soon.ask)
        model.filter_changed.connect(self._follow)
        model.images_came_or_went.connect(self.count_again)
        model.reference_changed.connect(self._follow)
        self.hide()

    @property
    def chips(self) -> list[Chip]:
        """The chips from left to right."""
        return list(self._chips.values())

    @Slot()
    def _show_all(self) -> None:
        self._model.set_filter(Filter())

    @Slot()
    def count_again(self) -> None:
        """Count, soon: images have other scores or marks now."""
        if self._chips:
            self._ask_next.start()

    @Slot()
    def _follow(self) -> None:
        wanted = self._model.filter
        criteria = wanted.criteria
        for criterion in [name for name in self._chips if name not in criteria]:
            self._take_away(criterion)
        for criterion in criteria:
            if criterion not in self._chips:
                self._chips[criterion] = self._made(criterion)
            self._chips[criterion].say(describe(wanted, criterion, self._model.shared_reference))
        self._layout.removeWidget(self._clear)
        self._layout.addWidget(self._clear)
        self._order_for_tab()
        self.setVisible(bool(criteria))
        self.count_again()

    def _take_away(self, criterion: str) -> None:
        """Remove a chip; the keyboard stays in the row, at the chip in its place."""
        place = list(self._chips).index(criterion)
        chip = self._chips.pop(criterion)
        focused = chip.focused
        if focused is not None and self._chips:
            neighbour = self.chips[min(place, len(self._chips) - 1)]
            (neighbour.cross if focused is chip.cross else neighbour.body).setFocus()
        self._layout.removeWidget(chip)
        chip.hide()
        chip.deleteLater()

    def _order_for_tab(self) -> None:
        """Let Tab go through the row from left to right, whenever its chips were made."""
        before: QWidget = self
        buttons = [button for chip in self.chips for button in (chip.body, chip.cross)]
        for button in (*buttons, self._clear):
            QWidget.setTabOrder(before, button)
            before = button

    def _made(self, criterion: str) -> Chip:
        chip = Chip(criterion, self)
        chip.cross.clicked.connect(lambda: self._model.set_filter(self._model.filter.without(criterion)))
        chip.body.clicked.connect(lambda: self._change(chip))
        chip.body.installEventFilter(self)
        chip.cross.installEventFilter(self)
        self._layout.addWidget(chip)
        chip.show()
        return chip

    def _change(self, chip: Chip) -> None:
        menu = self._menu_for(chip.criterion)
        if menu is None:
            self.search_wanted.emit()
        else:
            menu.popup(chip.mapToGlobal(QPoint(0, chip.height())))

    def _count(self) -> None:
        model = self._model
        counts = count_criteria(model.filter, model.library, model.standing.percentiles)
        for criterion, count in counts.items():
            if criterion in self._chips:
                self._chips[criterion].show_count(count)
        self._layout.invalidate()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a chip away by the Delete key, and let Enter click as the space bar does."""
        if isinstance(event, QKeyEvent) and isinstance(watched, QToolButton):
            key, button = event.key(), watched
            if key in _TAKE_AWAY_KEYS:
                chip = watched.parent()
                assert isinstance(chip, Chip)
                button = chip.cross
            elif key not in _CLICK_KEYS:
                return super().eventFilter(watched, event)
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # or Delete would remove the selected images
                return True
            if event.type() == QEvent.Type.KeyPress:
                button.click()
                return True
        return super().eventFilter(watched, event)
