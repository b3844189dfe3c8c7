"""What the windows that hand something on have in common: look first, then work, then tell."""

from collections.abc import Callable
from enum import Enum, auto
from typing import Any, Final, TypeVar

from PySide6.QtCore import QSettings, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.ui.elided_label import ElidedLabel
from resmem_gui.ui.handing_on.work import IsCancelled, Tell, Work
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.threads.background import Jobs

#: After a change the summary waits for the next one so long.
_PATIENCE_MS: Final = 150
_STEPS: Final = 1000
_Choice = TypeVar("_Choice", bound=Enum)


class State(Enum):
    """What a window is about."""

    CHOOSING = auto()
    WORKING = auto()
    DONE = auto()


class WorkDialog(QDialog):
    """A window beside the images: choices, a summary that follows them, then progress, then the result.

    Closed in mid-work it cancels, stays hidden until that is over, and a notice tells what was done.

    Signals:
        notice: What was done after the window was closed (`Notice`).
    """

    notice = Signal(object)

    def __init__(
        self, title: str, jobs: Jobs, settings: QSettings, parent: QWidget, give_way: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.settings = settings
        self.state = State.CHOOSING
        self._is_closed = False
        self.looking = Work(jobs, give_way, self)
        self.doing = Work(jobs, lambda: None, self)
        self.doing.progressed.connect(self._show_progress)
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self.look)
        self.form = QWidget(self)
        self.summary = QLabel(self)
        self.details = _Details(self)
        self.progress = QProgressBar(self)
        self.current = ElidedLabel(self)
        self.start = QPushButton(self)
        self.close_button = QPushButton(self)
        self.after = QHBoxLayout()
        self._lay_out()

    # For the windows

    def look(self) -> None:
        """Find out what would be done with the choices as they are, and call `looked`."""
        raise NotImplementedError

    def work(self) -> None:
        """Begin, with `run`."""
        raise NotImplementedError

    def progress_of(self, progress: Any) -> tuple[float, str]:  # noqa: ANN401 - each job has a form of its own
        """Return how far it is, 0 to 1, and a short text."""
        raise NotImplementedError

    @Slot()
    def changed(self) -> None:
        """Look again soon: a choice is another one."""
        self.looking.drop()
        self.start.setEnabled(False)
        self._patience.start()

    def looked(self, summary: str, can_start: bool, details: str = "") -> None:
        """Show what would be done."""
        if self.state is State.CHOOSING:
            self.summary.setText(summary)
            self.start.setEnabled(can_start)
            self.show_details(details)

    def run(self, job: Callable[[Tell, IsCancelled], Any], on_success: Callable[[Any], None]) -> None:
        """Work on another thread, and show how far it is."""
        self.enter(State.WORKING)
        self.doing.start(job, on_success, self._failed)

    def finished_work(self, level: Level, text: str, details: str = "") -> None:
        """Show how it ended, or tell it by a notice if nobody looks any more."""
        self.enter(State.DONE)
        self.summary.setText(text)
        self.show_details(details)
        self.start.setEnabled(False)
        if self._is_closed:
            self.notice.emit(Notice("handing on", level, text, "Show…", self.show_again))

    def enter(self, state: State) -> None:
        """Show what belongs to a state."""
        self.state = state
        working = state is State.WORKING
        self.form.setEnabled(state is State.CHOOSING)
        self.progress.setVisible(working)
        self.current.setVisible(working)
        self.start.setVisible(state is not State.DONE)
        if working:
            self._patience.stop()
            self.looking.drop()
            self.start.setEnabled(False)
            self.progress.setValue(0)
            self.current.set_full_text("")
            self.show_details("")
        self.close_button.setText("&Cancel" if working else "&Close")
        self.close_button.setEnabled(True)
        self.fit()

    def show_details(self, text: str) -> None:
        """Show a list below the summary, or take it away."""
        self.details.setPlainText(text)
        self.details.setVisible(bool(text))
        self.fit()

    def fit(self) -> None:
        """Be as high as what is shown needs; wrapped lines need the more the narrower the window is."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(
                self.width(), max(layout.totalHeightForWidth(self.width()), layout.minimumSize().height())
            )

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the height that is needed."""
        super().showEvent(event)
        self.fit()

    @Slot()
    def show_again(self) -> None:
        """Show the result to somebody who asks for it."""
        self._is_closed = False
        self.show()
        self.activateWindow()

    # Inside

    def _lay_out(self) -> None:
        self.summary.setWordWrap(True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.summary.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.summary.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.details.setAccessibleName("Images that need your attention")
        self.progress.setRange(0, _STEPS)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress")
        self.start.setDefault(True)
        self.start.setEnabled(False)
        self.start.clicked.connect(self.work)
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self._cancel_or_close)
        buttons = QDialogButtonBox(self)
        buttons.addButton(self.start, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.close_button, QDialogButtonBox.ButtonRole.RejectRole)
        bottom = QHBoxLayout()
        bottom.addLayout(self.after)
        bottom.addWidget(buttons, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(14)
        for widget in (self.form, self.summary, self.details, self.progress, self.current):
            layout.addWidget(widget)
        layout.setStretchFactor(self.details, 1)
        layout.addLayout(bottom)
        self.setMinimumWidth(560)
        self.enter(State.CHOOSING)
        self.show_details("")

    @Slot(object)
    def _show_progress(self, progress: object) -> None:
        if self.state is State.WORKING:
            share, text = self.progress_of(progress)
            self.progress.setValue(round(share * _STEPS))
            self.current.set_full_text(text)

    def _failed(self, error: Exception) -> None:
        """Tell of what nobody foresaw; what was done by then is done."""
        self.finished_work(Level.ERROR, f"It could not be finished: {error}")

    @Slot()
    def _cancel_or_close(self) -> None:
        if self.state is State.WORKING:
            self.close_button.setEnabled(False)
            self.doing.cancel()
        else:
            self.reject()

    def done(self, result: int) -> None:
        """Close; in mid-work cancel, and stay until it is known what was done."""
        self._is_closed = True
        self._patience.stop()
        self.looking.drop()
        self.doing.cancel()
        super().done(result)
        if not self.doing.is_running:
            self.deleteLater()


class _Details(QPlainTextEdit):
    """A list of remarks that is content with a few lines, and takes what room it gets."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)

    def sizeHint(self) -> QSize:
        """Ask for six lines."""
        return QSize(super().sizeHint().width(), 6 * self.fontMetrics().lineSpacing() + 12)

    def minimumSizeHint(self) -> QSize:
        """Be content with three."""
        return QSize(super().minimumSizeHint().width(), 3 * self.fontMetrics().lineSpacing() + 12)


def remembered(settings: QSettings, key: str, default: _Choice) -> _Choice:
    """Return a choice as it was last time; the default if there is none that is still known."""
    try:
        return type(default)(settings.value(key, default.value))
    except ValueError:
        return default
