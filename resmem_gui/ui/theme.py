"""Colours and icons: the interface follows the system's palette, what stands for data has fixed colours."""

from functools import cache
from typing import Final

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from resmem_gui.resources import resource

#: Okabe & Ito's colour-blind-safe orange and blue; each is distinct from the other in lightness too.
LIBRARY_COLOR: Final = QColor("#E69F00")
REFERENCE_COLOR: Final = QColor("#4E86C6")
#: For the selection: told from both by people with any kind of colour blindness (CIEDE2000 above 13), and
#: from light and dark ground (4.6:1 and 3.6:1).
SELECTION_COLOR: Final = QColor("#C2478D")
ERROR_COLOR: Final = QColor("#D55E00")

#: What can be chosen under View, Appearance.
APPEARANCES: Final = {
    "System": Qt.ColorScheme.Unknown,
    "Light": Qt.ColorScheme.Light,
    "Dark": Qt.ColorScheme.Dark,
}

#: Fusion draws the outlines of these in a darker shade of the role Window, which they use for nothing else.
_OUTLINED: Final = ("QCheckBox", "QRadioButton", "QMenu")

_ICON_SIZES: Final = (16, 20, 24, 32, 48)
_SCALES: Final = (1, 2)


def set_appearance(name: str) -> None:
    """Follow the system, or be light or dark whatever the system is.

    Args:
        name: One of `APPEARANCES`.
    """
    scheme = APPEARANCES[name]
    QGuiApplication.styleHints().setColorScheme(scheme)
    QApplication.setPalette(QPalette())  # the system's, in the scheme asked for
    wanted_dark = scheme == Qt.ColorScheme.Dark
    if scheme != Qt.ColorScheme.Unknown and is_dark(QApplication.palette()) != wanted_dark:
        # A desktop without a theme of its own, such as a bare X server, knows one palette only.
        QApplication.setPalette(_dark_palette() if wanted_dark else _light_palette())
        _set_outlines(_outline_palette() if wanted_dark else QPalette())
    # Qt takes names as str; its type stubs say bytes, which it refuses.
    elif QApplication.palette(_OUTLINED[0]) != QApplication.palette():  # type: ignore[call-overload]
        _set_outlines(QPalette())


def _set_outlines(palette: QPalette) -> None:
    for name in _OUTLINED:
        QApplication.setPalette(palette, name)  # type: ignore[arg-type]


def _outline_palette() -> QPalette:
    """Return the palette with which Fusion's outlines are seen (3:1) on the dark one."""
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Window, QColor("#c8c8c8"))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Window, QColor("#808080"))
    return palette


def _light_palette() -> QPalette:
    return QPalette(QColor("#efefef"), QColor("#efefef"))


def _dark_palette() -> QPalette:
    palette = QPalette(QColor("#353535"), QColor("#2b2b2b"))
    role = QPalette.ColorRole
    palette.setColor(role.Base, QColor("#1e1e1e"))
    palette.setColor(role.AlternateBase, QColor("#262626"))
    palette.setColor(role.Highlight, QColor("#3b82c4"))
    palette.setColor(role.HighlightedText, QColor("#ffffff"))
    palette.setColor(role.Link, QColor("#6cb2f0"))
    palette.setColor(role.ToolTipBase, QColor("#3a3a3a"))
    palette.setColor(role.ToolTipText, QColor("#f0f0f0"))
    return palette


def is_dark(palette: QPalette) -> bool:
    """Return whether a palette draws light text on a dark ground."""
    return palette.color(QPalette.ColorRole.Window).lightness() < 128


def faint_text_color(palette: QPalette) -> QColor:
    """Return the colour of secondary text: readable (4.5:1) and less loud than the text beside it."""
    text = palette.color(QPalette.ColorRole.WindowText)
    ground = palette.color(QPalette.ColorRole.Window)
    return _mixed(text, ground, 0.72)


def separator_color(palette: QPalette) -> QColor:
    """Return the colour of thin lines between areas."""
    text = palette.color(QPalette.ColorRole.WindowText)
    return _mixed(text, palette.color(QPalette.ColorRole.Window), 0.18)


def _mixed(first: QColor, second: QColor, share: float) -> QColor:
    parts = zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(a * share + b * (1 - share)) for a, b in parts))


def tinted_pixmap(name: str, color: QColor, size: int, scale: float = 1.0) -> QPixmap:
    """Draw one of the one-colour icons.

    Args:
        name: File name in `resources/icons` without its ending.
        color: To draw with.
        size: Side in device-independent pixels.
        scale: Device pixels for each of them.
    """
    key = f"{name} {color.name()} {size} {scale}"
    pixmap = QPixmap()
    if QPixmapCache.find(key, pixmap):
        return pixmap
    renderer = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", color.name()).encode()))
    pixmap = QPixmap(QSize(size, size) * scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    QPixmapCache.insert(key, pixmap)
    return pixmap


@cache
def _svg(name: str) -> str:
    return resource(f"resources/icons/{name}.svg").read_text(encoding="utf-8")


def tinted_icon(name: str, palette: QPalette) -> QIcon:
    """Return a one-colour icon in the palette's text colours, sharp at all usual sizes."""
    icon = QIcon()
    enabled = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.ButtonText)
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    for size in _ICON_SIZES:
        for scale in _SCALES:
            icon.addPixmap(tinted_pixmap(name, enabled, size, scale), QIcon.Mode.Normal)
            icon.addPixmap(tinted_pixmap(name, disabled, size, scale), QIcon.Mode.Disabled)
    return icon


def application_icon() -> QIcon:
    """Return the icon of the program."""
    return QIcon(str(resource("resources/icons/resmem-gui.svg")))
