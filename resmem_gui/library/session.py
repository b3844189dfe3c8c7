r"""Sessions: a library saved to a file, so that the work can go on another day or on another machine.

A session file (`.resmem`) is JSON Lines in UTF-8. Its first line is the header, shown here on several:

    {"format": "resmem_gui session", "version": 1, "program": "0.3.0", "saved": "2026-03-01T12:00:00Z",
     "folder": "/home/ada/photos", "makers": [{"scorer": "ResMem 1.1.6", "weights_sha256": "…",
     "preprocessing": "…", "device": "cpu"}], "images": 1234, "folders": ["."], "view": {"sort": "score"},
     "reference": "lamem", "folder_references": {"sea": "memcat-landscape"}}

`program` is the version that saved it, `folder` the folder it was saved in, `makers` what has produced the
scores, `images` how many lines follow, `folders` the watched folders and `view` how the window showed it all.
`reference` is the id of the library's own reference, `folder_references` those of images that will be added
in folders and below, the nearest folder with one counts and an empty id is the library's own; all are kept
where no such reference is known.
Then follows one line for each image, in the order of their adding:

    {"path": "sea/a.jpg", "size": 81234, "mtime_ns": 1767225600000000000, "status": "scored",
     "score": 0.7512345314025879, "maker": 0, "width": 640, "height": 480, "sha256": "…", "selected": true,
     "rating": 4, "pick": "picked", "taken": 1767225600.0, "reference": "memcat-landscape",
     "sensitivity": {"recipe": "ten-crop", "scores": [0.71, 0.74]}}

`path` is relative to the session's folder, with `/` on every platform, for an image at or below it, so that
both can move together. `size` is in bytes, `mtime_ns` in nanoseconds since 1970; both are of the file when
it was last seen. `maker` counts in the header's `makers` from 0. `error` says why there is no score.
`rating` is 1 to 5 stars, `pick` "picked" or "rejected", `taken` seconds since 1970 by the camera's clock.
`reference` is the id of the reference of this image, where it is not the library's own; `sensitivity` holds
the scores of the image in other framings, and by which recipe these were made.
A field that is absent is unknown. Fields of an image that this program does not know are kept. Bytes of a
file name that are no valid UTF-8 are written as escapes, `\udc80` to `\udcff` for 0x80 to 0xff.

People and other programs can read and compare such files, and reading line by line never holds Python's lock
for long: one JSON value of 100,000 images would freeze the window for half a second.
"""

import errno
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from resmem_gui.file_state import FileState
from resmem_gui.library.records import MOST_STARS, Pick, Provenance, Sensitivity, Status
from resmem_gui.library.session_fields import (
    DEEPEST,
    JSON,
    LONGEST_LINE,
    Fields,
    check_depth,
    checked_path,
    checked_text,
    parsed,
)
from resmem_gui.replacing import replacing

__all__ = ["JSON", "Session", "SessionError", "SessionImage", "load_header", "load_session", "save_session"]

_FORMAT = "resmem_gui session"
_VERSION = 1
_LARGEST_FILE = 2 * 1024**3
_STATUSES = {status.word: status for status in Status}
#: More framings than any recipe has.
_MOST_FRAMINGS = 1000
_PICKS = {"": Pick.NONE, **{pick.word: pick for pick in Pick}}
_OTHER_COPY = "Correct it in a text editor, or open another copy of the session."


