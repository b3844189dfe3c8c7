"""What tests of references begin with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.analysis.references import References
from resmem_gui.library.library import Library
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails
from tests.ui.references.bench import Bench


@pytest.fixture
def references(tmp_path: Path) -> References:
    return References(tmp_path / "references")


@pytest.fixture
def model(qtbot: QtBot, references: References) -> Iterator[ImageModel]:
    thumbnails = Thumbnails()
    made = ImageModel(Library(), load_lamem(), thumbnails, references=references)
    yield made
    made.stop()
    thumbnails.stop()


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def bench(
    controller: Controller, references: References, settings: QSettings, qtbot: QtBot
) -> Iterator[Bench]:
    controller.model.references = references
    controller.model.choices._references = references
    made = Bench(controller, settings, qtbot)
    yield made
    if made.commands._dialog is not None:
        made.commands._dialog.close()
