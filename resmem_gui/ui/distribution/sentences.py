"""The sentences about two distributions, to read and to select."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QTextBrowser, QWidget

from resmem_gui.ui.distribution import texts
from resmem_gui.ui.distribution.work import Answer


class Sentences(QTextBrowser):
    """Says what the numbers mean."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("What the numbers mean")

    def show_answer(self, answer: Answer) -> None:
        """Show what is to be said of an answer; who reads on below is not led back to the top."""
        bar = self.verticalScrollBar()
        place = bar.value()
        self.setHtml(texts.as_html(answer))
        bar.setValue(place)

    @Slot(object)
    def show_failure(self, error: Exception) -> None:
        """Say why there is nothing to say."""
        self.setPlainText(f"The distributions cannot be compared: {str(error).rstrip('.')}.")
