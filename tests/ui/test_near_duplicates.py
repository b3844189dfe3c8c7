"""Images that look like another one of the library are marked, as the library is now."""

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.traits import Caution, Traits
from resmem_gui.ui.rows import near_duplicates as module
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.near_duplicates import NearDuplicates
from resmem_gui.ui.rows.thumbnails import Thumbnails
from tests.ui.conftest import WAIT_MS

MADE_BY = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")


def traits(seed: int, changes: int = 0) -> Traits:
    """Return those of an image that differs from another of its seed by so many steps."""
    bits = np.unpackbits(np.random.default_rng(seed).integers(0, 256, 24, dtype=np.uint8))
    bits[64 : 64 + changes] ^= 1
    return Traits(1, 0.9, 0.0, 0.0, 1, np.packbits(bits).tobytes())


class Desk:
    """A model whose images are compared."""

    def __init__(self) -> None:
        self.thumbnails = Thumbnails()
        self.model = ImageModel(Library(), load_lamem(), self.thumbnails)
        self.is_busy = False
        self.part = NearDuplicates(self.model, lambda: None, lambda: self.is_busy)

    def add(self, *found: Traits) -> list[int]:
        first = len(self.model.library)
        ids = self.model.add([f"/photos/{first + number}.jpg" for number in range(len(found))])
        for image_id, one in zip(ids, found, strict=True):
            self.model.library.set_scored(image_id, 0.5, (640, 480), f"{image_id:064x}", MADE_BY)
            self.model.library.set_traits(image_id, one)
            self.model.library.set_cautions([image_id], int(Caution.FACE))
        self.part.look()
        return ids

    def marked(self) -> list[int]:
        library = self.model.library
        mask = library.present & ((library.cautions & Caution.NEAR_DUPLICATE) > 0)
        return [int(image_id) for image_id in np.flatnonzero(mask)]


@pytest.fixture
def desk(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(module, "_LOOK_MS", 20)
    made = Desk()
    yield made
    made.part.stop()
    qtbot.waitUntil(lambda: made.part.has_ended, timeout=WAIT_MS)
    made.model.stop()
    made.thumbnails.stop()


def test_all_of_a_group_are_marked_and_other_cautions_stay(qtbot: QtBot, desk: Desk) -> None:
    ids = desk.add(traits(1), traits(2), traits(1, 10), traits(3))
    qtbot.waitUntil(lambda: desk.marked() == [ids[0], ids[2]], timeout=WAIT_MS)
    library = desk.model.library
    assert all(library.cautions[i] & Caution.FACE for i in ids)
    assert [desk.part.near_duplicate_of(i) for i in ids] == [ids[2], None, ids[0], None]


def test_rows_are_told(qtbot: QtBot, desk: Desk) -> None:
    rows: list[int] = []
    desk.add(traits(1), traits(2), traits(1, 10))
    desk.model.dataChanged.connect(lambda first, last, _: rows.extend(range(first.row(), last.row() + 1)))
    qtbot.waitUntil(lambda: rows == [0, 2], timeout=WAIT_MS)


def test_marks_go_with_the_images_that_were_alike(qtbot: QtBot, desk: Desk) -> None:
    ids = desk.add(traits(1), traits(1, 10))
    qtbot.waitUntil(lambda: desk.marked() == ids, timeout=WAIT_MS)
    desk.model.remove([ids[0]])
    assert desk.part.near_duplicate_of(ids[1]) is None
    qtbot.waitUntil(lambda: desk.marked() == [], timeout=WAIT_MS)
    (again,) = desk.add(traits(1, 5))
    qtbot.waitUntil(lambda: desk.marked() == [ids[1], again], timeout=WAIT_MS)


def test_an_image_that_is_another_now_is_compared_anew(qtbot: QtBot, desk: Desk) -> None:
    ids = desk.add(traits(1), traits(2), traits(1, 10))
    qtbot.waitUntil(lambda: desk.marked() == [ids[0], ids[2]], timeout=WAIT_MS)
    library = desk.model.library
    library.set_waiting([ids[2]])
    library.set_scored(ids[2], 0.5, (640, 480), "ff", MADE_BY)
    library.set_traits(ids[2], traits(2, 3))
    desk.part.look()
    qtbot.waitUntil(lambda: desk.marked() == [ids[1], ids[2]], timeout=WAIT_MS)


def test_nothing_is_compared_while_images_are_scored(qtbot: QtBot, desk: Desk) -> None:
    desk.is_busy = True
    ids = desk.add(traits(1), traits(1, 10))
    qtbot.wait(150)
    assert desk.marked() == []
    desk.is_busy = False
    desk.part.look()
    qtbot.waitUntil(lambda: desk.marked() == ids, timeout=WAIT_MS)


def test_images_are_compared_when_scoring_is_over_however_it_ended(qtbot: QtBot, desk: Desk) -> None:
    desk.is_busy = True
    ids = desk.add(traits(1), traits(1, 10))
    qtbot.waitUntil(lambda: not desk.part._portions._look_soon.is_waiting, timeout=WAIT_MS)
    desk.is_busy = False
    desk.part.look_if_changed()
    qtbot.waitUntil(lambda: desk.marked() == ids, timeout=WAIT_MS)
    begun: list[int] = []
    desk.part._portions._loader.loaded.connect(lambda _, result: begun.append(result))
    desk.part.look_if_changed()
    qtbot.wait(100)
    assert begun == [], "nothing has changed"
    desk.model.library.set_traits(desk.model.library.add(["/photos/new.jpg"])[0], traits(1, 3))
    desk.part.look_if_changed()
    qtbot.waitUntil(lambda: len(desk.marked()) == 3, timeout=WAIT_MS)


def test_a_long_comparison_goes_on_in_slices(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SLICE_S", 0.002)
    ids = desk.add(*(traits(seed) for seed in range(600)), traits(599, 4))
    qtbot.waitUntil(lambda: desk.marked() == ids[-2:], timeout=WAIT_MS)


def test_an_emptied_library_has_none(qtbot: QtBot, desk: Desk) -> None:
    ids = desk.add(traits(1), traits(1, 10))
    qtbot.waitUntil(lambda: desk.marked() == ids, timeout=WAIT_MS)
    desk.model.clear()
    assert desk.part.near_duplicate_of(ids[0]) is None
    new = desk.add(traits(2), traits(2, 10))
    qtbot.waitUntil(lambda: desk.marked() == new, timeout=WAIT_MS)
