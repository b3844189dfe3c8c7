"""Tables in every format: written, looked at by other libraries, and read back as they were."""

import csv
import errno
import functools
import io
import json
import locale
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from resmem_gui.export import xlsx
from resmem_gui.export.columns import COLUMNS, TABLE, Kind, Row
from resmem_gui.export.delimited import as_json, sidecar_of
from resmem_gui.export.errors import ExportError
from resmem_gui.export.path_texts import as_valid_text, path_as_text, path_from_text
from resmem_gui.export.raw_tables import CHANGED, nested
from resmem_gui.export.reading import read_table
from resmem_gui.export.run_record import FORMAT, RunRecord
from resmem_gui.export.saving import FORMATS, format_problem, save_table
from resmem_gui.export.table import rows
from resmem_gui.export.text_cells import as_text
from resmem_gui.library.library import Library
from resmem_gui.library.records import Pick, Sensitivity
from resmem_gui.traits import Caution, Traits
from tests.unit.tables import LINEAR, RECORD, scored

ENDINGS = tuple(FORMATS)
PATH, FILE, SCORE = (COLUMNS.index(name) for name in ("path", "file", "score"))
HOSTILE: tuple[str, ...] = (
    "=1+1.png", "+a.png", "-a.png", "@SUM(1).png", "\tt.png", "\rr.png", "#N%A", "'=q.png", "a;b,c\t\"d'.png",
    "line\nbreak.png", "bell\x07.png", "_x0041_.png", "_x000A_", "naïve ☂ 🐈.png", "عربي.png", " spaces .png",
    "1e5", "TRUE", "0.5", "file:z.png", "%41.png", "�.png", "\x7f\x85.png",
)  # fmt: skip
if os.name == "posix":
    HOSTILE = (*HOSTILE, os.fsdecode(b"z\xff\xfe.png"), os.fsdecode(b"\xed\xa0\x80.png"))


@pytest.fixture
def library() -> Library:
    """Images with all that can be known, with awkward names, failed and waiting."""
    library = scored([f"/photos/{name}" for name in HOSTILE], [0.41 + n / 100 for n in range(len(HOSTILE))])
    library.set_traits(0, Traits(1, 0.5, 0.0, 0.0, 1, b""))
    library.set_traits(1, Traits(1, 0.5, 0.0, 0.0, 1, b""))
    library.set_cautions([0], Caution.FACE | Caution.ASPECT)
    library.set_sensitivity(0, Sensitivity("ten-crop-1", (0.41, 0.52)))
    library.set_rating([1], 5)
    library.set_pick([2], Pick.REJECTED)
    library.add(["/photos/failed.png", "/photos/waiting.png"])
    library.set_failed(len(HOSTILE), '=The file says "no",\nor nothing.')
    return library


@functools.cache
def as_read(row: Row) -> dict[str, Any]:
    return dict(zip(COLUMNS, row, strict=True))


def expected(library: Library) -> list[dict[str, Any]]:
    return [as_read(row) for row in rows(library, LINEAR)]


# --- there and back ------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_written_is_read_back_as_it_was(tmp_path: Path, library: Library, ending: str) -> None:
    file = tmp_path / f"scores{ending}"
    save_table(rows(library, LINEAR), RECORD, file)
    table = read_table(file)
    assert table.images == expected(library)
    assert [
        {name: type(cell) for name, cell in image.items() if cell is not None} for image in table.images
    ] == [{name: type(cell) for name, cell in row.items() if cell is not None} for row in expected(library)]
    assert table.record == RECORD
    assert table.remarks == ()


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_empty_table_is_a_table(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"scores{ending}"
    save_table([], RECORD, file)
    if ending == ".json":  # whose header is in its images
        assert json.loads(file.read_bytes())["images"] == []
    else:
        assert read_table(file).images == []


names = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=12)
scores = st.floats(0, 1).map(lambda score: round(score, 6))
reasons = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
flags = st.none() | st.booleans()
ratings = st.none() | st.integers(1, 5)
images = st.lists(st.tuples(names, scores, reasons, flags, ratings), max_size=6, unique_by=lambda one: one[0])


def hypothetical_row(name: str, score: float, reason: str, flag: bool | None, rating: int | None) -> Row:
    cells: dict[str, Any] = dict.fromkeys(COLUMNS) | {"path": f"/{name}", "file": name, "score": score}
    cells |= {"error": reason or None, "at_floor": flag, "rating": rating, "status": "scored"}
    return tuple(cells.values())


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=images)
def test_any_row_is_read_back_as_it_was(tmp_path: Path, ending: str, found: list[Any]) -> None:
    file = tmp_path / f"scores{ending}"
    table = [hypothetical_row(*image) for image in found]
    save_table(table, RECORD, file)
    if found or ending != ".json":
        assert read_table(file).images == [as_read(row) for row in table]


