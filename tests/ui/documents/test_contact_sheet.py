"""Contact sheets: where everything stands, what is said, and how it is drawn."""

import itertools
import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication

from resmem_gui.ui.contact_sheet.contents import MOST_COLUMNS, Caption, SheetFacts, SheetItem, SheetOptions
from resmem_gui.ui.contact_sheet.page_painter import Picture, paint_page
from resmem_gui.ui.contact_sheet.sheet import Sheet
from resmem_gui.ui.documents.papers import DOTS_PER_INCH
from tests.ui.documents.sheets import FACTS, NAMES, items, sheet

LAYOUTS = list(itertools.product(("A4", "Letter"), (False, True), range(2, MOST_COLUMNS + 1)))


def painted(
    shown: Sheet, page: int = 0, pictures: dict[str, Picture] | None = None, dpi: int = 150
) -> QImage:
    scale = dpi / DOTS_PER_INCH
    size = (shown.page * scale).toSize()
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.scale(scale, scale)
    paint_page(painter, shown, page, pictures or {})
    painter.end()
    return image


def ink(image: QImage, rect: QRectF, dpi: int = 150) -> int:
    """Return how many pixels are dark in a part of a page, given in dots."""
    scale = dpi / DOTS_PER_INCH
    part = QRectF(rect.topLeft() * scale, rect.size() * scale).toAlignedRect()
    grey = image.copy(part).convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return int((rows[:, : grey.width()] < 160).sum())


@pytest.mark.parametrize(("paper", "landscape", "columns"), LAYOUTS)
def test_nothing_overlaps_and_nothing_leaves_the_page(paper: str, landscape: bool, columns: int) -> None:
    shown = sheet(paper=paper, landscape=landscape, columns=columns)
    page = QRectF(0, 0, shown.page.width(), shown.page.height())
    cells = [shown.cell(place) for place in range(shown.per_page)]
    parts = [rect for cell in cells for rect in (cell.frame, cell.name, cell.numbers)]
    parts += [shown.title_rect, shown.footer_rect]
    assert all(page.contains(rect) and rect.width() > 0 and rect.height() > 0 for rect in parts)
    for first, second in itertools.combinations(parts, 2):
        overlap = first.intersected(second)
        assert min(overlap.width(), overlap.height()) < 1e-6


def test_a_page_is_as_large_as_its_paper() -> None:
    millimetre = DOTS_PER_INCH / 25.4
    size = sheet(paper="A4").page
    assert (size.width() / millimetre, size.height() / millimetre) == pytest.approx((210, 297), abs=0.2)
    size = sheet(paper="Letter", landscape=True).page
    assert (size.width(), size.height()) == pytest.approx((11 * DOTS_PER_INCH, 8.5 * DOTS_PER_INCH))


@pytest.mark.parametrize("count", [1, 19, 20, 21, 100])
def test_every_image_stands_on_one_page(count: int) -> None:
    shown = sheet(count)
    found = [item for page in range(shown.page_count) for item in shown.items_on(page)]
    assert found == list(shown.items)
    assert all(shown.items_on(page) for page in range(shown.page_count))


def test_more_columns_put_more_on_a_page_with_smaller_letters() -> None:
    few, many = sheet(columns=2), sheet(columns=8)
    assert many.per_page > 4 * few.per_page
    assert 6 <= many.caption_pixels * 72 / DOTS_PER_INCH < few.caption_pixels * 72 / DOTS_PER_INCH <= 9


@pytest.mark.parametrize("columns", range(2, MOST_COLUMNS + 1))
def test_numbers_fit_into_their_lines(qapp: QApplication, columns: int) -> None:
    shown = sheet(columns=columns)
    longest = SheetItem("", "", 88_888, 0.88, 88.0, 5)
    shown = Sheet([*shown.items, longest], FACTS, shown.options)
    font = QFont()
    font.setPixelSize(shown.caption_pixels)
    lines = shown.number_lines(longest)
    width = shown.cell(0).numbers.width()
    assert max(QFontMetricsF(font).horizontalAdvance(line) for line in lines) <= width
    assert len(lines) * shown.line_height <= shown.cell(0).numbers.height() + 1e-6


def test_a_caption_says_what_is_asked_for() -> None:
    item = SheetItem("/a.jpg", "a.jpg", 1_204, 0.834, 91.2, 4)
    assert " ".join(sheet(columns=2).number_lines(item)) == "Rank 1,204 · 0.83 · 91st percentile · ★★★★☆"
    some = sheet(captions=frozenset({Caption.SCORE, Caption.NAME}))
    assert some.number_lines(item) == ["0.83"]


