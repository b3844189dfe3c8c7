"""What is known about the images."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from resmem_gui.library.library import Library
from resmem_gui.library.records import ImageRecord, Provenance, Status, readable

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
