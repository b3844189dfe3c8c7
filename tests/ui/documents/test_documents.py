"""File names, progress, papers, and pages that cannot be begun."""

import contextlib
from pathlib import Path

import pytest
from PySide6.QtGui import QPainter, QPdfWriter
from PySide6.QtWidgets import QApplication

from resmem_gui.ui.documents.document_making import file_stem
from resmem_gui.ui.documents.pages import paint_pages
from resmem_gui.ui.documents.papers import DOTS_PER_INCH, PAPERS, page_layout, page_size, usual_paper
from resmem_gui.ui.documents.progress import CancelledError, Progress


@pytest.mark.parametrize(
    ("title", "stem"),
    [("", "report"), ("..", "report"), ("a/b\tc", "a b c"), ("海", "海"), ("con:1 ", "con 1"), ("x.", "x")],
)
def test_a_title_becomes_a_file_name(title: str, stem: str) -> None:
    assert file_stem(title, "report") == stem


def test_progress_is_told_until_it_is_cancelled() -> None:
    told: list[tuple[int, int]] = []
    progress = Progress(lambda done, steps: told.append((done, steps)))
    progress.tell(1, 3)
    progress.check()
    progress.cancel()
    with pytest.raises(CancelledError):
        progress.check()
    with pytest.raises(CancelledError):
        progress.tell(2, 3)
    assert told == [(1, 3), (2, 3)]


def test_a_paper_lies_as_asked_for() -> None:
    upright, lying = (page_size(page_layout("Letter", landscape=landscape)) for landscape in (False, True))
    assert (upright.width(), upright.height()) == pytest.approx((8.5 * DOTS_PER_INCH, 11 * DOTS_PER_INCH))
    assert lying == upright.transposed()
    assert usual_paper() in PAPERS


class FullDevice(QPdfWriter):
    """Takes one page and no more."""

    def newPage(self) -> bool:  # noqa: N802 - as Qt calls it
        return False


@pytest.mark.parametrize("count", [1, 2])
def test_a_page_that_cannot_be_begun_is_told(qapp: QApplication, tmp_path: Path, count: int) -> None:
    painted: list[tuple[int, float]] = []
    device = FullDevice(str(tmp_path / "out.pdf"))

    def paint(painter: QPainter, number: int) -> None:
        painted.append((number, painter.transform().m11()))

    with contextlib.nullcontext() if count == 1 else pytest.raises(OSError, match="could not be begun"):
        paint_pages(device, count, paint, scale=2.0)
    assert painted == [(0, 2.0)]
    assert not device.paintingActive()
