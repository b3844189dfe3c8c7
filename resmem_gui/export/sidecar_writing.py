"""Writes ratings into the sidecars of images: merges, and leaves alone what it does not understand."""

# Paths are plain text here, as in the library.

import contextlib
import hashlib
import os
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Final

from resmem_gui.export.copying import CopyError, publish, remove
from resmem_gui.export.handing_on import sentence_of
from resmem_gui.export.sidecars import Naming
from resmem_gui.export.xmp import Marks, XmpError, merge, read_marks
from resmem_gui.file_state import FileState, file_state
from resmem_gui.library.records import Pick
from resmem_gui.replacing import replacing

#: darktable's largest ones, with drawn masks, have some megabytes.
_MOST_BYTES: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Rated:
    """An image, by its absolute path, and what is to be written about it."""

    path: str
    marks: Marks


class Fate(Enum):
    """What becomes of the sidecar of an image."""

    NEW = "new"
    CHANGED = "changed"
    #: It says so already.
    SAME = "same"
    #: The image has neither rating nor pick.
    NOTHING = "nothing to write"
    #: It says something else, and is left alone.
    CONFLICT = "conflict"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the sidecar of one image.

    Attributes:
        path: Of the image.
        sidecar: Path of the sidecar.
        reason: Why it is left alone, as a sentence; empty otherwise.
    """

    path: str
    sidecar: str
    fate: Fate
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of all: one entry an image, as far as it came before it was cancelled."""

    written: tuple[Written, ...]
    cancelled: bool = False

    def count(self, fate: Fate) -> int:
        """Return for how many images it ended so."""
        return sum(one.fate is fate for one in self.written)


def write_sidecars(
    items: Sequence[Rated],
    naming: Naming,
    *,
    overwrite_ratings: bool = False,
    only_look: bool = False,
    progress: Callable[[int, int, str], None] = lambda _done, _total, _name: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Report:
    """Write what people have said about images into their sidecars.

    Args:
        items: Images; those without rating and pick are passed over.
        naming: What sidecars are called. Under `REPLACED`, images that share one and differ are left alone.
        overwrite_ratings: Whether a sidecar that says something else is changed. Otherwise it is a conflict,
            and nothing in it is changed.
        only_look: Say what would become of each, and write nothing.
        progress: Called before each image with the number done, of all, and the image's name.
        is_cancelled: Asked as often; may wait while others should go first.
    """
    sharing = _sharing(items, naming)
    written: list[Written] = []
    settled: set[str] = set()
    for done, item in enumerate(items):
        if is_cancelled():
            return Report(tuple(written), cancelled=True)
        progress(done, len(items), os.path.basename(item.path))
        one = _one(item, naming, sharing, overwrite_ratings, only_look)
        if one.fate in (Fate.NEW, Fate.CHANGED):
            if one.sidecar in settled:  # another image with the same rating shares it
                one = replace(one, fate=Fate.SAME)
            settled.add(one.sidecar)
        written.append(one)
    return Report(tuple(written))


def sidecar_path(path: str, naming: Naming) -> str:
    """Return the path of an image's sidecar, in the spelling that is there if it is."""
    usual, shouted = naming.name_for(path), naming.name_for(path, ".XMP")
    return shouted if os.path.exists(shouted) and not os.path.exists(usual) else usual


def _sharing(items: Sequence[Rated], naming: Naming) -> dict[str, list[Rated]]:
    """Return the images of each sidecar."""
    sharing: dict[str, list[Rated]] = {}
    for item in items:
        if not item.marks.is_nothing:
            sharing.setdefault(naming.name_for(item.path), []).append(item)
    return sharing


def _one(
    item: Rated, naming: Naming, sharing: dict[str, list[Rated]], overwrite_ratings: bool, only_look: bool
) -> Written:
    sidecar = sidecar_path(item.path, naming)
    if item.marks.is_nothing:
        return Written(item.path, sidecar, Fate.NOTHING)
    others = [other for other in sharing[naming.name_for(item.path)] if other.marks != item.marks]
    if others:
        name, other = os.path.basename(sidecar), os.path.basename(others[0].path)
        reason = f"“{name}” is the sidecar of “{other}” too, which has another rating."
        return Written(item.path, sidecar, Fate.CONFLICT, reason)
    if sidecar == item.path or file_state(item.path) is None:
        return Written(item.path, sidecar, Fate.FAILED, "The image is not there any more.")
    try:
        return Written(item.path, sidecar, *_merge_into(sidecar, item.marks, overwrite_ratings, only_look))
    except (XmpError, CopyError) as error:
        return Written(item.path, sidecar, Fate.FAILED, f"The sidecar was left alone. {error}")
    except FileExistsError:
        return Written(item.path, sidecar, Fate.FAILED, "Another program is writing the sidecar: try again.")
    except OSError as error:
        return Written(item.path, sidecar, Fate.FAILED, f"The sidecar was left alone. {sentence_of(error)}")


def _merge_into(sidecar: str, marks: Marks, overwrite_ratings: bool, only_look: bool) -> tuple[Fate, str]:
    """Bring one sidecar up to date, and say what became of it and why."""
    if not os.path.lexists(sidecar):
        if not only_look:
            _write_new(sidecar, merge(None, marks))
        return Fate.NEW, ""
    state, existing = _read(sidecar)
    there = read_marks(existing)
    merged = merge(existing, marks)
    if merged is existing:
        return Fate.SAME, ""
    if marks.contradicts(there) and not overwrite_ratings:
        return Fate.CONFLICT, f"The sidecar says {_text(there)}, here it is {_text(marks)}."
    if not only_look:
        _replace(sidecar, merged, state)
    return Fate.CHANGED, ""


def _read(sidecar: str) -> tuple[FileState, bytes]:
    state = file_state(sidecar)
    if state is None:
        raise XmpError("It is no regular file.")
    if state.size > _MOST_BYTES:
        raise XmpError("It is too large for a sidecar.")
    if not os.access(sidecar, os.W_OK):
        raise XmpError("It may only be read.")
    with open(sidecar, "rb") as stream:
        return state, stream.read()


def _write_new(sidecar: str, content: bytes) -> None:
    """Write a sidecar that must not be there; if another program was faster, its file stays."""
    temporary = os.path.join(os.path.dirname(sidecar), f".{uuid.uuid4().hex}.part")
    try:
        with open(temporary, "xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        publish(temporary, sidecar, hashlib.sha256(content).hexdigest())
    finally:
        with contextlib.suppress(FileNotFoundError):  # it has its real name by now
            remove(temporary)


def _replace(sidecar: str, content: bytes, state: FileState) -> None:
    with replacing(Path(sidecar)) as stream:
        stream.write(content)
        stream.flush()
        if file_state(sidecar) != state:
            raise XmpError("Another program has changed it at this moment: try again.")


def _text(marks: Marks) -> str:
    if not marks.rating:
        return marks.pick.word
    stars = f"{marks.rating} star{'s' if marks.rating > 1 else ''}"
    return f"{stars} and rejected" if marks.pick is Pick.REJECTED else stars
