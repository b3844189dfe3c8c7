"""The window that copies, moves or links images to a folder."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSettings, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)

from resmem_gui.export.carrying_out import Progress, Result, carry_out
from resmem_gui.export.handing_on import Collision, HandOn, Kind, NameRule, Plan, Way, plan
from resmem_gui.export.taking_back import Undone, undo
from resmem_gui.library.records import readable
from resmem_gui.ui.handing_on import summaries
from resmem_gui.ui.handing_on.work_dialog import State, WorkDialog, remembered
from resmem_gui.ui.notice import Level
from resmem_gui.ui.threads.background import Jobs

_WAYS: Final = {
    Way.COPY: ("Co&py", "Each copy is read back and compared. The originals stay as they are."),
    Way.MOVE: ("&Move", "The images leave their folders."),
    Way.LINK: ("&Link", "The folder gets links to the images, which take no room."),
}
_NAMES: Final = {
    NameRule.KEEP: "Keep the names",
    NameRule.NUMBERED: "Number them in this order: 001 name.jpg",
}
_COLLISIONS: Final = {
    Collision.NUMBER: "Number the new one: name (2).jpg",
    Collision.SKIP: "Skip the image",
}


def open_in_file_manager(folder: str) -> None:
    """Show a folder in the desktop's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(folder))


