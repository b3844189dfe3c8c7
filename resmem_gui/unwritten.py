"""What shall be kept in the store and is not yet written there."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from resmem_gui.file_state import FileState
from resmem_gui.library.records import Provenance
from resmem_gui.library.store import Store, StoredScore
from resmem_gui.traits import Traits

#: Another one whenever `images.traits` would find others: what was kept until then is found no more.
TRAITS_VERSION: Final = 3

#: The path of a file, its state where its path shall be remembered, and its score.
Entry = tuple[str, FileState | None, StoredScore]


class Unwritten:
    """Scores, traits and sensitivities. To be used on one thread at a time.

    Attributes:
        scores: With their files.
        traits: What pixels tell, by hash.
        sensitivities: Scores of several framings by maker and recipe, then by hash.
    """

    def __init__(self) -> None:
        self.scores: list[Entry] = []
        self.traits: dict[str, Traits] = {}
        self.sensitivities: dict[tuple[Provenance, str], dict[str, Sequence[float]]] = {}

    def __len__(self) -> int:
        """Return how many things wait."""
        sensitivities = sum(map(len, self.sensitivities.values()))
        return len(self.scores) + len(self.traits) + sensitivities

    def add_scores(self, entries: Sequence[Entry]) -> None:
        """Let scores wait."""
        self.scores += entries

    def add_traits(self, traits: Mapping[str, Traits]) -> None:
        """Let what pixels tell wait, by hash."""
        self.traits |= traits

    def add_sensitivities(
        self, scores: Mapping[str, Sequence[float]], made_by: Provenance, recipe: str
    ) -> None:
        """Let scores of several framings wait, by hash."""
        self.sensitivities.setdefault((made_by, recipe), {}).update(scores)

    def add_all(self, others: "Unwritten") -> None:
        """Let all that waits with others wait here, too."""
        self.add_scores(others.scores)
        self.add_traits(others.traits)
        for (made_by, recipe), scores in others.sensitivities.items():
            self.add_sensitivities(scores, made_by, recipe)

    def limit(self, most: int) -> None:
        """Give up the oldest, so that at most so many of a kind wait."""
        del self.scores[:-most]
        kinds: list[dict[str, Any]] = [self.traits, *self.sensitivities.values()]
        for things in kinds:
            for sha256 in list(things)[: max(0, len(things) - most)]:
                del things[sha256]

    def write_to(self, store: Store) -> None:
        """Keep all in a store. To be written twice does no harm.

        Raises:
            DatabaseError: It cannot be used; not all is written.
        """
        if self.scores:
            store.keep(self.scores)
        if self.traits:
            store.keep_traits(self.traits, TRAITS_VERSION)
        for (made_by, recipe), scores in self.sensitivities.items():
            store.keep_sensitivities(scores, made_by, recipe)

    def clear(self) -> None:
        """Forget what waits: it is written, or shall not be kept."""
        self.scores.clear()
        self.traits.clear()
        self.sensitivities.clear()
