"""Each command can be chosen where it does something, and only there."""

from collections.abc import Callable
from typing import Final

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from resmem_gui.library.filtering import Filter
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.window.main_window import MainWindow
from tests.ui.test_window import MakeImages

OF_SELECTED: Final = (
    "pick", "reject", "unmark", "rate_0", "rate_5", "remove", "open_outside", "reveal", "copy_image",
    "copy_path", "copy_score",
)  # fmt: skip


def enabled(window: MainWindow) -> set[str]:
    return {name for name in OF_SELECTED if window.actions_by_name[name].isEnabled()}


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
