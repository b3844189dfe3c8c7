"""All references that there are: those that ship with the program, and a person's own."""

import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Final

from platformdirs import user_data_path

from resmem_gui.analysis.reference import Reference
from resmem_gui.analysis.score_table import ScoreTable, ScoreTableError
from resmem_gui.human_scores.own_exports import is_predicted, predicted_sentence
from resmem_gui.replacing import replacing
from resmem_gui.resources import resource

#: Of the reference that every library begins with.
DEFAULT_ID: Final = "lamem"
_BUILTIN_IDS: Final = (
    "lamem",
    "memcat",
    "memcat-animal",
    "memcat-food",
    "memcat-landscape",
    "memcat-sports",
    "memcat-vehicle",
)
_OWN: Final = "user-"
_LONGEST_NAME: Final = 60


class UnknownReferenceError(Exception):
    """There is no reference with this id here; the text says so and what to do."""


class ReferenceNameError(Exception):
    """A name that a person's own reference cannot have; the text says why."""


class References:
    """The catalogue.

    Files are read when they are first asked for, which takes some milliseconds; `read` does it ahead on
    another thread. May be used by several threads.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Make a catalogue.

        Args:
            folder: Where a person's own references are kept, one JSON file each; made when it is first
                needed. None to keep them in memory only.
        """
        self._folder = folder
        self._lock = RLock()
        self._builtin: dict[str, Reference] = {}
        self._own: dict[str, Reference] | None = None
        self._problems: list[str] = []

    @property
    def problems(self) -> list[str]:
        """A sentence for each file of a person's own that could not be read."""
        self.own()
        return list(self._problems)

    def read(self) -> None:
        """Read all files now."""
        self.all()

    def builtin(self) -> list[Reference]:
        """Return those that ship with the program, LaMem first."""
        return [self.get(reference_id) for reference_id in _BUILTIN_IDS]

    def own(self) -> list[Reference]:
        """Return a person's own ones, by name."""
        with self._lock:
            if self._own is None:
                self._own = self._read_own()
            return sorted(self._own.values(), key=lambda reference: reference.name.casefold())

    def all(self) -> list[Reference]:
        """Return all, those that ship with the program first."""
        return [*self.builtin(), *self.own()]

    def get(self, reference_id: str) -> Reference:
        """Return a reference.

        Raises:
            UnknownReferenceError: There is none with this id here.
        """
        with self._lock:
            if reference_id in self._builtin:
                return self._builtin[reference_id]
            if reference_id in _BUILTIN_IDS:
                path = resource(f"resources/references/{reference_id}.json")
                return self._builtin.setdefault(reference_id, Reference.from_file(path))
            self.own()
            if self._own is not None and reference_id in self._own:
                return self._own[reference_id]
        raise UnknownReferenceError(
            f"The reference “{plain_name(reference_id)}” is not on this computer; {self.default.name} "
            "takes its place. Add it again, under the same name, from the file that it was made of."
        )

    @property
    def default(self) -> Reference:
        """The one that every library begins with."""
        return self.get(DEFAULT_ID)

    def check_name(self, name: str) -> str:
        """Return a name as it is kept, without needless spaces.

        Raises:
            ReferenceNameError: It is empty, too long, or another reference has it.
        """
        name = " ".join(name.split())
        if not own_id(name):
            raise ReferenceNameError("Give the reference a name.")
        if len(name) > _LONGEST_NAME:
            raise ReferenceNameError(f"A name has {_LONGEST_NAME} characters at most.")
        taken = {own_id(reference.name) for reference in self.all()}
        if own_id(name) in taken:
            raise ReferenceNameError(f"There is a reference called {name} already. Choose another name.")
        return name

    def add(self, reference: Reference) -> None:
        """Keep a person's own reference.

        Raises:
            OSError: The folder or the file cannot be written.
        """
        with self._lock:
            self.own()
            if self._folder is not None:
                self._folder.mkdir(parents=True, exist_ok=True)
                with replacing(self._folder / f"{reference.id}.json") as stream:
                    stream.write(reference.as_json().encode())
            assert self._own is not None
            self._own[reference.id] = reference

    def remove(self, reference_id: str) -> None:
        """Forget a person's own reference. The file that it was made of stays.

        Raises:
            OSError: Its file cannot be removed.
        """
        with self._lock:
            self.own()
            assert self._own is not None
            if self._folder is not None and reference_id in self._own:
                (self._folder / f"{reference_id}.json").unlink(missing_ok=True)
            self._own.pop(reference_id, None)

    def _read_own(self) -> dict[str, Reference]:
        own: dict[str, Reference] = {}
        self._problems = []
        for path in sorted(self._folder.glob(f"{_OWN}*.json")) if self._folder is not None else ():
            try:
                reference = _read_own_file(path)
            except (OSError, ValueError) as error:
                self._problems.append(f"A reference of yours could not be read: {error}. Its file is {path}.")
            else:
                own[reference.id] = reference
        return own


def _read_own_file(path: Path) -> Reference:
    """Read a person's own reference; its file is called as its id, so that none takes another's place."""
    reference = Reference.from_file(path)
    if unicodedata.normalize("NFC", path.stem) != reference.id:
        raise ValueError(f"{path.name} was renamed; its reference is called {reference.id}")
    return reference


def default_references_folder() -> Path:
    """Return where the references of this user are kept."""
    return user_data_path("resmem_gui") / "references"


def own_id(name: str) -> str:
    """Return the id of a person's own reference by its name; empty if no letter or digit is in it.

    Letters of all scripts stay: the id is also the name of the file.
    """
    plain = unicodedata.normalize("NFC", name).casefold()
    slug = re.sub(r"[\W_]+", "-", plain).strip("-")
    return f"{_OWN}{slug}" if slug else ""


def plain_name(reference_id: str) -> str:
    """Return what an id tells of a name, where the reference itself is not here."""
    return reference_id.removeprefix(_OWN)


def is_own(reference_id: str) -> bool:
    """Return whether an id is of a person's own reference."""
    return reference_id.startswith(_OWN)


def own_reference(table: ScoreTable, column: int, name: str) -> Reference:
    """Return a reference made of a column of a person's table.

    Raises:
        ScoreTableError: The column holds no scores that a reference could be made of, or the network's own.
    """
    if is_predicted(table.titles, table.titles[column]):
        raise ScoreTableError(predicted_sentence(table.name, table.titles[column]))
    provenance = {
        "dataset": name,
        "column": table.titles[column],
        "source": f"{table.name}, chosen by the user",
        "citation": f"Own data: {table.name}",
        "measure": "human scores as given in the file, not checked by this program",
        "licence": "The user’s own",
        "file": table.name,
        "sha256": table.sha256,
        "summarised": datetime.now(UTC).strftime("%Y-%m-%d"),
    }
    return Reference.from_scores(table.scores(column), name, provenance, own_id(name))
