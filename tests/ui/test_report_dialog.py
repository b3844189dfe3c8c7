"""The report in the window: how pages are filled, the PDF file, and the dialog."""

import io
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QFontMetricsF, QKeySequence, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.cautions import sentence
from resmem_gui.analysis.reference import load_lamem
from resmem_gui.export.columns import COLUMNS
from resmem_gui.export.report.building import report_content
from resmem_gui.export.report.content import (
    PICTURE_EDGE,
    CancelledError,
    ReportContent,
    ReportOptions,
    ReportSource,
    TableKind,
)
from resmem_gui.traits import Caution
from resmem_gui.ui.report import making
from resmem_gui.ui.report.choices_form import Scope
from resmem_gui.ui.report.making import load_jpeg
from resmem_gui.ui.report.pdf import write_pdf
from resmem_gui.ui.report.pieces import Piece, Placed, paginate, together
from resmem_gui.ui.report.report_dialog import ReportDialog, show_report
from resmem_gui.ui.report.typography import BODY, lines_of
from resmem_gui.ui.threads.background import Jobs
from tests.ui.conftest import WAIT_MS

NAMES = [
    "Θάλασσα.jpg",
    "Пляж.jpg",
    "شاطئ البحر.jpg",
    "海辺.jpg",
    "\u202egpj.exe",
    "x" * 240 + ".png",
    "bad\udcff.jpg",
]
COUNTS = {Scope.ALL: 8, Scope.SHOWN: 5, Scope.SELECTED: 2}


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the paths of eight images of noise, 640 by 480 pixels."""
    folder = tmp_path_factory.mktemp("photos")
    random = np.random.default_rng(1)
    paths = []
    for number in range(8):
        path = folder / f"image{number}.jpg"
        Image.fromarray(random.integers(0, 255, (480, 640, 3), dtype=np.uint8)).save(path)
        paths.append(str(path))
    return paths


def source(paths: list[str]) -> ReportSource:
    lamem = load_lamem()
    scores = np.linspace(0.9, 0.4, len(paths))
    rows = []
    for rank, (path, score) in enumerate(zip(paths, scores, strict=True), 1):
        row: dict[str, Any] = dict.fromkeys(COLUMNS)
        row |= {
            "path": path,
            "score": float(score),
            "percentile": 50.0,
            "reference": "LaMem",
            "rank": float(rank),
        }
        row |= {"at_floor": bool(score < 0.42), "cautions": "face", "width": 640, "height": 480}
        rows.append(row)
    failed: dict[str, Any] = dict.fromkeys(COLUMNS)
    failed |= {"path": str(Path(paths[0]).with_name("broken.jpg")), "error": "The file is cut off."}
    record = {"program": {"name": "resmem_gui", "version": "1.2.3"}}
    return ReportSource((*rows, failed), (lamem,), record, len(rows))


def content(paths: list[str], *, pictures: bool = True, **options: Any) -> ReportContent:
    made = report_content(source(paths), replace(ReportOptions(date="1 May 2026"), **options))
    return made.with_pictures(load_jpeg) if pictures else made


def pages_in(path: Path) -> int:
    return len(re.findall(rb"/Type /Page\b", path.read_bytes()))


def text_in(path: Path) -> str:
    if shutil.which("pdftotext") is None:
        return text_by_qt(path)
    run = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True, timeout=60)
    return " ".join(run.stdout.decode("utf-8").split())


def text_by_qt(path: Path) -> str:
    pdf = pytest.importorskip("PySide6.QtPdf")
    document = pdf.QPdfDocument()
    document.load(str(path))
    text = " ".join(document.getAllText(page).text() for page in range(document.pageCount()))
    document.close()
    return " ".join(text.split())


# Pages


def nothing(painter: QPainter, top: float) -> None:
    """Paint nothing."""


def tops(pages: list[list[Placed]]) -> list[list[float]]:
    return [[placed.top for placed in page] for page in pages]


def test_pieces_fill_a_page_and_go_on_with_the_next() -> None:
    assert tops(paginate([Piece(40, nothing)] * 5, 100)) == [[0, 40], [0, 40], [0]]


def test_what_keeps_together_is_moved_together() -> None:
    group = together([Piece(30, nothing), Piece(10), Piece(30, nothing)])
    assert tops(paginate([Piece(40, nothing), *group, Piece(20, nothing)], 100)) == [[0], [0, 40, 70]]


def test_a_group_that_is_taller_than_a_page_is_torn() -> None:
    group = together([Piece(40, nothing)] * 4)
    assert tops(paginate([Piece(30, nothing), *group], 100)) == [[0, 30], [0, 40], [0]]


def test_a_gap_vanishes_at_the_top_of_a_page() -> None:
    assert tops(paginate([Piece(10), Piece(95, nothing), Piece(20), Piece(10, nothing)], 100)) == [[0], [0]]


def test_the_head_of_a_table_is_repeated() -> None:
    drawn: list[str] = []
    head = Piece(20, lambda _painter, _top: drawn.append("head"))
    rows = [Piece(30, lambda _painter, _top: drawn.append("row"), head=head) for _ in range(4)]
    pages = paginate([head, *rows], 100)
    assert tops(pages) == [[0, 20, 50], [0, 20, 50]]
    pages[1][0].paint(QPainter(), 0)
    assert drawn == ["head"]


def test_a_piece_can_begin_a_page() -> None:
    assert tops(paginate([Piece(10, nothing), Piece(10, nothing, breaks=True)], 100)) == [[0], [0]]


def test_no_page_is_empty_and_nothing_is_lost() -> None:
    pieces = [Piece(float(n % 37 + 1), nothing if n % 5 else None, keeps=n % 3 == 0) for n in range(500)]
    pages = paginate(pieces, 90)
    assert all(pages)
    assert sum(map(len, pages)) == sum(piece.paint is not None for piece in pieces)


# Lines


@pytest.mark.parametrize(
    "text", ["word " * 60, "x" * 300, "海" * 200, "😀" * 100, "شاطئ البحر " * 30, "a\nb\n\nc", ""]
)
def test_text_is_broken_into_lines_that_fit(qapp: QApplication, text: str) -> None:
    width = 1500.0
    lines = lines_of(text, BODY, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    metrics = QFontMetricsF(BODY.font())
    assert all(metrics.horizontalAdvance(line) <= width * 1.02 for line in lines)
    if "\n" in text:
        assert lines == ["a", "b", "", "c"]


# The PDF


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_pdf_has_its_pages_and_its_text(
    qapp: QApplication, photos: list[str], tmp_path: Path, paper: str
) -> None:
    path, told = tmp_path / "out.pdf", []
    made = content(photos, title="Am Meer: Θάλασσα", note="For the committee.", paper=paper)
    count = write_pdf(made, path, lambda done, pages: told.append((done, pages)))
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
        "At the floor, Face", "The file is cut off.", "10.1007/s42113-022-00126-5",
        "@article{needell2022embracing", "program · version 1.2.3", f"Page 1 of {count}",
        f"Page {count} of {count}", "1 May 2026",
    ):  # fmt: skip
        assert piece in text, piece


def test_fonts_are_in_the_file_and_the_figure_is_no_picture(
    qapp: QApplication, photos: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "out.pdf"
    write_pdf(content(photos, pictures=True), path)
    data = path.read_bytes()
    assert b"/FontFile" in data
    assert len(re.findall(rb"/Subtype /Image", data)) == 8  # the pictures and nothing else


def test_names_of_all_scripts_are_written(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "out.pdf"
    write_pdf(content([f"/nowhere/{name}" for name in NAMES]), path)
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
    count = write_pdf(content(paths, pictures=False, table=kind), tmp_path / "out.pdf")
    assert least <= count <= 2 * least


def test_the_head_of_the_table_stands_on_each_of_its_pages(qapp: QApplication, tmp_path: Path) -> None:
    paths = [f"/nowhere/{n}.jpg" for n in range(200)]
    count = write_pdf(content(paths, pictures=False), tmp_path / "out.pdf")
    heads = len(re.findall(r"\bPixels\b", text_in(tmp_path / "out.pdf")))
    assert 4 <= heads < count


def test_a_report_without_any_score_is_written(qapp: QApplication, tmp_path: Path, photos: list[str]) -> None:
    whole = source(photos)
    made = report_content(replace(whole, rows=whole.rows[-1:]), ReportOptions())
    write_pdf(made, tmp_path / "out.pdf")
    assert "No image of this report has a score." in text_in(tmp_path / "out.pdf")


def test_a_pdf_can_be_written_on_another_thread(
    qapp: QApplication, photos: list[str], tmp_path: Path
) -> None:
    done: list[int] = []
    thread = threading.Thread(target=lambda: done.append(write_pdf(content(photos), tmp_path / "out.pdf")))
    thread.start()
    thread.join()
    assert done == [pages_in(tmp_path / "out.pdf")]


def test_cancelling_leaves_the_old_file_as_it_was(
    qapp: QApplication, photos: list[str], tmp_path: Path
) -> None:
    path, told = tmp_path / "out.pdf", []
    path.write_text("old")
    with pytest.raises(CancelledError):
        write_pdf(content(photos), path, lambda done, _pages: told.append(done), lambda: len(told) == 2)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["out.pdf"]


@pytest.mark.parametrize("name", ["out.pdf", "out.html"])
def test_cancelling_among_the_pictures_loads_no_more(photos: list[str], tmp_path: Path, name: str) -> None:
    loaded: list[str] = []
    progress = making.Progress(lambda done, steps: progress.cancel() if (done, steps) == (3, 8) else None)

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
    import resource

    path, progress = tmp_path / name, making.Progress()

    def make() -> None:
        making.make_report(lambda: source(photos), ReportOptions(), path, progress)

    make()
    size = path.stat().st_size
    path.write_text("old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit if limit >= 0 else size + limit, hard))
    try:
        with pytest.raises(OSError, match=r"disk may be full|File too large"):
            make()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
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
def taken() -> list[Scope]:
    return []


@pytest.fixture
def take(photos: list[str], taken: list[Scope]) -> Callable[[Scope], Callable[[], ReportSource]]:
    def made(scope: Scope) -> Callable[[], ReportSource]:
        taken.append(scope)
        return lambda: source(photos[: COUNTS[scope]])

    return made


@pytest.fixture
def dialog(
    qtbot: QtBot, take: Any, jobs: Jobs, settings: QSettings, window: QMainWindow
) -> Iterator[ReportDialog]:
    made = show_report(COUNTS, take, jobs, settings, window)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # so that tests can look at it afterwards
    qtbot.waitExposed(made)
    yield made
    made.close()
    made.deleteLater()


@pytest.mark.parametrize("name", ["out.pdf", "out.html", "OUT.HTM"])
def test_a_report_is_saved_and_told(qtbot: QtBot, dialog: ReportDialog, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with qtbot.waitSignal(dialog.saved, timeout=WAIT_MS) as saved:
        dialog.save_to(str(path))
        assert dialog.is_busy
        assert not dialog.form.isEnabled()
    assert saved.args == [str(path)]
    assert path.read_bytes().startswith(b"%PDF-" if name.endswith("pdf") else b"<!DOCTYPE html>")
    pages = f" on {pages_in(path)} pages" if name.endswith("pdf") else ""
    assert f"Report of 9 images{pages} saved to" in dialog.message.text()
    assert dialog.form.isEnabled()
    assert dialog.open_button.isVisible()


def test_it_is_driven_by_keys(qtbot: QtBot, dialog: ReportDialog, taken: list[Scope], tmp_path: Path) -> None:
    alt = Qt.KeyboardModifier.AltModifier
    dialog.activateWindow()
    QTest.keyClick(dialog, Qt.Key.Key_I, alt)
    QTest.keyClick(dialog.form.scope, Qt.Key.Key_Down)
    QTest.keyClick(dialog, Qt.Key.Key_T, alt)
    QTest.keyClick(dialog.form.title, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(dialog.form.title, "Sea: May/June")
    QTest.keyClick(dialog, Qt.Key.Key_N, alt)
    assert dialog.form.note.hasFocus()
    QTest.keyClicks(dialog.form.note, "For the committee.")
    QTest.keyClick(dialog.form.note, Qt.Key.Key_Tab)
    assert dialog.form.pictures.hasFocus()
    QTest.keyClicks(dialog.form.pictures, "3")
    chosen = dialog.form.options()
    assert (chosen.title, chosen.note, chosen.pictures) == ("Sea: May/June", "For the committee.", 3)
    assert chosen.covers == "the images shown by the filter"
    assert "5 images, the 3 best of them as pictures" in dialog.message.text()
    QTest.keyClick(dialog, Qt.Key.Key_H, alt)
    qtbot.waitUntil(lambda: dialog.findChild(QFileDialog) is not None)  # the button is seen to go down
    asked = dialog.findChild(QFileDialog)
    assert isinstance(asked, QFileDialog)
    assert [Path(name).name for name in asked.selectedFiles()] == ["Sea May June.html"]
    asked.reject()
    with qtbot.waitSignal(dialog.saved, timeout=WAIT_MS):
        dialog.save_to(str(tmp_path / "out.html"))
    assert taken == [Scope.SHOWN]
    text = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "Sea: May/June" in text
    assert text.count("data:image/jpeg") == 3


def test_only_scopes_with_images_are_offered(
    qtbot: QtBot, take: Any, jobs: Jobs, settings: QSettings, window: QMainWindow
) -> None:
    dialog = show_report({Scope.ALL: 8, Scope.SELECTED: 0}, take, jobs, settings, window)
    assert [dialog.form.scope.itemText(n) for n in range(dialog.form.scope.count())] == ["All images (8)"]
    dialog.close()


def test_choices_are_remembered(
    qtbot: QtBot, dialog: ReportDialog, take: Any, settings: QSettings, jobs: Jobs, window: QMainWindow
) -> None:
    form = dialog.form
    form.paper.setCurrentText("Letter")
    form.pictures.setValue(0)
    form.table.setCurrentIndex(2)
    dialog.close()
    settings.sync()
    again = show_report(COUNTS, take, jobs, settings, window)
    chosen = again.form.options()
    assert (chosen.paper, chosen.pictures, chosen.table) == ("Letter", 0, TableKind.NONE)
    assert "without pictures" in again.message.text()
    again.close()


def test_damaged_settings_give_the_defaults(
    qtbot: QtBot, take: Any, settings: QSettings, jobs: Jobs, window: QMainWindow
) -> None:
    for name in ("paper", "pictures", "table", "size"):
        settings.setValue(f"report/{name}", "nonsense")
    dialog = show_report(COUNTS, take, jobs, settings, window)
    chosen = dialog.form.options()
    assert chosen.paper in ("A4", "Letter")
    assert (chosen.pictures, chosen.table) == (12, TableKind.FULL)
    dialog.close()


def test_what_cannot_be_written_is_told(qtbot: QtBot, dialog: ReportDialog, tmp_path: Path) -> None:
    dialog.save_to(str(tmp_path / "no folder" / "out.pdf"))
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=WAIT_MS)
    assert "could not be written: No such file" in dialog.message.text()
    assert "Save it elsewhere." in dialog.message.text()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Hold the making of reports back until it is opened."""
    opened = threading.Event()
    make = making.make_report

    def wait_and_make(*arguments: Any) -> making.Made:
        assert opened.wait(WAIT_MS / 1000)
        return make(*arguments)

    monkeypatch.setattr(making, "make_report", wait_and_make)
    yield opened
    opened.set()