class HandOnDialog(WorkDialog):
    """Hands images on to a folder. The folder's own files are never touched.

    Signals:
        relocated: New path of each image that was moved, by its old one (dict of str); after an undo too.
    """

    relocated = Signal(object)

    def __init__(
        self,
        paths: Sequence[str],
        jobs: Jobs,
        settings: QSettings,
        parent: QWidget,
        *,
        give_way: Callable[[], None] = lambda: None,
        show_folder: Callable[[str], None] = open_in_file_manager,
    ) -> None:
        """Make the window; show it with `show`.

        Args:
            paths: Absolute, in the order in which images are numbered.
            jobs: Runs the work. It is busy for as long as copying takes.
            settings: Where the last choices are kept.
            parent: The window of the images.
            give_way: Waits while others should go first.
            show_folder: Shows a folder to the user.
        """
        super().__init__(
            f"Hand On {summaries.images_text(len(paths)).title()}", jobs, settings, parent, give_way
        )
        self._paths = tuple(paths)
        self._show_folder_to_user = show_folder
        self._plan: Plan | None = None
        self._result: Result | None = None
        self._build_form()
        self._undo = self._button("&Undo", self._undo_it)
        self._show_folder = self._button("Show in &Folder", self._show_it)
        self.enter(State.CHOOSING)
        self.changed()
        self._folder.setFocus()

    # Choices

    def _build_form(self) -> None:
        form = QFormLayout(self.form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        label = QLabel("To f&older:", self.form)
        form.addRow(label, self._folder_row())
        label.setBuddy(self._folder)
        form.addRow("Do:", self._way_row())
        self._names = self._combo(_NAMES, "names", NameRule.KEEP)
        form.addRow("&Names:", self._names)
        self._collision = self._combo(_COLLISIONS, "collision", Collision.NUMBER)
        form.addRow("If a name is &taken:", self._collision)
        self._sidecars = QCheckBox("Take &sidecars along (.xmp)", self.form)
        self._sidecars.setChecked(self.settings.value("handing-on/sidecars", "no") == "yes")
        self._sidecars.toggled.connect(self.changed)
        form.addRow("", self._sidecars)

    def _folder_row(self) -> QHBoxLayout:
        # No folder of our own choice: Enter, pressed too early, would fill it.
        self._folder = QLineEdit(str(self.settings.value("handing-on/folder", "")), self.form)
        self._folder.setPlaceholderText("Where the images shall go")
        self._folder.selectAll()
        self._folder.setAccessibleName("Folder")
        self._folder.textChanged.connect(self.changed)
        browse = QPushButton("&Browse…", self.form)
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._folder, 1)
        row.addWidget(browse)
        return row

    def _way_row(self) -> QHBoxLayout:
        self._ways = QButtonGroup(self)
        chosen = remembered(self.settings, "handing-on/way", Way.COPY)
        row = QHBoxLayout()
        row.setSpacing(18)
        for number, (way, (text, meaning)) in enumerate(_WAYS.items()):
            button = QRadioButton(text, self.form)
            button.setToolTip(meaning)
            button.setAccessibleDescription(meaning)
            button.setChecked(way is chosen)
            button.toggled.connect(self.changed)
            self._ways.addButton(button, number)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _combo(self, texts: dict[Any, str], key: str, default: NameRule | Collision) -> QComboBox:
        box = QComboBox(self.form)
        for choice, text in texts.items():
            box.addItem(text, choice)
        box.setCurrentIndex(list(texts).index(remembered(self.settings, f"handing-on/{key}", default)))
        box.currentIndexChanged.connect(self.changed)
        return box

    def _button(self, text: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        self.after.addWidget(button)
        return button

    def request(self) -> HandOn:
        """Return what is asked for."""
        folder = os.path.expanduser(self._folder.text().strip())  # noqa: PTH111 - plain text, may be relative
        return HandOn(
            self._paths,
            os.path.normpath(folder) if folder else "",
            list(_WAYS)[self._ways.checkedId()],
            self._names.currentData(),
            self._collision.currentData(),
            self._sidecars.isChecked(),
        )

    def _remember(self, request: HandOn) -> None:
        self.settings.setValue("handing-on/folder", request.folder)
        self.settings.setValue("handing-on/way", request.way.value)
        self.settings.setValue("handing-on/names", request.names.value)
        self.settings.setValue("handing-on/collision", request.collision.value)
        self.settings.setValue("handing-on/sidecars", "yes" if request.with_sidecars else "no")

    @Slot()
    def _browse(self) -> None:
        dialog = QFileDialog(self, "Choose a Folder", self.request().folder or str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._folder.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # Looking

    @Slot()
    def changed(self) -> None:
        """Look again soon."""
        self._plan = None
        request = self.request()
        self.start.setText(summaries.verb_text(request.way, len(self._paths)))
        super().changed()

    @Slot()
    def look(self) -> None:
        """Find out what would be done."""
        request = self.request()
        self.summary.setText("Looking…")
        self.looking.start(
            lambda _, is_cancelled: plan(request, is_cancelled), self._planned, self._not_planned
        )

    def _planned(self, found: Plan | None) -> None:
        if found is None:
            return  # it was cancelled
        self._plan = found
        can_start = bool(found.items) and not found.problem and found.fits
        self.start.setText(summaries.verb_text(found.request.way, len(found.items)))
        self.looked(summaries.plan_text(found), can_start, summaries.plan_details(found))

    def _not_planned(self, error: Exception) -> None:
        self.looked(f"The folder could not be looked at: {error}", can_start=False)

    # Working

    @Slot()
    def work(self) -> None:
        """Begin."""
        planned = self._plan
        if planned is None:
            return
        self._remember(planned.request)
        self.run(lambda tell, is_cancelled: carry_out(planned, tell, is_cancelled), self._carried_out)

    def progress_of(self, progress: Progress | tuple[int, int]) -> tuple[float, str]:
        """Return how far it is, and the image under way."""
        if isinstance(progress, tuple):
            done, total = progress
            return done / max(1, total), f"{done + 1:,} of {total:,}"
        if progress.total_bytes:
            share = progress.done_bytes / progress.total_bytes
        else:
            share = progress.done / max(1, progress.total)
        number = min(progress.done + 1, progress.total)
        return share, f"{number:,} of {progress.total:,}: {readable(progress.name)}"

    def _carried_out(self, result: Result) -> None:
        self._result = result
        if result.moved:
            self.relocated.emit(result.moved)
        whole = not (result.stopped or result.cancelled or result.count(Kind.FAILED))
        level = Level.SUCCESS if whole else Level.WARNING
        self.finished_work(level, summaries.result_text(result), summaries.result_details(result))

    def enter(self, state: State) -> None:
        """Show what can be done now."""
        super().enter(state)
        if hasattr(self, "_show_folder"):
            result = self._result if state is State.DONE else None
            self._undo.setVisible(result is not None and bool(result.made))
            self._show_folder.setVisible(result is not None and bool(result.made))

    @Slot()
    def _show_it(self) -> None:
        if self._result is not None:
            self._show_folder_to_user(self._result.plan.request.folder)

    @Slot()
    def _undo_it(self) -> None:
        result = self._result
        if result is not None:
            self.run(
                lambda tell, is_cancelled: undo(
                    result, lambda done, total: tell((done, total)), is_cancelled
                ),
                lambda outcomes: self._undone(result, outcomes),
            )

    def _undone(self, result: Result, outcomes: tuple[Undone, ...]) -> None:
        self._result = None
        back = {one.path: one.source for one in outcomes if one.undone}
        moved = {path: back[path] for path in result.moved.values() if path in back}
        if moved:
            self.relocated.emit(moved)
        level = Level.SUCCESS if len(back) == len(result.made) else Level.WARNING
        text, details = summaries.undone_text(result, outcomes), summaries.undone_details(outcomes)
        self.finished_work(level, text, details)
