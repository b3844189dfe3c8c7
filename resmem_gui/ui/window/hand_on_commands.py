"""The commands that choose the best images and hand them on: to a folder, to paper, to other programs."""

import math
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtWidgets import QDialog, QMainWindow

from resmem_gui.analysis.reference import Reference
from resmem_gui.library.records import Status
from resmem_gui.ui import wording
from resmem_gui.ui.choosing.choose_panel import ChoosePanel
from resmem_gui.ui.contact_sheet.contact_sheet_dialog import show_contact_sheet
from resmem_gui.ui.contact_sheet.contents import SheetFacts, SheetItem
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.handing_on.hand_on_dialog import HandOnDialog
from resmem_gui.ui.handing_on.xmp_dialog import Judged, XmpDialog
from resmem_gui.ui.marking.commands import Place
from resmem_gui.ui.window.actions import Actions
from resmem_gui.ui.window.image_commands import not_shown, show_in_folder


class HandOnCommands(QObject):
    """Adds the actions. Each opens a window that leaves the main window usable.

    Signals:
        notice: What came of it (`Notice`).
        chosen: Ids of images that were chosen, the best first.
    """

    notice = Signal(object)
    chosen = Signal(object)

    def __init__(
        self,
        controller: Controller,
        place: Callable[[], Place],
        actions: Actions,
        settings: QSettings,
        window: QMainWindow,
    ) -> None:
        """Add the actions to the window.

        Args:
            controller: Of the window.
            place: Returns where the person is now.
            actions: Of the window.
            settings: Where choices are remembered.
            window: Owner.
        """
        super().__init__(window)
        self._controller = controller
        self._place = place
        self._settings = settings
        self._window = window
        self._choosing: ChoosePanel | None = None
        actions.add("hand_on", "&Hand On…", self._hand_on, shortcut="Ctrl+H", icon="hand-on")
        actions.add("write_xmp", "Write &XMP Sidecars…", self._write_xmp)
        actions.add(
            "contact_sheet", "Con&tact Sheet…", self._make_sheet, shortcut="Ctrl+P", icon="contact-sheet"
        )
        actions.add("choose_best", "Choose the &Best…", self._choose, shortcut="Ctrl+B", icon="choose")

    def _ids(self) -> list[int]:
        """Return the images that a person stands on, or else all that are shown."""
        shown: list[int] = self._controller.model.order.tolist()
        return self._place().marked_ids() or shown

    def _hand_on(self) -> None:
        controller, ids = self._controller, self._ids()
        paths = [controller.library.paths[image_id] for image_id in ids]
        dialog = HandOnDialog(
            paths,
            controller.long_jobs,
            self._settings,
            self._window,
            give_way=controller.give_way,
            show_folder=self._show_folder,
        )
        dialog.relocated.connect(self._follow_files)
        dialog.notice.connect(self.notice)
        self._open(dialog)

    def _show_folder(self, folder: str) -> None:
        self._controller.jobs.submit(lambda: show_in_folder([folder]), lambda _: None, self._not_shown)

    def _not_shown(self, error: Exception) -> None:
        self.notice.emit(not_shown(error))

    @Slot(object)
    def _follow_files(self, paths: Mapping[str, str]) -> None:
        """Let images follow their files to where these were moved."""
        library = self._controller.library
        ids = {old: library.id_of(old) for old in paths}
        known = {image_id: paths[old] for old, image_id in ids.items() if image_id is not None}
        self._controller.relink(known, [])

    def _write_xmp(self) -> None:
        controller, ids = self._controller, self._ids()
        percentile = controller.model.standing.percentile
        judged = [
            Judged(record.path, record.rating, record.pick, percentile(record.image_id))
            for record in controller.library.records(ids)
        ]
        dialog = XmpDialog(
            judged,
            wording.references_text(self._references(ids)),
            controller.long_jobs,
            self._settings,
            self._window,
            give_way=controller.give_way,
        )
        dialog.notice.connect(self.notice)
        self._open(dialog)

    def _make_sheet(self) -> None:
        controller, ids = self._controller, self._ids()
        references = self._references(ids)
        items = self._sheet_items(ids, names_references=len(references) > 1)
        facts = SheetFacts(
            references=tuple((reference.name, reference.n) for reference in references),
            ranked_among=controller.library.count(Status.SCORED),
        )
        show_contact_sheet(items, facts, controller.long_jobs, self._settings, self._window)

    def _sheet_items(self, ids: Sequence[int], *, names_references: bool) -> list[SheetItem]:
        model = self._controller.model
        return [
            SheetItem(
                path=record.path,
                name=record.name,
                rank=model.standing.rank(record.image_id),
                score=record.score,
                percentile=model.standing.percentile(record.image_id),
                rating=record.rating,
                reference=model.reference_of(record.image_id).name if names_references else "",
            )
            if record.score is not None
            else SheetItem(record.path, record.name, None, None, None, record.rating)
            for record in model.library.records(ids)
        ]

    def _references(self, ids: Sequence[int]) -> list[Reference]:
        """Return what scores of images are compared with, each once; or else the reference of the library."""
        model = self._controller.model
        scored = [image_id for image_id in ids if not math.isnan(model.library.scores[image_id])]
        found = {reference.id: reference for reference in map(model.reference_of, scored)}
        return list(found.values()) or [model.reference]

    def _choose(self) -> None:
        if self._choosing is None:
            controller = self._controller
            load = controller.thumbnails.source.load
            panel = ChoosePanel(controller.model, controller.long_jobs, self._settings, self._window, load)
            panel.chosen.connect(self.chosen)
            panel.notice.connect(self.notice)
            panel.dates_wanted.connect(controller.headers.want_dates)
            self._choosing = panel
        self._open(self._choosing)

    @staticmethod
    def _open(window: QDialog) -> None:
        window.show()
        window.activateWindow()
