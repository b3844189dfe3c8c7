"""Choosing which images are shown, and what stays selected meanwhile."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.cautions import title
from resmem_gui.library.filtering import Filter, Range
from resmem_gui.library.records import Status
from resmem_gui.traits import NO_CAUTION, Caution, Traits
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.filtering.filter_bar import FilterBar
from resmem_gui.ui.filtering.no_match import NoMatch
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.window.main_window import MainWindow
from tests.ui.conftest import WAIT_MS, BrightnessScorer
from tests.ui.test_window import MakeImages, Settle, drop, files, names

# The offscreen platform says of every menu that it can neither raise it nor give it all keys.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Named = Callable[..., list[Path]]


@pytest.fixture
def named(make_images: MakeImages) -> Named:
    """Return a maker of images with these names, brighter from one to the next."""

    def make(*wanted: str) -> list[Path]:
        made = make_images(len(wanted), "named")
        return [path.rename(path.with_name(name)) for path, name in zip(made, wanted, strict=True)]

    return make


def menu_of(window: MainWindow, criterion: str) -> QMenu:
    menu = window.filter_bar.menu_for(criterion)
    assert isinstance(menu, QMenu)
    return menu


def opened(window: MainWindow, criterion: str) -> QMenu:
    """Open what changes a criterion, as its chip does."""
    menu = menu_of(window, criterion)
    menu.popup(window.mapToGlobal(window.rect().center()))
    return menu


def entry(menu: QMenu, text: str) -> QAction:
    """Return what begins with a text in a menu; counts follow behind it."""
    (action,) = [one for one in menu.actions() if one.text().replace("&", "").split("\t")[0] == text]
    return action


def click_entry(menu: QMenu, text: str) -> None:
    point = menu.actionGeometry(entry(menu, text)).center()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)


def choose(window: MainWindow, state: str) -> None:
    """Choose one state of images, or All, in the menus of the filter."""
    menu = opened(window, "missing")
    if entry(menu, "File Missing").isChecked() != (state == "Missing"):
        click_entry(menu, "File Missing")
    menu.close()
    menu = opened(window, "statuses")
    for status in Status:
        word = status.word.capitalize()
        if entry(menu, word).isChecked() != (word == state):
            click_entry(menu, word)
    menu.close()


def asked(window: MainWindow) -> list[str]:
    """Return what the chips say."""
    return [chip.body.text() for chip in window.chips.chips if chip.isVisible()]


def select(window: MainWindow, controller: Controller, *wanted: str) -> None:
    """Select images by their names; the last is the current one."""
    rows = [names(controller).index(name) for name in wanted]
    ids = [controller.model.image_id(row) for row in rows]
    window.selection_keeper.select(ids, ids[-1])


def selected(window: MainWindow, controller: Controller) -> set[str]:
    return {controller.library.record(image_id).name for image_id in window.selected_ids()}


def no_match(window: MainWindow) -> NoMatch:
    found = window.findChild(NoMatch)
    assert isinstance(found, NoMatch)
    return found


def test_typing_shows_only_images_with_it_in_their_name(
    qtbot: QtBot, window: MainWindow, controller: Controller, named: Named, settle: Settle
) -> None:
    drop(window, files(*named("Sea gull.png", "forest.png", "SEASIDE.png", "sea.png")))
    settle()
    QTest.keyClicks(window.filter_bar.search, " sea")
    qtbot.waitUntil(lambda: controller.model.rowCount() == 3)
    assert names(controller) == ["sea.png", "SEASIDE.png", "Sea gull.png"], (
        "still in the order of their ranks"
    )
    assert window.status_line.text() == "4 images · 4 scored · 3 shown · Test CPU"
    QTest.keyClicks(window.filter_bar.search, "s")
    qtbot.waitUntil(lambda: names(controller) == ["SEASIDE.png"])
    ranks = controller.model.index(0, Column.RANK).data()
    assert ranks == "2", "the rank is the one among all images"
    window.filter_bar.search.clear()
    qtbot.waitUntil(lambda: controller.model.rowCount() == 4)
    assert window.status_line.text() == "4 images · 4 scored · Test CPU"


def test_fast_typing_does_not_put_the_rows_together_at_each_letter(
    qtbot: QtBot, window: MainWindow, controller: Controller, named: Named, settle: Settle
) -> None:
    drop(window, files(*named("landscape.png", "portrait.png")))
    settle()
    filters: list[str] = []
    controller.model.filter_changed.connect(lambda: filters.append(controller.model.filter.text))
    QTest.keyClicks(window.filter_bar.search, "landscape", delay=15)
    qtbot.waitUntil(lambda: controller.model.filter.text == "landscape")
    assert filters[0] == "l", "the first one at once"
    assert filters[-1] == "landscape"
    assert len(filters) <= 4


def test_a_choice_of_states_and_a_name_are_combined(
    qtbot: QtBot, window: MainWindow, controller: Controller, named: Named, settle: Settle
) -> None:
    paths = named("a1.png", "a2.png", "b1.png", "b2.png")
    for path in (paths[1], paths[3]):
        path.write_text("no image")
    drop(window, files(*paths))
    settle()
    choose(window, "Failed")
    qtbot.waitUntil(lambda: set(names(controller)) == {"a2.png", "b2.png"})
    window.filter_bar.search.setText("b")
    qtbot.waitUntil(lambda: names(controller) == ["b2.png"])
    choose(window, "Scored")
    qtbot.waitUntil(lambda: names(controller) == ["b1.png"])
    controller.mark_missing([controller.model.image_id(0)], missing=True)
    choose(window, "Missing")
    qtbot.waitUntil(lambda: controller.model.filter.missing is True)
    assert names(controller) == ["b1.png"]
    choose(window, "All")
    qtbot.waitUntil(lambda: set(names(controller)) == {"b1.png", "b2.png"})


def test_what_waits_leaves_the_rows_when_it_is_scored(
    qtbot: QtBot, window: MainWindow, controller: Controller, scorer: BrightnessScorer,
    make_images: MakeImages, settle: Settle,
) -> None:  # fmt: skip
    scorer.gate.clear()
    drop(window, files(*make_images(5)))
    qtbot.waitUntil(lambda: controller.model.rowCount() == 5)
    choose(window, "Waiting")
    assert controller.model.rowCount() == 5
    choose(window, "Scored")
    qtbot.waitUntil(lambda: controller.model.rowCount() == 0)
    assert no_match(window).isVisible()
    scorer.gate.set()
    settle()
    assert controller.model.rowCount() == 5
    assert window.grid.isVisible()


@pytest.mark.parametrize(
    ("text", "state", "sentence"),
    [
        ("zebra", "All", "None of 3 images fits: Name has “zebra”."),
        ("", "Waiting", "None of 3 images fits: Waiting."),
        ("", "Failed", "None of 3 images fits: Failed."),
        ("", "Missing", "None of 3 images fits: File missing."),
        (
            "<b>",
            "Failed",
            "None of 3 images fits: Name has “<b>” · Failed.\nTaking one of these away would not be enough.",
        ),
    ],
)
def test_where_nothing_is_shown_a_sentence_says_why_and_a_button_shows_all(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle,
    text: str, state: str, sentence: str,
) -> None:  # fmt: skip
    drop(window, files(*make_images(3)))
    settle()
    window.filter_bar.search.setText(text)
    choose(window, state)
    page = no_match(window)
    qtbot.waitUntil(page.isVisible)
    statuses = {status.word.capitalize(): frozenset({status}) for status in Status}.get(state)
    wanted = Filter(text, statuses, True if state == "Missing" else None)
    qtbot.waitUntil(lambda: controller.model.filter == wanted)
    assert [label.text() for label in page.findChildren(QLabel)] == [sentence]
    assert not window.grid.isVisible()
    assert not window.empty_state.isVisible()
    assert "0 shown" in window.status_line.text()
    page.show_all.click()
    qtbot.waitUntil(lambda: controller.model.filter == Filter())
    assert controller.model.rowCount() == 3
    assert window.grid.isVisible()
    assert (window.filter_bar.search.text(), asked(window)) == ("", [])
    assert not any(entry(opened(window, "statuses"), s.word.capitalize()).isChecked() for s in Status)
    menu_of(window, "statuses").close()


def test_the_selection_and_the_current_image_survive_as_far_as_they_are_shown(
    qtbot: QtBot, window: MainWindow, controller: Controller, named: Named, settle: Settle
) -> None:
    drop(window, files(*named("a1.png", "b1.png", "a2.png", "b2.png", "a3.png")))
    settle()
    select(window, controller, "a1.png", "b1.png", "a3.png")
    window.filter_bar.search.setText("a")
    qtbot.waitUntil(lambda: controller.model.rowCount() == 3)
    assert selected(window, controller) == {"a1.png", "a3.png"}
    assert controller.model.record(window.grid.currentIndex().row()).name == "a3.png"
    assert window.ranking.currentIndex().row() == window.grid.currentIndex().row()
    qtbot.waitUntil(lambda: len(window.histogram.marks) == 2)
    window.filter_bar.search.clear()
    qtbot.waitUntil(lambda: controller.model.rowCount() == 5)
    assert selected(window, controller) == {"a1.png", "b1.png", "a3.png"}, "what was hidden is selected again"
    assert controller.model.record(window.grid.currentIndex().row()).name == "a3.png"


def test_a_filter_that_hides_the_selection_leaves_none(
    qtbot: QtBot, window: MainWindow, controller: Controller, named: Named, settle: Settle
) -> None:
    drop(window, files(*named("a1.png", "b1.png")))
    settle()
    select(window, controller, "b1.png")
    window.filter_bar.search.setText("a")
    qtbot.waitUntil(lambda: controller.model.rowCount() == 1)
    assert window.selected_ids() == []
    window.actions_by_name["remove"].trigger()
    assert controller.library.present_count == 2, "what is not seen is not removed"


def test_a_current_image_out_of_sight_stays_the_current_one(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    drop(window, files(*make_images(150)))
    settle()
    select(window, controller, "image150.png")
    window.grid.scrollToBottom()
    last = controller.model.rowCount() - 1
    qtbot.waitUntil(lambda: window.grid.visible_rows()[1] == last)
    window.filter_bar.search.setText("image")
    qtbot.waitUntil(lambda: controller.model.filter.text == "image")
    assert selected(window, controller) == {"image150.png"}
    assert window.grid.currentIndex().isValid()


def test_clearing_the_library_leaves_no_selection(
    window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    drop(window, files(*make_images(3)))
    settle()
    window.grid.selectAll()
    window.actions_by_name["clear"].trigger()
    assert window.selected_ids() == []
    assert not window.filter_bar.isEnabled()
    drop(window, files(*make_images(3)))
    settle()
    assert window.selected_ids() == []


def test_ctrl_f_goes_to_the_field_and_selects_what_is_in_it(
    qtbot: QtBot, window: MainWindow, make_images: MakeImages, settle: Settle
) -> None:
    drop(window, files(*make_images(2)))
    settle()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.filter_bar.search.setText("image")
    window.grid.setFocus()
    QTest.keyClick(window.grid, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.filter_bar.search.hasFocus)
    assert window.filter_bar.search.selectedText() == "image"


def test_the_export_writes_the_rows_that_are_shown(
    qtbot: QtBot, window: MainWindow, controller: Controller, named: Named, settle: Settle, tmp_path: Path
) -> None:
    drop(window, files(*named("a1.png", "b1.png", "a2.png")))
    settle()
    window.filter_bar.search.setText("a")
    qtbot.waitUntil(lambda: controller.model.rowCount() == 2)
    window.actions_by_name["export"].trigger()
    (dialog,) = window.findChildren(QFileDialog)
    written = tmp_path / "chosen.csv"
    dialog.selectFile(str(written))
    dialog.accept()
    qtbot.waitUntil(lambda: window.notices.texts() == [f"2 rows written to {written}"], timeout=WAIT_MS)
    with written.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["file"] for row in table] == ["a2.png", "a1.png"]
    assert [row["rank"] for row in table] == ["1", "3"]


def test_new_images_that_do_not_match_are_not_shown(
    qtbot: QtBot, window: MainWindow, controller: Controller, named: Named, make_images: MakeImages,
    settle: Settle,
) -> None:  # fmt: skip
    drop(window, files(*named("a1.png")))
    settle()
    window.filter_bar.search.setText("a1")
    qtbot.waitUntil(lambda: controller.model.filter == Filter("a1"))
    drop(window, files(*make_images(3)))
    settle()
    assert names(controller) == ["a1.png"]
    assert controller.library.count(Status.SCORED) == 4
    assert window.status_line.text() == "4 images · 4 scored · 1 shown · Test CPU"


def test_the_bar_follows_a_filter_that_somebody_else_sets(
    qtbot: QtBot, window: MainWindow, controller: Controller
) -> None:
    wanted = Filter("sea", frozenset({Status.FAILED}), missing=True)
    controller.model.set_filter(wanted)
    assert window.filter_bar.search.text() == "sea"
    menu = opened(window, "statuses")
    assert [s for s in Status if entry(menu, s.word.capitalize()).isChecked()] == [Status.FAILED]
    menu.close()
    menu = opened(window, "missing")
    assert entry(menu, "File Missing").isChecked()
    menu.close()
    qtbot.wait(300)
    assert controller.model.filter == wanted


def test_the_button_that_clears_the_field_is_there_whoever_has_set_the_text(
    qtbot: QtBot, window: MainWindow, controller: Controller
) -> None:
    (button,) = window.filter_bar.search.findChildren(QToolButton)
    controller.model.set_filter(Filter("sea"))
    qtbot.waitUntil(lambda: button.property("opacity") == 1.0)
    controller.model.set_filter(Filter())
    qtbot.waitUntil(lambda: button.property("opacity") == 0.0)


def test_a_filter_that_somebody_else_sets_is_set_once(
    qtbot: QtBot, window: MainWindow, controller: Controller
) -> None:
    seen: list[Filter] = []
    controller.model.filter_changed.connect(lambda: seen.append(controller.model.filter))
    wanted = Filter("sea", frozenset({Status.FAILED}))
    controller.model.set_filter(wanted)
    qtbot.wait(300)
    assert seen == [wanted]


def test_rows_that_come_and_go_take_no_letter_from_who_is_typing(
    qtbot: QtBot, controller: Controller
) -> None:
    bar = FilterBar(controller.model)
    qtbot.addWidget(bar)
    bar.show()
    QTest.keyClicks(bar.search, "im")  # i is applied at once, m in 150 ms
    controller.model.filter_changed.emit()  # as sort_again does every second while images are being scored
    QTest.keyClicks(bar.search, "a")
    assert bar.search.text() == "ima"
    qtbot.waitUntil(lambda: controller.model.filter.text == "ima")


def test_what_a_filter_hides_stays_unselected_once_something_else_was_selected(
    qtbot: QtBot, window: MainWindow, controller: Controller, named: Named, settle: Settle
) -> None:
    drop(window, files(*named("a1.png", "b1.png", "a2.png")))
    settle()
    select(window, controller, "a1.png", "b1.png")
    window.filter_bar.search.setText("a")
    qtbot.waitUntil(lambda: controller.model.rowCount() == 2)
    select(window, controller, "a2.png")
    window.filter_bar.search.clear()
    qtbot.waitUntil(lambda: controller.model.rowCount() == 3)
    assert selected(window, controller) == {"a2.png"}


def test_a_filter_that_hides_the_selection_takes_its_marks_from_the_histogram(
    qtbot: QtBot, window: MainWindow, controller: Controller, named: Named, settle: Settle
) -> None:
    drop(window, files(*named("a1.png", "b1.png")))
    settle()
    select(window, controller, "b1.png")
    qtbot.waitUntil(lambda: len(window.histogram.marks) == 1)
    window.filter_bar.search.setText("a")
    qtbot.waitUntil(lambda: window.histogram.marks == [])


def test_another_filter_shows_its_images_from_the_first_one_on(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    drop(window, files(*make_images(150)))
    settle()
    for view in (window.grid, window.ranking):
        view.scrollToBottom()
    window.filter_bar.search.setText("image")
    qtbot.waitUntil(lambda: controller.model.filter.text == "image")
    assert window.grid.verticalScrollBar().value() == 0
    assert window.ranking.verticalScrollBar().value() == 0


def test_cautions_are_chosen_in_the_menu_and_counted(
    qtbot: QtBot, window: MainWindow, controller: Controller, named: Named, settle: Settle
) -> None:
    drop(window, files(*named("a.png", "b.png", "c.png")))
    settle()
    library, traits = controller.library, Traits(1, 0.5, 0.0, 0.0, 1, b"")
    a, b, c = range(3)
    for image_id in (a, b, c):
        library.set_traits(image_id, traits)
    library.set_cautions([a, b, c], [Caution.FACE, Caution.FACE | Caution.TEXT, NO_CAUTION])
    menu = opened(window, "cautions")
    texts = [action.text() for action in menu.actions() if "\t" in action.text()]
    assert f"{title(Caution.FACE)}\t2" in texts
    assert f"{title(Caution.TEXT)}\t1" in texts
    assert "None\t1" in texts
    click_entry(menu, title(Caution.TEXT))
    assert controller.model.order.tolist() == [b]
    assert asked(window) == ["Caution: text"]
    click_entry(menu, title(Caution.TEXT))
    click_entry(menu, "None")
    assert controller.model.order.tolist() == [c]
    assert asked(window) == ["No caution"]
    click_entry(menu, "Any")
    assert controller.model.rowCount() == 3


def test_the_menu_names_the_reference_only_while_there_is_one(
    qtbot: QtBot, window: MainWindow, controller: Controller, named: Named, settle: Settle
) -> None:
    drop(window, files(*named("a.png", "b.png")))
    settle()
    model = controller.model
    model.set_filter(Filter(percentiles=Range(0.0, 100.0)))
    assert asked(window) == ["LaMem percentile 0 to 100"]
    model.set_reference([0], "memcat")
    assert asked(window) == ["Percentile 0 to 100"]
    menu = opened(window, "missing")
    assert "Percentile" in [action.text().replace("&", "") for action in menu.actions()]
    menu.close()
