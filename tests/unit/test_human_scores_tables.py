"""Tables of human scores that are damaged, or are none."""

from pathlib import Path

import pytest

from resmem_gui.human_scores.tables import TableError, read_table


def table(tmp_path: Path, content: str) -> Path:
    file = tmp_path / "table.csv"
    file.write_bytes(content.encode())
    return file


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("rows_before", [0, 1, 100])
def test_a_quotation_mark_that_is_never_closed_is_told_where_it_opens(
    tmp_path: Path, end: str, rows_before: int
) -> None:
    rows = [f'"{number}{end}b.png",0.5' for number in range(rows_before)]
    content = end.join(["image,score", *rows, '"a.png,0.5', "b.png,0.6", "c.png,0.7", ""])
    with pytest.raises(TableError, match=rf"^Line {2 + 2 * rows_before}: a quotation mark opens here"):
        read_table(table(tmp_path, content))


@pytest.mark.parametrize("row", ['"a ""b"" c.png",0.5', '5" disk.png,0.5', '"a"b.png,0.5', '"a\nb.png",0.5'])
@pytest.mark.parametrize("end", ["", "\n"])
def test_quotation_marks_that_are_closed_or_within_a_name_are_fine(
    tmp_path: Path, row: str, end: str
) -> None:
    found = read_table(table(tmp_path, f"image,score\nc.png,0.4\nd.png,0.3\n{row}{end}"))
    assert len(found.rows) == 3
    assert found.column("score")[2] == "0.5"


@pytest.mark.parametrize("content", ['{"images": []}', ' [{"image": "a.png", "score": 0.5}]\n'])
def test_json_is_told_from_a_table(tmp_path: Path, content: str) -> None:
    with pytest.raises(TableError, match="This is JSON"):
        read_table(table(tmp_path, content))


def test_a_title_in_braces_is_no_json(tmp_path: Path) -> None:
    assert read_table(table(tmp_path, "{image},score\na.png,0.5\n")).columns == ("{image}", "score")
