"""A line of text is shortened where there is not enough room."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.ui.elided_label import ElidedLabel

PATH = "/home/someone/photographs/2026/holidays/by the lake/IMG_0001.jpg"


def test_a_text_is_shortened_in_the_middle_and_whole_when_there_is_room(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    label = ElidedLabel(parent)
    label.resize(150, 20)
    parent.show()
    label.set_full_text(PATH)
    assert label.text().startswith("/home")
    assert label.text().endswith(".jpg")
    assert "…" in label.text()
    assert label.fontMetrics().horizontalAdvance(label.text()) <= 150
    assert label.full_text == label.toolTip() == PATH
    label.resize(2000, 20)
    assert label.text() == PATH
    font = label.font()
    font.setPointSizeF(10 * font.pointSizeF())
    label.setFont(font)
    assert "…" in label.text()
