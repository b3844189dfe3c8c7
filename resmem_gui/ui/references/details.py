"""What there is to say of one reference: its numbers and where they come from."""

import html
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTextBrowser, QWidget

from resmem_gui.analysis.reference import Reference
from resmem_gui.ui.references.shape import Shape

_ROWS: Final = {
    "citation": "Citation",
    "doi": "DOI",
    "source": "Images",
    "measure": "Measured",
    "column": "Column",
    "licence": "Licence",
    "published": "Published",
    "summarised": "Summarised",
    "file": "Made from",
    "sha256": "SHA-256",
}


class ReferenceDetails(QFrame):
    """Shows one reference: a drawing, its numbers, its provenance to be read and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._shape = Shape(self)
        self._text = QTextBrowser(self)
        self._text.setOpenLinks(False)
        self._text.setFrameShape(QFrame.Shape.NoFrame)
        self._text.setAccessibleName("Numbers and provenance")
        self._text.setTabChangesFocus(True)
        palette = self._text.palette()  # text on the window's ground, and no sheet of paper within it
        palette.setBrush(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self._text.setPalette(palette)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 8, 2, 2)
        layout.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._text, 1)

    def show_reference(self, reference: Reference) -> None:
        """Show another one."""
        self._shape.show_reference(reference)
        quartiles = [reference.quantile(share) for share in (0.25, 0.5, 0.75)]
        rows = {"Scores": numbers_text(reference), "Quartiles": ", ".join(f"{q:.3f}" for q in quartiles)}
        told = reference.provenance
        rows |= {title: told[key] for key, title in _ROWS.items() if told.get(key)}
        table = "".join(
            f"<tr><td style='padding-right: 14px'>{title}</td><td>{html.escape(value)}</td></tr>"
            for title, value in rows.items()
        )
        self._text.setHtml(f"<p><b>{html.escape(reference.name)}</b></p><table>{table}</table>")


def numbers_text(reference: Reference) -> str:
    """Return size, mean and spread of a reference."""
    return f"n\u00a0=\u00a0{reference.n:,} images, mean {reference.mean:.3f}, sd {reference.sd:.3f}"
