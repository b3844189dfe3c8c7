"""Sessions through the real window: saved, opened, left behind by a crash, and found again."""

import errno
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from resmem_gui.file_state import file_state
from resmem_gui.library.filtering import Filter, Orientation, Range
from resmem_gui.library.records import Pick, Provenance, Status
from resmem_gui.library.session import Session, SessionImage, load_session, save_session
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import Scorer, ScorerError
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.sessions import sessions as sessions_module
from resmem_gui.ui.sessions.sessions import Sessions
from resmem_gui.ui.window.main_window import MainWindow
from tests.ui.conftest import WAIT_MS, BrightnessScorer
from tests.ui.test_window import MakeImages, drop, files, names

LONG_AGO_NS = 1_600_000_000_000_000_000
MAKER = Provenance("Brightness 1", "0" * 64, Preprocessing().id, "cpu")


def aged(*paths: Path) -> list[Path]:
    """Let files look as if they had been there for long: only such states are remembered."""
    for path in paths:
        os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS))
    return list(paths)


@dataclass
class Desk:
    """A window and what is behind it."""

    qtbot: QtBot
    window: MainWindow
    controller: Controller
    sessions: Sessions
    scorer: BrightnessScorer
    was_left = False

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.controller.is_busy, timeout=WAIT_MS)

    def add(self, *paths: Path) -> None:
        drop(self.window, files(*paths))
        self.settle()

    def wait_for_jobs(self) -> None:
        done: list[object] = []
        self.controller.jobs.submit(lambda: None, done.append, done.append)
        self.qtbot.waitUntil(lambda: bool(done), timeout=WAIT_MS)

    def save(self, path: Path) -> Path:
        self.sessions.save(path)
        self.wait_for_jobs()
        return path

    def open(self, path: Path) -> None:
        with self.qtbot.waitSignal(self.sessions.opened, timeout=WAIT_MS):
            self.sessions.open(path)
        self.settle()

    def texts(self) -> str:
        return "\n".join(self.window.notices.texts())

    def press(self, text: str) -> None:
        """Press the button of a notice."""
        buttons = [b for b in self.window.notices.findChildren(QPushButton) if b.isVisible()]
        next(button for button in buttons if button.text() == text).click()

    def is_modified(self) -> bool:
        return self.sessions.is_modified

    def scores(self) -> dict[str, float | None]:
        return {record.path: record.score for record in self.controller.library.records()}

    def leave(self) -> None:
        """End as the program does."""
        if not self.was_left:
            self.was_left = True
            self.scorer.gate.set()
            if self.window.actions_by_name["watch"].isChecked():
                self.qtbot.wait(1000)  # see test_a_window_that_watches_ends_without_a_word_of_qt
            self.window.close()
            assert self.controller.shut_down(), "a thread of the controller did not end"
            self.window.deleteLater()
            self.controller.deleteLater()


MakeDesk = Callable[..., Desk]


@pytest.fixture
def make_desk(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeDesk]:
    """Return a maker of windows that know nothing of each other."""
    made: list[Desk] = []

    def make(
        autosave: Path | None = None,
        store: Path | None = None,
        create: Callable[[], Scorer] | None = None,
        settings: Path | None = None,
    ) -> Desk:
        scorer = BrightnessScorer()
        controller = Controller(lambda: scorer, store=store)
        sessions = Sessions(controller, create or (lambda: scorer), autosave, controller)
        file = settings or tmp_path / f"settings {len(made)}.ini"
        kept = QSettings(str(file), QSettings.Format.IniFormat)
        kept.setValue("licence/told", "yes")
        window = MainWindow(controller, sessions, kept)
        window.resize(1100, 800)
        window.show()
        qtbot.waitExposed(window)
        made.append(Desk(qtbot, window, controller, sessions, scorer))
        return made[-1]

    yield make
    for desk in made:
        desk.leave()


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk()


@pytest.fixture
def session(make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path) -> Path:
    """The session of a library of four images that were scored."""
    first = make_desk()
    first.add(*aged(*make_images(4)))
    path = first.save(tmp_path / "holiday.resmem")
    first.leave()
    return path


def change_header(path: Path, **changes: Any) -> None:
    first, rest = path.read_bytes().split(b"\n", 1)
    fields = json.loads(first)
    path.write_bytes(json.dumps(fields | changes).encode() + b"\n" + rest)


def header(path: Path) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(path.read_bytes().split(b"\n", 1)[0])
    return fields


# Round trips


def test_a_session_brings_back_the_view_and_the_selection(
    make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path
) -> None:
    paths = aged(*make_images(6))
    first = make_desk()
    first.window.actions_by_name["as_stored"].trigger()
    first.window.actions_by_name["watch"].trigger()
    first.add(paths[0].parent)
    first.window.ranking.sort_by(Column.NAME, Qt.SortOrder.DescendingOrder)
    first.qtbot.waitUntil(lambda: names(first.controller) == [f"image{n}.png" for n in (6, 5, 4, 3, 2, 1)])
    first.window.filter_bar.search.setText("image")
    first.window.grid.set_edge(208)
    ids = [first.controller.library.id_of(str(paths[number])) for number in (1, 4)]
    first.window.selection_keeper.select([i for i in ids if i is not None], ids[1])
    path = first.save(tmp_path / "holiday.resmem")
    scores = first.scores()
    first.leave()

    second = make_desk()
    second.open(path)
    model, window = second.controller.model, second.window
    assert second.scores() == scores
    assert model.sort_column is Column.NAME
    assert model.sort_order == Qt.SortOrder.DescendingOrder
    second.qtbot.waitUntil(lambda: names(second.controller) == [f"image{n}.png" for n in (6, 5, 4, 3, 2, 1)])
    assert window.filter_bar.search.text() == "image"
    assert model.filter == Filter("image")
    assert window.grid.edge == 208
    chosen = [second.controller.library.paths[image_id] for image_id in window.selected_ids()]
    assert chosen == [str(paths[4]), str(paths[1])]
    assert model.record(window.grid.currentIndex().row()).path == str(paths[4])
    assert second.controller.preprocessing == Preprocessing(upright=False)
    assert window.actions_by_name["as_stored"].isChecked()
    assert window.actions_by_name["watch"].isChecked()
    assert second.controller.folders == [str(paths[0].parent)]
    assert second.scorer.batches == []


