"""Tables out of the window: every format, off the GUI thread, under any locale."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from resmem_gui.export.columns import COLUMNS
from resmem_gui.export.reading import read_table
from resmem_gui.export.saving import FORMATS
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.run_facts import RunTimes, run_record
from resmem_gui.ui import exports as exports_module
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.exports import KINDS, Exports
from resmem_gui.ui.notice import Level, Notice
from tests.ui.conftest import WAIT_MS

MADE_BY = Provenance("Brightness 1", "f" * 64, "recipe-1", "cpu")
SCORES = (0.7512345, 0.4, 0.9)


@pytest.fixture
def exports(controller: Controller) -> Exports:
    """Those of a window with three images."""
    ids = controller.model.add(f"/photos/{name}.png" for name in ("=a", "b", "ü"))
    for image_id, score in zip(ids or range(3), SCORES, strict=True):
        controller.library.set_scored(image_id, score, (64, 48), "0" * 64, MADE_BY)
    return controller.exports


@pytest.fixture
def german() -> Iterator[None]:
    """A decimal comma, as Qt knows it."""
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    assert QLocale().toString(0.5) == "0,5"
    yield
    QLocale.setDefault(before)


def notices(exports: Exports) -> list[Notice]:
    told: list[Notice] = []
    exports.notice.connect(told.append)
    return told


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_is_written_under_a_decimal_comma_and_read_back(
    qtbot: QtBot, exports: Exports, tmp_path: Path, ending: str
) -> None:
    told, file = notices(exports), tmp_path / f"scores{ending}"
    exports.export_table(file, [2, 0])
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT_MS)
    assert (told[0].level, told[0].text) == (Level.SUCCESS, f"2 rows written to {file}")
    table = read_table(file)
    assert [(image["file"], image["score"], image["rank"]) for image in table.images] == [
        ("ü.png", 0.9, 1.0),
        ("=a.png", 0.751234, 2.0),
    ]
    assert table.remarks == ()
    assert table.record is not None
    assert (table.record.counts.rows, table.record.counts.ranked_among) == (2, 3)
    assert table.record.counts.recalled is None
    assert table.record.references[0].name == "LaMem"


def test_the_run_record_has_what_the_window_knows_of_the_run(
    qtbot: QtBot, exports: Exports, tmp_path: Path
) -> None:
    told = notices(exports)
    exports.export_table(tmp_path / "scores.json", [0], RunTimes(recalled=2))
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT_MS)
    record = read_table(tmp_path / "scores.json").record
    assert record is not None
    assert (record.counts.recalled, record.counts.computed) == (2, 1)
    assert record.times.began == ""


def test_percentiles_are_those_of_each_images_reference(
    qtbot: QtBot, controller: Controller, exports: Exports, tmp_path: Path
) -> None:
    told = notices(exports)
    controller.library.set_reference([1], "memcat")
    exports.export_table(tmp_path / "scores.json", [0, 1])
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT_MS)
    table = read_table(tmp_path / "scores.json")
    assert [image["reference"] for image in table.images] == ["LaMem", "MemCat"]
    assert table.record is not None
    assert [(used.id, used.rows) for used in table.record.references] == [("lamem", 1), ("memcat", 1)]


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("missing/scores.csv", "could not be written: No such file or directory. Nothing is lost:"),
        ("scores.doc", "scores.doc does not end with one of .csv, .xlsx, .json, .parquet"),
    ],
)
def test_a_table_that_cannot_be_written_is_told(
    qtbot: QtBot, exports: Exports, tmp_path: Path, name: str, complaint: str
) -> None:
    told = notices(exports)
    exports.export_table(tmp_path / name, [0])
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT_MS)
    assert told[0].level is Level.ERROR
    assert complaint in told[0].text


def test_what_is_written_is_the_library_as_it_was_and_not_on_this_thread(
    qtbot: QtBot,
    controller: Controller,
    exports: Exports,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told, threads = notices(exports), set[int]()
    gate = threading.Event()
    real = run_record

    def waiting(library: Library, *arguments: object) -> object:
        gate.wait(WAIT_MS / 1000)
        threads.add(threading.get_ident())
        return real(library, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(exports_module, "run_record", waiting)
    exports.export_table(tmp_path / "scores.json", [0, 1])
    controller.library.set_failed(0, "Gone.")
    gate.set()
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT_MS)
    assert [image["status"] for image in read_table(tmp_path / "scores.json").images] == ["scored"] * 2
    assert threading.get_ident() not in threads


def test_each_row_gives_way_to_the_window(
    qtbot: QtBot, controller: Controller, exports: Exports, tmp_path: Path
) -> None:
    calls: list[int] = []
    patient = Exports(controller.model, controller.jobs, controller, lambda: calls.append(1))
    told = notices(patient)
    patient.export_table(tmp_path / "scores.csv", [0, 1, 2])
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT_MS)
    assert len(calls) >= 3
    assert told[0].level is Level.SUCCESS


@pytest.mark.usefixtures("german")
def test_the_table_for_the_clipboard_has_points_and_no_formula(qtbot: QtBot, exports: Exports) -> None:
    copied: list[str] = []
    exports.copied.connect(copied.append)
    exports.copy_table([0])
    qtbot.waitUntil(lambda: bool(copied), timeout=WAIT_MS)
    header, row, _ = copied[0].split("\r\n")
    assert header == "\t".join(COLUMNS)
    assert row.split("\t")[:3] == ["/photos/=a.png", "'=a.png", "0.751234"]


def test_a_dialog_can_offer_each_format_by_its_ending() -> None:
    assert [text.rpartition("(*")[2].rstrip(")") for text in KINDS] == list(FORMATS)
