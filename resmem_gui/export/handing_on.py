"""Handing images on to a folder: what is asked for, and what would be done."""

# Paths are plain text here, as in the library.

import errno
import os
import shutil
import stat
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from resmem_gui.export.copying import CancelledError, sha256_of
from resmem_gui.export.sidecars import Sidecar, SidecarFinder


class Way(Enum):
    """What happens to each image."""

    COPY = "copy"
    MOVE = "move"
    #: A symbolic link; where the system refuses those, a second name for the same file.
    LINK = "link"

    @property
    def done(self) -> str:
        """What has happened to images, as a word for people."""
        return {Way.COPY: "copied", Way.MOVE: "moved", Way.LINK: "linked"}[self]


class NameRule(Enum):
    """What images are called in the folder."""

    KEEP = "keep"
    #: "001 name.jpg", so that the order survives.
    NUMBERED = "numbered"


class Collision(Enum):
    """What happens to an image whose name is taken. What has the name is never touched."""

    #: It becomes "name (2).jpg".
    NUMBER = "number"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class HandOn:
    """What is asked for.

    Attributes:
        sources: Absolute paths, in the order in which they are numbered.
        folder: Absolute path of the target folder; it is made if it is not there.
        with_sidecars: Whether the XMP files beside images go along.
    """

    sources: tuple[str, ...]
    folder: str
    way: Way = Way.COPY
    names: NameRule = NameRule.KEEP
    collision: Collision = Collision.NUMBER
    with_sidecars: bool = False


