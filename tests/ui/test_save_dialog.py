"""A dialog that asks for a file to write: its name, its kinds and its end."""

from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.ui.save_dialog import SaveDialog

_KINDS = {"PNG picture (*.png)": "png", "SVG drawing (*.svg)": "svg"}


@pytest.fixture
def dialog(parent: QWidget, tmp_path: Path) -> SaveDialog:
    return SaveDialog(parent, "Save Picture", tmp_path / "histogram.png", _KINDS)


def test_what_is_proposed_stands_there(dialog: SaveDialog, tmp_path: Path) -> None:
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    assert dialog.selectedFiles() == [str(tmp_path / "histogram.png")]
    assert dialog.nameFilters() == list(_KINDS)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("histogram.png", "histogram.svg"),
        ("histogram.PNG", "histogram.svg"),
        ("histogram", "histogram.svg"),
        ("mean 0.75", "mean 0.75.svg"),
        ("holiday.2026", "holiday.2026.svg"),
    ],
)
def test_the_ending_follows_the_kind(dialog: SaveDialog, typed: str, expected: str) -> None:
    dialog.selectFile(typed)
    dialog.filterSelected.emit("SVG drawing (*.svg)")
    assert dialog.defaultSuffix() == "svg"
    assert [Path(path).name for path in dialog.selectedFiles()] == [expected]


def test_it_is_deleted_when_it_closes(dialog: SaveDialog, qtbot: QtBot) -> None:
    dialog.open()
    dialog.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))
