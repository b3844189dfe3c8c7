"""Scores are remembered between runs, and a store that cannot be used keeps nobody from scoring."""

import builtins
import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

import pytest

from resmem_gui import score_memory as module
from resmem_gui.databases import DamagedError, DatabaseError
from resmem_gui.file_state import file_state
from resmem_gui.library.records import Provenance
from resmem_gui.library.store import Store
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring.pipeline import Failed, KnownScore, Request, Scored

MAKER = Provenance("Fake 1.0", "f" * 64, "recipe-1", "")
OTHER_MAKERS = [
    replace(MAKER, scorer="Fake 2.0"),
    replace(MAKER, weights_sha256="0" * 64),
    replace(MAKER, preprocessing="recipe-2"),
]
LONG_AGO_NS = 1_600_000_000_000_000_000
NOBODY = 65534
IN_MEMORY = "not remembered after the end of the program."

Told = list[str]
Files = Callable[..., str]
Remember = Callable[..., ScoreMemory]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Of the store."""
    return tmp_path / "own" / "scores.sqlite"


@pytest.fixture
def told() -> Told:
    """What people were told."""
    return []


@pytest.fixture
def remember(path: Path, told: Told) -> Iterator[Remember]:
    """Return a maker of memories that are closed at the end."""
    made: list[ScoreMemory] = []

    def make(where: Path | None = path) -> ScoreMemory:
        made.append(ScoreMemory(where, told.append))
        return made[-1]

    yield make
    for memory in made:
        memory.close()


@pytest.fixture
def memory(remember: Remember) -> ScoreMemory:
    return remember()


@pytest.fixture
def file(tmp_path: Path) -> Files:
    """Return a maker of files that were changed long ago, unless told otherwise; path out."""

    def make(name: str, content: bytes | None = None, mtime_ns: int = LONG_AGO_NS) -> str:
        made = tmp_path / "photos" / name
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_bytes(f"content of {name}".encode() if content is None else content)
        os.utime(made, ns=(mtime_ns, mtime_ns))
        return str(made)

    return make


def scored(path: str, score: float = 0.5, *, image_id: int = 0, device: str = "Fake GPU") -> Scored:
    """Return what the pipeline says of a file that was settled when it was read."""
    content, state = Path(path).read_bytes(), file_state(path)
    assert state is not None
    return Scored(
        request=Request(image_id, path),
        score=score,
        device=device,
        size=(64, 48),
        sha256=hashlib.sha256(content).hexdigest(),
        state=state,
        is_settled=True,
    )


def requests(paths: list[str]) -> list[Request]:
    return [Request(image_id, path) for image_id, path in enumerate(paths)]


def look_up(
    memory: ScoreMemory, *paths: str, maker: Provenance = MAKER
) -> tuple[dict[str, Scored], list[str]]:
    """Return what is known by path, and the paths of which nothing is. None is told twice or forgotten."""
    found: dict[str, Scored] = {}
    unknown: list[str] = []
    ids = []
    for known, not_known in memory.look_up(requests(list(paths)), maker):
        for outcome in known:
            assert paths[outcome.request.image_id] == outcome.request.path
            found[outcome.request.path] = outcome
            ids.append(outcome.request.image_id)
        unknown += [request.path for request in not_known]
        ids += [request.image_id for request in not_known]
    assert sorted(ids) == list(range(len(paths)))
    return found, unknown


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are opened, the store's aside."""
    opened: list[str] = []
    real = builtins.open

    def note(file: Any, *arguments: Any, **options: Any) -> Any:
        opened.append(str(file))
        return real(file, *arguments, **options)

    monkeypatch.setattr(module, "open", note, raising=False)
    return opened


# --- by path -------------------------------------------------------------------------------------


def test_a_file_left_alone_is_found_without_reading_it(
    remember: Remember, file: Files, read: list[str], told: Told
) -> None:
    kept = scored(file("a.jpg"), 0.75)
    memory = remember()
    memory.keep([kept], MAKER)
    memory.close()
    memory = remember()
    found, unknown = look_up(memory, kept.request.path)
    assert (found, unknown) == ({kept.request.path: kept}, [])
    assert read == []
    assert told == []


