"""What scores mean, in the real window: each command by its action or key, with real events."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QMenu,
    QPushButton,
    QTabWidget,
    QTextBrowser,
    QWidget,
)
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.references import References
from resmem_gui.export.reading import read_table
from resmem_gui.export.saving import FORMATS
from resmem_gui.library.filtering import Filter, Range
from resmem_gui.library.records import Sensitivity, Status
from resmem_gui.scoring.framings import SMALL_SHIFTS, TEN_CROP
from resmem_gui.scoring.scorer import ScorerError
from resmem_gui.traits import Caution
from resmem_gui.ui.browsing.cautions_section import CautionsSection
from resmem_gui.ui.conditions.lists_dialog import ListsDialog
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.distribution.groups import Kind
from resmem_gui.ui.distribution.numbers_table import NumbersTable
from resmem_gui.ui.distribution.window import DistributionWindow
from resmem_gui.ui.evaluation.evaluation_window import EvaluationWindow
from resmem_gui.ui.evaluation.truth_dialog import TruthDialog
from resmem_gui.ui.exports import NAME_FILTERS
from resmem_gui.ui.help.help_window import HelpWindow
from resmem_gui.ui.network_view.network_window import NetworkWindow
from resmem_gui.ui.references.references_dialog import ReferencesDialog
from resmem_gui.ui.report.report_dialog import ReportDialog
from resmem_gui.ui.rows import near_duplicates
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.running.run import RunState
from resmem_gui.ui.sensitivity.dialog import SensitivityDialog
from resmem_gui.ui.sensitivity.section import SensitivitySection
from resmem_gui.ui.sessions.sessions import Sessions
from resmem_gui.ui.window.main_menus import ImageMenu
from resmem_gui.ui.window.main_window import MainWindow
from tests.ui.conftest import WAIT_MS, BrightnessScorer
from tests.ui.test_window import Settle, drop, files

# The offscreen platform says of every menu that it can neither raise it nor give it all keys.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
DIALOGS = (
    DistributionWindow,
    NetworkWindow,
    ReferencesDialog,
    SensitivityDialog,
    TruthDialog,
    EvaluationWindow,
    ListsDialog,
    ReportDialog,
    HelpWindow,
)
Part = TypeVar("Part", bound=QWidget)
MakePictures = Callable[..., list[Path]]


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


class Desk:
    """The window, and how a person gets about in it."""

    def __init__(
        self,
        qtbot: QtBot,
        window: MainWindow,
        controller: Controller,
        scorer: BrightnessScorer,
        settle: Settle,
    ) -> None:
        self.qtbot, self.window, self.controller = qtbot, window, controller
        self.scorer, self.settle = scorer, settle

    def add(self, *paths: Path) -> list[int]:
        """Add files and wait for their scores; return their ids in the order of the rows."""
        drop(self.window, files(*paths))
        self.settle()
        return self.rows()

    def rows(self) -> list[int]:
        return [int(image_id) for image_id in self.controller.model.order]

    def select(self, *image_ids: int) -> None:
        """Select images, and wait until the inspector shows them."""
        self.window.selection_keeper.select(list(image_ids), image_ids[-1] if image_ids else None)
        self.wait(lambda: self.window._selected.tolist() == self.window.selected_ids())

    def wait(self, is_so: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(is_so, timeout=WAIT_MS)

    def do(self, name: str) -> None:
        action = self.window.actions_by_name[name]
        assert action.isEnabled()
        action.trigger()

    def find(self, kind: type[Part]) -> Part | None:
        return next((part for part in self.window.findChildren(kind) if part.isVisible()), None)

    def opened(self, kind: type[Part]) -> Part:
        """Return the window of a kind, as soon as it is open."""
        self.wait(lambda: self.find(kind) is not None)
        found = self.find(kind)
        assert found is not None
        return found

    def is_closed(self, kind: type[QWidget]) -> bool:
        return self.find(kind) is None

    def labels(self) -> str:
        """Return all that the inspector says."""
        labels = self.window.inspector.findChildren(QLabel)
        return "\n".join(label.text().replace("\u200b", "") for label in labels if label.isVisible())

    def section(self) -> SensitivitySection:
        (found,) = self.window.inspector.findChildren(SensitivitySection)
        return found

    def press_measure(self) -> None:
        """Click on the button of the inspector's section about sensitivity, as soon as it is laid out."""
        button = self.section().button
        self.wait(lambda: button.isVisible() and button.height() > 10)
        self.window.inspector.ensureWidgetVisible(button)
        click(button)

    def cell(self, image_id: int, column: Column) -> str:
        model = self.controller.model
        row = model.row_of(image_id)
        assert row is not None
        return str(model.index(row, column).data())

    def wait_for_jobs(self) -> None:
        for jobs in (self.controller.jobs, self.controller.long_jobs):
            done: list[object] = []
            jobs.submit(lambda: None, done.append, done.append)
            self.wait(lambda done=done: bool(done))  # type: ignore[misc]

    def notices(self) -> str:
        return "\n".join(self.window.notices.texts())


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


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, LEFT)


def entry(menu: QMenu, beginning: str) -> QAction:
    (found,) = [one for one in menu.actions() if one.text().replace("&", "").startswith(beginning)]
    return found


def choose(desk: Desk, target: str, reference: str) -> None:
    """Choose in the menu "Compare With", with the mouse."""
    menu = desk.window.tools.comparing
    menu.popup(desk.window.mapToGlobal(desk.window.rect().center()))
    inner = entry(menu, target).menu()
    assert isinstance(inner, QMenu)
    inner.popup(desk.window.mapToGlobal(desk.window.rect().center()))
    place = inner.actionGeometry(entry(inner, reference)).center()
    QTest.mouseClick(inner, LEFT, Qt.KeyboardModifier.NoModifier, place)
    menu.close()


