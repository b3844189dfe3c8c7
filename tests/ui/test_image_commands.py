"""What is done with single images: copied, opened elsewhere, handed on; and the menus that offer it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QMenu, QWidgetAction
from pytestqt.qtbot import QtBot

from resmem_gui.export.sidecar_writing import Rated
from resmem_gui.export.xmp import Marks
from resmem_gui.library.filtering import Filter
from resmem_gui.library.records import Pick, Status
from resmem_gui.ui.choosing.choose_panel import ChoosePanel
from resmem_gui.ui.contact_sheet.contact_sheet_dialog import ContactSheetDialog
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.handing_on.hand_on_dialog import HandOnDialog
from resmem_gui.ui.handing_on.xmp_dialog import XmpDialog
from resmem_gui.ui.window import hand_on_commands as hand_on_module
from resmem_gui.ui.window import image_commands as image_module
from resmem_gui.ui.window.main_menus import ImageMenu
from resmem_gui.ui.window.main_window import MainWindow
from tests.ui.conftest import WAIT_MS, BrightnessScorer
from tests.ui.test_marking import Desk

Keys = Qt.Key
Settle = Callable[[], None]
MakeImages = Callable[..., list[Path]]
CTRL = Qt.KeyboardModifier.ControlModifier

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def desk(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> Desk:
    """A window with fourteen scored images, the most memorable first."""
    controller.add_paths([str(path) for path in make_images(14)])
    settle()
    return Desk(qtbot, window, controller)


@pytest.fixture(autouse=True)
def clipboard(qapp: object) -> Iterator[None]:
    QGuiApplication.clipboard().setText("what was there")
    yield
    QGuiApplication.clipboard().clear()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that other programs were asked to open."""
    urls: list[str] = []

    def note(url: QUrl) -> bool:
        urls.append(url.toLocalFile())
        return "image3" not in url.fileName()

    monkeypatch.setattr(QDesktopServices, "openUrl", note)
    return urls


