"""Paths as text in formats that hold less than a file name can: XLSX, JSON and Parquet.

A file name is bytes. Where it is no valid text, or holds characters that a format has no room for, the path
is written as a `file:` address with these bytes percent-encoded (RFC 8089). No absolute path begins so.
"""

import codecs
import os
import re
import sys
import unicodedata
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from resmem_gui.library.records import readable

_SCHEME: Final = "file://"
#: Name of what encodes text as CSV has it: names that are no valid text get the bytes that they have on disk,
#: and what has no bytes there, such as a name of Windows elsewhere, becomes a replacement character.
NAME_BYTES: Final = "resmem-gui-names"
#: Persian and Indian words, and many emoji, are not written without these.
_JOINERS: Final = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
_DRIVE: Final = re.compile(r"/[A-Za-z]:/")
#: What XML 1.0 cannot hold or does not keep, and what Excel takes for an escaped character.
_NOT_FOR_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


def path_as_text(path: str, *, in_xml: bool = False) -> str:
    """Return a path as valid text, exactly that of `path` wherever it can be.

    Args:
        path: Absolute.
        in_xml: Whether it is for a format that XML is inside of.
    """
    if _is_text(path) and not (in_xml and _NOT_FOR_XML.search(path)):
        return path
    slashed = path.replace("\\", "/") if os.name == "nt" else path
    address = quote(slashed.encode("utf-8", NAME_BYTES), safe="/:").replace("_x", "%5Fx")
    return _SCHEME + ("" if address.startswith("/") else "/") + address


def path_from_text(text: str) -> str:
    """Return the path that `path_as_text` was given."""
    if not text.startswith(_SCHEME):
        return text
    path = os.fsdecode(unquote_to_bytes(text.removeprefix(_SCHEME)))
    if os.name == "nt" and _DRIVE.match(path):
        return path[1:].replace("/", "\\")
    return path


def as_valid_text(text: str, *, in_xml: bool = False) -> str:
    """Return other text with replacement characters for what a format cannot hold."""
    valid = text if _is_text(text) else readable(text)
    return _NOT_FOR_XML.sub("\N{REPLACEMENT CHARACTER}", valid) if in_xml else valid


def for_terminal(text: str) -> str:
    """Return a text that is safe in a terminal: what is no printable character is replaced.

    Escape sequences steer a terminal, and marks of direction make one name look like another. Blanks of all
    widths stay, as names of macOS and of East Asia have them.
    """
    return "".join(letter if _is_harmless(letter) else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _is_harmless(letter: str) -> bool:
    return letter.isprintable() or letter in _JOINERS or unicodedata.category(letter) == "Zs"


def _name_bytes(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    try:
        return codecs.lookup_error(sys.getfilesystemencodeerrors())(error)
    except UnicodeEncodeError:
        return "\N{REPLACEMENT CHARACTER}".encode() * (error.end - error.start), error.end


codecs.register_error(NAME_BYTES, _name_bytes)


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
