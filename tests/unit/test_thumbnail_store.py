"""Thumbnails are found again for the same file, state and side, and take no more room than they may."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image
from platformdirs import user_cache_path

from resmem_gui.databases import DamagedError, DatabaseError, ForeignError, NewerError
from resmem_gui.file_state import FileState
from resmem_gui.images import thumbnail_store as module
from resmem_gui.images.thumbnail_store import ThumbnailStore, default_thumbnail_path
from tests.unit.processes import run_together

STATE = FileState(1000, 1_700_000_000_000_000_000, 42)
EDGE = 256


def picture(seed: int = 0, size: tuple[int, int] = (64, 48)) -> Image.Image:
    """A smooth picture in colours, another one for each seed."""
    width, height = size
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    turn = seed % 7 / 7
    channels = [np.cos(2 * np.pi * (turn + x)), np.sin(2 * np.pi * (turn + y)), x * y * 2 - 1]
    return Image.fromarray(np.rint(np.stack(channels, axis=-1) * 127 + 128).astype(np.uint8))


def same(found: Image.Image | None, kept: Image.Image) -> bool:
    """Whether the pixels are those that were kept, but for a loss that is not seen."""
    if found is None or found.size != kept.size or found.mode != "RGB":
        return False
    differences = np.asarray(found).astype(int) - np.asarray(kept.convert("RGB"))
    return bool(np.abs(differences).mean() < 2 and np.abs(differences).max() < 16)


#: What each of these pictures takes in the store.
ONE_BYTES = len(module._encode(picture()))


def name(number: int) -> str:
    return f"/photos/{number:05}.jpg"


def fill(store: ThumbnailStore, numbers: range) -> None:
    store.keep((name(number), STATE, EDGE, picture()) for number in numbers)


def present(store: ThumbnailStore, numbers: range) -> list[int]:
    """Which of the thumbnails are there, without using them."""
    with store._using() as connection:
        paths = {path for (path,) in connection.execute("SELECT path FROM thumbnails")}
    return [number for number in numbers if os.fsencode(name(number)) in paths]


def total(store: ThumbnailStore) -> int:
    """How much the thumbnails take, by their contents."""
    with store._using() as connection:
        return int(connection.execute("SELECT ifnull(sum(length(content)), 0) FROM contents").fetchone()[0])


def change(store: ThumbnailStore, sql: str, *values: object) -> None:
    with store._using() as connection:
        assert connection.execute(sql, values).rowcount == 1


def limit_pages(store: ThumbnailStore, more: int) -> None:
    """Let the disk be full when the file has grown by so many pages."""
    with store._using() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + more}")


def folder_content(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.parent.iterdir()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store is going to be. Its folder holds nothing else."""
    return tmp_path / "cache" / "thumbnails.sqlite"


@pytest.fixture
def open_store(path: Path) -> Iterator[Callable[..., ThumbnailStore]]:
    """Opens the store, as often as wanted; all are closed in the end."""
    stores: list[ThumbnailStore] = []

    def open_(max_bytes: int = 2**30) -> ThumbnailStore:
        stores.append(ThumbnailStore(path, max_bytes=max_bytes))
        return stores[-1]

    yield open_
    for store in stores:
        store.close()


@pytest.fixture
def store(open_store: Callable[..., ThumbnailStore]) -> ThumbnailStore:
    return open_store()


# --- keeping and finding -------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(64, 48), (1, 1), (256, 1), (1024, 683)])
def test_a_thumbnail_comes_back(store: ThumbnailStore, size: tuple[int, int]) -> None:
    store.keep([("/a.jpg", STATE, EDGE, picture(1, size)), ("/b.jpg", STATE, EDGE, picture(4, size))])
    assert same(store.find("/a.jpg", STATE, EDGE), picture(1, size))
    assert same(store.find("/b.jpg", STATE, EDGE), picture(4, size))
    assert store.count() == 2