def test_nothing_is_known_at_first(memory: ScoreMemory, file: Files, read: list[str]) -> None:
    path = file("a.jpg")
    assert look_up(memory, path) == ({}, [path])
    assert memory.recall(["0" * 64], MAKER) == {}
    assert read == []


def test_nothing_asked_and_nothing_kept_is_fine(memory: ScoreMemory) -> None:
    memory.keep([], MAKER)
    assert look_up(memory) == ({}, [])
    assert memory.recall([], MAKER) == {}
    assert memory.store.count() == 0


def test_failures_are_not_kept(memory: ScoreMemory, file: Files) -> None:
    good, bad = scored(file("a.jpg")), Failed(Request(1, file("b.jpg")), "The file is empty (0 bytes).")
    memory.keep([bad, good, bad], MAKER)
    assert memory.store.count() == 1
    assert look_up(memory, good.request.path, bad.request.path)[1] == [bad.request.path]


def test_an_outcome_keeps_its_own_device(memory: ScoreMemory, file: Files) -> None:
    first = scored(file("a.jpg"), device="Fake GPU")
    second = scored(file("b.jpg"), device="cpu")
    memory.keep([first, second], replace(MAKER, device="cpu"))
    found, _ = look_up(memory, first.request.path, second.request.path)
    assert [outcome.device for outcome in found.values()] == ["Fake GPU", "cpu"]
    assert memory.recall([first.sha256, second.sha256, "0" * 64], MAKER) == {
        first.sha256: KnownScore(0.5, "Fake GPU"),
        second.sha256: KnownScore(0.5, "cpu"),
    }


def test_an_edited_file_is_unknown(memory: ScoreMemory, file: Files) -> None:
    path = file("a.jpg", b"before")
    memory.keep([scored(path)], MAKER)
    file("a.jpg", b"much longer than before")
    assert look_up(memory, path) == ({}, [path])


def test_an_edited_file_of_the_same_length_is_read_and_unknown(
    memory: ScoreMemory, file: Files, read: list[str]
) -> None:
    path = file("a.jpg", b"before")
    memory.keep([scored(path)], MAKER)
    file("a.jpg", b"after.", LONG_AGO_NS + 1)
    assert look_up(memory, path) == ({}, [path])
    assert read == [path]


@pytest.mark.parametrize("other", OTHER_MAKERS)
def test_what_another_scorer_weights_or_preprocessing_gave_is_unknown(
    memory: ScoreMemory, file: Files, read: list[str], other: Provenance
) -> None:
    kept = scored(file("a.jpg"))
    memory.keep([kept], MAKER)
    assert look_up(memory, kept.request.path, maker=other) == ({}, [kept.request.path])
    assert memory.recall([kept.sha256], other) == {}
    assert read == []


@pytest.mark.parametrize("name", ["missing.jpg", "", "a.jpg/b.jpg", "nul\0.jpg", "\ud800.jpg"])
def test_a_path_without_a_file_is_unknown(memory: ScoreMemory, file: Files, name: str) -> None:
    kept = scored(file("a.jpg"))
    memory.keep([kept], MAKER)
    nowhere = f"{Path(kept.request.path).parent}/{name}"
    found, unknown = look_up(memory, nowhere, kept.request.path)
    assert unknown == [nowhere]
    assert list(found) == [kept.request.path]


def test_a_file_that_is_gone_is_unknown(memory: ScoreMemory, file: Files) -> None:
    kept = scored(file("a.jpg"))
    memory.keep([kept], MAKER)
    Path(kept.request.path).unlink()
    assert look_up(memory, kept.request.path) == ({}, [kept.request.path])


def test_names_that_are_no_text_are_found(
    memory: ScoreMemory, file: Files, awkward_names: list[str], read: list[str]
) -> None:
    paths = [file(name, os.fsencode(name)) for name in awkward_names]
    memory.keep([scored(path) for path in paths], MAKER)
    assert look_up(memory, *paths)[1] == []
    assert read == []


