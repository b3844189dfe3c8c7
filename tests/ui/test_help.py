"""The help: pages, links between them, one window."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.resources import resource
from resmem_gui.ui.help.help_window import HelpWindow, show_help
from resmem_gui.ui.help.topics import LINK, TOPICS, Topic, page


@pytest.fixture
def window(parent: QWidget) -> Iterator[HelpWindow]:
    window = show_help(parent)
    yield window
    if isValid(window):
        window.close()


def test_every_page_is_listed_and_every_listed_page_is_there() -> None:
    files = {path.stem for path in resource("resources/help").glob("*.html")}
    assert files == {topic.name for topic in TOPICS}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_links_lead_to_pages_of_the_help_only(topic: Topic) -> None:
    names = {f"{LINK}:{entry.name}" for entry in TOPICS}
    links = re.findall(r'href="([^"]*)"', page(topic.name))
    assert set(links) <= names
    assert not re.search(r"src=|@import|url\(", page(topic.name))


def test_the_numbers_of_the_default_reference_are_those_it_has() -> None:
    assert f"{load_lamem().n:,}" in page("references")


def test_a_page_is_shown_when_its_title_is_chosen(window: HelpWindow, qtbot: QtBot) -> None:
    for row, topic in enumerate(TOPICS):
        window.list.setCurrentRow(row)
        heading = re.search(r"<h2>(.*?)</h2>", page(topic.name))
        assert heading is not None
        assert window.text.toPlainText().startswith(heading.group(1))


def test_keys_lead_through_the_pages_and_escape_closes(window: HelpWindow, qtbot: QtBot) -> None:
    window.list.setFocus()
    QTest.keyClick(window.list, Qt.Key.Key_Down)
    assert window.list.currentRow() == 1
    with qtbot.waitSignal(window.finished):
        QTest.keyClick(window, Qt.Key.Key_Escape)


def test_a_link_turns_to_its_page(window: HelpWindow) -> None:
    window.text.anchorClicked.emit(QUrl(f"{LINK}:cautions"))
    assert TOPICS[window.list.currentRow()].name == "cautions"


def test_a_link_to_elsewhere_is_not_followed(window: HelpWindow) -> None:
    before = window.text.toPlainText()
    window.text.anchorClicked.emit(QUrl("https://example.org/"))
    assert window.text.toPlainText() == before


def test_an_open_window_is_used_again(parent: QWidget, window: HelpWindow) -> None:
    again = show_help(parent, "limits")
    assert again is window
    assert TOPICS[window.list.currentRow()].name == "limits"
    assert len(parent.findChildren(HelpWindow)) == 1
