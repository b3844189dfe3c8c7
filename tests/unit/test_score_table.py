"""Tables of human scores as people have them."""

import contextlib
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resmem_gui.analysis.score_table import FEWEST_SCORES, ScoreTableError, read_score_table
from resmem_gui.human_scores import tables
from resmem_gui.human_scores.tables import number

VALUES = [round(0.30 + place / 100, 2) for place in range(FEWEST_SCORES + 5)]


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    file = folder / "scores.csv"
    file.write_bytes(text.encode(encoding))
    return file


def lines(delimiter: str, *, titles: bool = True, comma: bool = False) -> str:
    rows = [["image", "memorability"]] if titles else []
    rows += [[f"img{place}.jpg", f"{value:.2f}"] for place, value in enumerate(VALUES)]
    text = [
        delimiter.join(cell.replace(".", ",") if comma and cell[0].isdigit() else cell for cell in row)
        for row in rows
    ]
    return "\n".join(text) + "\n"


# --- shapes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("titles", [True, False], ids=["titles", "none"])
@pytest.mark.parametrize(
    ("delimiter", "comma"),
    [
        (",", False),
        (";", False),
        (";", True),
        ("\t", False),
        ("\t", True),
        ("|", True),
        (" ", False),
        (" ", True),
    ],
)
def test_any_delimiter_with_point_or_comma(
    tmp_path: Path, delimiter: str, *, comma: bool, titles: bool
) -> None:
    table = read_score_table(written(tmp_path, lines(delimiter, titles=titles, comma=comma)))
    assert table.titles == (("image", "memorability") if titles else ("Column 1", "Column 2"))
    assert len(table.rows) == len(VALUES)
    column = table.likely_column()
    assert column == 1
    assert table.scores(column).tolist() == VALUES


@pytest.mark.parametrize("comma", [True, False])
@pytest.mark.parametrize("title", ["score\n", ""])
def test_one_column_alone(tmp_path: Path, title: str, *, comma: bool) -> None:
    text = "\n".join(f"{value:.2f}" for value in VALUES)
    table = read_score_table(written(tmp_path, title + (text.replace(".", ",") if comma else text)))
    assert table.scores(0).tolist() == VALUES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_that_spreadsheets_write(tmp_path: Path, encoding: str) -> None:
    table = read_score_table(written(tmp_path, lines(";").replace("image", "Größe"), encoding))
    assert table.titles == ("Größe", "memorability")
    assert table.scores(1).tolist() == VALUES


def test_quotes_blank_lines_and_ragged_rows(tmp_path: Path) -> None:
    text = '"a, b.jpg",0.5\r\n\r\n' + "".join(
        f"c{place}.jpg,{value}\r\n" for place, value in enumerate(VALUES)
    )
    table = read_score_table(written(tmp_path, text + "last.jpg\r\n,0.5,remark\r\n"))
    assert table.rows[0] == ("a, b.jpg", "0.5")
    assert table.rows[-2:] == (("last.jpg", ""), ("", "0.5"))
    assert len(table.scores(1)) == len(VALUES) + 2


def test_columns_of_numbers_may_be_parted_by_blanks(tmp_path: Path) -> None:
    text = "".join(f"img{place}.jpg  {value} {100 + place}\n" for place, value in enumerate(VALUES))
    for titles in ("", "image score people\n"):
        table = read_score_table(written(tmp_path, titles + text))
        assert len(table.titles) == 3
        assert table.likely_column() == 1
        assert table.scores(1).tolist() == VALUES


def test_blanks_in_names_part_nothing(tmp_path: Path) -> None:
    text = "".join(f"my image {place} {value}\n" for place, value in enumerate(VALUES))
    table = read_score_table(written(tmp_path, text))
    assert table.rows[0] == ("my image 0", str(VALUES[0]))


def test_no_score_is_written_in_many_ways(tmp_path: Path) -> None:
    text = lines(",") + "".join(f"x,{nothing}\n" for nothing in ("", "NA", "n/a", "NaN", "null", " - "))
    table = read_score_table(written(tmp_path, text))
    assert table.scores(1).tolist() == VALUES


