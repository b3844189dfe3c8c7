"""Fetches one image from another machine, on a thread of its own. Asks nobody: that is `Fetching`'s part."""

import http.client
import os
import socket
import ssl
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Any, Final, Self
from urllib.parse import urljoin

from PIL import Image, UnidentifiedImageError

import resmem_gui
from resmem_gui.images.clean_names import clean_name, take_name
from resmem_gui.images.formats import FORMATS, HEAD_BYTES, register_plugins, sniff
from resmem_gui.ui.bringing_in.addresses import Address, FetchError, parse_address

MAX_BYTES: Final = 200 * 10**6
TIMEOUT_S: Final = 20.0
_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PORTION: Final = 2**16
_UNFINISHED: Final = ".fetching-"
_PAGE_STARTS: Final = (b"<!doctype html", b"<html")
_PAGE_TYPES: Final = ("text/html", "application/xhtml+xml")
_USUAL_ENDINGS: Final = {"JPEG": ".jpg", "TIFF": ".tif", "HEIF": ".heic", "JPEG2000": ".jp2", "PPM": ".ppm"}
_NO_IMAGE: Final = "It is not an image in a format that this program reads."


class _CancelledError(Exception):
    """Nobody wants it any more."""


class Download:
    """One image on its way. `run` is called on a thread; `cancel` on any other, at any time.

    Attributes:
        address: Of the image.
        allowed: The hosts that may be contacted.
        received: How many bytes have come. May be read on any thread.
        length: How many there are; 0 while that is unknown. Likewise.
    """

    def __init__(self, address: Address, folder: Path, allowed: Collection[str]) -> None:
        """Prepare it; nothing is contacted yet.

        Args:
            address: Of the image; its host must be among the allowed ones.
            folder: Where the image is put.
            allowed: The hosts that may be contacted.
        """
        self.address = address
        self.allowed = frozenset(allowed)
        self.received = self.length = 0
        self._folder = folder
        self._cancelled = threading.Event()
        self._socket: socket.socket | None = None

    def cancel(self) -> None:
        """End it, also where it waits for an answer."""
        self._cancelled.set()
        opened = self._socket
        if opened is not None:
            with suppress(OSError):
                # As a plain socket: an encrypted one would first be asked to say goodbye.
                socket.socket.shutdown(opened, socket.SHUT_RDWR)

    def run(self) -> str | Address | None:
        """Fetch the image.

        Returns:
            The path of its file; the address that its host sends on to, on a host that is not allowed; or
            None if it was cancelled.

        Raises:
            FetchError: It could not be fetched, or is no image.
        """
        try:
            return self._follow()
        except (_CancelledError, FetchError, OSError, http.client.HTTPException, ValueError) as error:
            if self._cancelled.is_set():
                return None  # whatever it says: the line was cut
            if isinstance(error, FetchError):
                raise
            raise FetchError(_sentence(error, self.address.host)) from error

    def _follow(self) -> str | Address:
        """Ask, and ask where the answer sends on to."""
        address = self.address
        for _ in range(_MOST_REDIRECTS + 1):
            self._look()
            if address.host not in self.allowed:
                return address
            answer = self._ask(address)
            if isinstance(answer, http.client.HTTPResponse):
                with answer:
                    return self._take(answer, address)
            address = answer
        raise FetchError(f"{self.address.host} sends on from address to address without an end.")

    def _look(self) -> None:
        if self._cancelled.is_set():
            raise _CancelledError

    def _opened(self, opened: socket.socket) -> None:
        self._socket = opened
        self._look()

    def _ask(self, address: Address) -> http.client.HTTPResponse | Address:
        """Return the answer of a host, or where it sends on to."""
        headers = {"User-Agent": f"resmem_gui/{resmem_gui.__version__}", "Accept": "image/*,*/*;q=0.5"}
        request = urllib.request.Request(address.url, headers=headers)  # noqa: S310 - http(s) by its parsing
        try:
            answer = _opener(self._opened).open(request, timeout=TIMEOUT_S)
        except urllib.error.HTTPError as error:
            with error:
                if error.code not in _REDIRECTS:
                    raise FetchError(_refusal(error, address.host)) from error
                target = parse_address(urljoin(address.url, error.headers.get("Location", "")))
                if target is None:
                    raise FetchError(f"{address.host} sends on to an address that leads nowhere.") from error
                return target
        assert isinstance(answer, http.client.HTTPResponse)
        return answer

    def _take(self, answer: http.client.HTTPResponse, address: Address) -> str:
        declared = answer.getheader("Content-Length") or ""
        self.length = int(declared) if declared.isdecimal() else 0
        if self.length > MAX_BYTES:
            raise FetchError(_too_large(self.length))
        head = self._head(answer, address.host)
        # The name that was dragged, not the one that a host has sent on to, which is often a number.
        name = self.address.name or address.name
        with Unfinished(self._folder) as unfinished:
            self._copy(answer, head, unfinished.file)
            if self.received < self.length:
                raise FetchError(f"The connection to {address.host} ended before the image was complete.")
            self._look()
            return unfinished.keep(name)

    def _head(self, answer: http.client.HTTPResponse, host: str) -> bytes:
        """Return the first bytes, if they can be those of an image."""
        head = b""
        while len(head) < HEAD_BYTES and (portion := answer.read1(_PORTION)):
            self._look()
            head += portion
        if not head:
            raise FetchError(f"{host} answered with nothing.")
        kind = answer.headers.get_content_type()
        if sniff(head[:HEAD_BYTES]) is None:
            if kind in _PAGE_TYPES or head.lstrip().lower().startswith(_PAGE_STARTS):
                raise FetchError(
                    f"{host} answered with a page, not an image. Open the image itself and drag it, or save "
                    "it first."
                )
            if kind.startswith(("text/", "audio/", "video/")) or kind in (
                "application/json",
                "image/svg+xml",
            ):
                raise FetchError(f"{host} answered. {_NO_IMAGE}")
        return head

    def _copy(self, answer: http.client.HTTPResponse, head: bytes, file: IO[bytes]) -> None:
        portion = head
        while portion:
            self._look()
            self.received += len(portion)
            if self.received > MAX_BYTES:
                raise FetchError(_too_large(self.received))
            file.write(portion)
            portion = answer.read1(_PORTION)


