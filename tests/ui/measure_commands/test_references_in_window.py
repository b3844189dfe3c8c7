"""References in the real window: chosen in the menu, followed everywhere, undone."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest

from resmem_gui.library.filtering import Filter, Range
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.references.references_dialog import ReferencesDialog
from resmem_gui.ui.references.remembered import compare_as_last
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.sessions.sessions import Sessions
from resmem_gui.ui.window.main_window import MainWindow
from tests.ui.conftest import BrightnessScorer
from tests.ui.measure_commands.desk import Desk, MakePictures, choose, title

# The offscreen platform says of every menu that it can neither raise it nor give it all keys.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_the_library_is_compared_with_another_reference_everywhere_and_back_again(
    desk: Desk, make_pictures: MakePictures
) -> None:
    first, *_ = desk.add(*make_pictures(4))
    desk.select(first)
    model, window = desk.controller.model, desk.window
    assert title(desk, Column.PERCENTILE) == "LaMem percentile"
    before = model.standing.percentile(first)
    choose(desk, "Library", "MemCat food")
    assert title(desk, Column.PERCENTILE) == "MemCat food percentile"
    assert model.standing.percentile(first) != before
    desk.wait(lambda: "MemCat food" in desk.labels())
    assert "LaMem" not in desk.labels()
    assert "MemCat food" in window.histogram.summary()
    assert window.filter_bar._percentile.title().startswith(("LaMem", "MemCat"))
    window.filter_bar.menu.aboutToShow.emit()
    assert window.filter_bar._percentile.title().replace("&", "") == "MemCat food Percentile"
    assert "MemCat food: Library" in window.status_line.text()
    desk.do("undo")
    assert title(desk, Column.PERCENTILE) == "LaMem percentile"
    assert "LaMem" in window.histogram.summary()
    desk.wait(lambda: "MemCat food" not in desk.labels())
    desk.do("redo")
    assert title(desk, Column.PERCENTILE) == "MemCat food percentile"


def test_the_percentile_filter_follows_the_reference(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(5))
    model = desk.controller.model
    of_lamem = {i: model.standing.percentile(i) for i in ids}
    choose(desk, "Library", "MemCat food")
    of_food = {i: model.standing.percentile(i) for i in ids}
    best = max(ids, key=lambda i: abs((of_lamem[i] or 0) - (of_food[i] or 0)))
    edge = ((of_lamem[best] or 0) + (of_food[best] or 0)) / 2
    model.set_filter(Filter().where("percentiles", Range(edge, 100.0)))
    assert (best in desk.rows()) is ((of_food[best] or 0) >= edge)
    desk.do("undo")
    desk.wait(lambda: (best in desk.rows()) is ((of_lamem[best] or 0) >= edge))


def test_a_selection_and_a_folder_have_references_of_their_own(
    desk: Desk, make_pictures: MakePictures
) -> None:
    here, there = make_pictures(3, "here"), make_pictures(2, "there")
    ids = desk.add(*here, *there)
    of_here = [i for i in ids if desk.controller.library.paths[i] in map(str, here)]
    of_there = [i for i in ids if i not in of_here]
    model = desk.controller.model
    desk.select(of_here[0])
    choose(desk, "Selection (1 Image)", "MemCat sports")
    assert model.reference_of(of_here[0]).name == "MemCat sports"
    assert model.reference_of(of_here[1]).name == "LaMem"
    assert title(desk, Column.PERCENTILE) == "Percentile"
    assert desk.cell(of_here[0], Column.REFERENCE) == "MemCat sports"
    desk.wait(lambda: "MemCat sports" in desk.labels())
    desk.select(of_there[0])
    choose(desk, "Folder “there”", "MemCat landscapes")
    assert {model.reference_of(i).name for i in of_there} == {"MemCat landscapes"}
    desk.add(*make_pictures(4, "there")[2:], *make_pictures(1, "there/below"))
    added = [i for i in desk.rows() if i not in ids]
    assert len(added) == 3
    assert {model.reference_of(i).name for i in added} == {"MemCat landscapes"}, "images that come later"
    for _ in range(2):
        desk.do("undo")
    assert {model.reference_of(i).name for i in desk.rows()} == {"LaMem"}


def test_the_list_of_references_opens_once_and_compares_the_library(
    desk: Desk, make_pictures: MakePictures
) -> None:
    desk.do("references")
    dialog = desk.opened(ReferencesDialog)
    desk.do("references")
    assert len(desk.window.findChildren(ReferencesDialog)) == 1
    desk.add(*make_pictures(2))
    QTest.keyClick(dialog._list, Qt.Key.Key_Down)
    QTest.keyClick(dialog._list, Qt.Key.Key_Return)
    assert desk.controller.model.reference.name != "LaMem"
    assert desk.controller.model.reference.name in title(desk, Column.PERCENTILE)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    desk.wait(lambda: desk.is_closed(ReferencesDialog))
    desk.do("undo")
    assert desk.controller.model.reference.name == "LaMem"


def test_the_window_begins_with_the_reference_chosen_last(
    desk: Desk, controller: Controller, scorer: BrightnessScorer, tmp_path: Path
) -> None:
    choose(desk, "Library", "MemCat food")
    desk.window.close_without_asking()
    controller.model.set_default_reference("lamem")

    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    assert compare_as_last(controller.model, settings) is None
    sessions = Sessions(controller, lambda: scorer, None, controller)
    again = MainWindow(controller, sessions, settings)
    assert "MemCat food" in again.histogram.summary()
    assert title(desk, Column.PERCENTILE) == "MemCat food percentile"
    assert not sessions.is_modified, "nobody has changed anything"
    again.close_without_asking()
    again.deleteLater()
