"""Scores that are known from before are looked up, and the network is not even loaded for them."""

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from resmem_gui.library.records import Provenance, Status
from resmem_gui.run_facts import RunTimes
from resmem_gui.score_memory import LookUp, ScoreMemory
from resmem_gui.scoring.pipeline import Request
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import Scorer, ScorerError
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.notice import Notice
from resmem_gui.ui.running.run import RunState
from resmem_gui.ui.threads.recall_worker import Recalled, RecallWorker
from tests.ui.conftest import WAIT_MS, BrightnessScorer
from tests.ui.test_window import MakeImages

LONG_AGO_NS = 1_600_000_000_000_000_000


class Bench:
    """A controller with a store, and what it told."""

    def __init__(self, qtbot: QtBot, store: Path | None, create: Callable[[], Scorer] | None = None) -> None:
        self.qtbot = qtbot
        self.scorer = BrightnessScorer()
        self.controller = Controller(create or (lambda: self.scorer), store=store)
        self.notices: list[Notice] = []
        self.controller.notice.connect(self._note)
        self.has_ended = False

    def _note(self, notice: object) -> None:
        assert isinstance(notice, Notice)
        self.notices.append(notice)

    @property
    def scored(self) -> int:
        return self.controller.library.count(Status.SCORED)

    def add(self, *paths: Path) -> None:
        self.controller.add_paths([str(path) for path in paths])

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.controller.is_busy, timeout=WAIT_MS)

    def scores(self) -> dict[str, float | None]:
        return {record.path: record.score for record in self.controller.library.records()}

    def end(self) -> None:
        if not self.has_ended:
            self.has_ended = True
            self.scorer.gate.set()
            assert self.controller.shut_down()
            self.controller.deleteLater()


MakeBench = Callable[..., Bench]
Gate = tuple[threading.Event, threading.Event]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "own" / "scores.sqlite"


@pytest.fixture
def make_bench(qtbot: QtBot, store: Path) -> Iterator[MakeBench]:
    made: list[Bench] = []

    def make(where: Path | None = store, create: Callable[[], Scorer] | None = None) -> Bench:
        made.append(Bench(qtbot, where, create))
        return made[-1]

    yield make
    for bench in made:
        bench.end()