def title(desk: Desk, column: Column) -> str:
    return str(desk.controller.model.headerData(column, Qt.Orientation.Horizontal))


def save_as(desk: Desk, over: QWidget, path: Path, name_filter: str = "") -> None:
    """Answer the question for a file that is open above a window."""
    desk.wait(lambda: bool(over.findChildren(QFileDialog)))
    dialog = over.findChildren(QFileDialog)[-1]
    if name_filter:
        dialog.selectNameFilter(name_filter)
        dialog.filterSelected.emit(name_filter)
    dialog.selectFile(str(path))
    dialog.accept()


# References


def test_the_library_is_compared_with_another_reference_everywhere_and_back_again(
    desk: Desk, make_pictures: MakePictures
) -> None:
    first, *_ = desk.add(*make_pictures(4))
    desk.select(first)
    model, window = desk.controller.model, desk.window
    assert title(desk, Column.PERCENTILE) == "LaMem percentile"
    before = model.standing.percentile(first)
    choose(desk, "Library", "MemCat food")
    assert title(desk, Column.PERCENTILE) == "MemCat food percentile"
    assert model.standing.percentile(first) != before
    desk.wait(lambda: "MemCat food" in desk.labels())
    assert "LaMem" not in desk.labels()
    assert "MemCat food" in window.histogram.summary()
    assert window.filter_bar._percentile.title().startswith(("LaMem", "MemCat"))
    window.filter_bar.menu.aboutToShow.emit()
    assert window.filter_bar._percentile.title().replace("&", "") == "MemCat food Percentile"
    assert "MemCat food: Library" in window.status_line.text()
    desk.do("undo")
    assert title(desk, Column.PERCENTILE) == "LaMem percentile"
    assert "LaMem" in window.histogram.summary()
    desk.wait(lambda: "MemCat food" not in desk.labels())
    desk.do("redo")
    assert title(desk, Column.PERCENTILE) == "MemCat food percentile"


def test_the_percentile_filter_follows_the_reference(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(5))
    model = desk.controller.model
    of_lamem = {i: model.standing.percentile(i) for i in ids}
    choose(desk, "Library", "MemCat food")
    of_food = {i: model.standing.percentile(i) for i in ids}
    best = max(ids, key=lambda i: abs((of_lamem[i] or 0) - (of_food[i] or 0)))
    edge = ((of_lamem[best] or 0) + (of_food[best] or 0)) / 2
    model.set_filter(Filter().where("percentiles", Range(edge, 100.0)))
    assert (best in desk.rows()) is ((of_food[best] or 0) >= edge)
    desk.do("undo")
    desk.wait(lambda: (best in desk.rows()) is ((of_lamem[best] or 0) >= edge))


def test_a_selection_and_a_folder_have_references_of_their_own(
    desk: Desk, make_pictures: MakePictures
) -> None:
    here, there = make_pictures(3, "here"), make_pictures(2, "there")
    ids = desk.add(*here, *there)
    of_here = [i for i in ids if desk.controller.library.paths[i] in map(str, here)]
    of_there = [i for i in ids if i not in of_here]
    model = desk.controller.model
    desk.select(of_here[0])
    choose(desk, "Selection (1 Image)", "MemCat sports")
    assert model.reference_of(of_here[0]).name == "MemCat sports"
    assert model.reference_of(of_here[1]).name == "LaMem"
    assert title(desk, Column.PERCENTILE) == "Percentile"
    assert desk.cell(of_here[0], Column.REFERENCE) == "MemCat sports"
    desk.wait(lambda: "MemCat sports" in desk.labels())
    desk.select(of_there[0])
    choose(desk, "Folder “there”", "MemCat landscapes")
    assert {model.reference_of(i).name for i in of_there} == {"MemCat landscapes"}
    desk.add(*make_pictures(4, "there")[2:])
    added = [i for i in desk.rows() if i not in ids]
    assert {model.reference_of(i).name for i in added} == {"MemCat landscapes"}, "images that come later"
    for _ in range(2):
        desk.do("undo")
    assert {model.reference_of(i).name for i in ids} == {"LaMem"}


def test_the_list_of_references_opens_once_and_compares_the_library(
    desk: Desk, make_pictures: MakePictures
) -> None:
    desk.do("references")
    dialog = desk.opened(ReferencesDialog)
    desk.do("references")
    assert len(desk.window.findChildren(ReferencesDialog)) == 1
    desk.add(*make_pictures(2))
    QTest.keyClick(dialog._list, Qt.Key.Key_Down)
    QTest.keyClick(dialog._list, Qt.Key.Key_Return)
    assert desk.controller.model.reference.name != "LaMem"
    assert desk.controller.model.reference.name in title(desk, Column.PERCENTILE)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    desk.wait(lambda: desk.is_closed(ReferencesDialog))
    desk.do("undo")
    assert desk.controller.model.reference.name == "LaMem"


# Distribution


def numbers(window: DistributionWindow, name: str) -> str:
    """Return a number of the first group."""
    (table,) = window.findChildren(NumbersTable)
    model, vertical = table.model(), Qt.Orientation.Vertical
    rows = {model.headerData(row, vertical): row for row in range(model.rowCount())}
    return str(model.index(rows[name], 0).data()) if name in rows else ""


