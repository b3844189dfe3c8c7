"""The commands about what is to be seen of the images, and how."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow

from resmem_gui.ui.browsing.grid_view import GridView
from resmem_gui.ui.filtering.filter_bar import FilterBar
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.kept_order import KeptOrder
from resmem_gui.ui.window.actions import Actions, key_or

_ZOOM_STEP = 32


class ViewCommands(QObject):
    """Adds the actions."""

    def __init__(
        self,
        model: ImageModel,
        order: KeptOrder,
        grid: GridView,
        filter_bar: FilterBar,
        actions: Actions,
        window: QMainWindow,
    ) -> None:
        """Add the actions.

        Args:
            model: The rows.
            order: Keeps them sorted.
            grid: Shows them.
            filter_bar: Has the search and the menu of the filter.
            actions: Of the window.
            window: Owner; can fill the screen.
        """
        super().__init__(window)
        self._model = model
        self._order = order
        self._grid = grid
        self._filter_bar = filter_bar
        self._window = window
        keys = QKeySequence.StandardKey
        actions.add("select_all", "Select &All", grid.selectAll, shortcut=keys.SelectAll)
        actions.add("find", "Search &Names", self.search, shortcut=keys.Find)
        actions.add("filter", "&Filter", self._open_filter, shortcut="Ctrl+Shift+F", group="View")
        actions.add("zoom_in", "&Larger Thumbnails", lambda: self._zoom(_ZOOM_STEP), shortcut=keys.ZoomIn)
        actions.add("zoom_out", "&Smaller Thumbnails", lambda: self._zoom(-_ZOOM_STEP), shortcut=keys.ZoomOut)
        actions.add("keep_sorted", "&Keep Sorted While Scoring", self._keep_sorted, checked=True)
        full_screen_key = key_or(keys.FullScreen, "F11")
        actions.add("full_screen", "F&ull Screen", self._full_screen, shortcut=full_screen_key, checked=False)
        actions.teach("filter", filter_bar.button, "Show only images with some scores, stars, folders…")
        actions.teach("find", filter_bar.search, "Show only images with this in their file name")

    @Slot()
    def search(self) -> None:
        """Let a name be typed."""
        self._filter_bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._filter_bar.search.selectAll()

    def _open_filter(self) -> None:
        self._filter_bar.button.showMenu()

    def _zoom(self, by: int) -> None:
        self._grid.set_edge(self._grid.edge + by)

    def _keep_sorted(self, kept: bool) -> None:
        self._order.is_wanted = kept
        if kept:
            self._model.sort_again()

    def _full_screen(self, full: bool) -> None:
        state, full_screen = self._window.windowState(), Qt.WindowState.WindowFullScreen
        self._window.setWindowState(state | full_screen if full else state & ~full_screen)
