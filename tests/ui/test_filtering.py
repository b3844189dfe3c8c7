"""The filter's chips and menus, with real mouse and keys."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.library.filtering import Filter, Orientation, Range
from resmem_gui.library.records import Pick, Status
from resmem_gui.ui import theme
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.filtering.chips import Chip
from resmem_gui.ui.filtering.flow_layout import FlowLayout
from resmem_gui.ui.filtering.range_menu import RangeMenu
from resmem_gui.ui.window.main_window import MainWindow
from tests.ui.conftest import WAIT_MS, BrightnessScorer
from tests.ui.test_filter_bar import asked, click_entry, entry, menu_of, no_match, opened
from tests.ui.test_window import MakeImages, Settle, drop, files, names

# The offscreen platform says of every menu that it can neither raise it nor give it all keys.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

_HILLS = "Hills & <i>"
_LEFT = Qt.MouseButton.LeftButton
_KEY = Qt.Key


@pytest.fixture
def shelf(window: MainWindow, controller: Controller, settle: Settle, tmp_path: Path) -> dict[str, int]:
    """Six images of different kinds in the window; returns their ids by name."""
    made = {
        "sea/a.png": ((40, 30), 60),
        "sea/b.png": ((30, 40), 100),
        "sea/c.jpg": ((40, 30), 140),
        f"{_HILLS}/d.png": ((30, 30), 180),
        f"{_HILLS}/🦭 & <b>.jpg": ((40, 30), 220),
        f"{_HILLS}/broken": (None, 0),
    }
    for name, (size, grey) in made.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        if size is None:
            path.write_text("no image")
        else:
            Image.new("RGB", size, (grey,) * 3).save(path)
    drop(window, files(*(tmp_path / name for name in made)))
    settle()
    ids = {Path(controller.library.paths[i]).name: int(i) for i in controller.library.present_ids()}
    history = window.tools.history
    history.rate([ids["a.png"], ids["b.png"]], 3)
    history.rate([ids["d.png"]], 5)
    history.pick([ids["a.png"], ids["d.png"]], Pick.PICKED)
    history.pick([ids["b.png"]], Pick.REJECTED)
    return ids


def rows(menu: QMenu) -> list[str]:
    """Return what a menu offers, with its counts."""
    return [action.text().replace("\t", " ") for action in menu.actions() if not action.isSeparator()]


def chip_of(window: MainWindow, criterion: str) -> Chip:
    return next(chip for chip in window.chips.chips if chip.criterion == criterion)


def counts(window: MainWindow) -> dict[str, str]:
    """Return what the chips' screen reader names say before their colons."""
    return {chip.criterion: chip.body.accessibleName().split(": ")[0] for chip in window.chips.chips}


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, _LEFT)


def focus(qtbot: QtBot, window: MainWindow, widget: QWidget) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)


def range_menu(window: MainWindow, criterion: str) -> RangeMenu:
    menu = menu_of(window, criterion)
    assert isinstance(menu, RangeMenu)
    return menu


# Menus of values


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        ("statuses", ["Scored 5", "Waiting 0", "Failed 1"]),
        ("ratings", ["★★★★★ 1", "★★★★ 0", "★★★ 2", "★★ 0", "★ 0", "No stars 3"]),
        ("picks", ["Picked 2", "Undecided 3", "Rejected 1"]),
        ("kinds", ["JPG 2", "No ending 1", "PNG 3"]),
        ("orientations", ["Landscape 3", "Portrait 1", "Square 1"]),
    ],
)
def test_a_menu_shows_its_values_with_how_many_images_have_them(
    window: MainWindow, shelf: dict[str, int], criterion: str, expected: list[str]
) -> None:
    menu = opened(window, criterion)
    assert rows(menu) == [*expected, "Any"]
    assert not entry(menu, "Any").isEnabled()
    menu.close()