def test_a_session_takes_back_what_was_switched_on_in_the_window(desk: Desk, session: Path) -> None:
    for name in ("as_stored", "fast_decoding", "watch"):
        desk.window.actions_by_name[name].trigger()
    desk.window.ranking.sort_by(Column.FOLDER, Qt.SortOrder.DescendingOrder)
    desk.open(session)
    assert desk.controller.preprocessing == Preprocessing()
    for name in ("as_stored", "fast_decoding", "watch"):
        assert not desk.window.actions_by_name[name].isChecked()
    assert desk.controller.model.sort_column is Column.RANK
    assert desk.scorer.loads == []


def test_scores_are_shown_at_once_without_the_scorer_being_loaded(desk: Desk, session: Path) -> None:
    desk.open(session)
    assert desk.controller.library.count(Status.SCORED) == 4
    assert desk.scorer.loads == []
    ranks = [desk.controller.model.standing.rank(desk.controller.model.image_id(row)) for row in range(4)]
    assert ranks == [1, 2, 3, 4]
    assert names(desk.controller) == [f"image{number}.png" for number in (4, 3, 2, 1)]
    assert desk.controller.histogram.n == 4
    assert desk.window.status_line.text() == "4 images · 4 scored"
    assert desk.window.windowTitle() == "holiday – 4 images · 4 scored – resmem_gui"
    assert desk.texts() == "", "the notice of opening goes when it is done"


def test_the_filter_of_a_session_shows_its_images_also_when_the_window_had_it_before(
    desk: Desk, make_images: MakeImages, tmp_path: Path
) -> None:
    desk.add(*aged(*make_images(3)))
    desk.controller.model.set_filter(Filter(statuses=frozenset({Status.SCORED})))
    path = desk.save(tmp_path / "scored.resmem")
    assert header(path)["view"]["filter"] == {"statuses": ["scored"]}
    desk.open(path)
    assert desk.controller.model.rowCount() == 3
    assert desk.window.grid.isVisible()


def change_images(path: Path, **changes: Any) -> None:
    """Add fields to every image of a session, each a list of values or one for all."""
    first, *lines = path.read_bytes().splitlines()
    told = [json.loads(line) for line in lines]
    for number, fields in enumerate(told):
        fields |= {
            name: value[number] if isinstance(value, list) else value for name, value in changes.items()
        }
    path.write_bytes(b"\n".join([first, *(json.dumps(fields).encode() for fields in told)]) + b"\n")


def told_of_images(path: Path, *wanted: str) -> list[tuple[Any, ...]]:
    """Return what a session says of each image in some fields."""
    lines = path.read_bytes().splitlines()[1:]
    return [tuple(json.loads(line).get(name) for name in wanted) for line in lines]


def test_every_kind_of_filter_comes_back(
    make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path
) -> None:
    paths = aged(*make_images(4))
    first = make_desk()
    first.add(*paths)
    first.window.tools.history.rate([2, 3], 4)
    first.window.tools.history.pick([2, 3], Pick.PICKED)
    wanted = Filter(
        text="image",
        statuses=frozenset({Status.SCORED, Status.FAILED}),
        missing=False,
        scores=Range(0.203, 1.0),
        percentiles=Range(0.0, 100.0),
        ratings=frozenset({4, 5}),
        picks=frozenset({Pick.PICKED, Pick.NONE}),
        folders=frozenset({str(paths[0].parent), "/elsewhere"}),
        kinds=frozenset({"png", ""}),
        orientations=frozenset({Orientation.LANDSCAPE}),
    )
    first.controller.model.set_filter(wanted)
    path = first.save(tmp_path / "filtered.resmem")
    shown = names(first.controller)
    first.leave()
    second = make_desk()
    second.open(path)
    assert second.controller.model.filter == wanted
    assert names(second.controller) == shown == ["image4.png", "image3.png"]
    assert [chip.criterion for chip in second.window.chips.chips] == wanted.criteria
    second.controller.model.set_filter(Filter())
    assert second.controller.model.rowCount() == 4


@pytest.mark.parametrize(
    "view",
    [
        {"filter": None},
        {"filter": {"ratings": ["many"], "scores": [0.9, 0.1], "text": 3, "tomorrow": True}},
        {"filter": ["scored"]},
        {"search": "zebra", "show": "Failed", "filter": "gone"},
    ],
)
def test_a_filter_that_cannot_be_understood_shows_all_images(
    desk: Desk, session: Path, view: dict[str, Any]
) -> None:
    change_header(session, view={**header(session)["view"], **view})
    desk.controller.model.set_filter(Filter("zebra"))
    desk.open(session)
    assert desk.controller.model.filter == Filter()
    assert desk.controller.model.rowCount() == 4


def test_a_session_of_an_older_version_without_a_filter_shows_all_images(desk: Desk, session: Path) -> None:
    view = header(session)["view"]
    del view["filter"]
    change_header(session, view=view)
    desk.controller.model.set_filter(Filter("zebra"))
    desk.open(session)
    assert desk.controller.model.rowCount() == 4
    assert not desk.window.chips.isVisible()


def test_marks_taken_time_and_unknown_fields_survive_opening_and_saving(
    desk: Desk, session: Path, tmp_path: Path
) -> None:
    fields = ("rating", "pick", "taken", "caption", "later")
    change_images(
        session,
        rating=[5, 0, 3, 1],
        pick=["picked", "rejected", "", ""],
        taken=[1767225600.0, 0.0, -1.5, 1767225600.25],
        caption=["<b> & 🦭", "", None, 7],
        later={"deep": [1, {"er": None}]},
    )
    before = told_of_images(session, *fields)
    desk.open(session)
    again = desk.save(tmp_path / "again.resmem")
    told = told_of_images(again, *fields)
    later = {"deep": [1, {"er": None}]}
    assert told == [
        (5, "picked", 1767225600.0, "<b> & 🦭", later),
        (None, "rejected", 0.0, "", later),
        (3, None, -1.5, None, later),
        (1, None, 1767225600.25, 7, later),
    ]
    assert [row[2:] for row in told] == [row[2:] for row in before]
    assert desk.controller.library.ratings.tolist() == [5, 0, 3, 1]
    assert desk.controller.library.picks.tolist() == [Pick.PICKED, Pick.REJECTED, Pick.NONE, Pick.NONE]
    assert desk.scorer.loads == []


