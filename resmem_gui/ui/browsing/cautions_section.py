"""Why the score of the image that is shown may not mean what it says."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from resmem_gui.analysis.cautions import UNCHANGED, reason, title
from resmem_gui.library.library import Library
from resmem_gui.library.records import ImageRecord
from resmem_gui.traits import NO_CAUTION, Caution
from resmem_gui.ui import theme
from resmem_gui.ui.browsing.inspector_section import InspectorSection
from resmem_gui.ui.browsing.labels import breakable, larger, wrapped_label

_MEANING = f"Why this score may not mean what it says. {UNCHANGED}"
_NONE = "None found. A detector can miss what you see."
_NOT_LOOKED_AT = "Not looked at yet for faces, text, drawings and images that are alike."

#: Returns the image that one is most like, None if that is not known.
FindLike = Callable[[int], int | None]


class CautionRow(QWidget):
    """One caution: a sign, what it is called, and why.

    Attributes:
        title: What it is called.
        reason: Why, with the numbers of the image.
    """

    def __init__(self, parent: QWidget) -> None:
        self._is_built = False
        super().__init__(parent)
        self._sign = QLabel(self)
        self.title = wrapped_label(self)
        self.title.setFont(larger(self.title.font(), 1.0))
        self.reason = wrapped_label(self)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.reason)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        self._is_built = True
        self._take_colors()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._is_built:
            self._take_colors()

    def _take_colors(self) -> None:
        color = self.palette().color(QPalette.ColorRole.WindowText)
        side = QSize(16, 16).expandedTo(QSize(0, self.fontMetrics().height() - 2)).height()
        self._sign.setPixmap(theme.tinted_pixmap("warning", color, side, self.devicePixelRatioF()))


class CautionsSection(InspectorSection):
    """Lists the cautions of an image, each with its reason.

    Attributes:
        rows: One for each caution that there is; those that do not hold are hidden.
        unchanged: Says below them, once, that they change no score.
        remark: Says that there are none, or that nobody has looked yet.
        near_duplicate_of: Returns the image that one is most like, None if that is not known.
    """

    def __init__(self, library: Library, parent: QWidget) -> None:
        """Make it empty.

        Args:
            library: What is known of each image.
            parent: Owner.
        """
        super().__init__("Cautions", parent)
        self._library = library
        self.near_duplicate_of: FindLike = lambda _: None
        self.setToolTip(_MEANING)
        self.rows = {caution: CautionRow(self) for caution in Caution}
        for row in self.rows.values():
            self.body.addWidget(row)
        self.unchanged = self.add_text()
        self.unchanged.setText(UNCHANGED)
        self.remark = self.add_text()

    def describe(self, record: ImageRecord) -> bool:
        """Show the cautions of an image that has a score."""
        if record.score is None:
            return False
        found = record.cautions
        # Some follow from the size alone.
        known = Caution(int(self._library.cautions[record.image_id]))
        for caution, row in self.rows.items():
            row.setVisible(caution in known)
            if caution in known:
                row.title.setText(title(caution))
                row.reason.setText(self._reason(caution, record))
        self.unchanged.setVisible(known != NO_CAUTION)
        self.remark.setText(_NOT_LOOKED_AT if found is None else _NONE)
        self.remark.setVisible(found is None or found == NO_CAUTION)
        return True

    def _reason(self, caution: Caution, record: ImageRecord) -> str:
        words = reason(caution, self._library.traits(record.image_id), (record.width, record.height))
        if caution is Caution.NEAR_DUPLICATE:
            other = self.near_duplicate_of(record.image_id)
            if other is not None:
                words = f"It is most like “{breakable(self._library.record(other).name)}”. {words}"
        return words
