"""The small parts of the interface, each by itself."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QAccessible, QColor, QCursor, QImage, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.analysis import percentile_texts
from resmem_gui.analysis.reference import load_lamem
from resmem_gui.resources import resource
from resmem_gui.ui import theme, wording
from resmem_gui.ui.bringing_in.incoming import read_incoming
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.rows.thumbnails import EDGES, Thumbnails, ThumbnailWish, edge_for, to_qimage
from resmem_gui.ui.running.run_progress import RunProgress
from resmem_gui.ui.throttle import Throttle
from resmem_gui.ui.window.notices import NoticeArea
from resmem_gui.ui.window.status_line import StatusLine

ICONS = sorted(path.stem for path in Path(resource("resources/icons")).glob("*.svg"))


# Wording


@pytest.mark.parametrize(
    ("percentile", "text"),
    [
        (0.0, "below all"),
        (0.2, "1st percentile"),
        (21.6, "22nd percentile"),
        (12.1, "12th percentile"),
        (83.4, "83rd percentile"),
        (99.8, "99th percentile"),
        (100.0, "above all"),
    ],
)
def test_percentiles_claim_no_more_than_they_know(percentile: float, text: str) -> None:
    assert percentile_texts.percentile_text(percentile) == text


def test_the_sentence_names_the_reference_and_its_size() -> None:
    sentence = percentile_texts.percentile_sentence(83.2, load_lamem()).replace("\u00a0", " ")
    assert sentence == "83rd percentile of LaMem, n = 58,741"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.4, "59 s"), (61, "1 min 01 s"), (1250, "21 min"), (7260, "2 h 01 min"), (-3, "0 s")],
)
def test_durations_are_coarser_the_longer_they_are(seconds: float, text: str) -> None:
    assert wording.duration_text(seconds) == text


# Throttle


def test_a_throttle_acts_at_once_and_once_more_at_the_end(qtbot: QtBot) -> None:
    calls: list[int] = []
    owner = QObject()
    throttle = Throttle(50, lambda: calls.append(1), owner)
    for _ in range(10):
        throttle.ask()
    assert len(calls) == 1
    qtbot.waitUntil(lambda: len(calls) == 2)
    qtbot.wait(150)
    assert len(calls) == 2


def test_a_throttle_that_waits_for_rest_acts_at_once_and_when_nobody_asks_any_more(qtbot: QtBot) -> None:
    acts: list[int] = []
    owner = QObject()
    throttle = Throttle(500, lambda: acts.append(1), owner, waits_for_rest=True)
    for _ in range(8):
        throttle.ask()
        qtbot.wait(80)
    assert acts == [1], "640 ms have gone by, and somebody has asked all the time"
    qtbot.waitUntil(lambda: acts == [1, 1])
    qtbot.wait(200)
    assert acts == [1, 1]
    owner.deleteLater()


def test_a_stopped_throttle_stays_silent(qtbot: QtBot) -> None:
    calls: list[int] = []
    owner = QObject()
    throttle = Throttle(30, lambda: calls.append(1), owner)
    throttle.ask()
    throttle.ask()
    throttle.stop()
    qtbot.wait(100)
    assert len(calls) == 1


# Icons


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_is_drawn_in_the_colour_asked_for(qtbot: QtBot, name: str) -> None:
    color = QColor("#c04080")
    picture = theme.tinted_pixmap(name, color, 32, 2.0).toImage()
    assert (picture.width(), picture.height()) == (64, 64)
    opaque = [
        picture.pixelColor(x, y)
        for x in range(64)
        for y in range(64)
        if picture.pixelColor(x, y).alpha() == 255
    ]
    assert opaque, "nothing is drawn"
    if name != "resmem-gui":  # the application's icon has colours of its own
        for pixel in opaque:  # antialiasing rounds
            assert abs(pixel.red() - color.red()) <= 1
            assert abs(pixel.green() - color.green()) <= 1
            assert abs(pixel.blue() - color.blue()) <= 1


@pytest.mark.parametrize("window", ["#efefef", "#353535", "#000000", "#ffffff"])
def test_secondary_text_is_readable_on_any_ground(qtbot: QtBot, window: str) -> None:
    palette = QPalette(QColor(window), QColor(window))
    faint = theme.faint_text_color(palette)
    assert contrast(faint, palette.window().color()) >= 4.5


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast ratio of two colours as WCAG 2 defines it."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: QColor) -> float:
    channels = [
        c / 12.92 if c <= 0.04045 else math.pow((c + 0.055) / 1.055, 2.4)
        for c in (color.redF(), color.greenF(), color.blueF())
    ]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


# Thumbnails


@pytest.fixture
def thumbnails(qtbot: QtBot) -> Iterator[Thumbnails]:
    made = Thumbnails(max_bytes=3 * 256 * 256 * 4)
    yield made
    made.stop()


def photo(path: Path, size: tuple[int, int] = (600, 400)) -> str:
    Image.new("RGB", size, (200, 30, 30)).save(path)
    return str(path)


def test_a_thumbnail_fits_its_edge_and_keeps_its_shape(
    qtbot: QtBot, thumbnails: Thumbnails, tmp_path: Path
) -> None:
    thumbnails.want([ThumbnailWish(7, photo(tmp_path / "a.jpg"), 256)])
    qtbot.waitUntil(lambda: thumbnails.pixmap(7) is not None)
    pixmap = thumbnails.pixmap(7)
    assert pixmap is not None
    assert pixmap.width() == 256
    assert abs(pixmap.height() - 171) <= 1


def test_a_small_image_is_not_blown_up(qtbot: QtBot, thumbnails: Thumbnails, tmp_path: Path) -> None:
    thumbnails.want([ThumbnailWish(1, photo(tmp_path / "a.png", (30, 20)), 256)])
    qtbot.waitUntil(lambda: thumbnails.pixmap(1) is not None)
    pixmap = thumbnails.pixmap(1)
    assert pixmap is not None
    assert (pixmap.width(), pixmap.height()) == (30, 20)


def test_the_cache_is_bounded_and_drops_what_was_used_least_recently(
    qtbot: QtBot, thumbnails: Thumbnails, tmp_path: Path
) -> None:
    def show(image_id: int) -> None:
        thumbnails.want([ThumbnailWish(image_id, photo(tmp_path / f"{image_id}.png", (256, 256)), 256)])
        qtbot.waitUntil(lambda: thumbnails.pixmap(image_id) is not None)

    for image_id in (0, 1, 2, 0, 3):  # three have room; the first is used again
        show(image_id)
    assert [image_id for image_id in range(4) if thumbnails.pixmap(image_id)] == [0, 2, 3]


def test_a_picture_that_comes_with_a_score_is_taken_only_where_it_is_wanted(
    qtbot: QtBot, thumbnails: Thumbnails
) -> None:
    thumbnails.offer(1, Image.new("RGB", (256, 200)), 256)
    assert thumbnails.pixmap(1) is None, "nobody looks there: it would fill the memory"


def test_a_broken_image_is_not_tried_again_and_again(
    qtbot: QtBot, thumbnails: Thumbnails, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_text("no image")
    wish = ThumbnailWish(4, str(broken), 256)
    with qtbot.waitSignal(thumbnails.changed):
        thumbnails.want([wish])
    assert thumbnails.pixmap(4) is None
    with qtbot.assertNotEmitted(thumbnails.changed, wait=200):
        thumbnails.want([wish])


def test_a_file_that_is_away_is_tried_again_when_it_is_back(
    qtbot: QtBot, thumbnails: Thumbnails, tmp_path: Path
) -> None:
    wish = ThumbnailWish(5, str(tmp_path / "on a drive.png"), 256)
    with qtbot.assertNotEmitted(thumbnails.changed, wait=300):
        thumbnails.want([wish])
    photo(tmp_path / "on a drive.png")
    thumbnails.want([wish])
    qtbot.waitUntil(lambda: thumbnails.pixmap(5) is not None)


def test_the_edge_is_the_next_one_large_enough() -> None:
    assert [edge_for(size) for size in (64, 256, 257, 512, 5000)] == [256, 256, 512, 512, EDGES[-1]]


def test_a_qimage_owns_its_pixels() -> None:
    pixels = Image.new("RGB", (5, 3), (10, 20, 30))
    image = to_qimage(pixels)
    pixels.paste((255, 255, 255), (0, 0, 5, 3))
    del pixels
    assert image.pixelColor(4, 2).getRgb()[:3] == (10, 20, 30)  # type: ignore[index]


# Incoming


def test_files_named_in_plain_text_are_found() -> None:
    data = QMimeData()
    data.setText("file:///photos/a%20b.jpg\n/photos/c.jpg\n\n")
    assert read_incoming(data).paths == ["/photos/a b.jpg", "/photos/c.jpg"]


@pytest.mark.parametrize("text", ["/photos/c.jpg\nand some words", "a shopping list", ""])
def test_a_text_that_is_no_list_of_files_brings_nothing(text: str) -> None:
    data = QMimeData()
    data.setText(text)
    assert read_incoming(data).is_empty


def test_a_larger_thumbnail_that_fails_leaves_the_smaller_one(
    qtbot: QtBot, thumbnails: Thumbnails, tmp_path: Path
) -> None:
    path = photo(tmp_path / "going.jpg")
    thumbnails.want([ThumbnailWish(2, path, 256)])
    qtbot.waitUntil(lambda: thumbnails.pixmap(2) is not None)
    Path(path).write_text("no image any more")
    with qtbot.waitSignal(thumbnails.changed):
        thumbnails.want([ThumbnailWish(2, path, 512)])
    assert thumbnails.pixmap(2) is not None


def test_a_score_brings_the_picture_of_a_file_that_could_not_be_read_before(
    qtbot: QtBot, thumbnails: Thumbnails, tmp_path: Path
) -> None:
    half = tmp_path / "still being copied.jpg"
    half.write_text("no image yet")
    with qtbot.waitSignal(thumbnails.changed):
        thumbnails.want([ThumbnailWish(2, str(half), 256)])
    thumbnails.offer(2, Image.new("RGB", (256, 200)), 256)
    assert thumbnails.pixmap(2) is not None


def test_files_come_before_the_picture_that_a_browser_sends_along(qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/photos/a.jpg")])
    data.setImageData(QImage(3, 3, QImage.Format.Format_RGB32))
    incoming = read_incoming(data)
    assert incoming.paths == ["/photos/a.jpg"]
    assert incoming.picture is None


def test_a_picture_from_a_web_page_is_taken_and_its_address_is_not_fetched(qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/a.jpg")])
    data.setImageData(QImage(3, 3, QImage.Format.Format_RGB32))
    incoming = read_incoming(data)
    assert incoming.picture is not None
    assert incoming.addresses == []
    assert incoming.name == "a.jpg"


# Notices and the status line


def test_a_notice_takes_the_place_of_the_older_one_with_its_key(qtbot: QtBot) -> None:
    area = NoticeArea()
    qtbot.addWidget(area)
    area.show_notice(Notice("export", Level.INFO, "first"))
    area.show_notice(Notice("other", Level.ERROR, "second"))
    area.show_notice(Notice("export", Level.SUCCESS, "third"))
    assert area.texts() == ["second", "third"]
    area.dismiss("other")
    area.dismiss("export")
    assert area.isHidden()


@pytest.fixture
def area(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[NoticeArea]:
    """A visible place for notices where successes go soon, away from the pointer."""
    monkeypatch.setattr("resmem_gui.ui.window.notices._SUCCESS_MS", 60)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QLineEdit(window).setFocus()  # else a notice's cross would get it when the window becomes active
    made = NoticeArea(window)
    made.resize(400, 200)
    # Not by QTest.mouseMove, which leaves the pointer itself where it is when other tests went before: a
    # notice that appears asks where that is.
    before = QCursor.pos()
    QCursor.setPos(window.mapToGlobal(QPoint(200, 290)))
    yield made
    QCursor.setPos(before)
    window.close()


def saved(number: int = 1) -> Notice:
    return Notice("session", Level.SUCCESS, f"Saved {number}")


def test_a_success_goes_by_itself_and_all_else_stays(qtbot: QtBot, area: NoticeArea) -> None:
    area.show_notice(Notice("a", Level.ERROR, "error"))
    area.show_notice(Notice("b", Level.INFO, "info"))
    area.show_notice(Notice("c", Level.SUCCESS, "with a button", "Show…", lambda: None))
    for number in range(3):
        area.show_notice(saved(number))
    assert area.texts()[-1] == "Saved 2"
    qtbot.waitUntil(lambda: len(area.texts()) == 3)
    qtbot.wait(150)
    assert area.texts() == ["error", "info", "with a button"]


def test_a_success_that_had_no_room_still_has_its_time(qtbot: QtBot, area: NoticeArea) -> None:
    area.show_notice(saved())
    for number in range(3):
        area.show_notice(Notice(str(number), Level.ERROR, "error"))
    qtbot.wait(150)
    assert area.texts()[0] == "Saved 1"
    area.dismiss("0")
    qtbot.waitUntil(lambda: area.texts() == ["error", "error"])


def test_a_success_stays_while_its_text_or_a_button_has_the_focus(qtbot: QtBot, area: NoticeArea) -> None:
    area.show_notice(saved())
    cross = area.findChild(QToolButton)
    assert cross is not None
    cross.setFocus()
    qtbot.wait(200)
    assert area.texts() == ["Saved 1"]
    cross.clearFocus()
    qtbot.waitUntil(lambda: area.texts() == [])


def test_a_success_stays_under_the_pointer(
    qtbot: QtBot, area: NoticeArea, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFrame, "underMouse", lambda _: True)
    area.show_notice(saved())
    qtbot.wait(200)
    assert area.texts() == ["Saved 1"]
    monkeypatch.setattr(QFrame, "underMouse", lambda _: False)
    qtbot.waitUntil(lambda: area.texts() == [])


def test_a_success_waits_for_a_person_who_is_elsewhere(qtbot: QtBot, area: NoticeArea) -> None:
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    area.show_notice(saved())
    qtbot.wait(200)
    assert area.texts() == ["Saved 1"]


def test_a_click_outlives_that_the_notice_says_something_else(area: NoticeArea) -> None:
    done: list[int] = []
    area.show_notice(Notice("fetch", Level.INFO, "1 of 9", "Cancel", lambda: done.append(1)))
    button = area.findChild(QPushButton)
    assert button is not None
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    area.show_notice(Notice("fetch", Level.INFO, "2 of 9", "Cancel", lambda: done.append(2)))
    assert area.texts() == ["2 of 9"]
    assert [label.text() for label in area.findChildren(QLabel) if label.text()] == ["2 of 9"]
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert done == [2]
    assert area.texts() == []


def test_notices_are_told_to_screen_readers_and_progress_once(
    area: NoticeArea, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: told.append(event.message()))
    for number in range(2):
        area.show_notice(saved())
        area.show_notice(Notice("fetch", Level.INFO, f"{number} of 9", "Cancel", lambda: None))
    assert told == ["Saved 1", "0 of 9", "Saved 1"]


def test_the_status_line_says_all_there_is(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.resize(900, 30)
    line.show_progress(
        RunProgress("Scoring", 37, 120, rate=5.24, seconds_left=16, current="a.jpg", device="CPU, 2 threads")
    )
    assert line.text() == "Scoring · 37 of 120 · 5.2 images/s · 16 s left · a.jpg · CPU, 2 threads"
    line.show_progress(RunProgress("Measuring sensitivity", 2, 5, rate=0.057, seconds_left=52))
    assert line.text() == "Measuring sensitivity · 2 of 5 · 17.5 s an image · 52 s left"


def test_what_a_key_has_done_is_said_during_a_run_too_in_place_of_the_file(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resmem_gui.ui.window.status_line._SAID_MS", 60)
    line = StatusLine()
    qtbot.addWidget(line)
    line.resize(900, 30)
    line.show_progress(RunProgress("Scoring", 37, 120, current="a.jpg"))
    line.say("Removed from the library: 3 images")
    assert line.text() == "Scoring · 37 of 120 · Removed from the library: 3 images"
    line.show_progress(RunProgress("Scoring", 38, 120, current="b.jpg"))
    assert line.text() == "Scoring · 38 of 120 · Removed from the library: 3 images"
    qtbot.waitUntil(lambda: line.text() == "Scoring · 38 of 120 · b.jpg")
    line.say("1 path copied")
    line.show_progress(RunProgress("120 images"))
    assert line.text() == "120 images · 1 path copied"
    qtbot.waitUntil(lambda: line.text() == "120 images")
