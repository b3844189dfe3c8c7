"""Between a library and a session file: what is saved of an image, and what of it holds when it is opened."""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from resmem_gui.file_state import FileState, file_state
from resmem_gui.library.library import Library
from resmem_gui.library.records import ImageRecord, Provenance, Status
from resmem_gui.library.session import Session, SessionImage, load_session


@dataclass(frozen=True, slots=True)
class OpenedImage:
    """An image of a session, with what is true of it now.

    Attributes:
        image: As it was saved; waiting if its score does not hold any more.
        missing: Whether there is no file at its path.
    """

    image: SessionImage
    missing: bool


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session that was read, its images compared with their files."""

    session: Session
    images: list[OpenedImage]

    @property
    def missing(self) -> int:
        """How many files are not there."""
        return sum(opened.missing for opened in self.images)


def session_images(
    library: Library, selected: Collection[int], give_way: Callable[[], None]
) -> list[SessionImage]:
    """Return what a session saves of a library.

    Args:
        library: A snapshot: this takes a while.
        selected: Ids of the selected images.
        give_way: Called at every image: lets other threads go first.
    """
    images = []
    for record in library.records():
        give_way()
        images.append(_session_image(library, record, selected=record.image_id in selected))
    return images


def _session_image(library: Library, record: ImageRecord, *, selected: bool) -> SessionImage:
    size, mtime_ns = int(library.file_bytes[record.image_id]), int(library.mtimes_ns[record.image_id])
    taken = float(library.taken[record.image_id])
    return SessionImage(
        path=record.path,
        state=FileState(size, mtime_ns, 0) if size else None,
        status=record.status,
        score=record.score,
        width=record.width,
        height=record.height,
        sha256=record.sha256,
        provenance=record.provenance,
        error=record.error,
        selected=selected,
        rating=record.rating,
        pick=record.pick,
        taken=None if math.isnan(taken) else taken,
        reference=record.reference,
        sensitivity=record.sensitivity,
        extra=library.unknown_fields(record.image_id),
    )


def open_session(
    path: Path, made_by: Callable[[Session], Provenance], give_way: Callable[[], None]
) -> OpenedSession:
    """Read a session and look at the files of its images.

    Args:
        path: Of the session.
        made_by: What a score must be produced by to be shown; the device does not matter.
        give_way: Called at every image: lets other threads go first.

    Raises:
        SessionError: It is no session, or damaged.
        OSError: It cannot be read.
    """
    session = load_session(path, give_way)
    maker = made_by(session)
    opened = []
    for image in session.images:
        give_way()
        now = file_state(image.path)
        holds = _holds(image, now, maker)
        opened.append(OpenedImage(image if holds else _without_outcome(image), missing=now is None))
    return OpenedSession(session, opened)


def _holds(image: SessionImage, now: FileState | None, maker: Provenance) -> bool:
    """Tell whether an image's outcome is still that of its file, as far as the file can be asked."""
    if image.status is Status.SCORED:
        made_by = image.provenance and replace(image.provenance, device=maker.device)
        if image.score is None or made_by != maker:
            return False
    if now is None or image.state is None:
        return now is None or image.status is not Status.SCORED
    return (now.size, now.mtime_ns) == (image.state.size, image.state.mtime_ns)


def _without_outcome(image: SessionImage) -> SessionImage:
    return replace(
        image, status=Status.WAITING, score=None, sha256="", provenance=None, error="", sensitivity=None
    )
