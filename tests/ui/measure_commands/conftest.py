"""What tests of the commands about scores begin with."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.references import References
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.evaluation.evaluation_window import EvaluationWindow
from resmem_gui.ui.evaluation.truth_dialog import TruthDialog
from resmem_gui.ui.window.main_window import MainWindow
from tests.ui.conftest import BrightnessScorer
from tests.ui.measure_commands.desk import Desk, MakePictures, click, write_truth
from tests.ui.test_window import Settle


@pytest.fixture
def make_pictures(tmp_path: Path) -> MakePictures:
    """Return a maker of pictures that no two framings of have the same brightness."""

    def make(count: int, folder: str = "pictures", size: tuple[int, int] = (300, 260)) -> list[Path]:
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        paths = []
        for number in range(count):
            random = np.random.default_rng([number, len(folder)])
            coarse = random.integers(30, 100 + 150 * number // max(1, count), (6, 7, 3), dtype=np.uint8)
            paths.append(tmp_path / folder / f"picture{number}.png")
            Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC).save(paths[-1])
        return paths

    return make


@pytest.fixture
def controller(qtbot: QtBot, scorer: BrightnessScorer, tmp_path: Path) -> Iterator[Controller]:
    """The controller of the window, with references of its own."""
    made = Controller(lambda: scorer, references=References(tmp_path / "references"))
    yield made
    scorer.gate.set()
    assert made.shut_down(), "a thread of the controller did not end"
    made.deleteLater()


@pytest.fixture
def desk(
    qtbot: QtBot, window: MainWindow, controller: Controller, scorer: BrightnessScorer, settle: Settle
) -> Desk:
    return Desk(qtbot, window, controller, scorer, settle)


@pytest.fixture
def evaluation(desk: Desk, make_pictures: MakePictures, tmp_path: Path) -> EvaluationWindow:
    """The window with what came of a comparison."""
    ids = desk.add(*make_pictures(10))
    library = desk.controller.library
    people = [min(1.0, 0.3 + 0.06 * place + 0.05 * (place % 3)) for place in range(10)]
    truth = write_truth(tmp_path / "people.csv", [library.record(i).name for i in ids], people)
    desk.do("evaluate")
    dialog = desk.opened(TruthDialog)
    dialog.open_table(str(truth))
    desk.wait(dialog.compare_button.isEnabled)
    assert "10" in dialog.state.text()
    click(dialog.compare_button)
    window = desk.opened(EvaluationWindow)
    desk.wait(lambda: desk.is_closed(TruthDialog))
    desk.qtbot.waitExposed(window)
    return window
