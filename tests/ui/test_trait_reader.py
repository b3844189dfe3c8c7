"""Images whose scores came without it are looked at afterwards, while nothing else is going on."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.library.filtering import Filter
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.traits import Caution, Traits
from resmem_gui.ui.rows import trait_reader as module
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails
from resmem_gui.ui.rows.trait_reader import TraitReader
from tests.ui.conftest import WAIT_MS

MADE_BY = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")
BITS = bytes(range(24))


def traits(pixels: Image.Image, frames: int) -> Traits:
    return Traits(pixels.getpixel((0, 0))[0], 0.9, 0.0, 0.0, frames, BITS)  # type: ignore[index]


class Desk:
    """A model with a reader; what is looked at is noted."""

    def __init__(self) -> None:
        self.thumbnails = Thumbnails()
        self.model = ImageModel(Library(), load_lamem(), self.thumbnails)
        self.told: list[str] = []
        self.memory = ScoreMemory(None, self.told.append)
        self.is_busy = False
        self.looked_at: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.reader = TraitReader(self.model, self.memory, self.find, lambda: None, lambda: self.is_busy)

    def find(self, pixels: Image.Image, frames: int) -> Traits:
        assert self.gate.wait(timeout=WAIT_MS / 1000)
        found = traits(pixels, frames)
        self.looked_at.append(found.faces)
        return found

    def add(self, paths: list[Path], hashes: list[str] | None = None) -> list[int]:
        """Add scored images, of the files' contents by default."""
        ids = self.model.add([str(path) for path in paths])
        for place, (image_id, path) in enumerate(zip(ids, paths, strict=True)):
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest() if hashes is None else hashes[place]
            self.model.library.set_scored(image_id, 0.5, (640, 480), sha256, MADE_BY)
        self.model.images_changed(ids)
        return ids

    def known(self) -> list[int]:
        return [i for i in range(len(self.model.library)) if self.model.library.traits_known[i]]


