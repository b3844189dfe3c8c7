"""Scores are found again for the same content, and for nothing else."""

import hashlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from platformdirs import user_data_path

from resmem_gui.databases import DamagedError, DatabaseError, ForeignError, NewerError
from resmem_gui.file_state import FileState, file_state
from resmem_gui.library import store as module
from resmem_gui.library.checked_rows import score_of
from resmem_gui.library.records import Provenance
from resmem_gui.library.store import Store, StoredScore, default_store_path
from tests.unit.processes import let_go, run_together, start

MAKER = Provenance("resmem 1.1.6", "8e" * 32, "torch-1", "CPU")
STATE = FileState(1000, 1_700_000_000_000_000_000, 42)
OTHER_MAKERS = [
    replace(MAKER, scorer="resmem 2"),
    replace(MAKER, weights_sha256="00" * 32),
    replace(MAKER, preprocessing="torch-2"),
]
Item = tuple[str, FileState | None, StoredScore]


def sha256(content: object) -> str:
    return hashlib.sha256(str(content).encode()).hexdigest()


def scored(content: object = "a", score: float = 0.5, maker: Provenance = MAKER) -> StoredScore:
    return StoredScore(sha256(content), score, (640, 480), 1000, maker)


def many(count: int, maker: Provenance = MAKER) -> list[Item]:
    """Scores of this many different files."""
    return [
        (
            f"/photos/{number}.jpg",
            replace(STATE, inode=number),
            StoredScore(sha256(number), number / 1_000_000, (640, 480), 1000 + number, maker),
        )
        for number in range(count)
    ]


def states(items: list[Item]) -> dict[str, FileState]:
    return {path: state for path, state, _ in items if state is not None}


def by_path(items: list[Item]) -> dict[str, StoredScore]:
    return {path: score for path, _, score in items}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "own" / "scores.sqlite"


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, path: Path) -> Iterator[Store]:
    made = Store(path if request.param == "file" else None)
    yield made
    made.close()


@pytest.fixture
def filed(path: Path) -> Iterator[Store]:
    """A store in a file."""
    made = Store(path)
    yield made
    made.close()


# --- finding -------------------------------------------------------------------------------------


def test_a_score_is_found_by_file_and_by_content(store: Store) -> None:
    score = scored()
    store.keep([("/a.jpg", STATE, score)])
    assert store.find_files({"/a.jpg": STATE, "/b.jpg": STATE}, MAKER) == {"/a.jpg": score}
    assert store.find_contents([score.sha256, sha256("b")], MAKER) == {score.sha256: score}
    assert store.count() == 1


def test_an_empty_store_finds_nothing(store: Store) -> None:
    assert store.find_files({"/a.jpg": STATE}, MAKER) == {}
    assert store.find_contents([sha256("a")], MAKER) == {}
    assert store.known_sizes([1000], MAKER) == set()
    assert store.count() == 0


def test_nothing_asked_and_nothing_kept_is_fine(store: Store) -> None:
    store.keep([])
    assert store.find_files({}, MAKER) == {}
    assert store.find_contents([], MAKER) == {}
    assert store.known_sizes([], MAKER) == set()


def test_scores_are_there_when_the_store_is_opened_again(path: Path) -> None:
    items = many(10)
    store = Store(path)
    store.keep(items)
    store.close()
    store = Store(path)
    assert store.find_files(states(items), MAKER) == by_path(items)
    store.close()


def test_more_files_than_fit_a_chunk_are_all_found(store: Store) -> None:
    items = many(2 * module._CHUNK + 1)
    store.keep(items)
    assert store.find_files(states(items), MAKER) == by_path(items)
    assert len(store.find_contents([score.sha256 for *_, score in items], MAKER)) == len(items)
    assert len(store.known_sizes(range(10_000), MAKER)) == len(items)


def test_a_moved_file_is_found_by_its_content(store: Store) -> None:
    store.keep([("/a.jpg", STATE, scored())])
    assert store.find_files({"/moved/a.jpg": STATE}, MAKER) == {}
    assert store.known_sizes([1000, 1001], MAKER) == {1000}
    assert store.find_contents([sha256("a")], MAKER) == {sha256("a"): scored()}


@pytest.mark.parametrize(
    "now", [replace(STATE, size=1001), replace(STATE, mtime_ns=STATE.mtime_ns + 1), replace(STATE, inode=43)]
)
def test_an_edited_file_is_not_found(store: Store, now: FileState) -> None:
    store.keep([("/a.jpg", STATE, scored())])
    assert store.find_files({"/a.jpg": now}, MAKER) == {}