@given(st.text(st.characters(exclude_characters="\0"), min_size=1), st.booleans())
def test_any_path_is_text_and_can_be_had_back(name: str, in_xml: bool) -> None:
    try:
        path = os.fsdecode(os.fsencode(f"/{name}"))
    except UnicodeEncodeError:
        return  # no file can be called so
    text = path_as_text(path, in_xml=in_xml)
    text.encode("utf-8")
    assert path_from_text(text) == path
    assert as_valid_text(text, in_xml=in_xml) == text


# --- what others see -----------------------------------------------------------------------------


def test_a_workbook_has_numbers_as_numbers_and_no_formula(tmp_path: Path, library: Library) -> None:
    file = tmp_path / "scores.xlsx"
    save_table(rows(library, LINEAR), RECORD, file)
    workbook = openpyxl.load_workbook(file)
    assert workbook.sheetnames == ["Scores", "Run record"]
    types = {Kind.TEXT: "s", Kind.WHOLE: "n", Kind.NUMBER: "n", Kind.FLAG: "b"}
    sheet = workbook["Scores"]
    for place, column in enumerate(TABLE, 1):
        found = {sheet.cell(row, place).data_type for row in range(2, sheet.max_row + 1)
                 if sheet.cell(row, place).value is not None}  # fmt: skip
        assert found <= {types[column.kind]}, column.name
    everywhere = [cell for name in workbook.sheetnames for row in workbook[name].rows for cell in row]
    assert {cell.data_type for cell in everywhere} == {"s", "n", "b"}
    assert sheet["B2"].value == "=1+1.png"
    assert sheet["B2"].quotePrefix
    assert not sheet["B15"].quotePrefix
    assert (sheet["C2"].number_format, sheet["N2"].number_format) == ("0.0000", "General")
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:V{len(library) + 1}"
    assert sheet.column_dimensions["A"].width > 40


def test_a_workbook_without_images_has_a_filter_that_is_valid(tmp_path: Path) -> None:
    save_table([], RECORD, tmp_path / "scores.xlsx")
    assert openpyxl.load_workbook(tmp_path / "scores.xlsx")["Scores"].auto_filter.ref == "A1:V1"


def test_more_images_than_a_sheet_has_rows_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    file = tmp_path / "scores.xlsx"
    library = scored([f"/{number}.png" for number in range(4)], [0.5] * 4)
    save_table(list(rows(library, LINEAR))[:3], RECORD, file)
    before = file.read_bytes()
    with pytest.raises(ExportError, match=r"An Excel sheet holds 3 images at most\."):
        save_table(rows(library, LINEAR), RECORD, file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_the_limit_is_that_of_the_format() -> None:
    assert xlsx.MOST_ROWS + 1 == 2**20


def test_json_is_one_object_of_the_run_the_columns_and_the_images(tmp_path: Path, library: Library) -> None:
    file = tmp_path / "scores.json"
    save_table(rows(library, LINEAR), RECORD, file)
    content = json.loads(file.read_text(encoding="utf-8"))
    assert list(content) == ["run", "columns", "images"]
    assert content["run"] == RECORD.fields()
    assert content["columns"] == {column.name: column.meaning for column in TABLE}
    assert content["images"][0]["score"] == 0.41
    assert content["images"][0]["at_floor"] is True
    assert content["images"][-1]["score"] is None
    if os.name == "posix":
        assert content["images"][len(HOSTILE) - 2]["path"] == "file:///photos/z%FF%FE.png"
        assert content["images"][len(HOSTILE) - 2]["file"] == "z\ufffd\ufffd.png"


def test_parquet_has_typed_columns_with_nulls_and_the_run_record(tmp_path: Path, library: Library) -> None:
    file = tmp_path / "scores.parquet"
    save_table(rows(library, LINEAR), RECORD, file)
    table = parquet.ParquetFile(file, pre_buffer=False).read(use_threads=False)
    types = {Kind.TEXT: "string", Kind.WHOLE: "int64", Kind.NUMBER: "double", Kind.FLAG: "bool"}
    assert [(field.name, str(field.type)) for field in table.schema] == [
        (column.name, types[column.kind]) for column in TABLE
    ]
    assert table["score"].null_count == 2
    assert json.loads(table.schema.metadata[b"resmem_gui.run"]) == RECORD.fields()


def test_parquet_of_several_groups_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resmem_gui.export.parquet._ROWS_A_GROUP", 3)
    library = scored([f"/{number}.png" for number in range(8)], [0.5] * 8)
    save_table(rows(library, LINEAR), RECORD, tmp_path / "scores.parquet")
    assert parquet.ParquetFile(tmp_path / "scores.parquet").num_row_groups == 3
    assert len(read_table(tmp_path / "scores.parquet").images) == 8


# --- files ---------------------------------------------------------------------------------------


def breaking() -> Iterator[Row]:
    yield next(rows(scored(["/a.png"], [0.5]), LINEAR))
    raise OSError(errno.EIO, "I/O error")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"scores{ending}"
    file.write_text("old")
    with pytest.raises(OSError, match="I/O error"):
        save_table(breaking(), RECORD, file)
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(sys.platform == "win32", reason="files cannot be kept from growing")
def test_a_full_folder_of_temporary_files_is_a_sentence_and_stays_no_fuller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    library = scored([f"/{number}.png" for number in range(300)], [0.5] * 300)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))  # no file grows further, as if it were full
    try:
        with pytest.raises(
            ExportError, match=r"written to .+temporary, and that failed: File too large\. Make"
        ):
            save_table(rows(library, LINEAR), RECORD, tmp_path / "scores.xlsx")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [path.name for path in tmp_path.rglob("*")] == ["temporary"]


