"""A table of human scores is chosen, its columns too, and what matches is shown."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from resmem_gui.library.library import Library
from resmem_gui.ui.evaluation import tables
from resmem_gui.ui.evaluation.commands import EvaluationCommands
from resmem_gui.ui.evaluation.evaluation_window import EvaluationWindow
from resmem_gui.ui.evaluation.tables import PlainTable
from resmem_gui.ui.evaluation.truth_dialog import TruthDialog
from resmem_gui.ui.threads.background import Jobs
from tests.ui.conftest import WAIT_MS
from tests.ui.evaluation.helpers import PEOPLE, cells, offer, shown


def test_columns_are_guessed_and_what_matches_is_shown(
    qtbot: QtBot, dialog: TruthDialog, truth: Path
) -> None:
    assert not dialog.compare_button.isEnabled()
    offer(qtbot, dialog, truth)
    columns = dialog.form.columns()
    assert columns is not None
    assert (columns.key, columns.category, columns.count) == ("image_file", "category", "n_resp")
    assert columns.score == "plain"
    assert "11 matched (11 by file name)" in dialog.state.text()
    assert "1 matched image has no score: left out." in dialog.state.text()
    assert ["Line 13: gone.jpg", "No such image here"] in cells(dialog.left_out)
    assert ["other.jpg", "Not in the table"] in cells(dialog.left_out)


def test_what_is_left_out_is_told_in_short_and_in_full(
    qtbot: QtBot, dialog: TruthDialog, tmp_path: Path
) -> None:
    rows = [f"Set A\\{number}.jpg;0,7{number}" for number in range(len(PEOPLE))]
    rows += ["C:\\other\\3.jpg;0,5", "gone\\away.jpg;0,5", "waiting.jpg;80 %"]
    table = tmp_path / "people.csv"
    table.write_bytes("\r\n".join(["\ufeffimage;memorability", *rows]).encode())
    offer(qtbot, dialog, table)
    assert cells(dialog.left_out) == [
        ["Line 14", "“80 %” is no number. Write per cent as a share: 74 % is 0.74."],
        ["Lines 5, 12: 3.jpg", "Several rows name it"],
        ["Line 13: away.jpg", "No such image here"],
        ["waiting.jpg", "No row that can be used"],
        ["other.jpg", "No row that can be used"],
    ]
    tips = [dialog.left_out.item(row, 0).toolTip() for row in range(4)]  # type: ignore[union-attr]
    assert tips[0].startswith("Line 14: “80 %” is no number")
    assert "/photos/3.jpg" in tips[1]
    assert "leave one of them" in tips[1]
    assert tips[2] == "Line 13: gone\\away.jpg\nNo such image here."
    assert tips[3].startswith("/photos/waiting.jpg")


def test_of_many_that_are_left_out_the_first_are_listed(
    qtbot: QtBot, dialog: TruthDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_MOST_LEFT_OUT", 5)
    table = tmp_path / "people.csv"
    names = [f"{number}.jpg" for number in range(5)] + [f"gone{number}.jpg" for number in range(2000)]
    table.write_text("\n".join(["image,memorability", *(f"{name},0.5" for name in names)]))
    offer(qtbot, dialog, table)
    shown = cells(dialog.left_out)
    assert len(shown) == 6
    assert shown[-1][0] == "… and 2,002 more"  # 2,000 rows and 7 images, less those above
    assert dialog.left_out.horizontalHeader().sectionSize(0) > 100


def test_the_corrected_column_is_warned_of(qtbot: QtBot, dialog: TruthDialog, truth: Path) -> None:
    offer(qtbot, dialog, truth)
    assert not dialog.form.warning.isVisible()
    dialog.form.score.setCurrentText("fa_corrected")
    assert dialog.form.warning.isVisible()
    assert "false alarms" in dialog.form.warning.text()


def test_a_column_that_names_nothing_cannot_be_compared(
    qtbot: QtBot, dialog: TruthDialog, truth: Path
) -> None:
    offer(qtbot, dialog, truth)
    dialog.form.key.setCurrentText("category")
    assert not dialog.compare_button.isEnabled()
    qtbot.waitUntil(lambda: "At least 3" in dialog.state.text(), timeout=WAIT_MS)
    assert not dialog.compare_button.isEnabled()
    dialog.form.score.setCurrentIndex(0)
    assert "Choose the column" in dialog.state.text()


def test_what_is_no_table_is_told(qtbot: QtBot, dialog: TruthDialog, tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    file.write_bytes(b"PK\x03\x04")
    dialog.open_table(str(file))
    qtbot.waitUntil(lambda: "workbook" in dialog.state.text(), timeout=WAIT_MS)
    assert not dialog.compare_button.isEnabled()


def test_a_table_that_cannot_be_read_takes_the_place_of_the_one_before(
    qtbot: QtBot, dialog: TruthDialog, truth: Path, tmp_path: Path
) -> None:
    offer(qtbot, dialog, truth)
    dialog.form.score.setCurrentText("fa_corrected")
    file = tmp_path / "book.xlsx"
    file.write_bytes(b"PK\x03\x04")
    dialog.open_table(str(file))
    qtbot.waitUntil(lambda: "workbook" in dialog.state.text(), timeout=WAIT_MS)
    told = [label.text() for label in dialog.findChildren(QLabel)]
    assert f"{file} cannot be used." in told
    assert not any(text.startswith("Reading") for text in told)
    assert not dialog.form.isEnabled()
    assert dialog.form.columns() is None
    assert not dialog.form.warning.isVisible()
    preview = next(table for table in dialog.findChildren(PlainTable) if table is not dialog.left_out)
    assert preview.rowCount() == 0


def test_a_long_name_leaves_the_scores_in_sight(qtbot: QtBot, dialog: TruthDialog, tmp_path: Path) -> None:
    table = tmp_path / "long.csv"
    table.write_text("image,memorability\n" + "\n".join(f"{'x' * 400}{row}.jpg,0.{row}" for row in range(9)))
    dialog.open_table(str(table))
    qtbot.waitUntil(lambda: "At least 3" in dialog.state.text(), timeout=WAIT_MS)
    preview = next(each for each in dialog.findChildren(PlainTable) if each is not dialog.left_out)
    score = preview.item(0, 1)
    assert score is not None
    assert preview.viewport().rect().contains(preview.visualItemRect(score))


def test_titles_of_what_is_left_out_are_whole(dialog: TruthDialog) -> None:
    header = dialog.left_out.horizontalHeader()
    assert header.sectionSize(0) >= header.sectionSizeHint(0)


def test_a_comparison_that_failed_can_be_tried_again(
    qtbot: QtBot, dialog: TruthDialog, truth: Path, library: Library
) -> None:
    offer(qtbot, dialog, truth)
    library.set_waiting(range(len(PEOPLE)))
    QTest.mouseClick(dialog.compare_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "score them first" in dialog.state.text(), timeout=WAIT_MS)
    assert dialog.compare_button.isEnabled()


def test_the_newest_table_counts(qtbot: QtBot, dialog: TruthDialog, truth: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("image,memorability\n0.jpg,0.5\n1.jpg,0.6\n2.jpg,0.7\n")
    dialog.open_table(str(truth))
    offer(qtbot, dialog, other)
    columns = dialog.form.columns()
    assert columns is not None
    assert columns.key == "image"
    assert "3 matched" in dialog.state.text()


def test_escape_gives_up_a_comparison(
    qtbot: QtBot, dialog: TruthDialog, truth: Path, jobs: Jobs, commands: EvaluationCommands
) -> None:
    offer(qtbot, dialog, truth)
    gate = threading.Event()
    held: list[bool] = []
    jobs.submit(lambda: held.append(gate.wait(WAIT_MS / 1000)), lambda _: None, lambda _: None)
    QTest.mouseClick(dialog.compare_button, Qt.MouseButton.LeftButton)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    gate.set()
    ended: list[object] = []
    jobs.submit(lambda: None, ended.append, ended.append)
    qtbot.waitUntil(lambda: bool(ended), timeout=WAIT_MS)
    assert held == [True]
    assert shown(EvaluationWindow) is None
    assert shown(TruthDialog) is None


def test_a_minimised_dialog_goes_on(qtbot: QtBot, dialog: TruthDialog, truth: Path, jobs: Jobs) -> None:
    offer(qtbot, dialog, truth)
    gate = threading.Event()
    jobs.submit(lambda: gate.wait(WAIT_MS / 1000), lambda _: None, lambda _: None)
    QTest.mouseClick(dialog.compare_button, Qt.MouseButton.LeftButton)
    hidden = QHideEvent()
    hidden.spontaneous = lambda: True  # type: ignore[method-assign] # as the system hides what is minimised
    dialog.hideEvent(hidden)
    gate.set()
    qtbot.waitUntil(lambda: shown(EvaluationWindow) is not None, timeout=WAIT_MS)
