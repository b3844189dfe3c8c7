"""The PDF file of a report."""

import io
import re
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from resmem_gui.analysis.cautions import sentence
from resmem_gui.export.report import figure
from resmem_gui.export.report.building import report_content
from resmem_gui.export.report.content import PICTURE_EDGE, ReportOptions, TableKind
from resmem_gui.traits import Caution
from resmem_gui.ui import theme
from resmem_gui.ui.documents.progress import CancelledError, Progress
from resmem_gui.ui.report import making
from resmem_gui.ui.report.making import load_jpeg
from resmem_gui.ui.report.pdf import write_pdf
from tests.ui.documents.files import pages_in, room_for, text_in
from tests.ui.documents.reports import content, source

NAMES = [
    "Θάλασσα.jpg",
    "Пляж.jpg",
    "شاطئ البحر.jpg",
    "海辺.jpg",
    "\u202egpj.exe",
    "x" * 240 + ".png",
    "bad\udcff.jpg",
]


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_pdf_has_its_pages_and_its_text(
    qapp: QApplication, photos: list[str], tmp_path: Path, paper: str
) -> None:
    path, told = tmp_path / "out.pdf", []
    made = content(photos, title="Am Meer: Θάλασσα", note="For the committee.", paper=paper)
    count = write_pdf(made, path, Progress(lambda done, pages: told.append((done, pages))))
    assert pages_in(path) == count
    assert told == [(number, count) for number in range(1, count + 1)]
    box = re.search(rb"/MediaBox \[0 0 (\d+)[\d.]* (\d+)", path.read_bytes())
    assert box is not None
    assert (int(box[1]), int(box[2])) == ((595, 842) if paper == "A4" else (612, 792))
    text = text_in(path)
    for piece in (
        "Am Meer: Θάλασσα", "For the committee.", "9 images, 1 without a score", "What they do not say",
        "0.64–0.68", "Summary statistics", "measured on people, n = 58,741", "image3.jpg",
        sentence(Caution.FACE),
        "At the floor, Face", "Under each picture: rank","The file is cut off.", "10.1007/s42113-022-00126-5",
        "@article{needell2022embracing", "program · version 1.2.3", f"Page 1 of {count}",
        f"Page {count} of {count}", "1 May 2026",
    ):  # fmt: skip
        assert piece in text, piece


def test_fonts_are_in_the_file_and_the_figure_is_no_picture(
    qapp: QApplication, photos: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "out.pdf"
    write_pdf(content(photos), path, Progress())
    data = path.read_bytes()
    assert b"/FontFile" in data
    assert len(re.findall(rb"/Subtype /Image", data)) == 8  # the pictures and nothing else


def test_names_of_all_scripts_are_written(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "out.pdf"
    write_pdf(content([f"/nowhere/{name}" for name in NAMES]), path, Progress())
    text = text_in(path)
    assert "Θάλασσα.jpg" in text
    assert "Пляж.jpg" in text
    assert "\u202egpj" not in text
    assert "The picture cannot be read now." in text


@pytest.mark.parametrize(
    ("kind", "least"), [(TableKind.FULL, 20), (TableKind.BRIEF, 10), (TableKind.NONE, 4)]
)
def test_a_thousand_images_are_listed(
    qapp: QApplication, tmp_path: Path, kind: TableKind, least: int
) -> None:
    paths = [f"/nowhere/folder {n % 7}/image number {n}.jpg" for n in range(1000)]
    count = write_pdf(content(paths, loads=False, table=kind), tmp_path / "out.pdf", Progress())
    assert least <= count <= 2 * least


def test_the_head_of_the_table_stands_on_each_of_its_pages(qapp: QApplication, tmp_path: Path) -> None:
    paths = [f"/nowhere/{n}.jpg" for n in range(200)]
    count = write_pdf(content(paths, loads=False), tmp_path / "out.pdf", Progress())
    heads = len(re.findall(r"\bPixels\b", text_in(tmp_path / "out.pdf")))
    assert 4 <= heads < count


def test_a_report_without_any_score_is_written(qapp: QApplication, tmp_path: Path, photos: list[str]) -> None:
    whole = source(photos)
    made = report_content(replace(whole, rows=whole.rows[-1:]), ReportOptions())
    write_pdf(made, tmp_path / "out.pdf", Progress())
    assert "No image of this report has a score." in text_in(tmp_path / "out.pdf")


def test_a_pdf_can_be_written_on_another_thread(
    qapp: QApplication, photos: list[str], tmp_path: Path
) -> None:
    done: list[int] = []
    thread = threading.Thread(
        target=lambda: done.append(write_pdf(content(photos), tmp_path / "out.pdf", Progress()))
    )
    thread.start()
    thread.join()
    assert done == [pages_in(tmp_path / "out.pdf")]


def test_cancelling_leaves_the_old_file_as_it_was(
    qapp: QApplication, photos: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "out.pdf"
    path.write_text("old")
    progress = Progress(lambda done, _pages: progress.cancel() if done == 2 else None)
    with pytest.raises(CancelledError):
        write_pdf(content(photos), path, progress)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["out.pdf"]


@pytest.mark.parametrize("name", ["out.pdf", "out.html"])
def test_cancelling_among_the_pictures_loads_no_more(photos: list[str], tmp_path: Path, name: str) -> None:
    loaded: list[str] = []
    progress = Progress(lambda done, steps: progress.cancel() if (done, steps) == (3, 8) else None)

    def load(path: str) -> bytes | None:
        loaded.append(path)
        return None

    with pytest.raises(CancelledError):
        making.make_report(lambda: source(photos), ReportOptions(), tmp_path / name, progress, load)
    assert len(loaded) == 3
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a limit on the size of files")
@pytest.mark.parametrize("limit", [0, 20_000, -200])
@pytest.mark.parametrize("name", ["out.pdf", "out.html"])
def test_a_full_disk_is_told_and_leaves_the_old_file(
    qapp: QApplication, photos: list[str], tmp_path: Path, name: str, limit: int
) -> None:
    path, progress = tmp_path / name, Progress()

    def make() -> None:
        making.make_report(lambda: source(photos), ReportOptions(), path, progress)

    make()
    size = path.stat().st_size
    path.write_text("old")
    expected = pytest.raises(OSError, match=r"disk may be full|File too large")
    with room_for(limit if limit >= 0 else size + limit), expected:
        make()
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_pictures_are_jpeg_files_of_a_fair_size(photos: list[str], tmp_path: Path) -> None:
    jpeg = load_jpeg(photos[0])
    assert jpeg is not None
    assert jpeg.startswith(b"\xff\xd8")
    assert len(jpeg) < 200_000
    with Image.open(io.BytesIO(jpeg)) as image:
        assert max(image.size) == PICTURE_EDGE
    assert load_jpeg(str(tmp_path / "missing.jpg")) is None


def test_colours_mean_what_they_mean_in_the_window() -> None:
    for name, of_window in (
        (figure.IMAGES_INK, theme.LIBRARY_COLOR),
        (figure.BARS_INK, theme.LIBRARY_COLOR),
        (figure.REFERENCE_INK, theme.REFERENCE_COLOR),
    ):
        assert abs(QColor(name).hslHue() - of_window.hslHue()) <= 3
