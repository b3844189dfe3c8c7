"""Takes what is dropped anywhere on the window."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow

from resmem_gui.ui.bringing_in.bring_in import BringIn
from resmem_gui.ui.bringing_in.incoming import carries_images, read_incoming


class DropTarget(QObject):
    """Accepts files, folders and pictures from elsewhere, wherever they are over the window."""

    def __init__(self, window: QMainWindow, bring_in: BringIn) -> None:
        """Follow what happens to the window.

        Args:
            window: Where things are dropped.
            bring_in: Gets them.
        """
        super().__init__(window)
        self._bring_in = bring_in
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell whether an event was about a drop, and is dealt with."""
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self._drop(event)
            return True
        if isinstance(event, QDragMoveEvent):  # also one that enters
            if event.source() is None and carries_images(event.mimeData()):
                event.acceptProposedAction()
            return True
        return super().eventFilter(watched, event)

    def _drop(self, event: QDropEvent) -> None:
        # Never "move": the file manager would delete the originals.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._bring_in.take(read_incoming(event.mimeData()), "in what was dropped")