@pytest.fixture
def revealed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The files that the file manager was asked to show."""
    shown: list[list[str]] = []
    monkeypatch.setattr(image_module, "show_in_folder", shown.append)
    monkeypatch.setattr(hand_on_module, "show_in_folder", shown.append)
    return shown


def trigger(desk: Desk, name: str) -> None:
    action = desk.window.actions_by_name[name]
    assert action.isEnabled()
    action.trigger()


def path_at(desk: Desk, row: int) -> str:
    return desk.library.paths[desk.model.image_id(row)]


def copied() -> QMimeData:
    return QGuiApplication.clipboard().mimeData()


# The clipboard


def test_copy_image_puts_pixels_and_file_on_the_clipboard(desk: Desk) -> None:
    desk.select(2, 4)
    desk.window.grid.setFocus()
    desk.press(Keys.Key_C, CTRL | Qt.KeyboardModifier.ShiftModifier)
    desk.qtbot.waitUntil(lambda: copied().hasImage(), timeout=WAIT_MS)
    image = copied().imageData()
    assert isinstance(image, QImage)
    assert (image.width(), image.height()) == (40, 30)
    assert [url.toLocalFile() for url in copied().urls()] == [path_at(desk, 2)]
    assert f"Image copied: {Path(path_at(desk, 2)).name}" in desk.said


def test_an_image_that_cannot_be_read_is_not_copied(desk: Desk) -> None:
    Path(path_at(desk, 0)).unlink()
    desk.select(0)
    trigger(desk, "copy_image")
    desk.qtbot.waitUntil(lambda: bool(desk.window.notices.texts()), timeout=WAIT_MS)
    (text,) = desk.window.notices.texts()
    assert text.startswith("The image could not be copied. ")
    assert copied().text() == "what was there"


def test_copy_path(desk: Desk) -> None:
    desk.select(1)
    trigger(desk, "copy_path")
    assert copied().text() == path_at(desk, 1)
    assert "1 path copied" in desk.said
    desk.select(0, 2)
    trigger(desk, "copy_path")
    assert copied().text() == f"{path_at(desk, 0)}\n{path_at(desk, 2)}"


def test_copy_score_of_one_image_is_the_number(desk: Desk) -> None:
    desk.select(3)
    trigger(desk, "copy_score")
    assert copied().text() == f"{desk.library.scores[desk.ids[3]]:.6f}"
    assert "1 score copied" in desk.said


def test_copy_score_of_many_images_names_them(desk: Desk) -> None:
    desk.select(0, 1)
    trigger(desk, "copy_score")
    lines = [line.split("\t") for line in copied().text().split("\n")]
    assert [name for name, _ in lines] == [Path(path_at(desk, row)).name for row in (0, 1)]
    assert float(lines[0][1]) > float(lines[1][1])


def test_copies_in_the_loupe_are_of_its_image(desk: Desk) -> None:
    desk.loupe(0)
    desk.press(Keys.Key_Right)
    trigger(desk, "copy_path")
    assert copied().text() == path_at(desk, 1)


def test_without_a_score_the_clipboard_stays(
    qtbot: QtBot,
    window: MainWindow,
    controller: Controller,
    scorer: BrightnessScorer,
    make_images: MakeImages,
) -> None:
    scorer.gate.clear()
    controller.add_paths([str(path) for path in make_images(2)])
    qtbot.waitUntil(lambda: controller.model.rowCount() == 2, timeout=WAIT_MS)
    said: list[str] = []
    window.tools.said.connect(said.append)
    window.grid.selectAll()
    window.actions_by_name["copy_score"].trigger()
    assert copied().text() == "what was there"
    assert said == ["No score to copy"]


@pytest.mark.parametrize("name", ["copy_image", "copy_path", "copy_score", "open_outside", "reveal"])
def test_without_a_selection_there_is_nothing_to_do(
    desk: Desk, opened: list[str], revealed: list[list[str]], name: str
) -> None:
    desk.window.grid.clearSelection()
    action = desk.window.actions_by_name[name]
    assert not action.isEnabled()
    for key in action.shortcuts():
        QTest.keySequence(desk.window, key)
    assert copied().text() == "what was there"
    assert (opened, revealed) == ([], [])


# Elsewhere


def test_images_are_opened_in_other_programs(desk: Desk, opened: list[str]) -> None:
    desk.select(0, 1)
    desk.press(Keys.Key_Return, CTRL)
    assert opened == [path_at(desk, 0), path_at(desk, 1)]
    assert desk.window.tools.stage.page is None, "Enter alone is the loupe"
    assert desk.window.notices.texts() == []


def test_a_program_that_is_not_there_is_told(desk: Desk, opened: list[str]) -> None:
    desk.set_filter(Filter(text="image3."))
    desk.select(0)
    trigger(desk, "open_outside")
    assert desk.window.notices.texts() == [f"No program was found that opens {path_at(desk, 0)}."]


def test_too_many_are_not_opened(desk: Desk, opened: list[str]) -> None:
    desk.select(*range(13))
    trigger(desk, "open_outside")
    assert opened == []
    assert desk.window.notices.texts() == ["13 images are selected: at most 12 are opened at once."]
    desk.select(*range(12))
    trigger(desk, "open_outside")
    assert len(opened) == 12


def test_images_are_shown_in_their_folder(desk: Desk, revealed: list[list[str]]) -> None:
    desk.select(*range(14))
    trigger(desk, "reveal")
    desk.qtbot.waitUntil(lambda: bool(revealed), timeout=WAIT_MS)
    assert revealed == [[path_at(desk, row) for row in range(14)]], "one folder is one window"


def test_images_of_too_many_folders_are_not_shown(
    qtbot: QtBot, window: MainWindow, controller: Controller, revealed: list[list[str]]
) -> None:
    controller.model.add([f"/nowhere/{number}/image.png" for number in range(13)])
    controller.state_changed.emit()
    window.grid.selectAll()
    window.actions_by_name["reveal"].trigger()
    assert window.notices.texts() == ["The selected images are in 13 folders: at most 12 are shown."]
    assert revealed == []


def test_a_file_manager_that_does_not_start_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_paths: list[str]) -> None:
        raise OSError("no file manager here")

    monkeypatch.setattr(image_module, "show_in_folder", fail)
    desk.select(0)
    trigger(desk, "reveal")
    desk.qtbot.waitUntil(lambda: bool(desk.window.notices.texts()), timeout=WAIT_MS)
    assert desk.window.notices.texts() == ["The file manager could not be started: no file manager here."]


# Windows beside the main window


def dialog_of(desk: Desk, kind: type[QDialog]) -> QDialog:
    (dialog,) = desk.window.findChildren(kind)
    assert dialog.isVisible()
    assert dialog.windowModality() == Qt.WindowModality.NonModal
    return dialog


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("hand_on", HandOnDialog),
        ("write_xmp", XmpDialog),
        ("contact_sheet", ContactSheetDialog),
        ("choose_best", ChoosePanel),
    ],
)
def test_windows_leave_the_main_window_usable(desk: Desk, name: str, kind: type[QDialog]) -> None:
    desk.select(0)
    trigger(desk, name)
    dialog = dialog_of(desk, kind)
    desk.window.activateWindow()
    desk.window.grid.setFocus()
    desk.press(Keys.Key_4)
    assert desk.ratings[0] == 4
    desk.window.close()
    assert not dialog.isVisible()


def test_the_selected_images_are_handed_on(
    desk: Desk, tmp_path: Path, revealed: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.select(1, 2)
    trigger(desk, "hand_on")
    dialog = dialog_of(desk, HandOnDialog)
    assert dialog.windowTitle() == "Hand On 2 Images"
    dialog.close()
    desk.window.grid.clearSelection()
    desk.set_filter(Filter(text="image1"))
    shown = desk.model.rowCount()
    assert 2 < shown < 14
    desk.qtbot.waitUntil(lambda: not desk.window.findChildren(HandOnDialog), timeout=WAIT_MS)
    trigger(desk, "hand_on")
    assert dialog_of(desk, HandOnDialog).windowTitle() == f"Hand On {shown} Images", "all that are shown"


@pytest.mark.parametrize("name", ["hand_on", "write_xmp", "contact_sheet"])
def test_where_nothing_is_shown_nothing_is_handed_on(desk: Desk, name: str) -> None:
    desk.set_filter(Filter(text="nothing"))
    assert not desk.window.actions_by_name[name].isEnabled()
    for key in desk.window.actions_by_name[name].shortcuts():
        QTest.keySequence(desk.window, key)
    assert not desk.window.findChildren(QDialog)


def test_moved_files_keep_their_scores_and_rows(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "best").mkdir()
    scores = desk.library.scores.copy()
    desk.select(0, 1)
    trigger(desk, "hand_on")
    (dialog,) = desk.window.findChildren(HandOnDialog)
    moved = {}
    for row in (0, 1):
        old = Path(path_at(desk, row))
        moved[str(old)] = str(old.rename(tmp_path / "best" / old.name))
    dialog.relocated.emit({**moved, "/not/in/the/library.png": "/elsewhere.png"})
    assert [path_at(desk, row) for row in (0, 1)] == list(moved.values())
    assert desk.model.order.tolist() == desk.ids
    assert (desk.library.scores == scores).all()
    assert desk.library.count(Status.SCORED) == 14
    assert len(desk.library.missing_ids()) == 0
    dialog.relocated.emit({new: old for old, new in moved.items()})  # as undoing does
    assert [path_at(desk, row) for row in (0, 1)] == list(moved)


def test_xmp_gets_stars_and_picks(desk: Desk) -> None:
    desk.select(0)
    desk.press(Keys.Key_3)
    desk.press(Keys.Key_P)
    trigger(desk, "write_xmp")
    (dialog,) = desk.window.findChildren(XmpDialog)
    assert dialog.rated() == [Rated(path_at(desk, 0), Marks(3, Pick.PICKED))]


def test_xmp_and_contact_sheet_name_the_reference_of_each_image(desk: Desk) -> None:
    desk.model.set_reference([desk.ids[0]], "memcat-landscape")
    desk.select(0)
    trigger(desk, "contact_sheet")
    alone = desk.window.findChildren(ContactSheetDialog)[0].sheet()
    assert [name for name, _ in alone.facts.references] == ["MemCat landscapes"]
    desk.select(0, 1)
    trigger(desk, "contact_sheet")
    both = desk.window.findChildren(ContactSheetDialog)[1].sheet()
    assert [item.reference for item in both.items] == ["MemCat landscapes", "LaMem"]
    assert [item.percentile for item in both.items] == desk.model.standing.percentiles[desk.ids[:2]].tolist()
    trigger(desk, "write_xmp")
    said = [label.text() for label in desk.window.findChildren(XmpDialog)[0].findChildren(QLabel)]
    assert any("percentile of their references (MemCat landscapes, LaMem)" in text for text in said)


def test_choosing_selects_and_shows_the_chosen(desk: Desk) -> None:
    trigger(desk, "choose_best")
    (panel,) = desk.window.findChildren(ChoosePanel)
    panel.count.setValue(3)
    panel.distinct.setChecked(False)
    with desk.qtbot.waitSignal(panel.chosen, timeout=WAIT_MS):
        panel.chosen.emit(desk.ids[3:6])
    assert desk.selected == desk.ids[3:6]
    panel.close()
    trigger(desk, "choose_best")
    assert desk.window.findChildren(ChoosePanel) == [panel]


# Menus


def entries(menu: QMenu) -> Iterator[tuple[QMenu, str]]:
    """Give each entry of a menu and those below, with the menu that it is in."""
    for action in menu.actions():
        if not action.isSeparator() and not isinstance(action, QWidgetAction):
            yield menu, action.text()
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from entries(inner)


def all_menus(window: MainWindow) -> list[QMenu]:
    bar = [entry.menu() for entry in window.menuBar().actions()]
    return [menu for menu in [*bar, *window.findChildren(ImageMenu)] if isinstance(menu, QMenu)]


def test_no_key_does_two_things(window: MainWindow) -> None:
    assert not window.tools.keymap.conflicts()


def test_every_action_is_in_a_menu(window: MainWindow) -> None:
    held = set()
    for menu in all_menus(window):
        menus = [menu, *menu.findChildren(QMenu)]
        held |= {id(action) for each in menus for action in each.actions()}
        for action in menu.actions():
            inner = action.menu()
            if isinstance(inner, QMenu):
                held |= {id(below) for below in inner.actions()}
    actions = window.actions_by_name
    homeless = {name for name in actions.names if id(actions[name]) not in held}
    # The key Ctrl+Shift+F opens the very menu that View > Filter is.
    assert homeless == {"filter"}


def test_every_entry_has_a_text_and_a_mnemonic_of_its_own(window: MainWindow) -> None:
    titles = [entry.text() for entry in window.menuBar().actions()]
    assert len({QKeySequence.mnemonic(title) for title in titles}) == len(titles)
    clashes: list[str] = []
    for top in all_menus(window):
        taken: dict[tuple[int, str], str] = {}
        for menu, text in entries(top):
            assert text.replace("&", "").strip(), f"an entry of {menu.title()} has no text"
            mnemonic = QKeySequence.mnemonic(text).toString()
            if mnemonic:
                other = taken.setdefault((id(menu), mnemonic), text)
                if other is not text:
                    clashes.append(f"{menu.title() or 'image'}: {other} / {text}")
    assert not clashes
