"""Sentences that are wrapped, and names that are too long for a line."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.ui.sentence_label import SentenceLabel


class Sayer(QObject):
    said = Signal(str)


@pytest.fixture
def label(qtbot: QtBot) -> Iterator[SentenceLabel]:
    window = QWidget()
    layout = QVBoxLayout(window)
    made = SentenceLabel(window, "Nothing yet.")
    layout.addWidget(made)
    yield made
    window.close()


def test_a_long_name_makes_no_window_wide(label: SentenceLabel) -> None:
    name = "picture_" + 240 * "x" + "_7.csv"
    label.setText(f"Written to /somewhere/{name}: 3 rows.")
    assert label.text().startswith("Written to /somewhere/picture_xxx")
    assert label.text().endswith("xxx_7.csv: 3 rows.")
    assert "…" in label.text()
    assert label.toolTip() == f"Written to /somewhere/{name}: 3 rows."
    assert label.window().minimumSizeHint().width() < 60 * label.fontMetrics().averageCharWidth()


def test_what_can_be_broken_is_shown_as_it_is(label: SentenceLabel) -> None:
    texts = ("/".join(["folder"] * 40), "one two three " * 20, "x" * 48, "<b>no markup</b>")
    for text in texts:
        label.setText(text)
        assert label.text() == text
        assert label.toolTip() == ""
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_another_text_takes_the_tool_tip_along(label: SentenceLabel) -> None:
    sayer = Sayer()
    sayer.said.connect(label.setText)
    sayer.said.emit("x" * 300)
    assert label.toolTip() == "x" * 300
    label.clear()
    assert (label.text(), label.toolTip()) == ("", "")
