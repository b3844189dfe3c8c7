"""How the scores of images are measured in other framings: the pipeline, and the way into a library."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from resmem_gui.images.decoding import DecodedImage, decode
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance, Sensitivity
from resmem_gui.measuring import framing_requests, known_framings, measure_library, take_framings
from resmem_gui.outcomes import provenance_of
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring import sensitivity
from resmem_gui.scoring.framings import SMALL_SHIFTS, TEN_CROP, framings
from resmem_gui.scoring.pipeline import Pipeline, Request, Scored
from resmem_gui.scoring.preprocessing import network_input
from resmem_gui.scoring.scorer import DeviceLostError, OutOfMemoryError, ScorerError
from resmem_gui.scoring.sensitivity import (
    FramingOutcome,
    FramingRequest,
    Measured,
    SensitivityPipeline,
    Unmeasured,
)
from tests.unit.fakes import FakeScorer

PATIENCE_S = 10.0


class FramedScorer(FakeScorer):
    """Scores by the brightness of what ResMem would be given: other framings of a picture score otherwise."""

    def prepare(self, pixels: Image.Image) -> NDArray[np.uint8]:
        return network_input(pixels)

    def score(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.batches.append(len(batch))
        if self.memory is not None and len(batch) > self.memory:
            raise OutOfMemoryError("it does not fit")
        other = self.answer(batch)
        return brightness(batch) if other is None else other


def brightness(batch: NDArray[np.uint8]) -> NDArray[np.float32]:
    scores: NDArray[np.float32] = (batch.mean(axis=(1, 2, 3)) / 255).astype(np.float32)
    return scores


@pytest.fixture
def scorer() -> FramedScorer:
    return FramedScorer()


@pytest.fixture
def pipeline(scorer: FramedScorer) -> Iterator[SensitivityPipeline]:
    made = SensitivityPipeline(scorer)
    yield made
    made.close()


@pytest.fixture
def memory() -> Iterator[ScoreMemory]:
    made = ScoreMemory(None, pytest.fail)
    yield made
    made.close()


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    """Three pictures that are brighter towards the right and differ in how much."""
    paths = []
    for number in range(3):
        row = np.linspace(20 * number, 250, 300)
        pixels = np.broadcast_to(row[None, :, None], (200, 300, 3)).astype(np.uint8)
        path = tmp_path / f"picture{number}.png"
        Image.fromarray(pixels).save(path)
        paths.append(str(path))
    return paths


@pytest.fixture
def library(scorer: FramedScorer, pictures: list[str]) -> Library:
    """Hold the pictures as they were scored."""
    made = Library()
    made.add(pictures)
    pipeline = Pipeline(scorer)
    pipeline.submit([Request(image_id, path) for image_id, path in enumerate(pictures)])
    while pipeline.pending:
        for scored in pipeline.step():
            assert isinstance(scored, Scored)
            made.set_scored(
                scored.request.image_id, scored.score, scored.size, scored.sha256, provenance_of(scorer)
            )
    pipeline.close()
    scorer.batches.clear()
    return made


def requests(library: Library) -> list[FramingRequest]:
    return framing_requests(library, np.arange(len(library)), TEN_CROP)


def drain(pipeline: SensitivityPipeline) -> list[FramingOutcome]:
    outcomes: list[FramingOutcome] = []
    while pipeline.pending:
        outcomes += pipeline.step(PATIENCE_S)
    return outcomes


def reason(outcome: FramingOutcome) -> str:
    assert isinstance(outcome, Unmeasured)
    return outcome.reason


# One image


def test_every_framing_is_scored_in_the_recipes_order(
    pipeline: SensitivityPipeline, library: Library, pictures: list[str]
) -> None:
    pipeline.submit(requests(library))
    outcomes = drain(pipeline)
    assert {outcome.request.image_id for outcome in outcomes} == {0, 1, 2}
    for outcome in outcomes:
        assert isinstance(outcome, Measured)
        pixels = Image.open(pictures[outcome.request.image_id])
        np.testing.assert_allclose(outcome.scores, brightness(framings(pixels, TEN_CROP)), rtol=0, atol=1e-6)
        assert outcome.scores[TEN_CROP.standard] == outcome.request.score
        assert max(outcome.scores) > min(outcome.scores)


def test_batches_are_not_larger_than_suits_the_device(
    pipeline: SensitivityPipeline, scorer: FramedScorer, library: Library
) -> None:
    pipeline.submit(requests(library))
    drain(pipeline)
    assert sum(scorer.batches) == 30
    assert max(scorer.batches) == scorer.batch_size


def test_out_of_memory_batches_become_smaller(
    pipeline: SensitivityPipeline, scorer: FramedScorer, library: Library
) -> None:
    scorer.memory = 1
    pipeline.submit(requests(library))
    assert all(isinstance(outcome, Measured) for outcome in drain(pipeline))
    assert scorer.batches[-10:] == [1] * 10


def test_a_network_that_fails_is_a_reason(
    pipeline: SensitivityPipeline, scorer: FramedScorer, library: Library
) -> None:
    def fail(_: NDArray[np.uint8]) -> None:
        raise RuntimeError("no such kernel\nand more")

    scorer.answer = fail
    pipeline.submit(requests(library))
    assert {reason(outcome) for outcome in drain(pipeline)} == {
        "The network failed on this image (no such kernel)."
    }


def test_what_is_no_score_is_a_reason(
    pipeline: SensitivityPipeline, scorer: FramedScorer, library: Library
) -> None:
    scorer.answer = lambda batch: np.full(len(batch), np.nan, dtype=np.float32)
    pipeline.submit(requests(library)[:1])
    assert "something else than scores" in reason(drain(pipeline)[0])


def test_a_file_that_has_changed_is_not_measured(
    pipeline: SensitivityPipeline, scorer: FramedScorer, library: Library, pictures: list[str]
) -> None:
    asked = requests(library)
    Image.new("RGB", (30, 30), "red").save(pictures[1])
    Path(pictures[2]).unlink()
    pipeline.submit(asked)
    outcomes = {outcome.request.image_id: outcome for outcome in drain(pipeline)}
    assert isinstance(outcomes[0], Measured)
    assert reason(outcomes[1]) == "The file is not what it was when it was scored. Score it again first."
    assert isinstance(outcomes[2], Unmeasured)
    assert sum(scorer.batches) == 10, "nothing else went through the network"


def test_a_score_that_was_made_in_another_way_has_no_sensitivity(
    pipeline: SensitivityPipeline, scorer: FramedScorer, library: Library
) -> None:
    scorer.answer = lambda batch: brightness(batch) * np.float32(0.9)
    pipeline.submit(requests(library)[:1])
    assert "made in another way" in reason(drain(pipeline)[0])


def test_a_scorer_with_an_input_of_its_own_is_refused(
    scorer: FramedScorer, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scorer, "prepare", lambda pixels: np.zeros((4, 4, 3), dtype=np.uint8))
    pipeline = SensitivityPipeline(scorer)
    pipeline.submit(requests(library)[:1])
    assert "for ResMem only" in reason(drain(pipeline)[0])
    pipeline.close()


# Steering


def test_after_a_lost_device_the_same_image_is_measured(
    pipeline: SensitivityPipeline, scorer: FramedScorer, library: Library
) -> None:
    scorer.device = "cuda"

    def lose(_: NDArray[np.uint8]) -> None:
        if scorer.device == "cuda":
            raise DeviceLostError("unplugged")

    scorer.answer = lose
    pipeline.submit(requests(library)[:1])
    with pytest.raises(DeviceLostError):
        pipeline.step(PATIENCE_S)
    assert pipeline.pending == 1
    scorer.device = "cpu"
    pipeline.fall_back()
    assert isinstance(drain(pipeline)[0], Measured)


def test_withdrawn_and_cancelled_images_have_no_outcome(
    pipeline: SensitivityPipeline, scorer: FramedScorer, library: Library
) -> None:
    pipeline.submit(requests(library))
    pipeline.withdraw({0})
    pipeline.step(PATIENCE_S)
    assert pipeline.pending == 1
    assert pipeline.current is not None
    assert pipeline.current.image_id in (1, 2)
    pipeline.cancel()
    assert pipeline.pending == 0
    assert list(filter(None, [pipeline.current])) == []
    assert pipeline.step(0) == []
    assert sum(scorer.batches) == 10


def test_a_step_waits_no_longer_than_it_has_patience(
    pipeline: SensitivityPipeline, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def slow(path: str, *, upright: bool, least_edge: int | None) -> DecodedImage:
        assert gate.wait(PATIENCE_S)
        return decode(path, upright=upright, least_edge=least_edge)

    monkeypatch.setattr(sensitivity, "decode", slow)
    pipeline.submit(requests(library))
    assert pipeline.step(0.01) == []
    assert pipeline.pending == 3
    gate.set()
    assert len(drain(pipeline)) == 3


# What is known, and the library


def test_what_was_measured_is_not_measured_again(
    scorer: FramedScorer, library: Library, memory: ScoreMemory
) -> None:
    for _ in measure_library(library, scorer, memory, TEN_CROP, tell=pytest.fail):
        pass
    first = [library.sensitivity(image_id) for image_id in range(3)]
    assert sum(scorer.batches) == 30
    assert requests(library) == [], "all of them have it"
    for image_id in range(3):
        library.set_sensitivity(image_id, None)
    outcomes = [
        outcome
        for some in measure_library(library, scorer, memory, TEN_CROP, tell=pytest.fail)
        for outcome in some
    ]
    assert len(outcomes) == 3
    assert sum(scorer.batches) == 30
    assert [library.sensitivity(image_id) for image_id in range(3)] == first
    for _ in measure_library(library, scorer, memory, SMALL_SHIFTS, tell=pytest.fail):
        pass
    assert sum(scorer.batches) == 30 + 3 * 14, "another recipe is another measurement"
    known = library.sensitivity(0)
    assert known is not None
    assert known.recipe == SMALL_SHIFTS.id


def test_another_scorer_has_measured_nothing(
    scorer: FramedScorer, library: Library, memory: ScoreMemory
) -> None:
    for _ in measure_library(library, scorer, memory, TEN_CROP, tell=pytest.fail):
        pass
    other = Provenance("Other 2", "a" * 64, scorer.preprocessing.id, "cpu")
    for image_id in range(3):
        library.set_sensitivity(image_id, None)
    known, unknown = known_framings(memory, requests(library), other)
    assert (known, len(unknown)) == ([], 3)


def test_copies_of_one_content_go_through_the_network_once(
    scorer: FramedScorer, library: Library, memory: ScoreMemory, pictures: list[str], tmp_path: Path
) -> None:
    copy = tmp_path / "copy.png"
    copy.write_bytes(Path(pictures[0]).read_bytes())
    (added,) = library.add([str(copy)])
    record = library.record(0)
    assert record.score is not None
    library.set_scored(added, record.score, (300, 200), record.sha256, provenance_of(scorer))
    for _ in measure_library(library, scorer, memory, TEN_CROP, tell=pytest.fail):
        pass
    assert sum(scorer.batches) == 30
    assert library.sensitivity(added) == library.sensitivity(0)


def test_only_scored_images_that_are_there_are_measured(library: Library) -> None:
    (waiting,) = library.add(["/nowhere/waiting.png"])
    library.set_missing([0], missing=True)
    library.remove([1])
    assert [request.image_id for request in requests(library)] == [2]
    assert waiting == 3


def test_a_measurement_of_another_score_is_not_taken(library: Library) -> None:
    asked = requests(library)
    outcomes: list[FramingOutcome] = [Measured(request, (request.score, 0.5)) for request in asked]
    outcomes[2] = Unmeasured(asked[2], "No.")
    library.set_waiting([1])  # its file has changed meanwhile
    assert take_framings(library, outcomes) == [0]
    assert library.sensitivity(0) == Sensitivity(TEN_CROP.id, (asked[0].score, 0.5))
    library.clear()
    assert take_framings(library, outcomes) == []


def test_the_cpu_takes_over_from_a_lost_gpu(
    scorer: FramedScorer, library: Library, memory: ScoreMemory
) -> None:
    scorer.device = "cuda"

    def lose(_: NDArray[np.uint8]) -> None:
        if scorer.device == "cuda":
            raise DeviceLostError("unplugged")

    scorer.answer = lose
    told: list[str] = []
    for _ in measure_library(library, scorer, memory, TEN_CROP, tell=told.append):
        pass
    assert len(told) == 1
    assert all(library.sensitivity(image_id) for image_id in range(3))


def test_where_no_device_is_left_each_image_has_a_reason(
    scorer: FramedScorer, library: Library, memory: ScoreMemory
) -> None:
    scorer.device = "cuda"
    scorer.load_errors["cpu"] = ScorerError("There is no CPU either.")

    def lose(_: NDArray[np.uint8]) -> None:
        raise DeviceLostError("unplugged")

    scorer.answer = lose
    measuring = measure_library(library, scorer, memory, TEN_CROP, tell=lambda _: None)
    assert [reason(outcome) for some in measuring for outcome in some] == ["There is no CPU either."] * 3
