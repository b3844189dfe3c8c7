"""Shortcuts: changed, kept, taken over, found; and where a letter is not a shortcut."""

from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from resmem_gui.ui.shortcuts.fixed_keys import GRID_KEYS, FixedKey, FixedKeys
from resmem_gui.ui.shortcuts.keymap import Keymap
from resmem_gui.ui.shortcuts.reserved import reserved_reason
from resmem_gui.ui.shortcuts.shortcut_list import ListColumn
from resmem_gui.ui.shortcuts.shortcut_sheet import ShortcutSheet, show_shortcuts
from resmem_gui.ui.window.actions import Actions

LOUPE = FixedKeys("In the loupe", (FixedKey(("T",), "Show the filmstrip"),))
NO_MODIFIER = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def keys(*texts: str) -> list[QKeySequence]:
    return [QKeySequence(text) for text in texts]


@pytest.fixture
def done() -> list[str]:
    """What actions were triggered."""
    return []


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    qtbot.waitExposed(made)
    return made


def make_actions(window: QMainWindow, done: list[str]) -> Actions:
    actions = Actions(window)
    actions.add("export", "&Export CSV…", lambda: done.append("export"), shortcut="Ctrl+E", icon="export")
    actions.add("save", "&Save && Keep", lambda: done.append("save"), shortcut="Ctrl+S")
    actions.add("clear", "C&lear", lambda: done.append("clear"))
    actions.add("pick", "&Pick", lambda: done.append("pick"), shortcut="P", group="Rating")
    actions.add("three", "Three Stars", lambda: done.append("three"), shortcut="3", group="Rating")
    actions.menu("&File", ["export", "save"])
    actions.menu("&Edit", ["clear"])
    return actions


@pytest.fixture
def actions(window: QMainWindow, done: list[str]) -> Actions:
    return make_actions(window, done)


@pytest.fixture
def keymap(actions: Actions, settings: QSettings) -> Keymap:
    return Keymap(actions, settings)


# Actions


def test_a_tool_tip_teaches_the_shortcut_and_follows_it(actions: Actions, keymap: Keymap) -> None:
    assert actions["export"].toolTip() == "Export CSV (Ctrl+E)"
    keymap.set_keys("export", keys("F5", "Ctrl+Shift+X"))
    assert actions["export"].toolTip() == "Export CSV (F5)"
    keymap.set_keys("export", [])
    assert actions["export"].toolTip() == "Export CSV"


def test_a_hint_stays_when_text_and_shortcut_change(actions: Actions, keymap: Keymap) -> None:
    actions.add("watch", "&Watch", hint="New images appear by themselves.", shortcut="F9")
    assert actions["watch"].toolTip() == "New images appear by themselves. (F9)"
    actions.set_text("watch", "Do not &Watch")
    keymap.set_keys("watch", keys("F10"))
    assert actions["watch"].toolTip() == "New images appear by themselves. (F10)"


def test_a_widget_teaches_the_shortcut_of_an_action(
    qtbot: QtBot, actions: Actions, keymap: Keymap, window: QMainWindow
) -> None:
    button = QPushButton(window)
    actions.teach("export", button, "Write a table")
    assert button.toolTip() == "Write a table (Ctrl+E)"
    keymap.set_keys("export", keys("F5"))
    assert button.toolTip() == "Write a table (F5)"
    button.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(button))
    keymap.reset_all()  # the widget is gone: no error


def test_an_action_belongs_to_its_menu_or_to_the_group_it_was_added_with(actions: Actions) -> None:
    assert [actions.group(name) for name in ("export", "clear", "pick")] == ["File", "Edit", "Rating"]
    actions.add("lone", "Lone")
    assert actions.group("lone") == "Other"


def test_an_action_in_a_submenu_belongs_to_the_menu_above(actions: Actions, window: QMainWindow) -> None:
    menu = actions.menu("&View", [])
    actions.add("inner", "Inner")
    actions.fill(menu.addMenu("More"), ["inner"])
    assert actions.group("inner") == "View"


def test_a_title_has_neither_mnemonic_nor_dots(actions: Actions) -> None:
    assert actions.title("export") == "Export CSV"
    assert actions.title("save") == "Save & Keep"


# Keymap


def test_a_change_is_applied_at_once_and_remembered(
    qtbot: QtBot, actions: Actions, keymap: Keymap, settings: QSettings, window: QMainWindow, done: list[str]
) -> None:
    with qtbot.waitSignal(keymap.changed):
        keymap.set_keys("export", keys("F5", "Ctrl+;"))
    QTest.keyClick(window, Qt.Key.Key_F5)
    QTest.keyClick(window, Qt.Key.Key_E, CONTROL)
    assert done == ["export"]
    settings.sync()
    again = QSettings(settings.fileName(), QSettings.Format.IniFormat)
    second = QMainWindow()
    qtbot.addWidget(second)
    assert Keymap(make_actions(second, []), again).keys("export") == keys("F5", "Ctrl+;")