# --- which column --------------------------------------------------------------------------------


def test_the_plain_hit_rate_is_preferred_to_the_corrected_one(tmp_path: Path) -> None:
    titles = "image,H,FA,n_resp,memorability_w_fa_correction,memorability_wo_fa_correction\n"
    rows = "".join(f"a{i}.jpg,70,10,100,{v - 0.1:.2f},{v}\n" for i, v in enumerate(VALUES))
    table = read_score_table(written(tmp_path, titles + rows))
    assert table.titles[table.likely_column()] == "memorability_wo_fa_correction"
    assert [table.is_corrected(column) for column in (4, 5)] == [True, False]


@pytest.mark.parametrize(
    ("title", "corrected"),
    [
        ("memorability_fa_corrected", True),
        ("FA", True),
        ("dprime", True),
        ("hit_rate", False),
        ("fabric", False),
        ("memorability without FA correction", False),
    ],
)
def test_corrected_columns_are_known_by_their_titles(tmp_path: Path, title: str, *, corrected: bool) -> None:
    table = read_score_table(written(tmp_path, f"{title}\n" + "\n".join(map(str, VALUES))))
    assert table.is_corrected(0) is corrected


# --- what is wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["0.5", "abc"] * 20, "“score” holds “abc” in line 3, which is no number"),
        (["0.5"] * 19 + ["0.6", "0,5,5"], "“0,5,5” in line 22, which is no number"),
        (["55", "60", "71.5"] * 10, "goes up to 71.5: these look like per cent. Divide them by 100"),
        (["0.5", "-0.2"] * 20, "holds -0.2; scores are numbers from 0 to 1"),
        (["0.5", "1234"] * 20, "holds 1234; scores are numbers from 0 to 1"),
        (["0.5", "0.6"] * 9, "holds 18 scores; a reference needs 20 or more"),
        ([""] * 30 + ["NA"], "holds no scores"),
        (["0.5"] * 30, "All scores in “score” are 0.5"),
    ],
    ids=["text", "commas", "per cent", "negative", "counts", "few", "none", "equal"],
)
def test_a_column_that_makes_no_reference_is_told_why(tmp_path: Path, cells: list[str], said: str) -> None:
    text = "image;score\n" + "".join(f"img{place}.jpg;{cell}\n" for place, cell in enumerate(cells))
    table = read_score_table(written(tmp_path, text))
    with pytest.raises(ScoreTableError, match=said.replace(".", r"\.")):
        table.scores(1)


@pytest.mark.parametrize("content", [b"", b"\n\n  \n", b";;;\n"])
def test_an_empty_file_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(ScoreTableError, match="The file is empty"):
        read_score_table(tmp_path / "a.csv")


def test_a_workbook_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04\x14\x00\x00\x00")
    with pytest.raises(ScoreTableError, match=r"is a workbook .* Save the sheet as CSV"):
        read_score_table(tmp_path / "a.xlsx")


def test_a_file_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_TABLE_BYTES", 10)
    with pytest.raises(ScoreTableError, match="too large for a table of scores"):
        read_score_table(written(tmp_path, lines(",")))


def test_a_missing_file_is_told_by_the_system_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_score_table(tmp_path / "missing.csv")


# --- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("0.5", 0.5), (" 0,5 ", 0.5), (",5", 0.5), ("1e-1", 0.1), ("1,5,2", None), ("inf", None), ("5_0", None)],
)
def test_numbers(cell: str, expected: float | None) -> None:
    assert number(cell) == expected


@given(st.text(max_size=12))
def test_any_cell_is_a_number_nothing_or_a_text(cell: str) -> None:
    value = number(cell)
    assert value is None or math.isnan(value) or np.isfinite(value)


@given(st.binary(max_size=400))
def test_any_file_is_a_table_or_is_told(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.mktemp("any") / "a.csv"
    file.write_bytes(content)
    with contextlib.suppress(ScoreTableError):
        table = read_score_table(file)
        assert all(len(row) == len(table.titles) for row in table.rows)
        assert 0 <= table.likely_column() < len(table.titles)
