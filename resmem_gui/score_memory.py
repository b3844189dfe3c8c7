"""What scoring remembers between runs: the store, and what to do when there is none."""

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

from resmem_gui.databases import DamagedError, DatabaseError
from resmem_gui.file_state import FileState, file_state
from resmem_gui.library.records import Provenance
from resmem_gui.library.store import Store, StoredScore
from resmem_gui.scoring.pipeline import KnownScore, Outcome, Request, Scored
from resmem_gui.traits import Traits
from resmem_gui.unwritten import TRAITS_VERSION, Entry, Unwritten

_log = logging.getLogger(__name__)

#: So many files are looked up at a time: what is found can be shown after a few milliseconds.
_CHUNK: Final = 500
#: So many scores (and as many traits) that could not be written wait for another try, some 100 MB of each.
_MOST_UNWRITTEN: Final = 200_000

#: More than so many are not tried again with each batch, but from time to time.
_FEW_UNWRITTEN: Final = 1000
_TRY_AGAIN_S: Final = 10.0

#: What the store knows of a few images, and which of them it does not know.
LookUp = tuple[list[Scored], list[Request]]
_Answer = TypeVar("_Answer")


class ScoreMemory:
    """The store as scoring uses it: it never fails, at worst it forgets with the end of the program.

    Where the store cannot be used, one in memory takes its place; what is on the disk is left as it is.
    Scores that cannot be written are kept and tried again with the next ones. Any thread may call any method;
    the first call opens the store.
    """

    def __init__(self, path: Path | None, tell: Callable[[str], None]) -> None:
        """Prepare to remember.

        Args:
            path: The file of the store; None to remember nothing beyond the program.
            tell: Called with a sentence when scores are not kept, once for each reason.
        """
        self._tell = tell
        self._told: set[str] = set()
        self._lock = threading.RLock()
        self._unwritten = Unwritten()
        self._path = path
        self._store: Store | None = None
        self._is_closed = self._is_stand_in = False
        self._may_recover = False
        self._is_behind = False
        self._try_again_at = 0.0

    @property
    def holds_more_than_disk(self) -> bool:
        """Whether there are scores that end with the program, though they should not."""
        # Not what is being written at this moment: that is no reason to ask anybody anything.
        return self._is_behind or (self._is_stand_in and self._path is not None)

    @property
    def store(self) -> Store:
        """The store that is in use."""
        with self._lock:
            if self._store is None:
                self._store = self._open()
            return self._store

    def _open(self) -> Store:
        try:
            return Store(self._path)
        except DatabaseError as error:
            self._say(f"{error} Scores are not remembered after the end of the program.")
            # What is damaged or another's stays so; a full disk or a folder without rights may be mended.
            return self._stand_in(may_recover=type(error) is DatabaseError)

    def _stand_in(self, *, may_recover: bool) -> Store:
        """Return a store in memory, for the time in which that on disk cannot be used."""
        self._is_stand_in, self._may_recover = True, may_recover
        self._try_again_at = time.monotonic() + _TRY_AGAIN_S
        return Store(None)

    def look_up(self, requests: Iterable[Request], made_by: Provenance) -> Iterator[LookUp]:
        """Yield what is known of images, some at a time, without decoding any.

        A file in the state in which it was scored is not even read. Of the others only those are read whose
        length is that of some scored file: they may have been moved, renamed or copied.
        """
        remaining = iter(requests)
        while chunk := list(islice(remaining, _CHUNK)):
            yield from self._look_up(chunk, made_by)

    def _look_up(self, requests: Sequence[Request], made_by: Provenance) -> Iterator[LookUp]:
        now = time.time_ns()
        states = {request.path: state for request in requests if (state := file_state(request.path))}
        stored = self._ask(lambda store: store.find_files(states, made_by)) or {}
        traits = self.find_traits({score.sha256 for score in stored.values()})
        sizes = {state.size for path, state in states.items() if path not in stored}
        known_sizes = self._ask(lambda store: store.known_sizes(sizes, made_by)) or set()
        found: list[Scored] = []
        unknown: list[Request] = []
        to_read: list[Request] = []
        for request in requests:
            state = states.get(request.path)
            if request.path in stored:
                known = stored[request.path]
                found.append(_recalled(request, states[request.path], known, traits.get(known.sha256)))
            elif state is not None and state.size in known_sizes:
                to_read.append(request)
            else:
                unknown.append(request)
        yield found, unknown
        for request in to_read:
            state = states[request.path]
            yield self._look_into(request, state, made_by, is_settled=state.is_settled(now))

    def _look_into(
        self, request: Request, state: FileState, made_by: Provenance, *, is_settled: bool
    ) -> LookUp:
        """Look a file up by its content."""
        sha256 = _sha256(request.path)
        stored = self._ask(lambda store: store.find_contents([sha256], made_by)) if sha256 else None
        if not stored:
            return [], [request]
        known = stored[sha256]
        new = Unwritten()
        new.add_scores([(request.path, state if is_settled else None, known)])
        self._write(new)
        traits = self.find_traits([sha256]).get(sha256)
        return [_recalled(request, state, known, traits, is_settled=is_settled)], []

    def recall(self, sha256s: Sequence[str], made_by: Provenance) -> dict[str, KnownScore]:
        """Return by hash the scores that are known of some contents."""
        found = self._ask(lambda store: store.find_contents(sha256s, made_by)) or {}
        return {sha256: KnownScore(known.score, known.provenance.device) for sha256, known in found.items()}

    def keep(self, outcomes: Iterable[Outcome], made_by: Provenance) -> None:
        """Keep the scores among these outcomes, and what their pixels tell besides."""
        scored = [outcome for outcome in outcomes if isinstance(outcome, Scored)]
        new = Unwritten()
        new.add_scores([_entry(outcome, made_by) for outcome in scored])
        new.add_traits({one.sha256: one.traits for one in scored if one.traits is not None})
        self._write(new)

    def find_traits(self, sha256s: Iterable[str]) -> dict[str, Traits]:
        """Return, by hash, what the pixels of contents tell besides the score, as far as it is known."""
        wanted = list(sha256s)
        return self._ask(lambda store: store.find_traits(wanted, TRAITS_VERSION)) or {}

    def keep_traits(self, traits: Mapping[str, Traits]) -> None:
        """Keep what the pixels of contents tell, by hash."""
        new = Unwritten()
        new.add_traits(traits)
        self._write(new)

    def find_sensitivities(
        self, sha256s: Iterable[str], made_by: Provenance, recipe: str
    ) -> dict[str, tuple[float, ...]]:
        """Return, by hash, the scores that contents got when they were framed by a recipe."""
        wanted = list(sha256s)
        return self._ask(lambda store: store.find_sensitivities(wanted, made_by, recipe)) or {}

    def keep_sensitivities(
        self, scores: Mapping[str, Sequence[float]], made_by: Provenance, recipe: str
    ) -> None:
        """Keep the scores of several framings, by hash."""
        new = Unwritten()
        new.add_sensitivities(scores, made_by, recipe)
        self._write(new)

    def clear(self) -> None:
        """Forget all scores.

        Raises:
            DatabaseError: They cannot be removed.
        """
        with self._lock:
            self.store.clear()
            self._forget_unwritten()

    def close(self) -> None:
        """Write what has not been written, if that is possible now, and close the store."""
        with self._lock:
            if self._store is not None and not self._is_closed:
                self._try_again_at = 0.0
                self._write(Unwritten())
                self._store.close()
            self._is_closed = True  # a thread that comes late has nothing to tell any more

    def _ask(self, question: Callable[[Store], _Answer]) -> _Answer | None:
        """Return what the store answers, None if it cannot."""
        store = self.store
        try:
            return question(store)
        except DatabaseError as error:
            self._take_failure(store, error)
            return None

    def _write(self, new: Unwritten) -> None:
        with self._lock:  # what waits for another try must not be written twice, or lost between two threads
            if self._is_closed:
                return
            store = self.store
            self._unwritten.add_all(new)
            self._unwritten.limit(_MOST_UNWRITTEN)
            if self._is_stand_in:
                new.write_to(store)
                self._recover()
            elif len(self._unwritten) < _FEW_UNWRITTEN or time.monotonic() > self._try_again_at:
                self._write_all(store)

    def _write_all(self, store: Store) -> None:
        try:
            self._unwritten.write_to(store)
        except DatabaseError as error:
            self._is_behind = True
            self._try_again_at = time.monotonic() + _TRY_AGAIN_S
            self._take_failure(store, error)
        else:
            self._forget_unwritten()

    def _forget_unwritten(self) -> None:
        self._unwritten.clear()
        self._is_behind = False

    def _recover(self) -> None:
        """Go back to the store on disk if it can be used by now, with all that came meanwhile."""
        if not self._may_recover:
            self._forget_unwritten()
            return
        if time.monotonic() < self._try_again_at:
            return
        self._try_again_at = time.monotonic() + _TRY_AGAIN_S
        try:
            recovered = Store(self._path)
        except DatabaseError:
            return  # it was told when it was first met
        self.store.close()
        self._store, self._is_stand_in = recovered, False
        self._write_all(recovered)

    def _take_failure(self, store: Store, error: DatabaseError) -> None:
        """Say what is wrong. A damaged store is used no more, and left as it is."""
        with self._lock:
            if store is not self._store:
                return  # another thread has seen to it
            if not isinstance(error, DamagedError):
                self._say(
                    f"{error} The scores stay in memory and are written as soon as that is possible; "
                    "to be safe, export them."
                )
                return
            self._say(f"{error} From now on scores are not remembered after the end of the program.")
            store.close()
            self._store = self._stand_in(may_recover=False)
            self._unwritten.write_to(self._store)
            self._forget_unwritten()

    def _say(self, sentence: str) -> None:
        _log.info("%s", sentence)
        if sentence not in self._told and not self._is_closed:
            self._told.add(sentence)
            self._tell(sentence)


def _recalled(
    request: Request, state: FileState, known: StoredScore, traits: Traits | None, *, is_settled: bool = True
) -> Scored:
    return Scored(
        request=request,
        score=known.score,
        device=known.provenance.device,
        size=known.size,
        sha256=known.sha256,
        state=state,
        is_settled=is_settled,
        traits=traits,
    )


def _entry(scored: Scored, made_by: Provenance) -> Entry:
    provenance = Provenance(made_by.scorer, made_by.weights_sha256, made_by.preprocessing, scored.device)
    stored = StoredScore(scored.sha256, scored.score, scored.size, scored.state.size, provenance)
    # A file that may change without being noticed is remembered by its content only.
    return scored.request.path, scored.state if scored.is_settled else None, stored


def _sha256(path: str) -> str:
    """Return the hash of a file, an empty text if it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""  # decoding will say why