class Kind(Enum):
    """How it ended for an image."""

    DONE = "done"
    #: The folder has a file of this name and content; nothing was done.
    ALREADY_THERE = "already there"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended for one image.

    Attributes:
        path: Where the image is in the folder; empty if it is not.
        reason: Why, as a sentence; empty if there is nothing to say.
    """

    source: str
    kind: Kind
    path: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An image to be handed on.

    Attributes:
        source: Its path.
        wanted: The name that it would have in an empty folder.
        name: The name that it gets, as far as can be seen now.
        size: In bytes.
        sidecars: What goes along.
    """

    source: str
    wanted: str
    name: str
    size: int
    sidecars: tuple[Sidecar, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done.

    Attributes:
        items: Images to be handed on, in order.
        left: Images that are not, with the reason.
        total_bytes: That are to be written or moved, sidecars included; 0 for links.
        free_bytes: On the target's disk; None where it cannot be told.
        needed_bytes: That have to fit there: none for moves on one disk.
        problem: Why nothing can be done at all, as a sentence; empty if it can.
    """

    request: HandOn
    items: tuple[Item, ...] = ()
    left: tuple[Outcome, ...] = ()
    total_bytes: int = 0
    free_bytes: int | None = None
    needed_bytes: int = 0
    problem: str = ""

    @property
    def renamed(self) -> int:
        """How many images get another name because theirs is taken."""
        return sum(item.name != item.wanted for item in self.items)

    @property
    def sidecars(self) -> int:
        """How many sidecars go along."""
        return sum(len(item.sidecars) for item in self.items)

    @property
    def fits(self) -> bool:
        """Whether the disk has room, as far as can be told."""
        return self.free_bytes is None or self.needed_bytes <= self.free_bytes

    def left_because(self, kind: Kind) -> int:
        """Return how many images are not handed on, of a kind."""
        return sum(outcome.kind is kind for outcome in self.left)


def plan(request: HandOn, is_cancelled: Callable[[], bool] = lambda: False) -> Plan | None:
    """Look at sources and folder, and say what would be done. Nothing is changed.

    Files that seem to be there already are read and compared, so this may take as long as reading them.

    Args:
        request: What is asked for.
        is_cancelled: Asked often; may wait while others should go first.

    Returns:
        None if it was cancelled.
    """
    problem = _problem_of(request.folder)
    if problem:
        return Plan(request, problem=problem)
    try:
        return _Planner(request, is_cancelled).plan()
    except CancelledError:
        return None


def candidates(name: str) -> Iterator[str]:
    """Yield a name, then the same with numbers: "name (2).jpg", "name (3).jpg" and so on."""
    yield name
    stem, ending = os.path.splitext(name)
    number = 2
    while True:
        yield f"{stem} ({number}){ending}"
        number += 1


def key_of(name: str) -> str:
    """Return what is equal for names that some file system takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def sentence_of(error: OSError) -> str:
    """Return why a file could not be handed on, and what to do about it where that is known."""
    known = {
        errno.ENOENT: "It is not there any more.",
        errno.EACCES: "Permission was denied: look at who may read the image and write to the folder.",
        errno.EPERM: "The system does not permit it: look at who may read the image and write to the folder.",
        errno.EROFS: "The disk can only be read: choose a folder on another.",
        errno.ENOSPC: "The disk is full.",
        errno.EDQUOT: "Your share of the disk is used up.",
        errno.ENAMETOOLONG: "Its name is too long for that folder.",
        errno.EFBIG: "It is too large for a file on that disk.",
        errno.EIO: "The disk failed to read or write it.",
    }
    default = f"The system says: {error.strerror or error}."
    return known.get(error.errno or 0, default)


def _problem_of(folder: str) -> str:
    """Return why no file can get into a folder, or an empty text."""
    if not os.path.isabs(folder):
        return "Choose a folder."
    there = nearest_folder(folder)
    if os.path.lexists(folder) and not os.path.isdir(folder):
        return "There is a file of that name: choose a folder."
    if not there or not os.path.isdir(there):
        return "The folder cannot be made there: choose another."
    if not os.access(there, os.W_OK | os.X_OK):
        return "You may not write to that folder: choose another."
    return ""


def nearest_folder(folder: str) -> str:
    """Return the folder, or the nearest one above it that is there; empty if none is."""
    while not os.path.lexists(folder):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    return folder


class _Planner:
    """Goes through the sources in order and gives each its name."""

    def __init__(self, request: HandOn, is_cancelled: Callable[[], bool]) -> None:
        self._request = request
        self._is_cancelled = is_cancelled
        self._finder = SidecarFinder()
        self._there: dict[str, list[str]] = {}
        self._promised: dict[str, str] = {}
        self._seen: set[str] = set()
        self._folder_status: os.stat_result | None = None
        self._needed = 0

    def plan(self) -> Plan:
        request = self._request
        self._look_into_folder()
        items: list[Item] = []
        left: list[Outcome] = []
        digits = max(3, len(str(len(request.sources))))
        for number, source in enumerate(request.sources, 1):
            self._go_on()
            wanted = os.path.basename(source)
            if request.names is NameRule.NUMBERED:
                wanted = f"{number:0{digits}} {wanted}"
            found = self._look_at(source, wanted)
            if isinstance(found, Item):
                items.append(found)
            else:
                left.append(found)
        total = sum(item.size + sum(sidecar.size for sidecar in item.sidecars) for item in items)
        links = request.way is Way.LINK
        return Plan(
            request, tuple(items), tuple(left), 0 if links else total, self._free_bytes(), self._needed
        )

    def _go_on(self, _: int = 0) -> None:
        if self._is_cancelled():
            raise CancelledError

    def _look_into_folder(self) -> None:
        folder = self._request.folder
        try:
            self._folder_status = os.stat(folder)
            for name in os.listdir(folder):
                self._there.setdefault(key_of(name), []).append(name)
        except OSError:
            return  # it will be made; what cannot be listed tells so when files are written

    def _look_at(self, source: str, wanted: str) -> Item | Outcome:
        """Return what would be done with an image, or why nothing would."""
        if source in self._seen:
            return Outcome(source, Kind.SKIPPED, reason="It is chosen twice.")
        self._seen.add(source)
        try:
            status = os.stat(source)
        except (OSError, ValueError) as error:
            reason = sentence_of(error) if isinstance(error, OSError) else "It is not there any more."
            return Outcome(source, Kind.FAILED, reason=reason)
        why_not = self._why_not(source, status)
        if why_not:
            return why_not
        sidecars = tuple(self._finder.of(source)) if self._request.with_sidecars else ()
        return self._named(Item(source, wanted, wanted, status.st_size, sidecars), status)

    def _why_not(self, source: str, status: os.stat_result) -> Outcome | None:
        if not stat.S_ISREG(status.st_mode):
            return Outcome(source, Kind.FAILED, reason="It is no regular file.")
        if self._request.way is Way.MOVE and os.path.islink(source):
            return Outcome(source, Kind.SKIPPED, reason="It is a link: copy it, or move what it leads to.")
        if self._folder_status and _same_folder(os.path.dirname(source), self._folder_status):
            return Outcome(source, Kind.SKIPPED, source, "It is in that folder already.")
        return None

    def _named(self, item: Item, status: os.stat_result) -> Item | Outcome:
        """Give an item a name that is free for it and its sidecars."""
        for name in candidates(item.wanted):
            for other in self._there.get(key_of(name), ()):
                path = os.path.join(self._request.folder, other)
                if self._is_same(item.source, status, path):
                    reason = f"The folder has the same image as “{other}”."
                    return Outcome(item.source, Kind.ALREADY_THERE, path, reason)
            if self._promise(item, name):
                self._count(item, status)
                return replace(item, name=name)
            if self._request.collision is Collision.SKIP:
                return Outcome(item.source, Kind.SKIPPED, reason=f"The name “{name}” is taken.")
        raise AssertionError("the candidates never end")

    def _promise(self, item: Item, name: str) -> bool:
        """Keep a name and those of its sidecars for an item, if all of them are free."""
        wanted = {key_of(name): item.source}
        if key_of(name) in self._there:
            return False
        for sidecar in item.sidecars:
            key = key_of(sidecar.name_beside(name))
            wanted[key] = sidecar.path
            if not all(self._has_content_of(sidecar.path, other) for other in self._there.get(key, ())):
                return False
        if any(self._promised.get(key, source) != source for key, source in wanted.items()):
            return False
        self._promised |= wanted
        return True

    def _has_content_of(self, source: str, name: str) -> bool:
        try:
            status = os.stat(source)
        except OSError:
            return False
        return self._is_same(source, status, os.path.join(self._request.folder, name))

    def _is_same(self, source: str, status: os.stat_result, path: str) -> bool:
        """Tell whether a file in the folder is what the way would make of the source."""
        try:
            there = os.stat(path)
            if os.path.samestat(status, there):
                return True
            if self._request.way is Way.LINK or not stat.S_ISREG(there.st_mode):
                return False
            return there.st_size == status.st_size and (
                sha256_of(path, self._go_on) == sha256_of(source, self._go_on)
            )
        except OSError:
            return False  # such as a link that leads nowhere: it is another file

    def _count(self, item: Item, status: os.stat_result) -> None:
        same_disk = self._request.way is Way.MOVE and status.st_dev == self._target_disk()
        if self._request.way is not Way.LINK and not same_disk:
            self._needed += item.size + sum(sidecar.size for sidecar in item.sidecars)

    def _target_disk(self) -> int:
        try:
            return os.stat(nearest_folder(self._request.folder)).st_dev
        except OSError:
            return -1

    def _free_bytes(self) -> int | None:
        try:
            return shutil.disk_usage(nearest_folder(self._request.folder)).free
        except OSError:
            return None


def _same_folder(folder: str, status: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.stat(folder), status)
    except OSError:
        return False
