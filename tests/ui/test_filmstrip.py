"""The filmstrip: what it draws, where, and what a click and the wheel do."""

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPixmap, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.library.filtering import Filter
from resmem_gui.library.library import Library
from resmem_gui.library.records import Pick, Provenance
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.rows.image_model import Cell, ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails
from resmem_gui.ui.viewing.canvas import ground_color
from resmem_gui.ui.viewing.filmstrip import Filmstrip


@pytest.fixture
def model(thumbnails: Thumbnails) -> Iterator[ImageModel]:
    made = ImageModel(Library(), load_lamem(), thumbnails)
    made.add([f"/photos/image{number:06}.jpg" for number in range(500)])
    made.sort(Column.NAME)
    yield made
    made.stop()


@pytest.fixture
def strip(qtbot: QtBot, model: ImageModel) -> Iterator[Filmstrip]:
    made = Filmstrip(model)
    made.resize(840, made.sizeHint().height())
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    made.deleteLater()


def wheel(strip: Filmstrip, angle: QPoint) -> None:
    event = QWheelEvent(
        QPointF(10, 10),
        QPointF(strip.mapToGlobal(QPoint(10, 10))),
        QPoint(),
        angle,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(strip, event)


def test_the_current_row_stands_in_the_middle_except_at_the_ends(strip: Filmstrip, model: ImageModel) -> None:
    strip.set_current(model.image_id(250))
    assert abs(strip.row_rect(250).center().x() - strip.width() // 2) <= 1
    strip.set_current(model.image_id(0))
    assert strip.row_rect(0).left() == 0
    strip.set_current(model.image_id(499))
    assert strip.row_rect(499).right() == strip.width() - 1


def test_few_rows_stand_in_the_middle(strip: Filmstrip, model: ImageModel) -> None:
    model.set_filter(Filter("image00000"))  # ten of them: just as wide as the strip
    model.set_filter(Filter("image000007"))
    assert strip.visible_rows() == (0, 0)
    assert abs(strip.row_rect(0).center().x() - strip.width() // 2) <= 1


def test_each_row_is_found_where_it_is_drawn(strip: Filmstrip, model: ImageModel) -> None:
    strip.set_current(model.image_id(100))
    first, last = strip.visible_rows()
    assert first <= 100 <= last <= first + 11
    for row in range(first, last + 1):
        assert strip.row_at(strip.row_rect(row).center().x()) == row
    assert strip.row_rect(first - 1).right() < 0
    assert strip.row_rect(last + 1).left() >= strip.width()


def test_score_and_all_marks_have_room_below_a_thumbnail(strip: Filmstrip, model: ImageModel) -> None:
    made_by = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")
    model.library.set_scored(0, 0.9, (90, 60), "0" * 64, made_by)
    model.library.set_rating([0], [5])
    model.library.set_pick([0], [Pick.PICKED])
    model.images_changed([0])
    assert strip.row_text(0) == "0.90 ✓ 5★"
    assert strip.fontMetrics().horizontalAdvance(strip.row_text(0)) <= strip.row_rect(0).width() - 4
    assert strip.row_text(1) == ""


def test_a_click_goes_there(qtbot: QtBot, strip: Filmstrip, model: ImageModel) -> None:
    strip.set_current(model.image_id(100))
    with qtbot.waitSignal(strip.image_chosen) as chosen:
        QTest.mouseClick(
            strip, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, strip.row_rect(103).center()
        )
    assert chosen.args == [model.image_id(103)]


@pytest.mark.parametrize("angle", [QPoint(0, -120), QPoint(-120, 0)])
def test_the_wheel_scrolls_either_way_and_stops_at_the_ends(
    strip: Filmstrip, model: ImageModel, angle: QPoint
) -> None:
    strip.set_current(model.image_id(0))
    wheel(strip, angle)
    assert strip.visible_rows()[0] == 1
    for _ in range(3):
        wheel(strip, -angle)
    assert strip.visible_rows()[0] == 0
    assert strip.row_rect(0).left() == 0
    for _ in range(600):
        wheel(strip, angle)
    assert strip.visible_rows()[1] == 499


def test_it_tells_which_rows_are_to_be_seen(qtbot: QtBot, strip: Filmstrip, model: ImageModel) -> None:
    with qtbot.waitSignal(strip.visible_rows_changed) as told:
        strip.set_current(model.image_id(300))
    assert told.args == list(strip.visible_rows())
    assert told.args[0] <= 295
    assert told.args[1] >= 305


def test_it_draws_thumbnails_scores_and_the_mark_of_the_current_one(
    strip: Filmstrip, model: ImageModel, thumbnails: Thumbnails
) -> None:
    pixmap = QPixmap(72, 72)
    pixmap.fill(QColor("red"))
    image_id = model.image_id(100)
    thumbnails._put(image_id, pixmap, 256)
    strip.set_current(image_id)
    image = strip.grab().toImage()
    rect = strip.row_rect(100)
    assert image.pixelColor(rect.center().x(), 40) == QColor("red")
    frame_left = rect.left() + 6 - 3
    assert image.pixelColor(frame_left, 40) != ground_color(strip.palette())
    strip.set_current(model.image_id(104))
    image = strip.grab().toImage()
    rect = strip.row_rect(100)
    assert image.pixelColor(rect.center().x(), 40) == QColor("red")
    assert image.pixelColor(rect.left() + 6 - 3, 40) == ground_color(strip.palette())


def test_it_follows_the_current_image_through_a_sort(strip: Filmstrip, model: ImageModel) -> None:
    image_id = model.image_id(10)
    strip.set_current(image_id)
    model.sort(Column.NAME, Qt.SortOrder.DescendingOrder)
    assert model.row_of(image_id) == 489
    assert strip.visible_rows()[0] <= 489 <= strip.visible_rows()[1]
    assert "490 of 500" in strip.accessibleDescription()


def test_an_emptied_model_leaves_an_empty_strip(strip: Filmstrip, model: ImageModel) -> None:
    strip.set_current(model.image_id(10))
    model.clear()
    assert strip.visible_rows() == (0, -1)
    assert strip.row_at(100) is None
    strip.grab()


def test_a_hundred_thousand_rows_cost_no_more_than_a_few(
    qtbot: QtBot, strip: Filmstrip, model: ImageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    model.add([f"/photos/more{number:06}.jpg" for number in range(100_000)])
    asked: list[int] = []
    cell = model.cell

    def noted(row: int) -> Cell:
        asked.append(row)
        return cell(row)

    monkeypatch.setattr(model, "cell", noted)
    began = time.perf_counter()
    strip.set_current(model.image_id(70_000))
    strip.grab()
    assert time.perf_counter() - began < 0.5
    assert 8 <= len(set(asked)) <= 12
