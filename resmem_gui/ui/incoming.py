"""What is dropped or pasted: files, folders, or a picture without a file."""

import itertools
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage


@dataclass(frozen=True)
class Incoming:
    """What a drop or the clipboard brings.

    Attributes:
        paths: Local files and folders.
        picture: A picture that is in no file, such as a copied part of a page.
        remote: How many addresses of other machines were among it: they are never fetched.
    """

    paths: list[str] = field(default_factory=list)
    picture: QImage | None = None
    remote: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to add."""
        return not self.paths and self.picture is None


def carries_images(data: QMimeData) -> bool:
    """Return whether it is worth looking closer, without reading anything."""
    return data.hasUrls() or data.hasImage()


def read_incoming(data: QMimeData | None) -> Incoming:
    """Return the files, folders or picture in a drop or on the clipboard, which may be empty."""
    if data is None:
        return Incoming()
    urls = data.urls() if data.hasUrls() else _urls_in(data.text())
    paths = [url.toLocalFile() for url in urls if url.isLocalFile()]
    remote = sum(not url.isLocalFile() for url in urls)
    picture = None
    if not paths and data.hasImage():
        image = data.imageData()
        picture = image if isinstance(image, QImage) and not image.isNull() else None
    return Incoming(paths, picture, remote)


def _urls_in(text: str) -> list[QUrl]:
    """Return the files named in plain text, one a line, as file managers and terminals copy them.

    A text with any other line in it is just a text.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    urls = [QUrl(line) if line.startswith("file://") else QUrl.fromLocalFile(line) for line in lines]
    return urls if all(Path(url.toLocalFile()).is_absolute() for url in urls) else []


def keep_picture(picture: QImage, folder: Path, name: str) -> str:
    """Write a picture as PNG under a name that is not taken yet; return its path.

    Raises:
        OSError: It cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        path = folder / (f"{name}.png" if number == 1 else f"{name} ({number}).png")
        try:
            path.touch(exist_ok=False)
        except FileExistsError:
            continue
        if not picture.save(str(path), "PNG"):  # type: ignore[call-overload]
            path.unlink()
            raise OSError("the disk is full or the folder cannot be written to")
        return str(path)
    raise AssertionError("count() does not end")
