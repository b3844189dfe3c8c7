"""Contact sheets as PDF files, and on a printer."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from resmem_gui.ui.contact_sheet import printing
from resmem_gui.ui.contact_sheet.contents import SheetItem, SheetOptions
from resmem_gui.ui.contact_sheet.sheet import Sheet
from resmem_gui.ui.contact_sheet.writing import write_pdf
from resmem_gui.ui.documents.papers import DOTS_PER_INCH
from resmem_gui.ui.documents.progress import CancelledError, Progress
from tests.ui.documents.files import pages_in, picture_widths, room_for
from tests.ui.documents.sheets import FACTS, NAMES, pdf_printer, sheet


def test_a_pdf_has_all_pages_all_images_and_its_title(
    qapp: QApplication, pictured: list[SheetItem], tmp_path: Path
) -> None:
    shown = Sheet(pictured, FACTS, SheetOptions(title="Am Meer: Θάλασσα", columns=2))
    path = tmp_path / "out.pdf"
    counted: list[tuple[int, int]] = []
    write_pdf(shown, path, Progress(lambda done, steps: counted.append((done, steps))))
    assert path.read_bytes().startswith(b"%PDF-")
    assert pages_in(path) == shown.page_count == 1
    assert len(picture_widths(path)) == 6
    assert counted == [(done, 6) for done in range(1, 7)]
    assert "Am Meer: Θάλασσα".encode("utf-16-be") in path.read_bytes().replace(b"\\", b"")
    assert b"resmem_gui" in path.read_bytes()


def test_each_page_begins_anew(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "out.pdf"
    write_pdf(sheet(50), path, Progress())
    assert pages_in(path) == sheet(50).page_count == 3


def test_each_page_has_its_own_images(qapp: QApplication, pictured: list[SheetItem], tmp_path: Path) -> None:
    path, shown = tmp_path / "out.pdf", Sheet(pictured, FACTS, SheetOptions(columns=2, landscape=True))
    write_pdf(shown, path, Progress())
    assert pages_in(path) == 3
    assert len(picture_widths(path)) == 6


@pytest.mark.parametrize("dpi", [72, 150])
def test_images_are_as_sharp_as_asked_for_and_no_larger(
    qapp: QApplication, pictured: list[SheetItem], tmp_path: Path, dpi: int
) -> None:
    shown = Sheet(pictured[:1], FACTS, SheetOptions(columns=4, dpi=dpi))
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
    qapp: QApplication, pictured: list[SheetItem], tmp_path: Path
) -> None:
    Path(pictured[0].path).unlink()
    Path(pictured[1].path).write_bytes(b"no image")
    write_pdf(Sheet(pictured, FACTS, SheetOptions()), tmp_path / "out.pdf", Progress())
    assert len(picture_widths(tmp_path / "out.pdf")) == 4


def test_the_pdf_can_be_read_again(qapp: QApplication, pictured: list[SheetItem], tmp_path: Path) -> None:
    pdf = pytest.importorskip("PySide6.QtPdf")
    named = [replace(item, name=name) for item, name in zip(pictured, [*NAMES, "a b.jpg"], strict=True)]
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
    qapp: QApplication, pictured: list[SheetItem], tmp_path: Path
) -> None:
    path = tmp_path / "out.pdf"
    path.write_text("old")
    progress = Progress(lambda done, _steps: progress.cancel() if done == 2 else None)
    with pytest.raises(CancelledError):
        write_pdf(Sheet(pictured, FACTS, SheetOptions()), path, progress)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["out.pdf"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a limit on the size of files")
@pytest.mark.parametrize("limit", [0, 20_000, -200])
def test_a_full_disk_is_told_and_leaves_the_old_file(
    qapp: QApplication, pictured: list[SheetItem], tmp_path: Path, limit: int
) -> None:
    path = tmp_path / "out.pdf"
    write_pdf(Sheet(pictured, FACTS, SheetOptions()), path, Progress())
    size = path.stat().st_size
    path.write_text("old")
    with room_for(limit if limit >= 0 else size + limit), pytest.raises(OSError, match="disk may be full"):
        write_pdf(Sheet(pictured, FACTS, SheetOptions()), path, Progress())
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["out.pdf"]


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
