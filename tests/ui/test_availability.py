"""Each command can be chosen where it does something, and only there."""

from collections.abc import Callable, Iterable
from typing import Final

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from resmem_gui.library.filtering import Filter
from resmem_gui.ui.bringing_in.host_question import HostQuestion
from resmem_gui.ui.bringing_in.incoming import Incoming
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.window.main_window import MainWindow
from tests.ui.conftest import WAIT_MS, BrightnessScorer
from tests.ui.test_window import MakeImages

#: These mean scores.
OF_SCORES: Final = ("report", "evaluate", "lists", "distribution", "sensitivity", "choose_best")
#: These mean what is shown.
OF_SHOWN: Final = ("export", "copy", "hand_on", "contact_sheet", "write_xmp", "select_all", "loupe")
OF_SELECTED: Final = (
    "pick", "reject", "unmark", "rate_0", "rate_5", "remove", "open_outside", "reveal", "copy_image",
    "copy_path", "copy_score",
)  # fmt: skip


def enabled(window: MainWindow, names: Iterable[str] = OF_SELECTED) -> set[str]:
    return {name for name in names if window.actions_by_name[name].isEnabled()}


def reason(window: MainWindow, name: str) -> str:
    """Return why a command cannot be chosen, as its tool tip says."""
    title, _, why = window.actions_by_name[name].toolTip().partition("\n")
    assert title
    return why


@pytest.fixture
def filled(
    window: MainWindow, controller: Controller, make_images: MakeImages, settle: Callable[[], None]
) -> MainWindow:
    window.add_paths([str(path) for path in make_images(4)])
    settle()
    return window


def test_what_means_the_selected_images_needs_some(filled: MainWindow, qtbot: QtBot) -> None:
    assert not enabled(filled)
    filled.grid.selectAll()
    assert enabled(filled) == set(OF_SELECTED)
    filled.grid.clearSelection()
    assert not enabled(filled)


def test_images_that_a_filter_hides_are_not_selected(
    filled: MainWindow, controller: Controller, qtbot: QtBot
) -> None:
    filled.grid.selectAll()
    controller.model.set_filter(Filter(text="nothing"))
    qtbot.waitUntil(lambda: not enabled(filled))
    controller.model.set_filter(Filter())
    qtbot.waitUntil(lambda: enabled(filled) == set(OF_SELECTED))


def test_loupe_and_comparison_have_an_image_of_their_own(filled: MainWindow) -> None:
    filled.actions_by_name["loupe"].trigger()
    assert enabled(filled) == set(OF_SELECTED)
    filled.tools.stage.loupe.leave()
    assert enabled(filled) == set(OF_SELECTED), "the image that was looked at is selected"


def test_the_filter_is_of_the_grid(window: MainWindow, filled: MainWindow, controller: Controller) -> None:
    menu = filled.filter_bar.menu.menuAction()
    assert menu.isEnabled()
    controller.model.set_filter(Filter(text="nothing"))
    assert menu.isEnabled(), "how else would the images come back"
    controller.model.set_filter(Filter())
    filled.actions_by_name["loupe"].trigger()
    assert not menu.isEnabled()
    filled.tools.stage.loupe.leave()
    assert menu.isEnabled()
    filled.actions_by_name["clear"].trigger()
    assert not menu.isEnabled()
    assert not enabled(filled)


def test_what_means_scores_needs_one_and_has_it_with_the_first(
    window: MainWindow,
    controller: Controller,
    scorer: BrightnessScorer,
    qtbot: QtBot,
    make_images: MakeImages,
    settle: Callable[[], None],
) -> None:
    scorer.gate.clear()
    scorer.seconds = 0.3
    window.add_paths([str(path) for path in make_images(6)])
    qtbot.waitUntil(window.actions_by_name["export"].isEnabled, timeout=WAIT_MS)
    assert enabled(window, OF_SCORES) == set()
    assert {reason(window, name) for name in OF_SCORES} == {"No image has a score yet."}
    scores_when: list[int] = []
    window.actions_by_name["report"].enabledChanged.connect(
        lambda: scores_when.append(controller.histogram.n)
    )
    scorer.gate.set()
    settle()
    assert enabled(window, OF_SCORES) == set(OF_SCORES)
    assert len(scores_when) == 1
    assert scores_when[0] < 6, "with the first batch, not with the end of the run"
    assert reason(window, "report") == ""
    controller.remove(controller.model.order.tolist()[:5])
    assert enabled(window, OF_SCORES) == set(OF_SCORES)
    controller.remove(controller.model.order.tolist())
    assert enabled(window, OF_SCORES) == set()
    assert reason(window, "report") == "There are no images yet."


