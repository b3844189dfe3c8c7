"""The images in the window or of one command, with everything known about each."""

import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from resmem_gui.file_state import FileState
from resmem_gui.library.records import ImageRecord, Pick, Provenance, Sensitivity, Status
from resmem_gui.traits import Caution, Traits

# By their numbers: calling an enumeration takes five times as long, and a table asks for thousands.
_STATUSES: Final = tuple(Status)
_PICKS: Final = (Pick.NONE, Pick.PICKED, Pick.REJECTED)  # -1 is the last one


class Library:
    """Images in the order in which they were added, as columns.

    An image's id is its place in the columns and is never given to another. A removed image keeps its place
    and is only no longer present; files are never touched.
    """

    def __init__(self) -> None:
        self._size = 0
        self._paths: list[str] = []
        self._folded_names: list[str] = []
        self._renamings = 0
        self._ids: dict[str, int] = {}
        self._errors: dict[int, str] = {}
        self._sha256: dict[int, str] = {}
        self._provenances: list[Provenance] = []
        self._unknown_fields: dict[int, dict[str, Any]] = {}
        self._traits: dict[int, Traits] = {}
        self._sensitivities: dict[int, Sensitivity] = {}
        self._references = _Words()
        self._references.number("")  # the library's own
        self._folders = _Words()
        self._kinds = _Words()
        self._columns = _Columns(256)

    def __len__(self) -> int:
        """Return how many images have ever been added: ids are below it."""
        return self._size

    # Columns, one entry an image, in order of id. They are views: copy what must outlive the next call.

    @property
    def scores(self) -> NDArray[np.float32]:
        """Memorability, 0 to 1, NaN without a score."""
        return self._columns.scores[: self._size]

    @property
    def statuses(self) -> NDArray[np.uint8]:
        """Values of `Status`."""
        return self._columns.statuses[: self._size]

    @property
    def sizes(self) -> NDArray[np.int32]:
        """Shape (n, 2): width and height in pixels after orientation, 0 while unknown."""
        return self._columns.sizes[: self._size]

    @property
    def present(self) -> NDArray[np.bool_]:
        """False for removed images."""
        return self._columns.present[: self._size]

    @property
    def file_bytes(self) -> NDArray[np.int64]:
        """Length of each file when it was scored, 0 while unknown."""
        return self._columns.file_bytes[: self._size]

    @property
    def mtimes_ns(self) -> NDArray[np.int64]:
        """When each file had last been changed when it was scored, nanoseconds since 1970; 0 if unknown."""
        return self._columns.mtimes_ns[: self._size]

    @property
    def missing(self) -> NDArray[np.bool_]:
        """True where the file was not there when somebody last looked."""
        return self._columns.missing[: self._size]

    @property
    def ratings(self) -> NDArray[np.uint8]:
        """Stars that a person has given, 1 to 5; 0 without a rating."""
        return self._columns.ratings[: self._size]

    @property
    def picks(self) -> NDArray[np.int8]:
        """Values of `Pick`."""
        return self._columns.picks[: self._size]

    @property
    def taken(self) -> NDArray[np.float64]:
        """When each image was taken, in seconds since 1970 by the camera's clock; NaN while unknown."""
        return self._columns.taken[: self._size]

    @property
    def headers_read(self) -> NDArray[np.bool_]:
        """True where `set_header` has told what the file says of itself."""
        return self._columns.headers_read[: self._size]

    @property
    def traits_known(self) -> NDArray[np.bool_]:
        """True where `set_traits` has told what the pixels tell besides the score."""
        return self._columns.traits_known[: self._size]

    @property
    def cautions(self) -> NDArray[np.uint8]:
        """Values of `Caution`, several at a time; 0 also while nobody has looked."""
        return self._columns.cautions[: self._size]

    @property
    def sensitivity_ranges(self) -> NDArray[np.float32]:
        """Shape (n, 2): least and greatest score over framings, NaN where nobody has asked."""
        return self._columns.sensitivity_ranges[: self._size]

    @property
    def reference_numbers(self) -> NDArray[np.int32]:
        """Which of `references` each image's percentile is taken from; 0 is the library's own."""
        return self._columns.reference_numbers[: self._size]

    @property
    def references(self) -> list[str]:
        """Ids of references; the first is empty and stands for the library's own. Not to be changed."""
        return self._references.words

    @property
    def folder_numbers(self) -> NDArray[np.int32]:
        """Which of `folders` each image is in."""
        return self._columns.folder_numbers[: self._size]

    @property
    def kind_numbers(self) -> NDArray[np.int32]:
        """Which of `kinds` each image is of."""
        return self._columns.kind_numbers[: self._size]

    @property
    def folders(self) -> list[str]:
        """Absolute paths of all folders that images are or were in. Not to be changed."""
        return self._folders.words

    @property
    def kinds(self) -> list[str]:
        """File name endings, in small letters and without the dot, of all images. Not to be changed."""
        return self._kinds.words

    @property
    def paths(self) -> list[str]:
        """Absolute paths. Not to be changed."""
        return self._paths

    @property
    def folded_names(self) -> list[str]:
        """File names as `folded` writes them. Not to be changed."""
        return self._folded_names

    @property
    def names_version(self) -> tuple[int, int]:
        """Another one whenever images have come or paths have changed; the first number is `len`."""
        return self._size, self._renamings

    def present_ids(self) -> NDArray[np.int64]:
        """Return the ids of the images that have not been removed, ascending."""
        return np.flatnonzero(self.present)

    def present_scores(self) -> NDArray[np.float32]:
        """Return the scores of all images as a new array, NaN also for removed ones."""
        return np.where(self.present, self.scores, np.float32(np.nan))

    @property
    def present_count(self) -> int:
        """How many images have not been removed."""
        return int(np.count_nonzero(self.present))

    def count(self, status: Status) -> int:
        """Return how many present images have this status."""
        return int(np.count_nonzero(self.present & (self.statuses == status)))

    def missing_ids(self) -> NDArray[np.int64]:
        """Return the ids of the present images whose files are missing, ascending."""
        return np.flatnonzero(self.present & self.missing)

    def with_status(self, status: Status) -> NDArray[np.int64]:
        """Return the ids of present images with this status, ascending."""
        return np.flatnonzero(self.present & (self.statuses == status))

    def add(self, paths: Iterable[str]) -> list[int]:
        """Add images that wait for their score and return the ids of those that are new or were removed.

        An image whose path is already present is passed over.
        """
        added: list[int] = []
        for path in paths:
            if self.id_of(path) is not None:
                continue
            if self._size == len(self._columns.present):
                self._columns = self._columns.with_room_for(self._size + 1)
            # A removed image that comes back is a new one: its file may have changed.
            self._ids[path] = self._size
            self._paths.append(path)
            self._folded_names.append(_folded(path))
            self._note_place(self._size)
            added.append(self._size)
            self._size += 1
        return added

    def _note_place(self, image_id: int) -> None:
        """Note folder and kind as numbers: 100,000 texts could not be filtered at once."""
        folder, name = os.path.split(self._paths[image_id])
        self._columns.folder_numbers[image_id] = self._folders.number(folder)
        ending = name.rpartition(".")[2].lower() if "." in name else ""
        self._columns.kind_numbers[image_id] = self._kinds.number(ending)

    def id_of(self, path: str) -> int | None:
        """Return the id of the present image with this path, None if there is none."""
        image_id = self._ids.get(path)
        return image_id if image_id is not None and self.present[image_id] else None

    def remove(self, image_ids: Iterable[int]) -> None:
        """Take images out of the library. Their files stay as they are."""
        self.present[np.fromiter(image_ids, dtype=np.int64)] = False

    def restore(self, image_ids: Iterable[int]) -> list[int]:
        """Take removed images in again, with all that was known of them; return the ids of those.

        An image whose path another one has now is passed over.
        """
        restored = []
        for image_id in image_ids:
            path = self._paths[image_id]
            if path and not self.present[image_id] and self.id_of(path) is None:
                self._ids[path] = image_id
                self.present[image_id] = True
                restored.append(image_id)
        return restored

    def clear(self) -> None:
        """Take all images out of the library."""
        # Their ids stay used: a thumbnail or a score that is still on its way must find no other image there.
        self.present[:] = False
        self._paths = [""] * self._size
        self._folded_names = [""] * self._size
        self._renamings += 1
        self._ids.clear()
        self._errors.clear()
        self._sha256.clear()
        self._traits.clear()
        self._sensitivities.clear()
        self._unknown_fields.clear()

    def set_rating(self, image_ids: ArrayLike, ratings: ArrayLike) -> None:
        """Give images stars, 0 to 5: one number for all, or one for each."""
        self.ratings[np.asarray(image_ids, dtype=np.int64)] = ratings

    def set_pick(self, image_ids: ArrayLike, picks: ArrayLike) -> None:
        """Pick or reject images, values of `Pick`: one for all, or one for each."""
        self.picks[np.asarray(image_ids, dtype=np.int64)] = picks

    def set_header(
        self, image_id: int, size: tuple[int, int] | None, taken: float, state: FileState | None
    ) -> None:
        """Note what a file says of itself, without its pixels.

        Args:
            image_id: Of the image.
            size: Width and height in pixels after orientation; None where it cannot be read.
            taken: Seconds since 1970 by the camera's clock; NaN where the file does not tell.
            state: Of the file; None where it cannot be asked.
        """
        self.headers_read[image_id] = True
        self.taken[image_id] = taken
        # What the score was made from stays: it tells later whether the file has changed.
        if self.statuses[image_id] == Status.SCORED:
            return
        if size is not None:
            self.sizes[image_id] = size
        if state is not None:
            self.file_bytes[image_id], self.mtimes_ns[image_id] = state.size, state.mtime_ns

    def set_traits(self, image_id: int, traits: Traits) -> None:
        """Note what an image's pixels tell besides its score."""
        self._traits[image_id] = traits
        self.traits_known[image_id] = True

    def traits(self, image_id: int) -> Traits | None:
        """Return it; None while nobody has looked."""
        return self._traits.get(image_id)

    def set_cautions(self, image_ids: ArrayLike, cautions: ArrayLike) -> None:
        """Note why scores may not mean what they say, values of `Caution`: one for all, or one for each."""
        self.cautions[np.asarray(image_ids, dtype=np.int64)] = cautions

    def set_sensitivity(self, image_id: int, sensitivity: Sensitivity | None) -> None:
        """Note how an image's score moves with the framing; None to forget it."""
        if sensitivity is None:
            self._sensitivities.pop(image_id, None)
            self.sensitivity_ranges[image_id] = np.nan
        else:
            self._sensitivities[image_id] = sensitivity
            self.sensitivity_ranges[image_id] = sensitivity.low, sensitivity.high

    def sensitivity(self, image_id: int) -> Sensitivity | None:
        """Return it; None where nobody has asked."""
        return self._sensitivities.get(image_id)

    def set_reference(self, image_ids: ArrayLike, reference: str) -> None:
        """Let the percentiles of images be taken from a reference, by its id; empty for the library's own."""
        number = self._references.number(reference)
        self.reference_numbers[np.asarray(image_ids, dtype=np.int64)] = number

    def reference(self, image_id: int) -> str:
        """Return the id of the reference that was set for an image, empty for the library's own."""
        return self._references.words[int(self.reference_numbers[image_id])]

    def set_unknown_fields(self, image_id: int, fields: Mapping[str, Any]) -> None:
        """Keep what a session says of an image and this program does not know."""
        self._unknown_fields[image_id] = dict(fields)

    def unknown_fields(self, image_id: int) -> dict[str, Any]:
        """Return it; empty for most images."""
        return self._unknown_fields.get(image_id, {})

    def set_scored(
        self,
        image_id: int,
        score: float,
        size: tuple[int, int],
        sha256: str,
        provenance: Provenance,
        state: FileState | None = None,
    ) -> None:
        """Note the score of an image.

        Args:
            image_id: Of the image.
            score: 0 to 1.
            size: Width and height in pixels, after orientation.
            sha256: Of its file, hexadecimal.
            provenance: What produced the score.
            state: Of the file when it was read; None if unknown.
        """
        self.scores[image_id] = score
        self.sizes[image_id] = size
        self.statuses[image_id] = Status.SCORED
        self._columns.provenances[image_id] = self._intern(provenance)
        self._sha256[image_id] = sha256
        self.file_bytes[image_id] = state.size if state is not None else 0
        self.mtimes_ns[image_id] = state.mtime_ns if state is not None else 0
        self._errors.pop(image_id, None)

    def set_failed(self, image_id: int, reason: str) -> None:
        """Note that an image has no score, and why, as one plain sentence."""
        self.scores[image_id] = np.nan
        self.statuses[image_id] = Status.FAILED
        self._errors[image_id] = reason

    def set_waiting(self, image_ids: Iterable[int]) -> None:
        """Make images wait for a (new) score."""
        for image_id in image_ids:
            self.scores[image_id] = np.nan
            self.statuses[image_id] = Status.WAITING
            self._forget_pixels(image_id)
            self.headers_read[image_id] = False  # its file may be another now
            self._errors.pop(image_id, None)

    def _forget_pixels(self, image_id: int) -> None:
        """Forget what was found in the pixels: they may be others now."""
        self._traits.pop(image_id, None)
        self.traits_known[image_id] = False
        self.cautions[image_id] = 0
        self.set_sensitivity(image_id, None)

    def set_missing(self, image_ids: Iterable[int], *, missing: bool) -> None:
        """Note that the files of images are not there, or are there again. Scores stay."""
        self.missing[np.fromiter(image_ids, dtype=np.int64)] = missing

    def relink(self, paths: Mapping[int, str]) -> list[int]:
        """Give images the paths where their files are now; return the ids of those that got one.

        A path that another present image has already is passed over, and so is an image that was removed.
        """
        relinked = []
        for image_id, path in paths.items():
            if not self.present[image_id] or self.id_of(path) not in (None, image_id):
                continue
            del self._ids[self._paths[image_id]]
            self._ids[path] = image_id
            self._paths[image_id] = path
            self._folded_names[image_id] = _folded(path)
            self._note_place(image_id)
            relinked.append(image_id)
        self._renamings += bool(relinked)
        self.set_missing(relinked, missing=False)
        return relinked

    def sha256(self, image_id: int) -> str:
        """Return the hash of the file that was scored, an empty text without a score."""
        return self._sha256.get(image_id, "")

    def error(self, image_id: int) -> str:
        """Return why an image has no score, or an empty text."""
        return self._errors.get(image_id, "")

    def record(self, image_id: int) -> ImageRecord:
        """Return all that is known about one image."""
        status = _STATUSES[self.statuses[image_id]]
        scored = status is Status.SCORED
        width, height = self.sizes[image_id]
        return ImageRecord(
            image_id=image_id,
            path=self._paths[image_id],
            status=status,
            score=float(self.scores[image_id]) if scored else None,
            width=int(width),
            height=int(height),
            error=self._errors.get(image_id, ""),
            missing=bool(self.missing[image_id]),
            rating=int(self.ratings[image_id]),
            pick=_PICKS[self.picks[image_id]],
            cautions=Caution(int(self.cautions[image_id])) if self.traits_known[image_id] else None,
            sensitivity=self._sensitivities.get(image_id),
            reference=self.reference(image_id),
            sha256=self._sha256.get(image_id, "") if scored else "",
            provenance=self._provenances[self._columns.provenances[image_id]] if scored else None,
        )

    def records(self, image_ids: Iterable[int] | None = None) -> Iterator[ImageRecord]:
        """Yield the records of the images named, or of all present ones in the order of their adding."""
        for image_id in self.present_ids() if image_ids is None else image_ids:
            yield self.record(int(image_id))

    def snapshot(self) -> "Library":
        """Return a copy that another thread may read while this library goes on."""
        copy = Library()
        copy._size = self._size
        copy._paths = list(self._paths)
        copy._folded_names = list(self._folded_names)
        copy._renamings = self._renamings
        copy._ids = dict(self._ids)
        copy._errors = dict(self._errors)
        copy._sha256 = dict(self._sha256)
        copy._provenances = list(self._provenances)
        copy._unknown_fields = dict(self._unknown_fields)
        copy._traits = dict(self._traits)
        copy._sensitivities = dict(self._sensitivities)
        copy._references = self._references.copy()
        copy._folders = self._folders.copy()
        copy._kinds = self._kinds.copy()
        copy._columns = self._columns.copy()
        return copy

    def _intern(self, provenance: Provenance) -> int:
        if provenance not in self._provenances:
            self._provenances.append(provenance)
        return self._provenances.index(provenance)


