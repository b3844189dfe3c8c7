"""The inspector's section about cautions, by itself."""

from pathlib import Path

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.cautions import UNCHANGED, reason
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.traits import NO_CAUTION, Caution, Traits
from resmem_gui.ui.browsing.cautions_section import CautionsSection

FACE = Traits(1, 0.5, 0.0, 0.0, 1, bytes(24))
MADE_BY = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")


def words(section: QWidget) -> list[str]:
    labels = section.findChildren(QLabel)
    return [label.text() for label in labels if label.isVisibleTo(section) and label.text()]


def test_what_goes_for_all_cautions_is_said_once(qtbot: QtBot, tmp_path: Path) -> None:
    library = Library()
    (image_id,) = library.add([str(tmp_path / "a.jpg")])
    library.set_scored(image_id, 0.7, (120, 90), "ab", MADE_BY)
    library.set_traits(image_id, FACE)
    window = QWidget()
    qtbot.addWidget(window)
    section = CautionsSection(library, window)
    for cautions, times in ((Caution.FACE | Caution.SMALL, 1), (Caution.FACE, 1), (NO_CAUTION, 0)):
        library.set_cautions([image_id], int(cautions))
        assert section.describe(library.record(image_id))
        told = words(section)
        assert sum(text.count(UNCHANGED) for text in told) == times
        for caution in cautions:
            assert reason(caution, FACE, (120, 90)) in told
    assert UNCHANGED in section.toolTip()
