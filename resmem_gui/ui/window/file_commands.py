"""The commands that bring files in and take tables out, with their dialogs and the clipboard."""

from collections.abc import Callable
from pathlib import Path

from platformdirs import user_data_path
from PySide6.QtCore import QObject, QSettings, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMainWindow

from resmem_gui.images.formats import extensions
from resmem_gui.images.path_lists import LIST_ENDINGS
from resmem_gui.ui.bringing_in.bring_in import BringIn
from resmem_gui.ui.bringing_in.contents import ARCHIVE_ENDINGS
from resmem_gui.ui.bringing_in.incoming import read_incoming
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.exports import KINDS
from resmem_gui.ui.save_dialog import SaveDialog
from resmem_gui.ui.sessions.session_commands import SessionCommands
from resmem_gui.ui.window.actions import Actions


class FileCommands(QObject):
    """Adds the actions.

    Attributes:
        bring_in: Sorts what comes in.
    """

    def __init__(
        self,
        controller: Controller,
        sessions: SessionCommands,
        actions: Actions,
        settings: QSettings,
        selected_ids: Callable[[], list[int]],
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._sessions = sessions
        self._settings = settings
        self._selected_ids = selected_ids
        self._window = window
        keys = QKeySequence.StandardKey
        actions.add("open_files", "&Open Files…", self._open_files, shortcut=keys.Open, icon="open-files")
        actions.add(
            "open_folder", "Open &Folder…", self._open_folder, shortcut="Ctrl+Shift+O", icon="open-folder"
        )
        actions.add("export", "&Export Table…", self.export, shortcut="Ctrl+E", icon="export")
        actions.add("paste", "&Paste", self._paste, shortcut=keys.Paste, icon="paste")
        actions.add("copy", "&Copy Table", self._copy, shortcut=keys.Copy, icon="copy-table")
        controller.exports.copied.connect(self._put_on_clipboard)
        self.bring_in = BringIn(
            controller.add_paths,
            sessions.open,
            controller.jobs,
            settings,
            user_data_path("resmem_gui"),
            controller.give_way,
            window,
        )
        controller.add_part(self.bring_in)
        actions.add("forget_hosts", "Forget Allowed &Hosts", self.bring_in.forget_hosts)

    # In

    def _open_files(self) -> None:
        patterns = " ".join(f"*{extension}" for extension in sorted(extensions()))
        others = " ".join(f"*{ending}" for ending in sorted({*LIST_ENDINGS, *ARCHIVE_ENDINGS}))
        filters = f"Images ({patterns});;Lists and archives ({others});;All files (*)"
        paths, _ = QFileDialog.getOpenFileNames(self._window, "Open Files", self._last_folder(), filters)
        self._open(paths)

    def _open_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self._window, "Open Folder", self._last_folder())
        self._open([folder] if folder else [])

    def _open(self, paths: list[str]) -> None:
        if paths:
            self._settings.setValue("files/folder", str(Path(paths[0]).parent))
        self.bring_in.take_paths(paths)

    def _last_folder(self) -> str:
        return str(self._settings.value("files/folder", str(Path.home())))

    def _paste(self) -> None:
        self.bring_in.take(read_incoming(QGuiApplication.clipboard().mimeData()))

    # Out

    def export(self) -> None:
        """Ask for a file, and write the table of what is shown to it."""
        folder = Path(str(self._settings.value("files/export", str(Path.home()))))
        dialog = SaveDialog(self._window, "Export Table", folder / "scores.csv", KINDS)
        dialog.fileSelected.connect(self._export_to)
        dialog.open()

    @Slot(str)
    def _export_to(self, chosen: str) -> None:
        path = Path(chosen)
        self._settings.setValue("files/export", str(path.parent))
        controller = self._controller
        controller.exports.export_table(path, controller.model.order.tolist(), controller.run_times)

    def _copy(self) -> None:
        """Copy the selected rows, or all if none is selected; or the text selected in a label."""
        focus = QApplication.focusWidget()
        if isinstance(focus, QLabel) and focus.hasSelectedText():
            self._put_on_clipboard(focus.selectedText())
            return
        everything = self._controller.model.order.tolist()
        self._controller.exports.copy_table(self._selected_ids() or everything)

    @Slot(str)
    def _put_on_clipboard(self, table: str) -> None:
        QGuiApplication.clipboard().setText(table)
