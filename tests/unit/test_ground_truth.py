"""Tables of human scores: every usual form is read, and what is wrong is said with its line."""

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resmem_gui.human_scores import tables
from resmem_gui.library.ground_truth import (
    Columns,
    GroundTruth,
    GroundTruthError,
    TrainingSet,
    ground_truth,
    guess_columns,
    is_corrected,
    read_table,
)

MEMCAT_TITLES = (
    "image_file,category,subcategory,H,FA,n_resp,memorability_wo_fa_correction,memorability_w_fa_correction"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "scores.csv"


def read(file: Path, content: str | bytes) -> GroundTruth:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    table = read_table(str(file))
    columns = guess_columns(table)
    assert columns is not None
    return ground_truth(table, columns)


def refusal(file: Path, content: str | bytes) -> str:
    with pytest.raises(GroundTruthError) as caught:
        read(file, content)
    return str(caught.value)


# --- forms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "separator"),
    [
        ("image,memorability\na.jpg,0.25\nb.jpg,0.75\n", "comma"),
        ("image\tmemorability\na.jpg\t0.25\nb.jpg\t0.75\n", "tab"),
        ("image;memorability\na.jpg;0,25\nb.jpg;0,75\n", "semicolon"),
        ('"image";"memorability"\r\n"a.jpg";"0.25"\r\n"b.jpg";"0.75"\r\n', "semicolon"),
        ("image|memorability\ra.jpg|.25\rb.jpg|.75\r", "vertical bar"),
        ("a.jpg 0.25\nb.jpg 0.75\n", "space"),
        ("a.jpg,0.25\nb.jpg,0.75", "comma"),
        ("a.jpg 0,25\nb.jpg 0,75\n", "space"),
        ("image|memorability\na.jpg|0,25\nb.jpg|0,75\n", "vertical bar"),
        ("\n\nimage, memorability\n a.jpg , 0.25 \n\nb.jpg, 7.5e-1\n", "comma"),
    ],
)
def test_every_usual_form_is_read(file: Path, content: str, separator: str) -> None:
    truth = read(file, content)
    assert truth.keys == ("a.jpg", "b.jpg")
    assert truth.scores.tolist() == [0.25, 0.75]
    assert read_table(str(file)).separator == separator
    assert truth.problems == ()


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("latin-1", "Latin-1")],
)
def test_encodings_are_read_and_told(file: Path, encoding: str, told: str) -> None:
    truth = read(file, "image,memorability\nnaïve.jpg,0.25\nb.jpg,0.5\n".encode(encoding))
    assert truth.keys[0] == "naïve.jpg"
    assert any(told in note for note in truth.notes) if told else truth.notes == ()


def test_lamem_lines_keep_blanks_in_names(file: Path) -> None:
    truth = read(file, "my holiday 1.jpg 0.5\nmy holiday 2.jpg 0.75\n")
    assert truth.keys == ("my holiday 1.jpg", "my holiday 2.jpg")


def test_memcats_own_file_gives_the_plain_hit_rate(file: Path) -> None:
    row = "000000003481.jpg,animal,bear,55,4,98,0.561224,0.520408"
    truth = read(file, f"{MEMCAT_TITLES}\n{row}\n")
    assert truth.columns == Columns("image_file", "memorability_wo_fa_correction", "category", "n_resp")
    assert truth.scores.tolist() == [0.561224]
    assert truth.categories == ("animal",)
    assert truth.counts is not None
    assert truth.counts.tolist() == [98]
    assert truth.notes == ()
    assert truth.looks_like is TrainingSet.MEMCAT


def test_the_corrected_column_is_warned_of(file: Path) -> None:
    file.write_text(f"{MEMCAT_TITLES}\na.jpg,animal,bear,55,4,98,0.56,0.52\n")
    truth = ground_truth(read_table(str(file)), Columns("image_file", "memorability_w_fa_correction"))
    assert truth.scores.tolist() == [0.52]
    assert "false alarms" in truth.notes[0]


@pytest.mark.parametrize(
    ("title", "corrected"),
    [
        ("memorability_w_fa_correction", True),
        ("memorability_fa_corrected", True),
        ("Corrected Recognition", True),
        ("memorability with correction", True),
        ("False alarm rate", True),
        ("HR - FAR", True),
        ("hits minus FAs", True),
        ("not corrected", False),
        ("memorability before correction", False),
        ("memorability_wo_fa_correction", False),
        ("memorability without FA correction", False),
        ("uncorrected", False),
        ("memorability", False),
        ("family", False),
    ],
)
def test_corrected_columns_are_told_by_their_titles(title: str, corrected: bool) -> None:
    assert is_corrected(title) is corrected


