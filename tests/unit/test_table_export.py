"""The table of scores: its typed rows, and how they come out as CSV and for the clipboard."""

import csv
import errno
import hashlib
import io
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resmem_gui.analysis.references import References
from resmem_gui.export.columns import COLUMNS, TABLE, Kind, Row
from resmem_gui.export.delimited import as_tsv, save_csv, sidecar_of, write_csv
from resmem_gui.export.errors import ExportError
from resmem_gui.export.run_record import RunRecord
from resmem_gui.export.table import named, rows
from resmem_gui.export.text_cells import exact, from_text, inert
from resmem_gui.library.library import Library
from resmem_gui.library.records import Pick, Sensitivity
from resmem_gui.traits import Caution, Traits
from tests.unit.tables import LINEAR, RECORD, scored

PLACE = {name: place for place, name in enumerate(COLUMNS)}


def saved(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def cells(library: Library, *names: str, of: "list[int] | None" = None) -> list[tuple[object, ...]]:
    """Return some columns of the table."""
    return [tuple(row[PLACE[name]] for name in names) for row in rows(library, LINEAR, of)]


# --- rows ----------------------------------------------------------------------------------------


def test_the_columns_are_those_that_are_documented() -> None:
    assert COLUMNS == (
        "path", "file", "score", "percentile", "reference", "rank", "at_floor", "cautions", "sensitivity_low",
        "sensitivity_high", "sensitivity_recipe", "status", "error", "width", "height", "sha256", "scorer",
        "weights_sha256", "preprocessing", "device", "rating", "pick",
    )  # fmt: skip


def test_a_scored_image_fills_its_row_with_typed_cells() -> None:
    path = str(Path("/photos", "a.png"))
    (row,) = rows(scored([path], [0.7512345]), LINEAR)
    assert row == (
        path, "a.png", 0.751234, 75.1, "Linear", 1.0, False, None, None, None, None, "scored", None, 64, 48,
        "0" * 64, "Fake 1.0", "f" * 64, "recipe-1", "cpu", None, None,
    )  # fmt: skip


def test_every_cell_is_of_its_columns_kind() -> None:
    kinds = {Kind.TEXT: str, Kind.WHOLE: int, Kind.NUMBER: float, Kind.FLAG: bool}
    library = scored(["/a.png"], [0.4])
    library.set_traits(0, Traits(1, 0.5, 0.0, 0.0, 1, b""))
    library.set_sensitivity(0, Sensitivity("shifts-1", (0.4, 0.5)))
    library.set_rating([0], 3)
    library.set_pick([0], Pick.PICKED)
    library.add(["/b.png"])
    library.set_failed(1, "The file is empty (0 bytes).")
    for row in rows(library, LINEAR):
        for cell, column in zip(row, TABLE, strict=True):
            assert cell is None or type(cell) is kinds[column.kind], column.name
    assert all(any(row[place] is not None for row in rows(library, LINEAR)) for place in range(len(TABLE)))


def test_marks_are_exported() -> None:
    library = scored(["/a.png", "/b.png", "/c.png"], [0.5, 0.6, 0.7])
    library.set_rating([0], 4)
    library.set_pick([0, 1], [Pick.PICKED, Pick.REJECTED])
    assert cells(library, "rating", "pick") == [(4, "picked"), (None, "rejected"), (None, None)]


def test_images_without_a_score_leave_cells_empty() -> None:
    library = Library()
    library.add(["/a.png", "/b.png"])
    library.set_failed(0, "The file is empty (0 bytes).")
    failed, waiting = rows(library, LINEAR)
    nothing = dict.fromkeys(COLUMNS)
    assert dict(zip(COLUMNS, failed, strict=True)) == nothing | {
        "path": "/a.png", "file": "a.png", "status": "failed", "error": "The file is empty (0 bytes).",
    }  # fmt: skip
    assert dict(zip(COLUMNS, waiting, strict=True)) == nothing | {
        "path": "/b.png", "file": "b.png", "status": "waiting",
    }  # fmt: skip


def test_equal_scores_share_the_average_of_their_ranks() -> None:
    library = scored(["/a.png", "/b.png", "/c.png", "/d.png"], [0.5, 0.9, 0.7, 0.7])
    assert cells(library, "rank") == [(4.0,), (1.0,), (2.5,), (2.5,)]


def test_ranks_and_percentiles_are_those_within_the_whole_library() -> None:
    library = scored(["/a.png", "/b.png", "/c.png", "/d.png"], [0.5, 0.9, 0.7, 0.7])
    assert cells(library, "file", "percentile", "rank", of=[2, 0]) == [
        ("c.png", 70.0, 2.5),
        ("a.png", 50.0, 4.0),
    ]


def test_removed_images_neither_appear_nor_count() -> None:
    library = scored(["/a.png", "/b.png"], [0.9, 0.7])
    library.remove([0])
    assert cells(library, "file", "rank") == [("b.png", 1.0)]


def test_images_at_the_floor_tie_and_say_so() -> None:
    library = scored(["/a.png", "/b.png", "/c.png", "/d.png"], [0.411, 0.6, 0.419, 0.43])
    assert cells(library, "rank", "at_floor") == [(3.5, True), (1.0, False), (3.5, True), (2.0, False)]


def test_cautions_are_words_and_none_is_another_thing_than_not_looked() -> None:
    library = scored(["/a.png", "/b.png", "/c.png"], [0.5, 0.6, 0.7])
    for image_id in (0, 1):
        library.set_traits(image_id, Traits(1, 0.5, 0.0, 0.0, 1, b""))
    library.set_cautions([0], Caution.FACE | Caution.NEAR_DUPLICATE)
    assert cells(library, "cautions") == [("face;near-duplicate",), ("none",), (None,)]


def test_a_sensitivity_is_its_range_and_its_recipe() -> None:
    library = scored(["/a.png"], [0.5])
    library.set_sensitivity(0, Sensitivity("ten-crop-1", (0.51234567, 0.4, 0.6)))
    (found,) = cells(library, "sensitivity_low", "sensitivity_high", "sensitivity_recipe")
    assert found == (0.4, 0.6, "ten-crop-1")


def test_each_image_has_the_percentile_of_its_own_reference() -> None:
    library = scored(["/a.png", "/b.png", "/c.png"], [0.7, 0.7, 0.7])
    library.set_reference([1], "memcat-food")
    library.set_reference([2], "user-gone")
    references = References()
    found = list(rows(library, named(references, LINEAR)))
    of = [(row[PLACE["percentile"]], row[PLACE["reference"]]) for row in found]
    food = references.get("memcat-food")
    assert of[0] == (70.0, "Linear")
    assert of[1] == (round(float(food.percentile(np.float32(0.7))), 1), food.name)
    assert of[2][1] == references.default.name  # as in the window: LaMem takes its place
    assert len({percentile for percentile, _ in of}) == 3


# --- CSV -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "'=", "＝"])
def test_a_file_name_is_no_formula_in_text_and_can_be_had_back(start: str) -> None:
    name = f"{start}cmd|calc'!A0.png"
    stream = io.StringIO(newline="")
    write_csv(rows(scored([f"/photos/{name}"], [0.5]), LINEAR), stream)
    (row,) = csv.DictReader(io.StringIO(stream.getvalue(), newline=""))
    assert row["path"] == f"/photos/{name}"
    assert row["file"] == "'" + name
    assert exact(row["file"]) == name
    pasted = io.StringIO(as_tsv(rows(scored([name], [0.5]), LINEAR)), newline="")
    assert list(csv.reader(pasted, dialect="excel-tab"))[1][0] == "'" + name


def test_a_reason_is_no_formula_either() -> None:
    library = Library()
    library.add(["/a.png"])
    library.set_failed(0, "=HYPERLINK(0)")
    stream = io.StringIO(newline="")
    write_csv(rows(library, LINEAR), stream)
    assert ",'=HYPERLINK(0)," in stream.getvalue()


@given(st.text(alphabet=st.sampled_from("=+-@'\t\r\n ＝a;,"), max_size=6))
def test_whatever_is_made_inert_can_be_had_back(text: str) -> None:
    assert exact(inert(text)) == text
    assert inert(text).lstrip(" ")[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "＝"}


def test_numbers_are_written_with_a_point_and_a_fixed_number_of_decimals() -> None:
    library = scored(["/a.png", "/b.png"], [0.5, 0.5])
    stream = io.StringIO(newline="")
    write_csv(rows(library, LINEAR), stream)
    first, _ = csv.DictReader(io.StringIO(stream.getvalue(), newline=""))
    assert (first["score"], first["percentile"], first["rank"], first["width"], first["at_floor"]) == (
        "0.500000", "50.0", "1.5", "64", "no",
    )  # fmt: skip


def test_a_csv_file_holds_the_rows_as_they_were(tmp_path: Path, awkward_names: list[str]) -> None:
    paths = [str(tmp_path / name) for name in [*awkward_names, 'say "x", twice.png', "a;b\tc.png", " .png"]]
    library = scored(paths, list(np.linspace(0.5, 0.9, len(paths))))
    file = tmp_path / "scores.csv"
    save_csv(rows(library, LINEAR), RECORD, file)
    read = saved(file)
    assert [row["path"] for row in read] == paths
    for row, expected in zip(read, rows(library, LINEAR), strict=True):
        assert tuple(from_text(row[column.name], column) for column in TABLE) == expected


def test_a_name_that_is_no_text_keeps_its_bytes(tmp_path: Path) -> None:
    path = b"/photos/z\xff\xfe.png".decode("utf-8", "surrogateescape")
    save_csv(rows(scored([path], [0.5]), LINEAR), RECORD, tmp_path / "scores.csv")
    assert b"/photos/z\xff\xfe.png," in (tmp_path / "scores.csv").read_bytes()


def test_lines_end_as_rfc_4180_says(tmp_path: Path) -> None:
    save_csv(rows(scored(["/a.png"], [0.5]), LINEAR), RECORD, tmp_path / "scores.csv")
    content = (tmp_path / "scores.csv").read_bytes()
    assert content.startswith(",".join(COLUMNS).encode() + b"\r\n/a.png,")
    assert content.endswith(b",cpu,,\r\n")


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1000])
def test_a_table_of_any_length_has_one_header_and_all_rows(tmp_path: Path, count: int) -> None:
    library = scored([f"/{number}.png" for number in range(count)], [0.5] * count)
    save_csv(rows(library, LINEAR), RECORD, tmp_path / "scores.csv")
    stream = io.StringIO(newline="")
    write_csv(rows(library, LINEAR), stream)
    assert (tmp_path / "scores.csv").read_bytes() == stream.getvalue().encode()
    assert len(saved(tmp_path / "scores.csv")) == count