def test_a_real_file_is_found_until_it_is_edited(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(b"picture")
    before = file_state(str(file))
    assert before is not None
    store.keep([(str(file), before, scored())])
    assert store.find_files({str(file): before}, MAKER) == {str(file): scored()}
    file.write_bytes(b"another picture")
    after = file_state(str(file))
    assert after is not None
    assert store.find_files({str(file): after}, MAKER) == {}


def test_the_same_content_in_two_files_is_one_score(store: Store) -> None:
    store.keep([("/a.jpg", STATE, scored()), ("/copy.jpg", replace(STATE, inode=43), scored())])
    assert store.count() == 1
    files = {"/a.jpg": STATE, "/copy.jpg": replace(STATE, inode=43)}
    assert store.find_files(files, MAKER) == dict.fromkeys(files, scored())


@pytest.mark.parametrize("other", OTHER_MAKERS)
def test_another_makers_score_is_not_found(store: Store, other: Provenance) -> None:
    store.keep([("/a.jpg", STATE, scored())])
    assert store.find_files({"/a.jpg": STATE}, other) == {}
    assert store.find_contents([sha256("a")], other) == {}
    assert store.known_sizes([1000], other) == set()


@pytest.mark.parametrize("other", OTHER_MAKERS)
def test_each_maker_has_its_own_score_of_a_file(store: Store, other: Provenance) -> None:
    mine, theirs = scored(score=0.25), scored(score=0.75, maker=other)
    store.keep([("/a.jpg", STATE, mine), ("/a.jpg", STATE, theirs)])
    assert store.find_files({"/a.jpg": STATE}, MAKER) == {"/a.jpg": mine}
    assert store.find_files({"/a.jpg": STATE}, other) == {"/a.jpg": theirs}
    assert store.count() == 2


def test_the_device_comes_back_and_does_not_matter(store: Store) -> None:
    on_gpu = replace(MAKER, device="NVIDIA H100 \N{GREEK SMALL LETTER MU}")
    store.keep([("/a.jpg", STATE, scored(maker=on_gpu)), ("/b.jpg", STATE, scored("b"))])
    found = store.find_files({"/a.jpg": STATE, "/b.jpg": STATE}, MAKER)
    assert found == {"/a.jpg": scored(maker=on_gpu), "/b.jpg": scored("b")}


# --- keeping -------------------------------------------------------------------------------------


def test_a_new_score_replaces_that_of_the_same_content(store: Store) -> None:
    better = scored(score=0.75, maker=replace(MAKER, device="NVIDIA H100"))
    store.keep([("/a.jpg", STATE, scored())])
    store.keep([("/b.jpg", STATE, better)])
    assert store.count() == 1
    assert store.find_files({"/a.jpg": STATE}, MAKER) == {"/a.jpg": better}


def test_a_path_leads_to_its_latest_content(store: Store) -> None:
    later = replace(STATE, mtime_ns=STATE.mtime_ns + 1)
    store.keep([("/a.jpg", STATE, scored("a"))])
    store.keep([("/a.jpg", later, scored("b"))])
    assert store.find_files({"/a.jpg": STATE}, MAKER) == {}
    assert store.find_files({"/a.jpg": later}, MAKER) == {"/a.jpg": scored("b")}
    assert set(store.find_contents([sha256("a"), sha256("b")], MAKER)) == {sha256("a"), sha256("b")}


def test_without_a_state_only_the_content_is_kept(store: Store) -> None:
    store.keep([("/\ud800.jpg", None, scored())])
    assert store.find_contents([sha256("a")], MAKER) == {sha256("a"): scored()}
    assert store.find_files({"/a.jpg": STATE}, MAKER) == {}


@pytest.mark.parametrize(
    "name",
    [b"/\xff\xfe.jpg", b"/a\nb.jpg", b"/'\"%_?.jpg", "/\N{SNOWMAN}e\u0301.jpg".encode(), b"/" + b"x" * 4000],
)
def test_awkward_names_are_found(store: Store, name: bytes) -> None:
    path = os.fsdecode(name)
    store.keep([(path, STATE, scored())])
    assert store.find_files({path: STATE}, MAKER) == {path: scored()}


def test_names_that_differ_in_bytes_are_different_files(store: Store) -> None:
    store.keep([("/\u00e9.jpg", STATE, scored())])
    assert store.find_files({"/e\u0301.jpg": STATE, "/\u00c9.jpg": STATE}, MAKER) == {}


@pytest.mark.parametrize(
    "state",
    [
        FileState(0, 0, 0),
        FileState(2**62, -1_000_000_001, 2**63),
        FileState(1, 2**64, 2**64 - 1),  # in the year 2554
        FileState(1, -(2**63), 2**128 - 1),  # ReFS numbers its files with 128 bits
    ],
)
def test_any_state_is_found(store: Store, state: FileState) -> None:
    store.keep([("/a.jpg", state, scored())])
    assert store.find_files({"/a.jpg": state}, MAKER) == {"/a.jpg": scored()}


@given(score=st.floats(width=32, allow_nan=False))
def test_scores_come_back_bit_for_bit(score: float) -> None:
    store = Store(None)
    store.keep([("/a.jpg", STATE, scored(score=score))])
    assert store.find_files({"/a.jpg": STATE}, MAKER)["/a.jpg"].score.hex() == score.hex()
    store.close()


@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(["/a", "/b", "/c"]),
                st.none() | st.builds(FileState, st.integers(1, 2), st.just(0), st.just(0)),
                st.builds(
                    lambda content, score, maker, device: replace(
                        scored(content, score, replace(maker, device=device)), file_bytes=len(content)
                    ),
                    st.sampled_from(["x", "xy", "xyz"]),
                    st.floats(0, 1, width=32),
                    st.sampled_from([MAKER, *OTHER_MAKERS]),
                    st.sampled_from(["CPU", "GPU"]),
                ),
            )
        )
    )
)
def test_a_store_answers_as_dictionaries_would(kept: list[list[Item]]) -> None:
    store = Store(None)
    scores: dict[tuple[str, Provenance], StoredScore] = {}
    files: dict[str, tuple[FileState, str]] = {}
    for items in kept:
        store.keep(items)
        for path, state, score in items:
            scores[score.sha256, replace(score.provenance, device="")] = score
            if state is not None:
                files[path] = (state, score.sha256)
    for maker in (MAKER, *OTHER_MAKERS):
        mine = {content: score for (content, by), score in scores.items() if by == replace(maker, device="")}
        assert store.find_contents([sha256("x"), sha256("xy"), sha256("xyz")], maker) == mine
        assert store.known_sizes(range(5), maker) == {score.file_bytes for score in mine.values()}
        for size in (1, 2):
            asked = dict.fromkeys(["/a", "/b", "/c"], FileState(size, 0, 0))
            assert store.find_files(asked, maker) == {
                path: mine[content]
                for path, (state, content) in files.items()
                if state.size == size and content in mine
            }
    assert store.count() == len(scores)
    store.close()