def test_an_action_added_later_gets_what_was_remembered(actions: Actions, settings: QSettings) -> None:
    settings.setValue("shortcuts/late", "F7")
    keymap = Keymap(actions, settings)
    actions.add("late", "Late", shortcut="F6")
    assert keymap.keys("late") == keys("F7")


def test_that_an_action_has_no_key_is_remembered_too(actions: Actions, settings: QSettings) -> None:
    Keymap(actions, settings).set_keys("export", [])
    settings.sync()
    again = QSettings(settings.fileName(), QSettings.Format.IniFormat)
    assert Keymap(actions, again).keys("export") == []


@pytest.mark.parametrize("damaged", ["no such key", "Right", "; ", 7])
def test_what_cannot_be_used_is_left_out(actions: Actions, settings: QSettings, damaged: object) -> None:
    settings.setValue("shortcuts/export", damaged)
    assert Keymap(actions, settings).keys("export") in (keys("Ctrl+E"), [])
    settings.setValue("shortcuts/export", "no such key; F5")
    assert Keymap(actions, settings).keys("export") == keys("F5")


def test_a_key_that_is_given_is_taken_from_the_one_that_has_it(
    actions: Actions, keymap: Keymap, window: QMainWindow, done: list[str]
) -> None:
    keymap.set_keys("clear", keys("Ctrl+E"))
    assert keymap.keys("export") == []
    assert keymap.is_changed("export")
    assert keymap.conflicts() == []
    QTest.keyClick(window, Qt.Key.Key_E, CONTROL)
    assert done == ["clear"], "a key that does two things does none"


def test_a_default_comes_back_when_its_key_is_free_again(keymap: Keymap) -> None:
    keymap.set_keys("clear", keys("Ctrl+E", "Ctrl+S"))
    keymap.set_keys("clear", keys("F2"))
    assert keymap.keys("export") == keys("Ctrl+E")
    assert not keymap.is_changed("export")


def test_a_chosen_key_that_is_taken_does_not_come_back(keymap: Keymap) -> None:
    keymap.set_keys("export", keys("F5", "F6"))
    keymap.set_keys("clear", keys("F5"))
    keymap.reset("clear")
    assert keymap.keys("export") == keys("F6")


def test_resetting_one_takes_its_keys_back(keymap: Keymap, settings: QSettings) -> None:
    keymap.set_keys("clear", keys("Ctrl+E", "F5"))
    keymap.reset("export")
    assert keymap.keys("export") == keys("Ctrl+E")
    assert keymap.keys("clear") == keys("F5")
    assert not settings.contains("shortcuts/export")


def test_resetting_all_leaves_nothing_behind(keymap: Keymap, settings: QSettings) -> None:
    settings.setValue("shortcuts/gone", "F3")
    keymap.set_keys("clear", keys("Ctrl+E"))
    keymap.add_key("save", QKeySequence("F5"))
    changed_before = keymap.any_changed
    keymap.reset_all()
    assert changed_before
    assert not keymap.any_changed
    assert keymap.keys("save") == keys("Ctrl+S")
    assert not settings.childGroups()


def test_a_key_is_added_beside_the_others(keymap: Keymap) -> None:
    keymap.add_key("save", QKeySequence("F5"))
    keymap.add_key("save", QKeySequence("F5"))
    assert keymap.keys("save") == keys("Ctrl+S", "F5")


def test_defaults_that_collide_are_found(actions: Actions, keymap: Keymap) -> None:
    actions.add("second", "Second", shortcut="Ctrl+E")
    assert keymap.conflicts() == [(QKeySequence("Ctrl+E"), ["export", "second"])]


@pytest.mark.parametrize(
    "text",
    [
        *("Left", "Right", "Up", "Down", "Home", "End", "PgUp", "PgDown", "Space"),
        *("Return", "Enter", "Esc", "Tab", "Backtab", "Shift+Left", "Ctrl+Space"),
    ],
)
def test_keys_of_the_views_are_refused_with_a_sentence(keymap: Keymap, text: str) -> None:
    assert keymap.refusal(QKeySequence(text)).endswith(".")
    with pytest.raises(ValueError, match="views"):
        keymap.set_keys("export", keys(text))
    assert keymap.keys("export") == keys("Ctrl+E")


@pytest.mark.parametrize("text", ["A", "?", "5", "F1", "Del", "Alt+Left", "Ctrl+Return", "Ctrl+Alt+Home"])
def test_other_keys_are_not_refused(text: str) -> None:
    assert reserved_reason(QKeySequence(text)) == ""


