"""A live preview of the first page of a contact sheet."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from resmem_gui.ui.contact_sheet.page_painter import Picture, paint_page
from resmem_gui.ui.contact_sheet.sheet import Sheet
from resmem_gui.ui.contact_sheet.writing import load_picture
from resmem_gui.ui.documents.papers import DOTS_PER_INCH
from resmem_gui.ui.threads.background import Loader
from resmem_gui.ui.throttle import Throttle

_REDRAW_MS: Final = 80
_EDGES: Final = (96, 192, 384, 768, 1536)
_MARGIN: Final = 12
_SHADOWS: Final = 6
_SHADOW_ALPHA: Final = 14


@dataclass(frozen=True, slots=True)
class PictureWish:
    """An image for the preview, with both sides at most `edge` pixels."""

    path: str
    edge: int


def _load(wish: PictureWish) -> Picture:
    return load_picture(wish.path, wish.edge)


class PagePreview(QWidget):
    """Shows the first page as it will be printed. Images appear as they are decoded."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sheet: Sheet | None = None
        self._pictures: dict[str, tuple[int, Picture]] = {}
        self._page = QImage()
        # Without a parent: its threads may deliver a last image when this widget is gone.
        self._loader = Loader(_load, threads=2, name="contact-sheet-preview")
        self._loader.loaded.connect(self._take)
        self._redraw_soon = Throttle(_REDRAW_MS, self._redraw, self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(280, 300)
        self.setAccessibleName("Preview of the first page")

    @property
    def is_complete(self) -> bool:
        """Whether all images of the page are there, or the reasons why they are not."""
        return self._sheet is not None and not self._lacking(self._sheet)

    def set_sheet(self, sheet: Sheet) -> None:
        """Show the first page of a sheet."""
        self._sheet = sheet
        shown = {item.path for item in sheet.items_on(0)}
        self._pictures = {path: entry for path, entry in self._pictures.items() if path in shown}
        self._loader.want(self._lacking(sheet))
        self._redraw_soon.ask()

    def stop(self) -> None:
        """Decode nothing more; the threads end soon."""
        self._redraw_soon.stop()
        self._loader.loaded.disconnect(self._take)
        self._loader.stop()

    def sizeHint(self) -> QSize:
        """Return a size at which captions can be read."""
        return QSize(460, 600)

    # Images

    def _edge(self, sheet: Sheet) -> int:
        """Return the size in which images are wanted: one of a few, so that resizing decodes little anew."""
        dpi = DOTS_PER_INCH * self._scale(sheet) * self.devicePixelRatioF()
        least = sheet.picture_edge(dpi)
        return next((edge for edge in _EDGES if edge >= least), _EDGES[-1])

    def _lacking(self, sheet: Sheet) -> list[PictureWish]:
        edge = self._edge(sheet)
        paths = [item.path for item in sheet.items_on(0)]
        return [PictureWish(path, edge) for path in paths if self._pictures.get(path, (0, ""))[0] < edge]

    @Slot(object, object)
    def _take(self, wish: PictureWish, picture: Picture | Exception) -> None:
        shown = picture if isinstance(picture, QImage) else str(picture)
        if self._pictures.get(wish.path, (0, ""))[0] <= wish.edge:
            self._pictures[wish.path] = (wish.edge, shown)
        self._redraw_soon.ask()

    # Drawing

    def _paper(self, sheet: Sheet) -> QRectF:
        """Return where the paper lies in the widget."""
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        size = QSizeF(sheet.page).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        paper = QRectF(QPointF(0, 0), QSizeF(size.toSize()))
        paper.moveCenter(room.center())
        return QRectF(paper.toRect())

    def _scale(self, sheet: Sheet) -> float:
        """Return device-independent pixels for each dot of the sheet."""
        return self._paper(sheet).width() / sheet.page.width()

    def _redraw(self) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        ratio = self.devicePixelRatioF()
        size = (self._paper(sheet).size() * ratio).toSize().expandedTo(QSize(1, 1))
        page = QImage(size, QImage.Format.Format_RGB32)
        page.fill(Qt.GlobalColor.white)
        painter = QPainter(page)
        painter.scale(size.width() / sheet.page.width(), size.height() / sheet.page.height())
        paint_page(painter, sheet, 0, {path: picture for path, (_edge, picture) in self._pictures.items()})
        painter.end()
        page.setDevicePixelRatio(ratio)
        self._page = page
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the page with a shadow."""
        if self._sheet is None or self._page.isNull():
            return
        paper = self._paper(self._sheet)
        painter = QPainter(self)
        for width in range(_SHADOWS):
            painter.fillRect(paper.adjusted(-width, -width + 2, width, width + 2), _shadow())
        painter.drawImage(paper, self._page)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the page in its new size."""
        super().resizeEvent(event)
        if self._sheet is not None:
            self._loader.want(self._lacking(self._sheet))
            self._redraw_soon.ask()


def _shadow() -> QColor:
    return QColor(0, 0, 0, _SHADOW_ALPHA)