@pytest.mark.parametrize("name", ["scores", "scores.txt", "scores.xls", ".csv"])
def test_an_ending_that_names_no_format_is_told(tmp_path: Path, name: str) -> None:
    sentence = format_problem(tmp_path / name)
    assert sentence is not None
    assert ".csv, .xlsx, .json, .parquet" in sentence
    with pytest.raises(ExportError, match="ending says how"):
        save_table([], RECORD, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_large_letters_in_an_ending_are_as_good(tmp_path: Path) -> None:
    save_table([], RECORD, tmp_path / "SCORES.XLSX")
    assert read_table(tmp_path / "SCORES.XLSX").images == []


# --- read back after somebody else had it in hand ---------------------------------------------------


def resaved(library: Library, file: Path, *, delimiter: str = ";", encoding: str = "utf-8-sig") -> None:
    """Write a CSV as a spreadsheet does where the comma stands before decimals."""
    with file.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(COLUMNS)
        for row in rows(library, LINEAR):
            texts = [as_text(cell, column) for cell, column in zip(row, TABLE, strict=True)]
            for place, column in enumerate(TABLE):
                if column.kind is Kind.NUMBER:
                    texts[place] = texts[place].rstrip("0").rstrip(".").replace(".", ",")
                if column.kind is Kind.FLAG:
                    texts[place] = {"yes": "WAHR", "no": "FALSCH", "": ""}[texts[place]]
            writer.writerow(texts)


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(";", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16"), (",", "utf-8-sig")]
)
def test_a_table_saved_by_a_spreadsheet_with_a_decimal_comma_is_read(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    library = scored(["/fotos/Müller; groß.png", "/fotos/b.png"], [0.7512345, 0.4])
    file = tmp_path / "scores.csv"
    save_table(rows(library, LINEAR), RECORD, file)
    resaved(library, file, delimiter=delimiter, encoding=encoding)
    table = read_table(file)
    assert table.images == expected(library)
    assert table.record == RECORD
    assert table.remarks == (CHANGED,)


def test_a_first_line_that_names_the_delimiter_is_passed_over(tmp_path: Path) -> None:
    library = scored(["/a.png"], [0.5])
    resaved(library, tmp_path / "scores.csv")
    content = (tmp_path / "scores.csv").read_bytes().removeprefix(b"\xef\xbb\xbf")
    (tmp_path / "scores.csv").write_bytes(b"sep=;\r\n" + content)
    assert read_table(tmp_path / "scores.csv").images == expected(library)


def test_a_workbook_saved_by_another_program_is_read(tmp_path: Path, library: Library) -> None:
    file = tmp_path / "scores.xlsx"
    save_table(rows(library, LINEAR), RECORD, file)
    workbook = openpyxl.load_workbook(file)  # as its own program would: shared texts, other order of sheets
    workbook.move_sheet("Run record", -1)
    workbook.save(file)
    table = read_table(file)
    assert [image["score"] for image in table.images] == [row["score"] for row in expected(library)]
    assert table.record == RECORD


def test_a_score_that_lost_its_point_is_told(tmp_path: Path) -> None:
    save_table(rows(scored(["/a.png"], [0.751234]), LINEAR), RECORD, tmp_path / "scores.csv")
    text = (tmp_path / "scores.csv").read_text().replace("0.751234", "751234")
    (tmp_path / "scores.csv").write_text(text)
    with pytest.raises(ExportError, match="Image 1, column “score”: 751234 is no score"):
        read_table(tmp_path / "scores.csv")


def test_a_table_of_an_earlier_release_is_read(tmp_path: Path) -> None:
    file = tmp_path / "old.csv"
    file.write_text(
        "path,file,score,lamem_percentile,rank,status,error,width,height,sha256,scorer,weights_sha256,"
        "preprocessing,device\r\n"
        f"/a/=b.png,'=b.png,0.712345,33.3,2,scored,,64,48,{'0' * 64},ResMem 1.1.6,{'f' * 64},p-1,cpu\r\n"
        "/a/c.png,c.png,,,,failed,The file is empty.,,,,,,,\r\n"
    )
    table = read_table(file)
    first, second = table.images
    assert list(first) == list(COLUMNS)
    assert (first["file"], first["score"], first["percentile"], first["reference"], first["rank"]) == (
        "=b.png", 0.712345, 33.3, "LaMem", 2.0,
    )  # fmt: skip
    assert (second["reference"], second["status"], second["rating"]) == (None, "failed", None)
    assert table.record is None
    assert "earlier release" in table.remarks[0]
    assert "no run record" in table.remarks[1]


@pytest.mark.parametrize("ending", ENDINGS)
def test_half_a_character_in_a_name_keeps_no_table_from_being_written(tmp_path: Path, ending: str) -> None:
    """Names on Windows may have one; a session brings them to other systems."""
    paths = ["/in/\ud800a.png", b"/in/b\xff.png".decode("utf-8", "surrogateescape")]
    save_table(rows(scored(paths, [0.5, 0.6]), LINEAR), RECORD, tmp_path / f"scores{ending}")
    half, escaped = (str(image["path"]) for image in read_table(tmp_path / f"scores{ending}").images)
    assert escaped == paths[1]
    assert half == (paths[0] if os.name == "nt" else "/in/\ufffda.png")


def test_a_run_record_of_another_table_is_noticed(tmp_path: Path) -> None:
    for name in ("a", "b"):
        save_table(rows(scored([f"/{name}.png"], [0.5]), LINEAR), RECORD, tmp_path / f"{name}.csv")
    shutil.copy(sidecar_of(tmp_path / "a.csv"), sidecar_of(tmp_path / "b.csv"))
    assert read_table(tmp_path / "b.csv").remarks == (CHANGED,)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"not a table", b"\0\1\2", b'{"images": 3}', b"a,b\n1,2\n"]
)
@pytest.mark.parametrize("ending", [*ENDINGS, ".txt"])
def test_what_is_no_table_is_told_in_a_sentence(tmp_path: Path, ending: str, content: bytes) -> None:
    file = tmp_path / f"scores{ending}"
    file.write_bytes(content)
    with pytest.raises(ExportError) as told:
        read_table(file)
    assert str(told.value).startswith(file.name)
    assert str(told.value).endswith(".")


