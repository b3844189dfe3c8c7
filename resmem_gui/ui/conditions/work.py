"""What happens on the other thread when lists are made and saved."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.conditions import Balance, Lists, Wanted, balance, category_numbers, make_lists
from resmem_gui.export.conditions import Form, Stimulus, list_names, notes_on, save_conditions
from resmem_gui.library.library import Library
from resmem_gui.library.records import readable


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
        without_cautions: Leave out images with a caution.
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
    """

    task: Task
    lists: Lists
    balance: Balance
    names: list[str]
    categories: list[str]

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


def make(task: Task) -> Made:
    """Make lists.

    Raises:
        TooFewError: There are too few images for them.
    """
    library, ids = task.library, task.image_ids
    if task.without_cautions:
        ids = ids[library.cautions[ids] == 0]
    numbers, names = None, [""]
    if task.categories is not Categories.NONE and len(ids):
        found, names = category_numbers([task.categories.label(library.paths[i]) for i in ids.tolist()])
        numbers = np.zeros(len(library), dtype=np.int64)
        numbers[ids] = found
    lists = make_lists(task.wanted, ids, library.scores, numbers)
    kind = task.wanted.kind
    comparison = balance(lists, library.scores, kind)
    return Made(task, lists, comparison, list_names(kind, task.wanted.lists), names)


def save(made: Made, path: Path, form: Form, run_record: dict[str, object]) -> list[Path]:
    """Write lists to a file, and beside it how they were made.

    Raises:
        OSError: A file cannot be written.
        ValueError: A file name is no valid text.
    """
    notes = notes_on(made.task.wanted, made.balance, made.names, made.categories)
    notes["made"]["categories_from"] = made.task.categories.value
    notes["made"]["without_images_with_cautions"] = made.task.without_cautions
    notes["made"]["candidates"] = made.lists.candidates
    return save_conditions(path, made.stimuli(), form, notes | {"run": run_record})