@pytest.fixture
def desk(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(module, "_LOOK_MS", 20)
    monkeypatch.setattr(module, "_SHOW_MS", 20)
    made = Desk()
    yield made
    made.gate.set()
    made.reader.stop()
    qtbot.waitUntil(lambda: made.reader.has_ended, timeout=WAIT_MS)
    made.model.stop()
    made.thumbnails.stop()
    made.memory.close()


@pytest.fixture
def files(tmp_path: Path) -> Callable[[int], list[Path]]:
    """Return a maker of files whose first pixel is their number."""

    def make(count: int) -> list[Path]:
        paths = [tmp_path / f"{number}.png" for number in range(count)]
        for number, path in enumerate(paths):
            Image.new("RGB", (40, 30), (number, 0, 0)).save(path)
        return paths

    return make


def test_what_is_unknown_is_looked_at_noted_shown_and_kept(
    qtbot: QtBot, desk: Desk, files: Callable[[int], list[Path]]
) -> None:
    ids = desk.add(files(5))
    changed: list[int] = []
    desk.model.dataChanged.connect(lambda first, last, _: changed.extend(range(first.row(), last.row() + 1)))
    with qtbot.waitSignal(desk.reader.noted, timeout=WAIT_MS):
        desk.reader.look()
    qtbot.waitUntil(lambda: set(changed) == set(range(5)), timeout=WAIT_MS)
    library = desk.model.library
    assert [library.traits(i) for i in ids] == [Traits(i, 0.9, 0.0, 0.0, 1, BITS) for i in ids]
    assert all(Caution(int(library.cautions[i])) & Caution.FACE for i in ids)
    assert set(desk.memory.find_traits([library.sha256(i) for i in ids])) == {library.sha256(i) for i in ids}


def test_what_the_store_knows_is_not_looked_at(
    qtbot: QtBot, desk: Desk, files: Callable[[int], list[Path]]
) -> None:
    paths = files(3)
    known = Traits(7, 0.0, 0.0, 0.0, 1, b"")
    desk.memory.keep_traits({hashlib.sha256(paths[1].read_bytes()).hexdigest(): known})
    ids = desk.add(paths)
    desk.reader.look()
    qtbot.waitUntil(lambda: desk.known() == ids, timeout=WAIT_MS)
    assert desk.model.library.traits(ids[1]) == known
    assert sorted(desk.looked_at) == [0, 2]


def test_nothing_is_looked_at_while_images_are_scored(
    qtbot: QtBot, desk: Desk, files: Callable[[int], list[Path]]
) -> None:
    desk.is_busy = True
    ids = desk.add(files(2))
    desk.reader.look()
    qtbot.wait(150)
    assert desk.known() == []
    desk.is_busy = False
    desk.reader.look()
    qtbot.waitUntil(lambda: desk.known() == ids, timeout=WAIT_MS)


def test_a_run_that_begins_meanwhile_has_to_wait_for_one_image_only(
    qtbot: QtBot, desk: Desk, files: Callable[[int], list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SLICE_S", 0.0)
    desk.gate.clear()
    ids = desk.add(files(4))
    desk.reader.look()
    desk.is_busy = True
    desk.gate.set()
    qtbot.wait(150)
    assert len(desk.known()) <= 1
    desk.is_busy = False
    desk.reader.look()
    monkeypatch.setattr(module, "_SLICE_S", 0.3)
    qtbot.waitUntil(lambda: desk.known() == ids, timeout=WAIT_MS)


def test_those_that_can_be_seen_come_first(
    qtbot: QtBot, desk: Desk, files: Callable[[int], list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PART", 1)
    paths = files(6)
    desk.reader.prefer([4, 2])
    ids = desk.add(paths)
    desk.reader.look()
    qtbot.waitUntil(lambda: desk.known() == ids, timeout=WAIT_MS)
    assert desk.looked_at[:2] == [4, 2]


def test_a_file_that_changed_since_it_was_scored_tells_nothing_of_the_score(
    qtbot: QtBot, desk: Desk, files: Callable[[int], list[Path]]
) -> None:
    paths = files(3)
    ids = desk.add(paths)
    Image.new("RGB", (40, 30), (99, 0, 0)).save(paths[1])
    desk.reader.look()
    qtbot.waitUntil(lambda: desk.known() == [ids[0], ids[2]], timeout=WAIT_MS)
    qtbot.wait(100)
    assert desk.known() == [ids[0], ids[2]]
    assert desk.looked_at.count(99) == 1, "it is not looked at again and again"


def test_files_that_cannot_be_read_and_detectors_that_fail_leave_the_others(
    qtbot: QtBot, desk: Desk, files: Callable[[int], list[Path]], caplog: pytest.LogCaptureFixture
) -> None:
    paths = files(4)
    ids = desk.add(paths)
    paths[0].unlink()
    paths[1].write_text("no image")
    real = desk.find

    def fail_once(pixels: Image.Image, frames: int) -> Traits:
        if pixels.getpixel((0, 0)) == (2, 0, 0):
            raise RuntimeError("cv2: assertion failed")
        return real(pixels, frames)

    desk.reader._find_traits = fail_once
    desk.reader.look()
    qtbot.waitUntil(lambda: desk.known() == [ids[3]], timeout=WAIT_MS)
    assert "cv2: assertion failed" in caplog.text


def test_copies_are_looked_at_once(qtbot: QtBot, desk: Desk, files: Callable[[int], list[Path]]) -> None:
    (path,) = files(1)
    copy = path.with_name("copy.png")
    copy.write_bytes(path.read_bytes())
    ids = desk.add([path, copy])
    desk.reader.look()
    qtbot.waitUntil(lambda: desk.known() == ids, timeout=WAIT_MS)
    assert len(desk.looked_at) == 1


def test_a_filter_for_cautions_follows(qtbot: QtBot, desk: Desk, files: Callable[[int], list[Path]]) -> None:
    desk.add(files(3))
    desk.model.set_filter(Filter(cautions=frozenset({Caution.FACE})))
    assert desk.model.rowCount() == 0
    desk.reader.look()
    qtbot.waitUntil(lambda: desk.model.rowCount() == 3, timeout=WAIT_MS)


def test_an_image_scored_again_meanwhile_does_not_get_the_traits_of_before(
    qtbot: QtBot, desk: Desk, files: Callable[[int], list[Path]]
) -> None:
    desk.gate.clear()
    (image_id,) = desk.add(files(1))
    desk.reader.look()
    qtbot.waitUntil(lambda: desk.reader._portions.is_under_way, timeout=WAIT_MS)
    desk.model.library.set_scored(image_id, 0.5, (640, 480), "f" * 64, MADE_BY)
    desk.gate.set()
    qtbot.waitUntil(lambda: not desk.reader._portions.is_under_way, timeout=WAIT_MS)
    assert desk.known() == []


def test_an_image_that_will_be_scored_again_does_not_get_the_traits_of_before(
    qtbot: QtBot, desk: Desk, files: Callable[[int], list[Path]]
) -> None:
    desk.gate.clear()
    (image_id,) = desk.add(files(1))
    desk.reader.look()
    qtbot.waitUntil(lambda: desk.reader._portions.is_under_way, timeout=WAIT_MS)
    desk.model.library.set_waiting([image_id])
    desk.gate.set()
    qtbot.waitUntil(lambda: not desk.reader._portions.is_under_way, timeout=WAIT_MS)
    desk.model.library.set_scored(image_id, 0.5, (640, 480), "f" * 64, MADE_BY)
    assert desk.known() == []


def test_a_file_that_was_passed_over_is_looked_at_when_it_has_been_scored_again(
    qtbot: QtBot, desk: Desk, files: Callable[[int], list[Path]]
) -> None:
    paths = files(2)
    first, second = desk.add(paths)
    Image.new("RGB", (40, 30), (99, 0, 0)).save(paths[1])
    desk.reader.look()
    qtbot.waitUntil(lambda: 99 in desk.looked_at and desk.known() == [first], timeout=WAIT_MS)
    desk.is_busy = True
    desk.model.library.set_waiting([second])
    desk.reader.look()
    sha256 = hashlib.sha256(paths[1].read_bytes()).hexdigest()
    desk.model.library.set_scored(second, 0.5, (640, 480), sha256, MADE_BY)
    desk.is_busy = False
    desk.reader.look()
    qtbot.waitUntil(lambda: desk.known() == [first, second], timeout=WAIT_MS)
