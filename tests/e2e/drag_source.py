"""A stand-in for a file manager: a window from which files are dragged, in a process of its own.

python drag_source.py X Y PATH... opens it at X, Y.
"""

import sys

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel


class DragSource(QLabel):
    """Starts a drag of files as soon as the mouse moves with its button down."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__("Drag from here")
        self._paths = paths
        self.setWindowTitle("drag-source")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path) for path in self._paths])
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction)


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    source = DragSource(sys.argv[3:])
    source.setGeometry(int(sys.argv[1]), int(sys.argv[2]), 160, 120)
    source.show()
    sys.exit(application.exec())