@pytest.mark.parametrize("name", ["out.pdf", "out.html"])
def test_escape_cancels_and_the_window_stays(
    qtbot: QtBot, dialog: ReportDialog, gate: threading.Event, tmp_path: Path, name: str
) -> None:
    dialog.save_to(str(tmp_path / name))
    assert dialog.close_button.text() == "Cancel"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    gate.set()
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=WAIT_MS)
    assert dialog.isVisible()
    assert "Cancelled" in dialog.message.text()
    assert not (tmp_path / name).exists()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_closing_while_saving_leaves_nothing_behind(
    qtbot: QtBot, take: Any, settings: QSettings, gate: threading.Event, tmp_path: Path
) -> None:
    jobs, window = Jobs(), QMainWindow()
    qtbot.addWidget(window)
    dialog = show_report(COUNTS, take, jobs, settings, window)
    dialog.save_to(str(tmp_path / "out.pdf"))
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    gate.set()
    jobs.stop()
    qtbot.waitUntil(lambda: jobs.has_ended, timeout=WAIT_MS)
    qtbot.wait(20)  # what the job still answers arrives
    assert not [file for file in tmp_path.iterdir() if file.suffix in (".part", ".pdf")]


def test_no_two_fields_or_buttons_share_a_letter(dialog: ReportDialog) -> None:
    labels = [label.text() for label in dialog.findChildren(QLabel) if label is not dialog.message]
    buttons = [button.text() for button in dialog.findChildren(QAbstractButton)]
    keys = [QKeySequence.mnemonic(text).toString() for text in (*labels, *buttons)]
    used = sorted(filter(None, keys))
    assert used == sorted(set(used))
    assert len(used) >= 8
