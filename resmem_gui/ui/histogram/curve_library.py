"""Has the library of the density curve imported aside, so that nobody waits for it."""

import logging
from dataclasses import replace
from typing import Final

import shiboken6
from PySide6.QtCore import QObject, Signal

from resmem_gui.analysis.histogram import curves_are_prepared, prepare_curves
from resmem_gui.ui.histogram.options import Options, View
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.threads.background import Jobs

_log = logging.getLogger(__name__)
_KEY: Final = "density curve"


class CurveLibrary(QObject):
    """Imports SciPy on another thread when a curve is first wanted: 0.2 s, in which bars are drawn.

    Signals:
        ready: A curve can be drawn now.
        notice: Why it cannot (`Notice`).
    """

    ready = Signal()
    notice = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._is_asked_for = False

    def drawable(self, options: Options) -> Options:
        """Return what can be drawn without waiting: bars, while the curve is being made ready."""
        if options.view is not View.CURVE or curves_are_prepared():
            return options
        if not self._is_asked_for:
            self._is_asked_for = True
            self._jobs.submit(prepare_curves, self._succeeded, self._failed)
        return replace(options, view=View.BARS)

    def _succeeded(self, _: object) -> None:
        if shiboken6.isValid(self):  # the window may have gone meanwhile
            self.ready.emit()

    def _failed(self, error: Exception) -> None:
        _log.error("there is no density curve", exc_info=error)
        if shiboken6.isValid(self):
            text = f"The density curve cannot be drawn: {error}. Bars are shown in its place."
            self.notice.emit(Notice(_KEY, Level.ERROR, text))
