"""The panel that chooses the best N of the images shown."""

import logging
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QSettings, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.analysis.choosing import Progress
from resmem_gui.images.decoding import decode_reduced
from resmem_gui.library.records import Pick, Status
from resmem_gui.ui.choosing import sentences
from resmem_gui.ui.choosing.fingerprints import Fingerprints
from resmem_gui.ui.choosing.passed_over_list import PassedOverList
from resmem_gui.ui.choosing.sentences import Counts
from resmem_gui.ui.choosing.work import Images, Outcome, Wish, Work
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.threads.background import Jobs
from resmem_gui.ui.throttle import Throttle

_log = logging.getLogger(__name__)
_COUNT_KEY: Final = "choosing/count"
_DISTINCT_KEY: Final = "choosing/distinct"
_SPREAD_KEY: Final = "choosing/spread"
_DEFAULT_COUNT: Final = 12
_WIDTH: Final = 440
_FOLLOW_MS: Final = 300
_DISTINCT_TIP: Final = (
    "<span>Copies of an image and frames of a burst: the best one is chosen, the others are passed over. "
    "Small pictures are compared, which can miss some, and can take similar things on a plain ground for "
    "one: the list shows what was passed over.</span>"
)
_SPREAD_TIP: Final = (
    "<span>Each folder gives its best in turn. One that has too few leaves its places to the others.</span>"
)