def test_the_distribution_follows_scores_selection_and_reference(
    desk: Desk, make_pictures: MakePictures
) -> None:
    pictures = make_pictures(6)
    ids = desk.add(*pictures[:4])
    QTest.keyClick(desk.window, Qt.Key.Key_D, CONTROL | SHIFT)
    window = desk.opened(DistributionWindow)
    assert window.width() < window.screen().availableSize().width(), "that of the tests is 800 wide"
    desk.wait(lambda: numbers(window, "Scores (n)") == "4")
    desk.add(*pictures[4:])
    desk.wait(lambda: numbers(window, "Scores (n)") == "6")
    window.compare(Kind.SELECTED)
    desk.select(*ids[:3])
    desk.wait(lambda: numbers(window, "Scores (n)") == "3")
    desk.select(*ids[:2])
    desk.wait(lambda: numbers(window, "Scores (n)") == "2")
    choose(desk, "Library", "MemCat vehicles")
    (sentences,) = window.findChildren(QTextBrowser)
    desk.wait(lambda: "MemCat vehicles" in sentences.toPlainText())
    QTest.keyClick(window, Qt.Key.Key_Escape)
    desk.wait(lambda: desk.is_closed(DistributionWindow))
    desk.select(ids[0])
    desk.do("distribution")
    assert desk.opened(DistributionWindow) is window
    desk.wait(lambda: numbers(window, "Scores (n)") == "1")


# What the network sees


def test_what_the_network_sees_follows_the_selection(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(3))
    desk.select(ids[0])
    QTest.keyClick(desk.window, Qt.Key.Key_N, CONTROL | SHIFT)
    window = desk.opened(NetworkWindow)
    name = desk.controller.library.record(ids[0]).name
    desk.wait(lambda: window.windowTitle() == f"What the Network Sees – {name}")
    first = window.view.pictures[1]
    assert first is not None
    assert (first.width(), first.height()) == (227, 227)
    desk.select(ids[1])
    desk.wait(lambda: window.windowTitle().endswith(desk.controller.library.record(ids[1]).name))
    second = window.view.pictures[1]
    assert second is not None
    assert second.toImage() != first.toImage()
    desk.select(ids[0], ids[1])
    desk.wait(lambda: window.view.pictures == (None, None))
    assert window.message.text().startswith("Select one image")
    desk.select(ids[2])
    desk.wait(lambda: window.view.pictures[0] is not None)
    desk.window.actions_by_name["clear"].trigger()
    desk.wait(lambda: window.view.pictures == (None, None))
    assert window.windowTitle() == "What the Network Sees"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    desk.wait(lambda: desk.is_closed(NetworkWindow))


def test_what_the_network_sees_follows_the_loupe(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(3))
    desk.select(ids[0])
    desk.do("network_view")
    window = desk.opened(NetworkWindow)
    names = [desk.controller.library.record(i).name for i in ids]
    desk.wait(lambda: window.windowTitle().endswith(names[0]))
    desk.do("loupe")
    loupe = desk.window.tools.stage.loupe
    QTest.keyClick(loupe, Qt.Key.Key_Right)
    desk.wait(lambda: loupe.current_id == ids[1])
    desk.wait(lambda: window.windowTitle().endswith(names[1]))
    QTest.keyClick(loupe, Qt.Key.Key_Escape)
    desk.wait(desk.window.grid.isVisible)
    desk.wait(lambda: desk.window.selected_ids() == [ids[1]])
    assert window.windowTitle().endswith(names[1])


def test_what_the_network_sees_follows_the_recipe(desk: Desk, tmp_path: Path) -> None:
    turned = Image.new("RGB", (300, 240), (200, 30, 30))
    turned.paste((30, 30, 200), (0, 0, 300, 120))
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(tmp_path / "turned.jpg", exif=exif)
    (image_id,) = desk.add(tmp_path / "turned.jpg")
    desk.select(image_id)
    desk.do("network_view")
    window = desk.opened(NetworkWindow)

    def shape() -> tuple[int, int]:
        image = window.view.pictures[0]
        return (image.width(), image.height()) if image is not None else (0, 0)

    desk.wait(lambda: shape() == (240, 300))
    upright = window.view.pictures[1]
    desk.do("as_stored")
    desk.wait(lambda: shape() == (300, 240))
    stored = window.view.pictures[1]
    assert upright is not None
    assert stored is not None
    assert stored.toImage() != upright.toImage()
    desk.settle()
    desk.do("as_stored")
    desk.wait(lambda: shape() == (240, 300))
    desk.settle()


def test_an_image_that_cannot_be_decoded_says_why_and_the_next_is_shown(
    desk: Desk, make_pictures: MakePictures, tmp_path: Path
) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    desk.add(*make_pictures(1), tmp_path / "broken.png")
    library = desk.controller.library
    (broken,) = library.with_status(Status.FAILED).tolist()
    desk.select(broken)
    desk.do("network_view")
    window = desk.opened(NetworkWindow)
    desk.wait(lambda: window.windowTitle().endswith("broken.png"))
    assert window.view.pictures == (None, None)
    assert window.message.text() == library.record(broken).error
    (good,) = library.with_status(Status.SCORED).tolist()
    desk.select(good)
    desk.wait(lambda: window.view.pictures[0] is not None)
    assert "Squashed" in window.message.text()


def test_closed_it_loads_nothing_and_its_size_is_kept(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(2))
    desk.select(ids[0])
    desk.do("network_view")
    window = desk.opened(NetworkWindow)
    desk.wait(lambda: window.view.pictures[0] is not None)
    window.resize(700, 480)
    click(window.findChildren(QPushButton)[-1])
    desk.wait(lambda: desk.is_closed(NetworkWindow))
    shown = window.windowTitle()
    desk.select(ids[1])
    desk.wait(lambda: desk.window.inspector._shown == ids[1])
    assert window.windowTitle() == shown
    again = NetworkWindow(desk.controller, desk.window._settings, desk.window)
    assert (again.width(), again.height()) == (700, 480)


# Sensitivity


