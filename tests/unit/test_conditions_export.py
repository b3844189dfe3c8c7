"""Conditions files: what PsychoPy and jsPsych would read."""

import builtins
import csv
import errno
import json
import os
import re
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import numpy as np
import pytest

from resmem_gui.analysis.condition_balance import balance
from resmem_gui.analysis.conditions import Kind, Wanted, make_lists
from resmem_gui.export.conditions import (
    COLUMNS,
    Compared,
    Form,
    Stimulus,
    list_names,
    notes_on,
    save_conditions,
)
from resmem_gui.library.records import ImageRecord, Provenance, Status


def stimulus(path: Path | str, number: int = 1, category: str = "sea") -> Stimulus:
    record = ImageRecord(
        image_id=number,
        path=str(path),
        status=Status.SCORED,
        score=0.7123456,
        width=10,
        height=10,
        error="",
        sha256="ab" * 32,
        provenance=Provenance("resmem 1.1.6", "cd" * 32, "p", "cpu"),
    )
    return Stimulus(record, "A", number, category, 33.333, "LaMem")


def test_psychopy_reads_rows_with_names_of_variables(tmp_path: Path) -> None:
    target = tmp_path / "conditions.csv"
    images: list[Path | str] = [tmp_path / "stimuli" / "sea, calm.jpg", "/elsewhere/ü.jpg"]
    written = save_conditions(
        target, [stimulus(path, i) for i, path in enumerate(images, 1)], Form.PSYCHOPY, {}
    )
    assert written == [target, tmp_path / "conditions.lists.json"]
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(COLUMNS)
    assert all(name.isidentifier() for name in rows[0])
    # PsychoPy makes global variables of them: no name of Python's, nor one that it gives to its components.
    assert not set(rows[0]) & {
        *dir(builtins),
        "image",
        "movie",
        "sound",
        "text",
        "trials",
        "x",
        "y",
        "t",
        "level",
    }
    assert [row["image_file"] for row in rows] == ["stimuli/sea, calm.jpg", "/elsewhere/ü.jpg"]
    assert float(rows[0]["memorability"]) == 0.712346
    assert float(rows[0]["percentile"]) == 33.3
    assert rows[1]["item"] == "2"


def test_a_folder_with_a_longer_name_is_not_taken_for_the_same(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    target = tmp_path / "a" / "c.csv"
    save_conditions(target, [stimulus(tmp_path / "ab" / "x.jpg")], Form.PSYCHOPY, {})
    with target.open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["image_file"] == (tmp_path / "ab" / "x.jpg").as_posix()


def test_jspsych_gets_an_array_that_no_file_name_can_break(tmp_path: Path) -> None:
    target = tmp_path / "stimuli.js"
    hostile = "<!--<script></script><script>alert(1)\u2028.jpg"
    save_conditions(target, [stimulus(tmp_path / hostile)], Form.JSPSYCH, {})
    text = target.read_text(encoding="utf-8")
    assert "<" not in text
    assert "\u2028" not in text
    array = re.fullmatch(r"(?://[^\n]*\n)+const stimuli = (.*);\n", text, re.DOTALL)
    assert array is not None
    (row,) = json.loads(array.group(1))
    assert row["image_file"] == hostile
    assert row["memorability"] == 0.712346
    assert 'stimuli.filter(s => s.list_name === "A")' in text


def test_jspsych_gets_addresses_that_a_browser_finds(tmp_path: Path) -> None:
    target = tmp_path / "stimuli.js"
    name = "100 % #1?.jpg"
    save_conditions(target, [stimulus(tmp_path / name)], Form.JSPSYCH, {})
    (found,) = re.findall(r'"image_file": "([^"]*)"', target.read_text(encoding="utf-8"))
    address = urlsplit(urljoin("http://localhost/", found))
    assert (unquote(address.path), address.query, address.fragment) == (f"/{name}", "", "")
    save_conditions(tmp_path / "c.csv", [stimulus(tmp_path / name)], Form.PSYCHOPY, {})
    assert f"\n{name}," in (tmp_path / "c.csv").read_text(encoding="utf-8")


def test_where_one_file_cannot_be_written_both_old_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, beside = tmp_path / "c.csv", tmp_path / "c.lists.json"
    for file in (target, beside):
        file.write_text("old")
    flushed: list[int] = []

    def full(number: int) -> None:
        flushed.append(number)
        if len(flushed) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save_conditions(target, [stimulus(tmp_path / "a.jpg")], Form.PSYCHOPY, {})
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        "c.csv": "old", "c.lists.json": "old",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["=1+1.jpg", "+a.jpg", "-b.jpg", "@c.jpg"])
def test_neither_names_nor_categories_become_formulas(tmp_path: Path, name: str) -> None:
    target = tmp_path / "c.csv"
    save_conditions(target, [stimulus(tmp_path / name, category="=cmd")], Form.PSYCHOPY, {})
    with target.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["image_file"] == f"./{name}"
    assert (tmp_path / row["image_file"]) == tmp_path / name  # PsychoPy finds it
    assert row["category"] == "'=cmd"


