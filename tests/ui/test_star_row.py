"""Rating by mouse and arrow keys."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from resmem_gui.ui.controller import Controller
from resmem_gui.ui.marking.star_row import StarRow
from resmem_gui.ui.window.main_window import MainWindow
from tests.ui.test_window import MakeImages, Settle, drop, files


def click(row: StarRow, star: int) -> None:
    at = QPoint((star - 1) * 22 + 10, row.height() // 2)
    QTest.mouseClick(row, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


def test_a_click_on_a_star_gives_so_many_and_one_on_the_last_takes_them_away(qtbot: QtBot) -> None:
    row = StarRow()
    qtbot.addWidget(row)
    row.show()
    told: list[int] = []
    row.rated.connect(told.append)
    click(row, 1)
    click(row, 5)
    assert told == [1, 5]
    assert row.rating == 0, "it shows what it is told, not what was clicked"
    row.show_rating(5)
    click(row, 5)
    click(row, 3)
    assert told == [1, 5, 0, 3]
    assert row.accessibleName() == "Rating: 5 stars"


def test_arrow_keys_rate_within_the_limits(qtbot: QtBot) -> None:
    row = StarRow()
    qtbot.addWidget(row)
    row.show()
    row.rated.connect(row.show_rating)
    for _ in range(7):
        QTest.keyClick(row, Qt.Key.Key_Right)
    assert row.rating == 5
    for _ in range(7):
        QTest.keyClick(row, Qt.Key.Key_Left)
    assert row.rating == 0


def test_the_inspectors_stars_rate_its_image_and_can_be_undone(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> None:
    drop(window, files(*make_images(3)))
    settle()
    window.grid.setCurrentIndex(controller.model.index(1, 0))
    row = window.inspector.findChild(StarRow)
    assert isinstance(row, StarRow)
    qtbot.waitUntil(row.isVisible)
    click(row, 4)
    rated = controller.model.image_id(1)
    assert controller.library.ratings.tolist() == [4 if i == rated else 0 for i in range(3)]
    qtbot.waitUntil(lambda: row.rating == 4)
    window.actions_by_name["undo"].trigger()
    assert not controller.library.ratings.any()
    qtbot.waitUntil(lambda: row.rating == 0)