def test_a_text_that_is_none_in_parquet_is_told_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "scores.parquet"
    table = pa.table({"path": ["/a.png", "/b.png"], "status": ["scored"] * 2, "score": [0.5] * 2})
    parquet.write_table(table, file, compression="none", use_dictionary=False, write_statistics=False)
    content = file.read_bytes()
    assert content.count(b"/b.png") == 1
    file.write_bytes(content.replace(b"/b.png", b"/\xff\xff.png"[:6]))
    with pytest.raises(ExportError, match="could not be read as Parquet"):
        read_table(file)


def test_a_damaged_sidecar_is_said_and_the_table_is_read(tmp_path: Path) -> None:
    file = tmp_path / "scores.csv"
    save_table(rows(scored(["/a.png"], [0.5]), LINEAR), RECORD, file)
    sidecar_of(file).write_text('{"run": ')
    table = read_table(file)
    assert len(table.images) == 1
    assert "scores.run.json could not be read" in table.remarks[0]


# --- the run record ------------------------------------------------------------------------------


def test_a_run_record_is_plain_json_and_comes_back() -> None:
    fields = json.loads(as_json(RECORD.fields()))
    assert fields == RECORD.fields()
    assert RunRecord.from_fields(fields) == RECORD
    assert fields["counts"]["computed"] == 1
    assert fields["times"]["ended"] == "not recorded"


def test_what_nobody_counted_is_said_to_be_not_recorded() -> None:
    fields = RECORD.fields()
    fields["counts"] |= {"recalled": "not recorded", "computed": "not recorded"}
    assert RunRecord.from_fields(fields).counts.recalled is None
    assert RunRecord.from_fields(fields).fields() == fields


