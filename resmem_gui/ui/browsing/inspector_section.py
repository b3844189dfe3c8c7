"""A part of the inspector with a heading of its own."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from resmem_gui.library.records import ImageRecord
from resmem_gui.ui.browsing.labels import larger, wrapped_label


class InspectorSection(QWidget):
    """Describes one side of the image that is shown. To be derived from.

    Attributes:
        heading: Above all.
        body: What else belongs to it is added here.
    """

    def __init__(self, heading: str, parent: QWidget) -> None:
        """Make it with a heading and nothing below."""
        super().__init__(parent)
        self.heading = QLabel(heading, self)
        self.heading.setFont(larger(self.heading.font(), 1.0))
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 4, 0, 0)
        self.body.setSpacing(4)
        self.body.addWidget(self.heading)

    def add_text(self) -> QLabel:
        """Add an empty text below and return it."""
        label = wrapped_label(self)
        self.body.addWidget(label)
        return label

    def describe(self, record: ImageRecord) -> bool:
        """Show what is known of an image, again whenever something has become known.

        Returns:
            Whether there is anything to be seen.
        """
        raise NotImplementedError