def test_the_plain_column_goes_before_the_corrected_one_wherever_it_stands(file: Path) -> None:
    file.write_text("fa_corrected,stimulus number,hits\n0.4,a.jpg,0.5\n0.5,b.jpg,0.6\n")
    assert guess_columns(read_table(str(file))) == Columns("stimulus number", "hits")


def test_any_two_columns_can_be_named(file: Path) -> None:
    file.write_text("x,image,y\n0.5,nothing,k1\n0.6,nothing,k2\n")
    truth = ground_truth(read_table(str(file)), Columns("y", "x"))
    assert truth.keys == ("k1", "k2")
    assert truth.scores.tolist() == [0.5, 0.6]


def test_columns_without_titles_or_with_equal_ones_can_be_told_apart(file: Path) -> None:
    file.write_text("image,score,score,\na,0.1,0.2,\nb,0.3,0.4,\n")
    table = read_table(str(file))
    assert table.columns == ("image", "score", "score (2)", "Column 4")
    assert table.column("score (2)") == ["0.2", "0.4"]


def test_a_preview_has_the_first_rows(file: Path) -> None:
    file.write_text("image,score\n" + "".join(f"{number}.jpg,0.5\n" for number in range(20)))
    preview = read_table(str(file)).preview(3)
    assert preview.columns == ("image", "score")
    assert preview.rows == (("0.jpg", "0.5"), ("1.jpg", "0.5"), ("2.jpg", "0.5"))
    assert preview.count == 20


@given(
    names=st.lists(
        st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="\"',;|"), min_size=1),
        min_size=3,
        max_size=20,
    ),
    scores=st.lists(st.floats(0.01, 0.99), min_size=20, max_size=20),
    separator=st.sampled_from([",", ";", "\t"]),
    comma=st.booleans(),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    names: list[str],
    scores: list[float],
    separator: str,
    comma: bool,
) -> None:
    numbers = [f"{score:.6f}" for score in scores[: len(names)]]
    written = [number.replace(".", ",") if comma and separator != "," else number for number in numbers]
    lines = [f'"{name}"{separator}{number}' for name, number in zip(names, written, strict=True)]
    file = tmp_path_factory.mktemp("truth") / "t.csv"
    file.write_text("\n".join([f"image{separator}memorability", *lines]), encoding="utf-8")
    truth = ground_truth(read_table(str(file)), Columns("image", "memorability"))
    assert list(truth.keys) == names
    assert truth.scores.tolist() == [float(number) for number in numbers]


# --- what is wrong -------------------------------------------------------------------------------


def test_bad_rows_are_told_with_their_lines_and_the_others_are_used(file: Path) -> None:
    rows = "a.jpg,0.5\nb.jpg,\nc.jpg,high\n,0.5\nd.jpg,74\ne.jpg,74 %\nf.jpg,-0.1\n"
    rows += "g.jpg,0.6\nh.jpg,0.7\ni.jpg,0.8\nj.jpg,0.9"
    truth = read(file, f"image,memorability\n{rows}\n")
    assert truth.keys == ("a.jpg", "g.jpg", "h.jpg", "i.jpg", "j.jpg")
    told = {problem.line: problem.sentence for problem in truth.problems}
    assert set(told) == {3, 4, 5, 6, 7, 8}
    assert told[3] == "It has no score."
    assert "“high” is no number" in told[4]
    assert told[5] == "No image is named."
    assert "divide by 100" in told[6]
    assert "74 % is 0.74" in told[7]
    assert "not between 0 and 1" in told[8]
    assert truth.lines.tolist() == [2, 9, 10, 11, 12]


def test_scores_in_per_cent_are_refused_with_a_hint(file: Path) -> None:
    sentence = refusal(file, "image,memorability\na.jpg,56\nb.jpg,74\n")
    assert "56 to 74" in sentence
    assert "divide them by 100" in sentence


def test_another_scale_is_refused(file: Path) -> None:
    assert "Choose another column" in refusal(file, "image,memorability\na.jpg,-2.5\nb.jpg,740\n")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"PK\x03\x04rest", "CSV"),
        (b"\xd0\xcf\x11\xe0rest", "CSV"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01", "no text file"),
        (b"", "no table"),
        (b"\n\n  \n", "no table"),
        (b"one column\nof\nwords\n", "No table"),
    ],
)
def test_what_is_no_table_is_refused(file: Path, content: bytes, word: str) -> None:
    assert word in refusal(file, content)


def test_a_missing_quotation_mark_is_told_with_its_line(file: Path) -> None:
    content = "image,score\n" + "a.jpg,0.5\n" * 60 + '"b.jpg,0.5\n' + "c.jpg,0.5\n" * 20_000
    assert "Line" in refusal(file, content)


