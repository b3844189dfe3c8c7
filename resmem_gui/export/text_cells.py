"""Cells as text, for CSV and the clipboard, and back."""

import re
from typing import Final

from resmem_gui.export.columns import Cell, Column, Kind

#: What a spreadsheet takes for the beginning of a formula, also after blanks and behind what `inert` puts
#: before it. The wide signs count in East Asian editions.
_FORMULA: Final = re.compile(r"['\s]*[=+\-@\t\r\n＝＋－＠]")
_YES: Final = {"yes", "true", "1", "wahr", "vrai", "verdadero", "vero", "ja", "oui", "sí", "sì"}
_NO: Final = {"no", "false", "0", "falsch", "faux", "falso", "nein", "non"}


def as_text(cell: Cell, column: Column) -> str:
    """Return a cell as text: numbers with a point whatever the locale, and nothing that is a formula."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return inert(cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    text = f"{cell:.{column.decimals}f}"
    return text.rstrip("0").rstrip(".") if column.is_plain else text


def from_text(text: str, column: Column) -> Cell:
    """Return the cell that a text stands for, also one that a spreadsheet of another language has written.

    Raises:
        ValueError: It is none of the column's kind.
    """
    if column.kind is Kind.TEXT:
        return exact(text) or None
    plain = text.strip()
    if not plain:
        return None
    if column.kind is Kind.FLAG:
        return _flag(plain)
    number = _number(plain)
    if column.kind is Kind.NUMBER:
        return number
    if not number.is_integer():
        raise ValueError(f"“{text}” is no whole number")
    return int(number)


def inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe goes before one that it would."""
    return f"'{text}" if _FORMULA.match(text) else text


def exact(text: str) -> str:
    """Return the text that `inert` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def _flag(text: str) -> bool:
    word = text.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(f"“{text}” is neither yes nor no")


def _number(text: str) -> float:
    # Where the comma stands before decimals, spreadsheets write it so; this program never groups thousands.
    try:
        return float(text.replace(",", ".") if "," in text and "." not in text else text)
    except ValueError:
        raise ValueError(f"“{text}” is no number") from None