def test_one_is_measured_from_the_inspector(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(3))
    desk.select(ids[1])
    section = desk.section()
    assert "not measured yet" in section.spread.text()
    desk.scorer.gate.clear()
    desk.press_measure()
    assert section.spread.text() == "Being measured."
    assert not section.button.isEnabled()
    desk.scorer.gate.set()
    desk.settle()
    desk.wait(lambda: "over ten crops" in section.spread.text())
    known = desk.controller.library.sensitivity(ids[1])
    assert known is not None
    assert len(known.scores) == 10
    assert known.low < known.high
    assert desk.cell(ids[1], Column.SENSITIVITY) == f"{known.low:.2f}–{known.high:.2f}"
    assert desk.cell(ids[0], Column.SENSITIVITY) in ("", "None")
    assert f"{known.low:.2f}–{known.high:.2f}" in section.spread.text()
    assert "not an error bar against people" in desk.labels()
    assert not section.button.isVisible()


def test_many_are_measured_after_a_question_with_progress(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(6))
    desk.select(*ids[:4])
    desk.do("sensitivity")
    dialog = desk.opened(SensitivityDialog)
    assert dialog.scope.title == "Selected images"
    assert dialog.estimate.text().startswith("10 framings × 4 images")
    desk.scorer.gate.clear()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    desk.wait(lambda: desk.is_closed(SensitivityDialog))
    assert desk.controller.state is RunState.SCORING
    assert desk.window.windowTitle().startswith("Sensitivity 0 of 4")
    assert "Sensitivity · 0 of 4" in desk.window.status_line.text()
    desk.scorer.gate.set()
    desk.settle()
    assert [i for i in ids if desk.controller.library.sensitivity(i)] == ids[:4]
    desk.wait(lambda: "The sensitivity to framing of 4 images was measured." in desk.notices())
    desk.do("sensitivity")
    again = desk.opened(SensitivityDialog)
    assert not again.measure.isEnabled(), "all of them are measured"
    again._scope_buttons.button(1).click()
    assert again.estimate.text().startswith("10 framings × 2 images")
    again._recipe_buttons.button(1).click()
    assert "6 images" in again.estimate.text()
    QTest.keyClick(again, Qt.Key.Key_Escape)
    desk.wait(lambda: desk.is_closed(SensitivityDialog))


def measure(desk: Desk, ids: list[int]) -> None:
    """Begin to measure, held at the gate."""
    desk.scorer.gate.clear()
    desk.controller.measure_sensitivity(ids, TEN_CROP)
    desk.wait(lambda: desk.controller.state is RunState.SCORING)


def test_measuring_can_be_paused_and_resumed_from_the_toolbar(
    desk: Desk, make_pictures: MakePictures
) -> None:
    ids = desk.add(*make_pictures(4))
    actions, controller = desk.window.actions_by_name, desk.controller
    assert not actions["pause"].isEnabled()
    assert not actions["cancel"].isEnabled()
    measure(desk, ids)
    assert actions["pause"].text() == "&Pause"
    assert actions["cancel"].isEnabled()
    QTest.keyClick(desk.window, Qt.Key.Key_F8)
    assert controller.state is RunState.PAUSED
    assert controller.is_busy
    assert actions["pause"].text() == "&Resume"
    assert desk.window.windowTitle().startswith("Sensitivity, paused")
    desk.scorer.gate.set()
    desk.qtbot.wait(100)
    assert controller.state is RunState.PAUSED
    QTest.keyClick(desk.window, Qt.Key.Key_F8)
    assert actions["pause"].text() == "&Pause"
    desk.settle()
    assert all(controller.library.sensitivity(i) for i in ids)
    assert not actions["pause"].isEnabled()
    assert not actions["cancel"].isEnabled()


def test_measuring_is_cancelled_in_the_middle_and_what_is_there_stays(
    desk: Desk, make_pictures: MakePictures
) -> None:
    ids = desk.add(*make_pictures(6))
    desk.select(ids[-1])
    measured = desk.controller.library.sensitivity
    desk.scorer.seconds = 0.02
    desk.press_measure()
    desk.controller.measure_sensitivity(ids, TEN_CROP)
    desk.wait(lambda: any(measured(i) for i in ids))
    desk.scorer.gate.clear()
    QTest.keyClick(desk.window, Qt.Key.Key_Period, CONTROL)
    desk.scorer.gate.set()
    desk.settle()
    kept = [i for i in ids if measured(i)]
    assert 0 < len(kept) < len(ids)
    assert desk.controller.library.count(Status.SCORED) == 6
    desk.qtbot.wait(100)
    assert [i for i in ids if measured(i)] == kept
    assert "without a score" not in desk.notices()
    unmeasured = next(i for i in ids if i not in kept)
    desk.select(unmeasured)
    assert desk.section().button.isEnabled(), "it can be asked for again"
    desk.controller.measure_sensitivity(ids, TEN_CROP)
    desk.settle()
    assert all(measured(i) for i in ids)


def test_removing_and_clearing_while_sensitivities_are_measured(
    desk: Desk, make_pictures: MakePictures
) -> None:
    ids = desk.add(*make_pictures(4))
    desk.select(ids[0])
    measure(desk, ids)
    desk.do("remove")
    desk.do("clear")
    desk.scorer.gate.set()
    desk.settle()
    assert desk.window.empty_state.isVisible()
    for _ in range(2):
        desk.do("undo")
    assert set(desk.rows()) == set(ids)


def test_an_image_that_cannot_be_measured_is_told(desk: Desk, make_pictures: MakePictures) -> None:
    pictures = make_pictures(2)
    ids = desk.add(*pictures)
    Path(desk.controller.library.paths[ids[0]]).unlink()
    desk.select(ids[0])
    desk.press_measure()
    desk.settle()
    desk.wait(lambda: "could not be measured" in desk.notices())
    assert desk.controller.library.sensitivity(ids[0]) is None
    assert desk.section().spread.text() != "Being measured."


