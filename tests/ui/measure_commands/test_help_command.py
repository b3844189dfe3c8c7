"""The help, opened from the real window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from resmem_gui.ui.help.help_window import HelpWindow
from tests.ui.measure_commands.desk import Desk

# The offscreen platform says of every menu that it can neither raise it nor give it all keys.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_the_help_opens_on_its_pages(desk: Desk) -> None:
    QTest.keyClick(desk.window, Qt.Key.Key_F1)
    window = desk.opened(HelpWindow)
    first = window.text.toPlainText()
    assert first
    desk.do("limits")
    assert len(desk.window.findChildren(HelpWindow)) == 1
    assert window.text.toPlainText() != first
    for row in range(window.list.count()):
        window.list.setCurrentRow(row)
        assert len(window.text.toPlainText()) > 200
    QTest.keyClick(window, Qt.Key.Key_Escape)
    desk.wait(lambda: desk.is_closed(HelpWindow))
