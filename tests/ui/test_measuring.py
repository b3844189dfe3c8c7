"""Measuring sensitivities beside scoring: on its thread, paused, cancelled, closed at the worst moment."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.measuring import framing_requests, take_framings
from resmem_gui.outcomes import record_outcomes
from resmem_gui.scoring.framings import SMALL_SHIFTS, TEN_CROP
from resmem_gui.scoring.pipeline import Outcome, Request
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import ScorerError
from resmem_gui.scoring.sensitivity import FramingOutcome, FramingRequest, Measured, Unmeasured
from resmem_gui.ui.running.measuring_run import MeasuringEnd, MeasuringRun
from resmem_gui.ui.running.run import RunState
from resmem_gui.ui.running.scoring_run import ScoringRun
from resmem_gui.ui.threads import framing_turns
from resmem_gui.ui.threads.framing_turns import FramingBatch
from tests.ui.conftest import WAIT_MS, BrightnessScorer


class Desk:
    """A scoring run with a library that takes what comes, as the controller does."""

    def __init__(self, scorer: BrightnessScorer, store: Path | None, qtbot: QtBot) -> None:
        self.run = ScoringRun(lambda: scorer, "auto", store, 100, lambda: None)
        self.library = Library()
        self.order: list[str] = []
        self.ends: list[MeasuringEnd] = []
        self.failures: list[str] = []
        self._qtbot = qtbot
        self.run.outcomes.connect(self._take)
        self.run.framings.connect(self._take_framings)
        self.run.measuring_ended.connect(self.ends.append)
        self.run.load_failed.connect(self.failures.append)

    def _take(self, outcomes: list[Outcome], made_by: Provenance) -> None:
        self.order += [f"score {outcome.request.image_id}" for outcome in outcomes]
        record_outcomes(self.library, outcomes, made_by)

    def _take_framings(self, outcomes: list[FramingOutcome]) -> None:
        self.order += [f"measure {outcome.request.image_id}" for outcome in outcomes]
        take_framings(self.library, outcomes)

    def add(self, paths: list[Path]) -> list[int]:
        ids = self.library.add([str(path) for path in paths])
        self.run.score([Request(image_id, self.library.paths[image_id]) for image_id in ids])
        return ids

    def requests(self) -> list[FramingRequest]:
        return framing_requests(self.library, np.arange(len(self.library)), TEN_CROP)

    def measure(self) -> bool:
        return self.run.measure_sensitivity(self.requests())

    def wait(self) -> None:
        self._qtbot.waitUntil(lambda: self.run.state is RunState.IDLE, timeout=WAIT_MS)

    def measured(self) -> list[int]:
        return [image_id for image_id in range(len(self.library)) if self.library.sensitivity(image_id)]

    def close(self) -> None:
        self.run.shut_down()
        self._qtbot.waitUntil(lambda: self.run.has_ended, timeout=WAIT_MS)
        self.run.memory.close()
        self.run.deleteLater()


@pytest.fixture
def make_desk(qtbot: QtBot, scorer: BrightnessScorer) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(store: Path | None = None) -> Desk:
        made.append(Desk(scorer, store, qtbot))
        return made[-1]

    yield make
    scorer.gate.set()
    for desk in made:
        desk.close()


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Four pictures that are brighter towards the right: another crop has another score."""
    paths = []
    for number in range(4):
        row = np.linspace(30 * number, 250, 300)
        pixels = np.broadcast_to(row[None, :, None], (200, 300, 3)).astype(np.uint8)
        paths.append(tmp_path / f"picture{number}.png")
        Image.fromarray(pixels).save(paths[-1])
    return paths


def test_all_scored_images_are_measured(desk: Desk, scorer: BrightnessScorer, pictures: list[Path]) -> None:
    desk.add(pictures)
    desk.wait()
    scorer.batches.clear()
    assert desk.measure()
    assert desk.run.is_measuring
    assert desk.run.progress().headline == "Measuring sensitivity 0 of 4"
    desk.wait()
    assert desk.measured() == [0, 1, 2, 3]
    known = desk.library.sensitivity(2)
    assert known is not None
    assert (known.recipe, len(known.scores)) == (TEN_CROP.id, 10)
    assert known.low < desk.library.scores[2] < known.high
    assert desk.ends == [MeasuringEnd(4, ())]
    assert sum(scorer.batches) == 40
    assert not desk.measure(), "there is nothing left to measure"


def test_scoring_goes_first(desk: Desk, scorer: BrightnessScorer, pictures: list[Path], qtbot: QtBot) -> None:
    desk.add(pictures[:2])
    desk.wait()
    scorer.gate.clear()
    desk.measure()
    desk.add(pictures[2:])
    assert desk.run.progress().state == "Looking up scores"
    qtbot.waitUntil(lambda: desk.run.progress().state == "Scoring", timeout=WAIT_MS)
    scorer.gate.set()
    desk.wait()
    # at most one image was in the network when the others came
    assert {"score 2", "score 3"} <= set(desk.order[2:5])
    assert set(desk.order[5:]) <= {"measure 0", "measure 1"}
    assert desk.measured() == [0, 1]


