"""Tells the program's own exports from tables of human scores."""

from collections.abc import Collection
from typing import Final

#: Titles that stand together in exports only.
_OF_EXPORTS: Final = frozenset({"path", "score", "weights_sha256", "preprocessing"})
_PREDICTED: Final = frozenset({"score", "sensitivity_low", "sensitivity_high"})


def is_predicted(titles: Collection[str], title: str) -> bool:
    """Return whether a column holds the network's scores: compared with these it would agree perfectly.

    Args:
        titles: Of all columns of the table.
        title: Of the column.
    """
    return set(titles) >= _OF_EXPORTS and title in _PREDICTED


def predicted_sentence(file: str, title: str) -> str:
    """Return why such a column is no measurement, and what to do."""
    return (
        f"{file} is an export of this program: “{title}” holds what the network predicted, not what people "
        "were measured to remember. Choose a table of human scores, or the column that holds them."
    )
