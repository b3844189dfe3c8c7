"""The main window: lays the parts out and connects them with the controller."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from PySide6.QtCore import QByteArray, QEvent, QSettings, QSize, Qt, Slot
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeySequence,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QMessageBox,
    QSizePolicy,
    QSlider,
    QStackedWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.library.records import Status, readable
from resmem_gui.ui import about, theme, wording
from resmem_gui.ui.actions import Actions
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.empty_state import EmptyState
from resmem_gui.ui.file_commands import FileCommands
from resmem_gui.ui.filter_bar import FilterBar, NoMatch
from resmem_gui.ui.grid_view import MAX_EDGE, MIN_EDGE, GridView, ranges
from resmem_gui.ui.histogram_panel import HistogramPanel
from resmem_gui.ui.incoming import carries_images, read_incoming
from resmem_gui.ui.inspector import Inspector
from resmem_gui.ui.menus import AppearanceMenu, SortMenu
from resmem_gui.ui.notices import Level, Notice, NoticeArea
from resmem_gui.ui.ranking_view import RankingView
from resmem_gui.ui.run import RunState
from resmem_gui.ui.selection_keeper import SelectionKeeper
from resmem_gui.ui.session_commands import SessionCommands
from resmem_gui.ui.session_view import SessionView
from resmem_gui.ui.sessions import Sessions
from resmem_gui.ui.status_line import RunProgress, StatusLine
from resmem_gui.ui.storage_dialog import StorageDialog, kinds_of
from resmem_gui.ui.throttle import Throttle
from resmem_gui.ui.thumbnail_wishes import ThumbnailWishes
from resmem_gui.ui.watching import Watching

_DEFAULT_SIZE: Final = QSize(1280, 820)
_AFTER_FIRST_PAINTING_MS: Final = 100
#: Sorting moves a selection of ten thousand images in a tenth of a second: too long for once a second.
_MOST_MOVED: Final = 5000
_SELECTION_MS: Final = 60
#: In device-independent pixels.
_ROOM_FOR_WORDS: Final = 960
_LICENCE_NOTICE: Final = (
    "ResMem, the network that scores your images, is © The University of Chicago and for non-commercial use "
    "only. Your images stay on this computer."
)


class MainWindow(QMainWindow):
    """Grid in the middle, ranking below, inspector and histogram at the side."""

    def __init__(self, controller: Controller, sessions: Sessions, settings: QSettings) -> None:
        """Build the window.

        Args:
            controller: What the window shows and steers.
            sessions: Saves and opens what it shows.
            settings: Where size, place and layout are remembered.
        """
        super().__init__()
        self._controller = controller
        self._sessions = sessions
        self._watching = Watching(controller, self)
        self._settings = settings
        self._workplace_shown = True
        self._layout_with_images = QByteArray()
        self._headline = ""
        self._may_close = False
        self._selected = np.empty(0, dtype=np.int64)
        # A key held down leads through 30 images a second: the inspector shows the one where it ends.
        self._selection_soon = Throttle(_SELECTION_MS, self._show_selection, self, waits_for_rest=True)
        self.setWindowTitle("resmem_gui")
        self.setAcceptDrops(True)
        self.resize(_DEFAULT_SIZE.boundedTo(self.screen().availableSize() * 0.95))
        self._build_views()
        self._build_docks()
        self._build_actions()
        self._build_menus()
        self._build_toolbar()
        self._connect()
        self._restore()
        self._take_colors()
        self._state_changed()

    # Building

    def _build_views(self) -> None:
        model = self._controller.model
        self.notices = NoticeArea(self)
        self.empty_state = EmptyState(self)
        self.grid = GridView(self)
        self.grid.setModel(model)
        self.grid.setFrameShape(GridView.Shape.NoFrame)
        self.ranking = RankingView(model, self)
        self.ranking.setFrameShape(RankingView.Shape.NoFrame)
        self.ranking.setSelectionModel(self.grid.selectionModel())
        self.histogram = HistogramPanel(
            self._controller.histogram, model.reference, self._controller.jobs, self
        )
        self.inspector = Inspector(model, self._controller.previews, self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.empty_state)
        self._pages.addWidget(self.grid)
        self._no_match = NoMatch(self)
        self._pages.addWidget(self._no_match)
        centre = QWidget(self)
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notices)
        layout.addWidget(self._pages, 1)
        self.setCentralWidget(centre)
        self.status_line = StatusLine(self)
        self.statusBar().addWidget(self.status_line, 1)
        self.statusBar().setSizeGripEnabled(False)

    def _build_docks(self) -> None:
        side = Qt.DockWidgetArea.RightDockWidgetArea
        self.setCorner(Qt.Corner.BottomRightCorner, side)
        self._inspector_dock = self._dock("Inspector", "inspector", self.inspector, side)
        self._histogram_dock = self._dock("Histogram", "histogram", self.histogram, side)
        below = Qt.DockWidgetArea.BottomDockWidgetArea
        self._ranking_dock = self._dock("Ranking", "ranking", self.ranking, below)
        self._docks = (self._inspector_dock, self._histogram_dock, self._ranking_dock)

    def _dock(self, title: str, name: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setWidget(widget)
        # Not floating: a drop anywhere on the window must reach the window.
        features = QDockWidget.DockWidgetFeature
        dock.setFeatures(features.DockWidgetClosable | features.DockWidgetMovable)
        self.addDockWidget(area, dock)
        return dock

    def _build_actions(self) -> None:
        self.actions_by_name = actions = Actions(self)
        self._add_file_actions(actions)
        self._add_run_actions(actions)
        self._add_view_actions(actions)
        self.session_commands = SessionCommands(self._sessions, actions, self._settings, self)
        self.file_commands = FileCommands(
            self._controller, self.session_commands, actions, self._settings, self.selected_ids, self
        )
        reference = self._controller.model.reference
        actions.add(
            "reading",
            "How to &Read a Score",
            lambda: about.show_reading_help(self, reference),
            shortcut=QKeySequence.StandardKey.HelpContents,
            icon="info",
        )
        actions.add(
            "about",
            "&About resmem_gui",
            lambda: about.show_about(self),
            role=QAction.MenuRole.AboutRole,
        )
        actions.add("about_qt", "About &Qt", QApplication.aboutQt, role=QAction.MenuRole.AboutQtRole)

    def _add_file_actions(self, actions: Actions) -> None:
        keys = QKeySequence.StandardKey
        quit_role = QAction.MenuRole.QuitRole
        actions.add(
            "watch",
            "&Watch Folders",
            self._watching.set_wanted,
            checked=False,
            hint="New images in the opened folders appear by themselves; removed ones are marked as missing.",
        )
        actions.add("storage", "S&torage…", self._show_storage)
        actions.add("quit", "&Quit", self.close, shortcut=keys.Quit, role=quit_role)
        actions.add("select_all", "Select &All", self.grid.selectAll, shortcut=keys.SelectAll)
        actions.add("remove", "&Remove from Library", self._remove, shortcut=keys.Delete, icon="remove")
        actions.add("clear", "C&lear Library", self._controller.clear, icon="clear")

    def _add_run_actions(self, actions: Actions) -> None:
        controller = self._controller
        actions.add("pause", "&Pause", self._pause_or_go_on, shortcut="F8", icon="pause")
        actions.add("cancel", "&Cancel", controller.cancel, shortcut="Ctrl+.", icon="cancel")
        actions.add("retry", "Try &Failed Images Again", controller.retry_failed, icon="retry")
        actions.add(
            "as_stored",
            "&Ignore Orientation, as the Package resmem Does",
            lambda checked: self._set_preprocessing(upright=not checked),
            checked=False,
        )
        actions.add(
            "fast_decoding",
            "&Decode Large JPEG Files Faster",
            lambda checked: self._set_preprocessing(fast_decoding=checked),
            checked=False,
            hint=wording.FAST_DECODING_SENTENCE,
        )

    def _add_view_actions(self, actions: Actions) -> None:
        keys = QKeySequence.StandardKey
        grid = self.grid
        actions.add("find", "Search &Names", self._search, shortcut=keys.Find)
        actions.add(
            "zoom_in", "&Larger Thumbnails", lambda: grid.set_edge(grid.edge + 32), shortcut=keys.ZoomIn
        )
        actions.add(
            "zoom_out", "&Smaller Thumbnails", lambda: grid.set_edge(grid.edge - 32), shortcut=keys.ZoomOut
        )
        actions.add("keep_sorted", "&Keep Sorted While Scoring", self._keep_sorted, checked=True)
        actions.add("full_screen", "&Full Screen", self._full_screen, shortcut=keys.FullScreen, checked=False)
        actions.adopt("show_inspector", self._inspector_dock.toggleViewAction(), "inspector")
        actions.adopt("show_histogram", self._histogram_dock.toggleViewAction(), "histogram")
        actions.adopt("show_ranking", self._ranking_dock.toggleViewAction(), "table")

    def _build_menus(self) -> None:
        actions = self.actions_by_name
        recent = self.session_commands.recent_menu
        sessions = ["reopen", "save", "save_as", None, "find_missing", "watch", None]
        first = ["open_files", "open_folder", None, "open_session", recent]
        actions.menu("&File", [*first, *sessions, "export", None, "quit"])
        edit = ["copy", "paste", None, "select_all", "find", None, "remove", "clear", None, "storage"]
        actions.menu("&Edit", edit)
        sort_menu = SortMenu(self._controller.model, self.ranking, self)
        view = ["zoom_in", "zoom_out", None, "show_inspector", "show_histogram", "show_ranking", None]
        appearance = AppearanceMenu(self._settings, self)
        actions.menu("&View", [*view, sort_menu, "keep_sorted", None, appearance, "full_screen"])
        actions.menu("&Scoring", ["pause", "cancel", None, "retry", None, "as_stored", "fast_decoding"])
        actions.menu("&Help", ["reading", None, "about", "about_qt"])

    def _build_toolbar(self) -> None:
        self._toolbar = bar = QToolBar("Toolbar", self)
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setIconSize(QSize(20, 20))
        actions = self.actions_by_name
        for name in ("open_files", "open_folder", None, "pause", "cancel", None, "export"):
            bar.addSeparator() if name is None else bar.addAction(actions[name])
        spacer = QWidget(self)
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(spacer)
        self.filter_bar = FilterBar(self._controller.model, self)
        bar.addWidget(self.filter_bar)
        self._edge_slider = QSlider(Qt.Orientation.Horizontal, self)
        self._edge_slider.setRange(MIN_EDGE, MAX_EDGE)
        self._edge_slider.setSingleStep(16)
        self._edge_slider.setPageStep(64)
        self._edge_slider.setFixedWidth(120)
        self._edge_slider.setValue(self.grid.edge)
        self._edge_slider.setToolTip("Size of the thumbnails (Ctrl and wheel)")
        self._edge_slider.setAccessibleName("Size of the thumbnails")
        bar.addWidget(self._edge_slider)
        self.addToolBar(bar)

    def _connect(self) -> None:
        controller = self._controller
        controller.notice.connect(self._show_notice)
        controller.notice_over.connect(self._dismiss_notice)
        controller.progress_changed.connect(self._show_progress)
        controller.state_changed.connect(self._state_changed)
        controller.scores_changed.connect(self._scores_changed)
        for source in (self._sessions, self._watching):
            source.notice.connect(self._show_notice)
        self._sessions.notice_over.connect(self._dismiss_notice)
        self._sessions.changed.connect(self._session_changed)
        self._sessions.selected = self.selected_ids
        self.selection_keeper = SelectionKeeper(controller.model, self.grid)
        actions, keeper = self.actions_by_name, self.selection_keeper
        SessionView(self._sessions, controller, self.grid, self.ranking, actions, keeper)
        controller.model.filter_changed.connect(self._state_changed)
        self._no_match.show_all.clicked.connect(self.filter_bar.clear)
        self.grid.selectionModel().selectionChanged.connect(self._selection_changed)
        wishes = ThumbnailWishes(controller.model, controller.thumbnails, self.grid, self.ranking)
        self._ranking_dock.visibilityChanged.connect(wishes.ask)
        self.grid.edge_changed.connect(self._edge_slider.setValue)
        self._edge_slider.valueChanged.connect(self.grid.set_edge)
        actions = self.actions_by_name
        self.empty_state.open_files.clicked.connect(actions["open_files"].trigger)
        self.empty_state.open_folder.clicked.connect(actions["open_folder"].trigger)
        self.empty_state.paste.clicked.connect(actions["paste"].trigger)

    # State

    def _restore(self) -> None:
        geometry, layout = self._settings.value("window/geometry"), self._settings.value("window/layout")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        if not (isinstance(layout, QByteArray) and self.restoreState(layout)):
            self.resizeDocks([self._ranking_dock], [260], Qt.Orientation.Vertical)
            self.resizeDocks([self._inspector_dock], [330], Qt.Orientation.Horizontal)
            sides = [self._inspector_dock, self._histogram_dock]
            self.resizeDocks(sides, [420, 300], Qt.Orientation.Vertical)
        header = self._settings.value("ranking/header")
        if isinstance(header, QByteArray):
            self.ranking.horizontalHeader().restoreState(header)
            model = self._controller.model
            self.ranking.horizontalHeader().setSortIndicator(model.sort_column, model.sort_order)
        edge = str(self._settings.value("grid/edge", ""))
        if edge.isdecimal():
            self.grid.set_edge(int(edge))
        if not self._settings.value("licence/told"):
            self._settings.setValue("licence/told", "yes")
            self.notices.show_notice(Notice("licence", Level.INFO, _LICENCE_NOTICE))

    def _remember(self) -> None:
        self._show_workplace(shown=True)
        self._settings.setValue("window/geometry", self.saveGeometry())
        self._settings.setValue("window/layout", self.saveState())
        self._settings.setValue("ranking/header", self.ranking.horizontalHeader().saveState())
        self._settings.setValue("grid/edge", self.grid.edge)
        self._settings.sync()

    def _show_workplace(self, *, shown: bool) -> None:
        """Show the panels when there is something to show in them, as they were before."""
        if shown == self._workplace_shown:
            return
        self._workplace_shown = shown
        if shown:
            self.restoreState(self._layout_with_images)
        else:
            self._layout_with_images = self.saveState()
            for dock in self._docks:
                dock.hide()

    @Slot()
    def _state_changed(self) -> None:
        """Show the right page and enable what can be done."""
        controller, actions = self._controller, self.actions_by_name
        images = controller.library.present_count
        shown = self.grid if controller.model.rowCount() else self._no_match
        self._pages.setCurrentWidget(shown if images else self.empty_state)
        self._no_match.explain(controller.model.filter, images)
        self._show_workplace(shown=images > 0)
        paused = controller.state is RunState.PAUSED
        waiting = controller.state is RunState.IDLE and controller.library.count(Status.WAITING) > 0
        actions.set_text("pause", "&Resume" if paused else "&Score" if waiting else "&Pause")
        actions.set_icon("pause", "play" if paused or waiting else "pause")
        actions["pause"].setEnabled(controller.state is not RunState.IDLE or waiting)
        actions["cancel"].setEnabled(controller.is_busy)
        actions["retry"].setEnabled(controller.library.count(Status.FAILED) > 0)
        actions["find_missing"].setEnabled(len(controller.library.missing_ids()) > 0)
        for name in (
            "export",
            "copy",
            "select_all",
            "remove",
            "clear",
            "zoom_in",
            "zoom_out",
            "find",
            "save",
        ):
            actions[name].setEnabled(images > 0)
        for name in ("show_inspector", "show_histogram", "show_ranking"):
            actions[name].setEnabled(images > 0)
        actions["save_as"].setEnabled(images > 0)
        self._edge_slider.setEnabled(images > 0)
        self.filter_bar.setEnabled(images > 0)

    def selected_ids(self) -> list[int]:
        """Return the ids of the selected images in the order of the rows."""
        order = self._controller.model.order
        selection = ranges(self.grid.selectionModel().selection())
        shown = np.zeros(len(order), dtype=np.bool_)
        for part in selection:
            shown[part.top() : part.bottom() + 1] = True
        selected: list[int] = order[shown].tolist()
        return selected

    @Slot()
    def _selection_changed(self) -> None:
        self._selection_soon.ask()

    def _show_selection(self) -> None:
        selected = self.selected_ids()
        self.inspector.show_images(selected)
        self._selected = np.array(selected, dtype=np.int64)
        self._controller.order_is_held = len(selected) > _MOST_MOVED
        self._mark_selected()

    def _mark_selected(self) -> None:
        scores = self._controller.library.scores[self._selected]
        self.histogram.mark(scores[~np.isnan(scores)])

    @Slot()
    def _scores_changed(self) -> None:
        self.histogram.refresh()
        self._mark_selected()

    @Slot(object)
    def _show_notice(self, notice: Notice) -> None:
        self.notices.show_notice(notice)

    @Slot(str)
    def _dismiss_notice(self, key: str) -> None:
        self.notices.dismiss(key)

    @Slot(object)
    def _show_progress(self, progress: RunProgress) -> None:
        self.status_line.show_progress(progress)
        empty = self._controller.library.present_count == 0 and not self._controller.is_busy
        self._headline = "" if empty else progress.headline
        self._session_changed()

    @Slot()
    def _session_changed(self) -> None:
        """Tell in the title, and so in the taskbar, which session it is and how far the run is."""
        path = self._sessions.path
        session = f"{readable(path.stem)}{' *' if self._sessions.is_modified else ''}" if path else ""
        title = " – ".join(filter(None, (session, self._headline, "resmem_gui")))
        if title != self.windowTitle():
            self.setWindowTitle(title)

    # Commands

    def add_paths(self, paths: Sequence[str]) -> None:
        """Add files and folders; a session among them is opened in place of what is there."""
        self.file_commands.add_paths(paths)

    def _search(self) -> None:
        self.filter_bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_bar.search.selectAll()

    def _show_storage(self) -> None:
        StorageDialog(kinds_of(self._controller), self._controller.jobs, self).open()

    def _remove(self) -> None:
        self._controller.remove(self.selected_ids())

    def _pause_or_go_on(self) -> None:
        match self._controller.state:
            case RunState.PAUSED:
                self._controller.resume()
            case RunState.IDLE:
                self._controller.score_waiting()
            case _:
                self._controller.pause()

    def _set_preprocessing(self, **changes: bool) -> None:
        preprocessing = replace(self._controller.preprocessing, **changes)
        self._controller.set_preprocessing(preprocessing)
        self.inspector.set_preprocessing(preprocessing)

    def _keep_sorted(self, kept: bool) -> None:
        self._controller.keep_sorted = kept
        if kept:
            self._controller.model.sort_again()

    def _full_screen(self, full: bool) -> None:
        state, full_screen = self.windowState(), Qt.WindowState.WindowFullScreen
        self.setWindowState(state | full_screen if full else state & ~full_screen)

    # Events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files, folders and pictures from elsewhere."""
        if event.source() is None and carries_images(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Accept them wherever they are over the window."""
        if event.source() is None and carries_images(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add what is dropped."""
        # Never "move": the file manager would delete the originals.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.file_commands.add_incoming(read_incoming(event.mimeData()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the words out of the toolbar where there is no room for them."""
        super().resizeEvent(event)
        styles = Qt.ToolButtonStyle
        narrow = self.width() < _ROOM_FOR_WORDS
        self._toolbar.setToolButtonStyle(
            styles.ToolButtonIconOnly if narrow else styles.ToolButtonTextBesideIcon
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Leave what is slow to make for the time after the first painting."""
        super().showEvent(event)
        self.histogram.ask_for_plot_in(_AFTER_FIRST_PAINTING_MS)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette, and what the window manager does."""
        super().changeEvent(event)
        if not hasattr(self, "actions_by_name"):
            return  # still being built
        if event.type() == QEvent.Type.PaletteChange:
            self._take_colors()
        elif event.type() == QEvent.Type.WindowStateChange:
            self.actions_by_name["full_screen"].setChecked(self.isFullScreen())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window and tell that it is gone; but ask first where scores would go with it."""
        if self._controller.scores_at_risk and not self._may_close and self._controller.histogram.n:
            event.ignore()
            self._ask_before_closing()
            return
        self._remember()
        self._controller.cancel()
        self._sessions.finish()
        super().closeEvent(event)

    def _ask_before_closing(self) -> None:
        text = "Some scores may be in this window only, because the store could not be used. Export them?"
        box = QMessageBox(QMessageBox.Icon.Warning, "Close", text, parent=self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        roles = QMessageBox.ButtonRole
        export = box.addButton("Export CSV…", roles.AcceptRole)
        box.addButton("Close Without", roles.DestructiveRole).clicked.connect(self.close_without_asking)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(export)
        export.clicked.connect(self.file_commands.export)
        box.open()

    @Slot()
    def close_without_asking(self) -> None:
        """Close, whatever goes with the window."""
        self._may_close = True
        self.close()

    def _take_colors(self) -> None:
        self.actions_by_name.take_colors(self.palette())
        self.setWindowIcon(theme.application_icon())
