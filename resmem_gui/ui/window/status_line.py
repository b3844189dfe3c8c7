"""The status line: how far the run is."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from resmem_gui.ui import wording
from resmem_gui.ui.elided_label import ElidedLabel
from resmem_gui.ui.running.run_progress import RunProgress

_SAID_MS: Final = 4000
#: In images a second.
_SLOW: Final = 0.5


class StatusLine(QWidget):
    """Shows a run's progress: n of N, images a second, time left, current file and device."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said, self._file = "", ""
        self._forget_soon = QTimer(self)
        self._forget_soon.setSingleShot(True)
        self._forget_soon.setInterval(_SAID_MS)
        self._forget_soon.timeout.connect(self._forget)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._current = ElidedLabel(self)
        self._device = QLabel(self)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(140)
        self._bar.setMaximumHeight(12)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 3, 8, 3)
        layout.setSpacing(12)
        layout.addWidget(self._bar)
        layout.addWidget(self._text)
        layout.addWidget(self._current, 1)
        layout.addWidget(self._device)
        self.show_progress(RunProgress("No images yet"))

    @Slot(object)
    def show_progress(self, progress: RunProgress) -> None:
        """Show how far the run is."""
        running = progress.busy or progress.done < progress.total
        self._bar.setVisible(running)
        self._bar.setRange(0, 0 if progress.busy else max(1, progress.total))
        self._bar.setValue(progress.done)
        parts = [progress.state]
        if progress.total:
            parts.append(f"{progress.done:,} of {progress.total:,}")
        if running and progress.rate is not None:
            parts.append(_rate_text(progress.rate))
        if running and progress.seconds_left is not None:
            parts.append(f"{wording.duration_text(progress.seconds_left)} left")
        self._text.setText(" · ".join(parts))
        self._file = progress.current if running else ""
        self._current.set_full_text(self._said or self._file)
        self._device.setText(progress.device)
        self._bar.setAccessibleName(self._text.text())

    @Slot(str)
    def say(self, text: str) -> None:
        """Tell for a few seconds what a key or a menu has done, in place of the file that is being scored."""
        self._said = text
        self._forget_soon.start()
        self._current.set_full_text(text)

    @Slot()
    def _forget(self) -> None:
        self._said = ""
        self._current.set_full_text(self._file)

    def hideEvent(self, event: QHideEvent) -> None:
        """Say nothing more when the window goes."""
        super().hideEvent(event)
        self._forget_soon.stop()
        self._forget()

    def text(self) -> str:
        """Return what the line says."""
        parts = (self._text.text(), self._current.full_text, self._device.text())
        return " · ".join(part for part in parts if part)


def _rate_text(rate: float) -> str:
    """Return how fast images go; what takes seconds for each is told in seconds."""
    return f"{rate:.1f} images/s" if rate >= _SLOW else f"{1 / rate:.1f} s an image"