# --- the run record beside it --------------------------------------------------------------------


def test_the_run_record_lies_beside_the_table_and_names_it(tmp_path: Path) -> None:
    file = tmp_path / "scores.csv"
    save_csv(rows(scored(["/a.png"], [0.5]), LINEAR), RECORD, file)
    assert sorted(tmp_path.iterdir()) == [file, tmp_path / "scores.run.json"]
    beside = json.loads(sidecar_of(file).read_text(encoding="utf-8"))
    assert RunRecord.from_fields(beside["run"]) == RECORD
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert beside["table"] == {"file": "scores.csv", "sha256": digest}
    assert list(beside["columns"]) == list(COLUMNS)


def test_both_files_replace_the_old_ones_and_leave_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "scores.csv"
    for scores in ([0.5], [0.6]):
        save_csv(rows(scored(["/a.png"], scores), LINEAR), RECORD, file)
    assert [row["score"] for row in saved(file)] == ["0.600000"]
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert json.loads(sidecar_of(file).read_bytes())["table"]["sha256"] == digest
    assert sorted(tmp_path.iterdir()) == [file, sidecar_of(file)]


def test_a_file_that_is_no_run_record_is_left_alone(tmp_path: Path) -> None:
    beside = tmp_path / "scores.run.json"
    for content in ("[1, 2]", "no JSON", '{"mine": 1}', "3"):
        beside.write_text(content)
        with pytest.raises(ExportError, match=r"scores\.run\.json"):
            save_csv(rows(scored(["/a.png"], [0.5]), LINEAR), RECORD, tmp_path / "scores.csv")
        assert beside.read_text() == content
        assert list(tmp_path.iterdir()) == [beside]


