"""Libraries and run records that tests of tables are made of."""

import numpy as np

from resmem_gui.analysis.reference import Reference
from resmem_gui.export.run_record import Counts, Producer, RunRecord, Times, UsedRecipe, UsedReference
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance

MADE_BY = Provenance("Fake 1.0", "f" * 64, "recipe-1", "cpu")
LINEAR = Reference("Linear", 10**6, 0.5, 0.29, np.ones(100, np.int64), np.linspace(0, 1, 1001), {})
RECORD = RunRecord(
    program={"name": "resmem-gui", "version": "9.9"},
    counts=Counts(rows=3, scored=2, failed=1, waiting=0, ranked_among=2, recalled=1, computed=1),
    times=Times(began="2026-01-02T03:04:05+00:00", ended="", exported="2026-01-02T03:05:06+00:00"),
    producers=(
        Producer(
            scorer="Fake 1.0",
            weights_sha256="f" * 64,
            weights={"file": "model.pt", "bytes": None, "size.is": 1.5},
            preprocessing="recipe-1",
            parameters={},
            device="cpu",
            precision="single (float32)",
            n=2,
        ),
    ),
    references=(UsedReference("linear", "Linear", 100, 0.5, 0.29, {"source": "Müller ☂"}, 2),),
    recipes=(UsedRecipe("shifts-1", "", "=1+1 is a text", 4, 1),),
    environment={"python": "CPython 3.11"},
    libraries={"torch": "2.4.0"},
    definitions={"rank": "Average."},
    citations=("One.", "Two."),
)


def scored(paths: list[str], scores: list[float]) -> Library:
    """Return a library of images with these scores."""
    library = Library()
    for image_id, score in zip(library.add(paths), scores, strict=True):
        library.set_scored(image_id, score, (64, 48), "0" * 64, MADE_BY)
    return library
