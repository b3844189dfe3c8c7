"""What is known about the images."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resmem_gui.file_state import FileState
from resmem_gui.library.library import Library
from resmem_gui.library.records import ImageRecord, Pick, Provenance, Status, readable

MADE_BY = Provenance("Fake 1.0", "f" * 64, "recipe-1", "cpu")


@pytest.fixture
def library() -> Library:
    """Three images: one scored, one failed, one waiting."""
    made = Library()
    made.add(["/a/scored.png", "/a/failed.png", "/b/waiting.png"])
    made.set_scored(0, 0.75, (64, 48), "0" * 64, MADE_BY)
    made.set_failed(1, "The file is empty (0 bytes).")
    return made


def test_a_new_library_is_empty() -> None:
    library = Library()
    assert len(library) == 0
    assert library.scores.shape == (0,)
    assert library.sizes.shape == (0, 2)
    assert list(library.records()) == []


def test_images_get_ascending_ids_and_wait() -> None:
    library = Library()
    assert library.add(["/x.png", "/y.png"]) == [0, 1]
    assert library.add(["/z.png"]) == [2]
    assert library.paths == ["/x.png", "/y.png", "/z.png"]
    assert library.count(Status.WAITING) == 3
    assert np.isnan(library.scores).all()


def test_an_image_is_added_once(library: Library) -> None:
    assert library.add(["/a/scored.png", "/new.png", "/new.png"]) == [3]
    assert len(library) == 4
    assert library.record(0).score == 0.75


def test_a_removed_image_keeps_its_id_for_itself(library: Library) -> None:
    library.remove([0, 2])
    assert library.present_ids().tolist() == [1]
    assert library.add(["/a/scored.png"]) == [3]
    back = library.record(3)
    assert (back.path, back.status, back.score) == ("/a/scored.png", Status.WAITING, None)
    assert library.present_ids().tolist() == [1, 3]
    assert len(library) == 4


def test_removing_nothing_changes_nothing(library: Library) -> None:
    library.remove([])
    assert library.present.all()


def test_removed_images_count_nowhere(library: Library) -> None:
    library.remove([0])
    assert library.count(Status.SCORED) == 0
    assert library.with_status(Status.SCORED).tolist() == []
    assert np.isnan(library.present_scores()).all()
    assert [record.image_id for record in library.records()] == [1, 2]


def test_a_record_tells_all_about_a_scored_image(library: Library) -> None:
    assert library.record(0) == ImageRecord(
        0, "/a/scored.png", Status.SCORED, 0.75, 64, 48, "", "0" * 64, MADE_BY
    )


def test_a_record_tells_why_an_image_has_no_score(library: Library) -> None:
    reason = "The file is empty (0 bytes)."
    assert library.record(1) == ImageRecord(1, "/a/failed.png", Status.FAILED, None, 0, 0, reason, "", None)
    assert library.error(1) == reason
    assert library.error(0) == ""


def test_a_waiting_image_has_neither_score_nor_error(library: Library) -> None:
    assert library.record(2) == ImageRecord(2, "/b/waiting.png", Status.WAITING, None, 0, 0, "", "", None)


def test_scoring_after_a_failure_clears_the_error(library: Library) -> None:
    library.set_scored(1, 0.5, (1, 2), "1" * 64, MADE_BY)
    assert library.record(1).error == ""
    assert library.record(1).score == 0.5


def test_failing_after_a_score_clears_score_hash_and_provenance(library: Library) -> None:
    library.set_failed(0, "It is gone.")
    record = library.record(0)
    assert (record.score, record.sha256, record.provenance) == (None, "", None)
    assert record.error == "It is gone."
    assert np.isnan(library.scores[0])


def test_waiting_again_clears_score_and_error(library: Library) -> None:
    library.set_waiting([0, 1])
    assert library.count(Status.WAITING) == 3
    assert np.isnan(library.scores).all()
    assert library.error(1) == ""
    assert library.record(0).provenance is None


def test_each_image_keeps_the_provenance_of_its_own_score(library: Library) -> None:
    other = replace(MADE_BY, preprocessing="recipe-2")
    library.set_scored(1, 0.5, (1, 1), "", other)
    library.set_scored(2, 0.6, (1, 1), "", MADE_BY)
    assert [record.provenance for record in library.records()] == [MADE_BY, other, MADE_BY]


def test_records_can_be_asked_for_in_any_order(library: Library) -> None:
    assert [record.image_id for record in library.records([2, 0])] == [2, 0]
    assert [record.image_id for record in library.records(np.array([1]))] == [1]


def test_nothing_is_lost_when_the_columns_grow() -> None:
    library = Library()
    for number in range(1000):
        (image_id,) = library.add([f"/{number}.png"])
        library.set_scored(image_id, number / 1000, (number, 1), "", MADE_BY)
    library.remove([3])
    library.add([f"/more/{number}.png" for number in range(3000)])
    assert library.scores[:1000] == pytest.approx(np.arange(1000) / 1000)
    assert library.sizes[999].tolist() == [999, 1]
    assert not library.present[3]
    assert library.present.sum() == 3999
    assert library.count(Status.WAITING) == 3000


def test_a_snapshot_does_not_follow_the_library(library: Library) -> None:
    snapshot = library.snapshot()
    before = list(snapshot.records())
    library.set_failed(0, "Changed.")
    library.set_scored(2, 0.9, (5, 5), "", replace(MADE_BY, device="cuda"))
    library.remove([1])
    library.add(["/new.png"])
    assert list(snapshot.records()) == before
    library.clear()
    assert list(snapshot.records()) == before


def test_a_snapshot_can_go_on_by_itself(library: Library) -> None:
    snapshot = library.snapshot()
    assert snapshot.add(["/a/scored.png", "/new.png"]) == [3]
    assert len(library) == 3


def test_clearing_takes_everything_out_and_gives_no_id_again(library: Library) -> None:
    library.clear()
    assert library.present_ids().size == 0
    assert list(library.records()) == []
    assert library.add(["/a/failed.png"]) == [3]
    assert library.error(3) == ""
    assert library.record(3).status is Status.WAITING
    assert library.present_ids().tolist() == [3]


def test_a_record_splits_its_path_for_people() -> None:
    path = str(Path("/photos", "summer", "a.png"))
    record = ImageRecord(0, path, Status.WAITING, None, 0, 0, "", "", None)
    assert record.name == "a.png"
    assert record.folder == str(Path("/photos", "summer"))


def test_bytes_that_are_no_text_are_shown_as_replacement_characters() -> None:
    assert readable(b"z\xff\xfe.png".decode("utf-8", "surrogateescape")) == "z\ufffd\ufffd.png"
    assert readable("naïve ☂ 🐈.png") == "naïve ☂ 🐈.png"


@pytest.mark.parametrize("status", Status)
def test_a_status_has_a_word(status: Status) -> None:
    assert status.word in {"scored", "waiting", "failed"}


# --- missing files and new paths -----------------------------------------------------------------


def test_a_missing_file_is_noted_and_keeps_its_score(library: Library) -> None:
    assert not library.missing.any()
    library.set_missing([0, 2], missing=True)
    assert library.missing.tolist() == [True, False, True]
    assert [record.missing for record in library.records()] == [True, False, True]
    assert library.record(0).score == 0.75
    library.set_missing([0], missing=False)
    assert library.missing.tolist() == [False, False, True]
    library.set_missing([], missing=True)
    assert library.missing.tolist() == [False, False, True]


def test_an_image_is_found_by_its_path_while_it_is_present(library: Library) -> None:
    assert [library.id_of(path) for path in library.paths] == [0, 1, 2]
    assert library.id_of("/nowhere.png") is None
    library.remove([1])
    assert library.id_of("/a/failed.png") is None
    library.add(["/a/failed.png"])
    assert library.id_of("/a/failed.png") == 3
    library.clear()
    assert library.id_of("/a/failed.png") is None
    assert library.id_of("") is None


def test_a_relinked_image_has_its_new_path_and_all_else_as_before(library: Library) -> None:
    library.set_missing([0, 1, 2], missing=True)
    before = library.record(0)
    assert library.relink({0: "/moved/Scored 2.PNG", 2: "/moved/waiting.png"}) == [0, 2]
    assert library.record(0) == replace(before, path="/moved/Scored 2.PNG", missing=False)
    assert library.folded_names == ["scored 2.png", "failed.png", "waiting.png"]
    assert library.missing.tolist() == [False, True, False]
    assert library.id_of("/moved/Scored 2.PNG") == 0
    assert library.id_of("/moved/waiting.png") == 2


def test_the_path_that_a_relinked_image_had_is_free_again(library: Library) -> None:
    library.relink({0: "/moved.png"})
    assert library.id_of("/a/scored.png") is None
    assert library.add(["/moved.png", "/a/scored.png"]) == [3]
    assert library.record(0).path == "/moved.png"
    assert library.record(3).status is Status.WAITING


def test_a_path_of_another_present_image_is_passed_over(library: Library) -> None:
    library.set_missing([0, 1], missing=True)
    before = [*library.records()]
    assert library.relink({0: "/b/waiting.png", 1: "/b/waiting.png"}) == []
    assert [*library.records()] == before
    assert [library.id_of(path) for path in library.paths] == [0, 1, 2]


def test_of_two_images_that_want_the_same_path_the_first_gets_it(library: Library) -> None:
    assert library.relink({1: "/moved.png", 0: "/moved.png"}) == [1]
    assert library.paths == ["/a/scored.png", "/moved.png", "/b/waiting.png"]
    assert library.id_of("/moved.png") == 1
    assert library.id_of("/a/scored.png") == 0


def test_an_image_can_take_the_path_that_another_one_leaves(library: Library) -> None:
    assert library.relink({0: "/moved.png", 1: "/a/scored.png"}) == [0, 1]
    assert library.paths == ["/moved.png", "/a/scored.png", "/b/waiting.png"]
    assert [library.id_of(path) for path in library.paths] == [0, 1, 2]
    assert library.id_of("/a/failed.png") is None


def test_an_image_can_take_the_path_of_a_removed_one(library: Library) -> None:
    library.remove([2])
    assert library.relink({0: "/b/waiting.png"}) == [0]
    assert library.id_of("/b/waiting.png") == 0
    assert library.add(["/b/waiting.png"]) == []


def test_an_image_removed_meanwhile_does_not_take_the_path_of_its_successor(library: Library) -> None:
    """Files are searched for on another thread: what it finds may be told late."""
    library.remove([0])
    (back,) = library.add(["/a/scored.png"])
    library.relink({0: "/moved.png"})
    assert library.id_of("/a/scored.png") == back
    assert library.add(["/a/scored.png"]) == []


def test_the_names_have_another_version_whenever_they_are_others(library: Library) -> None:
    versions = [library.names_version]
    library.add(["/new.png"])
    versions.append(library.names_version)
    library.relink({0: "/moved.png"})
    versions.append(library.names_version)
    library.relink({0: "/a/scored.png"})
    versions.append(library.names_version)
    library.clear()
    versions.append(library.names_version)
    assert len(set(versions)) == len(versions)
    assert [size for size, _ in versions] == [3, 4, 4, 4, 4]


def test_the_names_keep_their_version_whatever_else_changes(library: Library) -> None:
    before = library.names_version
    library.add(["/a/scored.png"])
    library.set_failed(0, "It is gone.")
    library.set_waiting([1])
    library.set_missing([0], missing=True)
    library.remove([2])
    assert library.names_version == before


def test_names_are_kept_without_the_difference_of_large_and_small_letters() -> None:
    library = Library()
    library.add(["/Photos/STRASSE.JPG", "/Photos/Straße.jpg", "/a.b/ÉTÉ", "/x/"])
    assert library.folded_names == ["strasse.jpg", "strasse.jpg", "été", ""]
    library.clear()
    assert library.folded_names == [""] * 4
    library.add(["/A.PNG"])
    assert library.folded_names == [""] * 4 + ["a.png"]


def test_paths_that_differ_in_letters_are_different_images() -> None:
    library = Library()
    assert library.add(["/a.png", "/A.png", "/a.PNG"]) == [0, 1, 2]


@pytest.mark.parametrize("already", [0, 250, 256, 300])
def test_a_path_that_comes_twice_in_one_call_is_added_once(already: int) -> None:
    """Also where the columns have no room for it yet."""
    library = Library()
    library.add(f"/{number}.png" for number in range(already))
    twice = [f"/new/{number // 2}.png" for number in range(1200)]
    assert library.add(iter(twice)) == [*range(already, already + 600)]
    assert len(library) == len(library.paths) == len(library.scores) == already + 600
    assert library.present.all()


def test_a_removed_path_that_comes_back_twice_in_one_call_is_added_once(library: Library) -> None:
    library.remove([0, 1])
    assert library.add(["/a/scored.png", "/a/failed.png", "/a/scored.png"]) == [3, 4]
    assert library.present.tolist() == [False, False, True, True, True]
    assert library.id_of("/a/scored.png") == 3


def test_an_image_that_comes_back_is_neither_missing_nor_failed(library: Library) -> None:
    library.set_missing([1], missing=True)
    library.remove([1])
    library.add(["/a/failed.png"])
    assert library.record(3) == ImageRecord(3, "/a/failed.png", Status.WAITING, None, 0, 0, "", "", None)


@pytest.mark.parametrize(
    "count",
    [
        10,
        300,
    ],
)
def test_what_came_before_an_interruption_is_whole(count: int) -> None:
    """A search for images may be interrupted, and what it has found is exported then."""

    def interrupted() -> Iterator[str]:
        for number in range(count):
            yield f"/{number}.png"
        raise KeyboardInterrupt

    library = Library()
    with pytest.raises(KeyboardInterrupt):
        library.add(interrupted())
    assert len(library) == len(library.paths) == len(library.scores) == len(library.present_ids())
    assert library.add(["/0.png", "/new.png"]) == [count]
    assert library.record(count).path == "/new.png"


def test_a_snapshot_has_all_of_it(library: Library) -> None:
    library.set_missing([1], missing=True)
    library.relink({2: "/moved/Waiting.png"})
    library.remove([0])
    snapshot = library.snapshot()
    assert snapshot.paths == library.paths
    assert snapshot.folded_names == library.folded_names
    assert snapshot.missing.tolist() == [False, True, False]
    assert snapshot.present.tolist() == [False, True, True]
    assert snapshot.sizes.tolist() == library.sizes.tolist()
    assert snapshot.id_of("/moved/Waiting.png") == 2
    assert snapshot.id_of("/a/scored.png") is None
    assert snapshot.error(1) == library.error(1) != ""
    assert [snapshot.record(image_id) for image_id in range(3)] == [*library.records(range(3))]


def test_a_snapshot_has_the_version_of_its_names(library: Library) -> None:
    library.relink({2: "/moved/Waiting.png"})
    assert library.snapshot().names_version == library.names_version


def test_a_snapshot_does_not_follow_new_paths_and_missing_files(library: Library) -> None:
    snapshot = library.snapshot()
    before = [*snapshot.records()]
    library.relink({0: "/moved.png"})
    library.set_missing([1, 2], missing=True)
    assert [*snapshot.records()] == before
    assert snapshot.folded_names[0] == "scored.png"
    assert snapshot.id_of("/a/scored.png") == 0
    assert snapshot.id_of("/moved.png") is None


@given(st.data())
def test_a_library_keeps_paths_as_a_dictionary_would(data: st.DataObject) -> None:
    library, present = Library(), dict[int, str]()
    paths = st.sampled_from([f"/{letter}" for letter in "abcdef"])
    for _ in range(data.draw(st.integers(1, 12))):
        kind = data.draw(st.sampled_from(["add", "remove", "relink", "clear"]))
        some = st.lists(st.sampled_from([*present]), max_size=3, unique=True) if present else st.just([])
        if kind == "add":
            wanted = data.draw(st.lists(paths, max_size=5))
            new = [path for path in dict.fromkeys(wanted) if path not in present.values()]
            expected = [*range(len(library), len(library) + len(new))]
            assert library.add(wanted) == expected
            present.update(zip(expected, new, strict=True))
        elif kind == "remove":
            gone = data.draw(some)
            library.remove(gone)
            for image_id in gone:
                del present[image_id]
        elif kind == "relink":
            moves = {image_id: data.draw(paths) for image_id in data.draw(some)}
            relinked = []
            for image_id, path in moves.items():
                if path not in present.values() or path == present[image_id]:
                    present[image_id] = path
                    relinked.append(image_id)
            assert library.relink(moves) == relinked
        else:
            library.clear()
            present.clear()
        assert {record.image_id: record.path for record in library.records()} == present
        for letter in "abcdef":
            by_path = {path: image_id for image_id, path in present.items()}
            assert library.id_of(f"/{letter}") == by_path.get(f"/{letter}")
        for image_id, path in present.items():
            assert library.folded_names[image_id] == path[1:]


# Marks, places, headers


def test_marks_belong_to_images() -> None:
    library = Library()
    ids = library.add(["/p/a.jpg", "/p/b.jpg", "/p/c.jpg"])
    library.set_rating(ids[:2], 4)
    library.set_pick(ids, [Pick.PICKED, Pick.REJECTED, Pick.NONE])
    assert [library.record(i).rating for i in ids] == [4, 4, 0]
    assert [library.record(i).pick for i in ids] == [Pick.PICKED, Pick.REJECTED, Pick.NONE]
    assert library.snapshot().ratings.tolist() == library.ratings.tolist()


def test_a_removed_image_comes_back_with_all_that_was_known() -> None:
    library = Library()
    first, second = library.add(["/p/a.jpg", "/p/b.jpg"])
    library.set_rating([first], 5)
    library.remove([first, second])
    assert library.restore([first]) == [first]
    assert library.present_ids().tolist() == [first]
    assert library.record(first).rating == 5
    assert library.id_of("/p/a.jpg") == first


def test_an_image_whose_path_another_has_does_not_come_back() -> None:
    library = Library()
    (first,) = library.add(["/p/a.jpg"])
    library.remove([first])
    (second,) = library.add(["/p/a.jpg"])
    assert library.restore([first]) == []
    library.remove([second])
    assert library.restore([first, second]) == [first], "only one of them can have the path"
    assert library.id_of("/p/a.jpg") == first


def test_after_clearing_nothing_comes_back() -> None:
    library = Library()
    ids = library.add(["/p/a.jpg"])
    library.clear()
    assert library.restore(ids) == []


def test_a_header_tells_of_what_waits_and_leaves_scored_ones_as_they_were_read() -> None:
    library = Library()
    waiting, scored = library.add(["/p/a.jpg", "/p/b.jpg"])
    library.set_scored(scored, 0.5, (4, 3), "ab", MADE_BY, FileState(10, 20, 0))
    for image_id in (waiting, scored):
        library.set_header(image_id, (400, 300), 1000.0, FileState(77, 88, 0))
    assert library.sizes[[waiting, scored]].tolist() == [[400, 300], [4, 3]]
    assert library.file_bytes[[waiting, scored]].tolist() == [77, 10]
    assert library.mtimes_ns[[waiting, scored]].tolist() == [88, 20]
    assert library.taken[[waiting, scored]].tolist() == [1000.0, 1000.0]
    assert library.headers_read.all()
    library.set_waiting([scored])
    assert not library.headers_read[scored], "its file may be another now"