def test_a_category_that_is_no_text_is_written_as_far_as_it_can_be(tmp_path: Path) -> None:
    target = tmp_path / "\udcff" / "c.csv" if os.name != "nt" else tmp_path / "c.csv"
    target.parent.mkdir(exist_ok=True)
    image = target.parent / "a.jpg"
    save_conditions(target, [stimulus(image, category="\udcff")], Form.PSYCHOPY, {})
    with target.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["image_file"], row["category"]) == ("a.jpg", "\ufffd")


def test_a_name_that_is_no_text_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    target = tmp_path / "c.csv"
    target.write_text("before")
    with pytest.raises(ValueError, match="Rename it"):
        save_conditions(target, [stimulus("/x/\udcff.jpg")], Form.PSYCHOPY, {})
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["c.csv"]


@pytest.mark.parametrize("kind", Kind)
def test_the_notes_say_how_the_lists_were_made(tmp_path: Path, kind: Kind) -> None:
    scores = np.linspace(0.43, 0.95, 30)
    categories = np.arange(30) % 2
    wanted = Wanted(lists=2, in_list=6, kind=kind, seed=9)
    lists = make_lists(wanted, np.arange(30), scores, categories)
    names = list_names(kind, 2)
    notes = notes_on(wanted, lists, balance(lists, scores, kind), names, ["land", "sea"])
    save_conditions(tmp_path / "c.csv", [], Form.PSYCHOPY, notes)
    read = json.loads((tmp_path / "c.lists.json").read_text(encoding="utf-8"))
    assert read["made"]["seed"] == 9
    assert read["categories"][names[0]] == {"land": 3, "sea": 3}
    assert set(read["summaries"]) == set(names)
    assert read["differences"][0]["first"] == names[0]
    assert (read["partners_apart_at_most"] is None) == (kind is Kind.APART)


def test_the_notes_say_what_became_of_near_duplicates() -> None:
    scores, groups = np.linspace(0.43, 0.95, 30), np.where(np.arange(30) < 4, 0, -1)
    wanted = Wanted(lists=2, in_list=6)
    lists = make_lists(wanted, np.arange(30), scores, groups=groups)
    matched = balance(lists, scores, Kind.MATCHED)
    compared = Compared(
        groups=1, largest_group=4, not_looked_at=5, plain=1, not_known_in_lists=2, alike_at=30
    )
    notes = notes_on(wanted, lists, matched, ["A", "B"], [""], compared)
    told = notes["made"]["near_duplicates"]
    assert told.pop("method").endswith("before any list was drawn")
    assert told == {
        "kept_apart": True, "set_aside": 3, "groups": 1, "largest_group": 4, "not_looked_at": 5, "plain": 1,
        "not_known_in_lists": 2, "alike_at": 30,
    }  # fmt: skip
    assert notes["made"]["candidates"] == notes["drawn_from"]["n"] == 27
    assert notes["drawn_from"]["mean"] == pytest.approx(scores[lists.drawn_from].mean())
    unasked = notes_on(wanted, lists, matched, ["A", "B"], [""])
    assert unasked["made"]["near_duplicates"] == {"kept_apart": False}


def test_categories_that_no_list_has_are_noted_with_none() -> None:
    scores = np.linspace(0.43, 0.95, 30)
    categories = np.where(np.arange(30) == 29, 1, 0)
    wanted = Wanted(lists=2, in_list=6)
    lists = make_lists(wanted, np.arange(30), scores, categories, names=["sea", "zoo"])
    notes = notes_on(wanted, lists, balance(lists, scores, Kind.MATCHED), ["A", "B"], ["sea", "zoo"])
    assert notes["categories"] == {"A": {"sea": 6, "zoo": 0}, "B": {"sea": 6, "zoo": 0}}
    assert notes["categories_drawn_from"] == {"sea": 29, "zoo": 1}


def test_what_is_not_defined_is_null(tmp_path: Path) -> None:
    scores = np.full(8, 0.6)
    wanted = Wanted(lists=2, in_list=3)
    lists = make_lists(wanted, np.arange(8), scores)
    notes = notes_on(wanted, lists, balance(lists, scores, Kind.MATCHED), ["A", "B"], [""])
    assert notes["differences"][0]["t"] is None
    json.dumps(notes, allow_nan=False)


def test_lists_have_names() -> None:
    assert list_names(Kind.MATCHED, 3) == ["A", "B", "C"]
    assert list_names(Kind.APART, 2) == ["high", "low"]
    assert len(set(list_names(Kind.APART, 5))) == 5
