"""The way of images through decoding and the network."""

import gc
import hashlib
import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import wait
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from resmem_gui.file_state import file_state
from resmem_gui.images.decoding import DecodedImage
from resmem_gui.images.decoding import decode as decode_file
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance, Status
from resmem_gui.outcomes import provenance_of, record_outcomes
from resmem_gui.scoring import pipeline as pipeline_module
from resmem_gui.scoring.pipeline import Failed, KnownScore, Outcome, Pipeline, Request, Scored
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import DeviceLostError, OutOfMemoryError
from resmem_gui.traits import Traits
from tests.unit.fakes import FakeScorer

GreyFile = Callable[[str, int], str]

#: Long enough for decoding on a machine that does other things too.
PATIENCE_S = 20.0


@pytest.fixture
def scorer() -> FakeScorer:
    return FakeScorer()


@pytest.fixture
def make(scorer: FakeScorer) -> Iterator[Callable[..., Pipeline]]:
    """Return a maker of pipelines that are closed at the end; with one decoder, images stay in order."""
    made: list[Pipeline] = []

    def build(**options: Any) -> Pipeline:
        made.append(Pipeline(scorer, **{"decoders": 1, **options}))
        return made[-1]

    yield build
    for pipeline in made:
        pipeline.close()


Maker = Callable[..., Pipeline]


def requests(grey_file: GreyFile, brightnesses: list[int]) -> list[Request]:
    return [
        Request(number, grey_file(f"{number}.png", brightness))
        for number, brightness in enumerate(brightnesses)
    ]


def drain(pipeline: Pipeline) -> list[Outcome]:
    outcomes: list[Outcome] = []
    while pipeline.pending:
        step = pipeline.step(patience=PATIENCE_S)
        assert step, "a step with images pending has outcomes"
        outcomes.extend(step)
    return outcomes


def scores(outcomes: list[Outcome]) -> list[float]:
    assert all(isinstance(outcome, Scored) for outcome in outcomes)
    return [outcome.score for outcome in outcomes if isinstance(outcome, Scored)]


def reasons(outcomes: list[Outcome]) -> list[str]:
    assert all(isinstance(outcome, Failed) for outcome in outcomes)
    return [outcome.reason for outcome in outcomes if isinstance(outcome, Failed)]


@pytest.mark.parametrize("batch_size", [1, 3, 4, 50])
@pytest.mark.parametrize("decoders", [1, 4])
def test_every_image_gets_its_own_score(
    make: Maker, grey_file: GreyFile, batch_size: int, decoders: int
) -> None:
    brightnesses = [20 * number for number in range(13)]
    pipeline = make(batch_size=batch_size, decoders=decoders)
    pipeline.submit(requests(grey_file, brightnesses))
    outcomes = drain(pipeline)
    if decoders == 1:
        assert ids_of(outcomes) == list(range(13))
    outcomes.sort(key=lambda outcome: outcome.request.image_id)
    assert ids_of(outcomes) == list(range(13))
    assert scores(outcomes) == pytest.approx([brightness / 255 for brightness in brightnesses])


@pytest.mark.parametrize("batch_size", [1, 3, 5])
def test_no_batch_is_larger_than_told(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile, batch_size: int
) -> None:
    pipeline = make(batch_size=batch_size)
    pipeline.submit(requests(grey_file, [0] * 11))
    drain(pipeline)
    assert max(scorer.batches) <= batch_size
    assert sum(scorer.batches) == 11


def test_the_scorer_chooses_the_batch_by_default(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile
) -> None:
    scorer.batch_size = 2
    pipeline = make()
    pipeline.submit(requests(grey_file, [0] * 6))
    drain(pipeline)
    assert max(scorer.batches) <= 2


def test_decoded_images_go_together(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = make(batch_size=4)
    pipeline.submit(requests(grey_file, [0] * 4))
    wait([future for _, future in pipeline._decoding])
    assert len(pipeline.step(patience=PATIENCE_S)) == 4
    assert scorer.batches == [4]


@pytest.fixture
def held_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], threading.Event]]:
    """Return a function that holds back the decoding of a file until its event is set."""
    held: dict[str, threading.Event] = {}

    def decode(path: str, *, upright: bool, least_edge: int | None) -> DecodedImage:
        event = held.get(Path(path).name)
        assert event is None or event.wait(PATIENCE_S)
        return decode_file(path, upright=upright, least_edge=least_edge)

    monkeypatch.setattr(pipeline_module, "decode", decode)
    yield lambda name: held.setdefault(name, threading.Event())
    for event in held.values():
        event.set()