def test_many_files_come_in_parts_and_none_is_lost(
    memory: ScoreMemory, file: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CHUNK", 5)
    paths = [file(f"{number}.jpg", b"x" * (number + 1)) for number in range(23)]
    memory.keep([scored(path) for path in paths[::2]], MAKER)
    found, unknown = look_up(memory, *paths)
    assert list(found) == paths[::2]
    assert unknown == paths[1::2]
    assert [len(known) + len(unknown) for known, unknown in memory.look_up(requests(paths), MAKER)] == [
        *[5] * 4,
        3,
    ]


def test_what_is_found_first_is_told_before_the_rest_is_asked_for(
    memory: ScoreMemory, file: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CHUNK", 2)
    kept = scored(file("a.jpg"))
    memory.keep([kept], MAKER)

    def wanted() -> Iterator[Request]:
        yield kept.request
        yield Request(1, file("b.jpg", b"new"))
        pytest.fail("not asked for yet")

    found, unknown = next(iter(memory.look_up(wanted(), MAKER)))
    assert found == [kept]
    assert [request.image_id for request in unknown] == [1]


def test_the_same_path_twice_is_answered_twice(memory: ScoreMemory, file: Files) -> None:
    kept = scored(file("a.jpg"))
    memory.keep([kept], MAKER)
    ((found, unknown),) = memory.look_up(
        [Request(7, kept.request.path), Request(9, kept.request.path)], MAKER
    )
    assert [outcome.request.image_id for outcome in found] == [7, 9]
    assert unknown == []


# --- by content ----------------------------------------------------------------------------------


def moved(path: str) -> str:
    other = Path(path).parent / "elsewhere" / Path(path).name
    other.parent.mkdir()
    Path(path).rename(other)
    return str(other)


def renamed(path: str) -> str:
    return str(Path(path).rename(Path(path).with_name("other name.png")))


def copied(path: str) -> str:
    other = Path(path).with_name("copy.jpg")
    other.write_bytes(Path(path).read_bytes())
    os.utime(other, ns=(LONG_AGO_NS + 5, LONG_AGO_NS + 5))
    return str(other)


def touched(path: str) -> str:
    os.utime(path, ns=(LONG_AGO_NS + 5, LONG_AGO_NS + 5))
    return path


@pytest.mark.parametrize("change", [moved, renamed, copied, touched])
def test_a_file_with_known_content_is_found_by_reading_it_once(
    memory: ScoreMemory, file: Files, read: list[str], change: Callable[[str], str]
) -> None:
    kept = scored(file("a.jpg"), 0.75)
    memory.keep([kept], MAKER)
    path = change(kept.request.path)
    state = file_state(path)
    assert state is not None
    expected = replace(kept, request=Request(0, path), state=state)
    assert look_up(memory, path) == ({path: expected}, [])
    assert read == [path]
    assert look_up(memory, path) == ({path: expected}, [])
    assert read == [path]  # known by its path from now on
    assert memory.store.count() == 1


def test_a_file_of_a_length_that_no_known_one_has_is_not_read(
    memory: ScoreMemory, file: Files, read: list[str]
) -> None:
    memory.keep([scored(file("a.jpg", b"1234"))], MAKER)
    paths = [file("b.jpg", b"123"), file("c.jpg", b"12345"), file("d.jpg", b"abcd")]
    assert look_up(memory, *paths) == ({}, paths[:2] + paths[2:])
    assert read == paths[2:]


def test_files_that_must_be_read_do_not_hold_up_those_that_need_not(memory: ScoreMemory, file: Files) -> None:
    kept = scored(file("a.jpg", b"1234"))
    memory.keep([kept], MAKER)
    paths = [copied(kept.request.path), kept.request.path, file("new.jpg", b"1")]
    steps = list(memory.look_up(requests(paths), MAKER))
    first_found, first_unknown = steps[0]
    assert [outcome.request.image_id for outcome in first_found] == [1]
    assert [request.image_id for request in first_unknown] == [2]
    assert [outcome.request.image_id for found, _ in steps[1:] for outcome in found] == [0]


@pytest.mark.parametrize("size", [0, 1])
def test_a_file_that_cannot_be_read_is_unknown(
    memory: ScoreMemory, file: Files, monkeypatch: pytest.MonkeyPatch, size: int, told: Told
) -> None:
    kept = scored(file("a.jpg", b"x" * size))
    memory.keep([kept], MAKER)
    path = file("b.jpg", b"x" * size)

    def refuse(*arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(module, "open", refuse, raising=False)
    assert look_up(memory, path) == ({}, [path])
    assert told == []


# --- files that were just changed ----------------------------------------------------------------


def test_a_file_that_was_just_changed_is_known_by_its_content_only(
    memory: ScoreMemory, file: Files, read: list[str]
) -> None:
    kept = replace(scored(file("a.jpg")), is_settled=False)
    memory.keep([kept], MAKER)
    found, unknown = look_up(memory, kept.request.path)
    assert unknown == []
    assert found[kept.request.path].score == kept.score
    assert read == [kept.request.path]


@pytest.mark.parametrize(
    ("age_ns", "trusted"), [(10**10, True), (2 * 10**9, True), (2 * 10**9 - 1, False), (-(10**10), False)]
)
def test_a_content_found_in_a_file_changed_just_now_is_not_noted_for_its_path(
    memory: ScoreMemory,
    file: Files,
    read: list[str],
    monkeypatch: pytest.MonkeyPatch,
    age_ns: int,
    trusted: bool,
) -> None:
    now = 1_700_000_000_000_000_000
    monkeypatch.setattr(time, "time_ns", lambda: now)
    memory.keep([scored(file("a.jpg", b"picture"))], MAKER)
    path = file("b.jpg", b"picture", now - age_ns)
    found, _ = look_up(memory, path)
    assert found[path].score == 0.5
    assert found[path].state == file_state(path)
    assert found[path].is_settled == trusted
    assert read == [path]
    look_up(memory, path)
    assert read == [path] * (1 if trusted else 2)


def test_an_edit_within_the_same_tick_is_noticed(memory: ScoreMemory, file: Files) -> None:
    """Neither the length nor the time of the file tells of it."""
    path = file("a.jpg", b"before")
    memory.keep([replace(scored(path), is_settled=False)], MAKER)
    Path(path).write_bytes(b"after.")
    os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS))
    assert look_up(memory, path) == ({}, [path])


# --- without a store -----------------------------------------------------------------------------


def spoil_text(path: Path) -> None:
    path.write_text("no database")


def spoil_foreign(path: Path) -> None:
    write_over(path, 68, b"OTHR")


def spoil_newer(path: Path) -> None:
    write_over(path, 60, (99).to_bytes(4, "big"))


def spoil_truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def write_over(path: Path, first: int, content: bytes) -> None:
    with path.open("r+b") as stream:
        stream.seek(first)
        stream.write(content)


def filled(remember: Remember, file: Files, count: int = 300) -> list[Scored]:
    """Fill a store in a file, and close it."""
    memory = remember()
    kept = [scored(file(f"{number}.jpg", b"x" * (number + 1)), number / 1000) for number in range(count)]
    memory.keep(kept, MAKER)
    memory.close()
    return kept


def garbled(path: Path) -> None:
    """Spoil all but the beginning: it is noticed when the store is read, not when it is opened."""
    write_over(path, 4096, Random(1).randbytes(path.stat().st_size - 4096))


def assert_works_in_memory(memory: ScoreMemory, file: Files) -> None:
    """Make sure that within the program all is as ever."""
    kept = scored(file("later.jpg", b"z" * 5000))
    memory.keep([kept], MAKER)
    assert look_up(memory, kept.request.path) == ({kept.request.path: kept}, [])
    assert memory.recall([kept.sha256], MAKER) == {kept.sha256: KnownScore(0.5, "Fake GPU")}
    path = copied(kept.request.path)
    assert look_up(memory, path)[0][path].score == 0.5


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (spoil_text, "is not a database of this program"),
        (spoil_foreign, "is not a database of this program"),
        (spoil_newer, "was made by a newer version"),
        (spoil_truncated, "is damaged"),
    ],
)
def test_a_store_that_cannot_be_used_is_told_once_and_left_as_it_is(
    remember: Remember, file: Files, path: Path, told: Told, spoil: Callable[[Path], None], reason: str
) -> None:
    kept = filled(remember, file)
    spoil(path)
    before = path.read_bytes()
    memory = remember()
    assert told == []  # it is opened when it is needed
    assert look_up(memory, kept[0].request.path) == ({}, [kept[0].request.path])
    assert_works_in_memory(memory, file)
    memory.close()
    (sentence,) = told
    assert str(path) in sentence
    assert reason in sentence
    assert sentence.endswith(IN_MEMORY)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("at", ["look_up", "recall", "keep"])