def test_marks_and_unknown_fields_also_survive_where_the_score_does_not(
    desk: Desk, session: Path, make_images: MakeImages, tmp_path: Path
) -> None:
    change_images(session, rating=4, pick="picked", caption="mine")
    paths = [Path(image.path) for image in load_session(session).images]
    shutil.copy(make_images(1, "elsewhere", first_grey=250)[0], paths[0])
    paths[1].unlink()
    desk.open(session)
    assert sum(desk.scorer.batches) == 1
    again = desk.save(tmp_path / "again.resmem")
    assert told_of_images(again, "rating", "pick", "caption") == [(4, "picked", "mine")] * 4


def test_marks_given_in_the_window_are_saved_and_can_be_taken_back_after_opening(
    desk: Desk, session: Path
) -> None:
    desk.open(session)
    assert not desk.is_modified()
    desk.window.tools.history.rate([0, 1], 5)
    desk.window.tools.history.pick([1], Pick.REJECTED)
    assert desk.is_modified()
    desk.save(session)
    assert told_of_images(session, "rating", "pick")[:3] == [(5, None), (5, "rejected"), (None, None)]
    desk.open(session)
    assert desk.controller.library.ratings[desk.controller.library.present_ids()].tolist() == [5, 5, 0, 0]


def test_a_session_that_says_nothing_of_the_order_gets_that_of_the_window(
    desk: Desk, tmp_path: Path, make_images: MakeImages
) -> None:
    path = tmp_path / "made by a script.resmem"
    save_session(Session(library_of(3, tmp_path, make_images)), path, "test")
    desk.open(path)
    assert desk.controller.model.sort_column is Column.RANK
    assert names(desk.controller) == ["2.png", "0.png", "1.png"]  # those at the floor share a rank


def test_a_session_opened_in_place_of_itself_is_the_same(desk: Desk, session: Path) -> None:
    desk.open(session)
    before = desk.scores()
    desk.open(session)
    assert desk.scores() == before
    assert desk.controller.histogram.n == 4
    assert not desk.is_modified()


def test_images_that_waited_are_scored_after_opening(
    desk: Desk, make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path
) -> None:
    first = make_desk()
    first.scorer.gate.clear()
    drop(first.window, files(*aged(*make_images(5))))
    first.qtbot.waitUntil(lambda: first.controller.model.rowCount() == 5)
    first.controller.cancel()
    path = first.save(tmp_path / "begun.resmem")
    assert header(path)["view"]["waiting"] == 5
    desk.open(path)
    assert desk.controller.library.count(Status.SCORED) == 5


def test_failed_images_stay_failed_with_their_reason(
    desk: Desk, make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path
) -> None:
    good = make_images(2)
    broken = good[0].with_name("broken.png")
    broken.write_text("no image")
    first = make_desk()
    first.add(*aged(*good, broken))
    path = first.save(tmp_path / "some failed.resmem")
    reason = first.controller.library.error(first.controller.library.with_status(Status.FAILED)[0])
    desk.open(path)
    (failed,) = desk.controller.library.with_status(Status.FAILED).tolist()
    assert desk.controller.library.paths[failed] == str(broken)
    assert desk.controller.library.error(failed) == reason != ""
    assert desk.scorer.loads == []
    assert desk.window.actions_by_name["retry"].isEnabled()


# What does not hold any more


def test_a_file_that_was_changed_meanwhile_is_scored_again(
    desk: Desk, session: Path, make_images: MakeImages
) -> None:
    paths = [Path(image.path) for image in load_session(session).images]
    brighter = make_images(1, "elsewhere", first_grey=250)[0]
    shutil.copy(brighter, paths[0])
    desk.open(session)
    scores = desk.scores()
    assert sum(desk.scorer.batches) == 1
    assert scores[str(paths[0])] == pytest.approx(250 / 255, abs=1e-3)
    assert scores[str(paths[1])] == load_session(session).images[1].score


@pytest.mark.parametrize("field", ["scorer", "weights_sha256", "preprocessing"])
def test_scores_of_another_maker_are_made_anew(desk: Desk, session: Path, field: str) -> None:
    (maker,) = header(session)["makers"]
    change_header(session, makers=[{**maker, field: "f" * 64}])
    desk.open(session)
    assert sum(desk.scorer.batches) == 4
    assert {record.provenance for record in desk.controller.library.records()} == {MAKER}


def test_scores_of_another_device_are_believed(desk: Desk, session: Path) -> None:
    (maker,) = header(session)["makers"]
    change_header(session, makers=[{**maker, "device": "cuda"}])
    desk.open(session)
    assert desk.scorer.loads == []
    assert {r.provenance.device for r in desk.controller.library.records() if r.provenance} == {"cuda"}


def test_scores_that_do_not_fit_the_recipe_of_the_session_are_made_anew(desk: Desk, session: Path) -> None:
    change_header(session, view={**header(session)["view"], "fast_decoding": True})
    desk.open(session)
    assert sum(desk.scorer.batches) == 4
    recipe = Preprocessing(fast_decoding=True).id
    assert {r.provenance.preprocessing for r in desk.controller.library.records() if r.provenance} == {recipe}


def test_scores_that_were_not_believed_come_from_the_store_if_it_knows_them(
    make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path
) -> None:
    first = make_desk(store=tmp_path / "scores.sqlite")
    first.add(*aged(*make_images(3)))
    path = first.save(tmp_path / "holiday.resmem")
    first.leave()
    for image in load_session(path).images:
        os.utime(image.path)  # another time, the same content
    second = make_desk(store=tmp_path / "scores.sqlite")
    second.open(path)
    assert second.controller.library.count(Status.SCORED) == 3
    assert second.scorer.loads == []


def test_scores_of_files_that_were_new_when_scored_hold_in_a_session(
    desk: Desk, make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path
) -> None:
    first = make_desk()
    first.add(*make_images(3))
    path = first.save(tmp_path / "fresh.resmem")
    desk.open(path)
    assert desk.scorer.batches == []


# Missing files


def test_missing_files_are_told_and_keep_score_and_rank(desk: Desk, session: Path) -> None:
    best = next(Path(i.path) for i in load_session(session).images if i.path.endswith("image4.png"))
    best.unlink()
    desk.open(session)
    record = desk.controller.model.record(0)
    assert (record.path, record.missing, record.status) == (str(best), True, Status.SCORED)
    assert desk.controller.model.standing.rank(record.image_id) == 1
    assert desk.controller.model.index(0, Column.STATUS).data() == "File missing, scored"
    assert desk.window.status_line.text() == "4 images · 4 scored · 1 missing"
    assert desk.texts() == (
        "1 file is not where it was. Scores stay. If files have been moved, show the folder that they are "
        "in now."
    )
    assert desk.scorer.loads == []
    assert desk.window.actions_by_name["find_missing"].isEnabled()


