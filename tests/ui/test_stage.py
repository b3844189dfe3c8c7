"""Loupe and comparison in the window: opened, left again, and what becomes of all around them meanwhile."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDockWidget, QMenu, QToolBar
from pytestqt.qtbot import QtBot

from resmem_gui.library.filtering import Filter
from resmem_gui.library.records import Status
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.window.main_menus import ImageMenu
from resmem_gui.ui.window.main_window import MainWindow
from tests.ui.conftest import WAIT_MS
from tests.ui.test_marking import Desk

Keys = Qt.Key
Settle = Callable[[], None]
MakeImages = Callable[..., list[Path]]
COUNT = 8

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def desk(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> Desk:
    """A window with eight scored images, the most memorable first."""
    controller.add_paths([str(path) for path in make_images(COUNT)])
    settle()
    return Desk(qtbot, window, controller)


@pytest.fixture
def many(qtbot: QtBot, window: MainWindow, controller: Controller) -> Desk:
    """A window with so many images that the grid has to be scrolled; their files do not exist."""
    ids = controller.model.add([f"/nowhere/image{number}.png" for number in range(300)])
    controller.mark_missing(ids, missing=True)
    return Desk(qtbot, window, controller)


def shown_parts(window: MainWindow) -> dict[str, bool]:
    """Return which panels and bars around the grid are shown."""
    parts = [*window.findChildren(QDockWidget), *window.findChildren(QToolBar)]
    return {part.objectName(): part.isVisible() for part in parts if part.parent() is window}


def dock_sizes(window: MainWindow) -> dict[str, tuple[int, int]]:
    return {dock.objectName(): dock.size().toTuple() for dock in window.findChildren(QDockWidget)}


def center(desk: Desk, row: int, view: QAbstractItemView | None = None) -> QPoint:
    view = view or desk.window.grid
    return view.visualRect(desk.model.index(row, 2)).center()


def in_loupe(desk: Desk) -> bool:
    return desk.window.tools.stage.page is desk.window.tools.stage.loupe


# Opening


@pytest.mark.parametrize("key", [Keys.Key_Return, Keys.Key_Enter])
def test_enter_opens_the_loupe_with_the_current_image(desk: Desk, key: Qt.Key) -> None:
    desk.select(2)
    desk.press(key)
    loupe = desk.window.tools.stage.loupe
    assert loupe.isVisible()
    assert desk.looked_at == desk.ids[2]
    assert loupe.canvas.hasFocus()
    assert not desk.window.grid.isVisible()


def test_a_double_click_opens_the_loupe(desk: Desk) -> None:
    viewport, left = desk.window.grid.viewport(), Qt.MouseButton.LeftButton
    QTest.mouseClick(viewport, left, pos=center(desk, 3))
    QTest.mouseDClick(viewport, left, pos=center(desk, 3))
    assert in_loupe(desk)
    assert desk.looked_at == desk.ids[3]


def test_a_double_click_on_empty_ground_opens_nothing(desk: Desk) -> None:
    viewport = desk.window.grid.viewport()
    empty = QPoint(viewport.width() - 3, viewport.height() - 3)
    assert not desk.window.grid.indexAt(empty).isValid()
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=empty)
    assert desk.window.tools.stage.page is None


def test_the_table_opens_the_loupe_too_and_gets_the_focus_back(desk: Desk) -> None:
    ranking = desk.window.ranking
    desk.window.tools.stage.serve(ranking)
    desk.select(1)
    ranking.setFocus()
    desk.press(Keys.Key_Return)
    assert desk.looked_at == desk.ids[1]
    desk.press(Keys.Key_Escape)
    assert ranking.hasFocus()
    QTest.mouseClick(ranking.viewport(), Qt.MouseButton.LeftButton, pos=center(desk, 2, ranking))
    QTest.mouseDClick(ranking.viewport(), Qt.MouseButton.LeftButton, pos=center(desk, 2, ranking))
    assert desk.looked_at == desk.ids[2]


def test_the_action_opens_the_loupe_with_the_first_image_if_none_is_current(desk: Desk) -> None:
    desk.window.actions_by_name["loupe"].trigger()
    assert desk.looked_at == desk.ids[0]


# What is around it


def test_panels_and_toolbar_go_and_come_back_as_they_were(desk: Desk) -> None:
    window = desk.window
    window.actions_by_name["show_histogram"].trigger()
    desk.qtbot.wait(100)  # the others take its room
    parts, sizes = shown_parts(window), dock_sizes(window)
    assert parts == {"inspector": True, "histogram": False, "ranking": True, "toolbar": True}
    desk.loupe(0)
    assert not any(shown_parts(window).values())
    assert window.statusBar().isVisible()
    desk.press(Keys.Key_Escape)
    assert shown_parts(window) == parts
    desk.qtbot.wait(100)
    assert dock_sizes(window) == sizes
    desk.compare(0, 1)
    assert not any(shown_parts(window).values())
    desk.press(Keys.Key_Escape)
    assert shown_parts(window) == parts


def test_a_window_closed_in_the_loupe_remembers_its_panels(
    desk: Desk, other_window: Callable[[], MainWindow]
) -> None:
    desk.window.actions_by_name["show_inspector"].trigger()
    parts = shown_parts(desk.window)
    desk.loupe(0)
    other = other_window()
    assert other.grid.isVisible()
    assert shown_parts(other) == parts


def test_actions_that_make_no_sense_in_the_loupe_are_off_meanwhile(desk: Desk) -> None:
    actions = desk.window.actions_by_name
    names = ("select_all", "zoom_in", "find", "filter", "choose_best", "loupe", "show_inspector")
    others = ("pick", "rate_3", "remove", "compare", "copy_image", "hand_on", "sort_name", "undo")
    desk.select(0)
    desk.press(Keys.Key_1)
    desk.loupe(0)
    assert not [name for name in names if actions[name].isEnabled()]
    assert not [name for name in others if not actions[name].isEnabled()]
    desk.press(Keys.Key_Escape)
    assert not [name for name in names if not actions[name].isEnabled()]


# Going back


def test_escape_leads_to_the_same_place_and_selects_what_was_looked_at_last(many: Desk) -> None:
    many.select(150)
    bar = many.window.grid.verticalScrollBar()
    many.qtbot.waitUntil(lambda: bar.value() > 0)
    bar.setValue(bar.value() + 37)
    place = bar.value()
    many.press(Keys.Key_Return)
    many.press(Keys.Key_Right)
    many.press(Keys.Key_Escape)
    many.qtbot.wait(50)  # the panels take their room again
    assert bar.value() == place
    assert many.selected == [151]
    assert many.window.grid.currentIndex().row() == 151
    assert many.window.grid.hasFocus()


def test_the_end_of_the_grid_is_found_again_too(many: Desk) -> None:
    many.select(299)
    bar = many.window.grid.verticalScrollBar()
    many.qtbot.waitUntil(lambda: bar.value() > 0)
    bar.setValue(bar.maximum())
    place = bar.value()
    many.press(Keys.Key_Return)
    many.press(Keys.Key_Escape)
    many.qtbot.wait(50)
    assert bar.value() == place


def test_an_image_far_away_comes_into_sight(many: Desk) -> None:
    many.loupe(0)
    many.press(Keys.Key_End)
    many.press(Keys.Key_Escape)
    first, last = many.window.grid.visible_rows()
    many.qtbot.waitUntil(lambda: many.window.grid.visible_rows()[1] == 299)
    assert many.selected == [299], (first, last)


def test_a_selection_that_the_image_is_in_stays(desk: Desk) -> None:
    desk.select(1, 2, 5)
    desk.press(Keys.Key_Return)
    desk.press(Keys.Key_Right)
    desk.press(Keys.Key_Escape)
    assert desk.selected == [desk.ids[row] for row in (1, 2, 5)]
    assert desk.window.grid.currentIndex().row() == 2
    desk.press(Keys.Key_Return)
    desk.press(Keys.Key_Right)
    desk.press(Keys.Key_Escape)
    assert desk.selected == [desk.ids[3]]


# Comparing


@pytest.mark.parametrize("count", [2, 4, 6])
def test_c_compares_the_selected_images(desk: Desk, count: int) -> None:
    desk.select(*range(1, count + 1))
    desk.press(Keys.Key_C)
    compare = desk.window.tools.stage.compare
    assert compare.isVisible()
    assert compare.image_ids == desk.ids[1 : min(count, 4) + 1]
    assert compare.current_id == desk.ids[1]
    if count == 6:
        desk.press(Keys.Key_Delete)
        assert compare.image_ids == [desk.ids[row] for row in (5, 2, 3, 4)]
    desk.press(Keys.Key_Escape)
    assert desk.window.grid.isVisible()
    assert desk.window.grid.hasFocus()
    assert desk.selected == desk.ids[1 : count + 1]


def test_c_compares_a_single_image_with_the_next(desk: Desk) -> None:
    desk.select(3)
    desk.press(Keys.Key_C)
    assert desk.window.tools.stage.compare.image_ids == desk.ids[3:5]


def test_c_compares_the_last_image_with_the_one_before(desk: Desk) -> None:
    desk.select(COUNT - 1)
    desk.press(Keys.Key_C)
    assert desk.window.tools.stage.compare.image_ids == [desk.ids[-1], desk.ids[-2]]


def test_c_without_a_selection_says_what_to_do(desk: Desk) -> None:
    desk.window.grid.clearSelection()
    desk.press(Keys.Key_C)
    assert desk.window.notices.texts() == ["Select two images or more to compare them."]
    assert desk.window.tools.stage.page is None


def test_a_single_image_cannot_be_compared(desk: Desk) -> None:
    desk.set_filter(Filter(text="image3"))
    desk.select(0)
    desk.press(Keys.Key_C)
    assert desk.window.notices.texts() == ["Select two images or more to compare them."]


def test_c_in_the_loupe_compares_its_image_with_the_next(desk: Desk) -> None:
    desk.loupe(2)
    desk.press(Keys.Key_Right)
    desk.press(Keys.Key_C)
    stage = desk.window.tools.stage
    assert stage.compare.isVisible()
    assert stage.compare.image_ids == desk.ids[3:5]
    assert stage.loupe.current_id is None, "a hidden loupe would go on following the model"
    desk.press(Keys.Key_Tab)
    desk.press(Keys.Key_Escape)
    assert stage.page is None
    assert desk.selected == [desk.ids[4]]
    desk.loupe(3)
    assert desk.looked_at == desk.ids[3]


def test_c_in_a_comparison_does_not_begin_it_anew(desk: Desk) -> None:
    desk.compare(0, 1, 2)
    desk.press(Keys.Key_Delete)
    desk.press(Keys.Key_C)
    assert desk.window.tools.stage.compare.image_ids == desk.ids[1:3]


def test_what_a_comparison_comes_to_is_selected(desk: Desk) -> None:
    desk.compare(0, 1)
    desk.press(Keys.Key_Delete)
    assert desk.window.tools.stage.page is None
    assert desk.window.grid.currentIndex().row() == 1
    assert desk.library.present_count == COUNT


# What happens meanwhile


def test_clearing_the_library_leaves_the_loupe(desk: Desk) -> None:
    desk.loupe(1)
    desk.window.actions_by_name["clear"].trigger()
    assert desk.window.tools.stage.page is None
    assert desk.window.empty_state.isVisible()
    assert not desk.window.actions_by_name["loupe"].isEnabled()
    desk.window.actions_by_name["undo"].trigger()
    assert desk.window.grid.isVisible()
    assert shown_parts(desk.window)["inspector"]


def test_clearing_the_library_leaves_a_comparison(desk: Desk) -> None:
    desk.compare(0, 1, 2)
    desk.window.actions_by_name["clear"].trigger()
    assert desk.window.tools.stage.page is None
    assert desk.window.empty_state.isVisible()


def test_a_filter_that_comes_meanwhile_shows_what_it_lets_through(desk: Desk) -> None:
    desk.loupe(0)
    desk.set_filter(Filter(text="image3"))
    assert desk.looked_at == desk.model.image_id(0)
    assert desk.library.record(desk.model.image_id(0)).name == "image3.png"
    desk.set_filter(Filter(text="nothing"))
    assert desk.window.tools.stage.page is None
    assert not desk.window.grid.isVisible()
    desk.set_filter(Filter())
    assert desk.window.grid.isVisible()


def test_sorting_meanwhile_keeps_the_image(desk: Desk) -> None:
    desk.loupe(1)
    desk.window.actions_by_name["sort_reverse"].trigger()
    assert desk.looked_at == desk.ids[1]
    desk.press(Keys.Key_Right)
    assert desk.looked_at == desk.ids[0]


def test_images_that_come_and_are_scored_leave_the_loupe_open(
    desk: Desk, make_images: MakeImages, settle: Settle
) -> None:
    desk.loupe(1)
    desk.controller.add_paths([str(path) for path in make_images(3, "more", first_grey=60)])
    desk.qtbot.waitUntil(lambda: desk.library.count(Status.SCORED) == COUNT + 3, timeout=WAIT_MS)
    settle()
    assert in_loupe(desk)
    assert desk.looked_at == desk.ids[1]
    assert not desk.window.ranking.isVisible()


def test_thumbnails_of_the_filmstrip_are_loaded(many: Desk, make_images: MakeImages) -> None:
    paths = make_images(3, "last")
    ids = many.model.add([str(path) for path in paths])
    assert not any(many.controller.thumbnails.pixmap(image_id) for image_id in ids)
    many.loupe(0)
    many.press(Keys.Key_End)
    assert many.looked_at == ids[-1]
    thumbnails = many.controller.thumbnails
    many.qtbot.waitUntil(lambda: all(thumbnails.pixmap(image_id) for image_id in ids), timeout=WAIT_MS)


# The menu of an image


def opened_menu(desk: Desk) -> QMenu | None:
    popup = QApplication.activePopupWidget()
    assert popup is None or isinstance(popup, QMenu)
    return popup


def right_click(view: QAbstractItemView, at: QPoint) -> None:
    viewport = view.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.RightButton, pos=at)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(viewport, QContextMenuEvent(reason, at, viewport.mapToGlobal(at)))


def press_menu_key(view: QAbstractItemView) -> None:
    """Send what Qt makes of the menu key: an event for the middle of the current image."""
    at = view.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle).center()
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(view, QContextMenuEvent(reason, at, view.mapToGlobal(at)))


@pytest.fixture
def close_popups() -> Iterator[None]:
    yield
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()


@pytest.mark.usefixtures("close_popups")
@pytest.mark.parametrize("name", ["grid", "ranking"])
def test_a_right_click_opens_the_menu_of_the_image(desk: Desk, name: str) -> None:
    view = getattr(desk.window, name)
    right_click(view, center(desk, 2, view))
    assert isinstance(opened_menu(desk), ImageMenu)
    assert desk.selected == [desk.ids[2]]


@pytest.mark.usefixtures("close_popups")
@pytest.mark.parametrize("name", ["grid", "ranking"])
def test_the_menu_key_opens_it_at_the_current_image(desk: Desk, name: str) -> None:
    view = getattr(desk.window, name)
    view.setFocus()
    desk.select(1)
    press_menu_key(view)
    menu = opened_menu(desk)
    assert isinstance(menu, ImageMenu)
    image = view.visualRect(view.currentIndex())
    assert image.left() <= view.viewport().mapFromGlobal(menu.pos()).x() <= image.right()


@pytest.mark.usefixtures("close_popups")
def test_the_menu_key_brings_an_image_out_of_sight_into_sight(many: Desk) -> None:
    many.select(200)
    many.window.grid.verticalScrollBar().setValue(0)
    press_menu_key(many.window.grid)
    first, last = many.window.grid.visible_rows()
    assert first <= 200 <= last
    assert isinstance(opened_menu(many), ImageMenu)


@pytest.mark.usefixtures("close_popups")
def test_a_right_click_on_empty_ground_opens_nothing(desk: Desk) -> None:
    desk.select(0)
    viewport = desk.window.grid.viewport()
    right_click(desk.window.grid, QPoint(viewport.width() - 3, viewport.height() - 3))
    assert opened_menu(desk) is None


@pytest.mark.usefixtures("close_popups")
def test_the_menu_works_on_all_selected_images(desk: Desk) -> None:
    desk.select(1, 2)
    right_click(desk.window.grid, center(desk, 2))
    menu = opened_menu(desk)
    assert menu is not None
    desk.window.actions_by_name["rate_3"].trigger()
    assert desk.ratings[:4] == [0, 3, 3, 0]


@pytest.mark.usefixtures("close_popups")
def test_a_right_click_in_the_loupe_opens_the_menu_of_its_image(desk: Desk) -> None:
    desk.select(1)
    desk.window.tools.stage.open_loupe()
    canvas = desk.window.tools.stage.loupe.canvas
    at = canvas.rect().center()
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(canvas, QContextMenuEvent(reason, at, canvas.mapToGlobal(at)))
    assert isinstance(opened_menu(desk), ImageMenu)
    desk.window.actions_by_name["pick"].trigger()
    assert desk.window._controller.library.picks.tolist().count(1) == 1
