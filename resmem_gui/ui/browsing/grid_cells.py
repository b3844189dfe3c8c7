"""How an image is drawn in the grid."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPixmap

from resmem_gui.ui import theme
from resmem_gui.ui.rows.image_model import Cell

CELL_MARGIN: Final = 8
_SMOOTH: Final = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
_TEXT_LINES: Final = 2
_TEXT_GAP: Final = 4
_BADGE_GROUND: Final = QColor(0, 0, 0, 185)
_BADGE_TEXT: Final = QColor(255, 255, 255)
_HIGHLIGHT_ALPHA: Final = 70
_HOVER_ALPHA: Final = 18
_PLACEHOLDER_ALPHA: Final = 16
_WARNED_OPACITY: Final = 0.45
_REJECTED_OPACITY: Final = 0.4
_LABELS_KEPT: Final = 512


def text_height(metrics: QFontMetrics) -> int:
    """Return how much height the text below a thumbnail takes."""
    return _TEXT_GAP + _TEXT_LINES * metrics.lineSpacing()


class Labels:
    """Pictures of short texts, each drawn once and then kept for a while.

    A call into Qt from here gives Python's lock away and waits to get it back, from threads that decode. A
    picture of a text is one such call, drawing the text are ten.
    """

    def __init__(self, most: int) -> None:
        """Keep at most so many, those that were used last."""
        self._most = most
        self._made: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()

    def get(self, key: tuple[object, ...], draw: Callable[[], QPixmap]) -> QPixmap:
        """Return the picture with this key, drawn now if it is not there."""
        pixmap = self._made.get(key)
        if pixmap is None:
            pixmap = self._made[key] = draw()
            if len(self._made) > self._most:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        return pixmap


class CellLook:
    """Font, colours and scale of the cells: made anew when one of them is another."""

    def __init__(self, font: QFont, palette: QPalette, scale: float) -> None:
        self.font = QFont(font)
        self.bold = QFont(font)
        self.bold.setBold(True)
        self.metrics = QFontMetrics(self.font)
        self.text_height = text_height(self.metrics)
        self.scale = scale
        self.text = palette.color(QPalette.ColorRole.Text)
        self.faint_text = theme.faint_text_color(palette)
        self.highlight = palette.color(QPalette.ColorRole.Highlight)
        self.highlight_ground = _faded(self.highlight, _HIGHLIGHT_ALPHA)
        self.hover_ground = _faded(self.text, _HOVER_ALPHA)
        self.placeholder = _faded(self.text, _PLACEHOLDER_ALPHA)
        self.badges = Labels(_LABELS_KEPT)
        self.captions = Labels(_LABELS_KEPT)


class CellPainter:
    """Draws cells: a thumbnail with the score on it, and the name, rank and percentile below.

    Not a delegate: filling in a style option for each cell takes longer than drawing the cell.
    """

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._look: CellLook | None = None

    def take_look(self, font: QFont, palette: QPalette, scale: float) -> None:
        """Draw with this font, in these colours, with so many device pixels for each pixel of the layout."""
        key = (font.key(), palette.cacheKey(), scale)
        if key != self._key:
            self._key, self._look = key, CellLook(font, palette, scale)

    def paint(
        self, painter: QPainter, rect: QRect, cell: Cell, *, selected: bool, hovered: bool, focused: bool
    ) -> None:
        """Draw one cell; after `take_look`."""
        look = self._look
        assert look is not None
        if selected or hovered or focused:
            _draw_ground(painter, rect, look, selected=selected, hovered=hovered, focused=focused)
        left, width = rect.left() + CELL_MARGIN, rect.width() - 2 * CELL_MARGIN
        height = rect.height() - 2 * CELL_MARGIN - look.text_height
        frame = QRect(left, rect.top() + CELL_MARGIN, width, height)
        picture = _draw_picture(painter, frame, look, cell)
        if cell.score:
            badge = look.badges.get((cell.score,), lambda: _badge(cell.score, look.bold, look.scale))
            badge_height = badge.height() / look.scale
            painter.drawPixmap(picture.left() + 4, round(picture.bottom() - badge_height - 3), badge)
        if cell.marks:
            marks = look.badges.get((cell.marks,), lambda: _badge(cell.marks, look.bold, look.scale))
            painter.drawPixmap(picture.left() + 4, picture.top() + 4, marks)
        if cautions := cell.cautions:
            sign = look.badges.get(("cautions", cautions), lambda: _caution_badge(cautions, look))
            right = picture.right() - round(sign.width() / look.scale) - 3
            painter.drawPixmap(right, picture.top() + 4, sign)
        caption = look.captions.get(
            (cell.name, cell.detail, width), lambda: _caption(cell.name, cell.detail, width, look)
        )
        painter.drawPixmap(left, frame.bottom() + 1 + _TEXT_GAP, caption)


def fitted(pixmap: QPixmap, frame: QRect) -> QRect:
    """Return where a picture lies in a frame: centred, whole, at most at its own size."""
    width, height = max(1, pixmap.width()), max(1, pixmap.height())
    share = min(1.0, frame.width() / width, frame.height() / height)
    width, height = max(1, int(width * share)), max(1, int(height * share))
    left = frame.left() + (frame.width() - width) // 2
    return QRect(left, frame.top() + (frame.height() - height) // 2, width, height)


def _faded(color: QColor, alpha: int) -> QColor:
    faded = QColor(color)
    faded.setAlpha(alpha)
    return faded


def _draw_ground(
    painter: QPainter, cell: QRect, look: CellLook, *, selected: bool, hovered: bool, focused: bool
) -> None:
    """Draw selection, hover and focus."""
    rect = QRectF(cell).adjusted(2.5, 2.5, -2.5, -2.5)
    painter.setRenderHints(_SMOOTH)
    painter.setPen(Qt.PenStyle.NoPen)
    if selected:
        painter.setBrush(look.highlight_ground)
        painter.setPen(QPen(look.highlight, 1.5))
        painter.drawRoundedRect(rect, 6, 6)
    elif hovered:
        painter.setBrush(look.hover_ground)
        painter.drawRoundedRect(rect, 6, 6)
    if focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.text, 1, Qt.PenStyle.DotLine))
        painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), 5, 5)


def _draw_picture(painter: QPainter, frame: QRect, look: CellLook, cell: Cell) -> QRect:
    """Draw the thumbnail, or what stands in its place, and return where."""
    if cell.picture is None:
        rect = frame
        painter.fillRect(rect, look.placeholder)
    else:
        rect = fitted(cell.picture, frame)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if cell.warned or cell.rejected:
            painter.setOpacity(_REJECTED_OPACITY if cell.rejected else _WARNED_OPACITY)
        painter.drawPixmap(rect, cell.picture)
        if cell.warned or cell.rejected:
            painter.setOpacity(1.0)
    if cell.warned:
        side = min(32, frame.width() // 2)
        icon = theme.tinted_pixmap("warning", theme.ERROR_COLOR, side, look.scale)
        painter.drawPixmap(frame.center() - QPoint(side // 2, side // 2), icon)
    return rect


def _caution_badge(cautions: int, look: CellLook) -> QPixmap:
    """Return the sign that there are cautions, and how many where there are several."""
    count = cautions.bit_count()
    text = str(count) if count > 1 else ""
    metrics = QFontMetrics(look.bold)
    side = metrics.height() - 2
    rect = QRect(0, 0, side + 8, metrics.height() + 2)
    if text:
        rect.setWidth(rect.width() + metrics.horizontalAdvance(text) + 2)
    pixmap = _transparent(rect.size(), look.scale)
    painter = QPainter(pixmap)
    _draw_badge_ground(painter, rect)
    painter.drawPixmap(4, 2, theme.tinted_pixmap("warning", _BADGE_TEXT, side, look.scale))
    painter.setFont(look.bold)
    painter.setPen(_BADGE_TEXT)
    painter.drawText(rect.adjusted(side + 6, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
    painter.end()
    return pixmap


def _draw_badge_ground(painter: QPainter, rect: QRect) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_BADGE_GROUND)
    painter.drawRoundedRect(rect, 4, 4)


def _badge(text: str, regular: QFont, scale: float) -> QPixmap:
    """Return the score as it lies on a thumbnail; a mark says that it is at the model's floor."""
    font = QFont(regular)
    font.setBold(True)
    metrics = QFontMetrics(font)
    rect = QRect(0, 0, metrics.horizontalAdvance(text) + 10, metrics.height() + 2)
    pixmap = _transparent(rect.size(), scale)
    painter = QPainter(pixmap)
    _draw_badge_ground(painter, rect)
    painter.setFont(font)
    painter.setPen(_BADGE_TEXT)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return pixmap


def _caption(name: str, detail: str, width: int, look: CellLook) -> QPixmap:
    """Return the name and, below it, rank and percentile or the status."""
    metrics, line = look.metrics, look.metrics.lineSpacing()
    upper, lower = QRect(0, 0, width, line), QRect(0, line, width, line)
    pixmap = _transparent(QSize(width, look.text_height - _TEXT_GAP), look.scale)
    painter = QPainter(pixmap)
    painter.setFont(look.font)
    painter.setPen(look.text)
    middle, right = Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight
    painter.drawText(upper, Qt.AlignmentFlag.AlignHCenter, metrics.elidedText(name, middle, width))
    painter.setPen(look.faint_text)
    painter.drawText(lower, Qt.AlignmentFlag.AlignHCenter, metrics.elidedText(detail, right, width))
    painter.end()
    return pixmap


def _transparent(size: QSize, scale: float) -> QPixmap:
    pixmap = QPixmap(size * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap
