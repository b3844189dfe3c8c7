"""Thumbnails come from the store where it has them, and come also where there is none."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from resmem_gui.databases import DatabaseError
from resmem_gui.file_state import FileState, file_state
from resmem_gui.images import thumbnail_source as module
from resmem_gui.images.decoding import decode_reduced
from resmem_gui.images.errors import ImageError
from resmem_gui.images.thumbnail_source import ThumbnailSource
from resmem_gui.images.thumbnail_store import ThumbnailStore

LONG_AGO_NS = 1_600_000_000_000_000_000
EDGE = 64

Make = Callable[..., str]
MakeSource = Callable[..., ThumbnailSource]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Of the store."""
    return tmp_path / "cache" / "thumbnails.sqlite"


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def make_source(path: Path, told: list[str]) -> Iterator[MakeSource]:
    """Return a maker of sources that are closed at the end."""
    made: list[ThumbnailSource] = []

    def make(where: Path | None = path) -> ThumbnailSource:
        made.append(ThumbnailSource(where, told.append))
        return made[-1]

    yield make
    for source in made:
        source.close()


@pytest.fixture
def photo(tmp_path: Path) -> Make:
    """Return a maker of images that were changed long ago, unless told otherwise; path out."""

    def make(name: str = "photo.png", grey: int = 100, mtime_ns: int | None = LONG_AGO_NS) -> str:
        file = tmp_path / name
        Image.new("RGB", (200, 100), (grey, grey, grey)).save(file, format="PNG")
        if mtime_ns is not None:
            os.utime(file, ns=(mtime_ns, mtime_ns))
        return str(file)

    return make


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were decoded."""
    seen: list[str] = []
    real = decode_reduced

    def decode(path: str, edge: int) -> Image.Image:
        seen.append(path)
        return real(path, edge)

    monkeypatch.setattr(module, "decode_reduced", decode)
    return seen


def grey(picture: Image.Image) -> int:
    pixel = picture.getpixel((picture.width // 2, picture.height // 2))
    assert isinstance(pixel, tuple)
    return int(pixel[0])


def stored(path: Path) -> int:
    store = ThumbnailStore(path)
    count = store.count()
    store.close()
    return count


def test_what_was_made_once_is_found_the_next_time_without_decoding(
    make_source: MakeSource, photo: Make, decoded: list[str]
) -> None:
    file, first = photo(), make_source()
    made = first.load(file, EDGE)
    assert max(made.size) <= EDGE
    assert decoded == [file]
    first.close()
    again = make_source().load(file, EDGE)
    assert decoded == [file]
    assert again.size == made.size
    assert abs(grey(again) - 100) <= 2


def test_another_edge_is_another_thumbnail(make_source: MakeSource, photo: Make, decoded: list[str]) -> None:
    file, first = photo(), make_source()
    first.load(file, EDGE)
    first.close()
    assert max(make_source().load(file, 2 * EDGE).size) == 2 * EDGE
    assert decoded == [file, file]


def test_a_changed_file_is_made_anew(make_source: MakeSource, photo: Make, decoded: list[str]) -> None:
    file, first = photo(grey=100), make_source()
    first.load(file, EDGE)
    first.close()
    photo(grey=200, mtime_ns=LONG_AGO_NS + 1)
    second = make_source()
    assert abs(grey(second.load(file, EDGE)) - 200) <= 2
    second.close()
    assert abs(grey(make_source().load(file, EDGE)) - 200) <= 2
    assert decoded == [file, file]


def test_a_file_that_was_just_changed_is_not_kept(
    make_source: MakeSource, photo: Make, path: Path, decoded: list[str]
) -> None:
    """Another change within the same tick of the file system's clock could not be told from this one."""
    file, source = photo(mtime_ns=None), make_source()
    source.load(file, EDGE)
    source.close()
    assert stored(path) == 0
    make_source().load(file, EDGE)
    assert decoded == [file, file]


def test_a_file_that_cannot_be_decoded_raises_each_time(make_source: MakeSource, tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("no image")
    source = make_source()
    for name in ("text.png", "text.png", "not there.png"):
        with pytest.raises(ImageError):
            source.load(str(tmp_path / name), EDGE)


def test_thumbnails_made_elsewhere_are_found(
    make_source: MakeSource, photo: Make, decoded: list[str]
) -> None:
    file, source = photo(), make_source()
    state = file_state(file)
    assert state is not None
    source.keep([(file, state, EDGE, Image.new("RGB", (EDGE, EDGE), (30, 30, 30)))])
    assert abs(grey(source.load(file, EDGE)) - 30) <= 2
    assert decoded == []


def test_new_thumbnails_are_written_together_and_the_last_ones_at_the_end(
    make_source: MakeSource, photo: Make, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    real = ThumbnailStore.keep

    def keep(self: ThumbnailStore, thumbnails: list[tuple[str, FileState, int, Image.Image]]) -> None:
        written.append(len(thumbnails))
        real(self, thumbnails)

    monkeypatch.setattr(ThumbnailStore, "keep", keep)
    source = make_source()
    for number in range(20):
        source.load(photo(f"{number}.png"), EDGE)
    assert written == [16]
    source.close()
    assert written == [16, 4]
    assert stored(path) == 20


def test_clearing_forgets_also_what_waits_to_be_written(
    make_source: MakeSource, photo: Make, path: Path, decoded: list[str]
) -> None:
    source = make_source()
    paths = [photo(f"{number}.png") for number in range(18)]
    for file in paths:
        source.load(file, EDGE)
    before = source.file_bytes()
    source.clear()
    assert source.file_bytes() <= before
    source.load(paths[0], EDGE)
    assert decoded.count(paths[0]) == 2
    source.close()
    assert stored(path) == 1


def test_without_a_store_thumbnails_come_and_nothing_is_written(
    make_source: MakeSource, photo: Make, decoded: list[str], told: list[str], tmp_path: Path
) -> None:
    file, source = photo(), make_source(None)
    assert abs(grey(source.load(file, EDGE)) - 100) <= 2
    source.load(file, EDGE)
    assert decoded == [file, file]
    assert source.file_bytes() == 0
    source.clear()
    source.close()
    assert told == []
    assert [entry.name for entry in tmp_path.iterdir()] == ["photo.png"]


def test_a_source_that_was_never_used_makes_no_file(make_source: MakeSource, path: Path) -> None:
    make_source().close()
    assert not path.parent.exists()


def test_a_store_that_cannot_be_opened_is_told_once_and_thumbnails_come(
    make_source: MakeSource, photo: Make, path: Path, told: list[str]
) -> None:
    path.parent.mkdir()
    path.write_bytes(b"the file of another program, long enough to be looked at" * 10)
    source = make_source()
    for number in range(20):
        assert abs(grey(source.load(photo(f"{number}.png"), EDGE)) - 100) <= 2
    assert source.file_bytes() == 0
    source.clear()
    source.close()
    (sentence,) = told
    assert str(path) in sentence
    assert sentence.endswith(" Thumbnails are made anew each time.")
    assert path.read_bytes().startswith(b"the file of another program")


@pytest.mark.parametrize("method", ["find", "keep"])
def test_a_store_that_fails_is_told_once_and_thumbnails_come(
    make_source: MakeSource, photo: Make, told: list[str], monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    calls: list[str] = []

    def fail(self: ThumbnailStore, *arguments: object) -> None:
        calls.append(method)
        raise DatabaseError("The disk is full.")

    monkeypatch.setattr(ThumbnailStore, method, fail)
    source = make_source()
    for number in range(40):
        assert abs(grey(source.load(photo(f"{number}.png"), EDGE)) - 100) <= 2
    source.close()
    assert told == ["The disk is full. Thumbnails are made anew each time."]
    assert calls == [method], "it is not asked again"


def test_a_store_that_cannot_be_cleared_says_so_to_who_asked(
    make_source: MakeSource, photo: Make, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: ThumbnailStore) -> None:
        raise DatabaseError("The database is in use.")

    source = make_source()
    source.load(photo(), EDGE)
    with monkeypatch.context() as patch:
        patch.setattr(ThumbnailStore, "clear", fail)
        with pytest.raises(DatabaseError, match="in use"):
            source.clear()
    assert told == []


def test_after_closing_nothing_is_kept_and_thumbnails_still_come(
    make_source: MakeSource, photo: Make, path: Path, told: list[str]
) -> None:
    """Threads may still have one in their hands when the window goes."""
    source = make_source()
    source.load(photo("a.png"), EDGE)
    source.close()
    assert abs(grey(source.load(photo("b.png"), EDGE)) - 100) <= 2
    source.close()
    assert stored(path) == 1
    assert told == []


def test_threads_load_at_the_same_time_and_the_store_is_opened_once(
    make_source: MakeSource, photo: Make, path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path | None] = []
    real = ThumbnailStore.__init__

    def init(self: ThumbnailStore, where: Path | None, **options: int) -> None:
        opened.append(where)
        time.sleep(0.02)
        real(self, where, **options)

    monkeypatch.setattr(ThumbnailStore, "__init__", init)
    source = make_source()
    paths = [photo(f"{number}.png", grey=50 + number) for number in range(60)]
    wrong: list[str] = []

    def load(mine: list[str]) -> None:
        wrong.extend(
            file for file in mine if abs(grey(source.load(file, EDGE)) - 50 - int(Path(file).stem)) > 2
        )

    threads = [threading.Thread(target=load, args=(paths[start::3],)) for start in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    source.close()
    assert wrong == []
    assert opened == [path]
    monkeypatch.undo()
    assert stored(path) == 60
    assert told == []
