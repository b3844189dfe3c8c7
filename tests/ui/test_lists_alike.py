"""Near-duplicates in lists for an experiment: what is compared, what is told, and what happens meanwhile."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from resmem_gui.analysis.conditions import Wanted
from resmem_gui.images.likeness import BYTES
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.traits import Caution, Traits
from resmem_gui.ui.conditions import lists_dialog
from resmem_gui.ui.conditions.alike import Alike
from resmem_gui.ui.conditions.lists_dialog import ListsDialog, Sources
from resmem_gui.ui.conditions.work import Categories, Task, make
from resmem_gui.ui.threads.background import Jobs

COUNT = 60
MADE_BY = Provenance("resmem 1.1.6", "cd" * 32, "p", "cpu")
PRINTS = np.random.default_rng(8).integers(0, 256, (COUNT, BYTES), dtype=np.uint8)


def traits(bits: bytes) -> Traits:
    return Traits(0, 0.0, 0.0, 0.0, 1, bits)


def like(image_id: int) -> bytes:
    """Return a fingerprint that is near that of an image, and its own."""
    bits = PRINTS[image_id].copy()
    bits[-1] ^= 1
    return bytes(bits)


@pytest.fixture
def library() -> Library:
    """Sixty images; 1 to 5 are like 0, and 7 is like 6; the pixels of 50 to 54 are unknown, 59 is plain."""
    library = Library()
    scores = np.random.default_rng(3).beta(8, 4, COUNT)
    for image_id in library.add([f"/p/{'sea' if i < 20 else 'hill'}_{i}.jpg" for i in range(COUNT)]):
        library.set_scored(image_id, float(scores[image_id]), (640, 480), f"{image_id:064x}", MADE_BY)
        if not 50 <= image_id < 55:
            library.set_traits(image_id, traits(PRINTS[image_id].tobytes()))
    for image_id in range(1, 6):
        library.set_traits(image_id, traits(like(0)))
    library.set_traits(7, traits(like(6)))
    library.set_traits(59, traits(b""))
    library.set_cautions(range(8), int(Caution.NEAR_DUPLICATE))
    return library


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    jobs.stop()
    jobs.join()


MakeDialog = Callable[..., ListsDialog]


@pytest.fixture
def make_dialog(qtbot: QtBot, library: Library, jobs: Jobs, tmp_path: Path) -> Iterator[MakeDialog]:
    parent = QWidget()
    qtbot.addWidget(parent)
    made: list[ListsDialog] = []

    def make(give_way: Callable[[], None] = lambda: None) -> ListsDialog:
        ids = {"All scored images": np.arange(COUNT)}
        sources = Sources(ids, library.snapshot(), np.full(COUNT, 41.0), lambda _: "LaMem")
        settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
        made.append(ListsDialog(sources, dict, jobs, settings, parent, give_way))
        made[0].show()
        return made[0]

    yield make
    parent.close()
    if isValid(made[0]):
        made[0].close()


def go_on() -> bool:
    return True


def polite() -> None:
    pass


# Comparing


def test_images_are_compared_by_their_looks(library: Library) -> None:
    found = Alike(library, polite).find(np.arange(COUNT), go_on)
    assert found is not None
    assert len(set(found.groups[:6].tolist())) == 1
    assert found.groups[6] == found.groups[7] not in (-1, found.groups[0])
    assert (found.groups[8:] == -1).all()
    assert np.flatnonzero(found.unlooked).tolist() == [50, 51, 52, 53, 54]
    assert np.flatnonzero(found.plain).tolist() == [59]
    assert found.uncompared(np.array([[49, 50], [51, 59]])) == 3


def test_copies_of_one_file_are_known_without_a_look(library: Library) -> None:
    """One content: 50 and 51, nobody has looked; 59 and 58, plain; 52 and 20, whose looks are known."""
    for image_id, content in ((50, 900), (51, 900), (58, 901), (59, 901), (52, 902), (20, 902)):
        library.set_scored(image_id, 0.7, (640, 480), f"{content:064x}", MADE_BY)
    library.set_traits(59, traits(b""))
    library.set_traits(20, traits(PRINTS[20].tobytes()))
    library.set_traits(21, traits(like(20)))
    found = Alike(library, polite).find(np.arange(COUNT), go_on)
    assert found is not None
    groups = found.groups
    assert groups[50] == groups[51] != -1
    assert groups[58] == groups[59] not in (-1, groups[50])
    assert groups[52] == groups[20] == groups[21] != -1
    assert len({groups[i] for i in (0, 6, 20, 50, 58)}) == 5
    assert np.flatnonzero(found.unlooked).tolist() == [50, 51, 53, 54]


def test_each_question_is_answered_for_its_own_images(library: Library) -> None:
    alike = Alike(library, polite)
    every = alike.find(np.arange(COUNT), go_on)
    some = alike.find(np.array([0, 6, 7, 20]), go_on)
    assert every is not None
    assert some is not None
    assert (some.groups >= 0).tolist() == [False, True, True, False]
    assert alike.find(np.array([0, 6, 7, 20]), lambda: pytest.fail("is known")) is some
    assert alike.find(np.empty(0, dtype=np.int64), go_on) is not None


def test_it_stops_when_nobody_wants_to_know(library: Library) -> None:
    for image_id in library.add([f"/q/{i}.jpg" for i in range(600)]):
        library.set_scored(image_id, 0.7, (640, 480), f"{image_id:064x}", MADE_BY)
        bits = np.random.default_rng(image_id).integers(0, 256, BYTES, dtype=np.uint8)
        library.set_traits(image_id, traits(bits.tobytes()))
    alike = Alike(library, polite)
    assert alike.find(np.arange(len(library)), lambda: False) is None
    assert alike.find(np.arange(len(library)), go_on) is not None


def test_images_that_cannot_be_drawn_tie_no_others_together(library: Library) -> None:
    """10 and 12 are like 11 and not like each other; 11 is at the floor."""
    for image_id, flipped in ((10, range(70, 90)), (12, range(100, 120))):
        bits = np.unpackbits(PRINTS[11])
        bits[list(flipped)] ^= 1
        library.set_traits(image_id, traits(bytes(np.packbits(bits))))
    library.scores[11] = 0.413
    for without_floor, aside in ((False, 8), (True, 6)):
        task = Task(
            library=library,
            percentiles=np.zeros(COUNT),
            references=lambda _: "LaMem",
            image_ids=np.arange(COUNT),
            categories=Categories.NONE,
            without_cautions=False,
            wanted=Wanted(without_floor=without_floor),
        )
        made = make(task, Alike(library, polite), go_on)
        assert made is not None
        assert made.lists.set_aside == aside


# In the window


def test_images_at_the_floor_are_counted(make_dialog: MakeDialog, library: Library, qtbot: QtBot) -> None:
    for image_id in range(10, 22):
        library.set_scored(image_id, 0.413, (640, 480), f"{image_id:064x}", MADE_BY)
    floored = int(np.count_nonzero(library.scores < 0.42))
    dialog = make_dialog()
    dialog.form.in_list.setValue(27)
    qtbot.waitUntil(lambda: f"{floored} images of the lists are at the model’s floor" in dialog.facts.text())
    dialog.form.in_list.setValue(20)
    dialog.form.without_floor.setChecked(True)
    qtbot.waitUntil(lambda: f"Drawn from {54 - floored} images" in dialog.facts.text())
    assert f"{floored} images left out by choice" in dialog.facts.text()
    assert "floor" not in dialog.facts.text()


def test_one_of_each_group_is_drawn_at_most_and_it_says_so(make_dialog: MakeDialog, qtbot: QtBot) -> None:
    dialog = make_dialog()
    dialog.form.in_list.setValue(27)
    qtbot.waitUntil(lambda: dialog._made is not None and dialog.form.in_list.value() == 27)
    qtbot.waitUntil(lambda: dialog._made is not None and dialog._made.lists.image_ids.shape == (2, 27))
    assert dialog._made is not None
    drawn = set(dialog._made.lists.image_ids.ravel().tolist())
    assert len(drawn) == 54
    assert len(drawn & set(range(6))) <= 1
    assert len(drawn & {6, 7}) <= 1
    text = dialog.facts.text()
    assert "6 near-duplicates were set aside: one image of each of 2 groups stayed" in text
    assert "Drawn from 54 images" in text
    assert "For 5 images near-duplicates are not known yet." in text
    assert "1 image is plain all over" in text
    assert "The lists have 6 of them." in text


def test_near_duplicates_may_be_drawn_if_a_person_wants(make_dialog: MakeDialog, qtbot: QtBot) -> None:
    dialog = make_dialog()
    dialog.form.in_list.setValue(30)
    qtbot.waitUntil(lambda: "54 images have a score that counts" in dialog.message.text())
    assert "(6 are), enough for lists of 27." in dialog.message.text()
    assert dialog.facts.text() == ""
    QTest.mouseClick(dialog.form.distinct, Qt.MouseButton.LeftButton, pos=near_left(dialog.form.distinct))
    qtbot.waitUntil(dialog.save_button.isEnabled)
    assert "Near-duplicates are not kept apart" in dialog.facts.text()
    assert "not known" not in dialog.facts.text()


def near_left(widget: QWidget) -> QPoint:
    return QPoint(10, widget.height() // 2)


def test_the_number_of_each_category_counts_what_was_set_aside(make_dialog: MakeDialog, qtbot: QtBot) -> None:
    dialog = make_dialog()
    dialog.form.categories.setCurrentIndex(2)
    qtbot.waitUntil(lambda: dialog.summaries.columnCount() == 9)
    titles = [dialog.summaries.horizontalHeaderItem(column) for column in (7, 8)]
    assert [item.text() for item in titles if item is not None] == ["hill (of 40)", "sea (of 14)"]


def test_near_duplicates_are_no_caution_that_leaves_images_out(make_dialog: MakeDialog, qtbot: QtBot) -> None:
    dialog = make_dialog()
    dialog.form.without_cautions.setChecked(True)
    qtbot.waitUntil(lambda: "near-duplicates and cautions" in dialog.facts.text())
    assert "left out by choice" not in dialog.facts.text()
    assert "Drawn from 54 images" in dialog.facts.text()


def test_the_notes_tell_it(make_dialog: MakeDialog, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make_dialog()
    qtbot.waitUntil(dialog.save_button.isEnabled)
    drawn = dialog._made
    assert drawn is not None, "there is something to save as soon as it can be saved"
    dialog.saving.save(tmp_path / "c.csv", drawn)
    qtbot.waitUntil(lambda: dialog.message.text().startswith("Written to"))
    made = json.loads((tmp_path / "c.lists.json").read_text(encoding="utf-8"))["made"]
    told = made["near_duplicates"]
    assert (told["kept_apart"], told["set_aside"], told["groups"], told["largest_group"]) == (True, 6, 2, 6)
    assert (told["not_looked_at"], told["plain"]) == (5, 1)
    assert made["candidates"] == 54


@pytest.fixture
def gate(jobs: Jobs) -> Iterator[threading.Event]:
    """What a job waits for; opened at the end, whatever comes of the test."""
    gate = threading.Event()
    yield gate
    gate.set()


def test_what_takes_long_is_said_and_the_lists_before_are_not_offered(
    make_dialog: MakeDialog, qtbot: QtBot, gate: threading.Event
) -> None:
    def hold() -> None:
        gate.wait()

    gate.set()
    dialog = make_dialog(hold)
    qtbot.waitUntil(dialog.save_button.isEnabled)
    qtbot.waitUntil(lambda: dialog.message.text().startswith("The means differ by"))
    gate.clear()
    dialog.form.without_floor.setChecked(True)
    qtbot.waitUntil(lambda: dialog.message.text().startswith("60 images are being compared"))
    assert not dialog.save_button.isEnabled()
    gate.set()
    qtbot.waitUntil(dialog.save_button.isEnabled)
    assert dialog.message.text().startswith("The means differ by")
    dialog.form.seed.setValue(2)
    qtbot.waitUntil(lambda: dialog._made is not None and dialog._made.task.wanted.seed == 2)
    assert not dialog._impatient.isActive()


@pytest.mark.parametrize("is_closed", [False, True])
def test_work_that_nobody_waits_for_is_told_to_stop(
    make_dialog: MakeDialog,
    qtbot: QtBot,
    jobs: Jobs,
    gate: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
    is_closed: bool,
) -> None:
    begun, said = threading.Event(), list[bool]()

    def slow(_task: Task, _alike: Alike, go_on: Callable[[], bool]) -> None:
        begun.set()
        gate.wait()
        said.append(go_on())

    monkeypatch.setattr(lists_dialog, "make", slow)
    dialog = make_dialog()
    qtbot.waitUntil(begun.is_set)
    if is_closed:
        dialog.close()
    gate.set()
    with qtbot.waitCallback() as ended:
        jobs.submit(lambda: None, ended, ended)
    assert said == [not is_closed]


def test_it_can_be_closed_while_images_are_compared(
    make_dialog: MakeDialog, qtbot: QtBot, jobs: Jobs, gate: threading.Event
) -> None:
    begun = threading.Event()

    def wait() -> None:
        begun.set()
        gate.wait()

    dialog = make_dialog(wait)
    qtbot.waitUntil(begun.is_set)
    with qtbot.waitSignal(dialog.finished):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    gate.set()
    with qtbot.waitCallback() as ended:
        jobs.submit(lambda: None, ended, ended)  # what came before has ended by then, told to nobody
