"""The menus that offer one of several: by what to sort, dark or light."""

from PySide6.QtCore import QSettings, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from resmem_gui.ui import theme
from resmem_gui.ui.columns import Column
from resmem_gui.ui.image_model import ImageModel
from resmem_gui.ui.ranking_view import RankingView

_SORTABLE = (Column.RANK, Column.NAME, Column.DIMENSIONS, Column.FOLDER, Column.STATUS)
_APPEARANCE_KEY = "window/appearance"


class SortMenu(QMenu):
    """Sorts the ranking, and the grid with it."""

    def __init__(self, model: ImageModel, ranking: RankingView, parent: QWidget) -> None:
        super().__init__("&Sort by", parent)
        self._model = model
        self._ranking = ranking
        self._group = QActionGroup(self)
        for column in _SORTABLE:
            title = str(model.headerData(column, Qt.Orientation.Horizontal))
            action = self._group.addAction(title)
            action.setCheckable(True)
            action.setChecked(column is model.sort_column)
            action.setData(int(column))
        self.addActions(self._group.actions())
        self._group.triggered.connect(self._sort)
        self.aboutToShow.connect(self._check_column)

    @Slot(QAction)
    def _sort(self, action: QAction) -> None:
        self._ranking.sort_by(Column(action.data()), Qt.SortOrder.AscendingOrder)

    @Slot()
    def _check_column(self) -> None:
        for action in self._group.actions():
            action.setChecked(action.data() == int(self._model.sort_column))


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