def test_a_key_that_opens_a_menu_is_refused(keymap: Keymap) -> None:
    assert "menu File" in keymap.refusal(QKeySequence("Alt+F"))
    assert "more than one key" in keymap.refusal(QKeySequence("Ctrl+K, Ctrl+X"))


# Letters in fields


def focused(window: QMainWindow, field: QWidget, qtbot: QtBot) -> QWidget:
    centre = QWidget(window)
    QVBoxLayout(centre).addWidget(field)
    window.setCentralWidget(centre)
    window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    return field


@pytest.mark.parametrize("make", [QLineEdit, QSpinBox, QDoubleSpinBox, QPlainTextEdit])
def test_letters_and_digits_typed_into_a_field_are_no_shortcuts(
    qtbot: QtBot, actions: Actions, window: QMainWindow, done: list[str], make: Callable[[], QWidget]
) -> None:
    field = focused(window, make(), qtbot)
    QTest.keyClicks(field, "p3")
    assert done == []
    button = focused(window, QPushButton("x"), qtbot)
    QTest.keyClicks(button, "p3")
    assert done == ["pick", "three"], "elsewhere they are"


# The sheet


@pytest.fixture
def sheet(qtbot: QtBot, keymap: Keymap, window: QMainWindow) -> Iterator[ShortcutSheet]:
    made = show_shortcuts(keymap, (GRID_KEYS, LOUPE), window)
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.search.name.hasFocus)
    yield made
    if shiboken6.isValid(made):
        made.close()


def current(sheet: ShortcutSheet) -> QTreeWidgetItem:
    item = sheet.rows.currentItem()
    assert item is not None
    return item


def shown(sheet: ShortcutSheet) -> list[str]:
    rows = sheet.rows
    items = [rows.topLevelItem(number) for number in range(rows.topLevelItemCount())]
    return [item.text(ListColumn.MEANING) for item in items if item is not None and not item.isHidden()]


def press(sheet: ShortcutSheet, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
    focus = sheet.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifiers)


def begin_to_change(sheet: ShortcutSheet, name: str) -> None:
    sheet.rows.go_to(name)
    sheet.rows.setFocus()
    press(sheet, Qt.Key.Key_Return)
    assert sheet.rows.is_editing


def test_the_sheet_shows_groups_commands_and_fixed_keys(sheet: ShortcutSheet) -> None:
    everything = shown(sheet)
    order = ["File", "Export CSV", "Save & Keep", "Edit", "Clear", "Rating", "Pick", "Three Stars"]
    assert everything[: len(order)] == order
    assert everything[-2:] == ["In the loupe", "Show the filmstrip"]
    assert current(sheet).text(ListColumn.KEYS) == "Ctrl+E"


def test_commands_stand_in_the_order_of_the_menus(
    qtbot: QtBot, settings: QSettings, window: QMainWindow
) -> None:
    actions = Actions(window)
    for name in ("quit", "loose", "sort", "undo", "open"):
        actions.add(name, name.title())
    actions.add("undo", "&Undo Pick 8 Images")
    inner = QMenu("More", window)
    actions.fill(inner, ["sort"])
    actions.menu("&File", ["open", inner, "quit"])
    actions.menu("&Edit", ["undo"])
    sheet = show_shortcuts(Keymap(actions, settings), (), window)
    assert shown(sheet) == ["File", "Open", "Sort", "Quit", "Edit", "Undo", "Other", "Loose"]
    sheet.close()


def test_the_sheet_is_not_modal_and_opens_once(
    sheet: ShortcutSheet, keymap: Keymap, window: QMainWindow
) -> None:
    assert not sheet.isModal()
    assert show_shortcuts(keymap, (), window) is sheet


def test_typing_finds_by_name_and_by_key(sheet: ShortcutSheet) -> None:
    QTest.keyClicks(sheet.search.name, "csv")
    assert shown(sheet) == ["File", "Export CSV"]
    sheet.search.name.clear()
    QTest.keyClicks(sheet.search.name, "ctrl+s")
    assert shown(sheet) == [
        "File",
        "Save & Keep",
        "In the grid and the table",
        "Select or deselect the image",
    ]
    sheet.search.name.setText("nothing like it")
    assert shown(sheet) == []
    assert "No command" in sheet.message.text()