def test_the_notice_of_missing_files_leads_to_a_choice_of_a_folder(
    desk: Desk, session: Path, tmp_path: Path
) -> None:
    (tmp_path / "photos").rename(tmp_path / "photos elsewhere")
    desk.open(session)
    assert "4 files are not where they were." in desk.texts()
    desk.press("Find Files…")
    (dialog,) = [found for found in desk.window.findChildren(QFileDialog) if found.isVisible()]
    dialog.reject()


def test_an_image_that_waits_and_is_missing_is_not_tried(
    desk: Desk, make_images: MakeImages, tmp_path: Path
) -> None:
    (there,) = aged(*make_images(1))
    gone = str(tmp_path / "photos" / "gone.png")
    path = tmp_path / "begun.resmem"
    save_session(Session([SessionImage(gone), SessionImage(str(there))]), path, "test")
    desk.open(path)
    assert desk.controller.library.count(Status.SCORED) == 1
    assert desk.controller.library.count(Status.WAITING) == 1
    assert desk.controller.library.count(Status.FAILED) == 0


def find_below(desk: Desk, folder: Path) -> None:
    desk.sessions.missing_files.find_below(str(folder))
    desk.wait_for_jobs()
    desk.settle()


def test_moved_renamed_and_changed_files_are_found_again(
    desk: Desk, session: Path, make_images: MakeImages, tmp_path: Path
) -> None:
    old, new = tmp_path / "photos", tmp_path / "archive" / "photos"
    shutil.copytree(old, new)  # keeps the times
    shutil.rmtree(old)
    (new / "image2.png").rename(new / "renamed.png")
    changed = make_images(1, "elsewhere", first_grey=250)[0].read_bytes()
    (new / "image3.png").write_bytes(changed)
    desk.open(session)
    before = {Path(path).name: score for path, score in desk.scores().items()}
    assert len(desk.controller.library.missing_ids()) == 4
    find_below(desk, tmp_path / "archive")
    after = {Path(path).name: score for path, score in desk.scores().items()}
    assert set(after) == {"image1.png", "renamed.png", "image3.png", "image4.png"}
    assert {Path(path).parent for path in desk.scores()} == {new}
    assert (after["image1.png"], after["renamed.png"]) == (before["image1.png"], before["image2.png"])
    assert after["image3.png"] == pytest.approx(250 / 255, abs=1e-3)
    assert sum(desk.scorer.batches) == 1, "what has not changed is not scored again"
    assert len(desk.controller.library.missing_ids()) == 0
    assert desk.texts() == "4 missing files found. 1 had changed and is scored again."
    assert desk.is_modified()
    desk.window.ranking.sort_by(Column.NAME, Qt.SortOrder.AscendingOrder)
    desk.qtbot.waitUntil(lambda: names(desk.controller)[-1] == "renamed.png")


