"""The columns of the ranking: what their titles say, and whether there is room for them."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt

from resmem_gui.ui.browsing.ranking_view import RankingView
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.window.main_window import MainWindow


def title(ranking: RankingView, column: Column) -> str:
    return str(ranking.model().headerData(column, Qt.Orientation.Horizontal))


def test_a_column_gets_room_for_the_name_of_another_reference(
    window: MainWindow, controller: Controller
) -> None:
    header = window.ranking.horizontalHeader()
    header.resizeSection(Column.PERCENTILE, 60)
    score = header.sectionSize(Column.SCORE)
    controller.model.set_default_reference("memcat-landscape")
    needed = header.fontMetrics().horizontalAdvance("MemCat landscapes percentile")
    assert title(window.ranking, Column.PERCENTILE) == "MemCat landscapes percentile"
    assert header.sectionSize(Column.PERCENTILE) > needed
    assert header.sectionSize(Column.SCORE) == score


def test_no_column_leaves_the_view_for_a_title(
    window: MainWindow,
    controller: Controller,
    make_images: Callable[..., list[Path]],
    settle: Callable[[], None],
) -> None:
    window.add_paths([str(path) for path in make_images(2)])
    settle()
    ranking, header = window.ranking, window.ranking.horizontalHeader()
    ranking.setColumnHidden(Column.FOLDER, True)
    too_wide = header.length() - ranking.viewport().width()
    header.resizeSection(Column.NAME, header.sectionSize(Column.NAME) - too_wide - 30)
    before = header.sectionSize(Column.PERCENTILE)
    assert header.length() == ranking.viewport().width(), "there is a little room, and not enough"
    controller.model.set_default_reference("memcat-landscape")
    assert header.length() == ranking.viewport().width()
    assert before < header.sectionSize(Column.PERCENTILE) < header.sectionSizeHint(Column.PERCENTILE)


def test_a_wide_column_stays_as_wide_as_it_is(window: MainWindow, controller: Controller) -> None:
    header = window.ranking.horizontalHeader()
    header.resizeSection(Column.PERCENTILE, 333)
    controller.model.set_default_reference("memcat-landscape")
    assert header.sectionSize(Column.PERCENTILE) == 333


def test_a_hidden_column_stays_hidden(window: MainWindow, controller: Controller) -> None:
    window.ranking.setColumnHidden(Column.PERCENTILE, True)
    controller.model.set_default_reference("memcat-landscape")
    assert window.ranking.horizontalHeader().sectionSize(Column.PERCENTILE) == 0


def test_the_menu_of_columns_names_the_reference_of_now(window: MainWindow, controller: Controller) -> None:
    texts = {action.text() for action in window.ranking.column_actions}
    assert "LaMem percentile" in texts
    controller.model.set_default_reference("memcat")
    texts = {action.text() for action in window.ranking.column_actions}
    assert "MemCat percentile" in texts
    assert "LaMem percentile" not in texts


def test_a_title_without_room_loses_its_end(window: MainWindow) -> None:
    assert window.ranking.horizontalHeader().textElideMode() == Qt.TextElideMode.ElideRight


def test_every_column_can_be_shown_from_nothing(window: MainWindow) -> None:
    ranking, header = window.ranking, window.ranking.horizontalHeader()
    for column, action in zip(Column, ranking.column_actions, strict=True):
        if action.isEnabled() and action.isChecked():
            action.setChecked(False)
        header.resizeSection(column, 0)
        action.setChecked(True)
        assert ranking.columnWidth(column) >= header.minimumSectionSize(), column
