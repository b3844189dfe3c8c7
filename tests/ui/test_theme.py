"""Light and dark on a desktop that has one palette only: what must be seen is seen on both."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QMenu, QRadioButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.ui import theme
from tests.ui.test_parts import contrast

OUTLINE = 3.0
TEXT = 4.5


def _check_box(parent: QWidget) -> QWidget:
    return QCheckBox(parent)


def _radio_button(parent: QWidget) -> QWidget:
    return QRadioButton(parent)


def _menu(parent: QWidget) -> QWidget:
    menu = QMenu(parent)
    menu.addAction("").setCheckable(True)
    return menu


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    before = QPalette(QApplication.palette())
    made = QWidget()
    made.resize(200, 200)
    made.show()
    qtbot.waitExposed(made)
    yield made
    theme.set_appearance("System")
    QApplication.setPalette(before)
    made.close()
    made.deleteLater()


@pytest.mark.parametrize("make", [_check_box, _radio_button, _menu])
def test_what_is_not_checked_has_an_outline_that_is_seen_in_the_dark(
    window: QWidget, make: Callable[[QWidget], QWidget]
) -> None:
    made = make(window)
    theme.set_appearance("Dark")
    QApplication.processEvents()
    made.resize(made.sizeHint())
    picture, is_menu = made.grab().toImage(), isinstance(made, QMenu)
    ground = made.palette().base().color() if is_menu else window.palette().window().color()
    # Only the indicator stands there; a menu has a frame besides, which is left out.
    across = range(3 if is_menu else 0, picture.width() - 3)
    colors = [picture.pixelColor(x, picture.height() // 2) for x in across]
    assert max(contrast(color, ground) for color in colors) >= OUTLINE


@pytest.mark.parametrize("name", ["Light", "System"])
def test_nothing_of_the_dark_is_left_in_the_light(window: QWidget, name: str) -> None:
    made = [_check_box(window), _radio_button(window), _menu(window)]
    before = window.palette().window().color()
    for appearance in ("Dark", name):
        theme.set_appearance(appearance)
        QApplication.processEvents()
    assert {widget.palette().window().color().name() for widget in (window, *made)} == {before.name()}


def test_texts_are_read_in_the_dark_in_menus_too(window: QWidget) -> None:
    made = [_check_box(window), _radio_button(window), _menu(window)]
    made.append(QSpinBox(made[-1]))
    theme.set_appearance("Dark")
    QApplication.processEvents()
    ground = window.palette().window().color()
    for widget in made:
        palette = widget.palette()
        assert contrast(palette.windowText().color(), ground) >= TEXT
        assert contrast(palette.text().color(), palette.base().color()) >= TEXT
        assert contrast(palette.buttonText().color(), palette.button().color()) >= TEXT


def test_dark_is_dark(window: QWidget) -> None:
    theme.set_appearance("Dark")
    QApplication.processEvents()
    assert theme.is_dark(window.palette())
    assert window.palette().base().color().lightness() < 64