def test_found_files_get_their_thumbnails(desk: Desk, session: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").rename(tmp_path / "other")
    desk.open(session)
    thumbnails = desk.controller.thumbnails
    ids = desk.controller.library.present_ids().tolist()
    forgotten: list[int] = []
    real = thumbnails.forget
    thumbnails.forget = lambda some=None: (forgotten.extend(some or ()), real(some))  # type: ignore[method-assign, assignment, func-returns-value]
    find_below(desk, tmp_path)
    assert set(forgotten) >= set(ids)
    desk.window.resize(1090, 790)
    desk.qtbot.waitUntil(lambda: all(thumbnails.pixmap(image_id) for image_id in ids), timeout=WAIT_MS)


def test_files_that_are_nowhere_stay_missing(desk: Desk, session: Path, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "photos")
    (tmp_path / "empty").mkdir()
    desk.open(session)
    find_below(desk, tmp_path / "empty")
    assert len(desk.controller.library.missing_ids()) == 4
    assert "0 missing files found." in desk.texts()
    assert "4 files are not where they were." in desk.texts()
    assert not desk.is_modified()


def test_a_waiting_image_is_scored_when_its_file_is_found(
    desk: Desk, make_images: MakeImages, tmp_path: Path
) -> None:
    aged(*make_images(1, "new/photos"))
    path = tmp_path / "begun.resmem"
    save_session(Session([SessionImage(str(tmp_path / "photos" / "image1.png"))]), path, "test")
    desk.open(path)
    assert desk.controller.library.count(Status.WAITING) == 1
    find_below(desk, tmp_path / "new")
    assert desk.controller.library.count(Status.SCORED) == 1


def test_the_session_and_its_images_can_move_together(
    desk: Desk, make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path
) -> None:
    first = make_desk()
    first.add(*aged(*make_images(3, "work/photos")))
    first.save(tmp_path / "work" / "holiday.resmem")
    first.leave()
    (tmp_path / "work").rename(tmp_path / "moved")
    desk.open(tmp_path / "moved" / "holiday.resmem")
    assert desk.controller.library.count(Status.SCORED) == 3
    assert len(desk.controller.library.missing_ids()) == 0
    assert desk.scorer.loads == []


def test_the_current_image_is_found_when_all_have_moved(
    desk: Desk, make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path
) -> None:
    first = make_desk()
    first.add(*aged(*make_images(3, "work/photos")))
    first.window.grid.setCurrentIndex(first.controller.model.index(1, Column.NAME))
    first.save(tmp_path / "work" / "holiday.resmem")
    first.leave()
    (tmp_path / "work").rename(tmp_path / "moved")
    desk.open(tmp_path / "moved" / "holiday.resmem")
    assert desk.window.grid.currentIndex().row() == 1


# What cannot be opened or written


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG no session", "The file is no session, or its first line is damaged."),
        (b"", "The file is no session, or its first line is damaged."),
        (b'{"format": "resmem_gui session", "version": 99}\n', "saved by a newer version of this program."),
        (b'{"format": "another"}\n', "The file is no session"),
        (b'{"format": "resmem_gui session", "version": 1, "images": 2}\n{"path": "a.jpg"}\n', "is cut off"),
        (
            b'{"format": "resmem_gui session", "version": 1, "images": 1}\n{"path": 7}\n',
            "Line 2 of the session",
        ),
        (None, "No such file or directory."),
    ],
)
def test_what_is_no_session_is_told_and_the_library_stays(
    desk: Desk, make_images: MakeImages, tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    desk.add(*make_images(2))
    before, title = desk.scores(), desk.window.windowTitle()
    path = tmp_path / "odd.resmem"
    if content is not None:
        path.write_bytes(content)
    desk.sessions.open(path)
    desk.wait_for_jobs()
    assert desk.texts().startswith(f"{path} could not be opened. ")
    assert sentence in desk.texts()
    assert desk.scores() == before
    assert desk.window.windowTitle() == title
    assert desk.sessions.path is None


def test_a_scorer_that_cannot_be_made_is_told_with_its_reason(make_desk: MakeDesk, session: Path) -> None:
    def create() -> Scorer:
        raise ScorerError("The weights are missing.")

    desk = make_desk(create=create)
    desk.sessions.open(session)
    desk.wait_for_jobs()
    assert "The weights are missing." in desk.texts()


def test_saving_into_a_missing_folder_is_told(desk: Desk, make_images: MakeImages, tmp_path: Path) -> None:
    desk.add(*make_images(1))
    path = desk.save(tmp_path / "missing" / "holiday.resmem")
    assert desk.texts() == (
        f"{path} could not be written: No such file or directory. Save the session elsewhere."
    )
    assert desk.sessions.path is None
    assert desk.window.windowTitle() == "1 image · 1 scored – resmem_gui"


def test_a_full_disk_leaves_the_old_session_whole(
    desk: Desk, session: Path, make_images: MakeImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open(session)
    desk.add(*make_images(1, "more"))
    old = session.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        desk.save(session)
    assert "could not be written: No space left on device. Save the session elsewhere." in desk.texts()
    assert session.read_bytes() == old
    assert [path.name for path in session.parent.iterdir() if path.name.endswith(".part")] == []
    assert desk.is_modified()
    desk.save(session)
    assert not desk.is_modified()
    assert len(load_session(session).images) == 5


# Title and menus


def test_the_title_names_the_session_and_says_whether_it_was_changed(
    desk: Desk, make_images: MakeImages, tmp_path: Path
) -> None:
    desk.add(*make_images(1))
    assert desk.window.windowTitle() == "1 image · 1 scored – resmem_gui"
    path = desk.save(tmp_path / "my & holiday.resmem")
    assert desk.window.windowTitle() == "my & holiday – 1 image · 1 scored – resmem_gui"
    assert desk.texts() == f"Session saved: 1 image, {path}"
    desk.add(*make_images(1, "more"))
    assert desk.window.windowTitle() == "my & holiday * – 2 images · 2 scored – resmem_gui"
    desk.window.actions_by_name["save"].trigger()
    desk.wait_for_jobs()
    assert desk.window.windowTitle() == "my & holiday – 2 images · 2 scored – resmem_gui"
    desk.window.selection_keeper.select([0], 0)
    desk.window.actions_by_name["remove"].trigger()
    assert desk.window.windowTitle().startswith("my & holiday * – ")


def test_removing_images_here_and_there_changes_the_session(
    desk: Desk, tmp_path: Path, make_images: MakeImages
) -> None:
    path = tmp_path / "many.resmem"
    save_session(Session(library_of(120, tmp_path, make_images)), path, "test")
    desk.open(path)
    assert not desk.is_modified()
    desk.controller.remove([desk.controller.model.image_id(row) for row in range(0, 120, 2)])
    assert desk.controller.library.present_count == 60
    assert desk.is_modified()


def test_images_that_the_filter_hides_change_the_session(
    desk: Desk, session: Path, make_images: MakeImages
) -> None:
    desk.open(session)
    desk.controller.model.set_filter(Filter("no such name"))
    desk.scorer.gate.clear()
    drop(desk.window, files(*make_images(1, "more")))
    desk.qtbot.waitUntil(lambda: desk.controller.library.present_count == 5)
    assert desk.is_modified()


def test_what_changes_while_the_session_is_written_is_still_to_be_saved(
    desk: Desk, session: Path, make_images: MakeImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open(session)
    real = save_session

    def slow(*arguments: Any) -> None:
        time.sleep(0.5)
        real(*arguments)

    monkeypatch.setattr(sessions_module, "save_session", slow)
    desk.sessions.save(session)
    desk.add(*make_images(1, "more"))
    desk.wait_for_jobs()
    assert len(load_session(session).images) == 4
    assert desk.is_modified()


def test_a_recent_session_is_opened_from_the_menu(desk: Desk, session: Path) -> None:
    desk.open(session)
    desk.controller.clear()
    menu = desk.window.session_commands.recent_menu
    menu.aboutToShow.emit()
    with desk.qtbot.captureExceptions() as errors:
        menu.actions()[0].trigger()
    assert errors == []
    desk.wait_for_jobs()
    desk.qtbot.waitUntil(lambda: desk.controller.library.count(Status.SCORED) == 4, timeout=WAIT_MS)


def test_recent_sessions_stand_in_the_menu_the_last_first(
    make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path
) -> None:
    desk = make_desk(settings=tmp_path / "kept.ini")
    menu = desk.window.session_commands.recent_menu
    menu.aboutToShow.emit()
    (nothing,) = menu.actions()
    assert nothing.text() == "No session was saved yet"
    assert not nothing.isEnabled()
    desk.add(*aged(*make_images(2)))
    for name in ["one & only", *map(str, range(8)), "one & only"]:
        desk.save(tmp_path / f"{name}.resmem")
    desk.leave()
    again = make_desk(settings=tmp_path / "kept.ini")
    menu = again.window.session_commands.recent_menu
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions()]
    assert texts == [
        f"{name}.resmem   ({tmp_path})" for name in ("one && only", "7", "6", "5", "4", "3", "2", "1")
    ]


def test_saving_asks_for_a_file_the_first_time_and_adds_the_ending(
    desk: Desk, make_images: MakeImages, tmp_path: Path
) -> None:
    assert not desk.window.actions_by_name["save"].isEnabled()
    desk.add(*make_images(1))
    desk.window.actions_by_name["save"].trigger()
    (dialog,) = [found for found in desk.window.findChildren(QFileDialog) if found.isVisible()]
    dialog.selectFile(str(tmp_path / "chosen"))
    dialog.accept()
    desk.wait_for_jobs()
    assert desk.sessions.path == tmp_path / "chosen.resmem"
    assert len(load_session(tmp_path / "chosen.resmem").images) == 1


def test_a_dropped_session_is_opened(desk: Desk, session: Path) -> None:
    with desk.qtbot.waitSignal(desk.sessions.opened, timeout=WAIT_MS):
        drop(desk.window, files(session))
    assert desk.controller.library.count(Status.SCORED) == 4
    assert desk.window.notices.texts() == []


def test_a_session_named_on_the_command_line_is_opened(desk: Desk, session: Path) -> None:
    shouting = session.rename(session.with_name("HOLIDAY.RESMEM"))
    with desk.qtbot.waitSignal(desk.sessions.opened, timeout=WAIT_MS):
        desk.window.add_paths([str(shouting)])
    assert desk.controller.library.count(Status.SCORED) == 4


@pytest.mark.parametrize("way", ["drop", "add_paths"])
def test_images_beside_a_session_are_added_to_it(
    desk: Desk, session: Path, make_images: MakeImages, way: str
) -> None:
    more = make_images(2, "more")
    with desk.qtbot.waitSignal(desk.sessions.opened, timeout=WAIT_MS):
        if way == "drop":
            drop(desk.window, files(session, *more))
        else:
            desk.window.add_paths([str(path) for path in (more[0], session, more[1])])
    desk.settle()
    desk.qtbot.wait(100)
    desk.settle()
    assert desk.controller.library.count(Status.SCORED) == 6


# Autosave


def library_of(count: int, folder: Path, make_images: MakeImages) -> list[SessionImage]:
    """Return so many images that were scored; all files are one, with as many names."""
    (original,) = aged(*make_images(1))
    state = file_state(str(original))
    assert state is not None
    (folder / "many").mkdir(parents=True)
    images = []
    for number in range(count):
        path = folder / "many" / f"{number}.png"
        path.hardlink_to(original)
        score = number / count
        images.append(SessionImage(str(path), state, Status.SCORED, score, 40, 30, f"{number:064x}", MAKER))
    return images


HOLDER = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from resmem_gui.library.session import load_session, save_session
from resmem_gui.ui.sessions.autosave import AutosaveFolder
application = QCoreApplication(sys.argv[:1])
folder = AutosaveFolder(Path(sys.argv[1]))
own = folder.own()
save_session(load_session(Path(sys.argv[2])), own, "test")
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def other_program(tmp_path: Path) -> Iterator[Callable[[Path, Path], subprocess.Popen[str]]]:
    """Return what starts a program that holds its library in a folder for autosaved ones."""
    started: list[subprocess.Popen[str]] = []

    def start(folder: Path, session: Path) -> subprocess.Popen[str]:
        made = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(folder), str(session)], stdout=subprocess.PIPE, text=True
        )
        started.append(made)
        assert made.stdout is not None
        assert made.stdout.readline() == "ready\n"
        return made

    yield start
    for made in started:
        made.kill()
        made.wait()
        assert made.stdout is not None
        made.stdout.close()


