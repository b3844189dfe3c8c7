"""The buttons below two distributions: what leaves the window, and Close."""

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QWidget

from resmem_gui.ui.distribution import texts
from resmem_gui.ui.distribution.charts import Shown
from resmem_gui.ui.distribution.figure import DistributionPicture
from resmem_gui.ui.distribution.work import Answer
from resmem_gui.ui.histogram.saving import PictureSaving
from resmem_gui.ui.threads.background import Jobs


class LeavingButtons(QDialogButtonBox):
    """Copies an answer as text, table or picture, and saves the picture; nothing as long as there is none.

    Signals:
        notice: What came of saving or copying a picture (`Notice`).
    """

    notice = Signal(object)

    def __init__(self, jobs: Jobs, shown: Callable[[], Shown], parent: QWidget) -> None:
        """Make the buttons.

        Args:
            jobs: Where pictures are painted and written.
            shown: Returns what is drawn now.
            parent: Owner, above which a person is asked for a file.
        """
        super().__init__(QDialogButtonBox.StandardButton.Close, parent)
        self._shown = shown
        self._answer: Answer | None = None
        self._saving = PictureSaving("distribution", jobs, parent)
        self._saving.notice.connect(self.notice)
        role = QDialogButtonBox.ButtonRole.ActionRole
        self._actions = {
            self.addButton(text, role): action
            for text, action in (
                ("Copy &Text", self._copy_text),
                ("Copy Ta&ble", self.copy_table),
                ("Copy &Picture", self._copy_picture),
                ("&Save Picture…", self._save_picture),
            )
        }
        for button, action in self._actions.items():
            button.clicked.connect(action)
            button.setEnabled(False)
        for each in self.findChildren(QPushButton):
            each.setAutoDefault(False)

    def show_answer(self, answer: Answer) -> None:
        """Have this leave the window; a preview does not."""
        self._answer = None if answer.is_preview else answer
        for button in self._actions:
            button.setEnabled(self._answer is not None)

    @Slot()
    def _copy_text(self) -> None:
        if self._answer is not None:
            QGuiApplication.clipboard().setText(texts.as_text(self._answer))

    @Slot()
    def copy_table(self) -> None:
        """Put all numbers on the clipboard, for other programs."""
        if self._answer is not None:
            QGuiApplication.clipboard().setText(texts.as_tsv(self._answer))

    @Slot()
    def _copy_picture(self) -> None:
        if self._answer is not None:
            self._saving.copy(self._picture(self._answer))

    @Slot()
    def _save_picture(self) -> None:
        if self._answer is not None:
            self._saving.ask_where(self._picture(self._answer))

    def _picture(self, answer: Answer) -> DistributionPicture:
        return DistributionPicture(answer, self._shown(), self.font())
