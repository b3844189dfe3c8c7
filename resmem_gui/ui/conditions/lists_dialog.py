"""The window in which lists for an experiment are drawn, looked at and saved."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSettings, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.analysis.conditions import TooFewError
from resmem_gui.library.library import Library
from resmem_gui.ui.conditions.alike import Alike
from resmem_gui.ui.conditions.figure import ListsFigure
from resmem_gui.ui.conditions.options_form import OptionsForm
from resmem_gui.ui.conditions.results import empty_table, show_differences, show_summaries, table_text
from resmem_gui.ui.conditions.saving import ListsSaving
from resmem_gui.ui.conditions.sentences import facts
from resmem_gui.ui.conditions.work import Made, Task, make
from resmem_gui.ui.fitting import fitted
from resmem_gui.ui.sentence_label import SentenceLabel
from resmem_gui.ui.threads.background import Jobs
from resmem_gui.ui.throttle import Throttle

_log = logging.getLogger(__name__)
_SIZE: Final = QSize(1060, 640)
_SETTLE_MS: Final = 150
#: Lists that take longer are said to be under way.
_PATIENCE_MS: Final = 500
_REMARK: Final = (
    "A test that finds no difference does not show that there is none; look at the difference of the means. "
    "Lists match in what ResMem predicts, with all its limits."
)


@dataclass(frozen=True, slots=True)
class Sources:
    """From which images lists can be drawn, as they were when the window was opened.

    Attributes:
        ids: By what to call them, the ids of images; the first is offered.
        library: A snapshot.
        percentiles: By image id, 0 to 100.
        references: By image id, the name of the reference of its percentile.
    """

    ids: Mapping[str, NDArray[np.int64]]
    library: Library
    percentiles: NDArray[np.float64]
    references: Callable[[int], str]


class ListsDialog(QDialog):
    """Draws lists anew with each change of a choice, on another thread, and shows how they match.

    Attributes:
        form: The choices.
        message: What came of it, in words.
        facts: What there is to know besides: the mix, near-duplicates, what was left out.
        saving: Takes the lists to a file.
        figure: The scores of each list.
        summaries: A row for each list.
        differences: A row for each two lists.

    Signals:
        chosen: A person wants to see the images of a list (their ids).
    """

    chosen = Signal(object)

    def __init__(
        self,
        sources: Sources,
        run_record: Callable[[], dict[str, Any]],
        jobs: Jobs,
        settings: QSettings,
        parent: QWidget,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        """Build the window.

        Args:
            sources: From which images lists can be drawn.
            run_record: Returns how the scores came about, for the file beside the conditions.
            jobs: Where lists are made and saved.
            settings: Where choices are remembered.
            parent: The window that it belongs to.
            give_way: Called often on the other thread: waits while the window should go first.
        """
        super().__init__(parent)
        self._sources = sources
        self._jobs = jobs
        self._asked = 0
        self._is_open = True
        self._made: Made | None = None
        self._alike = Alike(sources.library, give_way)
        self.setWindowTitle("Lists for an Experiment")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        names = [f"{name} ({len(ids):,})" for name, ids in sources.ids.items()]
        self.form = OptionsForm(names, settings, self)
        self.message, self.facts = SentenceLabel(self), SentenceLabel(self)
        self.saving = ListsSaving(run_record, jobs, settings, self)
        self.saving.said.connect(self.message.setText)
        self.figure = ListsFigure(self)
        self.summaries = empty_table("Lists", self)
        self.differences = empty_table("Differences between lists", self)
        self._build()
        self._impatient = QTimer(self)
        self._impatient.setSingleShot(True)
        self._impatient.setInterval(_PATIENCE_MS)
        self._impatient.timeout.connect(self._tell_work)
        self._soon = Throttle(_SETTLE_MS, self._make, self, waits_for_rest=True)
        self.form.changed.connect(self._soon.ask)
        self.resize(fitted(_SIZE, self))
        self._enable(enabled=False)
        self._make()

    def _build(self) -> None:
        self.save_button = self._button("&Save…", self.save)
        self.copy_button = self._button("Cop&y Tables", self._copy)
        self.show_button = self._button("Sho&w a List", None)
        self._show_menu = QMenu(self.show_button)
        self.show_button.setMenu(self._show_menu)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)  # Enter ends a number
        buttons.rejected.connect(self.reject)
        buttons.addButton(self.save_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.show_button, QDialogButtonBox.ButtonRole.ActionRole)
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self.message)
        right.addWidget(self.figure)
        right.addWidget(self.summaries, 3)
        right.addWidget(self.differences, 2)
        right.addWidget(self.facts)
        right.addWidget(SentenceLabel(self, _REMARK))
        self.form.setFixedWidth(max(300, self.form.sizeHint().width()))
        middle = QHBoxLayout()
        middle.setSpacing(18)
        middle.addWidget(self.form, 0, Qt.AlignmentFlag.AlignTop)
        middle.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addLayout(middle, 1)
        layout.addWidget(buttons)

    def _button(self, text: str, handler: Callable[[], None] | None) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        if handler is not None:
            button.clicked.connect(handler)
        return button

    # Lists

    @Slot()
    def _make(self) -> None:
        ids = list(self._sources.ids.values())[self.form.source.currentIndex()]
        self.form.set_most(len(ids))
        sources, form = self._sources, self.form
        task = Task(
            library=sources.library,
            percentiles=sources.percentiles,
            references=sources.references,
            image_ids=ids,
            categories=form.wanted_categories,
            without_cautions=form.without_cautions.isChecked(),
            wanted=form.wanted,
        )
        self._asked += 1
        number = self._asked
        self._impatient.start()
        self._jobs.submit(
            lambda: make(task, self._alike, lambda: self._is_open and number == self._asked),
            lambda made: self._take(number, made),
            lambda error: self._refuse(number, error),
        )

    @Slot()
    def _tell_work(self) -> None:
        """Say that lists are being made; those of the choices before are not offered any more."""
        self._made = None
        self._enable(enabled=False)
        images = len(list(self._sources.ids.values())[self.form.source.currentIndex()])
        doing = "compared with each other and " if self.form.wanted.distinct else ""
        self.message.setText(f"{images:,} images are being {doing}drawn from…")

    def _take(self, number: int, made: Made | None) -> None:
        if number != self._asked or not self._is_open or made is None:
            return
        self._impatient.stop()
        self._made = made
        self.message.setText(made.balance.sentence(made.names))
        self.facts.setText(facts(made))
        scores = made.task.library.scores
        self.figure.show_lists(made.names, scores[made.lists.image_ids], scores[made.lists.drawn_from])
        available = made.lists.available.tolist()
        show_summaries(self.summaries, made.names, made.balance, made.categories, available)
        show_differences(self.differences, made.names, made.balance)
        self._show_menu.clear()
        for row, name in enumerate(made.names):
            action = self._show_menu.addAction(f"List {name}")
            ids = made.lists.image_ids[row].tolist()
            action.triggered.connect(lambda _checked=False, ids=ids: self.chosen.emit(ids))
        self._enable(enabled=True)

    def _refuse(self, number: int, error: Exception) -> None:
        if number != self._asked or not self._is_open:
            return
        self._impatient.stop()
        if not isinstance(error, TooFewError):
            _log.error("lists could not be made", exc_info=error)
        self._made = None
        self.message.setText(str(error))
        self.facts.clear()
        self.figure.clear()
        for table in (self.summaries, self.differences):
            table.setRowCount(0)
        self._enable(enabled=False)

    def _enable(self, *, enabled: bool) -> None:
        for button in (self.save_button, self.copy_button, self.show_button):
            button.setEnabled(enabled)

    # Out

    @Slot()
    def save(self) -> None:
        """Ask for a file, and write the lists that are shown to it."""
        if self._made is not None:
            self.saving.ask_where(self._made)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{table_text(self.summaries)}\n{table_text(self.differences)}")

    def done(self, result: int) -> None:
        """Close; what is under way is finished and forgotten."""
        self._is_open = False
        self._impatient.stop()
        super().done(result)
