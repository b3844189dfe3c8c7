"""Which row of a table of human scores belongs to which image. What is ambiguous is listed, not guessed."""

import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple, TypeVar

from resmem_gui.library.library import folded

_HASH: Final = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)
_SLASH: Final = re.compile(r"[\\/]+")
_Name = TypeVar("_Name", str, tuple[str, ...])
#: Beats whatever names say.
_BY_HASH: Final = (9,)
#: Said beside counts of what was matched.
NAME_RULE: Final = (
    "Images are found by SHA-256, by their path from its end, by file name, or by file name without its "
    "ending. Capital and small letters count as the same, unless that leaves a choice. What fits twice is "
    "not guessed."
)


class Rule(Enum):
    """How an image was found; the value says so in words."""

    HASH = "by SHA-256"
    PATH = "by path"
    NAME = "by file name"
    OTHER_FOLDER = "by file name, in another folder than the table says"
    STEM = "by file name without its ending"


class Why(Enum):
    """Why rows and images were not matched; the value says so in words."""

    SEVERAL_IMAGES = "fits several images"
    SEVERAL_ROWS = "several rows name this image"


@dataclass(frozen=True, slots=True)
class Images:
    """The images that rows may belong to.

    Attributes:
        ids: Of the images.
        paths: Of each of them, absolute.
        sha256s: Of each of them, an empty text where it is unknown; may be left empty if no key is a hash.
    """

    ids: Sequence[int]
    paths: Sequence[str]
    sha256s: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A row and its image."""

    row: int
    image_id: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Rows and images that fit each other in more than one way.

    Attributes:
        why: What is not clear.
        rows: Places in the table.
        image_ids: Of the images.
    """

    why: Why
    rows: tuple[int, ...]
    image_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """What belongs together and what does not.

    Attributes:
        pairs: In the order of the rows; no row and no image comes twice.
        unmatched_rows: Rows that fit no image.
        unmatched_ids: Images that no row fits, and that are in no ambiguity.
        ambiguous: What was not guessed.
    """

    pairs: tuple[Pair, ...]
    unmatched_rows: tuple[int, ...]
    unmatched_ids: tuple[int, ...]
    ambiguous: tuple[Ambiguity, ...]

    def counts(self) -> dict[Rule, int]:
        """Return how many pairs each rule has found, without those that found none."""
        counted = Counter(pair.rule for pair in self.pairs)
        return {rule: counted[rule] for rule in Rule if counted[rule]}

    def sentence(self) -> str:
        """Return what was matched, in plain words."""
        how = ", ".join(f"{count:,} {rule.value}" for rule, count in self.counts().items())
        text = f"{len(self.pairs):,} matched" + (f" ({how})." if how else ".")
        left = [
            (len(self.unmatched_rows), "row has no image here", "rows have no image here"),
            # “Not in the table” would be wrong of those whose row cannot be used.
            (
                len(self.unmatched_ids),
                "image has no usable row in the table",
                "images have no usable row in the table",
            ),
            (len(self.ambiguous), "case is ambiguous and left out", "cases are ambiguous and left out"),
        ]
        counted = (f"{count:,} {one if count == 1 else more}." for count, one, more in left if count)
        return " ".join([text, *counted])


def looks_like_hash(key: str) -> bool:
    """Return whether a key is a SHA-256."""
    return _HASH.fullmatch(key) is not None


def match(keys: Sequence[str], images: Images, *, give_way: Callable[[], None] = lambda: None) -> Matching:
    """Find the image of each row.

    Args:
        keys: What names the image in each row.
        images: All images.
        give_way: Called now and then: waits while others should go first.
    """
    search = _Search(images)
    claims: dict[int, _Claim] = {}
    unmatched: list[int] = []
    open_rows = _OpenRows()
    for row, key in enumerate(keys):
        if row % 256 == 0:
            give_way()
        found = search.find(key)
        if found is None:
            unmatched.append(row)
        elif len(found.places) > 1:
            open_rows.add(row, found.places)
        else:
            claims[row] = _Claim(found.places[0], found.strength, found.rule)
    ambiguous = [
        Ambiguity(Why.SEVERAL_IMAGES, tuple(rows), tuple(images.ids[place] for place in places))
        for places, rows in open_rows.by_places().items()
    ]
    pairs, lost, contested = _settle(claims, images.ids)
    ambiguous += contested
    used = {pair.image_id for pair in pairs} | {each for case in ambiguous for each in case.image_ids}
    return Matching(
        pairs=tuple(pairs),
        unmatched_rows=tuple(sorted([*unmatched, *lost])),
        unmatched_ids=tuple(image_id for image_id in images.ids if image_id not in used),
        ambiguous=tuple(ambiguous),
    )


class _Claim(NamedTuple):
    """A row's only image, and how well it fits."""

    place: int
    strength: tuple[int, ...]
    rule: Rule


class _Found(NamedTuple):
    """Images that fit a key best, and equally well."""

    places: tuple[int, ...]
    strength: tuple[int, ...]
    rule: Rule


def _settle(claims: dict[int, _Claim], ids: Sequence[int]) -> tuple[list[Pair], list[int], list[Ambiguity]]:
    """Give each image to the row that names it best; return pairs, rows that lost, and what is undecided."""
    by_place: dict[int, list[int]] = defaultdict(list)
    for row, claim in claims.items():
        by_place[claim.place].append(row)
    pairs: list[Pair] = []
    lost: list[int] = []
    contested: list[Ambiguity] = []
    for place, rows in by_place.items():
        most = max(claims[row].strength for row in rows)
        best = [row for row in rows if claims[row].strength == most]
        if len(best) == 1:
            pairs.append(Pair(best[0], ids[place], claims[best[0]].rule))
        else:
            contested.append(Ambiguity(Why.SEVERAL_ROWS, tuple(best), (ids[place],)))
        lost += [row for row in rows if claims[row].strength < most]
    pairs.sort(key=lambda pair: pair.row)
    return pairs, lost, contested


