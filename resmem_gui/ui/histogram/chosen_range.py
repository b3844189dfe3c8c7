"""The range of scores that is chosen on the histogram, and when the others are told."""

from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from resmem_gui.ui.histogram.content import ScoreRange
from resmem_gui.ui.throttle import Throttle

_TELL_MS: Final = 100


class ChosenRange(QObject):
    """Keeps the range while a person drags it and while the filter answers.

    Signals:
        changed: `score_range` is another, whoever has changed it.
        chosen: What a person has chosen (`ScoreRange`, or None for none): at most ten times a second while it
            is dragged, once at the end.
    """

    changed = Signal()
    chosen = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._range: ScoreRange | None = None
        self._told: ScoreRange | None = None
        self._tell_soon = Throttle(_TELL_MS, self._tell, self)

    @property
    def score_range(self) -> ScoreRange | None:
        """The range, None if there is none."""
        return self._range

    def show(self, wanted: ScoreRange | None) -> None:
        """Take over the range that the filter has; nothing is told. One that is being dragged goes on."""
        if self._tell_soon.is_waiting:
            return
        self._told = wanted
        self._take(wanted)

    @Slot(object, bool)
    def choose(self, wanted: ScoreRange | None, still_changes: bool) -> None:
        """Take what a person has chosen, and tell it."""
        self._take(wanted)
        if not still_changes:
            self._tell_soon.stop()
        self._tell_soon.ask()

    @Slot()
    def clear(self) -> None:
        """Have none, as a person wants it."""
        self.choose(None, False)

    def _take(self, wanted: ScoreRange | None) -> None:
        if wanted != self._range:
            self._range = wanted
            self.changed.emit()

    def _tell(self) -> None:
        if self._range != self._told:
            self._told = self._range
            self.chosen.emit(self._range)
