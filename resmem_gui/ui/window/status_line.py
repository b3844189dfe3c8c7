"""The status line: how far the run is."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from resmem_gui.ui import wording

_SAID_MS: Final = 4000


@dataclass(frozen=True)
class RunProgress:
    """What there is to say about a run.

    Attributes:
        state: In a word or two, such as "Scoring" or "Paused".
        done: Images with an outcome, of `total`.
        rate: Images a second, None while unknown.
        seconds_left: None while unknown.
        current: Name of the image that comes next.
        device: Where the network runs.
        busy: Whether something is under way whose end is not known.
    """

    state: str
    done: int = 0
    total: int = 0
    rate: float | None = None
    seconds_left: float | None = None
    current: str = ""
    device: str = ""
    busy: bool = False

    @property
    def headline(self) -> str:
        """The shortest way to say it."""
        return f"{self.state} {self.done:,} of {self.total:,}" if self.total else self.state


class StatusLine(QWidget):
    """Shows a run's progress: n of N, images a second, time left, current file and device."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said = ""
        self._forget_soon = QTimer(self)
        self._forget_soon.setSingleShot(True)
        self._forget_soon.setInterval(_SAID_MS)
        self._forget_soon.timeout.connect(self._forget)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._current = _ElidedLabel(self)
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
            parts.append(f"{progress.rate:.1f} images/s")
        if running and progress.seconds_left is not None:
            parts.append(f"{wording.duration_text(progress.seconds_left)} left")
        self._text.setText(" · ".join(parts))
        self._current.set_full_text(progress.current if running else self._said)
        self._device.setText(progress.device)
        self._bar.setAccessibleName(self._text.text())

    def say(self, text: str) -> None:
        """Tell for a few seconds what a key or a menu has done, unless a run needs the place."""
        self._said = text
        self._forget_soon.start()
        if self._bar.isHidden():
            self._current.set_full_text(text)

    @Slot()
    def _forget(self) -> None:
        self._said = ""
        if self._bar.isHidden():
            self._current.set_full_text("")

    def hideEvent(self, event: QHideEvent) -> None:
        """Say nothing more when the window goes."""
        super().hideEvent(event)
        self._forget_soon.stop()
        self._forget()

    def text(self) -> str:
        """Return what the line says."""
        parts = (self._text.text(), self._current.toolTip(), self._device.text())
        return " · ".join(part for part in parts if part)


class _ElidedLabel(QLabel):
    """A label that shortens its text in the middle instead of asking for more room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._full_text = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_full_text(self, text: str) -> None:
        """Show a text, as much of it as there is room for."""
        self._full_text = text
        self.setToolTip(text)
        self._elide()

    def _elide(self) -> None:
        metrics = self.fontMetrics()
        self.setText(metrics.elidedText(self._full_text, Qt.TextElideMode.ElideMiddle, self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the room there is now."""
        super().resizeEvent(event)
        self._elide()
