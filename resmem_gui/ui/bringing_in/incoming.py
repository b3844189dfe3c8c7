"""What is dropped or pasted: files, folders, a picture without a file, or addresses of images."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from resmem_gui.images.clean_names import take_name
from resmem_gui.ui.bringing_in.addresses import is_data_address, parse_address

#: What browsers offer beside the list of addresses that all programs know.
_MOZ_IMAGE: Final = "application/x-moz-file-promise-url"
_MOZ_URL: Final = "text/x-moz-url"
_NETSCAPE_URL: Final = "_NETSCAPE_URL"
_MOST_ADDRESSES: Final = 200


@dataclass(frozen=True)
class Incoming:
    """What a drop or the clipboard brings.

    Attributes:
        paths: Local files and folders.
        picture: A picture that is in no file, such as a copied part of a page.
        name: What the picture was called where it comes from; perhaps empty.
        addresses: Addresses of images that are in no file of this machine: `http:`, `https:` or `data:`.
        strange: Addresses of other kinds, which lead nowhere from here.
    """

    paths: list[str] = field(default_factory=list)
    picture: QImage | None = None
    name: str = ""
    addresses: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to add."""
        return not self.paths and self.picture is None and not self.addresses and not self.strange


def carries_images(data: QMimeData) -> bool:
    """Return whether it is worth looking closer, without reading anything."""
    return (
        data.hasUrls()
        or data.hasImage()
        or data.hasHtml()
        or any(data.hasFormat(name) for name in (_MOZ_IMAGE, _MOZ_URL, _NETSCAPE_URL))
    )


def read_incoming(data: QMimeData | None) -> Incoming:
    """Return what is in a drop or on the clipboard, which may be empty.

    The best of what is offered: a file of this machine, else the picture itself, else its address. Only the
    last one needs another machine.
    """
    if data is None:
        return Incoming()
    linked = _linked(data)
    paths = _local_files(linked)
    if paths:
        return Incoming(paths)
    shown = _shown(data) or [bytes(url.toEncoded().data()).decode() for url in linked]
    shown = shown[:_MOST_ADDRESSES]
    addresses = [text for text in shown if is_data_address(text) or parse_address(text)]
    picture = data.imageData() if data.hasImage() else None
    if isinstance(picture, QImage) and not picture.isNull():
        return Incoming(picture=picture, name=_name_of(addresses))
    if local := _local_files([QUrl(text) for text in shown]):
        return Incoming(local)
    strange = [text for text in shown if text not in addresses]
    return Incoming(addresses=addresses, strange=strange)


def keep_picture(picture: QImage, folder: Path, name: str) -> str:
    """Write a picture as PNG under a name that is not taken yet; return its path.

    Raises:
        OSError: It cannot be written.
    """
    path = take_name(folder, f"{name}.png")
    if not picture.save(str(path), "PNG"):  # type: ignore[call-overload]
        path.unlink()
        raise OSError("the disk is full or the folder cannot be written to")
    return str(path)


def _linked(data: QMimeData) -> list[QUrl]:
    """Return the addresses that what is dragged stands for. For an image inside a link: the link's."""
    if data.hasUrls():
        return data.urls()
    for name in (_MOZ_URL, _NETSCAPE_URL):
        # Each address is followed by a line with its title.
        if lines := _text_in(data, name).splitlines()[::2]:
            return [QUrl(line) for line in lines]
    return _named_in(data.text())


def _shown(data: QMimeData) -> list[str]:
    """Return the addresses of the images themselves, where they are told."""
    sources = _Images()
    sources.feed(data.html() if data.hasHtml() else "")
    return list(sources.found) or _text_in(data, _MOZ_IMAGE).split()


def _text_in(data: QMimeData, name: str) -> str:
    content = bytes(data.data(name).data())
    text = content.decode("utf-16-le" if b"\0" in content else "utf-8", "replace")
    return text.strip("\ufeff\0\r\n ")


def _named_in(text: str) -> list[QUrl]:
    """Return the files or addresses in plain text, one a line, as terminals and address bars copy them.

    A text with any other line in it is just a text.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if all(parse_address(line) or is_data_address(line) for line in lines):
        return [QUrl(line) for line in lines]
    urls = [QUrl(line) if line.startswith("file://") else QUrl.fromLocalFile(line) for line in lines]
    return urls if all(Path(url.toLocalFile()).is_absolute() for url in urls) else []


def _local_files(urls: list[QUrl]) -> list[str]:
    return [url.toLocalFile() for url in urls if url.isLocalFile()]


def _name_of(addresses: list[str]) -> str:
    """Return the name of the one image that these lead to."""
    address = parse_address(addresses[0]) if len(addresses) == 1 else None
    return address.name if address else ""


class _Images(HTMLParser):
    """Notes the sources of the images in a piece of a page, each once."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an image."""
        source = (dict(attrs).get("src") or "").strip() if tag == "img" else ""
        if source:
            self.found[source] = None
