"""The middle of the window: notices, what narrows the images down, and the images."""

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from resmem_gui.ui.browsing.grid_view import GridView
from resmem_gui.ui.filtering.chips import FilterChips
from resmem_gui.ui.filtering.filter_bar import FilterBar
from resmem_gui.ui.filtering.no_match import NoMatch
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.window.empty_state import EmptyState
from resmem_gui.ui.window.notices import NoticeArea


class Centre(QWidget):
    """Shows the grid, or what stands in its place.

    Attributes:
        notices: Above the images.
        chips: What the filter asks for.
        pages: The grid, what is said where it is empty, and what others add.
        empty_state: What is said where there are no images.
    """

    def __init__(self, model: ImageModel, grid: GridView, filter_bar: FilterBar, parent: QWidget) -> None:
        """Build it around the grid.

        Args:
            model: The rows of the grid.
            grid: Gets a place here.
            filter_bar: Its menus open from the chips, too.
            parent: Owner.
        """
        super().__init__(parent)
        self._model = model
        self._grid = grid
        self.notices = NoticeArea(self)
        self.chips = FilterChips(model, filter_bar.menu_for, self)
        self.empty_state = EmptyState(self)
        self._no_match = NoMatch(model, self)
        self.pages = QStackedWidget(self)
        for page in (self.empty_state, grid, self._no_match):
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notices)
        layout.addWidget(self.chips)
        layout.addWidget(self.pages, 1)

    def show_page(self, stage: QWidget | None) -> None:
        """Show the right page.

        Args:
            stage: What fills the window in place of the grid; None for the grid.
        """
        has_images = self._model.library.present_count > 0
        shown = self._grid if self._model.rowCount() else self._no_match
        self.pages.setCurrentWidget(stage or (shown if has_images else self.empty_state))
        if shown is self._no_match:
            self._no_match.explain()
        self.chips.setVisible(stage is None and not self._model.filter.is_open)
