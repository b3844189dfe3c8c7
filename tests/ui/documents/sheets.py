"""Contact sheets for tests."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtPrintSupport import QPrinter

from resmem_gui.ui.contact_sheet import printing
from resmem_gui.ui.contact_sheet.contents import SheetFacts, SheetItem, SheetOptions
from resmem_gui.ui.contact_sheet.sheet import Sheet

FACTS = SheetFacts((("LaMem", 58_741),), 30)
#: "Beach" in scripts whose letters are joined, written from the right, or many.
NAMES = ["Θάλασσα.jpg", "Пляж.jpg", "חוף.jpg", "شاطئ.jpg", "海辺.jpg"]


def items(count: int, folder: str = "/nowhere") -> list[SheetItem]:
    return [
        SheetItem(f"{folder}/image{number}.png", f"image{number}.png", number, 0.5, 50.0, number % 6)
        for number in range(1, count + 1)
    ]


def sheet(count: int = 30, facts: SheetFacts = FACTS, **options: object) -> Sheet:
    return Sheet(items(count), facts, replace(SheetOptions(), **options))  # type: ignore[arg-type]


def pdf_printer(shown: Sheet, path: Path) -> QPrinter:
    printer = printing.make_printer(shown)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer
