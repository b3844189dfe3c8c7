"""What fills the window in place of the grid: the loupe, or a comparison."""

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QWidget

from resmem_gui.ui.browsing.grid_view import GridView
from resmem_gui.ui.browsing.selection_keeper import SelectionKeeper
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.marking.commands import Place
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.viewing.compare import Compare
from resmem_gui.ui.viewing.loupe import Loupe
from resmem_gui.ui.window.actions import Actions

_FEWEST_COMPARED = 2


class Stage(QObject):
    """Opens loupe and comparison, and leads back to where a person was.

    Attributes:
        loupe: One image.
        compare: Two to four.

    Signals:
        changed: Another page is to be shown.
        notice: Why there is nothing to show (`Notice`).
    """

    changed = Signal()
    notice = Signal(object)

    def __init__(
        self,
        controller: Controller,
        grid: GridView,
        keeper: SelectionKeeper,
        pages: QStackedWidget,
        actions: Actions,
    ) -> None:
        """Add the pages and the actions.

        Args:
            controller: Of the window.
            grid: Where a person comes from and goes back to.
            keeper: Knows the selection, and selects.
            pages: Of the window; they get two more.
            actions: Likewise.
        """
        super().__init__(pages)
        self._grid = grid
        self._keeper = keeper
        model, thumbnails = controller.model, controller.thumbnails
        self.loupe = Loupe(model, thumbnails, controller.pictures, pages)
        self.compare = Compare(model, thumbnails, controller.pictures, pages)
        self._views: list[QAbstractItemView] = []
        self._came_from: QAbstractItemView = grid
        self._scrolled_to = 0
        self._page: QWidget | None = None
        self._looked_at: int | None = None
        self._model = model
        for page in (self.loupe, self.compare):
            pages.addWidget(page)
            page.closed.connect(self._closed)
        for looked_at in (self.loupe.current_changed, self.compare.current_changed):
            looked_at.connect(self._note_looked_at)
        self.serve(grid)
        actions.add("loupe", "&Loupe", self.open_loupe, icon="loupe", hint="Look at one image (Enter)")
        actions.add("compare", "&Compare", self.open_compare, shortcut="C", icon="compare")

    def serve(self, view: QAbstractItemView) -> None:
        """Open the loupe by Enter and double click in a view of the model."""
        self._views.append(view)
        view.activated.connect(self._activated)
        view.doubleClicked.connect(self._activated)

    @property
    def page(self) -> QWidget | None:
        """What fills the window, None for the grid."""
        return self._page

    @property
    def place(self) -> Place:
        """Where a person is."""
        if self._page is self.loupe:
            return _LoupePlace(self.loupe)
        if self._page is self.compare:
            return _ComparePlace(self.compare)
        return _GridPlace(self._keeper)

    def open_loupe(self) -> None:
        """Look at the current image, or at the first one in sight if none is selected."""
        current, selection = self._grid.currentIndex(), self._grid.selectionModel()
        # Qt makes some image the current one by itself: only a selected one is where somebody was.
        is_chosen = current.isValid() and selection.isSelected(current)
        selected = [] if is_chosen else self._keeper.selected_ids()
        row = current.row() if is_chosen else self._grid.visible_rows()[0]
        if selected:
            self._show_in_loupe(selected[0])
        elif row < self._model.rowCount():
            self._show_in_loupe(self._model.image_id(row))

    def open_compare(self) -> None:
        """Compare the selected images; a single one, or that of the loupe, with the one after it."""
        if self._page is self.compare:
            return  # what was dropped from it would come back
        ids = self.place.marked_ids()
        if len(ids) == 1:
            ids = self._with_neighbour(ids[0])
        if len(ids) < _FEWEST_COMPARED:
            self.notice.emit(Notice("compare", Level.INFO, "Select two images or more to compare them."))
            return
        self._show(self.compare)
        self.compare.set_images(ids)

    def _with_neighbour(self, image_id: int) -> list[int]:
        """Return an image and the one after it, which people compare most; after the last, the one before."""
        row, rows = self._model.row_of(image_id), self._model.rowCount()
        if row is None or rows < _FEWEST_COMPARED:
            return [image_id]
        return [image_id, self._model.image_id(row + 1 if row + 1 < rows else row - 1)]

    @Slot(QModelIndex)
    def _activated(self, index: QModelIndex) -> None:
        if index.isValid():
            self._show_in_loupe(self._model.image_id(index.row()))

    def _show_in_loupe(self, image_id: int) -> None:
        self._show(self.loupe)
        self.loupe.show_image(image_id)

    def _show(self, page: QWidget) -> None:
        if self._page is page:
            return
        if self._page is None:
            self._scrolled_to = self._grid.verticalScrollBar().value()
            self._came_from = next((view for view in self._views if view.hasFocus()), self._grid)
        self._page, self._looked_at = page, None
        self.changed.emit()
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _note_looked_at(self, image_id: int) -> None:
        self._looked_at = image_id

    @Slot()
    def _closed(self) -> None:
        """Go back to the grid, to the image that was looked at last."""
        if self._page is None or self.sender() is not self._page:
            return
        self._page = None
        self.changed.emit()
        self._grid.verticalScrollBar().setValue(self._scrolled_to)
        self._come_back_to(self._looked_at)
        self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)

    def _come_back_to(self, image_id: int | None) -> None:
        """Select an image, but leave a selection that it is in."""
        if image_id is not None:
            selected = self._keeper.selected_ids()
            self._keeper.select(selected if image_id in selected else [image_id], image_id)


class _GridPlace:
    """The grid: keys stand for the selected images."""

    def __init__(self, keeper: SelectionKeeper) -> None:
        self._keeper = keeper

    def marked_ids(self) -> list[int]:
        """Return the selected images."""
        return self._keeper.selected_ids()

    def go_on(self, image_id: int) -> None:
        """Select another one."""
        self._keeper.select([image_id], image_id)


class _LoupePlace:
    """The loupe: keys stand for its image."""

    def __init__(self, loupe: Loupe) -> None:
        self._loupe = loupe

    def marked_ids(self) -> list[int]:
        """Return the image that is shown."""
        return [] if self._loupe.current_id is None else [self._loupe.current_id]

    def go_on(self, image_id: int) -> None:
        """Show another one."""
        self._loupe.show_image(image_id)


class _ComparePlace:
    """A comparison: keys stand for the image with the focus."""

    def __init__(self, compare: Compare) -> None:
        self._compare = compare

    def marked_ids(self) -> list[int]:
        """Return the image that has the focus."""
        return [] if self._compare.current_id is None else [self._compare.current_id]

    def go_on(self, image_id: int) -> None:
        """Stay: whoever compares decides himself what comes next."""
