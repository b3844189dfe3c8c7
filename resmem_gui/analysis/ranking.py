"""Ranks of scores, and the floor below which the network does not tell images apart."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: ResMem hardly answers below 0.41, whatever the image. Scores under this line say "at the bottom", no more.
FLOOR: Final = 0.42


def at_floor(scores: ArrayLike) -> NDArray[np.bool_]:
    """Return which scores are at the model's floor. NaN is not."""
    return np.asarray(scores, dtype=np.float64) < FLOOR


def comparable(scores: ArrayLike) -> NDArray[np.float64]:
    """Return scores as they are ranked: those at the floor are all equal. NaN stays."""
    values = np.asarray(scores, dtype=np.float64)
    return np.where(at_floor(values), 0.0, values)


def ranks(scores: ArrayLike) -> NDArray[np.int64]:
    """Rank scores from 1, the most memorable, downwards; 0 where there is no score.

    Equal scores share the better rank, as in sports (1, 2, 2, 4). All scores at the floor are equal.

    Args:
        scores: Shape (n,); NaN where there is no score.
    """
    values = np.asarray(scores, dtype=np.float64)
    known = ~np.isnan(values)
    ranked = comparable(values[known])
    order = np.argsort(ranked)
    ascending = ranked[order]
    # Looking sorted values up costs a tenth of looking them up as they come.
    better = len(ascending) - np.searchsorted(ascending, ascending, side="right")
    result = np.zeros(values.shape, dtype=np.int64)
    result[np.flatnonzero(known)[order]] = better + 1
    return result


def average_ranks(scores: ArrayLike) -> NDArray[np.float64]:
    """Rank scores as statistics do: equal ones share the mean of their ranks (1, 2.5, 2.5, 4).

    Args:
        scores: Shape (n,); NaN where there is no score.

    Returns:
        Shape (n,), from 1, the most memorable, downwards; NaN where there is no score. All scores at the
        floor are equal.
    """
    values = comparable(scores)
    known = ~np.isnan(values)
    _, group, sizes = np.unique(-values[known], return_inverse=True, return_counts=True)
    last = np.cumsum(sizes)
    result = np.full(values.shape, np.nan)
    result[known] = (last - (sizes - 1) / 2)[group]
    return result