def test_measuring_without_a_scorer_can_be_tried_again(desk: Desk, make_pictures: MakePictures) -> None:
    """Scores come from a session: the scorer is first needed for the sensitivity."""
    ids = desk.add(*make_pictures(2))
    sessions, library = desk.window._sessions, desk.controller.library
    path = Path(library.paths[ids[0]]).with_name("kept.resmem")
    sessions.save(path)
    desk.wait_for_jobs()
    scorer = BrightnessScorer()
    other = Controller(lambda: scorer)
    with_scores = Sessions(other, lambda: scorer, None, other)
    with desk.qtbot.waitSignal(with_scores.opened, timeout=WAIT_MS):
        with_scores.open(path)
    scorer.load_error = ScorerError("torch cannot be imported.")
    notices: list[Any] = []
    other.notice.connect(notices.append)
    known = other.library.with_status(Status.SCORED).tolist()
    assert len(known) == 2
    other.measure_sensitivity(known, TEN_CROP)
    desk.wait(lambda: bool(notices))
    assert notices[-1].text.startswith("torch cannot be imported.")
    assert not other.is_busy
    scorer.load_error = None
    notices[-1].action()
    desk.wait(lambda: all(other.library.sensitivity(i) for i in known))
    assert other.shut_down()
    other.deleteLater()


def test_compare_measures_what_it_shows(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(4))
    desk.select(ids[0], ids[1])
    QTest.keyClick(desk.window.grid, Qt.Key.Key_C)
    compare = desk.window.tools.stage.compare
    desk.wait(compare.isVisible)
    click(compare.measure)
    desk.settle()
    assert [i for i in ids if desk.controller.library.sensitivity(i)] == ids[:2]
    desk.wait(lambda: "over ten crops" in compare.panes[0].framing.accessibleDescription())
    assert "overlap" in compare.panes[1].framing.accessibleDescription()


# Against people


def write_truth(path: Path, names: list[str], scores: list[float]) -> Path:
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["image", "score"])
        writer.writerows(zip(names, scores, strict=True))
    return path


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


def click_worst(evaluation: EvaluationWindow, row: int) -> int:
    """Click one of those predicted worst; return the id of the image."""
    worst = evaluation.worst
    (tabs,) = evaluation.findChildren(QTabWidget)
    tabs.setCurrentWidget(worst)
    QApplication.processEvents()
    QTest.mouseClick(worst.viewport(), LEFT, pos=worst.visualRect(worst.model().index(row, 0)).center())
    comparison = evaluation._comparison
    return int(comparison.image_ids[worst._places[row]])


def test_a_click_on_an_outlier_selects_its_image(desk: Desk, evaluation: EvaluationWindow) -> None:
    for row in (0, 2):
        wanted = click_worst(evaluation, row)
        assert desk.window.selected_ids() == [wanted]
    plot = evaluation.plot
    assert plot is not None
    plot.chosen.emit(4)
    assert desk.window.selected_ids() == [int(evaluation._comparison.image_ids[4])]


def test_an_outlier_that_was_removed_is_said_to_be_gone(desk: Desk, evaluation: EvaluationWindow) -> None:
    wanted = click_worst(evaluation, 0)
    desk.do("remove")
    other = click_worst(evaluation, 1)
    assert desk.window.selected_ids() == [other]
    assert click_worst(evaluation, 0) == wanted
    assert "No longer in the library: 1 image" in desk.window.status_line.text()
    assert desk.window.selected_ids() == [other]


def test_an_outlier_that_the_filter_hides_is_offered(desk: Desk, evaluation: EvaluationWindow) -> None:
    model = desk.controller.model
    wanted = click_worst(evaluation, 0)
    other = click_worst(evaluation, 1)
    name = desk.controller.library.record(other).name
    model.set_filter(Filter(text=name))
    assert click_worst(evaluation, 0) == wanted
    hidden = desk.controller.library.record(wanted).name
    assert f"The filter hides {hidden}." in desk.notices()
    assert desk.rows() == [other], "nobody has asked for another filter"
    button = next(one for one in desk.window.notices.findChildren(QPushButton) if "Show All" in one.text())
    click(button)
    assert model.filter.is_open
    assert desk.window.selected_ids() == [wanted]
    assert "hides" not in desk.notices()


def test_figures_of_an_evaluation_carry_the_run_record(
    desk: Desk, evaluation: EvaluationWindow, tmp_path: Path
) -> None:
    click(next(one for one in evaluation.findChildren(QPushButton) if "Figures" in one.text()))
    save_as(desk, evaluation, tmp_path / "figures.json", "JSON, everything (*.json)")
    desk.wait((tmp_path / "figures.json").exists)
    text = json.dumps(json.loads((tmp_path / "figures.json").read_text()))
    assert "Brightness 1" in text
    assert "began" in text


# Lists


def test_lists_are_drawn_and_one_is_shown_in_the_window(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(12))
    desk.select(*ids[:8])
    desk.do("lists")
    dialog = desk.opened(ListsDialog)
    assert [dialog.form.source.itemText(n) for n in range(dialog.form.source.count())] == [
        "All scored images (12)",
        "Selected images (8)",
    ]
    dialog.form.in_list.setValue(3)
    desk.wait(lambda: dialog.summaries.rowCount() == 2)
    menu = dialog._show_menu
    menu.popup(dialog.mapToGlobal(dialog.rect().center()))
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(entry(menu, "List B")).center())
    made = dialog._made
    assert made is not None
    assert set(desk.window.selected_ids()) == set(made.lists.image_ids[1].tolist())
    click(dialog.save_button)
    target = dialog.findChildren(QFileDialog)[-1]
    folder = Path(desk.controller.library.paths[ids[0]]).parent
    target.selectFile(str(folder / "trials.csv"))
    target.accept()
    desk.wait((folder / "trials.csv").exists)
    desk.wait(lambda: dialog.message.text().startswith("Written to"))
    assert "Brightness 1" in "".join(path.read_text() for path in folder.glob("*.json"))
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    desk.wait(lambda: desk.is_closed(ListsDialog))


