"""The inspector says what is known of the selected image, with the cautions about its score."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.analysis.cautions import reason, title
from resmem_gui.analysis.differences import difference
from resmem_gui.analysis.reference import load_lamem
from resmem_gui.library.library import Library
from resmem_gui.library.records import ImageRecord, Provenance, Sensitivity
from resmem_gui.scoring.framings import TEN_CROP
from resmem_gui.traits import NO_CAUTION, Caution, Traits
from resmem_gui.ui.browsing.inspector import Inspector
from resmem_gui.ui.browsing.inspector_section import InspectorSection
from resmem_gui.ui.browsing.previews import Preview
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.thumbnails import Thumbnails
from resmem_gui.ui.threads.background import Loader

MADE_BY = Provenance("Brightness 1", "0" * 64, "test-1", "cpu")
FACE = Traits(faces=1, face_share=0.5, text_share=0.0, graphic=0.0, frames=1, fingerprint=b"")


@pytest.fixture
def model(qtbot: QtBot) -> Iterator[ImageModel]:
    """Three scored images and one that waits."""
    thumbnails = Thumbnails()
    made = ImageModel(Library(), load_lamem(), thumbnails)
    ids = made.add([f"/photos/image-{number}.jpg" for number in range(4)])
    for image_id in ids[:3]:
        made.library.set_scored(image_id, 0.5 + 0.1 * image_id, (640, 480), f"{image_id:064x}", MADE_BY)
    made.images_changed(ids)
    yield made
    made.stop()
    thumbnails.stop()


@pytest.fixture
def inspector(qtbot: QtBot, model: ImageModel) -> Iterator[Inspector]:
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    previews = Loader(lambda _: Preview(picture, picture, picture), threads=1, name="preview")
    made = Inspector(model, previews)
    made.resize(300, 900)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    previews.stop()


def said(inspector: Inspector) -> str:
    """Return all visible words, without the places where a path may break."""
    labels = [label.text() for label in inspector.findChildren(QLabel) if label.isVisible()]
    return "\n".join(labels).replace("\u200b", "").replace("\u00a0", " ")


def look_at(model: ImageModel, image_id: int, cautions: Caution) -> None:
    model.library.set_traits(image_id, FACE)
    model.library.set_cautions([image_id], int(cautions))
    model.images_changed([image_id])


def test_each_caution_is_named_with_the_reason_of_this_image(inspector: Inspector, model: ImageModel) -> None:
    look_at(model, 0, Caution.FACE | Caution.SMALL)
    inspector.show_images([0])
    words = said(inspector)
    assert "Cautions" in words
    for caution in (Caution.FACE, Caution.SMALL):
        assert title(caution) in words
        assert reason(caution, FACE, (640, 480)) in words
    shown = [caution for caution, row in inspector.cautions.rows.items() if row.isVisible()]
    assert shown == [Caution.FACE, Caution.SMALL]
    assert "Not looked at yet" not in words
    assert "None found" not in words


def test_the_words_tell_apart_no_caution_and_not_looked_at(inspector: Inspector, model: ImageModel) -> None:
    inspector.show_images([0])
    assert "Not looked at yet" in said(inspector)
    look_at(model, 0, NO_CAUTION)
    assert "None found" in said(inspector)
    assert "Not looked at yet" not in said(inspector)


def test_what_follows_from_the_size_is_said_before_anybody_has_looked(
    inspector: Inspector, model: ImageModel
) -> None:
    model.library.set_cautions([0], int(Caution.SMALL))
    inspector.show_images([0])
    assert title(Caution.SMALL) in said(inspector)
    assert "Not looked at yet" in said(inspector)


def test_without_a_score_there_are_no_cautions(inspector: Inspector, model: ImageModel) -> None:
    inspector.show_images([3])
    assert not inspector.cautions.isVisible()
    inspector.show_images([0])
    assert inspector.cautions.isVisible()
    inspector.show_images([0, 1])
    assert not inspector.cautions.isVisible()


def test_a_near_duplicate_names_the_image_it_is_like(inspector: Inspector, model: ImageModel) -> None:
    inspector.cautions.near_duplicate_of = {0: 2}.get
    look_at(model, 0, Caution.NEAR_DUPLICATE)
    inspector.show_images([0])
    assert "most like “image-2.jpg”" in said(inspector)
    look_at(model, 1, Caution.NEAR_DUPLICATE)
    inspector.show_images([1])
    assert title(Caution.NEAR_DUPLICATE) in said(inspector)
    assert "most like" not in said(inspector)


def test_the_percentile_names_the_reference_of_this_image(inspector: Inspector, model: ImageModel) -> None:
    model.set_reference([1], "memcat-landscape")
    inspector.show_images([0])
    assert "of LaMem, n = 58,741" in said(inspector)
    inspector.show_images([1])
    reference = model.reference_of(1)
    assert f"of {reference.name}, n = {reference.n:,}" in said(inspector)
    model.set_reference([1], "")
    assert "of LaMem" in said(inspector)


class NameSection(InspectorSection):
    """Says the name of images with an even number."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Even", parent)
        self.text = self.add_text()

    def describe(self, record: ImageRecord) -> bool:
        self.text.setText(f"even: {record.name}")
        return record.image_id % 2 == 0


def test_further_sections_describe_the_image_and_hide_when_they_have_nothing_to_say(
    inspector: Inspector,
) -> None:
    inspector.show_images([2])
    inspector.add_section(NameSection(inspector))
    assert "even: image-2.jpg" in said(inspector)
    inspector.show_images([1])
    assert "even:" not in said(inspector)
    inspector.show_images([0])
    assert "even: image-0.jpg" in said(inspector)
    inspector.show_images([])
    assert "even:" not in said(inspector)


def test_of_two_images_it_says_what_their_difference_is_worth(
    inspector: Inspector, model: ImageModel
) -> None:
    inspector.show_images([0, 1])
    first, second = (model.library.record(image_id) for image_id in (0, 1))
    assert first.score is not None
    assert second.score is not None
    words = said(inspector)
    assert difference(first.score, second.score).sentence in words
    assert f"{first.name}: {first.score:.3f}" in words
    assert "overlap" not in words


def test_two_images_whose_intervals_overlap_cannot_be_told_apart(
    inspector: Inspector, model: ImageModel
) -> None:
    inspector.show_images([0, 1])
    for image_id in (0, 1):
        model.library.set_sensitivity(image_id, Sensitivity(TEN_CROP.id, (0.5, 0.9)))
    model.images_changed([0, 1])
    assert "By framing alone they cannot be told apart." in said(inspector)
    model.library.set_sensitivity(0, Sensitivity(TEN_CROP.id, (0.95, 0.97)))
    model.images_changed([0])
    assert "these do not overlap" in said(inspector)


def test_of_two_images_without_scores_it_only_counts(inspector: Inspector) -> None:
    inspector.show_images([0, 3])
    assert said(inspector).strip() == "2 images are selected."
