"""What the window shows while there are no images."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from resmem_gui.ui import theme

_TEXT_WIDTH = 600
_TITLE = "Which of your images will be remembered?"
_PURPOSE = (
    "Drop photographs or whole folders here. Each gets a memorability score, a rank among your images "
    "and a place among 58,741 images measured on people. Everything stays on this computer."
)
_LICENCE = "ResMem, the network behind the scores: © The University of Chicago, non-commercial use only."


class EmptyState(QWidget):
    """Says what the program is for and how to begin: drop, open, paste.

    Attributes:
        open_files: A button, for the window to connect.
        open_folder: Likewise.
        paste: Likewise.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.open_files = QPushButton("Open &Files…", self)
        self.open_folder = QPushButton("Open Fol&der…", self)
        self.paste = QPushButton("&Paste", self)
        self._picture = QLabel(self)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        content = QWidget(self)
        content.setMaximumWidth(_TEXT_WIDTH)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addStretch(1)
        column.addWidget(self._picture)
        column.addWidget(self._title())
        column.addWidget(_centred(_PURPOSE, self))
        column.addSpacing(6)
        column.addLayout(self._buttons())
        column.addStretch(1)
        column.addWidget(_centred(_LICENCE, self))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 28)
        layout.addWidget(content)
        self._take_colors()

    def _title(self) -> QLabel:
        title = _centred(_TITLE, self)
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        font.setBold(True)
        title.setFont(font)
        return title

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in (self.open_files, self.open_folder, self.paste):
            button.setMinimumWidth(112)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _take_colors(self) -> None:
        palette = self.palette()
        faint = theme.faint_text_color(palette)
        scale = self.devicePixelRatioF()
        self._picture.setPixmap(theme.tinted_pixmap("drop-images", faint, 96, scale))
        for button, name in (
            (self.open_files, "open-files"),
            (self.open_folder, "open-folder"),
            (self.paste, "paste"),
        ):
            button.setIcon(theme.tinted_icon(name, palette))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._take_colors()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the dashed frame that says: drop here."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.separator_color(self.palette()), 2, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(self.rect().adjusted(12, 12, -12, -12), 12, 12)
        painter.end()


def _centred(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    return label
