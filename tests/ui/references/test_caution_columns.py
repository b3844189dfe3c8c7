"""The columns of cautions and sensitivities."""

from PySide6.QtCore import Qt

from resmem_gui.library.records import Sensitivity
from resmem_gui.traits import Caution, Traits
from resmem_gui.ui import wording
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.rows.image_model import ImageModel
from tests.ui.references.bench import fill, texts

ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
SPOKEN, TIP = Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole
ORIENTATION = Qt.Orientation.Horizontal


TRAITS = Traits(1, 0.5, 0.0, False, 1, bytes(24))


def test_cautions_and_sensitivities_have_columns(model: ImageModel) -> None:
    ids = fill(model, [0.7, 0.8, 0.9])
    library = model.library
    for image_id in ids[:2]:
        library.set_traits(image_id, TRAITS)
    library.set_cautions(ids[0], Caution.FACE | Caution.NEAR_DUPLICATE)
    library.set_sensitivity(ids[0], Sensitivity("ten-crop", (0.66, 0.74, 0.7)))
    library.set_sensitivity(ids[2], Sensitivity("ten-crop", (0.88, 0.9)))
    model.images_changed(ids)
    assert texts(model, Column.CAUTIONS) == ["Face; Near-duplicate", "None", ""]
    assert texts(model, Column.SENSITIVITY) == ["0.66–0.74", "", "0.88–0.90"]
    assert model.index(0, Column.NAME).data(SPOKEN).endswith(", cautions: Face; Near-duplicate")
    tip = model.index(0, Column.CAUTIONS).data(TIP)
    assert "<br>Face: " in tip
    assert "<br>Near-duplicate: " in tip
    tip = model.index(0, Column.SENSITIVITY).data(TIP)
    assert "Framed in 3 ways it scores from 0.66 to 0.74: sensitivity to framing, not an error" in tip
    model.sort(Column.SENSITIVITY, DESCENDING)
    assert model.order.tolist() == [ids[0], ids[2], ids[1]]
    model.sort(Column.CAUTIONS, ASCENDING)
    assert model.order.tolist() == [ids[1], ids[0], ids[2]]
    model.sort(Column.CAUTIONS, DESCENDING)
    assert model.order.tolist() == [ids[0], ids[1], ids[2]]


def test_cautions_sort_by_how_many_there_are(model: ImageModel) -> None:
    ids = fill(model, [0.7, 0.8, 0.9])
    for image_id in ids:
        model.library.set_traits(image_id, TRAITS)
    model.library.set_cautions(ids, [Caution.NEAR_DUPLICATE, Caution.FACE | Caution.TEXT, 0])
    model.sort(Column.CAUTIONS, DESCENDING)
    assert model.order.tolist() == [ids[1], ids[0], ids[2]]


def test_words_for_what_nobody_has_asked() -> None:
    assert wording.cautions_text(None) == wording.sensitivity_text(None) == ""
