"""The toolbar: what is used most, the filter, the size of the thumbnails."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMainWindow, QSizePolicy, QSlider, QToolBar, QWidget

from resmem_gui.ui.browsing.grid_view import MAX_EDGE, MIN_EDGE, GridView
from resmem_gui.ui.filtering.filter_bar import FilterBar
from resmem_gui.ui.window.actions import Actions

_NAMES: Final = (
    "open_files", "open_folder", None, "pause", "cancel", None, "loupe", "compare", None, "hand_on", "export",
)  # fmt: skip
#: In device-independent pixels.
_ROOM_FOR_WORDS: Final = 1100


class Toolbar(QToolBar):
    """Its words go where there is no room for them."""

    def __init__(self, actions: Actions, filter_bar: FilterBar, grid: GridView, window: QMainWindow) -> None:
        """Fill the bar.

        Args:
            actions: Of the window.
            filter_bar: Stands in the bar.
            grid: Whose thumbnails have a size.
            window: Owner.
        """
        super().__init__("Toolbar", window)
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setIconSize(QSize(20, 20))
        for name in _NAMES:
            self.addSeparator() if name is None else self.addAction(actions[name])
        spacer = QWidget(self)
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        self._filter_bar = filter_bar
        self.addWidget(filter_bar)
        self._slider = self._made_slider(grid)
        self.addWidget(self._slider)
        window.addToolBar(self)

    def _made_slider(self, grid: GridView) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setRange(MIN_EDGE, MAX_EDGE)
        slider.setSingleStep(16)
        slider.setPageStep(64)
        slider.setFixedWidth(120)
        slider.setValue(grid.edge)
        slider.setToolTip("Size of the thumbnails (Ctrl and wheel)")
        slider.setAccessibleName("Size of the thumbnails")
        grid.edge_changed.connect(slider.setValue)
        slider.valueChanged.connect(grid.set_edge)
        return slider

    def enable_views(self, *, enabled: bool) -> None:
        """Let filter and size be chosen, or not where there are no images."""
        self._filter_bar.setEnabled(enabled)
        self._slider.setEnabled(enabled)

    def fit(self, width: int) -> None:
        """Show words beside the icons where a window of this width has room for them."""
        styles = Qt.ToolButtonStyle
        is_narrow = width < _ROOM_FOR_WORDS
        self.setToolButtonStyle(styles.ToolButtonIconOnly if is_narrow else styles.ToolButtonTextBesideIcon)
