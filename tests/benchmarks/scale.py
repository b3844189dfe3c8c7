"""A folder of 100,000 images in the real window: listing, scrolling, sorting, filtering, streaming, memory.

    python -m tests.benchmarks.scale [--files N] [--stream S]

The images are small real JPEG files, each with another content. The network's place is taken by a scorer that
answers as fast as it is told to: what is measured is everything around it. The window is driven by a real
drop, wheel events, keys and the scroll bar; a frame is the time from the event to the end of the painting.
"""

import argparse
import itertools
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QEvent, QEventLoop, QMimeData, QObject, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from resmem_gui.scoring.preprocessing import Preprocessing, network_input
from resmem_gui.ui.application import create_application, create_window
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.window.main_window import MainWindow
from tests.benchmarks.common import (
    argument_parser,
    make_photographs,
    print_heading,
    print_table,
    surroundings,
)
from tests.benchmarks.event_loop import Pulse, Sampler, print_reasons
from tests.benchmarks.probe import keep_settings_apart

_DIFFERENT: Final = 200
_THUMBNAIL_SIZE: Final = (320, 240)
_APPENDED: Final = 200
_SELECTED: Final = 500
_FRAMES: Final = 60
_SCORES_A_MINUTE: Final = 10_000
_TIMEOUT_S: Final = 120.0
_STATUS: Final = Path("/proc/self/status")


