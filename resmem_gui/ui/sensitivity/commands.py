"""What a person can do about sensitivities: have one measured, or many after a question."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from resmem_gui.library.library import Library
from resmem_gui.library.records import Status
from resmem_gui.measuring import ids_to_measure
from resmem_gui.scoring.framings import TEN_CROP, FramingRecipe
from resmem_gui.ui.sensitivity.dialog import Scope, SensitivityDialog

#: So much is measured without a question, judged by the speed so far; where none is known, so few images.
_SHORT_S: Final = 20.0
_FEW: Final = 3


class Measurer(Protocol):
    """What measures: the controller."""

    @property
    def library(self) -> Library:
        """Whose images are measured."""

    def measure_sensitivity(self, image_ids: Sequence[int], recipe: FramingRecipe) -> None:
        """Measure images, as far as they have a score and are not measured by this recipe."""

    def seconds_to_measure(self, framings: int) -> float | None:
        """Return how long so many framings take; None while that is not known."""


class SensitivityCommands(QObject):
    """Measures at once what takes little time, and asks before the rest.

    Attributes:
        dialog: The question that is open; None if there is none.
    """

    def __init__(
        self, measurer: Measurer, window: Callable[[], QWidget | None], parent: QObject | None = None
    ) -> None:
        """Begin without a question.

        Args:
            measurer: Does it.
            window: Returns the window that a question belongs to.
            parent: Owner.
        """
        super().__init__(parent)
        self._measurer = measurer
        self._window = window
        self.dialog: SensitivityDialog | None = None

    @Slot(object)
    def measure(self, image_ids: Sequence[int]) -> None:
        """Have images measured in ten crops; ask first if that would take long."""
        count = len(ids_to_measure(self._measurer.library, image_ids, TEN_CROP))
        seconds = self._measurer.seconds_to_measure(count * len(TEN_CROP.framings))
        if count <= _FEW or (seconds is not None and seconds <= _SHORT_S):
            self._measurer.measure_sensitivity(image_ids, TEN_CROP)
        else:
            self.ask(image_ids)

    @Slot(int)
    def measure_one(self, image_id: int) -> None:
        """Have one image measured in ten crops."""
        self.measure([image_id])

    @Slot(object)
    def ask(self, selected: Sequence[int]) -> None:
        """Ask which images shall be measured, and how.

        Args:
            selected: Those that the person has chosen; empty for none.
        """
        if self.dialog is not None:
            self.dialog.close()
        library = self._measurer.library
        scored = library.with_status(Status.SCORED).tolist()
        chosen = [image_id for image_id in selected if library.statuses[image_id] == Status.SCORED]
        scopes = [Scope("Selected images", chosen)] if chosen else []
        scopes.append(Scope("All scored images", scored))
        self.dialog = SensitivityDialog(
            scopes, self._count, self._measurer.seconds_to_measure, self._window()
        )
        self.dialog.measure_wanted.connect(self._measurer.measure_sensitivity)
        self.dialog.finished.connect(self._forget)
        self.dialog.show()

    def _count(self, image_ids: Sequence[int], recipe: FramingRecipe) -> int:
        return len(ids_to_measure(self._measurer.library, image_ids, recipe))

    @Slot()
    def _forget(self) -> None:
        self.dialog = None