def test_pause_holds_both_and_what_comes_waits_too(
    desk: Desk, scorer: BrightnessScorer, pictures: list[Path], qtbot: QtBot
) -> None:
    desk.add(pictures[:2])
    desk.wait()
    scorer.gate.clear()
    desk.measure()
    desk.run.pause()
    assert desk.run.progress().state == "Measuring sensitivity, paused"
    desk.add(pictures[2:])
    scorer.gate.set()
    qtbot.wait(300)  # time enough to go on, if it did
    assert desk.run.state is RunState.PAUSED
    assert "score 2" not in desk.order
    assert len(desk.measured()) <= 1, "the image that was in the network is finished"
    desk.run.resume()
    desk.wait()
    assert desk.measured() == [0, 1]
    assert np.isfinite(desk.library.scores[:4]).all()


def test_what_is_measured_is_shown_when_a_person_pauses(
    desk: Desk, scorer: BrightnessScorer, pictures: list[Path], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(framing_turns, "_COLLECT_S", 60.0)
    desk.add(pictures)
    desk.wait()
    scorer.batches.clear()
    scorer.seconds = 0.05
    desk.measure()
    qtbot.waitUntil(lambda: sum(scorer.batches) >= 20, timeout=WAIT_MS)
    assert desk.measured() == []
    desk.run.pause()
    qtbot.waitUntil(lambda: bool(desk.measured()), timeout=WAIT_MS)
    assert desk.run.state is RunState.PAUSED
    desk.run.stop()


def test_measuring_that_begins_while_scoring_is_paused_waits(
    desk: Desk, scorer: BrightnessScorer, pictures: list[Path], qtbot: QtBot
) -> None:
    desk.add(pictures[:2])
    desk.wait()
    scorer.gate.clear()
    desk.add(pictures[2:])
    desk.run.pause()
    desk.measure()
    scorer.gate.set()
    qtbot.wait(300)
    assert desk.measured() == []
    desk.run.resume()
    desk.wait()
    assert desk.measured() == [0, 1]


def test_cancelling_ends_within_an_image_and_a_new_measuring_begins_anew(
    desk: Desk, scorer: BrightnessScorer, pictures: list[Path], qtbot: QtBot
) -> None:
    desk.add(pictures)
    desk.wait()
    scorer.batches.clear()
    scorer.gate.clear()
    desk.measure()
    desk.run.stop()
    assert desk.run.state is RunState.IDLE
    scorer.gate.set()
    qtbot.wait(300)
    assert sum(scorer.batches) <= 10
    assert desk.measured() == []
    assert desk.ends == []
    assert desk.run.measure_sensitivity(desk.requests()[3:])
    desk.wait()
    assert desk.measured() == [3]
    assert sum(scorer.batches) <= 20, "nothing of the cancelled ones is left"


def test_images_taken_out_of_the_library_are_not_measured(
    desk: Desk, scorer: BrightnessScorer, pictures: list[Path]
) -> None:
    desk.add(pictures)
    desk.wait()
    scorer.gate.clear()
    desk.measure()
    desk.library.remove([2, 3])
    desk.run.withdraw([2, 3])
    assert desk.run.progress().total == 2
    scorer.batches.clear()
    scorer.gate.set()
    desk.wait()
    assert desk.measured() == [0, 1]
    assert sum(scorer.batches) == 20


def test_failures_are_told_at_the_end_and_do_not_stop_the_others(desk: Desk, pictures: list[Path]) -> None:
    desk.add(pictures)
    desk.wait()
    Image.new("RGB", (9, 9)).save(pictures[1])
    pictures[2].write_bytes(b"nothing")
    desk.measure()
    desk.wait()
    assert desk.measured() == [0, 3]
    (end,) = desk.ends
    assert end.measured == 2
    assert {failure.request.image_id for failure in end.failures} == {1, 2}
    assert "not what it was" in next(f.reason for f in end.failures if f.request.image_id == 1)


def test_what_is_in_the_store_is_not_measured_again_and_loads_no_network(
    make_desk: Callable[..., Desk], scorer: BrightnessScorer, pictures: list[Path], tmp_path: Path
) -> None:
    first = make_desk(tmp_path / "scores.sqlite")
    first.add(pictures)
    first.wait()
    first.measure()
    first.wait()
    scorer.loads.clear()
    again = make_desk(tmp_path / "scores.sqlite")
    again.add(pictures)
    again.wait()
    assert again.measure()
    again.wait()
    assert again.measured() == [0, 1, 2, 3]
    assert scorer.loads == []
    assert again.library.sensitivity(1) == first.library.sensitivity(1)
    assert again.ends == [MeasuringEnd(4, ())]
    assert again.run.seconds_to_measure(10) is None, "nothing is known of the speed"


def test_the_network_is_loaded_for_it_and_a_failure_is_told_once(
    make_desk: Callable[..., Desk], scorer: BrightnessScorer, pictures: list[Path], tmp_path: Path
) -> None:
    first = make_desk(tmp_path / "scores.sqlite")
    first.add(pictures)
    first.wait()
    again = make_desk(tmp_path / "scores.sqlite")
    again.add(pictures)
    again.wait()
    scorer.load_error = ScorerError("The weights are missing.")
    again.measure()
    again.wait()
    assert set(again.failures) == {"The weights are missing."}
    assert again.ends == []
    scorer.load_error = None
    again.measure()
    again.wait()
    assert again.measured() == [0, 1, 2, 3]


def test_it_goes_on_with_the_cpu_when_the_gpu_is_lost(
    desk: Desk, scorer: BrightnessScorer, pictures: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    scorer.device, scorer.device_label = "cuda", "Test GPU"
    desk.add(pictures)
    desk.wait()
    told: list[str] = []
    desk.run.device_lost.connect(told.append)
    load = scorer.load

    def load_with_less_memory(device: str) -> None:
        load(device)
        scorer.batch_size = 1

    monkeypatch.setattr(scorer, "load", load_with_less_memory)
    scorer.lost_after = len(scorer.batches) + 3
    desk.measure()
    desk.wait()
    assert set(scorer.batches[scorer.lost_after :]) == {1}
    assert desk.measured() == [0, 1, 2, 3]
    assert len(told) == 1
    assert desk.ends[0].failures == ()


def test_another_recipe_for_the_images_ends_what_is_under_way(
    desk: Desk, scorer: BrightnessScorer, pictures: list[Path]
) -> None:
    desk.add(pictures)
    desk.wait()
    scorer.gate.clear()
    desk.measure()
    desk.run.choose_preprocessing(Preprocessing(upright=False))
    assert desk.run.state is RunState.IDLE
    scorer.gate.set()


@pytest.mark.parametrize("moment", ["loading", "in the network", "decoding"])
def test_closing_is_safe_at_any_moment(
    desk: Desk, scorer: BrightnessScorer, pictures: list[Path], qtbot: QtBot, moment: str
) -> None:
    desk.add(pictures)
    if moment != "loading":
        desk.wait()
    else:
        qtbot.waitUntil(lambda: bool(desk.order), timeout=WAIT_MS)
    if moment == "in the network":
        scorer.gate.clear()
    desk.measure()
    if moment == "in the network":
        threading.Timer(0.3, scorer.gate.set).start()
    # the fixture closes it and waits for the threads


def test_how_long_it_takes_is_judged_by_the_speed_so_far(
    desk: Desk, scorer: BrightnessScorer, pictures: list[Path]
) -> None:
    assert desk.run.seconds_to_measure(100) is None
    scorer.seconds = 0.2
    desk.add(pictures)
    desk.wait()
    of_scores = desk.run.seconds_to_measure(100)
    desk.measure()
    desk.wait()
    of_framings = desk.run.seconds_to_measure(100)
    # two images take 0.2 s
    assert of_scores is not None
    assert of_framings is not None
    assert of_framings == pytest.approx(10, rel=0.5)


# The bookkeeping


def request(image_id: int) -> FramingRequest:
    return FramingRequest(image_id, f"/photos/{image_id}.png", str(image_id), 0.5, SMALL_SHIFTS.id)


def test_measured_before_says_nothing_of_the_speed() -> None:
    run = MeasuringRun()
    asked = [request(number) for number in range(6)]
    run.add_requests(asked)
    known: list[FramingOutcome] = [Measured(one, (0.5, 0.6)) for one in asked[:4]]
    assert run.take_batch(FramingBatch(run.number, known, is_known=True)) == known
    assert (run.done, run.total, run.progress.rate) == (0, 2, None)
    assert run.take_batch(FramingBatch(run.number - 1, [Unmeasured(asked[4], "No.")])) == []
    run.take_batch(FramingBatch(run.number, [Unmeasured(asked[4], "No."), Measured(asked[5], (0.1, 0.2))]))
    assert run.state is RunState.IDLE
    assert run.end() == MeasuringEnd(5, (Unmeasured(asked[4], "No."),))


def test_the_clock_stands_while_images_are_scored() -> None:
    now = 0.0
    run = MeasuringRun()
    run.progress._clock = lambda: now
    run.add_requests([request(number) for number in range(9)])

    def take(number: int) -> None:
        run.take_batch(FramingBatch(run.number, [Measured(request(number), (0.5, 0.5))]))

    now = 2.0
    take(0)
    now = 3.0
    run.let_scoring_go_first(scoring=True)
    run.let_scoring_go_first(scoring=True)
    now = 100.0
    run.let_scoring_go_first(scoring=False)
    now = 102.0
    take(1)
    assert run.progress.rate == pytest.approx(1 / 3), "one second before and two after"
    assert run.seconds_per_framing == pytest.approx(3 / 14)