class PacedScorer:
    """Answers with the brightness, so many images a second; loading waits until it may."""

    def __init__(self) -> None:
        self.name = "Brightness 1"
        self.weights_sha256 = "0" * 64
        self.preprocessing = Preprocessing()
        self.device = "cpu"
        self.device_label = "no network"
        self.batch_size = 8
        self.may_load = threading.Event()

    def load(self, device: str) -> None:
        self.may_load.wait()

    def prepare(self, pixels: Image.Image) -> NDArray[np.uint8]:
        return network_input(pixels)

    def score(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        time.sleep(len(batch) * 60 / _SCORES_A_MINUTE)
        scores: NDArray[np.float32] = (batch.mean(axis=(1, 2, 3)) / 255).astype(np.float32)
        return scores


class _Painted(QObject):
    """Notes when the grid has first been painted with images in it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self.first = 0.0
        self._grid = window.grid
        window.grid.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.first and event.type() == QEvent.Type.Paint and self._grid.model().rowCount():
            self.first = time.perf_counter()
        return False


class Bench:
    """The window and what was measured in it: rows of a table."""

    def __init__(self, window: MainWindow, controller: Controller, pulse: Pulse) -> None:
        self.window = window
        self.controller = controller
        self.pulse = pulse
        self.rows: list[list[str]] = []

    def tell(self, what: str, figure: str, wanted: str) -> None:
        """Add a row to the table."""
        self.rows.append([what, figure, wanted])

    def gap(self) -> float:
        """Return the longest gap of the event loop in this phase, in milliseconds."""
        return 1000 * max(self.pulse.seconds.get(self.pulse.phase, [0.0]))

    # Steps

    def open(self, folder: Path, count: int) -> None:
        """Drop the folder and wait until all of it is in the grid."""
        model, painted = self.controller.model, _Painted(self.window)
        self.pulse.enter("listing")
        began = time.perf_counter()
        self._drop(folder)
        wait_until(lambda: model.rowCount() == count)
        listed = time.perf_counter() - began
        self.tell("first rows visible after the drop", f"{painted.first - began:.2f} s", "0.5 s")
        self.tell(f"all {count:,} listed", f"{listed:.1f} s", "10 s")
        rest(0.5)
        self.tell("longest gap of the event loop meanwhile", f"{self.gap():.0f} ms", "50 ms")

    def _drop(self, folder: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(folder))])
        place, actions, buttons = QPointF(300, 300), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        no_keys = Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(place.toPoint(), actions, data, buttons, no_keys)
        drop = QDropEvent(place, actions, data, buttons, no_keys)
        for event in (enter, drop):
            QApplication.sendEvent(self.window, event)

    def change(self, extra: list[str]) -> None:
        """Append, sort and filter, with images selected and the grid scrolled to the middle."""
        model, grid, ranking = self.controller.model, self.window.grid, self.window.ranking
        middle = model.rowCount() // 2
        grid.setCurrentIndex(model.index(middle, Column.NAME))
        grid.setSelection(grid.visualRect(model.index(middle, 0)), grid.selectionModel().SelectionFlag.Select)
        for row in range(middle, middle + 2 * _SELECTED, 2):
            index = model.index(row, Column.NAME)
            flags = grid.selectionModel().SelectionFlag
            grid.selectionModel().select(index, flags.Select | flags.Rows)
        grid.scrollTo(model.index(middle, Column.NAME))
        rest(0.5)
        before = sorted(self.window.selected_ids())
        order = Qt.SortOrder
        steps: list[tuple[str, Callable[[], object]]] = [
            (f"append {_APPENDED} rows", lambda: model.add(extra)),
            ("sort by name, first time", lambda: ranking.sort_by(Column.NAME, order.DescendingOrder)),
            ("sort by name again", lambda: ranking.sort_by(Column.NAME, order.AscendingOrder)),
            ("sort by score", lambda: ranking.sort_by(Column.SCORE, order.DescendingOrder)),
            ("sort by rank", lambda: ranking.sort_by(Column.RANK, order.AscendingOrder)),
        ]
        for what, step in steps:
            self._time_change(what, step)
        after = sorted(self.window.selected_ids())
        row = grid.currentIndex().row()
        first, last = grid.visible_rows()
        kept = f"{len(set(before) & set(after))} of {len(before)}"
        seen = "in sight" if first <= row <= last else "OUT OF SIGHT"
        self.tell("selection kept; the current image", f"{kept}; {seen}", "all; in sight")
        search = self.window.filter_bar.search
        self._time_change("filter by name (a tenth is left)", lambda: search.setText("9.jpg"))
        self._time_change("clear the filter", lambda: search.setText(""))

    def _time_change(self, what: str, step: Callable[[], object]) -> None:
        rest(0.3)
        self.pulse.enter(what)
        rest(0.05)
        step()
        rest(0.6)
        self.tell(what, f"{self.gap():.0f} ms", "50 ms")

    def scroll(self) -> None:
        """Scroll by wheel, key and bar."""
        grid = self.window.grid
        bar = grid.verticalScrollBar()
        places = np.linspace(0, bar.maximum(), _FRAMES)
        bar.setValue(bar.maximum() // 3)
        grid.setFocus()
        rest(0.3)
        self._frames("scrolling by wheel", (lambda: self._wheel(-120) for _ in range(_FRAMES)))
        page = Qt.Key.Key_PageDown
        self._frames("scrolling by Page Down", (lambda: QTest.keyClick(grid, page) for _ in range(_FRAMES)))
        down = Qt.Key.Key_Down
        self._frames("scrolling by arrow", (lambda: QTest.keyClick(grid, down) for _ in range(_FRAMES)))
        bar.setSliderDown(True)
        self._frames("dragging the bar", (partial(bar.setSliderPosition, int(place)) for place in places))
        bar.setSliderDown(False)

    def _wheel(self, angle: int) -> None:
        viewport = self.window.grid.viewport()
        place = QPointF(200, 200)
        event = QWheelEvent(
            place,
            QPointF(viewport.mapToGlobal(place.toPoint())),
            QPoint(),
            QPoint(0, angle),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(viewport, event)

    def _frames(self, what: str, steps: Iterable[Callable[[], object]]) -> None:
        seconds = []
        for step in steps:
            began = time.perf_counter()
            step()
            QApplication.sendPostedEvents()
            QApplication.processEvents()
            seconds.append(time.perf_counter() - began)
            rest(0.016)
        middle, most = 1000 * np.percentile(seconds, (50, 95))
        self.tell(f"{what}, frame: median, 95th percentile", f"{middle:.1f}, {most:.1f} ms", "16 ms")

    def thumbnails(self) -> None:
        """Go to places and wait for the thumbnails; then again, after memory has forgotten them."""
        bar = self.window.grid.verticalScrollBar()
        places = [int(place) for place in np.linspace(0.05, 0.95, 12) * bar.maximum()]
        for what, wanted in (("not seen before", ""), ("cached on disk", "150 ms")):
            self.controller.thumbnails.forget()
            self._time_thumbnails(what, wanted, places)

    def _time_thumbnails(self, what: str, wanted: str, places: list[int]) -> None:
        seconds = []
        for place in places:
            self.window.grid.verticalScrollBar().setValue(place)
            began = time.perf_counter()
            wait_until(self._all_thumbnails_seen, 0.002)
            seconds.append(time.perf_counter() - began)
            rest(0.3)
        middle, most = 1000 * np.percentile(seconds, (50, 95))
        self.tell(
            f"all thumbnails in sight, {what}: median, 95th percentile",
            f"{middle:.0f}, {most:.0f} ms",
            wanted,
        )

    def _all_thumbnails_seen(self) -> bool:
        first, last = self.window.grid.visible_rows()
        model, thumbnails = self.controller.model, self.controller.thumbnails
        return all(thumbnails.pixmap(model.image_id(row)) for row in range(first, last + 1))

    def stream(self, scorer: PacedScorer, seconds: float) -> None:
        """Let scores stream in, and see what that costs the GUI thread."""
        library = self.controller.library
        scorer.may_load.set()
        wait_until(lambda: bool(np.isfinite(library.scores).any()))
        rest(2.0)
        self.pulse.enter("streaming")
        scored, began, busy = np.isfinite(library.scores).sum(), time.perf_counter(), time.thread_time()
        rest(seconds)
        took, busy = time.perf_counter() - began, time.thread_time() - busy
        scored = np.isfinite(library.scores).sum() - scored
        rate = 60 * scored / took
        share = 100 * busy / took
        self.tell(
            f"GUI thread's share while scores stream in, {rate:,.0f} a minute", f"{share:.1f} %", "10 %"
        )
        self.tell(
            "event loop meanwhile: 99.9th percentile, longest",
            f"{1000 * np.percentile(self.pulse.seconds['streaming'], 99.9):.0f}, {self.gap():.0f} ms",
            "",
        )


def wait_until(condition: Callable[[], bool], step_s: float = 0.005) -> None:
    """Run the event loop until something holds."""
    deadline = time.perf_counter() + _TIMEOUT_S
    while not condition():
        if time.perf_counter() > deadline:
            sys.exit("NOT COMPLETE: waited in vain")
        rest(step_s)


def rest(seconds: float) -> None:
    """Run the event loop for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop, loop.quit)
    loop.exec()