def test_damage_found_in_use_is_told_once_and_nothing_is_written_any_more(
    remember: Remember, file: Files, path: Path, told: Told, at: str
) -> None:
    kept = filled(remember, file)
    garbled(path)
    before = path.read_bytes()
    memory = remember()
    new = scored(file("new.jpg", b"y" * 9000), 0.9)
    match at:
        case "look_up":
            paths = [outcome.request.path for outcome in kept]
            assert look_up(memory, *paths) == ({}, paths)
        case "recall":
            assert memory.recall([outcome.sha256 for outcome in kept], MAKER) == {}
        case "keep":
            memory.keep([new, *kept], MAKER)
            assert look_up(memory, new.request.path)[0][new.request.path] == new
    assert_works_in_memory(memory, file)
    memory.close()
    (sentence,) = told
    assert f"{path} is damaged" in sentence
    assert sentence.endswith(IN_MEMORY)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_damage_in_the_midst_of_a_look_up_still_answers_for_all(
    remember: Remember, file: Files, path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CHUNK", 50)
    kept = filled(remember, file)
    memory = remember()
    memory.store._connection.execute("UPDATE scores SET score = 0.99 WHERE bytes = 120")
    found, unknown = look_up(memory, *(outcome.request.path for outcome in kept))
    assert [outcome.score for outcome in found.values()] == [outcome.score for outcome in kept[:100]]
    assert unknown == [outcome.request.path for outcome in kept[100:]]
    assert len(told) == 1


def test_nothing_is_told_or_written_when_nothing_shall_be_remembered(
    remember: Remember, file: Files, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    memory = remember(None)
    assert_works_in_memory(memory, file)
    memory.close()
    assert told == []
    assert [entry.name for entry in tmp_path.iterdir()] == ["photos"]


def test_a_memory_that_was_never_used_makes_no_file(remember: Remember, path: Path) -> None:
    remember().close()
    assert not path.parent.exists()


@pytest.fixture
def read_only(file: Files) -> Iterator[Path]:
    """A folder that whoever runs the test may read only: root may write anywhere, so it is not root."""
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        photo = Path(folder, "photo.jpg")
        photo.write_bytes(b"picture")
        if root:
            os.chown(folder, NOBODY, -1)
            os.seteuid(NOBODY)
        Path(folder).chmod(0o500)
        try:
            yield Path(folder)
        finally:
            if root:
                os.seteuid(0)
            Path(folder).chmod(0o700)


@pytest.mark.skipif(os.name == "nt", reason="needs the rights of POSIX")
@pytest.mark.parametrize("inside", ["scores.sqlite", "own/scores.sqlite"])
def test_a_read_only_folder_is_told_and_scoring_goes_on(read_only: Path, told: Told, inside: str) -> None:
    memory = ScoreMemory(read_only / inside, told.append)
    kept = scored(str(read_only / "photo.jpg"))
    memory.keep([kept], MAKER)
    assert look_up(memory, kept.request.path) == ({kept.request.path: kept}, [])
    memory.close()
    (sentence,) = told
    assert str(read_only) in sentence
    assert sentence.endswith(IN_MEMORY)
    assert [entry.name for entry in read_only.iterdir()] == ["photo.jpg"]


# --- a full disk ---------------------------------------------------------------------------------


def fill_disk(memory: ScoreMemory) -> None:
    connection = memory.store._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")


def make_room(memory: ScoreMemory) -> None:
    memory.store._connection.execute("PRAGMA max_page_count = 1000000")


@pytest.fixture
def batches(file: Files) -> list[list[Scored]]:
    """Batches of which none fits into what a page has left."""
    return [
        [
            scored(file(f"{batch}/{'long name ' * 12}{number}.jpg"), 0.5, image_id=number)
            for number in range(100)
        ]
        for batch in range(3)
    ]


def in_store(path: Path, batches: list[list[Scored]]) -> int:
    """Return how many of these scores another run finds."""
    store = Store(path)
    states = {o.request.path: o.state for batch in batches for o in batch}
    found = store.find_files(states, MAKER)
    store.close()
    return len(found)


def test_on_a_full_disk_scores_wait_until_there_is_room(
    remember: Remember, path: Path, told: Told, batches: list[list[Scored]]
) -> None:
    memory = remember()
    fill_disk(memory)
    memory.keep(batches[0], MAKER)
    memory.keep(batches[1], MAKER)
    (sentence,) = told  # once, though it happened twice
    assert str(path) in sentence
    assert "the disk is full; make room" in sentence
    assert sentence.endswith("to be safe, export them.")
    assert memory.store.count() == 0
    make_room(memory)
    memory.keep(batches[2], MAKER)
    assert memory.store.count() == 300
    memory.close()
    assert in_store(path, batches) == 300
    assert len(told) == 1


def test_what_could_not_be_written_is_written_at_the_end_if_there_is_room_then(
    remember: Remember, path: Path, told: Told, batches: list[list[Scored]]
) -> None:
    memory = remember()
    fill_disk(memory)
    memory.keep(batches[0], MAKER)
    make_room(memory)
    memory.close()
    assert in_store(path, batches) == 100
    assert len(told) == 1


def test_a_disk_that_stays_full_keeps_nobody_from_ending(
    remember: Remember, path: Path, told: Told, batches: list[list[Scored]]
) -> None:
    memory = remember()
    memory.keep(batches[0], MAKER)
    fill_disk(memory)
    memory.keep(batches[1], MAKER)
    assert len(look_up(memory, *(outcome.request.path for outcome in batches[0]))[0]) == 100
    memory.close()
    assert in_store(path, batches) == 100  # what was there before is whole
    assert len(told) == 1


def test_what_waits_is_written_once(
    remember: Remember, batches: list[list[Scored]], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = remember()
    fill_disk(memory)
    memory.keep(batches[0], MAKER)
    make_room(memory)
    written: list[int] = []
    real = Store.keep

    def keep(self: Store, scores: list[Any]) -> None:
        written.append(len(scores))
        real(self, scores)

    monkeypatch.setattr(Store, "keep", keep)
    memory.keep(batches[1], MAKER)
    memory.keep(batches[2], MAKER)
    memory.close()
    assert written == [200, 100]


def test_of_all_too_many_waiting_scores_the_latest_stay(
    remember: Remember, path: Path, batches: list[list[Scored]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_UNWRITTEN", 150)
    memory = remember()
    fill_disk(memory)
    for batch in batches:
        memory.keep(batch, MAKER)
    make_room(memory)
    memory.close()
    assert in_store(path, batches[:1]) == 0
    assert in_store(path, batches[1:2]) == 50
    assert in_store(path, batches[2:]) == 100


def test_scores_that_wait_survive_a_store_that_turns_out_damaged(
    remember: Remember, path: Path, told: Told, batches: list[list[Scored]], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = remember()
    fill_disk(memory)
    memory.keep(batches[0], MAKER)

    def corrupt(self: Store, *arguments: object) -> None:
        raise DamagedError(path)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "find_contents", corrupt)
        assert memory.recall(["0" * 64], MAKER) == {}
    assert memory.store.path is None
    assert memory.store.count() == 100
    found, unknown = look_up(memory, *(outcome.request.path for outcome in batches[0]))
    assert (len(found), unknown) == (100, [])
    assert [sentence.endswith(IN_MEMORY) for sentence in told] == [False, True]


def test_each_reason_is_told_once_even_if_they_take_turns(
    memory: ScoreMemory, told: Told, monkeypatch: pytest.MonkeyPatch, file: Files
) -> None:
    reasons = cycle(["The disk is full.", "The disk could not be read."])

    def fail(self: Store, *arguments: object) -> None:
        raise DatabaseError(next(reasons))

    monkeypatch.setattr(Store, "keep", fail)
    for _ in range(6):
        memory.keep([scored(file("a.jpg"))], MAKER)
    assert len(told) == 2


def test_a_store_that_cannot_be_read_for_a_moment_is_used_again(
    memory: ScoreMemory, told: Told, monkeypatch: pytest.MonkeyPatch, file: Files, path: Path
) -> None:
    kept = scored(file("a.jpg"))
    memory.keep([kept], MAKER)

    def fail(self: Store, *arguments: object) -> None:
        raise DatabaseError("The disk could not be read.")

    with monkeypatch.context() as patch:
        for question in ("find_files", "find_contents", "known_sizes"):
            patch.setattr(Store, question, fail)
        assert look_up(memory, kept.request.path) == ({}, [kept.request.path])
        assert memory.recall([kept.sha256], MAKER) == {}
    assert look_up(memory, kept.request.path) == ({kept.request.path: kept}, [])
    assert memory.store.path == path
    assert len(told) == 1


# --- threads -------------------------------------------------------------------------------------


def in_threads(*jobs: Callable[[], None]) -> None:
    """Run jobs at the same time, and fail as they fail."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], None]) -> None:
        try:
            start.wait()
            job()
        except BaseException as error:  # noqa: BLE001 - for the main thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_threads_keep_and_look_up_at_the_same_time(
    remember: Remember, path: Path, told: Told, file: Files
) -> None:
    memory = remember()
    kept = [scored(file(f"{number}.jpg", b"x" * (number + 1))) for number in range(400)]
    copies = [file(f"copies/{number}.jpg", b"x" * (number + 1)) for number in range(400)]

    def keep(mine: list[Scored]) -> None:
        for outcome in mine:
            memory.keep([outcome], MAKER)

    def ask() -> None:
        for _ in range(5):
            for found, _ in memory.look_up(requests(copies), MAKER):
                for outcome in found:
                    assert outcome.state.size == outcome.request.image_id + 1
            for sha256, known in memory.recall([outcome.sha256 for outcome in kept], MAKER).items():
                assert known == KnownScore(0.5, "Fake GPU"), sha256

    in_threads(lambda: keep(kept[::2]), lambda: keep(kept[1::2]), ask, ask)
    memory.close()
    assert told == []
    assert in_store(path, [kept]) == 400


def test_threads_that_come_first_at_the_same_time_open_one_store(
    remember: Remember, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that one process opens twice loses its locks."""
    opened: list[Path | None] = []
    real = Store.__init__

    def note(self: Store, path: Path | None) -> None:
        opened.append(path)
        real(self, path)

    monkeypatch.setattr(Store, "__init__", note)
    memory = remember()

    def ask() -> None:
        assert memory.recall([], MAKER) == {}

    in_threads(*[lambda: memory.keep([], MAKER)] * 2, ask, ask)
    assert len(opened) == 1


def test_threads_that_meet_damage_at_the_same_time_tell_it_once_and_lose_nothing_new(
    remember: Remember, path: Path, told: Told, file: Files
) -> None:
    old = filled(remember, file)
    garbled(path)
    memory = remember()
    new = [scored(file(f"new/{number}.jpg", b"n" * (5000 + number))) for number in range(100)]

    def keep(mine: list[Scored]) -> None:
        for outcome in mine:
            memory.keep([outcome], MAKER)

    def ask() -> None:
        paths = [outcome.request.path for outcome in old]
        assert look_up(memory, *paths) == ({}, paths)

    in_threads(lambda: keep(new[::2]), lambda: keep(new[1::2]), ask, ask)
    assert look_up(memory, *(outcome.request.path for outcome in new))[1] == []
    assert len(told) == 1


def test_a_thread_that_meets_the_damage_late_spoils_nothing(
    memory: ScoreMemory, told: Told, file: Files, path: Path
) -> None:
    damaged = memory.store
    memory._take_failure(damaged, DamagedError(path))
    in_use = memory.store
    kept = scored(file("a.jpg"))
    memory.keep([kept], MAKER)
    memory._take_failure(damaged, DamagedError(path))
    assert memory.store is in_use
    assert look_up(memory, kept.request.path) == ({kept.request.path: kept}, [])
    assert len(told) == 1


def test_a_score_that_comes_while_others_are_written_is_not_lost(
    remember: Remember, path: Path, file: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = remember()
    first, second = scored(file("a.jpg")), scored(file("b.jpg"))
    came, over = threading.Event(), threading.Event()
    other = threading.Thread(target=lambda: memory.keep([second], MAKER))
    real = Store.keep

    def keep(self: Store, scores: list[Any]) -> None:
        if threading.current_thread() is other:
            came.set()
            over.wait(20)
            real(self, scores)
        else:
            real(self, scores)
            other.start()
            came.wait(0.2)  # it must not come before the others are done with

    monkeypatch.setattr(Store, "keep", keep)
    memory.keep([first], MAKER)
    over.set()
    other.join()
    monkeypatch.undo()
    memory.close()
    assert in_store(path, [[first, second]]) == 2


# --- a store that can be used again --------------------------------------------------------------


@pytest.fixture
def closed_folder(path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the store be impossible to open until what is returned is called."""
    is_closed = True

    def store(path: Path | None) -> Store:
        if is_closed and path is not None:
            raise DatabaseError("The database cannot be used: the disk is full.")
        return Store(path)

    def reopen() -> None:
        nonlocal is_closed
        is_closed = False

    monkeypatch.setattr(module, "Store", store)
    return reopen


def test_scores_that_came_without_a_store_are_written_when_it_can_be_used(
    memory: ScoreMemory,
    path: Path,
    told: Told,
    file: Files,
    closed_folder: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_TRY_AGAIN_S", 0.0)
    first, second = scored(file("a.jpg"), 0.25), scored(file("b.jpg"), 0.75)
    before = memory.holds_more_than_disk
    memory.keep([first], MAKER)
    meanwhile = memory.holds_more_than_disk
    assert look_up(memory, first.request.path)[0] == {first.request.path: first}
    closed_folder()
    memory.keep([second], MAKER)
    assert (before, meanwhile, memory.holds_more_than_disk) == (False, True, False)
    assert look_up(memory, first.request.path, second.request.path)[1] == []
    memory.close()
    assert in_store(path, [[first, second]]) == 2
    assert len(told) == 1


def test_what_is_being_written_is_not_at_risk(
    memory: ScoreMemory, file: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, meanwhile = Store.keep, []

    def keep(self: Store, scores: list[Any]) -> None:
        meanwhile.append(memory.holds_more_than_disk)
        real(self, scores)

    monkeypatch.setattr(Store, "keep", keep)
    memory.keep([scored(file("a.jpg"))], MAKER)
    assert (meanwhile, memory.holds_more_than_disk) == ([False], False)


def test_closing_is_the_last_try(
    memory: ScoreMemory, path: Path, file: Files, closed_folder: Callable[[], None]
) -> None:
    kept = scored(file("a.jpg"))
    memory.keep([kept], MAKER)
    closed_folder()
    memory.close()
    assert in_store(path, [[kept]]) == 1


def test_many_unwritten_scores_are_not_tried_again_with_each_batch(
    memory: ScoreMemory, file: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def refuse(self: Store, scores: list[object]) -> None:
        tries.append(len(scores))
        raise DatabaseError("The database cannot be used: the disk is full.")

    monkeypatch.setattr(Store, "keep", refuse)
    monkeypatch.setattr(module, "_FEW_UNWRITTEN", 3)
    for number in range(8):
        memory.keep([scored(file(f"{number}.jpg"))], MAKER)
    assert tries == [1, 2]
    assert memory.holds_more_than_disk