def test_escape_empties_the_search_before_it_closes(sheet: ShortcutSheet) -> None:
    QTest.keyClicks(sheet.search.name, "csv")
    press(sheet, Qt.Key.Key_Escape)
    assert sheet.isVisible()
    assert sheet.search.name.text() == ""
    press(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_pressing_a_key_finds_what_it_does(qtbot: QtBot, sheet: ShortcutSheet) -> None:
    sheet.search.by_key.click()
    qtbot.waitUntil(sheet.search.key.hasFocus)
    press(sheet, Qt.Key.Key_S, CONTROL)
    assert shown(sheet) == ["File", "Save & Keep"]
    press(sheet, Qt.Key.Key_T)
    assert shown(sheet) == ["In the loupe", "Show the filmstrip"]
    press(sheet, Qt.Key.Key_Escape)
    assert "File" in shown(sheet)
    assert sheet.search.name.hasFocus()


def test_a_free_key_is_taken_at_once(sheet: ShortcutSheet, keymap: Keymap) -> None:
    press(sheet, Qt.Key.Key_Down)
    begin_to_change(sheet, "clear")
    press(sheet, Qt.Key.Key_L, CONTROL)
    assert keymap.keys("clear") == keys("Ctrl+L")
    assert not sheet.rows.is_editing
    assert sheet.rows.hasFocus()
    assert current(sheet).text(ListColumn.KEYS) == "Ctrl+L"


def test_a_double_click_changes_in_place(qtbot: QtBot, sheet: ShortcutSheet) -> None:
    item = current(sheet)
    place = sheet.rows.visualItemRect(item).center()
    QTest.mouseClick(sheet.rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(sheet.rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert sheet.rows.is_editing


def test_a_conflict_is_said_and_the_key_can_be_taken_over_with_enter(
    sheet: ShortcutSheet, keymap: Keymap
) -> None:
    begin_to_change(sheet, "clear")
    press(sheet, Qt.Key.Key_E, CONTROL)
    assert "Export CSV" in sheet.message.text()
    assert keymap.keys("export") == keys("Ctrl+E")
    press(sheet, Qt.Key.Key_Return)
    assert keymap.keys("clear") == keys("Ctrl+E")
    assert keymap.keys("export") == []
    assert "taken from “Export CSV”" in sheet.message.text()


def test_a_conflict_can_be_taken_over_with_the_mouse(sheet: ShortcutSheet, keymap: Keymap) -> None:
    begin_to_change(sheet, "clear")
    press(sheet, Qt.Key.Key_E, CONTROL)
    QTest.mouseClick(sheet.take_over, Qt.MouseButton.LeftButton)
    assert keymap.keys("clear") == keys("Ctrl+E")
    assert not sheet.take_over.isVisible()


def test_escape_leaves_all_as_it_is_and_the_sheet_open(sheet: ShortcutSheet, keymap: Keymap) -> None:
    begin_to_change(sheet, "clear")
    press(sheet, Qt.Key.Key_E, CONTROL)
    press(sheet, Qt.Key.Key_Escape)
    assert not sheet.rows.is_editing
    assert sheet.isVisible()
    assert not keymap.any_changed


def test_a_reserved_key_is_refused_and_another_can_be_pressed(sheet: ShortcutSheet, keymap: Keymap) -> None:
    begin_to_change(sheet, "clear")
    press(sheet, Qt.Key.Key_Left)
    assert "views" in sheet.message.text()
    assert sheet.rows.is_editing
    press(sheet, Qt.Key.Key_F5)
    assert keymap.keys("clear") == keys("F5")


def test_insert_adds_a_key_and_delete_removes_all(sheet: ShortcutSheet, keymap: Keymap) -> None:
    sheet.rows.go_to("export")
    sheet.rows.setFocus()
    press(sheet, Qt.Key.Key_Insert)
    press(sheet, Qt.Key.Key_F5)
    assert keymap.keys("export") == keys("Ctrl+E", "F5")
    press(sheet, Qt.Key.Key_Delete)
    assert keymap.keys("export") == []


def test_one_and_all_are_reset(sheet: ShortcutSheet, keymap: Keymap) -> None:
    keymap.set_keys("export", keys("F5"))
    keymap.set_keys("save", keys("F6"))
    sheet.rows.go_to("export")
    sheet.reset.click()
    assert keymap.keys("export") == keys("Ctrl+E")
    assert keymap.keys("save") == keys("F6")
    sheet.reset_all.click()
    assert keymap.keys("save") == keys("Ctrl+S")
    assert not sheet.reset_all.isEnabled()


def test_fixed_keys_cannot_be_changed(sheet: ShortcutSheet) -> None:
    QTest.keyClicks(sheet.search.name, "filmstrip")
    sheet.rows.setFocus()
    press(sheet, Qt.Key.Key_Return)
    assert not sheet.rows.is_editing
    assert not sheet.change.isEnabled()
    assert "cannot be changed" in sheet.message.text()


def test_the_question_mark_opens_the_sheet(
    qtbot: QtBot, actions: Actions, keymap: Keymap, window: QMainWindow
) -> None:
    actions.add("shortcuts", "Shortcuts", lambda: show_shortcuts(keymap, (), window), shortcut="?")
    QTest.keyClicks(window, "?")
    opened = window.findChild(ShortcutSheet)
    assert isinstance(opened, ShortcutSheet)
    assert opened.isVisible()
    opened.close()
