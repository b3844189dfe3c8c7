"""Contact sheets: where everything stands, what is said, the PDF file, printing, and the window."""

import itertools
import re
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRectF, QSettings, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QKeySequence, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from resmem_gui.ui.contact_sheet import printing, writing
from resmem_gui.ui.contact_sheet.contact_sheet_dialog import (
    ContactSheetDialog,
    file_stem,
    show_contact_sheet,
)
from resmem_gui.ui.contact_sheet.contents import (
    DOTS_PER_INCH,
    MOST_COLUMNS,
    Caption,
    SheetFacts,
    SheetItem,
    SheetOptions,
)
from resmem_gui.ui.contact_sheet.page_painter import Picture, paint_page
from resmem_gui.ui.contact_sheet.preview import PagePreview
from resmem_gui.ui.contact_sheet.sheet import Sheet
from resmem_gui.ui.contact_sheet.writing import CancelledError, Progress, write_pdf
from resmem_gui.ui.threads.background import Jobs
from tests.ui.conftest import WAIT_MS

FACTS = SheetFacts((("LaMem", 58_741),), 30)
LAYOUTS = list(itertools.product(("A4", "Letter"), (False, True), range(2, MOST_COLUMNS + 1)))
#: "Beach" in scripts whose letters are joined, written from the right, or many.
NAMES = ["Θάλασσα.jpg", "Пляж.jpg", "חוף.jpg", "شاطئ.jpg", "海辺.jpg"]


def items(count: int, folder: str = "/nowhere") -> list[SheetItem]:
    return [
        SheetItem(f"{folder}/image{number}.png", f"image{number}.png", number, 0.5, 50.0, number % 6)
        for number in range(1, count + 1)
    ]


def sheet(count: int = 30, facts: SheetFacts = FACTS, **options: object) -> Sheet:
    return Sheet(items(count), facts, replace(SheetOptions(), **options))  # type: ignore[arg-type]


@pytest.fixture
def photos(tmp_path: Path) -> list[SheetItem]:
    """Return six images of noise, 480 by 320 pixels, on disk."""
    random = np.random.default_rng(1)
    found = []
    for number, item in enumerate(items(6, str(tmp_path / "photos"))):
        Path(item.path).parent.mkdir(exist_ok=True)
        pixels = random.integers(0, 255, (320, 480, 3), dtype=np.uint8)
        pixels[:, :, 0] = 40 * number
        Image.fromarray(pixels).save(item.path, compress_level=1)
        found.append(item)
    return found


def pages_in(path: Path) -> int:
    return len(re.findall(rb"/Type /Page\b", path.read_bytes()))


def picture_widths(path: Path) -> list[int]:
    """Return the widths of the images in a PDF, in pixels."""
    objects = re.findall(rb"/Subtype /Image.*?>>", path.read_bytes(), re.DOTALL)
    widths = [re.search(rb"/Width (\d+)", part) for part in objects]
    return [int(width[1]) for width in widths if width]


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


# Layout


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


# Captions and footer


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
        "Percentile: per cent of LaMem’s images (n = 58,741) that are less memorable."
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


# Drawing


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


# The PDF


def test_a_pdf_has_all_pages_all_images_and_its_title(
    qapp: QApplication, photos: list[SheetItem], tmp_path: Path
) -> None:
    shown = Sheet(photos, FACTS, SheetOptions(title="Am Meer: Θάλασσα", columns=2))
    path = tmp_path / "out.pdf"
    counted: list[int] = []
    write_pdf(shown, path, Progress(counted.append))
    assert path.read_bytes().startswith(b"%PDF-")
    assert pages_in(path) == shown.page_count == 1
    assert len(picture_widths(path)) == 6
    assert counted == [1, 2, 3, 4, 5, 6]
    assert "Am Meer: Θάλασσα".encode("utf-16-be") in path.read_bytes().replace(b"\\", b"")
    assert b"resmem_gui" in path.read_bytes()


