"""What is kept of the references chosen: in sessions, and from start to start."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.references import References
from resmem_gui.library.records import Sensitivity
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.references.remembered import compare_as_last
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.sessions.sessions import Sessions, unknown_references_sentence
from tests.ui.conftest import WAIT_MS, BrightnessScorer
from tests.ui.references.bench import Bench, fill, own


def test_a_session_brings_all_choices_back(
    controller: Controller,
    scorer: BrightnessScorer,
    make_images: Callable[..., list[Path]],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    sessions = Sessions(controller, lambda: scorer, None, controller)
    model = controller.model
    with qtbot.waitSignal(controller.run_ended, timeout=WAIT_MS):
        controller.add_paths([str(path) for path in [*make_images(2, "sea"), *make_images(2, "land")]])
    by_name = {Path(model.library.paths[i]).parent.name + str(i % 2): i for i in range(4)}
    sea = sorted(i for name, i in by_name.items() if name.startswith("sea"))
    model.set_reference(sea[:1], "user-gone")
    model.library.set_sensitivity(sea[1], Sensitivity("ten-crop", (0.4, 0.5)))
    of_folders = {str(tmp_path / "sea"): "memcat-food", str(tmp_path / "sea" / "raw"): ""}
    model.set_folder_references(of_folders)
    model.set_default_reference("memcat-landscape")
    sessions.save(tmp_path / "a.resmem")
    qtbot.waitUntil(lambda: sessions.path is not None and not sessions.is_modified, timeout=WAIT_MS)
    model.set_default_reference("memcat")
    assert sessions.is_modified

    notices: list[str] = []
    sessions.notice.connect(lambda notice: notices.append(notice.text))
    with qtbot.waitSignal(sessions.opened, timeout=WAIT_MS):
        sessions.open(tmp_path / "a.resmem")
    assert model.choices.default_id == "memcat-landscape"
    assert model.choices.folders == of_folders
    back = model.library.present_ids().tolist()
    assert [model.library.reference(i) for i in back].count("user-gone") == 1
    assert sorted(model.reference_of(i).id for i in back) == ["lamem", *["memcat-landscape"] * 3]
    assert [model.library.sensitivity(i) for i in back].count(Sensitivity("ten-crop", (0.4, 0.5))) == 1
    assert unknown_references_sentence(["user-gone"]) in notices
    assert not sessions.is_modified


def test_one_and_several_missing_references_are_told() -> None:
    assert unknown_references_sentence(["user-a"]).startswith(
        "A reference of this session is not on this computer: “a”."
    )
    assert "are not on this computer: “a”, “b”." in unknown_references_sentence(["user-a", "user-b"])


# --- from start to start -------------------------------------------------------------------------


def test_the_library_begins_with_the_reference_chosen_last(
    bench: Bench, model: ImageModel, settings: QSettings
) -> None:
    assert compare_as_last(model, settings) is None
    assert model.choices.default_id == "lamem"
    bench.choosing.for_images(fill(bench.model, [0.7]), "memcat-food")
    bench.action("Library", "MemCat landscapes").trigger()
    bench.action("Library", "MemCat").trigger()
    assert compare_as_last(model, settings) is None
    assert model.reference.name == "MemCat"
    bench.history.stack.undo()
    assert compare_as_last(model, settings) is None
    assert model.reference.name == "MemCat landscapes", "what was undone was not meant"


def test_a_reference_that_is_gone_is_told_once(
    bench: Bench, model: ImageModel, settings: QSettings, references: References
) -> None:
    references.add(own("My lab"))
    bench.choosing.for_library("user-my-lab")
    assert compare_as_last(model, settings) is None
    assert model.reference.name == "My lab"
    references.remove("user-my-lab")
    model.set_default_reference("lamem")
    told = compare_as_last(model, settings)
    assert told is not None
    assert told.text.startswith("The reference “my-lab” is not on this computer; LaMem takes its place.")
    assert (model.choices.default_id, model.choices.unknown()) == ("lamem", [])
    assert compare_as_last(model, settings) is None, "once"


def test_a_session_is_not_remembered_as_a_choice(
    bench: Bench,
    model: ImageModel,
    settings: QSettings,
    scorer: BrightnessScorer,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    sessions = Sessions(bench.controller, lambda: scorer, None, bench.controller)
    bench.choosing.for_library("memcat-food")
    sessions.save(tmp_path / "a.resmem")
    qtbot.waitUntil(lambda: sessions.path is not None, timeout=WAIT_MS)
    bench.choosing.for_library("memcat")
    with qtbot.waitSignal(sessions.opened, timeout=WAIT_MS):
        sessions.open(tmp_path / "a.resmem")
    assert bench.model.reference.name == "MemCat food", "the session's own"
    compare_as_last(model, settings)
    assert model.reference.name == "MemCat"