def test_lists_name_the_reference_that_their_percentiles_were_taken_from(
    desk: Desk, make_pictures: MakePictures, tmp_path: Path
) -> None:
    ids = desk.add(*make_pictures(6))
    percentiles = {round(desk.controller.model.standing.percentile(i) or 0, 1) for i in ids}
    desk.do("lists")
    dialog = desk.opened(ListsDialog)
    dialog.form.in_list.setValue(3)
    desk.wait(lambda: dialog.summaries.rowCount() == 2)
    choose(desk, "Library", "MemCat food")
    dialog.save_to(str(tmp_path / "trials.csv"))
    desk.wait(lambda: dialog.message.text().startswith("Written to"))
    with (tmp_path / "trials.csv").open(encoding="utf-8-sig", newline="") as file:
        trials = list(csv.DictReader(file))
    assert {trial["reference"] for trial in trials} == {"LaMem"}
    assert {float(trial["percentile"]) for trial in trials} == percentiles
    record = "".join(path.read_text() for path in tmp_path.glob("trials*.json"))
    assert "LaMem" in record
    assert "MemCat food" not in record


def test_a_filter_offers_what_is_shown_first(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(6))
    desk.controller.model.set_filter(Filter(text="picture1"))
    desk.do("lists")
    dialog = desk.opened(ListsDialog)
    assert dialog.form.source.currentText() == "Images shown (1)"
    assert len(ids) == 6


# Reports and exports


@pytest.mark.parametrize("ending", ["html", "pdf"])
def test_a_report_is_written(desk: Desk, make_pictures: MakePictures, tmp_path: Path, ending: str) -> None:
    ids = desk.add(*make_pictures(5))
    desk.select(*ids[:2])
    desk.do("report")
    dialog = desk.opened(ReportDialog)
    click(dialog.pdf_button if ending == "pdf" else dialog.html_button)
    path = tmp_path / f"report.{ending}"
    save_as(desk, dialog, path)
    desk.wait(lambda: "saved to" in dialog.message.text())
    assert "5 images" in dialog.message.text()
    content = path.read_bytes()
    assert content.startswith(b"%PDF" if ending == "pdf" else b"<!DOCTYPE html>")
    if ending == "html":
        for name in ("picture0.png", "Brightness 1", "LaMem"):
            assert name.encode() in content
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    desk.wait(lambda: desk.is_closed(ReportDialog))


def test_a_report_leaves_out_what_was_removed_meanwhile(
    desk: Desk, make_pictures: MakePictures, tmp_path: Path
) -> None:
    ids = desk.add(*make_pictures(5))
    desk.do("report")
    dialog = desk.opened(ReportDialog)
    gone = desk.controller.library.record(ids[0]).name
    desk.select(ids[0])
    desk.do("remove")
    dialog.save_to(str(tmp_path / "report.html"))
    desk.wait(lambda: "saved to" in dialog.message.text())
    assert "4 images" in dialog.message.text()
    assert gone.encode() not in (tmp_path / "report.html").read_bytes()


@pytest.mark.parametrize("ending", FORMATS)
def test_the_filter_of_the_dialog_chooses_the_format(
    desk: Desk, make_pictures: MakePictures, tmp_path: Path, ending: str
) -> None:
    ids = desk.add(*make_pictures(3))
    desk.controller.measure_sensitivity(ids[:1], SMALL_SHIFTS)
    desk.settle()
    QTest.keyClick(desk.window, Qt.Key.Key_E, CONTROL)
    chosen = next(one for one in NAME_FILTERS if f"*{ending})" in one)
    save_as(desk, desk.window, tmp_path / "table", chosen)
    path = tmp_path / f"table{ending}"
    desk.wait(lambda: f"3 rows written to {path}" in desk.notices())
    table = read_table(path)
    library = desk.controller.library
    assert [image["file"] for image in table.images] == [library.record(i).name for i in desk.rows()]
    known = library.sensitivity(ids[0])
    assert known is not None
    assert table.images[0]["sensitivity_low"] == pytest.approx(known.low, abs=1e-6)
    assert table.images[0]["sensitivity_recipe"] == SMALL_SHIFTS.id
    assert table.record is not None
    times = table.record.times
    assert "2" < times.began <= times.ended <= times.exported, "ISO 8601: in the order of the letters"


# Cautions


def test_cautions_appear_are_told_filtered_and_exported(
    desk: Desk, make_pictures: MakePictures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_duplicates, "_LOOK_MS", 20)
    plain, alike = make_pictures(2, "plain")
    near = tmp_path / "near.png"
    with Image.open(alike) as image:
        image.resize((310, 270)).save(near)
    (small,) = make_pictures(1, "small pictures", (100, 100))
    (wide,) = make_pictures(1, "a wide one", (900, 300))
    desk.add(plain, alike, near, small, wide)
    library = desk.controller.library
    ids = {path: library.id_of(str(path)) for path in (plain, alike, near, small, wide)}

    def cautions(path: Path) -> Caution:
        return Caution(int(library.cautions[ids[path]]))

    assert Caution.SMALL in cautions(small), "its size tells at once"
    assert Caution.ASPECT in cautions(wide)
    desk.wait(lambda: Caution.NEAR_DUPLICATE in cautions(near))
    assert Caution.NEAR_DUPLICATE in cautions(alike)
    assert not cautions(plain) & (Caution.SMALL | Caution.ASPECT | Caution.NEAR_DUPLICATE)
    image_id = ids[near]
    assert image_id is not None
    desk.select(image_id)
    (section,) = desk.window.inspector.findChildren(CautionsSection)
    row = section.rows[Caution.NEAR_DUPLICATE]
    desk.wait(row.isVisible)
    assert f"It is most like “{alike.name}”" in row.reason.text().replace("\u200b", "")
    assert "ear-duplicate" in desk.cell(image_id, Column.CAUTIONS)
    menu = desk.window.filter_bar.menu_for("cautions")
    assert isinstance(menu, QMenu)
    menu.popup(desk.window.mapToGlobal(desk.window.rect().center()))
    found = entry(menu, "Near-duplicate")
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(found).center())
    menu.close()
    assert set(desk.rows()) == {ids[near], ids[alike]}
    desk.controller.exports.export_table(tmp_path / "alike.csv", desk.rows())
    desk.wait(lambda: "rows written" in desk.notices())
    assert all("near-duplicate" in str(one["cautions"]) for one in read_table(tmp_path / "alike.csv").images)