def breaking(error: BaseException) -> Iterator[Row]:
    yield ("/a.png", *[None] * (len(COLUMNS) - 1))
    raise error


@pytest.mark.parametrize("error", [OSError(errno.EIO, "I/O error"), KeyboardInterrupt(), ValueError("bug")])
def test_a_write_that_fails_leaves_both_old_files_whole(tmp_path: Path, error: BaseException) -> None:
    file, beside = tmp_path / "scores.csv", tmp_path / "scores.run.json"
    file.write_text("old")
    beside.write_text('{"run": 1}')
    with pytest.raises(type(error)):
        save_csv(breaking(error), RECORD, file)
    assert (file.read_text(), beside.read_text()) == ("old", '{"run": 1}')
    assert sorted(tmp_path.iterdir()) == [file, beside]


@pytest.mark.parametrize("call", [1, 2, 3])
def test_a_full_disk_leaves_both_old_files_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    file, beside = tmp_path / "scores.csv", tmp_path / "scores.run.json"
    file.write_text("old")
    beside.write_text('{"run": 1}')
    calls: list[int] = []
    real = os.fsync

    def full(descriptor: int) -> None:
        calls.append(1)
        if len(calls) == call:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save_csv(rows(scored(["/a.png"], [0.5]), LINEAR), RECORD, file)
    assert (file.read_text(), beside.read_text()) == ("old", '{"run": 1}')
    assert sorted(tmp_path.iterdir()) == [file, beside]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_is_really_full_is_told() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as stream:
        write_csv([("/a.png", *[None] * (len(COLUMNS) - 1))], stream)
        with pytest.raises(OSError, match="No space left"):
            stream.flush()
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # so that closing does not fail again


def test_a_missing_folder_is_told_by_the_system_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        save_csv([], RECORD, tmp_path / "missing" / "scores.csv")


def test_text_for_a_spreadsheet_is_separated_by_tabs(awkward_names: list[str]) -> None:
    paths = [f"/photos/{name}" for name in [*awkward_names, "a\tb.png"]]
    library = scored(paths, [0.5] * len(paths))
    read = list(csv.reader(io.StringIO(as_tsv(rows(library, LINEAR)), newline=""), dialect="excel-tab"))
    assert read[0] == list(COLUMNS)
    assert [row[0] for row in read[1:]] == paths
    assert {len(row) for row in read} == {len(COLUMNS)}


def test_a_link_stays_a_link_and_permissions_stay(tmp_path: Path) -> None:
    target = tmp_path / "target.csv"
    target.write_text("old")
    target.chmod(0o640)
    link = tmp_path / "link.csv"
    link.symlink_to(target)
    save_csv([], RECORD, link)
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("path,file,score")
    assert target.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_written_to_and_not_replaced_and_gets_no_record(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received: list[str] = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    save_csv([], RECORD, pipe)
    reader.join(timeout=10)
    assert received[0].startswith("path,file,score")
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]