# --- disk space ----------------------------------------------------------------------------------


def test_clearing_forgets_everything_and_gives_the_space_back(filed: Store, path: Path) -> None:
    empty = filed.file_bytes()
    items = many(3000)
    filed.keep(items)
    assert filed.file_bytes() > 500_000
    filed.clear()
    assert filed.file_bytes() <= empty
    assert filed.file_bytes() == sum(
        file.stat().st_size for file in path.parent.glob("*[!m]")
    )  # not the -shm
    assert filed.count() == 0
    assert filed.find_files(states(items), MAKER) == {}
    filed.keep(items)
    assert filed.count() == 3000


def test_in_memory_nothing_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = Store(None)
    store.keep(many(10))
    assert store.file_bytes() == 0
    store.clear()
    assert store.count() == 0
    store.close()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_and_keeps_what_was_there(filed: Store) -> None:
    filed.keep(many(10))
    (pages,) = filed._connection.execute("PRAGMA page_count").fetchone()
    filed._connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    items = many(1000)
    with pytest.raises(DatabaseError, match="the disk is full; make room and try again"):
        filed.keep(items)
    assert filed.count() == 10
    filed._connection.execute("PRAGMA max_page_count = 1000000")
    filed.keep(items)
    assert filed.find_files(states(items), MAKER) == by_path(items)


def test_the_store_lies_in_the_users_data() -> None:
    assert default_store_path() == user_data_path("resmem_gui") / "scores.sqlite"


# --- damaged and foreign files -------------------------------------------------------------------


