"""What the network sees, opened from the real window."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QPushButton,
)

from resmem_gui.library.records import Status
from resmem_gui.ui.network_view.network_window import NetworkWindow
from tests.ui.measure_commands.desk import Desk, MakePictures, click

# The offscreen platform says of every menu that it can neither raise it nor give it all keys.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_what_the_network_sees_follows_the_selection(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(3))
    desk.select(ids[0])
    QTest.keyClick(desk.window, Qt.Key.Key_N, CONTROL | SHIFT)
    window = desk.opened(NetworkWindow)
    name = desk.controller.library.record(ids[0]).name
    desk.wait(lambda: window.windowTitle() == f"What the Network Sees – {name}")
    first = window.view.pictures[1]
    assert first is not None
    assert (first.width(), first.height()) == (227, 227)
    desk.select(ids[1])
    desk.wait(lambda: window.windowTitle().endswith(desk.controller.library.record(ids[1]).name))
    second = window.view.pictures[1]
    assert second is not None
    assert second.toImage() != first.toImage()
    desk.select(ids[0], ids[1])
    desk.wait(lambda: window.view.pictures == (None, None))
    assert window.message.text().startswith("Select one image")
    desk.select(ids[2])
    desk.wait(lambda: window.view.pictures[0] is not None)
    desk.window.actions_by_name["clear"].trigger()
    desk.wait(lambda: window.view.pictures == (None, None))
    assert window.windowTitle() == "What the Network Sees"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    desk.wait(lambda: desk.is_closed(NetworkWindow))


def test_what_the_network_sees_follows_the_loupe(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(3))
    desk.select(ids[0])
    desk.do("network_view")
    window = desk.opened(NetworkWindow)
    names = [desk.controller.library.record(i).name for i in ids]
    desk.wait(lambda: window.windowTitle().endswith(names[0]))
    desk.do("loupe")
    loupe = desk.window.tools.stage.loupe
    QTest.keyClick(loupe, Qt.Key.Key_Right)
    desk.wait(lambda: loupe.current_id == ids[1])
    desk.wait(lambda: window.windowTitle().endswith(names[1]))
    QTest.keyClick(loupe, Qt.Key.Key_Escape)
    desk.wait(desk.window.grid.isVisible)
    desk.wait(lambda: desk.window.selected_ids() == [ids[1]])
    assert window.windowTitle().endswith(names[1])


def test_what_the_network_sees_follows_the_recipe(desk: Desk, tmp_path: Path) -> None:
    turned = Image.new("RGB", (300, 240), (200, 30, 30))
    turned.paste((30, 30, 200), (0, 0, 300, 120))
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(tmp_path / "turned.jpg", exif=exif)
    (image_id,) = desk.add(tmp_path / "turned.jpg")
    desk.select(image_id)
    desk.do("network_view")
    window = desk.opened(NetworkWindow)

    def shape() -> tuple[int, int]:
        image = window.view.pictures[0]
        return (image.width(), image.height()) if image is not None else (0, 0)

    desk.wait(lambda: shape() == (240, 300))
    upright = window.view.pictures[1]
    desk.do("as_stored")
    desk.wait(lambda: shape() == (300, 240))
    stored = window.view.pictures[1]
    assert upright is not None
    assert stored is not None
    assert stored.toImage() != upright.toImage()
    desk.settle()
    desk.do("as_stored")
    desk.wait(lambda: shape() == (240, 300))
    desk.settle()


def test_an_image_that_cannot_be_decoded_says_why_and_the_next_is_shown(
    desk: Desk, make_pictures: MakePictures, tmp_path: Path
) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    desk.add(*make_pictures(1), tmp_path / "broken.png")
    library = desk.controller.library
    (broken,) = library.with_status(Status.FAILED).tolist()
    desk.select(broken)
    desk.do("network_view")
    window = desk.opened(NetworkWindow)
    desk.wait(lambda: window.windowTitle().endswith("broken.png"))
    assert window.view.pictures == (None, None)
    assert window.message.text() == library.record(broken).error
    (good,) = library.with_status(Status.SCORED).tolist()
    desk.select(good)
    desk.wait(lambda: window.view.pictures[0] is not None)
    assert "Squashed" in window.message.text()


def test_closed_it_loads_nothing_and_its_size_is_kept(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(2))
    desk.select(ids[0])
    desk.do("network_view")
    window = desk.opened(NetworkWindow)
    desk.wait(lambda: window.view.pictures[0] is not None)
    window.resize(700, 480)
    click(window.findChildren(QPushButton)[-1])
    desk.wait(lambda: desk.is_closed(NetworkWindow))
    shown = window.windowTitle()
    desk.select(ids[1])
    desk.wait(lambda: desk.window.inspector._shown == ids[1])
    assert window.windowTitle() == shown
    again = NetworkWindow(desk.controller, desk.window._settings, desk.window)
    assert (again.width(), again.height()) == (700, 480)