def crashed(folder: Path, images: list[SessionImage] | Path) -> Path:
    """Leave a library as a program does that is no more: its lock is gone with it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "0123456789abcdef.resmem"
    if isinstance(images, Path):
        images = load_session(images).images
    save_session(Session(images, view={"sort": "rank"}), path, "test")
    return path


def offered(desk: Desk) -> str:
    desk.sessions.offer_left()
    desk.wait_for_jobs()
    return desk.texts()


def go_on(desk: Desk) -> None:
    with desk.qtbot.waitSignal(desk.sessions.opened, timeout=WAIT_MS):
        desk.press("Go On")
    desk.settle()


def test_the_library_is_saved_soon_after_a_change_and_a_crash_leaves_it(
    make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions_module, "_AUTOSAVE_MS", 50)
    folder = tmp_path / "data" / "autosave"
    first = make_desk(autosave=folder)
    assert not folder.exists(), "nothing is written before there is something to save"
    first.add(*aged(*make_images(3)))
    first.qtbot.waitUntil(lambda: len(list(folder.glob("*.resmem"))) == 1, timeout=WAIT_MS)
    (own,) = folder.glob("*.resmem")

    def saved() -> int:
        return sum(image.status is Status.SCORED for image in load_session(own).images)

    first.qtbot.waitUntil(lambda: saved() == 3, timeout=WAIT_MS)
    second = make_desk(autosave=folder)
    assert offered(second) == "", "its window lives"
    shutil.copy(own, own.with_name("left.resmem"))  # as if its program were no more
    assert offered(second) == (
        "The program ended unexpectedly. Its library of 3 images can be opened again, with the scores that "
        "were kept."
    )
    go_on(second)
    assert second.scores() == first.scores()
    assert second.scorer.loads == []
    assert not own.with_name("left.resmem").exists(), "it is this window's now"
    assert second.sessions.path is None
    assert second.is_modified()


def test_what_is_saved_is_not_written_again_without_a_change(
    make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions_module, "_AUTOSAVE_MS", 50)
    desk = make_desk(autosave=tmp_path / "autosave")
    desk.add(*make_images(1))
    desk.qtbot.wait(300)
    (own,) = (tmp_path / "autosave").glob("*.resmem")
    before = own.stat().st_ino
    desk.qtbot.wait(300)
    assert own.stat().st_ino == before
    desk.add(*make_images(1, "more"))
    desk.qtbot.waitUntil(lambda: len(load_session(own).images) == 2, timeout=WAIT_MS)


def test_the_library_of_a_killed_program_is_offered_when_it_is_dead(
    make_desk: MakeDesk, session: Path, tmp_path: Path,
    other_program: Callable[[Path, Path], subprocess.Popen[str]],
) -> None:  # fmt: skip
    folder = tmp_path / "autosave"
    program = other_program(folder, session)
    desk = make_desk(autosave=folder)
    assert offered(desk) == ""
    program.kill()  # SIGKILL: it cannot tidy up
    program.wait()
    assert "Its library of 4 images can be opened again" in offered(desk)
    go_on(desk)
    assert desk.controller.library.count(Status.SCORED) == 4
    desk.leave()
    assert sorted(path.name for path in folder.iterdir()) == ["last.resmem"]


def test_the_newest_of_several_is_offered_and_old_ones_are_not_kept_for_ever(
    make_desk: MakeDesk, session: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "autosave"
    folder.mkdir()
    for number in range(8):
        path = folder / f"{number}.resmem"
        shutil.copy(session, path)
        change_header(path, folder=str(tmp_path))
        os.utime(path, (1_700_000_000 + number,) * 2)
    (folder / "7.resmem").write_bytes(b"damaged")
    os.utime(folder / "7.resmem", (1_800_000_000,) * 2)
    desk = make_desk(autosave=folder)
    assert "Its library of 4 images" in offered(desk)
    assert sorted(path.name for path in folder.glob("*.resmem")) == [f"{n}.resmem" for n in (3, 4, 5, 6, 7)]
    go_on(desk)
    assert not (folder / "6.resmem").exists(), "the newest that is whole"


def test_a_left_library_that_is_damaged_is_not_offered(make_desk: MakeDesk, tmp_path: Path) -> None:
    (tmp_path / "autosave").mkdir()
    (tmp_path / "autosave" / "a.resmem").write_bytes(b"damaged")
    assert offered(make_desk(autosave=tmp_path / "autosave")) == ""


def test_closing_leaves_the_last_library_and_it_can_be_reopened(
    make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path
) -> None:
    folder = tmp_path / "autosave"
    first = make_desk(autosave=folder)
    first.add(*aged(*make_images(3)))
    first.leave()
    assert [path.name for path in folder.iterdir()] == ["last.resmem"]
    second = make_desk(autosave=folder)
    assert offered(second) == "", "nothing of it waits"
    reopen = second.window.actions_by_name["reopen"]
    second.qtbot.waitUntil(reopen.isEnabled, timeout=WAIT_MS)
    with second.qtbot.waitSignal(second.sessions.opened, timeout=WAIT_MS):
        reopen.trigger()
    assert second.scores() == first.scores()
    assert second.sessions.path is None
    second.leave()
    assert len(load_session(folder / "last.resmem").images) == 3


def test_a_window_closed_without_images_leaves_the_last_library_as_it_is(
    make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path
) -> None:
    folder = tmp_path / "autosave"
    first = make_desk(autosave=folder)
    first.add(*make_images(2))
    first.leave()
    before = (folder / "last.resmem").read_bytes()
    make_desk(autosave=folder).leave()
    assert (folder / "last.resmem").read_bytes() == before


def test_the_last_library_is_offered_if_images_wait(
    make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path
) -> None:
    folder = tmp_path / "autosave"
    first = make_desk(autosave=folder)
    first.scorer.gate.clear()
    drop(first.window, files(*aged(*make_images(3))))
    first.qtbot.waitUntil(lambda: first.controller.model.rowCount() == 3)
    first.leave()
    second = make_desk(autosave=folder)
    assert offered(second) == "In the last library, 3 of 3 images have no score yet."
    go_on(second)
    assert second.controller.library.count(Status.SCORED) == 3


def test_without_a_last_library_there_is_nothing_to_reopen(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(autosave=tmp_path / "autosave")
    desk.wait_for_jobs()
    reopen = desk.window.actions_by_name["reopen"]
    assert not reopen.isEnabled()
    assert reopen.toolTip().endswith("\nNo library has been closed or replaced by another one yet.")


def test_what_another_window_leaves_can_be_reopened_as_soon_as_this_one_is_used_again(
    make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path
) -> None:
    folder = tmp_path / "autosave"
    desk, other = make_desk(autosave=folder), make_desk(autosave=folder)
    other.add(*make_images(2))
    other.window.activateWindow()
    desk.qtbot.waitUntil(other.window.isActiveWindow)
    other.leave()
    desk.window.activateWindow()
    desk.qtbot.waitUntil(desk.window.actions_by_name["reopen"].isEnabled, timeout=WAIT_MS)


def test_a_last_library_that_went_meanwhile_is_told_of(
    make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path
) -> None:
    folder = tmp_path / "autosave"
    first = make_desk(autosave=folder)
    first.add(*make_images(2))
    first.leave()
    desk = make_desk(autosave=folder)
    reopen = desk.window.actions_by_name["reopen"]
    desk.qtbot.waitUntil(reopen.isEnabled, timeout=WAIT_MS)
    (folder / "last.resmem").unlink()
    reopen.trigger()
    desk.qtbot.waitUntil(lambda: not reopen.isEnabled(), timeout=WAIT_MS)
    assert desk.texts() == "There is no last library: none has been closed or replaced by another one yet."


def ratings(desk: Desk) -> list[int]:
    library = desk.controller.library
    return [int(library.ratings[image_id]) for image_id in library.present_ids()]


def test_a_library_that_a_session_takes_the_place_of_is_not_lost(
    make_desk: MakeDesk, make_images: MakeImages, session: Path, tmp_path: Path
) -> None:
    desk = make_desk(autosave=tmp_path / "autosave")
    desk.add(*aged(*make_images(3, "mine")))
    desk.window.tools.history.rate([0, 2], 4)
    desk.open(session)
    assert ratings(desk) == [0, 0, 0, 0]
    assert desk.texts() == "The library before this one has ratings or picks that are in no session file."
    with desk.qtbot.waitSignal(desk.sessions.opened, timeout=WAIT_MS):
        desk.press("Reopen It")
    desk.settle()
    assert ratings(desk) == [4, 0, 4]
    assert desk.sessions.path is None
    assert desk.texts() == "", "the session before it has a file"
    desk.window.tools.history.rate(desk.controller.library.present_ids()[1:2].tolist(), 2)
    with desk.qtbot.waitSignal(desk.sessions.opened, timeout=WAIT_MS):
        desk.sessions.reopen_last()
    assert ratings(desk) == [4, 0, 4]
    with desk.qtbot.waitSignal(desk.sessions.opened, timeout=WAIT_MS):
        desk.sessions.reopen_last()
    assert ratings(desk) == [4, 2, 4], "the two changed places"


def test_a_library_without_marks_gives_way_without_a_word_and_can_be_reopened(
    make_desk: MakeDesk, make_images: MakeImages, session: Path, tmp_path: Path
) -> None:
    desk = make_desk(autosave=tmp_path / "autosave")
    desk.add(*aged(*make_images(3, "mine")))
    desk.wait_for_jobs()
    reopen = desk.window.actions_by_name["reopen"]
    assert not reopen.isEnabled()
    desk.open(session)
    assert desk.texts() == ""
    desk.qtbot.waitUntil(reopen.isEnabled, timeout=WAIT_MS)


def test_a_session_that_is_in_its_file_gives_way_to_another_one(
    make_desk: MakeDesk, session: Path, tmp_path: Path
) -> None:
    desk = make_desk(autosave=tmp_path / "autosave")
    for _ in range(2):
        desk.open(session)
        desk.wait_for_jobs()
    assert not (tmp_path / "autosave" / "last.resmem").exists()
    assert not desk.window.actions_by_name["reopen"].isEnabled()


def test_one_library_after_the_other_is_opened(
    make_desk: MakeDesk, make_images: MakeImages, session: Path, tmp_path: Path
) -> None:
    desk = make_desk(autosave=tmp_path / "autosave")
    desk.add(*aged(*make_images(3, "mine")))
    desk.window.tools.history.rate([0], 4)
    desk.open(session)
    (first,) = (b for b in desk.window.notices.findChildren(QPushButton) if b.text() == "Reopen It")
    with desk.qtbot.waitSignal(desk.sessions.opened, timeout=WAIT_MS):
        first.click()
        desk.sessions.reopen_last()
        desk.sessions.open(session)
        assert desk.texts() == "A session is still being opened. Open the other one when all of it is there."
    desk.settle()
    assert ratings(desk) == [4, 0, 0]
    assert desk.sessions.path is None


def test_nothing_is_opened_in_place_of_a_library_that_cannot_be_kept(
    make_desk: MakeDesk, make_images: MakeImages, session: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    desk = make_desk(autosave=tmp_path / "file" / "autosave")
    desk.add(*aged(*make_images(2, "mine")))
    desk.window.tools.history.rate([0], 5)
    desk.sessions.open(session)
    desk.wait_for_jobs()
    assert desk.texts() == (
        f"{session} could not be opened. The library in the window is in no session file, and it could not "
        "be kept: Not a directory. Save it as a session, or clear it, and try again."
    )
    assert ratings(desk) == [5, 0]
    desk.save(tmp_path / "mine.resmem")
    desk.open(session)
    assert ratings(desk) == [0, 0, 0, 0]


def test_a_folder_that_cannot_be_made_is_told_once(
    make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions_module, "_AUTOSAVE_MS", 50)
    (tmp_path / "file").touch()
    desk = make_desk(autosave=tmp_path / "file" / "autosave")
    desk.add(*make_images(1))
    sentence = "The library cannot be saved for the next start: Not a directory. Save it as a session."
    desk.qtbot.waitUntil(lambda: desk.texts() == sentence, timeout=WAIT_MS)
    (tmp_path / "file").unlink()
    desk.add(*make_images(1, "more"))
    desk.qtbot.waitUntil(lambda: desk.texts() == "", timeout=WAIT_MS)


def test_a_window_closes_also_when_its_library_cannot_be_left(
    make_desk: MakeDesk, make_images: MakeImages, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    desk = make_desk(autosave=tmp_path / "file" / "autosave")
    desk.add(*make_images(1))
    try:
        with desk.qtbot.captureExceptions() as errors:
            desk.window.close()
    finally:
        (tmp_path / "file").unlink()
    assert errors == []


# Large ones, in parts


@pytest.fixture
def left(tmp_path: Path, make_images: MakeImages) -> Path:
    """A folder with a library of 3,000 images that a crash has left."""
    folder = tmp_path / "autosave"
    crashed(folder, library_of(3000, tmp_path, make_images))
    return folder


def test_a_large_session_opens_in_parts_while_the_window_answers(
    desk: Desk, tmp_path: Path, make_images: MakeImages
) -> None:
    path = crashed(tmp_path / "sessions", library_of(3000, tmp_path, make_images))
    ticks: list[float] = []
    parts: list[tuple[float, int]] = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(time.monotonic()))
    desk.controller.model.rowsInserted.connect(
        lambda _, first, last: parts.append((time.monotonic(), last - first + 1))
    )
    timer.start(5)
    desk.open(path)
    timer.stop()
    assert sum(size for _, size in parts) == 3000
    assert max(size for _, size in parts) <= 500
    between = [sum(a < tick < b for tick in ticks) for (a, _), (b, _) in pairwise(parts)]
    assert sum(between) >= 2, "others get their turn between the parts"
    gaps = [after - before for before, after in pairwise(ticks)]
    assert max(gaps) < 0.4
    assert desk.controller.library.count(Status.SCORED) == 3000
    assert desk.scorer.loads == []


def test_a_large_session_stands_in_the_order_of_its_ranks(
    desk: Desk, tmp_path: Path, make_images: MakeImages
) -> None:
    desk.open(crashed(tmp_path / "sessions", library_of(3000, tmp_path, make_images)))
    desk.qtbot.wait(1_200)  # the ranks are told at most each second
    assert names(desk.controller)[:2] == ["2999.png", "2998.png"]


def test_closing_in_mid_opening_keeps_the_whole_left_library(make_desk: MakeDesk, left: Path) -> None:
    desk = make_desk(autosave=left)
    offered(desk)
    seen: list[int] = []

    def close() -> None:
        if not seen:
            seen.append(desk.controller.library.present_count)
            desk.window.close()

    desk.controller.model.rowsInserted.connect(close)
    desk.press("Go On")
    desk.qtbot.waitUntil(lambda: bool(seen), timeout=WAIT_MS)
    assert seen[0] < 3000
    desk.leave()
    assert [path.name for path in left.iterdir()] == ["last.resmem"]
    assert len(load_session(left / "last.resmem").images) == 3000


def test_closing_while_the_left_library_is_being_read_keeps_it(make_desk: MakeDesk, left: Path) -> None:
    desk = make_desk(autosave=left)
    offered(desk)
    desk.press("Go On")
    desk.leave()
    sizes = [len(load_session(path).images) for path in left.glob("*.resmem")]
    assert sizes == [3000]


def test_closing_with_images_while_the_left_library_is_being_read_keeps_it(
    make_desk: MakeDesk, left: Path, make_images: MakeImages
) -> None:
    desk = make_desk(autosave=left)
    desk.add(*make_images(1, "before"))
    offered(desk)
    desk.press("Go On")
    desk.leave()
    sizes = [len(load_session(path).images) for path in left.glob("*.resmem")]
    assert 3000 in sizes


def test_saving_in_mid_opening_does_not_cut_the_session_off(
    desk: Desk, tmp_path: Path, make_images: MakeImages
) -> None:
    path = crashed(tmp_path / "sessions", library_of(3000, tmp_path, make_images))
    pressed: list[int] = []

    def save() -> None:
        if not pressed:
            pressed.append(desk.controller.library.present_count)
            desk.window.actions_by_name["save"].trigger()

    desk.controller.model.rowsInserted.connect(lambda: QTimer.singleShot(0, save))
    desk.open(path)
    desk.wait_for_jobs()
    assert pressed
    assert len(load_session(path).images) == 3000
