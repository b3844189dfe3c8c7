"""One of the images that are compared, with what is said about it."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.viewing.canvas import ImageCanvas, ground_color, ink_color
from resmem_gui.ui.viewing.caption_line import CaptionLine, as_text
from resmem_gui.ui.viewing.captions import CompareVerdict, caption_parts, spoken

FRAME: Final = 3
_LINES: Final = 2


class ComparePane(QWidget):
    """One image of the comparison: the picture, what is known of it and how it stands against the best.

    Two things are said about the difference, each on lines of its own: what it is worth against people, and
    whether framing alone explains it, where that was measured.

    Attributes:
        canvas: The picture.
        image_id: Which image; None while the pane is empty.

    Signals:
        focused: The picture of this pane (itself) got the focus.
        moved: A person moved or scaled it.
    """

    focused = Signal(object)
    moved = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.image_id: int | None = None
        self._verdict = self._framing_verdict = CompareVerdict()
        self.canvas = ImageCanvas(self)
        self.caption = CaptionLine(self)
        self.verdict = self._label("Difference")
        self.framing = self._label("Sensitivity to framing")
        self.framing.hide()
        words = QVBoxLayout()
        words.setContentsMargins(6, 0, 6, 0)
        words.setSpacing(0)
        words.addWidget(self.caption)
        words.addWidget(self.verdict)
        words.addWidget(self.framing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(FRAME, FRAME, FRAME, FRAME)
        layout.setSpacing(2)
        layout.addWidget(self.canvas, 1)
        layout.addLayout(words)
        self.canvas.installEventFilter(self)
        self.canvas.view_changed.connect(self._tell_moved)

    def _label(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)  # a file may be called <b>
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        label.setFixedHeight(_LINES * self.fontMetrics().lineSpacing() + 4)
        label.setAccessibleName(name)
        return label

    @property
    def words_height(self) -> int:
        """How much of the pane's height the words and the frame take."""
        framing = 0 if self.framing.isHidden() else self.framing.height()
        return 2 * FRAME + 2 + self.caption.sizeHint().height() + self.verdict.height() + framing

    def tell(
        self, model: ImageModel, verdict: CompareVerdict, framing: CompareVerdict, *, has_room: bool
    ) -> None:
        """Say what is known of the image, and how it stands against the best.

        Args:
            model: Where the image is.
            verdict: What the difference is worth; in full if there is room for it, else in short.
            framing: Whether framing alone explains it; empty where that was not measured.
            has_room: Whether room is kept for the latter; the same for all panes, so that pictures are of one
                size.
        """
        assert self.image_id is not None
        name = model.library.record(self.image_id).name
        self.caption.tell(name, caption_parts(model, self.image_id, is_short=True))
        self._verdict, self._framing_verdict = verdict, framing
        self.framing.setVisible(has_room)
        self._say_verdicts()
        said = f"{spoken(model, self.image_id)}. {verdict.full} {framing.full}"
        self.canvas.setAccessibleName(said.strip())

    def follow(self, leader: "ComparePane") -> None:
        """Show the same part of the image as another pane does: at its scale if both are of one size."""
        shown, own = leader.canvas.picture, self.canvas.picture
        if shown is not None and own is not None:
            self.canvas.set_view(leader.canvas.view, same_scale=own.size == shown.size)

    def _say_verdicts(self) -> None:
        self._say(self.verdict, self._verdict)
        self._say(self.framing, self._framing_verdict)

    def _say(self, label: QLabel, verdict: CompareVerdict) -> None:
        room = QRect(0, 0, max(1, self.verdict.width()), 10_000)  # both labels are as wide
        wrapped = int(Qt.TextFlag.TextWordWrap)
        fits = self.fontMetrics().boundingRect(room, wrapped, verdict.full).height() <= label.height()
        label.setText(verdict.full if fits else verdict.short)
        label.setAccessibleDescription(verdict.full)
        label.setToolTip("" if fits else as_text(verdict.full))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the words that there is room for."""
        super().resizeEvent(event)
        self._say_verdicts()

    @Slot()
    def _tell_moved(self) -> None:
        self.moved.emit(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Draw the frame when the picture gets or loses the focus."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
            if event.type() == QEvent.Type.FocusIn:
                self.focused.emit(self)
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground, and a frame around the image that keys are for."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), ground_color(self.palette()))
        if self.canvas.hasFocus():
            painter.setPen(QPen(ink_color(self.palette()), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()