def test_colours_keep_their_edges(store: ThumbnailStore) -> None:
    stripes = np.zeros((32, 32, 3), np.uint8)
    stripes[:, ::2] = (255, 0, 0)
    stripes[:, 1::2] = (0, 0, 255)
    store.keep([("/a.jpg", STATE, EDGE, Image.fromarray(stripes))])
    found = store.find("/a.jpg", STATE, EDGE)
    assert found is not None
    assert np.abs(np.asarray(found).astype(int) - stripes).mean() < 8


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK"])
def test_other_modes_come_back_as_rgb(store: ThumbnailStore, mode: str) -> None:
    kept = picture().convert("L").convert(mode)
    store.keep([("/a.jpg", STATE, EDGE, kept)])
    assert same(store.find("/a.jpg", STATE, EDGE), kept)


def test_only_the_pixels_are_kept(store: ThumbnailStore, path: Path) -> None:
    kept = picture()
    secrets = dict.fromkeys(["comment", "exif", "xmp", "icc_profile"], b"secret " * 5000)
    kept.info.update(secrets)
    store.keep([("/a.jpg", STATE, EDGE, kept)])
    store.close()
    assert b"secret" not in path.read_bytes()
    assert kept.info == secrets  # the caller's picture is as it was


def test_an_empty_store_finds_nothing(store: ThumbnailStore) -> None:
    assert store.find("/a.jpg", STATE, EDGE) is None
    store.keep([])
    assert store.count() == 0


@pytest.mark.parametrize(
    "now",
    [replace(STATE, size=1001), replace(STATE, mtime_ns=STATE.mtime_ns + 1), replace(STATE, inode=43)],
    ids=["size", "time", "inode"],
)
def test_a_stale_thumbnail_is_not_found_but_replaced(store: ThumbnailStore, now: FileState) -> None:
    store.keep([("/a.jpg", STATE, EDGE, picture(1))])
    assert store.find("/a.jpg", now, EDGE) is None
    store.keep([("/a.jpg", now, EDGE, picture(4))])
    assert same(store.find("/a.jpg", now, EDGE), picture(4))
    assert store.find("/a.jpg", STATE, EDGE) is None
    assert store.count() == 1
    assert total(store) == len(module._encode(picture(4)))


def test_each_side_has_its_own_thumbnail(store: ThumbnailStore) -> None:
    store.keep([("/a.jpg", STATE, 256, picture(1)), ("/a.jpg", STATE, 512, picture(4, (128, 96)))])
    assert same(store.find("/a.jpg", STATE, 256), picture(1))
    assert same(store.find("/a.jpg", STATE, 512), picture(4, (128, 96)))
    assert store.find("/a.jpg", STATE, 1024) is None


def test_the_last_of_two_for_the_same_file_is_kept(store: ThumbnailStore) -> None:
    store.keep([("/a.jpg", STATE, EDGE, picture(1)), ("/a.jpg", STATE, EDGE, picture(4))])
    assert same(store.find("/a.jpg", STATE, EDGE), picture(4))


@pytest.mark.parametrize(
    "awkward",
    [
        b"",
        b"'; DROP TABLE thumbnails; --",
        b"%_*?[a]",
        b"new\nline",
        b"\xff\xfe",
        "\u00e9".encode(),
        b"x" * 5000,
    ],
)
def test_awkward_names_are_names(store: ThumbnailStore, awkward: bytes) -> None:
    path = os.fsdecode(b"/photos/" + awkward)
    store.keep([(path, STATE, EDGE, picture(1)), ("/photos/e\u0301", STATE, EDGE, picture(4))])
    assert same(store.find(path, STATE, EDGE), picture(1))
    assert store.find(path.upper() + "x", STATE, EDGE) is None


def test_any_state_is_a_state(store: ThumbnailStore) -> None:
    state = FileState(2**63, -(2**70), 2**64 - 1)
    store.keep([("/a.jpg", state, EDGE, picture())])
    assert same(store.find("/a.jpg", state, EDGE), picture())


def test_when_one_cannot_be_made_none_is_kept(store: ThumbnailStore) -> None:
    def thumbnails() -> Iterator[tuple[str, FileState, int, Image.Image]]:
        yield "/a.jpg", STATE, EDGE, picture()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.keep(thumbnails())
    assert store.count() == 0