def test_each_page_begins_anew(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "out.pdf"
    write_pdf(sheet(50), path, Progress())
    assert pages_in(path) == sheet(50).page_count == 3


@pytest.mark.parametrize("dpi", [72, 150])
def test_images_are_as_sharp_as_asked_for_and_no_larger(
    qapp: QApplication, photos: list[SheetItem], tmp_path: Path, dpi: int
) -> None:
    shown = Sheet(photos[:1], FACTS, SheetOptions(columns=4, dpi=dpi))
    write_pdf(shown, tmp_path / "out.pdf", Progress())
    inches = shown.cell(0).frame.width() / DOTS_PER_INCH
    assert picture_widths(tmp_path / "out.pdf") == [pytest.approx(inches * dpi, abs=1)]


def test_a_small_image_is_not_made_larger(
    qapp: QApplication, make_images: Callable[..., list[Path]], tmp_path: Path
) -> None:
    item = SheetItem(str(make_images(1)[0]), "a.png", 1, 0.5, 50.0)
    write_pdf(Sheet([item], FACTS, SheetOptions()), tmp_path / "out.pdf", Progress())
    assert picture_widths(tmp_path / "out.pdf") == [40]


def test_missing_and_broken_images_leave_the_others(
    qapp: QApplication, photos: list[SheetItem], tmp_path: Path
) -> None:
    Path(photos[0].path).unlink()
    Path(photos[1].path).write_bytes(b"no image")
    write_pdf(Sheet(photos, FACTS, SheetOptions()), tmp_path / "out.pdf", Progress())
    assert len(picture_widths(tmp_path / "out.pdf")) == 4


def test_the_pdf_can_be_read_again(qapp: QApplication, photos: list[SheetItem], tmp_path: Path) -> None:
    pdf = pytest.importorskip("PySide6.QtPdf")
    named = [replace(item, name=name) for item, name in zip(photos, [*NAMES, "a b.jpg"], strict=True)]
    write_pdf(Sheet(named, FACTS, SheetOptions(title="Sea")), tmp_path / "out.pdf", Progress())
    document = pdf.QPdfDocument()
    document.load(str(tmp_path / "out.pdf"))
    assert document.pageCount() == 1
    assert document.metaData(pdf.QPdfDocument.MetaDataField.Title) == "Sea"
    text = document.getAllText(0).text()
    for piece in ("Sea", "a b.jpg", "Θάλασσα.jpg", "Пляж.jpg", "n = 58,741", "Page 1 of 1"):
        assert piece in text
    document.close()


def test_cancelling_leaves_the_old_file_as_it_was(
    qapp: QApplication, photos: list[SheetItem], tmp_path: Path
) -> None:
    path = tmp_path / "out.pdf"
    path.write_text("old")
    progress = Progress(lambda done: progress.cancel() if done == 2 else None)
    with pytest.raises(CancelledError):
        write_pdf(Sheet(photos, FACTS, SheetOptions()), path, progress)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["out.pdf"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a limit on the size of files")
@pytest.mark.parametrize("limit", [0, 20_000, -200])
def test_a_full_disk_is_told_and_leaves_the_old_file(
    qapp: QApplication, photos: list[SheetItem], tmp_path: Path, limit: int
) -> None:
    import resource

    path = tmp_path / "out.pdf"
    write_pdf(Sheet(photos, FACTS, SheetOptions()), path, Progress())
    size = path.stat().st_size
    path.write_text("old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit if limit >= 0 else size + limit, hard))
    try:
        with pytest.raises(OSError, match="disk may be full"):
            write_pdf(Sheet(photos, FACTS, SheetOptions()), path, Progress())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["out.pdf"]


# Printing


def pdf_printer(shown: Sheet, path: Path) -> QPrinter:
    printer = printing.make_printer(shown)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def test_all_pages_are_printed(qapp: QApplication, tmp_path: Path) -> None:
    shown = sheet(50)
    printer = pdf_printer(shown, tmp_path / "printed.pdf")
    printing.print_sheet(printing.for_printer(shown, printer), printer, Progress())
    assert pages_in(tmp_path / "printed.pdf") == 3


def test_only_the_chosen_pages_are_printed(qapp: QApplication, tmp_path: Path) -> None:
    shown = sheet(90)
    printer = pdf_printer(shown, tmp_path / "printed.pdf")
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 3)
    assert printing.wanted_pages(shown, printer) == range(1, 3)
    printing.print_sheet(shown, printer, Progress())
    assert pages_in(tmp_path / "printed.pdf") == 2


def test_a_sheet_takes_the_paper_of_the_printer(qapp: QApplication, tmp_path: Path) -> None:
    printer = pdf_printer(sheet(paper="Letter", landscape=True), tmp_path / "printed.pdf")
    fitted = printing.for_printer(sheet(paper="A4"), printer)
    size = fitted.page
    assert (size.width(), size.height()) == pytest.approx((11 * DOTS_PER_INCH, 8.5 * DOTS_PER_INCH), rel=0.01)


# The window


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.stop()
    made.join()


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def dialog(
    qtbot: QtBot, photos: list[SheetItem], jobs: Jobs, settings: QSettings, window: QMainWindow
) -> Iterator[ContactSheetDialog]:
    made = show_contact_sheet(photos, FACTS, jobs, settings, window)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # so that tests can look at it afterwards
    qtbot.waitExposed(made)
    yield made
    made.close()
    made.deleteLater()


def colours(preview: PagePreview) -> int:
    picture = preview.grab().toImage()
    step = range(0, min(picture.width(), picture.height()), 3)
    return len({picture.pixel(x, y) for x in step for y in step})


def test_the_preview_shows_images_when_they_are_decoded(
    qtbot: QtBot, window: QMainWindow, photos: list[SheetItem], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = threading.Event()

    def wait_and_load(path: str, edge: int) -> Picture:
        assert opened.wait(WAIT_MS / 1000)
        return writing.load_picture(path, edge)

    monkeypatch.setattr("resmem_gui.ui.contact_sheet.preview.load_picture", wait_and_load)
    preview = PagePreview(window)
    window.setCentralWidget(preview)
    window.resize(400, 500)
    window.show()  # a hidden widget is told its size with each picture taken of it, and draws anew
    qtbot.waitExposed(window)
    preview.set_sheet(Sheet(photos, FACTS, SheetOptions()))
    qtbot.wait(150)  # what was asked for before is drawn by then
    empty = colours(preview)
    opened.set()
    qtbot.waitUntil(lambda: preview.is_complete, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: colours(preview) > empty + 200, timeout=WAIT_MS)
    preview.stop()


def test_the_preview_follows_the_choices(qtbot: QtBot, dialog: ContactSheetDialog) -> None:
    qtbot.waitUntil(lambda: dialog.preview.is_complete, timeout=WAIT_MS)
    before = dialog.preview.grab().toImage()
    dialog.form.title.setText("Another title")
    qtbot.waitUntil(lambda: dialog.preview.grab().toImage() != before)
    assert "6 images on 1 page, 20 to a page" in dialog.message.text()
    dialog.form.columns.setValue(2)
    dialog.form.orientation.setCurrentIndex(1)
    assert "6 images on 3 pages, 2 to a page" in dialog.message.text()


def test_choices_are_remembered(
    qtbot: QtBot, dialog: ContactSheetDialog, settings: QSettings, jobs: Jobs, window: QMainWindow
) -> None:
    form = dialog.form
    form.paper.setCurrentText("Letter")
    form.orientation.setCurrentIndex(1)
    form.columns.setValue(7)
    form.captions[Caption.RATING].setChecked(False)
    form.resolution.setCurrentIndex(1)
    form.date.setChecked(False)
    dialog.close()
    settings.sync()
    again = show_contact_sheet(items(1), FACTS, jobs, settings, window)
    chosen = again.form.options()
    assert (chosen.paper, chosen.landscape, chosen.columns, chosen.dpi) == ("Letter", True, 7, 300)
    assert chosen.captions == frozenset(Caption) - {Caption.RATING}
    assert chosen.date == ""
    again.close()


def test_damaged_settings_give_the_defaults(
    qtbot: QtBot, settings: QSettings, jobs: Jobs, window: QMainWindow
) -> None:
    for name in ("paper", "orientation", "columns", "captions", "dpi"):
        settings.setValue(f"contact_sheet/{name}", "nonsense")
    dialog = show_contact_sheet(items(1), FACTS, jobs, settings, window)
    chosen = dialog.form.options()
    assert chosen.paper in ("A4", "Letter")
    assert (chosen.landscape, chosen.columns, chosen.dpi) == (False, 4, 150)
    dialog.close()


def test_a_pdf_is_saved_and_told(qtbot: QtBot, dialog: ContactSheetDialog, tmp_path: Path) -> None:
    path = tmp_path / "out.pdf"
    with qtbot.waitSignal(dialog.saved, timeout=WAIT_MS) as saved:
        dialog.save_to(str(path))
        assert dialog.is_busy
        assert not dialog.form.isEnabled()
    assert saved.args == [str(path)]
    assert pages_in(path) == 1
    assert "1 page saved to" in dialog.message.text()
    assert dialog.form.isEnabled()
    assert dialog.open_button.isVisible()


def test_what_cannot_be_written_is_told(qtbot: QtBot, dialog: ContactSheetDialog, tmp_path: Path) -> None:
    dialog.save_to(str(tmp_path / "no folder" / "out.pdf"))
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=WAIT_MS)
    assert "could not be written: No such file" in dialog.message.text()
    assert "Save it elsewhere." in dialog.message.text()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Hold decoding for the PDF back until it is opened."""
    opened = threading.Event()
    load = writing.load_picture

    def wait_and_load(path: str, edge: int) -> Picture:
        assert opened.wait(WAIT_MS / 1000)
        return load(path, edge)

    monkeypatch.setattr(writing, "load_picture", wait_and_load)
    yield opened
    opened.set()


def test_escape_cancels_and_the_window_stays(
    qtbot: QtBot, dialog: ContactSheetDialog, gate: threading.Event, tmp_path: Path
) -> None:
    dialog.save_to(str(tmp_path / "out.pdf"))
    assert dialog.close_button.text() == "Cancel"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    gate.set()
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=WAIT_MS)
    assert dialog.isVisible()
    assert "Cancelled" in dialog.message.text()
    assert not (tmp_path / "out.pdf").exists()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_closing_while_saving_leaves_nothing_behind(
    qtbot: QtBot, photos: list[SheetItem], settings: QSettings, gate: threading.Event, tmp_path: Path
) -> None:
    jobs, window = Jobs(), QMainWindow()
    qtbot.addWidget(window)
    dialog = show_contact_sheet(photos, FACTS, jobs, settings, window)
    dialog.save_to(str(tmp_path / "out.pdf"))
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    gate.set()
    jobs.stop()
    qtbot.waitUntil(lambda: jobs.has_ended, timeout=WAIT_MS)
    qtbot.wait(20)  # what the job still answers arrives
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".part"] == []
    assert not (tmp_path / "out.pdf").exists()


def test_printing_says_what_was_sent(qtbot: QtBot, dialog: ContactSheetDialog, tmp_path: Path) -> None:
    dialog.print_on(pdf_printer(dialog.sheet(), tmp_path / "printed.pdf"))
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=WAIT_MS)
    assert "1 page sent to the printer" in dialog.message.text()
    assert pages_in(tmp_path / "printed.pdf") == 1


def test_the_print_dialog_does_not_stop_the_program(qtbot: QtBot, dialog: ContactSheetDialog) -> None:
    dialog.ask_for_printer()
    asked = dialog.findChild(QPrintDialog)
    assert isinstance(asked, QPrintDialog)
    asked.reject()
    assert not dialog.is_busy


def test_the_file_dialog_proposes_the_title(
    qtbot: QtBot, dialog: ContactSheetDialog, settings: QSettings, tmp_path: Path
) -> None:
    settings.setValue("files/contact_sheet", str(tmp_path))
    dialog.form.title.setText("Sea: May/June")
    dialog.save()
    asked = dialog.findChild(QFileDialog)
    assert isinstance(asked, QFileDialog)
    assert [Path(name).name for name in asked.selectedFiles()] == ["Sea May June.pdf"]
    asked.reject()


@pytest.mark.parametrize(
    ("title", "stem"), [("", "contact sheet"), ("..", "contact sheet"), ("a/b\tc", "a b c"), ("海", "海")]
)
def test_a_title_becomes_a_file_name(title: str, stem: str) -> None:
    assert file_stem(title) == stem


def test_no_two_fields_or_buttons_share_a_letter(dialog: ContactSheetDialog) -> None:
    labels = [label.text() for label in dialog.findChildren(QLabel) if label is not dialog.message]
    buttons = [button.text() for button in dialog.findChildren(QAbstractButton)]
    keys = [QKeySequence.mnemonic(text).toString() for text in (*labels, *buttons)]
    used = sorted(filter(None, keys))
    assert used == sorted(set(used))
    assert {"Alt+O", "Alt+S", "Alt+I"} <= set(used)


def test_saving_stands_before_printing_and_both_before_closing(dialog: ContactSheetDialog) -> None:
    buttons = (dialog.save_button, dialog.print_button, dialog.close_button)
    places = [button.mapTo(dialog, QPoint()).x() for button in buttons]
    assert places == sorted(places)