@pytest.mark.parametrize("end", ["done", "cancelled"])
def test_near_duplicates_are_found_after_measuring_held_them_up(
    desk: Desk, make_pictures: MakePictures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(near_duplicates, "_LOOK_MS", 150)
    (alike,) = make_pictures(1)
    near = tmp_path / "near.png"
    with Image.open(alike) as image:
        image.resize((310, 270)).save(near)
    ids = desk.add(alike, near)
    library = desk.controller.library
    desk.wait(lambda: bool(library.traits_known[ids].all()))
    measure(desk, ids)
    desk.qtbot.wait(400)
    assert not any(library.cautions[i] & Caution.NEAR_DUPLICATE for i in ids)
    if end == "cancelled":
        desk.do("cancel")
    desk.scorer.gate.set()
    desk.settle()
    desk.wait(lambda: all(library.cautions[i] & Caution.NEAR_DUPLICATE for i in ids))


# Help


def test_the_help_opens_on_its_pages(desk: Desk) -> None:
    QTest.keyClick(desk.window, Qt.Key.Key_F1)
    window = desk.opened(HelpWindow)
    first = window.text.toPlainText()
    assert first
    desk.do("limits")
    assert len(desk.window.findChildren(HelpWindow)) == 1
    assert window.text.toPlainText() != first
    for row in range(window.list.count()):
        window.list.setCurrentRow(row)
        assert len(window.text.toPlainText()) > 200
    QTest.keyClick(window, Qt.Key.Key_Escape)
    desk.wait(lambda: desk.is_closed(HelpWindow))


# Sessions


def test_a_session_keeps_references_and_sensitivities(
    desk: Desk, make_pictures: MakePictures, tmp_path: Path
) -> None:
    ids = desk.add(*make_pictures(4))
    desk.select(ids[0])
    choose(desk, "Library", "MemCat food")
    choose(desk, "Selection (1 Image)", "MemCat sports")
    desk.controller.measure_sensitivity(ids[:2], TEN_CROP)
    desk.settle()
    library = desk.controller.library
    before: dict[str, Sensitivity | None] = {library.paths[i]: library.sensitivity(i) for i in ids}
    sessions = desk.window._sessions
    sessions.save(tmp_path / "kept.resmem")
    desk.wait_for_jobs()
    desk.do("undo")
    desk.do("undo")
    assert desk.controller.model.reference.name == "LaMem"
    for _ in range(2):  # also over itself
        with desk.qtbot.waitSignal(sessions.opened, timeout=WAIT_MS):
            sessions.open(tmp_path / "kept.resmem")
        desk.settle()
        assert desk.controller.model.reference.name == "MemCat food"
        assert "MemCat food" in desk.window.histogram.summary()
        after = {library.paths[i]: library.sensitivity(i) for i in desk.rows()}
        assert after == before
        (chosen,) = [i for i in desk.rows() if desk.controller.model.reference_of(i).id == "memcat-sports"]
        assert desk.window.selected_ids() == [chosen]
        desk.wait(lambda: "MemCat sports" in desk.labels())
        assert "over ten crops" in desk.section().spread.text()


def test_windows_that_stay_open_know_nothing_of_another_library(
    desk: Desk, evaluation: EvaluationWindow, make_pictures: MakePictures, tmp_path: Path
) -> None:
    """What was there before a session was opened is gone: none of its images is shown or measured."""
    desk.do("lists")
    desk.do("sensitivity")
    desk.do("report")
    desk.do("network_view")
    lists, sensitivity = desk.opened(ListsDialog), desk.opened(SensitivityDialog)
    lists.form.in_list.setValue(3)
    desk.wait(lambda: lists.summaries.rowCount() == 2)
    sessions = desk.window._sessions
    sessions.save(tmp_path / "kept.resmem")
    desk.wait_for_jobs()
    with desk.qtbot.waitSignal(sessions.opened, timeout=WAIT_MS):
        sessions.open(tmp_path / "kept.resmem")
    desk.settle()
    click_worst(evaluation, 0)
    assert "No longer in the library: 1 image" in desk.window.status_line.text()
    lists._show_menu.actions()[0].trigger()
    assert "No longer in the library: 3 images" in desk.window.status_line.text()
    sensitivity.accept()
    desk.settle()
    assert not any(desk.controller.library.sensitivity(i) for i in desk.rows())
    report = desk.opened(ReportDialog)
    report.save_to(str(tmp_path / "old.html"))
    desk.wait(lambda: not report.is_busy)


# Closing


@pytest.mark.parametrize(
    "name",
    ["distribution", "network_view", "sensitivity", "evaluate", "lists", "report", "references", "reading"],
)
def test_closing_the_window_closes_what_is_open_and_at_work(
    desk: Desk, make_pictures: MakePictures, tmp_path: Path, name: str
) -> None:
    ids = desk.add(*make_pictures(6))
    desk.select(ids[0])
    desk.do(name)
    dialog = next(desk.opened(kind) for kind in DIALOGS if desk.find(kind) is not None)
    if isinstance(dialog, ReportDialog):
        dialog.save_to(str(tmp_path / "report.pdf"))
    elif isinstance(dialog, SensitivityDialog):
        dialog.accept()
    elif isinstance(dialog, TruthDialog):
        truth = write_truth(tmp_path / "truth.csv", [f"picture{n}.png" for n in range(6)], [0.5] * 6)
        dialog.open_table(str(truth))
    desk.window.close_without_asking()
    assert not any(widget.isVisible() for widget in QApplication.topLevelWidgets())


def test_closing_while_many_are_open(desk: Desk, evaluation: EvaluationWindow, tmp_path: Path) -> None:
    for name in ("distribution", "network_view", "lists", "report", "references", "reading", "sensitivity"):
        desk.do(name)
    measure(desk, desk.rows())
    desk.opened(ReportDialog).save_to(str(tmp_path / "report.html"))
    desk.window.close_without_asking()
    desk.scorer.gate.set()
    assert not any(widget.isVisible() for widget in QApplication.topLevelWidgets())
    assert evaluation is not None


# Keys and menus


def menus(window: MainWindow) -> dict[str, list[QAction]]:
    """Return what each menu of the menu bar holds, and each menu in there, by its title."""
    found: dict[str, list[QAction]] = {"": window.menuBar().actions()}

    def collect(action: QAction, path: str) -> None:
        menu = action.menu()
        if isinstance(menu, QMenu):
            name = f"{path}/{action.text().replace('&', '')}"
            found[name] = [one for one in menu.actions() if not one.isSeparator()]
            for inner in found[name]:
                collect(inner, name)

    for action in window.menuBar().actions():
        collect(action, "")
    return found


def test_no_two_actions_share_a_key(window: MainWindow) -> None:
    keymap = window.tools.keymap
    assert keymap.conflicts() == []
    holders: dict[str, list[str]] = {}
    actions = window.actions_by_name
    for name in actions.names:
        for key in actions[name].shortcuts():
            holders.setdefault(key.toString(), []).append(name)
    for key, title_of_menu in actions.menu_keys().items():
        holders.setdefault(key.toString(), []).append(title_of_menu)
    shared = {key: names for key, names in holders.items() if len(names) > 1}
    assert shared == {}
    assert holders["Ctrl+Shift+D"] == ["distribution"]
    assert holders["Ctrl+Shift+N"] == ["network_view"]


def test_mnemonics_are_unique_in_every_menu(desk: Desk, make_pictures: MakePictures) -> None:
    ids = desk.add(*make_pictures(2))
    desk.select(ids[0])
    desk.window.tools.comparing.aboutToShow.emit()
    twice = {}
    (image_menu,) = desk.window.findChildren(ImageMenu)
    for name, actions in [*menus(desk.window).items(), ("image", image_menu.actions())]:
        keys = [QKeySequence.mnemonic(action.text()).toString() for action in actions]
        keys = [key for key in keys if key]
        if len(set(keys)) < len(keys):
            twice[name] = [action.text() for action in actions if keys.count(_mnemonic(action)) > 1]
    assert twice == {}


def _mnemonic(action: QAction) -> str:
    return QKeySequence.mnemonic(action.text()).toString()


def test_commands_need_images(desk: Desk, make_pictures: MakePictures) -> None:
    actions = desk.window.actions_by_name
    need = ("report", "evaluate", "lists", "distribution", "sensitivity", "network_view")
    assert not any(actions[name].isEnabled() for name in need)
    assert all(actions[name].isEnabled() for name in ("references", "reading", "limits"))
    ids = desk.add(*make_pictures(2))
    assert all(actions[name].isEnabled() for name in need)
    desk.select(ids[0])
    desk.do("loupe")
    assert all(actions[name].isEnabled() for name in need), "they open windows beside the loupe"
    QTest.keyClick(desk.window.tools.stage.loupe, Qt.Key.Key_Escape)
    desk.do("clear")
    assert not any(actions[name].isEnabled() for name in need)


def test_every_command_stands_in_the_list_of_shortcuts_under_its_menu(window: MainWindow) -> None:
    actions = window.actions_by_name
    groups = {
        "report": "File",
        "evaluate": "File",
        "lists": "File",
        "distribution": "View",
        "network_view": "View",
        "sensitivity": "Scoring",
        "references": "Scoring",
        "reading": "Help",
        "limits": "Help",
    }
    assert {name: actions.group(name) for name in groups} == groups
    assert [name for name in actions.names if actions.group(name) == "Other"] == []


def test_settings_of_these_windows_that_make_no_sense_are_passed_over(
    controller: Controller, scorer: BrightnessScorer, tmp_path: Path, make_pictures: MakePictures,
    settle: Settle,
) -> None:  # fmt: skip
    settings = QSettings(str(tmp_path / "odd.ini"), QSettings.Format.IniFormat)
    settings.setValue("licence/told", "yes")
    nonsense: dict[str, Any] = {
        "network_view/geometry": "x",
        "distribution/geometry": 7,
        "report/size": "wide",
        "lists/in_list": "many",
    }
    for key, value in nonsense.items():
        settings.setValue(key, value)
    window = MainWindow(controller, Sessions(controller, lambda: scorer, None, controller), settings)
    window.show()
    drop(window, files(*make_pictures(3)))
    settle()
    for name in ("network_view", "distribution", "report", "lists"):
        window.actions_by_name[name].trigger()
    QApplication.processEvents()
    window.close_without_asking()
    window.deleteLater()
