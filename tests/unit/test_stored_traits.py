"""What pixels tell, and how scores move with the framing, is found again for the same content only."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resmem_gui import score_memory as memory_module
from resmem_gui import unwritten as unwritten_module
from resmem_gui.databases import DamagedError, DatabaseError
from resmem_gui.file_state import FileState, file_state
from resmem_gui.library.records import Provenance
from resmem_gui.library.store import Store, StoredScore
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring.pipeline import Request, Scored
from resmem_gui.traits import Traits
from resmem_gui.unwritten import TRAITS_VERSION

MAKER = Provenance("resmem 1.1.6", "8e" * 32, "torch-1", "CPU")
OTHER_MAKERS = [
    replace(MAKER, scorer="resmem 2"),
    replace(MAKER, weights_sha256="00" * 32),
    replace(MAKER, preprocessing="torch-2"),
]
STATE = FileState(1000, 1_700_000_000_000_000_000, 42)
TRAITS = Traits(
    faces=2, face_share=0.25, text_share=0.1, graphic=1e-7, frames=3, fingerprint=bytes(range(24))
)
PLAIN = Traits(faces=0, face_share=0.0, text_share=0.0, graphic=0.0, frames=1, fingerprint=b"")
SCORES = (0.1, 0.7000000000000001, 1.0)


def sha256(content: object) -> str:
    return hashlib.sha256(str(content).encode()).hexdigest()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "scores.sqlite"


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, path: Path) -> Iterator[Store]:
    made = Store(path if request.param == "file" else None)
    yield made
    made.close()


# --- the store: traits ---------------------------------------------------------------------------


def test_traits_are_found_by_content(store: Store) -> None:
    store.keep_traits({sha256("a"): TRAITS, sha256("b"): PLAIN}, 1)
    asked = [sha256("a"), sha256("b"), sha256("c")]
    assert store.find_traits(asked, 1) == {sha256("a"): TRAITS, sha256("b"): PLAIN}
    assert store.find_traits([], 1) == {}


def test_only_the_newest_way_of_looking_counts(store: Store) -> None:
    store.keep_traits({sha256("a"): TRAITS}, 1)
    assert store.find_traits([sha256("a")], 2) == {}
    store.keep_traits({sha256("a"): PLAIN}, 2)
    assert store.find_traits([sha256("a")], 2) == {sha256("a"): PLAIN}
    assert store.find_traits([sha256("a")], 1) == {}


def test_what_an_older_way_of_looking_found_is_not_kept_for_ever(store: Store) -> None:
    def versions() -> list[tuple[int]]:
        return store._connection.execute("SELECT version FROM traits ORDER BY version").fetchall()

    store.keep([("/a.jpg", STATE, StoredScore(sha256("a"), 0.5, (640, 480), 1000, MAKER))])
    store.keep_traits({sha256("a"): TRAITS, sha256("b"): TRAITS, sha256("c"): TRAITS}, 2)
    store.keep_sensitivities({sha256("a"): SCORES}, MAKER, "ten-crop")
    store.keep_traits({sha256("newer"): TRAITS}, 4)
    assert versions() == [(4,)]
    store.keep_traits({sha256("b"): PLAIN}, 3)
    assert versions() == [(3,), (4,)], "a newer program may use the same store"
    assert set(store.find_files({"/a.jpg": STATE}, MAKER)) == {"/a.jpg"}
    assert store.find_sensitivities([sha256("a")], MAKER, "ten-crop") == {sha256("a"): SCORES}


@given(
    st.builds(
        Traits,
        faces=st.integers(0, 1000),
        face_share=st.floats(0, 1),
        text_share=st.floats(0, 1),
        graphic=st.floats(0, 1),
        frames=st.integers(1, 100_000),
        fingerprint=st.sampled_from([b"", bytes(24), b"\xff" * 24]),
    )
)
def test_traits_come_back_bit_for_bit(traits: Traits) -> None:
    store = Store(None)
    store.keep_traits({sha256("a"): traits}, 1)
    assert store.find_traits([sha256("a")], 1) == {sha256("a"): traits}
    store.close()


@pytest.mark.parametrize("column", ["faces", "face_share", "graphic", "frames", "fingerprint"])
def test_a_changed_trait_is_noticed(store: Store, column: str) -> None:
    store.keep_traits({sha256("a"): TRAITS}, 1)
    store._connection.execute(f"UPDATE traits SET {column} = 0.125")
    with pytest.raises(DamagedError):
        store.find_traits([sha256("a")], 1)


# --- the store: sensitivities --------------------------------------------------------------------


def test_sensitivities_are_found_by_content_maker_and_recipe(store: Store) -> None:
    store.keep_sensitivities({sha256("a"): SCORES}, MAKER, "ten-crop")
    store.keep_sensitivities({sha256("a"): (0.5, 0.25)}, MAKER, "shifts")
    asked = [sha256("a"), sha256("b")]
    on_gpu = replace(MAKER, device="GPU")
    assert store.find_sensitivities(asked, MAKER, "ten-crop") == {sha256("a"): SCORES}
    assert store.find_sensitivities(asked, on_gpu, "shifts") == {sha256("a"): (0.5, 0.25)}
    assert store.find_sensitivities(asked, MAKER, "another") == {}


@pytest.mark.parametrize("other", OTHER_MAKERS)
def test_another_makers_sensitivity_is_not_found(store: Store, other: Provenance) -> None:
    store.keep_sensitivities({sha256("a"): SCORES}, MAKER, "ten-crop")
    assert store.find_sensitivities([sha256("a")], other, "ten-crop") == {}


@pytest.mark.parametrize("statement", ["scores = x'00'", "recipe = 'shifts'", "checksum = 0"])
def test_a_changed_sensitivity_is_noticed(store: Store, statement: str) -> None:
    store.keep_sensitivities({sha256("a"): SCORES}, MAKER, "ten-crop")
    store._connection.execute(f"UPDATE sensitivities SET {statement}")
    with pytest.raises(DamagedError):
        store.find_sensitivities([sha256("a")], MAKER, "shifts" if "shifts" in statement else "ten-crop")


def test_only_scores_are_counted_and_all_is_forgotten(store: Store) -> None:
    store.keep([("/a.jpg", STATE, StoredScore(sha256("a"), 0.5, (4, 3), 1000, MAKER))])
    store.keep_traits({sha256("a"): TRAITS, sha256("b"): PLAIN}, 1)
    store.keep_sensitivities({sha256("a"): SCORES}, MAKER, "ten-crop")
    assert store.count() == 1
    store.clear()
    assert store.count() == 0
    assert store.find_traits([sha256("a"), sha256("b")], 1) == {}
    assert store.find_sensitivities([sha256("a")], MAKER, "ten-crop") == {}


# --- a store of version 1 ------------------------------------------------------------------------

#: What `iterdump` says of a store that the program wrote before there were traits.
VERSION_1 = """
CREATE TABLE files (path BLOB PRIMARY KEY NOT NULL, state TEXT NOT NULL, sha256 BLOB NOT NULL) WITHOUT ROWID;
INSERT INTO files VALUES(X'2F612E6A7067', '1000 1700000000000000000 42',
    X'CA978112CA1BBDCAFAC231B39A23DC4DA786EFF8147C4E72B9807785AFEE48BB');
