"""The window in which the help is read."""

from typing import Final

from PySide6.QtCore import QSize, Qt, QUrl, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.ui.fitting import fitted
from resmem_gui.ui.help.topics import LINK, TOPICS, page

_SIZE: Final = QSize(860, 640)
_LIST_WIDTH: Final = 230


class HelpWindow(QDialog):
    """Pages to read, beside a list of them; nobody is kept from going on working."""

    def __init__(self, parent: QWidget, topic: str = TOPICS[0].name) -> None:
        """Make the window.

        Args:
            parent: Over which it opens.
            topic: The page to begin with.
        """
        super().__init__(parent)
        self.setWindowTitle("Help")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = QListWidget(self)
        self.list.setAccessibleName("Pages of the help")
        self.list.addItems([entry.title for entry in TOPICS])
        self.list.setSpacing(3)
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.text = QTextBrowser(self)
        self.text.setAccessibleName("Help")
        self.text.setOpenLinks(False)  # a link leads to another page here, and nowhere else
        self.text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.text.document().setDocumentMargin(16)
        self.text.anchorClicked.connect(self._follow)
        self.list.currentRowChanged.connect(self._show_row)
        splitter = QSplitter(self)
        splitter.addWidget(self.list)
        splitter.addWidget(self.text)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([_LIST_WIDTH, _SIZE.width() - _LIST_WIDTH])
        splitter.setChildrenCollapsible(False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(splitter, 1)
        layout.addWidget(buttons)
        self.resize(fitted(_SIZE, self))
        self.show_topic(topic)

    def show_topic(self, name: str) -> None:
        """Turn to a page."""
        names = [entry.name for entry in TOPICS]
        if name in names:
            self.list.setCurrentRow(names.index(name))

    @Slot(int)
    def _show_row(self, row: int) -> None:
        if row >= 0:
            self.text.setHtml(page(TOPICS[row].name))

    @Slot(QUrl)
    def _follow(self, link: QUrl) -> None:
        if link.scheme() == LINK:
            self.show_topic(link.path())


def show_help(parent: QWidget, topic: str = TOPICS[0].name) -> HelpWindow:
    """Open the help on a page; an open one turns to it."""
    for window in parent.findChildren(HelpWindow):
        if window.isVisible():
            window.show_topic(topic)
            window.activateWindow()
            return window
    window = HelpWindow(parent, topic)
    window.show()
    return window