def test_what_a_later_release_has_added_is_passed_over() -> None:
    fields = RECORD.fields() | {"new": 1}
    fields["counts"] = fields["counts"] | {"new": 1}
    fields["scores_made_by"][0]["new"] = 1
    assert RunRecord.from_fields(fields) == RECORD


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({}, "damaged"),
        ({"format": "1"}, "damaged"),
        ({"format": FORMAT + 1}, f"up to {FORMAT}"),
        ({"format": FORMAT}, "damaged"),
    ],
)
def test_what_is_no_run_record_is_told(fields: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        RunRecord.from_fields(fields)


@pytest.mark.parametrize("value", [None, [], {}, 1.5, "x", [1]], ids=repr)
@pytest.mark.parametrize(
    ("part", "key"),
    [("counts", "rows"), ("counts", "recalled"), ("scores_made_by", "n"), ("scores_made_by", "weights"),
     ("scores_made_by", "device"), ("references", "name"), ("references", "mean"), ("times", "began")],
)  # fmt: skip
def test_a_field_of_another_type_is_told_or_has_a_meaning(part: str, key: str, value: object) -> None:
    fields = json.loads(json.dumps(RECORD.fields()))
    found = fields[part]
    right = (found[0] if isinstance(found, list) else found)[key]
    (found[0] if isinstance(found, list) else found)[key] = value
    is_empty = value is None and (isinstance(right, str) or key == "recalled")
    if is_empty or isinstance(value, type(right)):
        RunRecord.from_fields(fields)
        return
    with pytest.raises(ValueError, match="damaged"):
        RunRecord.from_fields(fields)


json_values = st.recursive(
    st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.dictionaries(st.text("ab.\\", min_size=1, max_size=4), inner, min_size=1, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text("ab.\\", min_size=1, max_size=4), json_values, max_size=3))
def test_nested_values_are_had_back_from_single_ones(value: dict[str, Any]) -> None:
    assert nested(dict(xlsx.flat(value))) == value


def test_lists_are_had_back_from_single_values() -> None:
    value = {"a": [{"b": 1}, {"b": 2}], "c": ["x"]}
    assert list(xlsx.flat(value)) == [("a.1.b", 1), ("a.2.b", 2), ("c.1", "x")]
    assert nested(dict(xlsx.flat(value))) == value


# --- a decimal comma -----------------------------------------------------------------------------

GERMAN = "de_DE.UTF-8"


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables of a process whose locale writes a decimal comma, made here if the system has none."""
    installed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False)
    if "de_DE.utf8" in installed.stdout:
        return {"LC_ALL": GERMAN}
    if not shutil.which("localedef") or not Path("/usr/share/i18n/locales/de_DE").exists():
        pytest.skip("this system has no German locale and cannot make one")
    folder = tmp_path_factory.mktemp("locales")
    subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", str(folder / GERMAN)], check=True)
    return {"LC_ALL": GERMAN, "LOCPATH": str(folder)}


PROGRAM = """
import locale, sys
from pathlib import Path
locale.setlocale(locale.LC_ALL, "")
assert locale.str(0.5) == "0,5", locale.str(0.5)
from resmem_gui.export.reading import read_table
from resmem_gui.export.saving import save_table
from resmem_gui.export.table import rows
from tests.unit.tables import LINEAR, RECORD, scored
table = list(rows(scored(["/a.png", "/b.png"], [0.7512345, 0.4]), LINEAR))
for name in sys.argv[1:]:
    save_table(table, RECORD, Path(name))
    read = read_table(Path(name))
    assert [tuple(image.values()) for image in read.images] == table, name
    assert read.record == RECORD, name
"""


def test_under_a_locale_with_a_decimal_comma_all_is_written_and_read_the_same(
    tmp_path: Path, german: dict[str, str]
) -> None:
    files = [tmp_path / f"scores{ending}" for ending in ENDINGS]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, files)],
        env=os.environ | german,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert locale.localeconv()["decimal_point"] == "."
    read = csv.DictReader(io.StringIO(files[0].read_text(encoding="utf-8")))
    assert [row["score"] for row in read] == ["0.751234", "0.400000"]
    assert [read_table(file).images for file in files] == [read_table(files[0]).images] * len(files)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_table_without_images_reads_back(ending: str, tmp_path: Path) -> None:
    save_table([], RECORD, tmp_path / f"t{ending}")
    found = read_table(tmp_path / f"t{ending}")
    assert found.images == []
    assert found.record == RECORD
