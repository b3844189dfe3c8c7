"""The panels around the grid, and how a person has arranged them."""

from typing import Final

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QMainWindow, QWidget

from resmem_gui.ui import theme
from resmem_gui.ui.browsing.grid_view import GridView
from resmem_gui.ui.browsing.inspector import Inspector
from resmem_gui.ui.browsing.ranking_view import RankingView
from resmem_gui.ui.histogram.panel import HistogramPanel
from resmem_gui.ui.rows.columns import SHOWN_FIRST, Column
from resmem_gui.ui.window.actions import Actions

_COLUMNS_KEY: Final = "ranking/columns"
#: How many columns there were when it was remembered which of them are shown.
_COLUMN_COUNT_KEY: Final = "ranking/column_count"
_COUNT_BEFORE_IT_WAS_KEPT: Final = 8
_SORT_KEY: Final = "ranking/sort"
_DESCENDING_KEY: Final = "ranking/descending"
_HISTOGRAM_KEY: Final = "histogram"


class Workplace:
    """Inspector and histogram at the side, the ranking below; remembered from start to start."""

    def __init__(
        self,
        inspector: Inspector,
        histogram: HistogramPanel,
        ranking: RankingView,
        grid: GridView,
        settings: QSettings,
        window: QMainWindow,
    ) -> None:
        """Put the panels into docks of the window."""
        self._window = window
        self._settings = settings
        self._grid = grid
        self._ranking = ranking
        self._histogram = histogram
        self._is_shown = True
        self._layout_when_shown = QByteArray()
        side = Qt.DockWidgetArea.RightDockWidgetArea
        window.setCorner(Qt.Corner.BottomRightCorner, side)
        self._inspector_dock = self._dock("Inspector", "inspector", inspector, side)
        self._histogram_dock = self._dock("Histogram", "histogram", histogram, side)
        below = Qt.DockWidgetArea.BottomDockWidgetArea
        self.ranking_dock = self._dock("Ranking", "ranking", ranking, below)
        self._docks = (self._inspector_dock, self._histogram_dock, self.ranking_dock)

    def _dock(self, title: str, name: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        dock.setWidget(widget)
        # Not floating: a drop anywhere on the window must reach the window.
        features = QDockWidget.DockWidgetFeature
        dock.setFeatures(features.DockWidgetClosable | features.DockWidgetMovable)
        self._window.addDockWidget(area, dock)
        return dock

    def take_colors(self) -> None:
        """Draw the panels' crosses in the palette's colours: the style's own are not seen in the dark."""
        icon = theme.tinted_icon("close", self._window.palette())
        for dock in self._docks:
            cross = dock.findChild(QAbstractButton, "qt_dockwidget_closebutton")
            if isinstance(cross, QAbstractButton):
                cross.setIcon(icon)

    def add_actions(self, actions: Actions) -> None:
        """Let each panel be shown and hidden."""
        for name, text, dock, icon in (
            ("show_inspector", "&Inspector", self._inspector_dock, "inspector"),
            ("show_histogram", "&Histogram", self._histogram_dock, "histogram"),
            ("show_ranking", "&Ranking", self.ranking_dock, "table"),
        ):
            action = dock.toggleViewAction()
            action.setText(text)  # with a mnemonic, which the title of a dock cannot have
            actions.adopt(name, action, icon)

    def show(self, *, shown: bool) -> None:
        """Show the panels when there is something to show in them, as they were before."""
        if shown == self._is_shown:
            return
        self._is_shown = shown
        if shown:
            self._window.restoreState(self._layout_when_shown)
        else:
            self._layout_when_shown = self._window.saveState()
            for dock in self._docks:
                dock.hide()

    def restore(self) -> None:
        """Arrange all as it was when the window was closed last."""
        window, settings = self._window, self._settings
        geometry, layout = settings.value("window/geometry"), settings.value("window/layout")
        if isinstance(geometry, QByteArray):
            window.restoreGeometry(geometry)
        if not (isinstance(layout, QByteArray) and window.restoreState(layout)):
            window.resizeDocks([self.ranking_dock], [260], Qt.Orientation.Vertical)
            window.resizeDocks([self._inspector_dock], [330], Qt.Orientation.Horizontal)
            sides = [self._inspector_dock, self._histogram_dock]
            window.resizeDocks(sides, [400, 320], Qt.Orientation.Vertical)
        columns = settings.value(_COLUMNS_KEY)
        if isinstance(columns, QByteArray):
            self._ranking.restore_columns(columns)
            self._hide_new_columns()
        self._restore_sorting()
        edge = str(settings.value("grid/edge", ""))
        if edge.isdecimal():
            self._grid.set_edge(int(edge))
        options = settings.value(_HISTOGRAM_KEY)
        if isinstance(options, dict):
            self._histogram.set_options(options)

    def _restore_sorting(self) -> None:
        name = str(self._settings.value(_SORT_KEY, ""))
        if name in Column.__members__:
            orders = Qt.SortOrder
            is_descending = self._settings.value(_DESCENDING_KEY) == "yes"
            order = orders.DescendingOrder if is_descending else orders.AscendingOrder
            self._ranking.sort_by(Column[name], order)

    def _hide_new_columns(self) -> None:
        """Hide what an older version did not have, and Qt therefore shows."""
        count = str(self._settings.value(_COLUMN_COUNT_KEY, ""))
        known = int(count) if count.isdecimal() else _COUNT_BEFORE_IT_WAS_KEPT
        actions = self._ranking.column_actions
        for column in Column:
            if column >= known and column not in SHOWN_FIRST:
                actions[column].setChecked(False)

    def remember(self) -> None:
        """Keep how all is arranged."""
        self.show(shown=True)
        settings = self._settings
        settings.setValue("window/geometry", self._window.saveGeometry())
        settings.setValue("window/layout", self._window.saveState())
        settings.setValue(_COLUMNS_KEY, self._ranking.horizontalHeader().saveState())
        settings.setValue(_COLUMN_COUNT_KEY, len(Column))
        column, order = self._ranking.sorting
        settings.setValue(_SORT_KEY, column.name)
        settings.setValue(_DESCENDING_KEY, "yes" if order == Qt.SortOrder.DescendingOrder else "no")
        settings.setValue("grid/edge", self._grid.edge)
        settings.setValue(_HISTOGRAM_KEY, self._histogram.options())
        settings.sync()