def test_uneven_rows_are_told_and_filled(file: Path) -> None:
    truth = read(file, "image,memorability,note\na.jpg,0.5,x\nb.jpg,0.5\nc.jpg,0.5,x,y\nd.jpg,0.6,z\n")
    assert truth.keys == ("a.jpg", "b.jpg", "c.jpg", "d.jpg")
    assert any("3, 4" in note for note in truth.notes)


def test_files_that_are_not_there_or_too_large_are_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(GroundTruthError, match="could not be read"):
        read_table(str(file))
    monkeypatch.setattr(tables, "MAX_TABLE_BYTES", 100)
    assert "larger than" in refusal(file, "a.jpg,0.5\n" * 20)


def test_too_many_rows_are_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 10)
    assert "more than 10 rows" in refusal(file, "a.jpg,0.5\n" * 20)
    assert "more than 10 rows" in refusal(file, "a.jpg 0.5\n" * 20)


def test_titles_are_no_row_too_many(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 10)
    file.write_text("image,score\n" + "a.jpg,0.5\n" * 10)
    assert len(read_table(str(file)).rows) == 10


def test_columns_that_are_not_there_are_named(file: Path) -> None:
    file.write_text("image,score\na.jpg,0.5\n")
    table = read_table(str(file))
    with pytest.raises(GroundTruthError, match=r"no column “rating”. It has: image, score"):
        ground_truth(table, Columns("image", "rating"))
    with pytest.raises(GroundTruthError, match="same column"):
        ground_truth(table, Columns("score", "score"))


def test_one_long_row_does_not_make_all_rows_long(file: Path) -> None:
    file.write_text("image,score\n" + "a.jpg,0.5\n" * 1000 + "b.jpg" + ",x" * 100_000 + "\n")
    table = read_table(str(file))
    assert len(table.columns) == 2
    assert max(map(len, table.rows)) == 2


def test_100_000_rows_are_quick(file: Path) -> None:
    file.write_text("image,memorability\n" + "".join(f"{number:08}.jpg,0.5\n" for number in range(100_000)))
    begin = time.perf_counter()
    table = read_table(str(file))
    truth = ground_truth(table, Columns("image", "memorability"))
    assert len(truth.keys) == 100_000
    assert time.perf_counter() - begin < 5  # 0.3 s here


# --- where it comes from -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ([f"{number:08}.jpg" for number in range(20_000, 20_010)], TrainingSet.LAMEM),
        ([f"n0148485{number}_{number}.jpg" for number in range(10)], TrainingSet.MEMCAT),
        (["00000000348" + str(number) + ".jpg" for number in range(10)], TrainingSet.MEMCAT),
        ([f"DSC_{number}.jpg" for number in range(10)], None),
        (["00000001.jpg"], None),
    ],
)
def test_training_sets_are_told_by_their_names(
    file: Path, names: list[str], found: TrainingSet | None
) -> None:
    content = "image,memorability\n" + "".join(f"sub/{name},0.5\n" for name in names)
    file.write_text(content)
    truth = ground_truth(read_table(str(file)), Columns("image", "memorability"))
    assert truth.looks_like is found


def test_counts_that_are_none_are_unknown(file: Path) -> None:
    file.write_text("image,memorability,n\na,0.5,99\nb,0.6,0\nc,0.7,?\n")
    truth = ground_truth(read_table(str(file)), Columns("image", "memorability", None, "n"))
    assert truth.counts is not None
    assert np.isnan(truth.counts).tolist() == [False, True, True]


EXPORT = (
    "path,file,score,sensitivity_low,weights_sha256,preprocessing,hit_rate\n"
    "/a.png,a.png,0.51,0.45,ff,p,0.61\n/b.png,b.png,0.52,0.45,ff,p,0.62\n"
)


def test_scores_of_the_network_are_no_human_scores(file: Path) -> None:
    file.write_text(EXPORT.replace("hit_rate", "rating").replace("0.61", "").replace("0.62", ""))
    table = read_table(str(file))
    guess = guess_columns(table)
    assert guess is not None
    with pytest.raises(GroundTruthError, match="what the network predicted"):
        ground_truth(table, guess)


def test_human_scores_in_a_column_that_was_added_to_an_export_are_used(file: Path) -> None:
    file.write_text(EXPORT)
    table = read_table(str(file))
    guess = guess_columns(table)
    assert guess is not None
    assert guess.score == "hit_rate"
    assert ground_truth(table, guess).scores.tolist() == [0.61, 0.62]


@pytest.mark.parametrize(("first", "is_count"), [(0, False), (1, False), (40, True)])
def test_numbers_of_rows_are_no_numbers_of_people(file: Path, first: int, is_count: bool) -> None:
    rows = (f"{first + number},i{number}.png,0.{50 + number}" for number in range(20))
    file.write_text("\n".join(["n,file,memorability", *rows]))
    guess = guess_columns(read_table(str(file)))
    assert guess is not None
    assert guess.count == ("n" if is_count else None)