def test_what_means_the_images_shown_needs_some(filled: MainWindow, controller: Controller) -> None:
    assert enabled(filled, OF_SHOWN) == set(OF_SHOWN)
    controller.model.set_filter(Filter(text="nothing"))
    assert enabled(filled, OF_SHOWN) == set()
    assert reason(filled, "export") == "The filter hides all images."
    assert enabled(filled, ("save", "clear", "report", "distribution")) == {
        "save", "clear", "report", "distribution",
    }, "they mean all images"  # fmt: skip
    controller.model.set_filter(Filter())
    assert enabled(filled, OF_SHOWN) == set(OF_SHOWN)


def test_all_images_are_offered_only_where_a_filter_hides_some(
    filled: MainWindow, controller: Controller
) -> None:
    (show_all,) = (
        action for action in filled.filter_bar.menu.actions() if action.text() == "Show &All Images"
    )
    assert not show_all.isEnabled()
    controller.model.set_filter(Filter(text="image1"))
    assert show_all.isEnabled()
    show_all.trigger()
    assert controller.model.filter.is_open
    assert not show_all.isEnabled()


def test_hosts_can_be_forgotten_while_some_are_allowed(window: MainWindow, qtbot: QtBot) -> None:
    forget, bring_in = window.actions_by_name["forget_hosts"], window.file_commands.bring_in
    assert not forget.isEnabled()
    bring_in.take(Incoming(addresses=["http://127.0.0.1:9/a.png"]))
    (question,) = (w for w in QApplication.topLevelWidgets() if isinstance(w, HostQuestion) and w.isVisible())
    (always,) = (button for button in question.buttons() if "Always" in button.text())
    QTest.mouseClick(always, Qt.MouseButton.LeftButton)
    assert forget.isEnabled()
    qtbot.waitUntil(lambda: not bring_in.is_busy, timeout=WAIT_MS)
    forget.trigger()
    assert bring_in.permissions.hosts == []
    assert not forget.isEnabled()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # to raise a tool tip
def test_a_menu_says_why_an_entry_cannot_be_chosen_and_repeats_no_entry(
    window: MainWindow, qtbot: QtBot
) -> None:
    (menu,) = (entry.menu() for entry in window.menuBar().actions() if entry.text() == "&File")
    assert isinstance(menu, QMenu)
    menu.resize(menu.sizeHint())  # which opening it would do, with a warning of the offscreen platform

    def tip_over(name: str) -> str:
        at = menu.actionGeometry(window.actions_by_name[name]).center()
        QApplication.sendEvent(menu, QHelpEvent(QEvent.Type.ToolTip, at, menu.mapToGlobal(at)))
        return QToolTip.text()

    assert tip_over("open_files") == ""
    assert tip_over("export") == "Export Table (Ctrl+E)\nThere are no images yet."
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    assert tip_over("watch").startswith("New images in the opened folders appear by themselves")
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_every_command_has_a_tip_and_no_key_is_given_twice(window: MainWindow) -> None:
    actions = window.actions_by_name
    assert all(actions[name].toolTip() for name in actions.names)
    keys = [key.toString() for name in actions.names for key in actions[name].shortcuts()]
    assert len(keys) == len(set(keys))
    assert actions["quit"].shortcut().toString() == "Ctrl+Q"


def test_no_mnemonic_is_given_twice_in_a_menu(window: MainWindow) -> None:
    for entry in window.menuBar().actions():
        menu = entry.menu()
        assert isinstance(menu, QMenu)
        texts = [action.text().replace("&&", "") for action in menu.actions()]
        letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
        assert len(letters) == len(set(letters)), f"{entry.text()}: {sorted(letters)}"