class ChoosePanel(QDialog):
    """Asks how many and how, chooses on another thread, and says what came of it. It blocks nothing.

    Attributes:
        count: How many are wanted.
        distinct: Whether near-duplicates are passed over.
        spread: Whether folders take turns.
        message: What came of it.

    Signals:
        chosen: Ids of the chosen images, the best first (list of int).
        notice: What went wrong (`Notice`).
        dates_wanted: Whether it matters now when images were taken: frames of a burst are told by that.
    """

    chosen = Signal(object)
    dates_wanted = Signal(bool)
    notice = Signal(object)

    def __init__(
        self,
        model: ImageModel,
        jobs: Jobs,
        settings: QSettings,
        parent: QWidget,
        load: Callable[[str, int], Image.Image] = decode_reduced,
    ) -> None:
        """Build the panel; `show` brings it up.

        Args:
            model: What it chooses from: the images shown.
            jobs: Where it works.
            settings: Where choices are remembered.
            parent: The window that it belongs to.
            load: Returns an image's upright pixels, with both sides at most so long; called on the thread of
                the jobs.
        """
        super().__init__(parent)
        self._model = model
        self._jobs = jobs
        self._settings = settings
        self._fingerprints = Fingerprints(load)
        self._work: Work | None = None
        self._wanted = 0
        self._counts = Counts(0, 0, 0)
        self.setWindowTitle("Choose the Best")
        self._make_widgets()
        self._lay_out()
        self._restore()
        self._follow_soon = Throttle(_FOLLOW_MS, self._follow, self)
        for changed in (model.rowsInserted, model.rowsRemoved, model.modelReset, model.dataChanged):
            changed.connect(self._model_changed)

    # Building

    def _make_widgets(self) -> None:
        self.count = QSpinBox(self)
        self.count.setRange(1, 1)
        self.count.setGroupSeparatorShown(True)
        self.count.setAccessibleName("How many images to choose")
        self._of_shown = QLabel(self)
        self._left_out = _sentence(self)
        self.distinct = QCheckBox("At most one of &near-duplicates", self)
        self.distinct.setToolTip(_DISTINCT_TIP)
        self.spread = QCheckBox("&Spread over folders", self)
        self.spread.setToolTip(_SPREAD_TIP)
        self.message = _sentence(self)
        self._bar = QProgressBar(self)
        self._bar.setAccessibleName("Progress")
        self._bar.hide()
        self._list = PassedOverList(self)
        self.choose_button = QPushButton("&Choose", self)
        self.choose_button.setDefault(True)
        self.choose_button.clicked.connect(self._choose_or_cancel)
        self.close_button = QPushButton("Close", self)
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.close)

    def _lay_out(self) -> None:
        title = QLabel("Choose the &best", self)
        title.setBuddy(self.count)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(title)
        first.addWidget(self.count)
        first.addWidget(self._of_shown)
        first.addStretch(1)
        buttons = QDialogButtonBox(self)
        buttons.addButton(self.choose_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.close_button, QDialogButtonBox.ButtonRole.RejectRole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        layout.addLayout(first)
        for widget in (self._left_out, self.distinct, self.spread, self.message, self._list, self._bar):
            layout.addWidget(widget)
        layout.addSpacing(4)
        layout.addWidget(buttons)

    # What is wanted

    def _restore(self) -> None:
        value = self._settings.value
        self._wanted = max(1, int(str(value(_COUNT_KEY, _DEFAULT_COUNT))))
        self.distinct.setChecked(value(_DISTINCT_KEY, "true") == "true")
        self.spread.setChecked(value(_SPREAD_KEY, "false") == "true")
        self.count.valueChanged.connect(self._count_changed)
        for box in (self.distinct, self.spread):
            box.toggled.connect(self._wish_changed)

    @Slot(int)
    def _count_changed(self, count: int) -> None:
        self._wanted = count
        self._wish_changed()

    @Slot()
    def _wish_changed(self) -> None:
        """Remember what is wanted; what is said of the last choice is no longer about it."""
        self._settings.setValue(_COUNT_KEY, self._wanted)
        self._settings.setValue(_DISTINCT_KEY, str(self.distinct.isChecked()).lower())
        self._settings.setValue(_SPREAD_KEY, str(self.spread.isChecked()).lower())
        self.dates_wanted.emit(self.isVisible() and self.distinct.isChecked())
        if self._work is None:
            self._tell("")
            self._list.show_pairs([])

    # What is shown

    @Slot()
    def _model_changed(self) -> None:
        if self.isVisible():
            self._follow_soon.ask()

    def _follow(self) -> None:
        """Show how many images can be chosen from now."""
        library = self._model.library
        ids = self._not_rejected()
        of_status = np.bincount(library.statuses[ids], minlength=len(Status))
        shown, waiting, failed = len(self._model.order), of_status[Status.WAITING], of_status[Status.FAILED]
        self._counts = counts = Counts(shown, int(waiting), int(failed), shown - len(ids))
        blocked = QSignalBlocker(self.count)  # the wish stays, though there may be fewer images for a while
        self.count.setRange(1, max(1, counts.shown))
        self.count.setValue(self._wanted)
        blocked.unblock()
        self._of_shown.setText(sentences.of_shown(counts))
        self._left_out.setText(sentences.left_out(counts))
        self._left_out.setVisible(bool(self._left_out.text()))
        self._show_state()

    def _not_rejected(self) -> NDArray[np.int64]:
        """Return the ids of the images shown that may be chosen if they have a score."""
        order = self._model.order
        return np.compress(self._model.library.picks[order] != Pick.REJECTED, order)

    def _show_state(self) -> None:
        is_at_work = self._work is not None
        self.choose_button.setText("Cancel" if is_at_work else "&Choose")
        self.choose_button.setEnabled(is_at_work or self._counts.choosable > 0)
        for widget in (self.count, self.distinct, self.spread):
            widget.setEnabled(not is_at_work)
        if not is_at_work:
            self._bar.hide()

    def _tell(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def showEvent(self, event: QShowEvent) -> None:
        """Show what can be chosen from now."""
        super().showEvent(event)
        self._tell("")
        self._list.show_pairs([])
        self._follow()
        self.dates_wanted.emit(self.distinct.isChecked())
        self.count.setFocus()
        self.count.selectAll()

    def hideEvent(self, event: QHideEvent) -> None:
        """Choose no further."""
        super().hideEvent(event)
        self._follow_soon.stop()
        self.dates_wanted.emit(False)
        self._work = None
        self._show_state()

    # Choosing

    @Slot()
    def _choose_or_cancel(self) -> None:
        if self._work is not None:
            self._end()
            self._tell("Canceled; the selection is as it was.")
            return
        library = self._model.library
        ids = self._not_rejected()
        images = Images(ids, library.scores.copy(), library.taken.copy(), list(library.paths))
        wish = Wish(self.count.value(), self.distinct.isChecked(), self.spread.isChecked())
        self._follow()
        self._work = Work(wish, images, self._fingerprints)
        self._tell("")
        self._list.show_pairs([])
        self._bar.setRange(0, wish.count)
        self._bar.setValue(0)
        self._show_state()
        self._go_on(self._work, wish, self._counts)

    def _go_on(self, work: Work, wish: Wish, counts: Counts) -> None:
        """Have the next slice done, unless it was given up meanwhile."""

        def succeeded(state: Progress | Outcome) -> None:
            if self._work is not work:
                return
            if isinstance(state, Outcome):
                self._end()
                self._show_outcome(state, wish, counts)
            else:
                self._show_progress(state, wish)
                self._go_on(work, wish, counts)

        def failed(error: Exception) -> None:
            _log.warning("choosing failed", exc_info=error)
            if self._work is work:
                self._end()
            text = f"The best images could not be chosen: {error}. The selection is as it was."
            self.notice.emit(Notice("choose", Level.ERROR, text))

        self._jobs.submit(work.go_on, succeeded, failed)

    def _end(self) -> None:
        self._work = None
        self._show_state()

    def _show_progress(self, progress: Progress, wish: Wish) -> None:
        self._bar.setValue(progress.chosen)
        self._bar.show()
        self._tell(f"{progress.chosen:,} of {wish.count:,} chosen, {progress.looked_at:,} images looked at.")

    def _show_outcome(self, outcome: Outcome, wish: Wish, counts: Counts) -> None:
        library, choice = self._model.library, outcome.choice
        worst = float(library.scores[choice.image_ids[-1]]) if choice.image_ids else float("nan")
        self._tell(sentences.result(outcome, wish.count, counts, worst))
        self._list.show_pairs(
            [(library.paths[one], library.paths[model]) for one, model in choice.passed_over.items()]
        )
        # Images may have been removed in the meantime.
        self.chosen.emit([image_id for image_id in choice.image_ids if library.present[image_id]])


def _sentence(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setFixedWidth(_WIDTH)
    label.hide()
    return label
