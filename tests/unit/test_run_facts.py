"""The run record: what is counted, and what it costs to be able to make one."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.export.citations import CITATIONS
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.run_facts import RunTimes, run_record

MADE_BY = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")
LAMEM = load_lamem()


@pytest.fixture
def library() -> Library:
    """Three scored images, one that failed, one that waits, and a scored one that was removed."""
    made = Library()
    ids = made.add([f"/photos/{number}.jpg" for number in range(6)])
    for image_id in (*ids[:3], ids[5]):
        made.set_scored(image_id, 0.5, (40, 30), "ab", MADE_BY)
    made.set_failed(ids[3], "The file is empty.")
    made.remove(ids[5:])
    return made


@pytest.mark.parametrize(("recalled", "computed"), [(2, 1), (0, 3), (3, 0), (None, None)])
def test_what_was_not_recalled_was_computed(
    library: Library, recalled: int | None, computed: int | None
) -> None:
    counts = run_record(library, lambda _: LAMEM, times=RunTimes(recalled=recalled)).counts
    assert (counts.rows, counts.scored, counts.failed, counts.waiting) == (5, 3, 1, 1)
    assert (counts.recalled, counts.computed) == (recalled, computed)


def test_a_table_of_some_images_counts_them_and_says_what_they_were_ranked_among(library: Library) -> None:
    counts = run_record(library, lambda _: LAMEM, [0, 3], RunTimes(recalled=2)).counts
    assert (counts.rows, counts.scored, counts.failed, counts.waiting) == (2, 1, 1, 0)
    assert (counts.ranked_among, counts.recalled, counts.computed) == (3, 2, 1), "of the library"


def test_nobody_having_counted_is_written_in_words(library: Library) -> None:
    fields = run_record(library, lambda _: LAMEM).fields()
    assert fields["counts"]["recalled"] == fields["counts"]["computed"] == "not recorded"
    assert fields["times"]["began"] == "not recorded"


def test_times_are_written_as_utc(library: Library) -> None:
    began = datetime(2026, 3, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    times = run_record(
        library, lambda _: LAMEM, times=RunTimes(began, datetime(2026, 3, 1, 11, tzinfo=UTC))
    ).times
    assert (times.began, times.ended) == ("2026-03-01T10:00:00+00:00", "2026-03-01T11:00:00+00:00")


def test_what_is_to_be_cited_is_that_of_the_report(library: Library) -> None:
    cited = run_record(library, lambda _: LAMEM).citations
    assert len(cited) == len(CITATIONS)
    assert all(one.doi in text and one.text in text for one, text in zip(CITATIONS, cited, strict=True))


def test_a_start_does_not_wait_for_reports_and_network_libraries() -> None:
    code = "import sys, resmem_gui.run_facts; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "resmem_gui.run_facts" in loaded
    assert not [name for name in loaded if name.startswith("resmem_gui.export.report") or name == "ssl"]
