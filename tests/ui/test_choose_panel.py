"""The panel that chooses the best N: off the GUI thread, told in plain numbers, given up at once."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel, QProgressBar, QTreeWidget, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.images.decoding import decode_reduced
from resmem_gui.library.filtering import Filter
from resmem_gui.library.library import Library
from resmem_gui.library.records import Pick, Provenance
from resmem_gui.ui.choosing.choose_panel import ChoosePanel
from resmem_gui.ui.notice import Level
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails
from resmem_gui.ui.threads.background import Jobs
from tests.ui.conftest import WAIT_MS

MADE_BY = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")


class Loading:
    """Reads images as the panel would, counted; can be held back.

    Attributes:
        gate: Reading waits while it is closed.
        paths: What was read.
        error: What reading raises, if anything.
    """

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.paths: list[str] = []
        self.error: Exception | None = None

    def __call__(self, path: str, edge: int) -> Image.Image:
        assert threading.current_thread() is not threading.main_thread()
        self.paths.append(path)
        assert self.gate.wait(WAIT_MS / 1000)
        if self.error is not None:
            raise self.error
        return decode_reduced(path, edge)


@pytest.fixture
def model(qtbot: QtBot) -> Iterator[ImageModel]:
    thumbnails = Thumbnails()
    made = ImageModel(Library(), load_lamem(), thumbnails)
    yield made
    made.stop()
    thumbnails.stop()


@pytest.fixture
def loading(jobs: Jobs) -> Iterator[Loading]:
    made = Loading()
    yield made
    made.gate.set()


@pytest.fixture
def make_panel(
    qtbot: QtBot, model: ImageModel, jobs: Jobs, loading: Loading, settings: QSettings
) -> Callable[[], ChoosePanel]:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()

    def make() -> ChoosePanel:
        made = ChoosePanel(model, jobs, settings, parent, loading)
        qtbot.addWidget(made)
        made.show()
        qtbot.waitExposed(made)
        return made

    return make


@pytest.fixture
def add(model: ImageModel, tmp_path: Path) -> Callable[..., list[int]]:
    """Return what adds an image for each score; those of one pattern look alike."""

    def fill(scores: list[float | None], patterns: list[int], folders: list[str] | None = None) -> list[int]:
        paths = []
        for number, pattern in enumerate(patterns):
            folder = tmp_path / (folders[number] if folders else "photos")
            folder.mkdir(exist_ok=True)
            path = folder / f"{len(model.library) + number}.png"
            tiles = np.random.default_rng(pattern).integers(0, 256, (8, 8), dtype=np.uint8)
            Image.fromarray(tiles).resize((64 + number, 64), Image.Resampling.BICUBIC).save(path)
            paths.append(str(path))
        ids = model.add(paths)
        for image_id, score in zip(ids, scores, strict=True):
            if score is not None:
                model.library.set_scored(image_id, score, (64, 64), "ab", MADE_BY)
        model.images_changed(ids)
        return ids

    return fill


def choose(qtbot: QtBot, panel: ChoosePanel) -> list[int]:
    with qtbot.waitSignal(panel.chosen, timeout=WAIT_MS) as caught:
        QTest.mouseClick(panel.choose_button, Qt.MouseButton.LeftButton)
    chosen: list[int] = caught.args[0]
    return chosen


def type_count(panel: ChoosePanel, count: int) -> None:
    panel.count.selectAll()
    QTest.keyClicks(panel.count, str(count))


def tick(box: QWidget) -> None:
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))


def texts(panel: ChoosePanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def passed_over(panel: ChoosePanel) -> list[tuple[str, str]]:
    shown = panel.findChild(QTreeWidget)
    assert shown is not None
    assert shown.isVisible() == bool(shown.topLevelItemCount())
    items = [shown.topLevelItem(row) for row in range(shown.topLevelItemCount())]
    return [(item.text(0), item.text(1)) for item in items if item is not None]


def test_the_best_are_chosen_and_near_duplicates_passed_over(
    qtbot: QtBot, add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel]
) -> None:
    ids = add([0.5, 0.9, 0.8, 0.7, 0.6], [1, 2, 2, 3, 4])
    panel = make_panel()
    type_count(panel, 3)
    assert choose(qtbot, panel) == [ids[1], ids[3], ids[4]]
    assert panel.message.text() == "3 of 5 shown images chosen; 1 passed over as a near-duplicate."
    assert passed_over(panel) == [("2.png", "1.png")]


def test_near_duplicates_are_taken_when_that_is_wanted_and_no_file_is_read(
    qtbot: QtBot, add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel], loading: Loading
) -> None:
    ids = add([0.5, 0.9, 0.8], [1, 2, 2])
    panel = make_panel()
    type_count(panel, 2)
    tick(panel.distinct)
    assert choose(qtbot, panel) == [ids[1], ids[2]]
    assert panel.message.text() == "2 of 3 shown images chosen."
    assert loading.paths == []


def test_only_the_best_are_read_and_each_once(
    qtbot: QtBot, add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel], loading: Loading
) -> None:
    add([0.9 - number / 100 for number in range(12)], list(range(12)))
    panel = make_panel()
    type_count(panel, 4)
    choose(qtbot, panel)
    choose(qtbot, panel)
    assert [Path(path).name for path in loading.paths] == ["1.png", "0.png", "2.png", "3.png"]


def test_a_file_that_moved_is_read_anew(
    qtbot: QtBot, add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel], model: ImageModel
) -> None:
    ids = add([0.9, 0.8], [1, 2])
    panel = make_panel()
    assert choose(qtbot, panel) == ids
    (same,) = add([None], [1])
    model.library.relink(
        {
            ids[1]: str(
                Path(model.library.paths[same]).rename(
                    "/".join([str(Path(model.library.paths[same]).parent), "moved.png"])
                )
            )
        }
    )
    assert choose(qtbot, panel) == ids[:1]


def test_folders_take_turns(
    qtbot: QtBot, add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel]
) -> None:
    ids = add([0.9, 0.8, 0.7, 0.6], [1, 2, 3, 4], ["a", "a", "a", "b"])
    panel = make_panel()
    type_count(panel, 2)
    tick(panel.spread)
    assert choose(qtbot, panel) == [ids[0], ids[3]]


def test_frames_taken_together_need_be_less_alike(
    qtbot: QtBot,
    add: Callable[..., list[int]],
    make_panel: Callable[[], ChoosePanel],
    model: ImageModel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("resmem_gui.ui.choosing.work.ALIKE", -1)
    ids = add([0.9, 0.8, 0.7], [1, 1, 1])
    model.library.taken[:] = [1000.0, 1003.0, 5000.0]
    assert choose(qtbot, make_panel()) == [ids[0], ids[2]]


def test_only_what_is_shown_is_chosen_from(
    qtbot: QtBot, add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel], model: ImageModel
) -> None:
    ids = add([0.5, 0.9, 0.8], [1, 2, 3])
    panel = make_panel()
    model.set_filter(Filter("0.png"))
    qtbot.waitUntil(lambda: "of 1 shown image" in texts(panel), timeout=WAIT_MS)
    assert choose(qtbot, panel) == [ids[0]]


def test_images_without_a_score_are_told(
    qtbot: QtBot, add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel], model: ImageModel
) -> None:
    ids = add([0.5, None, None, None], [1, 2, 3, 4])
    model.library.set_failed(ids[3], "The file is empty (0 bytes).")
    panel = make_panel()
    told = "2 wait for their score and 1 could not be scored: only scored images are chosen."
    assert told in texts(panel)
    assert choose(qtbot, panel) == [ids[0]]
    assert panel.message.text() == (
        "Only 1 instead of 4 chosen of 4 shown images: 2 wait for their score and 1 could not be scored."
    )
    model.library.set_scored(ids[1], 0.7, (64, 64), "ab", MADE_BY)
    model.images_changed([ids[1]])
    told = "1 waits for its score and 1 could not be scored: only scored images are chosen."
    qtbot.waitUntil(lambda: told in texts(panel), timeout=WAIT_MS)


def test_with_no_score_nothing_can_be_chosen_until_one_comes(
    qtbot: QtBot, add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel], model: ImageModel
) -> None:
    panel = make_panel()
    assert not panel.choose_button.isEnabled()
    add([0.5], [1])
    qtbot.waitUntil(panel.choose_button.isEnabled, timeout=WAIT_MS)


def test_ties_at_the_floor_are_told(
    qtbot: QtBot, add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel]
) -> None:
    ids = add([0.41, 0.9, 0.4, 0.415], [1, 2, 3, 4])
    panel = make_panel()
    type_count(panel, 2)
    assert choose(qtbot, panel) == [ids[1], ids[0]]
    assert panel.message.text() == (
        "2 of 4 shown images chosen. 1 of them and 2 not chosen are at the model’s floor, where ResMem does "
        "not tell images apart: those added first were taken."
    )


def test_a_file_that_cannot_be_read_is_like_nothing_and_tried_again(
    qtbot: QtBot, add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel], model: ImageModel
) -> None:
    ids = add([0.9, 0.8, 0.7], [1, 1, 1])
    lost = Path(model.library.paths[ids[1]])
    away = lost.rename(lost.with_name("away.png"))
    panel = make_panel()
    assert choose(qtbot, panel) == [ids[0], ids[1]]
    assert panel.message.text().endswith(
        "1 image could not be read for comparing and passed as unlike all others."
    )
    away.rename(lost)
    assert choose(qtbot, panel) == [ids[0]]


def test_cancelling_ends_it_and_nothing_is_selected(
    qtbot: QtBot, add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel], loading: Loading
) -> None:
    add([0.9, 0.8, 0.7], [1, 2, 3])
    panel = make_panel()
    chosen = QSignalSpy(panel.chosen)
    loading.gate.clear()
    QTest.mouseClick(panel.choose_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(loading.paths) == 1, timeout=WAIT_MS)
    assert panel.choose_button.text() == "Cancel"
    assert not panel.count.isEnabled()
    QTest.mouseClick(panel.choose_button, Qt.MouseButton.LeftButton)
    assert panel.message.text() == "Canceled; the selection is as it was."
    assert panel.choose_button.text() == "&Choose"
    loading.gate.set()
    assert choose(qtbot, panel) == [0, 1, 2]
    assert chosen.count() == 1


def test_closing_cancels(
    qtbot: QtBot,
    add: Callable[..., list[int]],
    make_panel: Callable[[], ChoosePanel],
    loading: Loading,
    jobs: Jobs,
) -> None:
    add([0.9, 0.8, 0.7], [1, 2, 3])
    panel = make_panel()
    chosen = QSignalSpy(panel.chosen)
    loading.gate.clear()
    QTest.mouseClick(panel.choose_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(loading.paths) == 1, timeout=WAIT_MS)
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    loading.gate.set()
    ended = threading.Event()
    jobs.submit(lambda: None, lambda _: ended.set(), lambda _: None)
    qtbot.waitUntil(ended.is_set, timeout=WAIT_MS)
    assert chosen.count() == 0
    panel.show()
    assert panel.choose_button.text() == "&Choose"


def test_slow_work_shows_how_far_it_has_come(
    qtbot: QtBot,
    add: Callable[..., list[int]],
    make_panel: Callable[[], ChoosePanel],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("resmem_gui.ui.choosing.work._SLICE_S", 0.0)
    add([0.9, 0.8, 0.7], [1, 2, 3])
    panel = make_panel()
    (bar,) = panel.findChildren(QProgressBar)
    seen = []
    bar.valueChanged.connect(lambda value: seen.append((value, bar.maximum(), panel.message.text())))
    choose(qtbot, panel)
    assert [value[:2] for value in seen] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert seen[-1][2] == "2 of 3 chosen, 2 images looked at."
    assert not bar.isVisible()


def test_a_failure_is_a_notice_and_the_panel_goes_on(
    qtbot: QtBot, add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel], loading: Loading
) -> None:
    add([0.9, 0.8], [1, 2])
    panel = make_panel()
    loading.error = RuntimeError("the codec fell over")
    with qtbot.waitSignal(panel.notice, timeout=WAIT_MS) as caught:
        QTest.mouseClick(panel.choose_button, Qt.MouseButton.LeftButton)
    assert caught.args[0].level is Level.ERROR
    assert "the codec fell over" in caught.args[0].text
    loading.error = None
    assert choose(qtbot, panel) == [0, 1]


def test_wishes_are_remembered_also_while_fewer_images_are_shown(
    qtbot: QtBot, add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel]
) -> None:
    add([0.9 - number / 100 for number in range(6)], list(range(6)))
    first = make_panel()
    assert first.count.value() == 6  # of 12 wanted
    type_count(first, 5)
    tick(first.distinct)
    tick(first.spread)
    first.close()
    second = make_panel()
    assert second.count.value() == 5
    assert not second.distinct.isChecked()
    assert second.spread.isChecked()


def test_the_wish_comes_back_with_the_images(
    qtbot: QtBot, add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel], model: ImageModel
) -> None:
    add([0.9 - number / 100 for number in range(6)], list(range(6)))
    panel = make_panel()
    type_count(panel, 4)
    model.set_filter(Filter("0.png"))
    qtbot.waitUntil(lambda: panel.count.value() == 1, timeout=WAIT_MS)
    model.set_filter(Filter())
    qtbot.waitUntil(lambda: panel.count.value() == 4, timeout=WAIT_MS)


def test_another_wish_takes_the_old_answer_away(
    qtbot: QtBot, add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel]
) -> None:
    add([0.9, 0.8, 0.7], [1, 1, 2])
    panel = make_panel()
    choose(qtbot, panel)
    assert passed_over(panel)
    type_count(panel, 2)
    assert not panel.message.isVisible()
    assert passed_over(panel) == []


def test_it_is_worked_by_keys_alone(
    qtbot: QtBot, add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel]
) -> None:
    ids = add([0.9, 0.8, 0.7], [1, 1, 2])
    panel = make_panel()
    assert not panel.isModal()
    QTest.keyClicks(panel.count, "2")
    with qtbot.waitSignal(panel.chosen, timeout=WAIT_MS) as caught:
        QTest.keyClick(panel.count, Qt.Key.Key_Return)
    assert caught.args[0] == [ids[0], ids[2]]


def test_rejected_images_are_never_chosen_and_told(
    qtbot: QtBot, add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel], model: ImageModel
) -> None:
    ids = add([0.9, 0.8, 0.7, 0.6, None], [1, 2, 3, 4, 5])
    model.library.set_pick([ids[0]], Pick.REJECTED)
    panel = make_panel()
    told = "1 waits for its score: only scored images are chosen. 1 rejected image is never chosen."
    assert told in texts(panel)
    type_count(panel, 2)
    assert choose(qtbot, panel) == [ids[1], ids[2]]
    assert panel.message.text() == "2 of 5 shown images chosen. 1 rejected image was left out."
    model.library.set_pick([ids[2], ids[4]], Pick.REJECTED)
    model.images_changed(ids)
    qtbot.waitUntil(lambda: "3 rejected images are never chosen." in texts(panel), timeout=WAIT_MS)
    type_count(panel, 3)
    assert choose(qtbot, panel) == [ids[1], ids[3]]
    assert panel.message.text() == "Only 2 instead of 3 chosen of 5 shown images: 3 are rejected."


def test_with_all_rejected_nothing_can_be_chosen(
    add: Callable[..., list[int]], make_panel: Callable[[], ChoosePanel], model: ImageModel
) -> None:
    model.library.set_pick(add([0.9], [1]), Pick.REJECTED)
    assert not make_panel().choose_button.isEnabled()


def test_dates_are_wanted_while_near_duplicates_are_looked_for(make_panel: Callable[[], ChoosePanel]) -> None:
    panel = make_panel()
    spy = QSignalSpy(panel.dates_wanted)

    def wanted() -> bool:
        return bool(spy.at(spy.count() - 1)[0])

    tick(panel.distinct)
    assert not wanted()
    tick(panel.distinct)
    assert wanted()
    panel.close()
    assert not wanted()
    panel.show()
    assert wanted()


def test_choosing_stands_before_closing(make_panel: Callable[[], ChoosePanel]) -> None:
    panel = make_panel()
    assert panel.choose_button.x() < panel.close_button.x()
