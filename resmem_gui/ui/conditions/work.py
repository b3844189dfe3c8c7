"""What happens on the other thread when lists are made and saved."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.condition_balance import Balance, balance
from resmem_gui.analysis.conditions import Lists, Wanted, candidates, category_numbers, make_lists
from resmem_gui.export.conditions import (
    Compared,
    Form,
    Stimulus,
    list_names,
    notes_on,
    save_conditions,
)
from resmem_gui.images.likeness import ALIKE
from resmem_gui.library.library import Library
from resmem_gui.library.records import readable
from resmem_gui.traits import Caution
from resmem_gui.ui.conditions.alike import Alike, Found

#: That images are near-duplicates is no reason to leave all of them out: one of each group is enough.
_CAUTIONS = np.uint8(~int(Caution.NEAR_DUPLICATE) & 0xFF)


class Categories(Enum):
    """What the categories of images are."""

    NONE = "none"
    FOLDERS = "folders"
    NAMES = "names"

    def label(self, path: str) -> str:
        """Return the category of an image.

        By name it is what stands before the first digit, hyphen, underscore or space: “sea” of “sea_03.jpg”.
        """
        folder, name = os.path.split(path)
        if self is Categories.FOLDERS:
            return readable(os.path.basename(folder) or folder)
        if self is Categories.NAMES:
            stem = os.path.splitext(name)[0]
            end = next((i for i, letter in enumerate(stem) if not letter.isalpha()), len(stem))
            return readable(stem[:end]) or "other"
        return ""


@dataclass(frozen=True, slots=True)
class Task:
    """What lists to make, and of which images.

    Attributes:
        library: A snapshot.
        percentiles: By image id, as the window shows them.
        references: Returns the name of the reference of an image's percentile, by its id.
        image_ids: From which to draw.
        categories: What their categories are.
        without_cautions: Leave out images with a caution; near-duplicates are no matter of this.
        wanted: The rest.
    """

    library: Library
    percentiles: NDArray[np.float64]
    references: Callable[[int], str]
    image_ids: NDArray[np.int64]
    categories: Categories
    without_cautions: bool
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Made:
    """Lists, and what shows how they match.

    Attributes:
        task: What was asked.
        lists: What came of it.
        balance: Their comparison.
        names: Of the lists.
        categories: Names of the categories, by number.
        found: Which of the images that could be drawn are near-duplicates; None if nobody asked.
    """

    task: Task
    lists: Lists
    balance: Balance
    names: list[str]
    categories: list[str]
    found: Found | None = None

    def stimuli(self) -> list[Stimulus]:
        """Return the images in the order of a conditions file: list by list."""
        task, result = self.task, []
        for number, name in enumerate(self.names):
            ids = self.lists.image_ids[number].tolist()
            for item, record in enumerate(task.library.records(ids), start=1):
                result.append(
                    Stimulus(
                        record=record,
                        list_name=name,
                        item=item,
                        category=self.categories[self.lists.categories[number, item - 1]],
                        percentile=float(task.percentiles[record.image_id]),
                        reference=task.references(record.image_id),
                    )
                )
        return result

    @property
    def compared(self) -> Compared | None:
        """What the notes tell about near-duplicates; None if nobody asked."""
        found = self.found
        if found is None:
            return None
        sizes = found.sizes
        return Compared(
            groups=len(sizes),
            largest_group=int(sizes.max(initial=0)),
            not_looked_at=int(np.count_nonzero(found.unlooked)),
            plain=int(np.count_nonzero(found.plain)),
            not_known_in_lists=found.uncompared(self.lists.image_ids),
            alike_at=ALIKE,
        )


def make(task: Task, alike: Alike, go_on: Callable[[], bool]) -> Made | None:
    """Make lists; None if it was stopped.

    Args:
        task: What lists.
        alike: Compares images.
        go_on: Called often: False to stop.

    Raises:
        TooFewError: There are too few images for them.
    """
    library, wanted, ids = task.library, task.wanted, task.image_ids
    if task.without_cautions:
        ids = ids[library.cautions[ids] & _CAUTIONS == 0]
    numbers, names = None, [""]
    if task.categories is not Categories.NONE and len(ids):
        labelled, names = category_numbers([task.categories.label(library.paths[i]) for i in ids.tolist()])
        numbers = np.zeros(len(library), dtype=np.int64)
        numbers[ids] = labelled
    found, groups = None, None
    if wanted.distinct:
        found = alike.find(candidates(wanted, ids, library.scores), go_on)
        if found is None:
            return None
        groups = found.by_image_id(len(library))
    lists = make_lists(wanted, ids, library.scores, numbers, names=names, groups=groups)
    comparison = balance(lists, library.scores, wanted.kind)
    return Made(task, lists, comparison, list_names(wanted.kind, wanted.lists), names, found)


def save(made: Made, path: Path, form: Form, run_record: dict[str, object]) -> list[Path]:
    """Write lists to a file, and beside it how they were made.

    Raises:
        OSError: A file cannot be written.
        ValueError: A file name is no valid text.
    """
    notes = notes_on(made.task.wanted, made.lists, made.balance, made.names, made.categories, made.compared)
    notes["made"]["categories_from"] = made.task.categories.value
    notes["made"]["without_images_with_cautions"] = made.task.without_cautions
    return save_conditions(path, made.stimuli(), form, notes | {"run": run_record})
