"""Fixtures for the interface: a small scorer in ResMem's place, images, a window, and leak detectors."""

import gc
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
import shiboken6
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.scoring.preprocessing import Preprocessing, network_input
from resmem_gui.scoring.scorer import DeviceLostError, ScorerError
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.rows.thumbnails import Thumbnails
from resmem_gui.ui.running.run import RunState
from resmem_gui.ui.sessions.sessions import Sessions
from resmem_gui.ui.threads.background import Jobs
from resmem_gui.ui.viewing.pictures import Pictures
from resmem_gui.ui.window.main_window import MainWindow

WAIT_MS = 10_000
_Kind = TypeVar("_Kind", bound=QObject)


class BrightnessScorer:
    """Stands in for ResMem in tests of the interface: the score is the mean brightness. Can be held back.

    Attributes:
        gate: Scoring waits while it is closed.
        seconds: How long a batch takes.
        batches: How many images each batch had.
        load_error: What loading raises, if anything.
        lost_after: After so many batches the GPU is lost.
        loads: The devices that it was loaded on, or should have been.
    """

    def __init__(self) -> None:
        self.name = "Brightness 1"
        self.weights_sha256 = "0" * 64
        self.preprocessing = Preprocessing()
        self.device = "cpu"
        self.device_label = "Test CPU"
        self.batch_size = 2
        self.gate = threading.Event()
        self.gate.set()
        self.seconds = 0.0
        self.batches: list[int] = []
        self.load_error: Exception | None = None
        self.lost_after: int | None = None
        self.loads: list[str] = []

    def load(self, device: str) -> None:
        self.loads.append(device)
        if self.load_error is not None:
            raise self.load_error
        if device == "cpu":
            self.device, self.device_label = "cpu", "Test CPU"

    def prepare(self, pixels: Image.Image) -> NDArray[np.uint8]:
        return network_input(pixels)

    def score(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        if not self.gate.wait(timeout=WAIT_MS / 1000):
            raise ScorerError("the test never opened the gate")
        time.sleep(self.seconds)
        if self.device != "cpu" and self.lost_after == len(self.batches):
            raise DeviceLostError("CUDA error: the launch timed out and was terminated")
        self.batches.append(len(batch))
        brightness: NDArray[np.float32] = (batch.mean(axis=(1, 2, 3)) / 255).astype(np.float32)
        return brightness


@pytest.fixture
def scorer() -> BrightnessScorer:
    return BrightnessScorer()


@pytest.fixture
def make_images(tmp_path: Path) -> Callable[..., list[Path]]:
    """Return a maker of small PNG files, each of one grey, brighter from file to file."""

    def make(count: int, folder: str = "photos", first_grey: int = 100) -> list[Path]:
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        paths = [tmp_path / folder / f"image{number}.png" for number in range(1, count + 1)]
        for number, path in enumerate(paths):
            grey = first_grey + number * max(1, 150 // max(1, count))
            name = PngInfo()
            name.add_text("Title", str(path.relative_to(tmp_path)))  # no two files have the same content
            Image.new("RGB", (40, 30), (grey, grey, grey)).save(path, pnginfo=name)
        return paths

    return make


@pytest.fixture
def controller(qtbot: QtBot, scorer: BrightnessScorer) -> Iterator[Controller]:
    made = Controller(lambda: scorer)
    yield made
    scorer.gate.set()
    assert made.shut_down(), "a thread of the controller did not end"
    made.deleteLater()


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    """Settings of a person who has chosen nothing yet, in `settings.ini`."""
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def window(
    qtbot: QtBot, controller: Controller, scorer: BrightnessScorer, settings: QSettings
) -> Iterator[MainWindow]:
    settings.setValue("licence/told", "yes")
    made = MainWindow(controller, Sessions(controller, lambda: scorer, None, controller), settings)
    made.resize(1100, 800)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close_without_asking()
    made.deleteLater()


@pytest.fixture
def other_window(
    qtbot: QtBot, controller: Controller, window: MainWindow, scorer: BrightnessScorer, settings: QSettings
) -> Iterator[Callable[[], MainWindow]]:
    """Return what closes the window and opens another one with the same settings."""
    made: list[MainWindow] = []

    def make() -> MainWindow:
        window.close_without_asking()
        made.append(MainWindow(controller, Sessions(controller, lambda: scorer, None, controller), settings))
        made[-1].show()
        qtbot.waitExposed(made[-1])
        return made[-1]

    yield make
    for other in made:
        other.close_without_asking()
        other.deleteLater()


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    """Runs what takes long; all of it is done when the test is over."""
    made = Jobs()
    yield made
    made.stop()
    made.join()


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    """A window for dialogs to belong to."""
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def thumbnails(qtbot: QtBot) -> Iterator[Thumbnails]:
    """Loads thumbnails; none are asked for yet."""
    made = Thumbnails()
    yield made
    made.stop()


@pytest.fixture
def pictures(qtbot: QtBot) -> Iterator[Pictures]:
    """Loads pictures; none are asked for yet."""
    made = Pictures()
    yield made
    made.stop()
    qtbot.waitUntil(lambda: made.has_ended)


@pytest.fixture
def settle(qtbot: QtBot, controller: Controller) -> Callable[[], None]:
    """Return a wait until discovery and scoring are over."""

    def wait() -> None:
        qtbot.waitUntil(lambda: not controller.is_busy, timeout=WAIT_MS)
        assert controller.state is RunState.IDLE

    return wait


@pytest.fixture(scope="module", autouse=True)
def _garbage_by_choice() -> Iterator[None]:
    """Collect garbage between tests only, on this thread as in the program: elsewhere it is fatal.

    What was there before is left alone, so that `no_leaks` looks only at objects made since: torch alone
    makes a hundred thousand.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def no_leaks(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a thread running, a timer ticking or a window open."""
    before = set(threading.enumerate())
    yield
    gc.collect()
    # What is to be deleted waits for an event loop otherwise, which would be that of the next test.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = _left_after(5, qapp, lambda: _running_threads(before))
    assert not left, f"threads still running: {left}"
    shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    assert not shown, f"windows still open: {shown}"
    # A single shot that is on its way may fire; one that repeats does not end.
    ticking = _left_after(2, qapp, lambda: [timer for timer in _living(QTimer) if timer.isActive()])
    assert not ticking, f"timers still ticking: {[_described(timer) for timer in ticking]}"


def _described(timer: QTimer) -> str:
    owners = [timer.parent()]
    while owners[-1] is not None and owners[-1].parent() is not None:
        owners.append(owners[-1].parent())
    return f"{timer.interval()} ms of {' in '.join(type(owner).__name__ for owner in owners)}"


def _left_after(seconds: float, qapp: QApplication, find: Callable[[], list[Any]]) -> list[Any]:
    """Return what is still found when nothing more is expected to end by itself."""
    deadline = time.monotonic() + seconds
    qapp.processEvents()
    while (left := find()) and time.monotonic() < deadline:
        qapp.processEvents()
        time.sleep(0.01)
    return left


def _running_threads(before: set[threading.Thread]) -> list[str]:
    ours = [thread.name for thread in threading.enumerate() if thread not in before and thread.is_alive()]
    # Threads that Qt started become known to Python as dummies for as long as it runs.
    ours = [name for name in ours if not name.startswith("Dummy")]
    qt = [thread.objectName() for thread in _living(QThread) if _is_running_thread(thread)]
    return ours + qt


def _is_running_thread(thread: QThread) -> bool:
    return thread.isRunning() and thread is not QApplication.instance().thread()  # type: ignore[union-attr]


def _living(kind: type[_Kind]) -> list[_Kind]:
    """Return all objects of a Qt class that Python knows and C++ has not deleted."""
    # type() and not isinstance(): some of torch's objects warn when they are asked for their class.
    found = [thing for thing in gc.get_objects() if issubclass(type(thing), kind)]
    return [thing for thing in found if shiboken6.isValid(thing)]