def test_counts_are_of_what_the_other_criteria_let_through(
    window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    wanted = Filter(ratings=frozenset({3}), orientations=frozenset({Orientation.PORTRAIT}))
    controller.model.set_filter(wanted)
    menu = opened(window, "orientations")
    assert rows(menu) == ["Landscape 1", "Portrait 1", "Square 0", "Any"], "of those with three stars"
    menu.close()
    menu = opened(window, "picks")
    assert rows(menu) == ["Picked 0", "Undecided 0", "Rejected 1", "Any"], "b.png alone"
    menu.close()


def test_several_values_are_checked_by_mouse_while_the_menu_stays_open(
    window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    menu = opened(window, "ratings")
    click_entry(menu, "★★★")
    assert menu.isVisible()
    assert set(names(controller)) == {"a.png", "b.png"}
    click_entry(menu, "★★★★★")
    assert menu.isVisible()
    assert controller.model.filter == Filter(ratings=frozenset({3, 5}))
    assert entry(menu, "Any").isEnabled(), "there is something to take away now"
    click_entry(menu, "★★★")
    click_entry(menu, "★★★★★")
    assert controller.model.filter == Filter(), "nothing checked is anything"
    assert not entry(menu, "Any").isEnabled()
    menu.close()


def test_any_takes_the_criterion_away_and_closes_the_menu(
    window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    controller.model.set_filter(Filter("a", ratings=frozenset({3})))
    menu = opened(window, "ratings")
    assert entry(menu, "★★★").isChecked()
    click_entry(menu, "Any")
    assert not menu.isVisible()
    assert controller.model.filter == Filter("a")


def test_values_are_checked_by_the_space_bar_while_the_menu_stays_open(
    window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    menu = opened(window, "picks")
    QTest.keyClick(menu, _KEY.Key_Down)
    QTest.keyClick(menu, _KEY.Key_Space)
    QTest.keyClick(menu, _KEY.Key_Down)
    QTest.keyClick(menu, _KEY.Key_Space)
    assert menu.isVisible()
    assert controller.model.filter == Filter(picks=frozenset({Pick.PICKED, Pick.NONE}))
    QTest.keyClick(menu, _KEY.Key_Space)
    assert controller.model.filter == Filter(picks=frozenset({Pick.PICKED}))
    QTest.keyClick(menu, _KEY.Key_Escape)
    assert not menu.isVisible()


def test_counts_of_an_open_menu_follow_the_scores_that_come_in(
    qtbot: QtBot, window: MainWindow, controller: Controller, scorer: BrightnessScorer,
    make_images: MakeImages, settle: Settle,
) -> None:  # fmt: skip
    scorer.gate.clear()
    drop(window, files(*make_images(4)))
    qtbot.waitUntil(lambda: controller.model.rowCount() == 4)
    menu = opened(window, "statuses")
    assert rows(menu)[:2] == ["Scored 0", "Waiting 4"]
    scorer.gate.set()
    qtbot.waitUntil(lambda: rows(menu)[:2] == ["Scored 4", "Waiting 0"], timeout=WAIT_MS)
    menu.close()
    settle()


def test_one_folder_is_called_by_its_name_and_several_by_their_paths(
    window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle, tmp_path: Path
) -> None:
    drop(window, files(*make_images(2, "sea")))
    settle()
    menu = opened(window, "folders")
    assert rows(menu) == ["sea 2", "Any"]
    menu.close()
    drop(window, files(*make_images(1, _HILLS)))
    settle()
    menu = opened(window, "folders")
    shown = [row.replace(str(tmp_path), "").lstrip("/").lstrip("…") for row in rows(menu)]
    assert [row.rpartition("/")[2] for row in shown] == ["Hills && <i> 1", "sea 2", "Any"]
    point = menu.actionGeometry(menu.actions()[0]).center()
    QTest.mouseClick(menu, _LEFT, Qt.KeyboardModifier.NoModifier, point)
    menu.close()
    assert asked(window) == ["In “Hills && <i>”"]
    assert names(controller) == ["image1.png"]


def test_of_sixty_folders_those_with_most_images_are_offered_and_what_is_chosen_stays(
    window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle, tmp_path: Path
) -> None:
    made = [path for number in range(60) for path in make_images(1 + (number >= 30), f"f{number}")]
    controller.model.add([str(path) for path in made])
    rare = str(tmp_path / "f29")
    controller.model.set_filter(Filter(folders=frozenset({rare, str(tmp_path / "f59")})))
    menu = opened(window, "folders")
    offered = [row.rpartition("/")[2] for row in rows(menu)]
    assert offered[-2:] == ["The 40 with most images of 60", "Any"]
    assert offered[:10] == [f"f{number} 1" for number in range(10)]
    assert offered[10:41] == ["f29 1", *(f"f{number} 2" for number in range(30, 60))]
    assert menu.actions()[10].isChecked()
    menu.close()
    assert asked(window) == ["In “f29” or “f59”"]


def test_a_long_path_loses_its_middle_and_is_whole_in_the_tool_tip(
    window: MainWindow, controller: Controller
) -> None:
    deep = "/" + "/".join(f"a long name of a folder {number}" for number in range(12))
    controller.model.add([f"{deep}/a.png", "/b/b.png"])
    menu = opened(window, "folders")
    action = menu.actions()[0]
    assert "…" in action.text()
    assert "folder 11\t1" in action.text()
    assert action.toolTip() == deep
    assert menu.width() < 700
    menu.close()


# Ranges


def test_a_range_is_typed_and_enter_takes_it(
    qtbot: QtBot, window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    menu = range_menu(window, "scores")
    menu.popup(window.mapToGlobal(QPoint(100, 100)))
    qtbot.waitUntil(lambda: menu.focusWidget() is menu.low)
    QTest.keyClicks(menu.low, "0.5")
    assert controller.model.filter == Filter(), "not at each digit"
    QTest.keyClick(menu.low, _KEY.Key_Tab)
    assert menu.focusWidget() is menu.high, "Tab leads to the other number"
    qtbot.waitUntil(lambda: controller.model.filter == Filter(scores=Range(0.5, 1.0)))
    QTest.keyClicks(menu.high, "0.8")
    QTest.keyClick(menu.high, _KEY.Key_Return)
    qtbot.waitUntil(lambda: controller.model.filter == Filter(scores=Range(0.5, 0.8)))
    assert names(controller) == ["d.png", "c.jpg"]
    assert asked(window) == ["Score 0.50 to 0.80"]
    menu.close()


def test_tab_leads_round_the_fields_of_a_range(
    qtbot: QtBot, window: MainWindow, shelf: dict[str, int]
) -> None:
    menu = range_menu(window, "percentiles")
    menu.popup(window.mapToGlobal(QPoint(100, 100)))
    qtbot.waitUntil(lambda: menu.focusWidget() is menu.low)
    been = []
    for _ in range(3):
        QTest.keyClick(menu.focusWidget(), _KEY.Key_Tab)
        been.append(menu.focusWidget())
    assert been == [menu.high, menu.any, menu.low]
    QTest.keyClick(menu.focusWidget(), _KEY.Key_Backtab)
    assert menu.focusWidget() is menu.any
    menu.close()


def test_a_range_is_stepped_by_arrows_and_says_how_many_are_shown(
    qtbot: QtBot, window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    controller.model.set_filter(Filter(scores=Range(0.7, 1.0)))
    menu = range_menu(window, "scores")
    menu.popup(window.mapToGlobal(QPoint(100, 100)))
    assert (menu.low.value(), menu.high.value(), menu.count.text()) == (0.7, 1.0, "2 images shown")
    QTest.keyClick(menu.low, _KEY.Key_Up)
    QTest.keyClick(menu.low, _KEY.Key_Up)
    qtbot.waitUntil(lambda: controller.model.filter == Filter(scores=Range(0.72, 1.0)))
    assert menu.count.text() == "1 image shown"
    assert menu.isVisible()
    menu.close()


def test_ends_of_a_range_may_be_given_in_any_order(
    qtbot: QtBot, window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    menu = range_menu(window, "scores")
    menu.popup(window.mapToGlobal(QPoint(100, 100)))
    menu.high.setValue(0.3)
    menu.low.setValue(0.6)
    qtbot.waitUntil(lambda: controller.model.filter == Filter(scores=Range(0.3, 0.6)))
    menu.close()
    menu.popup(window.mapToGlobal(QPoint(100, 100)))
    assert (menu.low.value(), menu.high.value()) == (0.3, 0.6)
    menu.close()


def test_the_whole_range_is_none_and_any_takes_it_away(
    qtbot: QtBot, window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    controller.model.set_filter(Filter(percentiles=Range(0.0, 50.0)))
    menu = range_menu(window, "percentiles")
    menu.popup(window.mapToGlobal(QPoint(100, 100)))
    menu.high.setValue(100)
    qtbot.waitUntil(lambda: controller.model.filter == Filter())
    menu.low.setValue(99)
    qtbot.waitUntil(lambda: controller.model.filter == Filter(percentiles=Range(99.0, 100.0)))
    click(menu.any)
    assert controller.model.filter == Filter()
    assert (menu.low.value(), menu.high.value()) == (0, 100)
    menu.close()
    qtbot.wait(300)
    assert controller.model.filter == Filter(), "nothing comes after"


def test_histogram_chip_and_menu_agree(
    qtbot: QtBot, window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    window.histogram.ask_for_plot()
    plot = window.histogram.plot
    assert plot is not None
    plot.range_changed.emit((0.203, 0.6), False)
    qtbot.waitUntil(lambda: controller.model.filter == Filter(scores=Range(0.203, 0.6)))
    assert asked(window) == ["Score 0.203 to 0.60"]
    click(chip_of(window, "scores").body)
    menu = range_menu(window, "scores")
    assert (menu.low.value(), menu.high.value()) == (0.203, 0.6)
    menu.high.setValue(0.8)
    qtbot.waitUntil(lambda: window.histogram.chosen_range == (0.203, 0.8))
    assert controller.model.filter == Filter(scores=Range(0.203, 0.8)), "the other end is as it was brushed"
    menu.close()
    click(chip_of(window, "scores").cross)
    qtbot.waitUntil(lambda: window.histogram.chosen_range is None)
    assert controller.model.filter == Filter()


# Chips


def test_a_chip_comes_with_each_criterion_and_says_what_it_asks_for(
    qtbot: QtBot, window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    assert not window.chips.isVisible()
    window.filter_bar.search.setText("🦭 & <b>")
    qtbot.waitUntil(lambda: asked(window) == ["Name has “🦭 && <b>”"])
    menu = opened(window, "kinds")
    click_entry(menu, "JPG")
    menu.close()
    assert asked(window) == ["Name has “🦭 && <b>”", "JPG"]
    assert window.chips.isVisible()
    qtbot.waitUntil(lambda: counts(window) == {"text": "1 image", "kinds": "2 images"})
    text, kind = window.chips.chips
    assert text.body.accessibleName() == "1 image: Name has “🦭 & <b>”"
    assert text.cross.accessibleName() == "Take away “Name has “🦭 & <b>””"
    assert "&lt;b&gt;" in text.body.toolTip(), "no HTML"
    assert "&lt;b&gt;" in text.cross.toolTip()
    assert kind.body.toolTip() == "2 images: JPG. Without it 1 would be shown."


def test_counts_of_chips_follow_the_scores_that_come_in(
    qtbot: QtBot, window: MainWindow, controller: Controller, scorer: BrightnessScorer,
    make_images: MakeImages, settle: Settle,
) -> None:  # fmt: skip
    scorer.gate.clear()
    drop(window, files(*make_images(4)))
    qtbot.waitUntil(lambda: controller.model.rowCount() == 4)
    controller.model.set_filter(Filter(statuses=frozenset({Status.SCORED}), scores=Range(0.5, 1.0)))
    qtbot.waitUntil(lambda: counts(window) == {"statuses": "0 images", "scores": "0 images"})
    scorer.gate.set()
    settle()
    qtbot.waitUntil(lambda: counts(window) == {"statuses": "4 images", "scores": "3 images"}, timeout=WAIT_MS)
    assert controller.model.rowCount() == 3


def test_counts_of_chips_follow_ratings(
    qtbot: QtBot, window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    controller.model.set_filter(Filter(ratings=frozenset({3}), kinds=frozenset({"png"})))
    qtbot.waitUntil(lambda: counts(window) == {"ratings": "2 images", "kinds": "3 images"})
    window.tools.history.rate([shelf["a.png"]], 1)
    qtbot.waitUntil(lambda: counts(window)["ratings"] == "1 image")
    assert names(controller) == ["b.png"]
    window.tools.history.rate([shelf["d.png"], shelf["a.png"]], 3)
    qtbot.waitUntil(lambda: counts(window)["ratings"] == "3 images")


def test_a_chip_is_taken_away_by_its_cross(
    window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    controller.model.set_filter(Filter("png", kinds=frozenset({"png"})))
    click(chip_of(window, "text").cross)
    assert controller.model.filter == Filter(kinds=frozenset({"png"}))
    assert asked(window) == ["PNG"]
    assert window.filter_bar.search.text() == ""
    click(chip_of(window, "kinds").cross)
    assert controller.model.filter == Filter()
    assert not window.chips.isVisible()


@pytest.mark.parametrize("part", ["body", "cross"])
@pytest.mark.parametrize("key", [_KEY.Key_Delete, _KEY.Key_Backspace])
def test_chips_are_taken_away_one_after_the_other_by_delete(
    qtbot: QtBot, window: MainWindow, controller: Controller, shelf: dict[str, int], part: str, key: Qt.Key
) -> None:
    wanted = Filter("", frozenset({Status.SCORED}), kinds=frozenset({"png"}), ratings=frozenset({3}))
    controller.model.set_filter(wanted)
    focus(qtbot, window, getattr(chip_of(window, "ratings"), part))
    QTest.keyClick(window.focusWidget(), key)
    assert controller.model.filter == wanted.without("ratings")
    assert window.focusWidget() is getattr(chip_of(window, "kinds"), part), "the chip in its place"
    QTest.keyClick(window.focusWidget(), key)
    assert window.focusWidget() is getattr(chip_of(window, "statuses"), part), "the last one there is"
    QTest.keyClick(window.focusWidget(), key)
    assert controller.model.filter == Filter()
    assert window.focusWidget() is not None
    assert window.focusWidget().isVisible()
    assert controller.library.present_count == 6, "no image was removed"


@pytest.mark.parametrize(
    ("wanted", "criterion"),
    [
        (Filter(scores=Range(0.1, 0.9)), "scores"),
        (Filter(picks=frozenset({Pick.PICKED})), "picks"),
        (Filter(missing=False), "missing"),
    ],
)
@pytest.mark.parametrize("how", ["click", "Enter", "Space"])
def test_a_chip_opens_what_changes_it(
    qtbot: QtBot, window: MainWindow, controller: Controller, shelf: dict[str, int],
    wanted: Filter, criterion: str, how: str,
) -> None:  # fmt: skip
    controller.model.set_filter(wanted)
    body = chip_of(window, criterion).body
    if how == "click":
        click(body)
    else:
        focus(qtbot, window, body)
        QTest.keyClick(body, _KEY.Key_Return if how == "Enter" else _KEY.Key_Space)
    menu = menu_of(window, criterion)
    assert menu.isVisible()
    assert menu.pos().y() >= body.mapToGlobal(QPoint(0, body.height())).y() - 1, "it covers no chip"
    menu.close()
    assert controller.model.filter == wanted


def test_the_chip_of_the_text_asks_for_the_field(
    qtbot: QtBot, window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    controller.model.set_filter(Filter("png"))
    with qtbot.waitSignal(window.chips.search_wanted):
        click(chip_of(window, "text").body)


def test_show_all_beside_the_chips_takes_all_away(
    window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    controller.model.set_filter(Filter("a", kinds=frozenset({"png"}), scores=Range(0.0, 0.5)))
    (show_all,) = window.chips.findChildren(QPushButton)
    assert show_all.text() == "Show All"
    click(show_all)
    assert controller.model.filter == Filter()
    assert controller.model.rowCount() == 6
    assert window.filter_bar.search.text() == ""


def test_any_combination_shows_what_fits_all_of_it(
    window: MainWindow, controller: Controller, shelf: dict[str, int], tmp_path: Path
) -> None:
    wanted = Filter(
        text=".",
        statuses=frozenset({Status.SCORED}),
        missing=False,
        scores=Range(0.2, 0.8),
        percentiles=Range(0.0, 100.0),
        ratings=frozenset({3, 5}),
        picks=frozenset({Pick.PICKED}),
        folders=frozenset({str(tmp_path / "sea"), str(tmp_path / _HILLS)}),
        kinds=frozenset({"png"}),
        orientations=frozenset({Orientation.LANDSCAPE, Orientation.SQUARE}),
    )
    controller.model.set_filter(wanted)
    assert names(controller) == ["d.png", "a.png"]
    assert len(asked(window)) == 10
    controller.model.set_filter(wanted.where("orientations", frozenset({Orientation.SQUARE})))
    assert names(controller) == ["d.png"]


def test_tab_goes_through_the_chips_from_left_to_right(
    qtbot: QtBot, window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    controller.model.set_filter(Filter(kinds=frozenset({"png"})))
    controller.model.set_filter(Filter("a", kinds=frozenset({"png"})))
    order = [button for chip in window.chips.chips for button in (chip.body, chip.cross)]
    assert [chip.geometry().left() for chip in window.chips.chips] == sorted(
        chip.geometry().left() for chip in window.chips.chips
    )
    focus(qtbot, window, window.filter_bar.search)
    been = []
    for _ in range(60):
        QTest.keyClick(window.focusWidget(), _KEY.Key_Tab)
        been.append(window.focusWidget())
        if been[-1] is window.filter_bar.search:
            break
    (show_all,) = window.chips.findChildren(QPushButton)
    first = been.index(order[0])
    assert been[first : first + len(order) + 1] == [*order, show_all], "nothing in between"


def test_the_shortcut_opens_the_menu_of_the_filter(
    qtbot: QtBot, window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    focus(qtbot, window, window.grid)
    seen: list[bool] = []

    def look() -> None:  # the menu has an event loop of its own
        menu = window.filter_bar.menu
        seen.append(menu.isVisible())
        QTest.keyClick(menu, _KEY.Key_Down)
        seen.append(menu.activeAction() is not None)
        menu.close()

    QTimer.singleShot(200, look)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window.grid, _KEY.Key_F, modifiers)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == [True, True]


def test_chips_go_on_in_the_next_line_and_take_only_the_height_they_need(
    qtbot: QtBot, window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    controller.model.set_filter(Filter("a"))
    window.resize(800, 600)
    qtbot.waitUntil(lambda: window.chips.height() < 45)
    one_line = window.chips.height()
    wanted = Filter(
        "a long name of an image",
        frozenset({Status.SCORED, Status.WAITING}),
        scores=Range(0.2, 0.8),
        percentiles=Range(0.0, 90.0),
        ratings=frozenset({0, 3, 5}),
        picks=frozenset(Pick),
    )
    controller.model.set_filter(wanted)
    qtbot.waitUntil(lambda: window.chips.height() > 2 * one_line)
    row = window.chips
    places = [QRect(chip.geometry()) for chip in row.chips]
    assert all(row.rect().contains(place) for place in places)
    assert not any(a.intersects(b) for a in places for b in places if a is not b)
    bottom = max(place.bottom() for place in places)
    assert row.height() - bottom < 45, "no room is left over but for the last line’s margin"
    controller.model.set_filter(Filter("a"))
    qtbot.waitUntil(lambda: row.height() == one_line)


def test_a_long_name_widens_neither_chip_nor_window(
    qtbot: QtBot, window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    least = window.minimumSizeHint().width()
    controller.model.set_filter(Filter("long " * 60))
    qtbot.waitUntil(window.chips.isVisible)
    (chip,) = window.chips.chips
    assert chip.sizeHint().width() < 400
    assert chip.body.accessibleName().count("long") == 60
    assert chip.body.toolTip().count("long") == 60
    assert window.minimumSizeHint().width() <= max(least, 400)


@pytest.mark.parametrize("name", ["Dark", "Light"])
def test_icons_follow_the_palette(
    qtbot: QtBot, window: MainWindow, controller: Controller, shelf: dict[str, int], name: str
) -> None:
    before = QPalette(QApplication.palette())
    controller.model.set_filter(Filter("a"))
    try:
        theme.set_appearance("Light" if name == "Dark" else "Dark")
        theme.set_appearance(name)
        QApplication.processEvents()
        chip = chip_of(window, "text")
        ground = chip.palette().color(QPalette.ColorRole.Window).lightness()
        assert (ground < 128) == (name == "Dark")
        assert abs(_ink(chip.cross) - ground) > 100, "it can be told from the ground"
        assert abs(_ink(window.filter_bar.button) - ground) > 100
    finally:
        theme.set_appearance("System")
        QApplication.setPalette(before)


def _ink(button: QToolButton) -> int:
    """Return the lightness of what an icon is drawn with."""
    image = button.icon().pixmap(16, 16).toImage()
    points = [(x, y) for x in range(image.width()) for y in range(image.height())]
    opaque = [image.pixelColor(x, y) for x, y in points if image.pixelColor(x, y).alpha() > 200]
    return opaque[0].lightness()


# Nothing fits


def test_taking_away_what_helps_most_is_offered_first(
    window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    controller.model.set_filter(
        Filter(ratings=frozenset({3}), kinds=frozenset({"jpg"}), statuses=frozenset({Status.SCORED}))
    )
    page = no_match(window)
    assert page.isVisible()
    assert [button.text() for button in page.removals] == [
        "Take Away: ★★★ (2 images)",
        "Take Away: JPG (2 images)",
    ], "without Scored there would be none either"
    places = [button.geometry().top() for button in (*page.removals, page.show_all)]
    assert places == sorted(places)
    click(page.removals[0])
    assert controller.model.filter == Filter(kinds=frozenset({"jpg"}), statuses=frozenset({Status.SCORED}))
    assert window.grid.isVisible()
    assert set(names(controller)) == {"c.jpg", "🦭 & <b>.jpg"}


def test_with_one_criterion_all_that_is_offered_is_to_show_all(
    window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    controller.model.set_filter(Filter(ratings=frozenset({1})))
    page = no_match(window)
    assert page.isVisible()
    assert page.removals == []
    click(page.show_all)
    assert controller.model.rowCount() == 6


def test_offers_are_those_of_the_filter_there_is(
    window: MainWindow, controller: Controller, shelf: dict[str, int]
) -> None:
    page = no_match(window)
    controller.model.set_filter(Filter("🦭 & <b>", ratings=frozenset({5})))
    texts = [button.text() for button in page.removals]
    assert texts == ["Take Away: Name has “🦭 && <b>” (1 image)", "Take Away: ★★★★★ (1 image)"]
    first = page.removals[0]
    page.explain()
    assert page.removals[0] is first, "a button under the mouse stays the same one"
    controller.model.set_filter(Filter("zebra", ratings=frozenset({1})))
    assert page.removals == []


def test_the_only_image_is_not_called_one_of_several(
    window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    drop(window, files(*make_images(1)))
    settle()
    controller.model.set_filter(Filter("zebra"))
    assert no_match(window).sentence == "The only image does not fit: Name has “zebra”."


# The layout


def test_items_stand_in_lines_each_in_the_middle_of_its_line(qtbot: QtBot) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    layout = FlowLayout(row)
    layout.setContentsMargins(5, 4, 3, 2)
    layout.setSpacing(6)
    sizes = [(100, 20), (100, 40), (100, 20)]
    items = []
    for width, height in sizes:
        item = QWidget(row)
        item.setFixedSize(width, height)
        layout.addWidget(item)
        items.append(item)
    assert layout.heightForWidth(320) == 4 + 40 + 2
    assert layout.heightForWidth(5 + 206 + 3) == 4 + 40 + 6 + 20 + 2
    assert layout.heightForWidth(50) == 4 + 20 + 6 + 40 + 6 + 20 + 2, "at least one in a line"
    row.resize(5 + 206 + 3, 72)
    row.show()
    assert [item.pos().toTuple() for item in items] == [(5, 14), (111, 4), (5, 50)]
    items[1].hide()
    assert layout.heightForWidth(5 + 206 + 3) == 4 + 20 + 2, "what is hidden takes no room"
    layout.removeWidget(items[0])
    assert layout.count() == 2
    assert layout.heightForWidth(5 + 206 + 3) == 4 + 20 + 2
