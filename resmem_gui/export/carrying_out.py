"""Carries out what was planned: copies, moves or links images into a folder, one after the other."""

# Paths are plain text here, as in the library.

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile
from typing import Final

from resmem_gui.export.copying import (
    CancelledError,
    CopyError,
    copy_verified,
    remove,
    settle_folder,
    sha256_of,
)
from resmem_gui.export.exclusive import CannotRenameError, rename_exclusively
from resmem_gui.export.handing_on import (
    Collision,
    Item,
    Kind,
    Outcome,
    Plan,
    Way,
    candidates,
    nearest_folder,
    sentence_of,
)
from resmem_gui.export.sidecars import Sidecar
from resmem_gui.file_state import FileState

#: After these nothing else can be written either.
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is.

    Attributes:
        done: Images that are over.
        done_bytes: Written or moved so far.
        name: Of the image under way.
    """

    done: int
    total: int
    done_bytes: int
    total_bytes: int
    name: str


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made in the folder, as it was then.

    Attributes:
        way: What was done for it.
        source: Where it came from.
        path: Where it is.
        state: Of the file itself, or of the link.
        sha256: Of its content; empty where it was not read.
    """

    way: Way
    source: str
    path: str
    state: FileState
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What was done.

    Attributes:
        outcomes: How it ended for each image, those that the plan left out included.
        made: Files made, sidecars included, in order.
        made_folders: Folders made, outermost first.
        cancelled: Whether somebody ended it early.
        stopped: Why it ended early by itself, as a sentence; empty if it did not.
        not_begun: Images that were still to come when it ended.
    """

    plan: Plan
    outcomes: tuple[Outcome, ...]
    made: tuple[Made, ...]
    made_folders: tuple[str, ...]
    cancelled: bool
    stopped: str
    not_begun: int

    def count(self, kind: Kind) -> int:
        """Return for how many images it ended so."""
        return sum(outcome.kind is kind for outcome in self.outcomes)

    @property
    def moved(self) -> dict[str, str]:
        """New path of each image that was moved, by its old one."""
        if self.plan.request.way is not Way.MOVE:
            return {}
        return {one.source: one.path for one in self.outcomes if one.kind is Kind.DONE}


def carry_out(
    plan: Plan,
    progress: Callable[[Progress], None] = lambda _: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Result:
    """Do what was planned. What is in the way by now gets out of the way as the plan's rules say.

    Nothing is ever overwritten. A file that cannot be handed on is a value, and the next one follows; only a
    full disk ends it all.

    Args:
        plan: Without a problem.
        progress: Called before each image and after each block.
        is_cancelled: Asked as often. What was done by then stays; nothing half done does.
    """
    return _Carrier(plan, progress, is_cancelled).carry_out()


def make_one(way: Way, source: str, target: str, on_block: Callable[[int], None]) -> Made:
    """Copy, move or link one file to a path that must be free.

    Raises:
        FileExistsError: The name is taken; nothing has changed.
        CopyError: It cannot be done faithfully; nothing has changed.
        OSError: Source or target cannot be used; nothing has changed.
    """
    if os.path.lexists(target):  # before all is copied in vain; whether it is free is decided by taking it
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target)
    if way is Way.LINK:
        _link(source, target)
        return Made(way, source, target, FileState.from_stat(os.lstat(target)))
    sha256 = ""
    if way is Way.MOVE:
        sha256 = _move(source, target, on_block)
    else:
        _, sha256 = copy_verified(source, target, on_block)
    return Made(way, source, target, FileState.from_stat(os.lstat(target)), sha256)


def remove_empty(folders: Sequence[str]) -> None:
    """Remove folders that were made, outermost first, unless somebody has put something into them."""
    for folder in reversed(folders):
        with contextlib.suppress(OSError):
            os.rmdir(folder)


def _move(source: str, target: str, on_block: Callable[[int], None]) -> str:
    """Move a file, and return its SHA-256 if it had to be read."""
    status = os.lstat(source)
    if not stat.S_ISREG(status.st_mode):
        raise CopyError("It is a link or no file at all by now.")
    try:
        rename_exclusively(source, target)
    except CannotRenameError:
        pass
    else:
        on_block(0)
        return ""
    state, sha256 = copy_verified(source, target, on_block)
    try:
        settle_folder(os.path.dirname(target))
        _remove_unchanged(source, state)
    except BaseException:
        remove(target)
        raise
    return sha256


def _remove_unchanged(source: str, state: FileState) -> None:
    if FileState.from_stat(os.lstat(source)) != state:
        raise CopyError("It changed while it was moved. Move it again when nothing writes to it.")
    remove(source)


def _link(source: str, target: str) -> None:
    os.stat(source)  # a link to nothing helps nobody
    try:
        os.symlink(source, target)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        # Windows wants a privilege for it, and memory sticks know no links. A second name needs neither.
        try:
            os.link(os.path.realpath(source), target)
        except FileExistsError:
            raise
        except OSError as error:
            raise CopyError("No link can be made in that folder: copy the images instead.") from error


class _Carrier:
    def __init__(
        self, plan: Plan, progress: Callable[[Progress], None], is_cancelled: Callable[[], bool]
    ) -> None:
        self._plan = plan
        self._request = plan.request
        self._tell = progress
        self._is_cancelled = is_cancelled
        self._outcomes: list[Outcome] = []
        self._made: list[Made] = []
        self._folders: list[str] = []
        self._bytes = 0
        self._name = ""
        self._stopped = ""

    def carry_out(self) -> Result:
        cancelled = False
        if self._make_folder():
            try:
                for item in self._plan.items:
                    self._begin(item)
                    self._outcomes.append(self._one(item))
                    if self._stopped:
                        break
            except CancelledError:
                cancelled = True
            with contextlib.suppress(OSError):  # a folder that is gone by now needs no settling
                settle_folder(self._request.folder)
        if not self._made:
            remove_empty(self._folders)
            self._folders.clear()
        done = len(self._outcomes)
        if not (cancelled or self._stopped):
            self._name = ""
            self._report()
        return Result(
            self._plan,
            (*self._outcomes, *self._plan.left),
            tuple(self._made),
            tuple(self._folders),
            cancelled,
            self._stopped,
            len(self._plan.items) - done,
        )

    def _make_folder(self) -> bool:
        """Make the folder and those above it that are not there."""
        folder, missing = self._request.folder, []
        there = nearest_folder(folder)
        while folder != there and os.path.dirname(folder) != folder:
            missing.append(folder)
            folder = os.path.dirname(folder)
        try:
            for folder in reversed(missing):
                os.mkdir(folder)
                self._folders.append(folder)
        except FileExistsError:
            pass  # another program was faster
        except OSError as error:
            self._stopped = f"The folder could not be made. {sentence_of(error)}"
            return False
        return True

    def _begin(self, item: Item) -> None:
        self._name = os.path.basename(item.source)
        self._go_on()

    def _go_on(self, count: int = 0) -> None:
        self._bytes += count
        if self._is_cancelled():
            raise CancelledError
        self._report()

    def _report(self) -> None:
        plan = self._plan
        done = min(self._bytes, plan.total_bytes)
        self._tell(Progress(len(self._outcomes), len(plan.items), done, plan.total_bytes, self._name))

    def _one(self, item: Item) -> Outcome:
        """Hand one image on with its sidecars."""
        before = self._bytes
        try:
            made = self._first_free(item)
        except (CopyError, OSError) as error:
            return Outcome(item.source, Kind.FAILED, reason=self._reason(error))
        finally:
            self._bytes = before
        if made is None:
            reason = f"The name “{item.name}” was taken meanwhile."
            return Outcome(item.source, Kind.SKIPPED, reason=reason)
        self._made.append(made)
        self._bytes += item.size
        name = os.path.basename(made.path)
        remarks = [self._sidecar(sidecar, sidecar.name_beside(name)) for sidecar in item.sidecars]
        return Outcome(item.source, Kind.DONE, made.path, " ".join(filter(None, remarks)))

    def _first_free(self, item: Item) -> Made | None:
        """Hand an image on under its name, or the next one that is free if the rules say so."""
        for name in _names_from(item):
            target = os.path.join(self._request.folder, name)
            try:
                return make_one(self._request.way, item.source, target, self._go_on)
            except FileExistsError:
                if self._request.collision is Collision.SKIP:
                    return None
        raise AssertionError("the candidates never end")

    def _sidecar(self, sidecar: Sidecar, name: str) -> str:
        """Hand a sidecar on, and return what is to be said about it."""
        target = os.path.join(self._request.folder, name)
        way = self._request.way
        if way is Way.MOVE and sidecar.is_shared:
            way = Way.COPY  # the other image still needs it
        self._bytes += sidecar.size
        try:
            self._made.append(make_one(way, sidecar.path, target, lambda _: None))
        except FileExistsError:
            if _same_content(sidecar.path, target):
                return ""  # such as one that went along with another image
            return f"Its sidecar stayed behind: the name “{name}” is taken."
        except (CopyError, OSError) as error:
            return f"Its sidecar stayed behind. {self._reason(error)}"
        return ""

    def _reason(self, error: CopyError | OSError) -> str:
        if isinstance(error, CopyError):
            return str(error)
        reason = sentence_of(error)
        if error.errno in _FULL:
            self._stopped = reason
        return reason


def _names_from(item: Item) -> Iterator[str]:
    return dropwhile(lambda name: name != item.name, candidates(item.wanted))


def _same_content(one: str, other: str) -> bool:
    try:
        return sha256_of(one, lambda _: None) == sha256_of(other, lambda _: None)
    except OSError:
        return False
