"""The table of scores as files and as text."""

import csv
import errno
import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from resmem_gui.analysis.reference import Reference
from resmem_gui.export.delimited import as_tsv, save_csv, write_csv
from resmem_gui.export.table import COLUMNS, Row, rows
from resmem_gui.library.library import Library
from resmem_gui.library.records import Pick, Provenance

MADE_BY = Provenance("Fake 1.0", "f" * 64, "recipe-1", "cpu")
LINEAR = Reference("Linear", 100, 0.5, 0.29, np.ones(100, np.int64), np.linspace(0, 1, 1001), {})


def scored(paths: list[str], scores: list[float]) -> Library:
    library = Library()
    for image_id, score in zip(library.add(paths), scores, strict=True):
        library.set_scored(image_id, score, (64, 48), "0" * 64, MADE_BY)
    return library


def saved(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def test_the_columns_are_those_that_are_documented() -> None:
    assert COLUMNS == (
        "path", "file", "score", "lamem_percentile", "rank", "status", "error", "width", "height", "sha256",
        "scorer", "weights_sha256", "preprocessing", "device", "rating", "pick",
    )  # fmt: skip


def test_a_scored_image_fills_its_row() -> None:
    path = str(Path("/photos", "a.png"))
    (row,) = rows(scored([path], [0.7512345]), LINEAR)
    assert row == (
        path, "a.png", "0.751234", "75.1", 1, "scored", "", 64, 48, "0" * 64,
        "Fake 1.0", "f" * 64, "recipe-1", "cpu", "", "",
    )  # fmt: skip


def test_marks_are_exported() -> None:
    library = scored(["/a.png", "/b.png", "/c.png"], [0.5, 0.6, 0.7])
    library.set_rating([0], 4)
    library.set_pick([0, 1], [Pick.PICKED, Pick.REJECTED])
    marks = [(row[COLUMNS.index("rating")], row[COLUMNS.index("pick")]) for row in rows(library, LINEAR)]
    assert marks == [(4, "picked"), ("", "rejected"), ("", "")]


def test_images_without_a_score_leave_cells_empty() -> None:
    library = Library()
    library.add(["/a.png", "/b.png"])
    library.set_failed(0, "The file is empty (0 bytes).")
    failed, waiting = rows(library, LINEAR)
    assert failed == ("/a.png", "a.png", "", "", "", "failed", "The file is empty (0 bytes).", *[""] * 9)
    assert waiting == ("/b.png", "b.png", "", "", "", "waiting", "", *[""] * 9)


def test_ranks_and_percentiles_are_those_within_the_whole_library() -> None:
    library = scored(["/a.png", "/b.png", "/c.png", "/d.png"], [0.5, 0.9, 0.7, 0.7])
    assert [row[4] for row in rows(library, LINEAR)] == [4, 1, 2, 2]
    assert [(row[1], row[3], row[4]) for row in rows(library, LINEAR, [2, 0])] == [
        ("c.png", "70.0", 2),
        ("a.png", "50.0", 4),
    ]


def test_removed_images_neither_appear_nor_count() -> None:
    library = scored(["/a.png", "/b.png"], [0.9, 0.7])
    library.remove([0])
    assert [(row[1], row[4]) for row in rows(library, LINEAR)] == [("b.png", 1)]


def test_images_at_the_floor_share_a_rank() -> None:
    library = scored(["/a.png", "/b.png", "/c.png"], [0.411, 0.6, 0.419])
    assert [row[4] for row in rows(library, LINEAR)] == [2, 1, 2]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_file_name_is_no_formula_and_the_path_stays_exact(start: str) -> None:
    path = f"/photos/{start}cmd|calc'!A0.png"
    (row,) = rows(scored([path], [0.5]), LINEAR)
    assert row[0] == path
    assert row[1] == "'" + os.path.basename(path)


def test_a_csv_file_is_read_back_as_it_was(tmp_path: Path, awkward_names: list[str]) -> None:
    paths = [str(tmp_path / name) for name in [*awkward_names, 'say "x", twice.png', "a;b\tc.png", " .png"]]
    library = scored(paths, list(np.linspace(0.5, 0.9, len(paths))))
    file = tmp_path / "scores.csv"
    save_csv(rows(library, LINEAR), file)
    read = saved(file)
    assert [row["path"] for row in read] == paths
    assert [tuple(row.values()) for row in read] == [tuple(map(str, row)) for row in rows(library, LINEAR)]


def test_a_name_that_is_no_text_keeps_its_bytes(tmp_path: Path) -> None:
    path = b"/photos/z\xff\xfe.png".decode("utf-8", "surrogateescape")
    save_csv(rows(scored([path], [0.5]), LINEAR), tmp_path / "scores.csv")
    assert b"/photos/z\xff\xfe.png," in (tmp_path / "scores.csv").read_bytes()


def test_lines_end_as_rfc_4180_says(tmp_path: Path) -> None:
    save_csv(rows(scored(["/a.png"], [0.5]), LINEAR), tmp_path / "scores.csv")
    content = (tmp_path / "scores.csv").read_bytes()
    assert content.startswith(",".join(COLUMNS).encode() + b"\r\n/a.png,")
    assert content.endswith(b",cpu,,\r\n")


def test_an_empty_table_is_a_header() -> None:
    stream = io.StringIO(newline="")
    write_csv([], stream)
    assert stream.getvalue() == ",".join(COLUMNS) + "\r\n"


def test_a_saved_file_replaces_the_old_one_and_leaves_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "scores.csv"
    file.write_text("old")
    save_csv(rows(scored(["/a.png"], [0.5]), LINEAR), file)
    assert [row["path"] for row in saved(file)] == ["/a.png"]
    assert list(tmp_path.iterdir()) == [file]


def breaking(error: BaseException) -> Iterator[Row]:
    yield ("/a.png", *[""] * 13)
    raise error


@pytest.mark.parametrize("error", [OSError(errno.EIO, "I/O error"), KeyboardInterrupt(), ValueError("bug")])
def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path: Path, error: BaseException) -> None:
    file = tmp_path / "scores.csv"
    file.write_text("old")
    with pytest.raises(type(error)):
        save_csv(breaking(error), file)
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("call", ["os.fsync", "pathlib.Path.replace"])
def test_a_full_disk_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    file = tmp_path / "scores.csv"
    file.write_text("old")

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(call, full)
    with pytest.raises(OSError, match="No space left"):
        save_csv(rows(scored(["/a.png"], [0.5]), LINEAR), file)
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_is_really_full_is_told() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as stream:
        write_csv([("/a.png", *[""] * 13)], stream)
        with pytest.raises(OSError, match="No space left"):
            stream.flush()
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # so that closing does not fail again


def test_a_missing_folder_is_told_by_the_system_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        save_csv([], tmp_path / "missing" / "scores.csv")


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
    save_csv([], link)
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("path,file,score")
    assert target.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received: list[str] = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    save_csv([], pipe)
    reader.join(timeout=10)
    assert received[0].startswith("path,file,score")
    assert pipe.is_fifo()
