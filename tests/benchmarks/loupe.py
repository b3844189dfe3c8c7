"""The loupe: from the key press to the next picture on the screen, beside what the machine allows.

    python -m tests.benchmarks.loupe [--folder FOLDER] [--files N]

Photographs of 12 megapixels in a window of 1600 x 1000. A picture is “ready” for somebody who looks at each
for a second before going on: the next one has been loaded meanwhile. A jump leads to where nothing has been.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.images.decoding import decode
from resmem_gui.library.library import Library
from resmem_gui.ui.application import create_application
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails, ThumbnailWish
from resmem_gui.ui.viewing.loupe import Loupe
from resmem_gui.ui.viewing.pictures import Picture, Pictures, PictureWish, load_picture
from tests.benchmarks.common import (
    argument_parser,
    make_camera_photographs,
    print_heading,
    print_table,
    surroundings,
)
from tests.benchmarks.scale import rest, wait_until

_SIZE: Final = (1600, 1000)
_FILES: Final = 24
_LOOK_S: Final = 1.0
_PATIENCE_MS: Final = 30_000


class Painted(QObject):
    """Notes when the canvas is painted, and what it has then."""

    painted = Signal()

    def __init__(self, loupe: Loupe) -> None:
        super().__init__()
        self._loupe = loupe
        self.stages: dict[str, float] = {}
        loupe.canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            picture = self._loupe.canvas.picture
            if picture is not None:
                self.stages.update(dict.fromkeys(self._stages(picture), time.perf_counter()))
                self.painted.emit()
        return False

    def wait_for(self, stage: str) -> None:
        """Run the event loop until a stage has been drawn."""
        loop = QEventLoop()
        self.painted.connect(lambda: loop.quit() if stage in self.stages else None)
        QTimer.singleShot(_PATIENCE_MS, loop, loop.quit)
        loop.exec()  # leaves Python's lock to the loading threads, as the program does
        self.painted.disconnect()
        if stage not in self.stages:
            sys.exit("NOT COMPLETE: waited in vain")

    def _stages(self, picture: Picture) -> list[str]:
        """Return what can be seen: a full picture is one for the window, too."""
        if picture.is_full:
            return ["full", "picture"]
        is_thumbnail = picture.levels[0].width() < self._loupe.canvas.width() // 2
        return ["thumbnail"] if is_thumbnail else ["picture"]


class Bench:
    """The loupe in a window, and what was measured."""

    def __init__(self, loupe: Loupe, pictures: Pictures, model: ImageModel) -> None:
        self.loupe, self.pictures, self.model = loupe, pictures, model
        self.painted = Painted(loupe)

    def time_to(self, stage: str, action: Callable[[], object]) -> float:
        """Return the milliseconds from an action until a stage has been drawn."""
        rest(0.05)
        self.painted.stages.clear()
        began = time.perf_counter()
        action()
        if stage not in self.painted.stages:
            self.painted.wait_for(stage)
        return 1000 * (time.perf_counter() - began)

    def ready(self) -> list[float]:
        """Look at each picture for a while, then press Right."""
        milliseconds = []
        for _ in range(self.model.rowCount() - 1):
            rest(_LOOK_S)
            milliseconds.append(self.time_to("picture", self._press(Qt.Key.Key_Right)))
        return milliseconds

    def held(self) -> tuple[list[float], int]:
        """Press Right as fast as pictures come, without looking; return also how many were not ready."""
        milliseconds, late = [], 0
        for _ in range(self.model.rowCount() - 1):
            row = self.model.row_of(self.loupe.current_id or 0) or 0
            late += self.pictures.picture(self.model.image_id(row + 1)) is None
            milliseconds.append(self.time_to("picture", self._press(Qt.Key.Key_Right)))
        return milliseconds, late

    def not_ready(self, stage: str) -> list[float]:
        """Jump to and fro where nothing is loaded."""
        milliseconds = []
        for _ in range(6):
            for key in (Qt.Key.Key_Home, Qt.Key.Key_End):
                self.pictures.clear()
                rest(0.5)
                self.pictures.clear()
                milliseconds.append(self.time_to(stage, self._press(key)))
        return milliseconds

    def closely(self) -> list[float]:
        """Press Space at once: all pixels have to be loaded."""
        milliseconds = []
        for key in (Qt.Key.Key_Home, Qt.Key.Key_End) * 3:
            self.pictures.clear()
            self.time_to("picture", self._press(key))
            milliseconds.append(self.time_to("full", self._press(Qt.Key.Key_Space)))
            self._press(Qt.Key.Key_F)()
        return milliseconds

    def _press(self, key: Qt.Key) -> Callable[[], None]:
        def press() -> None:
            QTest.keyClick(self.loupe.canvas, key)

        return press


def limits(paths: list[str], window: tuple[int, int]) -> list[list[str]]:
    """Return what the steps take alone, one after the other, on one thread."""
    short = min(window)
    steps: list[tuple[str, Callable[[str], object]]] = [
        ("decode at a reduced scale", lambda path: decode(path, least_edge=short)),
        ("decode and scale to the window", lambda path: load_picture(PictureWish(0, path, window))),
        ("decode all pixels", decode),
        ("decode all pixels, make halves", lambda path: load_picture(PictureWish(0, path, None))),
    ]
    rows = [["limit: " + what, *spread([_timed(step, path) for path in paths])] for what, step in steps]
    for what, wish in (("of the window", window), ("of 12 megapixels", None)):
        image = load_picture(PictureWish(0, paths[0], wish)).levels[0]
        milliseconds = [_timed(QPixmap.fromImage, image) for _ in range(10)]
        rows.append([f"limit: a pixmap {what}", *spread(milliseconds)])
    return rows


def _timed(step: Callable[..., object], argument: object) -> float:
    began = time.perf_counter()
    result = step(argument)
    took = 1000 * (time.perf_counter() - began)
    del result
    return took


def spread(milliseconds: list[float]) -> list[str]:
    """Return median and greatest."""
    return [f"{statistics.median(milliseconds):.0f} ms", f"{max(milliseconds):.0f} ms"]


def main() -> int:
    """Measure and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--folder", type=Path, help="photographs (default: ours, of 12 megapixels)")
    parser.add_argument("--files", type=int, default=_FILES, help=f"at the most (default: {_FILES})")
    options = parser.parse_args()
    with surroundings() as folder:
        print_heading("The loupe: from the key press to the picture on the screen")
        return _measure(_photographs(options, folder))


