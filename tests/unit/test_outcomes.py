"""What the pipeline says of an image is noted in the library, with the cautions that follow from it."""

import pytest

from resmem_gui.analysis.cautions import cautions_of
from resmem_gui.file_state import FileState
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.outcomes import note_traits, record_outcomes
from resmem_gui.scoring.pipeline import Failed, Request, Scored
from resmem_gui.traits import NO_CAUTION, Caution, Traits

MADE_BY = Provenance("Fake 1.0", "f" * 64, "recipe-1", "")
STATE = FileState(1000, 1_700_000_000_000_000_000, 42)
FACE = Traits(faces=1, face_share=0.9, text_share=0.0, graphic=0.0, frames=1, fingerprint=b"")
PLAIN = Traits(faces=0, face_share=0.0, text_share=0.0, graphic=0.0, frames=1, fingerprint=b"")


@pytest.fixture
def library() -> Library:
    made = Library()
    made.add(["/photos/a.jpg"])
    return made


def scored(traits: Traits | None, size: tuple[int, int] = (640, 480)) -> Scored:
    return Scored(Request(0, "/photos/a.jpg"), 0.5, "cpu", size, "0" * 64, STATE, True, traits=traits)


def test_traits_and_their_cautions_are_noted(library: Library) -> None:
    record_outcomes(library, [scored(FACE)], MADE_BY)
    assert library.traits(0) == FACE
    assert library.record(0).cautions == cautions_of(FACE, (640, 480)) == Caution.FACE
    record_outcomes(library, [scored(PLAIN)], MADE_BY)
    assert library.record(0).cautions == NO_CAUTION


def test_without_traits_the_size_alone_tells(library: Library) -> None:
    record_outcomes(library, [scored(None, (900, 100))], MADE_BY)
    assert library.record(0).cautions is None
    assert Caution(int(library.cautions[0])) == Caution.SMALL | Caution.ASPECT


def test_what_is_known_is_not_forgotten_by_a_score_without_it(library: Library) -> None:
    record_outcomes(library, [scored(FACE)], MADE_BY)
    record_outcomes(library, [scored(None)], MADE_BY)
    assert library.traits(0) == FACE
    assert library.record(0).cautions == Caution.FACE


def test_likeness_to_another_image_stays_noted(library: Library) -> None:
    record_outcomes(library, [scored(None)], MADE_BY)
    library.set_cautions([0], int(Caution.NEAR_DUPLICATE | Caution.TEXT))
    note_traits(library, 0, FACE)
    assert library.record(0).cautions == Caution.NEAR_DUPLICATE | Caution.FACE


def test_a_failure_has_no_cautions(library: Library) -> None:
    record_outcomes(library, [Failed(Request(0, "/photos/a.jpg"), "The file is empty (0 bytes).")], MADE_BY)
    assert library.record(0).cautions is None
