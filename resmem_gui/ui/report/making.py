"""Makes a report on another thread: what the library gives, its pictures, and the file."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from resmem_gui.export.report.building import report_content
from resmem_gui.export.report.content import PICTURE_EDGE, ReportContent, ReportOptions, ReportSource
from resmem_gui.export.report.html import html_report
from resmem_gui.images.decoding import decode_reduced
from resmem_gui.images.errors import ImageError
from resmem_gui.replacing import replacing
from resmem_gui.ui.documents.progress import Progress
from resmem_gui.ui.report.pdf import write_pdf

_JPEG_QUALITY: Final = 85
HTML_ENDINGS: Final = (".html", ".htm")


@dataclass(frozen=True, slots=True)
class Made:
    """A report that was written.

    Attributes:
        path: Of its file.
        images: How many it covers.
        pages: How many it has; None for HTML, which has none.
    """

    path: Path
    images: int
    pages: int | None


def load_jpeg(path: str) -> bytes | None:
    """Return an image as a JPEG file of at most `PICTURE_EDGE` pixels a side; None if it cannot be read."""
    try:
        picture = decode_reduced(path, PICTURE_EDGE)
    except (ImageError, MemoryError):
        return None  # the report says so in its place
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return stream.getvalue()


def make_report(
    collect: Callable[[], ReportSource],
    options: ReportOptions,
    path: Path,
    progress: Progress,
    load: Callable[[str], bytes | None] = load_jpeg,
) -> Made:
    """Write a report: HTML if the path ends like that, else PDF. All or nothing.

    Raises:
        OSError: The folder or the file cannot be written, or the disk is full.
        CancelledError: It was cancelled; nothing was written.
    """
    content = report_content(collect(), options)
    steps = len(content.pictured)
    content = content.with_pictures(load, lambda done: progress.tell(done, steps))
    progress.check()
    pages = None
    if path.suffix.lower() in HTML_ENDINGS:
        _write_html(content, path, progress)
    else:
        pages = write_pdf(content, path, progress)
    return Made(path, len(content.images) + len(content.unscored), pages)


def _write_html(content: ReportContent, path: Path, progress: Progress) -> None:
    text = html_report(content)
    progress.check()
    with replacing(path) as stream:
        stream.write(text.encode("utf-8"))