def _photographs(options: argparse.Namespace, folder: Path) -> list[str]:
    if options.folder is None:
        return [str(path) for path in make_camera_photographs(folder / "camera", options.files)]
    found = sorted(str(path) for path in options.folder.iterdir() if path.suffix.lower() in (".jpg", ".jpeg"))
    return found[: options.files] or sys.exit("There are no JPEG files in this folder.")


def _measure(paths: list[str]) -> int:
    create_application(["loupe"])
    thumbnails, pictures = Thumbnails(), Pictures()
    model = ImageModel(Library(), load_lamem(), thumbnails)
    model.add(paths)
    model.sort(Column.NAME)
    thumbnails.want(ThumbnailWish(image_id, path, 256) for image_id, path in enumerate(paths))
    wait_until(lambda: all(thumbnails.pixmap(image_id) for image_id in range(len(paths))))
    loupe = Loupe(model, thumbnails, pictures)
    loupe.resize(*_SIZE)
    loupe.show()
    QTest.qWaitForWindowExposed(loupe)
    loupe.show_image(model.image_id(0))
    bench = Bench(loupe, pictures, model)
    rows = [["Right, picture ready", *spread(bench.ready())]]
    QTest.keyClick(loupe.canvas, Qt.Key.Key_Home)
    milliseconds, late = bench.held()
    rows.append([f"Right again and again, {late} of {len(milliseconds)} not ready", *spread(milliseconds)])
    rows.append(["a jump, until the thumbnail is drawn large", *spread(bench.not_ready("thumbnail"))])
    rows.append(["a jump, until the picture is drawn", *spread(bench.not_ready("picture"))])
    rows.append(["Space at once, until all pixels are drawn", *spread(bench.closely())])
    rows += limits(paths[:8], loupe.canvas.device_size)
    print_table(["from the key press to the end of the painting", "median", "greatest"], rows)
    loupe.leave()
    loupe.close()
    for part in (pictures, thumbnails, model):
        part.stop()
    wait_until(lambda: all(part.has_ended for part in (pictures, thumbnails, model)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
