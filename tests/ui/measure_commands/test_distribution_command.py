"""The window of distributions, opened from the real window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QTextBrowser,
)

from resmem_gui.ui.distribution.groups import Kind
from resmem_gui.ui.distribution.numbers_table import NumbersTable
from resmem_gui.ui.distribution.window import DistributionWindow
from tests.ui.measure_commands.desk import Desk, MakePictures, choose

# The offscreen platform says of every menu that it can neither raise it nor give it all keys.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def numbers(window: DistributionWindow, name: str) -> str:
    """Return a number of the first group."""
    (table,) = window.findChildren(NumbersTable)
    model, vertical = table.model(), Qt.Orientation.Vertical
    rows = {model.headerData(row, vertical): row for row in range(model.rowCount())}
    return str(model.index(rows[name], 0).data()) if name in rows else ""


def test_the_distribution_follows_scores_selection_and_reference(
    desk: Desk, make_pictures: MakePictures
) -> None:
    pictures = make_pictures(6)
    ids = desk.add(*pictures[:4])
    QTest.keyClick(desk.window, Qt.Key.Key_D, CONTROL | SHIFT)
    window = desk.opened(DistributionWindow)
    assert window.width() < window.screen().availableSize().width(), "that of the tests is 800 wide"
    desk.wait(lambda: numbers(window, "Scores (n)") == "4")
    desk.add(*pictures[4:])
    desk.wait(lambda: numbers(window, "Scores (n)") == "6")
    window.compare(Kind.SELECTED)
    desk.select(*ids[:3])
    desk.wait(lambda: numbers(window, "Scores (n)") == "3")
    desk.select(*ids[:2])
    desk.wait(lambda: numbers(window, "Scores (n)") == "2")
    choose(desk, "Library", "MemCat vehicles")
    (sentences,) = window.findChildren(QTextBrowser)
    desk.wait(lambda: "MemCat vehicles" in sentences.toPlainText())
    QTest.keyClick(window, Qt.Key.Key_Escape)
    desk.wait(lambda: desk.is_closed(DistributionWindow))
    desk.select(ids[0])
    desk.do("distribution")
    assert desk.opened(DistributionWindow) is window
    desk.wait(lambda: numbers(window, "Scores (n)") == "1")
