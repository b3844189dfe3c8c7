"""The menus that offer one of several: by what to sort, which columns, dark or light."""

from typing import Final

from PySide6.QtCore import QSettings, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from resmem_gui.ui import theme
from resmem_gui.ui.browsing.ranking_view import RankingView
from resmem_gui.ui.rows import columns
from resmem_gui.ui.rows.columns import DESCENDING_FIRST, Column
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.window.actions import Actions

#: With the keys for those that are wanted most.
_SORTABLE: Final = {
    Column.RANK: "Ctrl+1",
    Column.NAME: "Ctrl+2",
    Column.TAKEN: "Ctrl+3",
    Column.RATING: "Ctrl+4",
    Column.PERCENTILE: None,
    Column.SENSITIVITY: None,
    Column.CAUTIONS: None,
    Column.CHANGED: None,
    Column.FILE_SIZE: None,
    Column.DIMENSIONS: None,
    Column.ASPECT: None,
    Column.FOLDER: None,
    Column.KIND: None,
    Column.STATUS: None,
    Column.REFERENCE: None,
    Column.THUMBNAIL: None,
}
_APPEARANCE_KEY: Final = "window/appearance"


class SortMenu(QMenu):
    """Sorts the ranking, and the grid with it."""

    def __init__(self, model: ImageModel, ranking: RankingView, actions: Actions, parent: QWidget) -> None:
        super().__init__("S&ort By", parent)
        self._model = model
        self._ranking = ranking
        self._group = QActionGroup(self)
        for column, key in _SORTABLE.items():
            text = columns.name(column, model.shared_reference)
            action = actions.add(f"sort_{column.name.lower()}", text, shortcut=key, group="Sort")
            action.setCheckable(True)
            action.setData(int(column))
            self._group.addAction(action)
        self.addActions(self._group.actions())
        self.addSeparator()
        reverse = actions.add("sort_reverse", "&Reverse", self._reverse, shortcut="Ctrl+0", group="Sort")
        self.addAction(reverse)
        self._group.triggered.connect(self._sort)
        self.aboutToShow.connect(self._check_column)
        model.reference_changed.connect(self._name_columns)

    @Slot(QAction)
    def _sort(self, action: QAction) -> None:
        column = Column(action.data())
        orders = Qt.SortOrder
        first = orders.DescendingOrder if column in DESCENDING_FIRST else orders.AscendingOrder
        self._ranking.sort_by(column, first)

    def _reverse(self) -> None:
        orders, model = Qt.SortOrder, self._model
        is_ascending = model.sort_order == orders.AscendingOrder
        self._ranking.sort_by(
            model.sort_column, orders.DescendingOrder if is_ascending else orders.AscendingOrder
        )

    @Slot()
    def _name_columns(self) -> None:
        """Name the reference that percentiles are taken from now."""
        for action in self._group.actions():
            action.setText(columns.name(Column(action.data()), self._model.shared_reference))

    @Slot()
    def _check_column(self) -> None:
        for action in self._group.actions():
            action.setChecked(action.data() == int(self._model.sort_column))


class ColumnsMenu(QMenu):
    """Shows and hides the columns of the table."""

    def __init__(self, ranking: RankingView, parent: QWidget) -> None:
        super().__init__("&Columns", parent)
        self.addActions(ranking.column_actions)


class AppearanceMenu(QMenu):
    """Chooses dark, light, or what the system has; remembered, and applied at once."""

    def __init__(self, settings: QSettings, parent: QWidget) -> None:
        super().__init__("&Appearance", parent)
        self._settings = settings
        self._group = QActionGroup(self)
        remembered = str(settings.value(_APPEARANCE_KEY, "System"))
        for name in theme.APPEARANCES:
            action = self._group.addAction(name)
            action.setCheckable(True)
            action.setChecked(name == remembered)
            action.setData(name)
        self.addActions(self._group.actions())
        self._group.triggered.connect(self._choose)
        if remembered in theme.APPEARANCES:
            theme.set_appearance(remembered)

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self._settings.setValue(_APPEARANCE_KEY, action.data())
        theme.set_appearance(action.data())
