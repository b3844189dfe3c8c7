"""Which images of a library are shown."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resmem_gui.library.library import Library, folded
from resmem_gui.library.records import Status


@dataclass(frozen=True, slots=True)
class Filter:
    """What an image must be to be shown.

    Attributes:
        text: Must be in the file's name, large and small letters alike; empty for any name.
        statuses: One of them; None for any.
        missing: Whether its file must be missing (True) or there (False); None for either.
    """

    text: str = ""
    statuses: frozenset[Status] | None = None
    missing: bool | None = None

    @property
    def is_open(self) -> bool:
        """Whether it lets every image through."""
        return self == Filter()

    def passing(self, library: Library, image_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of these images that are to be shown, in the same order."""
        if self.statuses is not None:
            wanted = [int(status) for status in self.statuses]
            image_ids = image_ids[np.isin(library.statuses[image_ids], wanted)]
        if self.missing is not None:
            image_ids = image_ids[library.missing[image_ids] == self.missing]
        if self.text:
            text, names = folded(self.text), library.folded_names
            has_text = [text in names[image_id] for image_id in image_ids.tolist()]
            image_ids = image_ids[np.array(has_text, dtype=np.bool_)]
        return image_ids