CREATE TABLE makers (id INTEGER PRIMARY KEY, scorer TEXT NOT NULL, weights_sha256 TEXT NOT NULL,
    preprocessing TEXT NOT NULL, UNIQUE (scorer, weights_sha256, preprocessing));
INSERT INTO makers VALUES(1, 'resmem 1.1.6',
    '8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e8e', 'torch-1');
CREATE TABLE scores (sha256 BLOB NOT NULL, maker INTEGER NOT NULL REFERENCES makers, bytes INTEGER NOT NULL,
    score NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, device TEXT NOT NULL,
    checksum INTEGER NOT NULL, PRIMARY KEY (sha256, maker)) WITHOUT ROWID;
INSERT INTO scores VALUES(X'CA978112CA1BBDCAFAC231B39A23DC4DA786EFF8147C4E72B9807785AFEE48BB',
    1, 1000, 0.625, 640, 480, 'CPU', 2653630798);
CREATE INDEX scores_by_bytes ON scores (maker, bytes);
PRAGMA application_id = 1382380365;
PRAGMA user_version = 1;
PRAGMA journal_mode = WAL;
"""


@pytest.fixture
def version_1(path: Path) -> Path:
    connection = sqlite3.connect(path)
    connection.executescript(VERSION_1)
    connection.close()
    return path


def test_a_store_of_version_1_keeps_its_scores_and_gains_the_rest(version_1: Path) -> None:
    for _ in range(2):  # again when it is of version 2
        store = Store(version_1)
        expected = StoredScore(sha256("a"), 0.625, (640, 480), 1000, MAKER)
        assert store.find_files({"/a.jpg": STATE}, MAKER) == {"/a.jpg": expected}
        assert store.count() == 1
        store.close()
    store = Store(version_1)
    assert store.find_traits([sha256("a")], 1) == {}
    store.keep_traits({sha256("a"): TRAITS}, 1)
    store.keep_sensitivities({sha256("a"): SCORES}, MAKER, "ten-crop")
    assert store.find_traits([sha256("a")], 1) == {sha256("a"): TRAITS}
    assert store.find_sensitivities([sha256("a")], MAKER, "ten-crop") == {sha256("a"): SCORES}
    store.close()
    with sqlite3.connect(version_1) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    connection.close()


# --- the memory ----------------------------------------------------------------------------------


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def remember(path: Path, told: list[str]) -> Iterator[Callable[[], ScoreMemory]]:
    made: list[ScoreMemory] = []

    def make() -> ScoreMemory:
        made.append(ScoreMemory(path, told.append))
        return made[-1]

    yield make
    for memory in made:
        memory.close()


@pytest.fixture
def outcome(tmp_path: Path) -> Scored:
    """A scored file, with its traits."""
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"picture")
    state = file_state(str(file))
    assert state is not None
    content = hashlib.sha256(b"picture").hexdigest()
    return Scored(Request(0, str(file)), 0.5, "CPU", (64, 48), content, state, is_settled=True, traits=TRAITS)


def look_up(memory: ScoreMemory, path: str) -> list[Scored]:
    return [scored for found, _ in memory.look_up([Request(0, path)], MAKER) for scored in found]


def test_traits_of_another_version_are_looked_for_again_and_the_score_stays(
    remember: Callable[[], ScoreMemory], outcome: Scored, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(unwritten_module, "TRAITS_VERSION", TRAITS_VERSION - 1)
        memory = remember()
        memory.keep([replace(outcome, traits=TRAITS)], MAKER)
        memory.close()
    memory = remember()
    assert look_up(memory, outcome.request.path) == [replace(outcome, traits=None)]
    memory.keep_traits({outcome.sha256: PLAIN})
    assert look_up(memory, outcome.request.path) == [replace(outcome, traits=PLAIN)]
    memory.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version FROM traits").fetchall() == [(TRAITS_VERSION,)]
    connection.close()


def test_recalled_scores_bring_their_traits(remember: Callable[[], ScoreMemory], outcome: Scored) -> None:
    memory = remember()
    memory.keep([outcome], MAKER)
    memory.close()
    memory = remember()
    assert look_up(memory, outcome.request.path) == [outcome]
    moved = Path(outcome.request.path).rename(Path(outcome.request.path).with_name("moved.jpg"))
    assert [scored.traits for scored in look_up(memory, str(moved))] == [TRAITS]


def test_what_was_kept_without_traits_comes_without_until_somebody_looks(
    remember: Callable[[], ScoreMemory], outcome: Scored
) -> None:
    memory = remember()
    memory.keep([replace(outcome, traits=None)], MAKER)
    assert [scored.traits for scored in look_up(memory, outcome.request.path)] == [None]
    memory.keep_traits({outcome.sha256: PLAIN})
    assert [scored.traits for scored in look_up(memory, outcome.request.path)] == [PLAIN]
    assert memory.find_traits([outcome.sha256]) == {outcome.sha256: PLAIN}


def test_another_way_of_looking_makes_traits_unknown(
    remember: Callable[[], ScoreMemory], outcome: Scored, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = remember()
    memory.keep([outcome], MAKER)
    monkeypatch.setattr(memory_module, "TRAITS_VERSION", TRAITS_VERSION + 1)
    assert [scored.traits for scored in look_up(memory, outcome.request.path)] == [None]


def test_sensitivities_are_remembered(remember: Callable[[], ScoreMemory]) -> None:
    memory = remember()
    memory.keep_sensitivities({sha256("a"): SCORES, sha256("b"): (0.5, 0.5)}, MAKER, "ten-crop")
    memory.close()
    memory = remember()
    found = memory.find_sensitivities([sha256("a"), sha256("c")], MAKER, "ten-crop")
    assert found == {sha256("a"): SCORES}


def test_what_cannot_be_written_is_told_and_written_later(
    remember: Callable[[], ScoreMemory], outcome: Scored, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = remember()

    def refuse(self: Store, *arguments: object) -> None:
        raise DatabaseError("The disk is full.")

    with monkeypatch.context() as patch:
        for question in ("keep", "keep_traits", "keep_sensitivities"):
            patch.setattr(Store, question, refuse)
        memory.keep([outcome], MAKER)
        memory.keep_traits({sha256("b"): PLAIN})
        memory.keep_sensitivities({sha256("c"): SCORES}, MAKER, "ten-crop")
        at_risk = [memory.holds_more_than_disk]
    assert len(told) == 1
    memory.keep([], MAKER)
    at_risk.append(memory.holds_more_than_disk)
    assert at_risk == [True, False]
    memory.close()
    memory = remember()
    assert look_up(memory, outcome.request.path) == [outcome]
    assert memory.find_traits([sha256("b")]) == {sha256("b"): PLAIN}
    assert memory.find_sensitivities([sha256("c")], MAKER, "ten-crop") == {sha256("c"): SCORES}


def test_without_a_disk_all_is_known_until_the_end_of_the_program(
    remember: Callable[[], ScoreMemory], path: Path, told: list[str]
) -> None:
    path.write_text("no database")
    memory = remember()
    memory.keep_traits({sha256("a"): TRAITS})
    memory.keep_sensitivities({sha256("a"): SCORES}, MAKER, "ten-crop")
    assert memory.find_traits([sha256("a")]) == {sha256("a"): TRAITS}
    assert memory.find_sensitivities([sha256("a")], MAKER, "ten-crop") == {sha256("a"): SCORES}
    assert len(told) == 1
    assert path.read_text() == "no database"


def test_of_all_too_many_things_that_wait_the_latest_stay(
    remember: Callable[[], ScoreMemory], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = remember()
    monkeypatch.setattr(memory_module, "_MOST_UNWRITTEN", 2)

    def refuse(self: Store, *arguments: object) -> None:
        raise DatabaseError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "keep_traits", refuse)
        patch.setattr(Store, "keep_sensitivities", refuse)
        for name in "abc":
            memory.keep_traits({sha256(name): TRAITS})
            memory.keep_sensitivities({sha256(name): SCORES}, MAKER, "ten-crop")
    memory.keep([], MAKER)
    asked = [sha256(name) for name in "abc"]
    assert set(memory.find_traits(asked)) == {sha256("b"), sha256("c")}
    assert set(memory.find_sensitivities(asked, MAKER, "ten-crop")) == {sha256("b"), sha256("c")}


def test_a_damaged_trait_ends_the_use_of_the_store_and_is_told(
    remember: Callable[[], ScoreMemory], outcome: Scored, told: list[str]
) -> None:
    memory = remember()
    memory.keep([outcome], MAKER)
    memory.store._connection.execute("UPDATE traits SET faces = 7")
    assert [scored.traits for scored in look_up(memory, outcome.request.path)] == [None]
    assert len(told) == 1
    assert memory.store.path is None
