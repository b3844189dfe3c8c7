"""Images that come, go, move and change while others are being scored or measured."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pytestqt.qtbot import QtBot

from resmem_gui.library.records import Status
from resmem_gui.scoring.framings import SMALL_SHIFTS
from resmem_gui.scoring.scorer import ScorerError
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.notice import Notice
from resmem_gui.ui.running.run import RunState
from tests.ui.conftest import WAIT_MS, BrightnessScorer

MakeImages = Callable[..., list[Path]]


class HeldScorer(BrightnessScorer):
    """Tells whether a batch is in the network."""

    def __init__(self) -> None:
        super().__init__()
        self.has_batch = threading.Event()

    def score(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.has_batch.set()
        return super().score(batch)


class Desk:
    """A controller whose network can be held, and what it told."""

    def __init__(self, qtbot: QtBot, controller: Controller, scorer: HeldScorer) -> None:
        self.qtbot, self.controller, self.scorer = qtbot, controller, scorer
        self.library = controller.library
        self.notices: list[str] = []
        self.ended: list[None] = []
        controller.notice.connect(self._note)
        controller.run_ended.connect(lambda: self.ended.append(None))

    def _note(self, notice: Notice) -> None:
        self.notices.append(notice.text)

    def add(self, *paths: Path) -> list[int]:
        """Add files, and wait until they are in the library; return their ids."""
        self.controller.add_paths([str(path) for path in paths])
        self.wait(lambda: all(self.library.id_of(str(path)) is not None for path in paths))
        ids = [self.library.id_of(str(path)) for path in paths]
        return [image_id for image_id in ids if image_id is not None]

    def hold(self, *paths: Path) -> list[int]:
        """Add files whose first ones are in the network when this returns, which is held."""
        self.scorer.gate.clear()
        self.scorer.has_batch.clear()
        ids = self.add(*paths)
        self.wait(self.scorer.has_batch.is_set)
        return ids

    def settle(self) -> None:
        self.scorer.gate.set()
        self.wait(lambda: not self.controller.is_busy)

    def wait(self, is_so: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(is_so, timeout=WAIT_MS)

    def scores(self) -> list[float | None]:
        return [record.score for record in self.library.records()]


@pytest.fixture
def scorer() -> HeldScorer:
    return HeldScorer()


@pytest.fixture
def desk(qtbot: QtBot, controller: Controller, scorer: HeldScorer) -> Desk:
    return Desk(qtbot, controller, scorer)


def brightness(path: Path) -> float:
    with Image.open(path) as image:
        return float(np.asarray(image).mean()) / 255


def moved(paths: list[Path], folder: Path) -> list[Path]:
    """Move files to another folder and return where they are now."""
    folder.mkdir()
    return [path.rename(folder / path.name) for path in paths]


def test_images_whose_files_move_in_mid_run_are_scored_where_they_are_now(
    desk: Desk, make_images: MakeImages, tmp_path: Path
) -> None:
    ids = desk.hold(*make_images(9))
    there = moved([Path(desk.library.paths[image_id]) for image_id in ids], tmp_path / "elsewhere")
    desk.controller.mark_missing(ids, missing=True)
    links = dict(zip(ids, map(str, there), strict=True))
    assert desk.controller.relink(links, []) == ids
    desk.settle()
    assert desk.scores() == pytest.approx([brightness(path) for path in there], abs=1e-6)
    assert not desk.library.missing.any()


def test_a_pause_outlasts_the_moving_of_the_last_image(
    desk: Desk, make_images: MakeImages, tmp_path: Path
) -> None:
    ids = desk.hold(*make_images(1))
    desk.controller.runs.pause()
    there = tmp_path / "elsewhere.png"
    Image.new("RGB", (40, 30), (7, 7, 7)).save(there)  # not what the network has and the store will know
    desk.controller.relink({ids[0]: str(there)}, [])
    assert desk.controller.state is RunState.PAUSED
    desk.scorer.gate.set()
    desk.qtbot.wait(150)
    assert desk.scores() == [None]
    desk.controller.runs.resume()
    desk.settle()
    assert desk.scores() == pytest.approx([brightness(there)], abs=1e-6)


def test_a_file_that_changes_in_mid_run_gets_the_score_of_what_it_is_now(
    desk: Desk, make_images: MakeImages
) -> None:
    paths = make_images(3)
    ids = desk.hold(*paths)
    for path in paths:
        Image.new("RGB", (40, 30), (7, 7, 7)).save(path)
    desk.controller.runs.look_again(ids)
    desk.settle()
    assert desk.scores() == pytest.approx([7 / 255] * 3, abs=1e-6)


def test_trying_again_finds_files_that_are_there_again(
    desk: Desk, make_images: MakeImages, tmp_path: Path
) -> None:
    paths = make_images(3)
    desk.scorer.gate.clear()
    away = paths[2].rename(tmp_path / "away.png")
    desk.controller.runs.score(desk.controller.model.add([str(path) for path in paths]))
    desk.settle()
    assert (desk.library.count(Status.FAILED), desk.library.missing.tolist()) == (1, [False, False, True])
    desk.controller.runs.retry_failed()
    desk.settle()
    assert desk.library.count(Status.FAILED) == 1
    away.rename(paths[2])
    desk.controller.runs.retry_failed()
    desk.settle()
    assert desk.library.count(Status.SCORED) == 3
    assert not desk.library.missing.any()


def test_a_run_whose_last_images_are_removed_has_ended(desk: Desk, make_images: MakeImages) -> None:
    paths = make_images(5)
    desk.add(*paths[:3])
    desk.settle()
    desk.ended.clear()
    ids = desk.hold(*paths[3:])
    desk.controller.remove(ids)
    desk.wait(lambda: bool(desk.ended))
    assert desk.controller.run_times.ended is not None
    assert desk.controller.state is RunState.IDLE


def test_nothing_is_told_of_failures_that_are_removed_with_the_last_images(
    desk: Desk, make_images: MakeImages
) -> None:
    paths = make_images(9)
    paths[0].write_bytes(b"no image")
    desk.hold(*paths)
    desk.scorer.gate.set()
    desk.scorer.seconds = 0.2
    desk.wait(lambda: desk.library.count(Status.FAILED) == 1)
    desk.controller.remove(desk.library.present_ids().tolist())
    desk.wait(lambda: bool(desk.ended))
    assert desk.notices == []


def test_a_run_ends_once_whatever_was_taken_out(desk: Desk, make_images: MakeImages) -> None:
    first, _ = desk.hold(*make_images(2))
    turn = desk.controller._scoring._threads._scoring_worker._turn
    desk.scorer.gate.set()
    deadline = time.monotonic() + WAIT_MS / 1000
    # Not with an event loop: the outcomes shall be on their way, and not here yet.
    while turn.isActive() and time.monotonic() < deadline:
        time.sleep(0.01)
    desk.controller.remove([first])
    assert desk.ended == []
    desk.settle()
    desk.qtbot.wait(50)
    assert len(desk.ended) == 1


def test_a_run_that_goes_on_with_others_has_not_ended(desk: Desk, make_images: MakeImages) -> None:
    first, second = make_images(2)
    (image_id,) = desk.hold(first)
    desk.controller.remove([image_id])
    desk.controller.runs.score(desk.controller.model.add([str(second)]))
    desk.qtbot.wait(50)
    assert desk.ended == []
    desk.settle()
    assert len(desk.ended) == 1


def test_measuring_whose_last_images_are_removed_has_ended(desk: Desk, make_images: MakeImages) -> None:
    ids = desk.add(*make_images(3))
    desk.settle()
    desk.scorer.gate.clear()
    desk.controller.runs.measure_sensitivity(ids, SMALL_SHIFTS)
    with desk.qtbot.waitSignal(desk.controller.measuring_ended, timeout=WAIT_MS):
        desk.controller.remove(ids)


def test_a_cancelled_run_has_ended(desk: Desk, make_images: MakeImages) -> None:
    desk.hold(*make_images(4))
    before = desk.controller.run_times.ended
    desk.controller.cancel()
    after = desk.controller.run_times.ended
    assert before is None
    assert after is not None
    desk.settle()
    assert desk.controller.run_times.ended == after


def test_the_end_of_a_run_is_not_moved_by_measuring_that_fails(
    qtbot: QtBot, scorer: HeldScorer, make_images: MakeImages, tmp_path: Path
) -> None:
    store, paths = tmp_path / "scores.sqlite", make_images(2)
    for path in paths:
        os.utime(path, ns=(10**18, 10**18))
    for load_error in (None, ScorerError("There are no weights.")):
        scorer.load_error = load_error
        controller = Controller(lambda: scorer, store=store)
        desk = Desk(qtbot, controller, scorer)
        ids = desk.add(*paths)
        desk.settle()
        assert desk.library.count(Status.SCORED) == 2
        if load_error is not None:
            before = controller.run_times
            controller.runs.measure_sensitivity(ids, SMALL_SHIFTS)
            desk.wait(lambda desk=desk: bool(desk.notices))  # type: ignore[misc]
            qtbot.wait(50)
            assert desk.notices == ["There are no weights."]
            assert controller.run_times == before
        assert controller.shut_down()
        controller.deleteLater()
