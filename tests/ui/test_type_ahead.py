"""Typing the beginning of a name, in the grid and in the table."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.library.library import Library
from resmem_gui.ui.browsing.grid_view import GridView
from resmem_gui.ui.browsing.ranking_view import RankingView
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails

NAMES = ["apple.jpg", "Avocado.jpg", "banana.jpg", "bread.jpg", "butter.jpg", "cherry.jpg"]


@pytest.fixture
def model(qtbot: QtBot) -> Iterator[ImageModel]:
    thumbnails = Thumbnails()
    made = ImageModel(Library(), load_lamem(), thumbnails)
    made.add([f"/food/{name}" for name in NAMES])
    made.sort(Column.NAME, Qt.SortOrder.AscendingOrder)
    yield made
    made.stop()
    thumbnails.stop()


@pytest.fixture(params=[GridView, RankingView])
def view(request: pytest.FixtureRequest, qtbot: QtBot, model: ImageModel) -> GridView | RankingView:
    made: GridView | RankingView
    if request.param is GridView:
        made = GridView()
        made.setModel(model)
    else:
        made = RankingView(model)
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    qtbot.waitExposed(made)
    made.setCurrentIndex(model.index(0, Column.NAME))
    return made


def current(view: GridView | RankingView) -> str:
    return NAMES[view.currentIndex().row()]


def test_letters_lead_to_the_name_that_begins_with_them(view: GridView | RankingView) -> None:
    QTest.keyClicks(view, "bu")
    assert current(view) == "butter.jpg"


def test_large_and_small_letters_are_the_same(view: GridView | RankingView) -> None:
    QTest.keyClicks(view, "AV")
    assert current(view) == "Avocado.jpg"


def test_the_same_letter_again_leads_on_and_round(view: GridView | RankingView) -> None:
    seen = []
    for _ in range(4):
        QTest.keyClick(view, Qt.Key.Key_B)
        seen.append(current(view))
    assert seen == ["banana.jpg", "bread.jpg", "butter.jpg", "banana.jpg"]


def test_a_beginning_that_no_name_has_leads_nowhere(view: GridView | RankingView) -> None:
    QTest.keyClicks(view, "zz")
    assert current(view) == "apple.jpg"


def test_after_a_pause_a_new_word_begins(
    view: GridView | RankingView, monkeypatch: pytest.MonkeyPatch
) -> None:
    QTest.keyClicks(view, "c")
    monkeypatch.setattr("resmem_gui.ui.browsing.type_ahead.QApplication.keyboardInputInterval", lambda: 0)
    QTest.keyClicks(view, "b")
    assert current(view) == "banana.jpg"


def test_only_what_is_shown_is_found(qtbot: QtBot, view: GridView | RankingView, model: ImageModel) -> None:
    model.remove([2])
    QTest.keyClicks(view, "b")
    assert view.currentIndex().row() == 2
    assert model.record(2).name == "bread.jpg"


def shortcut(view: GridView | RankingView, text: str) -> list[str]:
    """Give the view's window a shortcut; return the list of times it was used."""
    used: list[str] = []
    action = QAction(text, view)
    action.setShortcut(QKeySequence(text))
    action.triggered.connect(lambda: used.append(text))
    view.window().addAction(action)
    view.activateWindow()
    view.setFocus()
    return used


def test_a_letter_of_a_word_is_no_shortcut(view: GridView | RankingView) -> None:
    used = shortcut(view, "U")
    QTest.keyClicks(view, "bu")
    assert current(view) == "butter.jpg"
    assert used == []


def test_the_first_letter_is_the_shortcut_if_there_is_one(view: GridView | RankingView) -> None:
    used = shortcut(view, "B")
    QTest.keyClicks(view, "b")
    assert used == ["B"]
    assert current(view) == "apple.jpg"


def test_after_a_pause_a_letter_is_a_shortcut_again(
    view: GridView | RankingView, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = shortcut(view, "U")
    QTest.keyClicks(view, "b")
    monkeypatch.setattr("resmem_gui.ui.browsing.type_ahead.QApplication.keyboardInputInterval", lambda: 0)
    QTest.keyClicks(view, "u")
    assert used == ["U"]
    assert current(view) == "banana.jpg"


def test_a_shortcut_with_ctrl_works_within_a_word(view: GridView | RankingView) -> None:
    used = shortcut(view, "Ctrl+U")
    QTest.keyClicks(view, "b")
    QTest.keyClick(view, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    assert used == ["Ctrl+U"]
