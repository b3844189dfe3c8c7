"""A filter in words, and as the plain values that a session keeps."""

import math
import os
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, Final

from resmem_gui.analysis.cautions import title
from resmem_gui.analysis.reference import Reference
from resmem_gui.library.filtering import Filter, Orientation, Range
from resmem_gui.library.records import MOST_STARS, Pick, Status, readable
from resmem_gui.library.session import JSON
from resmem_gui.traits import NO_CAUTION, Caution

_MOST_NAMED: Final = 2
#: A range can be brushed on the histogram in steps of this.
_FINEST: Final = 0.001
#: How a session writes that an image has no caution.
_NONE: Final = "none"


def describe(wanted: Filter, criterion: str, reference: Reference | None) -> str:
    """Return what one criterion of a filter asks for, as few words as a chip has room for.

    Args:
        wanted: The filter.
        criterion: The name of one of its attributes.
        reference: What all percentiles are taken from; None if there are several.
    """
    value = getattr(wanted, criterion)
    match criterion:
        case "text":
            return f"Name has “{value}”"
        case "scores":
            return f"Score {_score(value.low)} to {_score(value.high)}"
        case "percentiles":
            percentile = _capital(f"{reference.name if reference else ''} percentile".strip())
            return f"{percentile} {value.low:.0f} to {value.high:.0f}"
        case "missing":
            return "File missing" if value else "File there"
        case "ratings":
            return stars_words(value)
        case "folders":
            names = sorted(f"“{readable(os.path.basename(folder) or folder)}”" for folder in value)
            return f"In {_either(names)}" if len(names) <= _MOST_NAMED else f"In {len(names)} folders"
        case "kinds":
            return _capital(_either(sorted(kind.upper() or "no ending" for kind in value)))
        case "cautions":
            return _cautions(value)
    return _capital(_either(value_words(one) for one in sorted(value, key=_place)))


def _score(value: float) -> str:
    """Return a score with two decimals, or with three where two are not enough."""
    short = f"{value:.2f}"
    return short if abs(float(short) - value) < _FINEST / 2 else f"{value:.3f}"


def value_words(value: Enum) -> str:
    """Return what a status, a pick or an orientation is called."""
    if isinstance(value, Status | Pick):
        return "undecided" if value is Pick.NONE else value.word
    return str(value.value)


def stars_words(ratings: Iterable[int]) -> str:
    """Return which numbers of stars are meant."""
    wanted = sorted(ratings)
    if len(wanted) > 1 and wanted[0] and wanted == list(range(wanted[0], MOST_STARS + 1)):
        return f"{'★' * wanted[0]} or more"
    return _capital(_either("★" * stars or "no stars" for stars in wanted))


def caution_words(caution: Caution) -> str:
    """Return what a caution is called."""
    return title(caution) if caution else "None"


def _cautions(value: Iterable[Caution]) -> str:
    words = [caution_words(caution) for caution in sorted(value, key=lambda one: int(one) or math.inf)]
    if words == [caution_words(NO_CAUTION)]:
        return "No caution"
    return f"Caution: {_either(word[:1].lower() + word[1:] for word in words)}"


def _place(value: Enum) -> Any:
    """Return what puts values into the order of their menu."""
    return -value if isinstance(value, Pick) else value.value


def _capital(text: str) -> str:
    """Return a text with a capital at its beginning; the rest may be of names."""
    return text[:1].upper() + text[1:]


def _either(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


# As plain values


def plain(wanted: Filter) -> dict[str, JSON]:
    """Return a filter as a session keeps it: what matters only, with words for numbers."""
    values: dict[str, JSON] = {}
    for criterion in wanted.criteria:
        value = getattr(wanted, criterion)
        if isinstance(value, frozenset):
            values[criterion] = sorted(_plain_one(one) for one in value)
        else:
            values[criterion] = list(value) if isinstance(value, Range) else value
    return values


def _plain_one(value: Any) -> Any:
    if isinstance(value, Caution):
        return value.word if value else _NONE
    if isinstance(value, Status | Pick):
        return value.word
    return value.value if isinstance(value, Enum) else value


def filter_of(values: JSON) -> Filter:
    """Return the filter that a session keeps; what cannot be understood does not matter."""
    if not isinstance(values, dict):
        return Filter()
    known = {name: read(values[name]) for name, read in _READERS.items() if name in values}
    return Filter(**{name: value for name, value in known.items() if value is not None})


def _words_in(known: Mapping[str, Any]) -> Callable[[JSON], frozenset[Any] | None]:
    def read(value: JSON) -> frozenset[Any] | None:
        wanted = value if isinstance(value, list) else []
        return frozenset(known[word] for word in wanted if isinstance(word, str) and word in known) or None

    return read


def _texts(value: JSON) -> frozenset[str] | None:
    return (
        frozenset(one for one in value if isinstance(one, str)) or None if isinstance(value, list) else None
    )


def _stars(value: JSON) -> frozenset[int] | None:
    wanted = value if isinstance(value, list) else []
    return frozenset(one for one in range(MOST_STARS + 1) if one in wanted) or None


def _range(most: float) -> Callable[[JSON], Range | None]:
    def read(value: JSON) -> Range | None:
        match value:
            case [int() | float() as low, int() | float() as high] if 0 <= low <= high <= most:
                return Range(float(low), float(high))
        return None

    return read


_READERS: Final[Mapping[str, Callable[[JSON], Any]]] = {
    "text": lambda value: value if isinstance(value, str) else None,
    "scores": _range(1.0),
    "percentiles": _range(100.0),
    "statuses": _words_in({status.word: status for status in Status}),
    "missing": lambda value: value if isinstance(value, bool) else None,
    "ratings": _stars,
    "picks": _words_in({pick.word: pick for pick in Pick}),
    "folders": _texts,
    "kinds": _texts,
    "orientations": _words_in({orientation.value: orientation for orientation in Orientation}),
    "cautions": _words_in({_NONE: NO_CAUTION} | {caution.word: caution for caution in Caution}),
}
