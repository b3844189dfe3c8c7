"""Takes lists for an experiment out of their window: a file for the program that shows the images."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from resmem_gui.export.conditions import Form
from resmem_gui.library.records import readable
from resmem_gui.ui.conditions.work import Made, save
from resmem_gui.ui.save_dialog import SaveDialog
from resmem_gui.ui.saving import save_file
from resmem_gui.ui.threads.background import Jobs

_FOLDER_KEY: Final = "files/lists"
_FORMS: Final = {
    "Conditions for PsychoPy (*.csv)": Form.PSYCHOPY,
    "Stimuli for jsPsych (*.js)": Form.JSPSYCH,
}


class ListsSaving(QObject):
    """Asks where, and writes on another thread.

    Signals:
        said: What came of it, in a sentence.
    """

    said = Signal(str)

    def __init__(
        self, run_record: Callable[[], dict[str, Any]], jobs: Jobs, settings: QSettings, window: QWidget
    ) -> None:
        """Make what saves for a window.

        Args:
            run_record: Returns how the scores came about, for the file beside the lists; on another thread.
            jobs: Where lists are written.
            settings: Where the folder is remembered.
            window: Above which a person is asked.
        """
        super().__init__(window)
        self._run_record, self._jobs = run_record, jobs
        self._settings, self._window = settings, window

    def ask_where(self, made: Made) -> None:
        """Ask for a file, and write these lists to it, whatever the window shows by then."""
        folder = Path(str(self._settings.value(_FOLDER_KEY, str(Path.home()))))
        kinds = {title: form.ending.removeprefix(".") for title, form in _FORMS.items()}
        dialog = SaveDialog(self._window, "Save Lists", folder / "conditions.csv", kinds)
        dialog.fileSelected.connect(lambda chosen: self.save(Path(chosen), made))
        dialog.open()

    def save(self, path: Path, made: Made) -> None:
        """Write lists: for jsPsych if the name of the file ends with “.js”, else for PsychoPy."""
        form = Form.JSPSYCH if path.suffix.lower() == Form.JSPSYCH.ending else Form.PSYCHOPY
        self._settings.setValue(_FOLDER_KEY, str(path.parent))
        make_record = self._run_record  # takes a second where there are many images

        def write() -> list[Path]:
            return save(made, path, form, make_record())

        save_file(self._jobs, self._window, path, write, self._saved, self.said.emit)

    def _saved(self, paths: list[Path]) -> None:
        names = " and ".join(readable(path.name) for path in paths)
        self.said.emit(f"Written to {readable(str(paths[0].parent))}: {names}.")
