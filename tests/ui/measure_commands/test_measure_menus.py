"""Keys, menus and settings of the commands about scores."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QMenu,
)

from resmem_gui.ui.controller import Controller
from resmem_gui.ui.sessions.sessions import Sessions
from resmem_gui.ui.window.main_menus import ImageMenu
from resmem_gui.ui.window.main_window import MainWindow
from tests.ui.conftest import BrightnessScorer
from tests.ui.measure_commands.desk import Desk, MakePictures
from tests.ui.test_window import Settle, drop, files

# The offscreen platform says of every menu that it can neither raise it nor give it all keys.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def menus(window: MainWindow) -> dict[str, list[QAction]]:
    """Return what each menu of the menu bar holds, and each menu in there, by its title."""
    found: dict[str, list[QAction]] = {"": window.menuBar().actions()}

    def collect(action: QAction, path: str) -> None:
        menu = action.menu()
        if isinstance(menu, QMenu):
            name = f"{path}/{action.text().replace('&', '')}"
            found[name] = [one for one in menu.actions() if not one.isSeparator()]
            for inner in found[name]:
                collect(inner, name)

    for action in window.menuBar().actions():
        collect(action, "")
    return found


def test_no_two_actions_share_a_key(window: MainWindow) -> None:
    keymap = window.tools.keymap
    assert keymap.conflicts() == []
    holders: dict[str, list[str]] = {}
    actions = window.actions_by_name
    for name in actions.names:
        for key in actions[name].shortcuts():
            holders.setdefault(key.toString(), []).append(name)
    for key, title_of_menu in actions.menu_keys().items():
        holders.setdefault(key.toString(), []).append(title_of_menu)
    shared = {key: names for key, names in holders.items() if len(names) > 1}
    assert shared == {}
    assert holders["Ctrl+Shift+D"] == ["distribution"]
    assert holders["Ctrl+Shift+N"] == ["network_view"]


def test_mnemonics_are_unique_in_every_menu(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(2))
    desk.select(ids[0])
    desk.window.tools.comparing.aboutToShow.emit()
    twice = {}
    (image_menu,) = desk.window.findChildren(ImageMenu)
    for name, actions in [*menus(desk.window).items(), ("image", image_menu.actions())]:
        keys = [QKeySequence.mnemonic(action.text()).toString() for action in actions]
        keys = [key for key in keys if key]
        if len(set(keys)) < len(keys):
            twice[name] = [action.text() for action in actions if keys.count(_mnemonic(action)) > 1]
    assert twice == {}


def _mnemonic(action: QAction) -> str:
    return QKeySequence.mnemonic(action.text()).toString()


def test_commands_need_images(desk: Desk, make_pictures: MakePictures) -> None:
    actions = desk.window.actions_by_name
    need = ("report", "evaluate", "lists", "distribution", "sensitivity", "network_view")
    assert not any(actions[name].isEnabled() for name in need)
    assert all(actions[name].isEnabled() for name in ("references", "reading", "limits"))
    ids = desk.add(*make_pictures(2))
    assert all(actions[name].isEnabled() for name in need)
    desk.select(ids[0])
    desk.do("loupe")
    assert all(actions[name].isEnabled() for name in need), "they open windows beside the loupe"
    QTest.keyClick(desk.window.tools.stage.loupe, Qt.Key.Key_Escape)
    desk.do("clear")
    assert not any(actions[name].isEnabled() for name in need)


def test_every_command_stands_in_the_list_of_shortcuts_under_its_menu(window: MainWindow) -> None:
    actions = window.actions_by_name
    groups = {
        "report": "File",
        "evaluate": "File",
        "lists": "File",
        "distribution": "View",
        "network_view": "View",
        "sensitivity": "Scoring",
        "references": "Scoring",
        "reading": "Help",
        "limits": "Help",
    }
    assert {name: actions.group(name) for name in groups} == groups
    assert [name for name in actions.names if actions.group(name) == "Other"] == []


def test_settings_of_these_windows_that_make_no_sense_are_passed_over(
    controller: Controller, scorer: BrightnessScorer, tmp_path: Path, make_pictures: MakePictures,
    settle: Settle,
) -> None:  # fmt: skip
    settings = QSettings(str(tmp_path / "odd.ini"), QSettings.Format.IniFormat)
    settings.setValue("licence/told", "yes")
    nonsense: dict[str, Any] = {
        "network_view/geometry": "x",
        "distribution/geometry": 7,
        "report/size": "wide",
        "lists/in_list": "many",
    }
    for key, value in nonsense.items():
        settings.setValue(key, value)
    window = MainWindow(controller, Sessions(controller, lambda: scorer, None, controller), settings)
    window.show()
    drop(window, files(*make_pictures(3)))
    settle()
    for name in ("network_view", "distribution", "report", "lists"):
        window.actions_by_name[name].trigger()
    QApplication.processEvents()
    window.close_without_asking()
    window.deleteLater()