def write_over(path: Path, first: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(first)
        file.write(content)


def text(path: Path) -> None:
    path.write_text("no database")


def foreign(path: Path) -> None:
    write_over(path, 68, b"OTHR")


def newer(path: Path) -> None:
    write_over(path, 60, (99).to_bytes(4, "big"))


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize(
    ("spoil", "error"),
    [(text, ForeignError), (foreign, ForeignError), (newer, NewerError), (truncated, DamagedError)],
)
def test_an_unusable_file_is_told_and_left_as_it_is(
    path: Path, spoil: Callable[[Path], None], error: type[DatabaseError]
) -> None:
    store = Store(path)
    store.keep(many(1000))
    store.close()
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(error):
        Store(path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_garbage_after_the_first_page_is_told_when_it_is_read(path: Path) -> None:
    items = many(1000)
    store = Store(path)
    store.keep(items)
    store.close()
    write_over(path, 4096, Random(1).randbytes(path.stat().st_size - 4096))
    before = path.read_bytes()
    store = Store(path)
    questions: list[Callable[[], object]] = [
        lambda: store.find_files(states(items), MAKER),
        lambda: store.find_contents([sha256(1)], MAKER),
        lambda: store.known_sizes([1000], MAKER),
        lambda: store.keep(items),
        store.clear,
    ]
    for ask in questions:
        with pytest.raises(DamagedError):
            ask()
    store.close()
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_whatever_bytes_are_damaged_no_wrong_score_is_found(path: Path) -> None:
    items = many(200)
    store = Store(path)
    store.keep(items)
    store.close()
    whole = path.read_bytes()
    told = 0
    for seed in range(300):
        random = Random(seed)
        damaged = bytearray(whole)
        first = random.randrange(4096, len(whole) - 8)
        damaged[first : first + 8] = random.randbytes(8)
        path.write_bytes(damaged)
        store = Store(path)
        try:
            found = store.find_files(states(items), MAKER)
            contents = store.find_contents([score.sha256 for *_, score in items], MAKER)
        except DamagedError:
            told += 1
        else:
            assert found.items() <= by_path(items).items()
            assert set(contents.values()) <= {score for *_, score in items}
        store.close()
        assert path.read_bytes() == damaged
    assert told > 30  # the others hit what is not read, or names: those files are then unknown


def test_a_changed_number_is_noticed(filed: Store) -> None:
    filed.keep([("/a.jpg", STATE, scored(score=0.5))])
    filed._connection.execute("UPDATE scores SET score = 0.25")
    with pytest.raises(DamagedError):
        filed.find_files({"/a.jpg": STATE}, MAKER)


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(DatabaseError, match="closed"):
        store.count()


# --- at the same time ----------------------------------------------------------------------------


def test_threads_keep_and_find_at_the_same_time(store: Store) -> None:
    items = many(2000)
    errors: list[BaseException] = []

    def work(mine: list[Item]) -> None:
        try:
            for first in range(0, len(mine), 50):
                part = mine[first : first + 50]
                store.keep(part)
                assert store.find_files(states(part), MAKER) == by_path(part)
        except BaseException as error:  # noqa: BLE001 - for the main thread
            errors.append(error)

    threads = [threading.Thread(target=work, args=(items[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert store.find_files(states(items), MAKER) == by_path(items)


def test_a_long_question_lets_others_in_between(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    items = many(100)
    store.keep(items)
    monkeypatch.setattr(module, "_CHUNK", 10)
    real = score_of
    counts: list[int] = []

    def ask_something_else(*arguments: Any) -> StoredScore:
        counts.append(store.count())
        return real(*arguments)

    monkeypatch.setattr("resmem_gui.library.store.score_of", ask_something_else)
    assert store.find_files(states(items), MAKER) == by_path(items)
    assert counts == [100] * 100


WRITE = """
import sys
from pathlib import Path
from resmem_gui.library.store import Store
from tests.unit.test_store import many
first, last, batch = map(int, sys.argv[2:])
items = many(last)[first:]
store = Store(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for start in range(0, len(items), batch):
    store.keep(items[start:start + batch])
    print(start, flush=True)
store.close()
"""


def test_processes_that_write_at_the_same_time_lose_nothing(path: Path) -> None:
    written = run_together(WRITE, [path, 0, 2000, 20], [path, 1000, 3000, 20])
    assert [errors for _, errors in written] == ["", ""]
    items = many(3000)
    store = Store(path)
    assert store.find_files(states(items), MAKER) == by_path(items)
    assert store.count() == 3000
    store.close()


@pytest.mark.parametrize("seed", range(2))
def test_a_killed_process_leaves_only_whole_transactions(path: Path, seed: int) -> None:
    process = start(WRITE, path, 0, 20_000, 100)
    let_go([process])
    assert process.stdout is not None
    for _ in range(5):
        last = int(process.stdout.readline())
    time.sleep(Random(seed).uniform(0, 0.05))
    process.kill()
    process.communicate(timeout=60)
    store = Store(path)
    assert store._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    count = store.count()
    assert count >= last + 100
    assert count % 100 == 0
    items = many(count + 100)
    assert store.find_files(states(items), MAKER) == by_path(items[:count])
    store.keep(items)
    assert store.count() == count + 100
    store.close()


def test_another_process_that_writes_for_too_long_is_told(filed: Store, path: Path) -> None:
    filed._connection.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseError, match="another program has been using it for too long"):
        filed.keep(many(1))
    assert filed.find_files(states(many(1)), MAKER) == {}
    other.close()
    filed.keep(many(1))
    assert filed.count() == 1


# --- speed ---------------------------------------------------------------------------------------


def test_ten_thousand_files_are_found_at_once(filed: Store) -> None:
    items = many(10_000)
    filed.keep(items)
    asked = states(items)
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        found = filed.find_files(asked, MAKER)
        took.append(time.perf_counter() - begun)
    assert len(found) == 10_000
    assert min(took) < 1.0  # some 0.15 s: a scan of the table for each file would take minutes