class _OpenRows:
    """Rows that fit several images, by these.

    Each of 100,000 rows may fit the same 100,000 images: the places are told apart by their identity first.
    """

    def __init__(self) -> None:
        self._places: dict[int, tuple[int, ...]] = {}
        self._rows: defaultdict[int, list[int]] = defaultdict(list)

    def add(self, row: int, places: tuple[int, ...]) -> None:
        self._places[id(places)] = places
        self._rows[id(places)].append(row)

    def by_places(self) -> dict[tuple[int, ...], list[int]]:
        """Return the rows, ascending, that fit the same images."""
        merged: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
        for key, rows in self._rows.items():
            merged[self._places[key]] += rows
        return {places: sorted(rows) for places, rows in merged.items()}


class _Search:
    """Finds images by what names them."""

    def __init__(self, images: Images) -> None:
        self._paths = [_parts(unicodedata.normalize("NFC", path)) for path in images.paths]
        self._folded = [[folded(part) for part in parts] for parts in self._paths]
        self._by_name = _index((parts[-1] for parts in self._folded), len(self._folded))
        self._by_stem = _index((_stem(parts[-1]) for parts in self._folded), len(self._folded))
        self._by_last_two = _index((tuple(parts[-2:]) for parts in self._folded), len(self._folded))
        stems = ((*parts[-2:-1], _stem(parts[-1])) for parts in self._folded)
        self._by_last_two_stem = _index(stems, len(self._folded))
        self._known: dict[str, _Found | None] = {}
        self._of_names: dict[str, _Found | None] = {}
        self._by_hash: dict[str, int] = {}
        for place, sha256 in enumerate(images.sha256s):
            # Files of the same content have the same score: the first stands for all.
            self._by_hash.setdefault(sha256.lower(), place)

    def find(self, key: str) -> _Found | None:
        """Return the images that fit a key best, None if none does."""
        if key not in self._known:
            self._known[key] = self._find(key)
        return self._known[key]

    def _find(self, key: str) -> _Found | None:
        if looks_like_hash(key) and key.lower() in self._by_hash:
            return _Found((self._by_hash[key.lower()],), _BY_HASH, Rule.HASH)
        exact = _parts(unicodedata.normalize("NFC", key))
        if not exact:
            return None
        wanted = [folded(part) for part in exact]
        return self._by_full_name(wanted, exact) or self._by_its_stem(wanted, exact)

    def _by_full_name(self, wanted: list[str], exact: list[str]) -> _Found | None:
        # A name may stand in each of 100,000 folders: those whose folder fits too are looked at first.
        narrow = self._by_last_two.get(tuple(wanted[-2:])) if len(wanted) > 1 else None
        if narrow:
            return self._best(narrow, wanted, exact)
        found = self._of_name(exact[-1], wanted[-1])
        if found is not None and len(wanted) > 1:
            return found._replace(rule=Rule.OTHER_FOLDER)
        return found

    def _of_name(self, name: str, wanted: str) -> _Found | None:
        """Return the images of a name in whatever folder; looked for once, as many rows may have it."""
        if name not in self._of_names:
            places = self._by_name.get(wanted)
            self._of_names[name] = self._best(places, [wanted], [name]) if places else None
        return self._of_names[name]

    def _by_its_stem(self, wanted: list[str], exact: list[str]) -> _Found | None:
        for stem in (wanted[-1], _stem(wanted[-1])):
            narrow = self._by_last_two_stem.get((*wanted[-2:-1], stem)) if len(wanted) > 1 else None
            if narrow:
                found = self._best(narrow, wanted, exact)
                return _Found(found.places, (0, *found.strength[1:]), Rule.STEM)
            if stem in self._by_stem:
                return _Found(tuple(self._by_stem[stem]), (0, 0, 0), Rule.STEM)
        return None

    def _best(self, places: Sequence[int], wanted: list[str], exact: list[str]) -> _Found:
        """Return those whose path is the same for the longest way from its end."""
        strengths = [(2, self._common(place, wanted), self._same(place, exact)) for place in places]
        most = max(strengths)
        best = tuple(place for place, strength in zip(places, strengths, strict=True) if strength == most)
        rule = Rule.PATH if most[1] > 0 else Rule.OTHER_FOLDER
        return _Found(best, most, Rule.NAME if len(wanted) == 1 else rule)

    def _common(self, place: int, wanted: list[str]) -> int:
        """Return how many folders above the file are the same."""
        count = 0
        for ours, theirs in zip(reversed(self._folded[place][:-1]), reversed(wanted[:-1]), strict=False):
            if ours != theirs:
                break
            count += 1
        return count

    def _same(self, place: int, exact: list[str]) -> int:
        """Return how many parts from the end are the same to the letter; both are in one form of Unicode."""
        count = 0
        for ours, theirs in zip(reversed(self._paths[place]), reversed(exact), strict=False):
            if ours != theirs:
                break
            count += 1
        return count


def _parts(path: str) -> list[str]:
    return [part for part in _SLASH.split(path.strip()) if part not in ("", ".")]


def _stem(name: str) -> str:
    return os.path.splitext(name)[0]


def _index(names: Iterable[_Name], count: int) -> dict[_Name, list[int]]:
    index: dict[_Name, list[int]] = defaultdict(list)
    for place, name in zip(range(count), names, strict=True):
        index[name].append(place)
    return dict(index)
