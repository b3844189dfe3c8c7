"""What the program keeps on this computer, and how to be rid of it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.ui import wording
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.threads.background import Jobs


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that is kept on disk.

    Attributes:
        name: What it is.
        meaning: What it is kept for, and what happens without it.
        question: Asked before it is removed; empty if it comes back by itself.
        measure: Returns how much of the disk it takes, in bytes; called on another thread.
        clear: Removes it; likewise.
    """

    name: str
    meaning: str
    question: str
    measure: Callable[[], int]
    clear: Callable[[], None]


def kinds_of(controller: Controller) -> list[Kept]:
    """Return what a window keeps."""
    memory, source = controller.memory, controller.thumbnails.source
    thumbnails = Kept(
        "Thumbnails",
        "Small copies of images that were looked at, so that they appear at once. They are made again when "
        "they are needed.",
        "",
        source.file_bytes,
        source.clear,
    )
    scores = Kept(
        "Scores",
        "The score of each image that was scored in this window or in the terminal, so that none is scored "
        "twice. Cautions and sensitivities are kept with them.",
        "All scores that were kept are removed, with cautions and sensitivities; images that are opened "
        "again have to be scored again. Those in this window, in saved sessions and in exported tables stay.",
        lambda: memory.store.file_bytes() if memory.store.count() else 0,
        memory.clear,
    )
    return [thumbnails, scores]


class StorageDialog(QDialog):
    """Shows what each kind takes, and removes it when asked."""

    def __init__(self, kinds: list[Kept], jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Storage")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._jobs = jobs
        self._is_open = True
        self._buttons: dict[str, QPushButton] = {}
        self._results: dict[str, QLabel] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        for number, kind in enumerate(kinds):
            self._add(grid, 3 * number, kind)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        close.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(18)
        layout.addLayout(grid)
        layout.addWidget(close)
        self.setMinimumWidth(520)

    def _add(self, grid: QGridLayout, row: int, kind: Kept) -> None:
        title = QLabel(f"<b>{kind.name}</b>", self)
        meaning = QLabel(kind.meaning, self)
        meaning.setWordWrap(True)
        button = self._buttons[kind.name] = QPushButton("Clear…" if kind.question else "Clear", self)
        button.setEnabled(False)
        button.clicked.connect(lambda: self._ask(kind))
        self._results[kind.name] = QLabel("", self)
        self._results[kind.name].setWordWrap(True)
        grid.addWidget(title, row, 0)
        grid.addWidget(button, row, 1, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(meaning, row + 1, 0)
        grid.addWidget(self._results[kind.name], row + 2, 0)
        self._measure(kind)

    def _measure(self, kind: Kept) -> None:
        self._jobs.submit(
            kind.measure, lambda size: self._tell(kind, size), lambda error: self._fail(kind, error)
        )

    def _tell(self, kind: Kept, size: int) -> None:
        if not self._is_open:
            return
        button, text = self._buttons[kind.name], wording.bytes_text(size)
        button.setEnabled(size > 0)
        button.setText(f"Clear{'…' if kind.question else ''} ({text})")
        button.setAccessibleName(f"Clear {kind.name.lower()}, frees {text}")

    def _ask(self, kind: Kept) -> None:
        if not kind.question:
            self._clear(kind)
            return
        box = QMessageBox(QMessageBox.Icon.Question, kind.name, kind.question, parent=self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        clear = box.addButton("Clear", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        clear.clicked.connect(lambda: self._clear(kind))
        box.open()

    def _clear(self, kind: Kept) -> None:
        def clear() -> tuple[int, int]:
            before = kind.measure()
            kind.clear()
            return before, kind.measure()

        self._buttons[kind.name].setEnabled(False)
        self._jobs.submit(
            clear, lambda sizes: self._cleared(kind, *sizes), lambda error: self._fail(kind, error)
        )

    def _cleared(self, kind: Kept, before: int, after: int) -> None:
        if self._is_open:
            self._results[kind.name].setText(f"{wording.bytes_text(max(0, before - after))} freed.")
            self._tell(kind, after)

    def _fail(self, kind: Kept, error: Exception) -> None:
        if self._is_open:
            self._results[kind.name].setText(str(error))
            self._buttons[kind.name].setEnabled(True)

    def done(self, result: int) -> None:
        """Close; what a job still answers is of no interest."""
        self._is_open = False
        super().done(result)
