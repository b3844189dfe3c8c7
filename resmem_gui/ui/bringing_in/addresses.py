"""Addresses of images on other machines, and of those that carry their image in themselves."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, unquote_to_bytes, urlsplit

_PORTS: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?|[0-9a-f:.]*:[0-9a-f:.]*")
#: An address with these is read differently by different programs: the host asked for would not be certain.
_TREACHEROUS: Final = re.compile(r"[\s\\\x00-\x1f\x7f]")
_SAFE: Final = "/%:=&?~+!$,;'@()*[]"


class FetchError(Exception):
    """An image that could not be fetched. Its text is one plain sentence that a person can act on."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an image is on another machine.

    Attributes:
        url: Made of the parts that were read, so that what is contacted is what was asked for.
        host: The machine, with its port where that is not the usual one; ASCII, also where its name is not.
        name: What the address ends with; perhaps empty.
    """

    url: str
    host: str
    name: str


def parse_address(text: str) -> Address | None:
    """Return an http or https address without its password and fragment; None if it is none."""
    text = text.strip()
    if _TREACHEROUS.search(text):
        return None
    try:
        parts = urlsplit(text)
        name, port = parts.hostname or "", parts.port
        # A percentage would be the zone of an IPv6 address, which belongs to this machine.
        host = name.rstrip(".").encode("idna").decode().lower() if not name.isascii() else name.rstrip(".")
    except ValueError:  # UnicodeError is one
        return None
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host):
        return None
    host = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS[parts.scheme]:
        host = f"{host}:{port}"
    query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    url = f"{parts.scheme}://{host}{quote(parts.path or '/', safe=_SAFE)}{query}"
    return Address(url, host, unquote(parts.path.rpartition("/")[2]))


def is_data_address(text: str) -> bool:
    """Return whether an address carries its content in itself."""
    return text[:5].lower() == "data:"


def data_in(text: str) -> bytes:
    """Return what a `data:` address carries.

    Raises:
        ValueError: It cannot be read.
    """
    header, comma, content = text.partition(",")
    if not comma:
        raise ValueError("there is no content in it")
    if not header.lower().endswith(";base64"):
        return unquote_to_bytes(content)
    letters = re.sub(rb"\s", b"", unquote_to_bytes(content)).replace(b"-", b"+").replace(b"_", b"/")
    try:
        return base64.b64decode(letters + b"=" * (-len(letters) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
