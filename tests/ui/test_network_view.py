"""What the network sees: the part that is looked at, drawn on the image."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QColor, QPixmap
from pytestqt.qtbot import QtBot

from resmem_gui.scoring.preprocessing import INPUT_EDGE, SEEN_PART, network_input
from resmem_gui.ui.network_view.network_view import NetworkView, sentence


def filled(width: int, height: int) -> QPixmap:
    pixmap = QPixmap(width, height)
    pixmap.fill(QColor("#3060c0"))
    return pixmap


@pytest.fixture
def view(qtbot: QtBot) -> NetworkView:
    view = NetworkView()
    qtbot.addWidget(view)
    view.resize(420, 210)
    view.show()
    return view


def test_the_part_is_the_one_that_the_network_gets() -> None:
    """A ramp across, squashed and cropped: its first and last value tell what was cut away."""
    edge = 2048
    ramp = np.tile(np.linspace(0, 255, edge)[None, :, None], (64, 1, 3)).astype(np.uint8)
    seen = network_input(Image.fromarray(ramp))[100, :, 0].astype(float) / 255
    pixel = (SEEN_PART[1] - SEEN_PART[0]) / INPUT_EDGE
    assert seen[0] == pytest.approx(SEEN_PART[0] + pixel / 2, abs=0.006)
    assert seen[-1] == pytest.approx(SEEN_PART[1] - pixel / 2, abs=0.006)


def test_what_is_not_seen_is_darker(view: NetworkView) -> None:
    view.set_pictures(filled(200, 100), filled(227, 227))
    image, _ = view.picture_rects()
    seen = view.seen_rect()
    picture = view.grab().toImage()
    ratio = picture.devicePixelRatio()
    corner = picture.pixelColor(int((image.left() + 2) * ratio), int((image.top() + 2) * ratio))
    middle = picture.pixelColor(int(seen.center().x() * ratio), int(seen.center().y() * ratio))
    assert middle == QColor("#3060c0")
    assert corner.lightness() < middle.lightness() - 20


def test_the_outline_keeps_the_shape_of_the_image(view: NetworkView) -> None:
    view.set_pictures(filled(300, 100), filled(227, 227))
    image, seen = view.picture_rects()[0], view.seen_rect()
    assert image.width() / image.height() == pytest.approx(3, abs=0.1)
    assert seen.width() / image.width() == pytest.approx(227 / 256)
    assert seen.height() / image.height() == pytest.approx(227 / 256)


def test_the_pictures_do_not_overlap_at_any_size(view: NetworkView) -> None:
    view.set_pictures(filled(300, 100), filled(227, 227))
    for width, height in ((200, 100), (900, 120), (300, 600)):
        view.resize(width, height)
        left, right = view.picture_rects()
        assert not left.intersects(right)
        assert view.rect().contains(left)
        assert view.rect().contains(right)


def test_it_says_how_an_image_is_squeezed() -> None:
    assert "3.0 times narrower" in sentence(3000, 1000)
    assert "2.0 times lower" in sentence(1000, 2000)
    assert "times" not in sentence(1000, 1000)
    assert "79 %" in sentence(640, 480)


def test_cleared_it_shows_and_says_nothing(view: NetworkView) -> None:
    view.set_pictures(filled(300, 100), filled(227, 227))
    assert view.accessibleDescription()
    view.clear_pictures()
    assert view.pictures == (None, None)
    assert view.accessibleDescription() == ""
