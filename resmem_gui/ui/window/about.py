"""About the program, and the licences."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from resmem_gui import __version__
from resmem_gui.resources import resource
from resmem_gui.ui import theme

CITATION: Final = (
    "Needell, C. D., & Bainbridge, W. A. (2022). Embracing new techniques in deep learning for estimating "
    "image memorability. <i>Computational Brain &amp; Behavior, 5</i>, 168–184. "
    "https://doi.org/10.1007/s42113-022-00126-5"
)

_ABOUT: Final = f"""
<h2>resmem_gui {__version__}</h2>
<p>Estimates which of your images people will remember. Everything happens on this computer; no image is sent
anywhere.</p>
<p><b>This program</b>: BSD 3-Clause licence, © 2026 the resmem_gui authors.</p>
<p><b>ResMem</b>, the network and its weights: Coen D. Needell and Wilma A. Bainbridge, Brain Bridge Lab,
© 2021 The University of Chicago. <b>For non-commercial use only.</b></p>
<p>Please cite: {CITATION}</p>
"""


def show_about(parent: QWidget) -> QDialog:
    """Open the window that says version, licences, authors and citation."""
    dialog = _text_dialog(parent, "About resmem_gui", _ABOUT, QSize(560, 400))
    licences = dialog.buttons.addButton("ResMem’s Licence…", QDialogButtonBox.ButtonRole.ActionRole)
    licences.clicked.connect(lambda: show_resmem_licence(dialog))
    return dialog


def show_resmem_licence(parent: QWidget) -> QDialog:
    """Open ResMem's licence."""
    text = resource("resources/licenses/resmem-LICENSE.txt").read_text(encoding="utf-8-sig")
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
    return _text_dialog(parent, "ResMem’s Licence", escaped, QSize(620, 520))


class _TextDialog(QDialog):
    """A window with a text to read, which does not keep anyone from going on working."""

    def __init__(self, parent: QWidget, title: str, html: str, size: QSize) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        icon = QLabel(self)
        icon.setPixmap(theme.application_icon().pixmap(QSize(64, 64), self.devicePixelRatioF()))
        icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        text = QTextBrowser(self)
        text.setOpenExternalLinks(False)
        text.setFrameShape(QTextBrowser.Shape.NoFrame)
        text.document().setDocumentMargin(8)
        text.setHtml(html)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(icon)
        row.addWidget(text, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.addLayout(row, 1)
        layout.addWidget(self.buttons)
        self.resize(size)


def _text_dialog(parent: QWidget, title: str, html: str, size: QSize) -> _TextDialog:
    dialog = _TextDialog(parent, title, html, size)
    dialog.show()
    return dialog
