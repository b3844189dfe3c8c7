"""Watches a window from within its process: when it is visible, when scores come; and closes it in time."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from tests.benchmarks.probe import Marks

if TYPE_CHECKING:
    from resmem_gui.scoring.scorer import Scorer
    from resmem_gui.ui.controller import Controller


class Watch(QObject):
    """Marks what happens to a window, and closes it some time after one of the marks."""

    _marked = Signal(str)

    def __init__(self, marks: Marks, window: QMainWindow, *, close_at: str, after: float) -> None:
        super().__init__()
        self._marks = marks
        self._window = window
        self._close_at = close_at
        self._after_ms = round(after * 1000)
        self._torch_was_imported: bool | None = None
        self._marked.connect(self._close_if_due)
        window.installEventFilter(self)

    def follow(self, controller: "Controller") -> None:
        """Mark the first thumbnail and the first score that reach the window."""
        controller.thumbnails.changed.connect(self._thumbnail)
        controller.scores_changed.connect(self._score)

    def mark(self, name: str) -> None:
        """Note that `name` happens now. To be called from any thread."""
        if self._marks.note(name):
            self._marked.emit(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note when the window is shown, and when the screen has first shown it."""
        if watched is self._window and event.type() == QEvent.Type.Show:
            self.mark("shown")
            self._window.windowHandle().installEventFilter(self)
        elif event.type() == QEvent.Type.Expose and self._marks.note("exposed"):
            # Qt paints while it handles the event: after that, the pixels are with the screen.
            QTimer.singleShot(0, self._visible)
        return False

    @Slot()
    def _visible(self) -> None:
        self._torch_was_imported = "torch" in sys.modules
        self.mark("visible")

    @Slot()
    def _thumbnail(self) -> None:
        self.mark("thumbnail")

    @Slot()
    def _score(self) -> None:
        self.mark("score")

    @Slot(str)
    def _close_if_due(self, name: str) -> None:
        if name == self._close_at:
            QTimer.singleShot(self._after_ms, self._close)

    @Slot()
    def _close(self) -> None:
        self._marks.note("closing")
        self._window.close()
        self._marks.note("closed")
        self._marks.print(torch_was_imported=self._torch_was_imported)


def timed_scorer(mark: Callable[[str], None]) -> "Scorer":
    """Return the real scorer; it marks the stages of its loading and its first batch."""
    from resmem_gui.scoring.load_order import load_torch
    from resmem_gui.scoring.scorer import create_scorer

    mark("loading")
    scorer = create_scorer()
    load, score = scorer.load, scorer.score

    def timed_load(device: str) -> None:
        load_torch()
        mark("torch")
        load(device)
        mark("loaded")

    def timed_score(batch: Any) -> Any:
        scores = score(batch)
        mark("first batch")
        return scores

    patched: Any = scorer
    patched.load, patched.score = timed_load, timed_score
    return scorer