def test_thumbnails_are_there_when_the_store_is_opened_again(
    open_store: Callable[..., ThumbnailStore],
) -> None:
    first = open_store()
    first.keep([("/a.jpg", STATE, EDGE, picture())])
    first.close()
    assert same(open_store().find("/a.jpg", STATE, EDGE), picture())


# --- the bound -----------------------------------------------------------------------------------


def test_the_bound_is_kept_and_those_used_least_recently_go(
    open_store: Callable[..., ThumbnailStore],
) -> None:
    store = open_store(100 * ONE_BYTES)
    fill(store, range(100))
    assert store.count() == 100  # exactly the bound is within it
    assert store.find(name(3), STATE, EDGE) is not None
    assert store.find(name(1), STATE, EDGE) is not None
    fill(store, range(100, 101))
    assert present(store, range(101)) == [1, 3, *range(13, 101)]  # 90 %


def test_of_those_found_the_ones_found_first_go_first(open_store: Callable[..., ThumbnailStore]) -> None:
    store = open_store(10 * ONE_BYTES)
    fill(store, range(10))
    for number in [*range(10), 2, 0]:  # found again: later than all others
        assert store.find(name(number), STATE, EDGE) is not None
    fill(store, range(10, 11))
    assert present(store, range(11)) == [0, 2, *range(4, 11)]


def test_a_use_is_remembered_over_closing(open_store: Callable[..., ThumbnailStore]) -> None:
    store = open_store(10 * ONE_BYTES)
    fill(store, range(10))
    assert store.find(name(0), STATE, EDGE) is not None
    store.close()
    store = open_store(10 * ONE_BYTES)
    fill(store, range(10, 11))
    assert present(store, range(11)) == [0, *range(3, 11)]


def test_a_thumbnail_kept_anew_counts_as_used_and_once(open_store: Callable[..., ThumbnailStore]) -> None:
    store = open_store(10 * ONE_BYTES)
    fill(store, range(10))
    fill(store, range(1))
    assert store.count() == 10
    fill(store, range(10, 11))
    assert present(store, range(11)) == [0, *range(3, 11)]


