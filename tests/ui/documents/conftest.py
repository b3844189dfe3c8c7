"""What tests of documents begin with."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from resmem_gui.export.report.content import ReportSource
from resmem_gui.ui.contact_sheet.contents import SheetItem
from resmem_gui.ui.report.choices_form import Scope
from resmem_gui.ui.threads.background import Jobs
from tests.ui.documents.reports import COUNTS, source
from tests.ui.documents.sheets import items


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the paths of eight images of noise, 640 by 480 pixels."""
    folder = tmp_path_factory.mktemp("photos")
    random = np.random.default_rng(1)
    paths = []
    for number in range(8):
        path = folder / f"image{number}.jpg"
        Image.fromarray(random.integers(0, 255, (480, 640, 3), dtype=np.uint8)).save(path)
        paths.append(str(path))
    return paths


@pytest.fixture
def pictured(tmp_path: Path) -> list[SheetItem]:
    """Return six images of noise, 480 by 320 pixels, on disk."""
    random = np.random.default_rng(1)
    found = []
    for number, item in enumerate(items(6, str(tmp_path / "photos"))):
        Path(item.path).parent.mkdir(exist_ok=True)
        pixels = random.integers(0, 255, (320, 480, 3), dtype=np.uint8)
        pixels[:, :, 0] = 40 * number
        Image.fromarray(pixels).save(item.path, compress_level=1)
        found.append(item)
    return found


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.stop()
    made.join()


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def take(photos: list[str], taken: list[Scope]) -> Callable[[Scope], Callable[[], ReportSource]]:
    def made(scope: Scope) -> Callable[[], ReportSource]:
        taken.append(scope)
        return lambda: source(photos[: COUNTS[scope]])

    return made


@pytest.fixture
def taken() -> list[Scope]:
    return []
