"""The main window: lays the parts out and connects them with the controller."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QSettings, QSize, Qt, Slot
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
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.library.filtering import Range
from resmem_gui.library.records import MOST_STARS, Status, readable
from resmem_gui.ui import theme, wording
from resmem_gui.ui.bringing_in.incoming import carries_images, read_incoming
from resmem_gui.ui.browsing.grid_view import GridView
from resmem_gui.ui.browsing.inspector import Inspector
from resmem_gui.ui.browsing.ranking_view import RankingView
from resmem_gui.ui.browsing.selection_keeper import SelectionKeeper
from resmem_gui.ui.browsing.thumbnail_wishes import ThumbnailWishes
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.filtering.chips import FilterChips
from resmem_gui.ui.filtering.filter_bar import FilterBar
from resmem_gui.ui.filtering.no_match import NoMatch
from resmem_gui.ui.histogram.panel import HistogramPanel
from resmem_gui.ui.running.run import RunState
from resmem_gui.ui.sessions.session_commands import SessionCommands
from resmem_gui.ui.sessions.session_view import SessionView
from resmem_gui.ui.sessions.sessions import Sessions
from resmem_gui.ui.sessions.watching import Watching
from resmem_gui.ui.throttle import Throttle
from resmem_gui.ui.window import about
from resmem_gui.ui.window.actions import Actions
from resmem_gui.ui.window.empty_state import EmptyState
from resmem_gui.ui.window.file_commands import FileCommands
from resmem_gui.ui.window.main_menus import ImageMenu, build_menus
from resmem_gui.ui.window.menus import AppearanceMenu, ColumnsMenu, SortMenu
from resmem_gui.ui.window.notices import Level, Notice, NoticeArea
from resmem_gui.ui.window.status_line import RunProgress, StatusLine
from resmem_gui.ui.window.storage_dialog import StorageDialog, kinds_of
from resmem_gui.ui.window.toolbar import Toolbar
from resmem_gui.ui.window.tools import Tools
from resmem_gui.ui.window.workplace import Workplace

_DEFAULT_SIZE: Final = QSize(1280, 820)
_AFTER_FIRST_PAINTING_MS: Final = 100
#: Sorting moves a selection of ten thousand images in a tenth of a second: too long for once a second.
_MOST_MOVED: Final = 5000
_SELECTION_MS: Final = 60
#: So many headers are read before anybody asks how long it takes.
_MANY_HEADERS: Final = 500
_NEED_IMAGES: Final = (
    "export", "copy", "remove", "clear", "save", "save_as", "pick", "reject", "unmark", "hand_on",
    "report", "evaluate", "lists", "distribution", "sensitivity", "network_view",
    "write_xmp", "contact_sheet", "open_outside", "reveal", "copy_image", "copy_path", "copy_score",
    "compare", *(f"rate_{stars}" for stars in range(MOST_STARS + 1)),
)  # fmt: skip
#: These mean the grid and what is around it, which loupe and comparison cover.
_NEED_GRID: Final = (
    "select_all", "zoom_in", "zoom_out", "find", "filter", "choose_best", "loupe",
    "show_inspector", "show_histogram", "show_ranking",
)  # fmt: skip
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
        self._headline = ""
        self._filter_shown = controller.model.filter
        self._may_close = False
        self._selected = np.empty(0, dtype=np.int64)
        # A key held down leads through 30 images a second: the inspector shows the one where it ends.
        self._selection_soon = Throttle(_SELECTION_MS, self._show_selection, self, waits_for_rest=True)
        self.setWindowTitle("resmem_gui")
        self.setAcceptDrops(True)
        self.resize(_DEFAULT_SIZE.boundedTo(self.screen().availableSize() * 0.95))
        self._build_views()
        self._build_actions()
        self._build_menus()
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
        self.selection_keeper = SelectionKeeper(model, self.grid)
        self._no_match = NoMatch(model, self)
        self.filter_bar = FilterBar(model, self)
        self.chips = FilterChips(model, self.filter_bar.menu_for, self)
        self._pages.addWidget(self._no_match)
        centre = QWidget(self)
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notices)
        layout.addWidget(self.chips)
        layout.addWidget(self._pages, 1)
        self.setCentralWidget(centre)
        self._workplace = Workplace(
            self.inspector, self.histogram, self.ranking, self.grid, self._settings, self
        )
        self.status_line = StatusLine(self)
        self.statusBar().addWidget(self.status_line, 1)
        self.statusBar().setSizeGripEnabled(False)

    def _build_actions(self) -> None:
        self.actions_by_name = actions = Actions(self)
        self._add_file_actions(actions)
        self._add_run_actions(actions)
        self._add_view_actions(actions)
        self.tools = Tools(
            self._controller, self.grid, self.selection_keeper, self._pages, actions, self._settings, self
        )
        self.session_commands = SessionCommands(self._sessions, actions, self._settings, self)
        self.file_commands = FileCommands(
            self._controller,
            self.session_commands,
            actions,
            self._settings,
            self.selection_keeper.selected_ids,
            self,
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
        actions.add("clear", "C&lear Library", self._clear, icon="clear")

    def _add_run_actions(self, actions: Actions) -> None:
        controller = self._controller
        actions.add("pause", "&Pause", self._pause_or_go_on, shortcut="F8", icon="pause")
        actions.add("cancel", "&Cancel", self._cancel, shortcut="Ctrl+.", icon="cancel")
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
        actions.add("filter", "&Filter", self._open_filter, shortcut="Ctrl+Shift+F", group="View")
        actions.add(
            "zoom_in", "&Larger Thumbnails", lambda: grid.set_edge(grid.edge + 32), shortcut=keys.ZoomIn
        )
        actions.add(
            "zoom_out", "&Smaller Thumbnails", lambda: grid.set_edge(grid.edge - 32), shortcut=keys.ZoomOut
        )
        actions.add("keep_sorted", "&Keep Sorted While Scoring", self._keep_sorted, checked=True)
        actions.add("full_screen", "F&ull Screen", self._full_screen, shortcut=keys.FullScreen, checked=False)
        self._workplace.add_actions(actions)

    def _build_menus(self) -> None:
        actions = self.actions_by_name
        build_menus(
            actions,
            recent=self.session_commands.recent_menu,
            filtering=self.filter_bar.menu,
            sorting=SortMenu(self._controller.model, self.ranking, actions, self),
            comparing=self.tools.comparing,
            columns=ColumnsMenu(self.ranking, self),
            appearance=AppearanceMenu(self._settings, self),
        )
        image_menu = ImageMenu(actions, self)
        for view in (self.grid, self.ranking):
            image_menu.serve(view)
        for page in (self.tools.stage.loupe, self.tools.stage.compare):
            image_menu.serve_page(page)
        self._toolbar = Toolbar(actions, self.filter_bar, self.grid, self)
        actions.teach("filter", self.filter_bar.button, "Show only images with some scores, stars, folders…")
        actions.teach("find", self.filter_bar.search, "Show only images with this in their file name")

    def _connect(self) -> None:
        controller, measuring = self._controller, self.tools.measuring
        controller.notice.connect(self._show_notice)
        controller.notice_over.connect(self._dismiss_notice)
        controller.progress_changed.connect(self._show_progress)
        controller.state_changed.connect(self._state_changed)
        controller.scores_changed.connect(self._scores_changed)
        controller.model.reference_changed.connect(self._reference_changed)
        bring_in = self.file_commands.bring_in
        bring_in.notice_over.connect(self._dismiss_notice)
        bring_in.busy_changed.connect(self._state_changed)
        for source in (self._sessions, self._watching, self.tools, self.histogram, bring_in):
            source.notice.connect(self._show_notice)
        self.tools.said.connect(self.status_line.say)
        self.tools.stage.serve(self.ranking)
        self.tools.stage.compare.measure_wanted.connect(measuring.sensitivity.measure)
        self.tools.stage.changed.connect(self._state_changed)
        for looked_elsewhere in (
            self.tools.stage.changed,
            self.tools.stage.loupe.current_changed,
            self.tools.stage.compare.current_changed,
        ):
            looked_elsewhere.connect(measuring.follow_place)
        self.tools.history.marked.connect(self._marks_changed)
        self.inspector.rated.connect(self._rate)
        self.chips.search_wanted.connect(self._search)
        self._sessions.notice_over.connect(self._dismiss_notice)
        self._sessions.changed.connect(self._session_changed)
        self._sessions.selected = self.selection_keeper.selected_ids
        actions, keeper = self.actions_by_name, self.selection_keeper
        SessionView(self._sessions, controller, self.grid, self.ranking, actions, keeper)
        controller.model.filter_changed.connect(self._filter_changed)
        # A reset tells of no selection. Later, in a turn of its own: rows come first.
        later = Qt.ConnectionType.QueuedConnection
        controller.model.modelReset.connect(self._selection_changed, later)
        self.grid.selectionModel().selectionChanged.connect(self._selection_changed)
        self.histogram.range_chosen.connect(self._choose_range)
        self.histogram.bar_clicked.connect(self._select_bar)
        wishes = ThumbnailWishes(
            controller.model, controller.thumbnails, self.grid, self.ranking, self.tools.stage.loupe.filmstrip
        )
        wishes.visible_changed.connect(controller.traits.prefer)
        self._workplace.ranking_dock.visibilityChanged.connect(wishes.ask)
        controller.scores_changed.connect(measuring.follow_scores)
        measuring.serve(self.inspector)
        self.ranking.columns_changed.connect(self._columns_changed)
        controller.headers.progress.connect(self._tell_headers)
        self.empty_state.open_files.clicked.connect(actions["open_files"].trigger)
        self.empty_state.open_folder.clicked.connect(actions["open_folder"].trigger)
        self.empty_state.paste.clicked.connect(actions["paste"].trigger)

    # State

    def _restore(self) -> None:
        self._workplace.restore()
        if not self._settings.value("licence/told"):
            self._settings.setValue("licence/told", "yes")
            self.notices.show_notice(Notice("licence", Level.INFO, _LICENCE_NOTICE))

    @Slot()
    def _state_changed(self) -> None:
        """Show the right page and enable what can be done."""
        controller, actions = self._controller, self.actions_by_name
        images = controller.library.present_count
        stage = self.tools.stage.page
        shown = self.grid if controller.model.rowCount() else self._no_match
        self._pages.setCurrentWidget(stage or (shown if images else self.empty_state))
        if shown is self._no_match:
            self._no_match.explain()
        self._workplace.show(shown=images > 0 and stage is None)
        self._toolbar.setVisible(stage is None)
        self.chips.setVisible(stage is None and not controller.model.filter.is_open)
        paused = controller.state is RunState.PAUSED
        waiting = controller.state is RunState.IDLE and controller.library.count(Status.WAITING) > 0
        actions.set_text("pause", "&Resume" if paused else "&Score" if waiting else "&Pause")
        actions.set_icon("pause", "play" if paused or waiting else "pause")
        actions["pause"].setEnabled(controller.state is not RunState.IDLE or waiting)
        actions["cancel"].setEnabled(controller.is_busy or self.file_commands.bring_in.is_busy)
        actions["retry"].setEnabled(controller.library.count(Status.FAILED) > 0)
        actions["find_missing"].setEnabled(len(controller.library.missing_ids()) > 0)
        for name in _NEED_IMAGES:
            actions[name].setEnabled(images > 0)
        for name in _NEED_GRID:
            actions[name].setEnabled(images > 0 and stage is None)
        self._toolbar.enable_views(enabled=images > 0)

    def selected_ids(self) -> list[int]:
        """Return the ids of the selected images in the order of the rows."""
        return self.selection_keeper.selected_ids()

    @Slot()
    def _selection_changed(self) -> None:
        self._selection_soon.ask()

    def _show_selection(self) -> None:
        selected = self.selected_ids()
        self.inspector.show_images(selected)
        self._selected = np.array(selected, dtype=np.int64)
        self._controller.order.is_held = len(selected) > _MOST_MOVED
        self._mark_selected()
        self.tools.measuring.follow_selection(selected)

    @Slot()
    def _reference_changed(self) -> None:
        self.histogram.set_reference(self._controller.model.reference)

    def _mark_selected(self) -> None:
        scores = self._controller.library.scores[self._selected]
        self.histogram.mark(scores[~np.isnan(scores)])

    @Slot()
    def _scores_changed(self) -> None:
        self.histogram.refresh()
        self._mark_selected()
        self.chips.count_again()

    @Slot()
    def _filter_changed(self) -> None:
        self._state_changed()
        wanted = self._controller.model.filter
        self.histogram.show_range(wanted.scores)
        if wanted != self._filter_shown and not self.grid.selectionModel().hasSelection():
            for view in (self.grid, self.ranking):
                view.scrollToTop()
        self._filter_shown = wanted

    @Slot(object)
    def _choose_range(self, chosen: tuple[float, float] | None) -> None:
        """Show only what a person has brushed on the histogram."""
        model = self._controller.model
        model.set_filter(model.filter.where("scores", None if chosen is None else Range(*chosen)))

    @Slot(float, float, object)
    def _select_bar(self, low: float, high: float, modifiers: Qt.KeyboardModifier) -> None:
        """Select the images of a bar of the histogram, as far as they are shown."""
        model = self._controller.model
        inside = Range(low, high).contains(model.library.scores[model.order], 1.0)
        ids: list[int] = model.order[inside].tolist()
        selected = self.selected_ids() if modifiers & Qt.KeyboardModifier.ControlModifier else []
        if ids:
            self.selection_keeper.select([*selected, *ids], ids[0])

    @Slot(int, int)
    def _rate(self, image_id: int, rating: int) -> None:
        self.tools.history.rate([image_id], rating)

    @Slot()
    def _marks_changed(self) -> None:
        self.chips.count_again()
        self._sessions.note_change()

    @Slot()
    def _columns_changed(self) -> None:
        self._controller.headers.show_columns(self.ranking.shown_columns)

    @Slot(int)
    def _tell_headers(self, left: int) -> None:
        if left > _MANY_HEADERS:
            self.status_line.say(f"Reading dates and sizes: {left:,} images left")

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
        self.file_commands.bring_in.take_paths(paths)

    def _search(self) -> None:
        self.filter_bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_bar.search.selectAll()

    def _open_filter(self) -> None:
        self.filter_bar.button.showMenu()

    def _show_storage(self) -> None:
        StorageDialog(kinds_of(self._controller), self._controller.jobs, self).open()

    def _clear(self) -> None:
        """Take all images out, which can be undone; an empty library forgets its folders, too."""
        controller = self._controller
        controller.end_all()
        self.tools.history.remove(controller.library.present_ids().tolist())

    def _pause_or_go_on(self) -> None:
        match self._controller.state:
            case RunState.PAUSED:
                self._controller.resume()
            case RunState.IDLE:
                self._controller.score_waiting()
            case _:
                self._controller.pause()

    def _cancel(self) -> None:
        self.file_commands.bring_in.cancel()
        self._controller.cancel()

    def _set_preprocessing(self, **changes: bool) -> None:
        preprocessing = replace(self._controller.preprocessing, **changes)
        self._controller.set_preprocessing(preprocessing)
        self.inspector.set_preprocessing(preprocessing)

    def _keep_sorted(self, kept: bool) -> None:
        self._controller.order.is_wanted = kept
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
        self.file_commands.bring_in.take(read_incoming(event.mimeData()), "in what was dropped")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the words out of the toolbar where there is no room for them."""
        super().resizeEvent(event)
        self._toolbar.fit(self.width())

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
        self.tools.close()
        self._workplace.remember()
        self._cancel()
        self._sessions.finish()
        super().closeEvent(event)

    def _ask_before_closing(self) -> None:
        text = "Some scores may be in this window only, because the store could not be used. Export them?"
        box = QMessageBox(QMessageBox.Icon.Warning, "Close", text, parent=self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        roles = QMessageBox.ButtonRole
        export = box.addButton("Export…", roles.AcceptRole)
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
        self._workplace.take_colors()
        self.setWindowIcon(theme.application_icon())
