"""The commands that rate, pick and remove, from menu and keyboard."""

from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow

from resmem_gui.library.records import MOST_STARS, Pick
from resmem_gui.ui import wording
from resmem_gui.ui.marking.history import History
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.window.actions import Actions

_ADVANCE_KEY: Final = "marking/advance"
#: Name, text, key, what it does, icon, and how that is told when it is done.
_PICKS: Final = (
    ("pick", "&Pick", "P", Pick.PICKED, "pick", "Picked"),
    ("reject", "&Reject", "X", Pick.REJECTED, "reject", "Rejected"),
    ("unmark", "&Unmark", "U", Pick.NONE, "", "Unmarked"),
)


class Place(Protocol):
    """Where a person is: the grid with its selection, the loupe with its image, or a comparison."""

    def marked_ids(self) -> list[int]:
        """Return the images that a key stands for now."""

    def go_on(self, image_id: int) -> None:
        """Show an image: the one after those that were marked."""


class MarkingCommands(QObject):
    """Adds the actions.

    Signals:
        marked: What was done, in a few words, for the status line.
    """

    marked = Signal(str)

    def __init__(
        self,
        history: History,
        model: ImageModel,
        place: Callable[[], Place],
        actions: Actions,
        settings: QSettings,
        window: QMainWindow,
    ) -> None:
        """Add the actions to the window.

        Args:
            history: Does it, and undoes it.
            model: Whose rows are gone through.
            place: Returns where the person is now.
            actions: Of the window.
            settings: Where the choice to go on by itself is remembered.
            window: Owner.
        """
        super().__init__(window)
        self._history = history
        self._model = model
        self._place = place
        self._settings = settings
        self._advances = settings.value(_ADVANCE_KEY) == "yes"
        self._add(actions)

    def _add(self, actions: Actions) -> None:
        for stars in range(MOST_STARS + 1):
            text = f"&{stars}  {wording.stars_text(stars)}" if stars else "&0  No Stars"
            actions.add(f"rate_{stars}", text, lambda stars=stars: self._rate(stars), shortcut=str(stars))
        for name, text, key, pick, icon, done in _PICKS:
            handler = lambda pick=pick, done=done: self._pick(pick, done)  # noqa: E731
            actions.add(name, text, handler, shortcut=key, icon=icon)
        actions.add(
            "advance",
            "&Go On After Each Mark",
            self._set_advance,
            checked=self._advances,
            hint="After a rating, a pick or a rejection the next image is shown.",
        )
        # On Linux the platform's own keys have Ctrl+D beside Delete, one slip from other commands with D.
        actions.add("remove", "Remo&ve from Library", self._remove, shortcut="Del", icon="remove")
        keys = QKeySequence.StandardKey
        stack = self._history.stack
        for name, action, standard_key in (
            ("undo", stack.createUndoAction(self, "&Undo"), keys.Undo),
            ("redo", stack.createRedoAction(self, "&Redo"), keys.Redo),
        ):
            action.setShortcuts(standard_key)
            actions.adopt(name, action, name)

    def _rate(self, stars: int) -> None:
        self._mark(lambda ids: self._history.rate(ids, stars), wording.stars_text(stars) or "No stars")

    def _pick(self, pick: Pick, done: str) -> None:
        self._mark(lambda ids: self._history.pick(ids, pick), done)

    def _mark(self, mark: Callable[[list[int]], None], what: str) -> None:
        place = self._place()
        ids = place.marked_ids()
        if not ids:
            return
        after, before = self._neighbours(ids)
        mark(ids)
        # What a filter on marks has let go cannot stay the current image: the next one takes its place.
        is_gone = all(self._model.row_of(image_id) is None for image_id in ids)
        following = after if after is not None else before if is_gone else None
        if following is not None and (is_gone or (self._advances and len(ids) == 1)):
            place.go_on(following)
        self.marked.emit(f"{what}: {wording.count_text(len(ids), 'image')}")

    def _neighbours(self, ids: list[int]) -> tuple[int | None, int | None]:
        """Return the image after the last of these in the rows, and the last other one before it."""
        rows = sorted(row for row in map(self._model.row_of, ids) if row is not None)
        if not rows:
            return None, None
        order, marked = self._model.order, set(ids)
        after = int(order[rows[-1] + 1]) if rows[-1] + 1 < len(order) else None
        earlier = (int(order[row]) for row in range(rows[-1], -1, -1))
        return after, next((image_id for image_id in earlier if image_id not in marked), None)

    def _remove(self) -> None:
        place = self._place()
        ids = place.marked_ids()
        if not ids:
            return
        after, before = self._neighbours(ids)
        self._history.remove(ids)
        following = before if after is None else after
        if following is not None:
            place.go_on(following)
        self.marked.emit(f"Removed from the library: {wording.count_text(len(ids), 'image')}")

    @Slot(bool)
    def _set_advance(self, wanted: bool) -> None:
        self._advances = wanted
        self._settings.setValue(_ADVANCE_KEY, "yes" if wanted else "no")