def test_an_image_without_score_says_so_once() -> None:
    item = SheetItem("/a.jpg", "a.jpg", None, None, None, 0)
    assert sheet().number_lines(item) == ["no score"]
    assert sheet(captions=frozenset({Caption.NAME})).number_lines(item) == []


def test_the_footer_names_the_reference_and_what_ranks_are_among() -> None:
    assert sheet(30).footer() == (
        "ResMem scores, 0 to 1. Rank within the 30 images shown. "
        "Percentile: per cent of LaMem’s images (n = 58,741) whose measured score is lower."
    )
    assert "among 30 scored images, of which 12 are shown" in sheet(12).footer()
    unscored = [*items(30), SheetItem("/x", "x", None, None, None)]
    assert "within the 30 scored images shown" in Sheet(unscored, FACTS, SheetOptions()).footer()


def test_where_images_have_several_references_each_names_its_own() -> None:
    facts = SheetFacts((("LaMem", 58_741), ("MemCat landscapes", 2_000)), 30)
    named = [replace(item, reference="MemCat landscapes") for item in items(30)]
    shown = Sheet(named, facts, SheetOptions(columns=2))
    assert "50th percentile of MemCat landscapes" in " ".join(shown.number_lines(named[0]))
    assert "named reference’s images (LaMem, n = 58,741; MemCat landscapes, n = 2,000)" in shown.footer()
    narrow = Sheet(named, facts, SheetOptions(columns=8))
    assert narrow.cell(0).numbers.height() > sheet(columns=8).cell(0).numbers.height(), "room for the name"


def test_the_footer_tells_only_of_what_is_shown() -> None:
    assert sheet(captions=frozenset({Caption.NAME, Caption.RATING})).footer() == ""
    assert (
        sheet(captions=frozenset({Caption.RANK})).footer()
        == "Rank by ResMem score within the 30 images shown."
    )


def test_a_page_has_title_captions_and_footer(qapp: QApplication) -> None:
    shown = sheet(3, title="The sea", date="1 May 2026")
    image = painted(shown)
    assert all(ink(image, rect) for rect in (shown.title_rect, shown.footer_rect))
    for place in range(3):
        assert ink(image, shown.cell(place).name)
        assert ink(image, shown.cell(place).numbers)
    assert not ink(image, shown.cell(3).name)


def test_an_image_is_drawn_whole_in_its_frame(qapp: QApplication) -> None:
    shown = sheet(1)
    picture = QImage(300, 200, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.black)
    image = painted(shown, pictures={shown.items[0].path: picture})
    frame = shown.cell(0).frame
    expected = frame.width() * frame.width() / 1.5 * (150 / DOTS_PER_INCH) ** 2
    assert ink(image, frame) == pytest.approx(expected, rel=0.02)


def test_an_image_that_cannot_be_read_says_why(qapp: QApplication) -> None:
    shown = sheet(2)
    first = shown.items[0]
    image = painted(shown, pictures={first.path: "The file is cut off."})
    assert ink(image, shown.cell(0).frame)
    assert not ink(image, shown.cell(1).frame)


def test_names_in_many_scripts_are_drawn_within_their_cell(qapp: QApplication) -> None:
    long_names = [name * 12 for name in NAMES]
    named = [replace(item, name=name) for item, name in zip(items(5), [*long_names], strict=True)]
    shown = Sheet(named, FACTS, SheetOptions(columns=8))
    image = painted(shown)
    for place in range(5):
        name = shown.cell(place).name
        assert ink(image, name), named[place].name
        assert not ink(image, name.translated(name.width() + 30, 0).adjusted(0, 0, -name.width() + 30, 0))


def test_a_long_name_is_shortened_in_the_middle(qapp: QApplication) -> None:
    def drawn(name: str) -> QImage:
        return painted(Sheet([replace(items(1)[0], name=name)], FACTS, SheetOptions()))

    shown = drawn(f"begin{'x' * 80}end1")
    assert drawn(f"begin{'x' * 40}y{'x' * 39}end1") == shown
    assert drawn(f"begin{'x' * 80}end2") != shown
    assert drawn(f"other{'x' * 80}end1") != shown


def test_a_page_can_be_drawn_on_another_thread(qapp: QApplication) -> None:
    shown = sheet(5)
    here, there = painted(shown), []
    thread = threading.Thread(target=lambda: there.append(painted(shown)))
    thread.start()
    thread.join()
    assert there == [here]