class SessionError(Exception):
    """A file that cannot be opened as a session; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class SessionImage:
    """All that a session tells of one image.

    Attributes:
        path: Absolute.
        state: The file when it was last seen, without its inode, which another disk would not know.
        score: Memorability, 0 to 1; None without a score.
        width: In pixels, after orientation; 0 while unknown.
        height: Likewise.
        sha256: Of the file's bytes when it was scored; empty while unknown.
        provenance: What produced the score; None if unknown.
        error: Why the image has no score, as a plain sentence; empty otherwise.
        selected: Whether the person had selected it.
        rating: Stars that the person has given, 1 to 5; 0 without a rating.
        pick: What the person has decided about it.
        taken: When it was taken, in seconds since 1970 by the camera's clock; None while unknown.
        reference: Id of the reference it is compared with; empty for the library's own.
        sensitivity: How its score moves with the framing; None while nobody has asked.
        extra: Fields that another program or a later version has added.
    """

    path: str
    state: FileState | None = None
    status: Status = Status.WAITING
    score: float | None = None
    width: int = 0
    height: int = 0
    sha256: str = ""
    provenance: Provenance | None = None
    error: str = ""
    selected: bool = False
    rating: int = 0
    pick: Pick = Pick.NONE
    taken: float | None = None
    reference: str = ""
    sensitivity: Sensitivity | None = None
    extra: dict[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True)
class Session:
    """A library and the window's view of it.

    Attributes:
        images: In the order of their adding, each path once.
        folders: Absolute paths of watched folders.
        view: Settings of the window. They are valid JSON and nothing else is known about them.
        reference: Id of the library's own reference; empty if unknown.
        folder_references: Ids of references by absolute path, for images that will be added in these folders
            and below; an empty id is the library's own, for a folder below one that has another.
    """

    images: list[SessionImage]
    folders: list[str] = field(default_factory=list)
    view: dict[str, JSON] = field(default_factory=dict)
    reference: str = ""
    folder_references: dict[str, str] = field(default_factory=dict)


def save_session(
    session: Session, path: Path, program: str, give_way: Callable[[], None] = lambda: None
) -> None:
    """Write a session file, all or nothing: an existing file stays whole until the new one is complete.

    Args:
        session: Must not change meanwhile.
        path: A link stays a link, and what it leads to is written.
        program: Version of the program that saves.
        give_way: Called at every image: lets other threads go first.

    Raises:
        OSError: The folder or the file cannot be written, the disk is full, or a line is longer than can be
            read again.
    """
    folder = os.path.abspath(path.parent)
    provenances = dict.fromkeys(image.provenance for image in session.images if image.provenance)
    makers = {provenance: number for number, provenance in enumerate(provenances)}
    with replacing(path) as stream:
        stream.write(_line(_header_fields(session, folder, program, list(makers))))
        for image in session.images:
            give_way()
            stream.write(_line(_image_fields(image, folder, makers)))


def load_session(path: Path, give_way: Callable[[], None] = lambda: None) -> Session:
    """Read a session file.

    A session that has moved without its images finds those that are still where they were when it was saved.

    Args:
        path: Of the file.
        give_way: Called at every image: lets other threads go first.

    Raises:
        SessionError: The file is no session, is damaged or cut off, or comes from a newer version.
        OSError: The file cannot be read.
    """
    with path.open("rb") as stream:
        if os.fstat(stream.fileno()).st_size > _LARGEST_FILE:
            raise SessionError("The file is larger than 2 GiB and so is no session. Choose another file.")
        header = _header(stream.readline(LONGEST_LINE + 1), os.path.abspath(path.parent))
        images = list(_images(stream, header, give_way))
    if header.images is not None and len(images) < header.images:
        raise SessionError(
            f"The session is cut off: it should hold {header.images} images and holds {len(images)}. "
            "Open another copy of it."
        )
    if header.images is not None and len(images) > header.images:
        raise SessionError(
            f"The session should hold {header.images} images and holds {len(images)}. {_OTHER_COPY}"
        )
    return Session(images, header.folders, header.view, header.reference, header.folder_references)


def load_header(path: Path) -> "SessionHeader":
    """Read the first line of a session file.

    Raises:
        SessionError: The file is no session, or comes from a newer version.
        OSError: The file cannot be read.
    """
    with path.open("rb") as stream:
        return _header(stream.readline(LONGEST_LINE + 1), os.path.abspath(path.parent))


# Writing


def _header_fields(session: Session, folder: str, program: str, makers: list[Provenance]) -> dict[str, JSON]:
    fields: dict[str, JSON] = {
        "format": _FORMAT,
        "version": _VERSION,
        "program": program,
        "saved": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "folder": folder,
        "makers": [
            {
                "scorer": maker.scorer,
                "weights_sha256": maker.weights_sha256,
                "preprocessing": maker.preprocessing,
                "device": maker.device,
            }
            for maker in makers
        ],
        "images": len(session.images),
        "folders": [_stored_path(watched, folder) for watched in session.folders],
        "view": session.view,
    }
    if session.reference:
        fields["reference"] = session.reference
    if session.folder_references:
        chosen = session.folder_references.items()
        fields["folder_references"] = {_stored_path(of, folder): reference for of, reference in chosen}
    return fields


def _image_fields(image: SessionImage, folder: str, makers: dict[Provenance, int]) -> dict[str, JSON]:
    """Return what is known of an image, and leave out what is unknown."""
    fields: dict[str, JSON] = {"path": _stored_path(image.path, folder)}
    if image.state is not None:
        fields |= {"size": image.state.size, "mtime_ns": image.state.mtime_ns}
    fields["status"] = image.status.word
    if image.score is not None:
        fields["score"] = image.score
    if image.provenance is not None:
        fields["maker"] = makers[image.provenance]
    if image.width or image.height:
        fields |= {"width": image.width, "height": image.height}
    if image.sha256:
        fields["sha256"] = image.sha256
    if image.error:
        fields["error"] = image.error
    fields |= _mark_fields(image)
    return image.extra | fields if image.extra else fields


def _mark_fields(image: SessionImage) -> dict[str, JSON]:
    """Return what does not depend on whether the score holds still: marks, date, comparisons."""
    fields: dict[str, JSON] = {}
    if image.selected:
        fields["selected"] = True
    if image.rating:
        fields["rating"] = image.rating
    if image.pick is not Pick.NONE:
        fields["pick"] = image.pick.word
    if image.taken is not None:
        fields["taken"] = image.taken
    if image.reference:
        fields["reference"] = image.reference
    if image.sensitivity is not None:
        scores: list[JSON] = [*image.sensitivity.scores]
        fields["sensitivity"] = {"recipe": image.sensitivity.recipe, "scores": scores}
    return fields


def _stored_path(path: str, folder: str) -> str:
    """Return a path as the file holds it: relative if it is at or below the folder."""
    path = os.path.normpath(path)
    inside = os.path.join(folder, "")  # noqa: PTH118 Path would drop the separator
    if os.path.normcase(path) == os.path.normcase(folder):
        return "."
    if os.path.normcase(path).startswith(os.path.normcase(inside)):
        return path[len(inside) :].replace(os.sep, "/")
    return path


_encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_encoder_of_escapes = json.JSONEncoder(ensure_ascii=True, allow_nan=False)


def _line(fields: dict[str, JSON]) -> bytes:
    try:
        line = _encoder.encode(fields).encode()
    except UnicodeEncodeError:  # a name that is no text: only escapes keep its bytes
        line = _encoder_of_escapes.encode(fields).encode()
    if len(line) >= LONGEST_LINE:
        raise OSError(errno.EFBIG, "A line of the session would be longer than 1 MiB")
    return line + b"\n"


# Reading. What is wrong with a line is a ValueError whose text goes on after "Line 7 of the session".


@dataclass(frozen=True, slots=True)
class SessionHeader:
    """What the first line says, and the folder that the session is in now.

    Attributes:
        folder: Where the session is.
        saved_in: Where it was when it was saved; empty if unknown.
        makers: What has produced the scores.
        images: How many there should be; None if unknown.
        folders: Absolute paths of watched folders.
        view: Settings of the window.
        reference: Id of the library's own reference; empty if unknown.
        folder_references: Ids by absolute path.
    """

    folder: str
    saved_in: str
    makers: list[Provenance]
    images: int | None
    folders: list[str]
    view: dict[str, JSON]
    reference: str
    folder_references: dict[str, str]

    def path(self, stored: str) -> str:
        """Return the absolute path of something that the session names."""
        here = _joined(self.folder, stored)
        if self.saved_in in ("", self.folder) or os.path.lexists(here):
            return here
        there = _joined(self.saved_in, stored)
        return there if os.path.lexists(there) else here


def _joined(folder: str, stored: str) -> str:
    return os.path.normpath(os.path.join(folder, stored))  # noqa: PTH118 faster than Path for 100,000


def _header(line: bytes, folder: str) -> SessionHeader:
    try:
        fields = parsed(line)
    except ValueError:
        fields = Fields({})
    if fields.left.get("format") != _FORMAT:
        raise SessionError(
            "The file is no session, or its first line is damaged. Choose a file that was saved as a session."
        )
    try:
        _check_version(fields)  # first: of a newer version nothing else is known
        return _header_of_this_version(fields, folder)
    except ValueError as error:
        raise _wrong_line(1, str(error)) from None


def _check_version(fields: Fields) -> None:
    version = fields.whole("version", 1, 2**63 - 1)
    if version is None:
        raise ValueError('has no "version"')
    if version > _VERSION:
        raise SessionError(
            "The session was saved by a newer version of this program. Open it with that version."
        )


def _header_of_this_version(fields: Fields, folder: str) -> SessionHeader:
    saved_in = checked_path(fields.text("folder"))
    header = SessionHeader(
        folder=folder,
        saved_in=saved_in if Path(saved_in).is_absolute() else "",
        makers=[_maker(Fields(maker)) for maker in fields.array("makers")],
        images=fields.whole("images", 0, 2**63 - 1),
        folders=[],
        view=fields.mapping("view"),
        reference=fields.text("reference"),
        folder_references={},
    )
    check_depth(header.view, DEEPEST)
    for watched in fields.array("folders"):
        header.folders.append(header.path(checked_path(checked_text(watched, "folders"))))
    for of, chosen in fields.mapping("folder_references").items():
        path = header.path(checked_path(checked_text(of, "folder_references")))
        header.folder_references[path] = checked_text(chosen, "folder_references")
    return header


def _maker(fields: Fields) -> Provenance:
    return Provenance(
        scorer=fields.text("scorer"),
        weights_sha256=fields.text("weights_sha256"),
        preprocessing=fields.text("preprocessing"),
        device=fields.text("device"),
    )


def _images(stream: BinaryIO, header: SessionHeader, give_way: Callable[[], None]) -> Iterator[SessionImage]:
    paths: set[str] = set()
    lines = iter(lambda: stream.readline(LONGEST_LINE + 1), b"")
    for number, line in enumerate(lines, start=2):
        give_way()
        try:
            image = _image(line, header)
        except ValueError as error:
            raise _wrong_line(number, str(error)) from None
        if image.path in paths:
            raise _wrong_line(number, "names an image that an earlier line has named")
        paths.add(image.path)
        yield image


def _image(line: bytes, header: SessionHeader) -> SessionImage:
    fields = parsed(line)
    path = checked_path(fields.text("path"))
    if not path:
        raise ValueError('has no "path"')
    size = fields.whole("size", 0, 2**63 - 1)
    mtime_ns = fields.whole("mtime_ns", -(2**63), 2**63 - 1)
    status = _STATUSES.get(fields.text("status") or Status.WAITING.word)
    if status is None:
        raise ValueError(f'has a "status" that is none of {", ".join(_STATUSES)}')
    score = fields.fraction("score")
    if status is Status.SCORED and score is None:
        raise ValueError('has the status "scored" and no score')
    maker = fields.whole("maker", 0, len(header.makers) - 1)
    image = SessionImage(
        path=header.path(path),
        state=None if size is None or mtime_ns is None else FileState(size, mtime_ns, inode=0),
        status=status,
        score=score,
        width=fields.whole("width", 0, 2**31 - 1) or 0,
        height=fields.whole("height", 0, 2**31 - 1) or 0,
        sha256=fields.text("sha256"),
        provenance=None if maker is None else header.makers[maker],
        error=fields.text("error"),
        selected=fields.truth("selected"),
        rating=fields.whole("rating", 0, MOST_STARS) or 0,
        pick=_pick(fields.text("pick")),
        taken=fields.number("taken"),
        reference=fields.text("reference"),
        sensitivity=_sensitivity(fields.mapping("sensitivity")),
        extra=dict(fields.left),  # the dict that was emptied would keep its room
    )
    check_depth(image.extra, DEEPEST)
    return image


def _pick(word: str) -> Pick:
    if word not in _PICKS:
        raise ValueError(f'has a "pick" that is none of {", ".join(filter(None, _PICKS))}')
    return _PICKS[word]


def _sensitivity(values: dict[str, JSON]) -> Sensitivity | None:
    if not values:
        return None
    fields = Fields(values)
    scores = fields.array("scores")
    if not 2 <= len(scores) <= _MOST_FRAMINGS:
        raise ValueError('has a "sensitivity" without scores')
    fractions = [Fields({"sensitivity": score}).fraction("sensitivity") for score in scores]
    known = tuple(fraction for fraction in fractions if fraction is not None)
    if len(known) < len(scores):
        raise ValueError('has a "sensitivity" without scores')
    return Sensitivity(fields.text("recipe"), known)


def _wrong_line(number: int, reason: str) -> SessionError:
    return SessionError(f"Line {number} of the session {reason}. {_OTHER_COPY}")