def test_many_uses_are_written_before_the_next_keep(
    open_store: Callable[..., ThumbnailStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_NOTES", 3)
    store = open_store(10 * ONE_BYTES)
    fill(store, range(10))
    for number in (3, 2, 1, 0):
        assert store.find(name(number), STATE, EDGE) is not None
    with store._using() as connection:
        order = [row[0] for row in connection.execute("SELECT path FROM thumbnails ORDER BY used")]
    assert order == [os.fsencode(name(number)) for number in (4, 5, 6, 7, 8, 9, 3, 2, 1, 0)]
    assert store._uses == {}


def test_room_is_made_step_by_step(
    open_store: Callable[..., ThumbnailStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PORTION", 4)
    store = open_store(100 * ONE_BYTES)
    fill(store, range(100))
    fill(store, range(100, 101))
    assert store.count() == 97  # one portion goes where one was too many
    fill(store, range(101, 120))
    assert store.count() == 100  # and as many as it takes where more were


def test_a_smaller_bound_holds_from_the_next_keep_on(open_store: Callable[..., ThumbnailStore]) -> None:
    store = open_store()
    fill(store, range(1000))
    store.close()
    store = open_store(100 * ONE_BYTES)
    fill(store, range(1000, 1001))
    assert store.count() <= 100
    assert store.find(name(1000), STATE, EDGE) is not None


def test_what_is_larger_than_the_bound_is_not_kept(open_store: Callable[..., ThumbnailStore]) -> None:
    store = open_store(ONE_BYTES - 1)
    fill(store, range(1))
    assert store.count() == 0


def test_the_file_does_not_grow_beyond_the_bound(
    open_store: Callable[..., ThumbnailStore], path: Path
) -> None:
    store = open_store(200 * ONE_BYTES)
    for start in range(0, 2000, 20):
        fill(store, range(start, start + 20))
    store.close()
    assert path.stat().st_size < 2 * 220 * ONE_BYTES + 100_000  # pages are not filled to the brim


def test_nothing_is_left_of_those_that_went(open_store: Callable[..., ThumbnailStore]) -> None:
    store = open_store(10 * ONE_BYTES)
    fill(store, range(100))
    with store._using() as connection:
        ids = connection.execute("SELECT id FROM thumbnails ORDER BY id").fetchall()
        assert connection.execute("SELECT id FROM contents ORDER BY id").fetchall() == ids


def test_room_is_made_without_reading_the_tables(store: ThumbnailStore) -> None:
    with store._using() as connection:
        for question in (module._TOTAL, module._LAST_USE, module._LEAST_RECENT.replace("?", "1")):
            plan = connection.execute(f"EXPLAIN QUERY PLAN {question}").fetchall()
            assert [("COVERING INDEX thumbnails_by_use" in step[3]) for step in plan] == [True]


def test_in_memory_the_bound_is_smaller_and_nothing_is_on_the_disk() -> None:
    store = ThumbnailStore(None)
    assert store._max_bytes == 32 * 2**20
    store.keep([("/a.jpg", STATE, EDGE, picture())])
    assert same(store.find("/a.jpg", STATE, EDGE), picture())
    assert store.file_bytes() == 0
    store.clear()
    assert store.count() == 0
    store.close()
    small = ThumbnailStore(None, max_bytes=10 * ONE_BYTES)
    fill(small, range(50))
    assert small.count() <= 10
    small.close()


# --- clearing ------------------------------------------------------------------------------------


def test_clearing_forgets_everything_and_gives_the_space_back(store: ThumbnailStore, path: Path) -> None:
    fill(store, range(500))
    assert store.find(name(0), STATE, EDGE) is not None
    before = store.file_bytes()
    assert before > 500 * ONE_BYTES
    store.clear()
    assert store.count() == 0
    assert store.find(name(0), STATE, EDGE) is None
    assert store.file_bytes() == sum(file.stat().st_size for file in path.parent.glob("*[!m]")) < 50_000
    fill(store, range(1))
    assert store.find(name(0), STATE, EDGE) is not None


# --- damage --------------------------------------------------------------------------------------


def content_of(store: ThumbnailStore) -> bytes:
    with store._using() as connection:
        (content,) = connection.execute("SELECT content FROM contents").fetchone()
    assert isinstance(content, bytes)
    return content


@pytest.mark.parametrize("damage", ["flipped bit", "cut off", "empty", "number"])
def test_a_damaged_thumbnail_is_not_found_and_forgotten(store: ThumbnailStore, damage: str) -> None:
    store.keep([("/a.jpg", STATE, EDGE, picture())])
    content = bytearray(content_of(store))
    content[-20] ^= 1  # still a picture, but another one
    damaged = {
        "flipped bit": bytes(content),
        "cut off": content_of(store)[: ONE_BYTES // 2],
        "empty": b"",
        "number": 42,
    }
    change(store, "UPDATE contents SET content = ?", damaged[damage])
    assert store.find("/a.jpg", STATE, EDGE) is None
    assert (store.count(), total(store)) == (0, 0)
    store.keep([("/a.jpg", STATE, EDGE, picture())])
    assert same(store.find("/a.jpg", STATE, EDGE), picture())


@pytest.mark.parametrize("content", [b"no picture", b"", b"\xff\xd8\xff", module._encode(picture())[:300]])
def test_what_cannot_be_decoded_is_not_found_and_forgotten(
    store: ThumbnailStore, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(module, "_encode", lambda pixels: content)
        store.keep([("/a.jpg", STATE, EDGE, picture())])
    assert content_of(store) == content
    assert store.find("/a.jpg", STATE, EDGE) is None
    assert store.count() == 0


def test_the_thumbnail_of_another_file_is_not_taken_for_this_one(store: ThumbnailStore) -> None:
    store.keep([("/a.jpg", STATE, EDGE, picture())])
    change(store, "UPDATE thumbnails SET path = ?", b"/b.jpg")
    assert store.find("/b.jpg", STATE, EDGE) is None


def test_one_that_was_replaced_meanwhile_is_not_forgotten(
    store: ThumbnailStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace_and_fail(content: bytes) -> Image.Image:
        store.keep([("/a.jpg", STATE, EDGE, picture(4))])
        raise OSError

    store.keep([("/a.jpg", STATE, EDGE, picture(1))])
    with monkeypatch.context() as patch:
        patch.setattr(module, "_decode", replace_and_fail)
        assert store.find("/a.jpg", STATE, EDGE) is None
    assert same(store.find("/a.jpg", STATE, EDGE), picture(4))


def test_whatever_bytes_are_damaged_no_wrong_picture_is_found(path: Path) -> None:
    store = ThumbnailStore(path)
    for number in range(30):
        store.keep([(name(number), STATE, EDGE, picture(number))])
    store.close()
    sound = path.read_bytes()
    outcomes = set()
    for seed in range(60):
        random = Random(seed)
        damaged = bytearray(sound)
        start = random.randrange(100, len(sound))
        damaged[start : start + random.choice([1, 8, 300])] = random.randbytes(random.choice([1, 8, 300]))
        path.write_bytes(damaged[: len(sound)])
        try:
            store = ThumbnailStore(path, max_bytes=25 * ONE_BYTES)
        except DatabaseError:
            outcomes.add("told when opened")
            continue
        for number in random.sample(range(30), 30):
            try:
                found = store.find(name(number), STATE, EDGE)
                assert found is None or same(found, picture(number))
                outcomes.add("not found" if found is None else "found")
                store.keep([(name(number), STATE, EDGE, picture(number))])
            except DatabaseError:
                outcomes.add("told")
        store.close()
        for file in path.parent.iterdir():
            file.unlink()
    assert {"found", "told", "not found"} <= outcomes


def test_a_last_use_that_cannot_be_is_told(store: ThumbnailStore) -> None:
    fill(store, range(1))
    change(store, "UPDATE thumbnails SET used = ?", 2**63 - 1)
    with pytest.raises(DamagedError):
        fill(store, range(1, 2))
    assert store.count() == 1
    store.clear()  # the way out
    fill(store, range(1))
    assert store.count() == 1


def test_a_full_disk_is_told_and_keeping_goes_on_later(store: ThumbnailStore) -> None:
    fill(store, range(10))
    assert store.find(name(0), STATE, EDGE) is not None
    limit_pages(store, 1)
    with pytest.raises(DatabaseError, match="the disk is full; make room and try again"):
        fill(store, range(10, 500))
    assert present(store, range(500)) == list(range(10))
    assert store.find(name(5), STATE, EDGE) is not None
    limit_pages(store, 100_000)
    fill(store, range(10, 500))
    assert store.count() == 500


def test_what_is_found_is_not_withheld_when_its_use_cannot_be_written(
    store: ThumbnailStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_NOTES", 3)
    fill(store, range(10))
    with store._using() as connection:
        connection.execute("PRAGMA query_only = ON")
    for number in range(10):
        assert store.find(name(number), STATE, EDGE) is not None
    assert len(store._uses) <= 3  # no more and more of them
    with pytest.raises(DatabaseError):
        fill(store, range(1))


def make_foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE thumbnails (mine)")
    connection.commit()
    connection.close()


def make_newer(path: Path) -> None:
    ThumbnailStore(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (make_foreign, ForeignError),
        (lambda path: path.write_bytes(b"a holiday diary"), ForeignError),
        (make_newer, NewerError),
    ],
    ids=["another program's", "no database", "newer"],
)
def test_a_file_that_is_not_ours_is_told_and_left_as_it_is(
    path: Path, make: Callable[[Path], object], error: type[DatabaseError]
) -> None:
    path.parent.mkdir()
    make(path)
    before = folder_content(path)
    with pytest.raises(error):
        ThumbnailStore(path)
    assert folder_content(path) == before


def test_a_closed_store_says_so_and_may_be_closed_again(store: ThumbnailStore) -> None:
    fill(store, range(1))
    assert store.find(name(0), STATE, EDGE) is not None
    store.close()
    with pytest.raises(DatabaseError, match="closed"):
        store.find(name(0), STATE, EDGE)
    with pytest.raises(DatabaseError, match="closed"):
        fill(store, range(1))
    store.close()


def test_the_store_lies_in_the_users_cache() -> None:
    assert default_thumbnail_path() == user_cache_path("resmem_gui") / "thumbnails.sqlite"


# --- threads and processes -----------------------------------------------------------------------


@pytest.mark.parametrize("work", ["_decode", "_encode"])
def test_others_do_not_wait_while_a_picture_is_coded(
    store: ThumbnailStore, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    fill(store, range(2))
    code = getattr(module, work)
    is_coding, go_on = threading.Event(), threading.Event()

    def wait(argument: object) -> object:
        is_coding.set()
        assert go_on.wait(30)
        return code(argument)

    monkeypatch.setattr(module, work, wait)
    call = (lambda: store.find(name(0), STATE, EDGE)) if work == "_decode" else lambda: fill(store, range(1))
    thread = threading.Thread(target=call)
    thread.start()
    assert is_coding.wait(30)
    assert not store._lock.locked()
    assert store.count() == 2
    go_on.set()
    thread.join()


def test_threads_keep_and_find_at_the_same_time(open_store: Callable[..., ThumbnailStore]) -> None:
    store = open_store(60 * ONE_BYTES)
    problems: list[object] = []

    def work(seed: int) -> None:
        random = Random(seed)
        try:
            for _ in range(60):
                number = random.randrange(100)
                found = store.find(name(number), STATE, EDGE)
                if found is None:
                    store.keep([(name(number), STATE, EDGE, picture(number))])
                elif not same(found, picture(number)):
                    problems.append(number)
        except (DatabaseError, OSError, TypeError) as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert 0 < total(store) <= 60 * ONE_BYTES


KEEP_AND_FIND = """
import sys
from pathlib import Path
from tests.unit.test_thumbnail_store import EDGE, ONE_BYTES, STATE, ThumbnailStore, name, picture, same
store = ThumbnailStore(Path(sys.argv[1]), max_bytes=60 * ONE_BYTES)
print("ready", flush=True)
sys.stdin.readline()
for number in range(100):
    store.keep([(name(number), STATE, EDGE, picture(number))])
    for other in (number, number // 2):
        found = store.find(name(other), STATE, EDGE)
        assert found is None or same(found, picture(other))
store.close()
print("done")
"""


def test_processes_use_the_same_file_at_the_same_time(
    open_store: Callable[..., ThumbnailStore], path: Path
) -> None:
    assert run_together(KEEP_AND_FIND, [path], [path]) == [("done\n", "")] * 2
    store = open_store()
    assert total(store) <= 60 * ONE_BYTES
    assert same(store.find(name(99), STATE, EDGE), picture(99))
    with store._using() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_two_stores_on_one_file_see_each_others_thumbnails(open_store: Callable[..., ThumbnailStore]) -> None:
    one, other = open_store(10 * ONE_BYTES), open_store(10 * ONE_BYTES)
    fill(one, range(5))
    assert other.find(name(0), STATE, EDGE) is not None  # noted here, and then gone there
    one.clear()
    fill(other, range(5, 10))
    assert present(one, range(10)) == list(range(5, 10))
    fill(one, range(10, 16))  # one bound for both
    assert present(other, range(16)) == list(range(7, 16))


def test_the_checksum_tells_all_that_matters_apart() -> None:
    what = (b"a", 256, "1 2 3", b"x")
    others = [(b"b", *what[1:]), (b"a", 512, "1 2 3", b"x"), (b"a", 256, "1 2 4", b"x"), (*what[:3], b"y")]
    sums = {module._checksum(*each) for each in [what, *others, (*what[:3], None)]}
    assert len(sums) == 6
