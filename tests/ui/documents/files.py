"""What tests of documents look at in files, and a disk that is full."""

import contextlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


def pages_in(path: Path) -> int:
    return len(re.findall(rb"/Type /Page\b", path.read_bytes()))


def picture_widths(path: Path) -> list[int]:
    """Return the widths of the images in a PDF, in pixels."""
    objects = re.findall(rb"/Subtype /Image.*?>>", path.read_bytes(), re.DOTALL)
    widths = [re.search(rb"/Width (\d+)", part) for part in objects]
    return [int(width[1]) for width in widths if width]


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


@contextlib.contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file become larger than so many bytes, as on a disk that is full."""
    import resource  # Windows has none

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