@pytest.fixture
def known(make_bench: MakeBench, make_images: MakeImages) -> list[Path]:
    """Twelve images whose scores are in the store."""
    paths = make_images(12)
    for path in paths:
        os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS))
    bench = make_bench()
    bench.add(*paths)
    bench.settle()
    assert sum(bench.scorer.batches) == 12
    bench.end()
    return paths


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Hold each look-up after its first answer: (it is being held, let it go on)."""
    held, go_on = threading.Event(), threading.Event()
    real = ScoreMemory.look_up

    def look_up(self: ScoreMemory, requests: Iterable[Request], made_by: Provenance) -> Iterator[LookUp]:
        requests = list(requests)
        first, rest = requests[:3], requests[3:]
        yield from real(self, first, made_by)
        held.set()
        assert go_on.wait(WAIT_MS / 1000)
        yield from real(self, rest, made_by)

    monkeypatch.setattr(ScoreMemory, "look_up", look_up)
    yield held, go_on
    go_on.set()


def wait_until_held(bench: Bench, gate: Gate) -> None:
    bench.qtbot.waitUntil(gate[0].is_set, timeout=WAIT_MS)
    gate[0].clear()


@pytest.fixture
def held(make_bench: MakeBench, known: list[Path], gate: Gate) -> Bench:
    """A controller that is held while it looks the known images up."""
    bench = make_bench()
    bench.add(*known)
    wait_until_held(bench, gate)
    return bench


def rest(bench: Bench) -> None:
    """Let what is on its way arrive."""
    bench.qtbot.wait(150)


def test_another_window_shows_all_scores_without_loading_the_scorer(
    make_bench: MakeBench, known: list[Path]
) -> None:
    bench = make_bench()
    ended: list[bool] = []
    bench.controller.run_ended.connect(lambda: ended.append(True))
    bench.add(known[0].parent)
    bench.settle()
    assert bench.scored == 12
    assert bench.scorer.loads == []
    assert bench.scorer.batches == []
    assert sorted(score or 0 for score in bench.scores().values()) == pytest.approx(
        [(100 + 12 * number) / 255 for number in range(12)], abs=1e-3
    )
    assert bench.controller.histogram.n == 12
    record = bench.controller.model.record(0)
    assert bench.controller.model.standing.rank(record.image_id) == 1
    assert record.provenance == Provenance("Brightness 1", "0" * 64, Preprocessing().id, "cpu")
    assert (record.width, record.height) == (40, 30)
    assert bench.notices == []
    assert ended


def test_files_that_moved_are_known_by_their_content(
    make_bench: MakeBench, known: list[Path], tmp_path: Path
) -> None:
    moved = tmp_path / "moved"
    known[0].parent.rename(moved)
    (moved / "image1.png").rename(moved / "another name.png")
    bench = make_bench()
    bench.add(moved)
    bench.settle()
    assert bench.scored == 12
    assert bench.scorer.loads == []


def test_images_that_are_not_known_are_scored_and_the_others_are_not(
    make_bench: MakeBench, known: list[Path], make_images: MakeImages
) -> None:
    new = make_images(3, "new", first_grey=10)
    changed = known[4]
    shutil.copy(make_images(1, "elsewhere", first_grey=240)[0], changed)
    bench = make_bench()
    bench.add(known[0].parent, new[0].parent)
    bench.settle()
    assert bench.scored == 15
    assert sum(bench.scorer.batches) == 4
    assert bench.scores()[str(changed)] == pytest.approx(240 / 255, abs=1e-3)


def test_scores_of_another_scorer_or_recipe_are_not_taken(make_bench: MakeBench, known: list[Path]) -> None:
    bench = make_bench()
    bench.scorer.weights_sha256 = "1" * 64
    bench.add(*known)
    bench.settle()
    assert sum(bench.scorer.batches) == 12
    bench.controller.runs.set_preprocessing(Preprocessing(upright=False))
    bench.settle()
    assert sum(bench.scorer.batches) == 24
    bench.controller.runs.set_preprocessing(Preprocessing())
    bench.settle()
    assert sum(bench.scorer.batches) == 24, "that recipe is known by now"
    assert bench.scored == 12


def test_what_fails_is_not_remembered(make_bench: MakeBench, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_text("no image")
    for _ in range(2):
        bench = make_bench()
        bench.add(broken)
        bench.settle()
        assert bench.controller.library.count(Status.FAILED) == 1
        bench.end()


def test_the_same_content_is_scored_once(make_bench: MakeBench, make_images: MakeImages) -> None:
    (original,) = make_images(1)
    copies = [Path(shutil.copy(original, original.with_name(f"copy {number}.png"))) for number in range(5)]
    bench = make_bench()
    bench.add(original, *copies)
    bench.settle()
    assert bench.scored == 6
    assert sum(bench.scorer.batches) == 1
    later = shutil.copy(original, original.with_name("later.png"))
    bench.add(Path(later))
    bench.settle()
    assert bench.scored == 7
    assert sum(bench.scorer.batches) == 1
    assert len({*bench.scores().values()}) == 1


def test_the_same_content_is_scored_once_without_a_file_too(
    make_bench: MakeBench, make_images: MakeImages
) -> None:
    (original,) = make_images(1)
    bench = make_bench(None)
    bench.add(original)
    bench.settle()
    bench.controller.clear()
    bench.add(original)
    bench.settle()
    assert bench.scored == 1
    assert sum(bench.scorer.batches) == 1


# What the run record says of it


def test_the_run_record_counts_the_scores_that_the_store_gave(
    make_bench: MakeBench, known: list[Path], make_images: MakeImages
) -> None:
    bench = make_bench()
    began = datetime.now(UTC)
    bench.add(known[0].parent, *make_images(3, "new", first_grey=10))
    bench.settle()
    times = bench.controller.run_times
    assert times.recalled == 12
    assert times.began is not None
    assert times.ended is not None
    assert began <= times.began <= times.ended <= datetime.now(UTC)
    bench.controller.remove([0, 1])
    assert bench.controller.run_times.recalled == 10, "two are gone"
    bench.controller.restore_removed([0])
    assert bench.controller.run_times.recalled == 11
    bench.controller.clear()
    assert bench.controller.run_times == RunTimes(recalled=0)


def test_a_copy_of_what_was_computed_here_is_not_recalled(
    make_bench: MakeBench, make_images: MakeImages
) -> None:
    (original,) = make_images(1)
    bench = make_bench()
    bench.add(original, Path(shutil.copy(original, original.with_name("copy.png"))))
    bench.settle()
    bench.add(Path(shutil.copy(original, original.with_name("later.png"))))
    bench.settle()
    assert (bench.scored, sum(bench.scorer.batches)) == (3, 1)
    assert bench.controller.run_times.recalled == 0


def test_scores_by_another_recipe_are_computed_and_those_from_before_recalled_again(
    make_bench: MakeBench, known: list[Path]
) -> None:
    bench = make_bench()
    bench.add(*known)
    bench.settle()
    assert bench.controller.run_times.recalled == 12
    bench.controller.runs.set_preprocessing(Preprocessing(upright=False))
    bench.settle()
    assert bench.controller.run_times.recalled == 0
    bench.controller.runs.set_preprocessing(Preprocessing())
    bench.settle()
    assert bench.controller.run_times.recalled == 12


def test_nobody_counts_where_a_session_brought_scores(
    make_bench: MakeBench, known: list[Path], make_images: MakeImages
) -> None:
    bench = make_bench()
    bench.add(*known)
    bench.settle()
    library = bench.controller.library
    (new,) = library.add([str(make_images(1, "new")[0])])
    library.set_scored(new, 0.5, (40, 30), "0" * 64, Provenance("Brightness 1", "", "", "cpu"), None)
    assert bench.controller.run_times.recalled is None


# While scores are being looked up


def test_a_look_up_is_not_called_scoring(held: Bench, gate: Gate) -> None:
    told: list[str] = []
    held.controller.progress_changed.connect(lambda progress: told.append(progress.headline))
    held.controller.model.filter_changed.emit()
    assert told[-1].startswith("Looking up scores ")
    gate[1].set()
    held.settle()
    assert not any(headline.startswith("Scoring") for headline in told), "all scores were known"


def test_cancelling_during_a_look_up_ends_it(held: Bench, gate: Gate) -> None:
    held.qtbot.waitUntil(lambda: held.controller.library.present_count == 12)
    held.controller.cancel()
    assert held.controller.state is RunState.IDLE
    assert held.notices[-1].key == "cancelled"
    scored = held.scored
    gate[1].set()
    rest(held)
    assert held.scored == scored <= 3
    assert held.scorer.loads == []
    held.controller.runs.score_waiting()
    held.settle()
    assert held.scored == 12
    assert held.scorer.loads == []


def test_clearing_during_a_look_up_leaves_nothing(held: Bench, known: list[Path], gate: Gate) -> None:
    held.controller.clear()
    gate[1].set()
    rest(held)
    assert held.controller.library.present_count == 0
    assert held.controller.histogram.n == 0
    assert held.controller.state is RunState.IDLE
    held.add(*known[:2])
    held.settle()
    assert held.scored == 2
    assert held.scorer.loads == []


def test_removing_during_a_look_up_leaves_the_others(
    make_bench: MakeBench, known: list[Path], gate: Gate, make_images: MakeImages
) -> None:
    new = make_images(4, "new", first_grey=10)
    bench = make_bench()
    bench.add(*known, *new)
    wait_until_held(bench, gate)
    bench.qtbot.waitUntil(lambda: bench.controller.library.present_count == 16)
    gone = [known[0], known[-1], new[0], new[-1]]
    ids = [bench.controller.library.id_of(str(path)) for path in gone]
    bench.controller.remove([image_id for image_id in ids if image_id is not None])
    gate[1].set()
    bench.settle()
    rest(bench)
    assert bench.scored == bench.controller.library.present_count == 12
    assert bench.controller.histogram.n == 12
    assert sum(bench.scorer.batches) == 2, "what was removed is not scored"


def test_removing_all_during_a_look_up_lets_the_run_end(held: Bench, gate: Gate) -> None:
    held.qtbot.waitUntil(lambda: held.controller.library.present_count == 12)
    held.controller.remove(held.controller.library.present_ids().tolist())
    gate[1].set()
    held.settle()
    rest(held)
    assert held.controller.library.present_count == 0
    assert held.scorer.loads == []


def test_another_recipe_during_a_look_up_scores_all_that_way(held: Bench, gate: Gate) -> None:
    held.qtbot.waitUntil(lambda: held.controller.library.present_count == 12)
    held.controller.runs.set_preprocessing(Preprocessing(upright=False))
    gate[1].set()
    held.settle()
    rest(held)
    records = list(held.controller.library.records())
    assert {r.provenance.preprocessing for r in records if r.provenance} == {Preprocessing(upright=False).id}
    assert held.scored == 12
    assert held.controller.histogram.n == 12
    assert sum(held.scorer.batches) == 12


def test_pausing_during_a_look_up_holds_the_scorer(
    make_bench: MakeBench, known: list[Path], gate: Gate, make_images: MakeImages
) -> None:
    bench = make_bench()
    bench.add(*known, *make_images(4, "new", first_grey=10))
    wait_until_held(bench, gate)
    bench.qtbot.waitUntil(lambda: bench.controller.library.present_count == 16)
    bench.controller.runs.pause()
    gate[1].set()
    bench.qtbot.waitUntil(lambda: bench.scored == 12, timeout=WAIT_MS)
    rest(bench)
    assert bench.scorer.batches == []
    bench.controller.runs.resume()
    bench.settle()
    assert bench.scored == 16


def test_shutting_down_during_a_look_up_does_not_wait_for_its_end(held: Bench, gate: Gate) -> None:
    threading.Timer(0.2, gate[1].set).start()
    held.end()
    assert held.scorer.loads == []


# A store that is no help


@pytest.mark.parametrize("damage", ["beginning", "middle", "foreign", "folder"])
def test_a_store_that_cannot_be_used_is_told_and_scoring_goes_on(
    make_bench: MakeBench, known: list[Path], store: Path, damage: str
) -> None:
    if damage == "folder":
        store.unlink()
        store.mkdir()
    elif damage == "foreign":
        store.write_bytes(b"what another program has written" * 100)
    elif damage == "beginning":
        content = store.read_bytes()
        store.write_bytes(content[:100] + b"\xff" * (len(content) - 100))
    else:
        connection = sqlite3.connect(store)
        connection.execute("UPDATE scores SET score = 0.123")
        connection.commit()
        connection.close()
    bench = make_bench()
    bench.add(*known)
    bench.settle()
    assert bench.scored == 12
    assert sum(bench.scorer.batches) == 12
    assert [notice.key for notice in bench.notices] == ["store"]
    assert str(store) in bench.notices[0].text
    assert "export them" in bench.notices[0].text


def test_a_scorer_that_cannot_be_made_is_told_once(make_bench: MakeBench, known: list[Path]) -> None:
    def create() -> Scorer:
        raise ScorerError("The weights are missing.")

    bench = make_bench(create=create)
    bench.add(*known)
    bench.settle()
    bench.qtbot.waitUntil(lambda: bool(bench.notices))
    assert [notice.text for notice in bench.notices] == ["The weights are missing."]
    assert bench.controller.library.count(Status.WAITING) == 12


# The worker by itself


def test_what_takes_long_is_told_in_parts_and_every_image_once(
    qtbot: QtBot, known: list[Path], store: Path, scorer: BrightnessScorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = ScoreMemory(store, lambda _: None)
    for path in known:
        os.utime(path)  # each has to be read
    worker = RecallWorker(lambda: scorer, memory, lambda: qtbot.wait(30))
    told: list[Recalled] = []
    worker.recalled.connect(told.append, Qt.ConnectionType.DirectConnection)
    requests = [Request(number, str(path)) for number, path in enumerate(known)]
    worker.look_up(7, [*requests, Request(99, "/not/there.png")], Preprocessing())
    memory.close()
    assert len(told) > 2
    assert {batch.run for batch in told} == {7}
    found = [scored.request.image_id for batch in told for scored in batch.found]
    assert sorted(found) == list(range(12))
    assert [request.image_id for batch in told for request in batch.unknown] == [99]


def test_a_look_up_that_was_cancelled_before_it_began_tells_nothing(
    known: list[Path], store: Path, scorer: BrightnessScorer
) -> None:
    memory = ScoreMemory(store, lambda _: None)
    worker = RecallWorker(lambda: scorer, memory, lambda: None)
    told: list[Recalled] = []
    worker.recalled.connect(told.append, Qt.ConnectionType.DirectConnection)
    worker.cancel(3)
    requests = [Request(0, str(known[0]))]
    worker.look_up(3, requests, Preprocessing())
    assert told == []
    worker.look_up(4, requests, Preprocessing())
    memory.close()
    assert len(told) == 1
