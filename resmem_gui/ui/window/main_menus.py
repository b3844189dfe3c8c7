"""The menu bar, and the menu of an image."""

from typing import Final, TypeAlias

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractItemView, QMenu, QWidget

from resmem_gui.library.records import MOST_STARS
from resmem_gui.ui.window.actions import Actions

_Entries: TypeAlias = list[str | QMenu | None]

_STARS: Final = tuple(f"rate_{stars}" for stars in range(MOST_STARS + 1))
_PICKS: Final = ("pick", "reject", "unmark")
_COPIES: Final = ("copy_image", "copy_path", "copy_score", "copy")


def build_menus(
    actions: Actions,
    *,
    recent: QMenu,
    filtering: QMenu,
    sorting: QMenu,
    comparing: QMenu,
    columns: QMenu,
    appearance: QMenu,
) -> None:
    """Fill the menu bar.

    Args:
        actions: Of the window; all there already.
        recent: Sessions.
        filtering: Which images are shown.
        sorting: In which order.
        comparing: With which reference.
        columns: Of the table.
        appearance: Dark or light.
    """
    first: _Entries = [
        "open_files",
        "open_folder",
        None,
        "open_session",
        recent,
        "reopen",
        "save",
        "save_as",
        None,
    ]
    out = ["hand_on", "contact_sheet", "write_xmp", None, "export", "report", None]
    study = ["evaluate", "lists", None]
    actions.menu("&File", [*first, "find_missing", "watch", None, *out, *study, "quit"])
    select = ["select_all", "choose_best", "find", None]
    edit = ["undo", "redo", None, *_COPIES, "paste", None, *select, "remove", "clear", None]
    actions.menu("&Edit", [*edit, "storage", "forget_hosts"])
    marks = [*_PICKS, None, *_STARS, None, "advance", None]
    actions.menu("&Image", ["loupe", "compare", None, *marks, "open_outside", "reveal"])
    shown: _Entries = ["show_inspector", "show_histogram", "show_ranking", columns, None]
    order: _Entries = [filtering, sorting, "keep_sorted", None]
    looks: _Entries = ["zoom_in", "zoom_out", None, "distribution", "network_view", None]
    actions.menu("&View", [*order, *looks, *shown, appearance, "full_screen"])
    meaning: _Entries = [comparing, "sensitivity", None]
    actions.menu("&Scoring", ["pause", "cancel", "retry", None, *meaning, "as_stored", "fast_decoding"])
    actions.menu("&Help", ["reading", "limits", "shortcuts", None, "about", "about_qt"])


class ImageMenu(QMenu):
    """What can be done with the selected images; opened on them by mouse or by the menu key."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        stars = QMenu("R&ate", self)
        actions.fill(stars, _STARS)
        copies = QMenu("Cop&y", self)
        actions.fill(copies, _COPIES)
        looks: _Entries = ["loupe", "compare", None, stars, *_PICKS, None]
        actions.fill(self, [*looks, "hand_on", "open_outside", "reveal", copies, None, "remove"])

    def serve(self, view: QAbstractItemView) -> None:
        """Open when it is asked for on a view."""
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(lambda at: self._open(view, at))

    def serve_page(self, page: QWidget) -> None:
        """Open when it is asked for anywhere on a page that shows images large."""
        page.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        page.customContextMenuRequested.connect(lambda at: self.popup(page.mapToGlobal(at)))

    def _open(self, view: QAbstractItemView, at: QPoint) -> None:
        index = view.indexAt(at)  # the menu key asks for the middle of the current image
        if not index.isValid() or not view.selectionModel().isSelected(index):
            return
        if not view.viewport().rect().contains(at):
            view.scrollTo(index)
            at = view.visualRect(index).center()
        self.popup(view.viewport().mapToGlobal(at))
