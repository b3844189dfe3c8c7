"""What files say of themselves: sorted and filtered by it, shown in columns, read only when it is needed."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QByteArray, QPoint, QSettings, Qt
from PySide6.QtGui import QAction, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHeaderView, QMenu
from pytestqt.qtbot import QtBot

from resmem_gui.images.headers import Header, read_header
from resmem_gui.library.filtering import Filter, Orientation
from resmem_gui.library.library import Library
from resmem_gui.library.records import Status
from resmem_gui.ui.choosing.choose_panel import ChoosePanel
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.rows import headers as headers_module
from resmem_gui.ui.rows.columns import SHOWN_FIRST, Column
from resmem_gui.ui.sessions.sessions import Sessions
from resmem_gui.ui.window.main_window import MainWindow
from resmem_gui.ui.window.menus import ColumnsMenu, SortMenu
from tests.ui.conftest import WAIT_MS, BrightnessScorer

Settle = Callable[[], None]
MakeImages = Callable[..., list[Path]]
Descending = Qt.SortOrder.DescendingOrder
#: Name, width, height, when it was taken, stars.
FILES = (
    ("a.jpg", 60, 40, "2021:05:01 10:00:00", 2),
    ("b.png", 40, 60, "", 0),
    ("c.jpg", 120, 30, "2019:12:31 23:59:59", 5),
    ("d.tif", 30, 30, "", 2),
    ("e.jpg", 60, 40, "2021:05:01 10:00:00", 0),
    ("f.png", 20, 10, "", 0),
)
BROKEN = "broken.jpg"


def write_image(path: Path, width: int, height: int, taken: str) -> None:
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    grey = (width * 7) % 200
    Image.new("RGB", (width, height), (grey, grey, grey)).save(path, exif=exif)


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Seven files, one of them no image, the newest first."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for name, width, height, taken, _ in FILES:
        write_image(folder / name, width, height, taken)
    (folder / BROKEN).write_text("no image")
    written = [*(folder / name for name, *_ in FILES), folder / BROKEN]
    for number, path in enumerate(written):
        os.utime(path, (1_700_000_000 - 86_400 * number,) * 2)
    return written


@pytest.fixture
def waiting(
    qtbot: QtBot, window: MainWindow, controller: Controller, scorer: BrightnessScorer, paths: list[Path]
) -> Controller:
    """The controller with images that wait for their scores."""
    scorer.gate.clear()
    controller.add_paths([str(path) for path in paths])
    qtbot.waitUntil(lambda: controller.model.rowCount() == len(paths), timeout=WAIT_MS)
    rate(controller.library)
    window.activateWindow()
    return controller


@pytest.fixture
def scored(waiting: Controller, scorer: BrightnessScorer, settle: Settle) -> Controller:
    """The same when they are scored, as far as they can be."""
    scorer.gate.set()
    settle()
    assert waiting.library.count(Status.SCORED) == len(FILES)
    return waiting


def rate(library: Library) -> None:
    stars = {name: rating for name, *_, rating in FILES}
    for image_id, path in enumerate(library.paths):
        library.ratings[image_id] = stars.get(os.path.basename(path), 0)


def names(controller: Controller) -> list[str]:
    paths = controller.library.paths
    return [os.path.basename(paths[image_id]) for image_id in controller.model.order]


def values(controller: Controller, column: Column) -> dict[str, Any]:
    """Return by what files are to be sorted, None where there is nothing."""
    paths = {os.path.basename(path): path for path in controller.library.paths}
    facts = {name: (width, height, taken, stars) for name, width, height, taken, stars in FILES}
    states = {name: Path(path).stat() for name, path in paths.items()}
    match column:
        case Column.TAKEN:
            return {name: facts[name][2] or None if name in facts else None for name in paths}
        case Column.CHANGED:
            return {name: state.st_mtime for name, state in states.items()}
        case Column.FILE_SIZE:
            return {name: state.st_size for name, state in states.items()}
        case Column.DIMENSIONS:
            return {name: facts[name][0] * facts[name][1] if name in facts else None for name in paths}
        case Column.ASPECT:
            return {name: facts[name][0] / facts[name][1] if name in facts else None for name in paths}
        case Column.KIND:
            return {name: name.rpartition(".")[2] for name in paths}
        case Column.RATING:
            return {name: facts[name][3] or None if name in facts else None for name in paths}
    return {os.path.basename(path): number for number, path in enumerate(controller.library.paths)}


def in_order(controller: Controller, column: Column, *, descending: bool) -> list[str]:
    """Return the names as they are to stand: stable, those without a value at the end."""
    by_name = values(controller, column)
    added = [os.path.basename(path) for path in controller.library.paths]
    known = [name for name in added if by_name[name] is not None]
    # reverse=True keeps equal ones in their order, as sorting does
    return sorted(known, key=by_name.__getitem__, reverse=descending) + [
        name for name in added if by_name[name] is None
    ]


COLUMNS = (
    Column.TAKEN,
    Column.CHANGED,
    Column.FILE_SIZE,
    Column.DIMENSIONS,
    Column.ASPECT,
    Column.KIND,
    Column.RATING,
    Column.THUMBNAIL,
)


def wait_for_order(qtbot: QtBot, controller: Controller, wanted: list[str]) -> None:
    qtbot.waitUntil(lambda: names(controller) == wanted, timeout=WAIT_MS)


def sort_both_ways(qtbot: QtBot, window: MainWindow, controller: Controller, column: Column) -> None:
    actions = window.actions_by_name
    actions[f"sort_{column.name.lower()}"].trigger()
    for _ in range(2):
        descending = controller.model.sort_order is Descending
        wait_for_order(qtbot, controller, in_order(controller, column, descending=descending))
        actions["sort_reverse"].trigger()
        assert (controller.model.sort_order is Descending) is not descending


# Sorting


@pytest.mark.parametrize("column", COLUMNS)
def test_images_that_wait_are_sorted(
    qtbot: QtBot, window: MainWindow, waiting: Controller, column: Column
) -> None:
    sort_both_ways(qtbot, window, waiting, column)
    assert waiting.library.count(Status.SCORED) == 0


def test_scored_images_are_sorted(qtbot: QtBot, window: MainWindow, scored: Controller) -> None:
    for column in COLUMNS:
        sort_both_ways(qtbot, window, scored, column)


def test_the_latest_the_largest_and_the_best_come_first(window: MainWindow, scored: Controller) -> None:
    for name, first in (("changed", "a.jpg"), ("dimensions", "c.jpg"), ("rating", "c.jpg")):
        window.actions_by_name[f"sort_{name}"].trigger()
        assert names(scored)[0] == first
    window.actions_by_name["sort_thumbnail"].trigger()
    assert names(scored)[0] == os.path.basename(scored.library.paths[0])


def test_a_click_on_a_header_sorts_and_a_second_one_turns_it_round(
    qtbot: QtBot, window: MainWindow, scored: Controller
) -> None:
    header = window.ranking.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(Column.DIMENSIONS) + 20, header.height() // 2)
    for descending in (True, False):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
        qtbot.waitUntil(lambda: scored.model.sort_column is Column.DIMENSIONS)
        assert names(scored) == in_order(scored, Column.DIMENSIONS, descending=descending)
        assert header.sortIndicatorSection() == Column.DIMENSIONS


def test_keys_sort(window: MainWindow, scored: Controller) -> None:
    window.grid.selectAll()
    window.grid.setFocus()
    ratings = scored.library.ratings.tolist()
    control = Qt.KeyboardModifier.ControlModifier
    for key, column in (
        (Qt.Key.Key_2, Column.NAME),
        (Qt.Key.Key_3, Column.TAKEN),
        (Qt.Key.Key_4, Column.RATING),
        (Qt.Key.Key_1, Column.RANK),
    ):
        QTest.keyClick(window.grid, key, control)
        assert scored.model.sort_column is column
        assert window.ranking.horizontalHeader().sortIndicatorSection() == column
        before = scored.model.sort_order
        QTest.keyClick(window.grid, Qt.Key.Key_0, control)
        assert scored.model.sort_order is not before
    assert scored.library.ratings.tolist() == ratings, "Ctrl and a digit rate nothing"


def test_the_menu_checks_by_what_rows_are_sorted(window: MainWindow, scored: Controller) -> None:
    (menu,) = window.findChildren(SortMenu)
    QTest.mouseClick(
        window.ranking.horizontalHeader().viewport(),
        Qt.MouseButton.LeftButton,
        pos=QPoint(window.ranking.horizontalHeader().sectionViewportPosition(Column.NAME) + 20, 8),
    )
    assert scored.model.sort_column is Column.NAME
    menu.aboutToShow.emit()
    assert [action.data() for action in menu.actions() if action.isChecked()] == [int(Column.NAME)]


# Reading


def test_nothing_is_read_before_it_is_asked_for(
    qtbot: QtBot, window: MainWindow, waiting: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("headers")]
    assert not waiting.library.headers_read.any()
    window.actions_by_name["sort_taken"].trigger()
    qtbot.waitUntil(lambda: bool(waiting.library.headers_read.all()), timeout=WAIT_MS)


def test_each_file_is_read_once(
    qtbot: QtBot, window: MainWindow, waiting: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counting(path: str) -> Header:
        read.append(path)
        return read_header(path)

    monkeypatch.setattr(headers_module, "read_header", counting)
    window.actions_by_name["sort_taken"].trigger()
    qtbot.waitUntil(lambda: bool(waiting.library.headers_read.all()), timeout=WAIT_MS)
    window.actions_by_name["sort_aspect"].trigger()
    qtbot.wait(1100)  # longer than the interval at which it looks
    assert sorted(read) == sorted(waiting.library.paths)


def test_a_file_that_vanishes_meanwhile_stands_at_the_end(
    qtbot: QtBot, window: MainWindow, waiting: Controller, paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = str(paths[0])

    def vanishing(path: str) -> Header:
        if path == gone:
            paths[0].unlink()
        return read_header(path)

    monkeypatch.setattr(headers_module, "read_header", vanishing)
    window.actions_by_name["sort_changed"].trigger()
    qtbot.waitUntil(lambda: bool(waiting.library.headers_read.all()), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: names(waiting)[-1] == "a.jpg", timeout=WAIT_MS)
    assert names(waiting)[0] == "b.png"
    row = names(waiting).index("a.jpg")
    assert waiting.model.index(row, Column.CHANGED).data() == ""


def taken_of(controller: Controller, path: Path) -> str:
    image_id = controller.library.id_of(str(path))
    assert image_id is not None
    row = controller.model.row_of(image_id)
    assert row is not None
    text: str = controller.model.index(row, Column.TAKEN).data()
    return text


def test_a_changed_file_is_read_again(
    qtbot: QtBot, window: MainWindow, scored: Controller, paths: list[Path], settle: Settle
) -> None:
    window.actions_by_name["sort_taken"].trigger()
    qtbot.waitUntil(lambda: taken_of(scored, paths[0]) == "2021-05-01 10:00", timeout=WAIT_MS)
    write_image(paths[0], 60, 40, "1999:01:01 00:00:00")
    image_id = scored.library.id_of(str(paths[0]))
    assert image_id is not None
    scored.runs.look_again([image_id])
    settle()
    qtbot.waitUntil(lambda: taken_of(scored, paths[0]) == "1999-01-01 00:00", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: names(scored)[:3] == ["e.jpg", "c.jpg", "a.jpg"], timeout=WAIT_MS)


def test_a_relinked_file_is_read(
    qtbot: QtBot, window: MainWindow, scored: Controller, paths: list[Path], tmp_path: Path
) -> None:
    moved = tmp_path / "moved.jpg"
    image_id = scored.library.id_of(str(paths[2]))
    assert image_id is not None
    paths[2].rename(moved)
    scored.mark_missing([image_id], missing=True)
    window.actions_by_name["sort_taken"].trigger()
    qtbot.waitUntil(lambda: taken_of(scored, paths[0]) != "", timeout=WAIT_MS)
    assert taken_of(scored, paths[2]) == "", "a missing file is not looked for"
    scored.relink({image_id: str(moved)}, [])
    qtbot.waitUntil(lambda: taken_of(scored, moved) == "2019-12-31 23:59", timeout=WAIT_MS)


def test_images_added_later_are_read_too(
    qtbot: QtBot, window: MainWindow, waiting: Controller, tmp_path: Path
) -> None:
    window.actions_by_name["sort_taken"].trigger()
    qtbot.waitUntil(lambda: bool(waiting.library.headers_read.all()), timeout=WAIT_MS)
    late = tmp_path / "late.jpg"
    write_image(late, 10, 10, "2030:01:01 00:00:00")
    waiting.add_paths([str(late)])
    qtbot.waitUntil(lambda: names(waiting)[0] == "late.jpg", timeout=WAIT_MS)


def test_many_headers_are_counted_in_the_status_line(
    qtbot: QtBot, window: MainWindow, controller: Controller
) -> None:
    controller.model.add([f"/nowhere/{number}.jpg" for number in range(700)])
    window.actions_by_name["sort_taken"].trigger()
    assert "Reading dates and sizes: 700 images left" in window.status_line.text()
    qtbot.waitUntil(lambda: bool(controller.library.headers_read.all()), timeout=WAIT_MS)


# Filtering


def test_images_that_wait_are_filtered_by_their_shape(
    qtbot: QtBot, window: MainWindow, waiting: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = threading.Event()

    def held(path: str) -> Header:
        allowed.wait(WAIT_MS / 1000)
        return read_header(path)

    monkeypatch.setattr(headers_module, "read_header", held)
    waiting.model.set_filter(Filter(orientations=frozenset({Orientation.PORTRAIT})))
    assert waiting.model.rowCount() == 0, "their sizes are unknown"
    allowed.set()
    qtbot.waitUntil(lambda: names(waiting) == ["b.png"], timeout=WAIT_MS)
    assert window.grid.isVisible()
    waiting.model.set_filter(Filter(orientations=frozenset({Orientation.SQUARE, Orientation.LANDSCAPE})))
    assert sorted(names(waiting)) == ["a.jpg", "c.jpg", "d.tif", "e.jpg", "f.png"]


# Columns


def column_action(window: MainWindow, column: Column) -> QAction:
    return window.ranking.column_actions[column]


def test_a_column_that_is_shown_has_its_files_read(
    qtbot: QtBot, window: MainWindow, scored: Controller, paths: list[Path]
) -> None:
    assert window.ranking.isColumnHidden(Column.TAKEN)
    column_action(window, Column.TAKEN).trigger()
    assert not window.ranking.isColumnHidden(Column.TAKEN)
    assert window.ranking.columnWidth(Column.TAKEN) > 50
    qtbot.waitUntil(lambda: taken_of(scored, paths[0]) == "2021-05-01 10:00", timeout=WAIT_MS)
    assert scored.model.sort_column is Column.RANK


def test_header_and_view_menu_offer_the_same_columns(window: MainWindow, scored: Controller) -> None:
    header = window.ranking.horizontalHeader()
    (menu,) = window.findChildren(ColumnsMenu)
    assert header.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu
    assert menu.actions() == header.actions() == window.ranking.column_actions
    view = next(entry.menu() for entry in window.menuBar().actions() if entry.text() == "&View")
    assert isinstance(view, QMenu)
    assert menu in [entry.menu() for entry in view.actions()]
    assert {Column(place) for place, action in enumerate(menu.actions()) if action.isChecked()} == set(
        SHOWN_FIRST
    )
    assert not column_action(window, Column.NAME).isEnabled(), "without a name a row says nothing"
    menu.actions()[Column.FOLDER].trigger()
    assert window.ranking.isColumnHidden(Column.FOLDER)
    assert not header.actions()[Column.FOLDER].isChecked()
    menu.actions()[Column.FOLDER].trigger()
    assert not window.ranking.isColumnHidden(Column.FOLDER)


def test_columns_are_remembered(
    qtbot: QtBot,
    window: MainWindow,
    scored: Controller,
    paths: list[Path],
    other_window: Callable[[], MainWindow],
) -> None:
    column_action(window, Column.TAKEN).trigger()
    column_action(window, Column.STATUS).trigger()
    header = window.ranking.horizontalHeader()
    header.moveSection(header.visualIndex(Column.TAKEN), 1)
    header.resizeSection(Column.TAKEN, 177)
    shown = window.ranking.shown_columns
    assert shown == (set(SHOWN_FIRST) | {Column.TAKEN}) - {Column.STATUS}
    window.actions_by_name["sort_name"].trigger()
    other = other_window()
    header = other.ranking.horizontalHeader()
    assert other.ranking.shown_columns == shown
    assert header.visualIndex(Column.TAKEN) == 1
    assert header.sectionSize(Column.TAKEN) == 177
    assert column_action(other, Column.TAKEN).isChecked()
    assert not column_action(other, Column.STATUS).isChecked()
    assert header.sortIndicatorSection() == Column.NAME, "as the rows are sorted"
    qtbot.waitUntil(lambda: taken_of(scored, paths[0]) == "2021-05-01 10:00", timeout=WAIT_MS)


def test_columns_remembered_by_an_older_version_leave_the_new_ones_hidden(
    window: MainWindow, tmp_path: Path, other_window: Callable[[], MainWindow]
) -> None:
    older = QHeaderView(Qt.Orientation.Horizontal)
    older.setModel(QStandardItemModel(0, 8, older))
    older.resizeSection(Column.FOLDER, 222)
    older.moveSection(Column.SCORE, 1)
    state: QByteArray = older.saveState()
    window.close_without_asking()
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    settings.setValue("ranking/columns", state)
    settings.remove("ranking/column_count")
    settings.sync()
    other = other_window()
    header = other.ranking.horizontalHeader()
    assert header.sectionSize(Column.FOLDER) == 222
    assert header.visualIndex(Column.SCORE) == 1
    assert other.ranking.shown_columns == set(SHOWN_FIRST)
    column_action(other, Column.TAKEN).trigger()
    assert header.sectionSize(Column.TAKEN) > 50


# The end


def test_a_window_that_closes_while_headers_are_read_leaves_no_thread(
    window: MainWindow, waiting: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def slow(path: str) -> Header:
        begun.set()
        return read_header(path)

    monkeypatch.setattr(headers_module, "read_header", slow)
    window.actions_by_name["sort_taken"].trigger()
    assert begun.wait(WAIT_MS / 1000)
    window.close_without_asking()
    waiting.headers.look()


def test_the_order_is_remembered_over_a_restart(
    qtbot: QtBot, window: MainWindow, controller: Controller, scorer: BrightnessScorer
) -> None:
    window.ranking.sort_by(Column.TAKEN, Qt.SortOrder.DescendingOrder)
    settings = window._settings
    window.close()
    controller.model.sort(Column.RANK, Qt.SortOrder.AscendingOrder)
    second = MainWindow(controller, Sessions(controller, lambda: scorer, None, controller), settings)
    qtbot.addWidget(second)
    assert (controller.model.sort_column, controller.model.sort_order) == (
        Column.TAKEN,
        Qt.SortOrder.DescendingOrder,
    )
    assert second.ranking.horizontalHeader().sortIndicatorSection() == Column.TAKEN
    second.close_without_asking()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_dates_are_read_while_the_best_are_chosen(
    qtbot: QtBot, window: MainWindow, scored: Controller
) -> None:
    library, headers = scored.library, scored.headers
    headers.show_columns([])
    assert not headers.are_wanted
    assert np.isnan(library.taken).all()
    window.actions_by_name["choose_best"].trigger()
    (panel,) = window.findChildren(ChoosePanel)
    qtbot.waitUntil(lambda: np.count_nonzero(~np.isnan(library.taken)) == 3, timeout=WAIT_MS)
    QTest.mouseClick(panel.distinct, Qt.MouseButton.LeftButton, pos=QPoint(8, panel.distinct.height() // 2))
    assert not headers.are_wanted
    panel.close()
