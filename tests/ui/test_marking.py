"""Stars, picks and removals by key: in the grid, the loupe and a comparison, and how each is undone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from resmem_gui.library.filtering import Filter
from resmem_gui.library.records import Pick, Status
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.running.run import RunState
from resmem_gui.ui.sessions.sessions import Sessions
from resmem_gui.ui.window.main_window import MainWindow
from tests.ui.conftest import WAIT_MS, BrightnessScorer
from tests.ui.test_sessions import aged

Keys = Qt.Key
Settle = Callable[[], None]
MakeImages = Callable[..., list[Path]]
CTRL = Qt.KeyboardModifier.ControlModifier
CTRL_SHIFT = CTRL | Qt.KeyboardModifier.ShiftModifier


class Desk:
    """A window with five scored images, the most memorable first."""

    def __init__(self, qtbot: QtBot, window: MainWindow, controller: Controller) -> None:
        self.qtbot = qtbot
        self.window = window
        self.controller = controller
        self.library = controller.library
        self.model = controller.model
        self.ids: list[int] = controller.model.order.tolist()
        self.history = window.tools.history
        window.activateWindow()
        window.grid.setFocus()

    def select(self, *rows: int) -> None:
        ids = [self.model.image_id(row) for row in rows]
        self.window.selection_keeper.select(ids, ids[0])

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        focused = self.window.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key, modifiers)

    def undo(self) -> None:
        self.press(Keys.Key_Z, CTRL)

    def redo(self) -> None:
        self.press(Keys.Key_Z, CTRL_SHIFT)

    def loupe(self, row: int) -> None:
        self.select(row)
        self.press(Keys.Key_Return)
        assert self.window.tools.stage.page is self.window.tools.stage.loupe

    def compare(self, *rows: int) -> None:
        self.select(*rows)
        self.press(Keys.Key_C)
        assert self.window.tools.stage.page is self.window.tools.stage.compare

    def set_filter(self, wanted: Filter) -> None:
        self.model.set_filter(wanted)

    def action_text(self, name: str) -> str:
        return self.window.actions_by_name[name].text()

    @property
    def looked_at(self) -> int | None:
        return self.window.tools.stage.loupe.current_id

    @property
    def selected(self) -> list[int]:
        return self.window.selected_ids()

    @property
    def said(self) -> str:
        return self.window.status_line.text()

    @property
    def ratings(self) -> list[int]:
        """The stars of all, the most memorable first."""
        return [int(self.library.ratings[image_id]) for image_id in self.ids]

    @property
    def picks(self) -> list[int]:
        return [int(self.library.picks[image_id]) for image_id in self.ids]


@pytest.fixture
def desk(
    qtbot: QtBot, window: MainWindow, controller: Controller, make_images: MakeImages, settle: Settle
) -> Desk:
    controller.add_paths([str(path) for path in aged(*make_images(5))])
    settle()
    return Desk(qtbot, window, controller)


STARS = [(Keys(Keys.Key_0 + stars), stars) for stars in range(6)]
PICKS = [(Keys.Key_P, Pick.PICKED), (Keys.Key_X, Pick.REJECTED), (Keys.Key_U, Pick.NONE)]


# Keys


def test_digits_give_stars_in_the_grid(desk: Desk) -> None:
    desk.select(1)
    for key, stars in [*reversed(STARS), *STARS]:
        desk.press(key)
        assert desk.ratings == [0, stars, 0, 0, 0]
        what = "★" * stars + "☆" * (5 - stars) if stars else "No stars"
        assert f"{what}: 1 image" in desk.said


def test_letters_pick_and_reject_in_the_grid(desk: Desk) -> None:
    desk.select(2)
    for (key, pick), said in zip(PICKS, ("Picked", "Rejected", "Unmarked"), strict=True):
        desk.press(key)
        assert desk.picks == [0, 0, pick, 0, 0]
        assert f"{said}: 1 image" in desk.said


def test_keys_mark_all_selected_images_and_no_other(desk: Desk) -> None:
    desk.select(0, 2, 3)
    desk.press(Keys.Key_4)
    desk.press(Keys.Key_P)
    assert desk.ratings == [4, 0, 4, 4, 0]
    assert desk.picks == [1, 0, 1, 1, 0]
    assert "Picked: 3 images" in desk.said
    assert desk.selected == [desk.ids[0], desk.ids[2], desk.ids[3]]


def test_without_a_selection_keys_mark_nothing(desk: Desk) -> None:
    desk.window.grid.clearSelection()
    for key in (Keys.Key_5, Keys.Key_X, Keys.Key_Delete):
        desk.press(key)
    assert desk.ratings == [0] * 5
    assert desk.picks == [0] * 5
    assert desk.library.present_count == 5
    assert desk.history.stack.count() == 0


def test_keys_mark_in_the_table(desk: Desk) -> None:
    desk.select(1)
    desk.window.ranking.setFocus()
    desk.press(Keys.Key_2)
    desk.press(Keys.Key_X)
    assert (desk.ratings[1], desk.picks[1]) == (2, -1)


def test_keys_in_the_loupe_mark_the_image_that_is_shown(desk: Desk) -> None:
    desk.loupe(1)
    desk.press(Keys.Key_Right)
    for key, stars in [*STARS, STARS[3]]:
        desk.press(key)
        assert desk.ratings == [0, 0, stars, 0, 0]
    for key, pick in PICKS:
        desk.press(key)
        assert desk.picks == [0, 0, pick, 0, 0]
    assert "Unmarked: 1 image" in desk.said


def test_keys_in_a_comparison_mark_the_image_with_the_focus(desk: Desk) -> None:
    desk.compare(0, 1, 3)
    desk.press(Keys.Key_Tab)
    for key, stars in [*STARS, STARS[5]]:
        desk.press(key)
        assert desk.ratings == [0, stars, 0, 0, 0]
    for key, pick in PICKS:
        desk.press(key)
        assert desk.picks == [0, pick, 0, 0, 0]
    assert desk.window.tools.stage.compare.image_ids == [desk.ids[0], desk.ids[1], desk.ids[3]]


def test_digits_typed_into_the_search_field_rate_nothing(desk: Desk) -> None:
    desk.select(0, 1)
    desk.press(Keys.Key_F, CTRL)
    search = desk.window.filter_bar.search
    assert search.hasFocus()
    for key in (Keys.Key_3, Keys.Key_P, Keys.Key_X, Keys.Key_U, Keys.Key_0):
        desk.press(key)
    assert search.text() == "3pxu0"
    assert desk.ratings == [0] * 5
    assert desk.picks == [0] * 5
    desk.undo()  # in the field: what was typed
    assert search.text() == ""


# What is said


def test_cells_table_and_screen_reader_tell_marks(desk: Desk) -> None:
    desk.select(0)
    desk.press(Keys.Key_3)
    desk.press(Keys.Key_P)
    name = desk.model.index(0, Column.NAME)
    assert desk.model.cell(0).marks == "✓ ★★★"
    assert desk.model.index(0, Column.RATING).data() == "✓ ★★★"
    spoken = name.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith(", 3 stars, picked")
    desk.press(Keys.Key_X)
    desk.press(Keys.Key_1)
    assert desk.model.cell(0).rejected
    assert desk.model.cell(0).marks == "✗ ★"
    assert name.data(Qt.ItemDataRole.AccessibleTextRole).endswith(", 1 star, rejected")
    desk.press(Keys.Key_0)
    desk.press(Keys.Key_U)
    assert desk.model.cell(0).marks == ""
    assert "star" not in name.data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_loupe_tells_marks_at_once(desk: Desk) -> None:
    desk.loupe(0)
    desk.press(Keys.Key_4)
    canvas = desk.window.tools.stage.loupe.canvas
    assert "4 stars" in canvas.accessibleName()
    desk.undo()
    assert "star" not in canvas.accessibleName()


def test_only_what_is_marked_is_drawn_again(desk: Desk) -> None:
    desk.select(3)
    with desk.qtbot.waitSignal(desk.model.dataChanged) as changed:
        desk.press(Keys.Key_2)
    assert (changed.args[0].row(), changed.args[1].row()) == (3, 3)


# Going on


def test_go_on_after_each_mark_in_the_grid(desk: Desk, tmp_path: Path) -> None:
    desk.window.actions_by_name["advance"].trigger()
    desk.select(2)
    desk.press(Keys.Key_3)
    desk.press(Keys.Key_P)
    assert desk.ratings == [0, 0, 3, 0, 0]
    assert desk.picks == [0, 0, 0, 1, 0]
    assert desk.selected == [desk.ids[4]]
    assert desk.window.grid.currentIndex().row() == 4
    desk.press(Keys.Key_5)
    desk.press(Keys.Key_4)
    assert desk.ratings == [0, 0, 3, 0, 4], "it stays at the last image"
    assert desk.selected == [desk.ids[4]]
    kept = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    desk.window.close()
    assert kept.value("marking/advance") == "yes"


def test_going_on_is_for_single_images_only_and_can_be_ended(desk: Desk) -> None:
    action = desk.window.actions_by_name["advance"]
    action.trigger()
    desk.select(0, 1)
    desk.press(Keys.Key_3)
    assert desk.selected == desk.ids[:2]
    action.trigger()
    desk.select(0)
    desk.press(Keys.Key_5)
    assert desk.selected == desk.ids[:1]


def test_go_on_after_each_mark_in_the_loupe(desk: Desk) -> None:
    desk.window.actions_by_name["advance"].trigger()
    desk.loupe(3)
    desk.press(Keys.Key_1)
    assert desk.looked_at == desk.ids[4]
    desk.press(Keys.Key_X)
    desk.press(Keys.Key_2)
    assert desk.looked_at == desk.ids[4]
    assert desk.ratings == [0, 0, 0, 1, 2]
    assert desk.picks == [0, 0, 0, 0, -1]


def test_sorted_by_stars_going_on_leads_to_the_image_that_was_next(desk: Desk) -> None:
    desk.window.actions_by_name["advance"].trigger()
    desk.window.actions_by_name["sort_rating"].trigger()
    first, second, third = desk.model.order.tolist()[:3]
    desk.select(1)
    desk.press(Keys.Key_5)
    assert desk.model.order.tolist()[:2] == [second, first]
    assert desk.selected == [third]


# With a filter


UNRATED = Filter(ratings=frozenset({0}))
UNDECIDED = Filter(picks=frozenset({Pick.NONE}))


@pytest.mark.parametrize(("wanted", "key"), [(UNRATED, Keys.Key_3), (UNDECIDED, Keys.Key_X)])
def test_what_a_filter_lets_go_leaves_its_place_to_the_next(desk: Desk, wanted: Filter, key: Qt.Key) -> None:
    desk.set_filter(wanted)
    desk.select(1)
    for left in (2, 3, 4):
        desk.press(key)
        assert desk.selected == [desk.ids[left]]
        assert desk.window.grid.currentIndex().row() == 1
    desk.press(key)
    assert desk.selected == [desk.ids[0]], "after the last one it is the one before"
    desk.press(key)
    assert desk.model.rowCount() == 0
    assert not desk.window.grid.isVisible()
    assert not desk.window.empty_state.isVisible()
    desk.undo()
    assert desk.window.grid.isVisible()
    assert desk.selected == [desk.ids[0]]
    assert desk.window.grid.hasFocus()


def test_several_that_leave_give_their_place_to_the_one_after_them(desk: Desk) -> None:
    desk.set_filter(UNRATED)
    desk.select(1, 2)
    desk.press(Keys.Key_2)
    assert desk.selected == [desk.ids[3]]
    desk.select(1, 2)
    desk.press(Keys.Key_2)
    assert desk.selected == [desk.ids[0]]


def test_the_loupe_goes_on_when_a_filter_lets_its_image_go(desk: Desk) -> None:
    desk.set_filter(UNRATED)
    desk.loupe(3)
    desk.press(Keys.Key_2)
    assert desk.looked_at == desk.ids[4]
    desk.press(Keys.Key_2)
    assert desk.looked_at == desk.ids[2]
    for _ in range(3):
        desk.press(Keys.Key_2)
    assert desk.window.tools.stage.page is None
    assert desk.model.rowCount() == 0
    assert desk.ratings == [2] * 5


def test_in_a_comparison_an_image_that_a_filter_lets_go_stays(desk: Desk) -> None:
    desk.set_filter(UNRATED)
    desk.compare(0, 1)
    desk.press(Keys.Key_2)
    desk.press(Keys.Key_4)
    assert desk.ratings == [4, 0, 0, 0, 0]
    assert desk.window.tools.stage.compare.image_ids == desk.ids[:2]


# Undo and redo


def test_ratings_and_picks_are_undone_and_done_again(desk: Desk) -> None:
    desk.select(0)
    desk.press(Keys.Key_2)
    desk.select(0, 1)
    desk.press(Keys.Key_4)
    desk.select(3)
    desk.press(Keys.Key_P)
    assert desk.action_text("undo") == "&Undo Pick 1 Image"
    desk.undo()
    assert desk.picks == [0] * 5
    assert desk.action_text("undo") == "&Undo Rate 2 Images"
    assert desk.action_text("redo") == "&Redo Pick 1 Image"
    desk.undo()
    assert desk.ratings == [2, 0, 0, 0, 0]
    desk.undo()
    assert desk.ratings == [0] * 5
    assert not desk.window.actions_by_name["undo"].isEnabled()
    for _ in range(3):
        desk.redo()
    assert desk.ratings == [4, 4, 0, 0, 0]
    assert desk.picks == [0, 0, 0, 1, 0]
    assert not desk.window.actions_by_name["redo"].isEnabled()


def test_undo_selects_what_it_changed(desk: Desk) -> None:
    desk.select(1, 3)
    desk.press(Keys.Key_5)
    desk.select(0)
    desk.undo()
    assert desk.selected == [desk.ids[1], desk.ids[3]]
    desk.select(4)
    desk.redo()
    assert desk.selected == [desk.ids[1], desk.ids[3]]


def test_undo_in_the_loupe_shows_what_it_changed(desk: Desk) -> None:
    desk.loupe(1)
    desk.press(Keys.Key_5)
    desk.press(Keys.Key_End)
    desk.undo()
    assert desk.looked_at == desk.ids[1]
    assert desk.ratings == [0] * 5


def test_undo_in_the_loupe_stays_at_an_image_that_it_changed(desk: Desk) -> None:
    desk.select(0, 1, 2)
    desk.press(Keys.Key_5)
    desk.loupe(1)
    desk.undo()
    assert desk.looked_at == desk.ids[1]


@pytest.mark.parametrize(
    ("key", "again", "text"),
    [
        (Keys.Key_3, Keys.Key_0, "Take the Stars from 1 Image"),
        (Keys.Key_P, Keys.Key_U, "Unmark 1 Image"),
        (Keys.Key_P, Keys.Key_X, "Reject 1 Image"),
    ],
)
def test_marking_the_same_again_makes_no_step(desk: Desk, key: Qt.Key, again: Qt.Key, text: str) -> None:
    desk.select(0)
    desk.press(key)
    desk.press(key)
    assert desk.history.stack.count() == 1
    desk.press(again)
    assert desk.history.stack.count() == 2
    assert desk.action_text("undo") == f"&Undo {text}"


def test_a_step_counts_only_what_it_changed(desk: Desk) -> None:
    desk.select(0)
    desk.press(Keys.Key_3)
    desk.select(0, 1, 2)
    desk.press(Keys.Key_3)
    assert desk.action_text("undo") == "&Undo Rate 2 Images"
    desk.undo()
    assert desk.ratings == [3, 0, 0, 0, 0]


def test_what_was_removed_comes_back_with_all_that_was_known(desk: Desk) -> None:
    desk.select(1, 2)
    desk.press(Keys.Key_3)
    scores = desk.library.scores.copy()
    desk.press(Keys.Key_Delete)
    assert desk.library.present_count == 3
    assert desk.controller.histogram.n == 3
    assert desk.selected == [desk.ids[3]]
    assert "Removed from the library: 2 images" in desk.said
    assert desk.action_text("undo") == "&Undo Remove 2 Images"
    desk.undo()
    assert desk.model.order.tolist() == desk.ids
    assert (desk.library.scores == scores).all()
    assert desk.controller.histogram.n == 5
    assert desk.ratings == [0, 3, 3, 0, 0]
    assert desk.selected == desk.ids[1:3]
    desk.redo()
    assert desk.library.present_count == 3


def test_only_delete_removes(desk: Desk) -> None:
    # The platform's own keys have Ctrl+D as well: Ctrl+Shift+D, the distribution, missed by a finger.
    remove = desk.window.actions_by_name["remove"]
    assert [key.toString() for key in remove.shortcuts()] == ["Del"]


def test_each_step_back_and_forth_is_said(desk: Desk) -> None:
    desk.select(1, 2)
    desk.press(Keys.Key_Delete)
    assert "Removed from the library: 2 images" in desk.said
    desk.undo()
    assert "Undone: Remove 2 Images" in desk.said
    desk.redo()
    assert "Undone" not in desk.said
    assert "Remove 2 Images" in desk.said
    desk.undo()
    desk.press(Keys.Key_3)
    assert "★★★☆☆: 2 images" in desk.said
    desk.window.actions_by_name["clear"].trigger()
    assert "Remove 5 Images" in desk.said
    desk.controller.clear()
    assert desk.window.tools.history.stack.count() == 0
    assert "Undone" not in desk.said, "there is nothing left of what could be undone"


def test_removing_the_last_row_selects_the_one_before(desk: Desk) -> None:
    desk.select(4)
    desk.press(Keys.Key_Delete)
    assert desk.selected == [desk.ids[3]]


def test_removing_in_the_loupe_shows_the_next(desk: Desk) -> None:
    desk.loupe(3)
    desk.press(Keys.Key_Delete)
    assert desk.looked_at == desk.ids[4]
    desk.press(Keys.Key_Delete)
    assert desk.looked_at == desk.ids[2]
    desk.undo()
    assert desk.looked_at == desk.ids[4]


def test_clear_library_is_undone(desk: Desk) -> None:
    desk.select(0)
    desk.press(Keys.Key_5)
    desk.window.actions_by_name["clear"].trigger()
    assert desk.window.empty_state.isVisible()
    assert desk.action_text("undo") == "&Undo Remove 5 Images"
    desk.undo()
    assert desk.window.grid.isVisible()
    assert desk.ratings == [5, 0, 0, 0, 0]
    assert desk.controller.histogram.n == 5
    desk.redo()
    assert desk.window.empty_state.isVisible()


def test_a_removed_image_that_was_added_again_is_not_there_twice(desk: Desk) -> None:
    path = desk.library.paths[desk.ids[0]]
    desk.select(0)
    desk.press(Keys.Key_Delete)
    desk.controller.add_paths([path])
    desk.qtbot.waitUntil(lambda: desk.library.count(Status.SCORED) == 5, timeout=WAIT_MS)
    desk.window.grid.setFocus()
    desk.undo()
    present = [record.path for record in desk.library.records()]
    assert sorted(present) == sorted(set(present))
    assert len(present) == 5
    desk.redo()
    assert desk.library.present_count == 5, "the image that was added since is another one"


def test_what_waited_when_it_was_removed_is_scored_when_it_is_back(
    qtbot: QtBot,
    window: MainWindow,
    controller: Controller,
    scorer: BrightnessScorer,
    make_images: MakeImages,
    settle: Settle,
) -> None:
    scorer.gate.clear()
    controller.add_paths([str(path) for path in make_images(6)])
    qtbot.waitUntil(lambda: controller.state is RunState.SCORING, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: controller.model.rowCount() == 6, timeout=WAIT_MS)
    desk = Desk(qtbot, window, controller)
    desk.select(0, 2, 5)
    desk.press(Keys.Key_Delete)
    assert controller.library.present_count == 3
    desk.undo()
    assert controller.library.count(Status.WAITING) == 6
    scorer.gate.set()
    settle()
    assert controller.library.count(Status.SCORED) == 6
    assert controller.histogram.n == 6


def test_a_cleared_library_that_was_being_scored_goes_on_after_undo(
    qtbot: QtBot,
    window: MainWindow,
    controller: Controller,
    scorer: BrightnessScorer,
    make_images: MakeImages,
    settle: Settle,
) -> None:
    scorer.gate.clear()
    controller.add_paths([str(path) for path in make_images(4)])
    qtbot.waitUntil(lambda: controller.state is RunState.SCORING, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: controller.model.rowCount() == 4, timeout=WAIT_MS)
    window.actions_by_name["clear"].trigger()
    assert controller.state is RunState.IDLE
    window.actions_by_name["undo"].trigger()
    scorer.gate.set()
    settle()
    assert controller.library.count(Status.SCORED) == 4


def test_ten_thousand_images_are_rated_in_one_step(
    qtbot: QtBot, window: MainWindow, controller: Controller
) -> None:
    controller.model.add([f"/nowhere/image{number}.png" for number in range(10_000)])
    controller.state_changed.emit()
    desk = Desk(qtbot, window, controller)
    window.grid.selectAll()
    desk.press(Keys.Key_4)
    assert (controller.library.ratings == 4).all()
    assert desk.action_text("undo") == "&Undo Rate 10,000 Images"
    desk.undo()
    assert not controller.library.ratings.any()


# Sessions


def saved(desk: Desk, sessions: Sessions, path: Path) -> Path:
    sessions.save(path)
    desk.qtbot.waitUntil(lambda: not sessions.is_modified and sessions.path == path, timeout=WAIT_MS)
    return path


def opened(desk: Desk, sessions: Sessions, path: Path, settle: Settle) -> None:
    with desk.qtbot.waitSignal(sessions.opened, timeout=WAIT_MS):
        sessions.open(path)
    settle()
    desk.ids = desk.model.order.tolist()


@pytest.fixture
def sessions(controller: Controller, window: MainWindow) -> Sessions:
    (found,) = controller.findChildren(Sessions)
    return found


def test_marks_are_saved_and_come_back(
    desk: Desk, sessions: Sessions, tmp_path: Path, settle: Settle
) -> None:
    path = saved(desk, sessions, tmp_path / "holiday.resmem")
    desk.select(1)
    desk.press(Keys.Key_4)
    assert sessions.is_modified
    desk.select(2)
    desk.press(Keys.Key_X)
    saved(desk, sessions, path)
    desk.undo()
    assert sessions.is_modified
    opened(desk, sessions, path, settle)
    assert desk.ratings == [0, 4, 0, 0, 0]
    assert desk.picks == [0, 0, -1, 0, 0]
    assert desk.model.index(1, Column.RATING).data() == "★★★★"


def test_opening_a_session_clears_the_history(
    desk: Desk, sessions: Sessions, tmp_path: Path, settle: Settle
) -> None:
    desk.select(0)
    desk.press(Keys.Key_4)
    path = saved(desk, sessions, tmp_path / "holiday.resmem")
    desk.press(Keys.Key_Delete)
    opened(desk, sessions, path, settle)
    assert desk.history.stack.count() == 0
    assert not desk.window.actions_by_name["undo"].isEnabled()
    desk.window.grid.setFocus()
    desk.undo()
    assert desk.ratings == [4, 0, 0, 0, 0]


def test_a_filter_on_stars_holds_for_what_a_session_brings(
    desk: Desk, sessions: Sessions, tmp_path: Path, settle: Settle
) -> None:
    desk.select(1, 2)
    desk.press(Keys.Key_4)
    desk.set_filter(Filter(ratings=frozenset({4})))
    path = saved(desk, sessions, tmp_path / "holiday.resmem")
    desk.set_filter(Filter())
    opened(desk, sessions, path, settle)
    assert desk.ratings == [4, 4]


def test_an_image_keeps_its_marks_though_its_score_does_not_hold_any_more(
    desk: Desk, sessions: Sessions, tmp_path: Path, settle: Settle
) -> None:
    changed = Path(desk.library.paths[desk.ids[1]])
    before = float(desk.library.scores[desk.ids[1]])
    desk.select(1)
    desk.press(Keys.Key_4)
    desk.press(Keys.Key_P)
    path = saved(desk, sessions, tmp_path / "holiday.resmem")
    Image.new("RGB", (50, 20), (10, 10, 10)).save(changed)
    opened(desk, sessions, path, settle)
    image_id = desk.library.id_of(str(changed))
    assert image_id is not None
    record = desk.library.record(image_id)
    assert record.score is not None
    assert record.score < before
    assert (record.rating, record.pick) == (4, Pick.PICKED)
