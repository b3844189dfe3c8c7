"""Reports and tables written from the real window."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from resmem_gui.export.reading import read_table
from resmem_gui.export.saving import FORMATS
from resmem_gui.scoring.framings import SMALL_SHIFTS
from resmem_gui.ui.exports import KINDS
from resmem_gui.ui.report.report_dialog import ReportDialog
from tests.ui.measure_commands.desk import Desk, MakePictures, click, save_as

# The offscreen platform says of every menu that it can neither raise it nor give it all keys.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.mark.parametrize("ending", ["html", "pdf"])
def test_a_report_is_written(desk: Desk, make_pictures: MakePictures, tmp_path: Path, ending: str) -> None:
    ids = desk.add(*make_pictures(5))
    desk.select(*ids[:2])
    desk.do("report")
    dialog = desk.opened(ReportDialog)
    click(dialog.pdf_button if ending == "pdf" else dialog.html_button)
    path = tmp_path / f"report.{ending}"
    save_as(desk, dialog, path)
    desk.wait(lambda: "saved to" in dialog.message.text())
    assert "5 images" in dialog.message.text()
    content = path.read_bytes()
    assert content.startswith(b"%PDF" if ending == "pdf" else b"<!DOCTYPE html>")
    if ending == "html":
        for name in ("picture0.png", "Brightness 1", "LaMem"):
            assert name.encode() in content
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    desk.wait(lambda: desk.is_closed(ReportDialog))


def test_a_report_leaves_out_what_was_removed_meanwhile(
    desk: Desk, make_pictures: MakePictures, tmp_path: Path
) -> None:
    ids = desk.add(*make_pictures(5))
    desk.do("report")
    dialog = desk.opened(ReportDialog)
    gone = desk.controller.library.record(ids[0]).name
    desk.select(ids[0])
    desk.do("remove")
    dialog.save_to(str(tmp_path / "report.html"))
    desk.wait(lambda: "saved to" in dialog.message.text())
    assert "4 images" in dialog.message.text()
    assert gone.encode() not in (tmp_path / "report.html").read_bytes()


@pytest.mark.parametrize("ending", FORMATS)
def test_the_filter_of_the_dialog_chooses_the_format(
    desk: Desk, make_pictures: MakePictures, tmp_path: Path, ending: str
) -> None:
    ids = desk.add(*make_pictures(3))
    desk.controller.runs.measure_sensitivity(ids[:1], SMALL_SHIFTS)
    desk.settle()
    QTest.keyClick(desk.window, Qt.Key.Key_E, CONTROL)
    chosen = next(one for one in KINDS if f"*{ending})" in one)
    save_as(desk, desk.window, tmp_path / "table", chosen)
    path = tmp_path / f"table{ending}"
    desk.wait(lambda: f"3 rows written to {path}" in desk.notices())
    table = read_table(path)
    library = desk.controller.library
    assert [image["file"] for image in table.images] == [library.record(i).name for i in desk.rows()]
    known = library.sensitivity(ids[0])
    assert known is not None
    assert table.images[0]["sensitivity_low"] == pytest.approx(known.low, abs=1e-6)
    assert table.images[0]["sensitivity_recipe"] == SMALL_SHIFTS.id
    assert table.record is not None
    times = table.record.times
    assert "2" < times.began <= times.ended <= times.exported, "ISO 8601: in the order of the letters"