class Unfinished:
    """A file that is not shown to anyone before it is known to be an image."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        number, path = tempfile.mkstemp(prefix=_UNFINISHED, dir=folder)
        self._path = Path(path)
        self.file = os.fdopen(number, "w+b")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self._path.unlink(missing_ok=True)

    def keep(self, name: str) -> str:
        """Give the file a clean name that is not taken, with the ending of its format; return its path.

        Raises:
            FetchError: It is no image.
        """
        self.file.flush()
        kind = _format_of(self.file)
        self.file.close()
        path = take_name(self._folder, _named_after(name, kind))
        self._path.replace(path)
        return str(path)


def _format_of(file: IO[bytes]) -> str:
    file.seek(0)
    kind = sniff(file.read(HEAD_BYTES))
    if kind is not None:
        return kind
    register_plugins()
    file.seek(0)
    try:
        with Image.open(file, formats=sorted(FORMATS & Image.OPEN.keys())) as image:
            return image.format or ""
    except UnidentifiedImageError as error:
        raise FetchError(_NO_IMAGE) from error
    except Exception as error:  # codecs raise whatever they like on hostile bytes
        raise FetchError("It is damaged.") from error


def _named_after(name: str, kind: str) -> str:
    endings = [ending for ending, owner in Image.registered_extensions().items() if owner == kind]
    stem, ending = os.path.splitext(clean_name(name, "image"))
    if ending.lower() in endings:
        return stem + ending
    return stem + _USUAL_ENDINGS.get(kind, min(endings, key=len, default=""))


def _opener(opened: Callable[[socket.socket], None]) -> urllib.request.OpenerDirector:
    """Return what speaks http and https, and nothing else: no files, no cookies, no redirects."""
    context = ssl.create_default_context()
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _HttpHandler(partial(_TellsSocket, opened=opened)),
        _HttpsHandler(partial(_HttpsConnection, opened=opened, context=context)),
    ):
        opener.add_handler(handler)
    opener.addheaders = []
    return opener


class _TellsSocket(http.client.HTTPConnection):
    """Tells its socket, so that it can be cut."""

    def __init__(self, host: str, *, opened: Callable[[socket.socket], None], **others: Any) -> None:  # noqa: ANN401
        super().__init__(host, **others)
        self._tell_opened = opened

    def connect(self) -> None:
        """Connect."""
        super().connect()
        self._tell_opened(self.sock)


class _HttpsConnection(_TellsSocket, http.client.HTTPSConnection):
    """The same over TLS; the order of the bases lets the socket be told when TLS has wrapped it."""


class _HttpHandler(urllib.request.HTTPHandler):
    def __init__(self, connection: Any) -> None:  # noqa: ANN401
        super().__init__()
        self._connection = connection

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Ask a host."""
        return self.do_open(self._connection, req)


class _HttpsHandler(urllib.request.HTTPSHandler):
    def __init__(self, connection: Any) -> None:  # noqa: ANN401
        super().__init__()
        self._connection = connection

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Ask a host."""
        return self.do_open(self._connection, req)


def _sentence(error: Exception, host: str) -> str:
    """Return why there is no answer."""
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, socket.gaierror):
        return f"{host} was not found. Look at the address and at the connection of this computer."
    if isinstance(reason, TimeoutError):
        return f"{host} did not answer within {TIMEOUT_S:.0f} seconds. Try again later."
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"{host} cannot show that it is {host} (its certificate is not valid): nothing was fetched."
    if isinstance(reason, OSError):
        return f"The image could not be fetched from {host}: {reason.strerror or reason}."
    return f"{host} gave an answer that cannot be understood."


def _refusal(error: urllib.error.HTTPError, host: str) -> str:
    if error.code in (401, 403, 407):
        return f"{host} does not give this image to the program ({error.code}). Save it in the browser first."
    if error.code in (404, 410):
        return f"{host} has no image at this address (any more)."
    return f"{host} could not give the image ({error.code}). Try again later."


def _too_large(size: int) -> str:
    return (
        f"The image is larger than {MAX_BYTES / 10**6:.0f} MB ({size / 10**6:,.0f} MB or more). "
        "Save it in the browser first."
    )
