"""The window of contact sheets."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from resmem_gui.ui.contact_sheet import writing
from resmem_gui.ui.contact_sheet.contact_sheet_dialog import ContactSheetDialog, show_contact_sheet
from resmem_gui.ui.contact_sheet.contents import Caption, SheetItem, SheetOptions
from resmem_gui.ui.contact_sheet.page_painter import Picture
from resmem_gui.ui.contact_sheet.preview import PagePreview
from resmem_gui.ui.contact_sheet.sheet import Sheet
from resmem_gui.ui.threads.background import Jobs
from tests.ui.conftest import WAIT_MS
from tests.ui.documents.files import pages_in
from tests.ui.documents.sheets import FACTS, items, pdf_printer


@pytest.fixture
def dialog(
    qtbot: QtBot, pictured: list[SheetItem], jobs: Jobs, settings: QSettings, window: QMainWindow
) -> Iterator[ContactSheetDialog]:
    made = show_contact_sheet(pictured, FACTS, jobs, settings, window)
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
    qtbot: QtBot, window: QMainWindow, pictured: list[SheetItem], monkeypatch: pytest.MonkeyPatch
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
    preview.set_sheet(Sheet(pictured, FACTS, SheetOptions()))
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


def test_saving_stands_before_printing_and_both_before_closing(dialog: ContactSheetDialog) -> None:
    buttons = (dialog.save_button, dialog.print_button, dialog.close_button)
    places = [button.mapTo(dialog, QPoint()).x() for button in buttons]
    assert places == sorted(places)