def make_many(folder: Path, count: int) -> None:
    """Write small photographs, each with another content: a comment with its number is what differs."""
    sources = make_photographs(folder.parent / "photographs", _DIFFERENT)
    contents = []
    for source in sources:
        with Image.open(source) as image:
            small = folder.parent / "small.jpg"
            image.resize(_THUMBNAIL_SIZE).save(small, quality=85)
            contents.append(small.read_bytes())
    folder.mkdir()
    for number, content in zip(range(count), itertools.cycle(contents), strict=False):
        text = str(number).encode()
        comment = b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text
        (folder / f"IMG_{number + 1}.jpg").write_bytes(content[:2] + comment + content[2:])


def _mib(name: str) -> float:
    if not _STATUS.exists():
        return float("nan")
    line = next(line for line in _STATUS.read_text(encoding="utf-8").splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def main() -> int:
    """Measure and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--files", type=int, default=100_000, help="images in the folder (default: 100000)")
    parser.add_argument("--stream", type=float, default=20.0, help="seconds of streaming (default: 20)")
    parser.add_argument("--folder", type=Path, help="a folder made by an earlier run, with so many files")
    parser.add_argument("--why", action="store_true", help="say what the threads did in gaps over 50 ms")
    options = parser.parse_args()
    with surroundings() as folder:
        print_heading(f"{options.files:,} images in the window, no network")
        many = options.folder or folder / "many"
        if not options.folder:
            make_many(many, options.files)
        make_many(folder / "extra", _APPENDED)
        return _measure(many, sorted(map(str, (folder / "extra").iterdir())), options)


def _measure(many: Path, extra: list[str], options: argparse.Namespace) -> int:
    application = create_application(["scale"])
    keep_settings_apart()
    scorer = PacedScorer()
    window, controller = create_window(lambda: scorer)
    window.show()
    QTest.qWaitForWindowExposed(window)
    rest(1.5)
    bench = Bench(window, controller, Pulse())
    sampler = Sampler(bench.pulse)
    if options.why:
        sampler.start()
    start = _mib("VmRSS")
    bench.open(many, options.files)
    bench.tell("memory: empty window, all listed", f"{start:.0f}, {_mib('VmRSS'):.0f} MiB", "")
    bench.scroll()
    bench.thumbnails()
    bench.change(extra)
    bench.stream(scorer, options.stream)
    bench.tell("memory at the end, peak", f"{_mib('VmRSS'):.0f}, {_mib('VmHWM'):.0f} MiB", "600 MB")
    bench.pulse.stop()
    sampler.stop()
    print_table(["figure", "here", "wanted"], bench.rows)
    print_reasons(bench.pulse.long_gaps, sampler.samples)
    window.close()
    ended = controller.shut_down()
    application.processEvents()
    return 0 if ended else 1


if __name__ == "__main__":
    sys.exit(main())