def folded(text: str) -> str:
    """Return a text without the difference of large and small letters, and of two ways to write an accent."""
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).casefold()


def _folded(path: str) -> str:
    return folded(os.path.basename(path))


class _Words:
    """Texts that come again and again, each with a number."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, word: str) -> int:
        """Return a text's number, a new one if it has none."""
        number = self._numbers.setdefault(word, len(self.words))
        if number == len(self.words):
            self.words.append(word)
        return number

    def copy(self) -> "_Words":
        """Return one that knows the same."""
        copy = _Words()
        copy.words, copy._numbers = list(self.words), dict(self._numbers)
        return copy


class _Columns:
    """Arrays of equal length that grow together."""

    def __init__(self, capacity: int) -> None:
        self.scores = np.full(capacity, np.nan, dtype=np.float32)
        self.statuses = np.full(capacity, Status.WAITING, dtype=np.uint8)
        self.sizes = np.zeros((capacity, 2), dtype=np.int32)
        self.file_bytes = np.zeros(capacity, dtype=np.int64)
        self.mtimes_ns = np.zeros(capacity, dtype=np.int64)
        self.present = np.ones(capacity, dtype=np.bool_)
        self.missing = np.zeros(capacity, dtype=np.bool_)
        self.ratings = np.zeros(capacity, dtype=np.uint8)
        self.picks = np.zeros(capacity, dtype=np.int8)
        self.taken = np.full(capacity, np.nan)
        self.headers_read = np.zeros(capacity, dtype=np.bool_)
        self.traits_known = np.zeros(capacity, dtype=np.bool_)
        self.cautions = np.zeros(capacity, dtype=np.uint8)
        self.sensitivity_ranges = np.full((capacity, 2), np.nan, dtype=np.float32)
        self.reference_numbers = np.zeros(capacity, dtype=np.int32)
        self.folder_numbers = np.zeros(capacity, dtype=np.int32)
        self.kind_numbers = np.zeros(capacity, dtype=np.int32)
        self.provenances = np.zeros(capacity, dtype=np.int32)

    def copy(self) -> "_Columns":
        """Return columns of the same content and capacity."""
        return self._enlarged(len(self.scores))

    def with_room_for(self, size: int) -> "_Columns":
        """Return columns of at least `size` entries, twice as long when they must grow."""
        capacity = len(self.scores)
        if size <= capacity:
            return self
        return self._enlarged(max(size, 2 * capacity))

    def _enlarged(self, capacity: int) -> "_Columns":
        larger = _Columns(capacity)
        for name, column in vars(self).items():
            getattr(larger, name)[: len(column)] = column
        return larger
