"""The main window: lays the parts out and connects them with the controller."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QSettings, QSize, Slot
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QKeySequence,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QMainWindow

from resmem_gui.ui import theme
from resmem_gui.ui.browsing.grid_view import GridView
from resmem_gui.ui.browsing.inspector import Inspector
from resmem_gui.ui.browsing.ranking_view import RankingView
from resmem_gui.ui.browsing.selection_keeper import SelectionKeeper
from resmem_gui.ui.browsing.thumbnail_wishes import ThumbnailWishes
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.filtering.filter_bar import FilterBar
from resmem_gui.ui.fitting import fitted
from resmem_gui.ui.histogram.panel import HistogramPanel
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.sessions.session_commands import SessionCommands
from resmem_gui.ui.sessions.session_view import SessionView
from resmem_gui.ui.sessions.sessions import Sessions
from resmem_gui.ui.sessions.watching import Watching
from resmem_gui.ui.window import about
from resmem_gui.ui.window.actions import Actions, key_or
from resmem_gui.ui.window.availability import Availability
from resmem_gui.ui.window.centre import Centre
from resmem_gui.ui.window.closing import ask_before_closing
from resmem_gui.ui.window.drop_target import DropTarget
from resmem_gui.ui.window.file_commands import FileCommands
from resmem_gui.ui.window.histogram_link import HistogramLink
from resmem_gui.ui.window.library_commands import LibraryCommands
from resmem_gui.ui.window.main_menus import ImageMenu, build_menus
from resmem_gui.ui.window.menus import AppearanceMenu, ColumnsMenu, SortMenu
from resmem_gui.ui.window.run_commands import RunCommands
from resmem_gui.ui.window.selection_follower import SelectionFollower
from resmem_gui.ui.window.status_line import StatusLine
from resmem_gui.ui.window.title import WindowTitle
from resmem_gui.ui.window.toolbar import Toolbar
from resmem_gui.ui.window.tools import Tools
from resmem_gui.ui.window.view_commands import ViewCommands
from resmem_gui.ui.window.workplace import Workplace

_DEFAULT_SIZE: Final = QSize(1280, 820)
_AFTER_FIRST_PAINTING_MS: Final = 100
#: So many headers are read before anybody asks how long it takes.
_MANY_HEADERS: Final = 500
_LICENCE_NOTICE: Final = (
    "ResMem, the network that scores your images, is © The University of Chicago and for non-commercial use "
    "only. Your images stay on this computer."
)


class MainWindow(QMainWindow):
    """Grid in the middle, ranking below, inspector and histogram at the side.

    Attributes:
        grid: The images.
        ranking: The same as a table.
        inspector: What is known of the selected image.
        histogram: Of all scores.
        filter_bar: Chooses which images are shown.
        notices: Messages above the images.
        chips: What the filter asks for.
        empty_state: What is said where there are no images.
        status_line: How far the run is.
        selection: Which images are selected, when that has come to rest.
        selection_keeper: Selects images.
        actions_by_name: All commands.
        tools: What people find, compare, mark and hand on images with.
        session_commands: Commands around sessions.
        file_commands: Commands that bring files in and take tables out.
    """

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
        self._filter_shown = controller.model.filter
        self._may_close = False
        self.resize(fitted(_DEFAULT_SIZE, self))
        WindowTitle(controller, sessions, self)
        self._build_views()
        self._build_commands()
        self._build_menus()
        self._connect_controller()
        self._connect_parts()
        self._connect_measuring()
        self._restore()
        self._take_colors()
        self._state_changed()
        sessions.last_library.look()

    # Building

    def _build_views(self) -> None:
        controller, model = self._controller, self._controller.model
        self.grid = GridView(self)
        self.grid.setModel(model)
        self.grid.setFrameShape(GridView.Shape.NoFrame)
        self.ranking = RankingView(model, self)
        self.ranking.setFrameShape(RankingView.Shape.NoFrame)
        self.ranking.setSelectionModel(self.grid.selectionModel())
        self.histogram = HistogramPanel(controller.histogram, model.reference, controller.jobs, self)
        self.inspector = Inspector(model, controller.previews, self)
        self.filter_bar = FilterBar(model, self)
        self._centre = Centre(model, self.grid, self.filter_bar, self)
        self.notices, self.chips = self._centre.notices, self._centre.chips
        self.empty_state = self._centre.empty_state
        self.setCentralWidget(self._centre)
        self.selection_keeper = SelectionKeeper(model, self.grid)
        self.selection = SelectionFollower(model, controller.order, self.grid, self.selection_keeper, self)
        self._workplace = Workplace(
            self.inspector, self.histogram, self.ranking, self.grid, self._settings, self
        )
        self.status_line = StatusLine(self)
        self.statusBar().addWidget(self.status_line, 1)
        self.statusBar().setSizeGripEnabled(False)

    def _build_commands(self) -> None:
        controller, settings, keeper = self._controller, self._settings, self.selection_keeper
        self.actions_by_name = actions = Actions(self)
        self.tools = Tools(controller, self.grid, keeper, self._centre.pages, actions, settings, self)
        self.session_commands = SessionCommands(self._sessions, actions, settings, self)
        self.file_commands = FileCommands(
            controller, self.session_commands, actions, settings, self.selected_ids, self
        )
        DropTarget(self, self.file_commands.bring_in)
        LibraryCommands(controller, self._watching, self.tools.history, actions, self)
        self._run_commands = RunCommands(controller, self.file_commands.bring_in, actions, self)
        self._view_commands = ViewCommands(
            controller.model, controller.order, self.grid, self.filter_bar, actions, self
        )
        self._workplace.add_actions(actions)
        roles = QAction.MenuRole
        quit_key = key_or(QKeySequence.StandardKey.Quit, "Ctrl+Q")
        actions.add("quit", "&Quit", self.close, shortcut=quit_key, role=roles.QuitRole)
        actions.add("about", "&About resmem_gui", lambda: about.show_about(self), role=roles.AboutRole)
        actions.add("about_qt", "About &Qt", QApplication.aboutQt, role=roles.AboutQtRole)

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
        self._availability = Availability(
            actions,
            self._controller,
            self.grid.selectionModel(),
            self.tools.stage,
            self.filter_bar,
            self._sessions.last_library,
            self.file_commands.bring_in.permissions,
        )
        self._toolbar = Toolbar(actions, self.filter_bar, self.grid, self)

    def _connect_controller(self) -> None:
        controller, bring_in = self._controller, self.file_commands.bring_in
        for teller in (controller, self._sessions, self._watching, self.tools, self.histogram, bring_in):
            teller.notice.connect(self.notices.show_notice)
        for ender in (controller, self._sessions, bring_in):
            ender.notice_over.connect(self.notices.dismiss)
        controller.progress_changed.connect(self.status_line.show_progress)
        controller.state_changed.connect(self._state_changed)
        bring_in.busy_changed.connect(self._state_changed)
        controller.model.filter_changed.connect(self._filter_changed)
        controller.headers.progress.connect(self._tell_headers)
        wishes = ThumbnailWishes(
            controller.model, controller.thumbnails, self.grid, self.ranking, self.tools.stage.loupe.filmstrip
        )
        wishes.visible_changed.connect(controller.traits.prefer)
        self._workplace.ranking_dock.visibilityChanged.connect(wishes.ask)

    def _connect_parts(self) -> None:
        controller, actions, keeper = self._controller, self.actions_by_name, self.selection_keeper
        self._sessions.selected = keeper.selected_ids
        SessionView(self._sessions, controller, self.grid, self.ranking, actions, keeper)
        link = HistogramLink(self.histogram, controller.model, keeper)
        self.selection.came_to_rest.connect(self.inspector.show_images)
        self.selection.came_to_rest.connect(link.mark)
        controller.scores_changed.connect(link.scores_changed)
        controller.scores_changed.connect(self.chips.count_again)
        self.tools.said.connect(self.status_line.say)
        self.tools.stage.serve(self.ranking)
        self.tools.stage.changed.connect(self._state_changed)
        self.tools.history.marked.connect(self.chips.count_again)
        self.tools.history.marked.connect(self._sessions.note_change)
        self.inspector.rated.connect(self._rate)
        self.chips.search_wanted.connect(self._view_commands.search)
        self._run_commands.preprocessing_chosen.connect(self.inspector.set_preprocessing)
        self.ranking.columns_changed.connect(self._columns_changed)
        self.empty_state.open_files.clicked.connect(actions["open_files"].trigger)
        self.empty_state.open_folder.clicked.connect(actions["open_folder"].trigger)
        self.empty_state.paste.clicked.connect(actions["paste"].trigger)

    def _connect_measuring(self) -> None:
        measuring, stage = self.tools.measuring, self.tools.stage
        measuring.serve(self.inspector)
        self.selection.came_to_rest.connect(measuring.follow_selection)
        self._controller.scores_changed.connect(measuring.follow_scores)
        stage.compare.measure_wanted.connect(measuring.sensitivity.measure)
        for looked_elsewhere in (stage.changed, stage.loupe.current_changed, stage.compare.current_changed):
            looked_elsewhere.connect(measuring.follow_place)

    def _restore(self) -> None:
        self._workplace.restore()
        if not self._settings.value("licence/told"):
            self._settings.setValue("licence/told", "yes")
            self.notices.show_notice(Notice("licence", Level.INFO, _LICENCE_NOTICE))

    # State

    @Slot()
    def _state_changed(self) -> None:
        """Show the right page and enable what can be done."""
        stage = self.tools.stage.page
        has_images = self._controller.library.present_count > 0
        self._centre.show_page(stage)
        self._workplace.show(shown=has_images and stage is None)
        self._toolbar.setVisible(stage is None)
        self._toolbar.enable_views(enabled=has_images)
        self._run_commands.follow_state()
        self._availability.follow()

    @Slot()
    def _filter_changed(self) -> None:
        """Begin at the top with what another filter lets through, unless a person is somewhere there."""
        self._state_changed()
        wanted = self._controller.model.filter
        if wanted != self._filter_shown and not self.grid.selectionModel().hasSelection():
            for view in (self.grid, self.ranking):
                view.scrollToTop()
        self._filter_shown = wanted

    def selected_ids(self) -> list[int]:
        """Return the ids of the selected images in the order of the rows."""
        return self.selection_keeper.selected_ids()

    def add_paths(self, paths: Sequence[str]) -> None:
        """Add files and folders; a session among them is opened in place of what is there."""
        self.file_commands.bring_in.take_paths(paths)

    @Slot(int, int)
    def _rate(self, image_id: int, rating: int) -> None:
        self.tools.history.rate([image_id], rating)

    @Slot()
    def _columns_changed(self) -> None:
        self._controller.headers.show_columns(self.ranking.shown_columns)

    @Slot(int)
    def _tell_headers(self, left: int) -> None:
        if left > _MANY_HEADERS:
            self.status_line.say(f"Reading dates and sizes: {left:,} images left")

    # Events

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
        elif event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._sessions.last_library.look()  # another window may have been closed
        elif event.type() == QEvent.Type.WindowStateChange:
            self.actions_by_name["full_screen"].setChecked(self.isFullScreen())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window and tell that it is gone; but ask first where scores would go with it."""
        if self._controller.scores_at_risk and not self._may_close and self._controller.histogram.n:
            event.ignore()
            ask_before_closing(self, export=self.file_commands.export, close=self.close_without_asking)
            return
        self.tools.close()
        self._workplace.remember()
        self._run_commands.cancel()
        self._sessions.finish()
        super().closeEvent(event)

    @Slot()
    def close_without_asking(self) -> None:
        """Close, whatever goes with the window."""
        self._may_close = True
        self.close()

    def _take_colors(self) -> None:
        self.actions_by_name.take_colors(self.palette())
        self._workplace.take_colors()
        self.setWindowIcon(theme.application_icon())
