"""The menu that chooses what library, selection and folder are compared with."""

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from resmem_gui.analysis.reference import Reference
from resmem_gui.analysis.references import is_own, plain_name
from resmem_gui.library.records import readable
from resmem_gui.ui import wording
from resmem_gui.ui.marking.commands import Place
from resmem_gui.ui.references.choosing import ReferenceChoosing
from resmem_gui.ui.rows.image_model import ImageModel


@dataclass(frozen=True)
class _Target:
    """What can be compared with a reference.

    Attributes:
        title: Of its menu.
        chosen: Id of the reference chosen for all of it, empty for the library's own; None if there are
            several.
        choose: Takes the id of another.
        has_own: Whether it can also follow the library.
        is_there: Whether there is anything to compare.
        above: What it has while nothing is chosen for it itself, such as "As “photos” (LaMem)"; empty if
            nothing is chosen above.
        is_as_above: Whether nothing is chosen for it itself.
        choose_above: Takes back what was chosen for it itself.
    """

    title: str
    chosen: str | None
    choose: Callable[[str], None]
    has_own: bool = True
    is_there: bool = True
    above: str = ""
    is_as_above: bool = False
    choose_above: Callable[[], None] = lambda: None


class CompareMenu(QMenu):
    """Lists the references for the library, the selected and the shown images, and their folders.

    Signals:
        chosen: What was chosen, in a few words, for the status line.
    """

    chosen = Signal(str)

    def __init__(
        self,
        model: ImageModel,
        choosing: ReferenceChoosing,
        place: Callable[[], Place],
        open_references: QAction,
        parent: QWidget,
    ) -> None:
        """Make the menu.

        Args:
            model: Whose images are compared.
            choosing: Does it, and undoes it.
            place: Returns where the person is now.
            open_references: Opens the list of all references.
            parent: Owner.
        """
        super().__init__("Compare &With", parent)
        self._model = model
        self._choosing = choosing
        self._place = place
        self._menus = [
            QMenu(title, self) for title in ("&Library", "&Selection", "&Filter Result", "F&older")
        ]
        for menu in self._menus:
            self.addMenu(menu)
        self.addSeparator()
        self.addAction(open_references)
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    @Slot()
    def _fill(self) -> None:
        for menu, target in zip(self._menus, self._targets(), strict=True):
            menu.clear()
            menu.setTitle(target.title)
            menu.menuAction().setEnabled(target.is_there)
            if target.is_there:
                self._list(menu, target)

    def _targets(self) -> Iterator[_Target]:
        model, choosing = self._model, self._choosing
        marked = self._place().marked_ids()
        shown = model.order.tolist() if not model.filter.is_open else []
        yield _Target("&Library", model.choices.default_id, choosing.for_library, has_own=False)
        yield _Target(
            f"&Selection ({wording.count_text(len(marked), 'Image')})",
            self._shared(marked),
            lambda reference_id: choosing.for_images(marked, reference_id),
            is_there=bool(marked),
        )
        yield _Target(
            f"&Filter Result ({wording.count_text(len(shown), 'Image')})" if shown else "&Filter Result",
            self._shared(shown),
            lambda reference_id: choosing.for_images(shown, reference_id),
            is_there=bool(shown),
        )
        yield self._folder_target(
            list(dict.fromkeys(os.path.dirname(model.library.paths[i]) for i in marked))
        )

    def _folder_target(self, folders: Sequence[str]) -> _Target:
        choices, choosing = self._model.choices, self._choosing
        chosen = {choices.of_folder(folder) for folder in folders}
        above = {choices.above(folder) for folder in folders} - {("", "")}
        return _Target(
            _folders_title(folders),
            chosen.pop() if len(chosen) == 1 else None,
            lambda reference_id: choosing.for_folders(folders, reference_id),
            is_there=bool(folders),
            above=self._above_text(above),
            is_as_above=bool(above) and not any(folder in choices.folders for folder in folders),
            choose_above=lambda: choosing.as_above(folders),
        )

    def _above_text(self, above: Collection[tuple[str, str]]) -> str:
        """Return what folders have while nothing is chosen for them, by folder above and its reference."""
        if len(above) != 1:
            return "As the Folders Above" if above else ""
        ((folder, reference_id),) = above
        return f"As “{_folder_name(folder)}” ({self._name(reference_id)})"

    def _name(self, reference_id: str) -> str:
        choices = self._model.choices
        return choices.reference(reference_id or choices.default_id).name

    def _shared(self, image_ids: Sequence[int]) -> str | None:
        """Return the id that is chosen for all of these, None for several or none."""
        library = self._model.library
        numbers = set(library.reference_numbers[list(image_ids)].tolist())
        return library.references[numbers.pop()] if len(numbers) == 1 else None

    def _list(self, menu: QMenu, target: _Target) -> None:
        group = QActionGroup(menu)
        if target.has_own:
            self._add(menu, group, target, "", f"The Library’s ({self._name('')})")
        if target.above:
            action = self._add_entry(menu, group, target.above, is_chosen=target.is_as_above)
            action.triggered.connect(lambda _checked=False: self._choose_above(target))
        if target.has_own:
            menu.addSeparator()
        references = self._model.references
        for reference in references.builtin():
            self._add_reference(menu, group, target, reference)
        known = {reference.id for reference in references.all()}
        own = references.own()
        is_unknown = target.chosen is not None and target.chosen not in {*known, ""}
        if own or is_unknown:
            menu.addSeparator()
        for reference in own:
            self._add_reference(menu, group, target, reference)
        if is_unknown and target.chosen:
            text = f"{plain_name(target.chosen)} (not on this computer)"
            self._add(menu, group, target, target.chosen, text).setEnabled(False)

    def _add_reference(self, menu: QMenu, group: QActionGroup, target: _Target, reference: Reference) -> None:
        action = self._add(menu, group, target, reference.id, reference.name)
        whose = "yours, " if is_own(reference.id) else ""
        action.setToolTip(f"{whose}n = {reference.n:,}, mean {reference.mean:.2f}, sd {reference.sd:.2f}")

    def _add(
        self, menu: QMenu, group: QActionGroup, target: _Target, reference_id: str, text: str
    ) -> QAction:
        is_chosen = target.chosen == reference_id and not target.is_as_above
        action = self._add_entry(menu, group, text, is_chosen=is_chosen)
        action.triggered.connect(lambda _checked=False: self._choose(target, reference_id))
        return action

    def _add_entry(self, menu: QMenu, group: QActionGroup, text: str, *, is_chosen: bool) -> QAction:
        action = menu.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(is_chosen)
        group.addAction(action)
        return action

    def _choose(self, target: _Target, reference_id: str) -> None:
        target.choose(reference_id)
        self.chosen.emit(f"Compared with {self._name(reference_id)}: {_plain(target.title)}")

    def _choose_above(self, target: _Target) -> None:
        target.choose_above()
        self.chosen.emit(f"Compared a{target.above[1:]}: {_plain(target.title)}")


def _plain(title: str) -> str:
    """Return a title without its mnemonic."""
    return re.sub(r"&(.)", r"\1", title)


def _folders_title(folders: Sequence[str]) -> str:
    if len(folders) == 1:
        return f"F&older “{_folder_name(folders[0]).replace('&', '&&')}” and Below"
    return f"F&olders of the Selection ({len(folders)}) and Below" if folders else "F&older"


def _folder_name(folder: str) -> str:
    return readable(os.path.basename(folder) or folder)