HeldBack = Callable[[str], threading.Event]


def ids_of(outcomes: list[Outcome]) -> list[int]:
    return [outcome.request.image_id for outcome in outcomes]


@pytest.mark.parametrize(("slow", "decoders", "others"), [(1, 1, [0]), (0, 2, [1, 2])])
def test_a_slow_file_holds_back_neither_those_before_nor_those_behind_it(
    make: Maker, grey_file: GreyFile, held_back: HeldBack, slow: int, decoders: int, others: list[int]
) -> None:
    event = held_back(f"{slow}.png")
    pipeline = make(batch_size=4, decoders=decoders)
    pipeline.submit(requests(grey_file, [10, 20, 30]))
    early: list[int] = []
    while len(early) < len(others):
        early += ids_of(pipeline.step(patience=0.05))
    assert early == others
    assert pipeline.step(patience=0) == []
    event.set()
    assert ids_of(drain(pipeline)) == sorted({0, 1, 2} - {*others})


def test_a_large_jpeg_is_decoded_at_a_reduced_scale_where_that_is_chosen(
    make: Maker, scorer: FakeScorer, tmp_path: Path
) -> None:
    Image.new("RGB", (2000, 1000), (51, 51, 51)).save(tmp_path / "large.jpg")
    prepared: list[tuple[int, int]] = []
    real = scorer.prepare

    def prepare(pixels: Image.Image) -> NDArray[np.uint8]:
        prepared.append(pixels.size)
        return real(pixels)

    scorer.prepare = prepare  # type: ignore[method-assign]
    for fast in (False, True):
        scorer.preprocessing = Preprocessing(fast_decoding=fast)
        pipeline = make()
        pipeline.submit([Request(0, str(tmp_path / "large.jpg"))])
        (outcome,) = drain(pipeline)
        assert isinstance(outcome, Scored)
        assert outcome.size == (2000, 1000)
    assert prepared == [(2000, 1000), (2000, 1000)]

    Image.new("RGB", (4000, 2000), (51, 51, 51)).save(tmp_path / "large.jpg")
    pipeline.submit([Request(0, str(tmp_path / "large.jpg"))])
    (outcome,) = drain(pipeline)
    assert isinstance(outcome, Scored)
    assert (prepared[-1], outcome.size) == ((2000, 1000), (4000, 2000))


def test_a_scored_image_tells_size_and_hash(make: Maker, tmp_path: Path, picture: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "turned.jpg"
    picture.save(path, exif=exif)
    pipeline = make()
    pipeline.submit([Request(7, str(path))])
    (outcome,) = drain(pipeline)
    assert isinstance(outcome, Scored)
    assert outcome.size == (48, 64)
    assert len(outcome.sha256) == 64
    assert outcome.thumbnail is None


def test_images_are_left_as_stored_when_the_scorer_wants_it(
    make: Maker, scorer: FakeScorer, tmp_path: Path, picture: Image.Image
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(tmp_path / "turned.jpg", exif=exif)
    scorer.preprocessing = Preprocessing(upright=False)
    pipeline = make()
    pipeline.submit([Request(0, str(tmp_path / "turned.jpg"))])
    (outcome,) = drain(pipeline)
    assert isinstance(outcome, Scored)
    assert outcome.size == (64, 48)


def test_thumbnails_are_made_on_the_way(make: Maker, tmp_path: Path, picture: Image.Image) -> None:
    picture.save(tmp_path / "picture.png")
    pipeline = make(thumbnail_edge=32)
    pipeline.submit([Request(0, str(tmp_path / "picture.png"))])
    (outcome,) = drain(pipeline)
    assert isinstance(outcome, Scored)
    assert outcome.thumbnail is not None
    assert outcome.thumbnail.size == (32, 24)
    assert outcome.thumbnail.getpixel((2, 2)) == (255, 0, 0)


# --- failures ------------------------------------------------------------------------------------


def test_files_that_cannot_be_decoded_are_outcomes_among_the_others(
    make: Maker, tmp_path: Path, grey_file: GreyFile
) -> None:
    (tmp_path / "empty.png").write_bytes(b"")
    paths = [grey_file("a.png", 51), str(tmp_path / "empty.png"), str(tmp_path / "gone.png")]
    pipeline = make()
    pipeline.submit(Request(number, path) for number, path in enumerate([*paths, grey_file("b.png", 102)]))
    first, empty, gone, last = drain(pipeline)
    assert scores([first, last]) == pytest.approx([0.2, 0.4])
    assert reasons([empty, gone]) == [
        "The file is empty (0 bytes).",
        "There is no file at this path (any more).",
    ]


def test_a_batch_without_a_sound_file_does_not_reach_the_network(
    make: Maker, scorer: FakeScorer, tmp_path: Path
) -> None:
    pipeline = make()
    pipeline.submit([Request(0, str(tmp_path / "gone.png"))])
    assert len(reasons(drain(pipeline))) == 1
    assert scorer.batches == []


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RuntimeError("CUDA error: unspecified\nlaunch failure"), "(CUDA error: unspecified)."),
        (RuntimeError("It broke."), "(It broke)."),
        (AssertionError(), "(AssertionError)."),
    ],
)
def test_a_network_that_fails_gives_a_reason_and_the_run_goes_on(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile, error: Exception, reason: str
) -> None:
    def fail(batch: NDArray[np.uint8]) -> None:
        if batch.max() < 100:
            raise error

    scorer.answer = fail
    pipeline = make(batch_size=1)
    pipeline.submit(requests(grey_file, [51, 204]))
    dark, bright = drain(pipeline)
    assert reasons([dark]) == [f"The network failed on this image {reason}"]
    assert scores([bright]) == pytest.approx([0.8])


