"""Asks for a file to write, of one kind or of several."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFileDialog, QWidget


class SaveDialog(QFileDialog):
    """A file dialog in which the ending of the name follows the kind that is chosen.

    The dialog adds the ending itself, so that it asks before it takes the place of an existing file. It is
    deleted when it closes.
    """

    def __init__(self, parent: QWidget, title: str, proposed: Path, kinds: Mapping[str, str]) -> None:
        """Make a dialog, not yet shown.

        Args:
            parent: The window that it belongs to.
            title: What is written: "Save Lists".
            proposed: The file, in the folder and of the kind that stand there at first.
            kinds: The ending, without its dot, of each name filter ("PNG picture (*.png)").
        """
        super().__init__(parent, title, str(proposed.parent))
        self._kinds = dict(kinds)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setNameFilters(list(kinds))
        self.setDefaultSuffix(proposed.suffix.removeprefix("."))
        self.filterSelected.connect(self._follow_kind)
        self.selectFile(proposed.name)

    @Slot(str)
    def _follow_kind(self, chosen: str) -> None:
        """Give the file the ending of its kind: not every desktop's own dialog does so."""
        ending = self._kinds[chosen]
        self.setDefaultSuffix(ending)
        names = self.selectedFiles()
        if names:
            self.selectFile(f"{self._without_ending(Path(names[0]))}.{ending}")

    def _without_ending(self, path: Path) -> str:
        """Return a file's name without the ending of any kind; what else follows a dot is its name."""
        has_ending = path.suffix.lower().removeprefix(".") in self._kinds.values()
        return path.stem if has_ending else path.name
