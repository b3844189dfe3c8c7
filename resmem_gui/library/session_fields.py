"""The fields of JSON that other programs and people may have written: each is checked when it is taken.

What is wrong is a ValueError whose text goes on after "Line 7 of the session".
"""

import json
import math
from typing import Final, NoReturn, TypeAlias

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"

#: Bytes of one line, with its end.
LONGEST_LINE: Final = 1024**2
#: Lists and objects inside each other; what is nested deeper could be read and not be written again.
DEEPEST: Final = 32
#: No number of a session means anything beyond this one.
_GREATEST: Final = 1e15


class Fields:
    """The fields of one JSON object. Each is taken once; what is left then is unknown to this program."""

    def __init__(self, values: JSON) -> None:
        if not isinstance(values, dict):
            raise ValueError("is damaged")  # noqa: TRY004 the line is wrong, no argument
        self.left = values

    def text(self, name: str) -> str:
        """Take a text; absent is empty."""
        value = self.left.pop(name, None)
        return "" if value is None else checked_text(value, name)

    def whole(self, name: str, lowest: int, highest: int) -> int | None:
        """Take a whole number within limits; absent is None."""
        value = self.left.pop(name, None)
        if value is None:
            return None
        # True counts as an int to Python.
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            raise ValueError(f'has a "{name}" that is no whole number from {lowest} to {highest}')
        return value

    def number(self, name: str) -> float | None:
        """Take a number; absent is None."""
        value = self.left.pop(name, None)
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > _GREATEST:
            raise ValueError(f'has a "{name}" that is no number up to {_GREATEST:.0e}')
        return float(value)

    def fraction(self, name: str) -> float | None:
        """Take a number from 0 to 1; absent is None."""
        value = self.number(name)
        if value is not None and not 0 <= value <= 1:
            raise ValueError(f'has a "{name}" that is no number from 0 to 1')
        return value

    def truth(self, name: str) -> bool:
        """Take true or false; absent is false."""
        value = self.left.pop(name, None)
        if not isinstance(value, bool | None):
            raise ValueError(f'has a "{name}" that is neither true nor false')  # noqa: TRY004 the line is wrong
        return bool(value)

    def array(self, name: str) -> list[JSON]:
        """Take a list; absent is empty."""
        value = self.left.pop(name, None)
        if not isinstance(value, list | None):
            raise ValueError(f'has a "{name}" that is no list')  # noqa: TRY004 the line is wrong
        return value or []

    def mapping(self, name: str) -> dict[str, JSON]:
        """Take an object; absent is empty."""
        value = self.left.pop(name, None)
        if not isinstance(value, dict | None):
            raise ValueError(f'has a "{name}" that is no object')  # noqa: TRY004 the line is wrong
        return value or {}


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):  # 1e999 could not be written again
        _no_number(text)
    return number


_decoder = json.JSONDecoder(parse_float=_finite, parse_constant=_no_number)


def parsed(line: bytes) -> Fields:
    """Return the fields of a line."""
    if len(line) > LONGEST_LINE:
        raise ValueError("is longer than 1 MiB")
    try:
        values: JSON = _decoder.decode(line.decode())
    except (ValueError, RecursionError):
        raise ValueError("is damaged") from None
    return Fields(values)


def checked_text(value: JSON, name: str) -> str:
    """Return a value that is a text a file can hold."""
    if not isinstance(value, str):
        raise ValueError(f'has a "{name}" that is no text')  # noqa: TRY004 the line is wrong, no argument
    if not value.isascii():
        try:
            value.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:  # half a character: no table or window could show it
            raise ValueError(f'has a "{name}" that is no valid text') from None
    return value


def checked_path(path: str) -> str:
    """Return a path that a file can have."""
    if "\0" in path:
        raise ValueError("has a path that no file can have")
    return path


def check_depth(value: JSON, deepest: int) -> None:
    """Refuse a value with lists or objects more than `deepest` deep inside each other."""
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        if not deepest:
            raise ValueError("is nested too deeply")
        check_depth(child, deepest - 1)