def test_an_image_that_cannot_be_prepared_does_not_take_others_along(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = scorer.prepare

    def prepare(pixels: Image.Image) -> NDArray[np.uint8]:
        if pixels.getpixel((0, 0)) == (1, 1, 1):
            raise ZeroDivisionError("nobody foresaw this")
        return real(pixels)

    monkeypatch.setattr(scorer, "prepare", prepare)
    pipeline = make(batch_size=4)
    pipeline.submit(requests(grey_file, [51, 1, 102]))
    first, failed, last = drain(pipeline)
    assert reasons([failed]) == ["The image could not be prepared for the network (nobody foresaw this)."]
    assert scores([first, last]) == pytest.approx([0.2, 0.4])


def test_too_little_memory_for_decoding_is_a_reason(
    make: Maker, grey_file: GreyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(path: str, *, upright: bool, least_edge: int | None) -> DecodedImage:
        raise MemoryError

    monkeypatch.setattr(pipeline_module, "decode", decode)
    pipeline = make()
    pipeline.submit(requests(grey_file, [0]))
    assert reasons(drain(pipeline)) == ["There is not enough memory to decode this image."]


@pytest.mark.parametrize("answer", [np.nan, np.inf, -0.1, 1.1])
def test_an_answer_that_is_no_score_is_a_failure(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile, answer: float
) -> None:
    scorer.answer = lambda batch: np.full(len(batch), answer, dtype=np.float32)
    pipeline = make()
    pipeline.submit(requests(grey_file, [0]))
    (reason,) = reasons(drain(pipeline))
    assert reason.startswith("The network answered ")
    assert reason.endswith("instead of a score: the device failed on it.")


@pytest.mark.parametrize("answer", [0.0, 1.0])
def test_the_ends_of_the_scale_are_scores(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile, answer: float
) -> None:
    scorer.answer = lambda batch: np.full(len(batch), answer, dtype=np.float32)
    pipeline = make()
    pipeline.submit(requests(grey_file, [0]))
    assert scores(drain(pipeline)) == [answer]


# --- a device without memory ---------------------------------------------------------------------


def decoded(pipeline: Pipeline) -> None:
    """Wait until all that may be decoded ahead is, so that the next step takes a full batch."""
    wait([future for _, future in pipeline._decoding])


@pytest.mark.parametrize("memory", [1, 2, 3, 5])
def test_out_of_memory_batches_become_smaller_and_nothing_is_lost(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile, memory: int
) -> None:
    scorer.memory = memory
    brightnesses = [20 * number for number in range(12)]
    pipeline = make(batch_size=7)
    pipeline.submit(requests(grey_file, brightnesses))
    decoded(pipeline)
    outcomes = drain(pipeline)
    assert ids_of(outcomes) == list(range(12))
    assert scores(outcomes) == pytest.approx([brightness / 255 for brightness in brightnesses])
    assert scorer.batches[0] == 7
    assert scorer.batches[-1] <= memory


def test_after_running_out_of_memory_the_smaller_batch_stays(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile
) -> None:
    scorer.memory = 4
    pipeline = make(batch_size=8)
    pipeline.submit(requests(grey_file, [0] * 32))
    decoded(pipeline)
    pipeline.step(patience=PATIENCE_S)
    assert scorer.batches == [8, 4, 4]
    drain(pipeline)
    assert max(scorer.batches[1:]) <= 4


def test_one_image_that_does_not_fit_is_a_failure(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile
) -> None:
    scorer.memory = 0
    pipeline = make(batch_size=4)
    pipeline.submit(requests(grey_file, [0] * 3))
    assert set(reasons(drain(pipeline))) == {
        "The device has not enough memory for a single image. Close other programs."
    }


def test_the_memory_of_a_failed_batch_is_free_before_the_next_try(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile
) -> None:
    """An exception being handled keeps the frames below it alive, and with them all of a batch's tensors."""

    class Tensor:
        """Takes memory of the device."""

    alive: list[weakref.ref[Tensor]] = []

    def answer(batch: NDArray[np.uint8]) -> None:
        assert [tensor() for tensor in alive] == [None] * len(alive)
        tensor = Tensor()
        alive.append(weakref.ref(tensor))
        if len(batch) > 1:
            raise OutOfMemoryError("not enough")

    scorer.answer = answer
    pipeline = make(batch_size=4)
    pipeline.submit(requests(grey_file, [51] * 4))
    decoded(pipeline)
    gc.disable()
    try:
        outcomes = pipeline.step(patience=PATIENCE_S)
    finally:
        gc.enable()
    assert scores(outcomes) == pytest.approx([0.2] * 4)
    assert len(alive) == 7


# --- a device that is lost -----------------------------------------------------------------------


def test_after_a_lost_gpu_the_same_images_are_scored_on_the_cpu(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile
) -> None:
    scorer.device = "cuda"

    def answer(batch: NDArray[np.uint8]) -> None:
        if scorer.device == "cuda" and len(scorer.batches) == 2:
            raise DeviceLostError("CUDA error: unspecified launch failure")

    scorer.answer = answer
    brightnesses = [20 * number for number in range(9)]
    pipeline = make(batch_size=3)
    pipeline.submit(requests(grey_file, brightnesses))
    decoded(pipeline)
    outcomes = pipeline.step(patience=PATIENCE_S)
    with pytest.raises(DeviceLostError):
        pipeline.step(patience=PATIENCE_S)
    assert pipeline.pending == 6
    assert pipeline.current == Request(3, requests(grey_file, brightnesses)[3].path)
    pipeline.fall_back()
    assert (scorer.loaded_on, scorer.device) == ("cpu", "cpu")
    outcomes += drain(pipeline)
    assert ids_of(outcomes) == list(range(9))
    assert scores(outcomes) == pytest.approx([brightness / 255 for brightness in brightnesses])


def test_without_a_cpu_to_fall_back_on_the_rest_can_be_given_up(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile
) -> None:
    pipeline = make(batch_size=2)
    pipeline.submit(requests(grey_file, [51] * 9))
    scored = pipeline.step(patience=PATIENCE_S)
    given_up = pipeline.give_up("The weights are gone.")
    assert ids_of(scored + given_up) == list(range(9))
    assert set(reasons(given_up)) == {"The weights are gone."}
    assert pipeline.pending == 0
    assert pipeline.step(patience=0) == []


def test_a_gpu_without_memory_for_one_image_is_left(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile
) -> None:
    scorer.device, scorer.memory = "cuda", 0
    pipeline = make(batch_size=4)
    pipeline.submit(requests(grey_file, [51] * 4))
    with pytest.raises(DeviceLostError):
        drain(pipeline)
    scorer.memory = None
    pipeline.fall_back()
    assert scores(drain(pipeline)) == pytest.approx([0.2] * 4)


def test_a_cpu_that_calls_itself_lost_ends_in_failures_not_in_a_circle(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile
) -> None:
    def answer(batch: NDArray[np.uint8]) -> None:
        raise DeviceLostError("what now")

    scorer.answer = answer
    pipeline = make()
    pipeline.submit(requests(grey_file, [51]))
    assert reasons(drain(pipeline)) == ["The network failed on this image."]


# --- while it runs -------------------------------------------------------------------------------


def test_nothing_to_do_is_no_outcome(make: Maker) -> None:
    pipeline = make()
    assert pipeline.step(patience=PATIENCE_S) == []
    assert pipeline.pending == 0
    assert pipeline.current is None


def test_images_can_be_added_while_it_runs(make: Maker, grey_file: GreyFile) -> None:
    pipeline = make(batch_size=2)
    first, second, third = requests(grey_file, [51, 102, 153])
    pipeline.submit([first])
    outcomes = pipeline.step(patience=PATIENCE_S)
    pipeline.submit([second])
    pipeline.submit([third])
    assert pipeline.pending == 2
    outcomes += drain(pipeline)
    assert scores(outcomes) == pytest.approx([0.2, 0.4, 0.6])


def test_the_current_image_is_the_next_one(make: Maker, grey_file: GreyFile) -> None:
    pipeline = make(batch_size=1)
    wanted = requests(grey_file, [0, 0, 0])
    pipeline.submit(wanted)
    assert pipeline.current == wanted[0]
    pipeline.step(patience=PATIENCE_S)
    assert pipeline.current == wanted[1]
    assert pipeline.pending == 2


def test_only_two_batches_are_decoded_ahead(
    make: Maker, grey_file: GreyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    real = decode_file

    def decode(path: str, *, upright: bool, least_edge: int | None) -> DecodedImage:
        seen.append(path)
        return real(path, upright=upright)

    monkeypatch.setattr(pipeline_module, "decode", decode)
    pipeline = make(batch_size=3, decoders=1)
    pipeline.submit(requests(grey_file, [0] * 20))
    decoded(pipeline)
    assert len(seen) == 6


def test_after_cancelling_nothing_is_pending_and_new_images_are_welcome(
    make: Maker, grey_file: GreyFile
) -> None:
    pipeline = make(batch_size=2)
    wanted = requests(grey_file, [51] * 20)
    pipeline.submit(wanted)
    pipeline.step(patience=PATIENCE_S)
    pipeline.cancel()
    assert pipeline.pending == 0
    assert pipeline.step(patience=PATIENCE_S) == []
    pipeline.submit([Request(99, wanted[0].path)])
    assert [outcome.request.image_id for outcome in drain(pipeline)] == [99]


def test_closing_waits_for_the_file_in_hand_and_begins_no_other(
    scorer: FakeScorer, grey_file: GreyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    finished: list[str] = []
    real = decode_file

    def decode(path: str, *, upright: bool, least_edge: int | None) -> DecodedImage:
        begun.set()
        assert go_on.wait(20)
        image = real(path, upright=upright)
        finished.append(os.path.basename(path))
        return image

    monkeypatch.setattr(pipeline_module, "decode", decode)
    pipeline = Pipeline(scorer, batch_size=4, decoders=1)
    pipeline.submit(requests(grey_file, [0] * 4))
    assert begun.wait(20)
    release = threading.Timer(0.05, go_on.set)
    release.start()
    pipeline.close()
    assert finished == ["0.png"]
    release.join()
    assert pipeline.pending == 0


def test_closing_twice_is_harmless(scorer: FakeScorer) -> None:
    pipeline = Pipeline(scorer)
    pipeline.close()
    pipeline.close()
    assert pipeline.step(patience=PATIENCE_S) == []


# --- outcomes into the library -------------------------------------------------------------------


def test_outcomes_are_noted_in_the_library(make: Maker, scorer: FakeScorer, grey_file: GreyFile) -> None:
    library = Library()
    library.add([grey_file("a.png", 51), "/gone.png"])
    pipeline = make()
    pipeline.submit(Request(number, path) for number, path in enumerate(library.paths))
    provenance = provenance_of(scorer)
    record_outcomes(library, drain(pipeline), provenance)
    scored, failed = library.records()
    assert provenance == Provenance("Fake 1.0", "f" * 64, scorer.preprocessing.id, "cpu")
    assert scored.score == pytest.approx(0.2)
    assert (scored.width, scored.height, scored.provenance) == (6, 5, provenance)
    assert (failed.status, failed.error) == (Status.FAILED, "There is no file at this path (any more).")


def test_withdrawn_images_are_neither_decoded_nor_scored(tmp_path: Path) -> None:
    scorer = FakeScorer()
    pipeline = Pipeline(scorer, batch_size=2, decoders=1)
    paths = [tmp_path / f"{number}.png" for number in range(12)]
    for path in paths:
        Image.new("RGB", (8, 8)).save(path)
    pipeline.submit(Request(number, str(path)) for number, path in enumerate(paths))
    pipeline.withdraw({1, 2, 3, 10, 11, 99})
    assert pipeline.pending == 7
    outcomes = []
    while pipeline.pending:
        outcomes += pipeline.step(patience=PATIENCE_S)
    pipeline.close()
    assert ids_of(outcomes) == [0, 4, 5, 6, 7, 8, 9]


# --- the same content, and scores known from before ----------------------------------------------


def copy_of(path: str, name: str) -> str:
    """Return a file of the same content."""
    other = Path(path).with_name(name)
    other.write_bytes(Path(path).read_bytes())
    return str(other)


def hash_of(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


class Known:
    """Scores known from before, by file, and what is asked about them."""

    def __init__(self, scores: dict[str, KnownScore] | None = None) -> None:
        self.scores = {hash_of(path): score for path, score in (scores or {}).items()}
        self.asked: list[list[str]] = []

    def __call__(self, sha256s: Sequence[str]) -> dict[str, KnownScore]:
        self.asked.append([*sha256s])
        return {sha256: self.scores[sha256] for sha256 in sha256s if sha256 in self.scores}


def test_the_same_content_in_a_batch_goes_through_the_network_once(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile
) -> None:
    one, other = grey_file("one.png", 51), grey_file("other.png", 102)
    paths = [one, copy_of(one, "again.png"), other, copy_of(one, "and again.png"), one]
    pipeline = make(batch_size=8)
    pipeline.submit(Request(number, path) for number, path in enumerate(paths))
    decoded(pipeline)
    outcomes = pipeline.step(patience=PATIENCE_S)
    assert scorer.batches == [2]
    assert [outcome.request for outcome in outcomes] == [Request(*pair) for pair in enumerate(paths)]
    assert scores(outcomes) == pytest.approx([0.2, 0.2, 0.4, 0.2, 0.2])


def test_without_a_memory_the_same_content_in_the_next_batch_is_scored_again(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile
) -> None:
    one = grey_file("one.png", 51)
    pipeline = make(batch_size=1)
    pipeline.submit([Request(0, one), Request(1, copy_of(one, "again.png"))])
    assert scores(drain(pipeline)) == pytest.approx([0.2, 0.2])
    assert scorer.batches == [1, 1]


def test_the_same_content_that_fails_fails_everywhere(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile
) -> None:
    scorer.answer = lambda batch: np.full(len(batch), np.nan, dtype=np.float32)
    one = grey_file("one.png", 51)
    pipeline = make(batch_size=4)
    pipeline.submit([Request(0, one), Request(1, copy_of(one, "again.png"))])
    decoded(pipeline)
    assert len(reasons(pipeline.step(patience=PATIENCE_S))) == 2
    assert scorer.batches == [1]


def test_recalled_scores_do_not_go_through_the_network_and_carry_their_device(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile
) -> None:
    wanted = requests(grey_file, [51, 102, 153, 204])
    known = Known({wanted[1].path: KnownScore(0.875, "old GPU"), wanted[2].path: KnownScore(0.0, "cpu")})
    pipeline = make(batch_size=4, recall=known)
    pipeline.submit(wanted)
    decoded(pipeline)
    outcomes = pipeline.step(patience=PATIENCE_S)
    assert ids_of(outcomes) == [0, 1, 2, 3]
    assert scores(outcomes) == pytest.approx([0.2, 0.875, 0.0, 0.8])
    assert [outcome.device for outcome in outcomes if isinstance(outcome, Scored)] == [
        "cpu",
        "old GPU",
        "cpu",
        "cpu",
    ]
    assert scorer.batches == [2]


def test_a_recalled_score_comes_with_all_that_decoding_knows(make: Maker, grey_file: GreyFile) -> None:
    path = grey_file("one.png", 51)
    os.utime(path, ns=(1_600_000_000 * 10**9,) * 2)
    pipeline = make(recall=Known({path: KnownScore(0.875, "old GPU")}), thumbnail_edge=4)
    pipeline.submit([Request(7, path)])
    (outcome,) = drain(pipeline)
    assert isinstance(outcome, Scored)
    assert outcome.thumbnail is not None
    state = file_state(path)
    assert state is not None
    expected = Scored(Request(7, path), 0.875, "old GPU", (6, 5), hash_of(path), state, is_settled=True)
    assert replace(outcome, thumbnail=None) == expected


def test_a_batch_of_recalled_scores_does_not_reach_the_network(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = requests(grey_file, [51, 102])
    pipeline = make(recall=Known({request.path: KnownScore(0.875, "old GPU") for request in wanted}))
    pipeline.submit(wanted)
    assert scores(drain(pipeline)) == [0.875, 0.875]
    assert scorer.batches == []
    assert caplog.records == []


def test_what_is_kept_meanwhile_is_recalled_in_the_next_batch(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile
) -> None:
    one = grey_file("one.png", 51)
    known = Known()
    pipeline = make(batch_size=1, recall=known)
    pipeline.submit([Request(0, one), Request(1, copy_of(one, "again.png"))])
    (first,) = pipeline.step(patience=PATIENCE_S)
    assert isinstance(first, Scored)
    known.scores[first.sha256] = KnownScore(first.score, first.device)
    assert scores(drain(pipeline)) == [first.score]
    assert scorer.batches == [1]


def test_each_content_is_asked_for_once_and_no_broken_file_at_all(
    make: Maker, tmp_path: Path, grey_file: GreyFile
) -> None:
    one, known = grey_file("one.png", 51), Known()
    pipeline = make(batch_size=4, recall=known)
    paths = [one, copy_of(one, "again.png"), str(tmp_path / "gone.png")]
    pipeline.submit(Request(number, path) for number, path in enumerate(paths))
    decoded(pipeline)
    pipeline.step(patience=PATIENCE_S)
    assert known.asked == [[hash_of(one)]]


def test_a_gpu_lost_in_between_loses_no_recalled_score(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile
) -> None:
    scorer.device = "cuda"

    def answer(batch: NDArray[np.uint8]) -> None:
        if scorer.device == "cuda":
            raise DeviceLostError("CUDA error: unspecified launch failure")

    scorer.answer = answer
    wanted = requests(grey_file, [51, 102, 153, 204])
    known = Known({wanted[0].path: KnownScore(0.875, "old GPU"), wanted[2].path: KnownScore(0.75, "cuda")})
    pipeline = make(batch_size=4, recall=known)
    pipeline.submit(wanted)
    decoded(pipeline)
    with pytest.raises(DeviceLostError):
        pipeline.step(patience=PATIENCE_S)
    assert pipeline.pending == 4
    pipeline.fall_back()
    outcomes = drain(pipeline)
    assert ids_of(outcomes) == [0, 1, 2, 3]
    assert scores(outcomes) == pytest.approx([0.875, 0.4, 0.75, 0.8])
    devices = [outcome.device for outcome in outcomes if isinstance(outcome, Scored)]
    assert devices == ["old GPU", "cpu", "cuda", "cpu"]


def test_out_of_memory_recalled_scores_stay_with_their_images(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile
) -> None:
    scorer.memory = 1
    wanted = requests(grey_file, [51, 102, 153, 204])
    pipeline = make(batch_size=4, recall=Known({wanted[1].path: KnownScore(0.875, "old GPU")}))
    pipeline.submit(wanted)
    decoded(pipeline)
    assert scores(pipeline.step(patience=PATIENCE_S)) == pytest.approx([0.2, 0.875, 0.6, 0.8])
    assert scorer.batches == [3, 1, 2, 1, 1]


@pytest.mark.parametrize(
    ("age_ns", "trusted"),
    [(10**12, True), (2 * 10**9, True), (2 * 10**9 - 1, False), (0, False), (-(10**12), False)],
)
def test_a_file_that_was_changed_just_now_is_not_settled(
    make: Maker, grey_file: GreyFile, monkeypatch: pytest.MonkeyPatch, age_ns: int, trusted: bool
) -> None:
    now = 1_700_000_000 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: now)
    path = grey_file("one.png", 51)
    os.utime(path, ns=(now - age_ns, now - age_ns))
    pipeline = make()
    pipeline.submit([Request(0, path)])
    (outcome,) = drain(pipeline)
    assert isinstance(outcome, Scored)
    assert outcome.state == file_state(path)
    assert outcome.is_settled == trusted


def test_the_state_is_that_from_before_the_file_was_read(
    make: Maker, grey_file: GreyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An edit during decoding leads to another state, and is noticed by it."""
    path = grey_file("one.png", 51)
    os.utime(path, ns=(1_600_000_000 * 10**9,) * 2)
    before, sha256 = file_state(path), hash_of(path)

    def decode(path: str, *, upright: bool, least_edge: int | None) -> DecodedImage:
        image = decode_file(path, upright=upright, least_edge=least_edge)
        Path(path).write_bytes(b"edited")
        return image

    monkeypatch.setattr(pipeline_module, "decode", decode)
    pipeline = make()
    pipeline.submit([Request(0, path)])
    (outcome,) = drain(pipeline)
    assert isinstance(outcome, Scored)
    assert (outcome.state, outcome.sha256) == (before, sha256)
    assert outcome.state != file_state(path)


def test_known_scores_are_not_lost_when_the_rest_is_given_up(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile
) -> None:
    scorer.device = "cuda"

    def answer(batch: NDArray[np.uint8]) -> None:
        raise DeviceLostError("CUDA error: unspecified launch failure")

    scorer.answer = answer
    wanted = requests(grey_file, [51, 102])
    pipeline = make(batch_size=2, recall=Known({wanted[0].path: KnownScore(0.875, "old GPU")}))
    pipeline.submit(wanted)
    decoded(pipeline)
    with pytest.raises(DeviceLostError):
        pipeline.step(patience=PATIENCE_S)
    known, lost = pipeline.give_up("The weights are gone.")
    assert isinstance(known, Scored)
    assert isinstance(lost, Failed)


# --- what pixels tell besides the score ----------------------------------------------------------


def traits(faces: int = 0, frames: int = 1) -> Traits:
    return Traits(faces, 0.0, 0.0, 0.0, frames, b"")


def test_traits_come_with_the_score_from_the_upright_pixels(make: Maker, tmp_path: Path) -> None:
    file, exif = tmp_path / "a.jpg", Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (20, 10)).save(file, exif=exif)
    seen: list[tuple[tuple[int, int], str, int]] = []

    def find(pixels: Image.Image, frames: int) -> Traits:
        seen.append((pixels.size, pixels.mode, frames))
        return traits(faces=3)

    pipeline = make(traits=find)
    pipeline.submit([Request(0, str(file))])
    (outcome,) = drain(pipeline)
    assert isinstance(outcome, Scored)
    assert outcome.traits == traits(faces=3)
    assert seen == [((10, 20), "RGB", 1)]


def test_traits_are_told_how_many_pictures_there_are(make: Maker, tmp_path: Path) -> None:
    file = tmp_path / "a.gif"
    first, *others = [Image.new("RGB", (8, 8), (60 * number, 0, 0)) for number in range(3)]
    first.save(file, save_all=True, append_images=others)
    pipeline = make(traits=lambda _, frames: traits(frames=frames))
    pipeline.submit([Request(0, str(file))])
    (outcome,) = drain(pipeline)
    assert isinstance(outcome, Scored)
    assert outcome.traits == traits(frames=3)


def test_nobody_looks_unless_told_to(make: Maker, grey_file: GreyFile) -> None:
    pipeline = make()
    pipeline.submit(requests(grey_file, [10]))
    assert [outcome.traits for outcome in drain(pipeline) if isinstance(outcome, Scored)] == [None]


def test_an_image_taken_as_stored_is_not_looked_at(
    make: Maker, scorer: FakeScorer, grey_file: GreyFile
) -> None:
    scorer.preprocessing = Preprocessing(upright=False)
    pipeline = make(traits=lambda *_: pytest.fail("these pixels may lie on their side"))
    pipeline.submit(requests(grey_file, [10]))
    assert [outcome.traits for outcome in drain(pipeline) if isinstance(outcome, Scored)] == [None]


def test_a_detector_that_fails_costs_no_score(
    make: Maker, grey_file: GreyFile, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> Traits:
        raise RuntimeError("cv2: assertion failed")

    wanted = requests(grey_file, [0, 255])
    pipeline = make(traits=fail)
    pipeline.submit(wanted)
    outcomes = drain(pipeline)
    assert scores(outcomes) == pytest.approx([0.0, 1.0])
    assert [outcome.traits for outcome in outcomes if isinstance(outcome, Scored)] == [None, None]
    assert wanted[0].path in caplog.text
    assert "cv2: assertion failed" in caplog.text
